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
# :func:`~sklearn_ser.evaluation.evaluate` scores each candidate on folds of speakers, which are the same for
# all, and once for each random state; :func:`~sklearn_ser.evaluation.compare` holds two of them against each
# other, speaker by speaker. Two folds and three epochs show how, no more.

from sklearn_ser import CNNEmotionClassifier, compare, evaluate

results = {}
for activation in ("relu", "leaky_relu"):
    classifier = CNNEmotionClassifier(activation=activation, filters=4, epochs=3)
    results[activation] = evaluate(classifier, frames, corpus.target, corpus.groups, outer=2, random_states=2)
print(compare(results["leaky_relu"], results["relu"]))

# %%
# On RAVDESS
# ----------
# The small network of this folder's command, on five folds of unseen speakers. The scores in percent with
# their standard deviation over seeds, the difference to ReLU with its interval, and in how many folds and
# seeds it is above zero.

from measured import differences_to, draw

ANSWERS = {"ReLU": "baseline", "leaky ReLU": "leaky ReLU"}
differences_to(ANSWERS, baseline="ReLU")

# %%
# Each small dot is a fold with a seed, the large one the mean of the differences, and the line its interval.

draw(ANSWERS, baseline="ReLU")

# %%
# These recordings do not tell which is better: leaky ReLU differs from ReLU by -0.9 (95 % from -1.9 to 0.1)
# points of balanced accuracy, and is better in 1 of 10 folds and seeds. The interval includes zero; if there
# is a difference, it is small, and more likely for ReLU than against it.
#
# The network has batch normalisation, and none of its units is dead
# (:doc:`/auto_examples/inspection/plot_dead_units` counts them). So it has not the fault that a leaky ReLU is
# there to mend. (RAVDESS, 24 speakers, the five folds of Luna-Jiménez et al. (2021), two seeds, ``python -m
# tests.benchmarks.ravdess_questions``.)
