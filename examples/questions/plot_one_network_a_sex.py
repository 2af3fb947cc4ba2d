"""
Does it help to split by sex?
=============================

The voices of women and men differ in pitch and formants, and some train one network for each. Each then has
fewer differences to see past, and half of the recordings to learn from.
"""

# %%
# The corpora know who is a woman and who a man.

from sklearn_ser import MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=8, n_repetitions=1, n_intensities=1, n_statements=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
frames = MFCCTransformer(hop_length=640).fit_transform(corpus.data)

# %%
# The same recordings are predicted twice: by a network that was trained on other speakers of both sexes, and
# by one that was trained on those of the same sex. Each sex is split by itself, so that the folds are the
# same.

import numpy as np
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupKFold

from sklearn_ser import CNNEmotionClassifier

sex, emotions = corpus.metadata["sex"], corpus.target
fold = np.empty(len(emotions), dtype=int)
for own in (sex == "female", sex == "male"):
    for index, (_, tested) in enumerate(GroupKFold(2).split(emotions[own], groups=corpus.groups[own])):
        fold[np.flatnonzero(own)[tested]] = index

classifier = CNNEmotionClassifier(filters=4, epochs=3, random_state=0)
together, apart = emotions.copy(), emotions.copy()
for index in range(2):
    train, test = fold != index, fold == index
    together[test] = classifier.fit(frames[train], emotions[train]).predict(frames[test])
    for own in (sex == "female", sex == "male"):
        classifier.fit(frames[train & own], emotions[train & own])
        apart[test & own] = classifier.predict(frames[test & own])
{
    "one network for all": balanced_accuracy_score(emotions, together),
    "one network a sex": balanced_accuracy_score(emotions, apart),
}

# %%
# On RAVDESS
# ----------
# Twelve women and twelve men, and the small network of this folder's command. There are two things to hold
# "one network a sex" against. A network for all learns from nearly twice as many recordings. "Half of the
# speakers" does not: it too is two networks, each trained on as many speakers as the one of a single sex, but
# on women and men, drawn anew for each fold and seed. The difference to the first tells what to do with a
# corpus that one has; the difference to the second, whether voices of one sex are easier to learn from.

from measured import compare, draw

ANSWERS = {
    "one network for all": "baseline",
    "one network a sex": "one network a sex",
    "half of the speakers": "half of the speakers",
}
compare(ANSWERS, baseline="one network for all")

# %%
# And held against networks of as many speakers:

FAIR = {name: ANSWERS[name] for name in ("half of the speakers", "one network a sex")}
compare(FAIR, baseline="half of the speakers")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="one network for all")

# %%
# CONCLUSION
