"""
What does halving over epochs save?
===================================

A grid search trains every candidate to the end. Successive halving trains all of them for a few epochs, keeps
the best third, trains these longer, and so on: :class:`~sklearn.model_selection.HalvingGridSearchCV` does so
with any parameter that says how much there is to spend, and for a network that is ``epochs``.
"""

# %%
# Three candidates with two epochs each; the best of them is trained again with six.

from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=4, n_repetitions=1, n_intensities=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
cnn = CNNEmotionClassifier(filters=4, random_state=0)
pipe = Pipeline([("mfcc", MFCCTransformer(hop_length=640)), ("cnn", cnn)])
search = HalvingGridSearchCV(
    pipe,
    {"cnn__learning_rate": [1e-4, 1e-3, 1e-2]},
    resource="cnn__epochs",
    min_resources=2,
    max_resources=6,
    cv=StratifiedGroupKFold(2),
    scoring="balanced_accuracy",
)
search.fit(corpus.data, corpus.target, groups=corpus.groups)

import pandas as pd

pd.DataFrame(search.cv_results_)[
    ["iter", "n_resources", "param_cnn__learning_rate", "mean_test_score"]
].round(2)

# %%
# What was found is trained with the epochs of the last round, as ``best_estimator_``.
# ``learning_rate_schedule`` is on by default and ends at zero after ``epochs``, however many they are, so
# that no round is a training that was broken off.

search.best_estimator_["cnn"].get_params()["epochs"], search.best_params_

# %%
# On RAVDESS
# ----------
# Nine candidates, three step sizes with three ways of pooling, for the small network of this folder's
# command. The grid trains all of them for 18 epochs; halving trains nine for 2, three for 6 and one for 18.
# Both search within the training part of a fold, by two folds of its speakers, then train what they found on
# all of that part, and are scored on the speakers of the fold. Seconds are those of one processor, the last
# training included. ``inner_score`` is what the grid found the candidate to be worth after 18 epochs.

searches = pd.read_csv("ravdess_searches.csv")
searches

# %%
# What a search costs, and what its candidate scores on unseen speakers.

import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 3, figsize=(8, 3.5), layout="constrained")
means = searches.groupby("search", sort=False)[["epochs", "seconds", "score"]].mean()
for ax, column in zip(axes, means, strict=True):
    ax.bar(means.index, means[column], width=0.6, color=["#0072B2", "#D55E00"], alpha=0.3)
    for name, colour in zip(means.index, ("#0072B2", "#D55E00"), strict=True):
        values = searches.loc[searches["search"] == name, column]
        ax.plot([name] * len(values), values, "o", color=colour)
    ax.set_ylabel({"score": "balanced accuracy, unseen speakers"}.get(column, column))
    ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# Halving trains for 126 epochs in place of 342, or 37 %, the last training included, and takes 81 s in place
# of 124, or 66 %. Seconds fall less than epochs, since halving makes 27 fits in place of 19, and each has
# something to prepare and to predict, however few its epochs are. With networks and epochs as large as the
# defaults that counts for less. (The processor was busy with other work, which makes both slower.)
#
# In 1 of the 2 folds both found the same candidate. Where they did not, what halving found is 1.2 points
# below the grid's in the grid's own inner scores; on the speakers of the fold the two score alike.
#
# (RAVDESS, the first two of the five folds of Luna-Jiménez et al. (2021), one seed, ``python -m
# tests.benchmarks.ravdess_questions``.) Two folds are few: they show what is saved, and can only hint at what
# it costs.
