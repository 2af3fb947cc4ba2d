"""Cross-validation over speakers: who predicts whom, with what, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import (
    GroupKFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_predict,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import Bunch

from sklearn_ser.datasets import Recordings
from sklearn_ser.evaluation import evaluate
from sklearn_ser.exceptions import SerWarning
from sklearn_ser.model_selection import SpeakerSentenceSplit
from tests.evaluation.conftest import speak


class Untouched(ClassifierMixin, BaseEstimator):
    """Fails the test that lets it be fitted."""

    def fit(self, X, y):
        raise AssertionError("an error must come before any fit")


class Listener(ClassifierMixin, BaseEstimator):
    """Knows whom it has heard, and predicts "heard" of them."""

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.heard_ = set(X.speakers)
        return self

    def predict(self, X):
        return np.where([speaker in self.heard_ for speaker in X.speakers], "heard", "unheard")


def test_every_recording_is_predicted_by_a_fit_on_the_other_folds(spoken):
    X, y, speakers = spoken.all
    model, outer = LogisticRegression(), GroupKFold(4)
    result = evaluate(model, X, y, speakers, outer=outer)
    expected = cross_val_predict(model, X, y, groups=speakers, cv=outer)
    np.testing.assert_array_equal(result.predictions, [expected])
    probable = cross_val_predict(model, X, y, groups=speakers, cv=outer, method="predict_proba")
    np.testing.assert_allclose(result.probabilities, [probable])
    assert result.score() == pytest.approx(balanced_accuracy_score(y, expected))
    assert result.random_states == (None,)
    np.testing.assert_array_equal(result.truth, y)
    np.testing.assert_array_equal(result.recordings, np.arange(len(y)))
    for fold, (_, test) in enumerate(outer.split(X, y, speakers)):
        assert (result.folds[test] == fold).all()


@pytest.mark.parametrize("n_speakers", [2, 12])
def test_no_speaker_is_heard_before_it_is_predicted(n_speakers, rng):
    spoken = speak(rng, n_speakers=n_speakers)
    y = np.where(spoken.y == "sad", "heard", "unheard")
    result = evaluate(Listener(), Recordings(spoken.X, spoken.speakers), y)
    assert (result.predictions == "unheard").all()
    assert len(np.unique(result.folds)) == min(5, n_speakers)
    assert (result.by("speaker")["n_recordings"] == 18).all()
    assert (
        pd.DataFrame({"fold": result.folds, "speaker": result.speakers})
        .groupby("speaker")
        .nunique()
        .max()
        .item()
        == 1
    )


def test_a_corpus_brings_emotions_speakers_and_metadata(corpus, spoken):
    by_corpus = evaluate(LogisticRegression(), corpus)
    by_arrays = evaluate(LogisticRegression(), *spoken.all, metadata=pd.DataFrame(spoken.metadata))
    assert by_corpus.to_json() == by_arrays.to_json()
    assert list(by_corpus.metadata) == ["sex", "age", "take"]


def test_recordings_of_a_corpus_know_their_speakers_in_every_fold(spoken):
    y = np.where(spoken.y == "sad", "heard", "unheard")
    corpus = Bunch(
        data=spoken.X,
        target=pd.Series(y),
        groups=pd.Series(spoken.speakers),
        recordings=Recordings(spoken.X, spoken.speakers),
        metadata=pd.DataFrame(spoken.metadata),
    )
    assert (evaluate(Listener(), corpus).predictions == "unheard").all()


def test_paths_name_the_recordings():
    paths = [f"{speaker}/{k}.wav" for speaker in "abcd" for k in range(2)]
    y, speakers = ["angry", "sad"] * 4, [path[0] for path in paths]
    result = evaluate(DummyClassifier(), paths, y, speakers, outer=2)
    assert result.recordings.tolist() == paths
    assert evaluate(DummyClassifier(), np.array(paths, object), y, speakers).recordings.tolist() == paths


def test_order_of_recordings_does_not_matter(spoken, rng):
    X, y, speakers = spoken.all
    order = rng.permutation(len(y))
    once = evaluate(GaussianNB(), X, y, speakers, outer=LeaveOneGroupOut())
    again = evaluate(GaussianNB(), X[order], y[order], speakers[order], outer=LeaveOneGroupOut())
    np.testing.assert_array_equal(again.predictions, once.predictions[:, order])
    np.testing.assert_allclose(again.interval(), once.interval())


def test_a_random_state_takes_the_place_of_every_other(spoken):
    X, y, speakers = spoken.all
    outer = GroupKFold(3)
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_features=1, random_state=99))
    result = evaluate(model, X, y, speakers, outer=outer, random_states=range(3))
    for run in range(3):
        own = model.set_params(decisiontreeclassifier__random_state=run)
        expected = cross_val_predict(own, X, y, groups=speakers, cv=outer)
        np.testing.assert_array_equal(result.predictions[run], expected)
    assert result.random_states == (0, 1, 2)
    assert len(set(result.score())) == 3
    assert model[-1].random_state == 2  # ours is left as it was
    frame = result.to_frame().set_index("score")
    assert frame.loc["balanced_accuracy", "mean"] == pytest.approx(result.score().mean())
    assert frame.loc["balanced_accuracy", "std"] == pytest.approx(np.std(result.score(), ddof=1))


def test_fits_at_a_time_find_the_same(spoken):
    model = DecisionTreeClassifier()
    once = evaluate(model, *spoken.all, random_states=(0, 1), random_split=True)
    with parallel_config(backend="threading"):
        again = evaluate(model, *spoken.all, random_states=(0, 1), random_split=True, n_jobs=2)
    assert once.to_json() == again.to_json()


def test_a_random_split_flatters_who_knows_voices(rng):
    spoken = speak(rng, distance=2.0, voice=4.0)
    result = evaluate(KNeighborsClassifier(3), *spoken.all, outer=4, random_split=True)
    gap, low, high = result.gap()
    assert gap == pytest.approx((result.random_split.score() - result.score()).item())
    assert 0.05 < low < gap < high
    np.testing.assert_array_equal(result.random_split.truth, result.truth)
    assert len(np.unique(result.random_split.folds)) == 4
    sizes = np.bincount(result.random_split.folds)
    assert sizes.max() - sizes.min() <= 3
    frame = result.to_frame()
    np.testing.assert_allclose(frame["random_split"] - frame["mean"], frame["gap"])
    assert "random split" in str(result)


def test_without_a_random_split_there_is_no_gap(spoken):
    with pytest.raises(ValueError, match=r"evaluate with random_split=True"):
        evaluate(DummyClassifier(), *spoken.all).gap()


def test_emotions_shuffled_within_speakers_are_not_found(rng):
    spoken = speak(rng, distance=3.0)
    result = evaluate(LogisticRegression(), *spoken.all, control=True)
    assert result.score() > 0.7
    (control,) = result.controls
    low, high = control.interval(confidence=0.999)
    assert low < 1 / 3 < high
    counted = [pd.crosstab(one.speakers, one.truth) for one in (result, control)]
    pd.testing.assert_frame_equal(*counted)
    assert 0.4 < (control.truth != result.truth).mean() < 0.9


def test_what_no_fold_tests_is_counted(spoken):
    tested = np.isin(spoken.speakers, ["speaker00", "speaker01", "speaker02"])
    fold = np.where(tested, (spoken.speakers == "speaker00").astype(int), -1)
    result = evaluate(
        LogisticRegression(),
        *spoken.all,
        metadata=spoken.metadata,
        outer=PredefinedSplit(fold),
        random_split=True,
    )
    assert result.left_out == {"no fold tests them": 162}
    np.testing.assert_array_equal(result.recordings, np.flatnonzero(tested))
    np.testing.assert_array_equal(result.random_split.recordings, np.flatnonzero(tested))
    np.testing.assert_array_equal(result.metadata["age"], spoken.metadata["age"][tested])
    assert "left out           162 recordings: no fold tests them" in str(result)


def test_splits_may_be_pairs_of_positions_or_masks(spoken):
    is_first = spoken.speakers < "speaker06"
    masks = [(is_first, ~is_first), (~is_first, is_first)]
    positions = [(np.flatnonzero(train), np.flatnonzero(test)) for train, test in masks]
    by_mask = evaluate(LogisticRegression(), *spoken.all, outer=masks)
    by_position = evaluate(LogisticRegression(), *spoken.all, outer=iter(positions))
    assert by_mask.to_json() == by_position.to_json()


def test_a_classifier_without_probabilities_has_none(spoken):
    result = evaluate(LinearSVC(), *spoken.all)
    assert result.probabilities is None
    assert not [column for column in result.to_frame("recordings") if column.startswith("p_")]


def test_emotions_may_be_numbers(spoken):
    y = np.unique(spoken.y, return_inverse=True)[1]
    result = evaluate(LogisticRegression(), spoken.X, y, spoken.speakers)
    named = evaluate(LogisticRegression(), *spoken.all)
    assert result.score() == named.score()
    assert result.score("recall_2") == named.score("recall_sad")


def test_an_outer_split_that_ignores_speakers_is_warned_of(spoken):
    with pytest.warns(
        SerWarning,
        match=r"outer=StratifiedKFold\(.*\) splits without regard to speakers: 12 of 12 .* such as "
        r"'speaker00'.* outer=StratifiedGroupKFold\(5\) keeps each",
    ) as warned:
        evaluate(LogisticRegression(), *spoken.all, outer=StratifiedKFold(5, shuffle=True, random_state=0))
    assert len(warned) == 1
    assert warned[0].filename == __file__


def test_one_speaker_is_not_told_to_split_by_speakers(spoken):
    own = spoken.speakers == "speaker00"
    with pytest.warns(
        SerWarning, match=r"1 of 1 .* To keep speakers on one side takes recordings of 2 or more"
    ):
        evaluate(DummyClassifier(), *(part[own] for part in spoken.all), outer=StratifiedKFold(3))


@pytest.mark.parametrize("outer", [None, 3, GroupKFold(3), LeaveOneGroupOut(), StratifiedGroupKFold(3)])
@pytest.mark.filterwarnings("error")
def test_a_split_by_speakers_is_not_warned_of(outer, spoken):
    evaluate(DummyClassifier(), *spoken.all, outer=outer)


FIRST = np.repeat([True, False], [18, 198])  # recordings of the first of 12 speakers
REFUSED = [
    ({"y": None}, r"y is None, and X is no corpus"),
    ({"y": ["sad", "angry", None, *["calm"] * 213]}, r"1 of 216 recordings have no emotion: y\[2\] is None"),
    ({"y": ["sad", "angry"]}, r"X holds 216, y 2"),
    ({"y": ["sad"] * 216}, r"at least 2 emotions; y holds 'sad' alone"),
    ({"X": [], "y": [], "groups": []}, r"evaluate needs recordings, and X holds none"),
    ({"y": np.linspace(0, 1, 216)}, r"one emotion a recording, a word or a whole number; y is .* \(216,\)"),
    ({"groups": None}, r"groups is None\. If every recording has another speaker, groups=range"),
    ({"groups": ["anna"]}, r"data holds 216 recordings, speakers 1 entry"),
    ({"groups": [None, *["anna"] * 215]}, r"1 of 216 recordings have no speaker"),
    ({"metadata": {"sex": ["female"]}}, r"metadata\['sex'\] must have one entry for each of 216"),
    ({"metadata": {"fold": range(216)}}, r"metadata must not have a column 'fold'.*rename it"),
    ({"groups": ["anna"] * 216}, r"of 2 or more; groups holds 'anna' alone\. .* outer=StratifiedKFold\(5\)"),
    ({"outer": SpeakerSentenceSplit()}, r"groups must be two columns.* list\(outer\.split\(X, y, groups\)\)"),
    ({"outer": 13}, r"at most as many as there are speakers, 12; got 13"),
    ({"outer": "speaker"}, r"outer must be a number of folds, a splitter or pairs .*; got 'speaker'"),
    ({"outer": [1, 2]}, r"outer must give pairs of positions to train on and to test: "),
    ({"outer": [([1], [216])]}, r"outer must give pairs of positions .*: index 216 is out of bounds"),
    ({"outer": [(range(5), [])]}, r"outer must give pairs with a test part each"),
    ({"outer": [(range(216), [7])]}, r"Fold 0 of outer trains on 1 recording that it tests, such as 7"),
    ({"outer": [(FIRST, ~FIRST)], "y": ["sad"] * 18 + ["angry"] * 198}, r"of fold 0 has no .* of 'angry'"),
    ({"outer": [(FIRST, ~FIRST)], "random_split": True}, r"random_split needs 2 folds .*; outer has 1"),
    ({"y": ["sad"] * 108 + ["angry"] * 108, "control": True}, r"each speaker has one emotion alone"),
    ({"random_states": 0}, r"random_states=0 changes nothing: no parameter of Untouched"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_cannot_be_evaluated_is_refused_before_any_fit(change, message, spoken):
    arguments = {"X": spoken.X, "y": spoken.y, "groups": spoken.speakers} | change
    with pytest.raises(ValueError, match=message):
        evaluate(Untouched(), **arguments)


def test_a_corpus_has_its_emotions_and_speakers_of_its_own(corpus, spoken):
    with pytest.raises(ValueError, match=r"from the corpus; y and groups came as well"):
        evaluate(Untouched(), corpus, spoken.y, spoken.speakers)


def test_a_recording_that_is_tested_twice_is_refused(spoken):
    with pytest.raises(ValueError, match=r"tests 216 recordings more than once.*several random_states"):
        evaluate(Untouched(), *spoken.all, outer=RepeatedStratifiedKFold(n_splits=3, n_repeats=2))


@pytest.mark.parametrize(
    ("random_states", "message"),
    [
        (-1, r"each 0 or more; got -1"),
        ([], r"an integer or several, such as range\(5\).*; got \[\]"),
        ([0.5], r"got \[0\.5\]"),
        ([1, 1], r"random_states must differ; got \[1, 1\]"),
    ],
)
def test_random_states_that_are_none_are_refused(random_states, message, spoken):
    with pytest.raises(ValueError, match=message):
        evaluate(DecisionTreeClassifier(), *spoken.all, random_states=random_states)


def test_only_classifiers_are_evaluated(spoken):
    with pytest.raises(ValueError, match=r"an estimator that predicts classes; got Ridge\(\)"):
        evaluate(Ridge(), *spoken.all)
    with pytest.raises(TypeError, match=r"needs a classifier, a pipeline or a search; got <class"):
        evaluate(LogisticRegression, *spoken.all)
