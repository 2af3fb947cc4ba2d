"""The order in which recordings are trained on, and what of them."""

import numpy as np
import pytest

from sklearn_ser.classification._backend import start_keras

N_FRAMES = 100


@pytest.fixture
def arrays(rng):
    """Recordings of 5 to 60 frames, each holding its number, one-hot emotions, and weights."""
    lengths = rng.integers(5, 61, size=70)
    X = np.where(np.arange(N_FRAMES) < lengths[:, np.newaxis], np.arange(1, 71)[:, np.newaxis], 0)
    X = np.repeat(X[:, :, np.newaxis], 3, axis=2).astype(np.float32)
    y = np.eye(4, dtype=np.float32)[rng.integers(4, size=70)]
    return X, y, np.linspace(0.5, 2, 70).astype(np.float32)


def batches_of(arrays, batch_size=8, **options):
    start_keras()
    from sklearn_ser.classification._batches import Batches

    return Batches(arrays, batch_size, random_state=np.random.RandomState(0), **options)


@pytest.mark.parametrize("slack", [None, 0.0, 0.1])
def test_an_epoch_has_every_recording_once_with_its_emotion_and_weight(arrays, slack):
    batches = batches_of(arrays, slack=slack)
    orders = []
    for _ in range(3):
        seen = [batches[index] for index in range(len(batches))]
        numbers = np.concatenate([X[:, 0, 0] for X, _, _ in seen]).astype(int) - 1
        np.testing.assert_array_equal(np.sort(numbers), np.arange(70))
        np.testing.assert_array_equal(np.concatenate([y for _, y, _ in seen]), arrays[1][numbers])
        np.testing.assert_array_equal(np.concatenate([weight for _, _, weight in seen]), arrays[2][numbers])
        orders.append(numbers.tolist())
        batches.on_epoch_end()
    assert len(set(map(tuple, orders))) == 3


@pytest.mark.parametrize("slack", [0.0, 0.1, 0.5])
def test_only_padding_that_a_batch_shares_is_left_out(arrays, slack):
    lengths = (arrays[0] != 0).any(axis=2).sum(axis=1)
    batches = batches_of(arrays, slack=slack)
    for index in range(len(batches)):
        X, _, _ = batches[index]
        numbers = X[:, 0, 0].astype(int) - 1
        np.testing.assert_array_equal((X != 0).any(axis=2).sum(axis=1), lengths[numbers])
        longest = lengths[numbers].max() * (1 + slack)
        assert longest <= X.shape[1] < longest + 16


def test_batches_of_similar_lengths_hold_much_less_padding(arrays):
    batches = batches_of(arrays, slack=0.0)
    n_frames = sum(batches[index][0].shape[1] * len(batches[index][0]) for index in range(len(batches)))
    assert n_frames < 1.6 * (arrays[0] != 0).any(axis=2).sum()


@pytest.mark.parametrize("options", [{}, {"slack": 0.1}, {"slack": 0.0, "mixup": 0.5}])
def test_joined_batches_are_the_batches_one_after_the_other(arrays, options):
    batches = batches_of(arrays, **options)
    X, y, sample_weight, starts, n_frames = batches.join(2, 7)
    for index in range(5):
        rows = slice(starts[index], starts[index + 1])
        of_batch = X[rows, : n_frames[index]], y[rows], sample_weight[rows]
        for joined, alone in zip(of_batch, batches[2 + index], strict=True):
            np.testing.assert_array_equal(joined, alone)


def test_the_first_two_batches_differ_in_length(arrays):
    # Keras takes from them what may differ between batches.
    batches = batches_of(arrays, slack=0.0)
    assert batches[0][0].shape[1] == 64
    assert batches[1][0].shape[1] == 16


@pytest.mark.parametrize("slack", [None, 0.0])
def test_mixed_recordings_lie_between_two_with_their_emotions_in_the_same_shares(arrays, slack):
    batches = batches_of(arrays, mixup=0.5, slack=slack)
    X, y, weight = batches[2]
    np.testing.assert_allclose(y.sum(axis=1), 1, atol=1e-6)
    assert (X[:, 0] >= 1).all()
    assert (X <= 70).all()
    mixed = X[(X[:, 0, 0] % 1) > 0]  # both recorded
    assert len(mixed)
    # Where one of the two has ended, the other is heard as it is.
    last = (mixed != 0).any(axis=2).sum(axis=1) - 1
    assert np.isin(np.round(mixed[np.arange(len(mixed)), last, 0], 3) % 1, [0]).mean() > 0.5
    assert ((weight >= 0.5) & (weight <= 2)).all()


def test_rows_of_features_are_mixed_with_the_weights_of_their_recordings(arrays):
    X, y = np.arange(4, dtype=np.float32)[:, np.newaxis], np.eye(4, dtype=np.float32)
    batches = batches_of((X, y, np.array([1, 0, 1, 0], dtype=np.float32)), mixup=1.0)
    mixed, emotions, weight = batches[0]
    assert ((mixed >= 0) & (mixed <= 3)).all()
    assert (emotions[weight > 0][:, [1, 3]] == 0).all()  # recordings of no weight lend no emotion
