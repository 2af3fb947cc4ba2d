"""Maps over frames and features, for the networks that convolve along both.

A map has the shape (n, n_frames, n_features, n_channels), its marks (n, n_frames, 1, 1): 1 where a frame was
recorded, 0 where it is padding.
"""

from ._edges import pad_edges
from ._network import MOMENTUM, activation, weights


def as_map(x, recorded):
    """Take frames as a map of one channel, and give their marks the axes of a map."""
    from keras import layers

    return (
        layers.Reshape((-1, x.shape[2], 1), name="map")(x),
        layers.Reshape((-1, 1, 1), name="map_marks")(recorded),
    )


def convolution(x, recorded, filters, kernel_size, params, name, strides=(1, 1), normalised=True):
    """Convolve, normalise and activate; padding stays zero, and out of the statistics.

    Maps are padded at the edges, so that one of n frames leaves a stride of s with ceil(n / s).
    ``normalised`` tells whether there is a batch normalisation here where ``params`` want any.
    """
    from keras import layers

    from ._layers import AsMask

    normalised = normalised and params["batch_norm"]
    x, padding = pad_edges(x, kernel_size, strides, f"{name}_edges")
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        use_bias=not normalised,
        name=f"{name}_convolution",
        **weights(params),
    )(x)
    recorded = shrink(recorded, strides, f"{name}_marks")
    if normalised:
        normalise = layers.BatchNormalization(momentum=MOMENTUM, name=f"{name}_normalisation")
        x = normalise(x, mask=AsMask(name=f"{name}_mask")(recorded))
    x = activation(f"{name}_activation", params)(x)
    return layers.Multiply(name=f"{name}_without_padding")([x, recorded]), recorded


def shrink(recorded, strides, name):
    """Keep the marks beside a map that shrank: recorded where any of the merged frames was."""
    from keras import layers

    if strides[0] == 1:
        return recorded
    step = (strides[0], 1)
    recorded, padding = pad_edges(recorded, step, step, f"{name}_edges")
    return layers.MaxPooling2D(step, step, padding=padding, name=name)(recorded)
