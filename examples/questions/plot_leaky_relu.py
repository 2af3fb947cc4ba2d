"""
Leaky ReLU, or ReLU?
====================

A ReLU gives nothing for what is negative, and a leaky one a tenth of it (``negative_slope``), so that its
unit can always learn. ``activation`` chooses.
"""

# %%
# Frames are computed once; :class:`~sklearn_ser.features.MFCCTransformer` learns nothing from a split.

from sklearn_ser import MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=4, n_repetitions=1, n_intensities=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
frames = MFCCTransformer(hop_length=640).fit_transform(corpus.data)

# %%
# Folds of speakers, the same for every candidate; and the seed is a parameter like any other. Two folds, two
# seeds and three epochs show how, no more.

import pandas as pd
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

from sklearn_ser import CNNEmotionClassifier

search = GridSearchCV(
    CNNEmotionClassifier(filters=4, epochs=3),
    {"activation": ["relu", "leaky_relu"], "random_state": [0, 1]},
    cv=StratifiedGroupKFold(2),
    scoring="balanced_accuracy",
    refit=False,
)
search.fit(frames, corpus.target, groups=corpus.groups)
of_candidates = pd.DataFrame(search.cv_results_)
of_candidates.pivot(index="param_random_state", columns="param_activation", values="mean_test_score").round(2)

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. The scores in percent with
# their standard deviation over seeds, the difference to ReLU with its interval, and in how many folds and
# seeds it is above zero.

from measured import compare, draw

ANSWERS = {"ReLU": "baseline", "leaky ReLU": "leaky ReLU"}
compare(ANSWERS, baseline="ReLU")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="ReLU")

# %%
# CONCLUSION
