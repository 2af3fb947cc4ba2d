"""What was predicted of each emotion, with its recall."""

import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser.evaluation import EvaluationResult

from ._cells import axes_or_new, check_result

_DARK = 0.65  # share from which white is read better on its colour than dark blue


class EmotionConfusionDisplay:
    """Show what was predicted of each emotion, in shares of its recordings, with recall and its interval.

    Make one with :meth:`from_result`. The matrix is drawn by scikit-learn's ``ConfusionMatrixDisplay``.

    Parameters
    ----------
    confusion_matrix : ndarray of shape (n_emotions, n_emotions)
        Shares: a row for each emotion that it was, a column for each that was predicted. The diagonal is
        recall.
    emotions : array-like of shape (n_emotions,)
        Their names.
    intervals : ndarray of shape (n_emotions, 2) or None, default=None
        Ends of the intervals of recall, which are written beside the rows' names; NaN where there is none.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    matrix_ : sklearn.metrics.ConfusionMatrixDisplay
        The matrix, with its image ``im_`` and its numbers ``text_``.

    Notes
    -----
    Intervals are those of :class:`~sklearn_ser.evaluation.EvaluationResult`, by bootstrap over speakers.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import EmotionConfusionDisplay
    >>> shares = np.array([[0.75, 0.25], [0.4, 0.6]])
    >>> display = EmotionConfusionDisplay(shares, ["angry", "sad"]).plot()
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['angry', 'sad']
    """

    def __init__(self, confusion_matrix, emotions, *, intervals=None):
        self.confusion_matrix = confusion_matrix
        self.emotions = emotions
        self.intervals = intervals

    @classmethod
    def from_result(cls, result, *, confidence=0.95, ax=None):
        """Draw what an evaluation predicted, on average over runs.

        Parameters
        ----------
        result : EvaluationResult
            What :func:`~sklearn_ser.evaluation.evaluate` found.
        confidence : float, default=0.95
            How often intervals hold the recall of all speakers whom these might have been.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        EmotionConfusionDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, EvaluationResult)
        intervals = [result.interval(f"recall_{name}", confidence=confidence) for name in result.emotions]
        return cls(result.confusion_matrix("true"), result.emotions, intervals=np.array(intervals)).plot(ax)

    def plot(self, ax=None):
        """Draw the matrix.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        EmotionConfusionDisplay
            The display itself.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        self.ax_ = ax = axes_or_new(
            ax, figsize=(2.8 + 0.55 * len(self.emotions), 1.5 + 0.5 * len(self.emotions))
        )
        self.figure_ = ax.figure
        self.matrix_ = ConfusionMatrixDisplay(np.asarray(self.confusion_matrix), display_labels=self.emotions)
        self.matrix_.plot(
            ax=ax,
            cmap="Blues",
            values_format=".2f",
            xticks_rotation=45,
            colorbar=False,
            im_kw={"vmin": 0, "vmax": 1},
        )
        # scikit-learn's choice is by the largest share; the colours here reach to 1, whatever that is.
        colors = self.matrix_.im_.cmap
        for text, share in zip(self.matrix_.text_.flat, np.asarray(self.confusion_matrix).flat, strict=True):
            text.set_color(colors(0.0 if share > _DARK else 1.0))
        if self.intervals is not None:
            ends = np.asarray(self.intervals, dtype=float)
            ax.set_yticklabels(
                [
                    f"{name}" if np.isnan(low) else f"{name}\n({low:.2f} to {high:.2f})"
                    for name, (low, high) in zip(self.emotions, ends, strict=True)
                ]
            )
        ax.set_xlabel("predicted emotion")
        ax.set_ylabel("emotion (interval of recall)" if self.intervals is not None else "emotion")
        return self
