"""Time a grid search from recordings to ``best_estimator_``: the pipeline people write, and this library's.

Run from the repository's root on the recordings of a folder, on an otherwise idle machine::

    python -m tests.benchmarks.bench_search path/to/ravdess

8 candidates (average or maximum pools, convolution strides of 1 or 2, ReLU or leaky ReLU) on 4 folds of
speakers, two processes, then the best one fitted on everything. Both sides train the network of
``bench_training``, for as many epochs, in batches of the same size, on MFCC of librosa's definition. The
pipeline people write has a loop over ``librosa.load`` and ``librosa.feature.mfcc`` in a transformer, and
SciKeras' KerasClassifier; nothing is kept between fits. Ours has ``memory=`` of MFCCTransformer, empty at
first, and is timed on JAX as well where that is installed, after a search that is not timed and leaves its
compiled programs on disk. Each search is a process of its own, in turns, whose start counts.
"""

import argparse
import importlib.util
import json
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from tests.benchmarks.bench_training import EPOCHS, FILTERS, N_FRAMES, run_in_turns, scikeras_network

SAMPLE_RATE, HOP = 16000, 320
GRID = {"pooling": ["average", "max"], "stride": [1, 2], "activation": ["relu", "leaky_relu"]}


class LibrosaMFCC(TransformerMixin, BaseEstimator):
    """MFCC as tutorials compute them, cut or padded to the same number of frames."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        import librosa

        frames = np.zeros((len(X), N_FRAMES, 40), np.float32)
        for row, path in zip(frames, X, strict=True):
            waveform, _ = librosa.load(path, sr=SAMPLE_RATE)
            mfcc = librosa.feature.mfcc(y=waveform, sr=SAMPLE_RATE, n_mfcc=40, n_fft=512, hop_length=HOP)
            found = mfcc.T[:N_FRAMES]
            row[: len(found)] = found
        return frames


def theirs(memory):
    """Write the pipeline people write."""
    from scikeras.wrappers import KerasClassifier

    classifier = KerasClassifier(
        scikeras_network, loss="sparse_categorical_crossentropy", optimizer="adam", epochs=EPOCHS,
        batch_size=32, verbose=0, pooling="average", stride=1, activation="relu", normalises=True,
    )  # fmt: skip
    return Pipeline([("mfcc", LibrosaMFCC()), ("cnn", classifier)])


def ours(memory):
    """Describe the same to this library."""
    from sklearn_ser import CNNEmotionClassifier, MFCCTransformer

    mfcc = MFCCTransformer(
        sample_rate=SAMPLE_RATE, n_mfcc=40, duration=(N_FRAMES - 1) * HOP / SAMPLE_RATE, crop="start",
        memory=memory, verbose=0,
    )  # fmt: skip
    classifier = CNNEmotionClassifier(
        architecture="plain", filters=FILTERS, head="gap", dense_units=64, dropout=0.2, time_stretch=0,
        feature_axis="unordered", label_smoothing=0, learning_rate_schedule="constant", epochs=EPOCHS,
    )  # fmt: skip
    return Pipeline([("mfcc", mfcc), ("cnn", classifier)])


MAKERS = {"pipeline people write": theirs, "sklearn-ser": ours, "sklearn-ser, JAX": ours}


def search(name, folder, n_speakers):
    """Search, and say what it took and what it found."""
    begin = time.perf_counter()
    from sklearn_ser import load_ravdess

    corpus = load_ravdess(folder)
    chosen = np.isin(corpus.groups, np.unique(corpus.groups)[:n_speakers])
    paths, emotions, speakers = (np.array(a)[chosen] for a in (corpus.data, corpus.target, corpus.groups))
    with tempfile.TemporaryDirectory() as memory:
        grid = GridSearchCV(
            MAKERS[name](memory), {f"cnn__{key}": values for key, values in GRID.items()},
            cv=StratifiedGroupKFold(4), scoring="balanced_accuracy", n_jobs=2, error_score="raise",
        ).fit(paths, emotions, groups=speakers)  # fmt: skip
    scores = grid.cv_results_["mean_test_score"]
    print(json.dumps({"seconds": time.perf_counter() - begin, "best": scores.max(), "mean": scores.mean()}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--speakers", type=int, default=24, help="the first ones only, to be quicker")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    names = [name for name in MAKERS if "JAX" not in name or importlib.util.find_spec("jax")]
    arguments = f"{{name!r}}, {str(options.folder)!r}, {options.speakers}"
    call = f"from tests.benchmarks.bench_search import search; search({arguments})"
    results = run_in_turns(names, call, options.repeats)
    reference = statistics.median(found["seconds"] for found in results[names[0]])
    for name, found in results.items():
        seconds = statistics.median(one["seconds"] for one in found)
        best, mean = (statistics.mean(one[key] for one in found) for key in ("best", "mean"))
        print(f"{name:22} {seconds:6.1f} s ({reference / seconds:.1f} times as fast)   balanced accuracy "
              f"{best:.3f} of the best candidate, {mean:.3f} on average")  # fmt: skip


if __name__ == "__main__":
    main()
