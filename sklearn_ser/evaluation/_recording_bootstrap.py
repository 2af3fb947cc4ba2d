"""How far the score of a single speaker may be from that of other recordings of the same voice."""

import numpy as np

N_DRAWS = 2_000
_N_CELLS = 4_000_000  # at a time: 32 MB


def interval_over_recordings(score, right, emotions, confidence=0.95, *, n_draws=N_DRAWS, random_state=0):
    """Give the ends of an interval around the balanced accuracy of a single speaker.

    Recordings are drawn with replacement within each emotion, so that every draw has all emotions of the
    speaker, and the interval is from percentile to percentile of the drawn scores. Of an emotion with n
    recordings n - 1 are drawn: n of them would differ too little, by the root of (n - 1) / n [1]_, and
    speakers have few recordings of an emotion. An emotion with one recording tells nothing of others, and is
    as it is.

    Parameters
    ----------
    score : float
        The balanced accuracy, a mean over runs.
    right : ndarray of shape (n_recordings,)
        Share of the runs that were right about each recording.
    emotions : ndarray of shape (n_recordings,)
        What the recordings are.
    confidence : float, default=0.95
        How wide it is.
    n_draws : int
        How often recordings are drawn.
    random_state : int
        Seed of the draws.

    Returns
    -------
    ndarray of shape (2,)
        Lower and upper end, which are equal where the draws do not differ.

    References
    ----------
    .. [1] J. N. K. Rao, C. F. J. Wu, "Resampling inference with complex survey data", Journal of the American
       Statistical Association 83(401), 1988, section 2.
    """
    rng = np.random.default_rng(random_state)
    found = np.unique(emotions)
    drawn = np.zeros(n_draws)
    for emotion in found:
        own = right[emotions == emotion]
        n_drawn = max(len(own) - 1, 1)
        size = max(1, _N_CELLS // n_drawn)
        for start in range(0, n_draws, size):
            block = drawn[start : start + size]
            block += own[rng.integers(len(own), size=(len(block), n_drawn))].mean(axis=1)
    low, high = np.quantile(drawn / len(found), [(1 - confidence) / 2, (1 + confidence) / 2])
    # Around the score even where so little confidence is asked for that percentiles would leave it out.
    return np.array([min(low, score), max(high, score)])
