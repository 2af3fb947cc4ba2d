"""A result as JSON, and back."""

from dataclasses import fields

import numpy as np

from sklearn_ser._json_document import JSONDocument, read_document

from ._labelled import as_column
from ._left_by_fit import as_plain_value, check_left

_KINDS = {
    "EvaluationResult": "sklearn-ser evaluation",
    "RobustnessResult": "sklearn-ser robustness",
    "ComparisonResult": "sklearn-ser comparison",
}
_VERSION = 1
_LATER = ("histories", "searches")  # what files of earlier days do not have
_LABELS = ("emotions", "recordings", "truth", "speakers")


class WrittenResult(JSONDocument):
    """What results of every kind have in common: that they are written, and read back."""

    def _as_document(self):
        name = type(self).__name__
        to_plain = {
            "EvaluationResult": _plain_of_evaluation,
            "RobustnessResult": _plain_of_robustness,
            "ComparisonResult": _plain_of_comparison,
        }[name]
        return _KINDS[name], _VERSION, to_plain(self)

    @classmethod
    def _from_document(cls, source):
        return _read(cls, source)


def _read(result_class, source):
    """Read a result of the given class from a file or from its text."""
    kind = _KINDS[result_class.__name__]
    names = [field.name for field in fields(result_class)]
    content, where = read_document(kind, _VERSION, names, source, optional=_LATER)
    from_plain = {
        "EvaluationResult": _evaluation_from_plain,
        "RobustnessResult": _robustness_from_plain,
        "ComparisonResult": _comparison_from_plain,
    }[result_class.__name__]
    try:
        return from_plain(result_class, content)
    except KeyError as error:  # of the random split or a control
        raise ValueError(f"{where} was altered since it was written: it lacks {error}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{where} was altered since it was written: {error}") from error


def _plain_of_evaluation(result):
    plain = {name: getattr(result, name).tolist() for name in (*_LABELS, "folds", "predictions")}
    probabilities, random_split = result.probabilities, result.random_split
    return plain | {
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "random_split": None if random_split is None else _plain_of_evaluation(random_split),
        "controls": [_plain_of_evaluation(one) for one in result.controls],
        "random_states": list(result.random_states),
        "metadata": {
            name: [None if value != value else value for value in values.tolist()]
            for name, values in result.metadata.items()
        },
        "left_out": result.left_out,
        "best_params": result.best_params,
        "histories": result.histories,
        "searches": result.searches,
        "estimator": result.estimator,
        "outer": result.outer,
    }


def _evaluation_from_plain(result_class, plain):
    arrays = {name: np.array(plain[name]) for name in (*_LABELS, "folds", "predictions")}
    if plain["probabilities"] is not None:
        arrays["probabilities"] = np.array(plain["probabilities"], dtype=float)
    if plain["random_split"] is not None:
        plain["random_split"] = _evaluation_from_plain(result_class, plain["random_split"])
    result = result_class(
        **plain
        | arrays
        | {
            "random_states": tuple(plain["random_states"]),
            "controls": tuple(_evaluation_from_plain(result_class, one) for one in plain["controls"]),
            "metadata": {name: as_column(values) for name, values in plain["metadata"].items()},
        }
    )
    n_runs, n_recordings = len(result.random_states), len(result.truth)
    _check_shape("predictions", result.predictions, (n_runs, n_recordings))
    for name in ("recordings", "speakers", "folds"):
        _check_shape(name, getattr(result, name), (n_recordings,))
    if result.folds.dtype.kind not in "iu" or result.folds.min() < 0:
        raise ValueError(f"folds must be whole numbers from 0; they are {result.folds.tolist()!r:.60}.")
    _check_words(result)
    check_left(result)
    for name, values in result.metadata.items():
        _check_shape(f"metadata[{name!r}]", values, (n_recordings,))
    if result.probabilities is not None:
        _check_shape("probabilities", result.probabilities, (n_runs, n_recordings, len(result.emotions)))
    _check_emotions(result)
    return result


def _plain_of_robustness(result):
    return {
        **{name: getattr(result, name).tolist() for name in ("emotions", "truth", "predictions")},
        "speakers": None if result.speakers is None else result.speakers.tolist(),
        "degradations": list(result.degradations),
        "strengths": [as_plain_value(strength) for strength in result.strengths],
        "units": list(result.units),
    }


def _robustness_from_plain(result_class, plain):
    arrays = {name: np.array(plain[name]) for name in ("emotions", "truth", "predictions")}
    if plain["speakers"] is not None:
        arrays["speakers"] = np.array(plain["speakers"])
    # JSON has no infinite numbers; that of no noise at all was written as its text.
    strengths = [float(one) if isinstance(one, str) else one for one in plain["strengths"]]
    result = result_class(**plain | arrays | {"strengths": strengths})
    n_conditions, n_recordings = len(result.degradations), len(result.truth)
    _check_shape("predictions", result.predictions, (n_conditions, n_recordings))
    for name in ("strengths", "units"):
        _check_shape(name, getattr(result, name), (n_conditions,))
    if result.speakers is not None:
        _check_shape("speakers", result.speakers, (n_recordings,))
    _check_emotions(result)
    return result


def _plain_of_comparison(result):
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    return {
        name: _without_nan(value.tolist()) if isinstance(value, np.ndarray) else value
        for name, value in values.items()
    }


def _comparison_from_plain(result_class, plain):
    arrays = {
        name: np.array(plain[name], dtype=float)  # None is NaN again
        for name in ("interval", "of_speakers", "of_folds", "of_runs")
        if plain[name] is not None
    }
    result = result_class(**plain | arrays | {"speakers": np.array(plain["speakers"])})
    _check_shape("interval", result.interval, (2,))
    _check_shape("of_speakers", result.of_speakers, (len(result.speakers), 2))
    return result


def _without_nan(values):
    """Give lists in lists with None in the place of NaN, which JSON does not have."""
    if isinstance(values, list):
        return [_without_nan(one) for one in values]
    return None if values != values else values


def _check_shape(name, values, shape):
    if (came := np.shape(values)) != shape:
        raise ValueError(f"{name} must have the shape {shape}; it has {came}.")


def _check_words(result):
    """Refuse what is no text, no number of recordings, and no parameters of each run."""
    for name in ("estimator", "outer"):
        if not isinstance(words := getattr(result, name), str):
            raise ValueError(f"{name} must be text; it is {words!r:.60}.")
    left_out, params = result.left_out, result.best_params
    if not isinstance(left_out, dict) or not all(isinstance(one, int) for one in left_out.values()):
        raise ValueError(f"left_out must be numbers of recordings by reason; it is {left_out!r:.60}.")
    of_runs = [type(run) for run in params] if isinstance(params, list) else None
    if params is not None and of_runs != [list] * len(result.random_states):
        raise ValueError(
            f"best_params must be null or have a list for each of {len(result.random_states)} runs; it is "
            f"{params!r:.60}."
        )


def _check_emotions(result):
    emotions = result.emotions
    if emotions.ndim != 1 or not np.array_equal(emotions, np.unique(emotions)):
        raise ValueError(f"emotions must be sorted, each once; they are {emotions.tolist()!r:.200}.")
    for name in ("truth", "predictions"):
        if len(unknown := np.setdiff1d(getattr(result, name), emotions)):
            raise ValueError(
                f"{name} must be among the emotions, {', '.join(map(repr, emotions.tolist()))}; there is "
                f"{unknown[0].item()!r}."
            )
