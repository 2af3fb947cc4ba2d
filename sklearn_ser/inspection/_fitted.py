"""A fitted classifier, alone or at the end of a pipeline, and what reaches it."""

from dataclasses import dataclass

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._training_set import check_recordings
from sklearn_ser.features._axes import Axes, Source, run_steps


@dataclass(frozen=True)
class Arrival:
    """What reaches a classifier.

    Parameters
    ----------
    classifier : CNNEmotionClassifier
        Fitted.
    X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features), float32
        Frames or rows.
    axes : Axes
        What is known of their axes.
    source : Source or None
        What they were made of.
    """

    classifier: CNNEmotionClassifier
    X: np.ndarray
    axes: Axes
    source: Source | None


_BEHIND_STEPS = "make_pipeline(*fitted[:-1], fitted[-1].estimators_[0])"


def run_pipeline(fitted, X, *, asker):
    """Bring ``X`` to the classifier, through the steps in front of it.

    Parameters
    ----------
    fitted : CNNEmotionClassifier or Pipeline
        Fitted; a pipeline ends in a classifier.
    X : object
        What ``fitted`` predicts on.
    asker : str
        Whom an error speaks of.

    Returns
    -------
    Arrival
    """
    steps, classifier = [], fitted
    while isinstance(classifier, Pipeline):
        check_is_fitted(classifier)
        steps += [step for _, step in classifier.steps[:-1]]
        classifier = classifier.steps[-1][1]
    if not isinstance(classifier, CNNEmotionClassifier):
        mend = " Pass its best_estimator_." if hasattr(fitted, "best_estimator_") else ""
        if any(map(_is_network, _members(classifier))):
            one = "fitted.estimators_[0]" if classifier is fitted else _BEHIND_STEPS
            mend = f" Look into one member: pass {one}, whose emotions are their numbers in fitted.classes_."
        raise TypeError(
            f"{asker} needs a fitted CNNEmotionClassifier, or a Pipeline that ends in one; got {fitted!r}."
            + mend
        )
    check_is_fitted(classifier)
    X, axes, source = run_steps(steps, X)
    X = check_recordings(classifier, X)
    if axes.feature_names is None and X.ndim == 2:
        axes = Axes(feature_names=getattr(classifier, "feature_names_in_", None))
    return Arrival(classifier, X, axes, source)


def _members(ensemble):
    """Give the fitted members of an ensemble such as VotingClassifier; of others there are none."""
    members = getattr(ensemble, "estimators_", ())
    return members if isinstance(members, list) else ()


def _is_network(member):
    """Tell a classifier of this library, or a pipeline that ends in one."""
    while isinstance(member, Pipeline):
        member = member.steps[-1][1]
    return isinstance(member, CNNEmotionClassifier)
