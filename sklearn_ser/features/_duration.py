"""Bringing recordings of unequal length to one number of frames."""

import warnings

import numpy as np

from sklearn_ser.exceptions import CroppedRecordingWarning, RecordingError

# Share of what is cut off that is cut off at the start.
CROPS = {"warn": 0.5, "center": 0.5, "start": 0.0, "end": 1.0}


def crop(waveform, index, n_samples, policy, sample_rate):
    """Cut a waveform that is too long, or refuse to."""
    if policy == "raise":
        raise RecordingError(
            f"Recording {index} must last {n_samples / sample_rate:.2f} s at most for crop='raise'; "
            f"it lasts {len(waveform) / sample_rate:.2f} s."
        )
    start = int((len(waveform) - n_samples) * CROPS[policy])
    return waveform[start : start + n_samples]


def pad(frames, n_frames, policy):
    """Lengthen frames by zeros or by themselves."""
    if policy == "repeat":
        return np.resize(frames, (n_frames, frames.shape[1]))
    return np.concatenate([frames, np.zeros((n_frames - len(frames), frames.shape[1]), np.float32)])


def warn_of_crops(recordings, lengths, n_samples, sample_rate):
    """Say how many recordings were cut, and which was the longest."""
    lengths = np.asarray(lengths)
    n_cropped = int((lengths > n_samples).sum())
    if not n_cropped:
        return
    longest = int(lengths.argmax())
    named = f"recording {longest}"
    if not isinstance(recordings[longest], np.ndarray):
        named += f" ({str(recordings[longest])!r})"
    warnings.warn(
        f"{n_cropped} of {len(lengths)} recordings are longer than duration={n_samples / sample_rate:g} s, "
        f"and only their centre was kept; the longest, {named}, has {lengths[longest] / sample_rate:.2f} s. "
        "A longer duration keeps them whole; crop='center' accepts this.",
        CroppedRecordingWarning,
        stacklevel=4,  # past transform and scikit-learn's wrapper around it
    )
