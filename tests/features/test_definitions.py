"""Spectrograms, mel bands, cepstra and envelopes equal their definitions."""

import librosa
import numpy as np
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser.features import (
    AmplitudeEnvelopeTransformer,
    CepstrumTransformer,
    LogMelTransformer,
    STFTTransformer,
)

WHOLE = {"trim_db": None, "duration": None}


@st.composite
def waveforms(draw):
    """A voice over noise: shape (n_samples,), float32."""
    n_samples = draw(st.integers(3000, 12_000))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    time = np.arange(n_samples) / 16_000
    pitch = draw(st.floats(80, 400))
    voice = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 10))
    return (draw(st.floats(1e-3, 0.3)) * (voice + 0.05 * rng.normal(size=n_samples))).astype(np.float32)


@st.composite
def transforms(draw):
    """Valid parameters of a short-time Fourier transform; 401 is a prime number, 400 no power of two."""
    n_fft = draw(st.sampled_from([256, 400, 401, 512, 1024]))
    return {
        "n_fft": n_fft,
        "win_length": draw(st.one_of(st.none(), st.integers(n_fft // 2, n_fft))),
        "hop_length": draw(st.integers(50, 600)),
        "window": draw(st.sampled_from(["hann", "hamming", "blackmanharris", ("kaiser", 4.0), 8.0])),
        "center": draw(st.booleans()),
        "pad_mode": draw(st.sampled_from(["constant", "edge", "reflect", "symmetric"])),
    }


@settings(max_examples=60, deadline=None)
@given(waveforms(), transforms())
def test_magnitudes_and_powers_are_librosas(waveform, params):
    expected = np.abs(librosa.stft(waveform, **params)).T
    magnitudes = STFTTransformer(**params, **WHOLE).transform([waveform])[0]
    np.testing.assert_allclose(magnitudes, expected, rtol=0, atol=2e-6 * expected.max())
    powers = STFTTransformer(**params, **WHOLE, scale="power").transform([waveform])[0]
    np.testing.assert_allclose(powers, expected**2, rtol=0, atol=4e-6 * expected.max() ** 2)


@settings(max_examples=60, deadline=None)
@given(waveforms(), transforms(), st.sampled_from([None, 40.0, 80.0]))
def test_levels_are_librosas(waveform, params, top_db):
    expected = librosa.power_to_db(np.abs(librosa.stft(waveform, **params)) ** 2, top_db=top_db).T
    levels = STFTTransformer(**params, **WHOLE, scale="db", top_db=top_db).transform([waveform])[0]
    # A single frequency may lie 80 dB below the loudest, where single precision tells a hundredth of a dB.
    np.testing.assert_allclose(levels, expected, rtol=0, atol=0.05)


@settings(max_examples=60, deadline=None)
@given(waveforms(), transforms(), st.booleans(), st.sampled_from([None, 80.0]), st.sampled_from([1.0, 2.0]))
def test_mel_levels_are_librosas(waveform, params, htk, top_db, power):
    bands = librosa.feature.melspectrogram(
        y=waveform, sr=16_000, n_mels=26, fmin=50.0, htk=htk, power=power, **params
    )
    levels = LogMelTransformer(
        n_mels=26, fmin=50.0, htk=htk, power=power, top_db=top_db, noise_floor=None, **params, **WHOLE
    ).transform([waveform])[0]
    np.testing.assert_allclose(levels, librosa.power_to_db(bands, top_db=top_db).T, rtol=0, atol=1e-3)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("top_db", [None, 80.0])
def test_mel_levels_of_a_pure_tone_are_librosas_however_little_there_is_beside_it(power, top_db):
    tone = (0.9 * np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)).astype(np.float32)
    params = {"n_fft": 512, "hop_length": 320, "n_mels": 64, "power": power}
    expected = librosa.power_to_db(
        librosa.feature.melspectrogram(y=tone, sr=16_000, **params), top_db=top_db
    ).T
    levels = LogMelTransformer(noise_floor=None, top_db=top_db, **params, **WHOLE).transform([tone])[0]
    np.testing.assert_allclose(levels, expected, rtol=0, atol=1e-3)


@settings(max_examples=60, deadline=None)
@given(waveforms(), transforms(), st.integers(1, 129))
def test_cepstra_are_the_inverse_transform_of_the_logarithm_of_the_transform(waveform, params, n_quefrencies):
    params |= {"center": False}
    window = np.zeros(params["n_fft"])
    win_length = params["win_length"] or params["n_fft"]
    start = (params["n_fft"] - win_length) // 2
    window[start : start + win_length] = scipy.signal.get_window(params["window"], win_length)
    frames = librosa.util.frame(waveform, frame_length=params["n_fft"], hop_length=params["hop_length"]).T
    power = np.maximum(np.abs(np.fft.rfft(frames * window)) ** 2, 1e-10)
    expected = np.fft.irfft(np.log(power) / 2, params["n_fft"])[:, :n_quefrencies]
    cepstra = CepstrumTransformer(n_quefrencies=n_quefrencies, **params, **WHOLE).transform([waveform])[0]
    np.testing.assert_allclose(cepstra, expected, rtol=0, atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(waveforms(), st.integers(1, 800), st.integers(1, 600), st.booleans())
def test_an_envelope_is_the_largest_magnitude_of_each_frame(waveform, frame_length, hop_length, center):
    envelope = AmplitudeEnvelopeTransformer(
        frame_length=frame_length, hop_length=hop_length, center=center, **WHOLE
    ).transform([waveform])[0]
    padded = np.pad(waveform, frame_length // 2) if center else waveform
    starts = range(0, len(padded) - frame_length + 1, hop_length)
    expected = [[np.abs(padded[start : start + frame_length]).max()] for start in starts]
    np.testing.assert_array_equal(envelope, expected)


@pytest.mark.parametrize("pitch", [110.0, 160.0, 250.0])
def test_the_cepstrum_of_a_voice_peaks_at_its_period_in_seconds(pitch):
    time = np.arange(8000) / 16_000
    voice = 0.02 * sum(np.cos(2 * np.pi * pitch * k * time) for k in range(1, int(8000 / pitch)))
    transformer = CepstrumTransformer(n_fft=1024, **WHOLE).fit([voice])
    cepstrum = transformer.transform([voice])[0, 12]
    voiced = transformer.quefrencies_ > 0.002
    peak = transformer.quefrencies_[voiced][cepstrum[voiced].argmax()]
    assert peak == pytest.approx(1 / pitch, rel=0.02)


@pytest.mark.parametrize("frequency", [125.0, 1000.0, 5000.0])
def test_a_tone_is_loudest_at_its_frequency_in_hertz(frequency):
    tone = np.sin(2 * np.pi * frequency * np.arange(8000) / 16_000)
    spectrogram = STFTTransformer(**WHOLE).fit([tone])
    assert spectrogram.frequencies_[spectrogram.transform([tone])[0, 12].argmax()] == frequency
    bands = LogMelTransformer(**WHOLE).fit([tone])
    loudest = bands.frequencies_[bands.transform([tone])[0, 12].argmax()]
    assert abs(loudest - frequency) == np.abs(bands.frequencies_ - frequency).min()


@pytest.mark.parametrize("scale", ["magnitude", "power", "db"])
def test_the_noise_floor_of_a_spectrogram_is_what_white_noise_gives_on_average(rng, scale):
    noise = (0.01 * rng.normal(size=640_000)).astype(np.float32)
    silence = np.zeros_like(noise)
    floor = STFTTransformer(**WHOLE, scale=scale, noise_floor=-40.0, top_db=None).transform([silence])[0]
    with_noise = STFTTransformer(**WHOLE, scale="magnitude" if scale == "magnitude" else "power")
    average = with_noise.transform([noise])[0][2:-2].mean()
    if scale == "db":
        average = 10 * np.log10(average)
    np.testing.assert_allclose(floor, average, rtol=0.02)


def test_more_quefrencies_than_differ_are_refused():
    with pytest.raises(ValueError, match=r"n_quefrencies=258 exceeds n_fft // 2 \+ 1 = 257"):
        CepstrumTransformer(n_quefrencies=258).fit([np.zeros(600)])
