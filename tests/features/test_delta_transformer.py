"""DeltaTransformer, against librosa, SciPy and the formula of the HTK Book."""

import pickle

import librosa
import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.datasets import Recordings, make_emotional_speech
from sklearn_ser.features import DeltaTransformer, FunctionalsTransformer, MFCCTransformer

widths = st.sampled_from([3, 5, 7, 9, 11, 25])


@st.composite
def recordings(draw, min_frames=1):
    """Frames about an offset: shape (n_frames, n_features), float32."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(min_frames, min_frames + 40)), draw(st.integers(1, 4))
    return (rng.normal(size=shape) + draw(st.sampled_from([0, -300]))).astype(np.float32)


def by_the_htk_book(frames, reach):
    """Equation 5.16, frame by frame."""
    n_frames = len(frames)
    slopes = np.zeros(frames.shape)
    for t in range(n_frames):
        for n in range(1, 1 + reach):
            slopes[t] += n * (frames[min(t + n, n_frames - 1)] - frames[max(t - n, 0)])
    return slopes / (2 * sum(n**2 for n in range(1, 1 + reach)))


@pytest.fixture
def frames(rng):
    """Four recordings of which three are padded, one to less than nine frames: shape (4, 30, 3)."""
    made = rng.normal(size=(4, 30, 3)).astype(np.float32)
    for recording, n_frames in zip(made, (30, 12, 29, 7), strict=True):
        recording[n_frames:] = 0
    return made


@parametrize_with_checks(
    [DeltaTransformer(), DeltaTransformer(order=2, width=3, append=False, method="regression")]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@settings(max_examples=100, deadline=None)
@given(st.data(), widths, st.sampled_from([1, 2]))
def test_values_are_librosas(data, width, order):
    frames = data.draw(recordings(min_frames=width))
    ours = DeltaTransformer(order, width=width, append=False).fit_transform(frames[np.newaxis])[0]
    exact = frames.astype(np.float64)
    expected = [librosa.feature.delta(exact, width=width, order=k, axis=0) for k in range(1, 1 + order)]
    np.testing.assert_allclose(ours, np.concatenate(expected, axis=1), rtol=0, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(recordings(), widths, st.sampled_from([1, 2]))
def test_a_short_recording_has_its_ends_repeated(frames, width, order):
    frames = frames[: width - 1]
    ours = DeltaTransformer(order, width=width).fit_transform(frames[np.newaxis])[0]
    exact = frames.astype(np.float64)
    expected = [
        scipy.signal.savgol_filter(exact, width, polyorder=k, deriv=k, axis=0, mode="nearest")
        for k in range(1, 1 + order)
    ]
    np.testing.assert_allclose(ours, np.concatenate([exact, *expected], axis=1), rtol=0, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(recordings(), widths)
def test_regression_is_the_formula_of_the_htk_book_once_and_twice(frames, width):
    deltas = DeltaTransformer(order=2, width=width, append=False, method="regression")
    slopes = by_the_htk_book(frames.astype(np.float64), width // 2)
    expected = np.concatenate([slopes, by_the_htk_book(slopes, width // 2)], axis=1)
    np.testing.assert_allclose(deltas.fit_transform(frames[np.newaxis])[0], expected, rtol=0, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(st.data(), widths)
def test_both_methods_have_the_same_slopes_but_for_the_ends(data, width):
    frames = data.draw(recordings(min_frames=width))
    both = [
        DeltaTransformer(width=width, method=method).fit_transform(frames[np.newaxis])[0]
        for method in ("savgol", "regression")
    ]
    inner = slice(width // 2, len(frames) - width // 2)
    np.testing.assert_array_equal(both[0][inner], both[1][inner])


@pytest.mark.parametrize("order", [1, 2])
def test_values_are_those_that_coefficients_bring_themselves(rng, order):
    waveforms = [0.1 * rng.normal(size=n).astype(np.float32) for n in (8_000, 23_456, 1_000)]
    options = {"n_mfcc": 13, "trim_db": None, "duration": 1.0, "crop": "center"}
    expected = MFCCTransformer(delta=order, **options).transform(waveforms)
    ours = DeltaTransformer(order).transform(MFCCTransformer(**options).transform(waveforms))
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-4)  # on a scale of about -300 to 100


def test_a_line_has_its_slope_and_a_parabola_its_curvature_at_every_frame():
    time = np.arange(20.0)
    line, parabola = DeltaTransformer(order=2).fit_transform(np.stack([1 + 3 * time, 5 + 2 * time**2]))
    np.testing.assert_allclose(line[:, 1:], np.tile([3, 0], (20, 1)), atol=1e-5)
    np.testing.assert_allclose(parabola[:, 2], 4, atol=1e-4)  # the second derivative, of values up to 727


@pytest.mark.parametrize("method", ["savgol", "regression"])
@pytest.mark.parametrize("n_frames", [1, 2, 8, 9, 30])
def test_a_recording_that_does_not_change_has_no_slope(n_frames, method):
    frames = np.full((1, n_frames, 2), -300.7, dtype=np.float32)
    result = DeltaTransformer(order=2, method=method).fit_transform(frames)
    np.testing.assert_array_equal(result[:, :, :2], frames)
    np.testing.assert_allclose(result[:, :, 2:], 0, atol=300.7 * 1e-15)


@pytest.mark.parametrize("method", ["savgol", "regression"])
def test_padding_stays_zero_and_has_no_say(frames, method):
    deltas = DeltaTransformer(order=2, method=method)
    together = deltas.fit_transform(frames)
    for recording, result in zip(frames, together, strict=True):
        recorded = recording.any(axis=1)
        assert not result[~recorded].any()
        np.testing.assert_array_equal(result[recorded], deltas.transform(recording[np.newaxis, recorded])[0])
    scattered = np.zeros((1, 30, 3), dtype=np.float32)
    scattered[0, 3:27:2] = frames[1, :12]
    np.testing.assert_array_equal(deltas.transform(scattered)[0, 3:27:2], together[1, :12])


def test_a_recording_of_padding_stays_one(frames):
    frames[1] = 0
    assert not DeltaTransformer().fit_transform(frames)[1].any()


def test_order_and_company_of_recordings_do_not_matter(frames):
    deltas = DeltaTransformer(order=2).fit(frames)
    together = deltas.transform(frames)
    np.testing.assert_array_equal(deltas.transform(frames[::-1]), together[::-1])
    np.testing.assert_array_equal(deltas.transform(frames[2:3]), together[2:3])


@pytest.mark.parametrize(
    ("order", "append", "n_features"), [(1, True, 6), (2, True, 9), (1, False, 3), (2, False, 6)]
)
def test_features_are_followed_by_slopes_and_these_by_curvatures(frames, order, append, n_features):
    result = DeltaTransformer(order, append=append).fit_transform(frames)
    assert result.shape == (4, 30, n_features)
    assert result.dtype == np.float32
    everything = DeltaTransformer(2).fit_transform(frames)
    np.testing.assert_array_equal(
        result, everything[:, :, :n_features] if append else everything[:, :, 3 : 3 + n_features]
    )
    if append:
        np.testing.assert_array_equal(result[:, :, :3], frames)


def test_two_axes_are_the_frames_of_one_feature(frames):
    envelope = frames[:, :, 1]
    result = DeltaTransformer().fit_transform(envelope)
    assert result.shape == (4, 30, 2)
    np.testing.assert_array_equal(result, DeltaTransformer().fit_transform(envelope[:, :, np.newaxis]))


def test_recordings_keep_their_speakers(frames):
    result = DeltaTransformer().fit_transform(Recordings(frames, ["anna", "anna", "ben", "ben"]))
    assert isinstance(result, Recordings)
    assert list(result.speakers) == ["anna", "anna", "ben", "ben"]
    np.testing.assert_array_equal(result.data, DeltaTransformer().fit_transform(frames))


def test_the_frames_that_came_in_are_left_as_they_are(frames):
    before = frames.copy()
    DeltaTransformer(order=2).fit_transform(frames)
    np.testing.assert_array_equal(frames, before)


def test_nothing_needs_to_be_fitted_and_other_lengths_can_follow(frames):
    deltas = DeltaTransformer()
    np.testing.assert_array_equal(deltas.transform(frames), clone(deltas).fit_transform(frames))
    np.testing.assert_array_equal(
        deltas.fit(frames).transform(frames[1:2, :12]), deltas.transform(frames)[1:2, :12]
    )


def test_frames_of_other_features_than_in_fit_are_refused(frames):
    message = r"DeltaTransformer was fitted on frames of 3 features; got X of shape \(4, 30, 2\)"
    with pytest.raises(ValueError, match=message):
        DeltaTransformer().fit(frames).transform(frames[:, :, :2])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (
            np.ones((2, 3, 4, 5)),
            r"DeltaTransformer takes frames of shape .* got an array of shape \(2, 3, 4, 5\)",
        ),
        ([np.ones((3, 2)), np.ones((4, 2))], r"got items of unequal shapes such as \(3, 2\) and \(4, 2\)"),
    ],
)
def test_what_is_no_array_of_frames_is_refused_in_words(X, message):
    with pytest.raises(ValueError, match=message):
        DeltaTransformer().fit(X)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"width": 8}, "width must be odd, so that as many frames lie behind as ahead; got 8"),
        ({"width": 1}, "'width' parameter of DeltaTransformer must be an int in the range"),
        ({"order": 3}, "'order' parameter of DeltaTransformer must be an int in the range"),
        ({"method": "kaldi"}, "'method' parameter of DeltaTransformer must be a str among"),
    ],
)
def test_parameters_that_cannot_work_are_named(frames, params, message):
    with pytest.raises(ValueError, match=message):
        DeltaTransformer(**params).fit(frames)
    with pytest.raises(ValueError, match=message):
        DeltaTransformer(**params).transform(frames)


def test_a_pickled_transformer_gives_the_same_frames(frames):
    deltas = DeltaTransformer(order=2).fit(frames)
    copy = pickle.loads(pickle.dumps(deltas))
    np.testing.assert_array_equal(copy.transform(frames), deltas.transform(frames))


def test_emotions_of_unheard_speakers_are_told_from_slopes_alone():
    corpus = make_emotional_speech(
        n_speakers=6,
        n_repetitions=1,
        emotions=["sad", "angry", "fearful", "disgust"],
        n_intensities=1,
        random_state=0,
    )
    frames = MFCCTransformer(n_mfcc=13, crop="center").transform(corpus.data)
    model = make_pipeline(
        DeltaTransformer(order=2, append=False),
        FunctionalsTransformer(("std", "p5", "p95")),
        StandardScaler(),
        LogisticRegression(),
    )
    scores = cross_val_score(model, frames, corpus.target, groups=corpus.groups, cv=GroupKFold(3))
    assert scores.mean() > 0.5  # by chance 0.25, with a standard deviation of 0.06 over 48 recordings
