"""The derivative of a network's output by its input, on the backend that Keras runs on."""

from sklearn_ser.exceptions import NetworkError


def gradient(network, inputs, weights):
    """Derive weighted outputs, summed, by the first input.

    Parameters
    ----------
    network : keras.Model
        Of one output.
    inputs : list of tensor
        What it takes.
    weights : ndarray of the output's shape
        Weight of each output.

    Returns
    -------
    tensor of the shape of ``inputs[0]``

    Raises
    ------
    NetworkError
        Keras runs on a backend that this function does not know.
    """
    import keras

    backend = keras.backend.backend()
    if backend not in _GRADIENTS:
        raise NetworkError(
            f"Class activation maps need {' or '.join(_GRADIENTS)} for their gradients; Keras runs on "
            f"{backend!r}. Save the classifier and load it where KERAS_BACKEND names one of them."
        )
    first, *others = inputs
    # A product has no mask, of which Keras would warn: the network's own graph holds those that count.
    return _GRADIENTS[backend](network, first * 1, others, weights)


def _by_tensorflow(network, first, others, weights):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(first)
        total = tf.reduce_sum(network([first, *others], training=False) * weights)
    return tape.gradient(total, first, unconnected_gradients="zero")


def _by_jax(network, first, others, weights):
    import jax

    trained = [variable.value for variable in network.trainable_variables]
    fixed = [variable.value for variable in network.non_trainable_variables]

    def total(first):
        inputs = [first, *others]
        outputs, _ = network.stateless_call(trained, fixed, inputs, training=False)
        return (outputs * weights).sum()

    return jax.grad(total)(first)


_GRADIENTS = {"tensorflow": _by_tensorflow, "jax": _by_jax}
