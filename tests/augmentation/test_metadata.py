"""Emotions, weights and speakers stay with their recordings, on whatever way they reach the estimator."""

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline

from sklearn_ser.augmentation import SpeedPerturbation, TrainingAugmenter
from sklearn_ser.datasets import Recordings

from .listeners import Deaf, Listener, Negative, firsts


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.mark.parametrize("is_table", [True, False])
def test_recordings_keep_their_speakers(numbered, is_table):
    X, y, speakers = numbered
    X = np.stack([recording[:1600] for recording in X]) if is_table else X
    augmenter = TrainingAugmenter(Listener(), [Negative()]).fit(Recordings(X, speakers), y)
    heard = augmenter.estimator_.heard_
    assert isinstance(heard, Recordings)
    np.testing.assert_array_equal(heard.speakers, np.tile(speakers, 2))
    np.testing.assert_array_equal(firsts(heard), np.outer([1, -1], np.arange(1, 13)).ravel())
    np.testing.assert_array_equal(augmenter.estimator_.groups_, np.tile(speakers, 2))
    augmenter.predict(Recordings(X, speakers)[:3])
    assert augmenter.estimator_.asked_.speakers.tolist() == ["anna"] * 3


def test_without_speakers_each_recording_and_its_copies_are_a_group(numbered):
    X, y, _ = numbered
    heard = TrainingAugmenter(Listener(), n_copies=2).fit(X, y).estimator_
    np.testing.assert_array_equal(heard.groups_, np.tile(np.arange(12), 3))
    assert TrainingAugmenter(Listener(), n_copies=0).fit(X, y).estimator_.groups_ is None


@pytest.mark.parametrize(
    "wrap", [lambda one: one, make_pipeline, lambda one: make_pipeline(make_pipeline(one))]
)
def test_weights_and_speakers_reach_the_last_step(numbered, wrap):
    X, y, speakers = numbered
    weights = np.arange(12.0)
    augmenter = TrainingAugmenter(wrap(Listener()), [Negative()])
    augmenter.fit(X, y, sample_weight=weights, groups=speakers)
    listener = augmenter.estimator_
    while isinstance(listener, Pipeline):
        listener = listener[-1]
    np.testing.assert_array_equal(listener.weights_, np.tile(weights, 2))
    np.testing.assert_array_equal(listener.groups_, np.tile(speakers, 2))


def test_further_arguments_of_fit_are_repeated_if_they_are_one_a_recording(numbered):
    X, y, _ = numbered
    augmenter = TrainingAugmenter(Pipeline([("listener", Listener())]), [Negative()])
    augmenter.fit(X, y, listener__sample_weight=list(range(12)), listener__groups="all of them")
    listener = augmenter.estimator_["listener"]
    np.testing.assert_array_equal(listener.weights_, np.tile(np.arange(12), 2))
    assert listener.groups_ == "all of them"


def test_weights_that_nobody_takes_are_refused_and_speakers_are_not_needed(numbered):
    X, y, speakers = numbered
    augmenter = TrainingAugmenter(make_pipeline(Deaf()))
    assert len(augmenter.fit(X, y, groups=speakers).estimator_[-1].heard_) == 24
    with pytest.raises(ValueError, match="fit of Pipeline takes no sample_weight"):
        augmenter.fit(X, y, sample_weight=np.ones(12))


def test_a_pandas_series_of_emotions_is_repeated(files):
    paths, y, _ = files
    frame = pd.DataFrame({"file": paths, "emotion": y}, index=range(5, 17))
    heard = TrainingAugmenter(Listener(), [Negative()]).fit(frame["file"], frame["emotion"]).estimator_
    np.testing.assert_array_equal(heard.y_, np.tile(y, 2))


@pytest.mark.usefixtures("routing")
def test_what_is_routed_reaches_the_estimator_with_the_copies(numbered):
    X, y, speakers = numbered
    listener = Listener().set_fit_request(sample_weight=True, groups=True)
    augmenter = TrainingAugmenter(make_pipeline(listener), [Negative()])
    heard = augmenter.fit(X, y, sample_weight=np.arange(12), groups=speakers).estimator_[-1]
    np.testing.assert_array_equal(heard.weights_, np.tile(np.arange(12), 2))
    np.testing.assert_array_equal(heard.groups_, np.tile(speakers, 2))


@pytest.mark.usefixtures("routing")
def test_a_routed_search_in_a_cross_validation_hands_speakers_to_splitters_and_fit(numbered):
    X, y, speakers = numbered
    listener = Listener().set_fit_request(sample_weight=False, groups=True)
    augmenter = TrainingAugmenter(Pipeline([("listener", listener)]), [Negative()])
    grid = {"estimator__listener__setting": [0, 1]}
    result = cross_validate(
        GridSearchCV(augmenter, grid, cv=GroupKFold(2), error_score="raise"),
        X,
        y,
        params={"groups": speakers},
        cv=GroupKFold(2),
        return_estimator=True,
        return_indices=True,
        error_score="raise",
    )
    for search, train in zip(result["estimator"], result["indices"]["train"], strict=True):
        heard = search.best_estimator_.estimator_["listener"]
        np.testing.assert_array_equal(heard.groups_, np.tile(speakers[train], 2))
        np.testing.assert_array_equal(firsts(heard.heard_), np.outer([1, -1], train + 1).ravel())


@pytest.mark.usefixtures("routing")
def test_routed_speakers_are_kept_from_an_estimator_that_did_not_ask_for_them(numbered):
    X, y, speakers = numbered
    augmenter = TrainingAugmenter(Listener().set_fit_request(groups=False), [Negative()])
    assert augmenter.fit(X, y, groups=speakers).estimator_.groups_ is None
    assert len(TrainingAugmenter(make_pipeline(Deaf())).fit(X, y).estimator_[-1].heard_) == 24


@pytest.mark.usefixtures("routing")
def test_routed_weights_reach_the_score(numbered):
    X, y, _ = numbered
    listener = Listener().set_score_request(sample_weight=True)
    augmenter = TrainingAugmenter(listener, [SpeedPerturbation()]).fit(X, y)
    assert augmenter.score(X, y, sample_weight=(y == "happy").astype(float)) == 1
