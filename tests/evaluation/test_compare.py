"""Which of two results is better, and what may not be compared."""

import numpy as np
import pytest
from scipy.stats import permutation_test
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from sklearn_ser.evaluation import EvaluationResult, compare, evaluate
from sklearn_ser.exceptions import SerWarning
from tests.evaluation.conftest import speak


class Oracle(ClassifierMixin, BaseEstimator):
    """Reads the emotion from the last column, and is wrong where the first one is high."""

    def __init__(self, threshold=1.0):
        self.threshold = threshold

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return self.classes_[(X[:, -1].astype(int) + (X[:, 0] > self.threshold)) % len(self.classes_)]


@pytest.fixture
def good(spoken):
    return evaluate(GaussianNB(), *spoken.all, outer=3)


@pytest.fixture
def chance(spoken):
    return evaluate(DummyClassifier(strategy="uniform", random_state=0), *spoken.all, outer=3)


def changed(result, **fields):
    return EvaluationResult(**vars(result) | fields)


def test_the_better_one_is_better(good, chance):
    found = compare(good, chance)
    assert found.difference == pytest.approx((good.score() - chance.score()).item())
    low, high = found.interval
    assert 0 < low < found.difference < high
    assert found.p_value < 0.01
    assert found.n_permutations == 4096  # 12 speakers: every way of exchanging them
    against = compare(chance, good)
    assert against.difference == pytest.approx(-found.difference)
    np.testing.assert_allclose(against.interval, -found.interval[::-1])
    assert against.p_value == found.p_value


def test_a_result_is_not_better_than_itself(good):
    found = compare(good, good)
    assert found.difference == 0
    assert found.p_value == 1
    np.testing.assert_array_equal(found.interval, 0)


@pytest.mark.parametrize("score", ["balanced_accuracy", "accuracy"])
def test_the_p_value_is_that_of_scipy(score, rng):
    spoken = speak(rng, n_speakers=7)
    a = evaluate(GaussianNB(), *spoken.all, outer=7)
    b = evaluate(DecisionTreeClassifier(random_state=0), *spoken.all, outer=7)
    found = compare(a, b, score=score)
    # Emotions are as frequent with each speaker: the difference is the mean of the speakers'.
    expected = permutation_test(
        tuple(found.of_speakers.T), lambda x, y, axis: (x - y).mean(axis=axis), permutation_type="samples"
    )
    assert found.p_value == pytest.approx(expected.pvalue)
    assert found.difference == pytest.approx(expected.statistic)


def test_macro_f1_is_compared_by_exchanging_predictions(good, chance):
    found = compare(good, chance, score="macro_f1")
    assert found.score_a == pytest.approx(good.score("macro_f1").item())
    assert found.p_value < 0.01


def test_many_speakers_are_exchanged_at_random(rng):
    spoken = speak(rng, n_speakers=20, n_each=2)
    a, b = (evaluate(model, *spoken.all, outer=4) for model in (GaussianNB(), DummyClassifier()))
    found = compare(a, b, n_permutations=500)
    assert found.n_permutations == 500
    assert found.p_value == pytest.approx(1 / 501)
    assert compare(a, b, n_permutations=500).p_value == found.p_value
    np.testing.assert_array_equal(compare(a, b).interval, found.interval)


def test_comparing_speaker_by_speaker_is_sharper_than_two_intervals(rng):
    spoken = speak(rng, n_speakers=16)
    X = np.column_stack([spoken.X, np.unique(spoken.y, return_inverse=True)[1]])
    X[:, 0] = rng.normal(size=len(X)) + 2 * rng.normal(size=16).repeat(18)  # easy and hard voices
    a, b = (evaluate(Oracle(threshold), X, spoken.y, spoken.speakers, outer=4) for threshold in (0.6, 0.2))
    found = compare(a, b)
    assert found.p_value < 0.01
    assert np.diff(found.interval) < 0.5 * min(np.diff(a.interval()), np.diff(b.interval()))


def test_runs_are_averaged_whatever_their_number(spoken, good):
    tree = DecisionTreeClassifier(max_features=1)
    three = evaluate(tree, *spoken.all, outer=3, random_states=range(3))
    two = evaluate(tree, *spoken.all, outer=3, random_states=(7, 8))
    found = compare(good, three)
    assert found.score_b == pytest.approx(three.score().mean())
    assert found.of_runs is None
    assert compare(three, two).p_value > 0.05
    paired = compare(three, evaluate(DecisionTreeClassifier(), *spoken.all, outer=3, random_states=range(3)))
    np.testing.assert_allclose(paired.of_runs[:, 0], three.score())


def test_order_does_not_matter_where_recordings_have_names(spoken, good, chance, rng):
    named = {"recordings": np.array([f"{k}.wav" for k in range(len(spoken.y))])}
    good, chance = changed(good, **named), changed(chance, **named)
    order = rng.permutation(len(spoken.y))
    fields = ("recordings", "truth", "speakers", "folds")
    shuffled = changed(
        chance,
        predictions=chance.predictions[:, order],
        **{name: getattr(chance, name)[order] for name in fields},
    )
    expected, found = compare(good, chance), compare(good, shuffled)
    assert found.p_value == expected.p_value
    np.testing.assert_allclose(found.of_speakers, expected.of_speakers)
    np.testing.assert_allclose(found.of_folds, expected.of_folds)


def test_results_of_paths_and_of_rows_are_matched_by_position(spoken, good, chance):
    named = changed(chance, recordings=np.array([f"{k}.wav" for k in range(len(spoken.y))]))
    assert compare(good, named).p_value == compare(good, chance).p_value


def test_speakers_and_folds_are_told_one_by_one(good, chance):
    found = compare(good, chance)
    frame = found.to_frame()
    np.testing.assert_allclose(frame["score_a"], good.by("speaker")["balanced_accuracy"])
    np.testing.assert_allclose(frame["score_b"], chance.by("speaker")["balanced_accuracy"])
    np.testing.assert_allclose(frame["difference"], frame["score_a"] - frame["score_b"])
    np.testing.assert_allclose(found.of_folds[:, 0], good.by("fold")["balanced_accuracy"])
    lines = str(found).splitlines()
    assert lines[0].startswith(
        f"balanced accuracy: {found.score_a:.3f} against {found.score_b:.3f}, a difference of +"
    )
    assert lines[2] == "the first is better for 3 of 3 folds, the second for 0"
    assert (
        repr(found)
        == f"<ComparisonResult: balanced_accuracy {found.difference:+.3f}, p = {found.p_value:.3g}>"
    )


def test_other_folds_are_warned_of(spoken, good):
    other = evaluate(GaussianNB(), *spoken.all, outer=4)
    with pytest.warns(
        SerWarning, match=r"divided into different folds, .* evaluate both with the same outer"
    ):
        found = compare(good, other)
    assert found.of_folds is None
    renamed = changed(good, folds=(good.folds + 1) % 3)
    assert compare(good, renamed).of_folds is not None  # the same folds under other numbers


def test_results_on_other_recordings_are_not_compared(spoken, good, rng):
    fewer = evaluate(GaussianNB(), spoken.X[:-18], spoken.y[:-18], spoken.speakers[:-18], outer=3)
    with pytest.raises(ValueError, match=r"other recordings: 216 of them and 198"):
        compare(good, fewer)
    with pytest.raises(
        ValueError, match=r"other emotions: \['angry', 'happy', 'sad'\] and \['calm', 'happy', 'sad'\]"
    ):
        compare(good, changed(good, emotions=np.array(["calm", "happy", "sad"])))
    with pytest.raises(ValueError, match=r"216 of 216 are in the first alone, such as 0"):
        compare(good, changed(good, recordings=good.recordings + 1000))
    truth = np.where(np.arange(216) == 7, "sad", good.truth)
    with pytest.raises(
        ValueError, match=r"other emotions for 1 recording, such as recording 7: .* and 'sad'"
    ):
        compare(good, changed(good, truth=truth))
    speakers = np.where(np.arange(216) < 18, "somebody", good.speakers)
    with pytest.raises(
        ValueError, match=r"other speakers for 18 recordings, such as recording 0: 'speaker00' and"
    ):
        compare(good, changed(good, speakers=speakers))


def test_only_results_and_known_scores_are_compared(good):
    with pytest.raises(ValueError, match=r"'result_b' parameter of compare"):
        compare(good, 0.5)
    with pytest.raises(ValueError, match=r"score must be one of .*; got 'auc'"):
        compare(good, good, score="auc")
