"""A classifier scored on speakers that it has not heard."""

from numbers import Integral

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import UngroupedSplitWarning
from sklearn_ser.model_selection._ungrouped import grouped_instead

from ._evaluation_result import EvaluationResult
from ._labelled import gather
from ._plan import Plan, at_random, carry_out, shuffled
from ._recipe import (
    check_classifier,
    check_random_states,
    shared_speakers,
    splits_of,
    with_inner,
)
from ._summary import count


@validate_params(
    {
        "estimator": "no_validation",
        "X": "no_validation",
        "y": "no_validation",
        "groups": "no_validation",
        "outer": "no_validation",
        "inner": "no_validation",
        "metadata": "no_validation",
        "random_states": "no_validation",
        "random_split": ["boolean"],
        "control": ["boolean", Interval(Integral, 0, None, closed="left")],
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
    inner=None,
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
    inner : int or splitter or None, default=None
        How a search divides a training part: what takes the place of every ``cv`` within ``estimator``. A
        number is that of folds, none of which shares a speaker with another (``StratifiedGroupKFold``). None
        leaves them as they are.
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
    control : bool or int, default=False
        How often to do all of it once more with emotions shuffled within each speaker, in one run each; True
        is once. A mean above chance shows that something other than emotions is being learned, or leaks. One
        shuffle alone may be off by a hundredth or two.
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
        tested twice; an emotion or a whole part is missing in training; an inner split is impossible, or
        ``inner`` is given where nothing is searched. This is found before anything is fitted.

    Warns
    -----
    UngroupedSplitWarning
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

    The random split and the shuffles within speakers are drawn from the first of ``random_states``, or 0.

    References
    ----------
    .. [1] G. C. Cawley, N. L. C. Talbot, "On over-fitting in model selection and subsequent selection bias in
       performance evaluation", Journal of Machine Learning Research 11, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn_ser import evaluate
    >>> rng = np.random.default_rng(0)
    >>> speakers = np.repeat([f"speaker{k:02}" for k in range(12)], 20)
    >>> y = np.tile(["angry", "sad"], 120)
    >>> X = rng.normal(size=(240, 4)) + np.repeat(rng.normal(size=(12, 4)), 20, axis=0)
    >>> X[y == "angry", 0] += 1.5
    >>> search = GridSearchCV(LogisticRegression(), {"C": [0.01, 1]})
    >>> result = evaluate(search, X, y, speakers, outer=4, inner=3, control=True)
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
    if inner is not None:
        estimator = with_inner(estimator, inner)
    states = check_random_states(estimator, random_states)
    data = gather("evaluate", X, y, groups, metadata)
    splits = _outer_splits(outer, data)
    described = repr(outer) if hasattr(outer, "split") else f"{len(splits)} folds"
    main = Plan(data, data.y, splits, states, described)
    first = states[0] or 0
    plans = [main]
    if random_split:
        plans.append(at_random(main, first))
    plans += [shuffled(main, [first, k]) for k in range(int(control))]
    n_untested = int(np.sum(main.folds < 0))
    left_out = {"no fold tests them": n_untested} if n_untested else {}
    found, *others = carry_out(estimator, plans, n_jobs, left_out)
    others = [EvaluationResult(**one) for one in others]
    return EvaluationResult(
        **found,
        random_split=others.pop(0) if random_split else None,
        controls=tuple(others),
    )


def _outer_splits(outer, data):
    """Give the splits as arrays of positions, after checking what they would make of a score."""
    n_recordings, n_speakers = len(data.y), len(np.unique(data.speakers))
    if outer is None or isinstance(outer, Integral):
        if n_speakers < 2:
            raise ValueError(
                "evaluate scores on speakers that were not heard, which takes recordings of 2 or more; "
                f"groups holds {data.speakers.tolist()[0]!r} alone. A splitter as outer divides those of one "
                "speaker, such as outer=StratifiedKFold(5)."
            )
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
    try:
        splits = splits_of(outer, data.X, data.y, data.speakers) if hasattr(outer, "split") else list(outer)
    except ValueError as error:
        raise ValueError(
            f"{named} cannot split the recordings by their speakers, which it is given as groups: {error} "
            "Where it needs other groups, give outer its splits: list(outer.split(X, y, groups))."
        ) from error
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
            + (
                f"outer={grouped_instead(len(splits), n_speakers)} keeps each on one side."
                if n_speakers > 1
                else "To keep speakers on one side takes recordings of 2 or more."
            ),
            UngroupedSplitWarning,
        )
    return splits


def _positions(side, n_recordings):
    """Give positions as an array; a mask becomes them."""
    side = np.asarray(side)
    return np.arange(n_recordings)[side if side.size else side.astype(int)]
