"""Score recipes on RAVDESS speech: unseen speakers, several seeds, and a random split beside them.

Run from the repository's root on the recordings of a folder; what it has done is in the file of results::

    python -m tests.benchmarks.ravdess_accuracy path/to/ravdess --results results.csv

The 1,440 recordings are labelled with 8 emotions by networks (or other classifiers) that were trained on
recordings of other speakers: the five folds of Luna-Jiménez et al. (Sensors 21:7665, 2021), each scored once
per seed. Nothing is chosen here: all recipes train for a number of epochs that is fixed beforehand, and
standardise by their training part. "random" splits the same recordings into five stratified folds without
regard to speakers, which flatters.

Each fit is a line of the file, with the probabilities that it predicted (as bytes, in half precision); those
that are in it already are not made again, so that a run that was stopped goes on. The table is made from the
file: balanced accuracy of all recordings, mean and standard deviation over seeds; a 95 % interval of the mean
over seeds, Student's with the deviation of a bootstrap over the 24 speakers, as ``evaluate`` has it; each
fold; the worst and the best speaker. "average of 5" averages the probabilities of the networks of five seeds.
"""

import argparse
import csv
import os
import time
from base64 import b64decode, b64encode
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, confusion_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.datasets import load_ravdess
from sklearn_ser.evaluation._speaker_bootstrap import draw_scores, interval_of_score, standard_error
from sklearn_ser.features import DeltaTransformer, FunctionalsTransformer, MFCCTransformer
from sklearn_ser.model_selection import published_folds

FOLDS = published_folds("ravdess", "luna")
N_FOLDS = FOLDS.get_n_splits()
# One thread a process: scores do not depend on how many processes there are.
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
FIELDS = ("recipe", "split", "fold", "seed", "seconds", "probabilities")
ARCHITECTURES = ("plain", "sb_cnn", "ds_cnn", "deep_net", "residual")
# An epoch of these takes ten times as long as the default network's.
SLOW_ARCHITECTURES = ("cnn_lstm", "erann")
# As a first network is often written: nothing changes in training, and the steps keep their size.
BARE = {
    "time_stretch": 0.0,
    "frequency_warp": 0.0,
    "gain": 0.0,
    "learning_rate_schedule": "constant",
    "label_smoothing": 0.0,
    "epochs": 40,
}


def _functionals(classifier):
    return make_pipeline(
        MFCCTransformer(n_mfcc=40, verbose=0),
        DeltaTransformer(),
        FunctionalsTransformer(),
        StandardScaler(),
        classifier,
    )


def _network(**params):
    return lambda seed: make_pipeline(
        MFCCTransformer(verbose=0), CNNEmotionClassifier(**params, random_state=seed)
    )


# By name: whether seeds matter, and a pipeline for a seed.
RECIPES = {
    "default": (True, _network()),
    "one network": (True, _network(n_networks=1, filters=16)),
    "plain, bare": (True, _network(architecture="plain", **BARE)),
    **{name: (True, _network(architecture=name)) for name in ARCHITECTURES},
    **{f"{name}, 20 epochs": (True, _network(architecture=name, epochs=20)) for name in SLOW_ARCHITECTURES},
    "functionals, logistic regression": (
        False,
        lambda seed: _functionals(LogisticRegression(C=0.01, class_weight="balanced", max_iter=2000)),
    ),
    "functionals, SVC": (False, lambda seed: _functionals(SVC(class_weight="balanced"))),
}


def split_into_folds(corpus, split):
    """Give the fold that each recording is tested in."""
    fold = np.empty(len(corpus.data), dtype=int)
    if split == "speakers":
        sides = FOLDS.split(corpus.data, groups=corpus.groups)
    else:
        splitter = StratifiedKFold(N_FOLDS, shuffle=True, random_state=0)
        sides = splitter.split(corpus.data, corpus.target)
    for index, (_, test) in enumerate(sides):
        fold[test] = index
    return fold


def run(corpus, recipe, split, index, seed):
    """Train on all folds but one, and give a line for that one."""
    fold = split_into_folds(corpus, split)
    paths, emotions = np.array(corpus.data), np.array(corpus.target)
    train, test = fold != index, fold == index
    begin = time.perf_counter()
    pipe = RECIPES[recipe][1](seed).fit(paths[train], emotions[train])
    if hasattr(pipe, "predict_proba"):
        probabilities = pipe.predict_proba(paths[test])
    else:
        probabilities = pipe.predict(paths[test])[:, np.newaxis] == np.unique(emotions)
    seconds = round(time.perf_counter() - begin, 1)
    written = b64encode(probabilities.astype(np.float16).tobytes()).decode()
    return dict(zip(FIELDS, (recipe, split, index, seed, seconds, written), strict=True))


def read(results):
    """Read the lines of a file of results; there may be none yet."""
    if not results.exists():
        return []
    with results.open(newline="") as lines:
        return [row | {"fold": int(row["fold"]), "seed": int(row["seed"])} for row in csv.DictReader(lines)]


def add(row, results, fields=FIELDS):
    """Add a line to a file of results, and the names of its columns to a new one."""
    is_new = not results.exists()
    with results.open("a", newline="") as file:
        writer = csv.DictWriter(file, fields)
        if is_new:
            writer.writeheader()
        writer.writerow(row)


def probabilities_by_seed(fold, rows, recipe, split):
    """Gather what was predicted of all recordings: shape (n_seeds, n_recordings, n_emotions)."""
    by_seed = {}
    for row in rows:
        if (row["recipe"], row["split"]) == (recipe, split):
            values = np.frombuffer(b64decode(row["probabilities"]), dtype=np.float16)
            by_seed.setdefault(row["seed"], {})[row["fold"]] = values.reshape(np.sum(fold == row["fold"]), -1)
    complete = [of_folds for of_folds in by_seed.values() if len(of_folds) == N_FOLDS]
    gathered = np.zeros((len(complete), len(fold), 8))
    for of_seed, of_folds in zip(gathered, complete, strict=True):
        for index, values in of_folds.items():
            of_seed[fold == index] = values
    return gathered


def summarise(corpus, fold, predictions, name):
    """Give one line of the table, for predictions of shape (n_seeds, n_recordings)."""
    emotions, truth = np.unique(corpus.target, return_inverse=True)
    scores = [balanced_accuracy_score(truth, predicted) for predicted in predictions]
    of_folds = [
        np.mean([balanced_accuracy_score(truth[fold == index], p[fold == index]) for p in predictions])
        for index in range(N_FOLDS)
    ]
    speakers = np.unique(corpus.groups)
    tables = np.array([  # shape (n_speakers, n_seeds, n_emotions, n_emotions)
        [confusion_matrix(truth[own], p[own], labels=range(len(emotions))) for p in predictions]
        for own in (np.array(corpus.groups) == speaker for speaker in speakers)
    ])  # fmt: skip
    (drawn,) = draw_scores(tables)
    error = standard_error(drawn[:, 0], len(speakers))
    ends = interval_of_score(np.mean(scores), error, len(speakers))
    right, all_ = np.einsum("stee->se", tables), tables.sum(axis=(1, 3))
    of_speakers = (right / all_).mean(axis=1)
    values = (np.mean(scores), np.std(scores), *ends, *of_folds)
    extremes = f"{100 * of_speakers.min():.0f} to {100 * of_speakers.max():.0f}"
    return (*name, len(predictions), *(f"{100 * value:.1f}" for value in values), extremes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=list(RECIPES))
    parser.add_argument("--splits", nargs="+", choices=("speakers", "random"), default=["speakers", "random"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--n-jobs", type=int, default=2)
    options = parser.parse_args()
    os.environ.update(ONE_THREAD)
    corpus = load_ravdess(options.folder)
    rows = read(options.results)
    made = {(row["recipe"], row["split"], row["fold"], row["seed"]) for row in rows}
    wanted = [
        (recipe, split, index, seed)
        for seed in range(options.seeds)
        for recipe in options.recipes
        if seed == 0 or RECIPES[recipe][0]
        for split in options.splits
        for index in range(N_FOLDS)
    ]
    left = [task for task in wanted if task not in made]
    lines = Parallel(n_jobs=options.n_jobs, return_as="generator_unordered", batch_size=1)(
        delayed(run)(corpus, *task) for task in left
    )
    for count, row in enumerate(lines, start=1):
        add(row, options.results)
        task = f"{row['recipe']}, {row['split']}, fold {row['fold']}, seed {row['seed']}"
        print(f"{count} of {len(left)}: {task}: {row['seconds']} s", flush=True)
    rows = read(options.results)
    table = []
    for recipe in options.recipes:
        for split in options.splits:
            fold = split_into_folds(corpus, split)
            gathered = probabilities_by_seed(fold, rows, recipe, split)
            if len(gathered):
                table.append(summarise(corpus, fold, gathered.argmax(axis=2), (recipe, split)))
            if len(gathered) > 1:
                together = gathered.mean(axis=0, keepdims=True).argmax(axis=2)
                name = f"{recipe}, average of {len(gathered)}"
                table.append(summarise(corpus, fold, together, (name, split)))
    columns = ["recipe", "split", "seeds", "mean", "sd", "from", "to", *map(str, range(1, 6)), "speakers"]
    print(pd.DataFrame(table, columns=columns).to_string(index=False))


if __name__ == "__main__":
    main()
