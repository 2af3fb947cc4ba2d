"""A light network with rectangular kernels, after Anvarjon, Mustaqeem and Kwon (2020)."""

from ._maps import as_map, convolution
from ._network import activation, dense, dropout

USES = frozenset({"activation", "negative_slope", "dropout", "l2", "batch_norm", "kernel_initializer"})


def deep_net(params, n_classes):
    """Describe a network on the principles of Deep-Net [1]_, for ``build_network``.

    It is no port: the paper's table of layers was not at hand.

    ==================  ==========================================  ==============================
    layer               what it does                                of 128 frames x 40 features
    ==================  ==========================================  ==============================
    features1           10 filters of 1 x 9                         128 x 40 x 10
    pool1               maximum of 1 x 2                            128 x 20 x 10
    frames1             10 filters of 9 x 1                         128 x 20 x 10, dropout
    features2, pool2    20 filters of 1 x 9, maximum of 1 x 2       128 x 10 x 20
    frames2             20 filters of 9 x 1                         128 x 10 x 20, dropout
    features3, pool3    40 filters of 1 x 9, maximum of 1 x 2       128 x 5 x 40
    frames3             40 filters of 9 x 1                         128 x 5 x 40, dropout
    profile             all features and channels of a frame        128 x 200
    average             over recorded frames                        200
    hidden              dense                                       80, activation, dropout
    emotions            dense, softmax                              n_classes
    ==================  ==========================================  ==============================

    Sizes are frames x features; batch normalisation and an activation follow each convolution.

    In the paper: few convolutions with plain rectangular kernels, and pools that are rectangular as well and
    shorten maps along frequency.

    Recalled, not checked: kernels of 9 x 1 and 1 x 9, filters from 10 to 40.

    Chosen here, everything else: the order of kernels and pools, the number of layers, the filters in between
    (twice as many for half the map), the maximum, batch normalisation, dropout and its places, the average
    over frames and the dense layer of 80 units. Maps are padded at the edges, so that any size works;
    padding of short recordings stays zero, and out of batch normalisation and of the average. For 40 features
    and 8 emotions these are 45 278 weights; as maps keep their frames, they take long to train for so few.

    Uses ``activation``, ``negative_slope``, ``dropout``, ``l2``, ``batch_norm`` and ``kernel_initializer``.

    References
    ----------
    .. [1] T. Anvarjon, Mustaqeem, S. Kwon, "Deep-Net: A lightweight CNN-based speech emotion recognition
       system using deep frequency features", Sensors 20(18), 2020, doi:10.3390/s20185212.
    """

    def body(x, recorded):
        from keras import layers

        from ._layers import AverageOverFrames

        of_frames = recorded
        x, recorded = as_map(x, recorded)
        for index, filters in enumerate((10, 20, 40), start=1):
            x, _ = convolution(x, recorded, filters, (1, 9), params, f"features{index}")
            x = layers.MaxPooling2D((1, 2), (1, 2), padding="same", name=f"pool{index}")(x)
            x, _ = convolution(x, recorded, filters, (9, 1), params, f"frames{index}")
            x = dropout(f"dropout{index}", params)(x)
        x = layers.Reshape((-1, x.shape[2] * x.shape[3]), name="profile")(x)
        x = AverageOverFrames(name="average")([x, of_frames])
        x = dense(80, "hidden", params)(x)
        x = activation("hidden_activation", params)(x)
        x = dropout("hidden_dropout", params)(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body
