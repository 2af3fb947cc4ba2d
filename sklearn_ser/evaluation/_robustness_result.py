"""Scores of degraded recordings beside those of the recordings as they are."""

from dataclasses import dataclass

import numpy as np

from ._scores import check_score, count_by_unit, scores_of
from ._speaker_bootstrap import (
    MIN_SPEAKERS,
    check_confidence,
    draw_scores,
    interval_of_difference,
    interval_of_score,
    standard_error,
)
from ._written_form import WrittenResult


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class RobustnessResult(WrittenResult):
    """Predictions of recordings as they are and of degraded ones.

    :func:`robustness` makes it.

    Parameters
    ----------
    emotions : ndarray of shape (n_emotions,)
        Emotions that the classifier tells apart, sorted.
    truth : ndarray of shape (n_recordings,)
        Emotions of the recordings.
    speakers : ndarray of shape (n_recordings,) or None
        Their speakers. Without them there are no intervals.
    degradations : list of str
        What was done to the recordings in each condition; the first one is ``"clean"``.
    strengths : list of float or None
        How much of it, None where there is no such number.
    units : list of str
        Units of the strengths.
    predictions : ndarray of shape (n_conditions, n_recordings)
        Predicted emotions.

    See Also
    --------
    robustness : Makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.evaluation import RobustnessResult
    >>> result = RobustnessResult(
    ...     emotions=np.array(["angry", "sad"]),
    ...     truth=np.array(["angry", "sad", "angry", "sad"]),
    ...     speakers=np.array(["anna", "anna", "ben", "ben"]),
    ...     degradations=["clean", "noise"],
    ...     strengths=[None, 10.0],
    ...     units=["", "dB"],
    ...     predictions=np.array([["angry", "sad", "angry", "angry"], ["angry", "angry", "angry", "angry"]]),
    ... )
    >>> result.score()
    array([0.75, 0.5 ])
    >>> result.to_frame()[["degradation", "strength", "score", "change"]]
      degradation  strength  score  change
    0       clean       NaN   0.75    0.00
    1       noise      10.0   0.50   -0.25
    """

    emotions: np.ndarray
    truth: np.ndarray
    speakers: np.ndarray | None
    degradations: list
    strengths: list
    units: list
    predictions: np.ndarray

    def score(self, score="balanced_accuracy"):
        """Give the score under each condition.

        Parameters
        ----------
        score : str, default="balanced_accuracy"
            Name of the score, as :class:`EvaluationResult` has them.

        Returns
        -------
        ndarray of shape (n_conditions,)
            Scores, from 0 to 1.
        """
        position = check_score(score, self.emotions)
        return scores_of(self._tables().sum(axis=0))[:, position]

    def to_frame(self, score="balanced_accuracy", *, confidence=0.95):
        """Give the score under each condition as a table.

        Parameters
        ----------
        score : str, default="balanced_accuracy"
            Name of the score, as :class:`EvaluationResult` has them.
        confidence : float, default=0.95
            How often intervals hold what they are about, for all speakers whom these might have been.

        Returns
        -------
        pandas.DataFrame of shape (n_conditions, 9)
            The degradation, its strength and unit; the score and its interval; what was gained or lost
            against the recordings as they are, and the interval of that, for which the same speakers are
            drawn on both sides. The first row is that of the recordings as they are. Intervals are over
            speakers, and NaN for fewer than three.
        """
        import pandas as pd

        check_confidence(confidence)
        position, scores, tables = check_score(score, self.emotions), self.score(score), self._tables()
        change = scores - scores[0]
        ends, ends_of_change = np.full((2, 2, len(scores)), np.nan)
        if (n_speakers := len(tables)) >= MIN_SPEAKERS:
            drawn = np.stack(
                [one[:, position] for one in draw_scores(*np.moveaxis(tables[:, :, np.newaxis], 1, 0))],
                axis=1,
            )
            ends = interval_of_score(scores, standard_error(drawn, n_speakers), n_speakers, confidence)
            error = standard_error(drawn - drawn[:, :1], n_speakers)
            ends_of_change = interval_of_difference(change, error, n_speakers, confidence)
        return pd.DataFrame(
            {
                "degradation": self.degradations,
                "strength": np.array(self.strengths, dtype=float),
                "unit": self.units,
                "score": scores,
                "low": ends[0],
                "high": ends[1],
                "change": change,
                "change_low": ends_of_change[0],
                "change_high": ends_of_change[1],
            }
        )

    def __repr__(self):
        scores = self.score()
        return (
            f"<RobustnessResult of {len(self.truth)} recordings: balanced accuracy {scores[0]:.3f}, and "
            f"{scores.min():.3f} at worst>"
        )

    def __str__(self):
        lines = [f"balanced accuracy of {len(self.truth)} recordings"]
        for row in self.to_frame().itertuples():
            strength = "" if np.isnan(row.strength) else f"{row.strength:g} {row.unit}"
            known = "" if np.isnan(row.change_low) else f" ({row.change_low:+.3f} to {row.change_high:+.3f})"
            change = f"  {row.change:+.3f}{known}" if row.Index else ""
            lines.append(f"{row.degradation:<12} {strength:<16} {row.score:.3f}{change}")
        return "\n".join(lines)

    def _tables(self):
        # Without speakers all recordings are those of one, and nothing can be drawn.
        whose = np.zeros(len(self.truth), int) if self.speakers is None else self.speakers
        found, codes = np.unique(whose, return_inverse=True)
        number = np.searchsorted
        return count_by_unit(
            number(self.emotions, self.truth),
            number(self.emotions, self.predictions),
            codes,
            len(found),
            len(self.emotions),
        )
