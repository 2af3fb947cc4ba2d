"""What a meta-estimator leaves to the estimator that it fitted."""

from copy import deepcopy

from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from sklearn_ser.datasets import Recordings

from ._inner_estimator import params_of_method
from ._recordings import as_sequence, check_X

_METHODS = ("predict", "predict_proba", "decision_function", "transform", "score")


def _estimator_has(method):
    def check(augmenter):
        getattr(getattr(augmenter, "estimator_", augmenter.estimator), method)
        return True

    return check


class Delegating:
    """Ask the fitted ``estimator_``, where it or ``estimator`` has the method."""

    @property
    def classes_(self):
        """Emotions, in the order of the columns of ``predict_proba``."""
        return self.estimator_.classes_

    @available_if(_estimator_has("predict"))
    def predict(self, X, **params):
        """Give what the fitted estimator predicts of the recordings.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings. Nothing is augmented.
        **params : dict
            Further arguments of the estimator's method.

        Returns
        -------
        ndarray of shape (n_recordings,)
            Emotions.
        """
        return self._ask("predict", X, **params)

    @available_if(_estimator_has("predict_proba"))
    def predict_proba(self, X, **params):
        """Give the probability of each emotion by the fitted estimator.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings. Nothing is augmented.
        **params : dict
            Further arguments of the estimator's method.

        Returns
        -------
        ndarray of shape (n_recordings, n_classes)
            Probabilities in the order of ``classes_``.
        """
        return self._ask("predict_proba", X, **params)

    @available_if(_estimator_has("decision_function"))
    def decision_function(self, X, **params):
        """Give the decision function of the fitted estimator.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings. Nothing is augmented.
        **params : dict
            Further arguments of the estimator's method.

        Returns
        -------
        ndarray of shape (n_recordings,) or (n_recordings, n_classes)
            How clear each decision is.
        """
        return self._ask("decision_function", X, **params)

    @available_if(_estimator_has("transform"))
    def transform(self, X, **params):
        """Give what the fitted estimator makes of the recordings.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings. Nothing is augmented.
        **params : dict
            Further arguments of the estimator's method.

        Returns
        -------
        array-like of shape (n_recordings, ...)
            What the estimator gives.
        """
        return self._ask("transform", X, **params)

    @available_if(_estimator_has("transform"))
    def fit_transform(self, X, y=None, **params):
        """Fit on the recordings and their copies, and give what the estimator makes of the recordings.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings.
        y : array-like of shape (n_recordings,), default=None
            Emotions.
        **params : dict
            Further arguments of ``fit``.

        Returns
        -------
        array-like of shape (n_recordings, ...)
            What the estimator gives.
        """
        return self.fit(X, y, **params).transform(X)

    @available_if(_estimator_has("score"))
    def score(self, X, y=None, **params):
        """Give the score of the fitted estimator.

        Parameters
        ----------
        X : sequence of str, path-like or ndarray, array-like of shape (n_recordings, n_samples) or Recordings
            The recordings. Nothing is augmented.
        y : array-like of shape (n_recordings,), default=None
            Emotions.
        **params : dict
            Further arguments of the estimator's method.

        Returns
        -------
        float
            The estimator's own score, which for a classifier is the accuracy.
        """
        return self._ask("score", X, y, **params)

    def get_metadata_routing(self):
        """Tell scikit-learn that metadata go to the estimator.

        Returns
        -------
        MetadataRouter
            What the estimator asks for in each method.
        """
        mapping = MethodMapping()
        for method in ("fit", *_METHODS):
            mapping.add(caller=method, callee=method)
        return MetadataRouter(owner=self).add(estimator=self.estimator, method_mapping=mapping)

    def _ask(self, method, X, *args, **params):
        """Call a method of the fitted estimator with the recordings that were given."""
        check_is_fitted(self)
        if hasattr(self, "n_features_in_") and as_sequence(X) is None:
            checked = check_X(self, X, reset=False)
            X = Recordings(checked, X.speakers) if isinstance(X, Recordings) else checked
        return getattr(self.estimator_, method)(X, *args, **params_of_method(self, method, params))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        inner = deepcopy(get_tags(self.estimator))
        tags.estimator_type = inner.estimator_type
        tags.target_tags = inner.target_tags
        tags.classifier_tags = inner.classifier_tags
        tags.regressor_tags = inner.regressor_tags
        tags.transformer_tags = inner.transformer_tags
        tags.non_deterministic = inner.non_deterministic
        tags.input_tags.string = True
        return tags
