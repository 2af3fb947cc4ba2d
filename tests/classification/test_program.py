"""Programs that compute networks: what they give, and which networks share one."""

import threading

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_ser.classification import CNNEmotionClassifier, _program
from sklearn_ser.classification._backend import loops_in_graph
from tests.classification.networks import averaging_network


@pytest.fixture
def two(small, spoken):
    """Classifiers of one kind, trained from different seeds."""
    X, y, _ = spoken
    return [clone(small).set_params(random_state=seed).fit(X, y) for seed in (0, 1)]


def layer_by_layer(fitted, X):
    import keras

    return keras.ops.convert_to_numpy(fitted.network_(X, training=False))


def test_it_gives_what_the_layers_give(two, spoken):
    X, _, _ = spoken
    for fitted in two:
        np.testing.assert_allclose(fitted.predict_proba(X), layer_by_layer(fitted, X), atol=1e-6)


def test_networks_of_one_kind_share_a_program_and_no_weights(two, spoken):
    X, _, _ = spoken
    first = two[0].predict_proba(X)
    second = two[1].predict_proba(X)
    assert abs(first - second).max() > 0.001
    assert two[0].network_.program_ is two[1].network_.program_
    np.testing.assert_array_equal(two[0].predict_proba(X), first)


def test_weights_that_a_user_sets_count_at_once(two, spoken):
    X, _, _ = spoken
    two[0].predict_proba(X)
    two[0].network_.set_weights(two[1].network_.get_weights())
    np.testing.assert_array_equal(two[0].predict_proba(X), two[1].predict_proba(X))


def test_threads_predict_with_networks_of_one_kind_at_once(two, spoken):
    X, _, _ = spoken
    alone = [fitted.predict_proba(X) for fitted in two]
    found = {}

    def predict(index):
        found[index] = [two[index % 2].predict_proba(X) for _ in range(5)]

    threads = [threading.Thread(target=predict, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for index in range(4):
        for probabilities in found[index]:
            np.testing.assert_array_equal(probabilities, alone[index % 2])


def test_those_of_another_kind_have_another_and_few_are_kept(spoken, monkeypatch):
    X, y, _ = spoken
    monkeypatch.setattr(_program, "_MOST_KEPT", 2)
    params = {"architecture": "plain", "n_blocks": 1, "epochs": 1, "random_state": 0}
    for filters in (1, 2, 3):
        fitted = CNNEmotionClassifier(filters=filters, **params).fit(X, y)
        np.testing.assert_allclose(fitted.predict_proba(X), layer_by_layer(fitted, X), atol=1e-6)
    assert len(_program._kept) == 2


def test_networks_of_a_users_own_share_none(spoken):
    X, y, _ = spoken
    kept = set(_program._kept)
    classifier = CNNEmotionClassifier(network=averaging_network, epochs=1, random_state=0).fit(X, y)
    np.testing.assert_allclose(classifier.predict_proba(X), layer_by_layer(classifier, X), atol=1e-6)
    assert set(_program._kept) == kept
    assert (classifier.network_.program_ is None) == loops_in_graph()
