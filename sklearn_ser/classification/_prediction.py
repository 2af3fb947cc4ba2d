"""Frames through a trained network."""

import numpy as np

from ._backend import run

# Every batch has this size, the last one filled up with zeros: then the same operations run whatever company
# a recording is in, and its probabilities do not depend on it.
_BATCH_SIZE = 32


def predict_probabilities(network, X):
    """Give the probabilities of ``X``, float32, as an array of shape (n_recordings, n_classes), float64."""
    rows = []
    for start in range(0, len(X), _BATCH_SIZE):
        batch = X[start : start + _BATCH_SIZE]
        filled = np.zeros((_BATCH_SIZE, *X.shape[1:]), dtype=np.float32)
        filled[: len(batch)] = batch
        rows.append(run(network, filled)[: len(batch)].astype(np.float64))
    probabilities = np.concatenate(rows)
    return probabilities / probabilities.sum(axis=1, keepdims=True)
