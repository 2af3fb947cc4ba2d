"""What degradations do to a waveform, and what a score of them tells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import wavfile
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import Bunch

from sklearn_ser.augmentation import AdditiveNoise, Reverberation
from sklearn_ser.datasets import Recordings
from sklearn_ser.evaluation import RobustnessResult, robustness
from sklearn_ser.evaluation._degradations import DEGRADATIONS, Condition, conditions
from sklearn_ser.exceptions import RecordingError
from sklearn_ser.features import AmplitudeEnvelopeTransformer

RATE = 16_000
# Strengths that change nothing, or next to nothing.
HARMLESS = {"noise": np.inf, "gain": 0, "truncation": 1e3, "clipping": 1}
HARMFUL = [(name, strength) for name, kind in DEGRADATIONS.items() for strength in kind.strengths]


def degraded(waveform, name, strength, sample_rate=RATE, random_state=0):
    return Condition(name, strength).apply(waveform, sample_rate, random_state)


def level(waveform):
    return 10 * np.log10(np.mean(np.square(waveform, dtype=float)))


def power_above(waveform, frequency):
    spectrum = np.abs(np.fft.rfft(waveform * np.hanning(len(waveform)))) ** 2
    is_above = np.fft.rfftfreq(len(waveform), 1 / RATE) > frequency
    return spectrum[is_above].sum() / spectrum.sum()


@pytest.fixture
def hiss(rng):
    return (0.1 * rng.normal(size=RATE)).astype(np.float32)


@pytest.mark.parametrize(("name", "strength"), HARMFUL)
@given(n_samples=st.integers(1, 400), amplitude=st.sampled_from([0, 1e-4, 0.3, 2.0]), seed=st.integers(0, 99))
def test_any_waveform_stays_a_waveform(name, strength, n_samples, amplitude, seed):
    waveform = (amplitude * np.random.default_rng(seed).normal(size=n_samples)).astype(np.float32)
    original = waveform.copy()
    changed = degraded(waveform, name, strength)
    np.testing.assert_array_equal(waveform, original)
    assert changed.dtype == np.float32
    assert changed.shape == waveform.shape
    assert np.isfinite(changed).all()


@pytest.mark.parametrize("name", HARMLESS)
def test_a_strength_that_is_none_changes_nothing(name, hiss):
    np.testing.assert_array_equal(degraded(hiss, name, HARMLESS[name]), hiss)


def test_noise_has_the_ratio_that_is_asked_for(hiss):
    for snr_db in (20, 0, -5):
        noise = degraded(hiss, "noise", snr_db) - hiss
        assert level(hiss) - level(noise) == pytest.approx(snr_db, abs=0.01)


def test_noise_is_the_same_at_every_strength_and_another_for_every_recording(hiss):
    weak, strong = (degraded(hiss, "noise", snr_db) - hiss for snr_db in (20, 0))
    np.testing.assert_allclose(10 * weak, strong, atol=1e-6)
    other = degraded(hiss[::-1].copy(), "noise", 0) - hiss[::-1]
    assert abs(np.corrcoef(strong, other)[0, 1]) < 0.05
    assert (degraded(hiss, "noise", 0, random_state=1) != degraded(hiss, "noise", 0)).any()


def test_a_gain_is_one(hiss):
    assert level(degraded(hiss, "gain", -20)) == pytest.approx(level(hiss) - 20, abs=1e-4)
    assert np.abs(degraded(hiss, "gain", 20)).max() > 1  # nothing is clipped


@pytest.mark.parametrize("limit", [4000, 1000])
def test_a_limited_band_has_nothing_above_its_limit_and_everything_well_below(limit, hiss):
    limited = degraded(hiss, "band_limit", limit)
    assert power_above(limited, 1.05 * limit) < 1e-6
    low = np.fft.rfftfreq(RATE, 1 / RATE) < 0.8 * limit
    before, after = (np.fft.rfft(one * np.hanning(RATE))[low] for one in (hiss, limited))
    assert np.abs(before - after).max() < 0.02 * np.abs(before).max()


def test_a_telephone_has_256_levels_and_half_the_band(hiss):
    heard = degraded(hiss, "mu_law", 8000)
    assert power_above(heard, 4200) < 1e-4
    narrow = degraded(hiss, "mu_law", 8000, sample_rate=8000)
    assert len(np.unique(narrow)) <= 256
    # G.711 has 16 steps in each doubling of the value, and steps of 2 ** -12 near 0.
    assert (np.abs(narrow - hiss) <= np.abs(hiss) / 16 + 2**-12).all()
    assert np.abs(degraded(20 * hiss, "mu_law", 8000, sample_rate=8000)).max() <= 1


def test_truncation_keeps_the_beginning(hiss):
    np.testing.assert_array_equal(degraded(hiss, "truncation", 0.25), hiss[:4000])


def test_clipping_leaves_a_share_of_the_peak(hiss):
    clipped = degraded(hiss, "clipping", 0.25)
    peak = np.abs(hiss).max()
    assert np.abs(clipped).max() == pytest.approx(peak / 4)
    untouched = np.abs(hiss) < peak / 4
    np.testing.assert_array_equal(clipped[untouched], hiss[untouched])


@pytest.mark.parametrize(
    ("degradations", "message"),
    [
        ({"nosie": 10}, r"degradations names 'nosie'; there are 'noise', 'gain', .* augmentations, such as"),
        ({"noise": [10, -200]}, r"A strength of 'noise' must be an SNR of -100 dB or more; got -200"),
        ({"noise": [10, np.nan]}, r"an SNR of -100 dB or more; got nan"),
        ({"noise": "10"}, r"A strength of 'noise' must be a number; got '10'"),
        ({"gain": 200}, r"a gain from -120 to 120 dB; got 200"),
        ({"band_limit": 8000}, r"in Hz and below half of sample_rate=16000; got 8000"),
        ({"mu_law": 44_100}, r"a sample rate in Hz of at most 16000; got 44100"),
        ({"truncation": 0}, r"a number of seconds above 0, which are kept; got 0"),
        ({"clipping": 1.5}, r"a share of the peak, above 0 and at most 1; got 1\.5"),
        ({"noise": AdditiveNoise()}, r"degradations\['noise'\] is an augmentation; give it a name"),
        ({"hall": Reverberation(rt60=-1)}, r"Reverberation needs rt60"),
    ],
)
def test_conditions_that_are_none_are_refused(degradations, message):
    with pytest.raises(ValueError, match=message):
        conditions(degradations, RATE)


def test_limits_that_a_sample_rate_cannot_show_are_not_looked_at_unasked():
    limits = [one.strength for one in conditions(None, 4000) if one.name == "band_limit"]
    assert limits == [1000]


@pytest.fixture
def corpus(rng):
    """Loud and soft noises of four speakers, a sixth of a second each."""
    y = np.tile(["angry", "sad"], 16)
    loudness = np.where(y == "angry", 0.3, 0.03) * rng.uniform(0.5, 2, size=len(y))
    waveforms = [(one * rng.normal(size=2600 + 7 * k)).astype(np.float32) for k, one in enumerate(loudness)]
    speakers = np.repeat(["anna", "ben", "cleo", "dan"], 8)
    return Bunch(
        data=np.fromiter(waveforms, object, len(y)),
        target=y,
        groups=speakers,
        recordings=Recordings(waveforms, speakers),
    )


def pipeline(sample_rate=RATE):
    loudness = AmplitudeEnvelopeTransformer(summary=("mean",), sample_rate=sample_rate)
    return make_pipeline(loudness, FunctionTransformer(np.log), LogisticRegression(C=100))


@pytest.fixture
def fitted(corpus):
    return pipeline().fit(corpus.data, corpus.target)


def test_a_score_is_that_of_the_degraded_recordings(fitted, corpus):
    result = robustness(fitted, corpus, degradations={"noise": [10, -10], "gain": -20})
    assert result.degradations == ["clean", "noise", "noise", "gain"]
    assert result.strengths == [None, 10, -10, -20]
    assert result.units == ["", "dB", "dB", "dB"]
    for k, (name, strength) in enumerate([(None, None), ("noise", 10), ("noise", -10), ("gain", -20)]):
        waveforms = corpus.data if name is None else [degraded(one, name, strength) for one in corpus.data]
        predicted = fitted.predict(waveforms)
        np.testing.assert_array_equal(result.predictions[k], predicted)
        assert result.score()[k] == pytest.approx(balanced_accuracy_score(corpus.target, predicted))
    assert result.score()[0] > 0.9
    assert result.score()[-1] == 0.5  # everybody is soft


def test_a_table_has_a_row_for_each_condition(fitted, corpus):
    result = robustness(fitted, corpus)
    frame = result.to_frame()
    assert list(frame["degradation"].unique()) == ["clean", *DEGRADATIONS]
    assert len(frame) == 1 + len(HARMFUL)
    np.testing.assert_allclose(frame["score"], result.score())
    np.testing.assert_allclose(frame["change"], frame["score"] - frame["score"][0])
    assert frame["change_low"][0] == frame["change_high"][0] == 0
    assert (frame["low"] <= frame["score"]).all()
    assert (frame["score"] <= frame["high"]).all()
    soft = frame[(frame["degradation"] == "gain") & (frame["strength"] == -20)].squeeze()
    assert soft["change_high"] < -0.3
    accuracy = result.to_frame("accuracy", confidence=0.5)
    assert (accuracy["high"] - accuracy["low"] <= frame["high"] - frame["low"]).all()
    lines = str(result).splitlines()
    assert lines[0] == "balanced accuracy of 32 recordings"
    assert lines[2].startswith("noise        20 dB            ")
    assert repr(result).startswith("<RobustnessResult of 32 recordings: balanced accuracy 1.000, and 0.5")


def test_it_is_the_same_each_time_in_any_order_and_in_threads(fitted, corpus):
    once = robustness(fitted, corpus)
    again = robustness(fitted, corpus.data[::-1], corpus.target[::-1], n_jobs=2)
    np.testing.assert_array_equal(again.predictions[:, ::-1], once.predictions)
    assert again.speakers is None
    assert again.to_frame()[["low", "high", "change_low"]].isna().all(axis=None)
    np.testing.assert_array_equal(again.score(), once.score())


def test_paths_and_waveforms_and_tables_of_waveforms_are_alike(fitted, corpus, tmp_path):
    kept = [one[:2600] for one in corpus.data]
    paths = [tmp_path / f"{k}.wav" for k in range(len(kept))]
    for path, waveform in zip(paths, kept, strict=True):
        wavfile.write(path, RATE, waveform)
    results = [robustness(fitted, X, corpus.target, corpus.groups) for X in (kept, paths, np.stack(kept))]
    for result in results[1:]:
        np.testing.assert_array_equal(result.predictions, results[0].predictions)


def test_augmentations_are_degradations_too(fitted, corpus):
    result = robustness(
        fitted, corpus, degradations={"hall": Reverberation(rt60=0.5), "hiss": AdditiveNoise(-20)}
    )
    assert result.degradations == ["clean", "hall", "hiss"]
    assert result.strengths == [None, None, None]
    assert result.to_frame()["strength"].isna().all()


def test_recordings_keep_their_speakers(corpus):
    class Listener(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            self.classes_ = np.unique(y)
            return self

        def predict(self, X):
            return np.where(X.speakers == "anna", "angry", "sad")

    listener = Listener().fit(corpus.data, corpus.target)
    for X, y in ((corpus, None), (corpus.recordings, corpus.target)):
        result = robustness(listener, X, y, sample_rate=RATE, degradations={"gain": -20})
        assert (result.predictions == np.where(corpus.groups == "anna", "angry", "sad")).all()


def test_a_fitted_search_is_asked_for_the_best_it_found(corpus):
    grid = {"logisticregression__C": [1e-3, 1.0]}
    search = GridSearchCV(pipeline(), grid, cv=GroupKFold(2)).fit(
        corpus.data, corpus.target, groups=corpus.groups
    )
    result = robustness(search, corpus, degradations={"noise": 10})
    np.testing.assert_array_equal(result.predictions[0], search.predict(corpus.data))


def test_nothing_is_resampled_without_a_word(corpus):
    fitted = pipeline(8000).fit(corpus.data, corpus.target)
    with pytest.raises(ValueError, match=r"sample_rate=16000, and .* to be at amplitude.*__sample_rate=8000"):
        robustness(fitted, corpus, sample_rate=RATE)
    two = make_pipeline(pipeline(8000)[0], pipeline()[1:]).set_params(
        pipeline__functiontransformer="passthrough"
    )
    two.steps.insert(1, ("nothing", Unlike(sample_rate=RATE)))
    with pytest.raises(ValueError, match=r"take waveforms to have different sample rates: \{.*8000.*16000\}"):
        robustness(two.fit(corpus.data, corpus.target), corpus)
    rows = np.log([[np.abs(one).mean()] for one in corpus.data])
    model = LogisticRegression().fit(rows, corpus.target)
    with pytest.raises(
        ValueError, match=r"no parameter of fitted is called sample_rate\. .* pass the pipeline"
    ):
        robustness(model, rows, corpus.target)


class Unlike(FunctionTransformer):
    """Does nothing, at a sample rate."""

    def __init__(self, sample_rate):
        super().__init__()
        self.sample_rate = sample_rate


def test_what_cannot_be_scored_is_refused(fitted, corpus, tmp_path):
    with pytest.raises(ValueError, match=r"y holds 'calm', and fitted tells apart 'angry', 'sad'\."):
        robustness(fitted, corpus.data, np.where(corpus.target == "sad", "calm", "angry"))
    here = tmp_path / "here.wav"
    wavfile.write(here, RATE, corpus.data[0])
    with pytest.raises(RecordingError, match=r"1 of 32 recordings .*: recording 31 is not a file"):
        robustness(fitted, [here] * 31 + ["there.wav"], corpus.target)
    with pytest.raises(ValueError, match=r"not fitted yet"):
        robustness(pipeline(), corpus)
    with pytest.raises(
        ValueError, match=r"confidence must be a number above 0 and below 1, such as 0\.95; got 1"
    ):
        robustness(fitted, corpus, degradations={}).to_frame(confidence=1)
    assert isinstance(robustness(fitted, corpus, degradations={}), RobustnessResult)
