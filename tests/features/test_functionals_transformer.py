"""FunctionalsTransformer, against the definitions of NumPy and SciPy."""

import pickle

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_ser.datasets import Recordings, make_emotional_speech
from sklearn_ser.exceptions import RecordingError, SerWarning
from sklearn_ser.features import FunctionalsTransformer, MFCCTransformer

# Of frames in double precision.
DEFINITIONS = {
    "mean": lambda x: x.mean(axis=0),
    "std": lambda x: x.std(axis=0),
    "min": lambda x: x.min(axis=0),
    "max": lambda x: x.max(axis=0),
    "range": lambda x: np.ptp(x, axis=0),
    "median": lambda x: np.median(x, axis=0),
    "iqr": lambda x: scipy.stats.iqr(x, axis=0),
    "p0": lambda x: np.percentile(x, 0, axis=0),
    "p2.5": lambda x: np.percentile(x, 2.5, axis=0),
    "p90": lambda x: np.percentile(x, 90, axis=0),
    "p100": lambda x: np.percentile(x, 100, axis=0),
    "slope": lambda x: np.polyfit(np.arange(len(x)), x, 1)[0],
    "curvature": lambda x: np.polyfit(np.arange(len(x)), x, 2)[0],
    "skewness": lambda x: scipy.stats.skew(x, axis=0),
    "kurtosis": lambda x: scipy.stats.kurtosis(x, axis=0),
}
ALL = tuple(DEFINITIONS)
SINGLE = 2.0**-22  # two roundings to float32, relative


def split(row, names):
    return dict(zip(names, np.split(row, len(names)), strict=True))


@pytest.fixture
def frames(rng):
    """Four recordings of which three are padded: shape (4, 30, 3)."""
    made = rng.normal(size=(4, 30, 3)).astype(np.float32) * [1, 10, 0.1] + [0, -300, 5]
    for recording, n_frames in zip(made, (30, 12, 29, 7), strict=True):
        recording[n_frames:] = 0
    return made


@parametrize_with_checks([FunctionalsTransformer(), FunctionalsTransformer(ALL)])
def test_scikit_learn_checks(estimator, check):
    check(estimator)


# They fit on an array and transform a table, and the other way round, on purpose.
@pytest.mark.filterwarnings("ignore:X (has|does not have valid) feature names:UserWarning")
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_transformer_get_feature_names_out,
        estimator_checks.check_transformer_get_feature_names_out_pandas,
        estimator_checks.check_set_output_transform,
        estimator_checks.check_set_output_transform_pandas,
        estimator_checks.check_global_output_transform_pandas,
    ],
)
def test_scikit_learn_checks_of_column_names(check):
    check("FunctionalsTransformer", FunctionalsTransformer())


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 60), st.integers(1, 4), st.floats(-1e4, 1e4), st.integers(0, 2**32 - 1))
def test_values_are_those_of_numpy_and_scipy(n_frames, n_features, offset, seed):
    rng = np.random.default_rng(seed)
    frames = rng.gamma(0.5, size=(n_frames, n_features)) * rng.uniform(0.1, 100, size=n_features) + offset
    frames = frames.astype(np.float32)
    result = split(FunctionalsTransformer(ALL).fit_transform(frames[np.newaxis])[0], ALL)
    exact = frames.astype(np.float64)
    for name, definition in DEFINITIONS.items():
        degree = {"slope": 1, "curvature": 2}.get(name, 0)
        if n_frames <= degree or (n_frames == 1 and name in ("skewness", "kurtosis")):
            expected = 0
        else:
            # NumPy fits about the origin of time, where few digits of a large offset are left.
            expected = definition(exact - exact[0] if degree else exact)
        np.testing.assert_allclose(
            result[name], expected, rtol=SINGLE, atol=1e-7 * (1 + np.ptp(exact)), err_msg=name
        )


@settings(max_examples=100, deadline=None)
@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 3)),
        elements=st.floats(-(2.0**120), 2.0**120, width=32),
    ),
)
def test_every_recording_has_finite_functionals(frames):
    frames[0] = 1  # not all of it padding
    assert np.isfinite(FunctionalsTransformer(ALL).fit_transform(frames[np.newaxis])).all()


@pytest.mark.parametrize("n_frames", [1, 2, 3, 50])
@pytest.mark.parametrize("value", [0.1, -300.7, 1e30, 1e-40])
def test_a_constant_feature_has_no_spread_no_trend_and_no_shape(n_frames, value):
    value = np.float32(value)
    result = split(FunctionalsTransformer(ALL).fit_transform(np.full((1, n_frames), value))[0], ALL)
    for name, given_value in result.items():
        level = {"mean", "min", "max", "median", "p0", "p2.5", "p90", "p100"}
        assert given_value == (value if name in level else 0), name


def test_a_small_change_upon_a_large_mean_is_measured_exactly():
    # float32 has a spacing of 1/8 here, and squares of its values one of 2**17.
    frames = np.array([[2.0**20 + k / 8 for k in range(5)]], dtype=np.float32)
    rows = FunctionalsTransformer(("std", "slope", "skewness")).fit_transform(frames)
    np.testing.assert_array_equal(rows, np.array([[2**0.5 / 8, 1 / 8, 0]], dtype=np.float32))


def test_padding_has_no_say_wherever_it_stands(frames):
    rows = FunctionalsTransformer(ALL).fit_transform(frames)
    recorded = frames[1][frames[1].any(axis=1)]
    alone = FunctionalsTransformer(ALL).fit_transform(recorded[np.newaxis])
    np.testing.assert_array_equal(alone[0], rows[1])
    scattered = np.zeros((1, 30, 3), dtype=np.float32)
    scattered[0, 3:27:2] = recorded
    np.testing.assert_array_equal(FunctionalsTransformer(ALL).fit_transform(scattered), alone)


def test_a_zero_among_other_values_is_no_padding():
    frames = np.array([[[0.0, 1.0], [2.0, 3.0], [0.0, 0.0]]])
    np.testing.assert_array_equal(FunctionalsTransformer(("mean",)).fit_transform(frames), [[1.0, 2.0]])


def test_order_and_company_of_recordings_do_not_matter(frames):
    functionals = FunctionalsTransformer(ALL).fit(frames)
    together = functionals.transform(frames)
    np.testing.assert_array_equal(functionals.transform(frames[::-1]), together[::-1])
    np.testing.assert_array_equal(functionals.transform(frames[2:3]), together[2:3])
    np.testing.assert_array_equal(functionals.transform(np.asfortranarray(frames)), together)


def test_two_axes_are_the_frames_of_one_feature(frames):
    envelope = frames[:, :, 1]
    rows = FunctionalsTransformer().fit_transform(envelope)
    np.testing.assert_array_equal(rows, FunctionalsTransformer().fit_transform(envelope[:, :, np.newaxis]))
    assert rows.shape == (4, 6)
    assert rows.dtype == np.float32


def test_values_are_those_of_a_summary_of_coefficients(rng):
    waveforms = [0.1 * rng.normal(size=n).astype(np.float32) for n in (8_000, 12_345)]
    names = ("mean", "std", "min", "max", "median")
    rows = MFCCTransformer(n_mfcc=13, summary=names).transform(waveforms)
    frames = MFCCTransformer(n_mfcc=13).transform(waveforms)
    # A sum of a hundred frames in single precision has lost up to two digits of its seven.
    np.testing.assert_allclose(FunctionalsTransformer(names).transform(frames), rows, rtol=1e-5, atol=1e-5)


def test_columns_are_named_by_feature_and_come_as_pandas(frames):
    functionals = FunctionalsTransformer(("mean", "p2.5")).set_output(transform="pandas")
    table = functionals.fit_transform(frames)
    expected = [f"feature{k}_{name}" for name in ("mean", "p2.5") for k in range(3)]
    assert list(table.columns) == expected
    np.testing.assert_allclose(table["feature1_mean"][0], frames[0, :, 1].mean(), rtol=SINGLE)
    named = functionals.get_feature_names_out(["pitch", "level", "tilt"])
    assert list(named[:3]) == ["pitch_mean", "level_mean", "tilt_mean"]
    with pytest.raises(ValueError, match="input_features should have length equal to number of features"):
        functionals.get_feature_names_out(["pitch"])


def test_frames_in_a_table_keep_its_index_and_name_no_feature(frames):
    X = pd.DataFrame(frames[:, :, 0], index=list("abcd")).add_prefix("t")
    table = FunctionalsTransformer(("mean",)).set_output(transform="pandas").fit_transform(X)
    assert list(table.columns) == ["feature0_mean"]
    assert list(table.index) == list("abcd")


def test_names_are_known_after_fit_only():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        FunctionalsTransformer().get_feature_names_out()


def test_recordings_keep_their_speakers(frames):
    speakers = ["anna", "anna", "ben", "ben"]
    rows = FunctionalsTransformer().fit_transform(Recordings(frames, speakers))
    assert isinstance(rows, Recordings)
    assert list(rows.speakers) == speakers
    np.testing.assert_array_equal(rows.data, FunctionalsTransformer().fit_transform(frames))


def test_recordings_become_a_table_where_pandas_is_asked_for(frames):
    functionals = FunctionalsTransformer(("mean",)).set_output(transform="pandas")
    table = functionals.fit_transform(Recordings(frames, list("aabb")))
    assert list(table.columns) == ["feature0_mean", "feature1_mean", "feature2_mean"]


def test_recordings_of_nothing_but_padding_are_told_and_give_zeros(frames):
    frames[[0, 2]] = 0
    with pytest.warns(
        SerWarning, match="2 of 4 recordings hold nothing but frames of zeros.*recordings 0, 2"
    ):
        rows = FunctionalsTransformer().fit_transform(frames)
    assert not rows[[0, 2]].any()
    assert rows[[1, 3]].any(axis=1).all()


def test_nothing_needs_to_be_fitted(frames):
    functionals = FunctionalsTransformer()
    np.testing.assert_array_equal(functionals.transform(frames), clone(functionals).fit_transform(frames))


def test_recordings_of_another_length_can_follow_those_of_fit(frames):
    functionals = FunctionalsTransformer().fit(frames)
    np.testing.assert_array_equal(functionals.transform(frames[1:2, :12]), functionals.transform(frames[1:2]))


def test_frames_of_other_features_than_in_fit_are_refused(frames):
    functionals = FunctionalsTransformer().fit(frames)
    message = r"was fitted on frames of 3 features; got X of shape \(4, 30, 2\), whose frames have 2 features"
    with pytest.raises(ValueError, match=message):
        functionals.transform(frames[:, :, :2])
    with pytest.raises(ValueError, match=r"got X of shape \(4, 3\), whose frames have 1 feature\."):
        functionals.transform(frames[:, 0, :])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.ones((2, 3, 4, 5)), r"got an array of shape \(2, 3, 4, 5\)"),
        (np.ones((2, 3, 4, 5)).tolist(), r"got an array of shape \(2, 3, 4, 5\)"),
        (np.ones((2, 3, 0)), r"got an array of shape \(2, 3, 0\)"),
        (np.ones(5), r"got an array of shape \(5,\).*Reshape your data by X\[numpy.newaxis\]"),
        ([np.ones((3, 2)), np.ones((4, 2))], r"got items of unequal shapes such as \(3, 2\) and \(4, 2\)"),
        (["a.wav", "b.wav"], "got paths such as 'a.wav'. MFCCTransformer makes frames of files"),
        (np.array(["a.wav"], dtype=object), "got paths such as 'a.wav'"),
        (np.full((2, 3, 4), np.nan), "Input X contains NaN"),
    ],
)
def test_what_is_no_array_of_frames_is_refused_in_words(X, message):
    with pytest.raises(ValueError, match=message):
        FunctionalsTransformer().fit(X)


@pytest.mark.parametrize(
    ("functionals", "message"),
    [
        (("mean", "mode"), r"functionals must name some of \['curvature', .*; got \('mean', 'mode'\)\."),
        (("sdt", "skew"), r"Did you mean 'std' instead of 'sdt', 'skewness' instead of 'skew'\?"),
        ((), r"functionals must name some of .*; got \(\)\."),
        (("p101",), "percentiles from 'p0' to 'p100'; got"),
        (("p-1",), "percentiles from 'p0' to 'p100'; got"),
        ((50,), r"got \(50,\)"),
        ("mean", "'functionals' parameter of FunctionalsTransformer must be an instance of"),
    ],
)
def test_functionals_that_do_not_exist_are_named_in_fit(frames, functionals, message):
    with pytest.raises(ValueError, match=message):
        FunctionalsTransformer(functionals).fit(frames)


def test_a_pickled_transformer_gives_the_same_rows(frames):
    functionals = FunctionalsTransformer(ALL).fit(frames)
    copy = pickle.loads(pickle.dumps(functionals))
    np.testing.assert_array_equal(copy.transform(frames), functionals.transform(frames))


def test_emotions_of_unheard_speakers_are_told_from_rows():
    corpus = make_emotional_speech(
        n_speakers=6,
        n_repetitions=1,
        emotions=["sad", "angry", "fearful", "disgust"],
        n_intensities=1,
        random_state=0,
    )
    frames = MFCCTransformer(n_mfcc=13, crop="center").transform(corpus.data)
    model = make_pipeline(FunctionalsTransformer(), StandardScaler(), LogisticRegression())
    scores = cross_val_score(model, frames, corpus.target, groups=corpus.groups, cv=GroupKFold(3))
    assert scores.mean() > 0.5  # by chance 0.25, with a standard deviation of 0.06 over 48 recordings


def test_functionals_beyond_float32_are_refused_by_their_position():
    frames = np.array([[[1.0], [2.0]], [[3e38], [-3e38]]], dtype=np.float32)
    with pytest.raises(RecordingError, match="Functionals of recording 1 exceed float32"):
        FunctionalsTransformer(("range",)).transform(frames)
