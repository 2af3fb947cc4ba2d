"""What holds of every network that has a name."""

import inspect

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedShuffleSplit

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES, check_network
from sklearn_ser.exceptions import NetworkError
from tests.classification.networks import DEFAULTS, averaging_network, n_weights, untrained

NAMED = sorted(set(ARCHITECTURES) - {"plain", "hybrid"})
# Of each parameter that shapes a network, a value that is not its default.
OTHER_VALUES = {
    "pooling": "max",
    "pool_size": 3,
    "pool_stride": 1,
    "stride": 2,
    "activation": "elu",
    "negative_slope": 0.3,
    "filters": 8,
    "n_blocks": 2,
    "kernel_size": 7,
    "head": "gap",
    "dense_units": 8,
    "dropout": 0.5,
    "l2": 0.001,
    "batch_norm": False,
    "kernel_initializer": "glorot_uniform",
    "block_order": "post",
    "s_m": 3,
}

each_architecture = pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
each_named = pytest.mark.parametrize("architecture", NAMED)


def network_of(architecture, input_shape, n_classes=8, **params):
    """Build a network of a name as ``fit`` does, without training it."""
    return untrained(ARCHITECTURES[architecture].describe, input_shape, n_classes, **params)


@pytest.fixture(scope="module", params=sorted(ARCHITECTURES))
def fitted(request, spoken):
    """A classifier of each architecture after a step of training, recordings of several lengths included."""
    X, y, _ = spoken
    X = X.copy()
    X[::3, 9:] = 0
    classifier = CNNEmotionClassifier(
        architecture=request.param, epochs=1, batch_size=64, learning_rate=0.01, random_state=0
    )
    return classifier.fit(X, y), X, y


def test_it_trains_and_gives_probabilities(fitted):
    classifier, X, _ = fitted
    probabilities = classifier.predict_proba(X)
    assert np.isfinite(classifier.history_["loss"]).all()
    assert np.isfinite(probabilities).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)
    assert len(np.unique(probabilities.round(6), axis=0)) > 1


def test_a_recording_of_padding_alone_gets_finite_probabilities(fitted):
    classifier, X, _ = fitted
    assert np.isfinite(classifier.predict_proba(np.zeros_like(X[:1]))).all()


def test_probabilities_do_not_depend_on_company(fitted):
    classifier, X, _ = fitted
    np.testing.assert_array_equal(classifier.predict_proba(X[40:41]), classifier.predict_proba(X)[40:41])


def test_a_loaded_classifier_predicts_alike(fitted, tmp_path):
    classifier, X, _ = fitted
    joblib.dump(classifier, tmp_path / "emotions.joblib")
    loaded = joblib.load(tmp_path / "emotions.joblib")
    np.testing.assert_array_equal(loaded.predict_proba(X), classifier.predict_proba(X))


def test_the_same_random_state_gives_the_same_predictions(fitted):
    classifier, X, y = fitted
    again = clone(classifier).fit(X, y)
    assert again.network_ is not classifier.network_
    np.testing.assert_array_equal(again.predict_proba(X), classifier.predict_proba(X))


@each_architecture
@pytest.mark.parametrize("input_shape", [(5, 1), (37, 13), (131, 41)])
def test_frames_of_odd_sizes_make_a_network(architecture, input_shape):
    assert network_of(architecture, input_shape).output.shape == (None, 8)


@each_architecture
def test_a_network_is_described_by_the_parameters_it_names_alone(architecture):
    describe, uses, _ = ARCHITECTURES[architecture]
    network = untrained(describe, (16, 5), described_by={name: DEFAULTS[name] for name in uses})
    assert network.to_json() == network_of(architecture, (16, 5)).to_json()


@each_architecture
def test_each_parameter_that_a_network_names_changes_it(architecture):
    default = network_of(architecture, (16, 5)).to_json()
    for name in ARCHITECTURES[architecture].uses:
        others = {name: OTHER_VALUES[name]}
        if name == "negative_slope":
            others["activation"] = "leaky_relu"
        assert network_of(architecture, (16, 5), **others).to_json() != default, name


@each_architecture
@pytest.mark.parametrize("name", sorted(OTHER_VALUES))
def test_a_parameter_is_taken_or_refused_by_name(architecture, name):
    params = DEFAULTS | {"architecture": architecture, name: OTHER_VALUES[name]}
    if name in ARCHITECTURES[architecture].uses:
        check_network(params, DEFAULTS, (16, 5))
    else:
        with pytest.raises(NetworkError, match=f"architecture='{architecture}' does not take {name}="):
            check_network(params, DEFAULTS, (16, 5))


def test_every_parameter_in_front_of_the_crops_shapes_some_network():
    names = list(inspect.signature(CNNEmotionClassifier).parameters)
    shaping = set(names[names.index("architecture") + 1 : names.index("crop_frames")])
    assert shaping == set(OTHER_VALUES) == set().union(*(named.uses for named in ARCHITECTURES.values()))


def test_all_faults_are_told_at_once_with_what_would_be_taken(spoken):
    X, y, _ = spoken
    classifier = CNNEmotionClassifier(architecture="sb_cnn", pooling="max", head="gap")
    with pytest.raises(
        NetworkError,
        match=r"does not take head='gap', pooling='max': .* takes activation, dropout, kernel_initializer,",
    ):
        classifier.fit(X, y)


@each_named
def test_rows_of_features_are_refused(architecture, spoken):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=rf"'{architecture}' needs X of shape .*one row of 5 features"):
        CNNEmotionClassifier(architecture=architecture).fit(X.mean(axis=1), y)


def test_a_network_of_ones_own_and_a_named_one_are_one_too_many(spoken):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=r"architecture='sb_cnn' and network=<function averaging_network"):
        CNNEmotionClassifier(architecture="sb_cnn", network=averaging_network).fit(X, y)


def test_a_name_that_nothing_has_is_refused_with_those_there_are(spoken):
    X, y, _ = spoken
    with pytest.raises(ValueError, match=r"'architecture' parameter .* must be a str among .*'sb_cnn'"):
        CNNEmotionClassifier(architecture="sbcnn").fit(X, y)


def test_a_search_varies_the_architecture(spoken):
    X, y, _ = spoken
    classifier = CNNEmotionClassifier(epochs=4, learning_rate=0.01, random_state=0)
    grid = {"architecture": ["plain", "sb_cnn"]}
    split = StratifiedShuffleSplit(n_splits=1, random_state=0)
    search = GridSearchCV(classifier, grid, cv=split, error_score="raise", refit=False).fit(X, y)
    assert (search.cv_results_["mean_test_score"] > 0.5).all()


def test_sb_cnn_has_the_weights_of_the_paper():
    assert n_weights(network_of("sb_cnn", (128, 128))) == 241_304
    assert n_weights(network_of("sb_cnn", (128, 128), n_classes=10)) == 241_434


@pytest.mark.parametrize(
    ("input_shape", "last_map"),
    [((128, 128), (2, 25)), ((100, 32), (1, 1)), ((99, 32), (7, 8)), ((100, 31), (7, 8))],
)
def test_sb_cnn_is_unpadded_wherever_its_maps_last(input_shape, last_map):
    network = network_of("sb_cnn", input_shape)
    assert network.get_layer("convolution3").output.shape == (None, *last_map, 48)


def test_sb_cnn_penalises_its_dense_layers_alone():
    network = network_of("sb_cnn", (16, 5), l2=0.001)
    penalised = [layer.name for layer in network.layers if getattr(layer, "kernel_regularizer", None)]
    assert penalised == ["hidden", "emotions"]


def test_ds_cnn_halves_its_maps_by_strides():
    network = network_of("ds_cnn", (128, 128))
    maps = [network.get_layer(f"c{k}_convolution").output.shape[1:] for k in range(1, 8)]
    assert maps == [
        (64, 64, 16), (32, 32, 32), (16, 16, 32), (8, 8, 64), (8, 8, 64), (4, 4, 128), (4, 4, 128)
    ]  # fmt: skip
    normalised = [layer.name for layer in network.layers if "normalisation" in layer.name]
    assert normalised == ["c1_normalisation", "c2_normalisation", "c3_normalisation"]


def test_deep_net_pools_along_features_alone():
    network = network_of("deep_net", (128, 40))
    assert network.get_layer("profile").output.shape == (None, 128, 200)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_padding_has_no_say_in_deep_net(batch_norm, rng):
    frames = rng.normal(size=(2, 24, 5)).astype(np.float32)
    frames[:, 16:] = 0
    short, long = (network_of("deep_net", (n, 5), batch_norm=batch_norm) for n in (16, 24))
    long.set_weights(short.get_weights())
    np.testing.assert_allclose(long(frames), short(frames[:, :16]), atol=1e-6)
