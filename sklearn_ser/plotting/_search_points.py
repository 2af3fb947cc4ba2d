"""The results of a search by one or two of its parameters, the best over the others."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
from sklearn.base import BaseEstimator

NOT_SET = "not set"


@dataclass(frozen=True)
class SearchPoints:
    """One result for each value, or pair of values, of the parameters that are shown.

    Parameters
    ----------
    names : tuple of str
        The parameters, as the search names them.
    values : tuple of list
        The values of each, point by point.
    scores, spreads : ndarray of shape (n_points,)
        Mean and standard deviation over folds.
    best : int or None
        The point that the search chose; None if it chose none, or another.
    is_tried_once : bool
        Whether most values were tried with one candidate while other parameters changed.
    title : str
        What was done with the other parameters.
    """

    names: tuple
    values: tuple
    scores: np.ndarray
    spreads: np.ndarray
    best: int | None
    is_tried_once: bool
    title: str


def points_of(search, params, fixed, metric):
    """Take the results of a search by one or two parameters, and the best over the others.

    Parameters
    ----------
    search : fitted search or KeptSearch
        Such as GridSearchCV.
    params : str, sequence of str or None
        The parameters to keep.
    fixed : dict or None
        Values of others.
    metric : str or None
        The score; None is that which the search chose by.

    Returns
    -------
    SearchPoints
    """
    results = search.cv_results_
    metric = metric_of(search, metric)
    candidates = results["params"]
    distinct = _distinct(candidates)
    varied = varied_of(candidates)
    fixed = {_full_name(name, distinct): value for name, value in (fixed or {}).items()}
    names = _names_to_show(params, varied, distinct, fixed)

    rows = [row for row in last_of_each(results) if _has(candidates[row], fixed)]
    if not rows:
        raise ValueError(f"No candidate of the search has {_listed(fixed)}.")
    means, stds = results[f"mean_test_{metric}"], results[f"std_test_{metric}"]
    halvings = results.get("iter", np.zeros(len(candidates), dtype=int))
    cells = {}
    for row in rows:
        cells.setdefault(tuple(key_of(candidates[row].get(name, NOT_SET)) for name in names), []).append(row)
    # A candidate that came further in a halving search is better than those that were dropped; one that
    # failed is worse than all.
    chosen = [
        max(of_cell, key=lambda row: (*_rank(halvings[row], means[row]), -row)) for of_cell in cells.values()
    ]
    others = [name for name in varied if name not in names and name not in fixed]
    return SearchPoints(
        names=names,
        values=tuple([candidates[row].get(name, NOT_SET) for row in chosen] for name in names),
        scores=np.array([means[row] for row in chosen], dtype=float),
        spreads=np.array([stds[row] for row in chosen], dtype=float),
        best=_position(chosen, getattr(search, "best_index_", None)),
        is_tried_once=bool(others) and np.median([len(of_cell) for of_cell in cells.values()]) < 2,
        title=_title_of(others, fixed, results, rows, getattr(search, "resource", None)),
    )


def key_of(value):
    """Give something by which equal values are known: lists and estimators cannot be put into a set."""
    if is_number(value):
        return (0, float(value))
    return (1, str(value) if isinstance(value, str) else repr(value))


def is_number(value):
    """Tell whether a value has a place on an axis."""
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and np.isfinite(value)


def label_of(value):
    """Write a value, shortly."""
    if is_number(value):
        return f"{value:.3g}" if isinstance(value, (float, np.floating)) else str(value)
    if isinstance(value, BaseEstimator):
        return repr(value) if len(repr(value)) < 30 else f"{type(value).__name__}(…)"
    text = getattr(value, "__name__", None) or str(value)
    return text if len(text) < 30 else f"{text[:28]}…"


def short_names(names):
    """Leave out the steps of the pipeline, where that leaves the names apart."""
    short = [name.rpartition("__")[2] for name in names]
    return short if len(set(short)) == len(names) else list(names)


def varied_of(candidates):
    """Name the parameters that differ between candidates."""
    return [name for name, keys in _distinct(candidates).items() if len(keys) > 1]


def _distinct(candidates):
    """Give of each parameter the keys of the values that it has."""
    names = dict.fromkeys(name for one in candidates for name in one)
    return {name: {key_of(one.get(name, NOT_SET)) for one in candidates} for name in names}


def metrics_of(results):
    """Name the scores that ``cv_results_`` has."""
    return [name.removeprefix("mean_test_") for name in results if name.startswith("mean_test_")]


def metric_of(search, metric=None):
    """Name the score to show: by default what the search chose by, or else its first."""
    known = metrics_of(search.cv_results_)
    if metric is None:
        refit = getattr(search, "refit", None)
        metric = refit if isinstance(refit, str) and refit in known else known[0]
        if len(known) > 1 and metric != refit:
            raise ValueError(f"metric must say which score to show: {', '.join(map(repr, known))}; got None.")
    if metric not in known:
        raise ValueError(f"metric must be one of {', '.join(map(repr, known))}; got {metric!r}.")
    return metric


def _full_name(name, known):
    """Find a parameter by its name, or by the end of it."""
    matches = [one for one in known if one == name] or [one for one in known if one.endswith(f"__{name}")]
    if len(matches) != 1:
        raise ValueError(
            f"A parameter must be one of the search, {', '.join(map(repr, known))}, or the end of one name "
            f"alone; got {name!r}."
        )
    return matches[0]


def _names_to_show(params, varied, known, fixed):
    if params is None:
        names = tuple(name for name in varied if name not in fixed)
        if not 1 <= len(names) <= 2:
            raise ValueError(
                f"params must name the one or two parameters to show: the search has tried several values of "
                f"{', '.join(map(repr, names)) or 'none'}; got None."
            )
        return names
    names = tuple(_full_name(name, known) for name in ([params] if isinstance(params, str) else params))
    if len(set(names)) != len(names) or not 1 <= len(names) <= 2:
        raise ValueError(f"params must be one parameter, or two different ones; got {params!r}.")
    if both := [name for name in names if name in fixed]:
        raise ValueError(f"A parameter is either shown or fixed; got {both[0]!r} in params and in fixed.")
    return names


def last_of_each(results):
    """Give the rows of the last halving that each candidate came to; without halvings all rows."""
    if "iter" not in results:
        return range(len(results["params"]))
    last = {}
    for row in np.argsort(results["iter"], kind="stable"):
        params = results["params"][row]
        last[tuple((name, key_of(params[name])) for name in sorted(params))] = int(row)
    return sorted(last.values())


def _has(candidate, fixed):
    return all(key_of(candidate.get(name, NOT_SET)) == key_of(value) for name, value in fixed.items())


def _rank(halving, mean):
    return (np.isfinite(mean), halving, mean if np.isfinite(mean) else 0.0)


def _position(chosen, best):
    return chosen.index(best) if best in chosen else None


def _listed(fixed):
    pairs = zip(short_names(fixed), fixed.values(), strict=True)
    return ", ".join(f"{name} = {label_of(value)}" for name, value in pairs)


def _title_of(others, fixed, results, rows, resource):
    parts = [_listed(fixed)] if fixed else []
    if others:
        parts.append(f"best over {', '.join(short_names(others))}")
    if "n_resources" in results:
        amounts = np.asarray(results["n_resources"])[rows]
        lowest, highest = amounts.min(), amounts.max()
        several = f"{lowest} to {highest}" if lowest < highest else str(highest)
        parts.append(f"each with the most {resource} it came to ({several})")
    return "; ".join(parts)
