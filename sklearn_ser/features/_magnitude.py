"""From a waveform to what is read off it without a filter bank: its spectrogram and its envelope."""

from dataclasses import dataclass

import numpy as np

from ._framing import Framing
from ._mel import Logarithm
from ._spectrum import Spectrum


@dataclass(frozen=True)
class Spectrogram:
    """Parameters of a spectrogram.

    Parameters
    ----------
    spectrum : Spectrum
        The transform.
    power : float
        Exponent of the magnitudes.
    logarithm : Logarithm or None
        Taken of them, if any.
    noise_floor : float or None
        Level in dB of a white noise whose expected value is added.
    """

    spectrum: Spectrum
    power: float
    logarithm: Logarithm | None
    noise_floor: float | None

    def prepare(self):
        """Make what all recordings share, once, and find what cannot be made."""
        self.spectrum.prepare()

    @property
    def framing(self):
        """Where the frames lie."""
        return self.spectrum.framing

    @property
    def n_features(self):
        """Number of frequencies."""
        return self.spectrum.n_bins

    def feature_names(self):
        """Name the features of a frame."""
        return [f"bin{k}" for k in range(self.n_features)]

    def compute(self, waveform, scratch):
        """Give the spectrogram of a waveform: shape (n_frames, n_bins), float32."""
        blocks = self.spectrum.blocks(waveform, scratch)
        result = np.concatenate(
            [
                np.power(magnitudes, self.power, dtype=np.float32, casting="same_kind")
                for magnitudes, _ in blocks
            ]
        )
        if self.noise_floor is not None:
            result += np.float32(self.spectrum.noise(self.noise_floor, self.power))
        return result if self.logarithm is None else self.logarithm.of(result)


@dataclass(frozen=True)
class Envelope:
    """Parameters of an amplitude envelope."""

    framing: Framing
    n_features: int = 1

    def prepare(self):
        """Make what all recordings share, which is nothing."""

    def feature_names(self):
        """Name the feature of a frame."""
        return ["envelope"]

    def compute(self, waveform, scratch):
        """Give the largest magnitude in each frame: shape (n_frames, 1), float32."""
        return self.framing.frames(np.abs(waveform), scratch).max(axis=1, keepdims=True)
