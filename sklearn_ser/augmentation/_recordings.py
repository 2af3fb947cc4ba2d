"""What X may be, and lists of recordings that augmentations mix in, checked before anything is decoded."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from sklearn_ser._audio import load_waveform
from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError

from ._waveforms import as_waveform

_N_FAULTS_SHOWN = 3


def is_path(recording):
    """Tell a path from a waveform."""
    return isinstance(recording, (str, PathLike))


def check_X(estimator, X, *, reset):
    """Check ``X`` as the transformers of recordings do, as far as can be done without decoding.

    Parameters
    ----------
    estimator : BaseEstimator
        Whose ``n_features_in_`` is set, or held against ``X`` where ``X`` is 2-D.
    X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
        The recordings.
    reset : bool
        Whether ``n_features_in_`` is set, as scikit-learn's ``validate_data`` has it.

    Returns
    -------
    ndarray of shape (n_recordings, n_samples) or sequence of str, Path or ndarray
        The recordings, bare of their speakers.
    """
    recordings = as_sequence(X)
    if recordings is None:
        table = X.data if isinstance(X, Recordings) else X
        dtype = table.to_numpy().dtype if hasattr(table, "to_numpy") else getattr(table, "dtype", None)
        if isinstance(dtype, np.dtype) and dtype.kind in "iu" and dtype.itemsize <= 2:
            raise RecordingError(
                f"X holds {dtype} samples, and a waveform's full scale is 1: "
                f"divide by {2 ** (8 * dtype.itemsize - 1)}"
            )
        return validate_data(estimator, table, reset=reset, dtype=[np.float32, np.float64])
    if reset:
        vars(estimator).pop("n_features_in_", None)
        vars(estimator).pop("feature_names_in_", None)
    if len(recordings) == 0:
        raise ValueError(f"{type(estimator).__name__} needs at least 1 recording; got none.")
    refuse_faults(recordings, "recording")
    return recordings


def read(recording, index, sample_rate):
    """Give the waveform of a recording of ``X``, decoded if it is a path; an error names its position."""
    try:
        return load_waveform(recording, sample_rate) if is_path(recording) else as_waveform(recording)
    except RecordingError as error:
        raise RecordingError(f"Recording {index}: {error}") from error


def as_sequence(X):
    """Give X as a sequence of recordings, or None where it is a table of one waveform a row."""
    if isinstance(X, Recordings):
        X = X.data
    if is_path(X):
        raise RecordingError(f"X must be a list or an array of recordings; got the single path {str(X)!r}.")
    if sparse.issparse(X):
        return None
    if not hasattr(X, "__len__") and not hasattr(X, "__array__"):
        raise RecordingError(f"X must be a list or an array of recordings; got a {type(X).__name__}.")
    if getattr(X, "ndim", 0) == 2 and 0 not in X.shape and is_path(np.asarray(X).flat[0]):
        raise RecordingError(
            f"X must be a list or an array of recordings; got a table of shape {X.shape} that holds paths. "
            "Give its column of paths alone."
        )
    if hasattr(X, "to_numpy") and getattr(X, "ndim", None) == 1:
        X = X.to_numpy()
    if isinstance(X, np.ndarray):
        return X if X.ndim == 1 and X.dtype.kind in "OUT" else None
    is_sequence = isinstance(X, Sequence) and any(is_path(item) or isinstance(item, np.ndarray) for item in X)
    return X if is_sequence or (isinstance(X, Sequence) and not len(X)) else None


def refuse_faults(recordings, noun, *, mixed=False):
    """Raise one error for all recordings that have a fault; ``mixed`` are paths beside waveforms."""
    paths = any(map(is_path, recordings)) and not any(isinstance(one, np.ndarray) for one in recordings)
    faults = []
    for index, recording in enumerate(recordings):
        try:
            if is_path(recording) and (paths or mixed):
                if not Path(recording).is_file():
                    raise RecordingError(f"is not a file: {str(recording)!r}.")
            elif is_path(recording):
                raise RecordingError(
                    f"is the path {str(recording)!r} among waveforms: give paths or waveforms, not both."
                )
            elif paths and not mixed:
                raise RecordingError(f"is no path: {recording!r}.")
            else:
                as_waveform(recording)
        except RecordingError as error:
            faults.append(f"{noun} {index} {str(error).removesuffix('.')}")
    if faults:
        shown = "; ".join(faults[:_N_FAULTS_SHOWN])
        more = f"; and {len(faults) - _N_FAULTS_SHOWN} more" if len(faults) > _N_FAULTS_SHOWN else ""
        raise RecordingError(f"{len(faults)} of {len(recordings)} recordings cannot be used: {shown}{more}.")
