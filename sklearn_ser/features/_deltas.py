"""Slopes and curvatures of features over neighbouring frames."""

from functools import lru_cache

import numpy as np
import scipy.ndimage
import scipy.signal


def deltas(frames, order, width=9):
    """Give the slope or a higher derivative of each feature, as ``librosa.feature.delta``.

    A polynomial of degree ``order`` is fitted to the ``width`` frames around each frame. Its highest
    derivative is the same all over, which settles the frames at both ends: they take that of the first or
    last full fit. A recording of fewer frames than ``width`` has its first and last one repeated.

    Parameters
    ----------
    frames : ndarray of shape (n_frames, n_features)
        Frames without padding.
    order : int
        1 for slopes, 2 for curvatures.
    width : int, default=9
        Odd number of frames, 3 or more, and more than ``order``.

    Returns
    -------
    ndarray of shape (n_frames, n_features), float32
        In units of the feature per frame, to the power of ``order``.
    """
    slopes = _correlate(frames, _savitzky_golay(width, order))
    if len(frames) >= width:
        reach = width // 2
        slopes[:reach] = slopes[reach]
        slopes[-reach:] = slopes[-reach - 1]
    return slopes


def regressions(frames, order, width=9):
    """Give the slope of each feature by the regression formula of HTK, taken ``order`` times.

    The formula is the least-squares line over ``width`` frames; frames before the first one and after the
    last one repeat these.

    Parameters
    ----------
    frames : ndarray of shape (n_frames, n_features)
        Frames without padding.
    order : int
        1 for slopes, 2 for slopes of slopes.
    width : int, default=9
        Odd number of frames, 3 or more: HTK's window of 2 is a width of 5.

    Returns
    -------
    ndarray of shape (n_frames, n_features), float32
        In units of the feature per frame, to the power of ``order``.
    """
    for _ in range(order):
        frames = _correlate(frames, _savitzky_golay(width, 1))
    return frames


def _correlate(frames, weights):
    """Weigh each frame and its neighbours; sums are in double precision."""
    return scipy.ndimage.correlate1d(frames, weights, axis=0, output=np.float32, mode="nearest")


@lru_cache(maxsize=16)
def _savitzky_golay(width, order):
    weights = scipy.signal.savgol_coeffs(width, polyorder=order, deriv=order, use="dot")
    weights.flags.writeable = False
    return weights
