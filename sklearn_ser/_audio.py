"""Files to waveforms: the only place where audio is decoded or resampled."""

import io
import math
import re
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sklearn_ser._scratch import Scratch
from sklearn_ser.exceptions import RecordingError


def load_waveform(path, sample_rate, scratch=None):
    """Decode one file to a mono waveform at ``sample_rate``.

    Channels are averaged, and the result is resampled with soxr's high quality, as librosa does.

    Parameters
    ----------
    path : str or path-like
        An audio file that libsndfile reads (WAV, FLAC, OGG, MP3 …).
    sample_rate : int
        Samples per second of the result.
    scratch : Scratch or None, default=None
        Where to decode to; the result may then lie in it, and is overwritten by the next one.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        Amplitudes; full scale is 1.

    Raises
    ------
    RecordingError
        The file is missing, is not audio, holds no sample, or holds a value that is not finite.
    """
    with _opened(path) as file:
        native_rate, promised, is_cut = file.samplerate, file.frames, _is_cut(file)
        whole_numbers = file.subtype == "PCM_16"
        waveform = _read(file, scratch or Scratch())
    if len(waveform) == 0:
        raise RecordingError(f"{str(path)!r} holds no sample.")
    if is_cut or len(waveform) < promised:
        raise RecordingError(f"{str(path)!r} is cut short: it holds less than its header says.")
    if waveform.ndim > 1:
        waveform = waveform.mean(axis=1)
    if not whole_numbers and not np.isfinite(waveform).all():
        raise RecordingError(f"{str(path)!r} holds values that are not finite.")
    resampled = resample(waveform, native_rate, sample_rate)
    if len(resampled) == 0:
        raise RecordingError(f"{str(path)!r} is shorter than one sample at {sample_rate} Hz.")
    return resampled


def load_excerpt(path, sample_rate, n_samples, place):
    """Decode a part of one file to a mono waveform at ``sample_rate``, as ``load_waveform`` does the whole.

    Parameters
    ----------
    path : str or path-like
        An audio file that libsndfile reads.
    sample_rate : int
        Samples per second of the result.
    n_samples : int
        Samples of the result, at most.
    place : float
        Where the part is, from 0 for the first that there can be to 1 for the last.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        Amplitudes; full scale is 1. The whole file, and fewer samples, where it is not longer.

    Raises
    ------
    RecordingError
        The file is missing, is not audio, holds no sample, or holds a value there that is not finite.
    """
    with _opened(path) as file:
        native_rate = file.samplerate
        n_read = min(file.frames, math.ceil(n_samples * native_rate / sample_rate))
        file.seek(min(int(place * (file.frames - n_read + 1)), file.frames - n_read))
        waveform = file.read(n_read, dtype="float32", always_2d=True).mean(axis=1)
    if n_read == 0:
        raise RecordingError(f"{str(path)!r} holds no sample.")
    if len(waveform) < n_read:
        raise RecordingError(f"{str(path)!r} is cut short: it holds less than its header says.")
    if not np.isfinite(waveform).all():
        raise RecordingError(f"{str(path)!r} holds values that are not finite.")
    resampled = resample(waveform, native_rate, sample_rate)[:n_samples]
    if len(resampled) == 0:
        raise RecordingError(f"{str(path)!r} is shorter than one sample at {sample_rate} Hz.")
    return resampled


def decoder_versions():
    """Name the versions of the libraries that a file's waveform depends on."""
    import soundfile
    import soxr

    return f"libsndfile {soundfile.__libsndfile_version__}, soxr {soxr.__version__}"


@contextmanager
def _opened(path):
    """Open a file, and say in our words what keeps it from being opened or read."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            yield file
    except (OSError, RuntimeError, TypeError, ValueError, MemoryError) as error:
        # soundfile's own; TypeError for headerless files, the last two for headers without a length.
        if not Path(path).is_file():
            raise RecordingError(f"{str(path)!r} is not a file.") from error
        raise RecordingError(f"{str(path)!r} cannot be decoded: {error}") from error


def _is_cut(file):
    """Tell whether a WAV file is shorter than its header says.

    libsndfile reads what is there, and remarks on it. A size of 2 GiB and more is what programs write that do
    not know it.
    """
    if not file.format.startswith("WAV"):
        return False
    size = re.search(r"^data *: (\d+) \(should be (\d+)\)", file.extra_info, re.MULTILINE)
    return bool(size) and int(size[2]) < int(size[1]) < 0x7FFF0000


def _read(file, scratch):
    """Decode an open file to float32, of shape (n_samples,) or (n_samples, n_channels)."""
    if file.subtype != "PCM_16":
        return file.read(dtype="float32")
    # The same numbers as libsndfile's own conversion, in a third of its time.
    shape = (file.frames,) if file.channels == 1 else (file.frames, file.channels)
    samples = file.read(out=scratch.take("samples", shape, np.int16))
    return np.multiply(samples, np.float32(2**-15), out=scratch.take("waveform", samples.shape))


def resample(waveform, native_rate, sample_rate):
    """Change the sample rate of a float32 waveform with soxr's high quality."""
    if native_rate == sample_rate:
        return np.ascontiguousarray(waveform)
    import soxr

    return soxr.resample(np.ascontiguousarray(waveform), native_rate, sample_rate, quality="HQ")


def through_mu_law(waveform):
    """Code a float32 waveform in the µ-law of telephones, 8 bits a sample (ITU-T G.711), and decode it.

    What lies beyond full scale is clipped, as it is there.
    """
    import soundfile

    coded = io.BytesIO()
    form = {"samplerate": 8000, "format": "RAW", "subtype": "ULAW"}  # samples are coded alike at any rate
    soundfile.write(coded, np.clip(waveform, -1, 1), **form)
    coded.seek(0)
    return soundfile.read(coded, dtype="float32", channels=1, **form)[0]
