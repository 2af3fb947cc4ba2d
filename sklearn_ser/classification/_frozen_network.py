"""A fitted network as plain values: what is saved, copied and sent to other processes."""

import json
from dataclasses import dataclass

import numpy as np

from ._backend import seeded_construction, start_keras, tensorflow_left_out


@dataclass(frozen=True)
class FrozenNetwork:
    """A network's architecture and weights, without optimizer, callbacks or compiled functions."""

    architecture: str
    weights: list[np.ndarray]

    @classmethod
    def of(cls, network):
        """Freeze a Keras model."""
        with tensorflow_left_out():
            architecture = json.loads(network.to_json())
        architecture.pop("compile_config", None)  # how it was trained
        return cls(json.dumps(architecture), network.get_weights())

    def thaw(self):
        """Build the Keras model anew, on whichever backend Keras runs here."""
        keras = start_keras()
        from . import _frame_augmentation, _initializers, _layers  # noqa: F401 - registers what it names

        # The weights come next; nobody's global generator is drawn from.
        with tensorflow_left_out(), seeded_construction(0):
            network = keras.models.model_from_json(self.architecture)
        network.set_weights(self.weights)
        return network
