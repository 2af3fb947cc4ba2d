"""What stands in front of a network: its features' kind, and what was learnt of the training frames."""

from dataclasses import dataclass

import numpy as np
from scipy.fft import idct

# Neighbouring mel bands of speech correlate by .9 and more; cepstra and columns of noise by .1 or so.
_SMOOTH = 0.5
_AT_MOST = 20_000  # frames that the correlations are taken from


@dataclass(frozen=True)
class Front:
    """Mean and variance of each feature, or band of cepstra, and the lowest level, of recorded frames."""

    feature_axis: str
    mean: np.ndarray
    variance: np.ndarray
    floor: float


def learn_front(X, sample_weight, feature_axis):
    """Learn the statistics of frames, or rows, over recordings of positive weight, padding left out."""
    rows = to_bands(recorded_rows(X, sample_weight), feature_axis)
    mean, variance = rows.mean(axis=0, dtype=np.float64), rows.var(axis=0, dtype=np.float64)
    # A constant feature is left where it is; Keras would divide it by almost nothing.
    variance[variance <= (1e-6 * mean) ** 2] = 1.0
    return Front(feature_axis, mean, variance, float(rows.min()))


def recorded_rows(X, sample_weight):
    """Give the recorded frames of recordings of positive weight, or their rows of features."""
    rows = X[sample_weight > 0] if (sample_weight > 0).any() else X
    if rows.ndim == 3:
        recorded = rows[(rows != 0).any(axis=2)]
        rows = recorded if len(recorded) else rows.reshape(-1, rows.shape[2])
    return rows


def resolve_feature_axis(params, X, sample_weight):
    """Say what the features are: what the parameters say, or what the recorded frames look like.

    A user's own network is given the features that ``X`` has.
    """
    if X.ndim == 2:
        return "unordered"
    if params["feature_axis"] != "auto":
        return params["feature_axis"]
    if params["network"] is not None:
        return "unordered"
    return find_feature_axis(recorded_rows(X, sample_weight))


def find_feature_axis(frames):
    """Tell bands, cepstra and unordered features apart by how alike neighbours are.

    Parameters
    ----------
    frames : ndarray of shape (n, n_features)
        Recorded frames.

    Returns
    -------
    {"cepstrum", "spectrum", "unordered"}
        ``"spectrum"`` where neighbouring features correlate as bands do, ``"cepstrum"`` where they do after
        an inverse cosine transform.
    """
    if frames.shape[1] < 3 or len(frames) < 3:
        return "unordered"
    frames = frames[:: max(1, len(frames) // _AT_MOST)].astype(np.float64)
    as_they_are = _likeness_of_neighbours(frames)
    transformed = _likeness_of_neighbours(idct(frames, type=2, norm="ortho", axis=1))
    if max(as_they_are, transformed) < _SMOOTH:
        return "unordered"
    return "spectrum" if as_they_are >= transformed else "cepstrum"


def to_bands(frames, feature_axis):
    """Give the bands of frames whose features are cepstra, and any other frames as they are."""
    if feature_axis != "cepstrum":
        return frames
    return idct(frames, type=2, norm="ortho", axis=-1)


def _likeness_of_neighbours(frames):
    """Average the correlations of each feature with the next one."""
    frames = frames - frames.mean(axis=0)
    scale = np.sqrt((frames**2).mean(axis=0))
    varies = scale > 1e-6 * max(scale.max(), 1e-300)
    frames = frames / np.where(varies, scale, 1)
    products = (frames[:, 1:] * frames[:, :-1]).mean(axis=0)
    both = varies[1:] & varies[:-1]
    return float(products[both].mean()) if both.any() else 0.0
