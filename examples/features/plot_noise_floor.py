"""
What do a noise floor and trimming take away?
=============================================

:class:`~sklearn_ser.features.MFCCTransformer` departs from librosa's coefficients in two ways unless told
otherwise: ``noise_floor=-60`` adds the power of a faint white noise to every filter, and ``trim_db=30`` cuts
silence off both ends. Here is one recording without them, with the first, and with both.
"""

# %%
# One synthetic speaker says one sad sentence. As in any recording, the room is heard before and after it,
# here some 75 dB below full scale.

from sklearn_ser import make_emotional_speech

SAMPLE_RATE = 16_000  # Hz
[waveform], _ = make_emotional_speech(
    1, 1, emotions=["sad"], n_intensities=1, n_statements=1, return_X_y=True, random_state=0
)

# %%
# ``duration=None`` leaves the recording as long as it is; the default would follow it with zeros up to 4.5 s.

from sklearn_ser import MFCCTransformer

SETTINGS = (
    {"noise_floor": None, "trim_db": None},
    {"noise_floor": -60, "trim_db": None},
    {"noise_floor": -60, "trim_db": 30},
)
transformer = MFCCTransformer(n_mfcc=21, duration=None, sample_rate=SAMPLE_RATE)
frames = [transformer.set_params(**setting).fit_transform([waveform])[0] for setting in SETTINGS]

# %%
# The frames of a trimmed recording begin where its speech does. Trimming follows the definition of
# ``librosa.effects.trim``, which tells where that is, and so the three can stand under each other.
# Coefficient 0 is left out: it is the level, many times as large as the others.

import librosa
import matplotlib.pyplot as plt
import numpy as np

_, (start, stop) = librosa.effects.trim(waveform, top_db=30)

figure, axes = plt.subplots(3, 1, figsize=(8, 7), sharex=True, sharey=True, layout="constrained")
for ax, setting, coefficients in zip(axes, SETTINGS, frames, strict=True):
    first = 0 if setting["trim_db"] is None else start
    times = (first + transformer.hop_length * np.arange(len(coefficients))) / SAMPLE_RATE
    image = ax.pcolormesh(
        times, np.arange(1, transformer.n_mfcc), coefficients[:, 1:].T, cmap="PuOr", vmin=-40, vmax=40
    )
    ax.axvline(start / SAMPLE_RATE, color="black", linestyle=":")
    ax.axvline(stop / SAMPLE_RATE, color="black", linestyle=":")
    ax.set_title(", ".join(f"{name}={value}" for name, value in setting.items()), family="monospace")
    ax.set_ylabel("coefficient")
    ax.set_yticks([1, 5, 10, 15, 20])
axes[-1].set_xlabel("time (s)")
axes[-1].set_facecolor("0.8")
axes[-1].set_xlim(0, len(waveform) / SAMPLE_RATE)
figure.colorbar(image, ax=axes, label="value (dB)", extend="both")
plt.show()

# %%
# Without a floor, the room fills every frame in which nobody speaks. Its noise has a spectrum, which a
# network can learn, as it can learn that of a microphone or a codec, and it is a poor guide to emotions. With
# the floor these frames are nearly zero, whatever the room. The price is paid within the sentence: the floor
# covers speech that is fainter than itself as well, such as the top of this quiet voice's spectrum, and the
# values shrink. Trimming then removes the silent frames at both ends, but not the pause in the middle, whose
# length is part of how a sentence is said.
