"""Neither a speaker nor a sentence is on both sides, in every place where scikit-learn takes a splitter."""

import pickle
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    LeaveOneGroupOut,
    StratifiedGroupKFold,
    cross_validate,
)

from sklearn_ser.model_selection import SpeakerSentenceSplit


@pytest.fixture(scope="module")
def spoken():
    """X, y and groups: six speakers who say two sentences in two emotions, twice."""
    speakers, sentences, emotions, _ = np.meshgrid(
        [f"speaker {number}" for number in range(6)], ["dogs", "kids"], ["calm", "sad"], [1, 2]
    )
    groups = np.column_stack([speakers.ravel(), sentences.ravel()])
    return np.zeros((len(groups), 3)), emotions.ravel(), groups


def test_neither_speaker_nor_sentence_is_on_both_sides_and_each_recording_is_tested_once(spoken):
    X, y, groups = spoken
    tested = []
    for train, test in SpeakerSentenceSplit(by_speaker=3).split(X, y, groups):
        for column in groups.T:
            assert not set(column[train]) & set(column[test])
        assert set(y[train]) == set(y[test]) == {"calm", "sad"}
        tested += test.tolist()
    assert sorted(tested) == list(range(len(X)))


@given(
    n_speakers=st.integers(3, 7),
    n_sentences=st.integers(3, 5),
    more=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=30),
    n_speaker_splits=st.integers(2, 3),
    n_sentence_splits=st.integers(2, 3),
)
def test_whoever_says_what_how_often_the_sides_are_apart(
    n_speakers, n_sentences, more, n_speaker_splits, n_sentence_splits
):
    groups = np.array([*product(range(n_speakers), range(n_sentences)), *more])
    cv = SpeakerSentenceSplit(GroupKFold(n_speaker_splits), n_sentence_splits)
    splits = list(cv.split(groups, groups=groups))
    assert len(splits) == cv.get_n_splits(groups, groups=groups) == n_speaker_splits * n_sentence_splits
    for train, test in splits:
        for column in groups.T:
            assert not np.isin(column[test], column[train]).any()
    np.testing.assert_array_equal(
        cv.n_left_out(groups, groups=groups),
        [len(groups) - len(train) - len(test) for train, test in splits],
    )
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(len(groups)))


def test_half_is_left_out_where_there_are_two_sentences(spoken):
    assert SpeakerSentenceSplit(3).n_left_out(*spoken).tolist() == [24] * 6


def test_scikit_learns_splitters_divide_speakers_and_sentences(spoken):
    cv = SpeakerSentenceSplit(LeaveOneGroupOut(), LeaveOneGroupOut())
    assert cv.get_n_splits(*spoken) == len(list(cv.split(*spoken))) == 12
    shuffled = SpeakerSentenceSplit(StratifiedGroupKFold(3, shuffle=True, random_state=0))
    sides = [[side.tolist() for split in shuffled.split(*spoken) for side in split] for _ in range(2)]
    assert (
        sides[0]
        == sides[1]
        != [s.tolist() for split in SpeakerSentenceSplit(3).split(*spoken) for s in split]
    )


def test_searches_and_evaluations_hand_both_columns_on(spoken):
    X, y, groups = spoken
    cv = SpeakerSentenceSplit(by_speaker=3)
    found = cross_validate(DummyClassifier(), X, y, groups=groups, cv=cv, return_indices=True)
    expected = [test.tolist() for _, test in cv.split(X, y, groups)]
    assert [test.tolist() for test in found["indices"]["test"]] == expected
    for as_given in (groups, groups.tolist(), pd.DataFrame(groups)):
        search = GridSearchCV(DummyClassifier(), {"strategy": ["prior"]}, cv=cv).fit(X, y, groups=as_given)
        assert search.n_splits_ == 6
    with config_context(enable_metadata_routing=True):
        routed = cross_validate(
            DummyClassifier(), X, y, params={"groups": groups}, cv=cv, return_indices=True
        )
    assert [test.tolist() for test in routed["indices"]["test"]] == expected


def test_it_is_shown_cloned_and_pickled_as_scikit_learns_are(spoken):
    cv = SpeakerSentenceSplit(by_speaker=3)
    assert repr(cv) == "SpeakerSentenceSplit(by_sentence=2, by_speaker=3)"
    for copy in (clone(cv, safe=False), pickle.loads(pickle.dumps(cv))):
        assert copy is not cv
        for split, same in zip(cv.split(*spoken), copy.split(*spoken), strict=True):
            np.testing.assert_array_equal(np.concatenate(split), np.concatenate(same))


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (None, r"groups must hold the speaker and the sentence of each recording; got None"),
        (["anna"] * 48, r"must be two columns, .* got an array of shape \(48,\)"),
        ([["anna", "dogs", 1]] * 48, r"got an array of shape \(48, 3\)"),
        ([["anna", "dogs"]] * 47, r"inconsistent numbers of samples: \[48, 47\]"),
        ([["anna", "dogs"]] * 47 + [["anna", None]], r"Recording 47 has no sentence: groups holds None"),
        ([["anna", "dogs"]] * 24 + [["ben", "kids"]] * 24, r"nothing to train on: none of \w+ says \w+"),
    ],
)
def test_groups_that_tell_too_little_are_refused(groups, message, spoken):
    X, y, _ = spoken
    with pytest.raises(ValueError, match=message):
        list(SpeakerSentenceSplit(GroupKFold(2)).split(X, y, groups))


@pytest.mark.parametrize("by", [None, "five", True, 1.5])
def test_what_cannot_split_is_refused(by, spoken):
    with pytest.raises(ValueError, match=r"by_sentence must be a number of splits or one of scikit-learn's"):
        list(SpeakerSentenceSplit(by_sentence=by).split(*spoken))
