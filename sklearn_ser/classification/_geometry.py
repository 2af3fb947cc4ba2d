"""The sizes of a CNN's maps, worked out before anything is built or trained."""

from dataclasses import dataclass
from math import ceil
from numbers import Integral

from sklearn_ser.exceptions import NetworkError

_DEFAULT_N_BLOCKS = 3
_DEFAULT_FILTERS = 64
_DEFAULT_KERNEL_SIZE = 5


@dataclass(frozen=True)
class Block:
    """One convolution and what follows it; ``pool_size`` and ``pool_stride`` are 1 where nothing pools."""

    filters: int
    kernel_size: int
    stride: int
    pool_size: int
    pool_stride: int


def window_shape(input_shape, crop_frames):
    """Give the shape of what the network sees at once: a window, or all of a recording that is no longer.

    Raises
    ------
    NetworkError
        Rows of features have no frames to crop.
    """
    if crop_frames is None:
        return tuple(input_shape)
    if len(input_shape) == 1:
        raise NetworkError(
            f"crop_frames={crop_frames} needs X of shape (n_recordings, n_frames, n_features); "
            f"got one row of {input_shape[0]} features a recording."
        )
    return (min(int(crop_frames), input_shape[0]), input_shape[1])


def plan_network(params, input_shape):
    """Lay out the plain CNN that the estimator's parameters describe over an input of this shape.

    Raises
    ------
    NetworkError
        ``kernel_size`` is set to more than the input has, or as in ``plan_blocks``.
    """
    kernel_size = params["kernel_size"]
    axis = "n_frames" if len(input_shape) == 2 else "n_features"
    if kernel_size is not None and kernel_size > input_shape[0]:
        raise NetworkError(f"kernel_size={kernel_size!r} must be at most {axis}, {input_shape[0]}.")
    names = ("n_blocks", "stride", "pooling", "pool_size", "pool_stride")
    return plan_blocks(
        n_frames=input_shape[0],
        axis=axis,
        filters=_DEFAULT_FILTERS if params["filters"] is None else params["filters"],
        kernel_size=kernel_size or _DEFAULT_KERNEL_SIZE,
        **{name: params[name] for name in names},
    )


def plan_blocks(*, n_frames, axis, filters, kernel_size, n_blocks, stride, pooling, pool_size, pool_stride):
    """Lay out the blocks of a CNN over a map of ``n_frames``, which ``axis`` names in errors.

    Convolutions and pools are padded at the edges, so that a map of n frames leaves a step of s with
    ceil(n / s) frames.

    Returns
    -------
    list of Block

    Raises
    ------
    NetworkError
        A pool or a stride is larger than the map that reaches it, or ``filters`` does not fit ``n_blocks``.
    """
    if not isinstance(filters, Integral):
        if not filters or not all(isinstance(number, Integral) and number > 0 for number in filters):
            raise NetworkError(f"filters must hold an int above 0 for each block; got {filters!r}.")
        if n_blocks not in (None, len(filters)):
            raise NetworkError(f"n_blocks={n_blocks} needs as many filters; got filters={filters!r}.")
        n_blocks = len(filters)
    pool_stride = pool_size if pool_stride is None else pool_stride
    blocks = []
    shrinks = False
    while len(blocks) < (n_blocks or _DEFAULT_N_BLOCKS):
        fault = _find_fault(
            len(blocks), f"{axis} = {n_frames}", n_frames, stride, pooling, pool_size, pool_stride
        )
        if fault and blocks and n_blocks is None:
            break  # depth was left to us, and the map is used up
        if fault:
            raise NetworkError(fault)
        pools = pooling in ("average", "max")
        strides = stride * pool_stride if pooling == "stride" else stride
        blocks.append(
            Block(
                filters=_n_filters(filters, blocks, shrinks),
                kernel_size=kernel_size,
                stride=strides,
                pool_size=pool_size if pools else 1,
                pool_stride=pool_stride if pools else 1,
            )
        )
        step = strides * blocks[-1].pool_stride
        shrinks = step > 1 and n_frames > 1
        n_frames = ceil(n_frames / step)
    return blocks


def _find_fault(index, size, n_frames, stride, pooling, pool_size, pool_stride):
    """Say what keeps a block from working on ``n_frames``, or return None."""
    reaches = f"the map that reaches it in block {index + 1} ({size})"
    if stride > n_frames:
        return f"stride={stride} is larger than {reaches}."
    if pooling == "stride":
        if stride * pool_stride > n_frames:
            return f"pool_stride={pool_stride} times stride={stride} is larger than {reaches}."
    elif pooling is not None and pool_size > ceil(n_frames / stride):
        return (
            f"pool_size={pool_size} is larger than the {ceil(n_frames / stride)} frame(s) that "
            f"stride={stride} leaves of {reaches}."
        )
    return None


def _n_filters(filters, blocks_before, last_shrinks):
    """Follow the plain-net rule: same map size, same filters; a smaller map, twice the filters."""
    if not isinstance(filters, Integral):
        return filters[len(blocks_before)]
    if not blocks_before:
        return filters
    return blocks_before[-1].filters * (2 if last_shrinks else 1)
