"""Fits on disk: what tells one from another, and what of them is kept.

An entry holds numbers alone. The network is built from the parameters, as for a fit, and given its weights:
so reading an entry runs no code that it names.
"""

import hashlib
import io
import json
import sys
from dataclasses import dataclass
from importlib.metadata import version
from numbers import Integral, Real

import numpy as np

from sklearn_ser._warning import warn
from sklearn_ser.caching import DiskCache
from sklearn_ser.exceptions import SerWarning

from ._backend import describe_backend
from ._parameters import PARAMETER_CONSTRAINTS

# Raised when fits change, so that a cache does not give those of an earlier release.
_VALUES = 1
# The first is in the weights of the recordings, and fits with one of the next two are not kept.
_NOT_IN_KEYS = {"class_weight", "callbacks", "network", "memory", "verbose"}
_OF_HISTORY = "history_"


@dataclass(frozen=True)
class FitMemory:
    """Where one fit is looked for, and kept."""

    cache: DiskCache
    key: str

    @classmethod
    def of(cls, plan):
        """Give the place of a fit; None where nothing is to be kept, or another fit would differ from it."""
        memory = plan.params["memory"]
        if memory is None:
            return None
        reason = _reason_against(plan.params)
        if reason is not None:
            what = "CNNEmotionClassifier neither looks for this fit in memory nor keeps it"
            warn(f"{what}: {reason}.", SerWarning)
            return None
        return cls(memory if isinstance(memory, DiskCache) else DiskCache(memory), _key(plan))

    def get_or_learn(self, network, learn):
        """Bring a new network to where training takes it, by training only if nobody has yet.

        Parameters
        ----------
        network : keras.Model
            As the plan describes it, untrained.
        learn : callable
            Trains it and returns the history.

        Returns
        -------
        dict of str to list of float
            The history.
        """

        def compute():
            return _to_bytes(learn(), network.get_weights())

        history, weights = _from_bytes(self.cache.get_or_compute(self.key, compute))
        network.set_weights(weights)
        return history


def _reason_against(params):
    """Say why the next fit with these parameters may be another one; None where it is the same."""
    if not isinstance(params["random_state"], Integral):
        return f"random_state must be an integer for that; got {params['random_state']!r}"
    if params["network"] is not None:
        return f"what network={params['network']!r} computes cannot be compared between fits"
    if params["callbacks"]:
        return f"what callbacks={params['callbacks']!r} do cannot be compared between fits, nor loaded"
    return None


def _key(plan):
    """Name all that the weights after training depend on."""
    params = {
        name: _plain(plan.params[name]) for name in sorted(PARAMETER_CONSTRAINTS) if name not in _NOT_IN_KEYS
    }
    libraries = [sys.modules[__name__.partition(".")[0]].__version__, version("scikeras"), np.__version__]
    content = hashlib.sha256(json.dumps([_VALUES, params, libraries, describe_backend()]).encode())
    X, y_index, sample_weight = plan.arrays
    roles = plan.held_out + 2 * plan.left_out
    for array, dtype in ((X, "<f4"), (y_index, "<i8"), (sample_weight, "<f4"), (roles, "i1")):
        content.update(repr(array.shape).encode())
        content.update(np.ascontiguousarray(array, dtype=dtype))
    return content.hexdigest()[:40]


def _plain(value):
    """Make 8, 8.0 and NumPy's 8 one value, and a list of a tuple."""
    if isinstance(value, (list, tuple)):
        return list(map(_plain, value))
    if isinstance(value, str):
        return str(value)
    return float(value) if isinstance(value, (Real, np.bool_)) else value


def _to_bytes(history, weights):
    file = io.BytesIO()
    arrays = {f"{_OF_HISTORY}{name}": np.array(values, np.float64) for name, values in history.items()}
    np.savez(file, *weights, allow_pickle=False, **arrays)
    return file.getvalue()


def _from_bytes(entry):
    with np.load(io.BytesIO(entry), allow_pickle=False) as arrays:
        history = {
            name.removeprefix(_OF_HISTORY): arrays[name].tolist()
            for name in arrays.files
            if name.startswith(_OF_HISTORY)
        }
        return history, [arrays[f"arr_{index}"] for index in range(len(arrays.files) - len(history))]
