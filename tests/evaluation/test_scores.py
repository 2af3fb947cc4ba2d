"""Scores from tables of what was predicted, held against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, recall_score

from sklearn_ser.evaluation._scores import check_score, count_by_unit, score_names, scores_of

N_EMOTIONS = 4
labels = st.integers(0, N_EMOTIONS - 1)


@given(pairs=st.lists(st.tuples(labels, labels, st.integers(0, 2)), min_size=1, max_size=40))
@settings(deadline=None)
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true:UserWarning")  # so it may be here
@pytest.mark.filterwarnings("ignore:A single label was found:UserWarning")
def test_scores_are_those_of_scikit_learn(pairs):
    truth, predicted, units = np.array(pairs).T
    tables = count_by_unit(truth, predicted[np.newaxis], units, 3, N_EMOTIONS)
    assert tables.sum() == len(pairs)
    found = scores_of(tables.sum(axis=(0, 1)))
    present = np.unique(truth)
    expected = [
        balanced_accuracy_score(truth, predicted),
        accuracy_score(truth, predicted),
        f1_score(truth, predicted, average="macro", zero_division=0),
    ]
    np.testing.assert_allclose(found[:3], expected)
    recall = recall_score(truth, predicted, labels=present, average=None, zero_division=0)
    np.testing.assert_allclose(found[3:][present], recall)
    assert np.isnan(np.delete(found[3:], present)).all()


def test_each_unit_and_each_run_has_a_table_of_its_own():
    truth, units = np.array([0, 1, 1]), np.array([0, 0, 1])
    predicted = np.array([[0, 1, 0], [1, 1, 1]])
    tables = count_by_unit(truth, predicted, units, 2, 2)
    assert tables.tolist() == [[[[1, 0], [0, 1]], [[0, 1], [0, 1]]], [[[0, 0], [1, 0]], [[0, 0], [0, 1]]]]


def test_a_score_has_a_name():
    assert score_names(["angry", "sad"]) == [
        "balanced_accuracy",
        "accuracy",
        "macro_f1",
        "recall_angry",
        "recall_sad",
    ]
    with pytest.raises(ValueError, match=r"score must be one of 'balanced_accuracy', .*; got 'f1'\."):
        check_score("f1", ["angry", "sad"])
