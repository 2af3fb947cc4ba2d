"""Augmented copies of recordings, each with random numbers of its own."""

import hashlib

import numpy as np
from joblib import Parallel, delayed

from sklearn_ser.exceptions import RecordingError

from ._augmentation import Augmentation
from ._recordings import is_path, read


def is_named(one):
    """Tell a pair of a name and an augmentation from an augmentation."""
    return isinstance(one, (tuple, list)) and len(one) == 2


def unnamed(augmentations):
    """Give the augmentations of a list without the names that some have."""
    return [one[1] if is_named(one) else one for one in augmentations]


def check_augmentations(augmentations, sample_rate):
    """Check what can be checked before any recording is read."""
    for augmentation in augmentations:
        if isinstance(augmentation, type) or not hasattr(augmentation, "augment"):
            raise TypeError(
                "augmentations must be a list of augmentations, such as AdditiveNoise(), or of pairs of a "
                f"name and an augmentation; got {augmentation!r} in it."
            )
        if isinstance(augmentation, Augmentation):
            augmentation.check(sample_rate)


def make_copies(recordings, augmentations, *, n_copies, sample_rate, seed, n_jobs):
    """Read recordings and make augmented copies of each.

    Parameters
    ----------
    recordings : sequence of str, path-like or ndarray
        Checked recordings.
    augmentations : list
        What is applied to each copy, in this order.
    n_copies : int
        Copies of a recording.
    sample_rate : int
        In Hz.
    seed : int
        With a recording's content it decides what its copies are.
    n_jobs : int or None
        Threads.

    Returns
    -------
    originals : list of ndarray of shape (n_samples,)
        The recordings themselves, decoded where they are files.
    copies : list of list of ndarray of shape (n_samples_out,), float32
        The first copies of all recordings, the second ones, and so on.
    """

    def work(index):
        waveform = read(recordings[index], index, sample_rate)
        return waveform if is_path(recordings[index]) else recordings[index], [
            _augmented(waveform, augmentations, sample_rate, generators, index)
            for generators in _generators(waveform, seed, n_copies, len(augmentations))
        ]

    done = Parallel(n_jobs, require="sharedmem")(delayed(work)(index) for index in range(len(recordings)))
    originals, copies = zip(*done, strict=True)
    return list(originals), [list(each) for each in zip(*copies, strict=True)]


def joined(sets, *, is_table):
    """Give the recordings of all sets in a row: as a table if they were one and are equally long."""
    recordings = [recording for one in sets for recording in one]
    if is_table and len({len(recording) for recording in recordings}) == 1:
        return np.stack(recordings)
    return np.fromiter(recordings, dtype=object, count=len(recordings))


def content_of(waveform):
    """Give whole numbers that tell a waveform from others, to seed what is drawn for it."""
    return np.frombuffer(hashlib.blake2b(waveform, digest_size=16).digest(), np.uint32).tolist()


def _generators(waveform, seed, n_copies, n_augmentations):
    """Give a generator for each copy and augmentation, that depends on the waveform and nothing else.

    Neither place nor company enters: a recording has the same copies in every fold and on every thread.
    """
    content = content_of(waveform)
    for copy in range(n_copies):
        # One each, so that a search that changes one augmentation leaves what the others draw.
        sequence = np.random.SeedSequence([seed, copy, *content])
        yield [np.random.default_rng(child) for child in sequence.spawn(n_augmentations)]


def _augmented(waveform, augmentations, sample_rate, generators, index):
    for augmentation, rng in zip(augmentations, generators, strict=True):
        try:
            waveform = augmentation.augment(waveform, sample_rate, rng)
        except RecordingError as error:
            raise RecordingError(f"Recording {index} cannot be augmented: {error}") from error
    return waveform
