"""Speakers on their way through scikit-learn's metadata routing."""

import numpy as np
import pytest
import sklearn
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from sklearn_ser.classification import CNNEmotionClassifier


class Listening(CNNEmotionClassifier):
    """Keeps the speakers that fit was given."""

    def fit(self, X, y, sample_weight=None, groups=None):
        self.heard_ = groups
        return super().fit(X, y, sample_weight=sample_weight, groups=groups)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.fixture
def search():
    classifier = Listening(
        architecture="plain", filters=2, n_blocks=1, epochs=1, early_stopping=True, random_state=0
    )
    pipeline = Pipeline([("same", FunctionTransformer()), ("cnn", classifier)])
    return GridSearchCV(
        pipeline, {"cnn__learning_rate": [0.001, 0.01]}, cv=GroupKFold(2), error_score="raise"
    )


@pytest.mark.usefixtures("routing")
def test_groups_reach_the_splitter_and_fit(search, spoken):
    X, y, speakers = spoken
    search.fit(X, y, groups=speakers)
    np.testing.assert_array_equal(search.best_estimator_["cnn"].heard_, speakers)
    assert search.n_splits_ == 2


@pytest.mark.usefixtures("routing")
def test_groups_reach_a_search_inside_cross_validate(search, spoken):
    X, y, speakers = spoken
    result = cross_validate(
        search,
        X,
        y,
        params={"groups": speakers},
        cv=GroupKFold(2),
        return_estimator=True,
        return_indices=True,
        error_score="raise",
    )
    for inner, train in zip(result["estimator"], result["indices"]["train"], strict=True):
        np.testing.assert_array_equal(inner.best_estimator_["cnn"].heard_, speakers[train])


@pytest.mark.usefixtures("routing")
def test_sample_weight_is_routed_where_it_is_asked_for(spoken):
    X, y, _ = spoken
    classifier = CNNEmotionClassifier(architecture="plain", filters=2, n_blocks=1, epochs=1, random_state=0)
    pipeline = Pipeline([("cnn", classifier.set_fit_request(sample_weight=True))])
    weight = np.where(y == "angry", 5.0, 1.0)
    weighted = pipeline.fit(X, y, sample_weight=weight).predict_proba(X)
    assert (weighted != pipeline.fit(X, y).predict_proba(X)).any()
