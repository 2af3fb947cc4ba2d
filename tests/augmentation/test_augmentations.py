"""What holds for every augmentation."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone

from sklearn_ser.augmentation import (
    AdditiveNoise,
    BackgroundRecordings,
    DynamicRangeCompression,
    GainChange,
    Reverberation,
    RoomImpulseResponses,
    SpeedPerturbation,
)
from sklearn_ser.exceptions import RecordingError

from .augmentations import AUGMENTATIONS, ECHO, IDENTITIES, name

each_augmentation = pytest.mark.parametrize("augmentation", AUGMENTATIONS, ids=name)
waveforms = arrays(np.float32, st.integers(1, 800), elements=st.floats(-1, 1, width=32))
sample_rates = st.sampled_from([8_000, 16_000, 22_050])


@each_augmentation
@given(waveform=waveforms, sample_rate=sample_rates, random_state=st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_another_waveform_is_as_long_and_finite_and_float32(
    augmentation, waveform, sample_rate, random_state
):
    changed = augmentation.augment(waveform, sample_rate, random_state)
    assert changed.dtype == np.float32
    assert changed.ndim == 1
    assert np.isfinite(changed).all()
    if not isinstance(augmentation, SpeedPerturbation):
        assert len(changed) == len(waveform)


@pytest.mark.parametrize("augmentation", IDENTITIES, ids=name)
@given(waveform=waveforms, sample_rate=sample_rates)
@settings(max_examples=10, deadline=None)
def test_a_strength_of_zero_is_no_change(augmentation, waveform, sample_rate):
    np.testing.assert_array_equal(augmentation.augment(waveform, sample_rate), waveform)


@each_augmentation
def test_a_probability_of_zero_is_no_change(augmentation, voice):
    never = clone(augmentation).set_params(p=0)
    np.testing.assert_array_equal(never.augment(voice, 16_000), voice)


@each_augmentation
def test_a_voice_is_changed(augmentation, voice):
    assert not np.array_equal(augmentation.augment(voice, 16_000, 0), voice)


@each_augmentation
def test_an_integer_draws_the_same_each_time_and_another_one_something_else(augmentation, voice):
    first = augmentation.augment(voice, 16_000, 0)
    np.testing.assert_array_equal(augmentation.augment(voice, 16_000, 0), first)
    if not isinstance(augmentation, RoomImpulseResponses):  # of which there is one
        others = [augmentation.augment(voice, 16_000, random_state) for random_state in range(1, 5)]
        assert not all(np.array_equal(other, first) for other in others)


@each_augmentation
def test_a_generator_is_drawn_from_where_it_stands(augmentation, voice):
    first = augmentation.augment(voice, 16_000, np.random.default_rng(0))
    np.testing.assert_array_equal(first, augmentation.augment(voice, 16_000, 0))
    augmentation.augment(voice, 16_000, np.random.RandomState(0))


@each_augmentation
@pytest.mark.parametrize("p", [0, 1])
def test_a_waveform_that_cannot_be_written_to_is_augmented_and_shares_no_memory(augmentation, voice, p):
    before = voice.copy()
    voice.flags.writeable = False
    changed = clone(augmentation).set_params(p=p).augment(voice, 16_000, 0)
    np.testing.assert_array_equal(voice, before)
    assert not np.shares_memory(changed, voice)
    changed[0] = 1


@each_augmentation
def test_digital_silence_stays_silence(augmentation):
    assert not augmentation.augment(np.zeros(4000, np.float32), 16_000, 0).any()


@each_augmentation
def test_a_chance_of_one_half_changes_about_half_of_the_waveforms(augmentation, voice):
    sometimes, waveform = clone(augmentation).set_params(p=0.5), voice[4000:4400]
    n_changed = sum(
        not np.array_equal(sometimes.augment(waveform, 16_000, random_state), waveform)
        for random_state in range(60)
    )
    assert 18 < n_changed < 42  # three standard deviations


@each_augmentation
def test_it_says_what_it_is_and_can_be_cloned(augmentation):
    assert repr(augmentation).startswith(type(augmentation).__name__)
    assert repr(clone(augmentation)) == repr(augmentation)


@pytest.mark.parametrize(
    ("waveform", "message"),
    [
        (np.zeros((2, 3)), r"1-D waveform .* shape \(2, 3\)"),
        (np.zeros(0), r"non-empty .* shape \(0,\)"),
        (np.array([1, 2], np.int16), "full scale is 1: divide by 32768"),
        (np.array([0.1, np.nan]), "NaN"),
        (np.array([1e300]), "more than float32 can hold"),
        (["a"], "type <U1"),
        ([[1.0], [1.0, 2.0]], "must be a 1-D waveform"),
    ],
)
def test_what_is_no_waveform_is_refused(waveform, message):
    with pytest.raises(RecordingError, match=message):
        GainChange().augment(waveform, 16_000)


@pytest.mark.parametrize("sample_rate", [0, 16_000.5, None])
def test_what_is_no_sample_rate_is_refused(sample_rate):
    with pytest.raises(ValueError, match=f"1 Hz or more; got {sample_rate!r}"):
        GainChange().augment(np.ones(3), sample_rate)


@pytest.mark.parametrize(
    ("augmentation", "message"),
    [
        (SpeedPerturbation((1.1, 0.9)), "factor as a number, .* within 0.5 and 2; got (1.1, 0.9)"),
        (SpeedPerturbation(3), "within 0.5 and 2; got 3"),
        (SpeedPerturbation((1, 1.1, 1.2)), "got (1, 1.1, 1.2)"),
        (AdditiveNoise((10, np.inf)), "snr_db .* got (10, inf)"),
        (AdditiveNoise(np.nan), "got nan"),
        (AdditiveNoise(("a", "b")), "got ('a', 'b')"),
        (GainChange("loud"), "'gain_db' parameter of GainChange must be"),
        (AdditiveNoise(color="green"), "'color' parameter of AdditiveNoise must be"),
        (GainChange(p=1.5), "'p' parameter of GainChange must be"),
        (DynamicRangeCompression("tv"), "preset as one or several of [.*]; got 'tv'"),
        (DynamicRangeCompression([]), "got []"),
        (Reverberation(-1), "rt60 .* got -1"),
    ],
    ids=repr,
)
def test_a_parameter_out_of_its_range_is_refused_with_the_range(augmentation, message):
    with pytest.raises(ValueError, match=re.escape(message).replace(r"\.\*", ".*")):
        augmentation.augment(np.ones(3), 16_000)


@pytest.mark.parametrize("kind", [BackgroundRecordings, RoomImpulseResponses])
@pytest.mark.parametrize(
    ("recordings", "message"),
    [
        ([], r"one at least; got \[\]"),
        ("noise", "list of paths or waveforms, one at least; got 'noise'"),
        (["nowhere.wav", ECHO], "1 of 2 .*: number 0 is not a file: 'nowhere.wav'"),
        ([ECHO, np.ones((2, 2))], r"number 1 must be a non-empty 1-D waveform .* shape \(2, 2\)"),
    ],
)
def test_recordings_to_mix_in_are_checked_before_any_is_drawn(kind, recordings, message):
    with pytest.raises(RecordingError, match=message):
        kind(recordings).check(16_000)


def test_amplitudes_that_float32_cannot_hold_are_refused_and_not_made_infinite():
    with pytest.raises(RecordingError, match=r"GainChange\(gain_db=120\) makes amplitudes that float32"):
        GainChange(120).augment(np.full(3, 1e35), 16_000)
