"""librosa is the definition: the same waveform gives the same numbers."""

import librosa
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser.features import MFCCTransformer

TOLERANCE = 1e-3  # on a scale of about -600 to 300


@st.composite
def speech_like(draw):
    """Voiced harmonics with a moving envelope over breath noise: shape (n_samples,), float32."""
    n_samples = draw(st.integers(3000, 12_000))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    time = np.arange(n_samples) / 16_000
    pitch = draw(st.floats(80, 400))
    voice = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 10))
    envelope = np.abs(np.sin(2 * np.pi * draw(st.floats(0.5, 5)) * time))
    level = draw(st.floats(1e-3, 0.3))
    return (level * (envelope * voice + 0.05 * rng.normal(size=n_samples))).astype(np.float32)


@st.composite
def settings_of_librosa(draw):
    """Valid parameters of ``librosa.feature.mfcc``, ``power_to_db`` and ``melspectrogram``."""
    n_fft = draw(st.sampled_from([256, 400, 401, 512, 1024]))
    n_mels = draw(st.integers(4, 40))
    return {
        "n_fft": n_fft,
        "win_length": draw(st.one_of(st.none(), st.integers(n_fft // 2, n_fft))),
        "hop_length": draw(st.integers(50, 600)),
        "window": draw(st.sampled_from(["hann", "hamming", "blackman", ("kaiser", 4.0)])),
        "center": draw(st.booleans()),
        "pad_mode": draw(st.sampled_from(["constant", "edge", "reflect", "symmetric"])),
        "n_mels": n_mels,
        "n_mfcc": draw(st.integers(1, n_mels)),
        "fmin": draw(st.floats(0, 300)),
        "fmax": draw(st.one_of(st.none(), st.floats(3000, 8000))),
        "htk": draw(st.booleans()),
        "mel_norm": draw(st.sampled_from(["slaney", None, 1.0, 2.0])),
        "dct_type": draw(st.sampled_from([1, 2, 3])),
        "dct_norm": draw(st.sampled_from(["ortho", None])),
        "lifter": draw(st.sampled_from([0, 1, 22, 30.5])),
        "power": draw(st.sampled_from([1.0, 1.5, 2.0])),
        "amin": draw(st.sampled_from([1e-10, 1e-6])),
        "top_db": draw(st.sampled_from([None, 40.0, 80.0])),
    }


def by_librosa(waveform, *, n_mfcc, dct_type, dct_norm, lifter, amin, top_db, mel_norm, **spectrum):
    power = librosa.feature.melspectrogram(y=waveform, sr=16_000, norm=mel_norm, **spectrum)
    return librosa.feature.mfcc(
        S=librosa.power_to_db(power, amin=amin, top_db=top_db),
        n_mfcc=n_mfcc,
        dct_type=dct_type,
        norm=dct_norm,
        lifter=lifter,
    ).T


@pytest.mark.filterwarnings("ignore:Empty filters detected:UserWarning")  # librosa's; ours is a test below
@pytest.mark.filterwarnings("ignore:.*mel filters lie between:sklearn_ser.exceptions.SerWarning")
@settings(max_examples=200, deadline=None)
@given(speech_like(), settings_of_librosa())
def test_values_equal_librosas_for_any_parameters(waveform, params):
    ours = MFCCTransformer(**params, trim_db=None, noise_floor=None, duration=None)
    expected = by_librosa(waveform, **params)
    # Without a norm the transform multiplies by up to twice the number of filters, and rounding with it.
    scale = 1 if params["dct_norm"] == "ortho" else 2 * params["n_mels"] ** 0.5
    scale *= max(1, params["lifter"] / 2)
    np.testing.assert_allclose(ours.transform([waveform])[0], expected, rtol=0, atol=TOLERANCE * scale)


@settings(max_examples=30, deadline=None)
@given(speech_like(), st.integers(0, 1500), st.integers(0, 1500), st.sampled_from([20.0, 30.0, 60.0]))
def test_trimming_is_librosas(waveform, before, after, trim_db):
    recording = np.concatenate([np.zeros(before), waveform, np.zeros(after)]).astype(np.float32)
    kept = librosa.effects.trim(recording, top_db=trim_db)[0]
    options = {"duration": None, "summary": ("mean", "max")}
    np.testing.assert_array_equal(
        MFCCTransformer(trim_db=trim_db, **options).transform([recording]),
        MFCCTransformer(trim_db=None, **options).transform([kept]),
    )


@settings(max_examples=20, deadline=None)
@given(speech_like())
def test_deltas_are_librosas(waveform):
    frames = MFCCTransformer(trim_db=None, duration=None, delta=2).transform([waveform])[0]
    still, slope, curvature = np.split(frames, 3, axis=1)
    np.testing.assert_allclose(slope, librosa.feature.delta(still, axis=0), atol=1e-4)
    np.testing.assert_allclose(curvature, librosa.feature.delta(still, order=2, axis=0), atol=1e-4)


@pytest.mark.corpus
def test_files_of_real_speech_give_librosas_values(ravdess_root):
    paths = sorted(ravdess_root.rglob("*.flac"))[::60]
    ours = MFCCTransformer(trim_db=None, noise_floor=None, duration=6.0)
    for path, frames in zip(paths, ours.transform(paths), strict=True):
        waveform, sample_rate = soundfile.read(path, dtype="float32")
        expected = librosa.feature.mfcc(
            y=waveform, sr=sample_rate, n_mfcc=64, n_fft=512, hop_length=320, n_mels=64
        ).T
        np.testing.assert_allclose(frames[: len(expected)], expected, rtol=0, atol=TOLERANCE)
        assert not frames[len(expected) :].any()
