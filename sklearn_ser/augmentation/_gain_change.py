"""Louder or softer."""

from numbers import Real

import numpy as np

from ._augmentation import Augmentation


class GainChange(Augmentation):
    """Make a recording louder or softer, as another distance or microphone would.

    Parameters
    ----------
    gain_db : float or (float, float), default=(-6.0, 6.0)
        Gain in dB, or the range that it is drawn from uniformly. From -120 to 120. 0 leaves the waveform as
        it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    Notes
    -----
    Nothing is clipped: amplitudes beyond full scale stay as they are.

    Loudness tells emotions apart, and a wide range takes that away. It also makes a model hold where
    recordings are not at the levels that it was trained on.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import GainChange
    >>> GainChange(20).augment(np.array([0.125, -0.25]), sample_rate=16_000)
    array([ 1.25, -2.5 ], dtype=float32)
    """

    _parameter_constraints = {**Augmentation._parameter_constraints, "gain_db": [Real, tuple, list]}
    _ranges = {"gain_db": (-120, 120)}

    def __init__(self, gain_db=(-6.0, 6.0), *, p=1.0):
        self.gain_db = gain_db
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        return waveform * np.float32(10 ** (self._draw("gain_db", rng) / 20))
