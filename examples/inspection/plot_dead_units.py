"""
Why does a deep network not learn?
==================================

A unit of a ReLU layer that is negative for every recording gives nothing, and has no gradient that could
change it: it is dead. Where a whole layer is, all recordings look the same to the network. Here deep and
narrow networks are counted through, with three ways to begin.
"""

# %%
# Two synthetic speakers say two statements in each of eight emotions. Sixty-four recordings tell whether a
# unit fires at all.

from sklearn_ser import MFCCTransformer, make_emotional_speech

corpus = make_emotional_speech(n_speakers=2, n_intensities=1, random_state=0)
# Real speech takes minutes:
# corpus = load_ravdess("path/to/ravdess")
frames = MFCCTransformer(n_mfcc=13, hop_length=640, duration=3.5).fit_transform(corpus.data)

# %%
# The networks have eight layers of three units. Each layer looks at one frame at a time: a convolution over
# several frames is far less in danger, for the zeros around the recording are different from anything inside.
# One epoch of training changes next to nothing, so that this is how the networks are born.

import numpy as np

from sklearn_ser import CNNEmotionClassifier, dead_units

WAYS = {
    "he_uniform": {"batch_norm": False},
    "he_uniform and batch normalisation": {"batch_norm": True},
    "rai": {"batch_norm": False, "kernel_initializer": "rai"},
}
N_LAYERS, N_NETWORKS = 8, 3
shares, n_constant = {}, {}
for name, params in WAYS.items():
    classifier = CNNEmotionClassifier(
        architecture="plain",
        filters=[3] * N_LAYERS,
        kernel_size=1,
        pooling=None,
        head="gap",
        epochs=1,
        batch_size=64,
        **params,
    )
    found = [
        dead_units(classifier.set_params(random_state=seed).fit(frames, corpus.target), frames)
        for seed in range(N_NETWORKS)
    ]
    shares[name] = np.mean([one.share for one in found], axis=0)
    n_constant[name] = sum(one.is_constant for one in found)

# %%
# One line a way, the mean of three networks.

import matplotlib.pyplot as plt

figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
for (name, share), colour in zip(shares.items(), ("#D55E00", "#009E73", "#0072B2"), strict=True):
    label = f"{name}: {n_constant[name]} of {N_NETWORKS} networks are dead"
    ax.plot(np.arange(1, N_LAYERS + 1), share, "o-", color=colour, label=label)
ax.set(xlabel="layer", ylabel="share of dead units", ylim=(-0.02, 1.02), xticks=range(1, N_LAYERS + 1))
ax.spines[["top", "right"]].set_visible(False)
ax.legend(loc="upper left")
plt.show()

# %%
# Half of the weights that He's initialisation draws are negative, and a unit whose inputs are none of them
# negative, as those from a ReLU layer, has a good chance to be silent for everybody. Each layer passes on
# what the one before has left, so that deaths add up with depth, and most of these networks give all
# recordings the same probabilities. Batch normalisation centres what a unit gets and delays the decline.
# The randomised asymmetric initialisation, ``"rai"``, makes one weight of each unit positive, and most
# units live.

# %%
# On RAVDESS
# ----------
# The same on real recordings: five networks of each kind, trained for five epochs on the 19 speakers of the
# training part of a published fold, and counted on these recordings. "leaky ReLU" is he_uniform with
# ``activation="leaky_relu"``, whose units count as alive since they can always learn; "baseline" is the
# network of the :ref:`questions <sphx_glr_auto_examples_questions>`, three wider layers with batch
# normalisation and an attention head, trained for 15 epochs. The command is ``python -m
# tests.benchmarks.ravdess_questions``.

import pandas as pd

counted = pd.read_csv("../questions/ravdess_dead_units.csv")
counted["share"] = counted["n_dead"] / counted["n_units"]
of_networks = counted.groupby(["network", "seed"], sort=False).agg(
    dead=("is_constant", "first"), share=("share", "mean"), score=("score", "first")
)
of_networks.groupby("network", sort=False).agg(
    networks=("dead", "size"), dead=("dead", "sum"), share=("share", "mean"), score=("score", "mean")
).round(2)

# %%
# One line a way, the mean of five networks.

figure, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
colours = ("#D55E00", "#009E73", "#0072B2", "#CC79A7", "black")
for (name, rows), colour in zip(counted.groupby("network", sort=False), colours, strict=True):
    share = rows.groupby("layer")["share"].mean()
    ax.plot(share.index, share, "o-", color=colour, label=name)
ax.set(xlabel="layer", ylabel="share of dead units", ylim=(-0.02, 1.02), xticks=range(1, N_LAYERS + 1))
ax.spines[["top", "right"]].set_visible(False)
ax.legend(loc="upper left")
plt.show()

# %%
# On real recordings it is much the same. Of the units that He's initialisation draws, 42 % are dead after
# five epochs, 93 % in the last layer, and 4 of 5 networks give all recordings the same probabilities. With
# ``"rai"`` 7 % are dead, and with batch normalisation 0 %; no network is dead with either, or with leaky
# ReLU. The baseline has not one dead unit.
#
# Units that live are necessary, and not enough: three of them a layer, each looking at one frame, do not tell
# emotions of unseen speakers apart after five epochs, whichever way they began. The balanced accuracies are 8
# to 18 %, where chance is 12.5; the baseline has 55 %. (RAVDESS, first fold of Luna-Jiménez et al. (2021),
# five networks of each kind.)
#
# This is a disease of networks that are deep, narrow and without normalisation. The classifier's default is
# none of these; :func:`~sklearn_ser.inspection.dead_units` tells whether yours is healthy.
