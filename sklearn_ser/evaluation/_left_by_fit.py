"""What a fit leaves beside its predictions: how its training went, and what its search has tried."""

from numbers import Real

import numpy as np
from sklearn.pipeline import Pipeline

# What is kept of a search beside its scores.
_OF_SEARCH = ("params", "best_index", "refit", "scoring")


def history_of(fitted):
    """Give ``history_`` of what was fitted, or of what is fitted within it, as JSON can hold it.

    Parameters
    ----------
    fitted : fitted estimator
        Of a pipeline the last step is looked at, and of a search its best estimator.

    Returns
    -------
    dict of str to list of float or None
        Epoch by epoch, None where a value is no finite number; None where there is no history.
    """
    for one in _within(fitted):
        history = getattr(one, "history_", None)
        if isinstance(history, dict):
            plain = {str(name): _plain_numbers(values) for name, values in history.items()}
            return {name: values for name, values in plain.items() if values is not None} or None
    return None


def search_of(fitted):
    """Give ``cv_results_`` of a search, or of one at the end of a pipeline, as JSON can hold them.

    Parameters
    ----------
    fitted : fitted estimator
        What was fitted.

    Returns
    -------
    dict or None
        ``params``, and the scores and numbers of ``cv_results_`` as lists, None where one is no finite
        number; times are left out, for they are others each time. Beside them ``best_index``, ``refit`` and
        ``scoring`` of the search, None where these are no position and no name.
    """
    for one in _within(fitted):
        results = getattr(one, "cv_results_", None)
        if isinstance(results, dict) and "params" in results:
            kept = {
                name: _plain_numbers(values)
                for name, values in results.items()
                if name != "params" and not name.startswith("param_") and not name.endswith("_time")
            }
            best = getattr(one, "best_index_", None)
            return {
                "params": [as_plain_params(params) for params in results["params"]],
                **{name: values for name, values in kept.items() if values is not None},
                "best_index": None if best is None else int(best),
                **{
                    name: value if isinstance(value := getattr(one, name, None), str) else None
                    for name in ("refit", "scoring")
                },
            }
    return None


def as_plain_params(params):
    """Give parameters that a search chose as JSON can hold them: what is no number or word as its text."""
    return {name: as_plain_value(value) for name, value in params.items()}


def as_plain_value(value):
    """Give a value as JSON can hold it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return [as_plain_value(one) for one in value]
    if isinstance(value, float) and not np.isfinite(value):
        return repr(value)
    return value if isinstance(value, (str, bool, int, float, type(None))) else repr(value)


def _within(fitted):
    """Go from what was fitted to what does the work in the end."""
    while fitted is not None:
        yield fitted
        if isinstance(fitted, Pipeline):
            fitted = fitted.steps[-1][1]
        else:
            fitted = getattr(fitted, "best_estimator_", getattr(fitted, "estimator_", None))


def _plain_numbers(values):
    """Give a row of numbers as a list, with None for what JSON has no number for; None for anything else."""
    try:
        values = np.asarray(values)
    except ValueError:  # lists of unequal length
        return None
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        return None
    return [value if np.isfinite(value) else None for value in values.tolist()]


def check_left(result):
    """Refuse histories and searches that were not written by ``to_json``."""
    n_runs, n_folds = len(result.random_states), len(np.unique(result.folds))
    for name, is_one, what in (
        ("histories", _is_history, "lists of numbers by name"),
        ("searches", _is_search, "params with scores of as many candidates"),
    ):
        if (left := getattr(result, name)) is None:
            continue
        lengths = [len(run) if isinstance(run, list) else None for run in left] if _is_list(left) else None
        if lengths != [n_folds] * n_runs:
            raise ValueError(
                f"{name} must be null or have a list of {n_folds} for each of {n_runs} runs; it is "
                f"{left!r:.60}."
            )
        for one in (one for run in left for one in run):
            if one is not None and not is_one(one):
                raise ValueError(f"{name} must hold null or {what}; they hold {one!r:.60}.")


def _is_history(one):
    return isinstance(one, dict) and all(map(_are_numbers, one.values()))


def _is_search(one):
    if not isinstance(one, dict) or not set(_OF_SEARCH) <= one.keys():
        return False
    params, best = one["params"], one["best_index"]
    numbers = [value for name, value in one.items() if name not in _OF_SEARCH]
    metrics = [name.removeprefix("mean_test_") for name in one if name.startswith("mean_test_")]
    return (
        _is_list(params)
        and all(isinstance(candidate, dict) for candidate in params)
        and (best is None or (isinstance(best, int) and 0 <= best < len(params)))
        and all(one[name] is None or isinstance(one[name], str) for name in ("refit", "scoring"))
        and all(_are_numbers(values) and len(values) == len(params) for values in numbers)
        and bool(metrics)
        and all(f"std_test_{metric}" in one for metric in metrics)
    )


def _is_list(value):
    return isinstance(value, list)


def _are_numbers(values):
    return _is_list(values) and all(
        value is None or (isinstance(value, Real) and not isinstance(value, bool)) for value in values
    )
