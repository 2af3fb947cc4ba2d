"""From magnitude spectra to the logarithm of the power in mel bands."""

from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

import numpy as np
from scipy import sparse

from ._spectrum import Spectrum

_DB = 10 / np.log(10)


@dataclass(frozen=True)
class Logarithm:
    """How power becomes level.

    Parameters
    ----------
    amin : float
        Smallest power, below which the logarithm does not go.
    top_db : float or None
        Range in dB under the recording's largest power, below which everything is cut off.
    unit : {"db", "neper"}
        Ten times the decimal logarithm, or the natural logarithm.
    """

    amin: float
    top_db: float | None
    unit: str = "db"

    def of_energy(self, energy):
        """Take the logarithm in place, without regard to ``top_db``."""
        np.maximum(energy, self.amin, out=energy)
        if self.unit == "db":
            np.log10(energy, out=energy)
            energy *= 10
        else:
            np.log(energy, out=energy)
        return energy

    def of(self, power):
        """Take the logarithm of a recording's power in place."""
        levels = self.of_energy(power)
        if self.top_db is not None:
            depth = self.top_db if self.unit == "db" else self.top_db / _DB
            np.maximum(levels, levels.max() - depth, out=levels)
        return levels

    def is_deep(self, power):
        """Tell whether levels count that are further below the loudest than single precision tells.

        They are levels of magnitudes to a power: 80 dB of magnitudes are 160 dB of their squares.
        """
        return self.top_db is None or self.top_db * 2 / power > 80


@dataclass(frozen=True)
class LogMel:
    """Parameters of a log-mel spectrum."""

    sample_rate: int
    spectrum: Spectrum
    n_mels: int
    fmin: float
    fmax: float
    htk: bool
    mel_norm: str | float | None
    power: float
    logarithm: Logarithm
    noise_floor: float | None
    mel_shape: str = "hertz"

    # These are looked up once: to hash all parameters takes as long as a small operation on a recording.
    @cached_property
    def _bank(self):
        return _bank(self)

    @cached_property
    def _floor(self):
        return _floor(self)

    def prepare(self):
        """Make what all recordings share, once, and find what cannot be made."""
        self.spectrum.prepare()
        _ = self._bank, self._floor

    @property
    def framing(self):
        """Where the frames lie."""
        return self.spectrum.framing

    @property
    def n_features(self):
        """Number of filters."""
        return self.n_mels

    def feature_names(self):
        """Name the features of a frame."""
        return [f"mel{k}" for k in range(self.n_mels)]

    def compute(self, waveform, scratch):
        """Give the levels of a waveform: shape (n_frames, n_mels), float32."""
        return self.bands(waveform, scratch)[0].T

    def bands(self, waveform, scratch, *, with_energy=None):
        """Give levels with bands first, and on request an energy of each frame.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
            Long enough for one frame.
        scratch : Scratch
            Arrays that are used again.
        with_energy : {None, "frame", "spectrum"}
            The sum of a frame's squared samples, before pre-emphasis and window, or of its power spectrum.

        Returns
        -------
        levels : ndarray of shape (n_mels, n_frames), float32
        energies : ndarray of shape (n_frames,) or None
        """
        levels, energies = [], []
        blocks = self.spectrum.blocks(waveform, scratch, with_energy=with_energy == "frame")
        for magnitudes, of_frames in blocks:
            levels.append(self._sum_bands(magnitudes, scratch))
            if with_energy is not None:
                energies.append(of_frames if with_energy == "frame" else magnitudes.sum(axis=1))
        levels = levels[0] if len(levels) == 1 else np.concatenate(levels, axis=1)
        if self._floor is not None:
            levels += self._floor
        return self.logarithm.of(levels), None if with_energy is None else np.concatenate(energies)

    def _sum_bands(self, magnitudes, scratch):
        """Raise magnitudes to their power, in place, and sum them by the filters: shape (n_mels, n_rows)."""
        if self.power == 2:
            np.multiply(magnitudes, magnitudes, out=magnitudes)
        elif self.power != 1:
            np.power(magnitudes, self.power, out=magnitudes)
        # A sparse product wants frequencies first. It is faster than a dense one here, and no thread pool is
        # woken for it.
        turned = scratch.take("turned", magnitudes.shape[::-1])
        np.copyto(turned, magnitudes.T, casting="same_kind")
        return self._bank @ turned

    def center_frequencies(self):
        """Give the frequency in Hz at which each filter is highest."""
        return _corners(self)[1:-1]

    def n_empty_filters(self):
        """Count the filters that no frequency of the transform falls into."""
        return int((np.diff(self._bank.indptr) == 0).sum())


@lru_cache(maxsize=32)
def _floor(log_mel):
    """Give what a noise floor adds to each filter's output: shape (n_mels, 1), float32."""
    if log_mel.noise_floor is None:
        return None
    noise = log_mel.spectrum.noise(log_mel.noise_floor, log_mel.power)
    return (noise * _bank(log_mel).sum(axis=1)).astype(np.float32)[:, np.newaxis]


def _corners(log_mel):
    """Give the frequencies in Hz at which filters begin, peak and end: shape (n_mels + 2,)."""
    import librosa

    return librosa.mel_frequencies(log_mel.n_mels + 2, fmin=log_mel.fmin, fmax=log_mel.fmax, htk=log_mel.htk)


@lru_cache(maxsize=32)
def _bank(log_mel):
    """Make the triangular filters: shape (n_mels, n_bins), float32, sparse, for most of it is zeros."""
    import librosa

    n_fft, sample_rate, norm = log_mel.spectrum.n_fft, log_mel.sample_rate, log_mel.mel_norm
    corners, bins = _corners(log_mel), np.arange(log_mel.spectrum.n_bins)
    if log_mel.mel_shape == "hertz":
        bank = triangles(bins * sample_rate / n_fft, corners)
    elif log_mel.mel_shape == "mel":
        in_mel = partial(librosa.hz_to_mel, htk=log_mel.htk)
        bank = triangles(in_mel(bins * sample_rate / n_fft), in_mel(corners))
    else:
        bank = triangles(bins, np.floor((n_fft + 1) * corners / sample_rate))
    if norm == "slaney":
        bank *= 2 / (corners[2:] - corners[:-2])[:, np.newaxis]
    elif norm is not None:
        bank = librosa.util.normalize(bank, norm=norm, axis=-1)
    return sparse.csr_array(bank.astype(np.float32))


def triangles(positions, corners):
    """Rise from each corner to the next and fall to the one behind it: shape (n_corners - 2, n_positions)."""
    left, peak, right = (corners[k : len(corners) - 2 + k, np.newaxis] for k in range(3))
    with np.errstate(divide="ignore", invalid="ignore"):  # corners that coincide enclose no position
        rising, falling = (positions - left) / (peak - left), (right - positions) / (right - peak)
        bank = np.where(positions < peak, rising, falling)
    inside = (positions >= left) & (positions < right)
    return np.where(inside, bank, 0.0)
