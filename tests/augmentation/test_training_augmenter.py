"""Copies are for training alone, and go where their recordings go."""

import joblib
import numpy as np
import pandas as pd
import pytest
import soundfile
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_validate
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from sklearn_ser.augmentation import (
    AdditiveNoise,
    BackgroundRecordings,
    GainChange,
    SpeedPerturbation,
    TrainingAugmenter,
)
from sklearn_ser.classification import CNNEmotionClassifier
from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError, SerWarning
from sklearn_ser.features import LogMelTransformer, MFCCTransformer
from tests.features.transformers import CountingMFCCTransformer

from .listeners import Listener, Negative, firsts


@pytest.fixture
def model():
    """A pipeline that is fitted in an instant."""
    mfcc = MFCCTransformer(n_mfcc=5, n_mels=20, summary=("mean", "std"))
    return make_pipeline(mfcc, StandardScaler(), LogisticRegression())


def copies_of(X, **parameters):
    """What an estimator is fitted on beside the recordings."""
    parameters = {"n_copies": 1, "random_state": 0} | parameters
    augmenter = TrainingAugmenter(Listener(), keep_original=False, **parameters)
    return augmenter.fit(X, np.zeros(len(X))).estimator_.heard_


def assert_same(X, others):
    assert len(X) == len(others)
    for recording, other in zip(X, others, strict=True):
        np.testing.assert_array_equal(recording, other)


def test_the_estimator_is_fitted_on_the_recordings_and_their_copies(numbered):
    X, y, speakers = numbered
    heard = TrainingAugmenter(Listener(), [Negative()], n_copies=2).fit(X, y, groups=speakers).estimator_
    np.testing.assert_array_equal(firsts(heard.heard_), np.outer([1, -1, -1], np.arange(1, 13)).ravel())
    np.testing.assert_array_equal(heard.y_, np.tile(y, 3))
    np.testing.assert_array_equal(heard.groups_, np.tile(speakers, 3))
    assert_same(heard.heard_[:12], X)


def test_the_recordings_given_are_handed_on_as_they_are(numbered):
    X, y, _ = numbered
    heard = TrainingAugmenter(Listener(), random_state=0).fit(X, y).estimator_.heard_
    assert all(one is other for one, other in zip(heard, X, strict=False))


def test_without_copies_nothing_is_read_and_paths_stay_paths(files):
    X, y, _ = files
    heard = TrainingAugmenter(Listener(), n_copies=0).fit(X, y).estimator_.heard_
    assert heard is X


def test_predictions_are_of_the_recordings_given(numbered):
    X, y, _ = numbered
    augmenter = TrainingAugmenter(Listener(), n_copies=3).fit(X, y)
    assert list(augmenter.predict(X[:5])) == ["happy"] * 5
    assert augmenter.estimator_.asked_ == X[:5]
    assert augmenter.score(X, y) == 0.5


def test_no_copy_is_on_the_other_side_of_a_split(numbered):
    X, y, speakers = numbered
    result = cross_validate(
        TrainingAugmenter(Listener(), [Negative()], n_copies=2),
        X,
        y,
        groups=speakers,
        cv=StratifiedGroupKFold(4),
        return_estimator=True,
        return_indices=True,
        error_score="raise",
    )
    for augmenter, train, test in zip(
        result["estimator"], result["indices"]["train"], result["indices"]["test"], strict=True
    ):
        np.testing.assert_array_equal(
            firsts(augmenter.estimator_.heard_), np.outer([1, -1, -1], train + 1).ravel()
        )
        np.testing.assert_array_equal(firsts(augmenter.estimator_.asked_), test + 1)


def test_a_search_varies_everything_inside(numbered):
    X, y, speakers = numbered
    augmenter = TrainingAugmenter(
        Pipeline([("same", FunctionTransformer()), ("listener", Listener())]),
        [("gain", GainChange(0)), ("negative", Negative())],
    )
    grid = [
        {"n_copies": [0, 2], "gain__gain_db": [0, 6], "estimator__listener__setting": [0, 1]},
        {"augmentations": [[Negative()], [GainChange(3), Negative()]]},
        {"negative": [GainChange(1)]},
    ]
    search = GridSearchCV(augmenter, grid, cv=StratifiedGroupKFold(2), error_score="raise")
    search.fit(X, y, groups=speakers)
    assert len(search.cv_results_["params"]) == 11
    assert search.best_estimator_.predict(X).shape == (12,)


def test_nested_parameters_are_got_and_set():
    augmenter = TrainingAugmenter(make_pipeline(MFCCTransformer()), [("noise", AdditiveNoise(10))])
    assert augmenter.get_params()["noise__snr_db"] == 10
    assert augmenter.get_params()["estimator__mfcctransformer__hop_length"] == 320
    augmenter.set_params(noise__snr_db=(0, 5), estimator__mfcctransformer__n_mfcc=13)
    copied = clone(augmenter)
    assert copied.augmentations[0][1].snr_db == (0, 5)
    assert copied.augmentations[0][1] is not augmenter.augmentations[0][1]
    assert copied.estimator[0].n_mfcc == 13
    assert "noise" in repr(copied)
    assert "AdditiveNoise" in copied._repr_html_()
    with pytest.raises(ValueError, match="Invalid parameter 'gain'"):
        augmenter.set_params(gain__gain_db=3)


@pytest.mark.parametrize("n_jobs", [None, 3])
def test_copies_depend_on_the_recording_and_random_state_alone(numbered, n_jobs):
    X, _, _ = numbered
    copies = copies_of(X, n_copies=2, n_jobs=n_jobs)
    assert_same(copies, copies_of(X, n_copies=2))
    backwards = copies_of(X[::-1], n_copies=2, n_jobs=n_jobs)
    assert_same([*copies[11::-1], *copies[:11:-1]], backwards)
    assert_same(copies_of(X[3:4], n_copies=2), [copies[3], copies[15]])
    assert not np.array_equal(copies[3], copies[15])
    assert not np.array_equal(copies_of(X[3:4], random_state=1)[0], copies[3])


def test_a_file_and_its_waveform_have_the_same_copies(files):
    paths, _, _ = files
    assert_same(copies_of(paths), copies_of([soundfile.read(path, dtype="float32")[0] for path in paths]))


def test_files_are_resampled_to_the_sample_rate(files):
    paths, y, _ = files
    heard = TrainingAugmenter(Listener(), [Negative()], sample_rate=8_000).fit(paths, y).estimator_.heard_
    for index, path in enumerate(paths):
        assert abs(len(heard[index]) - soundfile.info(path).frames / 2) <= 1
        np.testing.assert_array_equal(heard[12 + index], -heard[index])


def test_another_amount_of_one_augmentation_leaves_what_the_others_draw(numbered):
    X, _, _ = numbered
    few = copies_of(X, augmentations=[GainChange((-1, 1)), SpeedPerturbation()])
    many = copies_of(X, augmentations=[GainChange((-1, 1), p=0), SpeedPerturbation()])
    assert [len(copy) for copy in few] == [len(copy) for copy in many]


def test_without_an_integer_each_fit_draws_anew(numbered):
    X, _, _ = numbered
    assert not np.array_equal(copies_of(X, random_state=None)[0], copies_of(X, random_state=None)[0])
    state = np.random.RandomState(0)
    assert not np.array_equal(copies_of(X, random_state=state)[0], copies_of(X, random_state=state)[0])


def test_a_table_of_waveforms_stays_one_as_long_as_its_copies_are_as_long(numbered):
    table = np.stack([recording[:1600] for recording in numbered[0]])
    heard = TrainingAugmenter(Listener(), [GainChange()]).fit(table, numbered[1])
    assert heard.estimator_.heard_.shape == (24, 1600)
    assert heard.n_features_in_ == 1600
    with pytest.raises(ValueError, match="X has 1500 features"):
        heard.predict(table[:, :1500])
    unequal = TrainingAugmenter(Listener(), [SpeedPerturbation(1.1)]).fit(pd.DataFrame(table), numbered[1])
    assert {len(recording) for recording in unequal.estimator_.heard_} == {1600, 1455}
    assert unequal.n_features_in_ == 1600


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (make_pipeline(MFCCTransformer(sample_rate=8_000), LogisticRegression()),
         "sample_rate=16000, .* mfcctransformer__sample_rate=8000: give both the same"),
        (MFCCTransformer(sample_rate=22_050), "takes them to be at sample_rate=22050"),
        (GridSearchCV(LogisticRegression(), {"C": [1, 2]}), "cv=None of GridSearchCV splits the recordings"),
        (make_pipeline(FunctionTransformer(), CalibratedClassifierCV(cv=3)), "calibratedclassifiercv__cv=3"),
    ],
)  # fmt: skip
def test_an_estimator_that_would_go_wrong_is_refused_before_any_work(estimator, message):
    with pytest.raises(ValueError, match=message):
        TrainingAugmenter(estimator).fit(["not read.wav"], [0])


def test_an_estimator_that_stops_early_by_held_out_copies_is_warned_of(numbered):
    X, y, _ = numbered
    mfcc = MFCCTransformer(summary=("mean",), n_mfcc=5)
    deaf = make_pipeline(mfcc, MLPClassifier(early_stopping=True, validation_fraction=0.5))
    with pytest.warns(
        SerWarning, match="mlpclassifier__early_stopping=True .* takes no groups and no copy_of"
    ):
        TrainingAugmenter(deaf).fit(X, y)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"augmentations": [AdditiveNoise]}, TypeError, "must be a list of augmentations, such as"),
        ({"augmentations": ["noise"]}, TypeError, "got 'noise' in it"),
        ({"augmentations": [("noise", 3)]}, TypeError, "got 3 in it"),
        ({"augmentations": []}, ValueError, "augmentations is empty; n_copies=0"),
        ({"augmentations": [("a", Negative()), ("a", Negative())]}, ValueError, "not unique"),
        ({"augmentations": [("n_jobs", Negative())]}, ValueError, "conflict with constructor arguments"),
        ({"augmentations": [GainChange(500)]}, ValueError, "within -120 and 120; got 500"),
        ({"augmentations": [BackgroundRecordings(["gone.wav"])]}, RecordingError, "not a file: 'gone.wav'"),
        ({"augmentations": GainChange()}, ValueError, "'augmentations' parameter of TrainingAugmenter"),
        ({"n_copies": 0, "keep_original": False}, ValueError, "nothing to fit on"),
        ({"n_copies": -1}, ValueError, "'n_copies' parameter"),
        ({"estimator": "mfcc"}, ValueError, "'estimator' parameter"),
    ],
)
def test_a_fault_in_the_parameters_is_told_before_any_work(parameters, error, message):
    with pytest.raises(error, match=message):
        TrainingAugmenter(**{"estimator": Listener()} | parameters).fit([np.ones(3)], [0])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (["gone.wav", "lost.wav"], "2 of 2 .*: recording 0 is not a file: 'gone.wav'; recording 1"),
        ([np.ones(3), np.ones((2, 2))], r"1 of 2 .*: recording 1 must be .* shape \(2, 2\)"),
        ([np.ones(3), "a.wav"], "recording 1 is the path 'a.wav' among waveforms"),
        ([__file__, None], "recording 1 is no path: None"),
        ("a.wav", "single path 'a.wav'"),
        (7, "got a int"),
        (np.zeros((2, 4), np.int16), "divide by 32768"),
        (np.array([["a.wav", "happy"]]), "table of shape"),
    ],
)
def test_what_are_no_recordings_is_refused_with_their_positions(X, message):
    with pytest.raises(RecordingError, match=message):
        TrainingAugmenter(Listener()).fit(X, [0, 1])


def test_no_recordings_are_refused():
    with pytest.raises(ValueError, match="needs at least 1 recording; got none"):
        TrainingAugmenter(Listener()).fit([], [])


def test_a_recording_that_cannot_be_decoded_or_augmented_is_named(tmp_path, numbered):
    (tmp_path / "text.wav").write_text("no audio")
    with pytest.raises(RecordingError, match=r"Recording 0: .*text\.wav' cannot be decoded"):
        TrainingAugmenter(Listener()).fit([tmp_path / "text.wav"], [0])
    X, y, _ = numbered
    X[4] = np.full(10, 1e38, np.float32)
    with pytest.raises(RecordingError, match=r"Recording 4 cannot be augmented: GainChange\(gain_db=20\)"):
        TrainingAugmenter(Listener(), [GainChange(20)]).fit(X, y)


def test_it_is_of_the_kind_of_its_estimator_and_has_its_methods():
    assert is_classifier(TrainingAugmenter(Listener()))
    assert is_regressor(TrainingAugmenter(Ridge()))
    assert hasattr(TrainingAugmenter(LogisticRegression()), "predict_proba")
    assert not hasattr(TrainingAugmenter(Listener()), "predict_proba")
    assert not hasattr(TrainingAugmenter(MFCCTransformer()), "predict")
    assert not hasattr(TrainingAugmenter(Listener()), "classes_")


def test_a_fitted_augmenter_is_saved_and_loaded(files, model, tmp_path):
    paths, y, _ = files
    augmenter = TrainingAugmenter(model, random_state=0).fit(paths, y)
    joblib.dump(augmenter, tmp_path / "model.joblib")
    loaded = joblib.load(tmp_path / "model.joblib")
    np.testing.assert_array_equal(loaded.predict_proba(paths), augmenter.predict_proba(paths))
    assert loaded.classes_.tolist() == ["happy", "sad"]
    assert loaded.decision_function(paths).shape == (12,)


def test_transform_gives_features_of_the_recordings_alone(files):
    paths, y, _ = files
    log_mel = LogMelTransformer(duration=0.1, crop="start")
    expected = log_mel.fit_transform(paths)
    np.testing.assert_array_equal(TrainingAugmenter(log_mel).fit_transform(paths, y), expected)


def test_memory_computes_a_recording_and_its_copies_once_for_all_folds_and_candidates(files, tmp_path):
    paths, y, speakers = files
    X = [soundfile.read(path, dtype="float32")[0] for path in paths]
    mfcc = CountingMFCCTransformer(ledger=str(tmp_path / "ledger"), memory=tmp_path / "features")
    pipeline = make_pipeline(mfcc, Listener())
    augmenter = TrainingAugmenter(pipeline, n_copies=2, random_state=0)
    grid = {"estimator__listener__setting": [0, 1]}
    GridSearchCV(augmenter, grid, cv=StratifiedGroupKFold(3), error_score="raise").fit(X, y, groups=speakers)
    assert (tmp_path / "ledger").stat().st_size == 12 * 3


def test_a_network_trains_on_copies_in_a_cross_validation_and_stops_early_by_speakers(files):
    paths, y, speakers = files
    network = CNNEmotionClassifier(filters=2, epochs=1, early_stopping=True, random_state=0)
    pipeline = Pipeline([("mfcc", MFCCTransformer(duration=0.1, crop="start")), ("cnn", network)])
    result = cross_validate(
        TrainingAugmenter(pipeline, random_state=0),
        Recordings(paths, speakers),
        y,
        groups=speakers,
        cv=StratifiedGroupKFold(2),
        return_estimator=True,
        error_score="raise",
    )
    assert len(result["test_score"]) == 2
    for augmenter in result["estimator"]:
        assert "val_loss" in augmenter.estimator_["cnn"].history_
