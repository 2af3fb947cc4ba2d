"""What all augmentations have in common: ranges, chance, and the way from waveform to waveform."""

from abc import ABC, abstractmethod
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval

from sklearn_ser.exceptions import RecordingError

from ._waveforms import as_waveform


class Augmentation(BaseEstimator, ABC):
    """Parent of the augmentations.

    A child has a constructor that assigns, ``_ranges`` with the bounds of those of its parameters that are a
    number or a range, and ``_change``, which draws from ``rng`` whatever the waveform is.
    """

    _parameter_constraints = {"p": [Interval(Real, 0, 1, closed="both")]}
    _ranges: dict[str, tuple[float, float]] = {}

    def augment(self, waveform, sample_rate, random_state=None):
        """Augment one waveform, or with a chance of 1 - ``p`` leave it as it is.

        Parameters
        ----------
        waveform : array-like of shape (n_samples,)
            Floating-point amplitudes, full scale 1.
        sample_rate : int
            Samples a second, in Hz.
        random_state : int, Generator, RandomState instance or None, default=None
            Where the amounts are drawn from. An integer gives the same result each time.

        Returns
        -------
        ndarray of shape (n_samples_out,), float32
            Another waveform, of the same length but for :class:`SpeedPerturbation`. Nothing is clipped or
            rescaled: amplitudes may exceed 1.

        Raises
        ------
        RecordingError
            ``waveform`` is no waveform, or the result exceeds what float32 can hold.
        """
        self._check_parameters(sample_rate)
        original = as_waveform(waveform)
        rng = np.random.default_rng(random_state)
        applies = rng.random() < self.p
        with np.errstate(over="ignore", invalid="ignore"):  # looked at below
            changed = self._change(original, sample_rate, rng) if applies else original
            changed = np.ascontiguousarray(changed, dtype=np.float32)
            is_finite = np.isfinite(changed.sum()) or np.isfinite(changed).all()
        if not is_finite:
            raise RecordingError(
                f"{self!r} makes amplitudes that float32 cannot hold of a waveform whose largest is "
                f"{np.abs(original).max():g}: full scale is 1."
            )
        return changed.copy() if np.shares_memory(changed, original) else changed

    def check(self, sample_rate):
        """Check everything that ``augment`` needs, before any work.

        Parameters
        ----------
        sample_rate : int
            Samples a second of the waveforms to come, in Hz.

        Raises
        ------
        ValueError
            A parameter is out of its range, or ``sample_rate`` is no positive integer.
        RecordingError
            Recordings that are a parameter are no files or waveforms. The message names them by position.
        """
        self._check_parameters(sample_rate)

    @abstractmethod
    def _change(self, waveform, sample_rate, rng):
        """Give another waveform for a checked one, which stays as it is."""

    def _check_parameters(self, sample_rate):
        """Check what costs next to nothing, as it is done for each waveform."""
        self._validate_params()
        if not isinstance(sample_rate, Integral) or sample_rate < 1:
            raise ValueError(f"sample_rate must be an integer of 1 Hz or more; got {sample_rate!r}.")
        for name in self._ranges:
            self._range(name)

    def _range(self, name):
        """Give the lowest and the highest value of a parameter that is a number or a pair of numbers."""
        value, (low, high) = getattr(self, name), self._ranges[name]
        pair = (value, value) if isinstance(value, Real) else tuple(value)
        if (
            len(pair) != 2
            or not all(isinstance(bound, Real) for bound in pair)
            or not low <= pair[0] <= pair[1] <= high
            or (np.isinf(pair).any() and pair[0] != pair[1])
        ):
            raise ValueError(
                f"{type(self).__name__} needs {name} as a number, or as a pair of the lowest and the "
                f"highest, within {low:g} and {high:g}; got {value!r}."
            )
        return float(pair[0]), float(pair[1])

    def _draw(self, name, rng):
        """Draw a parameter's value, uniformly from its range."""
        low, high = self._range(name)
        share = rng.random()
        return low if low == high else low + share * (high - low)
