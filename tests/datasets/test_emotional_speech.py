"""What the synthetic corpus promises: the same bytes, the rules of emotions, and voices that differ."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.datasets import load_ravdess, make_emotional_speech
from sklearn_ser.datasets._vocal_tract import _PHONES, SAMPLE_RATE, STATEMENTS, Delivery, speak
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


def test_any_sample_rate_holds_the_same_speech():
    at_16, at_22 = (
        make_emotional_speech(1, 1, emotions=["happy"], sample_rate=rate, random_state=0).data[0]
        for rate in (16_000, 22_050)
    )
    assert len(at_22) == pytest.approx(len(at_16) * 22_050 / 16_000, abs=1)
    assert level(at_22) == pytest.approx(level(at_16), abs=0.1)  # dB


def test_a_random_state_that_goes_on_gives_another_corpus_each_time():
    random_state = np.random.RandomState(0)
    first, second = (make_emotional_speech(1, 1, emotions=["sad"], random_state=random_state) for _ in "ab")
    again = make_emotional_speech(1, 1, emotions=["sad"], random_state=np.random.RandomState(0))
    assert digest(first.data) == digest(again.data) != digest(second.data)


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


def test_the_loudest_emotion_is_anger_some_15_to_20_db_above_the_quietest(corpus):
    mean = {e: np.mean([level(w) for w in corpus.data[corpus.target == e]]) for e in corpus.target_names}
    assert max(mean, key=mean.get) == "angry"
    assert set(sorted(mean, key=mean.get)[:2]) == {"calm", "sad"}
    assert 15 < mean["angry"] - (mean["calm"] + mean["sad"]) / 2 < 20


def test_anger_is_brighter_than_sadness_in_every_speaker(corpus):
    def brightness(waveform):
        power = np.abs(np.fft.rfft(waveform)) ** 2
        hertz = np.fft.rfftfreq(len(waveform), 1 / 16_000)
        return power[(hertz > 1000) & (hertz < 5000)].sum() / power[(hertz > 50) & (hertz < 1000)].sum()

    for speaker in set(corpus.groups):
        angry, sad = (
            np.mean([brightness(w) for w in corpus.data[(corpus.groups == speaker) & (corpus.target == e)]])
            for e in ("angry", "sad")
        )
        assert angry > sad


def test_emotions_of_high_arousal_are_higher_in_pitch_and_sadness_is_slower(corpus):
    part = corpus.metadata["repetition"] == 1
    target = corpus.target[part]
    pitches = np.array([pitch(waveform) for waveform in corpus.data[part]])
    seconds = np.array([len(waveform) for waveform in corpus.data[part]])
    median = {emotion: np.median(pitches[target == emotion]) for emotion in corpus.target_names}
    assert min(median[e] for e in ("angry", "fearful", "happy", "surprised")) > median["sad"]
    assert np.median(seconds[target == "sad"]) > np.median(seconds[target == "fearful"])


@pytest.mark.parametrize("tract", [0, 0.22], ids=["man", "woman"])
@pytest.mark.parametrize("vowel", ["ih", "ao", "aa", "ah", "er"])
def test_a_held_vowel_has_its_formants(vowel, tract, rng, monkeypatch):
    monkeypatch.setitem(STATEMENTS, 0, f"| {vowel}1 {vowel}1 {vowel}1")
    plain = dict.fromkeys(Delivery._fields, 0) | {"level": -30, "tilt": 8, "breath": -25}
    slow_and_flat = Delivery(**plain | {"melody": -4, "rate": -1, "formants": tract})
    waveform = speak(0, slow_and_flat, (0.1, 0.1), rng)

    # Linear prediction: two coefficients a formant, and six for the source.
    middle = waveform[len(waveform) // 2 - 1600 : len(waveform) // 2 + 1600]
    part = lfilter([1, -0.97], [1], middle) * np.hamming(len(middle))
    correlation = np.correlate(part, part, "full")[len(part) - 1 :][:21]
    poles = np.roots([1, *-solve_toeplitz(correlation[:-1], correlation[1:])])
    frequencies = np.angle(poles) * SAMPLE_RATE / (2 * np.pi)
    bandwidths = -np.log(np.abs(poles)) * SAMPLE_RATE / np.pi
    formants = np.sort(frequencies[(frequencies > 150) & (bandwidths < 400)])[:3]
    np.testing.assert_allclose(formants, np.array(_PHONES[vowel].formants) * 2**tract, rtol=0.05)


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
        ({"emotions": "sad"}, "'emotions' parameter .* must be an array-like or None. Got 'sad'"),
        ({"emotions": np.array(["glad"])}, "got 'glad'"),
        ({"n_intensities": 3}, r"'n_intensities' parameter .* in the range \[1, 2\]. Got 3"),
        ({"n_statements": 3}, r"'n_statements' parameter .* in the range \[1, 2\]. Got 3"),
        ({"sample_rate": 4000}, r"'sample_rate' parameter .* in the range \[8000, inf\). Got 4000"),
        ({"n_repetitions": 3, "folder": "new"}, "2 repetitions apart; got .*n_repetitions=3"),
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
