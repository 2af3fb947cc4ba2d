"""One recording from the disk to its features, and all recordings of X in threads."""

import hashlib
import struct
import threading
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from sklearn_ser._audio import decoder_versions
from sklearn_ser._scratch import Scratch
from sklearn_ser._warning import warn
from sklearn_ser.caching import DiskCache
from sklearn_ser.exceptions import RecordingError

from ._duration import CROPS, crop, fill
from ._framing import trim
from ._functionals import apply_functionals
from ._progress import progress
from ._recordings import is_path, read_recording

# Raised when values change, so that a cache does not give those of an earlier release.
_VALUES = 1
_CHUNK = 32  # recordings that a thread takes at a time
_HEADER = struct.Struct("<3q")  # samples after trimming, rows, columns


@dataclass(frozen=True)
class Extraction:
    """Everything that decides a recording's features.

    Parameters
    ----------
    definition : MelCepstrum, LogMel, Spectrogram, RealCepstrum or Envelope
        Waveform to frames.
    sample_rate : int
        In Hz.
    trim_db : float or None
        How far below the loudest part the ends are cut off.
    n_samples : int or None
        Samples after which a trimmed recording is cropped.
    crop : str
        What is done then.
    summary : tuple of str or None
        Functionals that make a row of the frames.
    """

    definition: object
    sample_rate: int
    trim_db: float | None
    n_samples: int | None
    crop: str
    summary: tuple | None

    def shape(self):
        """Give the shape of a recording's features, or None where it depends on the recording."""
        if self.summary is not None:
            return (self.definition.n_features * len(self.summary),)
        if self.n_samples is not None:
            return (self.definition.framing.n_frames(self.n_samples), self.definition.n_features)
        return None

    def of_recording(self, recording, index, scratch):
        """Compute a recording's features.

        Returns
        -------
        n_samples : int
            Length after trimming.
        features : ndarray of shape (n_rows, n_columns), float32
            Frames, or a single row with a summary.
        """
        waveform = read_recording(recording, index, self.sample_rate, scratch)
        if self.trim_db is not None:
            waveform = trim(waveform, self.trim_db)
        n_samples = len(waveform)
        waveform = self._cropped(waveform, index)
        with np.errstate(over="ignore", invalid="ignore"):  # looked at in the next line
            features = self.definition.compute(waveform, scratch)
            is_finite = np.isfinite(features.sum())
        if not is_finite:
            raise RecordingError(f"Recording {index} is too loud for float32: full scale is 1.")
        if self.summary is not None:  # frames of zeros are padding wherever they come from
            features = apply_functionals(features[features.any(axis=1)], self.summary)[np.newaxis]
        return n_samples, features

    def through_cache(self, cache, recording, index, scratch, *, wait=True):
        """Give what ``of_recording`` does, from a cache; with ``wait=False``, None if somebody is at it."""
        try:
            before, key = _stamp(recording), self._key(recording)
        except OSError as error:
            raise RecordingError(f"Recording {index}: {str(recording)!r} cannot be read: {error}") from error

        def compute():
            n_samples, features = self.of_recording(recording, index, scratch)
            if _stamp(recording) != before:
                raise RecordingError(f"Recording {index}: {str(recording)!r} was changed while it was read.")
            return _HEADER.pack(n_samples, *features.shape) + features.tobytes()

        entry = cache.get_or_compute(key, compute, wait=wait)
        if entry is None:
            return None
        n_samples, *shape = _HEADER.unpack_from(entry)
        self._check_length(n_samples, index)
        return n_samples, np.frombuffer(entry, np.float32, offset=_HEADER.size).reshape(shape)

    def _cropped(self, waveform, index):
        """Cut a waveform that is too long, and refuse one that is too short."""
        self._check_length(len(waveform), index)
        if self.n_samples is not None and len(waveform) > self.n_samples:
            waveform = crop(waveform, self.n_samples, self.crop)
        framing = self.definition.framing
        if framing.is_too_short(len(waveform)):
            raise RecordingError(
                f"Recording {index} is too short for frames of {framing.length} samples with "
                f"center={framing.center} and pad_mode={framing.pad_mode!r}: it has {len(waveform)} samples. "
                "center=True with pad_mode='constant' takes recordings of any length."
            )
        return waveform

    def _check_length(self, n_samples, index):
        if self.crop == "raise" and self.n_samples is not None and n_samples > self.n_samples:
            raise RecordingError(
                f"Recording {index} must last {self.n_samples / self.sample_rate:.2f} s at most for "
                f"crop='raise'; it lasts {n_samples / self.sample_rate:.2f} s."
            )

    def _key(self, recording):
        """Name what a recording's features depend on: its content and the parameters that matter."""
        # A crop that keeps the same part gives the same features, whether or not it warns.
        matters = replace(self, crop=str(CROPS.get(self.crop, CROPS["center"])))
        content = hashlib.sha256(f"{_VALUES} {matters} ".encode())
        if is_path(recording):
            content.update(decoder_versions().encode())
            with Path(recording).open("rb") as file:
                content.update(hashlib.file_digest(file, "sha256").digest())
        else:
            with np.errstate(over="ignore"):  # computing will tell
                content.update(np.ascontiguousarray(recording, dtype=np.float32))
        return content.hexdigest()[:40]


def extract(extraction, recordings, *, padding, n_jobs, cache, verbose):
    """Compute the features of all recordings.

    Threads take chunks of recordings and write into one array, so that besides the result only a few
    recordings are in memory at any time.

    Parameters
    ----------
    extraction : Extraction
        What is computed.
    recordings : sequence
        Checked recordings.
    padding : {"zero", "repeat"}
        What follows a recording with fewer frames.
    n_jobs : int or None
        Threads.
    cache : DiskCache or None
        Where features are kept from one call to the next.
    verbose : int
        Whether to show progress.

    Returns
    -------
    features : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_columns), float32
    n_samples : ndarray of shape (n_recordings,)
        Lengths after trimming.
    """
    of_recording, n_computed = extraction.of_recording, 0
    if cache is not None:
        cache = _CollectingCache(cache)
        of_recording = partial(extraction.through_cache, cache)
    shape = extraction.shape()
    if shape is None:
        first = of_recording(recordings[0], 0, Scratch())
        shape, n_computed = first[1].shape, 1
    # Padding is never written, and takes no memory before it is read.
    features = np.zeros((len(recordings), *shape), np.float32)
    n_samples = np.empty(len(recordings), np.int64)
    of_thread = threading.local()

    def put(index, result):
        n_samples[index], rows = result
        if extraction.shape() is None and rows.shape != shape:
            raise RecordingError(
                "Without a duration, recordings must have equal lengths, or a summary be made: recording 0 "
                f"has {shape[0]} frames and recording {index} has {len(rows)}."
            )
        fill(features[index] if len(shape) == 2 else features[index : index + 1], rows, padding)

    def work(part):
        scratch, postponed = vars(of_thread).setdefault("scratch", Scratch()), []
        if cache is not None:
            for index in part:
                result = of_recording(recordings[index], index, scratch, wait=False)
                if result is None:  # another process is at it: do something else meanwhile
                    postponed.append(index)
                else:
                    put(index, result)
        for index in part if cache is None else postponed:
            put(index, of_recording(recordings[index], index, scratch))
        return len(part)

    if n_computed:
        put(0, first)
    starts = range(n_computed, len(recordings), _CHUNK)
    parts = (range(start, min(start + _CHUNK, len(recordings))) for start in starts)
    with progress(len(recordings), verbose) as advance:
        # The threads write into one array, so a backend of processes that a user set cannot be taken here.
        threads = Parallel(n_jobs, require="sharedmem", return_as="generator_unordered")
        for n_done in threads(delayed(work)(part) for part in parts):
            advance(n_done)
    if cache is not None:
        cache.tell_all()
    return features, n_samples


class _CollectingCache(DiskCache):
    """A cache that tells of all its faults at once, in few words."""

    def __init__(self, cache):
        super().__init__(cache.location, max_bytes=cache.max_bytes)
        self._faults = {}

    def _tell(self, message, category):
        self._faults.setdefault(category, []).append(message)

    def tell_all(self):
        for category, messages in self._faults.items():
            more = f" So it is with {len(messages) - 1} more." if len(messages) > 1 else ""
            warn(messages[0] + more, category)


def _stamp(recording):
    """Tell one state of a file from the next."""
    if not is_path(recording):
        return None
    state = Path(recording).stat()
    return state.st_mtime_ns, state.st_size, state.st_ino
