"""Which recordings are the same take, however they were cut, scaled, filtered or encoded.

Two steps. The fingerprint of a recording is how each band rises and falls against the next one, frame by
frame: it is small, and those of all pairs are compared at all shifts in time. Takes of one sentence by one
speaker can look alike in that; so the few pairs that do are compared by their waveforms, which no two takes
have in common.
"""

from functools import cache, lru_cache

import numpy as np
from scipy import fft
from scipy.ndimage import uniform_filter1d
from sklearn.utils.parallel import _threadpool_controller_decorator

from sklearn_ser.features._mel import triangles

# Telephones leave this band, in Hz, and narrow codecs something of it.
_LOWEST, _HIGHEST = 250, 3400
_N_BANDS = 24
N_COLUMNS = _N_BANDS - 1  # of a fingerprint
_FRAME, _HOP = 0.064, 0.016  # seconds
_REACH = 2  # frames before and after, between which a band rises or falls
_ACTIVE_DB = 30  # frames further below the loudest one are pauses
_FLOOR_DB = 50  # what is further below the loudest band is noise
_MIN_FRAMES = 16  # fewer frames of speech tell no takes apart
_BLOCK = 96  # recordings at most that are compared with as many others in one go
_MAX_VALUES = 2**23  # numbers at most in an array of that, 64 MB as complex ones, if recordings are short
_ALIKE = 0.35  # of fingerprints: measured, 0.4 or more for nearly all copies
_SAME = 0.6  # of waveforms: measured, 0.61 or more for most copies and 0.42 or less for other takes
_REACH_SECONDS = 0.064  # by which waveforms may be shifted otherwise than their fingerprints
_WHITENING = 100  # Hz over which power is averaged
_N_SPECTRA = 256  # waveforms that wait, transformed, for their next comparison; half a megabyte each

VERSION = 1  # raised when values change, so that a cache does not give those of an earlier release


def fingerprint(waveform, sample_rate):
    """Describe the speech in a waveform, whatever its level, its ends and its spectral balance.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        Amplitudes.
    sample_rate : int
        In Hz, 8000 or more.

    Returns
    -------
    ndarray of shape (n_frames, n_columns), float16
        Each row has length 1, or is 0 in pauses.
    """
    length, hop = round(_FRAME * sample_rate), round(_HOP * sample_rate)
    if len(waveform) < length:
        waveform = np.pad(waveform, (0, length - len(waveform)))
    frames = np.lib.stride_tricks.sliding_window_view(waveform, length)[::hop]
    window, bands = _window_and_bands(sample_rate, length)
    power = np.abs(fft.rfft(frames * window, axis=1)) ** 2 @ bands
    change = np.zeros((len(power), N_COLUMNS), np.float32)
    loudness = power.sum(axis=1)
    if len(power) > 2 * _REACH and loudness.max() > 0:
        # The difference of neighbours cancels level and, over time, the filter it came through.
        slope = np.diff(np.log(np.maximum(power, power.max() * 10 ** (-_FLOOR_DB / 10))), axis=1)
        change[_REACH:-_REACH] = slope[2 * _REACH :] - slope[: -2 * _REACH]
        change[loudness <= loudness.max() * 10 ** (-_ACTIVE_DB / 10)] = 0
        change /= np.maximum(np.linalg.norm(change, axis=1, keepdims=True), 1e-6)
    return change.astype(np.float16)


@cache
def _window_and_bands(sample_rate, length):
    """Make a window, and triangles over frequency that are equally wide on the mel scale."""
    corners = np.linspace(_mel(_LOWEST), _mel(_HIGHEST), _N_BANDS + 2)
    bands = triangles(_mel(fft.rfftfreq(length, 1 / sample_rate)), corners).T
    return np.hanning(length).astype(np.float32), bands.astype(np.float32)


def _mel(hertz):
    return 1127 * np.log1p(np.asarray(hertz) / 700)


def same_takes(fingerprints, read, sample_rate):
    """Find the pairs of recordings that are the same take.

    Parameters
    ----------
    fingerprints : list of ndarray
        Of each recording.
    read : callable
        Gives the waveform of a recording by its position.
    sample_rate : int
        Of the waveforms, in Hz.

    Returns
    -------
    list of tuple of int
        Positions of the two, the lower one first, sorted.
    """
    hop = round(_HOP * sample_rate)
    n_samples = [(len(one) + 1) * hop + round(_FRAME * sample_rate) for one in fingerprints]  # at most
    transform = lru_cache(_N_SPECTRA)(lambda index, n: _transform(read(index), n, sample_rate))
    found = []
    for i, j, shift in _alike(fingerprints):
        n = _size(n_samples[i] + n_samples[j])
        moments = _n_moments(transform(i, n)[0]) / n  # a sample
        around, reach = round(shift * hop * moments), round(_REACH_SECONDS * sample_rate * moments)
        if _likeness(*transform(i, n), *transform(j, n), around, reach) > _SAME:
            found.append((i, j))
    return found


# Of so small products most of the time goes by in threads that wait for each other.
@_threadpool_controller_decorator(limits=1, user_api="blas")
def _alike(fingerprints):
    """Give the pairs whose fingerprints agree at some shift in time, sorted.

    A pair is the positions of the two, the lower one first, and the frame of it where the other one begins.
    """
    n_frames = np.array([np.count_nonzero(one.any(axis=1)) for one in fingerprints])
    order = sorted(np.flatnonzero(n_frames >= _MIN_FRAMES), key=lambda index: len(fingerprints[index]))
    pairs, begin = [], 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and _fits(2 * len(fingerprints[order[end]]), end + 1 - begin):
            end += 1
        block = order[begin:end]
        # All shifts at once, in the frequency domain; twice the longest, so that no end meets a beginning.
        n = fft.next_fast_len(2 * len(fingerprints[block[-1]]), real=True)
        own = _over_time(fingerprints, block, n)
        step = max(1, min(_BLOCK, _MAX_VALUES // (n * N_COLUMNS)))
        for first in range(0, end, step):
            others = order[first : min(first + step, end)]
            products = own @ _over_time(fingerprints, others, n).conj().transpose(0, 2, 1)
            agreement = fft.irfft(products, n, axis=0)
            least = _ALIKE * np.minimum.outer(n_frames[block], n_frames[others])
            for i, j in np.argwhere(agreement.max(axis=0) > least):
                if first + j < begin + i:
                    shift = int(agreement[:, i, j].argmax())
                    shift = shift if 2 * shift < n else shift - n
                    one, other = int(block[i]), int(others[j])
                    pairs.append((one, other, shift) if one < other else (other, one, -shift))
        begin = end
    return sorted(pairs)


def _fits(n_frames, n_recordings):
    """Tell whether so many recordings can be compared with a block of others in bounded memory."""
    return n_recordings <= _BLOCK and n_frames * n_recordings * _BLOCK <= _MAX_VALUES


def _over_time(fingerprints, block, n):
    """Transform fingerprints over time: of shape (n_frequencies, n_recordings, n_columns)."""
    padded = np.zeros((n, len(block), N_COLUMNS), np.float32)
    for column, index in enumerate(block):
        padded[: len(fingerprints[index]), column] = fingerprints[index]
    return fft.rfft(padded, axis=0)


def _size(n_samples):
    """Round up to one of a few sizes, so that a transform serves many pairs."""
    power = 1 << (n_samples - 1).bit_length()
    return power * 3 // 4 if n_samples <= power * 3 // 4 else power


def _transform(waveform, n, sample_rate):
    """Give the spectrum of a waveform in the band, half whitened, and its energy up to each moment."""
    band = slice(*np.searchsorted(fft.rfftfreq(n, 1 / sample_rate), [_LOWEST, _HIGHEST]))
    spectrum = fft.rfft(waveform, n)[band]
    # Two takes of a vowel agree in their few strongest harmonics if in anything: these are to count for less.
    power = uniform_filter1d(np.abs(spectrum) ** 2, max(1, round(_WHITENING * n / sample_rate)))
    spectrum /= np.maximum(power, max(power.max() * 1e-4, np.finfo(np.float32).tiny)) ** 0.25
    n_moments = _n_moments(spectrum)
    power = np.abs(fft.ifft(spectrum, n_moments)[: -(-len(waveform) * n_moments // n)]) ** 2
    return spectrum, np.append(0, np.cumsum(power, dtype=np.float64))


def _n_moments(spectrum):
    return fft.next_fast_len(2 * len(spectrum))


def _likeness(one, energy, other, other_energy, around, reach):
    """Correlate two waveforms where they agree best: 1 if they are the same but for level and phase.

    The second one begins ``around`` moments after the first, or up to ``reach`` moments before or after that.
    """
    shifts = np.arange(around - reach, around + reach + 1)
    n_moments = _n_moments(one)
    correlation = np.abs(fft.ifft(one * other.conj(), n_moments))[shifts % n_moments]
    best = int(correlation.argmax())
    here = _between(energy, shifts[best], shifts[best] + len(other_energy) - 1)
    there = _between(other_energy, -shifts[best], len(energy) - 1 - shifts[best])
    return float(correlation[best] / max(np.sqrt(here * there), np.finfo(np.float32).tiny))


def _between(energy, begin, end):
    """Give the energy from one moment to another, of which either may lie outside of the waveform."""
    last = len(energy) - 1
    return energy[min(max(end, 0), last)] - energy[min(max(begin, 0), last)]
