"""Warnings that point at the line a user wrote."""

import sys
import warnings

_PASSED = {"sklearn_ser", "sklearn", "joblib"}

_said: set = set()


def warn(message, category, *, once_for=None):
    """Warn of what happens on the last line outside this library, scikit-learn and joblib.

    Parameters
    ----------
    message : str
        What to say.
    category : type
        Class of the warning.
    once_for : hashable or None, default=None
        What a line is warned of once in a process. Python's own "default" would do so too, but forgets what
        it said whenever somebody catches warnings, as scikit-learn does in each fit. None warns each time.
    """
    level, frame = 2, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _PASSED:
        level, frame = level + 1, frame.f_back
    said = category, once_for, frame and (frame.f_code.co_filename, frame.f_lineno)
    if said in _said:
        return
    warnings.warn(message, category, stacklevel=level)
    if once_for is not None:
        _said.add(said)  # not before: where warnings are errors, each is one
