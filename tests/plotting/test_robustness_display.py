"""A score against the strength of a degradation."""

import numpy as np
import pytest

from sklearn_ser.evaluation import RobustnessResult
from sklearn_ser.plotting import RobustnessDisplay


@pytest.fixture
def result(rng):
    emotions = np.array(["angry", "sad"])
    truth = np.tile(emotions, 20)
    shares = np.array([0.1, 0.2, 0.4, 0.3, 0.3])[:, np.newaxis]
    other = np.where(truth == "sad", "angry", "sad")
    return RobustnessResult(
        emotions=emotions,
        truth=truth,
        speakers=np.repeat(list("abcd"), 10),
        degradations=["clean", "noise", "noise", "gain", "room"],
        strengths=[None, 20.0, 0.0, 10.0, None],
        units=["", "dB", "dB", "dB", ""],
        predictions=np.where(rng.random((5, 40)) < shares, other, truth),
    )


def test_scores_are_drawn_by_strength_with_their_intervals(result):
    display = RobustnessDisplay.from_result(result, "noise")
    rows = result.to_frame().iloc[[2, 1]]
    np.testing.assert_array_equal(display.line_.get_xdata(), [0, 20])
    np.testing.assert_allclose(display.line_.get_ydata(), rows["score"])
    [bars] = display.errorbars_.lines[2]
    ends = np.array([segment[:, 1] for segment in bars.get_segments()])
    np.testing.assert_allclose(ends, rows[["low", "high"]])
    assert display.ax_.get_xlabel() == "signal-to-noise ratio (dB)"
    assert display.ax_.get_ylabel() == "balanced accuracy"


def test_the_recordings_as_they_are_and_chance_are_lines(result):
    lines = {line.get_label(): line for line in RobustnessDisplay.from_result(result, "gain").ax_.lines}
    assert lines["recordings as they are"].get_ydata()[0] == pytest.approx(result.score()[0])
    assert lines["chance"].get_ydata()[0] == 0.5
    assert RobustnessDisplay.from_result(result, "gain", score="macro_f1").chance is None


@pytest.mark.parametrize("name", ["room", "clean", "wind"])
def test_a_degradation_needs_strengths(result, name):
    with pytest.raises(ValueError, match=rf"strengths of, 'noise', 'gain'; got '{name}'"):
        RobustnessDisplay.from_result(result, name)
