"""What the synthetic corpus promises: the same bytes, the rules of emotions, and voices that differ."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from scipy.signal import find_peaks, lfilter
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.datasets import load_ravdess, make_emotional_speech
from sklearn_ser.exceptions import CorpusError, IncompleteCorpusWarning
from sklearn_ser.features import MFCCTransformer


@pytest.fixture(scope="module")
def corpus():
    return make_emotional_speech(random_state=0)


def level(waveform):
    return 20 * np.log10(np.sqrt(np.mean(waveform**2)))


def pitch(waveform, sample_rate=16_000):
    """Median pitch in Hz by autocorrelation of the louder frames."""
    frames = np.lib.stride_tricks.sliding_window_view(waveform.astype(float), 640)[::320]
    energy = (frames**2).mean(axis=1)
    shortest, longest = sample_rate // 600, sample_rate // 60
    found = []
    for frame in frames[energy > 0.2 * energy.max()]:
        correlation = np.correlate(frame, frame, "full")[639:]
        found.append(sample_rate / (shortest + correlation[shortest:longest].argmax()))
    return np.median(found)


def digest(waveforms):
    return hashlib.sha256(b"".join(waveform.tobytes() for waveform in waveforms)).hexdigest()


def test_there_are_all_combinations_but_strong_neutral(corpus):
    assert len(corpus.data) == 8 * (7 * 2 + 1) * 2 * 2
    neutral = corpus.target == "neutral"
    assert set(corpus.metadata["intensity"][neutral]) == {"normal"}
    assert set(corpus.metadata["intensity"][~neutral]) == {"normal", "strong"}
    assert sorted(set(corpus.groups)) == [f"synthetic-{k:02d}" for k in range(1, 9)]
    assert corpus.target_names == sorted(set(corpus.target))


def test_waveforms_are_finite_float32_of_speechs_length_and_do_not_clip(corpus):
    seconds = np.array([len(waveform) for waveform in corpus.data]) / 16_000
    assert 1 < seconds.min() < seconds.max() < 4.5
    for waveform in corpus.data:
        assert waveform.dtype == np.float32
        assert np.isfinite(waveform).all()
        assert np.abs(waveform).max() < 1


def test_the_same_random_state_gives_the_same_bytes_in_another_process():
    program = """
import hashlib
from sklearn_ser import make_emotional_speech
waveforms = make_emotional_speech(2, 1, random_state=3).data
print(hashlib.sha256(b"".join(waveform.tobytes() for waveform in waveforms)).hexdigest())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(make_emotional_speech(2, 1, random_state=3).data)
    assert done.stdout.strip() != digest(make_emotional_speech(2, 1, random_state=4).data)


def test_more_speakers_emotions_and_repetitions_leave_the_other_recordings_as_they_were():
    few = make_emotional_speech(2, 1, emotions=["happy"], n_statements=1, random_state=0)
    many = make_emotional_speech(3, 2, emotions=["sad", "happy"], random_state=0)
    kept = (
        np.isin(many.groups, few.groups)
        & (many.target == "happy")
        & (many.metadata["statement"] == 1)
        & (many.metadata["repetition"] == 1)
    )
    assert digest(many.data[kept]) == digest(few.data)


def test_files_hold_the_waveforms_and_read_back_as_ravdess(tmp_path):
    options = {"n_speakers": 2, "n_repetitions": 1, "emotions": ["angry", "neutral"], "random_state": 0}
    in_memory = make_emotional_speech(**options)
    written = make_emotional_speech(**options, folder=tmp_path)
    with pytest.warns(IncompleteCorpusWarning, match="Missing, by speaker"):
        loaded = load_ravdess(tmp_path)
    assert sorted(loaded.data) == sorted(written.data)
    for path, waveform, emotion in zip(written.data, in_memory.data, in_memory.target, strict=True):
        decoded, sample_rate = soundfile.read(path, dtype="float32")
        assert sample_rate == 16_000
        np.testing.assert_array_equal(decoded, waveform)
        assert loaded.target[loaded.data == path] == [emotion]


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CorpusError, match=r"must be an empty or new folder; .* holds 'thesis.txt' already"):
        make_emotional_speech(1, 1, folder=tmp_path)


def test_women_speak_higher_than_men(corpus):
    plain = (corpus.target == "neutral") & (corpus.metadata["repetition"] == 1)
    pitches = np.array([pitch(waveform) for waveform in corpus.data[plain]])
    women = corpus.metadata["sex"][plain] == "female"
    assert 80 < np.median(pitches[~women]) < 170 < np.median(pitches[women]) < 300


def test_every_speaker_is_louder_in_anger_than_in_sadness_and_calm(corpus):
    levels = np.array([level(waveform) for waveform in corpus.data])
    for speaker in set(corpus.groups):
        of = {
            e: levels[(corpus.groups == speaker) & (corpus.target == e)].mean()
            for e in ("angry", "sad", "calm")
        }
        assert of["angry"] > of["sad"] + 6
        assert of["angry"] > of["calm"] + 6


def test_emotions_of_high_arousal_are_higher_in_pitch_and_sadness_is_slower(corpus):
    part = corpus.metadata["repetition"] == 1
    target = corpus.target[part]
    pitches = np.array([pitch(waveform) for waveform in corpus.data[part]])
    seconds = np.array([len(waveform) for waveform in corpus.data[part]])
    median = {emotion: np.median(pitches[target == emotion]) for emotion in corpus.target_names}
    assert min(median[e] for e in ("angry", "fearful", "happy", "surprised")) > median["sad"]
    assert np.median(seconds[target == "sad"]) > np.median(seconds[target == "fearful"])


def test_vowels_have_formants(corpus):
    # Linear prediction of the loudest part of a man's plain statement: peaks as vocal tracts have them.
    waveform = corpus.data[(corpus.target == "neutral") & (corpus.metadata["sex"] == "male")][0].astype(float)
    loudest = np.convolve(waveform**2, np.ones(480), "valid").argmax()
    part = lfilter([1, -0.97], [1], waveform[loudest : loudest + 480]) * np.hamming(480)
    correlation = np.correlate(part, part, "full")[479 : 479 + 19]
    from scipy.linalg import solve_toeplitz

    prediction = solve_toeplitz(correlation[:-1], correlation[1:])
    response = 1 / np.abs(np.fft.rfft(np.concatenate([[1], -prediction]), 1024))
    peaks = find_peaks(response)[0] * 16_000 / 1024
    assert 200 < peaks[0] < 1000
    assert sum(peaks < 5000) >= 3


def test_a_random_split_flatters_and_unheard_speakers_are_hard_but_not_hopeless(corpus):
    rows = MFCCTransformer(delta=1, summary=("mean", "std")).fit_transform(corpus.data)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))

    def score(splitter, groups=None):
        scores = cross_val_score(
            model, rows, corpus.target, groups=groups, cv=splitter, scoring="balanced_accuracy"
        )
        return scores.mean()

    unheard = score(StratifiedGroupKFold(4), corpus.groups)
    assert 0.3 < unheard < 0.75  # chance is 0.125
    assert score(StratifiedKFold(4, shuffle=True, random_state=0)) > unheard + 0.08


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_speakers": 0}, "'n_speakers' parameter of make_emotional_speech must be an int"),
        ({"emotions": ["glad"]}, "emotions must be among neutral, .*; got 'glad'"),
        ({"emotions": []}, "must name at least 1 emotion"),
        ({"emotions": ["sad", "sad"]}, "named once each; got 'sad' 2 times"),
        ({"n_speakers": 25, "folder": "new"}, "tell 24 speakers and 2 repetitions apart; got n_speakers=25"),
    ],
)
def test_impossible_requests_are_refused(params, message):
    with pytest.raises(ValueError, match=message):
        make_emotional_speech(**params)


def test_data_and_target_come_alone_on_request():
    data, target = make_emotional_speech(1, 1, emotions=["sad"], return_X_y=True, random_state=0)
    assert len(data) == len(target) == 4
