"""Waveform to waveform, while training: what makes a corpus larger than it is."""

from ._additive_noise import AdditiveNoise
from ._background_recordings import BackgroundRecordings
from ._dynamic_range_compression import DynamicRangeCompression
from ._gain_change import GainChange
from ._pitch_shift import PitchShift
from ._reverberation import Reverberation
from ._room_impulse_responses import RoomImpulseResponses
from ._speed_perturbation import SpeedPerturbation
from ._training_augmenter import TrainingAugmenter

__all__ = [
    "AdditiveNoise",
    "BackgroundRecordings",
    "DynamicRangeCompression",
    "GainChange",
    "PitchShift",
    "Reverberation",
    "RoomImpulseResponses",
    "SpeedPerturbation",
    "TrainingAugmenter",
]
