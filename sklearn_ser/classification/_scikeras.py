"""The one place that touches SciKeras, whose 0.13 is its last release.

SciKeras brings the life cycle of a fit: it encodes the emotions, builds the network, prepares the callbacks
and keeps the history. Its seeding is not used (it leaves TensorFlow in a mode in which every later unseeded
fit of the process fails), nor its validation split (the last rows, unshuffled), its prediction (it flattens a
single row and refuses float64) and its pickling (it keeps the optimizer).
"""

import keras
import numpy as np
from scikeras.wrappers import KerasClassifier


class Batches(keras.utils.PyDataset):
    """Mini-batches in an order of our own, so that no global generator is involved."""

    def __init__(self, X, y, sample_weight, batch_size, random_state):
        super().__init__()
        self._arrays = (X, y, sample_weight)
        self._batch_size = batch_size
        self._random_state = random_state
        self._order = random_state.permutation(len(X))

    def __len__(self):
        """Count the batches of an epoch, a last smaller one included."""
        return -(-len(self._order) // self._batch_size)

    def __getitem__(self, index):
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return tuple(array[rows] for array in self._arrays)

    def forget(self):
        """Let go of the arrays: TensorFlow keeps every generator it has drawn from, and all that it holds."""
        self._arrays = ()

    def on_epoch_end(self):
        """Draw the next epoch's order."""
        self._order = self._random_state.permutation(len(self._order))


class BatchedKerasClassifier(KerasClassifier):
    """SciKeras' classifier, fed with ``Batches``."""

    def fit_batches(self, X, y, sample_weight, batch_random_state, validation=None):
        """Fit on arrays; ``validation`` is a triple (X, y, sample_weight) or None."""
        self._batch_random_state = batch_random_state
        self._validation = validation
        try:
            return self.fit(X, y, sample_weight=sample_weight)
        finally:
            del self._batch_random_state, self._validation

    def _fit_keras_model(self, X, y, sample_weight, warm_start, epochs, initial_epoch, **kwargs):
        if self._validation is not None:
            X_validation, y_validation, weight_validation = self._validation
            y_validation = self._one_hot(self.target_encoder_.transform(y_validation))
            kwargs["validation_data"] = (X_validation, y_validation, weight_validation)
        batches = Batches(X, self._one_hot(y), sample_weight, self.batch_size, self._batch_random_state)
        try:
            history = self.model_.fit(
                batches,
                epochs=epochs,
                callbacks=self._fit_callbacks,
                verbose=self.verbose,
                shuffle=False,
                **kwargs,
            )
        finally:
            batches.forget()
        self.history_ = {name: [float(value) for value in values] for name, values in history.history.items()}

    def _one_hot(self, y):
        return np.eye(self.n_classes_, dtype=np.float32)[np.ravel(y).astype(np.intp)]
