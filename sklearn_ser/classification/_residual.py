"""A residual network with six orders within its blocks, after Naranjo-Alcazar et al. (2019)."""

from dataclasses import dataclass

from ._edges import pad_edges
from ._maps import as_map
from ._network import activation, dense, dropout, normalise, shorten, weights

USES = frozenset({"block_order", "activation", "negative_slope", "dropout", "l2", "kernel_initializer"})

_FILTERS = (16, 32, 64)


@dataclass(frozen=True)
class _Order:
    """Where a block convolves (C), normalises its batch (B) and activates (A)."""

    branch: str
    after_addition: str = ""
    after_last_block: str = ""

    @property
    def stem(self):
        """What comes before the first block: no more than a convolution if the block goes on with B or A."""
        return "CBA" if self.branch.startswith("C") else "C"


BLOCK_ORDERS = {
    "post": _Order("CBACB", after_addition="A"),
    "norm_after_addition": _Order("CBAC", after_addition="BA"),
    "activation_before_addition": _Order("CBACBA"),
    "activation_only_pre": _Order("ACBACB", after_last_block="A"),
    "pre": _Order("BACBAC", after_last_block="BA"),
    "no_activation_after_addition": _Order("CBACB"),
}


def residual(params, n_classes):
    """Describe a two-dimensional residual network such as those of [1]_, for ``build_network``.

    =======================  =================================  ============================
    layer                    what it does                       of 128 frames x 40 features
    =======================  =================================  ============================
    stem                     16 filters of 3 x 3                128 x 40 x 16
    stage1_block1, _block2   16 filters of 3 x 3, twice each    64 x 20 x 16
    stage2_block1, _block2   32 filters of 3 x 3, twice each    32 x 10 x 32
    stage3_block1, _block2   64 filters of 3 x 3, twice each    16 x 5 x 64
    average                  over recorded frames and features  64, dropout
    emotions                 dense, softmax                     n_classes
    =======================  =================================  ============================

    Sizes are frames x features. The first convolution of a stage has a stride of 2 in both directions, and
    the shortcut around it is one of 1 x 1 with the same stride; other shortcuts hand the map on as it is.
    The order within a block is one of these, C for a convolution, B for batch normalisation, A for an
    activation and + for the addition of the shortcut:

    ================================  ===============  ======================================
    ``block_order``                   order            known as
    ================================  ===============  ======================================
    ``post``                          C B A C B + A    original [2]_, [3]_ figure 4 (a)
    ``norm_after_addition``           C B A C + B A    BN after addition, [3]_ figure 4 (b)
    ``activation_before_addition``    C B A C B A +    ReLU before addition, [3]_ figure 4 (c)
    ``activation_only_pre``           A C B A C B +    ReLU-only pre-activation, [3]_ figure 4 (d)
    ``pre``                           B A C B A C +    full pre-activation, [3]_ figure 4 (e)
    ``no_activation_after_addition``  C B A C B +      no ReLU at the end of a block [4]_
    ================================  ===============  ======================================

    For 8 emotions these are 175 832 weights whatever the input, and 64 fewer with ``activation_only_pre``.

    In the paper: residual networks over waveforms and over logarithmic mel spectrograms, these with
    convolutions in two dimensions; six orders within a block, of pre- and post-activation, with batch
    normalisation in different places. The best of them depends on the data, and the normalisation of the
    input counts as much.

    Recalled, not checked: the five orders of [3]_ and the one of [4]_.

    Chosen here, everything else: that the six orders are these, which are those that have a name, while the
    paper's could be others; numbers of stages and blocks, filters, kernels, strides, shortcuts without
    normalisation, the head, and dropout before the output. All but dropout is the kind of network that [2]_
    has for small images, with two blocks a stage, and with a stride in the first stage too, which makes it
    four times as fast. B and A follow the stem unless a block begins with one of them, and after the last
    block come those that the next one would have begun with. Maps are padded at the edges, so that any size
    works; padding of short recordings is zero to each convolution, and out of batch normalisation and of the
    average.

    Uses ``block_order``, ``activation``, ``negative_slope``, ``dropout``, ``l2`` and ``kernel_initializer``.

    References
    ----------
    .. [1] J. Naranjo-Alcazar, S. Perez-Castanos, I. Martin-Morato, P. Zuccarello, M. Cobos, "On the
       performance of residual block design alternatives in convolutional neural networks for end-to-end
       audio classification", 2019. arXiv:1906.10891.
    .. [2] K. He, X. Zhang, S. Ren, J. Sun, "Deep residual learning for image recognition", CVPR 2016.
       arXiv:1512.03385.
    .. [3] K. He, X. Zhang, S. Ren, J. Sun, "Identity mappings in deep residual networks", ECCV 2016.
       arXiv:1603.05027.
    .. [4] S. Gross, M. Wilber, "Training and investigating residual nets", 2016,
       http://torch.ch/blog/2016/02/04/resnets.html.
    """
    order = BLOCK_ORDERS[params["block_order"]]

    def body(x, recorded):
        x, recorded = as_map(x, recorded)
        x, recorded = _take_steps(order.stem, x, recorded, params, "stem", _FILTERS[0])
        for stage, filters in enumerate(_FILTERS, start=1):
            for block, strides in enumerate(((2, 2), (1, 1)), start=1):
                name = f"stage{stage}_block{block}"
                x, recorded = _block(x, recorded, filters, strides, order, params, name)
        x, _ = _take_steps(order.after_last_block, x, recorded, params, "last")
        x = pool(x, recorded, "average")
        x = dropout("average_dropout", params)(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body


def _block(x, recorded, filters, strides, order, params, name):
    from keras import layers

    branch, shrunk = _take_steps(order.branch, x, recorded, params, name, filters, strides)
    if strides != (1, 1):
        x = convolve(x, recorded, filters, (1, 1), params, f"{name}_shortcut", strides)
    x = layers.Add(name=f"{name}_addition")([x, branch])
    return _take_steps(order.after_addition, x, shrunk, params, f"{name}_after")


def _take_steps(steps, x, recorded, params, name, filters=None, strides=(1, 1)):
    """Convolve, normalise and activate in the order of ``steps``; the first convolution has the strides."""
    for index, step in enumerate(steps, start=1):
        if step == "C":
            x = convolve(x, recorded, filters, (3, 3), params, f"{name}_convolution{index}", strides)
            recorded = shorten(recorded, strides[0], f"{name}_marks")
            strides = (1, 1)
        elif step == "B":
            x = normalise(x, recorded, f"{name}_normalisation{index}")
        else:
            x = activation(f"{name}_activation{index}", params)(x)
    return x, recorded


def convolve(x, recorded, filters, kernel_size, params, name, strides=(1, 1)):
    """Convolve a map, setting padding to zero before."""
    from keras import layers

    x = layers.Multiply(name=f"{name}_without_padding")([x, recorded])
    if kernel_size == (1, 1) and strides != (1, 1):
        # As a convolution with strides would. The process dies (SIGSEGV, SIGABRT) where TensorFlow 2.21 with
        # oneDNN trains one of 1 x 1 that has strides along both axes and fewer than 16 channels.
        x = layers.MaxPooling2D((1, 1), strides, name=f"{name}_strides")(x)
        strides = (1, 1)
    x, padding = pad_edges(x, kernel_size, strides, f"{name}_edges")
    convolution = layers.Conv2D(
        filters, kernel_size, strides, padding=padding, use_bias=False, name=name, **weights(params)
    )
    return convolution(x)


def pool(x, recorded, kind):
    """Take the average or the maximum of each channel of a map, padding left out."""
    from keras import layers

    from ._layers import AverageOverFrames, MaximumOverFrames

    over_frames, over_features = {
        "average": (AverageOverFrames, layers.GlobalAveragePooling1D),
        "maximum": (MaximumOverFrames, layers.GlobalMaxPooling1D),
    }[kind]
    n_features, n_channels = x.shape[2:]
    x = layers.Reshape((-1, n_features * n_channels), name=f"{kind}_profile")(x)
    recorded = layers.Reshape((-1, 1), name=f"{kind}_marks")(recorded)
    x = over_frames(name=f"{kind}_over_frames")([x, recorded])
    x = layers.Reshape((n_features, n_channels), name=f"{kind}_features")(x)
    return over_features(name=kind)(x)
