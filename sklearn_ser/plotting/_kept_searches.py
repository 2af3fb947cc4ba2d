"""The searches of an evaluation's folds as one, whose candidates have the scores of all of them."""

from dataclasses import dataclass

import numpy as np

from ._search_points import key_of, last_of_each, metrics_of


@dataclass(frozen=True)
class KeptSearch:
    """What is shown of searches, by the names that a fitted search has for it.

    Parameters
    ----------
    cv_results_ : dict
        ``params``, and ``mean_test_*`` and ``std_test_*`` of each score.
    best_index_ : int or None
        The candidate that most searches chose.
    refit, scoring : str or None
        Names of scores, as the search has them.
    n_searches : int
        How many they are.
    n_chosen : ndarray of int of shape (n_candidates,)
        How many of them chose each candidate.
    """

    cv_results_: dict
    best_index_: int | None
    refit: str | None
    scoring: str | None
    n_searches: int
    n_chosen: np.ndarray


def together(result):
    """Put the searches of all folds and runs together.

    Parameters
    ----------
    result : EvaluationResult
        Of a search.

    Returns
    -------
    KeptSearch
        A candidate's score is the mean over the searches that tried it, NaN where it failed in one of them;
        its spread is over all folds of these.
    """
    searches = [one for of_run in result.searches or () for one in of_run if one is not None]
    if not searches:
        raise ValueError("There is no search to show: this result is of an estimator that searches nothing.")
    tried = {}
    for search in searches:
        for row in last_of_each(search):
            params = search["params"][row]
            key = tuple((name, key_of(params[name])) for name in sorted(params))
            tried.setdefault(key, []).append((search, row))
    metrics = [
        metric
        for metric in metrics_of(searches[0])
        if all(f"mean_test_{metric}" in search for search in searches)
    ]
    results = {"params": [of_one[0][0]["params"][of_one[0][1]] for of_one in tried.values()]}
    for metric in metrics:
        means = [[search[f"mean_test_{metric}"][row] for search, row in of_one] for of_one in tried.values()]
        # None is NaN.
        results[f"mean_test_{metric}"] = np.array([np.mean(np.array(one, dtype=float)) for one in means])
        results[f"std_test_{metric}"] = np.array([_spread(of_one, metric) for of_one in tried.values()])
    n_chosen = np.array(
        [sum(search["best_index"] == row for search, row in of_one) for of_one in tried.values()]
    )
    return KeptSearch(
        cv_results_=results,
        best_index_=int(n_chosen.argmax()) if n_chosen.any() else None,
        refit=searches[0]["refit"],
        scoring=searches[0]["scoring"],
        n_searches=len(searches),
        n_chosen=n_chosen,
    )


def _spread(of_one, metric):
    """Give the standard deviation of a candidate's scores over the folds of all searches."""
    scores = [
        values[row]
        for search, row in of_one
        for name, values in search.items()
        if name.startswith("split") and name.partition("_test_")[2] == metric
    ]
    return np.std(np.array(scores, dtype=float)) if scores else np.nan
