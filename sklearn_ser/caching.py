"""Results on disk, for every thread and process that would otherwise compute them again.

::

    location/3f/3f9c….entry     magic and version, digest of key and payload, payload
    location/locks/3f.lock      held by whoever computes a key that begins with 3f; never removed: who waits
                                for it would then hold another lock than who comes later
    location/size               bytes of all entries, where a bound is kept; guarded by locks/size.lock

An entry is bytes and never code. Nothing is flushed to the disk: after a power failure the digests tell.
"""
# Paths are strings here, as making a Path takes as long as reading a small entry.
# ruff: noqa: PTH103, PTH105, PTH108, PTH110, PTH111, PTH116, PTH120

import fcntl
import io
import os
import re
import threading
import time
from contextlib import nullcontext, suppress
from hashlib import blake2b
from numbers import Integral

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import DamagedCacheWarning, SerWarning

__all__ = ["DiskCache"]

_MAGIC = b"SERCACH\x01"  # the last byte is the version
_N_HEADER_BYTES = 24  # magic and digest
_KEY = re.compile("[0-9a-f]{8,200}")  # a file name has 255 characters at most
_SHARD = re.compile("[0-9a-f]{2}")
_ENTRY = re.compile(rf"{_KEY.pattern}\.entry")
_TEMPORARY = re.compile(rf"{_ENTRY.pattern}\.[0-9a-f]{{16}}\.tmp")
_TOTAL = re.compile(rb"[0-9]{20}\n")
_THREAD = threading.local()
_MAKE = lambda path, flags: os.open(path, flags | os.O_CREAT, 0o666)  # noqa: E731 - an opener is a value


class DiskCache:
    """Keep results of computations in a folder that threads and processes share.

    The cache takes and gives bytes, under keys that the caller makes from all that a result depends on. Each
    entry carries a digest: a result comes back as it was stored, or not at all.

    Parameters
    ----------
    location : str or path-like
        The folder, made by the first write; ``~`` is the home directory. To hold a bound, and to compute once
        only, it needs a file system with ``flock``.
    max_bytes : int or None, default=None
        Upper bound of the bytes of all entries, each with a header of 24 bytes; None for no bound. A store
        that would exceed it first removes the entries that were not used for longest, down to 90 % of it.

    Notes
    -----
    The parameters are checked by the first method that needs them. An object holds no open file and no lock:
    it can be pickled, compared, and cloned as a parameter of an estimator.

    The bound holds for stores through objects that state it, in however many processes. An object without a
    bound does not keep to it, but has the next bounded store count the folder again. Entries that come into
    the folder in other ways are counted when the bound is next reached. Lock files are empty and stay.

    Examples
    --------
    >>> from hashlib import sha256
    >>> from tempfile import TemporaryDirectory
    >>> from sklearn_ser.caching import DiskCache
    >>> def shout():
    ...     print("computing")
    ...     return b"HELLO"
    >>> key = sha256(b"hello").hexdigest()
    >>> with TemporaryDirectory() as folder:
    ...     cache = DiskCache(folder, max_bytes=2**20)
    ...     [cache.get_or_compute(key, shout) for _ in range(3)]
    computing
    [b'HELLO', b'HELLO', b'HELLO']
    """

    def __init__(self, location, *, max_bytes=None):
        self.location = location
        self.max_bytes = max_bytes

    def __repr__(self):
        bound = "" if self.max_bytes is None else f", max_bytes={self.max_bytes!r}"
        return f"{type(self).__name__}({self.location!r}{bound})"

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return (self.location, self.max_bytes) == (other.location, other.max_bytes)

    def __hash__(self):
        return hash((type(self), self.location, self.max_bytes))

    @property
    def nbytes(self):
        """Bytes of all entries, headers included, counted at this moment."""
        return sum(size for _, size, _ in self._files(_ENTRY))

    @property
    def n_entries(self):
        """Number of entries, counted at this moment."""
        return sum(1 for _ in self._files(_ENTRY))

    def load(self, key):
        """Give what is stored under a key, and note that it was used.

        Parameters
        ----------
        key : str
            8 to 200 lower-case hexadecimal digits.

        Returns
        -------
        bytes or None
            The payload as it was stored; None where there is none or it is damaged.

        Raises
        ------
        ValueError
            If the key is no such string.
        OSError
            If the entry is there and cannot be read.

        Warns
        -----
        DamagedCacheWarning
            If the entry was cut short or altered. It is removed.
        """
        return self._look(key, mend=True)

    def store(self, key, payload):
        """Store bytes under a key, in place of what was there.

        Others see an entry whole or not at all. A process that is killed meanwhile leaves at most a temporary
        file, which the next eviction or :meth:`clear` removes after an hour.

        Parameters
        ----------
        key : str
            8 to 200 lower-case hexadecimal digits.
        payload : bytes
            What :meth:`load` will give back. It is not stored if it is larger than ``max_bytes``.

        Raises
        ------
        ValueError
            If the key is no such string, or ``max_bytes`` no number of bytes.
        TypeError
            If the payload is not of type bytes.
        OSError
            If the folder does not take it, as on a full disk. The error names the file.
        """
        path, bound = self._path(key), self._bound()
        if not isinstance(payload, bytes):
            raise TypeError(f"A result to be stored must be bytes; got {type(payload).__name__}.")
        n_bytes = _N_HEADER_BYTES + len(payload)
        if bound is not None and n_bytes > bound:
            _unlink(path)  # an older payload is not what the key stands for now
            return
        temporary = f"{path}.{os.urandom(8).hex()}.tmp"
        try:
            with _opened(temporary, open, "xb") as file:
                file.write(_header(key, payload))
                file.write(payload)
            self._put_in_place(temporary, path, n_bytes, bound)
        except BaseException as error:
            with suppress(OSError):
                os.unlink(temporary)
            if isinstance(error, OSError):
                error.filename = error.filename or path  # the system names none for a full disk
            raise

    def get_or_compute(self, key, compute, *, wait=True):
        """Give what is stored under a key; where there is nothing, compute and store it.

        Of all threads and processes that ask at the same time one computes, and the others get its result. A
        process that dies while it computes leaves the key to the next.

        Parameters
        ----------
        key : str
            8 to 200 lower-case hexadecimal digits. Keys with the same first two have one lock, and wait for
            each other.
        compute : callable
            Called without arguments, returns bytes. It must not use a cache, nor wait for a thread or process
            that does: each may hold one lock only. What it raises is passed on, and nothing is stored.
        wait : bool, default=True
            Whether to wait where somebody else holds the lock.

        Returns
        -------
        bytes or None
            The payload; None only where ``wait`` is False and somebody else holds the lock.

        Raises
        ------
        ValueError
            If the key is no such string, or ``max_bytes`` no number of bytes.
        TypeError
            If ``compute`` returns anything but bytes.
        RuntimeError
            If ``compute`` asks a cache.
        OSError
            If the entry is there and cannot be read.

        Warns
        -----
        DamagedCacheWarning
            If the entry was cut short or altered. It is computed again.
        SerWarning
            If the payload cannot be stored, with the reason. It is returned all the same.
        """
        self._bound()  # a fault of it is told before anything is computed
        if getattr(_THREAD, "computes", False):
            raise RuntimeError("A function that computes a result for a DiskCache must not ask one itself.")
        # Only who holds the lock removes a damaged entry: without it, that might be the one stored since.
        payload = self._look(key, mend=False)
        if payload is not None:
            return payload
        try:
            lock = self._lock(key[:2], wait=wait)
        except BlockingIOError:
            return None
        except OSError:  # a read-only folder, as store will tell; or no flock, and several may compute
            lock = nullcontext()
        with lock:
            payload = self._look(key, mend=True)
            return self._compute(key, compute) if payload is None else payload

    def clear(self):
        """Remove all entries, and what processes left that died more than an hour ago.

        The folder stays, and so does every file in it that is not the cache's.

        Raises
        ------
        OSError
            If an entry cannot be removed.
        """
        for _, _, path in self._files(_ENTRY):
            _unlink(path)
        self._remove_stale()

    def _compute(self, key, compute):
        _THREAD.computes = True
        try:
            payload = compute()
        finally:
            _THREAD.computes = False
        try:
            self.store(key, payload)
        except OSError as error:
            self._tell(f"A result cannot be stored, and will have to be computed again: {error}", SerWarning)
        return payload

    def _look(self, key, *, mend):
        """Give the payload of a sound entry; if ``mend``, tell of a damaged one and remove it."""
        path = self._path(key)
        try:
            file = io.FileIO(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        with file:
            header, payload = file.read(_N_HEADER_BYTES), file.read()
            if header == _header(key, payload):
                with suppress(OSError):  # somebody else's entry, or a read-only folder: a hit all the same
                    os.utime(file.fileno())
                return payload
            if mend:
                # While this file is open no other has its number: one that was stored since is left alone.
                with suppress(OSError):
                    if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                        os.unlink(path)
                what = f"The stored result {path!r} was cut short or altered; it is computed again."
                self._tell(what, DamagedCacheWarning)
        return None

    def _tell(self, message, category):
        warn(message, category)

    def _put_in_place(self, temporary, path, n_bytes, bound):
        """Make a finished file the entry, and count it."""
        if bound is None:
            os.replace(temporary, path)
            return self._forget_total()
        with self._lock("size"), io.FileIO(f"{self._root()}/size", "r+", opener=_MAKE) as counter:
            counted, old = counter.read(), 0
            with suppress(FileNotFoundError):
                old = os.stat(path).st_size
            # Old and new entry count at the larger size, and before the replacement: a kill in between leaves
            # a total that is too large, never too small. So do removals that are not counted.
            total = int(counted) + max(n_bytes - old, 0) if _TOTAL.fullmatch(counted) else None
            if total is None or total > bound:
                counter.truncate(0)  # whatever it held
                total = self._make_room(path, n_bytes, bound) + max(n_bytes, old)
            counter.seek(0)
            counter.write(b"%020d\n" % total)
            os.replace(temporary, path)

    def _make_room(self, path, n_bytes, bound):
        """Count the other entries, removing those not used for longest if need be; give their bytes."""
        others = sorted(entry for entry in self._files(_ENTRY) if entry[2] != path)
        total = sum(size for _, size, _ in others)
        if total + n_bytes > bound:
            for _, size, other in others:
                if total + n_bytes <= 0.9 * bound:
                    break
                _unlink(other)
                total -= size
            self._remove_stale()
        return total

    def _forget_total(self):
        """Have the next bounded store count the folder: something changed that was not counted."""
        if os.path.exists(size := f"{self._root()}/size"):
            with self._lock("size"):
                _unlink(size)

    def _remove_stale(self):
        for modified, _, path in self._files(_TEMPORARY):
            if modified < time.time_ns() - 3600e9:  # whoever wrote it an hour ago is dead
                _unlink(path)

    def _files(self, pattern):
        """Yield time of use in nanoseconds, size and path of each file of ours whose name fits."""
        for shard in _listed(self._root()):
            for file in _listed(shard.path) if _SHARD.fullmatch(shard.name) else ():
                ours = pattern.fullmatch(file.name) and file.name.startswith(shard.name)
                if ours and file.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):  # removed by somebody else since it was listed
                        status = file.stat(follow_symlinks=False)
                        yield status.st_mtime_ns, status.st_size, file.path

    def _root(self):
        if not os.fspath(self.location):
            raise ValueError("location must name a folder; got ''.")
        return os.path.expanduser(os.fspath(self.location))

    def _path(self, key):
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ValueError(f"A key must be 8 to 200 lower-case hexadecimal digits; got {key!r}.")
        return f"{self._root()}/{key[:2]}/{key}.entry"

    def _lock(self, name, *, wait=True):
        return _opened(f"{self._root()}/locks/{name}.lock", _Lock, wait)

    def _bound(self):
        bound = self.max_bytes
        if bound is not None and (not isinstance(bound, Integral) or bound < 0):
            raise ValueError(f"max_bytes must be a whole number of bytes, 0 or more, or None; got {bound!r}.")
        return bound


class _Lock(io.FileIO):
    """A file that is locked while it is open; opened each time, so that threads exclude each other too."""

    def __init__(self, path, wait):
        super().__init__(path, "a")
        try:
            fcntl.flock(self, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BaseException:
            super().close()
            raise

    def close(self):
        if not self.closed:
            fcntl.flock(self, fcntl.LOCK_UN)  # a process that was forked meanwhile would keep it locked
        super().close()


def _header(key, payload):
    digest = blake2b(f"{key}:".encode(), digest_size=16)
    digest.update(payload)
    return _MAGIC + digest.digest()


def _opened(path, how, option):
    """Open a file, and make its folder where there is none yet."""
    try:
        return how(path, option)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return how(path, option)


def _unlink(path):
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(path)


def _listed(folder):
    """Give what a folder holds; nothing where it is no folder."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as found:
        return list(found)
    return []
