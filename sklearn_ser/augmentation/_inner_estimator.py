"""What the estimator inside may be, and what its methods are given."""

import sklearn
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import get_routing_for_object, process_routing
from sklearn.utils.validation import has_fit_parameter

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import SerWarning


def check_inner(estimator, sample_rate, *, keeps_originals):
    """Refuse an estimator that is set to another sample rate, or that splits what it is fitted on.

    Warns
    -----
    SerWarning
        The estimator holds out recordings by itself, and cannot be told which are copies.
    """
    for name, value in estimator.get_params(deep=True).items():
        kind = name.rpartition("__")[2]
        if kind == "sample_rate" and value != sample_rate:
            raise ValueError(
                f"The copies are at sample_rate={sample_rate}, and the estimator takes them to be at "
                f"{name}={value!r}: give both the same."
            )
        if kind == "cv" and not isinstance(value, str):  # "prefit" splits nothing
            raise ValueError(
                f"{name}={value!r} of {type(estimator).__name__} splits the recordings that it is fitted on, "
                "and scores itself by copies. Put TrainingAugmenter inside of what splits, as in "
                "GridSearchCV(TrainingAugmenter(pipeline), ...)."
            )
        if kind == "early_stopping" and value is True and not takes(estimator, "copy_of"):
            what, lacking = "copies are held out as recordings are", "copy_of"
            if not takes(estimator, "groups"):
                what = "a copy may be held out whose recording is trained on"
                lacking = "groups and no copy_of"
            warn(
                f"{name}=True holds out a part of what it is fitted on, and {what}: "
                f"fit of {type(estimator).__name__} takes no {lacking}.",
                SerWarning,
            )
        elif kind == "early_stopping" and value is True and not keeps_originals:
            raise ValueError(
                f"{name}=True judges epochs by recordings that are held out, and never by copies; with "
                f"keep_original=False there are only copies: keep_original=True or {name}=False."
            )


def takes(estimator, name):
    """Tell whether ``fit`` can be given ``sample_weight``, ``groups`` or ``copy_of``."""
    if _routes():
        return bool(get_routing_for_object(estimator).consumes("fit", [name]))
    return _keyword(estimator, name) is not None


def params_of_fit(augmenter, sample_weight, groups, copy_of, params):
    """Name what the estimator's ``fit`` is given: what was asked for, and groups where it takes them.

    ``copy_of`` is None where the estimator does not take it.
    """
    estimator = augmenter.estimator
    keyword = "copy_of" if copy_of is None or _routes() else _keyword(estimator, "copy_of")
    if copy_of is not None:
        if params.get(keyword) is not None:
            raise ValueError(f"{keyword} is given by TrainingAugmenter itself, of the copies that it makes.")
        params = {**params, keyword: copy_of}
    if _routes():
        metadata = dict(params)
        if sample_weight is not None:
            metadata["sample_weight"] = sample_weight
        if groups is not None and takes(estimator, "groups"):
            metadata["groups"] = groups
        return dict(process_routing(augmenter, "fit", **metadata).estimator.fit)
    named = dict(params)
    if sample_weight is not None:
        keyword = _keyword(estimator, "sample_weight")
        if keyword is None:
            raise ValueError(f"fit of {type(estimator).__name__} takes no sample_weight.")
        named[keyword] = sample_weight
    if groups is not None and takes(estimator, "groups"):
        named.setdefault(_keyword(estimator, "groups"), groups)
    return named


def params_of_method(augmenter, method, params):
    """Name what another method of the estimator is given."""
    return dict(process_routing(augmenter, method, **params).estimator[method]) if _routes() else params


def _routes():
    return sklearn.get_config()["enable_metadata_routing"]


def _keyword(estimator, name):
    """Give the argument under which ``fit`` takes it, which for a pipeline is its last step's, or None."""
    if has_fit_parameter(estimator, name):
        return name
    if isinstance(estimator, Pipeline) and estimator.steps:
        step, last = estimator.steps[-1]
        inner = _keyword(last, name)
        return None if inner is None else f"{step}__{inner}"
    return None
