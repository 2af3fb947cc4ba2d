"""What one fit is: parameters as they are used, arrays, and the recordings that are held out."""

from dataclasses import dataclass
from inspect import signature

import numpy as np
from sklearn.utils import check_consistent_length, check_random_state

from ._architectures import check_network, resolve_architecture, resolve_n_networks
from ._front import resolve_feature_axis
from ._holdout import hold_out_originals
from ._training_set import check_copies, check_training_set


@dataclass(frozen=True)
class FitPlan:
    """Everything that training needs, checked.

    Parameters
    ----------
    params : dict
        The estimator's parameters, with what ``"auto"`` found, and a list of the callbacks.
    arrays : tuple of ndarray
        ``X``, emotions as indices, and weights.
    held_out : ndarray of bool
        The recordings by which early stopping judges; none without early stopping.
    left_out : ndarray of bool
        Copies of these, which are neither judged by nor trained on.
    random_state : RandomState
        Draws the seeds.
    classes : ndarray
        Emotions, sorted.
    """

    params: dict
    arrays: tuple
    held_out: np.ndarray
    left_out: np.ndarray
    random_state: np.random.RandomState
    classes: np.ndarray

    @classmethod
    def of(cls, classifier, X, y, sample_weight, groups, copy_of):
        """Check what ``fit`` was given, and note the number and names of columns on the classifier."""
        X, y, sample_weight = check_training_set(classifier, X, y, sample_weight)
        check_consistent_length(X, groups)
        classes, y_index = np.unique(y, return_inverse=True)
        copy_of = check_copies(copy_of, y)
        params = classifier.get_params(deep=False)
        params |= {"callbacks": list(classifier.callbacks or [])}
        params["feature_axis"] = resolve_feature_axis(params, X, sample_weight)
        if classifier.network is None:
            params["architecture"] = resolve_architecture(params)
        if params["n_networks"] is None:
            params["n_networks"] = resolve_n_networks(params)
        declared = signature(type(classifier)).parameters
        defaults = {name: parameter.default for name, parameter in declared.items()}
        check_network(params, defaults, X.shape[1:])

        random_state = check_random_state(classifier.random_state)
        held_out = left_out = np.zeros(len(X), dtype=bool)
        if classifier.early_stopping:
            fraction = classifier.validation_fraction
            held_out, left_out = hold_out_originals(y, groups, copy_of, fraction, random_state)
        return cls(params, (X, y_index, sample_weight), held_out, left_out, random_state, classes)

    @property
    def trained_on(self):
        """Mark the recordings that the network learns from."""
        return ~(self.held_out | self.left_out)
