"""SB-CNN, the network of Salamon and Bello (2017)."""

from ._network import activation, dense, dropout, weights

USES = frozenset({"activation", "negative_slope", "dropout", "l2", "kernel_initializer"})

# Fewer frames or features than this leave the last unpadded convolution nothing to look at.
_MIN_FRAMES, _MIN_FEATURES = 100, 32


def sb_cnn(params, n_classes):
    """Describe SB-CNN [1]_, for ``build_network``.

    =================  ==========================  ================================
    layer              what it does                of 128 frames x 128 features
    =================  ==========================  ================================
    convolution1       24 filters of 5 x 5         124 x 124 x 24
    pool1              maximum of 4 x 2            31 x 62 x 24, activation
    convolution2       48 filters of 5 x 5         27 x 58 x 48
    pool2              maximum of 4 x 2            6 x 29 x 48, activation
    convolution3       48 filters of 5 x 5         2 x 25 x 48, activation
    flatten                                        2400, dropout
    hidden             dense                       64, activation, dropout
    emotions           dense, softmax              n_classes
    =================  ==========================  ================================

    Sizes are frames x features. For 8 emotions these are 241 304 weights.

    As a replication has it, whose author asked the first one of the paper [2]_: all of the table, ReLU, both
    dropouts of 0.5, a penalty on the kernels of the dense layers alone (0.001 in its code and 0.01 in its
    report), random windows of 128 frames in training and averages over all windows afterwards, SGD with a
    constant learning rate of 0.01, 100 recordings a step. Recalled, not checked: that the paper has the
    penalty of 0.001.

    Chosen here: convolutions are unpadded, as there, from 100 frames x 32 features on, the smallest input
    that outlasts them; a smaller one in either direction has its convolutions and pools padded at the edges,
    so that any size works. Padding of short recordings is zero in the input and otherwise treated as the
    paper treats all frames, since the map is flattened.

    Uses ``activation``, ``negative_slope``, ``dropout`` and ``l2`` (for the dense layers), whose defaults are
    not the paper's, and ``kernel_initializer``. There is no batch normalisation.

    References
    ----------
    .. [1] J. Salamon, J. P. Bello, "Deep convolutional neural networks and data augmentation for
       environmental sound classification", IEEE Signal Processing Letters 24(3), 2017. arXiv:1608.04363.
    .. [2] https://github.com/grudloff/Salamon2017Replication
    """
    of_convolutions = weights({**params, "l2": 0})

    def body(x, recorded):
        from keras import layers

        n_frames, n_features = x.shape[1:]
        fits = n_frames >= _MIN_FRAMES and n_features >= _MIN_FEATURES
        padding = "valid" if fits else "same"
        x = layers.Reshape((n_frames, n_features, 1), name="map")(x)
        for index, filters in enumerate((24, 48, 48), start=1):
            name = f"convolution{index}"
            x = layers.Conv2D(filters, (5, 5), padding=padding, name=name, **of_convolutions)(x)
            if index < 3:
                x = layers.MaxPooling2D((4, 2), (4, 2), padding=padding, name=f"pool{index}")(x)
            x = activation(f"activation{index}", params)(x)
        x = layers.Flatten(name="flatten")(x)
        x = dropout("flatten_dropout", params)(x)
        x = dense(64, "hidden", params)(x)
        x = activation("hidden_activation", params)(x)
        x = dropout("hidden_dropout", params)(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body
