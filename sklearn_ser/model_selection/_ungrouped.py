"""Splitters that ignore groups, and which to use in their place."""

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import UngroupedSplitWarning

# Anything else is answered with StratifiedGroupKFold.
_GROUPED = {
    "KFold": "GroupKFold",
    "LeaveOneOut": "LeaveOneGroupOut",
    "LeavePOut": "LeavePGroupsOut",
    "RepeatedKFold": "GroupKFold",
    "ShuffleSplit": "GroupShuffleSplit",
    "StratifiedShuffleSplit": "GroupShuffleSplit",
}


def uses_groups(cv):
    """Tell whether a splitter asks for groups, by what it requests where scikit-learn routes metadata.

    A splitter that has no such requests is none of scikit-learn's; it may do with groups what it likes.
    """
    routing = getattr(cv, "get_metadata_routing", None)
    return routing is None or bool(routing().split.requests.get("groups"))


def is_fixed(cv):
    """Tell a list of splits, wrapped by ``check_cv`` or not, from a splitter that makes them."""
    return not hasattr(cv, "split") or type(cv).__name__ in ("_CVIterableWrapper", "PredefinedSplit")


def grouped_instead(n_splits, n_speakers, better="StratifiedGroupKFold"):
    """Write the call of a splitter that keeps each speaker on one side, of no more folds than speakers.

    Parameters
    ----------
    n_splits : int or None
        Splits that there are now; None where nobody knows.
    n_speakers : int
        Speakers that there are to split.
    better : str, default="StratifiedGroupKFold"
        Its name.
    """
    if "KFold" in better:
        n_splits = max(2, min(n_splits if n_splits and n_splits > 1 else 5, n_speakers))
    return f"{better}()" if n_splits is None or "Leave" in better else f"{better}({n_splits})"


def warn_of_ungrouped(cv, n_speakers, *, n_shared=None):
    """Warn that a splitter ignores groups, and name the one to use.

    Parameters
    ----------
    cv : cross-validator
        One for which ``uses_groups`` is false.
    n_speakers : int
        Speakers of the corpus.
    n_shared : int or None, default=None
        Speakers that it is known to put on both sides.
    """
    better = _GROUPED.get(type(cv).__name__, "StratifiedGroupKFold")
    call = grouped_instead(getattr(cv, "n_splits", None), n_speakers, better)
    if is_fixed(cv):
        put = "speakers" if n_shared is None else f"{n_shared} speaker{'s' * (n_shared != 1)}"
        fault = f"The splits put {put} on both sides"
    else:
        fault = f"{type(cv).__name__} ignores groups, though the speakers are known"
        fault += f", and puts {n_shared} of them on both sides" if n_shared else ""
    warn(f"{fault}. Use {call} with groups=corpus.groups.", UngroupedSplitWarning)
