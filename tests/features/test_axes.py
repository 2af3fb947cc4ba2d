"""What is known of the axes of frames after the steps of a pipeline."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_ser.features import (
    AmplitudeEnvelopeTransformer,
    CepstralNormalizer,
    CepstrumTransformer,
    DeltaTransformer,
    FunctionalsTransformer,
    LogMelTransformer,
    MFCCTransformer,
    STFTTransformer,
)
from sklearn_ser.features._axes import run_steps, split_at_recordings

LENGTHS = {"duration": 0.5, "n_fft": 256, "hop_length": 160}


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=n).astype(np.float32) for n in (8000, 5000)]


def after(waveforms, *steps):
    """Frames, their axes and their source after some steps."""
    pipe = make_pipeline(*steps).fit(waveforms)
    return run_steps([step for _, step in pipe.steps], waveforms)


def test_frames_have_times_and_names(waveforms):
    X, axes, source = after(waveforms, MFCCTransformer(n_mfcc=13, **LENGTHS))
    assert X.shape == (2, 51, 13)
    np.testing.assert_allclose(axes.times, np.arange(51) / 100)
    np.testing.assert_allclose(axes.edges, np.append(0, np.arange(51) / 100 + 0.005))
    assert axes.feature_names.tolist() == [f"mfcc{k}" for k in range(13)]
    assert axes.frequencies is None
    assert source.recordings is waveforms


@pytest.mark.parametrize("transformer", [LogMelTransformer(n_mels=20, **LENGTHS), STFTTransformer(**LENGTHS)])
def test_bands_have_their_frequencies(transformer, waveforms):
    _, axes, source = after(waveforms, transformer, CepstralNormalizer())
    np.testing.assert_array_equal(axes.frequencies, source.transformer.frequencies_)


def test_cepstral_coefficients_know_the_bands_that_they_were_made_of(waveforms):
    _, axes, _ = after(waveforms, MFCCTransformer(n_mels=20, n_mfcc=13, **LENGTHS))
    log_mel = LogMelTransformer(n_mels=20, **LENGTHS).fit(waveforms)
    np.testing.assert_allclose(axes.band_frequencies, log_mel.frequencies_)


@pytest.mark.parametrize(
    ("slopes", "names"),
    [
        (DeltaTransformer(), ["mfcc0", "mfcc1", "mfcc0_delta", "mfcc1_delta"]),
        (DeltaTransformer(append=False), ["mfcc0_delta", "mfcc1_delta"]),
    ],
)
def test_slopes_have_the_names_that_coefficients_give_theirs(slopes, names, waveforms):
    X, axes, _ = after(waveforms, MFCCTransformer(n_mfcc=2, **LENGTHS), slopes)
    assert axes.feature_names.tolist() == names
    assert X.shape[2] == len(names)
    assert after(waveforms, MFCCTransformer(n_mfcc=2, delta=2, **LENGTHS))[1].feature_names.tolist() == (
        after(waveforms, MFCCTransformer(n_mfcc=2, **LENGTHS), DeltaTransformer(2))[1].feature_names.tolist()
    )


def test_slopes_beside_levels_are_no_frequencies_and_alone_they_are(waveforms):
    log_mel = LogMelTransformer(n_mels=20, **LENGTHS)
    assert after(waveforms, log_mel, DeltaTransformer())[1].frequencies is None
    assert len(after(waveforms, log_mel, DeltaTransformer(append=False))[1].frequencies) == 20


def test_rows_have_names_and_no_times(waveforms):
    rows = MFCCTransformer(n_mfcc=2, summary=("mean", "std"), **LENGTHS)
    _, axes, _ = after(waveforms, rows, StandardScaler())
    assert axes.feature_names.tolist() == ["mfcc0_mean", "mfcc1_mean", "mfcc0_std", "mfcc1_std"]
    assert axes.times is None
    frames = MFCCTransformer(n_mfcc=2, **LENGTHS)
    _, of_frames, _ = after(waveforms, frames, FunctionalsTransformer(("mean", "std")))
    assert of_frames.feature_names.tolist() == axes.feature_names.tolist()
    assert of_frames.times is None


def test_what_another_step_made_of_features_is_not_known(waveforms):
    halves = FunctionTransformer(lambda X: X[:, :, ::2])
    _, axes, _ = after(waveforms, LogMelTransformer(n_mels=20, **LENGTHS), halves)
    assert axes.feature_names is None
    assert axes.frequencies is None
    assert len(axes.times) == 51
    fewer = FunctionTransformer(lambda X: X[:, ::2])
    assert after(waveforms, LogMelTransformer(n_mels=20, **LENGTHS), fewer)[1].times is None


def test_pipelines_within_pipelines_are_followed_and_steps_that_are_none_left_out(waveforms):
    inner = make_pipeline(MFCCTransformer(n_mfcc=2, **LENGTHS), "passthrough")
    X, axes, _ = after(waveforms, inner, None, DeltaTransformer())
    assert X.shape == (2, 51, 4)
    assert axes.feature_names.tolist() == ["mfcc0", "mfcc1", "mfcc0_delta", "mfcc1_delta"]
    before, rest = split_at_recordings([inner, DeltaTransformer()])
    assert [type(step).__name__ for step in before + rest] == ["MFCCTransformer", "DeltaTransformer"]
    assert len(before) == 1
    assert split_at_recordings([DeltaTransformer()])[0] == []


def test_the_spectrogram_of_coefficients_is_the_levels_they_were_made_of(waveforms):
    _, _, source = after(waveforms, MFCCTransformer(n_mels=20, n_mfcc=13, **LENGTHS))
    log_mel = LogMelTransformer(n_mels=20, **LENGTHS)
    expected = log_mel.fit_transform(waveforms)
    for index in range(2):
        levels, frequencies = source.spectrogram(index, 51)
        is_padding = (expected[index] == 0).all(axis=1)
        np.testing.assert_array_equal(np.isnan(levels).all(axis=1), is_padding)
        np.testing.assert_allclose(levels[~is_padding], expected[index, ~is_padding], rtol=1e-5)
        np.testing.assert_allclose(frequencies, log_mel.frequencies_)


def test_the_spectrogram_of_magnitudes_and_of_cepstra_is_in_decibels(waveforms):
    expected = STFTTransformer(scale="db", **LENGTHS).fit_transform(waveforms)[0]
    for transformer in (STFTTransformer(**LENGTHS), CepstrumTransformer(**LENGTHS)):
        levels, frequencies = after(waveforms, transformer)[2].spectrogram(0, 51)
        np.testing.assert_allclose(levels, expected, rtol=1e-3, atol=1e-2)
        np.testing.assert_allclose(frequencies, np.arange(129) * 62.5)


def test_an_envelope_has_no_spectrogram(waveforms):
    _, _, source = after(waveforms, AmplitudeEnvelopeTransformer(duration=0.5))
    assert source.spectrogram(0, 26) == (None, None)
