"""What a network is made of, read off its graph: its maps, and the frames that their cells stand for."""

from dataclasses import dataclass

import numpy as np

# Between a map and the output, what averages the map, and what leaves its channels as they are.
_AVERAGES = {"AverageOverFrames", "GlobalAveragePooling1D", "GlobalAveragePooling2D"}
_KEEPS_CHANNELS = {"Activation", "Dropout", "Flatten", "Multiply", "Reshape", "SpatialDropout1D"}
# What leaves each number of a row where it was.
_KEEPS_ROWS = {"GaussianNoise", "InputLayer", "Multiply", "Normalization", "Standardisation"}
# Non-linearities that are layers, or operations, of their own.
_ACTIVATIONS = {"elu", "gelu", "leakyrelu", "prelu", "relu", "relu6", "selu", "silu"}
_MARKS = {"RecordedFrames", "EveryFrame"}


@dataclass(frozen=True)
class Axis:
    """Where the cells of a map lie along an axis of the input.

    Parameters
    ----------
    n_cells : int
        How many there are.
    n_inputs : int
        Frames or features of the input.
    first : float
        Position of the middle of cell 0 among the inputs, whose middles are 0, 1, 2 and so on.
    step : float
        Inputs from one cell to the next.
    """

    n_cells: int
    n_inputs: int
    first: float = 0.0
    step: float = 1.0

    @property
    def positions(self):
        """Middles of the cells."""
        return self.first + self.step * np.arange(self.n_cells)

    def cells_of_inputs(self):
        """Tell which cell each input belongs to, the nearest: shape (n_inputs,)."""
        cells = np.floor((np.arange(self.n_inputs) - self.first) / self.step + 0.5)
        return np.clip(cells, 0, self.n_cells - 1).astype(np.intp)

    def after(self, n_cells, size, stride, dilation, padding):
        """Give the axis after a convolution or pool of that size; None if its number of cells differs."""
        reach = dilation * (size - 1)
        if padding == "same":
            expected = -(-self.n_cells // stride)
            before = max((expected - 1) * stride + reach + 1 - self.n_cells, 0) // 2
        else:
            before = reach if padding == "causal" else 0
            expected = (self.n_cells + before - reach - 1) // stride + 1
        if expected != n_cells:
            return None
        return Axis(n_cells, self.n_inputs, self.first + self.step * (reach / 2 - before), self.step * stride)


@dataclass(frozen=True)
class Map:
    """A tensor whose second axis is frames (or the features of a row), and whose third may be bands.

    Parameters
    ----------
    tensor : KerasTensor
        Of shape (n, n_cells, n_channels) or (n, n_cells, n_bands, n_channels).
    frames : Axis
        Of the second axis.
    bands : Axis or None
        Of the third. Its inputs are the bands of the first map that had any.
    """

    tensor: object
    frames: Axis
    bands: Axis | None

    @property
    def layer(self):
        """Name of the layer that gives it."""
        return operation_of(self.tensor).name


class NetworkGraph:
    """The tensors between a network's input and its output, each after those it is made of, and its maps.

    Parameters
    ----------
    output : KerasTensor
        Logits, of shape (n, n_classes).
    """

    def __init__(self, output):
        self.output = output
        self.tensors = _in_order(output)
        self._axes = {}
        for tensor in self.tensors:
            self._axes[id(tensor)] = self._follow(tensor)

    def map_at(self, tensor):
        """Give the map that a tensor is, or None."""
        axes = self._axes[id(tensor)]
        return Map(tensor, *axes) if axes is not None and len(tensor.shape) > 2 else None

    def maps(self):
        """Give all maps, the deepest last; marks of recorded frames are none."""
        maps = [self.map_at(tensor) for tensor in self.tensors if not _is_made_of_marks(tensor)]
        return [one for one in maps if one is not None]

    def last_map(self):
        """Give the last map that whatever the output knows of the frames has passed through, or None.

        Marks of recorded frames go past it. A reshape that makes channels of bands is left out, for the map
        before it holds the same numbers and knows the bands; and so are the frames themselves, unless there
        is nothing else.
        """
        maps = self.maps()
        for one in reversed(maps[1:] or maps):
            if not self.is_bypassed(one.tensor, ignoring_marks=True):
                before = self.map_at(sources_of(one.tensor)[0]) if sources_of(one.tensor) else None
                is_reshape = type(operation_of(one.tensor)).__name__ == "Reshape"
                if not (is_reshape and before is not None and before.bands is not None):
                    return one
        return None

    def is_bypassed(self, tensor, *, ignoring_marks=False):
        """Tell whether there is a way from the input to the output that does not lead through a tensor."""
        ahead, seen = [self.output], {id(tensor)}
        while ahead:
            one = ahead.pop()
            if id(one) in seen or (ignoring_marks and _is_mark(one)):
                continue
            seen.add(id(one))
            if not sources_of(one):
                return True
            ahead.extend(sources_of(one))
        return False

    def is_averaged(self, one):
        """Tell whether the output is made of averages of a map's channels, by a single dense layer or none.

        That is what a class activation map needs.
        """
        made, operations = {id(one.tensor)}, []
        for tensor in self.tensors:
            n_sources = sum(id(source) in made for source in sources_of(tensor))
            if n_sources:
                made.add(id(tensor))
                operations.append(operation_of(tensor))
            if n_sources > 1:  # a product of the map with itself
                return False
        dense = [operation for operation in operations if type(operation).__name__ == "Dense"]
        others = {type(operation).__name__ for operation in operations} - {"Dense"}
        is_linear = all(_activation(operation) in (None, "linear") for operation in operations)
        n_channels = dense[0].kernel.shape[0] if dense else self.output.shape[-1]
        return (
            len(dense) <= 1
            and is_linear
            and bool(others & _AVERAGES)
            and others <= _AVERAGES | _KEEPS_CHANNELS
            and n_channels == one.tensor.shape[-1]
        )

    def activated(self):
        """Give the tensors that come out of a non-linearity, with the layers' names; no softmax."""
        return [
            (operation_of(tensor).name, tensor)
            for tensor in self.tensors
            if _activation(operation_of(tensor)) not in (None, "linear", "softmax")
        ]

    def _follow(self, tensor):
        """Work out the axes of a tensor from those of what it is made of: (frames, bands), or None."""
        shape, sources = tensor.shape, sources_of(tensor)
        operation, kind = operation_of(tensor), type(operation_of(tensor)).__name__
        if None in shape[1:] or len(shape) not in (2, 3, 4):
            return None
        if not sources:
            return (Axis(shape[1], shape[1]), None) if len(shape) < 4 else None
        earlier = [source for source in sources if self._axes[id(source)] is not None]
        if not earlier:
            return None
        before = max(earlier, key=lambda source: len(source.shape))
        frames, bands = self._axes[id(before)]
        rank, rank_before = len(shape), len(before.shape)
        if rank == 2:
            return (frames, None) if rank_before == 2 and kind in _KEEPS_ROWS else None
        if hasattr(operation, "strides"):
            return _after_window(before, frames, bands, operation, shape) if rank == rank_before else None
        if kind in ("ZeroPadding1D", "ZeroPadding2D"):
            return _after_padding(frames, bands, operation, shape)
        if before.shape[1] != shape[1] or hasattr(operation, "dims"):  # as Permute has
            return None
        if rank == 3:
            return (frames, None) if rank_before > 2 or shape[2] == 1 else None
        if rank_before == 3:
            return frames, Axis(shape[2], shape[2])
        return (frames, bands) if rank_before == 4 and before.shape[2] == shape[2] else None


def operation_of(tensor):
    """Give the layer, or other operation, whose output a symbolic tensor is."""
    return tensor._keras_history.operation


def sources_of(tensor):
    """Give the symbolic tensors that one is made of; an input has none."""
    operation, node, _ = tensor._keras_history
    return operation._inbound_nodes[node].input_tensors


def _is_mark(tensor):
    """Tell marks of recorded frames, by their layer's class or name, and Keras' masks."""
    operation = operation_of(tensor)
    return type(operation).__name__ in _MARKS or operation.name == "recorded" or tensor.dtype == "bool"


def _is_made_of_marks(tensor):
    """Tell whether a tensor is marks, or marks of another shape."""
    while not _is_mark(tensor):
        sources = sources_of(tensor)
        if len(sources) != 1:
            return False
        [tensor] = sources
    return True


def _activation(operation):
    """Give the name of a layer's non-linearity, or None."""
    kind = type(operation).__name__
    if kind.lower().replace("_", "") in _ACTIVATIONS:
        return kind.lower()
    return getattr(getattr(operation, "activation", None), "__name__", None)


def _in_order(output):
    """Give an output and all it is made of, each tensor after its sources, the output last."""
    ordered, seen, stack = [], set(), [(output, False)]
    while stack:
        tensor, is_done = stack.pop()
        if is_done:
            ordered.append(tensor)
        elif id(tensor) not in seen:
            seen.add(id(tensor))
            stack.append((tensor, True))
            stack.extend((source, False) for source in reversed(sources_of(tensor)))
    return ordered


def _after_window(before, frames, bands, layer, shape):
    """Follow the axes through a convolution or a pool; None where it is of another kind."""
    size = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    is_transposed = "Transpose" in type(layer).__name__
    if size is None or is_transposed or getattr(layer, "data_format", None) == "channels_first":
        return None
    dilation = getattr(layer, "dilation_rate", 1)
    after = []
    for k, axis in enumerate((frames, bands)[: len(shape) - 2]):
        window = (_entry(size, k), _entry(layer.strides, k), _entry(dilation, k))
        after.append(axis and axis.after(shape[1 + k], *window, layer.padding))
    if after[0] is None or (len(after) == 2 and after[1] is None):
        return None
    return after[0], after[1] if len(after) == 2 else None


def _after_padding(frames, bands, layer, shape):
    """Follow the axes to a map with cells added at its edges."""
    edges = layer.padding if len(shape) == 4 else (layer.padding,)
    after = [
        Axis(n_cells, axis.n_inputs, axis.first - axis.step * before, axis.step)
        for axis, n_cells, (before, _) in zip((frames, bands), shape[1:-1], edges, strict=False)
    ]
    return after[0], after[1] if len(after) == 2 else None


def _entry(value, k):
    return value[k] if isinstance(value, (tuple, list)) else value
