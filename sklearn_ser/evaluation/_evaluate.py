"""A classifier scored on speakers that it has not heard."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.utils import _safe_indexing
from sklearn.utils._param_validation import validate_params

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import SerWarning

from ._evaluation_result import EvaluationResult
from ._labelled import gather
from ._recipe import (
    check_classifier,
    check_inner_splits,
    check_random_states,
    fit,
    shared_speakers,
    splits_of,
    with_random_state,
)
from ._summary import count
from ._written_form import as_plain_params


@dataclass(frozen=True)
class Plan:
    """What is fitted and predicted: recordings, the emotions that they have here, and splits."""

    X: object
    y: np.ndarray
    speakers: np.ndarray
    splits: list

    @property
    def folds(self):
        """Number of the fold that tests each recording; -1 where none does."""
        folds = np.full(len(self.y), -1)
        for fold, (_, test) in enumerate(self.splits):
            folds[test] = fold
        return folds


@validate_params(
    {
        "estimator": "no_validation",
        "X": "no_validation",
        "y": "no_validation",
        "groups": "no_validation",
        "outer": "no_validation",
        "metadata": "no_validation",
        "random_states": "no_validation",
        "random_split": ["boolean"],
        "control": ["boolean"],
        "n_jobs": [Integral, None],
    },
    prefer_skip_nested_validation=True,
)
def evaluate(
    estimator,
    X,
    y=None,
    groups=None,
    *,
    outer=None,
    metadata=None,
    random_states=None,
    random_split=False,
    control=False,
    n_jobs=None,
):
    """Score a classifier on speakers that it was not fitted on.

    Each fold of ``outer`` is predicted by a clone that was fitted on the others. Where ``estimator`` is a
    search, it searches within each training part, by its own ``cv`` and with the speakers of that part: the
    evaluation is nested, and what was chosen has not seen what it is scored on.

    Parameters
    ----------
    estimator : estimator
        A classifier, a pipeline that ends in one, or a search over one. It is cloned.
    X : Bunch, array-like or sequence of recordings
        A corpus from one of the loaders, which has all the rest, or what ``estimator`` is fitted on: paths,
        waveforms, frames, rows.
    y : array-like of shape (n_recordings,) or None, default=None
        Emotions. None where ``X`` is a corpus.
    groups : array-like of shape (n_recordings,) or None, default=None
        Speakers. None where ``X`` is a corpus or ``Recordings``, which know them.
    outer : int, splitter, iterable or None, default=None
        How recordings are divided: a splitter of scikit-learn's kind, which is given the speakers as groups;
        pairs of positions to train on and to test; or a number of folds, none of which shares a speaker with
        another (``StratifiedGroupKFold``). None is five folds, or one a speaker where there are fewer.
    metadata : dict or DataFrame or None, default=None
        What else is known, one column of length n_recordings each, such as ``{"sex": [...]}``. None takes
        that of a corpus.
    random_states : int, sequence of int or None, default=None
        Everything is done once for each of these integers, which takes the place of every parameter called
        ``random_state`` in ``estimator``, within pipelines and searches too; splitters keep theirs. None
        leaves the estimator as it is.
    random_split : bool, default=False
        Whether to do all of it once more with recordings divided without regard to speakers, into as many
        stratified folds. It flatters; the result tells by how much.
    control : bool, default=False
        Whether to do all of it once more with emotions shuffled within each speaker. A score above chance
        then shows that something other than emotions is being learned, or leaks.
    n_jobs : int or None, default=None
        Fits that are made at a time, as in scikit-learn.

    Returns
    -------
    EvaluationResult
        Predictions of every recording that is tested, and the scores that follow from them.

    Raises
    ------
    ValueError
        ``estimator`` is no classifier; emotions or speakers are missing or differ in number; a recording is
        tested twice; an emotion or a whole part is missing in training; an inner split is impossible. This is
        found before anything is fitted.

    Warns
    -----
    SerWarning
        ``outer``, or an inner split of ``estimator``, puts recordings of one speaker on both sides. The
        message names a splitter that does not.

    See Also
    --------
    compare : Tells whether one of two results is better.
    cross_corpus : Trains on some corpora and tests on others.
    sklearn.model_selection.cross_validate : Scores of folds alone.

    Notes
    -----
    The speakers of the training part are passed to ``fit`` where it takes groups, as searches do, and as
    :class:`~sklearn_ser.classification.CNNEmotionClassifier` does for what it holds out. With scikit-learn's
    metadata routing they are passed where they are asked for.

    The random split and the shuffling within speakers are drawn from the first of ``random_states``, or 0.

    References
    ----------
    .. [1] G. C. Cawley, N. L. C. Talbot, "On over-fitting in model selection and subsequent selection bias in
       performance evaluation", Journal of Machine Learning Research 11, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV, GroupKFold
    >>> from sklearn_ser import evaluate
    >>> rng = np.random.default_rng(0)
    >>> speakers = np.repeat([f"speaker{k:02}" for k in range(12)], 20)
    >>> y = np.tile(["angry", "sad"], 120)
    >>> X = rng.normal(size=(240, 4)) + np.repeat(rng.normal(size=(12, 4)), 20, axis=0)
    >>> X[y == "angry", 0] += 1.5
    >>> search = GridSearchCV(LogisticRegression(), {"C": [0.01, 1]}, cv=GroupKFold(3))
    >>> result = evaluate(search, X, y, speakers, outer=4, control=True)
    >>> print(result)
    240 recordings of 12 speakers, 2 emotions; 4 folds
    balanced accuracy  0.66... (95 % from 0.6... to 0.7...; chance is 0.500)
    accuracy           0.66... (95 % from 0.6... to 0.7...)
    macro-F1           0.66... (95 % from 0.6... to 0.7...)
    recall             angry 0.68, sad 0.64
    speakers           accuracy 0.50 (speaker10) to 0.80 (speaker01)
    folds              accuracy 0.75, 0.67, 0.58, 0.65
    shuffled           0.4... (95 % from 0.4... to 0.5...): emotions shuffled within speakers
    """
    check_classifier("evaluate", estimator)
    states = check_random_states(estimator, random_states)
    data = gather("evaluate", X, y, groups, metadata)
    first = states[0] or 0
    plans = {"main": Plan(data.X, data.y, data.speakers, _outer_splits(outer, data))}
    if random_split:
        plans["random_split"] = _at_random(plans["main"], first)
    if control:
        plans["control"] = _shuffled(plans["main"], first)
    n_untested = np.sum(plans["main"].folds < 0)
    results = run_plans(
        estimator,
        plans,
        data,
        states,
        n_jobs,
        left_out={"no fold tests them": int(n_untested)} if n_untested else {},
        outer=repr(outer) if hasattr(outer, "split") else f"{len(plans['main'].splits)} folds",
    )
    main = results.pop("main")
    return EvaluationResult(**main, **{name: EvaluationResult(**one) for name, one in results.items()})


def run_plans(estimator, plans, data, states, n_jobs, **facts):
    """Check, fit and predict everything that is planned.

    Parameters
    ----------
    estimator : estimator
        Not fitted.
    plans : dict of str to Plan
        What there is to do; the tested recordings are those of the first one.
    data : Labelled
        All recordings.
    states : tuple
        The random state of each run.
    n_jobs : int or None
        Fits at a time.
    **facts
        What else the results are to have.

    Returns
    -------
    dict of str to dict
        Fields of an ``EvaluationResult``, by the name of the plan.
    """
    emotions = np.unique(data.y)
    for plan in plans.values():
        _check_training_parts(plan)
    trains = [train for plan in plans.values() for train, _ in plan.splits]
    check_inner_splits(estimator, data.X, data.y, data.speakers, trains)
    tasks = [
        (name, run, fold)
        for name, plan in plans.items()
        for run in range(len(states))
        for fold in range(len(plan.splits))
    ]
    done = Parallel(n_jobs=n_jobs)(
        delayed(_fit_and_predict)(with_random_state(estimator, states[run]), plans[name], fold, emotions)
        for name, run, fold in tasks
    )
    found = dict(zip(tasks, done, strict=True))
    tested = np.flatnonzero(next(iter(plans.values())).folds >= 0)
    part = data.part(tested)
    results = {}
    for name, plan in plans.items():
        of_plan = [[found[name, run, fold] for fold in range(len(plan.splits))] for run in range(len(states))]
        results[name] = {
            "emotions": emotions,
            "recordings": data.names()[tested],
            "truth": plan.y[tested],
            "speakers": part.speakers,
            "folds": plan.folds[tested],
            "random_states": states,
            "metadata": part.metadata,
            "estimator": repr(estimator),
            **_joined(of_plan, plan, tested, emotions),
            **facts,
        }
    return results


def _joined(of_plan, plan, tested, emotions):
    """Put the predictions of folds in the order of the recordings."""
    n_runs, n_recordings = len(of_plan), len(plan.y)
    predictions = np.empty((n_runs, n_recordings), emotions.dtype)
    probabilities = np.zeros((n_runs, n_recordings, len(emotions)))
    has_probabilities, has_params = True, False
    best_params = []
    for run, of_run in enumerate(of_plan):
        for (_, test), (predicted, probable, _) in zip(plan.splits, of_run, strict=True):
            predictions[run, test] = predicted
            if probable is None:
                has_probabilities = False
            else:
                probabilities[run, test] = probable
        chosen = [params for _, _, params in of_run]
        has_params = has_params or any(params is not None for params in chosen)
        best_params.append([None if params is None else as_plain_params(params) for params in chosen])
    return {
        "predictions": predictions[:, tested],
        "probabilities": probabilities[:, tested] if has_probabilities else None,
        "best_params": best_params if has_params else None,
    }


def _fit_and_predict(estimator, plan, fold, emotions):
    """Fit on one training part, and give what is predicted of its test part, and what a search chose."""
    train, test = plan.splits[fold]
    fitted = fit(estimator, plan.X, plan.y, plan.speakers, train)
    X = _safe_indexing(plan.X, test)
    predicted = np.asarray(fitted.predict(X))
    probabilities = None
    if hasattr(fitted, "predict_proba"):
        # A training part may lack an emotion that no test part asks for either.
        probabilities = np.zeros((len(test), len(emotions)))
        probabilities[:, np.searchsorted(emotions, fitted.classes_)] = fitted.predict_proba(X)
    return predicted, probabilities, getattr(fitted, "best_params_", None)


def _outer_splits(outer, data):
    """Give the splits as arrays of positions, after checking what they would make of a score."""
    n_recordings, n_speakers = len(data.y), len(np.unique(data.speakers))
    if outer is None or isinstance(outer, Integral):
        n_folds = min(5, n_speakers) if outer is None else outer
        if not 2 <= n_folds <= n_speakers:
            raise ValueError(
                f"outer must be 2 folds or more and at most as many as there are speakers, {n_speakers}; "
                f"got {n_folds}."
            )
        outer = StratifiedGroupKFold(n_folds)
    named = f"outer={outer!r}" if hasattr(outer, "split") else "outer"
    if isinstance(outer, str) or not (hasattr(outer, "split") or np.iterable(outer)):
        raise ValueError(f"outer must be a number of folds, a splitter or pairs of positions; got {outer!r}.")
    splits = splits_of(outer, data.X, data.y, data.speakers) if hasattr(outer, "split") else list(outer)
    try:
        splits = [(_positions(train, n_recordings), _positions(test, n_recordings)) for train, test in splits]
    except (IndexError, TypeError, ValueError) as error:
        raise ValueError(f"outer must give pairs of positions to train on and to test: {error}.") from error
    if not splits or not all(len(test) for _, test in splits):
        raise ValueError(f"outer must give pairs with a test part each; got {splits!r:.200}.")
    n_tests = np.bincount(np.concatenate([test for _, test in splits]), minlength=n_recordings)
    if n_tests.max() > 1:
        raise ValueError(
            f"{named} tests {count(np.sum(n_tests > 1), 'recording')} more than once, such as recording "
            f"{n_tests.argmax()}. Each has one fold: to repeat the evaluation, give several random_states."
        )
    for fold, (train, test) in enumerate(splits):
        if len(both := np.intersect1d(train, test)):
            raise ValueError(
                f"Fold {fold} of outer trains on {count(len(both), 'recording')} that it tests, such as "
                f"{both[0]}."
            )
    shared = set().union(*(shared_speakers(data.speakers, train, test) for train, test in splits))
    if shared:
        warn(
            f"{named} splits without regard to speakers: {len(shared)} of {n_speakers} are in "
            f"training and in test, such as {min(shared)!r}, and the score is none for speakers to come. "
            f"outer=StratifiedGroupKFold({min(len(splits), n_speakers) if len(splits) > 1 else 5}) keeps "
            "each on one side.",
            SerWarning,
        )
    return splits


def _positions(side, n_recordings):
    """Give positions as an array; a mask becomes them."""
    side = np.asarray(side)
    return np.arange(n_recordings)[side if side.size else side.astype(int)]


def _check_training_parts(plan):
    for fold, (train, test) in enumerate(plan.splits):
        lacking = np.setdiff1d(plan.y[test], plan.y[train])
        if len(lacking):
            raise ValueError(
                f"The training part of fold {fold} has no recording of "
                f"{', '.join(map(repr, lacking.tolist()))}, which its test part has. Use fewer folds, or "
                "splits that are stratified."
            )


def _at_random(plan, random_state):
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
    return Plan(plan.X, plan.y, plan.speakers, splits)


def _shuffled(plan, random_state):
    """Plan the same with emotions shuffled within each speaker."""
    rng = np.random.default_rng(random_state)
    y = plan.y.copy()
    for speaker in np.unique(plan.speakers):
        own = np.flatnonzero(plan.speakers == speaker)
        y[own] = rng.permutation(y[own])
    if all(len(np.unique(plan.y[plan.speakers == speaker])) == 1 for speaker in np.unique(plan.speakers)):
        raise ValueError("control shuffles emotions within speakers, and each speaker has one emotion alone.")
    return Plan(plan.X, y, plan.speakers, plan.splits)
