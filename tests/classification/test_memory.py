"""Fits that are kept on disk: which are loaded, which are not, and what a killed search has to repeat."""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from sklearn_ser.caching import DiskCache
from sklearn_ser.classification._backend import describe_backend
from sklearn_ser.exceptions import DamagedCacheWarning, NetworkError, SerWarning
from tests.classification.networks import averaging_network

# Keras says so at the start of a training of several epochs; a fit that is loaded does not train.
BEGINNING = "Epoch 1/"

SEARCH = """
import sys
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(
    n_speakers=4, n_repetitions=1, n_intensities=1, n_statements=1, emotions=("angry", "sad", "happy"),
    random_state=0,
)
X = MFCCTransformer(duration=2, crop="center", n_mfcc=8, n_mels=8, verbose=0).fit_transform(corpus.data)
network = CNNEmotionClassifier(
    architecture="plain", n_blocks=1, epochs=3, random_state=0, memory=sys.argv[1], verbose=2
)
search = GridSearchCV(
    network,
    {"filters": [2, 4], "learning_rate": [0.001, 0.01]},
    cv=GroupKFold(2),
    return_train_score=True,
    error_score="raise",
).fit(X, corpus.target, groups=corpus.groups)
scores = [search.cv_results_[f"split{k}_{part}_score"] for k in range(2) for part in ("train", "test")]
print("scores", *(float(score).hex() for row in scores for score in row))
"""


@pytest.fixture
def memory(tmp_path):
    return DiskCache(tmp_path / "memory")


@pytest.fixture
def remembering(small, memory):
    return small.set_params(memory=memory)


def n_trained(capfd):
    """Count the trainings since the last count, of an estimator with verbose=2."""
    return capfd.readouterr().out.count(BEGINNING)


def assert_same_fit(one, other, X):
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    np.testing.assert_array_equal(one.predict(X), other.predict(X))
    assert one.history_ == other.history_
    assert one.n_iter_ == other.n_iter_
    assert one.feature_axis_ == other.feature_axis_
    for mine, theirs in zip(one.network_.get_weights(), other.network_.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"architecture": "hybrid", "n_blocks": None, "crop_frames": 8, "optimizer": "nadam", "noise": 0.1},
        {"early_stopping": True, "validation_fraction": 0.25},
    ],
    ids=["plain", "hybrid on windows", "early stopping"],
)
def test_a_loaded_fit_predicts_bit_by_bit_what_a_trained_one_does(remembering, spoken, memory, params, capfd):
    X, y, speakers = spoken
    remembering.set_params(**params, verbose=2)
    alone = clone(remembering).set_params(memory=None).fit(X, y, groups=speakers)
    first = clone(remembering).fit(X, y, groups=speakers)
    assert n_trained(capfd) == 2
    second = clone(remembering).fit(X, y, groups=speakers)
    assert n_trained(capfd) == 0
    assert memory.n_entries == 1
    assert_same_fit(alone, first, X)
    assert_same_fit(first, second, X)


def test_memory_can_be_a_path_a_string_or_a_cache_and_is_kept_by_clone(remembering, spoken, memory, capfd):
    X, y, _ = spoken
    for value in (memory.location, str(memory.location), memory):
        network = clone(remembering.set_params(memory=value, verbose=2))
        assert network.memory == value
        network.fit(X, y)
    assert n_trained(capfd) == 1
    with pytest.raises(ValueError, match="'memory' parameter of CNNEmotionClassifier must be"):
        remembering.set_params(memory=3).fit(X, y)


def test_what_does_not_change_a_fit_does_not_repeat_it(remembering, spoken, memory, capfd):
    X, y, _ = spoken
    remembering.set_params(class_weight=None, filters=(4,)).fit(X, y)
    renamed = np.char.add("very ", y)
    same = clone(remembering).set_params(verbose=2, gain=np.float32(6), filters=[np.int64(4)])
    same.fit(X.astype(float), renamed, sample_weight=np.ones(len(X)), groups=y)
    assert n_trained(capfd) == 0
    assert memory.n_entries == 1
    assert set(same.predict(X)) <= set(renamed)


@pytest.mark.parametrize(
    "params",
    [
        {"random_state": 1},
        {"filters": 3},
        {"learning_rate": 0.01},
        {"epochs": 3},
        {"batch_size": 16},
        {"class_weight": {"angry": 2, "calm": 1, "happy": 1, "sad": 1}},
        {"early_stopping": True},
    ],
    ids=lambda params: next(iter(params)),
)
def test_another_parameter_is_another_fit(remembering, spoken, memory, params):
    X, y, _ = spoken
    remembering.fit(X, y)
    remembering.set_params(**params).fit(X, y)
    assert memory.n_entries == 2


def test_other_data_emotions_weights_and_held_out_speakers_are_other_fits(remembering, spoken, memory):
    X, y, speakers = spoken
    louder = X.copy()
    louder[0, 0, 0] += 1
    remembering.set_params(early_stopping=True, validation_fraction=0.25)
    remembering.fit(X, y)
    remembering.fit(louder, y)
    remembering.fit(X[::-1], y[::-1])
    remembering.fit(X, y[::-1])
    remembering.fit(X, y, sample_weight=1 + np.arange(len(X)))
    remembering.fit(X, y, groups=speakers)
    assert memory.n_entries == 6


def test_a_fit_that_may_come_out_differently_next_time_is_neither_kept_nor_loaded(
    remembering, spoken, memory
):
    import keras

    X, y, _ = spoken
    stopping = keras.callbacks.EarlyStopping(monitor="loss")
    for params, reason in (
        ({"random_state": None}, "random_state must be an integer for that; got None"),
        ({"random_state": np.random.RandomState(0)}, "random_state must be an integer"),
        ({"callbacks": [stopping]}, "callbacks=.* cannot be compared"),
        ({"network": averaging_network, "architecture": "hybrid", "filters": None}, "network=<function"),
    ):
        with pytest.warns(SerWarning, match=f"neither looks for this fit in memory nor keeps it: .*{reason}"):
            clone(remembering).set_params(**params).fit(X, y)
    assert memory.n_entries == 0


def test_a_training_that_fails_is_not_kept(remembering, spoken, memory):
    X, y, _ = spoken
    for _ in range(2):
        with pytest.raises(NetworkError, match="Training diverged"):
            clone(remembering).set_params(learning_rate=1e30, optimizer="sgd", epochs=3).fit(X, y)
    assert memory.n_entries == 0


def test_a_damaged_entry_is_trained_anew(remembering, spoken, memory):
    X, y, _ = spoken
    before = clone(remembering).fit(X, y)
    (entry,) = memory.location.rglob("*.entry")
    entry.write_bytes(entry.read_bytes()[:-1] + b"?")
    with pytest.warns(DamagedCacheWarning, match="cut short or altered"):
        after = clone(remembering).fit(X, y)
    assert_same_fit(before, after, X)
    assert_same_fit(before, clone(remembering).fit(X, y), X)


def test_a_fault_of_the_memory_is_told_before_training_or_costs_no_result(remembering, spoken, memory, capfd):
    X, y, _ = spoken
    with pytest.raises(ValueError, match="max_bytes must be a whole number"):
        remembering.set_params(memory=DiskCache(memory.location, max_bytes=-1), verbose=2).fit(X, y)
    assert n_trained(capfd) == 0
    memory.location.touch()  # a file where the folder should be
    with pytest.warns(SerWarning, match="cannot be stored"):
        fitted = clone(remembering).set_params(memory=memory).fit(X, y)
    assert_same_fit(fitted, clone(remembering).set_params(memory=None).fit(X, y), X)


def test_processes_of_a_search_and_of_the_next_share_what_they_train(remembering, spoken, memory):
    X, y, _ = spoken
    # Each candidate is asked for twice: eight tasks are four fits, and one more is of all X.
    grid = {"filters": [2, 3], "verbose": [0, 0]}
    first = GridSearchCV(remembering, grid, cv=2, n_jobs=2).fit(X, y)
    assert memory.n_entries == 5
    second = GridSearchCV(clone(remembering), grid, cv=2, n_jobs=2).fit(X, y)
    assert memory.n_entries == 5
    for split in range(2):
        scores = first.cv_results_[f"split{split}_test_score"]
        np.testing.assert_array_equal(scores[::2], scores[1::2])
        np.testing.assert_array_equal(second.cv_results_[f"split{split}_test_score"], scores)


def test_a_process_with_another_number_of_threads_makes_other_fits():
    program = "from sklearn_ser.classification._backend import describe_backend; print(describe_backend())"
    environment = {**os.environ, "OMP_NUM_THREADS": "3"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() != describe_backend()


def test_a_search_that_is_killed_repeats_at_most_the_fit_under_way(tmp_path, monkeypatch, capsys):
    delays = random.Random(0)

    def begin(memory, output):
        return subprocess.Popen(
            [sys.executable, "-u", "-c", SEARCH, str(memory)],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def finish(memory, log):
        with log.open("a") as output:
            assert begin(memory, output).wait() == 0, log.read_text()
        return log.read_text().rpartition("scores ")[2]

    monkeypatch.setattr(sys, "argv", ["-c", str(tmp_path / "other")])
    exec(SEARCH, {})
    undisturbed = capsys.readouterr().out.rpartition("scores ")[2]
    log, memory = tmp_path / "killed.log", DiskCache(tmp_path / "memory")
    n_kills = 2
    for _ in range(n_kills):
        n_before = log.read_text().count(BEGINNING) if log.exists() else 0
        with log.open("a") as output:
            process = begin(memory.location, output)
            while log.read_text().count(BEGINNING) == n_before:  # what comes before has nothing to lose
                assert process.poll() is None, log.read_text()
                time.sleep(0.02)
            time.sleep(delays.uniform(0, 0.5))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert memory.n_entries < 9, "the search was over before it was killed"
    assert finish(memory.location, log) == undisturbed
    assert memory.n_entries == 9  # 2 x 2 candidates on 2 folds, and the best on all recordings
    assert log.read_text().count(BEGINNING) <= 9 + n_kills
