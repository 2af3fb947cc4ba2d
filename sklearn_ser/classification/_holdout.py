"""The part of the training recordings by which early stopping judges an epoch."""

import warnings
from itertools import islice

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedShuffleSplit
from sklearn.utils.validation import check_consistent_length, column_or_1d


def hold_out_originals(y, groups, copy_of, fraction, random_state):
    """Hold out of the recordings that are no copies what would be held out without any copies.

    Parameters
    ----------
    y : ndarray of shape (n_recordings,)
    groups : array-like of shape (n_recordings,) or None
    copy_of : ndarray of shape (n_recordings,), int
        Checked: the row of a copy's original, and -1 of each original.
    fraction : float
    random_state : RandomState

    Returns
    -------
    held_out : ndarray of shape (n_recordings,), bool
    left_out : ndarray of shape (n_recordings,), bool
        The copies of what is held out.

    Raises
    ------
    ValueError
        A copy has another speaker than its original, or ``hold_out`` refuses.
    """
    is_original = copy_of == -1
    if groups is not None:
        groups = column_or_1d(groups)
        _check_speakers(groups, copy_of)
        groups = groups[is_original]
    held_out = np.zeros(len(y), dtype=bool)
    held_out[is_original] = hold_out(y[is_original], groups, fraction, random_state)
    return held_out, ~is_original & held_out[copy_of]


def hold_out(y, groups, fraction, random_state):
    """Mark about a ``fraction`` of the recordings, all of a speaker or none where speakers are known.

    Returns
    -------
    ndarray of shape (n_recordings,), bool
        True for the recordings that are held out of training.

    Raises
    ------
    ValueError
        Fewer than two speakers, or every recording of an emotion would be held out; or, where speakers are
        not known, too few recordings for every emotion to be held out and trained on.
    """
    seed = random_state.randint(np.iinfo(np.int32).max)
    held_out = np.zeros(len(y), dtype=bool)
    if groups is None:
        _check_enough(y, fraction)
        splitter = StratifiedShuffleSplit(1, test_size=fraction, random_state=seed)
        held_out[next(splitter.split(y, y))[1]] = True
        return held_out

    groups = column_or_1d(groups)
    check_consistent_length(y, groups)
    n_speakers = len(np.unique(groups))
    if n_speakers < 2:
        raise ValueError("early_stopping with groups needs at least 2 speakers; got 1.")
    most_frequent = np.unique(y, return_counts=True)[1].max()
    n_parts = max(2, min(max(10, round(1 / fraction)), n_speakers, most_frequent))
    n_held_out = min(max(1, round(fraction * n_parts)), n_parts - 1)
    # The split is stratified as far as speakers allow.
    splitter = StratifiedGroupKFold(n_parts, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The least populated class")  # looked at below
        for _, part in islice(splitter.split(y, y, groups), n_held_out):
            held_out[part] = True
    only_held_out = set(y) - set(y[~held_out])
    if only_held_out:
        raise ValueError(
            f"early_stopping with validation_fraction={fraction} would hold out every recording of "
            f"{sorted(only_held_out)}: no other speaker speaks that emotion."
        )
    return held_out


def _check_speakers(groups, copy_of):
    """Refuse copies by other speakers than their originals."""
    speakers = np.unique(groups, return_inverse=True)[1]
    others = np.flatnonzero((copy_of != -1) & (speakers != speakers[copy_of]))
    if len(others):
        row, original = others[0], copy_of[others[0]]
        its, other = groups[[row, original]].tolist()
        raise ValueError(
            f"A copy has the speaker of its original: copy_of[{row}] is {original}, and groups has {its!r} "
            f"and {other!r} there."
        )


def _check_enough(y, fraction):
    """Refuse fewer recordings than a stratified part needs."""
    counts = np.unique(y, return_counts=True)[1]
    n_held_out = int(np.ceil(fraction * len(y)))
    n_least = min(n_held_out, len(y) - n_held_out)
    if counts.min() < 2 or n_least < len(counts):
        raise ValueError(
            f"early_stopping without groups needs 2 recordings of each emotion, and as many held out and "
            f"trained on as there are emotions; validation_fraction={fraction} holds {n_held_out} of "
            f"{len(y)} out, with {len(counts)} emotions and {counts.min()} recording(s) of the rarest. "
            f"Another validation_fraction or early_stopping=False may do."
        )
