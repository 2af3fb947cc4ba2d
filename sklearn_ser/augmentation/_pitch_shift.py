"""Higher or lower, at the same tempo."""

import math
from numbers import Real

import numpy as np

from sklearn_ser._audio import resample

from ._augmentation import Augmentation
from ._phase_vocoder import stretch
from ._waveforms import power

_FRAME = 0.032  # seconds of a frame of the phase vocoder; longer ones smear what is short


class PitchShift(Augmentation):
    """Make a voice higher or lower, and keep its tempo.

    A phase vocoder stretches the recording [1]_ and resampling undoes the stretch, which leaves pitch and
    formants shifted [2]_.

    Parameters
    ----------
    semitones : float or (float, float), default=(-2.0, 2.0)
        Shift in semitones, or the range that it is drawn from uniformly. From -12 to 12. 0 leaves the
        waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    SpeedPerturbation : Changes the tempo as well, without a phase vocoder.

    Notes
    -----
    The vocoder keeps the bins around each peak of the spectrum together [3]_, over frames of about 32 ms, a
    power of two in samples, each of which starts a quarter after the last. The result has the mean power of
    the recording.

    Emotion is in the pitch among other things: a wide range blurs what it tells.

    References
    ----------
    .. [1] J. L. Flanagan, R. M. Golden, "Phase vocoder", Bell System Technical Journal 45(9), 1966,
       doi:10.1002/j.1538-7305.1966.tb01706.x.
    .. [2] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters, 2017. arXiv:1608.04363.
    .. [3] J. Laroche, M. Dolson, "Improved phase vocoder time-scale modification of audio", IEEE Transactions
       on Speech and Audio Processing 7(3), 1999, doi:10.1109/89.759041.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import PitchShift
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    >>> octave_above = PitchShift(12).augment(tone, sample_rate=16_000)
    >>> np.abs(np.fft.rfft(octave_above)).argmax()  # of 16 000 samples, in Hz
    np.int64(880)
    """

    _parameter_constraints = {**Augmentation._parameter_constraints, "semitones": [Real, tuple, list]}
    _ranges = {"semitones": (-12, 12)}

    def __init__(self, semitones=(-2.0, 2.0), *, p=1.0):
        self.semitones = semitones
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        semitones = self._draw("semitones", rng)
        if semitones == 0 or not waveform.any():
            return waveform
        ratio = 2 ** (semitones / 12)
        n_fft = 2 ** max(4, round(math.log2(_FRAME * sample_rate)))
        shifted = resample(stretch(waveform, ratio, n_fft), sample_rate * ratio, sample_rate)
        shifted = np.pad(shifted, (0, max(0, len(waveform) - len(shifted))))[: len(waveform)]
        loss = power(shifted) / power(waveform)
        return shifted / np.sqrt(loss) if loss > 0 else shifted
