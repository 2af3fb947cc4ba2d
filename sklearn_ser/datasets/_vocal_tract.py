"""A voice by rule: a glottal source and noise through the resonances of a vocal tract, phone after phone."""

from typing import NamedTuple

import numpy as np
from scipy import fft
from scipy.ndimage import gaussian_filter1d

# Everything is made at this rate; seven formants of any adult lie below its half.
SAMPLE_RATE = 16_000

# Frames of 16 ms that overlap by half. A transform leaves each of them 32 ms for its formants to ring in.
_HOP = 128
_FRAME = 2 * _HOP
_N_FFT = 6 * _HOP
_HANN = np.sin(np.pi * (np.arange(_FRAME) + 0.5) / _FRAME) ** 2
_FREQUENCIES = fft.rfftfreq(_N_FFT, 1 / SAMPLE_RATE)
_DELAY = np.exp(-2j * np.pi * _FREQUENCIES / SAMPLE_RATE).astype(np.complex64)
_DELAY_TWICE = _DELAY**2

# Fourth formant and up hardly move with the phone. Hz, for an adult man.
_UPPER_FORMANTS = (3500, 4500, 5500, 6500)

_QUIET = -np.inf


class _Phone(NamedTuple):
    """What one sound asks of the voice; formants in Hz for an adult man, levels in dB."""

    seconds: float
    formants: tuple
    voicing: float
    noise: float = _QUIET
    noise_centre: float = 3000


# Vowels: Hillenbrand et al. (1995), the men's means. Consonants: close to Klatt (1980). A stop is a closure,
# whose name ends in "_", and a release.
_PHONES = {
    "ih": _Phone(0.09, (427, 2034, 2684), 0),
    "ao": _Phone(0.15, (652, 997, 2538), 0),
    "aa": _Phone(0.12, (768, 1333, 2522), 0),
    "ah": _Phone(0.06, (623, 1200, 2550), -3),
    "er": _Phone(0.10, (474, 1379, 1710), -2),
    "r": _Phone(0.11, (430, 1300, 1700), -4),
    "ng": _Phone(0.08, (280, 2000, 2750), -9),
    "dh": _Phone(0.05, (270, 1290, 2540), -10, -28, 5500),
    "s": _Phone(0.11, (320, 1390, 2530), _QUIET, -12, 5800),
    "z": _Phone(0.08, (240, 1390, 2530), -14, -16, 5800),
    "b_": _Phone(0.06, (200, 1100, 2150), -20),
    "b": _Phone(0.01, (250, 1100, 2150), -8, -24, 900),
    "d_": _Phone(0.05, (200, 1600, 2600), -20),
    "d": _Phone(0.015, (250, 1600, 2600), -8, -16, 4000),
    "g_": _Phone(0.05, (200, 1990, 2850), -20),
    "g": _Phone(0.02, (250, 1990, 2850), -8, -18, 2000),
    "t_": _Phone(0.05, (300, 1600, 2600), _QUIET),
    "t": _Phone(0.05, (400, 1600, 2600), _QUIET, -14, 4500),
    "k_": _Phone(0.06, (300, 1990, 2850), _QUIET),
    "k": _Phone(0.05, (300, 1990, 2850), _QUIET, -16, 2000),
    "dx": _Phone(0.03, (300, 1700, 2600), -12),
    "|": _Phone(0.0, (500, 1500, 2500), _QUIET),
}

# Kids are talking by the door; dogs are sitting by the door. A phone that ends in "1" bears a pitch accent;
# "|" is where a pause may stand.
STATEMENTS = {
    1: "k_ k ih1 d_ d z er t_ t ao1 k_ k ih ng | b_ b aa ih dh ah d_ d ao1 r",
    2: "d_ d ao1 g_ g z er s ih1 dx ih ng | b_ b aa ih dh ah d_ d ao1 r",
}


class Delivery(NamedTuple):
    """How a statement is spoken; every part adds up on its own scale."""

    pitch: float  # mean pitch, semitones above 100 Hz
    melody: float  # size of the pitch movements, octaves of the factor
    final: float  # rise (+) or fall (-) over the last syllable, semitones
    rate: float  # tempo, octaves of the factor
    pause: float  # silence between the two phrases, seconds
    level: float  # root mean square while speaking, dB against full scale
    tilt: float  # what the glottal source loses at 3 kHz beyond its own slope, dB
    breath: float  # breath noise against the voice, dB
    rough: float  # jitter and shimmer, octaves of the factor
    tremor: float  # depth of a 5 to 7 Hz tremor, semitones
    formants: float  # all resonances, octaves of the factor
    slur: float  # how slowly articulators move, octaves of the factor


def speak(statement, delivery, silences, rng):
    """Speak one statement.

    Parameters
    ----------
    statement : int
        Key of `STATEMENTS`.
    delivery : Delivery
        How it is spoken.
    silences : tuple of 2 float
        Seconds before and after the speech.
    rng : Generator
        Source of every irregularity.

    Returns
    -------
    ndarray of shape (n_samples,)
        The voice alone, with digital silence around it.
    """
    names = STATEMENTS[statement].split()
    phones = [_PHONES[name.rstrip("1")] for name in names]
    accented = np.array([name.endswith("1") for name in names])

    seconds = np.array([phone.seconds for phone in phones]) * 2**-delivery.rate
    seconds *= np.exp(0.08 * rng.standard_normal(len(phones)))
    seconds[-2:] *= 1.3  # speakers slow down before they stop
    seconds[names.index("|")] = max(delivery.pause, 0)
    ends = silences[0] + np.cumsum(seconds)
    start, stop = silences[0], ends[-1]

    n_frames = int((stop + silences[1]) * SAMPLE_RATE / _HOP)
    times = np.arange(n_frames) * _HOP / SAMPLE_RATE
    at = np.searchsorted(ends, times, side="right").clip(max=len(phones) - 1)
    speaking = (times >= start) & (times < stop)

    pitch = _melody(times, start, stop, (ends - seconds / 2)[accented], delivery, rng)
    loudness = 0.5 * (pitch - pitch[speaking].mean())  # effort raises pitch and level together, dB
    voicing = np.array([phone.voicing for phone in phones])[at] + loudness
    noise = np.array([phone.noise for phone in phones])[at]
    voicing, noise = (
        gaussian_filter1d(np.where(speaking, 10 ** (level / 20), 0), 1.0)[:, np.newaxis]
        for level in (voicing, noise)
    )
    formants = np.array([phone.formants for phone in phones], dtype=float)[at]
    formants = gaussian_filter1d(formants, 2.5 * 2**delivery.slur, axis=0, mode="nearest")
    scale = 2**delivery.formants

    source = _glottal_source(100 * 2 ** (pitch / 12), delivery, rng)
    hiss = rng.standard_normal(len(source), dtype=np.float32)
    cutoff = 3000 / np.sqrt(10 ** (np.clip(delivery.tilt, 0.5, 40) / 10) - 1)
    fixed = 1 / (1 + 1j * _FREQUENCIES / cutoff)
    for formant in _UPPER_FORMANTS:
        fixed = fixed * _resonance(formant * scale)
    spectrum = _spectrum(source, voicing) * fixed.astype(np.complex64)
    for formant in formants.T:
        spectrum *= _resonance(formant[:, np.newaxis] * scale)
    centre = np.array([phone.noise_centre for phone in phones])[at][:, np.newaxis]
    spectrum += _spectrum(hiss, noise) * _resonance(centre * scale, 0.4 * centre, at_peak=True)
    waveform = _overlap_add(fft.irfft(spectrum, _N_FFT))
    while_speaking = waveform[int(start * SAMPLE_RATE) : int(stop * SAMPLE_RATE)]
    return waveform * (10 ** (delivery.level / 20) / np.sqrt(np.mean(while_speaking**2)))


def _melody(times, start, stop, accents, delivery, rng):
    """Pitch of each frame in semitones above 100 Hz: declination, accents, last syllable, irregularities."""
    through = ((times - start) / (stop - start)).clip(0, 1)
    heights = np.array([4.5, 3.5, 3.5]) * np.exp(0.25 * rng.standard_normal(len(accents)))
    bumps = np.exp(-0.5 * ((times - accents[:, np.newaxis]) / 0.08) ** 2)
    melody = 2**delivery.melody * (heights @ bumps - 3 * through)
    melody += delivery.final * ((times - stop + 0.35) / 0.35).clip(0, 1) ** 1.5
    drift = gaussian_filter1d(rng.standard_normal(len(times)), 12)
    tremor = np.sin(2 * np.pi * (rng.uniform(5, 7) * times + rng.uniform()))
    pitch = delivery.pitch + melody - melody.mean() + 2 * drift + max(delivery.tremor, 0) * tremor
    return pitch.clip(-9, 34)  # 60 to 700 Hz


def _glottal_source(frequency, delivery, rng):
    """Rate of change of a glottal flow with jitter and shimmer, and breath noise while the glottis is open.

    The flow of a cycle is Klatt & Klatt's (1990): over the open part, the square minus the cube of the phase.
    """
    n_samples = len(frequency) * _HOP
    frequency = np.interp(np.arange(n_samples) / _HOP, np.arange(len(frequency)), frequency)
    irregular = 2**delivery.rough
    cycle = (np.cumsum(frequency) / SAMPLE_RATE).astype(int)
    jitter, shimmer = rng.standard_normal((2, cycle[-1] + 1)) * [[0.006 * irregular], [0.04 * irregular]]
    phase = np.cumsum(frequency * (1 + jitter.clip(-0.3, 0.3))[cycle]) / SAMPLE_RATE
    cycle = phase.astype(int)
    openness = 0.6 + 0.01 * np.clip(delivery.breath + 25, -15, 25)  # breathy voices hardly close
    phase = ((phase - cycle) / openness).clip(max=1)
    flow = 6.75 * phase**2 * (1 - phase) * (1 + shimmer.clip(-0.6, 0.6).take(cycle, mode="clip"))
    voice = np.diff(flow, prepend=0)
    breath = rng.standard_normal(n_samples, dtype=np.float32) * (0.2 + flow)
    return voice / voice.std() + 10 ** (delivery.breath / 20) * breath


def _resonance(frequency, bandwidth=None, at_peak=False):
    """Response of Klatt's (1980) second-order resonator, unit gain at 0 Hz or else at its peak."""
    if bandwidth is None:
        bandwidth = 50 + frequency / 20
    radius = np.exp(-np.pi * bandwidth / SAMPLE_RATE)
    angle = 2 * np.pi * frequency / SAMPLE_RATE
    first, second = np.float32(2 * radius * np.cos(angle)), np.float32(-(radius**2))
    gain = np.float32((1 - radius) * 2 * np.sin(angle)) if at_peak else 1 - first - second
    return gain / (1 - first * _DELAY - second * _DELAY_TWICE)


def _spectrum(samples, gains):
    """Spectra of the overlapping frames of a signal, one gain a frame."""
    samples = np.asarray(samples, dtype=np.float32).reshape(-1, _HOP)
    frames = np.hstack([samples, np.vstack([samples[1:], np.zeros_like(samples[:1])])])
    return fft.rfft(frames * (_HANN * gains).astype(np.float32), _N_FFT)


def _overlap_add(frames):
    """Sum frames that start `_HOP` samples after one another."""
    n_frames, length = frames.shape
    total = np.zeros((n_frames + length // _HOP, _HOP))
    for part in range(length // _HOP):
        total[part : part + n_frames] += frames[:, part * _HOP : (part + 1) * _HOP]
    return total[:n_frames].ravel()
