"""Rows of features that tell emotions apart, and whose voices differ."""

from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.utils import Bunch

EMOTIONS = np.array(["angry", "happy", "sad"])


@dataclass(frozen=True)
class Spoken:
    """Rows, emotions and speakers, and what else is known."""

    X: np.ndarray
    y: np.ndarray
    speakers: np.ndarray
    metadata: dict

    @property
    def all(self):
        """What ``evaluate`` takes by position."""
        return self.X, self.y, self.speakers


def speak(rng, *, n_speakers=12, n_each=6, emotions=EMOTIONS, distance=1.0, voice=1.0, prefix="speaker"):
    """Draw rows around a centre for each emotion, moved by a voice for each speaker."""
    y = np.tile(np.repeat(emotions, n_each), n_speakers)
    number = np.repeat(np.arange(n_speakers), len(emotions) * n_each)
    centres = distance * np.eye(len(EMOTIONS), 5)
    known = dict(zip(EMOTIONS, centres, strict=True))
    X = rng.normal(size=(len(y), 5)) + voice * rng.normal(size=(n_speakers, 5))[number]
    X += np.array([known.get(emotion, -centres[0]) for emotion in y])
    speakers = np.array([f"{prefix}{k:02}" for k in number])
    metadata = {
        "sex": np.where(number % 2, "male", "female"),
        "age": 20.0 + number,
        "take": np.resize([1, 2], len(y)),
    }
    return Spoken(X, y, speakers, metadata)


@pytest.fixture
def spoken(rng):
    return speak(rng)


@pytest.fixture
def corpus(spoken):
    """The same as a loader gives it."""
    return Bunch(data=spoken.X, target=spoken.y, groups=spoken.speakers, metadata=spoken.metadata)
