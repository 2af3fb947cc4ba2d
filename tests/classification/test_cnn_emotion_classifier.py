"""What a user sees of CNNEmotionClassifier."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._network import plain
from sklearn_ser.exceptions import NetworkError
from tests.classification.networks import (
    averaging_network,
    network_of_logits,
    network_with_a_lambda,
    network_with_one_output,
    no_network,
    of_longer_recordings,
    untrained,
)


def test_it_learns_what_can_be_learned(able, spoken):
    X, y, _ = spoken
    assert able.fit(X[::2], y[::2]).score(X[1::2], y[1::2]) > 0.9


def test_probabilities_stand_in_the_order_of_classes_and_sum_to_one(able, spoken):
    X, y, _ = spoken
    probabilities = able.fit(X, y).predict_proba(X)
    assert probabilities.shape == (64, 4)
    assert probabilities.dtype == np.float64
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_array_equal(able.classes_, ["angry", "calm", "happy", "sad"])
    np.testing.assert_array_equal(able.predict(X), able.classes_[probabilities.argmax(axis=1)])


def test_history_is_a_plain_dict_of_floats_as_long_as_the_training(small, spoken):
    X, y, _ = spoken
    small.fit(X, y)
    assert type(small.history_) is dict
    assert set(small.history_) == {"loss", "accuracy"}
    assert all(type(value) is float for values in small.history_.values() for value in values)
    assert small.n_iter_ == len(small.history_["loss"]) == 2


@pytest.mark.parametrize("pooling", ["average", "max", "stride", None])
@pytest.mark.parametrize("head", ["gap", "attention", "flatten"])
def test_every_pooling_works_with_every_head(spoken, pooling, head):
    X, _, _ = spoken
    X = np.concatenate([X[:3], np.zeros_like(X[:1])])  # the last recording is padding alone
    params = {"architecture": "plain", "filters": 4, "stride": 2, "n_blocks": 2}
    network = untrained(plain, (16, 5), 4, pooling=pooling, head=head, **params)
    np.testing.assert_allclose(np.asarray(network(X)).sum(axis=1), np.ones(4), rtol=1e-5)


@pytest.mark.parametrize(
    ("pooling", "head"),
    [("average", "attention"), ("max", "gap"), ("stride", "flatten"), (None, "attention")],
)
def test_every_pooling_and_every_head_can_be_trained(small, spoken, pooling, head):
    X, y, _ = spoken
    fitted = small.set_params(pooling=pooling, head=head, stride=2, n_blocks=2, epochs=1).fit(X, y)
    assert np.isfinite(fitted.history_["loss"]).all()
    assert np.isfinite(fitted.predict_proba(np.zeros_like(X[:1]))).all()


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "selu", "gelu", "swish", "tanh"])
def test_every_activation_works(small, spoken, activation):
    X, y, _ = spoken
    fitted = small.set_params(activation=activation, epochs=1).fit(X, y)
    assert np.isfinite(fitted.history_["loss"]).all()


@pytest.fixture
def Looking():
    """A callback that keeps the network that is trained."""
    import keras

    class Looking(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            type(self).seen = self.model

    return Looking


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "nadam", "rmsprop", "sgd"])
def test_every_optimizer_takes_the_learning_rate(small, spoken, optimizer, Looking):
    X, y, _ = spoken
    small.set_params(optimizer=optimizer, learning_rate=0.0123, learning_rate_schedule="constant", epochs=1)
    small.set_params(callbacks=[Looking]).fit(X, y)
    assert float(Looking.seen.optimizer.learning_rate) == pytest.approx(0.0123)


def test_steps_warm_up_and_end_at_zero_by_a_cosine(small, spoken, Looking):
    X, y, _ = spoken
    small.set_params(learning_rate=0.01, epochs=20, batch_size=16, callbacks=[Looking]).fit(X, y)
    optimizer = Looking.seen.optimizer
    steps = [float(optimizer._learning_rate(step)) for step in range(81)]
    assert int(optimizer.iterations) == 80
    assert steps[0] == 0
    assert max(steps) == steps[4] == pytest.approx(0.01)
    assert steps[42] == pytest.approx(0.005)
    assert steps[80] == pytest.approx(0, abs=1e-8)
    assert steps[4:] == sorted(steps[4:], reverse=True)


@pytest.mark.parametrize(
    "params",
    [{"batch_norm": False}, {"dense_units": 8}, {"mixup": 0.4}, {"noise": 0.3}, {"mask_frames": 8},
     {"mask_features": 2}, {"negative_slope": 0.3, "activation": "leaky_relu"},
     {"kernel_initializer": "zeros"}],
)  # fmt: skip
def test_every_remaining_parameter_changes_the_training(small, spoken, params):
    """For the others see ``test_regimen.py``, where they do so after another fit as well."""
    X, y, _ = spoken
    before = clone(small).fit(X, y).history_["loss"]
    assert clone(small).set_params(**params).fit(X, y).history_["loss"] != before


def test_padding_does_not_enter_the_standardisation(small, spoken):
    X, y, _ = spoken
    fitted = small.fit(np.concatenate([X, np.zeros_like(X)], axis=1), y)
    mean, variance = fitted.network_.get_layer("standardisation").get_weights()
    np.testing.assert_allclose(mean, X.reshape(-1, 5).mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(variance, X.reshape(-1, 5).var(axis=0), rtol=1e-4)


@pytest.mark.parametrize("head", ["gap", "attention"])
def test_more_padding_changes_no_prediction(small, spoken, head):
    X, y, _ = spoken
    once, twice = (np.concatenate([X, *[np.zeros_like(X)] * k], axis=1) for k in (1, 2))
    fitted = small.set_params(head=head, n_blocks=2).fit(once, y)
    longer = of_longer_recordings(fitted, n_frames=48)
    np.testing.assert_allclose(longer.predict_proba(twice), fitted.predict_proba(once), atol=1e-5)


def test_rows_of_features_are_taken_as_well_as_frames(able, spoken):
    X, y, _ = spoken
    rows = X.mean(axis=1)
    assert able.set_params(epochs=60).fit(rows, y).score(rows, y) > 0.9
    assert able.n_features_in_ == 5


def test_column_names_of_a_data_frame_are_kept(small, spoken):
    X, y, _ = spoken
    rows = pd.DataFrame(X.mean(axis=1), columns=[f"mfcc{k}_mean" for k in range(5)])
    small.fit(rows, y)
    np.testing.assert_array_equal(small.feature_names_in_, rows.columns)


def test_recordings_of_another_shape_are_refused_with_both_shapes(small, spoken):
    X, y, _ = spoken
    small.fit(X, y)
    with pytest.raises(
        ValueError, match=r"fitted on recordings of shape \(16, 5\); got an X of shape \(64, 9, 5\)"
    ):
        small.predict(X[:, :9])


def test_an_array_of_more_dimensions_is_refused(small, spoken):
    X, y, _ = spoken
    with pytest.raises(ValueError, match=r"n_recordings, n_frames, n_features.*\(64, 16, 5, 1\)"):
        small.fit(X[..., np.newaxis], y)


def test_one_emotion_is_not_enough(small, spoken):
    X, y, _ = spoken
    for one in (y[:16], pd.Series(y[:16], dtype=object)):
        with pytest.raises(
            ValueError, match="needs at least 2 emotions to tell apart; y holds 1 class only: 'angry'"
        ):
            small.fit(X[:16], one)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"kernel_size": 17}, r"kernel_size=17 must be at most n_frames, 16"),
        ({"pool_size": 32}, r"pool_size=32 is larger than the 16 frame\(s\)"),
        ({"stride": 17}, r"stride=17 is larger than the map that reaches it in block 1"),
        ({"n_blocks": 6}, r"pool_size=2 is larger than the 1 frame\(s\) that stride=1 leaves .* in block 5"),
        ({"pooling": "stride", "pool_stride": 20}, r"pool_stride=20 times stride=1 is larger than"),
        ({"filters": ()}, r"filters must hold an int above 0 for each block; got \(\)"),
        ({"filters": (8, 0)}, r"filters must hold an int above 0 for each block; got \(8, 0\)"),
        ({"filters": (4, 8), "n_blocks": 3}, r"n_blocks=3 needs as many filters; got filters=\(4, 8\)"),
    ],
)
def test_a_network_that_cannot_work_is_refused_by_the_name_of_the_parameter(small, spoken, params, message):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=message):
        small.set_params(**params).fit(X, y)


def test_a_row_of_features_is_named_where_it_is_too_short(small, spoken):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=r"pool_size=4 is larger .* block 1 \(n_features = 3\)"):
        small.set_params(pool_size=4).fit(X[:, 0, :3], y)


def test_filters_double_where_the_map_became_smaller_and_stay_where_it_did_not(small, spoken):
    X, y, _ = spoken

    def filters_of(**params):
        network = clone(small).set_params(filters=4, n_blocks=3, epochs=1, **params).fit(X, y).network_
        return [layer.filters for layer in network.layers if "convolution" in layer.name]

    assert filters_of(pooling="max") == [4, 8, 16]
    assert filters_of(pooling=None) == [4, 4, 4]
    assert filters_of(pooling="stride") == [4, 8, 16]


def test_depth_follows_the_length_of_the_map_unless_it_is_set(small, spoken):
    X, y, _ = spoken
    fitted = small.set_params(n_blocks=None, epochs=1).fit(X[:, :4], y)
    assert sum("convolution" in layer.name for layer in fitted.network_.layers) == 2


def test_early_stopping_holds_whole_speakers_out(spoken):
    _, y, speakers = spoken
    from sklearn_ser.classification._holdout import hold_out

    held_out = hold_out(y, speakers, 0.25, np.random.RandomState(0))
    assert 0 < held_out.sum() < len(y)
    assert not set(speakers[held_out]) & set(speakers[~held_out])


@pytest.mark.parametrize("fraction", [0.125, 0.25, 0.5, 0.75])
def test_early_stopping_holds_the_share_of_speakers_out_that_was_asked_for(spoken, fraction):
    _, y, speakers = spoken
    from sklearn_ser.classification._holdout import hold_out

    assert hold_out(y, speakers, fraction, np.random.RandomState(0)).mean() == fraction


def test_early_stopping_without_groups_holds_every_emotion_out_alike(spoken):
    _, y, _ = spoken
    from sklearn_ser.classification._holdout import hold_out

    held_out = hold_out(y, None, 0.25, np.random.RandomState(0))
    assert np.unique(y[held_out], return_counts=True)[1].tolist() == [4, 4, 4, 4]


def test_early_stopping_stops_and_keeps_the_best_epoch(able, spoken):
    X, y, speakers = spoken
    able.set_params(epochs=200, early_stopping=True, n_iter_no_change=3, validation_fraction=0.25)
    able.fit(X, y, groups=speakers)
    losses = able.history_["val_loss"]
    assert able.n_iter_ < 200
    assert int(np.argmin(losses)) == able.n_iter_ - 1 - 3


def test_early_stopping_refuses_to_hold_an_emotion_out_altogether(small, spoken):
    X, y, _ = spoken
    one_speaker_each = np.array([f"speaker of {emotion}" for emotion in y])
    with pytest.raises(ValueError, match="no other speaker speaks that emotion"):
        small.set_params(early_stopping=True).fit(X, y, groups=one_speaker_each)


def test_early_stopping_needs_a_second_speaker(small, spoken):
    X, y, _ = spoken
    with pytest.raises(ValueError, match="at least 2 speakers; got 1"):
        small.set_params(early_stopping=True).fit(X, y, groups=["speaker"] * 64)


def test_a_network_of_ones_own_is_trained_saved_and_loaded(able, spoken, tmp_path):
    import joblib

    X, y, _ = spoken
    able.set_params(network=averaging_network, architecture="hybrid", epochs=60, learning_rate=0.05).fit(X, y)
    assert able.score(X, y) > 0.9
    joblib.dump(able, tmp_path / "emotions.joblib")
    loaded = joblib.load(tmp_path / "emotions.joblib")
    np.testing.assert_array_equal(loaded.predict_proba(X), able.predict_proba(X))


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (network_with_a_lambda, "could not be loaded again after saving"),
        (network_with_one_output, r"4 probabilities a recording.*shape \(8, 1\)"),
        (network_of_logits, r"4 probabilities a recording.*values from -.*activation='softmax'"),
        (no_network, "must return a keras.Model; got str"),
    ],
)
def test_a_network_that_would_fail_later_is_refused_before_training(small, spoken, network, message):
    X, y, _ = spoken
    with pytest.raises(NetworkError, match=message):
        small.set_params(network=network, architecture="hybrid").fit(X, y)


def test_callbacks_are_called_and_left_as_they_were(small, spoken):
    import keras

    class Counter(keras.callbacks.Callback):
        epochs_seen = []  # shared by the copies that fits work on

        def on_epoch_end(self, epoch, logs=None):
            self.epochs_seen.append(epoch)

    X, y, _ = spoken
    counter = Counter()
    small.set_params(callbacks=[counter]).fit(X, y).fit(X, y)
    assert Counter.epochs_seen == [0, 1, 0, 1]
    assert small.callbacks == [counter]
    assert counter.model is None


@pytest.mark.parametrize("as_class", [True, False])
def test_a_callback_that_sets_the_step_size_needs_one_that_is_constant(small, spoken, as_class):
    import keras

    X, y, _ = spoken
    callback = keras.callbacks.ReduceLROnPlateau if as_class else keras.callbacks.ReduceLROnPlateau()
    small.set_params(callbacks=[callback], epochs=1)
    with pytest.raises(NetworkError, match="ReduceLROnPlateau needs learning_rate_schedule='constant'; got"):
        small.fit(X, y)
    small.set_params(learning_rate_schedule="constant", callbacks=[keras.callbacks.ReduceLROnPlateau("loss")])
    assert small.fit(X, y).n_iter_ == 1


def test_rows_of_features_have_noise_but_no_masks(small, spoken):
    X, y, _ = spoken
    rows = X.mean(axis=1)
    plain = clone(small).fit(rows, y).history_["loss"]
    assert clone(small).set_params(noise=0.5).fit(rows, y).history_["loss"] != plain
    with pytest.raises(
        NetworkError, match=r"mask_frames=2 and mask_features=1 need X of shape .* 5 features"
    ):
        small.set_params(mask_frames=2, mask_features=1).fit(rows, y)


def test_a_training_that_diverges_is_an_error_that_names_the_learning_rate(small, spoken):
    X, y, _ = spoken
    small.set_params(optimizer="sgd", learning_rate=1e30, batch_norm=False, epochs=5)
    with pytest.raises(
        NetworkError, match=r"Training diverged: the loss of epoch .* smaller learning_rate than 1e"
    ):
        small.fit(X, y)


def test_weights_of_recordings_steer_what_is_learned(able, spoken):
    X, y, _ = spoken
    same = np.zeros_like(X)
    same[:] = X[:1]
    weight = np.where(y == "happy", 1.0, 1e-3)
    assert set(able.set_params(class_weight=None).fit(same, y, sample_weight=weight).predict(same)) == {
        "happy"
    }


def test_recordings_of_no_weight_count_for_nothing(small, spoken):
    X, y, _ = spoken
    # Of angry recordings three in four have no weight: balance comes from the others.
    weight = np.where((y == "angry") & (np.arange(64) % 4 > 0), 0.0, 1.0)
    same = np.broadcast_to(X[:1], X.shape)
    able = small.set_params(epochs=60, learning_rate=0.01, dropout=0.0)
    probabilities = able.fit(same, y, sample_weight=weight).predict_proba(same[:1])
    np.testing.assert_allclose(probabilities, 0.25, atol=0.05)


def test_features_of_any_scale_are_standardised(able, spoken):
    X, y, _ = spoken
    assert able.fit(1e-8 * X.astype(float), y).score(1e-8 * X, y) > 0.9


def test_class_weight_can_be_named_by_emotion(able, spoken):
    X, y, _ = spoken
    same = np.zeros_like(X)
    same[:] = X[:1]
    weight = {"angry": 1e-3, "calm": 1.0, "happy": 1e-3, "sad": 1e-3}
    assert set(able.set_params(class_weight=weight).fit(same, y).predict(same)) == {"calm"}


def test_frames_are_standardised_inside_the_network(able, spoken):
    X, y, _ = spoken
    scaled = X * 1000 + 5000
    assert able.fit(scaled, y).score(scaled, y) > 0.9


def test_the_class_is_at_home_in_its_room():
    assert CNNEmotionClassifier.__module__.startswith("sklearn_ser.classification")
