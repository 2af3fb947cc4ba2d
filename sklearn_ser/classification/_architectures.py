"""The networks that have a name, and the estimator's parameters that each of them takes."""

from collections.abc import Callable
from typing import NamedTuple

from sklearn_ser.exceptions import NetworkError

from . import _cnn_lstm, _deep_net, _ds_cnn, _erann, _hybrid, _residual, _sb_cnn
from ._geometry import plan_network, window_shape
from ._network import plain

_PLAIN_USES = frozenset(
    {
        "pooling",
        "pool_size",
        "pool_stride",
        "stride",
        "activation",
        "negative_slope",
        "filters",
        "n_blocks",
        "kernel_size",
        "head",
        "dense_units",
        "dropout",
        "l2",
        "batch_norm",
        "kernel_initializer",
    }
)


class Architecture(NamedTuple):
    """A function from the estimator's parameters and ``n_classes`` to a body, and the parameters it uses.

    ``flattens`` tells whether the number of frames decides on the number of weights.
    """

    describe: Callable
    uses: frozenset
    flattens: bool = False


ARCHITECTURES = {
    "hybrid": Architecture(_hybrid.hybrid, _hybrid.USES),
    "plain": Architecture(plain, _PLAIN_USES),
    "sb_cnn": Architecture(_sb_cnn.sb_cnn, _sb_cnn.USES, flattens=True),
    "ds_cnn": Architecture(_ds_cnn.ds_cnn, _ds_cnn.USES, flattens=True),
    "deep_net": Architecture(_deep_net.deep_net, _deep_net.USES),
    "cnn_lstm": Architecture(_cnn_lstm.cnn_lstm, _cnn_lstm.USES),
    "erann": Architecture(_erann.erann, _erann.USES),
    "residual": Architecture(_residual.residual, _residual.USES),
}

# What shapes a network: each one takes some of these and has fixed the others.
_PARAMETERS = frozenset().union(*(architecture.uses for architecture in ARCHITECTURES.values()))


def resolve_architecture(params):
    """Say which network it will be: features without an order have no bands for the default to look at."""
    if params["architecture"] == "hybrid" and params["feature_axis"] == "unordered":
        return "plain"
    return params["architecture"]


def resolve_n_networks(params):
    """Say how many networks are averaged where that is left to us: two of the default stay small enough."""
    return 2 if params["architecture"] == "hybrid" and params["network"] is None else 1


def takes_any_length(params, input_shape):
    """Tell whether batches of fewer frames than ``X`` has can train the network."""
    if len(input_shape) == 1 or params["network"] is not None or params["crop_frames"] is not None:
        return False
    architecture = ARCHITECTURES[params["architecture"]]
    return not architecture.flattens and not ("head" in architecture.uses and params["head"] == "flatten")


def check_network(params, defaults, input_shape):
    """Refuse parameters that describe no network for this input, before anything is built.

    Parameters
    ----------
    params, defaults : dict
        The estimator's parameters, and those it has where nothing is set.
    input_shape : tuple of int
        (n_frames, n_features) for frames, (n_features,) for one row a recording.

    Raises
    ------
    NetworkError
        There are two networks; the named one has fixed a parameter that is set, or needs frames; rows are to
        be cropped or masked; or a kernel, a pool or a stride does not fit the input.
    """
    architecture = params["architecture"]
    masks = [f"{name}={params[name]!r}" for name in ("mask_frames", "mask_features") if params[name]]
    if masks and len(input_shape) == 1:
        raise NetworkError(
            f"{' and '.join(masks)} need X of shape (n_recordings, n_frames, n_features); "
            f"got one row of {input_shape[0]} features a recording."
        )
    shape = window_shape(input_shape, params["crop_frames"])
    if params["network"] is not None:
        if architecture != defaults["architecture"]:
            raise NetworkError(
                f"architecture={architecture!r} and network={params['network']!r} both say what the network "
                f"is; set one of them."
            )
        return
    uses = ARCHITECTURES[architecture].uses
    fixed = sorted(name for name in _PARAMETERS - uses if params[name] != defaults[name])
    if fixed:
        raise NetworkError(
            f"architecture={architecture!r} does not take "
            f"{', '.join(f'{name}={params[name]!r}' for name in fixed)}: leave at the default what it has "
            f"fixed. It takes {', '.join(sorted(uses))}."
        )
    if architecture == "plain":
        plan_network(params, shape)
    elif architecture == "hybrid" and len(shape) == 2:
        _hybrid.check_sizes(params, defaults, shape[0])
    elif len(shape) == 1:
        raise NetworkError(
            f"architecture={architecture!r} needs X of shape (n_recordings, n_frames, n_features); "
            f"got one row of {shape[0]} features a recording."
        )
