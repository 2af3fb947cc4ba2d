"""What a fitted classifier is worth in another process, and what such a process says."""

import os
import subprocess
import sys

import joblib
import numpy as np
import pytest

FIT_TO_A_FILE = """
import sys, joblib, numpy as np
from sklearn_ser.classification import CNNEmotionClassifier
X, y = (np.load(path) for path in sys.argv[1:3])
fitted = CNNEmotionClassifier(architecture="plain", filters=4, n_blocks=1, epochs=2, random_state=0).fit(X, y)
np.save(sys.argv[3], fitted.predict_proba(X))
"""

SEARCH = """
import sys, numpy as np
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn_ser.classification import CNNEmotionClassifier
X, y, speakers = (np.load(path) for path in sys.argv[1:4])
search = GridSearchCV(
    CNNEmotionClassifier(architecture="plain", filters=2, n_blocks=1, epochs=1, random_state=0),
    {"pooling": ["average", "max", "stride", None][: int(sys.argv[5])], "stride": [1, 2]},
    cv=GroupKFold(2),
    n_jobs=int(sys.argv[4]),
).fit(X, y, groups=speakers)
print(search.cv_results_["mean_test_score"].tolist())
"""

LOAD = """
import sys, joblib, numpy as np
fitted = joblib.load(sys.argv[1])
np.save(sys.argv[3], fitted.predict_proba(np.load(sys.argv[2])))
print(*fitted.classes_)
"""


@pytest.fixture
def files(spoken, tmp_path):
    paths = [tmp_path / f"{name}.npy" for name in ("X", "y", "speakers")]
    for path, array in zip(paths, spoken, strict=True):
        np.save(path, array)
    return [str(path) for path in paths]


def run(program, *arguments):
    """Run a program as a user would: no setting that quietens TensorFlow."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_same_random_state_gives_the_same_predictions_in_another_process(small, spoken, files, tmp_path):
    X, y, _ = spoken
    done = run(FIT_TO_A_FILE, *files[:2], tmp_path / "there.npy")
    np.testing.assert_array_equal(small.fit(X, y).predict_proba(X), np.load(tmp_path / "there.npy"))
    assert done.stderr == ""


def test_a_saved_classifier_predicts_alike_in_a_new_process_and_keeps_its_emotions(
    small, spoken, files, tmp_path
):
    X, y, _ = spoken
    joblib.dump(small.fit(X, y), tmp_path / "emotions.joblib")
    done = run(LOAD, tmp_path / "emotions.joblib", files[0], tmp_path / "there.npy")
    assert done.stdout.split() == ["angry", "calm", "happy", "sad"]
    np.testing.assert_array_equal(small.predict_proba(X), np.load(tmp_path / "there.npy"))


# TensorFlow has something to say of the sixth network that a process trains, and of each process that starts.
@pytest.mark.parametrize(("n_jobs", "n_poolings"), [(1, 4), (2, 1)])
def test_a_search_writes_nothing_to_standard_error(files, n_jobs, n_poolings):
    assert run(SEARCH, *files, n_jobs, n_poolings).stderr == ""


def test_the_backend_starts_with_the_threads_that_joblib_gives_a_worker(monkeypatch):
    program = """
import os
from sklearn_ser.classification._backend import start_keras
before = len(os.listdir("/proc/self/task"))
start_keras()
print(len(os.listdir("/proc/self/task")) - before, "NPROC" in os.environ)
"""
    started = {}
    for n_threads in ("1", "12"):
        monkeypatch.setenv("OMP_NUM_THREADS", n_threads)
        started[n_threads], is_left_behind = run(program).stdout.split()
        assert is_left_behind == "False"
    assert int(started["12"]) - int(started["1"]) >= 11


def test_an_error_during_start_up_still_reaches_the_user():
    program = """
import os
from sklearn_ser.classification._backend import _chatter_held_back
with _chatter_held_back():
    os.write(2, b"I0000 00:00:1.1 1 port.cc:153] oneDNN custom operations are on.\\n")
    os.write(2, b"Traceback: the disk is full\\n")
"""
    assert run(program).stderr == "Traceback: the disk is full\n"
