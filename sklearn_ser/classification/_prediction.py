"""Frames through a trained network."""

import numpy as np

from ._program import as_function


def predict_probabilities(network, X):
    """Give the probabilities of ``X``, float32, as an array of shape (n_recordings, n_classes), float64."""
    run, batch_size = as_function(network)
    rows = []
    for start in range(0, len(X), batch_size):
        batch = X[start : start + batch_size]
        # Every batch has this size: then the same operations run whatever company a recording is in, and its
        # probabilities do not depend on it.
        filled = np.zeros((batch_size, *X.shape[1:]), dtype=np.float32)
        filled[: len(batch)] = batch
        rows.append(run(filled)[: len(batch)].astype(np.float64))
    probabilities = np.concatenate(rows)
    return probabilities / probabilities.sum(axis=1, keepdims=True)
