"""The presets give the coefficients of the tools that they are named after."""

import kaldi_native_fbank
import librosa
import numpy as np
import pytest
import python_speech_features
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from sklearn_ser.features import MFCC_PRESETS, MFCCTransformer

TOLERANCE = 1e-3


def by_librosa(waveform):
    return librosa.feature.mfcc(y=waveform, sr=22_050).T


def by_python_speech_features(waveform):
    """Give its defaults for 16-bit samples, which is what it is used on."""
    return python_speech_features.mfcc(2.0**15 * waveform.astype(float), 16_000, nfft=512)


def by_kaldi(waveform):
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.dither = 0
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(16_000, (2.0**15 * waveform).tolist())
    computer.input_finished()
    return np.stack([computer.get_frame(k) for k in range(computer.num_frames_ready)])


TOOLS = {"librosa": by_librosa, "htk": by_python_speech_features, "kaldi": by_kaldi}


def frames_of(waveform, preset):
    return MFCCTransformer(**MFCC_PRESETS[preset], duration=None).transform([waveform])[0]


def test_each_preset_has_its_tool():
    assert MFCC_PRESETS.keys() == TOOLS.keys()


@pytest.mark.corpus
@pytest.mark.parametrize("preset", MFCC_PRESETS)
def test_a_preset_gives_its_tools_coefficients_on_real_speech(ravdess_root, preset):
    for path in sorted(ravdess_root.rglob("*.flac"))[::48]:
        waveform = soundfile.read(path, dtype="float32")[0]
        np.testing.assert_allclose(
            frames_of(waveform, preset), TOOLS[preset](waveform), rtol=0, atol=TOLERANCE
        )


@pytest.mark.parametrize("preset", MFCC_PRESETS)
@settings(max_examples=25, deadline=None)
@given(n_samples=st.integers(2048, 9000), level=st.floats(1e-3, 0.3), pitch=st.floats(80, 400))
def test_a_preset_gives_its_tools_coefficients_for_any_length(preset, n_samples, level, pitch):
    time = np.arange(n_samples) / 16_000
    voice = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 10))
    noise = np.random.default_rng(n_samples).normal(size=n_samples)
    waveform = (level * (voice / 3 + 0.05 * noise)).astype(np.float32)
    np.testing.assert_allclose(frames_of(waveform, preset), TOOLS[preset](waveform), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("n_fft", [400, 401, 513])
def test_the_htk_preset_follows_its_tool_to_other_lengths_of_the_transform(rng, n_fft):
    waveform = (0.1 * rng.normal(size=8000)).astype(np.float32)
    params = MFCC_PRESETS["htk"] | {"n_fft": n_fft, "full_scale": 2.0**15 / n_fft**0.5, "duration": None}
    expected = python_speech_features.mfcc(2.0**15 * waveform.astype(float), 16_000, nfft=n_fft)
    np.testing.assert_allclose(
        MFCCTransformer(**params).transform([waveform])[0], expected, rtol=0, atol=TOLERANCE
    )


@pytest.mark.parametrize(("preset", "n_samples"), [("librosa", 1), ("htk", 1), ("htk", 399), ("kaldi", 400)])
def test_silence_and_the_shortest_recording_of_a_preset_are_finite(preset, n_samples):
    assert np.isfinite(frames_of(np.zeros(n_samples, np.float32), preset)).all()
