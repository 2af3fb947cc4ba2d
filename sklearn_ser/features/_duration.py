"""Bringing recordings of unequal length to one number of frames."""

import numpy as np

from sklearn_ser._warning import warn
from sklearn_ser.exceptions import CroppedRecordingWarning

# Share of what is cut off that is cut off at the start.
CROPS = {"warn": 0.5, "center": 0.5, "start": 0.0, "end": 1.0}


def crop(waveform, n_samples, policy):
    """Cut a waveform that is too long."""
    start = int((len(waveform) - n_samples) * CROPS[policy])
    return waveform[start : start + n_samples]


def fill(target, frames, policy):
    """Write frames into a longer array of zeros, and with ``"repeat"`` the same frames again behind them."""
    target[: len(frames)] = frames
    if policy == "repeat" and len(frames) < len(target):
        target[len(frames) :] = np.resize(frames, target.shape)[len(frames) :]


def warn_of_crops(recordings, lengths, n_samples, sample_rate):
    """Say how many recordings were cut, and which was the longest."""
    n_cropped = int((lengths > n_samples).sum())
    if not n_cropped:
        return
    longest = int(lengths.argmax())
    named = f"recording {longest}"
    if not isinstance(recordings[longest], np.ndarray):
        named += f" ({str(recordings[longest])!r})"
    warn(
        f"{n_cropped} of {len(lengths)} recordings are longer than duration={n_samples / sample_rate:g} s, "
        f"and only their centre was kept; the longest, {named}, has {lengths[longest] / sample_rate:.2f} s. "
        "A longer duration keeps them whole; crop='center' accepts this.",
        CroppedRecordingWarning,
    )
