"""Faster and higher, or slower and lower."""

from numbers import Real

import numpy as np

from sklearn_ser._audio import resample

from ._augmentation import Augmentation


class SpeedPerturbation(Augmentation):
    """Play a recording faster or slower, which changes tempo, pitch and formants together.

    The waveform is resampled, as by [1]_, and taken to be at the sample rate it had.

    Parameters
    ----------
    factor : float or (float, float), default=(0.9, 1.1)
        Speed, or the range that it is drawn from uniformly; at 1.1 a recording is ten percent faster and 1.65
        semitones higher. From 0.5 to 2. 1 leaves the waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    PitchShift : Changes pitch and formants, and keeps the tempo.

    Notes
    -----
    ``n_samples`` become ``n_samples / factor``, rounded. This is the one augmentation that changes the
    length. Resampling is soxr's high quality; a faster recording loses what would lie beyond half of the
    sample rate.

    References
    ----------
    .. [1] T. Ko, V. Peddinti, D. Povey, S. Khudanpur, "Audio augmentation for speech recognition",
       Interspeech 2015, doi:10.21437/Interspeech.2015-711.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import SpeedPerturbation
    >>> waveform = np.zeros(16_000, dtype=np.float32)
    >>> SpeedPerturbation(1.25).augment(waveform, sample_rate=16_000).shape
    (12800,)
    """

    _parameter_constraints = {**Augmentation._parameter_constraints, "factor": [Real, tuple, list]}
    _ranges = {"factor": (0.5, 2)}

    def __init__(self, factor=(0.9, 1.1), *, p=1.0):
        self.factor = factor
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        factor = self._draw("factor", rng)
        if factor == 1:
            return waveform
        n_samples = max(1, round(len(waveform) / factor))
        # soxr rounds lengths in its own way.
        changed = resample(waveform, sample_rate * factor, sample_rate)[:n_samples]
        return np.pad(changed, (0, n_samples - len(changed)), mode="edge") if len(changed) else waveform[:1]
