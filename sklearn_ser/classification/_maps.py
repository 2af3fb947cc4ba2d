"""Maps over frames and features, for the networks that convolve along both.

A map has the shape (n, n_frames, n_features, n_channels), its marks (n, n_frames, 1, 1): 1 where a frame was
recorded, 0 where it is padding.
"""

from ._edges import pad_edges
from ._network import activation, normalise, shorten, weights


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
    recorded = shorten(recorded, strides[0], f"{name}_marks")
    if normalised:
        x = normalise(x, recorded, f"{name}_normalisation")
    x = activation(f"{name}_activation", params)(x)
    return layers.Multiply(name=f"{name}_without_padding")([x, recorded]), recorded
