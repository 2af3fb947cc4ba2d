"""Units of a network that never fire."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.features import MFCCTransformer
from sklearn_ser.inspection import dead_units
from tests.classification.networks import convolving_network
from tests.inspection.classifiers import untrained


def silence(classifier, layer, units):
    """Give units of a convolution a bias that no input outweighs."""
    kernel, bias = classifier.network_.get_layer(layer).get_weights()
    bias[units] = -1e6
    classifier.network_.get_layer(layer).set_weights([kernel, bias])


@pytest.fixture
def plain(heard):
    return untrained(*heard, filters=[6, 6], batch_norm=False)


def test_units_that_never_fire_are_found_by_layer(plain, heard):
    X, _ = heard
    alive = dead_units(plain, X)
    assert alive.layers == ["block1_activation", "block2_activation", "attention_hidden"]
    assert alive.n_units.tolist() == [6, 6, 64]
    assert alive.n_dead.tolist() == [0, 0, 0]
    silence(plain, "block2_convolution", [1, 4])
    found = dead_units(plain, X)
    assert found.n_dead.tolist() == [0, 2, 0]
    np.testing.assert_allclose(found.share, [0, 1 / 3, 0])
    assert np.flatnonzero(found.is_dead["block2_activation"]).tolist() == [1, 4]
    assert not found.is_constant


def test_what_happens_in_padding_does_not_count(plain, heard):
    X, _ = heard
    kernel, bias = plain.network_.get_layer("block1_convolution").get_weights()
    kernel[..., 3], bias[3] = -1e3 * np.abs(kernel[..., 3]), 1.0  # fires where there is nothing to be heard
    plain.network_.get_layer("block1_convolution").set_weights([kernel, bias])
    loud = X.copy()
    loud[:, :16] = 1 + np.abs(X[:, :16])
    loud[:, 16:] = 0
    assert dead_units(plain, loud).is_dead["block1_activation"][3]


def test_a_network_that_is_dead_gives_everybody_the_same(plain, heard):
    silence(plain, "block1_convolution", np.arange(6))
    found = dead_units(plain, heard[0])
    assert found.share[0] == 1
    assert found.is_constant


def test_a_leaky_unit_is_never_dead(heard):
    leaky = untrained(*heard, filters=[6], batch_norm=False, activation="leaky_relu")
    silence(leaky, "block1_convolution", [0])
    assert dead_units(leaky, heard[0]).n_dead.tolist() == [0, 0]


def test_fewer_units_die_where_they_begin_asymmetrically(heard):
    def n_dead(kernel_initializer):
        deep = {"filters": [2] * 10, "kernel_size": 1, "pooling": None, "batch_norm": False}
        deep["kernel_initializer"] = kernel_initializer
        return sum(dead_units(untrained(*heard, seed=k, **deep), heard[0]).n_dead.sum() for k in range(5))

    assert n_dead("rai") < 0.5 * n_dead("he_uniform")


@pytest.mark.parametrize("params", [{"crop_frames": 8, "filters": 4}, {"architecture": "sb_cnn"}])
def test_it_looks_into_every_network(params, heard):
    found = dead_units(untrained(*heard, **params), heard[0])
    assert (found.n_units > 0).all()
    assert len(found.layers) == len(set(found.layers)) > 2


def test_it_looks_into_a_network_of_ones_own(heard):
    classifier = CNNEmotionClassifier(network=convolving_network, epochs=1, random_state=0).fit(*heard)
    found = dead_units(classifier, heard[0])
    assert found.layers == ["convolution"]
    assert found.n_units.tolist() == [6]


def test_rows_and_recordings_are_taken(heard, rng):
    X, y = heard
    rows = CNNEmotionClassifier(filters=4, n_blocks=1, epochs=1, random_state=0).fit(X.mean(axis=1), y)
    assert dead_units(rows, X.mean(axis=1)).n_units.tolist() == [4, 64]
    waveforms = [0.1 * rng.normal(size=8000).astype(np.float32) for _ in range(3)]
    mfcc = MFCCTransformer(n_mfcc=4, duration=0.5)
    pipe = make_pipeline(mfcc, untrained(mfcc.fit_transform(waveforms), ["calm", "sad", "sad"], filters=4))
    assert dead_units(pipe, waveforms).layers[0] == "block1_activation"


def test_another_classifier_is_refused(heard):
    X, y = heard
    with pytest.raises(
        TypeError, match=r"dead_units needs a fitted CNNEmotionClassifier.*LogisticRegression"
    ):
        dead_units(LogisticRegression().fit(X.mean(axis=1), y), X)
