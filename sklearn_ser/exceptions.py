"""What can go wrong, in classes that a program can tell apart.

Each error is also the built-in error that a scikit-learn user would expect there, so
``except ValueError`` goes on working.
"""

__all__ = [
    "CorpusError",
    "CroppedRecordingWarning",
    "DamagedCacheWarning",
    "IncompleteCorpusWarning",
    "LeakError",
    "NetworkError",
    "RecordingError",
    "SerError",
    "SerWarning",
    "UngroupedSplitWarning",
]


class SerError(Exception):
    """Parent of every error that sklearn-ser raises of its own."""


class RecordingError(SerError, ValueError):
    """A recording cannot be read, or is no recording.

    The message names the recording by its position in ``X`` and, for a file, by its path.
    """


class CorpusError(SerError, ValueError):
    """A folder or table does not hold what its loader needs."""


class NetworkError(SerError, ValueError):
    """Parameters describe a network that cannot be built on this input."""


class LeakError(SerError, ValueError):
    """What is in training and what is tested are not apart: speakers or recordings are on both sides."""


class SerWarning(UserWarning):
    """Parent of every warning that sklearn-ser gives of its own."""


class CroppedRecordingWarning(SerWarning):
    """Recordings are longer than ``duration`` and lost what lies beyond it."""


class IncompleteCorpusWarning(SerWarning):
    """A corpus folder holds fewer recordings than were published."""


class DamagedCacheWarning(SerWarning):
    """A stored result was cut short or altered; it is computed again."""


class UngroupedSplitWarning(SerWarning):
    """Speakers are known, and a splitter that ignores groups puts them on both sides of a split."""
