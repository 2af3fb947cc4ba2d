"""Soft made loud, and loud made soft."""

import math
from numbers import Real
from typing import NamedTuple

import numpy as np

from ._augmentation import Augmentation


class _Preset(NamedTuple):
    """Times in seconds, levels in dB; the gain is added to that of the curve."""

    levels_in: tuple
    levels_out: tuple
    attack: float = 0.1
    decay: float = 0.3
    look_ahead: float = 0.1
    gain: float = 0.0


# Those of Dolby E for the six names, as MUDA gives them to SoX.
_PRESETS = {
    "film_light": _Preset((-90, -70, -53, -41, -21, 0), (-90, -64, -47, -41, -21, -20)),
    "film_standard": _Preset((-90, -70, -43, -31, -21, 0), (-90, -64, -37, -31, -21, -20)),
    "music_light": _Preset((-90, -70, -65, -41, -21, 0), (-90, -58, -53, -41, -21, -11)),
    "music_standard": _Preset((-90, -70, -55, -31, -21, 0), (-90, -58, -43, -31, -21, -20)),
    "radio": _Preset((-90, -70, -60, 0), (-90, -70, -20, 0), attack=0.01, decay=1.0, look_ahead=0, gain=-5.0),
    "speech": _Preset((-90, -70, -50, -31, -21, 0), (-90, -55, -35, -31, -21, -20)),
}


class DynamicRangeCompression(Augmentation):
    """Compress the dynamic range of a recording, as broadcasting and telephony do.

    A level follows the magnitudes of the waveform, and a curve of the level, in dB, gives the gain: what is
    soft is raised, what is loud is lowered. The curves are those of [1]_, made for MUDA [2]_.

    Parameters
    ----------
    preset : str or sequence of str, default=("film_standard", "music_standard", "speech", "radio")
        Curve, attack and decay: ``"film_light"``, ``"film_standard"``, ``"music_light"``,
        ``"music_standard"``, ``"radio"`` or ``"speech"``. Of several one is drawn for each waveform; by
        default from those of [1]_.
    strength : float or (float, float), default=1.0
        Share of the gain in dB that is applied, or the range that it is drawn from uniformly. From 0 to 1. 0
        leaves the waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    Notes
    -----
    ``"radio"`` attacks in 0.01 s and decays in 1 s; the others attack in 0.1 s, decay in 0.3 s and look 0.1 s
    ahead. All raise what is soft: by up to 35 dB for ``"radio"``, 15 for ``"speech"``, 12 for music and 6 for
    film. So they raise the noise in pauses as well.

    The level starts at full scale, as in SoX, whose ``compand`` with MUDA's arguments gives the same waveform
    but for what it clips. So it takes a soft recording some decay times to be raised: with ``"radio"`` some
    seconds. Levels above 0 dB have the gain of 0 dB.

    References
    ----------
    .. [1] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters, 2017. arXiv:1608.04363.
    .. [2] B. McFee, E. J. Humphrey, J. P. Bello, "A software framework for musical data augmentation", ISMIR
       2015.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import DynamicRangeCompression
    >>> soft_then_loud = np.repeat([0.01, 1.0], 32_000) * np.sin(np.arange(64_000))
    >>> compressed = DynamicRangeCompression("speech").augment(soft_then_loud, sample_rate=16_000)
    >>> np.abs(compressed[16_000:28_000]).max().round(2), np.abs(compressed[48_000:]).max().round(2)
    (np.float32(0.03), np.float32(0.13))
    """

    _parameter_constraints = {
        **Augmentation._parameter_constraints,
        "preset": [str, tuple, list],
        "strength": [Real, tuple, list],
    }
    _ranges = {"strength": (0, 1)}

    def __init__(self, preset=("film_standard", "music_standard", "speech", "radio"), *, strength=1.0, p=1.0):
        self.preset = preset
        self.strength = strength
        self.p = p

    def _check_parameters(self, sample_rate):
        super()._check_parameters(sample_rate)
        names = self._names()
        if not names or not all(isinstance(name, str) and name in _PRESETS for name in names):
            raise ValueError(
                f"DynamicRangeCompression needs preset as one or several of {sorted(_PRESETS)}; "
                f"got {self.preset!r}."
            )

    def _names(self):
        return (self.preset,) if isinstance(self.preset, str) else tuple(self.preset)

    def _change(self, waveform, sample_rate, rng):
        names = self._names()
        preset, strength = _PRESETS[names[rng.integers(len(names))]], self._draw("strength", rng)
        if strength == 0:
            return waveform
        level = _follow(waveform, preset, sample_rate)
        n_ahead = round(preset.look_ahead * sample_rate)
        level = np.concatenate([level[n_ahead:], np.full(min(n_ahead, len(level)), level[-1])])
        level = 20 * np.log10(np.maximum(level, 1e-10))
        gain = np.interp(level, preset.levels_in, np.subtract(preset.levels_out, preset.levels_in))
        return waveform * 10 ** (strength * (gain + preset.gain) / 20)


def _follow(waveform, preset, sample_rate):
    """Give the level after each sample, which approaches the magnitudes at the rates of attack and decay."""
    rise, fall = (1 - math.exp(-1 / (sample_rate * seconds)) for seconds in (preset.attack, preset.decay))
    level, levels = 1.0, []
    # Each step needs the last one; over plain numbers a loop is quick.
    for magnitude in np.abs(waveform).tolist():
        distance = magnitude - level
        level += distance * (rise if distance > 0 else fall)
        levels.append(level)
    return np.array(levels)
