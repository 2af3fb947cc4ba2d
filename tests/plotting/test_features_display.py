"""A recording on a time axis."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.io import wavfile
from sklearn.pipeline import make_pipeline

from sklearn_ser.exceptions import RecordingError
from sklearn_ser.features import (
    AmplitudeEnvelopeTransformer,
    CepstralNormalizer,
    LogMelTransformer,
    MFCCTransformer,
    STFTTransformer,
)
from sklearn_ser.plotting import FeaturesDisplay


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=n).astype(np.float32) for n in (8000, 16_000)]


def test_a_waveform_is_drawn_over_seconds(waveforms):
    display = FeaturesDisplay.from_recording(waveforms[0], trim_db=None)
    np.testing.assert_array_equal(display.values_.get_ydata(), waveforms[0])
    np.testing.assert_allclose(display.values_.get_xdata(), np.arange(8000) / 16_000)
    assert display.ax_.get_xlabel() == "time (s)"
    assert display.ax_.get_ylabel() == "amplitude"
    assert display.colorbar_ is None


def test_a_file_looks_like_its_waveform(waveforms, tmp_path):
    wavfile.write(tmp_path / "spoken.wav", 16_000, waveforms[0])
    for path in (tmp_path / "spoken.wav", str(tmp_path / "spoken.wav")):
        display = FeaturesDisplay.from_recording(path)
        np.testing.assert_array_equal(
            display.values_.get_ydata(), FeaturesDisplay.from_recording(waveforms[0]).values_.get_ydata()
        )


def test_silence_around_a_recording_is_cut_off_as_transformers_do(waveforms):
    silence = np.zeros(16_000, np.float32)
    around = np.concatenate([silence, waveforms[0], silence])
    drawn = FeaturesDisplay.from_recording(around)
    assert drawn.values_.get_xdata()[0] == 0
    assert 0.5 <= drawn.values_.get_xdata()[-1] < 0.7
    frames = FeaturesDisplay.from_estimator(AmplitudeEnvelopeTransformer(), [around])
    assert abs(frames.values_.get_xdata()[-1] - drawn.values_.get_xdata()[-1]) < 0.1  # zeros alone at the end


def test_bands_are_drawn_in_hertz_without_the_padding(waveforms):
    transformer = LogMelTransformer(n_mels=20, n_fft=512, duration=2.0, trim_db=None)
    display = FeaturesDisplay.from_estimator(transformer, waveforms, recording=1)
    frames = transformer.fit_transform(waveforms)[1]
    n_recorded = np.flatnonzero(frames.any(axis=1))[-1] + 1
    np.testing.assert_allclose(display.values_.get_array(), frames[:n_recorded].T)
    np.testing.assert_allclose(display.ax_.get_xlim(), [-0.01, 1.01])
    assert display.ax_.get_ylabel() == "frequency (Hz)"
    assert display.colorbar_.ax.get_ylabel() == "level (dB)"


def test_coefficients_have_numbers_and_an_envelope_is_a_line(waveforms):
    display = FeaturesDisplay.from_estimator(MFCCTransformer(n_mfcc=8), waveforms)
    assert display.values_.get_array().shape[0] == 8
    assert display.ax_.get_ylabel() == "coefficient"
    line = FeaturesDisplay.from_estimator(AmplitudeEnvelopeTransformer(trim_db=None), waveforms)
    np.testing.assert_allclose(line.values_.get_xdata(), 0.02 * np.arange(26))
    assert line.ax_.get_ylabel() == "amplitude"


@pytest.mark.parametrize(("scale", "label"), [("db", "level (dB)"), ("magnitude", "magnitude")])
def test_a_spectrogram_says_what_its_colours_are(waveforms, scale, label):
    display = FeaturesDisplay.from_estimator(STFTTransformer(scale=scale), waveforms)
    assert display.colorbar_.ax.get_ylabel() == label
    assert display.ax_.get_ylim()[1] > 7900


def test_a_pipeline_shows_what_leaves_it(waveforms):
    pipe = make_pipeline(MFCCTransformer(n_mfcc=8), CepstralNormalizer()).fit(waveforms)
    display = FeaturesDisplay.from_estimator(pipe, waveforms, recording=-1)
    frames = pipe.transform(waveforms)[1]
    n_drawn = display.values_.get_array().shape[1]
    np.testing.assert_allclose(display.values_.get_array(), frames[:n_drawn].T, rtol=1e-5, atol=1e-5)
    assert display.ax_.get_xlabel() == "time (s)"


def test_pictures_can_share_an_axis(waveforms):
    figure, (above, below) = plt.subplots(2, sharex=True)
    assert FeaturesDisplay.from_recording(waveforms[0], ax=above).ax_ is above
    display = FeaturesDisplay.from_estimator(MFCCTransformer(), waveforms, ax=below, colorbar=False)
    assert display.figure_ is figure
    assert display.colorbar_ is None


def test_frames_without_times_are_counted():
    display = FeaturesDisplay(np.ones((5, 2))).plot()
    assert display.ax_.get_xlabel() == "frame"
    assert display.ax_.get_ylabel() == "feature"
    assert FeaturesDisplay(np.ones(5)).plot().ax_.get_xlabel() == "sample"


def test_what_cannot_be_shown_is_refused(waveforms):
    with pytest.raises(ValueError, match=r"gives an array of shape \(1, 64\)\. Leave its summary out"):
        FeaturesDisplay.from_estimator(MFCCTransformer(summary=("mean",)), waveforms)
    with pytest.raises(ValueError, match=r"a position among 2 recordings; got 2"):
        FeaturesDisplay.from_estimator(MFCCTransformer(), waveforms, recording=2)
    with pytest.raises(ValueError, match=r"got an array of shape \(2, 3, 4\)"):
        FeaturesDisplay(np.ones((2, 3, 4))).plot()
    with pytest.raises(ValueError, match=r"times must be of shape \(5,\); got an array of shape \(4,\)"):
        FeaturesDisplay(np.ones(5), times=np.arange(4)).plot()
    with pytest.raises(RecordingError, match=r"recording 0 is not a file: 'nowhere\.wav'"):
        FeaturesDisplay.from_recording("nowhere.wav")
