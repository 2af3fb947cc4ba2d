"""
MFCC, or log-mel bands?
=======================

MFCC are a cosine transform of log-mel bands, and customarily the first 13 or 40 of them, which leaves out the
detail of the spectrum. Networks that convolve over bands are mostly given the bands themselves.
"""

# %%
# :func:`~sklearn_ser.evaluation.evaluate` scores a pipeline with each of them on the same folds of speakers,
# and :func:`~sklearn_ser.evaluation.compare` holds two against each other, speaker by speaker. Two folds and
# three epochs show how, no more.

from sklearn.pipeline import make_pipeline

from sklearn_ser import (
    CNNEmotionClassifier,
    LogMelTransformer,
    MFCCTransformer,
    compare,
    evaluate,
    make_emotional_speech,
)

corpus = make_emotional_speech(n_speakers=4, n_repetitions=1, n_intensities=1, random_state=0)
# corpus = load_ravdess("path/to/ravdess")
FEATURES = {
    "13 MFCC": MFCCTransformer(n_mfcc=13, hop_length=640),
    "64 MFCC": MFCCTransformer(hop_length=640),
    "64 log-mel bands": LogMelTransformer(hop_length=640),
}
results = {}
for name, transformer in FEATURES.items():
    classifier = CNNEmotionClassifier(filters=4, epochs=3, random_state=0)
    results[name] = evaluate(make_pipeline(transformer, classifier), corpus, outer=2)
print(compare(results["13 MFCC"], results["64 MFCC"]))
print(compare(results["64 log-mel bands"], results["64 MFCC"]))

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. All features have a frame
# every 40 ms and come from the same 64 bands.

from measured import differences_to, draw

ANSWERS = {"64 MFCC": "baseline", "40 MFCC": "40 MFCC", "13 MFCC": "13 MFCC", "64 log-mel bands": "log-mel"}
differences_to(ANSWERS, baseline="64 MFCC")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="64 MFCC")

# %%
# Between log-mel bands and as many MFCC there is no difference that these data show: -0.3 (95 % from -1.5 to
# 0.9) points of balanced accuracy. None was to be expected, for the network takes the inverse transform of
# MFCC first, so that both show it the same up to rounding; how far folds and seeds are apart nevertheless is
# what two trainings of the same thing differ by.
#
# 40 MFCC differ from all 64 by -3.5 (95 % from -6.8 to -0.1), and 13 by -2.4 (95 % from -5.2 to 0.5); better
# are they in 2 of 10 and 0 of 10 folds and seeds. One of the intervals includes zero and the other only just
# does not: fewer coefficients are more likely worse than better, and that is all that these data say. Either
# way fewer than all of them gain nothing here. (RAVDESS, 24 speakers, the five folds of Luna-Jiménez et al.
# (2021), two seeds, ``python -m tests.benchmarks.ravdess_questions``.)
