"""Frames to numbers that describe all of them: moments, order statistics, trends.

Everything is computed in double precision on differences from the first frame, which are exactly zero for a
constant feature and keep their digits where a feature is large compared with its changes. What a definition
leaves open, such as the slope of a single frame, is zero.
"""

import re
from difflib import get_close_matches
from functools import cached_property

import numpy as np

_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)")


def check_functionals(names, parameter="functionals"):
    """Refuse names that are unknown, and an empty list of them.

    Parameters
    ----------
    names : sequence of str
        Keys of ``FUNCTIONALS``, or percentiles such as ``"p5"`` and ``"p2.5"``.
    parameter : str, default="functionals"
        What the message calls them.
    """
    unknown = [name for name in names if not _is_known(name)]
    if len(names) and not unknown:
        return
    similar = [(name, get_close_matches(str(name), FUNCTIONALS, n=1)) for name in unknown]
    hints = [f"{matches[0]!r} instead of {name!r}" for name, matches in similar if matches]
    raise ValueError(
        f"{parameter} must name some of {sorted(FUNCTIONALS)} and percentiles from 'p0' to 'p100'; "
        f"got {names!r}." + (f" Did you mean {', '.join(hints)}?" if hints else "")
    )


def apply_functionals(frames, names):
    """Describe frames by one row: the first functional of every feature, then the second, and so on.

    Parameters
    ----------
    frames : ndarray of shape (n_frames, n_features)
        Finite frames without padding. Every functional of no frame at all is zero.
    names : sequence of str
        As ``check_functionals`` lets them pass.

    Returns
    -------
    ndarray of shape (len(names) * n_features,), float32
        The row.
    """
    if not len(frames):
        return np.zeros(len(names) * frames.shape[1], dtype=np.float32)
    tracks = _Tracks(frames)
    columns = [
        FUNCTIONALS[name](tracks) if name in FUNCTIONALS else tracks.percentile(float(name[1:]))
        for name in names
    ]
    return np.concatenate(columns).astype(np.float32)


class _Tracks:
    """The features of a recording over time, and what several functionals are made of."""

    def __init__(self, frames):
        self.values = np.array(frames.T, order="C")  # a feature's values lie side by side
        self.n_frames = len(frames)

    @cached_property
    def ordered(self):
        return np.sort(self.values, axis=1)

    @cached_property
    def first(self):
        return self.values[:, 0].astype(np.float64)

    @cached_property
    def shifts(self):
        return self.values - self.first[:, np.newaxis]

    @cached_property
    def mean_shift(self):
        return self.shifts.mean(axis=1)

    @cached_property
    def centred(self):
        return self.shifts - self.mean_shift[:, np.newaxis]

    @cached_property
    def squares(self):
        return np.square(self.centred)

    @cached_property
    def variance(self):
        return np.vecdot(self.centred, self.centred) / self.n_frames

    def percentile(self, percent):
        """Interpolate linearly between the two nearest values, as ``np.percentile`` does."""
        position = (self.n_frames - 1) * percent / 100
        below = int(position)
        lower = self.ordered[:, below].astype(np.float64)
        upper = self.ordered[:, min(below + 1, self.n_frames - 1)]
        return lower + (upper - lower) * (position - below)

    def moment_ratio(self, order):
        """Give a central moment in units of the standard deviation; zero for constant features."""
        powers = np.vecdot(self.squares, self.centred if order == 3 else self.squares)
        return _divide(powers / self.n_frames, self.variance ** (order / 2))

    def coefficient(self, degree):
        """Fit the polynomial of that degree by least squares, and give its leading coefficient."""
        time = np.arange(self.n_frames) - (self.n_frames - 1) / 2
        if degree == 2:  # less its mean, the square is at right angles to the line and to the constant
            time = np.square(time) - np.square(time).mean()
        if self.n_frames <= degree:
            return np.zeros(len(self.values))
        return np.vecdot(self.centred, time) / np.vecdot(time, time)


def _kurtosis(tracks):
    return np.where(tracks.variance > 0, tracks.moment_ratio(4) - 3, 0)


def _divide(numerator, denominator):
    """Divide, and give zero where the denominator is zero."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def _range(tracks):
    return tracks.values.max(axis=1) - tracks.values.min(axis=1).astype(np.float64)


FUNCTIONALS = {
    "mean": lambda tracks: tracks.first + tracks.mean_shift,
    "std": lambda tracks: np.sqrt(tracks.variance),
    "min": lambda tracks: tracks.values.min(axis=1),
    "max": lambda tracks: tracks.values.max(axis=1),
    "range": _range,
    "median": lambda tracks: tracks.percentile(50),
    "iqr": lambda tracks: tracks.percentile(75) - tracks.percentile(25),
    "slope": lambda tracks: tracks.coefficient(1),
    "curvature": lambda tracks: tracks.coefficient(2),
    "skewness": lambda tracks: tracks.moment_ratio(3),
    "kurtosis": _kurtosis,
}


def _is_known(name):
    if not isinstance(name, str):
        return False
    if name in FUNCTIONALS:
        return True
    percent = _PERCENTILE.fullmatch(name)
    return percent is not None and float(percent[1]) <= 100
