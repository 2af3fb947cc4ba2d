"""Recordings, on their way through NumPy, joblib and scikit-learn."""

import copy
import pickle
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import _safe_indexing, check_array, indexable, resample

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError

PATHS = [f"{k}.wav" for k in range(6)]
SPEAKERS = ["anna", "ben", "anna", "cleo", "ben", "anna"]


class SpeakerEcho(ClassifierMixin, BaseEstimator):
    """Answers who spoke, which only a Recordings can tell it."""

    def __init__(self, of_whom="speakers"):
        self.of_whom = of_whom

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return X.speakers if self.of_whom == "speakers" else np.full(len(X), self.classes_[0])


def waveforms(rng, lengths=(5, 9, 5, 7, 3, 8)):
    return [rng.normal(size=n).astype(np.float32) for n in lengths]


@pytest.fixture(params=["paths", "waveforms", "rows", "frames"])
def recordings(request, rng):
    data = {
        "paths": PATHS,
        "waveforms": waveforms(rng),
        "rows": rng.normal(size=(6, 4)),
        "frames": rng.normal(size=(6, 3, 4)).astype(np.float32),
    }
    return Recordings(data[request.param], SPEAKERS)


def assert_same(part, recordings, indices):
    """These are the recordings at these indices, each with its speaker."""
    assert isinstance(part, Recordings)
    assert part.speakers.tolist() == [SPEAKERS[index] for index in indices]
    assert part.dtype == recordings.dtype
    assert len(part) == len(indices)
    for one, index in zip(part, indices, strict=True):
        np.testing.assert_array_equal(one, recordings.data[index])


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, pd.Series, lambda paths: np.array(paths, dtype=object)]
)
def test_paths_are_held_as_they_are_in_a_1_d_array(kind):
    X = Recordings(kind(PATHS), kind(SPEAKERS))
    assert X.data.tolist() == PATHS
    assert X.speakers.tolist() == SPEAKERS
    assert (X.shape, X.ndim, X.dtype) == ((6,), 1, object)
    assert {type(path) for path in X} == {str}
    assert Recordings([Path("a.wav")], ["anna"])[0] == Path("a.wav")


@pytest.mark.parametrize("lengths", [(5, 9, 5, 7, 3, 8), (5,) * 6], ids=["unequal", "equal"])
def test_a_list_of_waveforms_is_held_as_one_whatever_their_lengths(rng, lengths):
    data = waveforms(rng, lengths)
    X = Recordings(data, SPEAKERS)
    assert (X.shape, X.dtype) == ((6,), object)
    assert all(held is given_one for held, given_one in zip(X, data, strict=True))


def test_numbers_are_held_without_a_copy(rng):
    frames = rng.normal(size=(6, 3, 4)).astype(np.float32)
    X = Recordings(frames, SPEAKERS)
    assert X.data is frames
    assert (X.shape, X.ndim, X.dtype) == ((6, 3, 4), 3, np.float32)
    assert Recordings(frames.tolist(), SPEAKERS).shape == (6, 3, 4)
    assert Recordings(list(frames), SPEAKERS).shape == (6, 3, 4)
    assert Recordings(pd.DataFrame(frames[:, 0]), SPEAKERS).shape == (6, 4)


def test_recordings_of_recordings_take_the_new_speakers(recordings):
    X = Recordings(recordings, ["dora"] * 6)
    assert X.data is recordings.data
    assert set(X.speakers) == {"dora"}


def test_speakers_may_be_numbers_or_categories():
    assert Recordings(PATHS, range(6)).speakers.tolist() == list(range(6))
    assert Recordings(PATHS, pd.Series(SPEAKERS, dtype="category")).speakers.tolist() == SPEAKERS
    assert Recordings(PATHS, pd.Series(SPEAKERS, index=range(6, 0, -1))).speakers.tolist() == SPEAKERS


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (PATHS, "Recordings of 6 recordings by 3 speakers"),
        (np.zeros((6, 3, 4)), "Recordings of 6 recordings by 3 speakers, each of shape (3, 4)"),
    ],
)
def test_its_repr_counts_recordings_and_speakers(data, text):
    X = Recordings(data, SPEAKERS)
    assert repr(X) == text
    assert repr(X[:1]).startswith("Recordings of 1 recording by 1 speaker")
    assert repr(X[:0]).startswith("Recordings of 0 recordings by 0 speakers")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a.wav", r"must be a list or an array of recordings; got the path 'a\.wav'"),
        (Path("a.wav"), r"must be a list or an array of recordings; got the path 'a\.wav'"),
        ({"a.wav"}, "got a set"),
        (iter(PATHS), "got a list_iterator"),
        (None, "got a NoneType"),
        (sparse.eye_array(6), "got a dia_array"),
        ([Recordings(["a.wav"], ["anna"])], "item 0 is Recordings of 1 recording by 1 speaker"),
        (np.zeros(6), r"shape \(6,\) and type float64"),
        (np.full((6, 2), "a.wav"), r"shape \(6, 2\) and type <U5"),
        (np.array(3.0), r"shape \(\) and type float64"),
        ([np.zeros((2, 3)), np.zeros((4, 3))], "of equal shape, or paths, or waveforms as 1-D arrays"),
        ([[0.1, 0.2], [0.3]], "of equal shape, or paths, or waveforms as 1-D arrays"),
    ],
)
def test_what_is_no_sequence_of_recordings_is_refused(data, message):
    with pytest.raises(RecordingError, match=message):
        Recordings(data, SPEAKERS)


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, ""], ids=repr)
def test_recordings_without_a_speaker_are_named_by_position(missing):
    speakers = ["anna", missing, "anna", "cleo", missing, "anna"]
    with pytest.raises(
        RecordingError, match=r"2 of 6 recordings have no speaker: speakers\[1\].*positions 1, 4"
    ):
        Recordings(PATHS, speakers)
    with pytest.raises(RecordingError, match="2 of 6 recordings have no speaker"):
        Recordings(PATHS, pd.Series(speakers, dtype=object))


def test_of_many_recordings_without_a_speaker_the_first_are_named():
    with pytest.raises(RecordingError, match="positions 0, 1, 2, 3, 4 and 1 more"):
        Recordings(PATHS, np.full(6, np.nan))


@pytest.mark.parametrize(
    ("speakers", "message"),
    [
        (SPEAKERS[:5], "data holds 6 recordings, speakers 5 entries"),
        (SPEAKERS[:1], "data holds 6 recordings, speakers 1 entry"),
        ("anna", "speakers must be 1-D, one entry a recording; got 'anna'"),
        (
            np.array([SPEAKERS]),
            r"speakers must be 1-D, one entry a recording; got an array of shape \(1, 6\)",
        ),
        ([1, "anna", 2, 3, 4, 5], "speakers must be of one type, such as str; got int, str"),
    ],
)
def test_speakers_that_are_not_one_a_recording_are_refused(speakers, message):
    with pytest.raises(RecordingError, match=message):
        Recordings(PATHS, speakers)


@pytest.mark.parametrize("index", [2, -1, np.int64(3), np.array(2)])
def test_an_integer_gives_the_bare_recording(recordings, index):
    expected = recordings.data[int(index)]
    for one in (recordings[index], recordings[index, ...], _safe_indexing(recordings, int(index))):
        assert type(one) is type(expected)
        np.testing.assert_array_equal(one, expected)


@settings(deadline=None)
@given(
    st.one_of(
        st.slices(6),
        st.lists(st.integers(-6, 5)),
        st.lists(st.booleans(), min_size=6, max_size=6),
    )
)
def test_slices_indices_and_masks_give_recordings_with_their_speakers(key):
    recordings = Recordings(PATHS, SPEAKERS)
    indices = np.arange(6)[key].tolist()
    assert_same(recordings[key], recordings, indices)
    assert_same(recordings[key, ...], recordings, indices)
    if not isinstance(key, slice) and key:
        assert_same(recordings[np.array(key)], recordings, indices)
        assert_same(recordings[pd.Series(key)], recordings, indices)
        assert_same(_safe_indexing(recordings, key), recordings, indices)


@pytest.mark.parametrize("key", [(slice(None), 0), (0, 1), np.newaxis, np.zeros((2, 2), dtype=int), (..., 0)])
def test_only_the_first_axis_can_be_indexed(key):
    with pytest.raises(IndexError, match="Recordings are indexed"):
        Recordings(np.zeros((6, 3)), SPEAKERS)[key]


def test_what_lies_beyond_the_end_is_an_index_error(recordings):
    with pytest.raises(IndexError, match="index 6 is out of bounds"):
        recordings[6]
    with pytest.raises(IndexError, match="boolean index did not match"):
        recordings[np.ones(5, dtype=bool)]


def test_numpy_takes_the_bare_recordings_with_its_rules_for_copies(recordings):
    assert np.asarray(recordings) is recordings.data
    assert np.array(recordings, copy=False) is recordings.data
    copied = np.array(recordings)
    assert copied.dtype == recordings.dtype
    assert not np.shares_memory(copied, recordings.data)
    if recordings.ndim > 1:
        assert np.asarray(recordings, dtype=np.float16).dtype == np.float16
        with pytest.raises(ValueError, match=r"[Uu]nable to avoid copy"):
            np.asarray(recordings, dtype=np.float16, copy=False)


def test_copies_and_pickles_hold_the_same(recordings):
    for again in (pickle.loads(pickle.dumps(recordings)), copy.copy(recordings), copy.deepcopy(recordings)):
        assert_same(again, recordings, range(6))


def test_a_cache_tells_other_speakers_apart(recordings):
    again = pickle.loads(pickle.dumps(recordings))
    assert joblib.hash(again) == joblib.hash(recordings)
    assert joblib.hash(Recordings(again, SPEAKERS[::-1])) != joblib.hash(recordings)


def test_scikit_learns_helpers_keep_each_recording_with_its_speaker(recordings):
    positions = np.arange(6)
    assert indexable(recordings, positions)[0] is recordings
    X_train, X_test, train, test = train_test_split(recordings, positions, test_size=2, random_state=0)
    assert_same(X_train, recordings, train)
    assert_same(X_test, recordings, test)
    drawn, indices = resample(recordings, positions, n_samples=9, random_state=0)
    assert_same(drawn, recordings, indices)
    for train, _ in GroupKFold(3).split(recordings, groups=recordings.speakers):
        assert_same(_safe_indexing(recordings, train), recordings, train)


def test_other_estimators_see_the_numbers_alone(rng):
    rows = rng.normal(size=(6, 4))
    np.testing.assert_array_equal(check_array(Recordings(rows, SPEAKERS)), rows)
    frames = rng.normal(size=(6, 3, 4)).astype(np.float32)
    checked = check_array(Recordings(frames, SPEAKERS), allow_nd=True, dtype=[np.float64, np.float32])
    assert checked is frames
    np.testing.assert_array_equal(
        StandardScaler().fit_transform(Recordings(rows, SPEAKERS)), StandardScaler().fit_transform(rows)
    )


def test_speakers_reach_a_scorer_and_predict(recordings):
    y, cv = np.array(SPEAKERS), StratifiedKFold(2)
    X, y = recordings[[0, 1, 2, 4]], y[[0, 1, 2, 4]]
    pipeline = Pipeline([("same", FunctionTransformer()), ("echo", SpeakerEcho())])
    assert cross_val_score(pipeline, X, y, cv=cv, scoring="balanced_accuracy").tolist() == [1, 1]
    assert cross_val_predict(pipeline, X, y, cv=cv).tolist() == y.tolist()


def test_speakers_reach_the_named_scorer_of_a_search_in_other_processes(rng):
    # More than a megabyte: joblib hands it to the other processes as a read-only memory map.
    X = Recordings(rng.normal(size=(40, 100, 40)), np.tile(["anna", "ben"], 20))
    pipeline = Pipeline([("same", FunctionTransformer()), ("echo", SpeakerEcho())])
    search = GridSearchCV(
        pipeline,
        {"echo__of_whom": ["nobody", "speakers"]},
        scoring="balanced_accuracy",
        cv=2,
        n_jobs=2,
        error_score="raise",
    )
    search.fit(X, X.speakers)
    assert search.cv_results_["mean_test_score"].tolist() == [0.5, 1]
    assert search.predict(X[1:4]).tolist() == ["ben", "anna", "ben"]


def test_their_size_is_that_of_what_they_hold():
    frames = np.zeros((4, 100, 10), np.float32)
    assert sys.getsizeof(Recordings(frames, list("aabb"))) > frames.nbytes
    waveforms = [np.zeros(1_000), np.zeros(2_000)]
    assert sys.getsizeof(Recordings(waveforms, list("ab"))) > 3_000 * 8
