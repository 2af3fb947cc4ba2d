"""
How much does a random split flatter on real recordings?
========================================================

:doc:`/auto_examples/classification/plot_random_split_flatters` shows on synthetic speech that a network seems
better where the recordings are divided at random, so that it has heard every voice that it is tested on. Here
the same is measured on real recordings, with several seeds.
"""

# %%
# Your own recordings are asked by the same lines twice, with and without speakers.

from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score

from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=4, n_intensities=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
frames = MFCCTransformer(hop_length=640).fit_transform(corpus.data)
classifier = CNNEmotionClassifier(filters=4, epochs=3, random_state=0)
SPLITS = {
    "at random": (StratifiedKFold(2, shuffle=True, random_state=0), None),
    "by speaker": (StratifiedGroupKFold(2), corpus.groups),
}
{
    name: cross_val_score(
        classifier, frames, corpus.target, groups=groups, cv=splitter, scoring="balanced_accuracy"
    ).mean()
    for name, (splitter, groups) in SPLITS.items()
}

# %%
# On RAVDESS
# ----------
# The small network of this folder's command is trained on four fifths of the recordings and predicts the
# rest, five times: once with folds of speakers, once with folds drawn at random, each emotion in its share.
# Pairs are the speakers: the same recordings of a speaker, named by networks that have heard other recordings
# of this voice, and by networks that have not.

from measured import compare, draw

ANSWERS = {"by speaker": "baseline", "at random": "random split"}
compare(ANSWERS, baseline="by speaker")

# %%
# Each small dot is the mean over the speakers of one fold of the split by speaker, with one seed; the large
# one is the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="by speaker")

# %%
# CONCLUSION
