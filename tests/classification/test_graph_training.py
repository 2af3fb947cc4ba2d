"""Training that loops over its steps without coming back to Python."""

import re

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_ser.classification._backend import start_keras


@pytest.fixture
def unequal(spoken, rng):
    """``spoken``, with recordings of 5 to 16 frames."""
    X, y, speakers = spoken
    lengths = rng.integers(5, 17, size=len(X))
    return np.where(np.arange(16)[:, np.newaxis] < lengths[:, np.newaxis, np.newaxis], X, 0), y, speakers


@pytest.mark.parametrize(
    "params",
    [{"dropout": 0.3}, {"mixup": 0.4}, {"head": "flatten"}, {"crop_frames": 8, "noise": 0.1},
     {"early_stopping": True, "validation_fraction": 0.25, "n_iter_no_change": 1, "epochs": 6}],
    ids=lambda params: next(iter(params)),
)  # fmt: skip
def test_a_callback_that_does_nothing_changes_nothing(small, unequal, params):
    """Its presence makes Keras hand out every batch from Python."""
    X, y, _ = unequal
    small.set_params(batch_size=10, time_stretch=0.2, **params)
    looped = clone(small).fit(X, y)
    watched = clone(small).set_params(callbacks=[start_keras().callbacks.Callback()]).fit(X, y)
    assert looped.history_.keys() == watched.history_.keys()
    for name, values in looped.history_.items():
        np.testing.assert_allclose(values, watched.history_[name], rtol=1e-5)
    np.testing.assert_allclose(looped.predict_proba(X), watched.predict_proba(X), atol=1e-5)


def test_rows_of_features_are_trained_on_in_the_same_way(small, spoken):
    X, y, _ = spoken
    small.set_params(batch_size=10)
    looped = clone(small).fit(X[:, 0], y)
    watched = clone(small).set_params(callbacks=[start_keras().callbacks.Callback()]).fit(X[:, 0], y)
    np.testing.assert_allclose(looped.predict_proba(X[:, 0]), watched.predict_proba(X[:, 0]), atol=1e-5)


def test_a_random_state_gives_what_it_gave_in_earlier_versions(small, spoken):
    if start_keras().backend.backend() != "tensorflow":
        pytest.skip("each backend draws numbers of its own")
    X, y, _ = spoken
    assert small.fit(X, y).history_["loss"] == pytest.approx([1.7098, 1.7133], abs=1e-3)


@pytest.mark.parametrize(("verbose", "n_lines"), [(0, 0), (2, 4)])
def test_what_is_printed_of_each_epoch_is_what_keras_prints(small, spoken, capsys, verbose, n_lines):
    X, y, _ = spoken
    history = clone(small).set_params(verbose=verbose).fit(X, y).history_
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == n_lines
    for epoch, line in enumerate(lines[1::2]):
        printed = {name: float(value) for name, value in re.findall(r"(\w+): (\S+)", line)}
        values = {name: history[name][epoch] for name in ("accuracy", "loss")}
        assert {name: printed[name] for name in values} == pytest.approx(values, abs=6e-5)


def test_a_training_of_more_steps_than_are_taken_at_once_takes_them_all(small, spoken):
    X, y, _ = spoken
    small.set_params(batch_size=1)
    looped = clone(small).fit(X, y)
    watched = clone(small).set_params(callbacks=[start_keras().callbacks.Callback()]).fit(X, y)
    np.testing.assert_allclose(looped.history_["loss"], watched.history_["loss"], rtol=1e-4)
