"""Tables of what was predicted of each emotion, and the scores that follow from them."""

import numpy as np

SCORES = ("balanced_accuracy", "accuracy", "macro_f1")
_RECALL = "recall_"


def count_by_unit(truth, predicted, units, n_units, n_emotions):
    """Count for each unit, such as a speaker, what was predicted of each emotion.

    Parameters
    ----------
    truth : ndarray of int of shape (n_recordings,)
        Number of each recording's emotion.
    predicted : ndarray of int of shape (n_runs, n_recordings)
        Number of the emotion that each run predicted of it.
    units : ndarray of int of shape (n_recordings,)
        Number of the unit that each recording belongs to.
    n_units, n_emotions : int
        How many there are.

    Returns
    -------
    ndarray of int of shape (n_units, n_runs, n_emotions, n_emotions)
        Number of recordings; the third axis is the truth, the last one what was predicted.
    """
    n_runs = len(predicted)
    shape = (n_units, n_runs, n_emotions, n_emotions)
    place = np.ravel_multi_index(
        np.broadcast_arrays(units, np.arange(n_runs)[:, np.newaxis], truth, predicted), shape
    )
    return np.bincount(place.ravel(), minlength=np.prod(shape)).reshape(shape)


def score_names(emotions):
    """Name the scores of a table: the overall ones, and the recall of each emotion."""
    return [*SCORES, *(f"{_RECALL}{emotion}" for emotion in emotions)]


def check_score(name, emotions):
    """Give the position of a score among ``score_names``, or say which there are."""
    names = score_names(emotions)
    if name not in names:
        raise ValueError(f"score must be one of {', '.join(map(repr, names))}; got {name!r}.")
    return names.index(name)


def scores_of(tables):
    """Compute all scores of tables; they are those of scikit-learn.

    An emotion that occurs neither in the truth nor among the predictions of a table has no F1 there, and one
    that is not in the truth has no recall: means are over the others.

    Parameters
    ----------
    tables : ndarray of shape (..., n_emotions, n_emotions)
        Numbers of recordings, with the truth before the prediction.

    Returns
    -------
    ndarray of shape (..., 3 + n_emotions)
        In the order of ``score_names``. NaN where there is nothing to score.
    """
    right = np.diagonal(tables, axis1=-2, axis2=-1)
    n_true, n_predicted = tables.sum(axis=-1), tables.sum(axis=-2)
    recall = _share(right, n_true)
    return np.concatenate(
        [
            _mean(recall)[..., np.newaxis],
            _share(right.sum(axis=-1), n_true.sum(axis=-1))[..., np.newaxis],
            _mean(_share(2 * right, n_true + n_predicted))[..., np.newaxis],
            recall,
        ],
        axis=-1,
    )


def _share(part, whole):
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def _mean(values):
    """Give the mean over the last axis of what is no NaN."""
    is_there = ~np.isnan(values)
    return _share(np.where(is_there, values, 0).sum(axis=-1), is_there.sum(axis=-1))
