"""Loss and accuracy of trainings, epoch by epoch."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.evaluation import evaluate
from sklearn_ser.plotting import TrainingHistoryDisplay

TINY = {"architecture": "plain", "filters": 4, "n_blocks": 1, "random_state": 0}


@pytest.fixture(scope="module")
def folds():
    """Classifiers of three folds, each at the end of a pipeline."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(24, 12, 4)), np.tile(["angry", "sad"], 12)
    pipe = make_pipeline(FunctionTransformer(), CNNEmotionClassifier(epochs=3, **TINY))
    return cross_validate(pipe, X, y, cv=StratifiedKFold(3), return_estimator=True)["estimator"]


def test_one_training_is_a_line_for_its_loss_and_one_for_its_accuracy(folds):
    display = TrainingHistoryDisplay.from_estimator(folds[0])
    history = folds[0][-1].history_
    assert set(display.lines_) == {"loss", "accuracy"}
    for name, line in display.lines_.items():
        np.testing.assert_array_equal(line.get_xdata(), [1, 2, 3])
        np.testing.assert_array_equal(line.get_ydata(), history[name])
    assert display.fold_lines_ == {"loss": [], "accuracy": []}
    assert [ax.get_ylabel() for ax in display.axes_] == ["loss", "accuracy"]
    assert all(ax.figure is display.figure_ for ax in display.axes_)
    assert [text.get_text() for text in display.axes_[0].get_legend().get_texts()] == ["training"]


def test_each_fold_is_a_thin_line_and_their_mean_a_thick_one(folds):
    display = TrainingHistoryDisplay.from_estimators(folds)
    losses = [pipe[-1].history_["loss"] for pipe in folds]
    thin = display.fold_lines_["loss"]
    np.testing.assert_array_equal([line.get_ydata() for line in thin], losses)
    np.testing.assert_allclose(display.lines_["loss"].get_ydata(), np.mean(losses, axis=0))
    assert all(line.get_linewidth() < display.lines_["loss"].get_linewidth() for line in thin)
    [text] = display.axes_[1].get_legend().get_texts()
    assert text.get_text() == "training (mean of 3)"


def test_the_held_out_part_is_drawn_beside_the_training_part(rng):
    X, y = rng.normal(size=(24, 12, 4)), np.tile(["angry", "sad"], 12)
    classifier = CNNEmotionClassifier(epochs=2, early_stopping=True, validation_fraction=0.25, **TINY)
    display = TrainingHistoryDisplay.from_estimator(classifier.fit(X, y))
    assert set(display.lines_) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    validation = display.lines_["val_accuracy"]
    np.testing.assert_array_equal(validation.get_ydata(), classifier.history_["val_accuracy"])
    assert validation.axes is display.axes_[1]
    assert validation.get_label() == "validation"
    assert validation.get_color() != display.lines_["accuracy"].get_color()


def test_the_mean_ends_with_the_shortest_training_and_the_thin_lines_go_on():
    histories = [{"loss": [3, 2, 1], "accuracy": [0.2, 0.4, 0.6]}, {"loss": [1, 0], "accuracy": [0.4, 0.8]}]
    display = TrainingHistoryDisplay(histories).plot()
    np.testing.assert_array_equal(display.lines_["loss"].get_ydata(), [2, 1])
    assert [len(line.get_ydata()) for line in display.fold_lines_["loss"]] == [3, 2]


def test_a_single_epoch_is_a_dot():
    display = TrainingHistoryDisplay([{"loss": [3], "accuracy": [0.2]}]).plot()
    assert display.lines_["loss"].get_marker() == "o"


def test_it_is_drawn_into_the_two_axes_that_are_given(folds):
    _, axes = plt.subplots(2)
    display = TrainingHistoryDisplay.from_estimators(folds, ax=axes)
    assert list(display.axes_) == list(axes)
    with pytest.raises(ValueError, match=r"ax must be two axes, .*; got 1\. plt\.subplots\(ncols=2\)"):
        display.plot(axes[0])


def test_what_was_not_fitted_is_named_with_its_position(folds):
    with pytest.raises(NotFittedError, match=r"in position 1 a fitted CNNEmotionClassifier; .* not fitted"):
        TrainingHistoryDisplay.from_estimators([folds[0], CNNEmotionClassifier()])
    with pytest.raises(NotFittedError, match="this one is not fitted"):
        TrainingHistoryDisplay.from_estimator(make_pipeline(CNNEmotionClassifier()))


def test_what_has_no_network_at_its_end_is_refused_with_the_mend(folds):
    with pytest.raises(TypeError, match=r"needs a fitted CNNEmotionClassifier.*; got Functi"):
        TrainingHistoryDisplay.from_estimator(folds[0][0])
    search = GridSearchCV(folds[0], {})
    search.best_estimator_ = folds[0]
    with pytest.raises(TypeError, match=r"Pass its best_estimator_\."):
        TrainingHistoryDisplay.from_estimator(search)


def test_histories_that_have_no_mean_in_common_are_refused():
    plain = {"loss": [1.0], "accuracy": [0.5]}
    with pytest.raises(ValueError, match="no training to show"):
        TrainingHistoryDisplay.from_estimators([])
    with pytest.raises(ValueError, match=r"position 1 lacks 'accuracy' and holds \['loss'\]"):
        TrainingHistoryDisplay([plain, {"loss": [1.0]}]).plot()
    held_out = plain | {"val_loss": [1.0], "val_accuracy": [0.5]}
    with pytest.raises(ValueError, match=r"position 1 has loss, accuracy, val_loss, .*Draw them apart"):
        TrainingHistoryDisplay([plain, held_out]).plot()


def test_the_trainings_of_an_evaluation_are_those_of_its_folds_and_random_states():
    rng = np.random.default_rng(0)
    X, y, speakers = rng.normal(size=(24, 12, 4)), np.tile(["angry", "sad"], 12), np.repeat(list("abcd"), 6)
    classifier = CNNEmotionClassifier(epochs=2, **TINY)
    result = evaluate(classifier, X, y, speakers, outer=2, random_states=(0, 1))
    display = TrainingHistoryDisplay.from_result(type(result).from_json(result.to_json()))
    losses = [history["loss"] for of_run in result.histories for history in of_run]
    assert np.shape(losses) == (4, 2)
    np.testing.assert_array_equal([line.get_ydata() for line in display.fold_lines_["loss"]], losses)
    without = evaluate(DummyClassifier(), X, y, speakers, outer=2)
    with pytest.raises(ValueError, match=r"no training to show: no fit of this result has left a history_"):
        TrainingHistoryDisplay.from_result(without)
    with pytest.raises(TypeError, match=r"from_result needs the EvaluationResult that evaluate returns"):
        TrainingHistoryDisplay.from_result(classifier)
