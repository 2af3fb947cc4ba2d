"""What X may be: paths, waveforms of unequal length, or one waveform a row.

Every fault that can be seen without decoding is found before anything is decoded.
"""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from sklearn_ser._audio import load_waveform
from sklearn_ser.exceptions import RecordingError

from ._frames import without_speakers

_N_FAULTS_SHOWN = 3


def check_recordings(estimator, X, *, reset):
    """Check ``X`` as far as can be done without decoding.

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
    sequence of str, Path or ndarray
        One item a recording. Waveforms are of any floating type: to convert them here would hold all of them
        twice.
    """
    X = without_speakers(X)
    recordings = _as_sequence(X)
    if recordings is None:
        dtype = X.to_numpy().dtype if hasattr(X, "to_numpy") else getattr(X, "dtype", None)
        _refuse_pcm(dtype, "X")
        return validate_data(estimator, X, reset=reset, dtype=[np.float32, np.float64])
    if reset:  # recordings of unequal length have no number of columns, and an earlier fit's does not hold
        vars(estimator).pop("n_features_in_", None)
        vars(estimator).pop("feature_names_in_", None)
    if len(recordings) == 0:
        raise ValueError(f"{type(estimator).__name__} needs at least 1 recording; got none.")
    if any(map(is_path, recordings)) and not any(isinstance(one, np.ndarray) for one in recordings):
        _collect_faults(recordings, _path_fault)
        return recordings
    _collect_faults(recordings, _waveform_fault)
    return recordings


def read_recording(recording, index, sample_rate, scratch):
    """Give the waveform of a checked recording, decoded if it is a path; an error names its position.

    The waveform may lie in ``scratch``.
    """
    if not is_path(recording):
        with np.errstate(over="ignore"):  # looked at in the next line
            waveform = np.asarray(recording, dtype=np.float32)
        if waveform is not recording and not np.isfinite(waveform).all():
            raise RecordingError(f"Recording {index} holds more than float32 can hold: full scale is 1.")
        return waveform
    try:
        return load_waveform(recording, sample_rate, scratch)
    except RecordingError as error:
        raise RecordingError(f"Recording {index}: {error}") from error


def _as_sequence(X):
    """Give X as a sequence of recordings, or None where it is a table of one waveform a row."""
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
    if isinstance(X, Sequence) and (
        not len(X) or any(is_path(item) or isinstance(item, np.ndarray) for item in X)
    ):
        return X
    return None


def is_path(recording):
    """Tell a path from a waveform."""
    return isinstance(recording, (str, PathLike))


def _collect_faults(recordings, fault_of):
    """Raise one error for every recording that has a fault."""
    faults = [
        f"recording {index} {fault}"
        for index, fault in enumerate(map(fault_of, recordings))
        if fault is not None
    ]
    if faults:
        shown = "; ".join(faults[:_N_FAULTS_SHOWN])
        more = f"; and {len(faults) - _N_FAULTS_SHOWN} more" if len(faults) > _N_FAULTS_SHOWN else ""
        raise RecordingError(f"{len(faults)} of {len(recordings)} recordings cannot be used: {shown}{more}.")


def _path_fault(path):
    if not is_path(path):
        return f"is no path: {path!r}"
    return None if Path(path).is_file() else f"is not a file: {str(path)!r}"


def _waveform_fault(waveform):
    """Say what keeps a recording from being a waveform, or return None."""
    if is_path(waveform):
        return f"is the path {str(waveform)!r} among waveforms: give paths or waveforms, not both"
    try:
        waveform = np.asarray(waveform)
        _refuse_pcm(waveform.dtype, "it", widest=4)
    except ValueError as error:
        return f"is no waveform: {error}"
    if waveform.ndim != 1 or waveform.size == 0 or waveform.dtype.kind not in "fiub":
        return f"must be a path or a non-empty 1-D waveform; got {_describe(waveform)}"
    with np.errstate(over="ignore", invalid="ignore"):
        # A sum is finite if all its terms are, but for very loud ones, which are then looked at.
        if not np.isfinite(waveform.sum()) and not np.isfinite(waveform.astype(np.float32)).all():
            return "holds NaN, infinity or more than float32 can hold"
    return None


def _describe(array):
    return f"an array of shape {array.shape} and type {array.dtype}"


def _refuse_pcm(dtype, what, widest=2):
    """Refuse integers of up to ``widest`` bytes; scikit-learn's checks fit tables of 32-bit ones."""
    if isinstance(dtype, np.dtype) and dtype.kind in "iu" and dtype.itemsize <= widest:
        full_scale = 2 ** (8 * dtype.itemsize - 1)
        raise RecordingError(
            f"{what} holds {dtype} samples, and a waveform's full scale is 1: divide by {full_scale}"
        )
