"""Score one change at a time on RAVDESS speech: paired folds of unseen speakers, several seeds.

Run from the repository's root on the recordings of a folder; what it has done is in the file of results::

    python -m tests.benchmarks.ravdess_questions path/to/ravdess --results questions.csv

The network is a small one, so that its 150 fits take an hour and not a day: ``architecture="plain"``,
which has three convolutions over time, with half of its filters (``filters=32``), 15 epochs in place of 60,
on MFCC of which there is one every 40 ms (``hop_length=640``) in place of every 20 ms. All else is the
default's. Each variant changes one thing, and is trained and scored with the same folds and seeds as the
rest; the folds are those of ravdess_accuracy.py. Nothing is chosen here, and the library's defaults do not
follow from it.

"one network a sex" trains one network on the women and one on the men of the training part, and each predicts
the speakers of its sex. "half of the speakers" is what this is to be held against besides the baseline: two
networks again, each trained on as many speakers as the one of a single sex, but women and men, half each,
drawn at random by the seed. "random split" divides the same recordings at random.

Besides, "search" holds successive halving over epochs against a grid search within the training part of a
fold, and "dead units" counts the units that fire for no recording.

Each fit is a line of the file, with what it predicted of each tested recording: the emotions are numbered
from 0 in the order of their names. Those that are in it already are not made again, so that a run that was
stopped goes on. ``--tables examples/questions`` writes what the gallery reads.
"""

import argparse
import json
import os
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, GroupKFold, HalvingGridSearchCV
from sklearn.pipeline import Pipeline

from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.datasets import load_ravdess
from sklearn_ser.features import LogMelTransformer, MFCCTransformer
from sklearn_ser.inspection import dead_units
from tests.benchmarks.ravdess_accuracy import N_FOLDS, ONE_THREAD, add, read, split_into_folds

FIELDS = ("variant", "fold", "seed", "seconds", "score", "details")
NETWORK = {"architecture": "plain", "filters": 32, "epochs": 15}
HOP_LENGTH = 640


@dataclass(frozen=True)
class Variant:
    """What one variant does otherwise than the baseline."""

    params: dict = field(default_factory=dict)
    features: str = "MFCC"
    split: str = "speakers"
    trained_on: str = "all"


VARIANTS = {
    "baseline": Variant(),
    "pooling max": Variant({"pooling": "max"}),
    "pooling stride": Variant({"pooling": "stride"}),
    "stride 2": Variant({"stride": 2}),
    "stride 3": Variant({"stride": 3}),
    "leaky ReLU": Variant({"activation": "leaky_relu"}),
    "one network a sex": Variant(trained_on="own sex"),
    "half of the speakers": Variant(trained_on="half"),
    "13 MFCC": Variant(features="13 MFCC"),
    "40 MFCC": Variant(features="40 MFCC"),
    "log-mel": Variant(features="log-mel"),
    "random split": Variant(split="random"),
}
TRANSFORMERS = {
    "MFCC": MFCCTransformer(hop_length=HOP_LENGTH, verbose=0),
    "13 MFCC": MFCCTransformer(n_mfcc=13, hop_length=HOP_LENGTH, verbose=0),
    "40 MFCC": MFCCTransformer(n_mfcc=40, hop_length=HOP_LENGTH, verbose=0),
    "log-mel": LogMelTransformer(hop_length=HOP_LENGTH, verbose=0),
}
# Candidates of both searches: nine, so that a third of them is left after 2 and a ninth after 6 epochs.
GRID = {"cnn__learning_rate": [3e-4, 1e-3, 3e-3], "cnn__pooling": ["average", "max", "stride"]}
MAX_EPOCHS, N_INNER_FOLDS = 18, 2
SEARCHES = ("search, grid", "search, halving")
# Deep and narrow networks, without what keeps the default alive; and that one.
NARROW = {
    "architecture": "plain",
    "filters": [3] * 8,
    "kernel_size": 1,
    "pooling": None,
    "head": "gap",
    "batch_norm": False,
    "epochs": 5,
}
DEAD = {
    "dead units, he_uniform": NARROW,
    "dead units, he_uniform and batch normalisation": NARROW | {"batch_norm": True},
    "dead units, rai": NARROW | {"kernel_initializer": "rai"},
    "dead units, leaky ReLU": NARROW | {"activation": "leaky_relu"},
    "dead units, baseline": NETWORK,
}
N_NETWORKS = 5  # of each kind


class Recordings:
    """The corpus, and its features once they are asked for."""

    def __init__(self, folder):
        self.corpus = load_ravdess(folder)
        self.emotions, self.target = np.unique(self.corpus.target, return_inverse=True)
        self.speakers = np.array([int(speaker[-2:]) for speaker in self.corpus.groups])
        self.is_woman = self.corpus.metadata["sex"] == "female"
        self.frames = cache(lambda name: TRANSFORMERS[name].fit_transform(self.corpus.data))

    def folds(self, split):
        return split_into_folds(self.corpus, split)


def parts(recordings, variant, index, seed):
    """Give which recordings to train on and which to test, for each network that a variant needs."""
    test = recordings.folds(variant.split) == index
    if variant.trained_on == "all":
        return [(~test, test)]
    women, rng = recordings.is_woman, np.random.default_rng([seed, index])
    pairs = []
    for of_sex in (women, ~women):
        train = ~test & of_sex
        if variant.trained_on == "half":
            n_speakers = len(np.unique(recordings.speakers[train]))
            train = np.isin(recordings.speakers, draw_speakers(recordings, ~test, n_speakers, rng))
        pairs.append((train, test & of_sex))
    return pairs


def draw_speakers(recordings, among, n_speakers, rng):
    """Draw speakers, half of them women; the odd one is of either sex."""
    women = np.unique(recordings.speakers[among & recordings.is_woman])
    men = np.unique(recordings.speakers[among & ~recordings.is_woman])
    n_women = n_speakers // 2 + (n_speakers % 2 and rng.integers(2))
    return [*rng.choice(women, n_women, replace=False), *rng.choice(men, n_speakers - n_women, replace=False)]


def score_variant(recordings, name, index, seed):
    """Train what a variant needs without the recordings of one fold, and predict those."""
    variant = VARIANTS[name]
    frames, target = recordings.frames(variant.features), recordings.target
    predicted = np.full(len(target), -1)
    for train, test in parts(recordings, variant, index, seed):
        classifier = CNNEmotionClassifier(**NETWORK | variant.params, random_state=seed)
        predicted[test] = classifier.fit(frames[train], target[train]).predict(frames[test])
    tested = recordings.folds(variant.split) == index
    score = balanced_accuracy_score(target[tested], predicted[tested])
    return score, "".join(map(str, predicted[tested]))


def search(recordings, name, index, seed):
    """Search within the training part of a fold, and score what was found on the fold."""
    frames, target = recordings.frames("MFCC"), recordings.target
    train = recordings.folds("speakers") != index
    network = CNNEmotionClassifier(**NETWORK | {"epochs": MAX_EPOCHS}, random_state=seed)
    pipe = Pipeline([("cnn", network)])
    options = {"cv": GroupKFold(N_INNER_FOLDS), "scoring": "balanced_accuracy"}
    if name == SEARCHES[1]:
        searched = HalvingGridSearchCV(
            pipe, GRID, resource="cnn__epochs", min_resources=2, max_resources=MAX_EPOCHS, **options
        )
    else:
        searched = GridSearchCV(pipe, GRID, **options)
    searched.fit(frames[train], target[train], groups=recordings.speakers[train])
    of_candidates = pd.DataFrame(searched.cv_results_)
    epochs = of_candidates.get("n_resources", pd.Series(MAX_EPOCHS, of_candidates.index))
    details = {
        "best": {name.removeprefix("cnn__"): searched.best_params_[name] for name in GRID},
        "fits": N_INNER_FOLDS * len(of_candidates) + 1,
        "epochs": int(N_INNER_FOLDS * epochs.sum()) + MAX_EPOCHS,
        "candidates": [
            [int(n), *(of_candidates.loc[i, f"param_{name}"] for name in GRID), round(score, 4)]
            for i, n, score in zip(of_candidates.index, epochs, of_candidates["mean_test_score"], strict=True)
        ],
    }
    score = balanced_accuracy_score(target[~train], searched.predict(frames[~train]))
    return score, json.dumps(details)


def count_dead_units(recordings, name, index, seed):
    """Train a network, and count its dead units on what it was trained on."""
    frames, target = recordings.frames("MFCC"), recordings.target
    train = recordings.folds("speakers") != index
    classifier = CNNEmotionClassifier(**DEAD[name], random_state=seed).fit(frames[train], target[train])
    found = dead_units(classifier, frames[train])
    details = {
        "dead": found.n_dead.tolist(),
        "units": found.n_units.tolist(),
        "is_constant": found.is_constant,
    }
    score = balanced_accuracy_score(target[~train], classifier.predict(frames[~train]))
    return score, json.dumps(details)


def run(recordings, name, index, seed):
    """Give a line of the file of results; seconds are those of the processor."""
    how = score_variant if name in VARIANTS else count_dead_units if name in DEAD else search
    recordings.frames(VARIANTS[name].features if name in VARIANTS else "MFCC")  # what is timed is the fit
    begin = time.process_time()
    score, details = how(recordings, name, index, seed)
    seconds = round(time.process_time() - begin, 1)
    return dict(zip(FIELDS, (name, index, seed, seconds, round(score, 4), details), strict=True))


def plan(n_seeds, n_searches):
    """Give the fits in an order in which all questions have a seed before any has the next one."""
    questions = [
        (name, index, seed) for seed in range(n_seeds) for index in range(N_FOLDS) for name in VARIANTS
    ]
    networks = [(name, 0, number) for number in range(N_NETWORKS) for name in DEAD]
    return questions + networks + [(name, index, 0) for index in range(n_searches) for name in SEARCHES]


def by_variant(rows, names):
    """Gather lines by variant and seed, in the order of ``names``."""
    gathered = {}
    for name in names:
        for row in rows:
            if row["variant"] == name:
                gathered.setdefault((name, row["seed"]), []).append(row)
    return gathered


def score_speakers(recordings, rows):
    """Give the score of each speaker, for all variants and seeds of which every fold is there.

    All speakers have as many recordings of an emotion, so that the mean over the speakers of a fold is the
    balanced accuracy on that fold. The fold of a speaker is that of the split by speaker, also where the
    recordings were divided at random.
    """
    lines = []
    by_speaker = recordings.folds("speakers")
    for (name, seed), of_folds in by_variant(rows, VARIANTS).items():
        if len(of_folds) < N_FOLDS:
            continue
        fold = recordings.folds(VARIANTS[name].split)
        predicted = np.empty_like(recordings.target)
        for row in of_folds:
            predicted[fold == row["fold"]] = [int(digit) for digit in row["details"]]
        for speaker in np.unique(recordings.speakers):
            own = recordings.speakers == speaker
            score = balanced_accuracy_score(recordings.target[own], predicted[own])
            sex = "female" if recordings.is_woman[own][0] else "male"
            lines.append((name, seed, by_speaker[own][0] + 1, speaker, sex, round(score, 4)))
    return pd.DataFrame(lines, columns=["variant", "seed", "fold", "speaker", "sex", "score"])


def tell_searches(rows):
    """Give a line for each search: what it cost, what it found, and what that scores on unseen speakers.

    "inner_score" is the grid's, after all epochs, also of what halving found.
    """
    lines = []
    rows = [row for row in rows if row["variant"] in SEARCHES]
    told = {(row["variant"], row["fold"]): json.loads(row["details"]) for row in rows}
    for row in rows:
        grid = told.get((SEARCHES[0], row["fold"]))
        if grid:
            own = told[row["variant"], row["fold"]]
            line = {"search": row["variant"].partition(", ")[2], "fold": row["fold"] + 1}
            line |= {key: own[key] for key in ("fits", "epochs")} | {"seconds": float(row["seconds"])}
            found = [MAX_EPOCHS, *own["best"].values()]
            inner = next(score for *candidate, score in grid["candidates"] if candidate == found)
            lines.append(line | own["best"] | {"inner_score": inner, "score": float(row["score"])})
    return pd.DataFrame(lines)


def tell_dead_units(rows):
    """Give a line for each layer of each network whose dead units were counted."""
    lines = []
    for (name, seed), (row,) in by_variant(rows, DEAD).items():
        told = json.loads(row["details"])
        for layer, (n_dead, n_units) in enumerate(zip(told["dead"], told["units"], strict=True), start=1):
            kind = name.partition(", ")[2]
            lines.append((kind, seed, layer, n_dead, n_units, told["is_constant"], float(row["score"])))
    columns = ["network", "seed", "layer", "n_dead", "n_units", "is_constant", "score"]
    return pd.DataFrame(lines, columns=columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--tables", type=Path, help="folder for the tables that the gallery reads")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--searches", type=int, default=2, help="folds on which the searches are compared")
    options = parser.parse_args()
    os.environ.update(ONE_THREAD)
    recordings = Recordings(options.folder)
    made = {(row["variant"], row["fold"], row["seed"]) for row in read(options.results)}
    left = [task for task in plan(options.seeds, options.searches) if task not in made]
    for count, fit in enumerate(left, start=1):
        row = run(recordings, *fit)
        add(row, options.results, FIELDS)
        task = f"{row['variant']}, fold {row['fold']}, seed {row['seed']}"
        print(f"{count} of {len(left)}: {task}: {row['seconds']} s", flush=True)
    rows = read(options.results)
    scores = score_speakers(recordings, rows)
    print(scores.groupby(["variant", "seed"], sort=False)["score"].mean().unstack().round(3))
    tables = {"scores": scores, "searches": tell_searches(rows), "dead_units": tell_dead_units(rows)}
    for name, table in tables.items() if options.tables else ():
        table.to_csv(options.tables / f"ravdess_{name}.csv", index=False)


if __name__ == "__main__":
    main()
