"""Recordings that know their speakers, for what scikit-learn does not hand on."""

import sys
import zlib
from copy import copy
from os import PathLike

import numpy as np

from sklearn_ser.exceptions import RecordingError

_N_SHOWN = 5


class Recordings:
    """Recordings with the speaker of each, an ``X`` that scikit-learn takes and slices as an array.

    scikit-learn hands ``groups`` to the splitter and leaves it there: neither a scorer nor ``predict`` learns
    who speaks. What is sliced with ``X`` gets there. A transformer that needs speakers, such as
    :class:`~sklearn_ser.features.CepstralNormalizer` with ``per="speaker"``, finds them in its ``X``; any
    other estimator sees the recordings alone.

    Parameters
    ----------
    data : array-like
        Paths, or waveforms of any length, as a list or a 1-D array, or numbers whose first axis counts
        recordings, such as frames of shape (n_recordings, n_frames, n_features). Of another ``Recordings``,
        the recordings are taken and its speakers are not.
    speakers : array-like of shape (n_recordings,)
        Speaker of each recording.

    Attributes
    ----------
    data : ndarray of shape (n_recordings, ...)
        The bare recordings. Paths, and waveforms from a list, are held in a 1-D array of objects.
    speakers : ndarray of shape (n_recordings,)
        Speaker of each recording.

    Raises
    ------
    RecordingError
        ``data`` is no sequence of recordings, ``speakers`` differ from it in number or kind, or a recording
        has no speaker. The message names the positions.

    See Also
    --------
    sklearn_ser.features.CepstralNormalizer : Normalises frames for each speaker.

    Notes
    -----
    An integer gives a bare recording. A slice, integers or a boolean mask give ``Recordings``. Only the first
    axis can be indexed: columns would be no recordings any more.

    NumPy takes the bare recordings (``numpy.asarray(X)`` is ``X.data``), and so does every estimator that
    does not know this class. No file is opened, and whether items are recordings is left to the estimator.

    Examples
    --------
    >>> from sklearn_ser.datasets import Recordings
    >>> X = Recordings(["a1.wav", "a2.wav", "b1.wav"], speakers=["anna", "anna", "ben"])
    >>> X
    Recordings of 3 recordings by 2 speakers
    >>> X[[0, 2]].speakers
    array(['anna', 'ben'], dtype='<U4')
    >>> X[2]
    'b1.wav'

    Each part of a split knows its speakers:

    >>> from sklearn.model_selection import LeaveOneGroupOut
    >>> for train, test in LeaveOneGroupOut().split(X, groups=X.speakers):
    ...     print(X[test])
    Recordings of 2 recordings by 1 speaker
    Recordings of 1 recording by 1 speaker
    """

    def __init__(self, data, speakers):
        self.data = _as_recordings(data)
        self.speakers = _as_speakers(speakers, len(self.data))
        # Parts keep both, also in other processes, so that two of them know each other.
        self._whole = len(self), _checksum(self.speakers)
        self._positions = np.arange(len(self))

    @property
    def shape(self):
        """Shape of the bare recordings, whose first number counts them."""
        return self.data.shape

    @property
    def ndim(self):
        """Number of axes of the bare recordings: 1 for paths and waveforms of unequal length."""
        return self.data.ndim

    @property
    def dtype(self):
        """Type of the bare recordings: object for paths and waveforms of unequal length."""
        return self.data.dtype

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        return iter(self.data)

    def __getitem__(self, key):
        # scikit-learn indexes the first axis of whatever has a shape with `(indices, Ellipsis)`.
        if isinstance(key, tuple) and len(key) == 2 and key[1] is Ellipsis:
            key = key[0]
        if isinstance(key, tuple):
            raise IndexError(f"Recordings are indexed along their first axis alone; got {key!r}.")
        speakers = self.speakers[key]
        if np.ndim(speakers) == 0:
            return self.data[key]
        if speakers.ndim != 1:
            raise IndexError(f"Recordings are indexed by 1-D arrays; got {key!r}.")
        part = copy(self)
        part.data, part.speakers = self.data[key], speakers
        part._positions = self._positions[key]
        return part

    def __array__(self, dtype=None, copy=None):
        return np.array(self.data, dtype=dtype, copy=copy)

    def __sizeof__(self):
        # By which Dask tells what to send to a worker once and not with every task.
        data, speakers = self.data, self.speakers
        items = sum(map(sys.getsizeof, data)) if data.dtype == object else 0
        return object.__sizeof__(self) + data.nbytes + items + speakers.nbytes + self._positions.nbytes

    def __repr__(self):
        text = f"Recordings of {_count(len(self), 'recording')} by "
        text += _count(len(np.unique(self.speakers)), "speaker")
        return f"{text}, each of shape {self.shape[1:]}" if self.ndim > 1 else text


def _as_recordings(data):
    """Give numbers as they are, and paths or waveforms as a 1-D array of objects."""
    if isinstance(data, Recordings):
        return data.data
    if _is_path(data):
        raise RecordingError(f"data must be a list or an array of recordings; got the path {str(data)!r}.")
    if isinstance(data, (list, tuple)):
        if nested := [index for index, item in enumerate(data) if isinstance(item, Recordings)]:
            raise RecordingError(f"data must hold recordings; item {nested[0]} is {data[nested[0]]!r}.")
        if not len(data) or any(_is_path(item) or getattr(item, "ndim", 0) == 1 for item in data):
            return np.fromiter(data, dtype=object, count=len(data))
    elif not hasattr(data, "__array__"):
        raise RecordingError(f"data must be a list or an array of recordings; got a {type(data).__name__}.")
    try:
        array = np.asarray(data)
    except ValueError as error:
        raise RecordingError(
            f"data must hold recordings of equal shape, or paths, or waveforms as 1-D arrays: {error}"
        ) from error
    if array.ndim == 1 and array.dtype.kind in "OUT":
        return array.astype(object, copy=False)
    if array.ndim > 1 and array.dtype.kind in "biuf":
        return array
    raise RecordingError(
        "data must hold one path or waveform a recording, or numbers whose first axis counts recordings; "
        f"got an array of shape {array.shape} and type {array.dtype}."
    )


def _as_speakers(speakers, n_recordings):
    """Give an array that names the speaker of every recording, or say which it does not name."""
    named = np.asarray(speakers, dtype=object)  # NaN beside text would become text
    if named.ndim != 1:
        got = repr(speakers) if named.ndim == 0 else f"an array of shape {named.shape}"
        raise RecordingError(f"speakers must be 1-D, one entry a recording; got {got}.")
    if len(named) != n_recordings:
        raise RecordingError(
            f"Each recording needs its speaker: data holds {_count(n_recordings, 'recording')}, "
            f"speakers {_count(len(named), 'entry')}."
        )
    missing = [index for index, speaker in enumerate(named) if is_missing(speaker)]
    if missing:
        shown = ", ".join(map(str, missing[:_N_SHOWN]))
        more = f" and {len(missing) - _N_SHOWN} more" if len(missing) > _N_SHOWN else ""
        raise RecordingError(
            f"{len(missing)} of {_count(n_recordings, 'recording')} have no speaker: "
            f"speakers[{missing[0]}] is {named[missing[0]]!r}; positions {shown}{more}."
        )
    try:
        np.unique(named)
    except TypeError as error:
        kinds = sorted({type(speaker).__name__ for speaker in named})
        raise RecordingError(f"speakers must be of one type, such as str; got {', '.join(kinds)}.") from error
    return np.array(named.tolist())


def outline(X):
    """Give of ``Recordings`` all but what was recorded, for ``is_by_the_same``; None of anything else."""
    if not isinstance(X, Recordings):
        return None
    part = copy(X)
    part.data = None
    return part


def is_by_the_same(part, other):
    """Tell whether two parts of the same recordings have none in common, but speakers."""
    return (
        isinstance(part, Recordings)
        and isinstance(other, Recordings)
        and part._whole == other._whole
        and not np.isin(part._positions, other._positions).any()
        and bool(np.isin(part.speakers, other.speakers).any())
    )


def _checksum(speakers):
    return zlib.crc32("\n".join(map(str, speakers)).encode(errors="surrogatepass"))


def _is_path(item):
    return isinstance(item, (str, PathLike))


def is_missing(speaker):
    """Tell whether a value is none: None, an empty string, or what pandas has for a gap."""
    try:
        return speaker is None or bool(speaker == "" or speaker != speaker)  # as NaN and NaT are
    except TypeError:  # pandas.NA is neither equal nor unequal to anything
        return True


def _count(n, thing):
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{n} {thing if n == 1 else plural}"
