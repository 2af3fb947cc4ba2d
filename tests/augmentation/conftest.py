import numpy as np
import pytest
import soundfile


@pytest.fixture
def voice(rng):
    """Two seconds at 16 kHz: a tone of 200 Hz with overtones that comes and goes, and a little noise."""
    times = np.arange(32_000) / 16_000
    tone = sum(np.sin(2 * np.pi * 200 * k * times) / k for k in range(1, 6))
    return (0.1 * tone * np.sin(2 * np.pi * 1.5 * times) ** 2 + 0.001 * rng.normal(size=32_000)).astype("f4")


@pytest.fixture
def numbered(rng):
    """Twelve recordings of unequal length, whose first samples are 1 to 12, by four speakers."""
    X = [np.append(k, 0.1 * rng.normal(size=1600 + 100 * k)).astype(np.float32) for k in range(1, 13)]
    return X, np.tile(["happy", "sad"], 6), np.repeat(["anna", "ben", "carl", "dora"], 3)


@pytest.fixture
def files(tmp_path, numbered):
    X, y, speakers = numbered
    paths = []
    for index, waveform in enumerate(X):
        paths.append(str(tmp_path / f"{index:02}.wav"))
        soundfile.write(paths[-1], 0.05 * waveform, 16_000, subtype="FLOAT")
    return paths, y, speakers
