"""What the networks with an LSTM and with residual blocks are made of."""

import numpy as np
import pytest

from sklearn_ser.classification._cnn_lstm import cnn_lstm
from sklearn_ser.classification._erann import erann
from sklearn_ser.classification._residual import residual
from tests.classification.networks import n_weights, untrained

PARAMS = {
    "activation": "relu",
    "negative_slope": 0.1,
    "dropout": 0.2,
    "l2": 0.0,
    "kernel_initializer": "he_uniform",
    "block_order": "pre",
    "s_m": 0,
}
ORDERS = {
    "post": "CBACB+A",
    "norm_after_addition": "CBAC+BA",
    "activation_before_addition": "CBACBA+",
    "activation_only_pre": "ACBACB+",
    "pre": "BACBAC+",
    "no_activation_after_addition": "CBACB+",
}
each_order = pytest.mark.parametrize("block_order", ORDERS)


def build(describe, input_shape, n_classes=8, **params):
    return untrained(describe, input_shape, n_classes, time_stretch=0.0, **(PARAMS | params))


def maps_of(network, *names):
    return [network.get_layer(name).output.shape[1:] for name in names]


def layers_of(network, kind, within=""):
    return [layer for layer in network.layers if type(layer).__name__ == kind and within in layer.name]


def outputs_of(network, frames, *names):
    import keras

    outputs = [network.get_layer(name).output for name in names]
    return [np.asarray(output) for output in keras.Model(network.input, outputs)(frames)]


def shake(network, rng):
    """Move what biases and normalisations start from, so that what is zero comes out as something else."""
    network.set_weights(
        [
            weights + rng.uniform(0, 0.3, weights.shape) * (weights.ndim == 1)
            for weights in network.get_weights()
        ]
    )


@each_order
def test_the_residual_network_has_the_weights_that_are_documented(block_order):
    expected = 175_768 if block_order == "activation_only_pre" else 175_832
    assert n_weights(build(residual, (16, 5), block_order=block_order)) == expected


def test_the_network_with_an_lstm_has_the_weights_that_are_documented():
    assert n_weights(build(cnn_lstm, (128, 40))) == 797_072


def test_an_lstm_has_its_share_of_weights_for_each_feature():
    one_more = n_weights(build(cnn_lstm, (16, 14))) - n_weights(build(cnn_lstm, (16, 13)))
    assert one_more == 16_384


def test_only_time_is_pooled_in_front_of_the_lstm():
    network = build(cnn_lstm, (128, 40))
    assert maps_of(network, "pool1", "pool2", "pool3", "profile", "lstm", "hidden") == [
        (64, 40, 16), (32, 40, 24), (16, 40, 32), (16, 1280), (128,), (64,)
    ]  # fmt: skip
    assert [layer.kernel_size for layer in layers_of(network, "Conv2D")] == [(12, 16), (8, 12), (5, 7)]


def test_each_stage_of_the_residual_network_halves_its_map():
    network = build(residual, (128, 40))
    names = ["stem_convolution1", *(f"stage{k}_block2_addition" for k in (1, 2, 3)), "average"]
    assert maps_of(network, *names) == [(128, 40, 16), (64, 20, 16), (32, 10, 32), (16, 5, 64), (64,)]
    assert len(layers_of(network, "Add")) == 6


@each_order
def test_a_block_has_the_order_of_its_name(block_order):
    network = build(residual, (16, 5), block_order=block_order)
    letters = {"Conv2D": "C", "BatchNormalisation": "B", "Activation": "A", "Add": "+"}
    kinds = [
        type(layer).__name__ for layer in network.layers if layer.name.startswith("stage2_block2_")
    ]  # these come in the order in which they are computed
    assert "".join(letters.get(kind, "") for kind in kinds) == ORDERS[block_order]


@pytest.mark.parametrize(
    ("block_order", "stem", "last"),
    [
        ("post", "CBA", ""),
        ("activation_only_pre", "C", "A"),
        ("pre", "C", "BA"),
        ("no_activation_after_addition", "CBA", ""),
    ],
)
def test_the_ends_have_what_no_block_brings(block_order, stem, last):
    network = build(residual, (16, 5), block_order=block_order)
    letters = {"Conv2D": "C", "BatchNormalisation": "B", "Activation": "A"}
    for prefix, expected in (("stem_", stem), ("last_", last)):
        kinds = [type(layer).__name__ for layer in network.layers if layer.name.startswith(prefix)]
        assert "".join(letters.get(kind, "") for kind in kinds) == expected


@pytest.mark.parametrize(
    ("s_m", "n_frames", "expected"),
    [
        (0, [64, 32, 16, 8, 4], 379_364),
        (1, [64, 16, 8, 4, 2], 380_036),
        (2, [64, 16, 4, 2, 1], 382_724),
        (3, [64, 16, 4, 1, 1], 393_476),
    ],
)
def test_erann_has_five_stages_of_four_blocks_and_hurries_over_time(s_m, n_frames, expected):
    network = build(erann, (64, 40), s_m=s_m)
    assert n_weights(network) == expected
    sizes = list(zip(n_frames, [40, 20, 10, 5, 3], [4, 8, 16, 32, 64], strict=True))
    for block in range(1, 5):
        assert maps_of(network, *(f"stage{k}_block{block}_addition" for k in range(5))) == sizes
    assert len(layers_of(network, "Add")) == 21
    longer = [layer.name for layer in layers_of(network, "Conv2D") if layer.kernel_size == (6, 3)]
    assert longer == [f"stage{k}_block1_convolution1" for k in range(1, s_m + 1)]
    for name in longer:
        assert network.get_layer(name.replace("convolution1", "convolution2")).kernel_size == (5, 3)
    assert not any(layer.use_bias for layer in layers_of(network, "Conv2D"))


def test_erann_adds_the_maximum_of_its_last_map_to_the_average(rng):
    frames = rng.normal(size=(3, 32, 10)).astype(np.float32)
    last, pooled = outputs_of(build(erann, (32, 10)), frames, "stage4_block4_addition", "pooled")
    np.testing.assert_allclose(pooled, last.mean(axis=(1, 2)) + last.max(axis=(1, 2)), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("describe", "first"), [(erann, "stage1"), (residual, "stage2")])
def test_a_shortcut_steps_over_the_map_without_a_strided_convolution(describe, first, rng):
    network = build(describe, (24, 9), s_m=1)
    # TensorFlow 2.21 dies of training some that have strides.
    small = [layer for layer in layers_of(network, "Conv2D") if layer.kernel_size == (1, 1)]
    assert [layer.strides for layer in small] == [(1, 1)] * len(small)
    steps = {erann: (4, 2), residual: (2, 2)}[describe]
    name = f"{first}_block1_shortcut"
    kernel = np.asarray(network.get_layer(name).kernel)[0, 0]
    frames = rng.normal(size=(2, 24, 9)).astype(np.float32)
    before, shortcut = outputs_of(network, frames, f"{name}_without_padding", name)
    np.testing.assert_allclose(shortcut, before[:, :: steps[0], :: steps[1]] @ kernel, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("describe", "params"),
    [
        (cnn_lstm, {}),
        (cnn_lstm, {"activation": "tanh"}),
        *((residual, {"block_order": order}) for order in ORDERS),
        (erann, {"s_m": 1}),
    ],
)
def test_padding_has_no_say(describe, params, rng):
    import keras

    frames = rng.normal(size=(4, 64, 7)).astype(np.float32)
    frames[:, 29:] = 0
    networks = [build(describe, (n_frames, 7), dropout=0, **params) for n_frames in (32, 64)]
    shake(networks[0], rng)
    networks[1].set_weights(networks[0].get_weights())
    # Up to the last layer, whose softmax might hide differences.
    short, long = (keras.Model(network.input, network.get_layer("emotions").input) for network in networks)
    tolerance = {"rtol": 1e-3, "atol": 1e-4}  # float32 through up to forty convolutions
    np.testing.assert_allclose(long(frames), short(frames[:, :32]), **tolerance)
    # In training, the statistics of batch normalisation are those of the recorded frames.
    trained = [np.asarray(model(frames[:, :n], training=True)) for model, n in ((short, 32), (long, 64))]
    np.testing.assert_allclose(*trained, **tolerance)
    for moved, alike in zip(long.get_weights(), short.get_weights(), strict=True):
        np.testing.assert_allclose(moved, alike, **tolerance)
    frames[:, 28] += 1
    assert np.abs(short(frames[:, :32], training=True) - trained[0]).max() > 0.01


@pytest.mark.parametrize("describe", [cnn_lstm, residual, erann])
def test_one_frame_of_one_feature_is_enough(describe):
    probabilities = build(describe, (1, 1), n_classes=3, s_m=3)(np.ones((2, 1, 1), dtype=np.float32))
    np.testing.assert_allclose(np.asarray(probabilities).sum(axis=1), 1, rtol=1e-6)
