"""What a random split adds to a score."""

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support

from sklearn_ser.evaluation import EvaluationResult

from ._cells import BLUE, VERMILION, axes_or_new, bars_of, check_result, draw_legend

_BESIDE = 0.14  # of a row, by which the two sides lie above and below its middle
_NOTHING = 1e-9  # no gap, but the last digits of two sums of the same shares


class RandomSplitGapDisplay:
    """Show scores on unheard speakers beside those of the same recipe under a random split.

    Make one with :meth:`from_result`.

    Parameters
    ----------
    names : array-like of shape (n_scores,)
        Names of the scores, from the top to the bottom.
    unheard, random_split : array-like of shape (n_scores,)
        Scores on speakers that were not heard in training, and of the random split, from 0 to 1.
    unheard_intervals, random_split_intervals : array-like of shape (n_scores, 2) or None, default=None
        Ends of their intervals; NaN where there is none.
    gap_intervals : array-like of shape (n_scores, 2) or None, default=None
        Ends of the intervals of the gaps, random split less unheard speakers; NaN where there is none.
    chance : float or None, default=None
        Score of guesses, drawn as a dashed line.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of these.
    points_ : dict of str to matplotlib Line2D
        The scores, of ``"unheard"`` and of ``"random_split"``.
    errorbars_ : dict of str to matplotlib ErrorbarContainer
        Their intervals, where there are any.
    text_ : list of matplotlib Text
        The gaps, score by score.

    See Also
    --------
    sklearn_ser.evaluation.evaluate : Makes what is shown, with ``random_split=True``.
    ScoresDisplay : The scores of speakers and folds.

    Notes
    -----
    Intervals are those of :class:`~sklearn_ser.evaluation.EvaluationResult`, by bootstrap over speakers. For
    the interval of a gap the same speakers are drawn on both sides, so that it may be far from zero where the
    intervals of the two scores overlap: whether there is a gap is told by the numbers on the right alone.

    Examples
    --------
    >>> from sklearn_ser import RandomSplitGapDisplay
    >>> display = RandomSplitGapDisplay(["balanced accuracy"], [0.51], [0.62]).plot()
    >>> display.text_[0].get_text()
    '+0.11'
    """

    def __init__(
        self,
        names,
        unheard,
        random_split,
        *,
        unheard_intervals=None,
        random_split_intervals=None,
        gap_intervals=None,
        chance=None,
    ):
        self.names = names
        self.unheard = unheard
        self.random_split = random_split
        self.unheard_intervals = unheard_intervals
        self.random_split_intervals = random_split_intervals
        self.gap_intervals = gap_intervals
        self.chance = chance

    @classmethod
    def from_result(cls, result, scores=None, *, confidence=0.95, ax=None):
        """Draw the gap of an evaluation.

        Parameters
        ----------
        result : EvaluationResult
            What :func:`~sklearn_ser.evaluation.evaluate` found with ``random_split=True``.
        scores : str, sequence of str or None, default=None
            Names of scores, as ``result.score`` takes them. None is the balanced accuracy and the recall of
            each emotion.
        confidence : float, default=0.95
            How often intervals hold the score, or the gap, of all speakers whom these might have been.
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        RandomSplitGapDisplay
            What was drawn.

        Raises
        ------
        TypeError
            ``result`` is none.
        ValueError
            The result has no random split, or no such score; or no score is named.
        """
        check_matplotlib_support(f"{cls.__name__}.from_result")
        check_result(cls, result, EvaluationResult)
        if scores is None:
            scores = ["balanced_accuracy", *(f"recall_{emotion}" for emotion in result.emotions)]
        scores = [scores] if isinstance(scores, str) else list(scores)
        if not scores:
            raise ValueError("scores must name at least one score, such as 'balanced_accuracy'; got none.")
        gaps = np.array([result.gap(score, confidence=confidence) for score in scores])
        unheard, mixed = (
            np.array(
                [[one.score(score).mean(), *one.interval(score, confidence=confidence)] for score in scores]
            )
            for one in (result, result.random_split)
        )
        # Guesses have that recall, whatever the emotions' numbers; of other scores that cannot be said.
        is_balanced = all(score == "balanced_accuracy" or score.startswith("recall_") for score in scores)
        return cls(
            [words_of(score) for score in scores],
            unheard[:, 0],
            mixed[:, 0],
            unheard_intervals=unheard[:, 1:],
            random_split_intervals=mixed[:, 1:],
            gap_intervals=gaps[:, 1:],
            chance=1 / len(result.emotions) if is_balanced else None,
        ).plot(ax)

    def plot(self, ax=None):
        """Draw the scores and write the gaps.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw; None makes a new figure.

        Returns
        -------
        RandomSplitGapDisplay
            The display itself.
        """
        check_matplotlib_support(f"{type(self).__name__}.plot")
        place = np.arange(len(self.names))
        self.ax_ = ax = axes_or_new(ax, figsize=(6.4, 1.3 + 0.4 * len(place)))
        self.figure_, self.points_, self.errorbars_ = ax.figure, {}, {}
        sides = (
            ("unheard", "unheard speakers", "o", BLUE, -_BESIDE),
            ("random_split", "random split", "s", VERMILION, _BESIDE),
        )
        for side, words, marker, color, shift in sides:
            scores = np.asarray(getattr(self, side), dtype=float)
            if (bars := bars_of(scores, getattr(self, f"{side}_intervals"))) is not None:
                self.errorbars_[side] = ax.errorbar(
                    scores, place + shift, xerr=bars, fmt="none", ecolor=color, elinewidth=1.5
                )
            [self.points_[side]] = ax.plot(
                scores, place + shift, marker, color=color, markersize=5, label=words
            )
        if self.chance is not None:
            ax.axvline(self.chance, color="0.4", linewidth=1, linestyle="--", zorder=0, label="chance")
        self.text_ = [
            ax.annotate(
                gap,
                (1, row),
                (6, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                fontsize="small",
                annotation_clip=False,
            )
            for row, gap in enumerate(self._gaps_in_words())
        ]
        ax.annotate(
            "gap" if self.gap_intervals is None else "gap (interval)",
            (1, 1),
            (6, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize="small",
            color="0.4",
        )
        ax.set_yticks(place, [str(name) for name in self.names])
        ax.set_ylim(len(place) - 0.5, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xlabel("score")
        draw_legend(ax, 3)
        return self

    def _gaps_in_words(self):
        """Write each gap, and the interval of it where it has one."""
        gaps = np.asarray(self.random_split, dtype=float) - np.asarray(self.unheard, dtype=float)
        ends = np.full((len(gaps), 2), np.nan) if self.gap_intervals is None else self.gap_intervals
        return [
            _signed(gap) + ("" if np.isnan(low) else f" ({_signed(low)} to {_signed(high)})")
            for gap, (low, high) in zip(gaps, np.asarray(ends, dtype=float), strict=True)
        ]


def _signed(value):
    """Write a gap with two decimals, and with more where these would make nothing of it.

    Whether an end of an interval is above or below zero is what it is looked at for.
    """
    if round(value, 2) or abs(value) < _NOTHING:
        return f"{value if round(value, 2) else 0.0:+.2f}"
    return np.format_float_positional(value, precision=1, unique=False, fractional=False, sign=True)


def words_of(score):
    """Name a score in words, leaving the name of an emotion as it is."""
    if score.startswith("recall_"):
        return f"recall {score.removeprefix('recall_')}"
    return {"macro_f1": "macro-F1"}.get(score, score.replace("_", " "))
