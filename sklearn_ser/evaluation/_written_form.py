"""A result as JSON, and back."""

import json
import os
from pathlib import Path

import numpy as np

from ._labelled import as_column

_FORMAT, _VERSION = "sklearn-ser evaluation", 1
_LABELS = ("emotions", "recordings", "truth", "speakers")


def write(result, path):
    """Write a result to a file, or give its text where there is no path."""
    text = json.dumps({"format": _FORMAT, "version": _VERSION, **_as_plain(result)})
    if path is None:
        return text
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")  # beside it, to take its place in one step
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return None


def read(result_class, source):
    """Read a result from a file or from its text."""
    is_text = isinstance(source, str) and source.lstrip().startswith("{")
    text = source if is_text else Path(source).read_text(encoding="utf-8")
    where = "The text" if is_text else repr(str(source))
    try:
        content = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{where} holds no evaluation, for it is no JSON: {error}") from error
    if not isinstance(content, dict) or content.pop("format", None) != _FORMAT:
        raise ValueError(f"{where} holds no evaluation: it was not written by EvaluationResult.to_json.")
    if (version := content.pop("version", None)) != _VERSION:
        raise ValueError(
            f"{where} is written in version {version!r}, and this version of sklearn-ser reads {_VERSION}."
        )
    return _from_plain(result_class, content)


def _as_plain(result):
    plain = {name: getattr(result, name).tolist() for name in (*_LABELS, "folds", "predictions")}
    probabilities, random_split = result.probabilities, result.random_split
    return plain | {
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "random_split": None if random_split is None else _as_plain(random_split),
        "controls": [_as_plain(one) for one in result.controls],
        "random_states": list(result.random_states),
        "metadata": {
            name: [None if value != value else value for value in values.tolist()]
            for name, values in result.metadata.items()
        },
        "left_out": result.left_out,
        "best_params": result.best_params,
        "estimator": result.estimator,
        "outer": result.outer,
    }


def _from_plain(result_class, plain):
    arrays = {name: np.array(plain[name]) for name in (*_LABELS, "folds", "predictions")}
    if plain["probabilities"] is not None:
        arrays["probabilities"] = np.array(plain["probabilities"], dtype=float)
    if plain["random_split"] is not None:
        plain["random_split"] = _from_plain(result_class, plain["random_split"])
    return result_class(
        **plain
        | arrays
        | {
            "random_states": tuple(plain["random_states"]),
            "controls": tuple(_from_plain(result_class, one) for one in plain["controls"]),
            "metadata": {name: as_column(values) for name, values in plain["metadata"].items()},
        }
    )


def as_plain_params(params):
    """Give parameters that a search chose as JSON can hold them: what is no number or word as its text."""
    return {name: _as_plain_value(value) for name, value in params.items()}


def _as_plain_value(value):
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return [_as_plain_value(one) for one in value]
    if isinstance(value, float) and not np.isfinite(value):
        return repr(value)
    return value if isinstance(value, (str, bool, int, float, type(None))) else repr(value)
