"""From spectra to cepstra: of mel bands by a cosine transform, of all frequencies by a Fourier transform."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.fft

from ._deltas import deltas
from ._mel import LogMel
from ._spectrum import Spectrum

_DELTA_NAMES = ("", "_delta", "_delta2")


@dataclass(frozen=True)
class MelCepstrum:
    """Parameters of mel-frequency cepstral coefficients and their slopes."""

    log_mel: LogMel
    n_mfcc: int
    dct_type: int
    dct_norm: str | None
    lifter: float
    lifter_start: int
    energy: str | None
    delta: int

    @cached_property
    def _lift(self):
        if not self.lifter:
            return None
        order = np.arange(self.lifter_start, self.lifter_start + self.n_mfcc)
        return (1 + self.lifter / 2 * np.sin(np.pi * order / self.lifter)).astype(np.float32)

    def prepare(self):
        """Make what all recordings share, once, and find what cannot be made."""
        self.log_mel.prepare()

    @property
    def framing(self):
        """Where the frames lie."""
        return self.log_mel.framing

    @property
    def n_features(self):
        """Number of coefficients, slopes and curvatures."""
        return self.n_mfcc * (1 + self.delta)

    def feature_names(self):
        """Name the features of a frame."""
        return [f"mfcc{k}{order}" for order in _DELTA_NAMES[: 1 + self.delta] for k in range(self.n_mfcc)]

    def compute(self, waveform, scratch):
        """Give the coefficients of a waveform: shape (n_frames, n_features), float32."""
        levels, energies = self.log_mel.bands(waveform, scratch, with_energy=self.energy)
        # Not by a matrix: its sums of many large levels would cost a digit of single precision.
        transformed = scipy.fft.dct(levels, type=self.dct_type, norm=self.dct_norm, axis=0, overwrite_x=True)
        coefficients = np.ascontiguousarray(transformed[: self.n_mfcc].T)
        if self._lift is not None:
            coefficients *= self._lift
        if self.energy is not None:
            coefficients[:, 0] = self.log_mel.logarithm.of_energy(energies)
        slopes = [deltas(coefficients, order) for order in range(1, 1 + self.delta)]
        return np.concatenate([coefficients, *slopes], axis=1) if slopes else coefficients


@dataclass(frozen=True)
class RealCepstrum:
    """Parameters of the real cepstrum, the inverse Fourier transform of the log-magnitude spectrum."""

    spectrum: Spectrum
    n_quefrencies: int
    amin: float
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
        """Number of quefrencies."""
        return self.n_quefrencies

    def feature_names(self):
        """Name the features of a frame."""
        return [f"quefrency{k}" for k in range(self.n_quefrencies)]

    def compute(self, waveform, scratch):
        """Give the cepstrum of each frame: shape (n_frames, n_quefrencies), float32."""
        floor = 0.0 if self.noise_floor is None else self.spectrum.noise(self.noise_floor)
        cepstra = []
        for power, _ in self.spectrum.blocks(waveform, scratch):
            np.multiply(power, power, out=power)
            power += floor
            np.maximum(power, self.amin, out=power)
            np.log(power, out=power)
            power /= 2
            whole = scipy.fft.irfft(power, self.spectrum.n_fft)
            cepstra.append(whole[:, : self.n_quefrencies].astype(np.float32))
        return np.concatenate(cepstra)
