"""Which files lie under a folder, and whether they are what they are named."""

import os
from collections import Counter
from pathlib import Path, PurePosixPath

from sklearn_ser.exceptions import CorpusError

# What libsndfile decodes, and media that it does not.
READABLE = frozenset({".aif", ".aiff", ".au", ".caf", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".wav"})
UNREADABLE = frozenset({".aac", ".amr", ".avi", ".flv", ".m4a", ".mkv", ".mov", ".mp4", ".webm", ".wma"})

_LFS_POINTER = b"version https://git-lfs"
_LFS_POINTER_SIZE = 1024  # the git-lfs specification bounds a pointer so


def list_files(root, needed):
    """List the files under a folder as relative POSIX paths, sorted.

    Hidden files and folders and ``__MACOSX``, which hold what an operating system keeps for itself, are
    passed over. Links to folders are followed, each folder is entered once.

    Parameters
    ----------
    root : str
        The folder.
    needed : str
        What the caller looks for, to begin an error message with.
    """
    if not Path(root).is_dir():
        found = "it is a file; unpack an archive first" if Path(root).is_file() else "there is no such folder"
        raise CorpusError(f"No {needed} under {root!r}: {found}.")
    files, entered = [], set()
    for folder, subfolders, names in os.walk(root, followlinks=True, onerror=_raise):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in entered:
            subfolders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        subfolders[:] = sorted(name for name in subfolders if not name.startswith((".", "__MACOSX")))
        prefix = Path(os.path.relpath(folder, root)).as_posix()
        prefix = "" if prefix == "." else f"{prefix}/"
        files += [f"{prefix}{name}" for name in names if not name.startswith(".")]
    return sorted(files)


def _raise(error):
    """Let a folder that cannot be listed be an error; ``os.walk`` would pass over it."""
    raise error


def suffix(path):
    """Return the ending of a file name in lower case, ``".wav"``."""
    return PurePosixPath(path).suffix.lower()


def size(path):
    """Return the size of a file in bytes, None for a link to nothing."""
    try:
        return Path(path).stat().st_size
    except FileNotFoundError:
        return None


def count_by_suffix(files):
    """Say how many files of which kind there are: ``"812 .wav and 2 .txt files"``."""
    counts = Counter(suffix(path) or "nameless" for path in files).most_common()
    kinds = [f"{n} {kind}" for kind, n in counts[:3]]
    rest = sum(n for _, n in counts[3:])
    if rest:
        kinds.append(f"{rest} other")
    return f"{' and '.join(filter(None, [', '.join(kinds[:-1]), kinds[-1]]))} file{'s' * (len(files) > 1)}"


def quote(items, limit=3):
    """Quote the first few items and count the others: ``"'a', 'b', 'c' and 7 more"``."""
    items = list(items)
    shown = ", ".join(repr(item) for item in items[:limit])
    return shown if len(items) <= limit else f"{shown} and {len(items) - limit} more"


def refuse_pointers(paths):
    """Raise if files are git-lfs pointers or dead links instead of audio.

    Only files small enough to be a pointer are opened.
    """
    dead, pointers = [], []
    for path in paths:
        n_bytes = size(path)
        if n_bytes is None:
            dead.append(path)
        elif len(_LFS_POINTER) <= n_bytes <= _LFS_POINTER_SIZE:
            with Path(path).open("rb") as file:
                if file.read(len(_LFS_POINTER)) == _LFS_POINTER:
                    pointers.append(path)
    if pointers:
        raise CorpusError(
            f"{len(pointers)} of {len(paths)} recordings are git-lfs pointers, small texts in place of the "
            f"audio: {quote(pointers, 1)}. GitHub's 'Download ZIP' holds pointers only: clone the repository "
            "with git-lfs installed, or run 'git lfs pull' in the clone."
        )
    if dead:
        raise CorpusError(
            f"{len(dead)} of {len(paths)} recordings are dead links: {quote(dead, 1)}. "
            "Copy the audio itself, with 'git annex get' if git-annex made the links."
        )
