"""Time a search over CNN parameters with and without a memory of features, and count what is computed.

Run from the repository's root on the recordings of a folder, on an otherwise idle machine::

    python -m tests.benchmarks.bench_search_memory path/to/ravdess

The search has 8 candidates and 4 folds; the network is small and trained for one epoch, so that features are
what is timed. ``Pipeline(memory=...)`` is scikit-learn's own cache, which keeps the features of each training
part. Two of the 1,440 recordings of RAVDESS are the same to the byte, and are computed as one.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from sklearn_ser import CNNEmotionClassifier, load_ravdess
from tests.features.transformers import CountingMFCCTransformer

GRID = {
    "cnn__pooling": ["average", "max"],
    "cnn__stride": [1, 2],
    "cnn__activation": ["relu", "leaky_relu"],
}


def search(corpus, folder, *, memory, memory_of_pipeline):
    """Run the search; give its seconds and how many recordings were computed."""
    ledger = Path(folder) / "ledger"
    mfcc = CountingMFCCTransformer(ledger=str(ledger), memory=memory)
    cnn = CNNEmotionClassifier(architecture="plain", filters=4, n_blocks=1, epochs=1, random_state=0)
    pipe = Pipeline([("mfcc", mfcc), ("cnn", cnn)], memory=memory_of_pipeline)
    folds = StratifiedGroupKFold(4)
    made = GridSearchCV(pipe, GRID, cv=folds, scoring="balanced_accuracy", n_jobs=2, error_score="raise")
    start = time.perf_counter()
    made.fit(corpus.data, corpus.target, groups=corpus.groups)
    return time.perf_counter() - start, ledger.stat().st_size if ledger.exists() else 0


def main():
    """Compare no memory, scikit-learn's and ours, empty and filled."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    corpus = load_ravdess(parser.parse_args().folder)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = str(Path(folder) / "ours"), str(Path(folder) / "theirs")
        # Twice, as the first search starts the worker processes and is not to be told by that.
        search(corpus, f"{folder}", memory=ours + "0", memory_of_pipeline=None)
        for name, params in {
            "memory= of the transformer": {"memory": ours, "memory_of_pipeline": None},
            "the same, filled": {"memory": ours, "memory_of_pipeline": None},
            "memory= of the pipeline": {"memory": None, "memory_of_pipeline": theirs},
            "no memory": {"memory": None, "memory_of_pipeline": None},
        }.items():
            (Path(folder) / "ledger").unlink(missing_ok=True)
            seconds, n_computed = search(corpus, folder, **params)
            print(
                f"{name:<28}{seconds:7.1f} s   {n_computed:>6} recordings computed of {len(corpus.data)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
