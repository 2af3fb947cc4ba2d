"""The one place that touches SciKeras, whose 0.13 is its last release.

SciKeras brings the life cycle of a fit: it encodes the emotions, builds the network, prepares the callbacks
and keeps the history. Its seeding is not used (it leaves TensorFlow in a mode in which every later unseeded
fit of the process fails), nor its validation split (the last rows, unshuffled), its prediction (it flattens a
single row and refuses float64) and its pickling (it keeps the optimizer).
"""

from functools import partial

import numpy as np
from scikeras.wrappers import KerasClassifier

from ._batches import Batches, fill_up
from ._graph_training import fit_in_graph


class BatchedKerasClassifier(KerasClassifier):
    """SciKeras' classifier, fed with ``Batches``."""

    def fit_batches(self, X, y, sample_weight, batch_options, validation=None, in_graph=False):
        """Fit on arrays; ``validation`` is a triple (X, y, sample_weight) or None."""
        self._batch_options = batch_options
        self._validation = validation
        self._in_graph = in_graph
        try:
            return self.fit(X, y, sample_weight=sample_weight)
        finally:
            del self._batch_options, self._validation, self._in_graph

    def _fit_keras_model(self, X, y, sample_weight, warm_start, epochs, initial_epoch, **kwargs):
        batches = Batches((X, self._one_hot(y), sample_weight), self.batch_size, **self._batch_options)
        fit = (
            partial(fit_in_graph, self.model_) if self._in_graph else partial(self.model_.fit, shuffle=False)
        )
        try:
            history = fit(
                batches,
                epochs=epochs,
                callbacks=self._fit_callbacks,
                verbose=self.verbose,
                **self._validate_on(),
            )
        finally:
            batches.forget()
        self.history_ = {name: [float(value) for value in values] for name, values in history.history.items()}

    def _validate_on(self):
        if self._validation is None:
            return {}
        X, y, sample_weight = self._validation
        held_out = X, self._one_hot(self.target_encoder_.transform(y)), sample_weight
        if self._batch_options.get("filled_up"):
            held_out = fill_up(held_out, self.batch_size)
        return {"validation_data": held_out, "validation_batch_size": self.batch_size}

    def _one_hot(self, y):
        return np.eye(self.n_classes_, dtype=np.float32)[np.ravel(y).astype(np.intp)]
