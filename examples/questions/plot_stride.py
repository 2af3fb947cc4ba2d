"""
Which stride?
=============

``stride`` is the step of every convolution along the frames. A larger one leaves shorter maps: less to
compute, and less to look at.
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
    {"stride": [1, 2, 3], "random_state": [0, 1]},
    cv=StratifiedGroupKFold(2),
    scoring="balanced_accuracy",
    refit=False,
)
search.fit(frames, corpus.target, groups=corpus.groups)
of_candidates = pd.DataFrame(search.cv_results_)
of_candidates.pivot(index="param_random_state", columns="param_stride", values="mean_test_score").round(2)

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. The scores in percent with
# their standard deviation over seeds, the difference to stride 1 with its interval, and in how many folds and
# seeds it is above zero.

from measured import compare, draw

ANSWERS = {"stride 1": "baseline", "stride 2": "stride 2", "stride 3": "stride 3"}
compare(ANSWERS, baseline="stride 1")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="stride 1")

# %%
# CONCLUSION
