"""One fit, from checked arrays to a trained network. Imported only once there is something to train."""

import numpy as np
from sklearn import config_context

from sklearn_ser.exceptions import NetworkError

from ._architectures import ARCHITECTURES, takes_any_length
from ._backend import retracing_notices_held_back, seeded_construction, start_keras
from ._front import learn_front
from ._frozen_network import FrozenNetwork
from ._geometry import plan_network, window_shape
from ._network import build_network, user_body

# Batches that the backend runs without coming back to Python.
_MOST_STEPS_PER_EXECUTION = 8


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
    _check_callbacks(keras, callbacks, params)
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
    batch_options = {"random_state": np.random.RandomState(seeds[1]), "mixup": params["mixup"]}
    if takes_any_length(params, X.shape[1:]):
        batch_options["slack"] = params["time_stretch"]
    with retracing_notices_held_back(), config_context(transform_output="default"):
        wrapper.fit_batches(X, y, sample_weight, batch_options, validation)
    losses = wrapper.history_["loss"]
    if not np.isfinite(losses[-1]):
        raise NetworkError(
            f"Training diverged: the loss of epoch {len(losses)} is {losses[-1]}. "
            f"A smaller learning_rate than {params['learning_rate']} may mend it."
        )
    return wrapper.model_, wrapper.history_


def _check_callbacks(keras, callbacks, params):
    """Refuse callbacks that set the step size where a schedule does: Keras would in the midst of training."""
    setters = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)
    for callback in callbacks:
        kind = callback if isinstance(callback, type) else type(callback)
        if issubclass(kind, setters) and params["learning_rate_schedule"] != "constant":
            raise NetworkError(
                f"{kind.__name__} needs learning_rate_schedule='constant'; "
                f"got {params['learning_rate_schedule']!r}, which sets the step size itself."
            )


def _build_compiled(keras, params, X, sample_weight, n_classes):
    """Build the network that the parameters describe, ready to train."""
    if params["architecture"] == "plain" and params["n_blocks"] is None:
        params = params | {
            "n_blocks": len(plan_network(params, window_shape(X.shape[1:], params["crop_frames"])))
        }
    front = learn_front(X, sample_weight, params["feature_axis"])
    input_shape = X.shape[1:]
    is_users = params["network"] is not None
    if is_users:
        body = user_body(params["network"], window_shape(input_shape, params["crop_frames"]), n_classes)
    else:
        body = ARCHITECTURES[params["architecture"]].describe(params, n_classes)
    if takes_any_length(params, input_shape):
        input_shape = (None, input_shape[1])
    network = build_network(body, input_shape, front, params)
    if is_users:
        _check_saves(network)
    n_batches = -(-len(X) // params["batch_size"])
    network.compile(
        optimizer=_make_optimizer(keras, params, n_batches),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=params["label_smoothing"]),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        # A user's callbacks are promised every batch.
        steps_per_execution=1 if params["callbacks"] else min(_MOST_STEPS_PER_EXECUTION, n_batches),
    )
    # Otherwise the first step makes the optimizer's variables while it is traced, each under a condition of
    # its own, which takes half of a short fit's time, and memory that TensorFlow does not give back.
    network.optimizer.build(network.trainable_variables)
    return network


def _make_optimizer(keras, params, n_batches):
    """Make the optimizer; by a cosine its steps warm up over a twentieth of training and end at zero."""
    learning_rate = params["learning_rate"]
    if params["learning_rate_schedule"] == "cosine":
        n_steps = n_batches * params["epochs"]
        n_warm_up = max(1, n_steps // 20)
        learning_rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=0.0,
            decay_steps=max(1, n_steps - n_warm_up),
            warmup_target=learning_rate,
            warmup_steps=n_warm_up,
        )
    optimizer = keras.optimizers.get(params["optimizer"])
    return type(optimizer)(learning_rate=learning_rate)


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
