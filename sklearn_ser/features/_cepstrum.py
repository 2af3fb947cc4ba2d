"""From a waveform to mel-frequency cepstral coefficients, by librosa's definitions.

Windows, filter banks and noise floors are made once for a set of parameters. The Fourier transform is taken
in double precision, as librosa takes it, and everything after it in single precision.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft
import scipy.signal
import scipy.special
from numpy.lib.stride_tricks import sliding_window_view
from scipy import sparse

_BLOCK = 64  # frames transformed at once: their spectra stay in the processor's cache
_DELTA_WIDTH = 9


@dataclass(frozen=True)
class CepstrumParams:
    """The parameters of ``librosa.feature.mfcc``, and a noise floor."""

    sample_rate: int
    n_mfcc: int
    n_fft: int
    win_length: int
    hop_length: int
    window: str | tuple | float
    center: bool
    pad_mode: str
    n_mels: int
    fmin: float
    fmax: float
    htk: bool
    mel_norm: str | float | None
    dct_type: int
    dct_norm: str | None
    lifter: float
    power: float
    amin: float
    top_db: float | None
    noise_floor: float | None

    def n_frames(self, n_samples):
        """Count the frames of a waveform; less than one where it is too short."""
        padding = 2 * (self.n_fft // 2) if self.center else 0
        return 1 + (n_samples + padding - self.n_fft) // self.hop_length


@dataclass(frozen=True)
class Tables:
    """Arrays that the parameters determine."""

    window: np.ndarray  # (n_fft,), float64
    mel_bank: sparse.csr_array  # (n_mels, n_fft // 2 + 1), float32; most of it is zeros
    floor: np.ndarray | None  # (n_mels,), float32
    lifter: np.ndarray | None  # (n_mfcc,), float32


@lru_cache(maxsize=16)
def tables(params):
    """Make the arrays for a set of parameters."""
    import warnings

    import librosa

    window = np.zeros(params.n_fft)
    start = (params.n_fft - params.win_length) // 2
    window[start : start + params.win_length] = scipy.signal.get_window(params.window, params.win_length)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Empty filters detected")  # empty_filters() tells of them
        mel_bank = librosa.filters.mel(
            sr=params.sample_rate,
            n_fft=params.n_fft,
            n_mels=params.n_mels,
            fmin=params.fmin,
            fmax=params.fmax,
            htk=params.htk,
            norm=params.mel_norm,
        )
    floor = lifter = None
    if params.noise_floor is not None:
        # White noise of variance v has the expected power v * sum(window ** 2) in a bin; its magnitude is
        # Rayleigh-distributed, whose p-th moment has the factor gamma(1 + p / 2).
        noise_power = 10 ** (params.noise_floor / 10) * np.sum(window**2)
        moment = noise_power ** (params.power / 2) * scipy.special.gamma(1 + params.power / 2)
        floor = (moment * mel_bank.sum(axis=1)).astype(np.float32)
    if params.lifter > 0:
        order = np.arange(1, 1 + params.n_mfcc)
        lifter = (1 + params.lifter / 2 * np.sin(np.pi * order / params.lifter)).astype(np.float32)
    return Tables(window, sparse.csr_array(mel_bank), floor, lifter)


def empty_filters(params):
    """Count the mel filters that no frequency of the transform falls into."""
    return int((np.diff(tables(params).mel_bank.indptr) == 0).sum())


def mfcc(waveform, params):
    """Give the coefficients of a waveform, of shape (n_frames, n_mfcc), float32."""
    made = tables(params)
    log_mel = mel_power(waveform, params, made)
    if made.floor is not None:
        log_mel += made.floor
    np.maximum(log_mel, params.amin, out=log_mel)
    np.log10(log_mel, out=log_mel)
    log_mel *= 10
    if params.top_db is not None:
        np.maximum(log_mel, log_mel.max() - params.top_db, out=log_mel)
    coefficients = scipy.fft.dct(log_mel, type=params.dct_type, norm=params.dct_norm, axis=1)
    coefficients = coefficients[:, : params.n_mfcc]
    if made.lifter is not None:
        coefficients = coefficients * made.lifter
    return coefficients


def mel_power(waveform, params, made):
    """Sum the spectrum of each frame over mel filters: shape (n_frames, n_mels), float32."""
    if params.center:
        waveform = np.pad(waveform, params.n_fft // 2, mode=params.pad_mode)
    frames = sliding_window_view(waveform, params.n_fft)[:: params.hop_length]
    result = np.empty((len(frames), params.n_mels), dtype=np.float32)
    windowed = np.empty((_BLOCK, params.n_fft))
    for start in range(0, len(frames), _BLOCK):
        block = frames[start : start + _BLOCK]
        n = len(block)
        np.multiply(block, made.window, out=windowed[:n])
        parts = scipy.fft.rfft(windowed[:n], overwrite_x=True).view(np.float64)
        np.square(parts, out=parts)
        power = np.empty((params.n_fft // 2 + 1, n), dtype=np.float32)
        np.add(parts[:, ::2], parts[:, 1::2], out=power.T, casting="same_kind")
        if params.power != 2:
            np.power(power, params.power / 2, out=power)
        result[start : start + n] = (made.mel_bank @ power).T
    return result


def deltas(coefficients, order):
    """Give the slope or the curvature of each coefficient over nine frames, as ``librosa.feature.delta``.

    A recording of fewer frames has its first and last one repeated.
    """
    mode = "interp" if len(coefficients) >= _DELTA_WIDTH else "nearest"
    slopes = scipy.signal.savgol_filter(
        coefficients, _DELTA_WIDTH, deriv=order, polyorder=order, axis=0, mode=mode
    )
    return slopes.astype(np.float32, copy=False)


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
