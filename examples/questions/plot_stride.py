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
# :func:`~sklearn_ser.evaluation.evaluate` scores each candidate on folds of speakers, which are the same for
# all, and once for each random state; :func:`~sklearn_ser.evaluation.compare` holds two of them against each
# other, speaker by speaker. Two folds and three epochs show how, no more.

from sklearn_ser import CNNEmotionClassifier, compare, evaluate

results = {}
for stride in (1, 2, 3):
    classifier = CNNEmotionClassifier(stride=stride, filters=4, epochs=3)
    results[stride] = evaluate(classifier, frames, corpus.target, corpus.groups, outer=2, random_states=2)
print(compare(results[2], results[1]))
print(compare(results[3], results[1]))

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. The scores in percent with
# their standard deviation over seeds, the difference to stride 1 with its interval, and in how many folds and
# seeds it is above zero.

from measured import differences_to, draw

ANSWERS = {"stride 1": "baseline", "stride 2": "stride 2", "stride 3": "stride 3"}
differences_to(ANSWERS, baseline="stride 1")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="stride 1")

# %%
# A stride of 1 is the best of the three here. One of 2 differs from it by -4.0 (95 % from -7.5 to -0.4)
# points of balanced accuracy, and one of 3 by -10.5 (95 % from -13.4 to -7.7); better are they in 1 of 10 and
# 0 of 10 folds and seeds.
#
# Each of the three blocks pools two frames as well. Of the 113 frames of a recording that leaves 15 with a
# stride of 1, 2 with one of 2, and 1 with one of 3, so that there is little left for the head to weigh. A
# network with fewer blocks, or frames that are closer together, has more to give away; that was not measured.
# (RAVDESS, 24 speakers, the five folds of Luna-Jiménez et al. (2021), two seeds, ``python -m
# tests.benchmarks.ravdess_questions``.)
