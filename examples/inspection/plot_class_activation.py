"""
Which moments sounded surprised?
================================

A network gives an emotion for a whole recording. A class activation map tells which moments of it spoke for
that emotion. Here one emotion is told by its last syllable, and the map should find it.
"""

# %%
# Eight synthetic speakers say two statements twice in each of four emotions. Surprise is made by a pitch that
# rises at the end of the sentence; the other three differ from each other in loudness, tempo and timbre,
# which are heard throughout.

import numpy as np

from sklearn_ser import make_emotional_speech

corpus = make_emotional_speech(
    n_speakers=8, emotions=["calm", "happy", "sad", "surprised"], n_intensities=1, random_state=0
)
# Real speech takes minutes, and the defaults of transformer and classifier below:
# corpus = load_ravdess("path/to/ravdess")

# %%
# The network is trained on seven speakers, and looked into with an eighth that it has not heard.

from sklearn.pipeline import make_pipeline

from sklearn_ser import CNNEmotionClassifier, MFCCTransformer

model = make_pipeline(
    MFCCTransformer(duration=3.5),
    CNNEmotionClassifier(epochs=25, learning_rate=0.003, n_networks=1, random_state=0),
)
is_unheard = corpus.groups == np.unique(corpus.groups)[-1]
model.fit(corpus.data[~is_unheard], corpus.target[~is_unheard])

# %%
# A recording of each emotion is shown, its spectrogram grey and the map in colour. The pipeline knows where
# its frames lie in seconds and its bands in Hz. Each map explains the emotion that was meant; the title gives
# the probability that the network gave it.

import matplotlib.pyplot as plt

from sklearn_ser import ClassActivationDisplay

figure, axes = plt.subplots(2, 2, figsize=(10, 6), layout="constrained")
for ax, emotion in zip(axes.flat, corpus.target_names, strict=True):
    recordings = corpus.data[is_unheard & (corpus.target == emotion)]
    ClassActivationDisplay.from_estimator(model, recordings, emotion=emotion, ax=ax)
plt.show()

# %%
# :func:`~sklearn_ser.inspection.class_activation_map` gives the numbers, for all recordings at once. Each map
# is brought to four quarters of its recording, and to a sum of 1.

from sklearn_ser import class_activation_map

seen = class_activation_map(model, corpus.data[is_unheard], emotion=corpus.target[is_unheard])
for emotion in corpus.target_names:
    quarters = []
    for values in seen.map[seen.emotion == emotion]:
        parts = np.array_split(values[np.isfinite(values)], 4)  # padding is not a number
        quarters.append([part.sum() for part in parts])
    shares = np.sum(quarters, axis=0) / np.sum(quarters)
    print(f"{emotion:10}", "  ".join(f"{share:4.0%}" for share in shares))

# %%
# Emotions are told by moments of their own, and nobody told the network where to listen: it was given
# recordings and emotions. But a map that looks reasonable proves little, and one that does not may be right
# about its network: another network, trained from another ``random_state``, may listen elsewhere. It can be
# tested, though: what a map calls important should matter more to the prediction than other moments, when
# both are taken away.
