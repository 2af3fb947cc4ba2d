"""Scores of parts of an evaluation: its speakers, its folds, or what else is known of recordings."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser.evaluation import EvaluationResult

from ._cells import BLUE, axes_or_new, bars_of, check_result, draw_legend


class ScoresDisplay:
    """Show the balanced accuracy of each speaker or fold beside that of all of them.

    Make one with :meth:`from_result`.

    Parameters
    ----------
    names : array-like of shape (n_parts,)
        Names of the parts, from the top to the bottom.
    scores : array-like of shape (n_parts,)
        Their scores, from 0 to 1.
    intervals : array-like of shape (n_parts, 2) or None, default=None
        Ends of their intervals; NaN where there is none.
    overall : float or None, default=None
        Score of all recordings together, drawn as a line.
    overall_interval : array-like of shape (2,) or None, default=None
        Ends of its interval, drawn as a band.
    chance : float or None, default=None
        Score of guesses, drawn as a dashed line.
    by : str, default="part"
        What the parts are.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    points_ : matplotlib Line2D
        The scores.
    errorbars_ : matplotlib ErrorbarContainer or None
        Their intervals.

    See Also
    --------
    sklearn_ser.evaluation.evaluate : Makes what is shown.

    Notes
    -----
    Intervals are those of :meth:`EvaluationResult.by <sklearn_ser.evaluation.EvaluationResult.by>`, by
    bootstrap over the speakers of a part. They tell what the score of other speakers of the same kind might
    be, together. That of a single speaker is over the speaker's recordings, not over speakers: it tells what
    other recordings of the same voice might have given. A part of two speakers has none. The band is the
    interval of all recordings, over speakers; single speakers may lie far outside.

    Examples
    --------
    >>> from sklearn_ser import ScoresDisplay
    >>> display = ScoresDisplay(["anna", "ben"], [0.7, 0.4], by="speaker", chance=0.25).plot()
    >>> [label.get_text() for label in display.ax_.get_yticklabels()]
    ['anna', 'ben']
    """

    def __init__(
        self,
        names,
        scores,
        *,
        intervals=None,
        overall=None,
        overall_interval=None,
        chance=None,
        by="part",
    ):
        self.names = names
        self.scores = scores
        self.intervals = intervals
        self.overall = overall
        self.overall_interval = overall_interval
        self.chance = chance
        self.by = by

    @classmethod
    def from_result(cls, result, by="speaker", *, confidence=0.95, ax=None):
        """Draw the scores of an evaluation's parts.

        Parameters
        ----------
        result : EvaluationResult
            What :func:`~sklearn_ser.evaluation.evaluate` found.
        by : str, default="speaker"
            ``"speaker"``, whose best is on top, ``"fold"``, or a column of the result's metadata.
        confidence : float, default=0.95
            How often intervals hold the score of all speakers whom these might have been; of a single
            speaker, that of all recordings that these might have been.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        ScoresDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        ValueError
            The result has no such column.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, EvaluationResult)
        frame = result.by(by, confidence=confidence)
        if by == "speaker":
            frame = frame.sort_values("balanced_accuracy", ascending=False, kind="stable")
        return cls(
            np.asarray(frame.index),
            frame["balanced_accuracy"].to_numpy(),
            intervals=frame[["low", "high"]].to_numpy(),
            overall=float(result.score().mean()),
            overall_interval=result.interval(confidence=confidence),
            chance=1 / len(result.emotions),
            by=by,
        ).plot(ax)

    def plot(self, ax=None):
        """Draw the scores.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        ScoresDisplay
            The display itself.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        scores = np.asarray(self.scores, dtype=float)
        place = np.arange(len(scores))
        self.ax_ = ax = axes_or_new(ax, figsize=(5, 1.2 + 0.22 * max(len(scores), 5)))
        self.figure_, self.errorbars_ = ax.figure, None
        if self.overall is not None:
            ax.axvline(self.overall, color="0.4", linewidth=1, label="all recordings")
            if self.overall_interval is not None and np.isfinite(self.overall_interval).all():
                ax.axvspan(*self.overall_interval, color="0.85", zorder=0, label="its interval")
        if self.chance is not None:
            ax.axvline(self.chance, color="0.4", linewidth=1, linestyle="--", label="chance")
        if (bars := bars_of(scores, self.intervals)) is not None:
            self.errorbars_ = ax.errorbar(
                scores,
                place,
                xerr=bars,
                fmt="none",
                ecolor=BLUE,
                elinewidth=1.5,
            )
        [self.points_] = ax.plot(scores, place, "o", color=BLUE, markersize=5)
        ax.set_yticks(place, [str(name) for name in self.names])
        ax.set_ylim(len(scores) - 0.5, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xlabel("balanced accuracy")
        ax.set_ylabel(self.by)
        if self.overall is not None or self.chance is not None:
            draw_legend(ax, 3)
        return self
