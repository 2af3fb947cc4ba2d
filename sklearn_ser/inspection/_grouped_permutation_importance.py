"""What a score loses when features, or spans of time, are exchanged between recordings."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
from joblib import Parallel, delayed
from sklearn.metrics import check_scoring
from sklearn.pipeline import Pipeline
from sklearn.utils import Bunch, check_random_state
from sklearn.utils._param_validation import Interval, StrOptions, validate_params
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted

from sklearn_ser.features._axes import Axes, run_steps, split_at_recordings
from sklearn_ser.features._frames import with_speakers, without_speakers


@dataclass(frozen=True)
class _Group:
    """Features (columns of the last axis) and frames that are exchanged together."""

    name: str
    features: np.ndarray | slice
    frames: slice


@validate_params(
    {
        "fitted": "no_validation",
        "X": "no_validation",
        "y": ["array-like"],
        "by": [StrOptions({"feature", "time"}), dict],
        "n_spans": [Interval(Integral, 1, None, closed="left")],
        "scoring": "no_validation",
        "n_repeats": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
        "n_jobs": [Integral, None],
    },
    prefer_skip_nested_validation=True,
)
def grouped_permutation_importance(
    fitted,
    X,
    y,
    *,
    by="feature",
    n_spans=10,
    scoring=None,
    n_repeats=5,
    random_state=None,
    n_jobs=None,
):
    """Tell how much a score depends on each feature, or on each span of time.

    The importance of a group is what the score loses when the group's values are exchanged between
    recordings at random [1]_. :func:`sklearn.inspection.permutation_importance` does that for each column of
    a 2-D ``X``; in frames a column would be a single feature of a single frame, which hardly matters. Here a
    group is a feature in all frames of a recording, several features, or all features in a span of time.

    Parameters
    ----------
    fitted : estimator
        A fitted classifier of frames or rows, or a pipeline. A pipeline's recordings are turned into frames
        once, and values are exchanged there: behind its transformer of recordings, before its other steps.
    X : array-like or sequence of recordings
        What ``fitted`` predicts on. Recordings that it was not trained on tell what it would need with new
        ones.
    y : array-like of shape (n_recordings,)
        Their emotions.
    by : {"feature", "time"} or dict, default="feature"
        The groups: each feature of a frame; ``n_spans`` spans of equally many frames; or those of a dict from
        names to lists of features, by name or position, such as ``{"level": ["mfcc0", "mfcc0_delta"]}``.
    n_spans : int, default=10
        Spans of time. Other groups do not use it.
    scoring : str, callable or None, default=None
        As in scikit-learn; None is the estimator's ``score``, for a classifier its accuracy. A callable gets
        frames, and what comes after the transformer of recordings.
    n_repeats : int, default=5
        How often each group is exchanged.
    random_state : int, RandomState instance or None, default=None
        Seed of the exchanges, which are the same for every group.
    n_jobs : int or None, default=None
        Threads at work; None is one, -1 as many as there are processors.

    Returns
    -------
    :class:`~sklearn.utils.Bunch`
        With these attributes.

        importances_mean : ndarray of shape (n_groups,)
            Mean over the repeats of what the score lost.
        importances_std : ndarray of shape (n_groups,)
            Its standard deviation.
        importances : ndarray of shape (n_groups, n_repeats)
            What it lost in each of them.
        names : ndarray of str of shape (n_groups,)
            Of the groups: features have those that the transformer of recordings gives them, or numbers;
            spans are named by their ends.
        spans : ndarray of shape (n_groups, 2) or None
            Start and end of each span of time, in seconds where a transformer of recordings tells, otherwise
            in frames.
        baseline_score : float
            The score with everything in place.

    Raises
    ------
    ValueError
        ``X`` is no array of frames or rows, and no recordings for the pipeline's transformer; ``by`` names
        features that are not there, or rows are to be divided in time.

    See Also
    --------
    sklearn.inspection.permutation_importance : The same for single columns of a 2-D ``X``.
    class_activation_map : Which moments of a single recording spoke for its emotion.

    Notes
    -----
    Recordings differ in length, and frames whose features are all zero are padding. Values are exchanged
    between recorded frames alone, and no frame becomes padding, or the contrary: a recording gets the values
    of another one stretched or shortened to its own recorded frames, by repeating frames or leaving some out.
    In a span of time, only recordings with recorded frames there take part; where it is one alone, nothing is
    exchanged. So a recording keeps its length, and the importance of that is not in the result.

    Features that tell the same share their importance, and each may seem to have little. Group them.

    References
    ----------
    .. [1] L. Breiman, "Random forests", Machine Learning 45(1), 2001, doi:10.1023/A:1010933404324.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import CNNEmotionClassifier, grouped_permutation_importance
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(40, 24, 3)), np.repeat(["angry", "sad"], 20)
    >>> X[y == "angry", :12, 1] += 3  # the second feature of the first half
    >>> classifier = CNNEmotionClassifier(
    ...     filters=8, n_blocks=1, epochs=15, learning_rate=0.01, random_state=0
    ... ).fit(X, y)
    >>> by_feature = grouped_permutation_importance(classifier, X, y, random_state=0)
    >>> by_feature.names[by_feature.importances_mean.argmax()]
    'feature1'
    >>> by_time = grouped_permutation_importance(classifier, X, y, by="time", n_spans=2, random_state=0)
    >>> by_time.names.tolist(), bool(by_time.importances_mean[0] > by_time.importances_mean[1] + 0.2)
    (['frames 0 to 11', 'frames 12 to 23'], True)
    """
    estimator, given, frames, axes = _frames_and_rest(fitted, X)
    check_consistent_length(frames, y)
    groups, spans = _groups(by, frames.shape, axes, n_spans)
    scorer = check_scoring(estimator, scoring=scoring)
    baseline = float(scorer(estimator, with_speakers(frames, given), y))
    seed = int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
    is_recorded = frames.any(axis=2) if frames.ndim == 3 else np.ones(len(frames), bool)

    def scores(group):
        rng = np.random.RandomState(seed)
        exchanged = (_exchange(frames, is_recorded, group, rng) for _ in range(n_repeats))
        return [float(scorer(estimator, with_speakers(one, given), y)) for one in exchanged]

    threads = Parallel(n_jobs=n_jobs, require="sharedmem")
    importances = baseline - np.array(threads(delayed(scores)(group) for group in groups))
    return Bunch(
        importances_mean=importances.mean(axis=1),
        importances_std=importances.std(axis=1),
        importances=importances,
        names=np.array([group.name for group in groups], object),
        spans=spans,
        baseline_score=baseline,
    )


def _frames_and_rest(fitted, X):
    """Turn recordings into frames, bare as well, and give what comes next as an estimator of its own."""
    check_is_fitted(fitted)
    estimator, axes = fitted, Axes()
    if isinstance(fitted, Pipeline):
        before, after = split_at_recordings([step for _, step in fitted.steps])
        X, axes, _ = run_steps(before, X)
        estimator = Pipeline([(f"step{k}", step) for k, step in enumerate(after)])
    if axes.feature_names is None and hasattr(X, "columns"):
        axes = Axes(feature_names=np.asarray(X.columns, object))
    frames = check_array(without_speakers(X), dtype=[np.float32, np.float64], allow_nd=True, input_name="X")
    if frames.ndim > 3:
        raise ValueError(
            "X must be recordings for a pipeline that begins with their transformer, frames of shape "
            f"(n_recordings, n_frames, n_features) or rows; got an array of shape {frames.shape}."
        )
    return estimator, X, frames, axes


def _groups(by, shape, axes, n_spans):
    """Lay out what is exchanged: the groups, and the spans of those that are in time."""
    everything = slice(None)
    n_features = shape[-1]
    if by == "time":
        if len(shape) != 3:
            raise ValueError(f"by='time' needs frames; X holds rows of {n_features} features a recording.")
        return _spans(shape[1], axes, n_spans)
    names = axes.feature_names
    if names is None:
        names = np.array([f"feature{k}" for k in range(n_features)], object)
    if by == "feature":
        return [_Group(str(name), np.array([k]), everything) for k, name in enumerate(names)], None
    if not by:
        raise ValueError("by={} names no group of features.")
    position = {str(name): k for k, name in enumerate(names)}
    return [
        _Group(str(name), _positions(name, which, position), everything) for name, which in by.items()
    ], None


def _positions(group, which, position):
    """Find the features of a group, which are named or numbered."""
    which = [which] if isinstance(which, (str, Integral)) else list(which)
    found = [one if isinstance(one, Integral) else position.get(str(one)) for one in which]
    wrong = [
        one
        for one, k in zip(which, found, strict=True)
        if k is None or not -len(position) <= k < len(position)
    ]
    if wrong or not which:
        got = f"names {wrong[0]!r}" if wrong else "holds none"
        known = list(position)
        shown = ", ".join(known[:5]) + (f", … {known[-1]}" if len(known) > 5 else "")
        raise ValueError(
            f"by[{group!r}] must hold features of X, by name or position; it {got}. There are {len(known)}: "
            f"{shown}."
        )
    return np.array(found, np.intp)


def _spans(n_frames, axes, n_spans):
    """Divide frames into spans of equal length, or nearly so."""
    if n_spans > n_frames:
        raise ValueError(f"n_spans={n_spans} exceeds the number of frames in X, {n_frames}.")
    ends = np.linspace(0, n_frames, n_spans + 1).round().astype(np.intp)
    pairs = np.column_stack([ends[:-1], ends[1:]])
    if axes.edges is None:
        names = [f"frames {start} to {end - 1}" for start, end in pairs]
        spans = pairs
    else:
        spans = axes.edges[pairs]
        names = [f"{start:.2f} to {end:.2f} s" for start, end in spans]
    groups = [_Group(name, slice(None), slice(*pair)) for name, pair in zip(names, pairs, strict=True)]
    return groups, spans


def _exchange(X, is_recorded, group, rng):
    """Give recordings a group's values of other recordings, stretched to their own recorded frames."""
    result = X.copy()
    order = rng.permutation(len(X))  # drawn for all, so that every group sees the same exchanges
    if X.ndim == 2:
        result[:, group.features] = X[order][:, group.features]
        return result
    in_span = np.zeros(X.shape[1], bool)
    in_span[group.frames] = True
    takes_part = (is_recorded & in_span).any(axis=1)
    givers = order[takes_part[order]]
    for taker, giver in zip(np.flatnonzero(takes_part), givers, strict=True):
        to = np.flatnonzero(is_recorded[taker] & in_span)
        of = np.flatnonzero(is_recorded[giver] & in_span)
        of = of[(2 * np.arange(len(to)) + 1) * len(of) // (2 * len(to))]
        features = np.arange(X.shape[2])[group.features]
        result[np.ix_([taker], to, features)] = X[np.ix_([giver], of, features)]
    return result
