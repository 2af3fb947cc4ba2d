"""DSCNN, the deep stride network of Mustaqeem and Kwon (2020)."""

from ._maps import as_map, convolution
from ._network import activation, dense, dropout

USES = frozenset({"activation", "negative_slope", "dropout", "l2", "batch_norm", "kernel_initializer"})

# Filters, size of the kernel, stride and batch normalisation of each convolution.
_CONVOLUTIONS = (
    (16, 7, 2, True),
    (32, 5, 2, True),
    (32, 3, 2, True),
    (64, 3, 2, False),
    (64, 3, 1, False),
    (128, 3, 2, False),
    (128, 3, 1, False),
)


def ds_cnn(params, n_classes):
    """Describe the deep stride CNN of [1]_, for ``build_network``.

    =============  ===========================================  =============================
    layer          what it does                                 of 128 frames x 128 features
    =============  ===========================================  =============================
    c1             16 filters of 7 x 7, stride 2, normalised    64 x 64 x 16
    c2             32 filters of 5 x 5, stride 2, normalised    32 x 32 x 32
    c3             32 filters of 3 x 3, stride 2, normalised    16 x 16 x 32
    c4             64 filters of 3 x 3, stride 2                8 x 8 x 64
    c5             64 filters of 3 x 3                          8 x 8 x 64
    c6             128 filters of 3 x 3, stride 2               4 x 4 x 128
    c7             128 filters of 3 x 3                         4 x 4 x 128
    flatten                                                     2048
    hidden         dense                                        512, activation, dropout
    emotions       dense, softmax                               n_classes
    =============  ===========================================  =============================

    Sizes are frames x features; an activation follows each convolution.

    In the paper: a plain network that shortens its maps by strides in place of pools, dense layers, softmax.

    Recalled, not checked: the input of 128 x 128, the number of convolutions, their filters, kernels and
    strides but for those below, ReLU, the 512 units, dropout of 0.25, batch normalisation after the early
    convolutions; Adam with a learning rate of 0.001, 128 recordings a step, 50 epochs.

    Chosen here: which convolutions are the early ones (the first three); that of c4 to c7, whose strides
    alternate, c4 and c6 have the stride, by the plain-net rule of twice the filters for half the map; that
    maps are padded at the edges, so that any size works; that padding of short recordings stays zero and out
    of batch normalisation.

    Uses ``activation``, ``negative_slope``, ``dropout``, ``l2``, ``batch_norm`` and ``kernel_initializer``.

    References
    ----------
    .. [1] Mustaqeem, S. Kwon, "A CNN-assisted enhanced audio signal processing for speech emotion
       recognition", Sensors 20(1), 2020, doi:10.3390/s20010183.
    """

    def body(x, recorded):
        from keras import layers

        x, recorded = as_map(x, recorded)
        for index, (filters, size, stride, normalised) in enumerate(_CONVOLUTIONS, start=1):
            x, recorded = convolution(
                x,
                recorded,
                filters,
                (size, size),
                params,
                f"c{index}",
                strides=(stride, stride),
                normalised=normalised,
            )
        x = layers.Flatten(name="flatten")(x)
        x = dense(512, "hidden", params)(x)
        x = activation("hidden_activation", params)(x)
        x = dropout("hidden_dropout", params)(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body
