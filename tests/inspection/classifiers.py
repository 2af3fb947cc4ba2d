"""Classifiers that are ready to be looked into."""

import numpy as np

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES
from sklearn_ser.classification._backend import seeded_construction, start_keras
from sklearn_ser.classification._network import build_network
from sklearn_ser.classification._training import frame_statistics


def trained(X, y, **params):
    """A classifier trained until it is nearly always right on the fixture ``heard``."""
    params = {"filters": 8, "n_blocks": 1, "epochs": 12, "learning_rate": 0.02, "random_state": 0} | params
    return CNNEmotionClassifier(**params).fit(X, y)


def untrained(X, y, architecture="plain", **params):
    """A classifier that is fitted but for the training of its weights, in a tenth of the time."""
    classifier = CNNEmotionClassifier(architecture=architecture, **params)
    classifier.classes_, classifier.input_shape_ = np.unique(y), X.shape[1:]
    classifier.n_features_in_ = X.shape[1]
    body = ARCHITECTURES[architecture].describe(classifier.get_params(), len(classifier.classes_))
    mean, variance = frame_statistics(X, np.ones(len(X)))
    start_keras()
    with seeded_construction(0):
        classifier.network_ = build_network(
            body, X.shape[1:], mean, variance, classifier.crop_frames, classifier.n_crops
        )
    return classifier
