"""What a random split adds to a score."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from sklearn_ser.evaluation import evaluate
from sklearn_ser.plotting import RandomSplitGapDisplay
from tests.evaluation.conftest import speak

SCORES = ["balanced_accuracy", "accuracy", "macro_f1"]


@pytest.fixture(scope="module")
def result():
    spoken = speak(np.random.default_rng(0), n_speakers=6)
    return evaluate(KNeighborsClassifier(3), *spoken.all, outer=3, random_split=True)


def ends_of(errorbars):
    [bars] = errorbars.lines[2]
    return np.array([segment[:, 0] for segment in bars.get_segments()])


def test_each_score_has_two_dots_with_their_intervals(result):
    display = RandomSplitGapDisplay.from_result(result, SCORES)
    for side, one in (("unheard", result), ("random_split", result.random_split)):
        wanted = [one.score(score).mean() for score in SCORES]
        np.testing.assert_allclose(display.points_[side].get_xdata(), wanted)
        np.testing.assert_allclose(
            ends_of(display.errorbars_[side]), [one.interval(score) for score in SCORES]
        )
    labels = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert labels == ["balanced accuracy", "accuracy", "macro-F1"]
    low, high = display.ax_.get_ylim()
    assert low > high  # the first one is on top


def test_the_gap_is_written_with_its_own_interval(result):
    display = RandomSplitGapDisplay.from_result(result, "accuracy", confidence=0.8)
    gap, low, high = result.gap("accuracy", confidence=0.8)
    assert [text.get_text() for text in display.text_] == [f"{gap:+.2f} ({low:+.2f} to {high:+.2f})"]


def test_recalls_are_shown_beside_the_balanced_accuracy_with_the_score_of_guesses(result):
    display = RandomSplitGapDisplay.from_result(result)
    assert display.names == ["balanced accuracy", *(f"recall {emotion}" for emotion in result.emotions)]
    found = {line.get_label(): line.get_xdata()[0] for line in display.ax_.lines}
    assert found["chance"] == pytest.approx(1 / len(result.emotions))
    # Nobody knows what guesses would have there: it depends on how many recordings each emotion has.
    assert RandomSplitGapDisplay.from_result(result, SCORES).chance is None


def test_without_intervals_the_gap_stands_alone():
    display = RandomSplitGapDisplay(["a", "b"], [0.5, 0.604], [0.62, 0.6]).plot()
    assert [text.get_text() for text in display.text_] == ["+0.12", "-0.004"]
    assert display.errorbars_ == {}


def test_the_side_of_zero_that_a_gap_is_on_is_not_rounded_away():
    display = RandomSplitGapDisplay(
        ["a", "b", "c"],
        [0.5, 0.5, 0.3],
        [0.6, 0.5, 0.1 + 0.2],
        gap_intervals=[[-0.001, 0.2], [-0.04, 0.04], [0, 0]],
    ).plot()
    assert [text.get_text() for text in display.text_] == [
        "+0.10 (-0.001 to +0.20)", "+0.00 (-0.04 to +0.04)", "+0.00 (+0.00 to +0.00)",
    ]  # fmt: skip
    display = RandomSplitGapDisplay(["a"], [0.5], [0.6], gap_intervals=[[0.00004, 0.2]]).plot()
    assert [text.get_text() for text in display.text_] == ["+0.10 (+0.00004 to +0.20)"]


def test_a_result_without_a_random_split_and_unknown_scores_are_refused(result):
    with pytest.raises(ValueError, match=r"no random split to compare with: evaluate with random_split=True"):
        RandomSplitGapDisplay.from_result(result.random_split)
    with pytest.raises(ValueError, match=r"got 'auc'"):
        RandomSplitGapDisplay.from_result(result, "auc")
    with pytest.raises(ValueError, match=r"at least one score, such as 'balanced_accuracy'; got none"):
        RandomSplitGapDisplay.from_result(result, [])


def test_it_is_drawn_into_the_axes_that_are_given(result):
    _, ax = plt.subplots()
    assert RandomSplitGapDisplay.from_result(result, ax=ax).ax_ is ax
