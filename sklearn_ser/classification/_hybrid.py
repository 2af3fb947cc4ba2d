"""The default network: two-dimensional convolutions near the spectrum, one-dimensional ones over time."""

from numbers import Integral

from sklearn_ser.exceptions import NetworkError

from ._geometry import Block
from ._maps import as_map, convolution
from ._network import classify, convolution_block

USES = frozenset(
    {
        "pooling",
        "pool_size",
        "pool_stride",
        "stride",
        "activation",
        "negative_slope",
        "filters",
        "kernel_size",
        "head",
        "dense_units",
        "dropout",
        "l2",
        "batch_norm",
        "kernel_initializer",
    }
)

# Filters of each convolution, in those of the first, and frames of their kernels.
_FILTERS = (1, 2, 8, 12)
_KERNEL_SIZES = (5, 3, 5, 3)
_DEFAULT_FILTERS = 15


def hybrid(params, n_classes):
    """Describe the default network over frames and bands, for ``build_network``.

    ==================  ==============================================  ========================
    layer               what it does                                    for 226 frames, 64 bands
    ==================  ==============================================  ========================
    convolution 1       15 of 5 x 5, steps of 2 x 2, normalised, ReLU   113 x 32 x 15
    convolution 2       30 of 3 x 3, steps of 1 x 2, normalised, ReLU   113 x 16 x 30
    pool 2              average of 1 frame x 2 bands                    113 x 8 x 30
    bands as channels                                                   113 x 240
    convolution 3       120 of 5 frames, normalised, ReLU               113 x 120
    pool 3              average of 2 frames, dropout                    57 x 120
    convolution 4       180 of 3 frames, normalised, ReLU               57 x 180
    pool 4              average of 2 frames, dropout                    29 x 180
    head                attentive mean and deviation, and maximum       540, dropout
    output              softmax                                         n_classes
    ==================  ==============================================  ========================

    For 8 emotions these are 230 582 weights: two of them, which the classifier averages, have fewer than half
    a million. Convolutions in two dimensions see formants move wherever they are; those over time see every
    band at once, as those of a network on cepstra do. The network is this library's own: it was shaped on
    RAVDESS, by folds of speakers within the training parts of the published folds (see the user guide). Pools
    in place of the first two steps, with twice as many channels after them, took 3 times as long and were no
    better.

    ``pooling`` is that of blocks 3 and 4, and of bands, which are pooled by the average unless it is "max";
    ``pool_size`` and ``pool_stride`` count frames. ``stride`` is each convolution's along the frames, on top
    of the first one's 2. ``filters`` are those of the first convolution, of which the others have 2, 8 and 12
    times as many, or four numbers; ``kernel_size`` counts the frames of every convolution. Maps are padded at
    the edges, so that any size works. The head and what follows are the same as with ``"plain"``.
    """
    numbers = count_filters(params["filters"])

    def body(x, recorded):
        from keras import layers

        x, recorded = as_map(x, recorded)
        for index, (frames, bands) in enumerate(((2, 2), (1, 2))):
            filters, size = numbers[index], params["kernel_size"] or _KERNEL_SIZES[index]
            kernel_size, strides = (size, _KERNEL_SIZES[index]), (frames * params["stride"], bands)
            x, recorded = convolution(x, recorded, filters, kernel_size, params, f"block{index + 1}", strides)
        pool = layers.MaxPooling2D if params["pooling"] == "max" else layers.AveragePooling2D
        x = pool((1, 2), padding="same", name="block2_pool")(x)
        n_bands, n_channels = x.shape[2:]
        x = layers.Reshape((-1, n_bands * n_channels), name="bands_as_channels")(x)
        recorded = layers.Reshape((-1, 1), name="marks_of_frames")(recorded)
        for index in (2, 3):
            block = plan_block(params, numbers[index], _KERNEL_SIZES[index])
            x, recorded = convolution_block(x, recorded, block, params, f"block{index + 1}")
        return classify(x, recorded, params, n_classes)

    return body


def check_sizes(params, defaults, n_frames):
    """Refuse kernels, pools and strides that are set to more frames than there are.

    Those by default work on any number of frames. TensorFlow with oneDNN ends the process (SIGABRT) where a
    kernel is far larger than what it convolves.

    Raises
    ------
    NetworkError
        The message names what is too large.
    """
    names = ("kernel_size", "pool_size", "pool_stride", "stride")
    set_to = {name: params[name] for name in names if params[name] != defaults[name]}
    too_large = [f"{name}={size!r}" for name, size in set_to.items() if size is not None and size > n_frames]
    if too_large:
        raise NetworkError(
            f"{' and '.join(too_large)} must be at most the number of frames that the network sees at once, "
            f"{n_frames}."
        )


def count_filters(filters):
    """Give the filters of each convolution.

    Raises
    ------
    NetworkError
        ``filters`` are not one or four numbers.
    """
    if filters is None or isinstance(filters, Integral):
        return [times * (filters or _DEFAULT_FILTERS) for times in _FILTERS]
    if len(filters) != 4 or not all(isinstance(number, Integral) and number > 0 for number in filters):
        raise NetworkError(
            f"architecture='hybrid' has four convolutions: filters must be one int above 0 or four; "
            f"got {filters!r}."
        )
    return list(filters)


def plan_block(params, filters, kernel_size):
    """Give the numbers of a block over frames, from the estimator's parameters."""
    step = params["pool_stride"] or params["pool_size"]
    pools = params["pooling"] in ("average", "max")
    return Block(
        filters=filters,
        kernel_size=params["kernel_size"] or kernel_size,
        stride=params["stride"] * (step if params["pooling"] == "stride" else 1),
        pool_size=params["pool_size"] if pools else 1,
        pool_stride=step if pools else 1,
    )
