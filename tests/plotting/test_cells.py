"""What the pictures of results have in common."""

import pytest
from sklearn.dummy import DummyClassifier

from sklearn_ser.plotting import (
    EmotionConfusionDisplay,
    RandomSplitGapDisplay,
    RobustnessDisplay,
    ScoresDisplay,
)


@pytest.mark.parametrize(
    ("display", "needed"),
    [
        (ScoresDisplay, "EvaluationResult that evaluate"),
        (EmotionConfusionDisplay, "EvaluationResult that evaluate"),
        (RandomSplitGapDisplay, "EvaluationResult that evaluate"),
        (RobustnessDisplay, "RobustnessResult that robustness"),
    ],
)
def test_what_is_no_result_is_not_drawn(display, needed):
    more = ["noise"] if display is RobustnessDisplay else []
    with pytest.raises(TypeError, match=rf"{display.__name__}.* the {needed} .*; got DummyClassifier"):
        display.from_result(DummyClassifier(), *more)
