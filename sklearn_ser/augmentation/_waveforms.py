"""What a waveform is, and how two of them are mixed."""

import numpy as np

from sklearn_ser.exceptions import RecordingError


def as_waveform(waveform):
    """Give a waveform as float32, the same array where it is one.

    Parameters
    ----------
    waveform : array-like of shape (n_samples,)
        Floating-point amplitudes.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        Finite amplitudes, one at least.

    Raises
    ------
    RecordingError
        It is none. The message begins with what it must be.
    """
    try:
        array = np.asarray(waveform)
    except ValueError as error:
        raise RecordingError(f"must be a 1-D waveform: {error}.") from error
    is_pcm = array.dtype.kind in "iu" and array.dtype.itemsize <= 4
    if array.ndim != 1 or array.size == 0 or array.dtype.kind not in "fiub" or is_pcm:
        mend = f", and full scale is 1: divide by {2 ** (8 * array.dtype.itemsize - 1)}" if is_pcm else ""
        raise RecordingError(
            "must be a non-empty 1-D waveform of floating-point numbers; "
            f"got an array of shape {array.shape} and type {array.dtype}{mend}."
        )
    with np.errstate(over="ignore", invalid="ignore"):  # looked at in the next line
        array = np.ascontiguousarray(array, dtype=np.float32)
        is_finite = np.isfinite(array.sum()) or np.isfinite(array).all()
    if not is_finite:
        raise RecordingError("must be a waveform; it holds NaN, infinity or more than float32 can hold.")
    return array


def add_at_snr(waveform, noise, snr_db):
    """Add noise at a signal-to-noise ratio, in dB, of the mean powers over the whole waveform.

    Where either is digital silence there is no such ratio, and nothing is added.
    """
    signal_power, noise_power = power(waveform), power(noise)
    if signal_power == 0 or noise_power == 0 or np.isinf(snr_db):
        return waveform
    return waveform + noise * np.float64(np.sqrt(signal_power / noise_power) * 10 ** (-snr_db / 20))


def power(waveform):
    """Give the mean square of a waveform."""
    return np.mean(np.square(waveform, dtype=np.float64))
