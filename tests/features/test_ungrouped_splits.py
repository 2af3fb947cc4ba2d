"""Searches that split recordings whose speakers are known, without regard to them."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    cross_val_predict,
    cross_validate,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

from sklearn_ser import MFCCTransformer, Recordings, _warning, evaluate, make_emotional_speech
from sklearn_ser.exceptions import UngroupedSplitWarning


@pytest.fixture(scope="module")
def corpus():
    return make_emotional_speech(
        n_speakers=4, n_repetitions=1, n_intensities=1, emotions=("angry", "calm"), random_state=0
    )


@pytest.fixture(autouse=True)
def nothing_was_said_yet(monkeypatch):
    monkeypatch.setattr(_warning, "_said", set())


@pytest.fixture
def pipe():
    return make_pipeline(MFCCTransformer(summary=("mean",), verbose=0), GaussianNB())


def search(cv, X, corpus, pipe, groups=None, **options):
    grid = {"gaussiannb__var_smoothing": [0.1, 0.01]}
    return GridSearchCV(pipe, grid, cv=cv, **options).fit(X, corpus.target, groups=groups)


@pytest.mark.parametrize("cv", [3, KFold(3, shuffle=True, random_state=0)], ids=["number", "KFold"])
def test_a_search_that_ignores_known_speakers_names_the_splitter_to_use(cv, corpus, pipe):
    with pytest.warns(UngroupedSplitWarning, match=r"heard in fit.* such as cv=StratifiedGroupKFold\(5\)"):
        search(cv, corpus.recordings, corpus, pipe)
    with pytest.warns(UngroupedSplitWarning, match="heard in fit"):
        cross_validate(pipe, corpus.recordings, corpus.target, cv=cv)
    with pytest.warns(UngroupedSplitWarning, match="heard in fit"):
        cross_val_predict(pipe, corpus.recordings, corpus.target, cv=cv)


def test_it_is_said_once_in_a_search(corpus, pipe):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("default")
        search(3, corpus.recordings, corpus, pipe)
    assert [one.category for one in said] == [UngroupedSplitWarning]
    assert said[0].filename == __file__


def test_parts_know_each_other_in_another_process_too(corpus, pipe):
    parts = [pickle.loads(pickle.dumps(corpus.recordings[half])) for half in (slice(None, None, 2), [1, 3])]
    pipe.fit(parts[0], corpus.target[::2])
    with pytest.warns(UngroupedSplitWarning, match="heard in fit"):
        pipe.predict(parts[1])


@pytest.mark.parametrize("cv", [GroupKFold(2), StratifiedGroupKFold(2)], ids=lambda cv: type(cv).__name__)
def test_splits_by_speaker_and_bare_recordings_are_not_told_of(cv, corpus, pipe):
    options = {"return_train_score": True}
    found = search(cv, corpus.recordings, corpus, pipe, groups=corpus.groups, **options)
    assert found.predict(corpus.recordings[:3]).shape == (3,)
    assert search(2, corpus.data, corpus, pipe).n_splits_ == 2


def test_the_recordings_of_fit_and_those_of_others_are_not_told_of(corpus, pipe):
    half = np.arange(0, len(corpus.data), 2)
    pipe.fit(corpus.recordings[half], corpus.target[half])
    for known in (corpus.recordings[half[:3]], corpus.recordings, corpus.data):
        assert len(pipe.predict(known)) == len(known)
    others = Recordings(corpus.data[1::2], corpus.groups[1::2])  # a corpus of its own
    assert len(pipe.predict(others)) == len(others)


def test_a_random_split_on_purpose_is_not_told_of(corpus, pipe):
    result = evaluate(pipe, corpus, outer=StratifiedGroupKFold(2), random_split=True)
    assert result.random_split is not None


def test_a_saved_transformer_does_not_say_whom_it_heard(corpus):
    transformer = MFCCTransformer(verbose=0).fit(corpus.recordings[::2])
    assert corpus.groups[0].encode() not in pickle.dumps(transformer)
    assert len(pickle.loads(pickle.dumps(transformer)).transform(corpus.recordings[1:2])) == 1
