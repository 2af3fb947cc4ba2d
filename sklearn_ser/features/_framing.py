"""A waveform divided into frames."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_MIRRORS = ("reflect", "symmetric")


@dataclass(frozen=True)
class Framing:
    """How frames lie on a waveform.

    Parameters
    ----------
    length : int
        Samples of a frame.
    hop_length : int
        Samples from the start of one frame to the next.
    center : bool
        Whether ``length // 2`` samples are put before and behind the waveform.
    pad_mode : str
        What these hold, by ``numpy.pad``'s names.
    tail : {"drop", "pad"}
        Whether samples behind the last whole frame are left out, or filled up with zeros to one more.
    """

    length: int
    hop_length: int
    center: bool = True
    pad_mode: str = "constant"
    tail: str = "drop"

    def n_frames(self, n_samples):
        """Count the frames of a waveform; less than one where it is too short."""
        beyond = n_samples + 2 * self._margin - self.length
        if self.tail == "pad":
            return 1 + max(0, -(-beyond // self.hop_length))
        return 1 + beyond // self.hop_length

    def is_too_short(self, n_samples):
        """Tell whether a waveform has no frame, or less than its padding is to mirror."""
        mirrors = self.center and self.pad_mode in _MIRRORS
        return self.n_frames(n_samples) < 1 or (mirrors and n_samples <= self._margin)

    def frames(self, waveform, scratch):
        """View a float32 waveform as frames, of shape (n_frames, length)."""
        n_frames = self.n_frames(len(waveform))
        margin = self._margin
        n_used = (n_frames - 1) * self.hop_length + self.length
        if margin and self.pad_mode != "constant":
            waveform = np.pad(waveform, margin, mode=self.pad_mode)
            margin = 0
        end = margin + len(waveform)
        if margin or n_used > end:
            padded = scratch.take("padded", (max(n_used, end),))
            padded[:margin], padded[margin:end], padded[end:] = 0, waveform, 0
            waveform = padded
        waveform = np.ascontiguousarray(waveform)
        # As sliding_window_view(waveform, length)[::hop_length], in a tenth of its time.
        strides = (waveform.itemsize * self.hop_length, waveform.itemsize)
        return np.ndarray((n_frames, self.length), waveform.dtype, waveform, strides=strides)

    @property
    def _margin(self):
        return self.length // 2 if self.center else 0


def trim(waveform, trim_db, frame_length=2048, hop_length=512):
    """Cut off both ends as far as they are ``trim_db`` below the loudest frame, as ``librosa.effects.trim``.

    A recording of digital silence has no louder part, and stays as it is.
    """
    n_blocks = 1 + len(waveform) // hop_length + frame_length // hop_length
    padded = np.zeros(n_blocks * hop_length)
    middle = padded[frame_length // 2 :][: len(waveform)]
    np.square(waveform[: len(middle)], out=middle, dtype=np.float64)
    energy = padded.reshape(n_blocks, hop_length).sum(axis=1)
    energy = sliding_window_view(energy, frame_length // hop_length).sum(axis=1) / frame_length
    level = 10 * np.log10(np.maximum(energy[: 1 + len(waveform) // hop_length], 1e-10))
    loud = np.flatnonzero(level > level.max() - trim_db)
    return waveform[loud[0] * hop_length : min(len(waveform), (loud[-1] + 1) * hop_length)]
