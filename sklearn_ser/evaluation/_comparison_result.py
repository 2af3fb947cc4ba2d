"""Which of two results is better, and by how much."""

from dataclasses import dataclass

import numpy as np

from ._summary import between, count
from ._written_form import WrittenResult


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ComparisonResult(WrittenResult):
    """The difference between two results on the same recordings.

    :func:`compare` makes it.

    Parameters
    ----------
    score : str
        Name of the score.
    score_a, score_b : float
        The score of each, the mean over its runs.
    interval : ndarray of shape (2,)
        Ends of an interval of the difference, by bootstrap over speakers; NaN for fewer than three.
    confidence : float
        How often such intervals hold the difference for all speakers whom these might have been.
    p_value : float
        How often a difference as large, in either direction, arises when the two are exchanged within
        speakers at random.
    n_permutations : int
        How often they were.
    speakers : ndarray of shape (n_speakers,)
        Speakers, sorted.
    of_speakers : ndarray of shape (n_speakers, 2)
        Score of each speaker, by the first and by the second result.
    of_folds : ndarray of shape (n_folds, 2) or None
        The same of each fold; None where the two were divided into different folds.
    of_runs : ndarray of shape (n_runs, 2) or None
        The same of each run; None where their random states differ.

    Attributes
    ----------
    difference : float
        ``score_a - score_b``: above 0 where the first is better.

    See Also
    --------
    compare : Makes it.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.evaluation import ComparisonResult
    >>> print(
    ...     ComparisonResult(
    ...         score="accuracy",
    ...         score_a=0.75,
    ...         score_b=0.5,
    ...         interval=np.array([-0.25, 0.75]),
    ...         confidence=0.95,
    ...         p_value=0.5,
    ...         n_permutations=4,
    ...         speakers=np.array(["anna", "ben"]),
    ...         of_speakers=np.array([[1.0, 0.5], [0.5, 0.5]]),
    ...         of_folds=None,
    ...         of_runs=None,
    ...     )
    ... )
    accuracy: 0.750 against 0.500, a difference of +0.250 (95 % from -0.250 to 0.750), p = 0.5
    the first is better for 1 of 2 speakers, the second for 0
    """

    score: str
    score_a: float
    score_b: float
    interval: np.ndarray
    confidence: float
    p_value: float
    n_permutations: int
    speakers: np.ndarray
    of_speakers: np.ndarray
    of_folds: np.ndarray | None
    of_runs: np.ndarray | None

    @property
    def difference(self):
        """Score of the first less that of the second."""
        return self.score_a - self.score_b

    def to_frame(self):
        """Give the scores of each speaker as a table.

        Returns
        -------
        pandas.DataFrame of shape (n_speakers, 3)
            By speaker: ``score_a``, ``score_b`` and their ``difference``.
        """
        import pandas as pd

        frame = pd.DataFrame(
            self.of_speakers, index=pd.Index(self.speakers, name="speaker"), columns=["score_a", "score_b"]
        )
        return frame.assign(difference=frame["score_a"] - frame["score_b"])

    def __repr__(self):
        return f"<ComparisonResult: {self.score} {self.difference:+.3f}, p = {self.p_value:.3g}>"

    def __str__(self):
        ends = between(*self.interval, self.confidence)
        lines = [
            f"{self.score.replace('_', ' ')}: {self.score_a:.3f} against {self.score_b:.3f}, a difference of "
            f"{self.difference:+.3f} ({ends}), p = {self.p_value:.3g}"
        ]
        for of_what, what in (
            (self.of_speakers, "speaker"),
            (self.of_folds, "fold"),
            (self.of_runs, "run"),
        ):
            if of_what is not None and len(of_what) > 1:
                first, second = (int(np.sum(side)) for side in _better(of_what))
                lines.append(
                    f"the first is better for {first} of {count(len(of_what), what)}, the second for {second}"
                )
        return "\n".join(lines)


def _better(pairs):
    # Two sums of the same shares may differ in their last digits.
    difference = pairs[:, 0] - pairs[:, 1]
    return difference > 1e-12, difference < -1e-12
