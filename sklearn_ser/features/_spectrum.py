"""From a waveform to the short-time Fourier transform.

Windows are made once for a set of parameters. Frames are transformed block by block, so that a long recording
needs no more memory than a short one.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import scipy.fft
import scipy.signal
import scipy.special

from ._framing import Framing

_BLOCK = 384  # frames transformed at once: more would not stay in a processor's cache


@dataclass(frozen=True)
class Spectrum:
    """Parameters of a short-time Fourier transform.

    Parameters
    ----------
    n_fft, win_length, hop_length : int
        Samples that are transformed, that the window spans, and from one frame to the next.
    window : str, tuple or float
        As ``scipy.signal.get_window`` takes it, or ``"povey"``.
    center, pad_mode, tail
        As ``Framing`` has them.
    window_align : {"center", "start"}
        Whether a shorter window lies in the middle of the ``n_fft`` samples, as librosa has it, or a frame is
        ``win_length`` samples and zeros behind them, as HTK and Kaldi have it.
    full_scale : float
        What the amplitude 1 counts as.
    remove_dc : bool
        Whether each frame's mean is subtracted.
    preemphasis : float
        Share of the sample before that is subtracted from each sample.
    preemphasis_within : {"recording", "frame"}
        Whether the first sample of a frame has the sample before it, or itself, subtracted.
    precise : bool
        Whether to transform in double precision: single precision is off by about 1e-7 of the loudest
        frequency in a frame, which matters only to what is more than 80 dB below it.
    """

    n_fft: int
    win_length: int
    hop_length: int
    window: str | tuple | float
    center: bool = True
    pad_mode: str = "constant"
    tail: str = "drop"
    window_align: str = "center"
    full_scale: float = 1.0
    remove_dc: bool = False
    preemphasis: float = 0.0
    preemphasis_within: str = "recording"
    precise: bool = False

    @property
    def n_bins(self):
        """Number of frequencies."""
        return self.n_fft // 2 + 1

    @cached_property
    def framing(self):
        """Where the frames lie."""
        length = self.n_fft if self.window_align == "center" else self.win_length
        return Framing(length, self.hop_length, self.center, self.pad_mode, self.tail)

    def blocks(self, waveform, scratch, *, with_energy=False):
        """Transform a waveform.

        Parameters
        ----------
        waveform : ndarray of shape (n_samples,), float32
            Long enough for one frame.
        scratch : Scratch
            Where the arrays live that are yielded.
        with_energy : bool, default=False
            Whether to give the frames' energies too.

        Yields
        ------
        magnitudes : ndarray of shape (n_rows, n_bins)
            Magnitude spectra of the next frames, to be used before the next block overwrites them.
        energies : ndarray of shape (n_rows,) or None
            Sums of their squared samples before pre-emphasis and window.
        """
        if self.preemphasis and self.preemphasis_within == "recording":
            waveform = _preemphasise(waveform, self.preemphasis)
        frames, dtype = self.framing.frames(waveform, scratch), self._window.dtype.type
        length = frames.shape[1]
        for start in range(0, len(frames), _BLOCK):
            block, energies = frames[start : start + _BLOCK], None
            if self.remove_dc or with_energy or self.preemphasis_within == "frame":
                block, energies = self._condition(block.astype(dtype))
            windowed = scratch.take("windowed", (len(block), self.n_fft), dtype)
            np.multiply(block, self._window, out=windowed[:, :length])
            if length < self.n_fft:
                windowed[:, length:] = 0
            magnitudes = scratch.take("magnitudes", (len(block), self.n_bins), dtype)
            np.abs(scipy.fft.rfft(windowed, overwrite_x=True), out=magnitudes)
            yield magnitudes, energies

    def prepare(self):
        """Make the window, or say why there is none."""
        try:
            _ = self._window
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"window={self.window!r} is none that scipy.signal.get_window knows: {error}"
            ) from error

    # Looked up once: to hash all parameters takes as long as a small operation on a recording.
    @cached_property
    def _window(self):
        return _window(self).astype(np.float64 if self.precise else np.float32)

    def noise(self, level, power=2.0):
        """Give what white noise of ``level`` dB (full scale is 0) has on average in a bin.

        White noise of variance v has the expected power v * sum(window ** 2); its magnitude is
        Rayleigh-distributed, whose moment of order p has the factor gamma(1 + p / 2).
        """
        mean_square = self.full_scale**2 * 10 ** (level / 10)
        noise_power = mean_square * np.sum((_window(self) / self.full_scale) ** 2)
        return noise_power ** (power / 2) * scipy.special.gamma(1 + power / 2)

    def _condition(self, block):
        """Subtract means and what the sample before gives; the energies are those between the two."""
        if self.remove_dc:
            block -= block.mean(axis=1, keepdims=True)
        energies = self.full_scale**2 * np.vecdot(block, block)
        if self.preemphasis and self.preemphasis_within == "frame":
            before = np.concatenate([block[:, :1], block[:, :-1]], axis=1)
            block -= self.preemphasis * before
        return block, energies


@lru_cache(maxsize=32)
def _window(spectrum):
    """Make the window of a frame, times full scale: shape (framing.length,), float64."""
    if spectrum.window == "povey":
        # Kaldi's own: like a Hamming window, but reaching zero.
        window = scipy.signal.get_window("hann", spectrum.win_length, fftbins=False) ** 0.85
    else:
        window = scipy.signal.get_window(spectrum.window, spectrum.win_length)
    placed = np.zeros(spectrum.framing.length)
    start = (len(placed) - len(window)) // 2
    placed[start : start + len(window)] = window
    return spectrum.full_scale * placed


def _preemphasise(waveform, share):
    emphasised = waveform.copy()
    emphasised[1:] -= np.float32(share) * waveform[:-1]
    return emphasised
