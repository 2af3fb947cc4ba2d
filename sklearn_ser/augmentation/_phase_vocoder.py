"""Longer or shorter at the same pitch."""

import math

import numpy as np
from scipy.ndimage import maximum_filter1d


def stretch(waveform, ratio, n_fft):
    """Change the tempo of a waveform, and keep its pitch.

    A phase vocoder with identity phase locking [1]_: from frame to frame the phases of spectral peaks
    advance, and the bins around a peak keep theirs relative to it. In ``librosa.phase_vocoder`` every bin
    advances by itself, so that those of one tone may cancel each other; speech loses 3 dB.

    Parameters
    ----------
    waveform : ndarray of shape (n_samples,), float32
        The waveform.
    ratio : float
        Length of the result over that of the waveform.
    n_fft : int
        Samples in a frame.

    Returns
    -------
    ndarray of shape (ceil(ratio * n_samples),), float32
        The stretched waveform.

    References
    ----------
    .. [1] J. Laroche, M. Dolson, "Improved phase vocoder time-scale modification of audio", IEEE Transactions
       on Speech and Audio Processing 7(3), 1999, section III, doi:10.1109/89.759041.
    """
    import librosa

    hop_length = n_fft // 4
    # A frame of silence at the end: every time has a frame after it, and the last sound is whole.
    padded = np.pad(waveform, (0, n_fft))
    spectrum = librosa.stft(padded, n_fft=n_fft, hop_length=hop_length).T
    times = np.arange(0, len(spectrum) - 1, 1 / ratio)
    before = times.astype(int)
    share = (times - before).astype(np.float32)[:, np.newaxis]
    magnitudes, angles = np.abs(spectrum), np.angle(spectrum)
    magnitudes = (1 - share) * magnitudes[before] + share * magnitudes[before + 1]
    angles, advances = angles[before], _advances(angles)[before]

    is_peak = (maximum_filter1d(magnitudes, 5, axis=1) == magnitudes) & (magnitudes > 0)
    bins, phases = np.arange(magnitudes.shape[1]), angles.copy()
    for now, peaks in enumerate(map(np.flatnonzero, is_peak)):
        if now == 0 or len(peaks) == 0:
            continue
        peak = peaks[np.searchsorted((peaks[1:] + peaks[:-1] + 1) // 2, bins, side="right")]
        phases[now] += (phases[now - 1] + advances[now - 1] - angles[now])[peak]
    phases %= 2 * np.pi
    stretched = librosa.istft(
        (magnitudes * np.exp(1j * phases)).T,
        n_fft=n_fft,
        hop_length=hop_length,
        length=math.ceil(len(padded) * ratio),
    )
    return stretched[: math.ceil(len(waveform) * ratio)].astype(np.float32, copy=False)


def _advances(angles):
    """Give how far each bin's phase moves from frame to frame, for the frequency nearest to the bin's."""
    expected = np.pi / 2 * np.arange(angles.shape[1])  # a quarter of the bin's number of periods in a frame
    deviation = np.diff(angles, axis=0) - expected
    return expected + deviation - 2 * np.pi * np.round(deviation / (2 * np.pi))
