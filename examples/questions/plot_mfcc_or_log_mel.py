"""
MFCC, or log-mel bands?
=======================

MFCC are a cosine transform of log-mel bands, and customarily the first 13 or 40 of them, which leaves out the
detail of the spectrum. Networks that convolve over bands are mostly given the bands themselves.
"""

# %%
# A step of a pipeline is a parameter, so that a grid can put another transformer in its place.

import pandas as pd
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline

from sklearn_ser import CNNEmotionClassifier, LogMelTransformer, MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=8, n_repetitions=1, n_intensities=1, n_statements=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
FEATURES = {
    "13 MFCC": MFCCTransformer(n_mfcc=13, hop_length=640),
    "40 MFCC": MFCCTransformer(n_mfcc=40, hop_length=640),
    "64 MFCC": MFCCTransformer(hop_length=640),
    "64 log-mel bands": LogMelTransformer(hop_length=640),
}
search = GridSearchCV(
    Pipeline([("features", MFCCTransformer()), ("cnn", CNNEmotionClassifier(filters=4, epochs=3))]),
    {"features": list(FEATURES.values())},
    cv=StratifiedGroupKFold(2),
    scoring="balanced_accuracy",
    refit=False,
)
search.fit(corpus.data, corpus.target, groups=corpus.groups)
pd.Series(search.cv_results_["mean_test_score"], list(FEATURES)).round(2)

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. All features have a frame
# every 40 ms and come from the same 64 bands.

from measured import compare, draw

ANSWERS = {"64 MFCC": "baseline", "40 MFCC": "40 MFCC", "13 MFCC": "13 MFCC", "64 log-mel bands": "log-mel"}
compare(ANSWERS, baseline="64 MFCC")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="64 MFCC")

# %%
# CONCLUSION
