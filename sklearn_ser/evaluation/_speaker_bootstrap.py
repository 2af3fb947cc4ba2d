"""How far a score may be from that of all speakers whom these might have been."""

from numbers import Real

import numpy as np
from scipy.special import expit, logit, stdtrit

from ._scores import scores_of

N_DRAWS = 10_000
MIN_SPEAKERS = 3  # the interval of two would be nearly all that a score can be
_N_CELLS = 4_000_000  # at a time: 32 MB


def check_confidence(confidence):
    """Refuse what is no share of cases in which an interval could hold the truth."""
    if not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise ValueError(
            f"confidence must be a number above 0 and below 1, such as 0.95; got {confidence!r}."
        )


def draw_scores(*tables, n_draws=N_DRAWS, random_state=0):
    """Score speakers drawn again and again, with replacement, as many as there are.

    Parameters
    ----------
    *tables : ndarray of shape (n_speakers, n_runs, n_emotions, n_emotions)
        What was predicted of each speaker. In all of them the same speakers are drawn.
    n_draws : int
        How often.
    random_state : int
        Seed of the draws.

    Returns
    -------
    list of ndarray of shape (n_draws, n_scores)
        Mean over runs of each score, one array for each of ``tables``.
    """
    n_speakers = len(tables[0])
    rng = np.random.default_rng(random_state)
    size = _block_size(n_speakers, *(one[0].size for one in tables))
    drawn = [[] for _ in tables]
    for start in range(0, n_draws, size):
        how_often = rng.multinomial(
            n_speakers, np.full(n_speakers, 1 / n_speakers), size=min(size, n_draws - start)
        )
        for scores, one in zip(drawn, tables, strict=True):
            scores.append(_scores_of_sums(how_often, one))
    return [np.concatenate(scores) for scores in drawn]


def standard_error(drawn, n_speakers):
    """Give the standard deviation that a score would have over sets of so many speakers.

    Parameters
    ----------
    drawn : ndarray of shape (n_draws, ...)
        Scores of drawn speakers. NaN, as for an emotion that none of them shows, does not count.
    n_speakers : int
        How many they are. Drawn from themselves, n speakers differ too little, by the root of (n - 1) / n.

    Returns
    -------
    ndarray of shape (...)
        NaN for fewer than ``MIN_SPEAKERS``.
    """
    if n_speakers < MIN_SPEAKERS:
        return np.full(drawn.shape[1:], np.nan)
    is_there = ~np.isnan(drawn)
    n = np.maximum(is_there.sum(axis=0), 1)
    mean = np.where(is_there, drawn, 0).sum(axis=0) / n
    variance = (np.where(is_there, drawn - mean, 0) ** 2).sum(axis=0) / n
    return np.sqrt(variance * n_speakers / (n_speakers - 1))


def interval_of_difference(difference, error, n_speakers, confidence=0.95):
    """Give the ends of Student's interval around a difference of scores; NaN for one speaker or two."""
    return np.clip(_students(difference, error, n_speakers, confidence), -1, 1)


def interval_of_score(score, error, n_speakers, confidence=0.95):
    """Give the ends of an interval around a score, within 0 and 1.

    It is Student's interval of the score's logit. Percentiles of the drawn scores are too close to each other
    where speakers are few; in the simulation of ``tests/evaluation/test_intervals.py`` those of 95 % hold the
    truth in 92 % of cases with 24 speakers and in 80 % with 4, and these ones in 95 %.

    Where each speaker is right everywhere, or nowhere, there is nothing to draw. The score is then at least
    the share of speakers of that kind, whose interval is that of Clopper and Pearson.

    Of fewer than ``MIN_SPEAKERS`` both ends are NaN.
    """
    score = np.asarray(score, float)
    is_inside = (score > 0) & (score < 1)
    inside = np.where(is_inside, score, 0.5)
    ends = expit(_students(logit(inside), error / (inside * (1 - inside)), n_speakers, confidence))
    if n_speakers >= MIN_SPEAKERS:
        extreme = ((1 - confidence) / 2) ** (1 / n_speakers)
        ends = np.where(score == 1, np.stack([np.full_like(score, extreme), score]), ends)
        ends = np.where(score == 0, np.stack([score, np.full_like(score, 1 - extreme)]), ends)
    return np.where(np.isnan(score), np.nan, ends)


def _students(value, error, n_speakers, confidence):
    if n_speakers < MIN_SPEAKERS:
        return np.full((2, *np.shape(value)), np.nan)
    half = -stdtrit(n_speakers - 1, (1 - confidence) / 2) * error
    return np.array([value - half, value + half])


def signs_of_speakers(n_speakers, n_permutations, random_state):
    """Give ways to exchange two systems within speakers: all of them where they are no more than asked for.

    Returns
    -------
    is_exchanged : ndarray of int of shape (n_ways, n_speakers)
        1 where a speaker's predictions change sides. With all ways, the first one exchanges nothing.
    is_complete : bool
        Whether these are all ways.
    """
    if 2**n_speakers <= n_permutations + 1:
        return np.arange(2**n_speakers)[:, np.newaxis] >> np.arange(n_speakers) & 1, True
    rng = np.random.default_rng(random_state)
    return rng.integers(2, size=(n_permutations, n_speakers), dtype=np.int8), False


def exchanged_differences(a, b, is_exchanged):
    """Give the differences of all scores, with speakers exchanged between the systems.

    Parameters
    ----------
    a, b : ndarray of shape (n_speakers, n_runs, n_emotions, n_emotions)
        What the systems predicted of each speaker.
    is_exchanged : ndarray of shape (n_ways, n_speakers)
        Who changes sides.

    Returns
    -------
    ndarray of shape (n_ways, n_scores)
        Score of what took the place of ``a``, less that of ``b``.
    """
    size = _block_size(len(a), a[0].size)
    blocks = (is_exchanged[start : start + size] for start in range(0, len(is_exchanged), size))
    return np.concatenate(
        [
            _scores_of_sums(block, b - a, a.sum(axis=0)) - _scores_of_sums(block, a - b, b.sum(axis=0))
            for block in blocks
        ]
    )


def _scores_of_sums(weights, tables, start=0):
    """Score sums of speakers' tables, each with weights of its own; the mean is over runs."""
    n_speakers, *shape = tables.shape
    # Counts are whole numbers, and sums of their products are exact in floating point.
    sums = weights.astype(float) @ tables.reshape(n_speakers, -1).astype(float)
    return scores_of(sums.reshape(-1, *shape) + start).mean(axis=1)


def _block_size(*n_cells):
    """Give how many draws fit into memory at a time, each of which takes so many numbers."""
    return max(1, _N_CELLS // max(n_cells))
