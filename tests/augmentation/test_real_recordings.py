"""What augmentations do to recordings of people, by numbers."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser import load_ravdess
from sklearn_ser._audio import load_waveform
from sklearn_ser.augmentation import (
    AdditiveNoise,
    BackgroundRecordings,
    DynamicRangeCompression,
    PitchShift,
    Reverberation,
    SpeedPerturbation,
    TrainingAugmenter,
)
from sklearn_ser.features import MFCCTransformer

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def corpus(ravdess_root):
    return load_ravdess(ravdess_root)


@pytest.fixture(scope="module")
def voices(corpus):
    """A strong recording of each of eight speakers, with its path."""
    strong = corpus.data[(corpus.target == "angry") & (corpus.metadata["intensity"] == "strong")]
    return [(path, load_waveform(path, 16_000)) for path in strong[::4][:8]]


def decibel(power):
    return 10 * np.log10(power)


def power(waveform):
    return np.mean(np.square(waveform, dtype=np.float64))


def pitch(waveform):
    """Fundamental frequency of each frame of 64 ms by its autocorrelation, in Hz; NaN where there is none."""
    shortest, longest, window = 16_000 // 600, 16_000 // 65, np.hanning(1024)
    frames = np.lib.stride_tricks.sliding_window_view(waveform, 1024)[::256] * window
    powers = np.abs(np.fft.rfft([window, *frames], 2048)) ** 2
    products = np.fft.irfft(powers)[:, : longest + 2]
    likeness = products[1:] / products[0] / np.maximum(products[1:, :1] / products[0, 0], 1e-9)
    best = shortest + likeness[:, shortest:longest].argmax(axis=1)
    before, at, after = (likeness[np.arange(len(best)), best + k] for k in (-1, 0, 1))
    bend = before - 2 * at + after
    is_voiced = (at > 0.8) & (at > before) & (at > after) & (products[1:, 0] > 1e-3)
    lag = best + 0.5 * (before - after) / np.where(is_voiced, bend, 1)
    return np.where(is_voiced, 16_000 / lag, np.nan)


@pytest.mark.parametrize("snr_db", [0, 20])
def test_noise_and_backgrounds_meet_their_ratio_on_speech(voices, snr_db):
    paths = [path for path, _ in voices]
    for augmentation in (
        AdditiveNoise(snr_db),
        AdditiveNoise(snr_db, color="pink"),
        BackgroundRecordings(paths, snr_db=snr_db),
    ):
        for _, voice in voices:
            noise = augmentation.augment(voice, 16_000, 0) - voice
            np.testing.assert_allclose(decibel(power(voice) / power(noise)), snr_db, atol=0.01)


@pytest.mark.parametrize("semitones", [-2, 2])
def test_a_shifted_voice_has_the_pitch_asked_for_and_its_level(voices, semitones):
    deviations = []
    for _, voice in voices[:3]:
        shifted = PitchShift(semitones).augment(voice, 16_000)
        np.testing.assert_allclose(power(shifted), power(voice), rtol=1e-3)
        deviations.append(12 * np.log2(pitch(shifted) / pitch(voice)) - semitones)
    deviations = np.concatenate(deviations)
    deviations = deviations[~np.isnan(deviations)]
    assert abs(np.median(deviations)) < 0.1
    assert np.mean(np.abs(deviations) < 0.5) > 0.75  # some frames are taken for another octave


def test_a_faster_voice_is_as_much_shorter(voices):
    for _, voice in voices:
        assert len(SpeedPerturbation(1.1).augment(voice, 16_000)) == round(len(voice) / 1.1)


def test_a_room_lets_a_voice_die_away_slowly_and_is_as_loud_as_asked(voices):
    frames_longer = []
    for _, voice in voices:
        wet = Reverberation(0.8, drr_db=0).augment(voice, 16_000, 0)
        np.testing.assert_allclose(decibel(power(wet) / power(voice)), 3, atol=2)
        levels = [
            decibel(np.square(one[: len(one) // 800 * 800]).reshape(-1, 800).mean(axis=1) + 1e-12)
            for one in (voice, wet)
        ]
        dry_frames, wet_frames = (np.sum(level > levels[0].max() - 30) for level in levels)
        frames_longer.append(wet_frames - dry_frames)
    assert min(frames_longer) > 0
    assert np.mean(frames_longer) > 4  # of 50 ms each


def test_compression_raises_a_soft_voice_more_than_a_loud_one(voices):
    compression = DynamicRangeCompression("speech")
    for _, voice in voices:
        loud, soft = (power(compression.augment(gain * voice, 16_000)) for gain in (0.3, 0.03))
        assert decibel(loud / soft) < 18  # where it was 20


def test_a_model_of_real_speech_is_trained_on_copies_in_a_cross_validation(corpus, tmp_path):
    """Functionals of MFCCs and a linear model, so that it takes seconds."""
    some = np.isin(corpus.metadata["intensity"], ["normal"]) & np.isin(
        corpus.target, ["angry", "calm", "happy", "sad"]
    )
    X, y, speakers = corpus.data[some][::4], corpus.target[some][::4], corpus.groups[some][::4]
    mfcc = MFCCTransformer(summary=("mean", "std"), memory=tmp_path / "features")
    model = make_pipeline(mfcc, StandardScaler(), LogisticRegression(C=0.01))
    scores = cross_val_score(
        TrainingAugmenter(model, random_state=0), X, y, groups=speakers, cv=GroupKFold(3)
    )
    assert scores.mean() > 0.35  # chance is 0.25
