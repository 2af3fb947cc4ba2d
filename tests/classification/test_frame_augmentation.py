"""What training does to frames before the network sees them, and prediction never does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct

from sklearn_ser.classification._backend import start_keras

FLOOR = -60.0
N_FRAMES, N_BANDS = 24, 16


@pytest.fixture(scope="module", autouse=True)
def keras():
    return start_keras()


def recordings(lengths, rng):
    """Bands in dB of recordings of some lengths, padded with zeros, and where they are recorded."""
    frames = rng.uniform(FLOOR, -5, (len(lengths), N_FRAMES, N_BANDS)).astype(np.float32)
    recorded = (np.arange(N_FRAMES) < np.array(lengths)[:, np.newaxis]).astype(np.float32)[:, :, np.newaxis]
    return frames * recorded, recorded


def deform(frames, training=True, **strengths):
    from sklearn_ser.classification._frame_augmentation import FrameDeformation

    strengths = {"time_stretch": 0.0, "frequency_warp": 0.0, "gain": 0.0} | strengths
    layer = FrameDeformation(**strengths)
    layer.floor.assign(FLOOR)
    return np.asarray(layer(frames, training=training))


lengths = st.lists(st.integers(1, N_FRAMES), min_size=1, max_size=4)
seeds = st.integers(0, 2**16)


@settings(max_examples=20, deadline=None)
@given(lengths, seeds)
def test_prediction_and_strengths_of_zero_leave_frames_as_they_are(lengths, seed):
    frames, _ = recordings(lengths, np.random.default_rng(seed))
    predicted = deform(frames, training=False, time_stretch=0.5, frequency_warp=0.5, gain=20.0)
    np.testing.assert_array_equal(predicted, frames)
    np.testing.assert_array_equal(deform(frames), frames)


@settings(max_examples=40, deadline=None)
@given(lengths, seeds, st.floats(0.01, 0.9))
def test_a_stretched_recording_has_its_own_frames_in_order_up_to_its_last(lengths, seed, share):
    frames, _ = recordings(lengths, np.random.default_rng(seed))
    stretched = deform(frames, time_stretch=share)
    for before, after, n_before in zip(frames, stretched, lengths, strict=True):
        n_after = int((after != 0).any(axis=1).sum())
        np.testing.assert_array_equal(after[n_after:], 0)
        assert n_before * (1 - share) - 1 <= n_after <= min(N_FRAMES, n_before * (1 + share) + 1)
        sources = np.array([np.flatnonzero((before == frame).all(axis=1))[0] for frame in after[:n_after]])
        assert (np.diff(sources) >= 0).all()
        assert sources[0] == 0
        assert sources[-1] == n_before - 1 or n_after == 1


def test_each_recording_in_each_step_is_stretched_by_another_share(rng):
    frames, _ = recordings([12] * 60, rng)
    n_frames = set((deform(frames, time_stretch=0.3) != 0).any(axis=2).sum(axis=1).tolist())
    assert len(n_frames) > 4
    assert min(n_frames) < 12 < max(n_frames)


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.5, 30))
def test_a_gain_is_the_same_for_what_is_far_above_the_floor_and_nothing_at_it(seed, gain):
    rng = np.random.default_rng(seed)
    frames, recorded = recordings([5, N_FRAMES], rng)
    frames[:, 0] = FLOOR
    frames[:, 1] = -1e-3  # sixty dB above the floor
    louder = deform(frames, gain=gain)
    np.testing.assert_allclose(louder[:, 0], FLOOR, atol=0.05)
    change = louder[:, 1] - frames[:, 1]
    assert (np.abs(change) <= gain + 0.01).all()
    np.testing.assert_allclose(change, change[:, :1].repeat(N_BANDS, axis=1), atol=1e-3)
    assert (louder[0, 5:] == 0).all()
    # Nothing falls below the floor, nor does a softer band become the louder one.
    assert (louder[recorded[:, :, 0] > 0] >= FLOOR - 1e-3).all()
    order = np.argsort(frames[1], axis=1)
    assert (np.diff(np.take_along_axis(louder[1], order, axis=1), axis=1) >= -1e-3).all()


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.01, 0.5))
def test_a_warp_moves_a_formant_by_its_share_in_all_frames_of_a_recording(seed, share):
    frames, recorded = recordings([8, 20, N_FRAMES], np.random.default_rng(seed))
    bands = np.arange(N_BANDS)
    frames[:] = recorded * (-np.abs(bands - 6.0) - 1).astype(np.float32)
    warped = deform(frames, frequency_warp=share)
    peaks = warped.argmax(axis=2)
    assert (np.abs(peaks[:, 0] - 6) <= 6 * share / (1 - share) + 0.5).all()
    for recording, n_frames in zip(warped, (8, 20, N_FRAMES), strict=True):
        np.testing.assert_array_equal(recording[n_frames:], 0)
        np.testing.assert_array_equal(recording[:n_frames], recording[:1].repeat(n_frames, axis=0))


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(0, N_FRAMES), st.integers(0, N_BANDS))
def test_masks_are_one_span_of_frames_and_one_of_bands(seed, widest_frames, widest_bands):
    from sklearn_ser.classification._frame_augmentation import FrameMasks

    frames = np.random.default_rng(seed).normal(1, 0.1, (6, N_FRAMES, N_BANDS)).astype(np.float32)
    layer = FrameMasks(widest_frames, widest_bands)
    np.testing.assert_array_equal(layer(frames, training=False), frames)
    masked = np.asarray(layer(frames, training=True))
    for before, after in zip(frames, masked, strict=True):
        hidden = after == 0
        np.testing.assert_array_equal(after[~hidden], before[~hidden])
        for spans, widest in ((hidden.all(axis=1), widest_frames), (hidden.all(axis=0), widest_bands)):
            assert spans.sum() <= widest or hidden.all()
            if not hidden.all():
                assert np.abs(np.diff(np.concatenate([[0], spans, [0]]))).sum() in (0, 2)
        np.testing.assert_array_equal(
            hidden, hidden.all(axis=1)[:, np.newaxis] | hidden.all(axis=0)[np.newaxis]
        )


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(1, 40))
def test_bands_come_back_from_all_of_their_cepstra(seed, n_bands):
    from sklearn_ser.classification._frame_augmentation import InverseCosineTransform

    bands = np.random.default_rng(seed).uniform(-60, 0, (2, 3, n_bands)).astype(np.float32)
    cepstra = dct(bands, type=2, norm="ortho", axis=2)
    np.testing.assert_allclose(InverseCosineTransform()(cepstra), bands, atol=1e-3)
