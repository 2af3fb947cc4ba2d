import numpy as np
import pytest

from tests.inspection.classifiers import trained


@pytest.fixture(scope="session")
def heard():
    """Frames of 48 recordings, 16 or 24 each; an emotion raises a feature of its own in frames 4 to 7."""
    rng = np.random.default_rng(0)
    y = np.repeat(["angry", "happy", "sad"], 16)
    X = rng.normal(size=(48, 24, 4)).astype(np.float32)
    X[:, 4:8, :3] += 3 * np.eye(3, dtype=np.float32)[np.repeat(np.arange(3), 16), np.newaxis]
    X[::2, 16:] = 0
    return X, y


@pytest.fixture(scope="session")
def averaging(heard):
    """A network whose maps have as many frames as its recordings, averaged before the softmax."""
    return trained(*heard, head="gap", pooling=None)


@pytest.fixture(scope="session")
def attentive(heard):
    """A network with a pool, and the default head."""
    return trained(*heard)
