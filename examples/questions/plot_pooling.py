"""
Average, maximum, or strides?
=============================

After a convolution the map is shortened: by the average of each pool, by its maximum, or by a convolution
that steps over frames in place of a pool. ``pooling`` chooses.
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
for pooling in ("average", "max", "stride"):
    classifier = CNNEmotionClassifier(pooling=pooling, filters=4, epochs=3)
    results[pooling] = evaluate(classifier, frames, corpus.target, corpus.groups, outer=2, random_states=2)
print(compare(results["max"], results["average"]))
print(compare(results["stride"], results["average"]))

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. The scores in percent with
# their standard deviation over seeds, the difference to average with its interval, and in how many folds and
# seeds it is above zero.

from measured import differences_to, draw

ANSWERS = {"average": "baseline", "maximum": "pooling max", "strides": "pooling stride"}
differences_to(ANSWERS, baseline="average")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="average")

# %%
# The average is the best of the three here. The maximum differs from it by -3.4 (95 % from -5.5 to -1.4)
# points of balanced accuracy, and strides by -8.2 (95 % from -11.4 to -4.9); better are they in 0 of 10 and 0
# of 10 folds and seeds. Both intervals are below zero.
#
# (RAVDESS, 24 speakers, the five folds of Luna-Jiménez et al. (2021), two seeds, ``python -m
# tests.benchmarks.ravdess_questions``.) This is about a network of three layers after 15 epochs with the
# default step size, and not all of it lasts. Where :doc:`/auto_examples/questions/plot_halving_over_epochs`
# trains with three times that step size, the average and the maximum are level: 47.6 and 49.7 against 48.4
# and 48.5, one seed, on speakers within the training parts of two folds. Strides are behind there too, with
# 42.4 and 41.2. What longer training, more layers or another corpus change, these numbers do not tell.
