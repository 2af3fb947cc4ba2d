"""What ``fit`` and ``predict`` are given, checked before anything is done with it."""

from os import PathLike

import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_consistent_length,
    column_or_1d,
    validate_data,
)

from sklearn_ser.exceptions import NetworkError


def check_training_set(classifier, X, y, sample_weight):
    """Check recordings, emotions and weights, and note the number and names of columns on the classifier.

    Returns
    -------
    X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features), float32
    y : ndarray of shape (n_recordings,)
    sample_weight : ndarray of shape (n_recordings,), float32
        Multiplied with the weights of the emotions.
    """
    name = type(classifier).__name__
    _refuse_paths(name, X)
    X, y = validate_data(classifier, X, y, dtype=np.float32, allow_nd=True)
    if X.ndim not in (2, 3):
        raise ValueError(
            f"{name} needs X of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features); "
            f"got an array of shape {X.shape}."
        )
    if 0 in X.shape:
        raise NetworkError(f"{name} needs frames with features; X has shape {X.shape}.")
    check_classification_targets(y)
    classes, y_index = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"{name} needs at least 2 emotions to tell apart; y holds 1 class only: {classes.tolist()[0]!r}."
        )
    sample_weight = _check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True)
    with np.errstate(divide="ignore"):  # an emotion without any weight
        of_classes = compute_class_weight(
            classifier.class_weight, classes=classes, y=y, sample_weight=sample_weight
        )
    of_classes[~np.isfinite(of_classes)] = 0
    return X, y, (sample_weight * of_classes[y_index]).astype(np.float32)


def check_copies(copy_of, y):
    """Check what is a copy of what.

    Returns
    -------
    ndarray of shape (n_recordings,), int
        Of each copy the row of its original, and -1 of each original.
    """
    if copy_of is None:
        return np.full(len(y), -1)
    copy_of = column_or_1d(copy_of)
    check_consistent_length(y, copy_of)
    if copy_of.dtype.kind not in "iu":
        raise ValueError(
            "copy_of must hold whole numbers, for each copy the row of its original and -1 for what is no "
            f"copy; got values of type {copy_of.dtype}."
        )
    copy_of = copy_of.astype(np.int64)
    for row in np.flatnonzero(copy_of != -1):
        original = copy_of[row]
        if not 0 <= original < len(y):
            raise ValueError(f"copy_of[{row}] is {original}, and the rows of X are 0 to {len(y) - 1}.")
        if copy_of[original] != -1:
            raise ValueError(
                f"copy_of[{row}] is {original}, and row {original} is itself a copy, of {copy_of[original]}: "
                "give the row of the original."
            )
        if y[row] != y[original]:
            its, other = y[[row, original]].tolist()
            raise ValueError(
                f"A copy has the emotion of its original: copy_of[{row}] is {original}, and these rows are "
                f"{its!r} and {other!r}. Rows are those of this X: number them anew if it is a part."
            )
    return copy_of


def check_recordings(classifier, X):
    """Hold X against the shape that the classifier was trained on."""
    _refuse_paths(type(classifier).__name__, X)
    shape = getattr(X, "shape", None)
    if shape is not None and max(len(shape), len(classifier.input_shape_) + 1) > 2:
        # scikit-learn's own message would call the frames features.
        _compare_shape(classifier, shape)
    X = validate_data(classifier, X, dtype=np.float32, allow_nd=True, reset=False)
    _compare_shape(classifier, X.shape)
    return X


def _compare_shape(classifier, shape):
    if tuple(shape[1:]) != classifier.input_shape_:
        raise ValueError(
            f"This {type(classifier).__name__} was fitted on recordings of shape {classifier.input_shape_}; "
            f"got an X of shape {tuple(shape)}, the first axis counting recordings."
        )


def _refuse_paths(name, X):
    """Say what turns recordings into frames, where they come as files."""
    first = X[0] if isinstance(X, (list, tuple)) and X else X.flat[0] if _is_of_strings(X) else None
    if isinstance(first, (str, PathLike)):
        raise ValueError(
            f"{name} takes frames, and X holds the string or path {str(first)!r}. Recordings become frames "
            f"in a transformer in front of it, as in make_pipeline(MFCCTransformer(), {name}())."
        )


def _is_of_strings(X):
    return isinstance(X, np.ndarray) and X.size > 0 and X.dtype.kind in "OUT"
