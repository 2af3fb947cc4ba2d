"""What two recordings can have in common that must not be on both sides of a split."""

import hashlib
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.utils.parallel import _threadpool_controller_decorator

from sklearn_ser._audio import decoder_versions
from sklearn_ser.augmentation._recordings import as_sequence, is_path, read, refuse_faults
from sklearn_ser.caching import DiskCache
from sklearn_ser.datasets._ravdess import take_of
from sklearn_ser.datasets._recordings import is_missing

from ._fingerprints import N_COLUMNS, VERSION, fingerprint, same_takes

# Kind of trait -> how a report calls it.
KINDS = {
    "recording": "same recording",
    "speaker": "same speaker",
    "sentence": "same sentence",
    "bytes": "same file, byte for byte",
    "samples": "same samples when decoded",
    "take": "same take by its RAVDESS name",
    "copy": "copies of one recording",
    "sound": "same take by its sound",
}
# Those that tell of one and the same recording, the surest first.
OF_RECORDINGS = ("recording", "bytes", "samples", "take", "copy", "sound")
_SENTENCES = ("statement", "text")  # columns of the loaders whose corpora repeat their sentences
_DIGEST = 16


@dataclass(frozen=True)
class Traits:
    """Traits of the recordings of a corpus.

    Parameters
    ----------
    names : tuple of str
        What a message calls each recording.
    keys : dict of str to ndarray of shape (n_recordings,), object
        For each kind that is known: what is equal for recordings with the same trait, None for none.
    unknown : dict of str to str
        For each other kind, why it is not known.
    """

    names: tuple
    keys: dict
    unknown: dict


def read_traits(corpus, which, *, sentence, copy_of, audio, sample_rate, memory, n_jobs):
    """Tell the traits of recordings.

    Parameters
    ----------
    corpus : Bunch or Recordings
        The corpus.
    which : ndarray of int
        Positions of the recordings that matter; the others have no traits of sound.
    sentence, copy_of : str or None
        Columns of the metadata.
    audio : bool
        Whether recordings are read.
    sample_rate : int
        In Hz.
    memory : DiskCache, path or None
        Where fingerprints are kept.
    n_jobs : int or None
        Threads.
    """
    recordings = recordings_of(corpus)
    n_recordings = len(recordings)
    metadata = getattr(corpus, "metadata", None)
    metadata = {} if metadata is None else {name: np.asarray(metadata[name]) for name in metadata}
    keys, unknown = {"recording": np.arange(n_recordings).astype(object)}, {}
    if (speakers := speakers_of(corpus)) is None:
        unknown["speaker"] = "the corpus has no groups"
    else:
        keys["speaker"] = _checked(speakers, "groups", n_recordings)
    column = sentence or next((name for name in _SENTENCES if name in metadata), None)
    if column is None:
        unknown["sentence"] = "no column of the metadata is known to tell it; name one by sentence"
    else:
        keys["sentence"] = _checked(_column(metadata, column, "sentence"), column, n_recordings)
    takes = _objects(take_of(one) if is_path(one) else None for one in recordings)
    if takes.any():
        keys["take"] = takes
    else:
        unknown["take"] = "no recording has such a name"
    if copy_of in metadata:
        keys["copy"] = _originals(recordings, _checked(metadata[copy_of], copy_of, n_recordings))
    else:
        unknown["copy"] = f"the metadata have no column {copy_of!r}"
    if audio:
        keys |= _audio_keys(recordings, which, sample_rate, memory, n_jobs)
        if not keys["bytes"].any():
            unknown["bytes"] = "waveforms are no files"
    else:
        unknown |= dict.fromkeys(("bytes", "samples", "sound"), "audio=False")
    keys = {kind: keys[kind] for kind in KINDS if kind in keys and kind not in unknown}
    return Traits(tuple(_name(one, index) for index, one in enumerate(recordings)), keys, unknown)


def speakers_of(corpus):
    """Give the speakers of a corpus, or of ``Recordings``, or None."""
    speakers = getattr(corpus, "groups", None)
    return getattr(corpus, "speakers", None) if speakers is None else speakers


def recordings_of(corpus):
    """Give the recordings of a corpus, one item each."""
    data = getattr(corpus, "data", None)
    if data is None or isinstance(corpus, (np.ndarray, memoryview)):
        raise TypeError(
            "corpus must be what a loader returns, Recordings, or a Bunch with data, groups and metadata; "
            f"got a {type(corpus).__name__}."
        )
    recordings = as_sequence(data)
    return list(np.asarray(data) if recordings is None else recordings)


def _column(metadata, name, parameter):
    if name not in metadata:
        raise ValueError(
            f"{parameter}={name!r} is no column of the metadata, which are {', '.join(map(repr, metadata))}."
        )
    return metadata[name]


def _checked(values, name, n_recordings):
    """Give values as objects, None where there is none, if there is one for each recording."""
    values = np.asarray(values, dtype=object)
    if values.shape != (n_recordings,):
        raise ValueError(
            f"{name} must have one entry for each of {n_recordings} recordings; its shape is {values.shape}."
        )
    return _objects(None if is_missing(value) else value for value in values)


def _objects(values):
    return np.fromiter(values, dtype=object)


def _originals(recordings, copy_of):
    """Follow each copy to the recording that it was made of."""
    own = [str(one) if is_path(one) else index for index, one in enumerate(recordings)]
    parents = {}
    for key, of in zip(own, copy_of, strict=True):
        if isinstance(of, float) and of.is_integer():  # what pandas makes of a column with gaps
            of = int(of)
        if of is not None and not (isinstance(of, Integral) and of < 0):
            parents[key] = int(of) if isinstance(of, Integral) else str(of)
    keys = []
    for key in own:
        seen = set()
        while key in parents and key not in seen:  # a copy of a copy; a circle is one recording all the same
            seen.add(key)
            key = parents[key]
        keys.append(min(seen, key=str) if key in seen else key)
    return _objects(keys)


@_threadpool_controller_decorator(limits=1, user_api="blas")  # as where fingerprints are compared
def _audio_keys(recordings, which, sample_rate, memory, n_jobs):
    """Read recordings, and tell which files, which samples and which takes are the same."""
    refuse_faults(recordings, "recording", mixed=True)
    cache = memory if memory is None or isinstance(memory, DiskCache) else DiskCache(memory)

    def waveform(index):
        return read(recordings[index], index, sample_rate)

    def listen(index):
        of_file = _digest(recordings[index])

        def compute():
            samples = waveform(index)
            described = fingerprint(samples, sample_rate)
            return hashlib.blake2b(samples, digest_size=_DIGEST).digest() + described.tobytes()

        if cache is None or of_file is None:
            return of_file, compute()
        content = f"fingerprint {VERSION} {sample_rate} {decoder_versions()} ".encode() + of_file
        return of_file, cache.get_or_compute(hashlib.sha256(content).hexdigest()[:40], compute)

    heard = Parallel(n_jobs, require="sharedmem")(delayed(listen)(index) for index in which)
    keys = {kind: np.full(len(recordings), None, object) for kind in ("bytes", "samples", "sound")}
    for index, (of_file, entry) in zip(which, heard, strict=True):
        keys["bytes"][index], keys["samples"][index] = of_file, entry[:_DIGEST]
    described = [
        np.frombuffer(entry, np.float16, offset=_DIGEST).reshape(-1, N_COLUMNS) for _, entry in heard
    ]
    pairs = same_takes(described, lambda index: waveform(which[index]), sample_rate)
    if pairs:
        rows, columns = np.transpose(pairs)
        graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(which),) * 2)
        takes = connected_components(graph, directed=False)[1]
        for index in np.unique(pairs):
            keys["sound"][which[index]] = int(takes[index])
    return keys


def _digest(recording):
    """Give a digest of a file's bytes, None for a waveform."""
    if not is_path(recording):
        return None
    with Path(recording).open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST)).digest()


def _name(recording, index):
    return f"{Path(recording).name!r} ({index})" if is_path(recording) else f"recording {index}"
