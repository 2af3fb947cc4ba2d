"""Searches on more than one process of a cluster, against the same search in this one."""

import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import joblib
import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import Pipeline

from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, Recordings, make_emotional_speech
from sklearn_ser.caching import DiskCache

# A task is one fit, whose own parameters and positions take some kB whatever the recordings take.
MOST_BYTES_A_FIT = 20_000

SEQUENTIAL = """
import sys, joblib
search, X, y, groups = joblib.load(sys.argv[1])
joblib.dump(search.fit(X, y, groups=groups).cv_results_, sys.argv[2])
"""

# The first process that is at work there is killed once a fit is kept.
ON_RAY = """
import os, signal, sys, threading, time, joblib, psutil, ray
from ray.util.joblib import register_ray
search, X, y, groups = joblib.load(sys.argv[1])
memory = search.estimator.named_steps["cnn"].memory
register_ray()
ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=10**8)

def kill_after_the_first_fit():
    while memory.n_entries < 1:
        time.sleep(0.02)
    workers = [p for p in psutil.Process().children(recursive=True) if "PoolActor" in " ".join(p.cmdline())]
    if memory.n_entries < 8:
        workers[0].kill()
        killed.append(workers[0].pid)

killed = []
killer = threading.Thread(target=kill_after_the_first_fit, daemon=True)
killer.start()
started_anew = {"max_restarts": 3, "max_task_retries": 3}
with joblib.parallel_config(backend="ray", n_jobs=2, ray_remote_args=started_anew):
    search.fit(X, y, groups=groups)
killer.join()
assert killed, "the search was over before a worker was killed"
joblib.dump(search.cv_results_, sys.argv[2])
ray.shutdown()
"""


def search_over(estimator, prefix=""):
    grid = {f"{prefix}pooling": ["average", "max"], f"{prefix}dropout": [0.0, 0.5]}
    return GridSearchCV(estimator, grid, cv=GroupKFold(2), error_score="raise", refit=False)


def network(**params):
    return CNNEmotionClassifier(
        architecture="plain", filters=4, n_blocks=1, epochs=2, random_state=0, **params
    )


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """Files, their emotions and speakers."""
    import soundfile

    corpus = make_emotional_speech(
        n_speakers=4, n_repetitions=1, n_intensities=1, n_statements=2, emotions=("angry", "sad", "happy"),
        random_state=0,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("recordings")
    paths = [str(folder / f"{index}.wav") for index in range(len(corpus.data))]
    for path, waveform in zip(paths, corpus.data, strict=True):
        soundfile.write(path, waveform, 16_000, subtype="FLOAT")
    return np.array(paths), corpus.target, corpus.groups


def pipeline(**params):
    mfcc = MFCCTransformer(duration=2, crop="center", n_mfcc=8, n_mels=8)
    return Pipeline([("mfcc", mfcc), ("cnn", network(**params))])


@pytest.fixture
def search_of_paths():
    return search_over(pipeline(), "cnn__")


@pytest.fixture(scope="module")
def sequential(spoken, tmp_path_factory):
    """``cv_results_`` of the search in one process, with as many threads as a worker has."""
    return run(SEQUENTIAL, tmp_path_factory.mktemp("sequential"), search_over(pipeline(), "cnn__"), *spoken)


def run(program, folder, *task):
    """Hand a search and its data to a program; give the ``cv_results_`` that it leaves."""
    joblib.dump(task, folder / "task")
    files = [str(folder / "task"), str(folder / "result")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "RAY_USAGE_STATS_ENABLED": "0"}
    subprocess.run([sys.executable, "-c", program, *files], env=environment, check=True, timeout=300)
    return joblib.load(folder / "result")


def assert_same_scores(found, expected):
    assert found["params"] == expected["params"]
    for split in range(2):
        name = f"split{split}_test_score"
        np.testing.assert_array_equal(found[name], expected[name])


@pytest.fixture(scope="module")
def dask_client():
    distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Dask's own start
        cluster = distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        )
        client = distributed.Client(cluster)
    yield client
    client.close()
    cluster.close()


def bytes_sent(client):
    return client.scheduler_comm.byte_count


def test_a_search_on_dask_scores_as_a_sequential_one_and_sends_paths(
    dask_client, spoken, search_of_paths, sequential
):
    paths, emotions, speakers = spoken
    before = bytes_sent(dask_client)
    with joblib.parallel_config(backend="dask"):
        search_of_paths.fit(paths, emotions, groups=speakers)
    assert_same_scores(search_of_paths.cv_results_, sequential)
    n_fits = 4 * 2
    assert bytes_sent(dask_client) - before < n_fits * MOST_BYTES_A_FIT
    assert set(dask_client.run(os.getenv, "OMP_NUM_THREADS").values()) == {"1"}


@pytest.mark.parametrize("knows_speakers", [False, True], ids=["array", "Recordings"])
@pytest.mark.parametrize("is_named", [True, False], ids=["scatter=", "by itself"])
def test_frames_go_to_a_dask_worker_once_and_not_with_every_fit(dask_client, rng, is_named, knows_speakers):
    X, y, speakers = rng.normal(size=(24, 400, 40)), np.tile(["angry", "sad"], 12), np.repeat(range(4), 6)
    X = X.astype(np.float32)
    n_bytes = X.nbytes
    X = Recordings(X, speakers) if knows_speakers else X
    search = GridSearchCV(
        DummyClassifier(), {"strategy": ["prior", "most_frequent", "uniform"]}, cv=GroupKFold(2), refit=False
    )
    before = bytes_sent(dask_client)
    with joblib.parallel_config(backend="dask", **({"scatter": [X, y]} if is_named else {})):
        search.fit(X, y, groups=speakers)
    assert bytes_sent(dask_client) - before < 6 * MOST_BYTES_A_FIT < n_bytes


def test_a_search_on_dask_ends_with_the_same_scores_when_a_worker_is_killed(
    dask_client, spoken, search_of_paths, sequential, tmp_path
):
    paths, emotions, speakers = spoken
    memory = DiskCache(tmp_path / "fits")
    (victim, *_) = dask_client.run(os.getpid).values()
    # Lists go with each task. An array of more than a kilobyte is lost with the worker that was sent it.
    splits = GroupKFold(2).split(paths, emotions, speakers)
    cv = [(train.tolist(), test.tolist()) for train, test in splits]
    search = search_of_paths.set_params(estimator__cnn__memory=memory, cv=cv)

    def kill_after_the_first_fit():
        while memory.n_entries < 1:
            time.sleep(0.02)
        n_before.append(memory.n_entries)
        os.kill(victim, signal.SIGKILL)

    n_before = []
    killer = threading.Thread(target=kill_after_the_first_fit, daemon=True)
    killer.start()
    with joblib.parallel_config(backend="dask"):
        search.fit(paths.tolist(), emotions.tolist(), groups=speakers)
    killer.join()
    assert n_before[0] < 8, "the search was over before the worker was killed"
    assert victim not in dask_client.run(os.getpid).values()
    assert_same_scores(search.cv_results_, sequential)
    assert memory.n_entries == 8


def test_a_search_on_ray_scores_as_a_sequential_one_although_a_worker_is_killed(
    spoken, search_of_paths, sequential, tmp_path
):
    pytest.importorskip("ray", reason="the extra ray is not installed")
    pytest.importorskip("psutil", reason="psutil, by which a worker is found to be killed, is not installed")
    memory = DiskCache(tmp_path / "fits")
    search = search_of_paths.set_params(estimator__cnn__memory=memory)
    assert_same_scores(run(ON_RAY, tmp_path, search, *spoken), sequential)
    assert memory.n_entries == 8
