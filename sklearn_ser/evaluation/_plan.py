"""What there is to fit and predict, and doing it."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.utils import _safe_indexing
from sklearn.utils.parallel import Parallel, delayed

from sklearn_ser.exceptions import UngroupedSplitWarning

from ._left_by_fit import as_plain_params, history_of, search_of
from ._recipe import check_inner_splits, fit, with_random_state


@dataclass(frozen=True)
class Plan:
    """Recordings, the emotions that they have here, and how they are divided, once for each random state.

    Parameters
    ----------
    data : Labelled
        All recordings, their speakers and metadata.
    y : ndarray of shape (n_recordings,)
        Their emotions, or what is to be learned in their place.
    splits : list of tuple of ndarray
        Positions to train on and to test, fold by fold.
    states : tuple of int or None
        The random state of each run.
    outer : str
        How they are divided, in words.
    """

    data: object
    y: np.ndarray
    splits: list
    states: tuple
    outer: str

    @property
    def folds(self):
        """Number of the fold that tests each recording; -1 where none does."""
        folds = np.full(len(self.y), -1)
        for fold, (_, test) in enumerate(self.splits):
            folds[test] = fold
        return folds


def carry_out(estimator, plans, n_jobs, left_out):
    """Check, fit and predict everything that is planned.

    Parameters
    ----------
    estimator : estimator
        Not fitted.
    plans : list of Plan
        What there is to do, all of it with the same recordings; those that the first one tests are told of.
    n_jobs : int or None
        Fits at a time.
    left_out : dict of str to int
        Numbers of recordings that are not in the result, by reason.

    Returns
    -------
    list of dict
        Fields of an ``EvaluationResult``, for each of the plans.
    """
    data = plans[0].data
    emotions = np.unique(data.y)
    for plan in plans:
        _check_training_parts(plan)
    trains = [train for plan in plans for train, _ in plan.splits]
    check_inner_splits(estimator, data.X, data.y, data.speakers, trains)
    done = iter(
        Parallel(n_jobs=n_jobs)(
            delayed(_fit_and_predict)(with_random_state(estimator, state), plan, fold, emotions)
            for plan in plans
            for state in plan.states
            for fold in range(len(plan.splits))
        )
    )
    tested = np.flatnonzero(plans[0].folds >= 0)
    part, names = data.part(tested), data.names()[tested]
    return [
        {
            "emotions": emotions,
            "recordings": names,
            "truth": plan.y[tested],
            "speakers": part.speakers,
            "folds": plan.folds[tested],
            "random_states": plan.states,
            "metadata": part.metadata,
            "left_out": left_out,
            "estimator": repr(estimator),
            "outer": plan.outer,
            **_joined([[next(done) for _ in plan.splits] for _ in plan.states], plan, tested, emotions),
        }
        for plan in plans
    ]


def _joined(of_plan, plan, tested, emotions):
    """Put the predictions of folds in the order of the recordings."""
    n_runs, n_recordings = len(of_plan), len(plan.y)
    predictions = np.empty((n_runs, n_recordings), emotions.dtype)
    probabilities = np.zeros((n_runs, n_recordings, len(emotions)))
    has_probabilities = True
    for run, of_run in enumerate(of_plan):
        for (_, test), (predicted, probable, _) in zip(plan.splits, of_run, strict=True):
            predictions[run, test] = predicted
            if probable is None:
                has_probabilities = False
            else:
                probabilities[run, test] = probable
    left = {
        name: [[of_fold[name] for _, _, of_fold in of_run] for of_run in of_plan]
        for name in ("best_params", "histories", "searches")
    }
    return {
        "predictions": predictions[:, tested],
        "probabilities": probabilities[:, tested] if has_probabilities else None,
        **{
            name: of_runs if any(one is not None for of_run in of_runs for one in of_run) else None
            for name, of_runs in left.items()
        },
    }


def _fit_and_predict(estimator, plan, fold, emotions):
    """Fit on one training part, and give what is predicted of its test part, and what the fit leaves."""
    train, test = plan.splits[fold]
    with warnings.catch_warnings():
        # What is said of splits is said of all at once, and a random split is one on purpose.
        warnings.simplefilter("ignore", UngroupedSplitWarning)
        fitted = fit(estimator, plan.data.X, plan.y, plan.data.speakers, train)
        X = _safe_indexing(plan.data.X, test)
        predicted = np.asarray(fitted.predict(X))
        probabilities = None
        if hasattr(fitted, "predict_proba"):
            # A training part may lack an emotion that no test part asks for either.
            probabilities = np.zeros((len(test), len(emotions)))
            probabilities[:, np.searchsorted(emotions, fitted.classes_)] = fitted.predict_proba(X)
    chosen = getattr(fitted, "best_params_", None)
    left = {
        "best_params": None if chosen is None else as_plain_params(chosen),
        "histories": history_of(fitted),
        "searches": search_of(fitted),
    }
    return predicted, probabilities, left


def _check_training_parts(plan):
    for fold, (train, test) in enumerate(plan.splits):
        lacking = np.setdiff1d(plan.y[test], plan.y[train])
        if len(lacking):
            raise ValueError(
                f"The training part of fold {fold} has no recording of "
                f"{', '.join(map(repr, lacking.tolist()))}, which its test part has. Use fewer folds, or "
                "splits that are stratified."
            )


def at_random(plan, random_state):
    """Plan the same number of folds without regard to speakers; what is not tested stays in training."""
    n_folds = len(plan.splits)
    tested = np.flatnonzero(plan.folds >= 0)
    rarest = np.unique(plan.y[tested], return_counts=True)[1].min()
    if not 2 <= n_folds <= rarest:
        raise ValueError(
            f"random_split needs 2 folds or more and as many recordings of each emotion; outer has "
            f"{n_folds}, and the rarest emotion {rarest} recordings."
        )
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=random_state)
    everything = np.arange(len(plan.y))
    splits = [
        (np.setdiff1d(everything, tested[test]), tested[test])
        for _, test in splitter.split(tested, plan.y[tested])
    ]
    return replace(plan, splits=splits, outer=repr(splitter))


def shuffled(plan, random_state):
    """Plan the same, once, with emotions shuffled within each speaker."""
    rng = np.random.default_rng(random_state)
    y = plan.y.copy()
    for speaker in np.unique(plan.data.speakers):
        own = np.flatnonzero(plan.data.speakers == speaker)
        y[own] = rng.permutation(y[own])
    if all(
        len(np.unique(plan.y[plan.data.speakers == speaker])) == 1
        for speaker in np.unique(plan.data.speakers)
    ):
        raise ValueError("control shuffles emotions within speakers, and each speaker has one emotion alone.")
    return replace(plan, y=y, states=plan.states[:1])
