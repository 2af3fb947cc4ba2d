"""Several networks in one Keras model, which gives the average of their probabilities."""

from ._network_graph import operation_of, sources_of

_AVERAGE = "average_over_networks"


def join_networks(networks):
    """Make one model of networks that take the same input.

    Parameters
    ----------
    networks : list of keras.Model
        Of different names. A single one is given back as it is.

    Returns
    -------
    keras.Model
        Made of the networks themselves, not of copies: it gives what they learn later on.
    """
    import keras

    if len(networks) == 1:
        return networks[0]
    inputs = keras.Input(networks[0].input_shape[1:], name="frames")
    average = keras.layers.Average(name=_AVERAGE)([network(inputs) for network in networks])
    return keras.Model(inputs, average, name="emotion_networks")


def networks_in(network):
    """Give the networks that a model was made of by ``join_networks``; any other model is one."""
    outputs = getattr(network, "outputs", None)
    if not outputs or operation_of(outputs[0]).name != _AVERAGE:
        return [network]
    return [operation_of(source) for source in sources_of(outputs[0])]
