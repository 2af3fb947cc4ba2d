"""The default network: bands first, then time."""

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._hybrid import hybrid
from sklearn_ser.classification._joined_networks import networks_in
from sklearn_ser.exceptions import NetworkError
from tests.classification.networks import n_weights, of_longer_recordings, untrained


@pytest.fixture(scope="module")
def banded():
    """Smooth bands of 40 recordings of 12 to 24 frames by two emotions, which raise different formants."""
    rng = np.random.default_rng(0)
    bands = np.arange(16)
    formants = np.where(np.arange(40) % 2, 4, 11)[:, np.newaxis, np.newaxis] + rng.normal(0, 1, (40, 24, 1))
    X = -30 - 0.5 * (bands - formants) ** 2 + rng.normal(0, 0.5, (40, 24, 1))
    X[np.arange(24) >= rng.integers(12, 25, 40)[:, np.newaxis]] = 0
    return X.astype(np.float32), np.where(np.arange(40) % 2, "sad", "angry")


@pytest.fixture
def small():
    return CNNEmotionClassifier(filters=2, epochs=2, n_networks=1, random_state=0)


def maps_of(network):
    names = (
        "block1_without_padding",
        "block2_pool",
        "bands_as_channels",
        "block3_dropout",
        "block4_dropout",
        "pooled",
    )
    return [network.get_layer(name).output.shape[1:] for name in names]


def test_the_maps_and_weights_are_those_that_are_documented():
    network = untrained(hybrid, (226, 64))
    assert maps_of(network) == [(113, 32, 15), (113, 8, 30), (113, 240), (57, 120), (29, 180), (540,)]
    assert n_weights(network) == 230_582


@pytest.mark.parametrize(
    ("params", "n_frames"),
    [
        ({"pooling": "max"}, [113, 113, 57, 29]),
        ({"pooling": "stride"}, [113, 113, 57, 29]),
        ({"pooling": None}, [113, 113, 113, 113]),
        ({"stride": 2}, [57, 29, 8, 2]),
        ({"pool_size": 3}, [113, 113, 38, 13]),
        ({"pool_size": 3, "pool_stride": 2}, [113, 113, 57, 29]),
    ],
)
def test_frames_are_pooled_as_the_parameters_say(params, n_frames):
    maps = maps_of(untrained(hybrid, (226, 64), **params))
    assert [maps[index][0] for index in (0, 1, 3, 4)] == n_frames


@pytest.mark.parametrize(
    "params",
    [{}, {"pooling": "max", "stride": 2}, {"pooling": "stride"}, {"pooling": None},
     {"pool_size": 3, "head": "gap"}, {"pool_size": 3, "pool_stride": 2}],
)  # fmt: skip
def test_padding_has_no_say(banded, small, params):
    X, y = banded
    fitted = clone(small).set_params(**params).fit(X, y)
    longer = np.concatenate([X, np.zeros((40, 40, 16), dtype=np.float32)], axis=1)
    for_longer = of_longer_recordings(fitted, n_frames=64)
    np.testing.assert_allclose(for_longer.predict_proba(longer), fitted.predict_proba(X), atol=2e-5)


def test_it_learns_on_bands_and_on_their_cepstra_alike(banded, small):
    from scipy.fft import dct

    X, y = banded
    small.set_params(filters=4, epochs=15, batch_size=8)
    recorded = (X != 0).any(axis=2, keepdims=True)
    of_bands = clone(small).fit(X, y)
    of_cepstra = clone(small).fit(dct(X, type=2, norm="ortho", axis=2) * recorded, y)
    assert (of_bands.feature_axis_, of_cepstra.feature_axis_) == ("spectrum", "cepstrum")
    assert of_bands.score(X, y) == of_cepstra.score(dct(X, type=2, norm="ortho", axis=2) * recorded, y) == 1


@pytest.mark.parametrize("head", ["gap", "flatten", "attention"])
def test_every_head_fits(banded, small, head):
    X, y = banded
    probabilities = small.set_params(head=head, epochs=1).fit(X, y).predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


@pytest.mark.parametrize("filters", [(), (4, 8), (4, 8, 16, 0), [4, 8, 16, 2.5]])
def test_filters_are_one_or_four_numbers(banded, small, filters):
    X, y = banded
    with pytest.raises(NetworkError, match=r"filters must be one int above 0 or four; got [\[(]"):
        small.set_params(filters=filters).fit(X, y)


def test_four_numbers_of_filters_are_those_of_the_convolutions(banded, small):
    X, y = banded
    network = small.set_params(filters=(2, 3, 5, 7), epochs=1).fit(X, y).network_
    assert [layer.filters for layer in network.layers if "convolution" in layer.name] == [2, 3, 5, 7]


def test_a_number_of_blocks_is_for_the_plain_network(banded, small):
    X, y = banded
    with pytest.raises(NetworkError, match="architecture='hybrid' does not take n_blocks=2"):
        small.set_params(n_blocks=2).fit(X, y)


def test_features_without_an_order_and_rows_get_the_plain_network(rng, small):
    y = np.repeat(["angry", "sad"], 10)
    for X in (rng.normal(size=(20, 12, 6)), rng.normal(size=(20, 30))):
        fitted = clone(small).set_params(n_blocks=2).fit(X, y)
        assert fitted.feature_axis_ == "unordered"
        assert sum("convolution" in layer.name for layer in fitted.network_.layers) == 2


def test_the_default_is_two_networks_and_under_half_a_million_weights(banded):
    X, y = banded
    default = CNNEmotionClassifier(epochs=1, random_state=0).fit(X, y)
    networks = networks_in(default.network_)
    assert len(networks) == 2
    assert [len([n for n in one.layers if "convolution" in n.name]) for one in networks] == [4, 4]
    assert 2 * untrained(hybrid, (226, 64)).count_params() < 500_000


def test_features_without_an_order_get_a_single_network(rng):
    y = np.repeat(["angry", "sad"], 10)
    fitted = CNNEmotionClassifier(epochs=1, random_state=0).fit(rng.normal(size=(20, 12, 6)), y)
    assert len(networks_in(fitted.network_)) == 1


@pytest.mark.parametrize("name", ["kernel_size", "pool_size", "pool_stride", "stride"])
def test_what_is_set_to_more_frames_than_there_are_is_refused(banded, small, name):
    X, y = banded
    size = X.shape[1] + 1
    with pytest.raises(
        NetworkError, match=rf"{name}={size} must be at most the number of frames .*, {size - 1}"
    ):
        small.set_params(**{name: size}).fit(X, y)
