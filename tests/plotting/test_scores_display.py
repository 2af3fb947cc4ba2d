"""Scores of speakers and folds."""

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from sklearn_ser.evaluation import evaluate
from sklearn_ser.plotting import ScoresDisplay
from tests.evaluation.conftest import speak


@pytest.fixture
def result(rng):
    spoken = speak(rng, n_speakers=6)
    return evaluate(GaussianNB(), *spoken.all, outer=3, metadata=spoken.metadata)


def test_speakers_are_drawn_from_the_best_to_the_worst(result):
    display = ScoresDisplay.from_result(result)
    frame = result.by("speaker").sort_values("balanced_accuracy", ascending=False, kind="stable")
    np.testing.assert_allclose(display.points_.get_xdata(), frame["balanced_accuracy"])
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == list(frame.index)
    low, high = display.ax_.get_ylim()
    assert low > high  # the first one is on top
    [bars] = display.errorbars_.lines[2]
    ends = np.array([segment[:, 0] for segment in bars.get_segments()])
    np.testing.assert_allclose(ends, frame[["low", "high"]])
    assert display.ax_.get_xlabel() == "balanced accuracy"
    assert display.ax_.get_ylabel() == "speaker"


def test_folds_of_two_speakers_have_no_intervals(result):
    assert ScoresDisplay.from_result(result, by="fold").errorbars_ is None


def test_folds_have_intervals_and_stay_in_order(rng):
    result = evaluate(GaussianNB(), *speak(rng, n_speakers=9).all, outer=3)
    display = ScoresDisplay.from_result(result, by="fold")
    frame = result.by("fold")
    [bars] = display.errorbars_.lines[2]
    ends = np.array([segment[:, 0] for segment in bars.get_segments()])
    np.testing.assert_allclose(ends, frame[["low", "high"]])
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["0", "1", "2"]


def test_the_score_of_all_and_chance_are_lines(result):
    ax = ScoresDisplay.from_result(result, by="sex").ax_
    found = {line.get_label(): line.get_xdata()[0] for line in ax.lines}
    assert found["all recordings"] == pytest.approx(result.score().item())
    assert found["chance"] == pytest.approx(1 / 3)
    [band] = ax.patches
    np.testing.assert_allclose([band.get_x(), band.get_x() + band.get_width()], result.interval())
    assert ax.get_legend() is not None


def test_an_unknown_column_is_named(result):
    with pytest.raises(ValueError, match=r"column must be one of 'speaker', .*; got 'mood'"):
        ScoresDisplay.from_result(result, by="mood")
