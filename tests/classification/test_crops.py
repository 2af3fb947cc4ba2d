"""Windows of recordings: random ones in training, evenly spaced ones in prediction."""

import joblib
import numpy as np
import pytest
from sklearn.base import clone

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.classification._architectures import ARCHITECTURES
from sklearn_ser.exceptions import NetworkError
from tests.classification.networks import averaging_network, of_longer_recordings, untrained

N_FRAMES, N_WINDOW = 30, 8


@pytest.fixture
def numbered():
    """Recordings whose frames hold their place, from 1 on, of 30, 20, 8, 3 and no recorded frames."""
    frames = np.tile(np.arange(1, N_FRAMES + 1, dtype=np.float32)[:, np.newaxis], (5, 1, 2))
    for recording, n_recorded in zip(frames, (30, 20, 8, 3, 0), strict=True):
        recording[n_recorded:] = 0
    return frames


def windows_of(frames, n_crops=1, training=False):
    """Windows of recordings, from the first feature: shape (n_recordings, n_windows, n_frames)."""
    from sklearn_ser.classification._layers import FrameWindows

    windows = np.asarray(FrameWindows(N_WINDOW, n_crops)(frames, training=training))
    return windows[:, :, 0].reshape(len(frames), -1, N_WINDOW)


def network_of(architecture, crop_frames):
    """Build a network for recordings of 16 frames as ``fit`` does, without training it."""
    describe = ARCHITECTURES[architecture].describe
    return untrained(describe, (16, 5), 4, crop_frames=crop_frames, n_crops=3)


def test_windows_are_evenly_spaced_from_the_first_frame_to_the_last_recorded_one(numbered):
    windows = windows_of(numbered, n_crops=5)
    np.testing.assert_array_equal(windows[0, :, 0], [1, 7, 12, 18, 23])
    np.testing.assert_array_equal(windows[1, :, 0], [1, 4, 7, 10, 13])


def test_a_single_window_is_from_the_middle(numbered):
    windows = windows_of(numbered, n_crops=1)
    np.testing.assert_array_equal(windows[:3, :, 0], [[12], [7], [1]])


def test_windows_are_pieces_of_the_recordings(numbered, rng):
    frames = rng.normal(size=numbered.shape).astype(np.float32)
    frames[numbered == 0] = 0
    for recording, windows in zip(frames[:, :, 0], windows_of(frames, n_crops=3), strict=True):
        pieces = np.lib.stride_tricks.sliding_window_view(recording, N_WINDOW)
        assert all((pieces == window).all(axis=1).any() for window in windows)


@pytest.mark.parametrize("training", [False, True])
def test_a_recording_no_longer_than_a_window_is_taken_from_its_start_with_its_padding(numbered, training):
    windows = windows_of(numbered, n_crops=3, training=training)
    for window in windows[2]:
        np.testing.assert_array_equal(window, np.arange(1, 9))
    for window in windows[3]:
        np.testing.assert_array_equal(window, [1, 2, 3, 0, 0, 0, 0, 0])
    assert not windows[4].any()


def test_frames_of_zeros_within_a_recording_do_not_end_it(numbered):
    numbered[1, 4:12] = 0
    np.testing.assert_array_equal(windows_of(numbered, n_crops=2)[1, :, 0], [1, 13])


@pytest.mark.parametrize(("recording", "n_places"), [(0, 23), (1, 13)])
def test_windows_in_training_are_drawn_from_all_recorded_places_alike(numbered, recording, n_places):
    from sklearn_ser.classification._backend import seeded_construction

    copies = np.tile(numbered[recording], (2000, 1, 1))
    with seeded_construction(0):
        windows = windows_of(copies, training=True)
    places, counts = np.unique(windows[:, 0, 0], return_counts=True)
    np.testing.assert_array_equal(places, np.arange(1, n_places + 1))
    # Binomial counts, within five standard deviations.
    assert np.abs(counts - 2000 / n_places).max() < 5 * np.sqrt(2000 / n_places)


def test_each_step_draws_other_windows(numbered):
    from sklearn_ser.classification._layers import FrameWindows

    layer = FrameWindows(N_WINDOW, 5)
    copies = np.tile(numbered[0], (64, 1, 1))
    assert (np.asarray(layer(copies, training=True)) != np.asarray(layer(copies, training=True))).any()


@pytest.fixture
def cropped():
    """A classifier that sees 7 frames at once."""
    return CNNEmotionClassifier(
        architecture="plain", filters=4, n_blocks=1, epochs=2, crop_frames=7, n_crops=3, random_state=0
    )


@pytest.fixture(scope="module")
def of_lengths(spoken):
    """Recordings of 9, 4 and 16 frames."""
    X, y, _ = spoken
    X = X.copy()
    X[::3, 9:] = 0
    X[1::3, 4:] = 0
    return X, y


@pytest.fixture(scope="module")
def fitted(of_lengths):
    """A classifier of a named architecture that sees 7 frames at once."""
    return CNNEmotionClassifier(
        architecture="sb_cnn", epochs=1, crop_frames=7, n_crops=3, learning_rate=0.01, random_state=0
    ).fit(*of_lengths)


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_windows_stand_in_front_of_every_architecture(architecture):
    network = network_of(architecture, crop_frames=7)
    assert network.get_layer("windows").output.shape == (None, 7, 5)
    assert network.output.shape == (None, 4)


def test_a_loaded_classifier_cuts_the_same_windows(fitted, of_lengths, tmp_path):
    X, _ = of_lengths
    joblib.dump(fitted, tmp_path / "emotions.joblib")
    loaded = joblib.load(tmp_path / "emotions.joblib")
    np.testing.assert_array_equal(loaded.predict_proba(X), fitted.predict_proba(X))


def test_what_can_be_learned_is_learned_from_windows(of_lengths, cropped):
    X, y = of_lengths
    cropped.set_params(filters=8, epochs=30, learning_rate=0.01)
    assert cropped.fit(X[::2], y[::2]).score(X[1::2], y[1::2]) > 0.9


def test_the_same_random_state_gives_the_same_windows_and_predictions(of_lengths, cropped):
    X, y = of_lengths
    cropped.set_params(early_stopping=True, validation_fraction=0.25)
    once, again = (clone(cropped).fit(X, y) for _ in range(2))
    assert once.history_ == again.history_
    assert len(once.history_["val_loss"]) == 2
    np.testing.assert_array_equal(once.predict_proba(X), again.predict_proba(X))


def test_a_prediction_is_the_average_over_the_windows(fitted, of_lengths):
    import keras

    X, _ = of_lengths
    of_windows = keras.Model(fitted.network_.input, fitted.network_.get_layer("emotions").output)
    probabilities = np.asarray(of_windows(X, training=False)).reshape(64, 3, 4)
    assert np.ptp(probabilities[2], axis=0).max() > 1e-4  # a recording of 16 frames has three windows
    np.testing.assert_allclose(fitted.predict_proba(X), probabilities.mean(axis=1), atol=1e-6)


def test_a_prediction_does_not_depend_on_company(fitted, of_lengths):
    X, _ = of_lengths
    np.testing.assert_array_equal(fitted.predict_proba(X[5:6]), fitted.predict_proba(X)[5:6])


def test_more_padding_changes_no_prediction(fitted, of_lengths):
    # Even in a network that flattens its map: windows do not reach into it.
    X, _ = of_lengths
    longer = np.concatenate([X, np.zeros_like(X)], axis=1)
    for_longer = of_longer_recordings(fitted, n_frames=32)
    np.testing.assert_array_equal(for_longer.predict_proba(longer), fitted.predict_proba(X))


@pytest.mark.parametrize("crop_frames", [16, 40])
def test_recordings_of_no_more_frames_than_a_window_are_seen_whole(crop_frames):
    assert network_of("plain", crop_frames).to_json() == network_of("plain", None).to_json()


def test_a_network_of_ones_own_sees_windows(of_lengths):
    X, y = of_lengths
    shapes = []

    def network(input_shape, n_classes):
        shapes.append(input_shape)
        return averaging_network(input_shape, n_classes)

    classifier = CNNEmotionClassifier(network=network, epochs=1, crop_frames=7, n_crops=2)
    assert classifier.fit(X, y).predict_proba(X).shape == (64, 4)
    assert set(shapes) == {(7, 5)}


def test_maps_are_planned_for_the_window(of_lengths, cropped):
    X, y = of_lengths
    with pytest.raises(NetworkError, match=r"pool_size=8 is larger than the 7 frame\(s\)"):
        cropped.set_params(pool_size=8).fit(X, y)


def test_rows_of_features_cannot_be_cropped(of_lengths, cropped):
    X, y = of_lengths
    with pytest.raises(NetworkError, match=r"crop_frames=7 needs X of shape .* one row of 5 features"):
        cropped.fit(X[:, 0], y)
