"""Time predictions of the default classifier: by predict_proba, and as Keras computes a model.

Run from the repository's root on the recordings of a folder, on an otherwise idle machine::

    TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1 \
        python -m tests.benchmarks.bench_prediction path/to/ravdess

Frames of 256 recordings, and of a single one, through the same two networks on one core: by
``predict_proba``; by calling the Keras model on batches of 32, filled up as ``predict_proba`` fills its own;
and by Keras' ``predict``, whose probabilities depend on the company of a recording. In turns, medians of
several repeats after one that is not counted; features are not timed. What the first prediction takes, of a
classifier and of another one of the same kind, is printed before.
"""

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

BATCH_SIZE = 32


def call_in_batches(network, X):
    """Call a Keras model, layer by layer."""
    rows = []
    for start in range(0, len(X), BATCH_SIZE):
        batch = X[start : start + BATCH_SIZE]
        filled = np.zeros((BATCH_SIZE, *X.shape[1:]), np.float32)
        filled[: len(batch)] = batch
        rows.append(np.asarray(network(filled, training=False))[: len(batch)])
    return np.concatenate(rows)


def in_turns(ways, repeats):
    """Time each way of several, in turns; give medians in seconds."""
    seconds = {name: [] for name in ways}
    for repeat in range(-1, repeats):
        for name, way in ways.items():
            begin = time.perf_counter()
            way()
            if repeat >= 0:
                seconds[name].append(time.perf_counter() - begin)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, load_ravdess

    corpus = load_ravdess(options.folder)
    paths, y = np.array(corpus.data)[:256], np.array(corpus.target)[:256]
    X = MFCCTransformer(verbose=0).fit_transform(paths)
    first, fitted = (CNNEmotionClassifier(epochs=1, random_state=seed).fit(X, y) for seed in (0, 1))
    begin = time.perf_counter()
    first.predict_proba(X[:1])
    traced = time.perf_counter() - begin
    begin = time.perf_counter()
    fitted.predict_proba(X[:1])
    again = time.perf_counter() - begin
    print(f"first prediction in the process {traced:.2f} s, of a second classifier {again:.2f} s")
    network = fitted.network_
    for frames in (X[:1], X):
        medians = in_turns(
            {
                "predict_proba": lambda frames=frames: fitted.predict_proba(frames),
                "Keras, layer by layer": lambda frames=frames: call_in_batches(network, frames),
                "Keras' predict": lambda frames=frames: network.predict(
                    frames, batch_size=BATCH_SIZE, verbose=0
                ),
            },
            options.repeats,
        )
        for name, seconds in medians.items():
            each, ratio = 1000 * seconds / len(frames), seconds / medians["predict_proba"]
            print(f"{len(frames):4} recordings  {name:22} {each:7.1f} ms each ({ratio:.1f})")


if __name__ == "__main__":
    main()
