"""One fit, from checked arrays to a trained network. Imported only once there is something to train."""

from copy import deepcopy
from itertools import zip_longest

import numpy as np
from sklearn import config_context

from sklearn_ser.exceptions import NetworkError

from ._architectures import ARCHITECTURES
from ._backend import compiles, loops_in_graph, retracing_notices_held_back, seeded_construction, start_keras
from ._fit_memory import FitMemory
from ._front import learn_front
from ._frozen_network import FrozenNetwork
from ._geometry import window_shape
from ._joined_networks import join_networks
from ._network import build_network, user_body

# Lengths that batches have on a backend that compiles: a program for each takes seconds, once on a machine,
# and fewer lengths mean more padding in every step.
_N_LENGTHS = 4


def train(plan):
    """Build and train one network or several, or load what the same fit learned before.

    Parameters
    ----------
    plan : FitPlan
        What was checked.

    Returns
    -------
    network : keras.Model
    history : dict of str to list of float
    """
    keras = start_keras()
    params = plan.params
    _check_callbacks(keras, params)
    _check_initializer(keras, params["kernel_initializer"])
    recordings = [array[plan.trained_on] for array in plan.arrays]
    front = learn_front(recordings[0], recordings[2], params["feature_axis"])
    n_networks = params["n_networks"]
    networks, random_states = [], []
    for index in range(n_networks):
        seeds = plan.random_state.randint(np.iinfo(np.int32).max, size=2)
        name = "emotion_network" if n_networks == 1 else f"emotion_network{index + 1}"
        with seeded_construction(int(seeds[0])):
            networks.append(_build(params, recordings[0].shape[1:], front, len(plan.classes), name))
        random_states.append(np.random.RandomState(seeds[1]))
    network = join_networks(networks)

    def learn():
        # One after the other: what one has compiled, the next one finds.
        return _mean_history(
            [
                _learn(keras, one, plan, recordings, random_state)
                for one, random_state in zip(networks, random_states, strict=True)
            ]
        )

    memory = FitMemory.of(plan)
    return network, learn() if memory is None else memory.get_or_learn(network, learn)


def _mean_history(histories):
    """Average each epoch over the networks that were trained for so long."""
    return {
        name: [
            float(np.mean([value for value in values if value is not None]))
            for values in zip_longest(*(history[name] for history in histories))
        ]
        for name in histories[0]
    }


def _learn(keras, network, plan, recordings, random_state):
    """Train a network and give the history."""
    from ._regimen import Regimen
    from ._scikeras import BatchedKerasClassifier

    params = plan.params
    X, y, sample_weight = recordings
    validation = tuple(array[plan.held_out] for array in plan.arrays) if plan.held_out.any() else None
    regimen = Regimen.of(params, X.shape, len(plan.classes))
    batch_options = {"random_state": random_state, "mixup": params["mixup"]}
    if compiles():
        batch_options["n_lengths"] = _N_LENGTHS
        # Neither rows nor a user's network tell a recording of padding alone from others.
        batch_options["filled_up"] = X.ndim == 3 and not regimen.is_for_users
    if regimen.takes_any_length:
        batch_options["slack"] = params["time_stretch"]
    # A user's callbacks are promised every batch, and a network of his may have a step of its own.
    in_graph = loops_in_graph() and not (regimen.has_callbacks or regimen.is_for_users)
    callbacks = deepcopy(params["callbacks"])
    if validation is not None:
        patience = params["n_iter_no_change"]
        callbacks.append(keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True))
    callbacks.append(keras.callbacks.TerminateOnNaN())

    with regimen.compiled(network) as compiled:
        wrapper = BatchedKerasClassifier(
            model=lambda: compiled,
            epochs=params["epochs"],
            batch_size=params["batch_size"],
            callbacks=callbacks,
            verbose=int(params["verbose"]),
        )
        # SciKeras' encoders are scikit-learn's own transformers, and set_output is not for them.
        with retracing_notices_held_back(), config_context(transform_output="default"):
            wrapper.fit_batches(X, y, sample_weight, batch_options, validation, in_graph)
        losses = wrapper.history_["loss"]
        if not np.isfinite(losses[-1]):
            raise NetworkError(
                f"Training diverged: the loss of epoch {len(losses)} is {losses[-1]}. "
                f"A smaller learning_rate than {params['learning_rate']} may mend it."
            )
    return wrapper.history_


def _check_callbacks(keras, params):
    """Refuse callbacks that set the step size where a schedule does: Keras would in the midst of training."""
    setters = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)
    for callback in params["callbacks"]:
        kind = callback if isinstance(callback, type) else type(callback)
        if issubclass(kind, setters) and params["learning_rate_schedule"] != "constant":
            raise NetworkError(
                f"{kind.__name__} needs learning_rate_schedule='constant'; "
                f"got {params['learning_rate_schedule']!r}, which sets the step size itself."
            )


def _check_initializer(keras, name):
    """Refuse a name that Keras does not know, before layers draw from their seed."""
    if name == "rai":
        return
    try:
        with seeded_construction(0):  # an initializer draws a seed, which is nobody else's
            keras.initializers.get(name)
    except ValueError as error:
        raise NetworkError(
            f"kernel_initializer must be 'rai' or Keras' name of an initializer, such as 'he_uniform'; "
            f"got {name!r}."
        ) from error


def _build(params, input_shape, front, n_classes, name):
    """Build the network that the parameters describe."""
    shape_seen = window_shape(input_shape, params["crop_frames"])
    is_users = params["network"] is not None
    if is_users:
        body = user_body(params["network"], shape_seen, n_classes)
    else:
        body = ARCHITECTURES[params["architecture"]].describe(params, n_classes)
    network = build_network(body, input_shape, front, params, name)
    if is_users:
        _check_saves(network)
    return network


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
