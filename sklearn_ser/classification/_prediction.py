"""Frames through a trained network."""

import numpy as np

from ._backend import retracing_notices_held_back
from ._program import as_function


def predict_probabilities(network, X):
    """Give the probabilities of ``X``, float32, as an array of shape (n_recordings, n_classes), float64."""
    run, batch_size = as_function(network)
    with retracing_notices_held_back():
        rows = [run(batch)[: len(rows)] for batch, rows in filled_batches(X, batch_size)]
    probabilities = np.concatenate(rows).astype(np.float64)
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def filled_batches(X, batch_size):
    """Give ``X`` in batches, the last one filled up with zeros, and the positions of their recordings.

    With batches of one size the same operations run whatever company a recording is in.
    """
    for start in range(0, len(X), batch_size):
        rows = range(start, min(start + batch_size, len(X)))
        batch = np.zeros((batch_size, *X.shape[1:]), dtype=np.float32)
        batch[: len(rows)] = X[start : start + batch_size]
        yield batch, rows
