"""The estimator that is scored: its random states, the speakers that its fit takes, its inner split."""

from copy import deepcopy
from numbers import Integral

import numpy as np
import sklearn
from sklearn.base import clone, is_classifier
from sklearn.model_selection import StratifiedGroupKFold, check_cv
from sklearn.model_selection._search import BaseSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils import _safe_indexing
from sklearn.utils.metadata_routing import get_routing_for_object
from sklearn.utils.validation import has_fit_parameter

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import UngroupedSplitWarning
from sklearn_ser.model_selection._ungrouped import grouped_instead, uses_groups


def check_classifier(asker, estimator):
    """Refuse what cannot be cloned, fitted and asked for emotions."""
    if isinstance(estimator, type) or not hasattr(estimator, "fit") or not hasattr(estimator, "get_params"):
        raise TypeError(f"{asker} needs a classifier, a pipeline or a search; got {estimator!r}.")
    if not is_classifier(estimator):
        raise ValueError(f"{asker} needs an estimator that predicts classes; got {estimator!r}.")
    if getattr(estimator, "refit", True) is False:
        raise ValueError(
            f"{asker} predicts with what a search found, and refit=False leaves nothing to predict with: "
            "set refit to True or to the score that decides."
        )


def check_random_states(estimator, random_states):
    """Give the random states as a tuple, in which None leaves the estimator as it is."""
    if random_states is None:
        return (None,)
    states = tuple(random_states) if np.iterable(random_states) else (random_states,)
    if not states or not all(
        isinstance(one, (int, np.integer)) and not isinstance(one, bool) and one >= 0 for one in states
    ):
        raise ValueError(
            f"random_states must be an integer or several, such as range(5), each 0 or more; got "
            f"{random_states!r}."
        )
    if len(set(states)) < len(states):
        raise ValueError(f"random_states must differ; got {random_states!r}.")
    if not _random_parameters(estimator):
        raise ValueError(
            f"random_states={random_states!r} changes nothing: no parameter of {type(estimator).__name__} is "
            "called random_state. Leave random_states out."
        )
    return tuple(map(int, states))


def with_random_state(estimator, random_state):
    """Clone an estimator, with an integer in place of every ``random_state`` in it."""
    copy = clone(estimator)
    if random_state is None:
        return copy
    return copy.set_params(**dict.fromkeys(_random_parameters(copy), random_state))


def fit(estimator, X, y, speakers, positions):
    """Fit on some of the recordings; ``fit`` is given their speakers where it takes groups."""
    keyword = _keyword(estimator)
    groups = {} if keyword is None else {keyword: speakers[positions]}
    return estimator.fit(_safe_indexing(X, positions), y[positions], **groups)


def inner_splits(estimator):
    """Give the inner splits of an estimator: the name of each parameter ``cv``, and its value."""
    return {
        name: value
        for name, value in estimator.get_params(deep=True).items()
        if name.rpartition("__")[2] == "cv" and not isinstance(value, str)  # "prefit" splits nothing
    }


def with_inner(estimator, inner):
    """Clone an estimator, with a splitter in place of every ``cv`` in it; a number is folds of speakers."""
    is_number = isinstance(inner, Integral) and not isinstance(inner, bool)
    if not (is_number or hasattr(inner, "split")) or isinstance(inner, str) or (is_number and inner < 2):
        raise ValueError(f"inner must be a splitter, or a number of folds, 2 or more; got {inner!r}.")
    names = inner_splits(estimator)
    if not names:
        raise ValueError(
            f"inner={inner!r} has nothing to split: {type(estimator).__name__} is no search and holds none. "
            "Leave inner out, or give evaluate a search."
        )
    splitter = StratifiedGroupKFold(inner) if is_number else inner
    return clone(estimator).set_params(**{name: deepcopy(splitter) for name in names})


def check_inner_splits(estimator, X, y, speakers, trains):
    """Split every training part as the estimator will, before anything is fitted.

    Warns
    -----
    UngroupedSplitWarning
        An inner split puts recordings of one speaker on both sides.
    """
    for name, cv in inner_splits(estimator).items():
        if cv is not None and not hasattr(cv, "split") and np.iterable(cv):
            raise ValueError(
                f"{name} holds splits of fixed positions, and each outer fold leaves other recordings to be "
                "split: give a splitter, such as StratifiedGroupKFold(4)."
            )
        splitter = check_cv(deepcopy(cv), y, classifier=True)  # its random numbers are left for the fit
        shared = set()
        for fold, train in enumerate(trains):
            parts = _safe_indexing(X, train), y[train], speakers[train]
            try:
                splits = splits_of(splitter, *parts)
            except ValueError as error:
                raise ValueError(
                    f"{name}={cv!r} cannot split the training part of fold {fold}: {error}"
                ) from error
            for inner_train, inner_test in splits:
                shared |= shared_speakers(parts[2], inner_train, inner_test)
        if shared:
            n_speakers = min(len(np.unique(speakers[train])) for train in trains)
            warn(
                f"{name}={cv!r} of {type(estimator).__name__} splits without regard to speakers: "
                f"{len(shared)} of them are on both sides of an inner split, such as {min(shared)!r}, and "
                f"what it chooses is chosen for voices it knows. "
                f"{name}={grouped_instead(min(len(splits), 5), n_speakers)} keeps each on one side.",
                UngroupedSplitWarning,
            )


def splits_of(splitter, X, y, speakers):
    """Give the positions of each training and test part as a list."""
    # Those that ignore groups warn of it, in words that do not say what to do.
    return list(splitter.split(X, y, None if _ignores_groups(splitter) else speakers))


def shared_speakers(speakers, train, test):
    """Give the speakers that are on both sides."""
    return set(speakers[train].tolist()) & set(speakers[test].tolist())


def _ignores_groups(splitter):
    """Tell of scikit-learn's splitters which do not ask for groups; of others nobody knows."""
    return type(splitter).__module__.partition(".")[0] == "sklearn" and not uses_groups(splitter)


def _random_parameters(estimator):
    return [name for name in estimator.get_params(deep=True) if name.rpartition("__")[2] == "random_state"]


def _keyword(estimator):
    """Give the argument under which ``fit`` takes groups, for a pipeline that of its last step, or None."""
    if sklearn.get_config()["enable_metadata_routing"]:
        return "groups" if get_routing_for_object(estimator).consumes("fit", ["groups"]) else None
    if isinstance(estimator, BaseSearchCV):
        return None if _ignores_groups(check_cv(estimator.cv, classifier=True)) else "groups"
    if has_fit_parameter(estimator, "groups"):
        return "groups"
    if isinstance(estimator, Pipeline) and estimator.steps:
        step, last = estimator.steps[-1]
        inner = None if isinstance(last, str) else _keyword(last)
        return None if inner is None else f"{step}__{inner}"
    return None
