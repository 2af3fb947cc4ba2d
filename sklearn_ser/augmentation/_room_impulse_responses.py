"""A measured room around a voice."""

from numbers import Real

import numpy as np
from scipy.signal import oaconvolve

from sklearn_ser._audio import load_waveform
from sklearn_ser.exceptions import RecordingError

from ._collection import CollectionAugmentation
from ._recordings import is_path


class RoomImpulseResponses(CollectionAugmentation):
    """Put a recording into a room whose impulse response was recorded.

    Parameters
    ----------
    recordings : list of str, path-like or ndarray
        Impulse responses, of which each waveform gets one at random: files, which are decoded and resampled
        to the waveform's sample rate, or waveforms that are at that rate.
    wet : float or (float, float), default=1.0
        Share of what the room makes of the recording in the result, whose other part is the recording, or the
        range that it is drawn from uniformly. 0 leaves the waveform as it is.
    p : float, default=1.0
        Probability that a waveform is changed at all.

    See Also
    --------
    Reverberation : Puts recordings into rooms that are made up.

    Notes
    -----
    The largest magnitude of a response is taken as the direct sound. The response is divided by it and is
    counted from there, so that the direct sound keeps its place and level. What would sound before the
    recording's start or on after its end is cut off. The channels of a file are averaged, as everywhere.

    A file is decoded each time that it is drawn.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser.augmentation import RoomImpulseResponses
    >>> echo = np.array([0.0, 0.0, 0.5, 0.0, 0.25])
    >>> room = RoomImpulseResponses([echo])
    >>> room.augment(np.array([1.0, 0.0, 0.0, 0.0]), sample_rate=16_000).round(3)
    array([1. , 0. , 0.5, 0. ], dtype=float32)
    """

    _parameter_constraints = {
        **CollectionAugmentation._parameter_constraints,
        "wet": [Real, tuple, list],
    }
    _ranges = {"wet": (0, 1)}

    def __init__(self, recordings, *, wet=1.0, p=1.0):
        self.recordings = recordings
        self.wet = wet
        self.p = p

    def _change(self, waveform, sample_rate, rng):
        recording, wet = self._drawn(rng), np.float32(self._draw("wet", rng))
        if wet == 0:
            return waveform
        response = load_waveform(recording, sample_rate) if is_path(recording) else recording
        direct = np.abs(response).argmax()
        if response[direct] == 0:
            which = repr(str(recording)) if is_path(recording) else "a waveform of zeros"
            raise RecordingError(f"An impulse response has no direct sound: {which} is silent.")
        wet_waveform = oaconvolve(waveform, response / response[direct])[direct : direct + len(waveform)]
        return (1 - wet) * waveform + wet * wet_waveform
