"""The convolutional and recurrent network of Satt, Rozenberg and Hoory (2017)."""

from ._maps import as_map, convolution
from ._network import activation, dense, dropout, weights

USES = frozenset({"activation", "negative_slope", "dropout", "l2", "kernel_initializer"})

# Filters and kernel of each convolution.
_CONVOLUTIONS = ((16, (12, 16)), (24, (8, 12)), (32, (5, 7)))


def cnn_lstm(params, n_classes):
    """Describe the convolutions with an LSTM on top of [1]_, for ``build_network``.

    =================  ==========================  ==============================
    layer              what it does                of 128 frames x 40 features
    =================  ==========================  ==============================
    convolution1       16 filters of 12 x 16       128 x 40 x 16, activation
    pool1              maximum of 2 x 1            64 x 40 x 16
    convolution2       24 filters of 8 x 12        64 x 40 x 24, activation
    pool2              maximum of 2 x 1            32 x 40 x 24
    convolution3       32 filters of 5 x 7         32 x 40 x 32, activation
    pool3              maximum of 2 x 1            16 x 40 x 32
    profile            all features and channels   16 x 1280
                       of a frame
    lstm               its last state              128
    hidden             dense                       64, activation, dropout
    emotions           dense, softmax              n_classes
    =================  ==========================  ==============================

    Sizes are frames x features. For 40 features and 8 emotions these are 797 072 weights, the LSTM having
    16 384 for each feature. That is the network's own size; nothing was made smaller.

    In the paper: convolutions and an LSTM, on logarithmic spectrograms of up to 3 s; with the LSTM 68 %
    accuracy over four emotions of IEMOCAP, without it 66 %.

    As a replication has it [2]_, on 39 MFCC: all of the table, convolutions padded at the edges, ReLU,
    dropout of 0.2, no batch normalisation, an LSTM that runs forwards.

    Recalled, not checked: that filters, kernels and pools are those of the paper; that its LSTM runs in both
    directions, unlike this one; spectrograms of 40 ms windows every 10 ms, from 0 to 4 kHz in steps of 10 or
    20 Hz.

    Chosen here: pools are padded at the edges as well, so that any size works; padding of short recordings
    stays zero between the convolutions, and the LSTM passes over it.

    Uses ``activation``, ``negative_slope``, ``dropout``, ``l2`` and ``kernel_initializer``; the weights of
    the LSTM from state to state keep Keras' defaults.

    References
    ----------
    .. [1] A. Satt, S. Rozenberg, R. Hoory, "Efficient emotion recognition from speech using deep learning on
       spectrograms", Interspeech 2017, doi:10.21437/Interspeech.2017-200.
    .. [2] https://github.com/onejiin/Speech_emotion_recognition
    """

    def body(x, recorded):
        from keras import layers

        from ._layers import AsMask

        x, recorded = as_map(x, recorded)
        for index, (filters, kernel_size) in enumerate(_CONVOLUTIONS, start=1):
            name = f"convolution{index}"
            x, recorded = convolution(x, recorded, filters, kernel_size, params, name, normalised=False)
            x = layers.MaxPooling2D((2, 1), (2, 1), padding="same", name=f"pool{index}")(x)
            marks = layers.MaxPooling2D((2, 1), (2, 1), padding="same", name=f"pool{index}_marks")
            recorded = marks(recorded)
        n_features, n_channels = x.shape[2:]
        x = layers.Reshape((-1, n_features * n_channels), name="profile")(x)
        mask = AsMask(name="mask")(layers.Reshape((-1, 1), name="marks")(recorded))
        of_lstm = {**weights(params), "bias_initializer": "zeros"}  # its gates want no other
        x = layers.LSTM(128, name="lstm", **of_lstm)(x, mask=mask)
        x = dense(64, "hidden", params)(x)
        x = activation("hidden_activation", params)(x)
        x = dropout("hidden_dropout", params)(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body
