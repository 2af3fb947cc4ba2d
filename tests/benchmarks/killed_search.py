"""Kill a search again and again with SIGKILL, and count the fits that it makes twice.

Run from the repository's root on the recordings of a folder::

    python -m tests.benchmarks.killed_search path/to/ravdess

8 candidates on 4 folds of speakers, in two processes, on the recordings of some speakers; ``memory=`` of
CNNEmotionClassifier keeps the fits. The search is done once without being disturbed, with a memory of its
own. Then it is started and all of its processes are killed, 20 times, each at a random moment after its first
fit has begun; and started once more, to its end. At most one fit a process and kill may be made twice, and
the scores must be those of the search that was left alone, bit by bit.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

BEGINNING = "Epoch 1/"  # said by Keras at the start of a training; a fit that is loaded does not train
N_JOBS = 2
GRID = {"pooling": ["average", "max"], "stride": [1, 2], "activation": ["relu", "leaky_relu"]}
N_FITS = 8 * 4 + 1  # the last is that of the best candidate on everything


def search(folder, memory, n_speakers, epochs):
    """Search, and print every score of every fold."""
    from sklearn.model_selection import GridSearchCV, GroupKFold

    from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, load_ravdess

    corpus = load_ravdess(folder)
    is_in = np.isin(corpus.groups, np.unique(corpus.groups)[:n_speakers])
    frames = MFCCTransformer(verbose=0).fit_transform(np.array(corpus.data)[is_in])
    network = CNNEmotionClassifier(
        architecture="plain", filters=16, epochs=epochs, random_state=0, memory=memory, verbose=2
    )
    results = GridSearchCV(network, GRID, cv=GroupKFold(4), n_jobs=N_JOBS, error_score="raise").fit(
        frames, np.array(corpus.target)[is_in], groups=np.array(corpus.groups)[is_in]
    ).cv_results_  # fmt: skip
    scores = [results[f"split{fold}_test_score"] for fold in range(4)]
    print("scores", *(float(score).hex() for of_fold in scores for score in of_fold), flush=True)


def start(command, log):
    """Start a search in a group of processes of its own, which can be killed together."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=log.open("a"), start_new_session=True, env=environment)


def n_begun(log):
    """Count the trainings that have begun."""
    return log.read_text().count(BEGINNING)


def scores_in(log):
    """Give the scores that a search has printed."""
    return [line for line in log.read_text().splitlines() if line.startswith("scores")][-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--speakers", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.memory is not None:
        search(options.folder, options.memory, options.speakers, options.epochs)
        return
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        logs = {name: Path(folder, f"{name}.log") for name in ("alone", "killed")}
        commands = {
            name: [sys.executable, "-m", "tests.benchmarks.killed_search", str(options.folder),
                   "--memory", str(Path(folder, name)),
                   "--speakers", str(options.speakers), "--epochs", str(options.epochs)]
            for name in logs
        }  # fmt: skip
        begin = time.perf_counter()
        start(commands["alone"], logs["alone"]).wait()
        seconds = time.perf_counter() - begin
        a_fit = seconds * N_JOBS / N_FITS
        print(f"left alone: {n_begun(logs['alone'])} fits in {seconds:.0f} s", flush=True)
        n_kills = 0
        for _ in range(options.kills):
            logs["killed"].touch()
            before = n_begun(logs["killed"])
            process = start(commands["killed"], logs["killed"])
            while n_begun(logs["killed"]) == before and process.poll() is None:
                time.sleep(0.05)
            time.sleep(rng.uniform(0, 1.5 * a_fit))
            if process.poll() is None:
                n_kills += 1
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                break
            process.wait()
        start(commands["killed"], logs["killed"]).wait()
        n_repeated = n_begun(logs["killed"]) - n_begun(logs["alone"])
        equal = "equal" if scores_in(logs["killed"]) == scores_in(logs["alone"]) else "DIFFERENT"
        print(f"killed {n_kills} times: {n_repeated} fits made twice, of {N_JOBS * n_kills} that may be; "
              f"scores {equal}")  # fmt: skip


if __name__ == "__main__":
    main()
