"""
How much does a random split flatter?
=====================================

Many scores of speech emotion recognition come from recordings that were divided at random, so that every
voice of the test recordings was in the training recordings too. Here the same model is scored on the same
recordings twice: divided at random, and divided by speaker.
"""

# %%
# Eight synthetic speakers say two statements twice in each of eight emotions.

from sklearn_ser import make_emotional_speech

corpus = make_emotional_speech(n_speakers=8, n_intensities=1, random_state=0)
# Real speech takes minutes, and the defaults of transformer and classifier below:
# corpus = load_ravdess("path/to/ravdess")

# %%
# The frames are computed once, before any split. That is honest here because
# :class:`~sklearn_ser.features.MFCCTransformer` learns nothing: a recording has the same frames whatever
# recordings it is with. Whatever learns, such as a scaler, belongs after the split; the classifier
# standardises its frames by those that it is trained on.

from sklearn_ser import CNNEmotionClassifier, MFCCTransformer

frames = MFCCTransformer(duration=3.5, hop_length=640).fit_transform(corpus.data)
classifier = CNNEmotionClassifier(epochs=12, n_networks=1, random_state=0)

# %%
# Both splits have four folds of equal size, and in both each fold has as many recordings of each emotion.
# They differ in one thing: whether a speaker may be on both sides. (``shuffle`` matters, for the recordings
# are sorted by speaker, and a random split that is not shuffled would here be one by speaker.)

from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score

SPLITS = {
    "at random:\nspeakers heard in training": (StratifiedKFold(4, shuffle=True, random_state=0), None),
    "by speaker:\nspeakers never heard": (
        StratifiedGroupKFold(4, shuffle=True, random_state=0),
        corpus.groups,
    ),
}
scores = {
    name: cross_val_score(
        classifier, frames, corpus.target, groups=groups, cv=splitter, scoring="balanced_accuracy"
    )
    for name, (splitter, groups) in SPLITS.items()
}

# %%
# One dot a fold, one bar for their mean.

import matplotlib.pyplot as plt
import numpy as np

chance = 1 / len(corpus.target_names)
figure, ax = plt.subplots(figsize=(6, 4.5), layout="constrained")
for x, (of_folds, colour) in enumerate(zip(scores.values(), ("#D55E00", "#0072B2"), strict=True)):
    ax.bar(x, of_folds.mean(), width=0.6, color=colour, alpha=0.3)
    ax.plot(x + np.linspace(-0.15, 0.15, len(of_folds)), of_folds, "o", color=colour)
    ax.annotate(
        f"{of_folds.mean():.2f}", (x + 0.3, of_folds.mean()), (6, 0), textcoords="offset points", va="center"
    )
ax.axhline(chance, color="black", linestyle="--", linewidth=1)
ax.annotate(f"chance {chance:.3g}", (0.5, chance), (0, 4), textcoords="offset points", ha="center")
ax.set_xticks(range(len(scores)), scores)
ax.set_ylabel("balanced accuracy")
ax.set_ylim(0, 1)
ax.spines[["top", "right"]].set_visible(False)
plt.show()

# %%
# The random split flatters, for it asks an easier question: not whether the model knows an emotion from any
# voice, but from eight voices whose way of being angry or sad it has heard. How much, depends on how well the
# model has learned those voices; on real recordings, and trained to the end, it is more than here. The score
# for a voice to come is the one by speaker: give scikit-learn the speakers as ``groups``, and a splitter that
# heeds them.
