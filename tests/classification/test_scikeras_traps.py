"""The traps of SciKeras and Keras that users of scikit-learn walk into, each held shut."""

import pickle
import random
import subprocess
import sys
import threading

import joblib
import numpy as np
import pytest
from joblib import cpu_count, parallel_config
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.exceptions import DataConversionWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - scikit-learn asks for it
from sklearn.inspection import permutation_importance
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    HalvingGridSearchCV,
    cross_val_predict,
    cross_val_score,
)

from sklearn_ser.classification import CNNEmotionClassifier


def run(program):
    """Run a program in a process of its own and give what it wrote."""
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_integer_cv_is_stratified_even_where_y_is_sorted_by_emotion(able, spoken):
    X, y, _ = spoken
    assert is_classifier(able)
    assert cross_val_score(able, X, y, cv=4).min() > 0.5


@pytest.mark.parametrize("scoring", ["roc_auc", "average_precision", "balanced_accuracy", "neg_log_loss"])
def test_binary_scorers_work(able, spoken, scoring):
    X, y, _ = spoken
    two = np.isin(y, ["angry", "sad"])
    is_sad = (y[two] == "sad").astype(int)  # average_precision takes 1 for the positive class
    scores = cross_val_score(able.set_params(epochs=5), X[two], is_sad, cv=2, scoring=scoring)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("n_emotions", [2, 4])
def test_voting_calibration_and_stacking_take_it(able, spoken, n_emotions):
    X, y, _ = spoken
    some = np.isin(y, np.unique(y)[:n_emotions])
    X, y = X[some], y[some]
    able.set_params(epochs=8)
    ensembles = [
        VotingClassifier([("a", able), ("b", clone(able).set_params(random_state=1))], voting="soft"),
        CalibratedClassifierCV(able, cv=2),
        StackingClassifier([("a", able)], cv=2),
    ]
    for ensemble in ensembles:
        assert ensemble.fit(X, y).predict_proba(X).shape == (len(y), n_emotions)


SEEDED_THEN_UNSEEDED = """
import numpy as np, keras
from sklearn_ser.classification import CNNEmotionClassifier
X = np.random.default_rng(0).normal(size=(16, 8, 3)); y = np.repeat(["angry", "sad"], 8)
CNNEmotionClassifier(architecture="plain", filters=2, n_blocks=1, epochs=1, random_state=0).fit(X, y)
CNNEmotionClassifier(architecture="plain", filters=2, n_blocks=1, epochs=1, random_state=None).fit(X, y)
layers = keras.layers
own = keras.Sequential([keras.Input((8, 3)), layers.Flatten(), layers.Dropout(0.5), layers.Dense(2)])
own.compile("adam", "mse"); own.fit(X, np.zeros((16, 2)), verbose=0)
import tensorflow as tf
tf.random.uniform((2,)); tf.random.shuffle(tf.range(3))
import os
print("left in the environment", sorted(name for name in os.environ if name.startswith("TF_")))
"""
KERAS_ALONE = """
import os, keras, tensorflow
keras.ops.zeros(1)
print("left in the environment", sorted(name for name in os.environ if name.startswith("TF_")))
"""


def test_a_seeded_fit_leaves_unseeded_fits_and_other_keras_code_alone(monkeypatch):
    for name in ("TF_DETERMINISTIC_OPS", "TF_CPP_MIN_LOG_LEVEL", "TF_CLI_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    done = run(SEEDED_THEN_UNSEEDED)
    assert done.returncode == 0, done.stderr
    assert done.stdout == run(KERAS_ALONE).stdout  # JAX leaves two


def test_fit_draws_nothing_from_the_global_generators(small, spoken):
    import tensorflow as tf

    X, y, _ = spoken

    def next_numbers(fit):
        random.seed(7)
        np.random.seed(7)  # noqa: NPY002 - the global generator is what is under test
        tf.random.set_seed(7)
        if fit:
            small.fit(X, y)
        return random.random(), np.random.random(), float(tf.random.uniform(()))  # noqa: NPY002

    assert next_numbers(fit=True) == next_numbers(fit=False)


def test_a_thread_that_draws_random_numbers_meanwhile_changes_no_fit(small, spoken):
    X, y, _ = spoken
    expected = small.fit(X, y).predict_proba(X)
    is_done = threading.Event()

    def draw():  # as the event loop of a Dask worker does
        while not is_done.is_set():
            random.randint(0, 9)
            random.random()

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        np.testing.assert_array_equal(small.fit(X, y).predict_proba(X), expected)
    finally:
        is_done.set()
        thread.join()


def test_loading_draws_nothing_from_the_global_generator(small, spoken):
    X, y, _ = spoken
    saved = pickle.dumps(small.fit(X, y))
    random.seed(7)
    expected = random.random()
    random.seed(7)
    pickle.loads(saved)
    assert random.random() == expected


def test_output_set_to_pandas_lets_no_warning_out_of_fit(small, spoken):
    X, y, _ = spoken
    with config_context(transform_output="pandas"):
        assert small.fit(X, y).predict(X).shape == (64,)


def test_a_halving_search_over_epochs_and_other_tools_take_it(small, spoken):
    X, y, speakers = spoken
    halving = HalvingGridSearchCV(
        small, {"pooling": ["average", "max"]}, resource="epochs", min_resources=1, max_resources=2,
        factor=2, cv=GroupKFold(2),
    )  # fmt: skip
    halving.fit(X, y, groups=speakers)
    assert set(halving.cv_results_["n_resources"]) == {1, 2}
    rows = X.mean(axis=1)
    importances = permutation_importance(small.fit(rows, y), rows, y, n_repeats=2, random_state=0)
    assert importances.importances.shape == (5, 2)


def test_random_state_instances_are_heeded(small, spoken):
    X, y, _ = spoken

    def probabilities(random_state):
        return clone(small).set_params(random_state=random_state).fit(X, y).predict_proba(X)

    np.testing.assert_array_equal(
        probabilities(np.random.RandomState(5)), probabilities(np.random.RandomState(5))
    )
    assert (probabilities(np.random.RandomState(5)) != probabilities(np.random.RandomState(99))).any()


def test_one_recording_gives_one_row(small, spoken):
    X, y, _ = spoken
    assert small.fit(X, y).predict_proba(X[:1]).shape == (1, 4)
    assert small.predict(X[:1]).shape == (1,)


def test_company_and_order_of_recordings_do_not_matter(small, spoken):
    X, y, _ = spoken
    together = small.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(small.predict_proba(X[::-1]), together[::-1])
    np.testing.assert_array_equal(
        np.vstack([small.predict_proba(X[k : k + 1]) for k in (0, 33, 63)]), together[[0, 33, 63]]
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int32])
def test_other_number_types_are_predicted_after_a_float32_fit(small, spoken, dtype):
    X, y, _ = spoken
    whole = np.round(X)
    np.testing.assert_array_equal(
        small.fit(whole, y).predict_proba(whole.astype(dtype)), small.predict_proba(whole)
    )


@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_sample_weights_are_left_as_they_were(small, spoken, dtype):
    X, y, _ = spoken
    weight = np.ones(len(y), dtype=dtype)
    small.set_params(class_weight="balanced").fit(X[:40], y[:40], sample_weight=weight[:40])
    np.testing.assert_array_equal(weight, np.ones(len(y)))


def test_a_column_of_emotions_is_flattened_with_a_warning(small, spoken):
    X, y, _ = spoken
    with pytest.warns(DataConversionWarning, match="column-vector y"):
        small.fit(X, y[:, np.newaxis])
    assert small.predict(X).shape == (64,)


@pytest.mark.parametrize(
    "backend",
    [{"backend": "threading"}, {"backend": "loky", "inner_max_num_threads": cpu_count()}],
    ids=["threading", "loky"],
)
def test_threads_and_processes_agree_with_the_sequential_result(small, spoken, backend):
    X, y, speakers = spoken
    options = {"groups": speakers, "cv": GroupKFold(4), "method": "predict_proba"}
    sequential = cross_val_predict(small, X, y, **options)
    with parallel_config(**backend, n_jobs=2):
        np.testing.assert_array_equal(cross_val_predict(small, X, y, **options), sequential)


def test_a_second_search_in_processes_works_as_the_first_did(small, spoken):
    X, y, speakers = spoken
    search = GridSearchCV(small, {"pooling": ["average", "max"]}, cv=GroupKFold(2), n_jobs=2)
    first = search.fit(X, y, groups=speakers).cv_results_["mean_test_score"]
    np.testing.assert_array_equal(search.fit(X, y, groups=speakers).cv_results_["mean_test_score"], first)


def test_fitting_the_same_object_twice_gives_the_same_network(small, spoken):
    X, y, _ = spoken
    first = small.fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(small.fit(X, y).predict_proba(X), first)


@pytest.mark.parametrize("name", ["filter", "model__filters", "fit__epochs"])
def test_a_mistyped_parameter_is_refused_by_set_params(small, name):
    with pytest.raises(ValueError, match=f"Invalid parameter '{name.split('__')[0]}"):
        small.set_params(**{name: 1})


def test_an_optimizer_that_belongs_to_one_model_is_refused(small, spoken):
    import keras

    X, y, _ = spoken
    with pytest.raises(ValueError, match="'optimizer' parameter of CNNEmotionClassifier must be a str among"):
        small.set_params(optimizer=keras.optimizers.Adam()).fit(X, y)


def test_a_saved_file_is_little_larger_than_the_weights(spoken, tmp_path):
    X, y, _ = spoken
    path = tmp_path / "emotions.joblib"
    fitted = CNNEmotionClassifier(epochs=1, early_stopping=True, random_state=0).fit(X, y)
    joblib.dump(fitted, path)
    assert path.stat().st_size < 1.3 * sum(array.nbytes for array in fitted.network_.get_weights())


def test_a_fitted_copy_is_independent_and_a_clone_is_unfitted(small, spoken):
    from copy import deepcopy

    X, y, _ = spoken
    copy = deepcopy(small.fit(X, y))
    before = copy.predict_proba(X)
    small.set_params(random_state=1).fit(X, y)
    np.testing.assert_array_equal(copy.predict_proba(X), before)
    assert not hasattr(clone(small), "network_")
