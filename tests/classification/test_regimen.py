"""Compiled networks that the next fit of the same kind uses again."""

import subprocess
import sys
import threading
from collections import OrderedDict

import numpy as np
import pytest
from sklearn.base import clone

from sklearn_ser.classification._backend import start_keras
from tests.classification.networks import small_classifier


@pytest.fixture
def kept(monkeypatch):
    """The networks that are kept, none at first."""
    start_keras()
    from sklearn_ser.classification import _regimen

    networks = OrderedDict()
    monkeypatch.setattr(_regimen, "_kept", networks)
    return networks


@pytest.fixture(scope="module")
def kept_of_small(spoken):
    """The compiled network that a fit of ``small`` leaves behind."""
    start_keras()
    from sklearn_ser.classification import _regimen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_regimen, "_kept", OrderedDict())
        small_classifier().fit(*spoken[:2])
        return dict(_regimen._kept)


def test_a_second_fit_gives_what_it_would_have_given_first(small, spoken, kept):
    X, y, _ = spoken
    small.set_params(dropout=0.3, batch_size=16)
    first = clone(small).fit(X, y).predict_proba(X)
    clone(small).set_params(random_state=5).fit(X[::-1] * 3, y[::-1])
    again = clone(small).fit(X, y)
    assert len(kept) == 1
    np.testing.assert_array_equal(again.predict_proba(X), first)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "nadam", "rmsprop", "sgd"])
def test_no_optimizer_remembers_an_earlier_fit(small, spoken, kept, optimizer):
    X, y, _ = spoken
    small.set_params(optimizer=optimizer)
    first, second = (clone(small).fit(X, y).history_["loss"] for _ in range(2))
    assert first == second


def test_other_step_sizes_and_lengths_of_training_need_no_other_network(small, spoken, kept):
    X, y, _ = spoken
    alone = {}
    for params in ({"epochs": 2}, {"epochs": 3}, {"learning_rate": 0.1}):
        kept.clear()
        alone[str(params)] = clone(small).set_params(**params).fit(X, y).history_["loss"]
    kept.clear()
    for params in ({"learning_rate": 0.1}, {"epochs": 2}, {"epochs": 3}):
        assert clone(small).set_params(**params).fit(X, y).history_["loss"] == alone[str(params)]


@pytest.mark.parametrize(
    "params",
    [{"dropout": 0.5}, {"l2": 0.1}, {"label_smoothing": 0.4}, {"activation": "elu"}, {"optimizer": "sgd"},
     {"learning_rate_schedule": "constant"}, {"gain": 0.0, "time_stretch": 0.3}],
)  # fmt: skip
def test_whatever_changes_training_changes_it_after_another_fit_as_well(
    small, spoken, kept, kept_of_small, params
):
    X, y, _ = spoken
    alone = clone(small).set_params(**params).fit(X, y).history_["loss"]
    kept.clear()
    kept.update(kept_of_small)
    plain = clone(small).fit(X, y).history_["loss"]
    assert len(kept) == 1
    assert clone(small).set_params(**params).fit(X, y).history_["loss"] == alone != plain


def test_fitted_networks_are_independent_of_later_fits(small, spoken, kept):
    X, y, _ = spoken
    fitted = clone(small).fit(X, y)
    before = fitted.predict_proba(X)
    other = clone(small).set_params(random_state=1).fit(X, y)
    assert fitted.network_ is not other.network_
    np.testing.assert_array_equal(fitted.predict_proba(X), before)
    assert not any(fitted.network_ is network for network, _ in kept.values())


def test_a_fit_that_fails_leaves_nothing_behind(small, spoken, kept):
    X, y, _ = spoken
    with pytest.raises(ValueError, match="diverged"):
        clone(small).set_params(learning_rate=1e30, epochs=5, batch_norm=False).fit(X, y)
    assert not kept


def test_fits_in_threads_do_not_share_a_network_at_once(small, spoken, kept):
    X, y, _ = spoken
    alone = [clone(small).set_params(random_state=k).fit(X, y).predict_proba(X) for k in range(4)]
    results = [None] * 4

    def fit(k):
        results[k] = clone(small).set_params(random_state=k).fit(X, y).predict_proba(X)

    threads = [threading.Thread(target=fit, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(results, alone)


GROWTH = """
import gc, resource
import numpy as np
from sklearn_ser.classification import CNNEmotionClassifier

def resident():
    gc.collect()
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * resource.getpagesize() / 2**20

rng = np.random.default_rng(0)
X, y = rng.normal(size=(64, 300, 40)).astype("float32"), np.tile(["angry", "sad"], 32)
sizes = []
for n_fits in (10, 40):
    for fit in range(n_fits):
        CNNEmotionClassifier(architecture="plain", filters=2, epochs=1, random_state=fit).fit(X, y)
    sizes.append(resident())
print(sizes[1] - sizes[0])
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="/proc tells how much memory is used on Linux"
)
def test_memory_stays_flat_over_fifty_fits():
    done = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True)
    # The training set has 3 MB: fits that kept theirs would grow by 120, graphs and all by several hundred.
    assert float(done.stdout) < 40
