"""What each augmentation does, by numbers."""

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import welch

from sklearn_ser.augmentation import (
    AdditiveNoise,
    BackgroundRecordings,
    DynamicRangeCompression,
    GainChange,
    PitchShift,
    Reverberation,
    RoomImpulseResponses,
    SpeedPerturbation,
)
from sklearn_ser.exceptions import RecordingError


def decibel(power):
    return 10 * np.log10(power)


def power(waveform):
    return np.mean(np.square(waveform, dtype=np.float64))


def tone(frequency, n_samples=32_000):
    return np.sin(2 * np.pi * frequency * np.arange(n_samples) / 16_000).astype(np.float32)


def peak(waveform):
    """Frequency of the strongest tone, in Hz at 16 kHz, to 0.1 Hz."""
    middle = waveform[len(waveform) // 8 : -len(waveform) // 8]
    return np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 160_000)).argmax() / 10


@pytest.mark.parametrize("color", ["white", "pink", "brown"])
@given(snr_db=st.floats(-20, 40), random_state=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_noise_meets_its_ratio(color, snr_db, random_state):
    voice = tone(200, 3000)
    noise = AdditiveNoise(snr_db, color=color).augment(voice, 16_000, random_state) - voice.astype(float)
    # Rounding the sum to float32 is itself a noise, of some -150 dB.
    np.testing.assert_allclose(decibel(power(voice) / power(noise)), snr_db, atol=1e-3)


@pytest.mark.parametrize(("color", "per_octave"), [("white", 0), ("pink", -3.01), ("brown", -6.02)])
def test_noise_falls_as_its_colour_says_and_is_flat_below_20_hz(color, per_octave):
    quiet = np.full(320_000, 1e-6, np.float32)
    noise = AdditiveNoise(-100, color=color).augment(quiet, 16_000, 0)
    frequencies, spectrum = welch(noise, 16_000, nperseg=16_384)
    octaves = np.log2(frequencies[1:] / 20)
    audible, inaudible = (octaves > 1) & (octaves < 8), octaves < 0
    slope = np.polyfit(octaves[audible], decibel(spectrum[1:][audible]), 1)[0]
    np.testing.assert_allclose(slope, per_octave, atol=0.15)
    assert np.ptp(decibel(spectrum[1:][inaudible])) < 3


def test_a_number_is_taken_and_a_pair_is_drawn_from_evenly(voice):
    gains = [
        np.abs(GainChange((-6, 6)).augment(np.ones(1), 16_000, random_state)[0])
        for random_state in range(400)
    ]
    gains = 20 * np.log10(gains)
    assert -6 <= gains.min() < -5.5
    assert 5.5 < gains.max() <= 6
    np.testing.assert_allclose(np.std(gains), 12 / np.sqrt(12), rtol=0.1)


def test_a_gain_beyond_full_scale_is_not_clipped():
    np.testing.assert_allclose(GainChange(40).augment([0.5, -0.5], 16_000), [50, -50], rtol=1e-6)


@given(factor=st.floats(0.5, 2), n_samples=st.integers(1, 2000))
@settings(max_examples=50, deadline=None)
def test_speed_divides_the_length(factor, n_samples):
    changed = SpeedPerturbation(factor).augment(np.ones(n_samples), 16_000)
    assert len(changed) == max(1, round(n_samples / factor))


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_speed_multiplies_frequencies(factor):
    np.testing.assert_allclose(
        peak(SpeedPerturbation(factor).augment(tone(440), 16_000)), 440 * factor, atol=0.1
    )


@pytest.mark.parametrize("semitones", [-7, -2, 0.5, 2, 12])
@pytest.mark.parametrize("frequency", [100, 440, 2000])
def test_pitch_shifts_frequencies_and_keeps_level_and_tempo(semitones, frequency):
    original = tone(frequency)
    shifted = PitchShift(semitones).augment(original, 16_000)
    np.testing.assert_allclose(12 * np.log2(peak(shifted) / frequency), semitones, atol=0.02)
    np.testing.assert_allclose(power(shifted), power(original), rtol=1e-4)


def test_pitch_leaves_sounds_where_they_are_and_as_loud():
    bursts = tone(300) * (np.arange(32_000) % 8000 < 2000)
    shifted = PitchShift(3).augment(bursts, 16_000)
    powers = np.square(shifted).reshape(-1, 1000).mean(axis=1)
    expected = np.where(np.arange(32) % 8 < 2, 0.5, 0)
    np.testing.assert_allclose(powers, expected, atol=0.06)


@pytest.mark.parametrize("rt60", [0.2, 0.5, 1.0])
def test_reverberation_decays_by_60_db_in_its_time(rt60):
    click = np.zeros(24_000, np.float32)
    click[100] = 1
    times = []
    for random_state in range(10):
        tail = Reverberation(rt60, drr_db=0).augment(click, 16_000, random_state)[101:]
        left = np.cumsum(np.square(tail[::-1], dtype=np.float64))[::-1]  # Schroeder's integral
        level = decibel(left[left > 0] / left[0])
        times.append((np.argmax(level < -35) - np.argmax(level < -5)) * 2 / 16_000)
    np.testing.assert_allclose(np.mean(times), rt60, rtol=0.02)


@pytest.mark.parametrize("drr_db", [-5, 0, 10])
def test_reverberation_has_its_energy_and_leaves_the_direct_sound(drr_db):
    click = np.zeros(24_000, np.float32)
    click[100] = 0.5
    response = Reverberation(0.5, drr_db=drr_db).augment(click, 16_000, 0)
    assert not response[:100].any()
    assert response[100] == 0.5
    np.testing.assert_allclose(decibel(0.25 / np.sum(response[101:] ** 2)), drr_db, atol=1e-3)


def test_a_measured_room_is_aligned_and_scaled_to_its_direct_sound(tmp_path, rng):
    response = np.zeros(1600)
    response[200:] = 0.05 * rng.normal(size=1400)
    response[200] = -0.5  # what comes before has yet to arrive
    soundfile.write(tmp_path / "room.wav", response, 16_000, subtype="FLOAT")
    voice = rng.normal(size=3000).astype(np.float32)
    expected = np.convolve(voice, response[200:] / -0.5)[:3000]
    for recording in (response, str(tmp_path / "room.wav"), tmp_path / "room.wav"):
        wet = RoomImpulseResponses([recording]).augment(voice, 16_000)
        np.testing.assert_allclose(wet, expected, atol=2e-5)
    half = RoomImpulseResponses([response], wet=0.5).augment(voice, 16_000)
    np.testing.assert_allclose(half, (voice + expected) / 2, atol=1e-5)


def test_a_room_at_another_sample_rate_is_resampled(tmp_path):
    response = np.zeros(48_000)
    response[[3000, 27_000]] = 1, 0.5
    soundfile.write(tmp_path / "room.wav", response, 48_000, subtype="FLOAT")
    echo = RoomImpulseResponses([tmp_path / "room.wav"]).augment(tone(200), 16_000)
    # A click that is resampled loses what lies beyond 8 kHz, and a little of its peak with it.
    np.testing.assert_allclose(echo[100:7900], tone(200)[100:7900], atol=0.05)
    np.testing.assert_allclose(echo[8100:15_900], 1.5 * echo[100:7900], atol=0.001)


@pytest.mark.parametrize("silent", ["array", "file"])
def test_a_silent_room_is_refused(tmp_path, silent):
    recording = np.zeros(100)
    if silent == "file":
        recording = tmp_path / "silent.wav"
        soundfile.write(recording, np.zeros(100), 16_000)
    with pytest.raises(RecordingError, match=r"no direct sound: .* is silent"):
        RoomImpulseResponses([recording]).augment(np.ones(10), 16_000)


# Points of the curves, as SoX is given them by MUDA: level in, level out, both in dB.
CURVES = [
    ("film_light", -47, -44),
    ("film_standard", -56.5, -50.5),
    ("music_light", -53, -47),
    ("music_standard", -43, -37),
    ("radio", -60, -25),
    ("radio", -30, -15),
    ("speech", -60, -45),
    ("speech", -26, -26),
    ("speech", -10.5, -20.5),
]


@pytest.mark.parametrize(("preset", "level_in", "level_out"), CURVES)
def test_compression_brings_a_steady_level_to_where_the_curve_says(preset, level_in, level_out):
    steady = np.full(320_000, 10 ** (level_in / 20))
    compressed = DynamicRangeCompression(preset).augment(steady, 16_000)
    np.testing.assert_allclose(20 * np.log10(compressed[-1]), level_out, atol=0.02)
    half = DynamicRangeCompression(preset, strength=0.5).augment(steady, 16_000)
    np.testing.assert_allclose(20 * np.log10(half[-1]), (level_in + level_out) / 2, atol=0.02)


def test_compression_attacks_and_decays_in_its_time_and_looks_ahead():
    loud = np.full(80_000, 0.01)
    loud[40_000:] = 1.0
    level = DynamicRangeCompression("speech").augment(loud, 16_000) / loud
    assert level[38_000] > level[38_500] > level[39_999]  # 0.1 s ahead it begins to give way
    # After the attack's 0.1 s, which ends as the step comes, the level has gone 1 - 1/e of the way.
    reached = 20 * np.log10(0.01 + 0.99 * (1 - np.exp(-1)))
    gain = np.interp(reached, [-21, 0], [0, -20])
    np.testing.assert_allclose(20 * np.log10(level[40_000]), gain, atol=0.05)


def test_of_several_presets_each_is_drawn():
    soft, compression = np.full(32_000, 1e-3), DynamicRangeCompression()
    levels = {compression.augment(soft, 16_000, random_state)[-1] for random_state in range(20)}
    assert len(levels) == 4


@pytest.fixture
def backgrounds(tmp_path, rng):
    """A noise at 48 kHz in a stereo file, and the waveform that it holds at 16 kHz."""
    noise = rng.normal(size=(48_000, 2)) * 0.1
    soundfile.write(tmp_path / "noise.wav", noise, 48_000, subtype="FLOAT")
    return [tmp_path / "noise.wav"]


@pytest.mark.parametrize("n_samples", [1000, 15_999, 16_000, 40_000])
def test_a_background_meets_its_ratio_whether_it_is_longer_or_shorter(backgrounds, n_samples):
    voice = tone(200, n_samples)
    for random_state in range(3):
        mixed = BackgroundRecordings(backgrounds, snr_db=3).augment(voice, 16_000, random_state)
        np.testing.assert_allclose(decibel(power(voice) / power(mixed - voice)), 3, atol=1e-3)


def test_a_background_file_is_resampled_and_its_channels_averaged(tmp_path):
    stereo = np.stack([np.sin(2 * np.pi * 1000 * np.arange(96_000) / 48_000)] * 2, axis=1) * [0.2, 0.6]
    soundfile.write(tmp_path / "hum.flac", stereo, 48_000)
    voice = tone(200)
    mixed = BackgroundRecordings([tmp_path / "hum.flac"], snr_db=0).augment(voice, 16_000, 0)
    assert peak(mixed - voice) == 1000


def test_a_long_background_is_taken_from_any_place_of_it():
    ramp = np.arange(1.0, 101.0)
    background, starts = BackgroundRecordings([ramp], snr_db=0), set()
    for random_state in range(400):
        part = background.augment(np.ones(98), 16_000, random_state) - 1
        starts.add(round(part[0] / (part[1] - part[0])))
    assert starts == {1, 2, 3}


def test_a_short_background_is_repeated_from_any_place_of_it():
    background = BackgroundRecordings([np.array([1.0, 2.0, 4.0])], snr_db=0)
    parts = {
        tuple((background.augment(np.ones(7), 16_000, random_state) - 1).round(3))
        for random_state in range(100)
    }
    assert len(parts) == 3
    for part in parts:
        assert part[:3] == part[3:6]
        assert part[0] == part[6]


def test_every_background_is_drawn(rng):
    background = BackgroundRecordings([tone(100), tone(1000), tone(3000)], snr_db=-20)
    heard = {round(peak(background.augment(rng.normal(size=8000), 16_000, seed))) for seed in range(30)}
    assert heard == {100, 1000, 3000}


def test_a_background_file_that_cannot_be_decoded_is_named(tmp_path):
    (tmp_path / "noise.wav").write_text("no audio")
    with pytest.raises(RecordingError, match=r"noise\.wav' cannot be decoded"):
        BackgroundRecordings([tmp_path / "noise.wav"]).augment(np.ones(10), 16_000)


@pytest.mark.parametrize(
    ("samples", "sample_rate", "message"),
    [
        (np.zeros(0), 16_000, "holds no sample"),
        (np.full(100, np.inf), 16_000, "holds values that are not finite"),
        (np.ones(1), 96_000, "shorter than one sample at 16000 Hz"),
    ],
)
def test_a_background_file_without_a_usable_sample_is_named(tmp_path, samples, sample_rate, message):
    soundfile.write(tmp_path / "noise.wav", samples, sample_rate, subtype="FLOAT")
    with pytest.raises(RecordingError, match=rf"noise\.wav' (is )?{message}"):
        BackgroundRecordings([tmp_path / "noise.wav"]).augment(np.ones(10), 16_000)
