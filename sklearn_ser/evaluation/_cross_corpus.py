"""Trained on some corpora, tested on another."""

from collections.abc import Mapping
from dataclasses import replace
from numbers import Integral

import numpy as np
from sklearn.utils._param_validation import StrOptions, validate_params

from sklearn_ser.datasets import Recordings

from ._evaluation_result import EvaluationResult
from ._label_rules import count_left_out, emotions_to_keep, rename
from ._labelled import Labelled, as_column, gather, is_corpus
from ._plan import Plan, carry_out
from ._recipe import check_classifier, check_random_states


@validate_params(
    {
        "estimator": "no_validation",
        "corpora": [dict, list, tuple],
        "label_map": [Mapping, None],
        "emotions": [StrOptions({"all", "common"}), "array-like"],
        "test": [str, list, tuple, None],
        "random_states": "no_validation",
        "n_jobs": [Integral, None],
    },
    prefer_skip_nested_validation=True,
)
def cross_corpus(
    estimator,
    corpora,
    *,
    label_map=None,
    emotions="all",
    test=None,
    random_states=None,
    n_jobs=None,
):
    """Score a classifier on a corpus that it was not fitted on, each corpus in turn.

    Other corpora have other rooms, other microphones, other languages and other ideas of an emotion. What is
    left of a score there is what can be expected of a recording from anywhere.

    Parameters
    ----------
    estimator : estimator
        A classifier, a pipeline that ends in one, or a search over one, as in :func:`evaluate`. It is cloned.
    corpora : dict of str to Bunch, or list of Bunch
        Two corpora or more by name, each with ``data``, ``target`` and ``groups``, such as the loaders give.
        In a list, each has its name in ``metadata["corpus"]``, as those of the loaders do.
    label_map : dict or None, default=None
        What emotions are to be called, such as ``{"calm": "neutral"}``; None in the place of a name leaves
        the emotion out. For single corpora a dict of such dicts by name, ``{"RAVDESS": {"calm":
        "neutral"}}``.
    emotions : {"all", "common"} or list, default="all"
        The rule for emotions that some of the corpora lack. ``"all"`` allows of none: every emotion must be
        in every corpus, and an error names those that are not. ``"common"`` keeps the emotions that all
        corpora have; a list keeps those in it, which the tested corpus and one of the others at least must
        have. The result tells in ``left_out`` how many recordings of which emotion this was.
    test : str, list of str or None, default=None
        Names of the corpora that are tested; None is all of them. Each is predicted by a classifier that was
        fitted on all others.
    random_states : int, sequence of int or None, default=None
        As in :func:`evaluate`.
    n_jobs : int or None, default=None
        Fits that are made at a time.

    Returns
    -------
    EvaluationResult
        Its folds are the tested corpora, in the order of ``test`` or ``corpora``, and ``metadata`` has their
        names: ``by("corpus")`` gives the scores of each.

    Raises
    ------
    ValueError
        An emotion has no rule, a name in ``label_map``, ``emotions`` or ``test`` is not there, two corpora
        have a speaker of the same name, or their recordings are not of one kind. This is found before
        anything is fitted.

    Warns
    -----
    SerWarning
        An inner split of ``estimator`` puts recordings of one speaker on both sides.

    See Also
    --------
    evaluate : Scores a classifier on unheard speakers of one corpus.

    Notes
    -----
    Paths are read by the pipeline, which brings all of them to its own sample rate. A corpus that was
    recorded at less than that has nothing above its half; see :func:`robustness` for what this costs.

    Metadata that all corpora have are in the result.

    References
    ----------
    .. [1] B. Schuller et al., "Cross-corpus acoustic emotion recognition: variances and strategies", IEEE
       Transactions on Affective Computing 1(2), 2010.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.utils import Bunch
    >>> from sklearn_ser import cross_corpus
    >>> rng = np.random.default_rng(0)
    >>> def acted(emotions, speaker):
    ...     y = np.tile(emotions, 20)
    ...     X = rng.normal(size=(len(y), 2)) + np.where(y == "angry", 2, 0)[:, np.newaxis]
    ...     return Bunch(data=X, target=y, groups=np.resize([f"{speaker}{k}" for k in range(4)], len(y)))
    >>> corpora = {"A": acted(["angry", "calm"], "a"), "B": acted(["angry", "neutral", "bored"], "b")}
    >>> result = cross_corpus(
    ...     LogisticRegression(), corpora, label_map={"calm": "neutral"}, emotions="common"
    ... )
    >>> result.left_out
    {"'bored' of B": 20}
    >>> result.by("corpus")["n_recordings"].to_dict()
    {'A': 40, 'B': 40}
    """
    check_classifier("cross_corpus", estimator)
    states = check_random_states(estimator, random_states)
    parts = {name: gather("cross_corpus", corpus) for name, corpus in _by_name(corpora).items()}
    tested = list(parts) if test is None else [test] if isinstance(test, str) else list(test)
    if not tested or not set(tested) <= set(parts):
        raise ValueError(f"test must be among {', '.join(map(repr, parts))}; got {test!r}.")
    _check_speakers(parts)
    renamed = rename({name: part.y.tolist() for name, part in parts.items()}, label_map)
    kept = emotions_to_keep(renamed, emotions, tested)
    data = _together(
        {
            name: replace(part, y=np.array(renamed[name], dtype=object)).part(
                np.flatnonzero([emotion in kept for emotion in renamed[name]])
            )
            for name, part in parts.items()
        }
    )
    splits = [
        (np.flatnonzero(data.metadata["corpus"] != name), np.flatnonzero(data.metadata["corpus"] == name))
        for name in tested
    ]
    outer = f"tested on {', '.join(tested)}, each time trained on the others"
    plan = Plan(data, data.y, splits, states, outer)
    left_out = count_left_out(parts, renamed, kept)
    return EvaluationResult(**carry_out(estimator, [plan], n_jobs, left_out)[0])


def _by_name(corpora):
    """Give the corpora by name, after checking that each is one."""
    if is_corpus(corpora):
        raise ValueError("corpora must be two corpora or more; got a single one.")
    if isinstance(corpora, dict):
        named = {str(name): corpus for name, corpus in corpora.items()}
    else:
        names = [_name_of(corpus, k) for k, corpus in enumerate(corpora)]
        if len(set(names)) < len(names):
            raise ValueError(f"corpora of one name must be given as a dict from other names; got {names!r}.")
        named = dict(zip(names, corpora, strict=True))
    if len(named) < 2:
        raise ValueError(f"corpora must be two corpora or more; got {len(named)}.")
    for name, corpus in named.items():
        if not is_corpus(corpus):
            raise ValueError(
                f"Corpus {name!r} must have data, target and groups; got a {type(corpus).__name__}."
            )
    return named


def _name_of(corpus, position):
    metadata = getattr(corpus, "metadata", None)
    has_name = metadata is not None and "corpus" in metadata
    names = np.unique(np.asarray(metadata["corpus"]).astype(str)) if has_name else ()
    if len(names) != 1:
        raise ValueError(
            f"corpora[{position}] has no single name in metadata['corpus']: give a dict from names to "
            "corpora."
        )
    return names[0].item()


def _check_speakers(parts):
    """Refuse speakers of one name in two corpora: they would be one, in training and in test."""
    whose = {}
    for name, part in parts.items():
        for speaker in np.unique(part.speakers).tolist():
            if (other := whose.setdefault(speaker, name)) != name:
                raise ValueError(
                    f"{other!r} and {name!r} both have a speaker {speaker!r}. If these are two people, put "
                    "the corpus in front of their names; if it is one, leave one of the corpora out."
                )


def _together(parts):
    """Put the recordings of corpora in a row."""
    names, parts = list(parts), list(parts.values())
    bare = [part.X.data if isinstance(part.X, Recordings) else np.asarray(part.X) for part in parts]
    if len({(X.shape[1:], X.dtype.kind == "O") for X in bare}) > 1:
        shapes = ", ".join(f"{name!r} {X.shape} of {X.dtype}" for name, X in zip(names, bare, strict=True))
        raise ValueError(f"The recordings of all corpora must be of one kind and shape; got {shapes}.")
    X, speakers = np.concatenate(bare), np.concatenate([part.speakers for part in parts])
    shared = [name for name in parts[0].metadata if all(name in part.metadata for part in parts)]
    return Labelled(
        X=Recordings(X, speakers) if all(isinstance(part.X, Recordings) for part in parts) else X,
        y=np.array([emotion for part in parts for emotion in part.y]),
        speakers=speakers,
        metadata={
            name: as_column([one for part in parts for one in part.metadata[name].tolist()])
            for name in shared
        }
        | {"corpus": np.repeat(names, [len(part.y) for part in parts])},
    )
