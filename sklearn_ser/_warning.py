"""Warnings that point at the line a user wrote."""

import sys
import warnings

_PASSED = {"sklearn_ser", "sklearn", "joblib"}


def warn(message, category):
    """Warn of what happens on the last line outside this library, scikit-learn and joblib.

    Parameters
    ----------
    message : str
        What to say.
    category : type
        Class of the warning.
    """
    level, frame = 2, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _PASSED:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
