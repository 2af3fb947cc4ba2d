"""A room around a voice."""

from numbers import Real

import numpy as np
from scipy.signal import oaconvolve

from ._augmentation import Augmentation


class Reverberation(Augmentation):
    """Put a recording into a room that is made up of a decaying noise.

    The room's impulse response is the direct sound, and behind it white noise that decays exponentially, the
    statistical model of reverberation [1]_, [2]_. Each waveform gets a room of its own.

    Parameters
    ----------
    rt60 : float or (float, float), default=(0.2, 0.8)
        Reverberation time, in seconds, in which the sound decays by 60 dB, or the range that it is drawn from
        uniformly. From 0 to 10. An office has about 0.4, a lecture hall 1, a church 3. 0 leaves the waveform
        as it is.
    drr_db : float or (float, float), default=(0.0, 15.0)
        Energy of the direct sound over that of the reverberation, in dB, or the range that it is drawn from
        uniformly: the farther the speaker, the lower. ``numpy.inf`` leaves the waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    RoomImpulseResponses : Puts recordings into rooms that were measured.

    Notes
    -----
    The direct sound keeps its place and its level, and the recording gets louder by the reverberation. What
    would sound on after its end is cut off.

    References
    ----------
    .. [1] J. A. Moorer, "About this reverberation business", Computer Music Journal 3(2), 1979.
    .. [2] J.-D. Polack, "La transmission de l'énergie sonore dans les salles", thesis, Université du Maine,
       1988.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import Reverberation
    >>> click = np.zeros(16_000, dtype=np.float32)
    >>> click[100] = 1
    >>> response = Reverberation(rt60=0.5, drr_db=3).augment(click, sample_rate=16_000, random_state=0)
    >>> response[:100].any(), response[100]
    (np.False_, np.float32(1.0))
    >>> 10 * np.log10(1 / np.sum(response[101:] ** 2)).round(2)
    np.float32(3.0)
    """

    _parameter_constraints = {
        **Augmentation._parameter_constraints,
        "rt60": [Real, tuple, list],
        "drr_db": [Real, tuple, list],
    }
    _ranges = {"rt60": (0, 10), "drr_db": (-60, np.inf)}

    def __init__(self, rt60=(0.2, 0.8), *, drr_db=(0.0, 15.0), p=1.0):
        self.rt60 = rt60
        self.drr_db = drr_db
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        rt60, drr_db = self._draw("rt60", rng), self._draw("drr_db", rng)
        n_tail = round(rt60 * sample_rate)
        if n_tail == 0 or np.isinf(drr_db):
            return waveform
        tail = rng.standard_normal(n_tail, dtype=np.float32)
        tail *= 10 ** (-3 * np.arange(1, n_tail + 1) / n_tail)
        tail *= np.sqrt(10 ** (-drr_db / 10) / np.sum(np.square(tail, dtype=np.float64)))
        reverberated = waveform.copy()
        reverberated[1:] += _convolved(waveform[:-1], tail)
        return reverberated


def _convolved(waveform, response):
    """Convolve, up to the end of the waveform; silence before the first sound stays silence."""
    result = np.zeros_like(waveform)
    heard = np.flatnonzero(waveform)
    if len(heard):
        start = heard[0]
        response = response[: len(waveform) - start].astype(np.float32, copy=False)
        result[start:] = oaconvolve(waveform[start:], response)[: len(waveform) - start]
    return result
