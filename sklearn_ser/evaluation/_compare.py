"""Two results on the same recordings, speaker by speaker."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import SerWarning

from ._comparison_result import ComparisonResult
from ._evaluation_result import EvaluationResult
from ._scores import check_score, scores_of
from ._speaker_bootstrap import (
    draw_scores,
    exchanged_differences,
    interval_of_difference,
    signs_of_speakers,
    standard_error,
)
from ._summary import count

# Differences of sums of whole numbers that are equal on paper may differ by this.
_ROUNDING = 1e-12


@validate_params(
    {
        "result_a": [EvaluationResult],
        "result_b": [EvaluationResult],
        "score": [str],
        "confidence": [Interval(Real, 0, 1, closed="neither")],
        "n_permutations": [Interval(Integral, 1, None, closed="left")],
        "random_state": [Interval(Integral, 0, None, closed="left")],
    },
    prefer_skip_nested_validation=True,
)
def compare(
    result_a,
    result_b,
    *,
    score="balanced_accuracy",
    confidence=0.95,
    n_permutations=9999,
    random_state=0,
):
    """Tell whether one of two results on the same recordings is better, speaker by speaker.

    A speaker who is hard for one classifier is mostly hard for others too. So the same speakers are drawn on
    both sides, and the interval of the difference is much narrower than those of the scores.

    Parameters
    ----------
    result_a, result_b : EvaluationResult
        Results on the same recordings, which need not be in the same order.
    score : str, default="balanced_accuracy"
        Name of the score, as :class:`EvaluationResult` has them.
    confidence : float, default=0.95
        How often such intervals hold the difference for all speakers whom these might have been.
    n_permutations : int, default=9999
        How often the two are exchanged within speakers at random. Where there are no more ways than that, as
        with 13 speakers, each is taken once.
    random_state : int, default=0
        Seed of the speakers drawn and of the exchanges.

    Returns
    -------
    ComparisonResult
        The difference ``a - b``, its interval and its p-value, and the scores of each speaker, fold and run.

    Raises
    ------
    ValueError
        The two are not about the same recordings, or have other emotions or speakers for them.

    Warns
    -----
    SerWarning
        The two were divided into different folds, so that what they were trained on differs as well.

    See Also
    --------
    evaluate : Makes results.

    Notes
    -----
    Recordings are matched by their paths, or by position where one of the two has no paths.

    The interval is Student's, with the standard error of the difference over 10,000 draws of speakers. The
    p-value is that of a permutation test [1]_: were both alike, it would make no difference if for some of
    the speakers their predictions were exchanged. It is the share of exchanges that give a difference at
    least as large, the actual one included. With n speakers it cannot be below 2 to the power of 1 - n: 5
    speakers are not enough for 0.05.

    Both take the fitted classifiers for given. Whether a recipe is better for other training recordings,
    other folds and random states tell: see ``of_folds`` and ``of_runs``.

    References
    ----------
    .. [1] P. Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", 3rd edition, Springer 2005,
       chapter 3.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from sklearn_ser import compare, evaluate
    >>> rng = np.random.default_rng(0)
    >>> speakers = np.repeat([f"speaker{k:02}" for k in range(12)], 20)
    >>> y = np.tile(["angry", "sad"], 120)
    >>> X = rng.normal(size=(240, 4)) + np.where(y == "angry", 1, 0)[:, np.newaxis]
    >>> better = evaluate(GaussianNB(), X, y, speakers, outer=4)
    >>> chance = evaluate(DummyClassifier(), X, y, speakers, outer=4)
    >>> print(compare(better, chance))
    balanced accuracy: 0.84... against 0.500, a difference of +0.34... (95 % from ... to ...), p = 0.000488
    the first is better for 12 of 12 speakers, the second for 0
    the first is better for 4 of 4 folds, the second for 0
    """
    position = check_score(score, result_a.emotions)
    order = _matched(result_a, result_b)
    a, b = result_a._tables(), result_b._tables(order)
    speakers = np.unique(result_a.speakers)
    score_a, score_b = (scores_of(one.sum(axis=0))[:, position].mean() for one in (a, b))
    difference = score_a - score_b
    drawn_a, drawn_b = draw_scores(a, b, random_state=random_state)
    error = standard_error(drawn_a - drawn_b, len(speakers))[position]
    p_value, n_ways = _permutation_test(a, b, position, difference, n_permutations, random_state)
    folds, has_same_folds = _folds(result_a, result_b, order)
    has_same_runs = result_a.random_states == result_b.random_states
    if not has_same_folds:
        warn(
            "The results were divided into different folds, and the difference is also one of what they were "
            "trained on: evaluate both with the same outer.",
            SerWarning,
        )
    return ComparisonResult(
        score=score,
        score_a=float(score_a),
        score_b=float(score_b),
        interval=interval_of_difference(difference, error, len(speakers), confidence),
        confidence=float(confidence),
        p_value=float(p_value),
        n_permutations=n_ways,
        speakers=speakers,
        of_speakers=np.column_stack([scores_of(one).mean(axis=1)[:, position] for one in (a, b)]),
        of_folds=np.column_stack(
            [
                scores_of(one._tables(positions, folds)).mean(axis=1)[:, position]
                for one, positions in ((result_a, slice(None)), (result_b, order))
            ]
        )
        if has_same_folds
        else None,
        of_runs=np.column_stack([scores_of(one.sum(axis=0))[:, position] for one in (a, b)])
        if has_same_runs
        else None,
    )


def _permutation_test(a, b, position, difference, n_permutations, random_state):
    """Give the two-sided p-value, and the number of exchanges that it comes from."""
    # Each run of one side changes places with a run of the other: as many as both numbers divide.
    n_runs = np.lcm(a.shape[1], b.shape[1])
    a, b = (np.repeat(one, n_runs // one.shape[1], axis=1) for one in (a, b))
    is_exchanged, is_complete = signs_of_speakers(len(a), n_permutations, random_state)
    differences = exchanged_differences(a, b, is_exchanged)[:, position]
    n_as_large = np.sum(np.abs(differences) >= abs(difference) - _ROUNDING)
    if is_complete:
        return n_as_large / len(differences), len(differences)
    return (1 + n_as_large) / (1 + len(differences)), len(differences)


def _matched(a, b):
    """Give the positions in ``b`` of the recordings of ``a``, after checking that they are the same."""
    if not np.array_equal(a.emotions, b.emotions):
        raise ValueError(
            f"The results tell apart other emotions: {a.emotions.tolist()} and {b.emotions.tolist()}. A "
            "score among fewer emotions is another score."
        )
    if len(a.truth) != len(b.truth):
        raise ValueError(
            f"The results are about other recordings: {len(a.truth)} of them and {len(b.truth)}. Evaluate "
            "both on the same."
        )
    if a.recordings.dtype.kind == b.recordings.dtype.kind:
        others = np.setdiff1d(a.recordings, b.recordings)
        if len(others):
            raise ValueError(
                f"The results are about other recordings: {len(others)} of {len(a.truth)} are in the first "
                f"alone, such as {others[0].item()!r}. Evaluate both on the same."
            )
        # Stable, so that a recording that is there twice keeps its order.
        order = np.empty(len(a.truth), dtype=int)
        order[np.argsort(a.recordings, kind="stable")] = np.argsort(b.recordings, kind="stable")
    else:
        order = np.arange(len(a.truth))
    for what in ("truth", "speakers"):
        of_a, of_b = getattr(a, what), getattr(b, what)[order]
        unequal = np.flatnonzero(of_a != of_b)
        if len(unequal):
            first = unequal[0]
            raise ValueError(
                f"The results have other {'emotions' if what == 'truth' else what} for "
                f"{count(len(unequal), 'recording')}, such as recording {a.recordings[first].item()!r}: "
                f"{of_a[first].item()!r} and {of_b[first].item()!r}."
            )
    return order


def _folds(a, b, order):
    """Give the folds of ``a``, and whether those of ``b`` are the same sets of recordings."""
    pairs = np.unique(np.column_stack([a.folds, b.folds[order]]), axis=0)
    return a.folds, len(pairs) == len(np.unique(a.folds)) == len(np.unique(b.folds))
