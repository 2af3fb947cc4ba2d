"""Loss and accuracy of trainings, epoch by epoch."""

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils.validation import check_is_fitted

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.evaluation import EvaluationResult

from ._cells import BLUE, VERMILION, check_result, draw_legend

_MEASURES = ("loss", "accuracy")
_PARTS = {"": ("training", BLUE), "val_": ("validation", VERMILION)}


class TrainingHistoryDisplay:
    """Show the loss and the accuracy of each epoch, of one training or of several.

    Of several trainings, such as those of a cross-validation's folds, each is a thin line and their mean a
    thick one. Make one with :meth:`from_estimator`, :meth:`from_estimators` or
    :meth:`from_result`.

    Parameters
    ----------
    histories : list of dict of str to list of float
        ``history_`` of each training. ``"loss"`` and ``"accuracy"`` are drawn, and beside them
        ``"val_loss"`` and ``"val_accuracy"`` where all have them.

    Attributes
    ----------
    axes_ : ndarray of shape (2,), matplotlib Axes
        Where they were drawn: the loss, and the accuracy.
    figure_ : matplotlib Figure
        The figure of these.
    lines_ : dict of str to matplotlib Line2D
        The line of the only training, or the mean of several, by the name that the history has for it.
    fold_lines_ : dict of str to list of matplotlib Line2D
        The thin lines; none of a single training.

    See Also
    --------
    sklearn_ser.classification.CNNEmotionClassifier : Records the history as it is fitted.

    Notes
    -----
    The mean ends where the shortest training ends: after that it would be one of fewer trainings, and of
    those that went on for a reason. The values of an epoch's training part are Keras' averages over its
    steps, with dropout and augmentation at work, and the weights still on their way. Those of the validation
    part are taken after the epoch, without either, so that they may well be better.

    Examples
    --------
    >>> from sklearn_ser import TrainingHistoryDisplay
    >>> histories = [
    ...     {"loss": [1.6, 1.1, 0.9], "accuracy": [0.3, 0.5, 0.6]},
    ...     {"loss": [1.4, 1.5], "accuracy": [0.3, 0.4]},
    ... ]
    >>> display = TrainingHistoryDisplay(histories).plot()
    >>> display.lines_["loss"].get_ydata().tolist()
    [1.5, 1.3]
    """

    def __init__(self, histories):
        self.histories = histories

    @classmethod
    def from_estimator(cls, fitted, *, ax=None):
        """Draw the training of a classifier.

        Parameters
        ----------
        fitted : CNNEmotionClassifier or Pipeline
            A fitted classifier, or a pipeline that ends in one. Of a search, its ``best_estimator_``.
        ax : array-like of two matplotlib Axes or None, default=None
            Where to draw the loss and the accuracy; None makes a new figure.

        Returns
        -------
        TrainingHistoryDisplay
            What was drawn.

        Raises
        ------
        NotFittedError
            It is not fitted.
        TypeError
            There is no CNNEmotionClassifier in it, or it stands elsewhere than at the end.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimator")
        return cls([_history_of(fitted, f"{cls.__name__}.from_estimator needs")]).plot(ax)

    @classmethod
    def from_estimators(cls, fitted, *, ax=None):
        """Draw the trainings of several classifiers, and their mean.

        Parameters
        ----------
        fitted : sequence of CNNEmotionClassifier or Pipeline
            Such as ``cross_validate(..., return_estimator=True)["estimator"]``, one a fold.
        ax : array-like of two matplotlib Axes or None, default=None
            Where to draw the loss and the accuracy; None makes a new figure.

        Returns
        -------
        TrainingHistoryDisplay
            What was drawn.

        Raises
        ------
        NotFittedError
            One of them is not fitted, as where its fit failed in a cross-validation.
        TypeError
            One of them has no CNNEmotionClassifier at its end.
        ValueError
            There are none.
        """
        check_matplotlib_support(f"{cls.__name__}.from_estimators")
        return cls(
            [
                _history_of(one, f"{cls.__name__}.from_estimators needs in position {position}")
                for position, one in enumerate(fitted)
            ]
        ).plot(ax)

    @classmethod
    def from_result(cls, result, *, ax=None):
        """Draw the trainings of an evaluation, of all folds and random states, and their mean.

        Parameters
        ----------
        result : EvaluationResult
            What :func:`~sklearn_ser.evaluation.evaluate` found, whose ``histories`` these are.
        ax : array-like of two matplotlib Axes or None, default=None
            Where to draw the loss and the accuracy; None makes a new figure.

        Returns
        -------
        TrainingHistoryDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        ValueError
            The result has no histories, or such as ``plot`` refuses.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, EvaluationResult)
        if result.histories is None:
            raise ValueError(
                "There is no training to show: no fit of this result has left a history_, as "
                "CNNEmotionClassifier does."
            )
        return cls([one for of_run in result.histories for one in of_run if one is not None]).plot(ax)

    def plot(self, ax=None):
        """Draw the loss and the accuracy.

        Parameters
        ----------
        ax : array-like of two matplotlib Axes or None, default=None
            Where to draw the loss and the accuracy; None makes a new figure.

        Returns
        -------
        TrainingHistoryDisplay
            The display itself.

        Raises
        ------
        ValueError
            There are no histories, one lacks its loss or its accuracy, some have validation values and
            others have not, or ``ax`` is not two axes.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        names = self._check_histories()
        self.axes_ = _two_axes(ax)
        self.figure_ = self.axes_[0].figure
        self.lines_, self.fold_lines_ = {}, {}
        n_trainings = len(self.histories)
        suffix = f" (mean of {n_trainings})" if n_trainings > 1 else ""
        for name in names:
            measure = name.removeprefix("val_")
            part, color = _PARTS[name.removesuffix(measure)]
            ax = self.axes_[_MEASURES.index(measure)]
            curves = [np.asarray(history[name], dtype=float) for history in self.histories]
            self.fold_lines_[name] = [
                ax.plot(_epochs(curve), curve, color=color, linewidth=0.8, alpha=0.4)[0]
                for curve in (curves if n_trainings > 1 else [])
            ]
            shortest = min(map(len, curves))
            mean = np.mean([curve[:shortest] for curve in curves], axis=0)
            # A single epoch has no line to be seen.
            marker = "o" if shortest == 1 else None
            [self.lines_[name]] = ax.plot(
                _epochs(mean), mean, color=color, linewidth=2, marker=marker, label=part + suffix
            )
        for ax, measure in zip(self.axes_, _MEASURES, strict=True):
            ax.xaxis.get_major_locator().set_params(integer=True)
            ax.set_xlabel("epoch")
            ax.set_ylabel(measure)
            draw_legend(ax, 2)
        self.axes_[1].set_ylim(0, 1)
        return self

    def _check_histories(self):
        """Give the names of what all trainings have recorded; refuse those that cannot be laid together."""
        if not len(self.histories):
            raise ValueError("There is no training to show: got an empty sequence.")
        wanted = [prefix + measure for prefix in _PARTS for measure in _MEASURES]
        has = [[name for name in wanted if len(history.get(name, ()))] for history in self.histories]
        for position, found in enumerate(has):
            if lacking := [name for name in _MEASURES if name not in found]:
                raise ValueError(
                    "A history must hold the loss and the accuracy of each epoch; that in position "
                    f"{position} lacks {' and '.join(map(repr, lacking))} and holds "
                    f"{list(self.histories[position])!r}."
                )
            if found != has[0]:
                raise ValueError(
                    "Trainings with and without a validation part have no mean in common; that in position 0 "
                    f"has {', '.join(has[0])}, that in position {position} has {', '.join(found)}. Draw them "
                    "apart."
                )
        return has[0]


def _epochs(curve):
    return np.arange(1, len(curve) + 1)


def _history_of(fitted, asker):
    """Give the history of a classifier, or of one at the end of a pipeline."""
    classifier = fitted
    while isinstance(classifier, Pipeline):
        classifier = classifier.steps[-1][1]
    if not isinstance(classifier, CNNEmotionClassifier):
        mend = " Pass its best_estimator_." if hasattr(fitted, "best_estimator_") else ""
        if hasattr(fitted, "estimator_"):
            mend = " Pass its estimator_."
        raise TypeError(
            f"{asker} a fitted CNNEmotionClassifier, or a Pipeline that ends in one; got {fitted!r}." + mend
        )
    check_is_fitted(classifier, msg=f"{asker} a fitted %(name)s; this one is not fitted.")
    return classifier.history_


def _two_axes(ax):
    """Give the two axes, or those of a new figure."""
    import matplotlib.pyplot as plt

    if ax is None:
        return plt.subplots(ncols=2, figsize=(8, 3.2), layout="constrained")[1]
    axes = np.asarray(ax, dtype=object).ravel()
    if len(axes) != 2:
        raise ValueError(
            f"ax must be two axes, for the loss and for the accuracy; got {len(axes)}. "
            "plt.subplots(ncols=2)[1] makes them."
        )
    return axes
