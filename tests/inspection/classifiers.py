"""Classifiers that are ready to be looked into."""

import numpy as np

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES
from sklearn_ser.classification._backend import seeded_construction, start_keras
from sklearn_ser.classification._front import learn_front
from sklearn_ser.classification._network import build_network


def trained(X, y, **params):
    """A classifier trained until it is nearly always right on the fixture ``heard``."""
    params = {"filters": 8, "n_blocks": 1, "epochs": 12, "learning_rate": 0.02, "random_state": 0} | params
    # Nothing moves in training, so that what tells an emotion stays where it is.
    still = {"time_stretch": 0.0, "learning_rate_schedule": "constant", "label_smoothing": 0.0}
    params = {"architecture": "plain"} | still | params
    return CNNEmotionClassifier(**params).fit(X, y)


def untrained(X, y, architecture="plain", seed=0, **params):
    """A classifier that is fitted but for the training of its weights, in a tenth of the time."""
    classifier = CNNEmotionClassifier(architecture=architecture, **params)
    classifier.classes_, classifier.input_shape_ = np.unique(y), X.shape[1:]
    classifier.n_features_in_ = X.shape[1]
    params = classifier.get_params()
    body = ARCHITECTURES[architecture].describe(params, len(classifier.classes_))
    start_keras()
    with seeded_construction(seed):
        front = learn_front(X, np.ones(len(X)), "unordered")
        classifier.network_ = build_network(body, X.shape[1:], front, params)
    return classifier
