"""The randomised asymmetric initialisation, and what it is for."""

import itertools

import joblib
import numpy as np
import pytest

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES
from sklearn_ser.classification._backend import start_keras
from tests.classification.test_architectures import network_of

WITH_INITIALIZER = sorted(name for name, one in ARCHITECTURES.items() if "kernel_initializer" in one.uses)


@pytest.fixture(scope="module")
def rai():
    """The initializer's module, whose import wakes Keras."""
    start_keras()
    from sklearn_ser.classification import _initializers

    return _initializers


def drawn(rai, n_inputs, n_units, seed):
    """Weights and biases of a layer, as a row for each unit: shape (n_units, n_inputs + 1)."""
    initializer = rai.RandomisedAsymmetric(seed)
    initializer((n_inputs, n_units))
    return initializer.rows()


def he(n_inputs, n_units, rng):
    weights = rng.normal(scale=np.sqrt(2 / n_inputs), size=(n_units, n_inputs))
    return np.column_stack([weights, np.zeros(n_units)])


def through(rows, x):
    """A layer of ReLU: x has shape (n_inputs, n_points)."""
    return np.maximum(rows[:, :-1] @ x + rows[:, -1:], 0)


def test_its_deviation_is_the_papers(rai):
    assert round(float(rai.DEVIATION), 4) == 0.6007


def test_one_entry_of_each_row_is_positive_and_the_others_are_normal(rai):
    rows = drawn(rai, 400, 2000, seed=0)
    # The others have a deviation of 0.03, and hardly any is above 0.15: so is 1 of 44 draws from Beta(2, 1).
    large = rows > 0.15
    assert set(np.unique(large.sum(axis=1))) <= {0, 1}
    assert large.sum() == pytest.approx(2000 * (1 - 0.15**2), rel=0.02)
    assert rows[large].mean() == pytest.approx(2 / 3, rel=0.03)
    assert rows[~large].std() == pytest.approx(rai.DEVIATION / 20, rel=0.01)
    assert rows[~large].mean() == pytest.approx(0, abs=1e-3)


def test_any_entry_may_be_the_positive_one_the_bias_among_them(rai):
    rows = drawn(rai, 4, 5000, seed=0)
    share = (rows[:, :] > 0.9).mean(axis=0)
    assert share.max() < 1.5 * share.min()


def test_kernel_and_bias_of_a_layer_are_drawn_together(rai):
    import keras

    layer = keras.layers.Conv1D(2000, 5, **rai.initial_values("rai"))
    layer.build((None, 20, 80))
    kernel, bias = layer.get_weights()
    rows = np.column_stack([kernel.reshape(400, 2000).T, bias])
    np.testing.assert_array_equal(rows, layer.kernel_initializer.rows())
    assert (rows[:, -1] > 0.2).any()


def test_the_expected_square_of_the_outputs_does_not_grow_with_depth(rai, rng):
    squares = np.zeros(11)
    for draw in range(20):
        x = rng.normal(size=(64, 50))
        squares[0] += (x**2).mean()
        for layer in range(10):
            x = through(drawn(rai, 64, 64, seed=100 * draw + layer), x)
            squares[layer + 1] += (x**2).mean()
    assert (squares[1:] < squares[:-1]).all()
    assert squares[10] > 0.03 * squares[0]  # nor does it vanish


def test_deep_and_narrow_networks_are_born_dead_less_often(rai, rng):
    def is_dead(draw):
        x = np.linspace(-1.7, 1.7, 50)[np.newaxis]
        for _ in range(9):
            x = through(draw(len(x), 2), x)
        return (np.ptp(x, axis=1) == 0).all()

    n, seeds = 300, itertools.count()
    n_dead = sum(is_dead(lambda *size: drawn(rai, *size, next(seeds))) for _ in range(n))
    n_dead_of_he = sum(is_dead(lambda *size: he(*size, rng)) for _ in range(n))
    # 23 % and 87 % of 2000 such networks when this was written.
    assert n_dead < 0.5 * n_dead_of_he
    assert n_dead_of_he > 0.7 * n


@pytest.mark.parametrize("architecture", WITH_INITIALIZER)
def test_every_network_with_an_initializer_takes_it(architecture):
    network = network_of(architecture, (16, 5), kernel_initializer="rai")
    kinds = {type(layer.kernel_initializer).__name__ for layer in network.layers if hasattr(layer, "kernel")}
    assert kinds == {"RandomisedAsymmetric"}


def test_the_gates_of_an_lstm_begin_as_keras_has_them():
    network = network_of("cnn_lstm", (16, 5), kernel_initializer="rai")
    bias = network.get_layer("lstm").get_weights()[2].reshape(4, -1)
    np.testing.assert_array_equal(bias, np.array([[0], [1], [0], [0]]) * np.ones((4, 128)))


def test_another_initializer_is_handed_to_keras_as_it_is(rai):
    assert rai.initial_values("he_normal") == {"kernel_initializer": "he_normal"}


def test_a_saved_initializer_draws_the_same(rai):
    import keras

    bias = rai.initial_values("rai")["bias_initializer"]
    loaded = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(bias))
    np.testing.assert_array_equal(loaded.kernel((3, 4)), bias.kernel((3, 4)))
    np.testing.assert_array_equal(loaded((4,)), bias((4,)))


def test_a_bias_whose_kernel_was_not_drawn_is_zero(rai):
    import keras

    bias = keras.ops.convert_to_numpy(rai.AsymmetricBias(rai.RandomisedAsymmetric(0))((4,)))
    np.testing.assert_array_equal(bias, np.zeros(4))


def test_a_classifier_is_reproducible_and_loads(spoken, tmp_path):
    X, y, _ = spoken
    params = {"filters": 4, "n_blocks": 1, "batch_norm": False, "epochs": 1, "random_state": 0}
    classifier = CNNEmotionClassifier(**params, kernel_initializer="rai")
    probabilities = classifier.fit(X, y).predict_proba(X)
    joblib.dump(classifier, tmp_path / "emotions.joblib")
    np.testing.assert_array_equal(joblib.load(tmp_path / "emotions.joblib").predict_proba(X), probabilities)
    np.testing.assert_array_equal(classifier.fit(X, y).predict_proba(X), probabilities)
