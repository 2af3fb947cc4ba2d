"""Programs that compute the output of networks, one for all networks of the same layers.

Layer by layer, as Keras calls a model, most of a small batch's time is Python's. A program takes the weights
as arguments, so that the networks of a search, and of every thread, share it: to trace it takes as long as
some batches do, and memory that TensorFlow never gives back.
"""

import threading
from collections import OrderedDict
from functools import partial

from ._backend import compiles, loops_in_graph, tensorflow_left_out
from ._joined_networks import networks_in

# Programs that stay, the most recently used, each with the weights of the network that it was made for.
_MOST_KEPT = 16

# How a recording is rounded depends on its place in a batch, so that a program is given one at a time. Layer
# by layer that would take ten times as long.
_MANY = 32

_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


def as_function(network):
    """Give the function that a network is with the weights that it has now.

    Parameters
    ----------
    network : keras.Model

    Returns
    -------
    run : callable
        From a batch, float32, of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features) to
        probabilities, ndarray of shape (n_recordings, n_classes), float32.
    batch_size : int
        Recordings that it is to be given at once.
    """
    import keras

    program = _program_of(network)
    if program is None:
        return lambda batch: keras.ops.convert_to_numpy(network(batch, training=False)), _MANY
    # Values and not variables, which TensorFlow would look up one by one for every batch.
    weights = [
        [keras.ops.copy(variable) for variable in group]
        for group in (network.trainable_variables, network.non_trainable_variables)
    ]

    return lambda batch: keras.ops.convert_to_numpy(program(*weights, batch)), 1


def _program_of(network):
    """Give the program of a network; None where it is to be called layer by layer."""
    if not hasattr(network, "program_"):
        network.program_ = _find_program(network)
    return network.program_


def _find_program(network):
    if _holds_users(network):  # whose layers may do what their description does not tell
        return _make_program(network) if compiles() else None
    with tensorflow_left_out():
        key = network.to_json()
    with _lock:
        program = _kept.pop(key, None) or _make_program(network)
        _kept[key] = program
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return program


def _holds_users(network):
    """Tell whether there is a model that a user has made in a network, or in those that it averages."""
    import keras

    return any(isinstance(layer, keras.Model) for one in networks_in(network) for layer in one.layers)


def _make_program(network):
    """Compile what computes a network from its weights; None where the backend does not."""
    compute = partial(_compute, network)
    if compiles():
        import jax

        return jax.jit(compute)
    if loops_in_graph():
        import tensorflow as tf

        return tf.function(compute, autograph=False)
    return None


def _compute(network, trained, fixed, batch):
    return network.stateless_call(trained, fixed, batch, training=False)[0]
