"""Several networks in one classifier, whose probabilities are averaged."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold

from sklearn_ser.classification._joined_networks import networks_in
from sklearn_ser.classification._prediction import predict_probabilities
from sklearn_ser.inspection import class_activation_map, dead_units
from tests.classification.networks import averaging_network


@pytest.fixture
def several(able):
    return able.set_params(n_networks=3, epochs=4)


def probabilities_of_each(fitted, X):
    return [predict_probabilities(network, X) for network in networks_in(fitted.network_)]


def test_probabilities_are_the_average_over_networks_that_differ(several, spoken):
    X, y, _ = spoken
    of_each = probabilities_of_each(several.fit(X, y), X)
    assert len(of_each) == 3
    assert abs(of_each[0] - of_each[1]).max() > 0.01
    assert abs(of_each[1] - of_each[2]).max() > 0.01
    np.testing.assert_allclose(several.predict_proba(X), np.mean(of_each, axis=0), atol=1e-6)


def test_the_first_network_is_the_one_that_is_trained_alone(several, spoken):
    X, y, _ = spoken
    alone = clone(several).set_params(n_networks=1).fit(X, y)
    np.testing.assert_array_equal(
        probabilities_of_each(several.fit(X, y), X)[0], predict_probabilities(alone.network_, X)
    )


def test_the_same_random_state_gives_the_same_networks_and_a_copy_predicts_alike(several, spoken):
    X, y, _ = spoken
    again = clone(several).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(several.fit(X, y).predict_proba(X), again)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(several)).predict_proba(X), again)


def test_history_is_the_mean_over_networks_that_were_trained_for_so_long(able, spoken):
    X, y, speakers = spoken
    stopping = {"early_stopping": True, "n_iter_no_change": 1, "epochs": 12, "validation_fraction": 0.2}
    able.set_params(n_networks=2, learning_rate=0.1, **stopping).fit(X, y, groups=speakers)
    first = clone(able).set_params(n_networks=1).fit(X, y, groups=speakers)
    assert able.n_iter_ == len(able.history_["val_loss"]) >= first.n_iter_
    second = 2 * np.array(able.history_["val_loss"][: first.n_iter_]) - first.history_["val_loss"]
    assert (second[: min(2, first.n_iter_)] > 0).all()
    assert able.history_["val_loss"][0] != first.history_["val_loss"][0]


def test_callbacks_of_one_network_know_nothing_of_the_others(several, spoken):
    import keras

    class Forgetful(keras.callbacks.Callback):
        epochs = 0

        def on_epoch_end(self, epoch, logs=None):
            self.epochs += 1
            assert self.epochs == epoch + 1

    X, y, _ = spoken
    mine = Forgetful()
    several.set_params(callbacks=[mine]).fit(X, y)
    assert several.n_iter_ == 4
    assert mine.epochs == 0


def test_a_fit_on_disk_holds_all_of_them(several, spoken, tmp_path, capfd):
    X, y, _ = spoken
    several.set_params(memory=tmp_path, verbose=2)
    trained = clone(several).fit(X, y)
    assert capfd.readouterr().out.count("Epoch 1/") == 3
    loaded = clone(several).fit(X, y)
    assert capfd.readouterr().out == ""
    np.testing.assert_array_equal(loaded.predict_proba(X), trained.predict_proba(X))
    assert loaded.history_ == trained.history_


def test_networks_of_a_users_own_are_averaged_as_well(several, spoken):
    X, y, _ = spoken
    several.set_params(network=averaging_network, filters=None, n_blocks=None, architecture="hybrid")
    of_each = probabilities_of_each(several.fit(X, y), X)
    assert len(of_each) == 3
    np.testing.assert_allclose(several.predict_proba(X), np.mean(of_each, axis=0), atol=1e-6)


def test_windows_are_averaged_within_each_network(several, spoken):
    X, y, _ = spoken
    several.set_params(crop_frames=8, n_crops=3).fit(X, y)
    np.testing.assert_allclose(
        several.predict_proba(X), np.mean(probabilities_of_each(several, X), axis=0), atol=1e-6
    )


def test_the_map_of_several_networks_is_the_average_of_their_maps(several, spoken):
    X, y, _ = spoken
    several.set_params(head="gap").fit(X, y)
    seen = class_activation_map(several, X, emotion="sad")
    assert seen.method == "cam"
    of_each = []
    for network in networks_in(several.network_):
        alone = clone(several)
        vars(alone).update(vars(several) | {"network_": network})
        of_each.append(class_activation_map(alone, X, emotion="sad").map)
    assert abs(of_each[0] - of_each[1]).max() > 0.01
    np.testing.assert_allclose(seen.map, np.mean(of_each, axis=0), atol=1e-5)
    np.testing.assert_allclose(seen.probabilities, several.predict_proba(X))


def test_dead_units_are_counted_in_every_network(several, spoken):
    X, y, _ = spoken
    dead = dead_units(several.set_params(head="gap").fit(X, y), X)
    assert dead.layers == [f"emotion_network{index}/block1_activation" for index in (1, 2, 3)]
    np.testing.assert_array_equal(dead.n_units, [8, 8, 8])


def test_a_search_chooses_the_number_of_networks(small, spoken):
    X, y, speakers = spoken
    search = GridSearchCV(small, {"n_networks": [1, 2]}, cv=GroupKFold(2), error_score="raise")
    search.fit(X, y, groups=speakers)
    assert len(networks_in(search.best_estimator_.network_)) == search.best_params_["n_networks"]
