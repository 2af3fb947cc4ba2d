"""
What can be read off a recording?
=================================

A waveform shows little of how something was said. Each transformer of recordings shows something else of it.
Here is one recording in four views, on one axis of time.
"""

# %%
# One synthetic speaker says one sentence, surprised.

from sklearn_ser import make_emotional_speech

SAMPLE_RATE = 16_000  # Hz
[waveform], _ = make_emotional_speech(
    1, 1, emotions=["surprised"], n_intensities=1, n_statements=1, return_X_y=True, random_state=0
)

# %%
# All four transformers look at the whole recording every 10 ms: nothing is trimmed, and nothing padded. The
# cepstrum has a longer frame than the others, 64 ms, for it has to see several periods of the voice at once,
# and a noise floor, without which it would show the noise of the room in the pauses.

from sklearn_ser import (
    AmplitudeEnvelopeTransformer,
    CepstrumTransformer,
    LogMelTransformer,
    STFTTransformer,
)

COMMON = {"sample_rate": SAMPLE_RATE, "hop_length": 160, "trim_db": None, "duration": None}
envelope = AmplitudeEnvelopeTransformer(**COMMON)
spectrogram = STFTTransformer(scale="db", top_db=60, **COMMON)
log_mel = LogMelTransformer(top_db=60, **COMMON)
cepstrum = CepstrumTransformer(n_fft=1024, noise_floor=-60, **COMMON)
amplitudes, levels, mel_levels, cepstra = (
    transformer.fit_transform([waveform])[0] for transformer in (envelope, spectrogram, log_mel, cepstrum)
)

# %%
# A voice repeats itself. Its period is where the cepstrum has a peak, sought here between 2 and 12.5 ms,
# which are voices of 500 and 80 Hz. Where the peak is low, nobody speaks, or with a consonant that has no
# voice.

import numpy as np

quefrencies = 1000 * cepstrum.quefrencies_  # ms
of_a_voice = (quefrencies >= 2) & (quefrencies <= 12.5)
is_voiced = cepstra[:, of_a_voice].max(axis=1) > 0.15
periods = quefrencies[of_a_voice][cepstra[:, of_a_voice].argmax(axis=1)]
periods[~is_voiced] = np.nan

# %%
# ``frame_times`` tells where frames lie in seconds; ``frequencies_`` and ``quefrencies_`` tell what their
# numbers stand for.

import matplotlib.pyplot as plt

times = envelope.frame_times(len(amplitudes))
figure, axes = plt.subplots(4, 1, figsize=(8, 10), sharex=True, layout="constrained")

axes[0].plot(np.arange(len(waveform)) / SAMPLE_RATE, waveform, color="0.7", linewidth=0.5)
axes[0].plot(times, amplitudes, color="#D55E00")
axes[0].set(title="waveform and envelope", ylabel="amplitude")

image = axes[1].pcolormesh(times, spectrogram.frequencies_, levels.T, cmap="magma")
axes[1].set(title="spectrogram", ylabel="frequency (Hz)")
figure.colorbar(image, ax=axes[1], label="level (dB)")

image = axes[2].pcolormesh(times, np.arange(log_mel.n_mels), mel_levels.T, cmap="magma")
hertz = [250, 500, 1000, 2000, 4000]
axes[2].set_yticks(np.interp(hertz, log_mel.frequencies_, np.arange(log_mel.n_mels)), hertz)
axes[2].set(title="log-mel spectrogram", ylabel="frequency (Hz)")
figure.colorbar(image, ax=axes[2], label="level (dB)")

image = axes[3].pcolormesh(times, quefrencies, cepstra.T, cmap="PuOr", vmin=-0.3, vmax=0.3)
axes[3].plot(times, periods, color="black", linewidth=2, label="period of the voice")
axes[3].set(title="cepstrum", xlabel="time (s)", ylabel="quefrency (ms)", ylim=(0, 14))
axes[3].legend(loc="upper left")
figure.colorbar(image, ax=axes[3], label="value", extend="both")
plt.show()

# %%
# The envelope has a rise for each stressed syllable, and tells which are loud. In the spectrogram a voice is
# a stack of lines, the multiples of its pitch, and a consonant such as that at 0.65 s a cloud without lines.
# The log-mel spectrogram gives the frequencies below 1000 Hz a third of its height, in place of an eighth:
# there it still tells the lines apart, and above it shows what the mouth does with them, such as the band
# that climbs at 1.5 s. The cepstrum parts the two: the mouth is below 2 ms, and the pitch is the one dark
# line above, once more in pale at twice its period. The period grows from 3.7 ms (270 Hz) to 6.3 ms (160 Hz)
# and is back at 4.5 ms (220 Hz) on the last stressed syllable: surprise rises at the end.
