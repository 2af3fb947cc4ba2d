"""A trained network taken apart, so that what happens inside it can be seen."""

from dataclasses import dataclass

import numpy as np

from sklearn_ser.exceptions import NetworkError

from ._frozen_network import FrozenNetwork
from ._gradient import gradient
from ._network_graph import Map, NetworkGraph, operation_of, sources_of
from ._prediction import filled_batches

# As in a prediction, every batch has this size, so that a recording's values do not depend on its company.
_BATCH_SIZE = 32


@dataclass(frozen=True)
class ClassMap:
    """What each cell of a map adds to the logit of an emotion.

    Parameters
    ----------
    values : ndarray of shape (n_recordings, n_windows, n_cells[, n_bands])
        The map's channels, each times its weight: the sum of the logit's derivatives by it, over all cells
        where ``is_averaged``, otherwise over recorded ones.
    is_recorded : ndarray of shape (n_recordings, n_windows, n_cells), bool
        Which cells hold recorded frames.
    of : Map
        The map that it is made of.
    is_averaged : bool
        Whether the logit is a bias and an average of the values.
    """

    values: np.ndarray
    is_recorded: np.ndarray
    of: Map
    is_averaged: bool


class OpenedNetwork:
    """A copy of a network in three parts: what cuts windows, what prepares them, and the way to the logits.

    The network itself is left as it is; Keras would note each part on its layers.

    Parameters
    ----------
    network : keras.Model
        As ``CNNEmotionClassifier`` has it.

    Raises
    ------
    NetworkError
        A user's network is a class of its own, whose layers Keras does not tell.
    """

    def __init__(self, network):
        copy = FrozenNetwork.of(network).thaw()
        import keras

        self._windows, core = None, copy
        if type(operation_of(copy.outputs[0])).__name__ == "AverageOverWindows":
            self._windows = next(layer for layer in copy.layers if type(layer).__name__ == "FrameWindows")
            core = keras.Model(self._windows.output, sources_of(copy.outputs[0])[0])
        self._preparations = []
        while isinstance(operation_of(core.outputs[0]), keras.Model):  # a user's
            users = operation_of(core.outputs[0])
            if not getattr(users, "outputs", None):
                raise NetworkError(
                    f"The layers of {type(users).__name__}, which `network` returned, cannot be told: to be "
                    "looked into, it must be a functional or a Sequential keras.Model."
                )
            self._preparations.append(keras.Model(core.inputs, sources_of(core.outputs[0])[0]))
            core = users
        self._input = core.inputs[0]
        self.graph = NetworkGraph(_logits(core.outputs[0]))

    def frames_of_windows(self, X):
        """Tell which frames the network sees where.

        Parameters
        ----------
        X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features)
            Frames, or rows, whose features then take the place of frames.

        Returns
        -------
        ndarray of shape (n_recordings, n_windows, n_frames_of_window), int
            Positions of recorded frames; -1 is padding.
        """
        places = np.arange(X.shape[1])
        if X.ndim == 2:
            return np.broadcast_to(places, (len(X), 1, len(places)))
        marked = np.where((X != 0).any(axis=2), places + 1, 0)
        if self._windows is None:
            return marked[:, np.newaxis] - 1
        import keras

        windows = self._windows(marked[..., np.newaxis].astype(np.float32), training=False)
        windows = keras.ops.convert_to_numpy(windows).astype(np.intp)
        return windows.reshape(len(X), -1, windows.shape[1]) - 1

    def class_map(self, X, targets, layer=None):
        """Weigh the cells of a map by what they add to an emotion.

        Parameters
        ----------
        X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features), float32
            Frames or rows.
        targets : ndarray of shape (n_recordings,), int
            Index of the emotion of each recording.
        layer : str or None
            Name of the layer whose output is the map; None takes the last map before the head.

        Returns
        -------
        ClassMap

        Raises
        ------
        NetworkError
            There is no such map.
        """
        import keras

        one = self._map(layer)
        to_map = keras.Model(self._input, one.tensor)
        beside = [self._input] if self.graph.is_bypassed(one.tensor) else []
        to_logits = keras.Model([one.tensor, *beside], self.graph.output)
        frames = self.frames_of_windows(X)
        is_recorded = self._recorded_cells(one.frames, frames >= 0)
        is_averaged = self.graph.is_averaged(one)
        weights = np.eye(self.graph.output.shape[-1], dtype=np.float32)[targets]
        values = []
        for batch, rows in filled_batches(X, _BATCH_SIZE):
            windows = self._prepared(batch)
            cells = to_map(windows, training=False)
            wanted = np.zeros((_BATCH_SIZE, weights.shape[1]), np.float32)
            wanted[: len(rows)] = weights[rows]
            wanted = wanted.repeat(frames.shape[1], axis=0)
            inputs = [cells, windows] if beside else [cells]
            slopes = gradient(to_logits, inputs, wanted)
            cells, slopes = (
                keras.ops.convert_to_numpy(array).reshape(_BATCH_SIZE, -1, *array.shape[1:])[: len(rows)]
                for array in (cells, slopes)
            )
            axes = "nwtbk" if one.bands is not None else "nwtk"
            counts = (is_recorded[rows] | is_averaged).astype(np.float32)
            channels = np.einsum(f"{axes},nwt->nwk", slopes, counts)
            values.append(np.einsum(f"{axes},nwk->{axes[:-1]}", cells, channels))
        return ClassMap(np.concatenate(values), is_recorded, one, is_averaged)

    def firing(self, X):
        """Tell which units are anything but zero anywhere in recorded frames.

        Parameters
        ----------
        X : ndarray of shape (n_recordings, n_frames, n_features) or (n_recordings, n_features), float32
            Frames or rows.

        Returns
        -------
        dict of str to ndarray of shape (n_units,), bool
            For the layers with a non-linearity, from the input on, by name.
        """
        import keras

        names, tensors = zip(*self.graph.activated(), strict=True) if self.graph.activated() else ((), ())
        fires = {name: np.zeros(tensor.shape[-1], bool) for name, tensor in zip(names, tensors, strict=True)}
        if not fires:
            return fires
        inside = keras.Model(self._input, list(tensors))
        frames = self.frames_of_windows(X)
        for batch, rows in filled_batches(X, _BATCH_SIZE):
            outputs = inside(self._prepared(batch), training=False)
            for name, tensor, output in zip(names, tensors, _as_list(outputs), strict=True):
                units = keras.ops.convert_to_numpy(output != 0)
                units = units.reshape(_BATCH_SIZE, -1, *units.shape[1:])[: len(rows)]
                one = self.graph.map_at(tensor)
                if one is not None:
                    units = units[self._recorded_cells(one.frames, frames[rows] >= 0)]
                fires[name] |= units.reshape(-1, units.shape[-1]).any(axis=0)
        return fires

    def _map(self, layer):
        """Find the map of a layer, or the last one."""
        maps = self.graph.maps()
        if layer is None:
            found = self.graph.last_map()
        else:
            found = next((one for one in reversed(maps) if one.layer == layer), None)
        if found is not None:
            return found
        names = ", ".join(dict.fromkeys(repr(one.layer) for one in maps))
        there_are = f"These layers give maps: {names}." if maps else "None of its layers gives a map."
        if layer is None:
            raise NetworkError(
                "A class activation map needs a map over frames that everything behind it is made of, and "
                f"this network has none. {there_are}" + (" Name one as `layer`." if maps else "")
            )
        raise NetworkError(f"layer={layer!r} gives no map over frames in this network. {there_are}")

    def _prepared(self, batch):
        """Cut windows out of a batch and bring them to where the logits begin."""
        import keras

        x = keras.ops.convert_to_tensor(batch)
        if self._windows is not None:
            x = self._windows(x, training=False)
        for part in self._preparations:
            x = part(x, training=False)
        return x

    @staticmethod
    def _recorded_cells(axis, is_recorded):
        """Tell which cells hold recorded frames."""
        of_cell = np.eye(axis.n_cells, dtype=bool)[axis.cells_of_inputs()]
        return is_recorded @ of_cell


def _logits(probabilities):
    """Give what a softmax was taken of; logarithms of probabilities that come from something else."""
    import keras

    last = operation_of(probabilities)
    if type(last).__name__ == "Softmax":
        return sources_of(probabilities)[0]
    if getattr(getattr(last, "activation", None), "__name__", None) == "softmax":
        if type(last).__name__ == "Activation":
            return sources_of(probabilities)[0]
        last.activation = keras.activations.linear
        return probabilities
    return keras.ops.log(keras.ops.maximum(probabilities, keras.config.epsilon()))


def _as_list(outputs):
    return outputs if isinstance(outputs, (list, tuple)) else [outputs]
