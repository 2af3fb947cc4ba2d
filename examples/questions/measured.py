"""What was measured on RAVDESS, and how the examples of this folder compare it.

The numbers come from ``tests/benchmarks/ravdess_questions.py``. This file is read by the examples beside it.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import t


def scores_of(variant):
    """Give balanced accuracies in percent, one row a seed and one column a speaker."""
    table = pd.read_csv("ravdess_scores.csv")
    table = table[table["variant"] == variant]
    return 100 * table.pivot(index="seed", columns=["fold", "sex", "speaker"], values="score")


def interval_of(differences, n_draws=10_000):
    """Give a 95 % interval for the mean of differences of shape (n_seeds, n_speakers).

    Each draw takes as many seeds and as many speakers as there are, some of them more than once. The draws
    give the standard error, and the interval is Student's, as that of :func:`sklearn_ser.evaluation.compare`.
    """
    rng = np.random.default_rng(0)
    n_speakers = differences.shape[1]
    seeds, speakers = (rng.integers(n, size=(n_draws, n)) for n in differences.shape)
    means = [differences[np.ix_(*drawn)].mean() for drawn in zip(seeds, speakers, strict=True)]
    error = np.std(means) * np.sqrt(n_speakers / (n_speakers - 1))
    return differences.mean() + error * t(n_speakers - 1).ppf([0.025, 0.975])


def differences_to(variants, baseline):
    """Hold answers, each of which stands for a variant of the table, against one of them."""
    rows = []
    of_baseline = scores_of(variants[baseline])
    for answer, variant in variants.items():
        scores = scores_of(variant)
        of_seeds = scores.mean(axis=1)
        row = {"answer": answer, "score": of_seeds.mean(), "sd over seeds": of_seeds.std(ddof=0)}
        if answer != baseline:
            differences = (scores - of_baseline).dropna()
            row["difference"] = differences.to_numpy().mean()
            row["from"], row["to"] = interval_of(differences.to_numpy())
            of_folds = differences.T.groupby(level="fold").mean().to_numpy()
            row["better in"] = f"{(of_folds > 0).sum()} of {of_folds.size} folds and seeds"
        rows.append(row)
    return pd.DataFrame(rows).set_index("answer").round(1).fillna("")


def draw(variants, baseline):
    """Draw the differences: a small dot a fold and seed, a large one for the mean, a line for its range."""
    answers = [answer for answer in variants if answer != baseline]
    _, ax = plt.subplots(figsize=(7, 1.4 + 0.8 * len(answers)), layout="constrained")
    of_baseline = scores_of(variants[baseline])
    for y, answer in enumerate(answers):
        differences = (scores_of(variants[answer]) - of_baseline).dropna()
        of_folds = differences.T.groupby(level="fold").mean().to_numpy().ravel()
        ax.plot(of_folds, np.full(len(of_folds), y + 0.18), "o", color="#0072B2", alpha=0.4, markersize=5)
        ax.plot(interval_of(differences.to_numpy()), (y, y), color="#D55E00", linewidth=3)
        ax.plot(differences.to_numpy().mean(), y, "o", color="#D55E00", markersize=9)
    ax.axvline(0, color="black", linewidth=1)
    ax.set_yticks(range(len(answers)), answers)
    ax.set(ylim=(len(answers) - 0.5, -0.5), xlabel=f"points of balanced accuracy above {baseline}")
    ax.spines[["top", "right"]].set_visible(False)
    plt.show()
