import numpy as np
import pytest

from tests.classification.networks import small_classifier


@pytest.fixture(scope="session")
def spoken():
    """Frames of 64 recordings by 8 speakers, sorted by emotion, which raises a coefficient of its own."""
    rng = np.random.default_rng(0)
    emotions = np.repeat(["angry", "calm", "happy", "sad"], 16)
    X = rng.normal(size=(64, 16, 5)).astype(np.float32)
    X[:, :, :4] += 3 * np.eye(4, dtype=np.float32)[np.repeat(np.arange(4), 16), np.newaxis]
    speakers = np.tile(np.repeat([f"speaker-{k}" for k in range(8)], 2), 4)
    return X, emotions, speakers


@pytest.fixture
def small():
    """A classifier that trains in about a second."""
    return small_classifier()


@pytest.fixture
def able(small):
    """A small classifier trained long enough to be right nearly always on ``spoken``."""
    return small.set_params(filters=8, epochs=30, learning_rate=0.01)
