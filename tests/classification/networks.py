"""Networks of a user's own, in a module because a saved classifier finds them by name, and untrained ones."""

import numpy as np

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._backend import start_keras
from sklearn_ser.classification._front import Front
from sklearn_ser.classification._network import build_network

DEFAULTS = CNNEmotionClassifier().get_params()


def untrained(describe, input_shape, n_classes=8, described_by=None, **params):
    """Build a network as ``fit`` does, for standardised features without an order.

    ``described_by`` are the parameters that ``describe`` gets to see, all of them unless they are given.
    """
    start_keras()
    params = DEFAULTS | params
    body = describe(params if described_by is None else described_by, n_classes)
    front = Front("unordered", np.zeros(input_shape[-1]), np.ones(input_shape[-1]), floor=0.0)
    return build_network(body, input_shape, front, params)


def n_weights(network):
    """Count the weights of a network, those of what stands in front of it left out."""
    fronts = [layer for layer in network.layers if layer.name in ("standardisation", "deformation")]
    return network.count_params() - sum(layer.count_params() for layer in fronts)


def averaging_network(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def network_with_a_lambda(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Lambda(lambda frames: frames[:, 0]),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def network_with_one_output(input_shape, n_classes):
    import keras

    return keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(1)])


def network_of_logits(input_shape, n_classes):
    import keras

    return keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(n_classes)])


def no_network(input_shape, n_classes):
    return "a network"
