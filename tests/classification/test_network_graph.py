"""Where the maps of a network are, and which frames and bands their cells stand for."""

import numpy as np
import pytest

from sklearn_ser.classification._architectures import ARCHITECTURES
from sklearn_ser.classification._backend import start_keras
from sklearn_ser.classification._network_graph import NetworkGraph, operation_of
from sklearn_ser.classification._opened_network import OpenedNetwork
from sklearn_ser.exceptions import NetworkError
from tests.classification.networks import hybrid_network, untrained
from tests.classification.test_architectures import network_of

SHAPE = (61, 17)


def reach(network, one, axis):
    """First and last input along an axis that each cell of a map can see: shape (n_cells, 2)."""
    import keras

    rng = np.random.default_rng(0)
    n = SHAPE[axis]
    quiet = rng.normal(size=(1, *SHAPE)).astype(np.float32)
    loud = np.repeat(quiet, n, axis=0)
    np.moveaxis(loud, axis + 1, 1)[np.arange(n), np.arange(n)] += 3
    inside = keras.Model(network.inputs[0], one.tensor)
    seen = keras.ops.convert_to_numpy(inside(loud)) != keras.ops.convert_to_numpy(inside(quiet))
    cells = np.moveaxis(seen, axis + 1, 1)
    touched = cells.reshape(*cells.shape[:2], -1).any(axis=2)  # input x cell
    return np.array([np.flatnonzero(touched[:, cell])[[0, -1]] for cell in range(touched.shape[1])])


@pytest.mark.parametrize("architecture", ["plain", "sb_cnn", "ds_cnn", "deep_net", "residual"])
def test_cells_lie_in_the_middle_of_what_they_see(architecture):
    uses = ARCHITECTURES[architecture].uses
    smooth = {"activation": "tanh"} if "activation" in uses else {}  # a ReLU may be blind to some inputs
    network = network_of(architecture, SHAPE, **smooth)
    graph = NetworkGraph(network.outputs[0])
    one = graph.last_map()
    for k, axis in enumerate((one.frames, one.bands)):
        if axis is None:
            continue
        first, last = reach(network, one, k).T
        inside = (first > 0) & (last < SHAPE[k] - 1)
        middles = (first + last) / 2
        # The two ways through a residual block may differ by a part of a step.
        np.testing.assert_allclose(axis.positions[inside], middles[inside], atol=0.5 * axis.step + 1)
        assert (axis.positions >= first - 0.5).all()
        assert (axis.positions <= last + 0.5 * axis.step + 1).all()


@pytest.mark.parametrize(
    ("architecture", "layer", "has_bands"),
    [
        ("plain", "block3_dropout", False),
        ("sb_cnn", "activation3", True),
        ("ds_cnn", "c7_without_padding", True),
        ("deep_net", "dropout3", True),
        ("cnn_lstm", "pool3", True),
        ("erann", "stage4_block4_addition", True),
        ("residual", "last_activation2", True),
    ],
)
def test_the_last_map_is_what_comes_before_the_head(architecture, layer, has_bands):
    one = NetworkGraph(network_of(architecture, SHAPE).outputs[0]).last_map()
    assert one.layer == layer
    assert (one.bands is not None) == has_bands
    assert one.frames.n_inputs == 61


@pytest.mark.parametrize("head", ["gap", "attention", "flatten"])
def test_each_head_begins_behind_the_last_block(head):
    graph = NetworkGraph(network_of("plain", (16, 5), head=head, n_blocks=2).outputs[0])
    assert graph.last_map().layer == "block2_dropout"


def test_only_an_average_before_the_softmax_makes_it_a_class_activation_map():
    def is_averaged(architecture="plain", **params):
        graph = OpenedNetwork(network_of(architecture, (16, 5), **params)).graph
        return graph.is_averaged(graph.last_map())

    assert is_averaged(head="gap")
    assert is_averaged("residual")
    assert not is_averaged(head="gap", dense_units=8)
    assert not is_averaged(head="attention")
    assert not is_averaged(head="flatten")
    assert not is_averaged("deep_net")


def test_a_network_of_both_kinds_has_a_map_over_frames_and_one_with_bands():
    start_keras()
    network = untrained(lambda params, n_classes: hybrid_network, (32, 12))
    graph = OpenedNetwork(network).graph
    assert graph.last_map().layer == "frames_activation"
    assert graph.last_map().bands is None
    by_layer = {one.layer: one for one in graph.maps()}
    with_bands = by_layer["bands_pool"]
    assert with_bands.tensor.shape == (None, 16, 10, 4)
    assert with_bands.bands.n_inputs == 20  # bands that a layer in front made of 12 features
    np.testing.assert_allclose(with_bands.bands.positions, 2 * np.arange(10) + 0.5)
    assert not {"recorded", "bands_marks"} & set(by_layer)


def test_what_turns_frames_into_something_else_ends_the_maps():
    keras = start_keras()
    inputs = keras.Input((16, 5))
    x = keras.layers.Permute((2, 1), name="turned")(inputs)
    x = keras.layers.Conv1D(4, 3, padding="same", name="over_features")(x)
    x = keras.layers.GlobalAveragePooling1D()(x)
    network = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(x))
    graph = NetworkGraph(network.outputs[0])
    assert [one.layer for one in graph.maps()] == [operation_of(inputs).name]


@pytest.mark.parametrize("padding", ["same", "valid", "causal"])
@pytest.mark.parametrize(("size", "stride", "dilation"), [(1, 1, 1), (5, 1, 2), (4, 3, 1), (3, 2, 1)])
def test_an_axis_is_followed_through_each_kind_of_convolution(padding, size, stride, dilation):
    keras = start_keras()
    inputs = keras.Input((37, 1))
    convolution = keras.layers.Conv1D(
        1, size, stride, padding, dilation_rate=dilation, kernel_initializer="ones"
    )
    network = keras.Model(inputs, convolution(inputs))
    axis = NetworkGraph(network.outputs[0]).last_map().frames
    # What a cell sees of a ramp is the sum of the positions it lies on.
    seen = keras.ops.convert_to_numpy(network(np.eye(37, dtype=np.float32)[..., np.newaxis]))[..., 0]
    inside = seen.sum(axis=0) == size
    middles = (np.arange(37) @ seen)[inside] / size
    np.testing.assert_allclose(axis.positions[inside], middles, atol=1e-4)


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (4, 1)])
def test_an_axis_is_followed_through_pools(padding, size, stride):
    keras = start_keras()
    inputs = keras.Input((37, 1))
    network = keras.Model(inputs, keras.layers.AveragePooling1D(size, stride, padding)(inputs))
    axis = NetworkGraph(network.outputs[0]).last_map().frames
    ramp = np.arange(37, dtype=np.float32)[np.newaxis, :, np.newaxis]
    middles = keras.ops.convert_to_numpy(network(ramp))[0, :, 0]
    np.testing.assert_allclose(axis.positions[2:-2], middles[2:-2], atol=1e-4)


def test_inputs_belong_to_the_nearest_cell_so_that_padding_is_where_the_network_has_it():
    network = OpenedNetwork(network_of("plain", (21, 5)))  # 21, 11, 6 and 3 frames
    axis = network.graph.last_map().frames
    assert axis.cells_of_inputs().tolist() == [0] * 8 + [1] * 8 + [2] * 5


def test_a_network_without_maps_is_refused_with_a_reason(rng):
    keras = start_keras()
    network = keras.Sequential([keras.Input((5,)), keras.layers.Dense(2, activation="softmax")])
    with pytest.raises(NetworkError, match=r"has none. None of its layers gives a map."):
        OpenedNetwork(network).class_map(rng.normal(size=(3, 5)).astype(np.float32), np.zeros(3, int))


def test_a_network_whose_layers_cannot_be_told_is_refused():
    keras = start_keras()

    @keras.saving.register_keras_serializable(package="tests")
    class OwnNetwork(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.emotions = keras.layers.Dense(2, activation="softmax")

        def call(self, frames):
            return self.emotions(frames[:, 0])

    inputs = keras.Input((16, 5))
    with pytest.raises(NetworkError, match=r"layers of OwnNetwork, which `network` returned, cannot be told"):
        OpenedNetwork(keras.Model(inputs, OwnNetwork()(inputs)))


def test_without_a_softmax_the_logarithm_of_the_probability_is_explained(rng):
    keras = start_keras()
    inputs = keras.Input((16, 5))
    x = keras.layers.GlobalAveragePooling1D()(keras.layers.Conv1D(4, 3, name="convolution")(inputs))
    network = keras.Model(inputs, keras.layers.Dense(2, activation="sigmoid")(x))
    X = rng.normal(size=(3, 16, 5)).astype(np.float32)
    found = OpenedNetwork(network).class_map(X, np.zeros(3, int))
    assert not found.is_averaged
    probabilities = keras.ops.convert_to_numpy(network(X))
    # The derivative of log(sigmoid(z)) is 1 - sigmoid(z).
    kernel = network.layers[-1].get_weights()[0]
    maps = keras.ops.convert_to_numpy(keras.Model(inputs, network.get_layer("convolution").output)(X))
    expected = maps @ kernel[:, 0] * (1 - probabilities[:, :1])
    np.testing.assert_allclose(found.values[:, 0], expected, rtol=1e-4, atol=1e-6)


def test_a_network_with_ways_past_its_maps_asks_for_a_layer(rng):
    keras = start_keras()
    inputs = keras.Input((16, 5), name="frames")
    scales = [keras.layers.Conv1D(4, k, padding="same", name=f"scale{k}")(inputs) for k in (3, 5)]
    pooled = [keras.layers.GlobalMaxPooling1D()(scale) for scale in scales]
    x = keras.layers.Concatenate()(pooled)
    network = OpenedNetwork(keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(x)))
    X = rng.normal(size=(3, 16, 5)).astype(np.float32)
    with pytest.raises(NetworkError, match=r"has none\. These .*'scale5'\. Name one as `layer`\."):
        network.class_map(X, np.zeros(3, int))
    assert network.class_map(X, np.zeros(3, int), "scale5").of.layer == "scale5"
    with pytest.raises(NetworkError, match=r"layer='scale7' gives no map .*'frames', 'scale3', 'scale5'\."):
        network.class_map(X, np.zeros(3, int), "scale7")
