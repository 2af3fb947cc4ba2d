"""Networks of a user's own, in a module because a saved classifier finds them by name, and untrained ones."""

from copy import copy

import numpy as np

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES, resolve_architecture
from sklearn_ser.classification._backend import start_keras
from sklearn_ser.classification._front import Front
from sklearn_ser.classification._network import build_network

DEFAULTS = CNNEmotionClassifier().get_params()


def small_classifier():
    """Give a classifier that trains in about a second, and in a tenth of it where one was trained before."""
    return CNNEmotionClassifier(architecture="plain", filters=4, n_blocks=1, epochs=2, random_state=0)


def untrained(describe, input_shape, n_classes=8, described_by=None, **params):
    """Build a network as ``fit`` does, for standardised features without an order.

    ``described_by`` are the parameters that ``describe`` gets to see, all of them unless they are given.
    """
    start_keras()
    params = DEFAULTS | params
    body = describe(params if described_by is None else described_by, n_classes)
    front = Front("unordered", np.zeros(input_shape[-1]), np.ones(input_shape[-1]), floor=0.0)
    return build_network(body, input_shape, front, params)


def of_longer_recordings(fitted, n_frames):
    """Give a classifier of the same weights that takes recordings of more frames, padding included."""
    longer = copy(fitted)
    longer.input_shape_ = (n_frames, *fitted.input_shape_[1:])
    longer.n_features_in_ = n_frames
    params = fitted.get_params() | {"feature_axis": fitted.feature_axis_}
    body = ARCHITECTURES[resolve_architecture(params)].describe(params, len(fitted.classes_))
    n_features = len(fitted.network_.get_layer("standardisation").get_weights()[0])
    front = Front(fitted.feature_axis_, np.zeros(n_features), np.ones(n_features), floor=0.0)
    longer.network_ = build_network(body, longer.input_shape_, front, params)
    longer.network_.set_weights(fitted.network_.get_weights())
    return longer


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


def convolving_network(input_shape, n_classes):
    import keras

    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(6, 3, padding="same", activation="relu", name="convolution")(inputs)
    x = keras.layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(n_classes, name="emotions")(x)))


def masking_network(input_shape, n_classes):
    import keras

    inputs = keras.Input(input_shape)
    x = keras.layers.Masking(name="masking")(inputs)
    x = keras.layers.Dense(6, activation="relu", name="of_each_frame")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)  # over frames that are not masked
    return keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax", name="emotions")(x))


def convolving_both_ways(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Reshape((*input_shape, 1)),
            keras.layers.Conv2D(8, 3, padding="same", activation="relu", name="convolution"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(n_classes, activation="softmax", name="emotions"),
        ]
    )


def hybrid_network(x, recorded):
    """A body of convolutions over frames and bands, followed by others over frames alone."""
    from keras import layers

    from sklearn_ser.classification._layers import AverageOverFrames, MaximumOverFrames

    x = layers.Dense(20, name="features_to_bands")(x)
    x = layers.Reshape((*x.shape[1:], 1), name="map")(x)
    x = layers.Conv2D(4, 3, padding="same", activation="relu", name="bands_convolution")(x)
    x = layers.MaxPooling2D(2, padding="same", name="bands_pool")(x)
    recorded = layers.MaxPooling1D(2, padding="same", name="bands_marks")(recorded)
    x = layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]), name="profile")(x)
    x = layers.Conv1D(6, 3, padding="same", name="frames_convolution")(x)
    x = layers.ReLU(name="frames_activation")(x)
    heads = [AverageOverFrames(name="average"), MaximumOverFrames(name="maximum")]
    x = layers.Concatenate(name="pooled")([head([x, recorded]) for head in heads])
    return layers.Dense(3, activation="softmax", name="emotions")(x)
