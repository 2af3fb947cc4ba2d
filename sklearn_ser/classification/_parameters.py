"""What values the classifier's parameters can have."""

import os
from numbers import Integral, Real

from sklearn.utils._param_validation import Interval, StrOptions

from sklearn_ser.caching import DiskCache

from ._architectures import ARCHITECTURES
from ._residual import BLOCK_ORDERS

_ACTIVATIONS = {"relu", "leaky_relu", "elu", "selu", "gelu", "swish", "tanh"}
_OPTIMIZERS = {"adam", "adamw", "nadam", "rmsprop", "sgd"}

PARAMETER_CONSTRAINTS = {
    "feature_axis": [StrOptions({"auto", "cepstrum", "spectrum", "unordered"})],
    "architecture": [StrOptions(set(ARCHITECTURES))],
    "pooling": [StrOptions({"average", "max", "stride"}), None],
    "pool_size": [Interval(Integral, 1, None, closed="left")],
    "pool_stride": [Interval(Integral, 1, None, closed="left"), None],
    "stride": [Interval(Integral, 1, None, closed="left")],
    "activation": [StrOptions(_ACTIVATIONS)],
    "negative_slope": [Interval(Real, 0, 1, closed="both")],
    "filters": [Interval(Integral, 1, None, closed="left"), list, tuple, None],
    "n_blocks": [Interval(Integral, 1, None, closed="left"), None],
    "kernel_size": [Interval(Integral, 1, None, closed="left"), None],
    "head": [StrOptions({"gap", "attention", "flatten"})],
    "dense_units": [Interval(Integral, 1, None, closed="left"), None],
    "dropout": [Interval(Real, 0, 1, closed="left")],
    "l2": [Interval(Real, 0, None, closed="left")],
    "batch_norm": ["boolean"],
    "kernel_initializer": [str],
    "block_order": [StrOptions(set(BLOCK_ORDERS))],
    "s_m": [Interval(Integral, 0, 3, closed="both")],
    "crop_frames": [Interval(Integral, 1, None, closed="left"), None],
    "n_crops": [Interval(Integral, 1, None, closed="left")],
    "time_stretch": [Interval(Real, 0, 1, closed="left")],
    "frequency_warp": [Interval(Real, 0, 1, closed="left")],
    "gain": [Interval(Real, 0, None, closed="left")],
    "mask_frames": [Interval(Integral, 0, None, closed="left")],
    "mask_features": [Interval(Integral, 0, None, closed="left")],
    "noise": [Interval(Real, 0, 1, closed="both")],
    "mixup": [Interval(Real, 0, None, closed="left")],
    "optimizer": [StrOptions(_OPTIMIZERS)],
    "learning_rate": [Interval(Real, 0, None, closed="neither")],
    "learning_rate_schedule": [StrOptions({"constant", "cosine"})],
    "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    "epochs": [Interval(Integral, 1, None, closed="left")],
    "batch_size": [Interval(Integral, 1, None, closed="left")],
    "class_weight": [dict, StrOptions({"balanced"}), None],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
    "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
    "n_networks": [Interval(Integral, 1, None, closed="left"), None],
    "network": [callable, None],
    "callbacks": [list, tuple, None],
    "random_state": ["random_state"],
    "memory": [str, os.PathLike, DiskCache, None],
    "verbose": ["verbose"],
}
