"""ERANN, the efficient residual audio network of Verbitskiy, Berikov and Vyshegorodtsev (2022)."""

from ._maps import as_map
from ._network import dense, normalise, shorten
from ._residual import convolve, pool

USES = frozenset({"s_m", "l2"})

# W below.
_WIDTH = 0.5
_NEGATIVE_SLOPE = 0.01
# Sizes of a block's two kernels along an axis, by the stride of the first.
_KERNEL_SIZES = {1: (3, 3), 2: (3, 3), 4: (6, 5)}


def erann(params, n_classes):
    """Describe ERANN [1]_ with a width of a half, for ``build_network``.

    ==========================  ====================================  ===============================
    layer                       what it does                          of 128 frames x 40 features
    ==========================  ====================================  ===============================
    stage0_block1 to _block4    two convolutions of 8 W filters each  128 x 40 x 4
    stage1_block1 to _block4    two of 16 W filters                   64 x 20 x 8
    stage2_block1 to _block4    two of 32 W filters                   32 x 10 x 16
    stage3_block1 to _block4    two of 64 W filters                   16 x 5 x 32
    stage4_block1 to _block4    two of 128 W filters                  8 x 3 x 64
    pooled                      average over frames and features,     64
                                and their maximum, added
    hidden                      dense                                 128 W = 64, leaky ReLU
    emotions                    dense, softmax                        n_classes
    ==========================  ====================================  ===============================

    Sizes are frames x features, here for ``s_m=0``. Batch normalisation and a leaky ReLU of slope 0.01 come
    before each convolution, and the shortcut is added after the second one. The first convolution of stages 1
    to 4 has a stride of 2 along features, and along frames one of 4 in stages 1 to ``s_m`` and of 2 in the
    others. Kernels are 3 x 3; where the stride is 4, the first is 6 frames long and the second 5. A shortcut
    around a map that changes its shape is a convolution of 1 x 1 with the same stride. No convolution has
    biases.

    In the paper: efficient residual networks with a parameter that makes them faster, and 74.8 % accuracy on
    RAVDESS.

    As a replication has it [2]_, for logarithmic mel spectrograms of 128 bands: all of the above, but for W;
    no dropout; initial kernels from Keras' ``glorot_uniform``. With ``he_uniform`` each block would add more
    to the map, and training would begin with some ten times the loss.

    Recalled, not checked: that the paper's networks have a W of 4 to 6, and 54.5 million weights with a W of
    6 and ``s_m=1`` for the 527 classes of AudioSet, which is what this function would give; that the one for
    RAVDESS was trained on AudioSet before.

    Chosen here: a W of a half, so that a processor is enough. For 8 emotions these are 379 364 weights, and
    393 476 with ``s_m=3``; a W of 1 would make them 1.5 million. Maps are padded at the edges, so that any
    size works; padding of short recordings is zero to each convolution, and out of batch normalisation and of
    both pools.

    Uses ``s_m`` and ``l2``.

    References
    ----------
    .. [1] S. Verbitskiy, V. Berikov, V. Vyshegorodtsev, "ERANNs: Efficient residual audio neural networks for
       audio pattern recognition", Pattern Recognition Letters, 2022, doi:10.1016/j.patrec.2022.07.012.
       arXiv:2106.01621.
    .. [2] https://github.com/Matheuao/ERANNs
    """
    params = {**params, "kernel_initializer": "glorot_uniform"}

    def body(x, recorded):
        from keras import layers

        x, recorded = as_map(x, recorded)
        for stage in range(5):
            for block in range(1, 5):
                strides = _strides(stage, params["s_m"]) if block == 1 else (1, 1)
                filters = int(8 * 2**stage * _WIDTH)
                x, recorded = _block(x, recorded, filters, strides, params, f"stage{stage}_block{block}")
        pooled = [pool(x, recorded, "average"), pool(x, recorded, "maximum")]
        x = layers.Add(name="pooled")(pooled)
        x = dense(int(128 * _WIDTH), "hidden", params)(x)
        x = layers.LeakyReLU(_NEGATIVE_SLOPE, name="hidden_activation")(x)
        return dense(n_classes, "emotions", params, activation="softmax")(x)

    return body


def _strides(stage, s_m):
    """Give the strides of a stage's first block, along frames and along features."""
    if stage == 0:
        return (1, 1)
    return (4 if stage <= s_m else 2, 2)


def _block(x, recorded, filters, strides, params, name):
    """Normalise, activate and convolve, twice, and add the result to what came in."""
    from keras import layers

    first, second = zip(*(_KERNEL_SIZES[stride] for stride in strides), strict=True)
    shrunk = shorten(recorded, strides[0], f"{name}_marks")
    branch = normalise(x, recorded, f"{name}_normalisation1")
    branch = layers.LeakyReLU(_NEGATIVE_SLOPE, name=f"{name}_activation1")(branch)
    branch = convolve(branch, recorded, filters, first, params, f"{name}_convolution1", strides)
    branch = normalise(branch, shrunk, f"{name}_normalisation2")
    branch = layers.LeakyReLU(_NEGATIVE_SLOPE, name=f"{name}_activation2")(branch)
    branch = convolve(branch, shrunk, filters, second, params, f"{name}_convolution2")
    if strides != (1, 1) or x.shape[-1] != filters:
        x = convolve(x, recorded, filters, (1, 1), params, f"{name}_shortcut", strides)
    return layers.Add(name=f"{name}_addition")([x, branch]), shrunk
