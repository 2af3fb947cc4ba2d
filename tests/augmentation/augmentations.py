"""Every augmentation, for the tests that hold of all of them."""

import numpy as np

from sklearn_ser.augmentation import (
    AdditiveNoise,
    BackgroundRecordings,
    DynamicRangeCompression,
    GainChange,
    PitchShift,
    Reverberation,
    RoomImpulseResponses,
    SpeedPerturbation,
)


def name(augmentation):
    """What it is, for the names of tests, without the recordings that it holds."""
    return repr(augmentation).partition("[")[0]


BACKGROUND = np.sin(np.arange(300) ** 1.5)
ECHO = np.array([0.0, 0.8, 0.0, -0.4, 0.2])

AUGMENTATIONS = [
    AdditiveNoise(),
    AdditiveNoise(color="pink"),
    AdditiveNoise(color="brown"),
    BackgroundRecordings([BACKGROUND]),
    DynamicRangeCompression(),
    GainChange(),
    PitchShift(),
    Reverberation(),
    RoomImpulseResponses([ECHO]),
    SpeedPerturbation(),
]
# The same, at a strength of zero.
IDENTITIES = [
    AdditiveNoise(np.inf),
    BackgroundRecordings([BACKGROUND], snr_db=np.inf),
    DynamicRangeCompression(strength=0),
    GainChange(0),
    PitchShift(0),
    Reverberation(0),
    Reverberation(drr_db=np.inf),
    RoomImpulseResponses([ECHO], wet=0),
    SpeedPerturbation(1),
]
