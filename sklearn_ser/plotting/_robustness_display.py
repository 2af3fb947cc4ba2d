"""A score against the strength of a degradation."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser.evaluation import RobustnessResult

from ._cells import BLUE, axes_or_new, bars_of, check_result, draw_legend

_NAMES = {
    "noise": "signal-to-noise ratio",
    "gain": "gain",
    "band_limit": "highest frequency",
    "mu_law": "sample rate",
    "truncation": "kept of each recording",
    "clipping": "clipped at",
}


class RobustnessDisplay:
    """Show what is left of a score as recordings get worse.

    Make one with :meth:`from_result`.

    Parameters
    ----------
    strengths : array-like of shape (n_strengths,)
        Strengths of one degradation.
    scores : array-like of shape (n_strengths,)
        Scores, from 0 to 1.
    intervals : array-like of shape (n_strengths, 2) or None, default=None
        Ends of their intervals; NaN where there is none.
    clean : float or None, default=None
        Score of the recordings as they are, drawn as a line.
    chance : float or None, default=None
        Score of guesses, drawn as a dashed line.
    quantity : str, default="strength"
        What the strengths are, with their unit.
    score_name : str, default="score"
        What the scores are.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    line_ : matplotlib Line2D
        The scores.
    errorbars_ : matplotlib ErrorbarContainer or None
        Their intervals.

    See Also
    --------
    sklearn_ser.evaluation.robustness : Makes what is shown.

    Notes
    -----
    Intervals are those of :class:`~sklearn_ser.evaluation.RobustnessResult`, by bootstrap over speakers, and
    there are none without speakers. The same speakers are behind all points, so that a loss may be sure even
    where intervals overlap: the result's own table has an interval of each change.

    Examples
    --------
    >>> from sklearn_ser import RobustnessDisplay
    >>> display = RobustnessDisplay([0, 10, 20], [0.3, 0.4, 0.6], clean=0.65, quantity="SNR (dB)").plot()
    >>> display.ax_.get_xlabel()
    'SNR (dB)'
    """

    def __init__(
        self,
        strengths,
        scores,
        *,
        intervals=None,
        clean=None,
        chance=None,
        quantity="strength",
        score_name="score",
    ):
        self.strengths = strengths
        self.scores = scores
        self.intervals = intervals
        self.clean = clean
        self.chance = chance
        self.quantity = quantity
        self.score_name = score_name

    @classmethod
    def from_result(cls, result, degradation, *, score="balanced_accuracy", confidence=0.95, ax=None):
        """Draw the scores under one degradation.

        Parameters
        ----------
        result : RobustnessResult
            What :func:`~sklearn_ser.evaluation.robustness` found.
        degradation : str
            Name of a degradation that has strengths, such as ``"noise"``. An infinite strength has no
            place on the axis and is not drawn.
        score : str, default="balanced_accuracy"
            Name of the score, as :class:`~sklearn_ser.evaluation.EvaluationResult` has them.
        confidence : float, default=0.95
            How often intervals hold the score of all speakers whom these might have been.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        RobustnessDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        ValueError
            The result has no such degradation with strengths.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, RobustnessResult)
        frame = result.to_frame(score, confidence=confidence)
        known = frame["degradation"][frame["strength"].notna()].unique()
        if degradation not in known:
            raise ValueError(
                f"degradation must be one that the result has strengths of, {', '.join(map(repr, known))}; "
                f"got {degradation!r}."
            )
        own = frame[(frame["degradation"] == degradation) & np.isfinite(frame["strength"])]
        own = own.sort_values("strength")
        unit = own["unit"].iloc[0] if len(own) else ""
        is_balanced = score == "balanced_accuracy" or score.startswith("recall_")
        return cls(
            own["strength"].to_numpy(),
            own["score"].to_numpy(),
            intervals=own[["low", "high"]].to_numpy(),
            clean=float(frame["score"].iloc[0]),
            chance=1 / len(result.emotions) if is_balanced else None,
            quantity=f"{_NAMES.get(degradation, degradation)} ({unit})",
            score_name=score.replace("_", " "),
        ).plot(ax)

    def plot(self, ax=None):
        """Draw the scores.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        RobustnessDisplay
            The display itself.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        strengths, scores = np.asarray(self.strengths, dtype=float), np.asarray(self.scores, dtype=float)
        self.ax_ = ax = axes_or_new(ax, figsize=(4.8, 3.4))
        self.figure_, self.errorbars_ = ax.figure, None
        if self.clean is not None:
            ax.axhline(self.clean, color="0.4", linewidth=1, label="recordings as they are")
        if self.chance is not None:
            ax.axhline(self.chance, color="0.4", linewidth=1, linestyle="--", label="chance")
        if (bars := bars_of(scores, self.intervals)) is not None:
            self.errorbars_ = ax.errorbar(
                strengths,
                scores,
                yerr=bars,
                fmt="none",
                ecolor=BLUE,
                capsize=3,
            )
        [self.line_] = ax.plot(strengths, scores, "o-", color=BLUE, markersize=5)
        ax.set_ylim(0, 1)
        ax.set_xlabel(self.quantity)
        ax.set_ylabel(self.score_name)
        if self.clean is not None or self.chance is not None:
            draw_legend(ax, 2)
        return self
