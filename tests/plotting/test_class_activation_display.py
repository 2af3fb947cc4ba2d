"""A class activation map over the spectrogram of its recording."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from sklearn_ser.features import (
    AmplitudeEnvelopeTransformer,
    CepstralNormalizer,
    LogMelTransformer,
    MFCCTransformer,
)
from sklearn_ser.inspection import class_activation_map
from sklearn_ser.plotting import ClassActivationDisplay
from tests.inspection.classifiers import untrained

LENGTHS = {"duration": 0.6, "n_fft": 512}


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=n).astype(np.float32) for n in (8000, 5000, 8500)]


def pipeline_of(waveforms, *steps, **params):
    """A pipeline that is fitted but for the training of its network."""
    frames = make_pipeline(*steps).fit_transform(waveforms)
    return make_pipeline(*steps, untrained(frames, ["calm", "sad", "sad"], **params))


def test_a_map_over_frames_covers_the_spectrogram_in_seconds_and_hertz(waveforms):
    pipe = pipeline_of(waveforms, MFCCTransformer(n_mfcc=8, n_mels=20, **LENGTHS), filters=4, n_blocks=1)
    display = ClassActivationDisplay.from_estimator(pipe, waveforms, recording=1, emotion="sad")
    seen = class_activation_map(pipe, waveforms, emotion="sad")
    assert display.ax_.get_xlabel() == "time (s)"
    assert display.ax_.get_ylabel() == "frequency (Hz)"
    assert display.ax_.get_title() == f"sad ({seen.probabilities[1, 1]:.0%})"
    np.testing.assert_array_equal(display.activation, seen.map[1])
    assert display.levels_.get_array().shape == (20, 31)
    np.testing.assert_allclose(display.activation_.get_array().filled(np.nan), seen.map[1:2])
    low, high = display.ax_.get_ylim()
    frequencies = LogMelTransformer(n_mels=20, **LENGTHS).fit(waveforms).frequencies_
    assert low < frequencies[0] < frequencies[-1] < high
    # Without the padding: 5000 samples are 16 frames, the last of them 0.3 s in.
    np.testing.assert_allclose(display.ax_.get_xlim(), [-0.01, 0.31])


def test_a_map_with_bands_lies_on_the_bands(waveforms):
    log_mel = LogMelTransformer(n_mels=20, **LENGTHS)
    pipe = pipeline_of(waveforms, log_mel, CepstralNormalizer(), architecture="deep_net")
    display = ClassActivationDisplay.from_estimator(pipe, waveforms)
    assert display.activation_.get_array().shape == display.levels_.get_array().shape == (20, 31)
    np.testing.assert_allclose(display.frequencies, log_mel.frequencies_)
    # The levels are those before they were normalised.
    np.testing.assert_allclose(display.levels[:26], log_mel.transform(waveforms)[0, :26], rtol=1e-5)
    assert np.isnan(display.levels[26:]).all()


def test_bands_of_unequal_width_are_drawn_equally_high(waveforms):
    pipe = pipeline_of(waveforms, LogMelTransformer(n_mels=20, **LENGTHS), architecture="deep_net")
    display = ClassActivationDisplay.from_estimator(pipe, waveforms)
    heights = display.ax_.transData.transform(np.column_stack([np.zeros(20), display.frequencies]))[:, 1]
    np.testing.assert_allclose(np.diff(heights)[1:-1], np.diff(heights)[1], rtol=0.1)
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == [
        "250",
        "500",
        "1000",
        "2000",
        "4000",
    ]


def test_coefficients_are_drawn_as_they_are_where_the_map_is_over_them(waveforms):
    pipe = pipeline_of(waveforms, MFCCTransformer(n_mfcc=8, n_mels=20, **LENGTHS), architecture="deep_net")
    display = ClassActivationDisplay.from_estimator(pipe, waveforms)
    assert display.ax_.get_ylabel() == "feature"
    assert display.ax_.get_xlabel() == "time (s)"
    assert display.levels_.get_array().shape == (8, 31)


def test_an_envelope_and_bare_frames_are_drawn_without_hertz(waveforms, heard):
    pipe = pipeline_of(waveforms, AmplitudeEnvelopeTransformer(duration=0.6), filters=4)
    assert ClassActivationDisplay.from_estimator(pipe, waveforms).ax_.get_ylabel() == "feature"
    display = ClassActivationDisplay.from_estimator(untrained(*heard, filters=4), heard[0], recording=2)
    assert display.ax_.get_xlabel() == "frame"
    np.testing.assert_allclose(display.ax_.get_xlim(), [-0.5, 15.5])


def test_a_map_that_was_computed_before_can_be_drawn(heard):
    seen = class_activation_map(untrained(*heard, filters=4), heard[0])
    display = ClassActivationDisplay.from_map(seen, recording=3)
    np.testing.assert_allclose(display.activation_.get_ydata(), seen.map[3])
    assert display.ax_.get_ylabel() == "added to the logit"
    assert display.levels_ is None
    over = ClassActivationDisplay.from_map(seen, recording=3, levels=heard[0][3])
    assert over.levels_.get_array().shape == (4, 24)


def test_it_draws_where_it_is_told_to_and_shows_nothing_by_itself(heard, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a display leaves that to its user"))
    figure, axes = plt.subplots(1, 2)
    display = ClassActivationDisplay.from_estimator(untrained(*heard, filters=4), heard[0], ax=axes[1])
    assert display.ax_ is axes[1]
    assert display.figure_ is figure
    assert not axes[0].collections
    again = display.plot(axes[0], cmap="viridis", alpha=1, colorbar=False)
    assert again is display
    assert display.ax_ is axes[0]
    assert display.colorbar_ is None
    assert display.activation_.get_cmap().name == "viridis"


def test_colours_are_centred_where_a_map_has_two_signs(heard):
    signed = ClassActivationDisplay(np.array([[1.0, -3.0], [0.5, np.nan]]))
    assert signed.plot().activation_.get_clim() == (-3, 3)
    assert signed.activation_.get_cmap().name == "RdBu_r"
    assert ClassActivationDisplay(np.array([[1.0, 3.0]])).plot().activation_.get_clim() == (0, 3)


def test_a_recording_of_padding_alone_can_be_drawn():
    display = ClassActivationDisplay(np.full(5, np.nan), levels=np.full((5, 3), np.nan)).plot()
    assert display.activation_.get_array().mask.all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"activation": np.zeros((2, 3, 4))}, r"map of one recording, .*got an array of shape \(2, 3, 4\)"),
        ({"activation": np.zeros(4), "levels": np.zeros((3, 5))}, r"shape \(4, n_levels\).*\(3, 5\)"),
        (
            {"activation": np.zeros((4, 2)), "levels": np.zeros((4, 2)), "frequencies": [100, 200]},
            r"frequencies=\[100, 200\] and level_frequencies=None",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ClassActivationDisplay(**arguments).plot()


def test_rows_have_no_moments_to_show(heard):
    X, y = heard
    rows = untrained(X.mean(axis=1), y, filters=4, n_blocks=1)
    with pytest.raises(
        ValueError, match=r"ClassActivationDisplay shows moments, and rows of features have none"
    ):
        ClassActivationDisplay.from_estimator(rows, X.mean(axis=1))
