"""Recordings with emotions and speakers, from a corpus or from arrays, checked."""

from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _make_indexable, _num_samples

from sklearn_ser.datasets import Recordings

# Columns that a result has of its own.
TAKEN = ("recording", "emotion", "speaker", "fold", "random_state", "predicted")


@dataclass(frozen=True)
class Labelled:
    """What a score is made of.

    Parameters
    ----------
    X : object
        What an estimator takes, indexable along its first axis.
    y : ndarray of shape (n_recordings,)
        Emotions.
    speakers : ndarray of shape (n_recordings,)
        Speakers.
    metadata : dict of str to ndarray of shape (n_recordings,)
        What else is known of each recording.
    """

    X: object
    y: np.ndarray
    speakers: np.ndarray
    metadata: dict[str, np.ndarray]

    def names(self):
        """Name the recordings: paths have their own, others are numbered."""
        items = self.X.data if isinstance(self.X, Recordings) else self.X
        if (
            getattr(items, "ndim", 1) == 1
            and len(self.y)
            and all(isinstance(one, (str, PathLike)) for one in items)
        ):
            return np.array([str(one) for one in items])
        return np.arange(len(self.y))

    def part(self, positions):
        """Give some of the recordings."""
        return replace(
            self,
            X=_safe_indexing(self.X, positions),
            y=self.y[positions],
            speakers=self.speakers[positions],
            metadata={name: values[positions] for name, values in self.metadata.items()},
        )


def is_corpus(X):
    """Tell a loader's bunch from an ``X``."""
    return hasattr(X, "data") and hasattr(X, "target") and hasattr(X, "groups")


def gather(asker, X, y=None, groups=None, metadata=None):
    """Bring a corpus, or arrays, into one form.

    Parameters
    ----------
    asker : str
        Whom an error speaks of.
    X, y, groups, metadata : object
        As ``evaluate`` has them.

    Returns
    -------
    Labelled
    """
    if is_corpus(X):
        given = [name for name, value in (("y", y), ("groups", groups)) if value is not None]
        if given:
            raise ValueError(
                f"{asker} takes emotions and speakers from the corpus; {' and '.join(given)} came as well. "
                "Pass corpus.recordings as X to give others."
            )
        metadata = getattr(X, "metadata", None) if metadata is None else metadata
        # What knows its speakers has them in every part of a split.
        X, y, groups = getattr(X, "recordings", X.data), X.target, X.groups
    if y is None:
        raise ValueError(f"{asker} needs the emotion of each recording; y is None, and X is no corpus.")
    if groups is None:
        groups = getattr(X, "speakers", None)
    if groups is None:
        raise ValueError(
            f"{asker} needs the speaker of each recording, by which it splits and draws; groups is None. "
            "If every recording has another speaker, groups=range(len(y))."
        )
    X = _make_indexable(X)
    n_recordings = _num_samples(X)
    if not n_recordings:
        raise ValueError(f"{asker} needs recordings, and X holds none.")
    y = _as_emotions(asker, y, n_recordings)
    # The constructor refuses other numbers of speakers, and recordings without one.
    speakers = Recordings(np.zeros((n_recordings, 1)), groups).speakers
    return Labelled(X, y, speakers, _as_columns(metadata, n_recordings))


def _as_emotions(asker, y, n_recordings):
    values = np.asarray(y)
    if values.dtype.kind == "O":
        missing = [k for k, emotion in enumerate(values) if emotion is None or emotion != emotion]
        if missing:
            raise ValueError(
                f"{len(missing)} of {n_recordings} recordings have no emotion: y[{missing[0]}] is "
                f"{values[missing[0]]!r}."
            )
        values = np.array(values.tolist())
    if values.ndim != 1 or type_of_target(values) not in ("binary", "multiclass"):
        raise ValueError(
            f"{asker} needs one emotion a recording, a word or a whole number; y is an array of shape "
            f"{values.shape} and type {values.dtype}."
        )
    if len(values) != n_recordings:
        raise ValueError(f"Each recording needs its emotion: X holds {n_recordings}, y {len(values)}.")
    if len(np.unique(values)) < 2:
        raise ValueError(f"{asker} needs at least 2 emotions; y holds {values[0].item()!r} alone.")
    return values


def _as_columns(metadata, n_recordings):
    """Give what else is known as one array a column, under names of its own."""
    columns = {}
    for name in () if metadata is None else metadata:
        values = np.asarray(metadata[name])
        if values.shape != (n_recordings,):
            raise ValueError(
                f"metadata[{name!r}] must have one entry for each of {n_recordings} recordings; "
                f"it has the shape {values.shape}."
            )
        if name in TAKEN:
            raise ValueError(
                f"metadata must not have a column {name!r}, which a result has of its own: rename it."
            )
        columns[str(name)] = as_column(values.tolist())
    return columns


def as_column(values):
    """Give an array of a list that may be of words, numbers or both, with None where nothing is known."""
    if all(isinstance(value, str) for value in values):
        return np.array(values, dtype=str)
    if all(isinstance(value, bool) for value in values):
        return np.array(values, dtype=bool)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=int)
    if all(isinstance(value, (int, float, type(None))) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=float)
    plain = (str, bool, int, float, type(None))
    return np.fromiter(
        (None if value != value else value if isinstance(value, plain) else str(value) for value in values),
        dtype=object,
        count=len(values),
    )
