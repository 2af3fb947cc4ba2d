"""Recorded noise behind a voice."""

from numbers import Real

import numpy as np

from sklearn_ser._audio import load_excerpt

from ._collection import CollectionAugmentation
from ._recordings import is_path
from ._waveforms import add_at_snr


class BackgroundRecordings(CollectionAugmentation):
    """Mix a recording with a part of another, at a signal-to-noise ratio.

    Parameters
    ----------
    recordings : list of str, path-like or ndarray
        Backgrounds, of which each waveform gets one at random: files, whose part is decoded and resampled to
        the waveform's sample rate, or waveforms that are at that rate.
    snr_db : float or (float, float), default=(0.0, 20.0)
        Power of the recording over that of the background, in dB, or the range that it is drawn from
        uniformly. ``numpy.inf`` leaves the waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    AdditiveNoise : Adds noise that is made up.

    Notes
    -----
    The part is from a random place. A background that is shorter than the recording is repeated, from a
    random place on. Powers are means over the whole recording and the part it is mixed with; where either is
    digital silence there is no ratio, and nothing is added. The channels of a file are averaged.

    Of a file only the part is decoded, each time that one is drawn.

    The idea, among others of its kind, is evaluated in [1]_; there the weights of the sum are drawn, not the
    ratio of the powers.

    References
    ----------
    .. [1] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters, 2017. arXiv:1608.04363.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import BackgroundRecordings
    >>> rng = np.random.default_rng(0)
    >>> background = BackgroundRecordings([rng.normal(size=80_000)], snr_db=6)
    >>> voice = rng.normal(size=16_000)
    >>> mixed = background.augment(voice, sample_rate=16_000, random_state=0)
    >>> 10 * np.log10(np.mean(voice**2) / np.mean((mixed - voice) ** 2)).round(2)
    np.float64(6.0)
    """

    _parameter_constraints = {
        **CollectionAugmentation._parameter_constraints,
        "snr_db": [Real, tuple, list],
    }
    _ranges = {"snr_db": (-100, np.inf)}

    def __init__(self, recordings, *, snr_db=(0.0, 20.0), p=1.0):
        self.recordings = recordings
        self.snr_db = snr_db
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        recording, snr_db, place = self._drawn(rng), self._draw("snr_db", rng), rng.random()
        if np.isinf(snr_db):
            return waveform
        n_samples = len(waveform)
        if is_path(recording):
            part = load_excerpt(recording, sample_rate, n_samples, place)
        else:
            start = int(place * max(1, len(recording) - n_samples + 1))
            part = recording[start : start + n_samples]
        if len(part) < n_samples:
            part = np.resize(np.roll(part, -int(place * len(part))), n_samples)
        return add_at_snr(waveform, part, snr_db)
