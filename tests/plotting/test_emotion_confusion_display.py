"""What was predicted of each emotion."""

import numpy as np
from sklearn.naive_bayes import GaussianNB

from sklearn_ser.evaluation import evaluate
from sklearn_ser.plotting import EmotionConfusionDisplay
from tests.evaluation.conftest import speak


def test_shares_are_drawn_with_the_interval_of_recall(rng):
    result = evaluate(GaussianNB(), *speak(rng, n_speakers=6).all, outer=3)
    display = EmotionConfusionDisplay.from_result(result)
    shares = result.confusion_matrix("true")
    np.testing.assert_allclose(display.matrix_.im_.get_array(), shares)
    assert display.matrix_.text_[0, 1].get_text() == f"{shares[0, 1]:.2f}"
    low, high = result.interval("recall_angry")
    assert display.ax_.get_yticklabels()[0].get_text() == f"angry\n({low:.2f} to {high:.2f})"
    assert display.ax_.get_xlabel() == "predicted emotion"
    assert display.matrix_.im_.get_clim() == (0, 1)
