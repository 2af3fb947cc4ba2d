"""Files to waveforms: the only place where audio is decoded or resampled."""

from pathlib import Path

import numpy as np

from sklearn_ser.exceptions import RecordingError


def load_waveform(path, sample_rate):
    """Decode one file to a mono waveform at ``sample_rate``.

    Channels are averaged, and the result is resampled with soxr's high quality, as librosa does.

    Parameters
    ----------
    path : str or path-like
        An audio file that libsndfile reads (WAV, FLAC, OGG, MP3 …).
    sample_rate : int
        Samples per second of the result.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        Amplitudes; full scale is 1.

    Raises
    ------
    RecordingError
        The file is missing, is not audio, holds no sample, or holds a value that is not finite.
    """
    import soundfile

    path = Path(path)
    try:
        waveform, native_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:  # soundfile's own error is a RuntimeError
        if not path.is_file():
            raise RecordingError(f"{str(path)!r} is not a file.") from error
        raise RecordingError(f"{str(path)!r} cannot be decoded: {error}") from error
    if len(waveform) == 0:
        raise RecordingError(f"{str(path)!r} holds no sample.")
    waveform = waveform[:, 0] if waveform.shape[1] == 1 else waveform.mean(axis=1)
    if not np.isfinite(waveform).all():
        raise RecordingError(f"{str(path)!r} holds values that are not finite.")
    return resample(waveform, native_rate, sample_rate)


def resample(waveform, native_rate, sample_rate):
    """Change the sample rate of a float32 waveform with soxr's high quality."""
    if native_rate == sample_rate:
        return np.ascontiguousarray(waveform)
    import soxr

    return soxr.resample(np.ascontiguousarray(waveform), native_rate, sample_rate, quality="HQ")
