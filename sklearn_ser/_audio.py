"""Files to waveforms: the only place where audio is decoded or resampled."""

import re
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
        with soundfile.SoundFile(path) as file:
            native_rate, promised, remarks = file.samplerate, file.frames, file.extra_info
            waveform = file.read(dtype="float32", always_2d=True)
    except (OSError, RuntimeError, TypeError) as error:  # soundfile's own; TypeError for headerless files
        if not path.is_file():
            raise RecordingError(f"{str(path)!r} is not a file.") from error
        raise RecordingError(f"{str(path)!r} cannot be decoded: {error}") from error
    if len(waveform) == 0:
        raise RecordingError(f"{str(path)!r} holds no sample.")
    # libsndfile reads what is there of a WAV file, and remarks on the size that its header gives. A size of
    # 2 GiB and more is what programs write that did not know it.
    size = re.search(r"^data *: (\d+) \(should be (\d+)\)", remarks, re.MULTILINE)
    cut = size and int(size[2]) < int(size[1]) < 0x7FFF0000
    if cut or len(waveform) < promised:
        raise RecordingError(f"{str(path)!r} is cut short: it holds less than its header says.")
    waveform = waveform[:, 0] if waveform.shape[1] == 1 else waveform.mean(axis=1)
    if not np.isfinite(waveform).all():
        raise RecordingError(f"{str(path)!r} holds values that are not finite.")
    resampled = resample(waveform, native_rate, sample_rate)
    if len(resampled) == 0:
        raise RecordingError(f"{str(path)!r} is shorter than one sample at {sample_rate} Hz.")
    return resampled


def resample(waveform, native_rate, sample_rate):
    """Change the sample rate of a float32 waveform with soxr's high quality."""
    if native_rate == sample_rate:
        return np.ascontiguousarray(waveform)
    import soxr

    return soxr.resample(np.ascontiguousarray(waveform), native_rate, sample_rate, quality="HQ")
