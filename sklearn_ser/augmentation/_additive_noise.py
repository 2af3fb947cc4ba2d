"""Noise behind a voice."""

from numbers import Real

import numpy as np
from scipy import fft
from sklearn.utils._param_validation import StrOptions

from ._augmentation import Augmentation
from ._waveforms import add_at_snr

# Power falls with frequency to this exponent.
_COLORS = {"white": 0, "pink": 1, "brown": 2}
_LOWEST = 20  # Hz, below which noise is white whatever its colour


class AdditiveNoise(Augmentation):
    """Add stationary noise at a signal-to-noise ratio.

    Parameters
    ----------
    snr_db : float or (float, float), default=(10.0, 30.0)
        Power of the recording over that of the noise, in dB, or the range that it is drawn from uniformly.
        ``numpy.inf`` leaves the waveform as it is.
    color : {"white", "pink", "brown"}, default="white"
        White noise has the same power at every frequency; pink noise falls by 3 dB an octave, brown noise by
        6 dB. Below 20 Hz both are flat, so that the power is in what can be heard.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    BackgroundRecordings : Adds recorded noise.

    Notes
    -----
    Powers are means over the whole recording, pauses included, and the noise is scaled to meet the ratio
    exactly. A recording of digital silence has no such ratio and stays as it is.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import AdditiveNoise
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    >>> noisy = AdditiveNoise(10, color="pink").augment(tone, sample_rate=16_000, random_state=0)
    >>> 10 * np.log10(np.mean(tone**2) / np.mean((noisy - tone) ** 2)).round(3)
    np.float64(10.0)
    """

    _parameter_constraints = {
        **Augmentation._parameter_constraints,
        "snr_db": [Real, tuple, list],
        "color": [StrOptions({*_COLORS})],
    }
    _ranges = {"snr_db": (-100, np.inf)}

    def __init__(self, snr_db=(10.0, 30.0), *, color="white", p=1.0):
        self.snr_db = snr_db
        self.color = color
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        snr_db = self._draw("snr_db", rng)
        noise = rng.standard_normal(len(waveform), dtype=np.float32)
        return add_at_snr(waveform, _colored(noise, sample_rate, _COLORS[self.color]), snr_db)


def _colored(noise, sample_rate, exponent):
    """Give white noise a power that falls with frequency to ``exponent``."""
    if exponent == 0:
        return noise
    size = fft.next_fast_len(len(noise), real=True)
    frequencies = np.maximum(fft.rfftfreq(size, 1 / sample_rate), _LOWEST)
    spectrum = fft.rfft(noise, size) * (frequencies / _LOWEST).astype(np.float32) ** (-exponent / 2)
    return fft.irfft(spectrum, size)[: len(noise)]
