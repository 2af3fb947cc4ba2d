"""
What tells the emotions apart?
==============================

``make_emotional_speech`` makes speech by rule, and its rules follow the literature on how emotions sound.
Here they are looked for from outside, as one would in recordings of people: pitch, level and duration are
measured in the waveforms, and compared with how the same speaker sounds when neutral.
"""

# %%
# Eight synthetic speakers say two statements in eight emotions.

import numpy as np

from sklearn_ser import make_emotional_speech

SAMPLE_RATE = 16_000  # Hz
corpus = make_emotional_speech(n_speakers=8, n_repetitions=1, n_intensities=1, random_state=0)

# %%
# Silence is cut off both ends first. Pitch is counted in semitones, because the ear hears equal ratios of
# frequencies as equal steps, and its median over voiced frames is taken, because a tracker sometimes errs by
# an octave.

import librosa


def measure(waveform):
    """Pitch in semitones above 1 Hz, level in dB (full scale is 0), and the logarithm of seconds."""
    speech, _ = librosa.effects.trim(waveform, top_db=30)
    frequency, voiced, _ = librosa.pyin(speech, fmin=60, fmax=700, sr=SAMPLE_RATE)
    pitch = 12 * np.log2(np.median(frequency[voiced]))
    level = 10 * np.log10(np.mean(speech**2))
    return pitch, level, np.log(len(speech) / SAMPLE_RATE)


cues = np.array([measure(waveform) for waveform in corpus.data])

# %%
# Voices differ more than emotions do: women speak some ten semitones above men. So each cue is a difference
# from the speaker's own neutral speech, averaged over the two statements.

speakers = np.unique(corpus.groups)
emotions = np.setdiff1d(corpus.target_names, ["neutral"])


def average(speaker, emotion):
    """Mean cues of what one speaker says in one emotion."""
    return cues[(corpus.groups == speaker) & (corpus.target == emotion)].mean(axis=0)


differences = np.array(
    [
        [average(speaker, emotion) - average(speaker, "neutral") for speaker in speakers]
        for emotion in emotions
    ]
)  # (n_emotions, n_speakers, n_cues)
differences[..., 2] = 100 * np.expm1(differences[..., 2])  # from logarithms to percent

# %%
# One dot a speaker, one bar for their mean; the emotions are sorted by level.

import matplotlib.pyplot as plt

LABELS = ("pitch (semitones)", "level (dB)", "duration (%)")

by_level = np.argsort(differences[..., 1].mean(axis=1))
rows = np.arange(len(emotions))[:, np.newaxis]
figure, axes = plt.subplots(1, 3, figsize=(9, 4), sharey=True, layout="constrained")
for ax, label, values in zip(axes, LABELS, np.moveaxis(differences[by_level], -1, 0), strict=True):
    ax.axvline(0, color="0.6", linewidth=1)
    ax.plot(values, np.broadcast_to(rows, values.shape), "o", color="#0072B2", alpha=0.5, markeredgewidth=0)
    ax.plot(values.mean(axis=1), rows, "|", color="black", markersize=18, markeredgewidth=2.5)
    ax.set_xlabel(label)
    ax.grid(axis="y", color="0.92")
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
axes[0].set_yticks(rows.ravel(), emotions[by_level])
axes[0].set_ylim(-0.6, len(emotions) - 0.4)
figure.suptitle("Difference from the speaker's own neutral speech")
plt.show()

# %%
# Pitch and level rise together, and part the aroused emotions (angry, happy, fearful, surprised) from the
# quiet ones (calm, sad). Duration adds to that: disgust and sad are slow, fearful and angry are fast. No cue
# is enough by itself, and happy and surprised overlap in all three. What sets those apart is how the pitch
# moves within the sentence, so a model needs frames in time rather than a few averages. The dots of an
# emotion lie far apart, because every speaker has a way of their own: only speakers whom a model has not
# heard can tell what it is worth.
