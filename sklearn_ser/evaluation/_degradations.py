"""What becomes of a recording on its way to a listener, by name and strength."""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import numpy as np

from sklearn_ser._audio import resample, through_mu_law
from sklearn_ser.augmentation import AdditiveNoise, GainChange
from sklearn_ser.augmentation._augmentation import Augmentation
from sklearn_ser.augmentation._copies import content_of


@dataclass(frozen=True)
class Degradation:
    """One kind of degradation.

    Parameters
    ----------
    unit : str
        Of its strength.
    strengths : tuple of float
        Those that are looked at if nobody says others.
    fault : callable
        ``fault(strength, sample_rate)`` tells what a strength must be, where it is not, or gives None.
    change : callable
        ``change(waveform, sample_rate, strength, rng)`` gives another waveform.
    """

    unit: str
    strengths: tuple[float, ...]
    fault: Callable
    change: Callable


@dataclass(frozen=True)
class Condition:
    """A degradation at one strength, or an augmentation; without either, the recordings as they are.

    Parameters
    ----------
    name : str
        Of the degradation.
    strength : float or None, default=None
        In its unit.
    augmentation : object or None, default=None
        With a method ``augment``.
    """

    name: str
    strength: float | None = None
    augmentation: object | None = None

    @property
    def unit(self):
        """Unit of the strength."""
        return "" if self.strength is None else DEGRADATIONS[self.name].unit

    def apply(self, waveform, sample_rate, random_state):
        """Give the waveform as it is under this condition.

        The random numbers depend on the content of a recording alone, and are the same for all strengths.
        """
        if self.strength is None and self.augmentation is None:
            return waveform
        rng = np.random.default_rng([random_state, *content_of(waveform)])
        if self.augmentation is not None:
            return self.augmentation.augment(waveform, sample_rate, rng)
        return DEGRADATIONS[self.name].change(waveform, sample_rate, self.strength, rng)


def conditions(degradations, sample_rate):
    """Lay out what is looked at, after checking all strengths.

    Parameters
    ----------
    degradations : dict or None
        As ``robustness`` has it.
    sample_rate : int
        In Hz.

    Returns
    -------
    list of Condition
        The first one changes nothing.
    """
    laid_out = [Condition("clean")]
    if degradations is None:
        return laid_out + [
            Condition(name, strength)
            for name, kind in DEGRADATIONS.items()
            for strength in kind.strengths
            if kind.fault(strength, sample_rate) is None
        ]
    for name, how in degradations.items():
        if hasattr(how, "augment") and not isinstance(how, type):
            if name in DEGRADATIONS or name == "clean":
                raise ValueError(f"degradations[{name!r}] is an augmentation; give it a name of its own.")
            if isinstance(how, Augmentation):
                how.check(sample_rate)
            laid_out.append(Condition(str(name), augmentation=how))
            continue
        if name not in DEGRADATIONS:
            known = ", ".join(map(repr, DEGRADATIONS))
            raise ValueError(
                f"degradations names {name!r}; there are {known}, and under other names augmentations, such "
                "as Reverberation()."
            )
        strengths = list(how) if np.iterable(how) and not isinstance(how, str) else [how]
        for strength in strengths:
            must = "a number" if not isinstance(strength, Real) else None
            must = must or DEGRADATIONS[name].fault(strength, sample_rate)
            if must:
                raise ValueError(f"A strength of {name!r} must be {must}; got {strength!r}.")
        laid_out += [Condition(name, float(strength)) for strength in strengths]
    return laid_out


def _within(low, high, words):
    return lambda strength, sample_rate: None if low <= strength <= high else words


def _above_zero(words):
    return lambda strength, sample_rate: None if 0 < strength < np.inf else words


def _below_half(strength, sample_rate):
    return None if 0 < strength < sample_rate / 2 else f"in Hz and below half of sample_rate={sample_rate}"


def _at_most_sample_rate(strength, sample_rate):
    return None if 0 < strength <= sample_rate else f"a sample rate in Hz of at most {sample_rate}"


def _add_noise(waveform, sample_rate, strength, rng):
    return AdditiveNoise(strength).augment(waveform, sample_rate, rng)


def _change_gain(waveform, sample_rate, strength, rng):
    return GainChange(strength).augment(waveform, sample_rate, rng)


def _limit_band(waveform, sample_rate, strength, rng):
    return _back(resample(waveform, sample_rate, 2 * strength), 2 * strength, sample_rate, len(waveform))


def _telephone(waveform, sample_rate, strength, rng):
    narrow = resample(waveform, sample_rate, strength)
    return _back(through_mu_law(narrow), strength, sample_rate, len(waveform))


def _back(waveform, native_rate, sample_rate, n_samples):
    """Bring a waveform to its sample rate again, and to its length, which rounding may change by a sample."""
    restored = resample(waveform, native_rate, sample_rate)[:n_samples]
    return np.pad(restored, (0, n_samples - len(restored)))


def _truncate(waveform, sample_rate, strength, rng):
    return waveform[: max(1, round(strength * sample_rate))]


def _clip(waveform, sample_rate, strength, rng):
    peak = np.abs(waveform).max() * np.float32(strength)
    return np.clip(waveform, -peak, peak)


DEGRADATIONS = {
    "noise": Degradation(
        "dB", (20, 10, 5, 0), _within(-100, np.inf, "an SNR of -100 dB or more"), _add_noise
    ),
    "gain": Degradation(
        "dB", (-20, -10, 10, 20), _within(-120, 120, "a gain from -120 to 120 dB"), _change_gain
    ),
    "band_limit": Degradation("Hz", (4000, 2000, 1000), _below_half, _limit_band),
    "mu_law": Degradation("Hz", (8000,), _at_most_sample_rate, _telephone),
    "truncation": Degradation(
        "s", (2, 1, 0.5), _above_zero("a number of seconds above 0, which are kept"), _truncate
    ),
    "clipping": Degradation(
        "of the peak", (0.5, 0.25, 0.1), _within(1e-6, 1, "a share of the peak, above 0 and at most 1"), _clip
    ),
}
