"""One fit, from checked arrays to a trained network. Imported only once there is something to train."""

import numpy as np
from sklearn import config_context

from sklearn_ser.exceptions import NetworkError

from ._architectures import ARCHITECTURES
from ._backend import retracing_notices_held_back, seeded_construction, start_keras
from ._frozen_network import FrozenNetwork
from ._geometry import window_shape
from ._network import build_network, user_body


def train(params, arrays, held_out, random_state):
    """Build and train a network.

    Parameters
    ----------
    params : dict
        The estimator's parameters.
    arrays : tuple of ndarray
        ``X``, emotions as indices, and weights.
    held_out : ndarray of bool
        The recordings by which early stopping judges; none without early stopping.
    random_state : RandomState
        Draws the seeds.

    Returns
    -------
    network : keras.Model
    history : dict of str to list of float
    """
    keras = start_keras()
    from ._scikeras import BatchedKerasClassifier

    seeds = random_state.randint(np.iinfo(np.int32).max, size=2)
    X, y, sample_weight = (array[~held_out] for array in arrays)
    validation = tuple(array[held_out] for array in arrays) if held_out.any() else None
    callbacks = list(params["callbacks"])
    if validation is not None:
        patience = params["n_iter_no_change"]
        callbacks.append(keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True))
    callbacks.append(keras.callbacks.TerminateOnNaN())

    n_classes = int(arrays[1].max()) + 1

    def build():
        with seeded_construction(int(seeds[0])):
            return _build_compiled(keras, params, X, sample_weight, n_classes)

    wrapper = BatchedKerasClassifier(
        model=build,
        epochs=params["epochs"],
        batch_size=params["batch_size"],
        callbacks=callbacks,
        verbose=int(params["verbose"]),
    )
    # SciKeras' encoders are scikit-learn's own transformers, and set_output is not for them.
    with retracing_notices_held_back(), config_context(transform_output="default"):
        wrapper.fit_batches(X, y, sample_weight, np.random.RandomState(seeds[1]), validation)
    losses = wrapper.history_["loss"]
    if not np.isfinite(losses[-1]):
        raise NetworkError(
            f"Training diverged: the loss of epoch {len(losses)} is {losses[-1]}. "
            f"A smaller learning_rate than {params['learning_rate']} may mend it."
        )
    return wrapper.model_, wrapper.history_


def _build_compiled(keras, params, X, sample_weight, n_classes):
    """Build the network that the parameters describe, ready to train."""
    mean, variance = frame_statistics(X, sample_weight)
    crop_frames, n_crops = params["crop_frames"], params["n_crops"]
    is_users = params["network"] is not None
    if is_users:
        body = user_body(params["network"], window_shape(X.shape[1:], crop_frames), n_classes)
    else:
        body = ARCHITECTURES[params["architecture"]].describe(params, n_classes)
    network = build_network(body, X.shape[1:], mean, variance, crop_frames, n_crops)
    if is_users:
        _check_saves(network)
    optimizer = keras.optimizers.get(params["optimizer"])
    optimizer.learning_rate = params["learning_rate"]
    network.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=params["label_smoothing"]),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        # A user's callbacks are promised every batch.
        steps_per_execution=1 if params["callbacks"] else _steps_per_execution(len(X), params["batch_size"]),
    )
    # Otherwise the first step makes the optimizer's variables while it is traced, each under a condition of
    # its own, which takes half of a short fit's time, and memory that TensorFlow does not give back.
    network.optimizer.build(network.trainable_variables)
    return network


def frame_statistics(X, sample_weight):
    """Mean and variance of each feature over recordings of positive weight, padding left out."""
    rows = X[sample_weight > 0] if (sample_weight > 0).any() else X
    if rows.ndim == 3:
        recorded = rows[(rows != 0).any(axis=2)]
        rows = recorded if len(recorded) else rows.reshape(-1, rows.shape[2])
    mean, variance = rows.mean(axis=0, dtype=np.float64), rows.var(axis=0, dtype=np.float64)
    # A constant feature is left where it is; Keras would divide it by almost nothing.
    variance[variance <= (1e-6 * mean) ** 2] = 1.0
    return mean, variance


def _steps_per_execution(n_recordings, batch_size, at_most=8):
    """Batches that the backend runs without coming back to Python."""
    return max(1, min(at_most, -(-n_recordings // batch_size)))


def _check_saves(network):
    """Refuse before training a network that could be saved but not loaded."""
    try:
        FrozenNetwork.of(network).thaw()
    except Exception as error:
        raise NetworkError(
            "The model that `network` returned could not be loaded again after saving. Keras layers of your "
            "own need keras.saving.register_keras_serializable; Lambda layers cannot be saved safely. "
            f"Keras says: {error}"
        ) from error
