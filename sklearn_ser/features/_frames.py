"""What X may be after the first step: frames, or rows; with their speakers, where it knows them."""

from os import PathLike

import numpy as np
from sklearn.utils.validation import check_array, validate_data

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError


def check_frames(estimator, X, *, reset):
    """Check frames, and hold them against those that the estimator was fitted on, if it was.

    Parameters
    ----------
    estimator : BaseEstimator
        Whose ``n_features_in_`` and ``n_frame_features_`` are set, or held against ``X``.
    X : array-like or Recordings of shape (n_recordings, n_frames, n_features) or (n_recordings, n_frames)
        The frames.
    reset : bool
        Whether the attributes are set, as scikit-learn's ``validate_data`` has it.

    Returns
    -------
    ndarray of shape (n_recordings, n_frames, n_features), float32
        The frames; 2-D ones have one feature.
    """
    X = without_speakers(X)
    refuse_what_is_no_array_of_frames(estimator, X)
    if reset:
        for name in ("n_features_in_", "feature_names_in_", "n_frame_features_"):
            vars(estimator).pop(name, None)
    frames = check_array(X, dtype=np.float32, allow_nd=True, estimator=estimator, input_name="X")
    refuse_what_is_no_array_of_frames(estimator, frames)  # nested lists show their axes only now
    n_features = frames.shape[2] if frames.ndim == 3 else 1
    expected = getattr(estimator, "n_frame_features_", n_features)
    if n_features != expected:
        raise ValueError(
            f"This {type(estimator).__name__} was fitted on frames of {counted(expected, 'feature')}; "
            f"got X of shape {frames.shape}, whose frames have {counted(n_features, 'feature')}."
        )
    if frames.ndim == 2 and (reset or hasattr(estimator, "n_features_in_")):
        validate_data(estimator, X, reset=reset, skip_check_array=True)
    if reset:
        estimator.n_frame_features_ = n_features
        if frames.ndim == 3:  # scikit-learn would count the frames
            estimator.n_features_in_ = n_features
    return frames.reshape(*frames.shape[:2], n_features)


def without_speakers(X):
    """Give what ``X`` holds, as bare recordings, frames or rows."""
    return X.data if isinstance(X, Recordings) else X


def with_speakers(made, X):
    """Give what was made of ``X`` the speakers that ``X`` has, if it has any."""
    return Recordings(made, X.speakers) if isinstance(X, Recordings) else made


def counted(number, noun):
    """Say how many, in the noun's singular or plural."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def refuse_what_is_no_array_of_frames(estimator, X):
    """Refuse other numbers of axes, and items that make no array, before NumPy does it in its own words."""
    shape, got = getattr(X, "shape", None), None
    if isinstance(X, (str, PathLike)):
        got = f"the path {str(X)!r}"
    if shape is not None and (len(shape) not in (2, 3) or (len(shape) == 3 and 0 in shape)):
        got = f"an array of shape {shape}"
    if isinstance(X, (list, tuple)) or (isinstance(X, np.ndarray) and X.ndim == 1):
        shapes = list(dict.fromkeys(item.shape for item in X if isinstance(item, np.ndarray)))
        if len(shapes) > 1:
            got = f"items of unequal shapes such as {shapes[0]} and {shapes[1]}"
        elif len(X) and isinstance(X[0], (str, PathLike)):
            got = f"paths such as {str(X[0])!r}"
    if got is not None:
        raise RecordingError(
            f"{type(estimator).__name__} takes frames of shape (n_recordings, n_frames, n_features), or "
            f"(n_recordings, n_frames) of one feature; got {got}. MFCCTransformer makes frames of files and "
            "waveforms; frames of zeros fill up shorter recordings. Reshape your data by X[numpy.newaxis] if "
            "it is a single recording."
        )
