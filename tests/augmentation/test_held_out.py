"""Early stopping inside judges by recordings, and neither judges by copies of them nor trains on these."""

import numpy as np
import pytest
import sklearn
from sklearn.pipeline import Pipeline, make_pipeline

from sklearn_ser.augmentation import TrainingAugmenter
from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._holdout import hold_out
from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import SerWarning
from sklearn_ser.features import MFCCTransformer

from .listeners import Listener, Negative

ROWS = np.r_[np.full(12, -1), np.arange(12), np.arange(12)]


class Told(Listener):
    """Is told as well which rows are copies."""

    def __init__(self, setting=0, early_stopping=False):
        super().__init__(setting)
        self.early_stopping = early_stopping

    def fit(self, X, y, sample_weight=None, groups=None, copy_of=None):
        self.copy_of_ = copy_of
        return super().fit(X, y, sample_weight, groups)


class Stopping(Listener):
    """Stops early, by groups alone."""

    def __init__(self, early_stopping=True):
        self.early_stopping = early_stopping


class Reversing:
    """Turns round what begins with some samples, and leaves the rest."""

    def __init__(self, beginnings):
        self.beginnings = beginnings

    def augment(self, waveform, sample_rate, random_state=None):
        return waveform[::-1].copy() if waveform[0] in self.beginnings else waveform


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def last_of(estimator):
    while isinstance(estimator, Pipeline):
        estimator = estimator[-1]
    return estimator


@pytest.mark.parametrize("is_routed", [False, True])
@pytest.mark.parametrize(
    "wrap", [lambda one: one, make_pipeline, lambda one: make_pipeline(make_pipeline(one))]
)
def test_the_last_step_is_told_which_rows_are_copies_of_which(numbered, wrap, is_routed):
    X, y, speakers = numbered
    with sklearn.config_context(enable_metadata_routing=is_routed):
        told = Told().set_fit_request(groups=True, copy_of=True) if is_routed else Told()
        augmenter = TrainingAugmenter(wrap(told), [Negative()], n_copies=2)
        without = last_of(augmenter.fit(X, y).estimator_)
        within = last_of(augmenter.fit(Recordings(X, speakers), y).estimator_)
        given = last_of(augmenter.fit(X, y, groups=speakers).estimator_)
        bare = last_of(augmenter.set_params(n_copies=0).fit(X, y).estimator_)
    for heard in (without, within, given):
        np.testing.assert_array_equal(heard.copy_of_, ROWS)
    assert without.groups_ is None
    for heard in (within, given):
        np.testing.assert_array_equal(heard.groups_, np.tile(speakers, 3))
    assert bare.copy_of_ is None


@pytest.mark.usefixtures("routing")
def test_who_does_not_ask_for_copies_is_not_told(numbered):
    X, y, _ = numbered
    told = Told().set_fit_request(groups=True, copy_of=False)
    heard = TrainingAugmenter(told, n_copies=2).fit(X, y).estimator_
    assert heard.copy_of_ is None
    np.testing.assert_array_equal(heard.groups_, np.tile(np.arange(12), 3))


def test_copies_without_originals_are_copies_of_no_row(numbered):
    X, y, _ = numbered
    heard = TrainingAugmenter(Told(), keep_original=False).fit(X, y).estimator_
    assert heard.copy_of_ is None
    np.testing.assert_array_equal(heard.groups_, np.arange(12))


def test_copies_alone_give_early_stopping_nothing_to_judge_by():
    network = CNNEmotionClassifier(early_stopping=True)
    augmenter = TrainingAugmenter(Pipeline([("cnn", network)]), keep_original=False)
    with pytest.raises(ValueError, match=r"cnn__early_stopping=True judges .* keep_original=True or cnn__"):
        augmenter.fit(["not read.wav"], [0])


def test_copies_that_somebody_else_made_are_not_told_of(numbered):
    X, y, _ = numbered
    augmenter = TrainingAugmenter(Pipeline([("told", Told())]))
    with pytest.raises(ValueError, match="told__copy_of is given by TrainingAugmenter itself"):
        augmenter.fit(X, y, told__copy_of=np.full(12, -1))
    augmenter.set_params(n_copies=0).fit(X, y, told__copy_of=np.full(12, -1))
    np.testing.assert_array_equal(augmenter.estimator_[-1].copy_of_, np.full(12, -1))


def test_who_stops_early_by_groups_alone_is_warned_of_copies_among_what_judges(numbered):
    X, y, _ = numbered
    with pytest.warns(SerWarning, match="copies are held out as .*: fit of Stopping takes no copy_of"):
        TrainingAugmenter(Stopping()).fit(X, y)


@pytest.mark.parametrize("is_routed", [False, True])
@pytest.mark.parametrize("knows_speakers", [False, True])
def test_copies_of_what_a_network_holds_out_have_no_say(numbered, is_routed, knows_speakers):
    X, y, speakers = numbered
    speakers = speakers if knows_speakers else None
    held_out = hold_out(y, speakers, 0.25, np.random.RandomState(0))
    beginnings = np.arange(1, 13)
    network = CNNEmotionClassifier(
        architecture="plain", filters=4, n_blocks=1, epochs=1, feature_axis="cepstrum", early_stopping=True,
        validation_fraction=0.25, random_state=0,
    )  # fmt: skip
    mfcc = MFCCTransformer(duration=0.1, crop="start", trim_db=None)

    def history(reversed_ones):
        augmenter = TrainingAugmenter(make_pipeline(mfcc, network), [Reversing(reversed_ones)])
        with sklearn.config_context(enable_metadata_routing=is_routed):
            augmenter.fit(X, y, groups=speakers)
        return augmenter.estimator_[-1].history_

    unchanged = history([])
    assert "val_loss" in unchanged
    assert history(beginnings[held_out]) == unchanged
    assert history(beginnings[~held_out][:1]) != unchanged
