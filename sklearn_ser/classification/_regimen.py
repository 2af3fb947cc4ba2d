"""How a network is trained, and networks that are ready for it, kept for the next fit of the same kind.

Before its first step a backend traces and compiles what a step does, which takes as long as several epochs of
a small network, and TensorFlow never gives all of its memory back. But a search fits the same network over
and over: it differs in its weights alone. So a compiled network stays here when its training is over, and the
next one of the same architecture and regimen hands its state over and takes back what was learned.
"""

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass

import keras
import numpy as np

from ._architectures import takes_any_length
from ._backend import seeded_construction, tensorflow_left_out

# Networks that stay, the most recently used: a small one takes a few megabytes.
_MOST_KEPT = 16
# Batches that the backend runs without coming back to Python.
_MOST_STEPS_PER_EXECUTION = 8

# Parameters that a network is not made by; what is left of them tells networks apart.
_NOT_OF_NETWORKS = {
    "batch_size",
    "callbacks",
    "class_weight",
    "early_stopping",
    "epochs",
    "learning_rate",
    "memory",
    "mixup",
    "n_iter_no_change",
    "n_networks",
    "random_state",
    "validation_fraction",
    "verbose",
}

_kept: OrderedDict = OrderedDict()
_lock = threading.Lock()


class WarmUpCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A step size that rises from zero over a twentieth of all steps, and falls to zero by half a cosine.

    Its numbers are variables, so that others need no other compiled network. An optimizer that has them in an
    attribute counts them among its own, as a backend that compiles must be told.
    """

    def __init__(self):
        super().__init__()
        self._peak = keras.Variable(0.0, trainable=False, name="peak")
        self._n_steps = keras.Variable(1.0, trainable=False, name="n_steps")
        self.numbers = [self._peak, self._n_steps]

    def set(self, peak, n_steps):
        """Take another highest step size and number of steps."""
        self._peak.assign(peak)
        self._n_steps.assign(float(n_steps))

    def __call__(self, step):
        """Give the step size at a step, counted from zero."""
        ops = keras.ops
        n_steps = ops.convert_to_tensor(self._n_steps)
        n_warm_up = ops.maximum(ops.floor(n_steps / 20), 1.0)
        step = ops.cast(step, n_steps.dtype)
        share = ops.clip((step - n_warm_up) / ops.maximum(n_steps - n_warm_up, 1.0), 0.0, 1.0)
        rise = ops.minimum(step / n_warm_up, 1.0)
        return ops.convert_to_tensor(self._peak) * rise * 0.5 * (1 + ops.cos(np.pi * share))

    def get_config(self):
        """Give what the constructor takes."""
        return {}


class Accuracy(keras.metrics.CategoricalAccuracy):
    """Share of recordings whose emotion is found; what fills up a batch has none and does not count."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count the recordings that have an emotion."""
        has_emotion = keras.ops.any(keras.ops.not_equal(y_true, 0), axis=-1)
        return super().update_state(y_true, y_pred, keras.ops.cast(has_emotion, self.dtype))


@dataclass(frozen=True)
class Regimen:
    """What the training of a network depends on, beside the network and the recordings."""

    optimizer: str
    learning_rate: float
    schedule: str
    label_smoothing: float
    n_steps: int
    steps_per_execution: int
    takes_any_length: bool
    has_callbacks: bool
    is_for_users: bool
    network: str

    @classmethod
    def of(cls, params, shape, n_classes):
        """Take it from the estimator's parameters, the shape of ``X`` and the number of emotions."""
        n_batches = -(-shape[0] // params["batch_size"])
        of_network = {name: value for name, value in params.items() if name not in _NOT_OF_NETWORKS}
        has_callbacks = bool(params["callbacks"])
        return cls(
            params["optimizer"],
            params["learning_rate"],
            params["learning_rate_schedule"],
            params["label_smoothing"],
            n_batches * params["epochs"],
            # A user's callbacks are promised every batch.
            1 if has_callbacks else min(_MOST_STEPS_PER_EXECUTION, n_batches),
            takes_any_length(params, shape[1:]),
            has_callbacks,
            params["network"] is not None,
            repr((of_network, shape[1:], n_classes)),
        )

    @contextmanager
    def compiled(self, network):
        """Lend a compiled network that starts where ``network`` does, and bring home what it learns."""
        if self.is_for_users:  # whose layers may hold what no copy would have
            self._compile(network)
            yield network
            return
        # Callbacks may keep the network that they are shown, and Nadam has a state that it does not show.
        stays = not self.has_callbacks and self.optimizer != "nadam"
        key = self._key()
        with _lock:
            compiled, initial = _kept.pop(key, (None, None)) if stays else (None, None)
        if compiled is None:
            compiled = self._copy(network)
            self._compile(compiled)
            initial = [_only_value(variable) for variable in compiled.optimizer.variables]
        for variable, value in zip(compiled.optimizer.variables, initial, strict=True):
            variable.assign(np.full(variable.shape, value))
        self._set_step_size(compiled.optimizer)
        _hand_over(network, compiled)
        yield compiled
        _hand_over(compiled, network)
        with _lock:
            if stays:
                _kept[key] = compiled, initial
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)

    def _key(self):
        """Give what a compiled network can be used for."""
        return (
            self.network,
            self.optimizer,
            self.schedule,
            self.label_smoothing,
            self.steps_per_execution,
        )

    def _copy(self, network):
        """Build a network of the same layers, for fewer frames as well where batches may have them."""
        inputs = network.inputs[0]
        if self.takes_any_length:
            inputs = keras.Input((None, *inputs.shape[2:]), name=inputs.name)
        with tensorflow_left_out(), seeded_construction(0):
            return keras.models.clone_model(network, input_tensors=inputs if self.takes_any_length else None)

    def _compile(self, network):
        step_size = WarmUpCosine() if self.schedule == "cosine" else self.learning_rate
        optimizer = type(keras.optimizers.get(self.optimizer))(learning_rate=step_size)
        if self.schedule == "cosine":
            optimizer.numbers_of_schedule = step_size.numbers
        self._set_step_size(optimizer)
        network.compile(
            optimizer=optimizer,
            loss=keras.losses.CategoricalCrossentropy(label_smoothing=self.label_smoothing),
            metrics=[Accuracy(name="accuracy")],
            steps_per_execution=self.steps_per_execution,
        )
        # Otherwise the first step makes the optimizer's variables while it is traced, each under a condition
        # of its own, which takes half of a short fit's time, and memory that TensorFlow does not give back.
        optimizer.build(network.trainable_variables)

    def _set_step_size(self, optimizer):
        if self.schedule == "cosine":
            optimizer._learning_rate.set(self.learning_rate, self.n_steps)
        else:
            optimizer.learning_rate = self.learning_rate


def _only_value(variable):
    """Give the one value that a new optimizer's variable is full of."""
    values = np.unique(keras.ops.convert_to_numpy(variable.value))
    if len(values) != 1:
        raise AssertionError(f"The optimizer's {variable.path} does not start with one value.")
    return values[0]


def _hand_over(source, target):
    """Copy weights and the states of random generators."""
    for mine, theirs in zip(source.variables, target.variables, strict=True):
        theirs.assign(mine.value)
