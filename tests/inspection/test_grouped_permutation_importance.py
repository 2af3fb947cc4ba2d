"""What a score loses when features, or spans of time, are exchanged between recordings."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.datasets import Recordings
from sklearn_ser.features import CepstralNormalizer, FunctionalsTransformer, MFCCTransformer
from sklearn_ser.inspection import grouped_permutation_importance
from sklearn_ser.inspection._grouped_permutation_importance import _exchange, _Group
from tests.inspection.classifiers import untrained


def test_features_that_tell_the_emotion_matter_and_others_do_not(attentive, heard):
    found = grouped_permutation_importance(attentive, *heard, random_state=0)
    assert found.names.tolist() == ["feature0", "feature1", "feature2", "feature3"]
    assert found.spans is None
    assert found.baseline_score == attentive.score(*heard)
    assert (found.importances_mean[:3] > 0.1).all()
    assert abs(found.importances_mean[3]) < 0.05
    assert found.importances.shape == (4, 5)
    np.testing.assert_allclose(found.importances_std, found.importances.std(axis=1))


def test_the_span_that_tells_the_emotion_matters_and_others_do_not(attentive, heard):
    found = grouped_permutation_importance(attentive, *heard, by="time", n_spans=6, random_state=0)
    assert found.names.tolist()[:2] == ["frames 0 to 3", "frames 4 to 7"]
    np.testing.assert_array_equal(found.spans, np.arange(24).reshape(6, 4)[:, [0, 3]] + [0, 1])
    assert found.importances_mean.argmax() == 1
    assert found.importances_mean[1] > 0.4
    assert (np.abs(np.delete(found.importances_mean, 1)) < 0.1).all()


def test_groups_have_the_names_and_features_that_they_are_given(attentive, heard):
    groups = {"what matters": [0, "feature1", 2], "what does not": "feature3"}
    found = grouped_permutation_importance(attentive, *heard, by=groups, random_state=0)
    assert found.names.tolist() == list(groups)
    assert found.importances_mean[0] > 0.4
    assert abs(found.importances_mean[1]) < 0.05


def test_it_can_be_repeated_and_done_in_threads(attentive, heard):
    settings = {"by": "feature", "n_repeats": 2, "random_state": 3}
    first = grouped_permutation_importance(attentive, *heard, **settings)
    second = grouped_permutation_importance(attentive, *heard, **settings, n_jobs=2)
    np.testing.assert_array_equal(first.importances, second.importances)


def test_any_score_can_be_asked_for(attentive, heard):
    found = grouped_permutation_importance(
        attentive, *heard, scoring="neg_log_loss", n_repeats=1, random_state=0
    )
    assert found.baseline_score < 0
    assert found.importances_mean[0] > 0.1


@given(
    seed=st.integers(0, 2**31 - 1),
    lengths=st.lists(st.integers(0, 9), min_size=2, max_size=6),
    span=st.tuples(st.integers(0, 8), st.integers(1, 9)).filter(lambda ends: ends[0] < ends[1]),
    features=st.sampled_from([[0], [1, 2], [0, 1, 2]]),
)
def test_values_go_from_recorded_frames_to_recorded_frames_and_padding_stays(seed, lengths, span, features):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(len(lengths), 9, 3))
    for one, length in zip(X, lengths, strict=True):
        one[length:] = 0
    is_recorded = X.any(axis=2)
    group = _Group("group", np.array(features), slice(*span))
    exchanged = _exchange(X, is_recorded, group, np.random.RandomState(seed))
    np.testing.assert_array_equal(exchanged.any(axis=2), is_recorded)
    others = [k for k in range(3) if k not in features]
    np.testing.assert_array_equal(exchanged[:, :, others], X[:, :, others])
    outside = np.delete(np.arange(9), np.arange(*span))
    np.testing.assert_array_equal(exchanged[:, outside], X[:, outside])
    inside = np.arange(*span)
    sources = [X[k][inside][is_recorded[k][inside]] for k in range(len(X))]
    taken = []
    for k in range(len(X)):
        values = exchanged[k][inside][is_recorded[k][inside]][:, features]
        if len(values):
            givers = [j for j, source in enumerate(sources) if np.isin(values, source[:, features]).all()]
            assert len(givers) == 1
            taken += givers
            places = [sources[givers[0]][:, features[0]].tolist().index(value) for value in values[:, 0]]
            assert places == sorted(places)  # stretched, and in order
    assert sorted(taken) == [k for k, source in enumerate(sources) if len(source)]  # each gives once


def test_recordings_of_one_length_exchange_what_they_have(rng):
    X = rng.normal(size=(7, 5, 2))
    group = _Group("group", np.array([1]), slice(None))
    exchanged = _exchange(X, np.ones((7, 5), bool), group, np.random.RandomState(0))
    order = np.random.RandomState(0).permutation(7)
    np.testing.assert_array_equal(exchanged[..., 1], X[order, :, 1])


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=n).astype(np.float32) for n in (8000, 5000, 8000, 6000)]


def test_a_pipeline_names_coefficients_and_seconds(waveforms):
    mfcc, y = MFCCTransformer(n_mfcc=3, duration=0.5), np.array(["calm", "sad", "sad", "calm"])
    frames = mfcc.fit_transform(waveforms)
    pipe = make_pipeline(mfcc, CepstralNormalizer().fit(frames), untrained(frames, y, filters=4))
    X = Recordings(waveforms, ["anna", "ben", "anna", "ben"])
    by_feature = grouped_permutation_importance(pipe, X, y, n_repeats=1, random_state=0)
    assert by_feature.names.tolist() == ["mfcc0", "mfcc1", "mfcc2"]
    by_time = grouped_permutation_importance(pipe, X, y, by="time", n_spans=2, n_repeats=1, random_state=0)
    assert by_time.names.tolist() == ["0.00 to 0.25 s", "0.25 to 0.51 s"]
    np.testing.assert_allclose(by_time.spans, [[0, 0.25], [0.25, 0.51]])


def test_values_are_exchanged_where_the_transformer_gives_them(waveforms):
    y = np.array(["calm", "sad", "sad", "calm"])
    pipe = make_pipeline(
        MFCCTransformer(n_mfcc=3, duration=0.5),
        FunctionalsTransformer(("mean", "std")),
        StandardScaler(),
        LogisticRegression(C=1e3),
    ).fit(waveforms, y)
    found = grouped_permutation_importance(pipe, waveforms, y, random_state=0)
    assert found.names.tolist() == ["mfcc0", "mfcc1", "mfcc2"]  # and not mfcc0_mean, mfcc0_std and so on
    assert found.baseline_score == 1


def test_speakers_stay_with_their_recordings(waveforms):
    mfcc, y = MFCCTransformer(n_mfcc=3, duration=0.5), np.array(["calm", "sad", "sad", "calm"])
    X = Recordings(waveforms, ["anna", "ben", "anna", "ben"])
    normalizer = CepstralNormalizer(per="speaker")
    network = untrained(normalizer.fit_transform(mfcc.fit_transform(X)).data, y, filters=4)
    pipe = make_pipeline(mfcc, normalizer, network)
    found = grouped_permutation_importance(pipe, X, y, n_repeats=1, random_state=0)
    assert found.baseline_score == pipe.score(X, y)


def test_columns_of_rows_have_their_names_and_no_time(heard):
    X, y = heard
    rows = pd.DataFrame(X.mean(axis=1), columns=["level", "pitch", "tempo", "timbre"])
    model = LogisticRegression().fit(rows.to_numpy(), y)
    found = grouped_permutation_importance(model, rows, y, random_state=0)
    assert found.names.tolist() == ["level", "pitch", "tempo", "timbre"]
    with pytest.raises(ValueError, match=r"by='time' needs frames; X holds rows of 4 features"):
        grouped_permutation_importance(model, rows, y, by="time")


def test_it_agrees_with_scikit_learn_on_rows(heard):
    X, y = heard
    rows = X[:, 4:8].mean(axis=1)
    model = LogisticRegression().fit(rows, y)
    ours = grouped_permutation_importance(model, rows, y, n_repeats=50, random_state=0)
    theirs = permutation_importance(model, rows, y, n_repeats=50, random_state=0)
    np.testing.assert_allclose(ours.importances_mean, theirs.importances_mean, atol=0.05)


def test_scikit_learns_own_function_takes_a_pipeline_of_rows(heard):
    X, y = heard
    rows = X[:, 4:8].mean(axis=1)
    cnn = CNNEmotionClassifier(
        filters=8, n_blocks=1, kernel_size=1, pooling=None, head="flatten", epochs=15, learning_rate=0.03,
        random_state=0,
    )  # fmt: skip
    pipe = make_pipeline(StandardScaler(), cnn).fit(rows, y)
    found = permutation_importance(pipe, rows, y, n_repeats=3, random_state=0)
    assert (found.importances_mean[:3] > 0.1).all()
    assert found.importances_mean[3] < 0.1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"by": {"level": ["mfcc0"]}},
            r"by\['level'\] must hold .* it names 'mfcc0'\. There are 4: feature0,",
        ),
        ({"by": {"level": [7]}}, r"it names 7\."),
        ({"by": {"level": []}}, r"it holds none\."),
        ({"by": {}}, r"by=\{\} names no group"),
        ({"by": "time", "n_spans": 25}, r"n_spans=25 exceeds the number of frames in X, 24\."),
        ({"by": "speaker"}, r"The 'by' parameter"),
    ],
)
def test_groups_that_are_not_there_are_refused(settings, message, attentive, heard):
    with pytest.raises(ValueError, match=message):
        grouped_permutation_importance(attentive, *heard, **settings)


def test_another_number_of_emotions_is_refused(attentive, heard):
    X, y = heard
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[48, 47\]"):
        grouped_permutation_importance(attentive, X, y[1:])
    with pytest.raises(ValueError, match=r"got an array of shape \(1, 48, 24, 4\)"):
        grouped_permutation_importance(attentive, X[np.newaxis], y)
