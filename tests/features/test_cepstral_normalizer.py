"""What a user sees of CepstralNormalizer."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import check_is_fitted

from sklearn_ser.datasets import Recordings
from sklearn_ser.exceptions import RecordingError
from sklearn_ser.features import CepstralNormalizer

PER = ["training", "recording", "speaker"]
each_per = pytest.mark.parametrize("per", PER)

# On a grid of eighths sums and squares are exact, and no standard deviation is less than 1e-5 of its mean:
# results are within 1e-9 of what they should be.
EIGHTHS = st.integers(-4000, 4000).map(lambda number: number / 8)
EXACTLY_ENOUGH = {"rtol": 1e-9, "atol": 1e-9}


@st.composite
def corpora(draw):
    """Frames of some recordings, padding and constant features among them, with speakers."""
    shape = draw(hnp.array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=6))
    frames = draw(hnp.arrays(np.float64, shape, elements=EIGHTHS, fill=st.just(0.0) | EIGHTHS))
    assume(frames.any())
    speakers = draw(st.lists(st.sampled_from("abc"), min_size=len(frames), max_size=len(frames)))
    return Recordings(frames, speakers)


def recorded(frames):
    return frames.any(axis=2)


def members(X, per):
    """Masks of the recordings that are normalised together."""
    owners = {"training": np.zeros(len(X)), "recording": np.arange(len(X)), "speaker": X.speakers}[per]
    return [owners == owner for owner in np.unique(owners)]


def normalized(X, per, **params):
    return CepstralNormalizer(per, **params).fit_transform(X).data


# scikit-learn's checks fit bare rows, which per="training" alone can take: 47 checks each.
@parametrize_with_checks(
    [CepstralNormalizer(), CepstralNormalizer(with_mean=False), CepstralNormalizer(with_std=False)]
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.fixture
def X(rng):
    """Recordings of 20 to 40 frames by three speakers with voices of their own."""
    speakers = np.array(["anna", "ben", "cleo", "ben", "anna", "ben", "ben"])
    frames = rng.normal(size=(7, 40, 5)) * rng.uniform(1, 9, size=(7, 1, 5)) + rng.normal(size=(7, 1, 5)) * 20
    for recording, n_frames in zip(frames, [40, 35, 30, 25, 20, 37, 33], strict=True):
        recording[n_frames:] = 0
    return Recordings(frames, speakers)


@each_per
@settings(deadline=None)
@given(X=corpora())
def test_recorded_frames_get_mean_0_and_standard_deviation_1(per, X):
    Z = normalized(X, per)
    assert np.isfinite(Z).all()
    for group in members(X, per):
        before, after = (frames[group][recorded(X.data[group])] for frames in (X.data, Z))
        if len(before):
            varies = before.min(axis=0) < before.max(axis=0)
            np.testing.assert_allclose(after.mean(axis=0), 0, **EXACTLY_ENOUGH)
            np.testing.assert_allclose(after[:, varies].std(axis=0), 1, **EXACTLY_ENOUGH)
            assert not after[:, ~varies].any()


@each_per
@settings(deadline=None)
@given(X=corpora(), data=st.data())
def test_padding_stays_zero_and_has_no_say(per, X, data):
    Z = normalized(X, per)
    assert not Z[~recorded(X.data)].any()
    place = data.draw(st.integers(0, X.shape[1]))
    padded = Recordings(np.insert(X.data, [place] * 3, 0, axis=1), X.speakers)
    Z_padded = normalized(padded, per)
    np.testing.assert_array_equal(np.delete(Z_padded, range(place, place + 3), axis=1), Z)
    assert not Z_padded[:, place : place + 3].any()


@each_per
@settings(deadline=None)
@given(X=corpora(), data=st.data())
def test_the_order_of_recordings_does_not_matter(per, X, data):
    order = data.draw(st.permutations(range(len(X))))
    np.testing.assert_allclose(normalized(X[order], per), normalized(X, per)[order], **EXACTLY_ENOUGH)


@settings(deadline=None)
@given(X=corpora())
def test_the_company_of_other_recordings_or_other_speakers_does_not_matter(X):
    for per in ("recording", "speaker"):
        Z = normalized(X, per)
        for group in members(X, per):
            np.testing.assert_allclose(normalized(X[group], per), Z[group], **EXACTLY_ENOUGH)


@each_per
@settings(deadline=None)
@given(X=corpora(), factor=st.sampled_from([-4.0, 0.25, 3.0]), shift=EIGHTHS)
def test_the_scale_of_a_feature_does_not_matter_but_for_its_sign(per, X, factor, shift):
    where = recorded(X.data)
    moved = np.where(where[:, :, np.newaxis], factor * X.data + shift, 0)
    assume((recorded(moved) == where).all())
    expected = np.sign(factor) * normalized(X, per)
    np.testing.assert_allclose(normalized(Recordings(moved, X.speakers), per), expected, **EXACTLY_ENOUGH)


@settings(deadline=None)
@given(X=corpora())
def test_a_speaker_with_one_recording_is_normalised_as_that_recording(X):
    alone = Recordings(X.data, range(len(X)))
    np.testing.assert_array_equal(normalized(alone, "speaker"), normalized(X, "recording"))


@each_per
def test_it_does_what_its_words_say(X, per):
    expected = np.zeros(X.shape)
    for group in members(X, per):
        where = recorded(X.data) & group[:, np.newaxis]
        frames = X.data[where]
        expected[where] = (frames - frames.mean(axis=0)) / frames.std(axis=0)
    np.testing.assert_allclose(normalized(X, per), expected, rtol=1e-12, atol=1e-12)


@each_per
def test_means_and_standard_deviations_can_be_left_as_they_are(X, per):
    where = recorded(X.data)
    centred = normalized(X, per, with_std=False)
    scaled = normalized(X, per, with_mean=False)
    for group in members(X, per):
        of_group = where & group[:, np.newaxis]
        frames = X.data[of_group]
        np.testing.assert_allclose(centred[of_group], frames - frames.mean(axis=0), rtol=1e-12, atol=1e-11)
        np.testing.assert_allclose(scaled[of_group], frames / frames.std(axis=0), rtol=1e-12)
    assert not centred[~where].any()
    assert not scaled[~where].any()
    np.testing.assert_array_equal(normalized(X, per, with_mean=False, with_std=False), X.data)


def test_training_frames_give_statistics_for_any_recording(X):
    normalizer = CepstralNormalizer().fit(X[:5])
    frames = X[:5].data[recorded(X[:5].data)]
    np.testing.assert_allclose(normalizer.mean_, frames.mean(axis=0))
    np.testing.assert_allclose(normalizer.scale_, frames.std(axis=0))
    longer = np.concatenate([X.data[5:], X.data[5:]], axis=1)
    expected = np.concatenate([normalizer.transform(X.data[5:])] * 2, axis=1)
    np.testing.assert_array_equal(normalizer.transform(longer), expected)


def test_rows_are_normalised_as_standard_scaler_does(rng):
    rows = rng.normal(5, 3, size=(30, 4))
    rows[0], rows[:, 3] = 0, 7  # a row of zeros is a row, and a constant feature becomes zero
    np.testing.assert_allclose(
        CepstralNormalizer().fit_transform(rows), StandardScaler().fit_transform(rows), atol=1e-12
    )
    speakers = np.repeat(["anna", "ben"], [10, 20])
    by_speaker = CepstralNormalizer(per="speaker").fit_transform(Recordings(rows, speakers))
    np.testing.assert_allclose(by_speaker.data[:10], StandardScaler().fit_transform(rows[:10]), atol=1e-12)
    np.testing.assert_allclose(by_speaker.data[10:], StandardScaler().fit_transform(rows[10:]), atol=1e-12)


@each_per
def test_recordings_give_recordings_by_the_same_speakers(X, per):
    Z = CepstralNormalizer(per).fit_transform(X)
    assert isinstance(Z, Recordings)
    assert Z.speakers.tolist() == X.speakers.tolist()
    if per != "speaker":
        bare = CepstralNormalizer(per).fit_transform(X.data)
        assert type(bare) is np.ndarray
        np.testing.assert_array_equal(bare, Z.data)


@each_per
def test_float32_stays_float32_and_is_as_good_as_that(X, per):
    single = Recordings(X.data.astype(np.float32), X.speakers)
    Z = normalized(single, per)
    assert Z.dtype == np.float32
    # Both roundings, of what goes in and of what comes out, are of that relative size.
    expected = normalized(Recordings(single.data.astype(np.float64), X.speakers), per)
    np.testing.assert_allclose(Z, expected, rtol=np.finfo(np.float32).eps)
    integers = Recordings(X.data.astype(np.int16), X.speakers)
    assert normalized(integers, per).dtype == np.float64


@each_per
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_large_constant_feature_is_not_blown_up(per, dtype):
    frames = np.full((3, 50, 2), [1e6 / 3, 0.1], dtype=dtype)
    frames[:, ::2, 0] = np.nextafter(frames[0, 0, 0], dtype(np.inf))  # one unit in the last place apart
    Z = normalized(Recordings(frames, ["anna", "anna", "ben"]), per)
    assert abs(Z[:, :, 0]).max() <= 2 * np.spacing(frames.max())
    assert not Z[:, :, 1].any()


def test_a_recording_that_never_changes_becomes_padding_by_the_documented_rule(X):
    X.data[2, :30] = X.data[2, 0]
    Z = normalized(X, "recording")
    assert not Z[2].any()
    assert np.isfinite(Z).all()


@each_per
def test_what_goes_in_is_not_written_to(X, per):
    X.data.flags.writeable = False
    before = X.data.copy()
    Z = normalized(X, per)
    np.testing.assert_array_equal(X.data, before)
    assert not np.shares_memory(Z, X.data)
    of_columns = Recordings(np.asfortranarray(X.data), X.speakers)
    np.testing.assert_array_equal(normalized(of_columns, per), Z)


@each_per
def test_work_in_many_small_parts_gives_the_same(X, per, monkeypatch):
    Z = normalized(X, per)
    monkeypatch.setattr("sklearn_ser.features._cepstral_normalizer._N_VALUES_AT_A_TIME", 35)
    np.testing.assert_allclose(normalized(X, per), Z, rtol=1e-12, atol=1e-12)


def test_only_the_training_statistics_need_a_fit(X):
    with pytest.raises(NotFittedError, match="CepstralNormalizer instance is not fitted yet"):
        CepstralNormalizer().transform(X)
    for per in ("recording", "speaker"):
        normalizer = CepstralNormalizer(per)
        check_is_fitted(normalizer)
        np.testing.assert_array_equal(normalizer.transform(X).data, normalized(X, per))
        assert not hasattr(normalizer.fit(X), "mean_")


def test_nothing_of_an_earlier_fit_remains(X):
    normalizer = CepstralNormalizer().fit(X).set_params(per="recording").fit(X)
    assert not hasattr(normalizer, "mean_")
    with pytest.raises(NotFittedError, match="not fitted yet"):
        normalizer.set_params(per="training").transform(X)


@each_per
def test_features_are_counted_on_the_last_axis(X, per):
    normalizer = CepstralNormalizer(per).fit(X)
    assert normalizer.n_features_in_ == 5
    assert normalizer.transform(Recordings(X.data[:, :9], X.speakers)).shape == (7, 9, 5)
    with pytest.raises(ValueError, match="X has 4 features, but CepstralNormalizer is expecting 5 features"):
        normalizer.transform(Recordings(X.data[:, :, :4], X.speakers))


@pytest.mark.parametrize(
    ("per", "bad", "message"),
    [
        ("recording", np.ones((4, 3)), r"a row has none: .*; got an array of shape \(4, 3\)"),
        ("speaker", np.ones((4, 3, 2)), r"wrap .* Recordings\(corpus.data, corpus.groups\); got a ndarray"),
        ("speaker", pd.DataFrame({"a": [1.0]}), "got a DataFrame"),
        ("training", Recordings(["a.wav"], ["anna"]), "holds paths or waveforms: MFCCTransformer turns them"),
        ("training", np.zeros((4, 3, 2)), "X is all padding: every frame of its 4 recordings is zero"),
        ("training", np.ones((4, 3, 2, 2)), r"got an array of shape \(4, 3, 2, 2\)"),
        ("training", np.ones((4, 0, 2)), r"got an array of shape \(4, 0, 2\)"),
        ("training", np.array([[1e200], [-1e200]]), "so large that their squares exceed float64"),
    ],
)
def test_what_cannot_be_normalised_is_refused_in_words(per, bad, message):
    with pytest.raises(RecordingError, match=message):
        CepstralNormalizer(per).fit_transform(bad)


@each_per
def test_nan_and_an_unknown_per_are_refused_in_scikit_learns_words(X, per):
    X.data[1, 2, 3] = np.nan
    with pytest.raises(ValueError, match="Input X contains NaN"):
        CepstralNormalizer(per).fit_transform(X)
    with pytest.raises(ValueError, match="The 'per' parameter of CepstralNormalizer must be a str"):
        CepstralNormalizer("corpus").fit(X)


def test_frames_and_rows_are_told_apart(X):
    with pytest.raises(RecordingError, match=r"fitted on frames; got rows, .* shape \(7, 5\)"):
        CepstralNormalizer().fit(X).transform(X.data[:, 0])
    with pytest.raises(RecordingError, match=r"fitted on rows, one a recording; got frames"):
        CepstralNormalizer().fit(X.data[:, 0]).transform(X)


def test_rows_have_named_columns_and_frames_have_none(X):
    rows = pd.DataFrame(X.data[:, 0], columns=[f"mfcc{k}_mean" for k in range(5)], index=list("abcdefg"))
    normalizer = CepstralNormalizer().set_output(transform="pandas")
    named = normalizer.fit_transform(rows)
    assert named.columns.tolist() == normalizer.get_feature_names_out().tolist() == rows.columns.tolist()
    assert named.index.tolist() == list("abcdefg")
    by_speaker = CepstralNormalizer("speaker").set_output(transform="pandas")
    by_speaker = by_speaker.fit_transform(Recordings(rows, X.speakers))
    assert by_speaker.columns.tolist() == ["x0", "x1", "x2", "x3", "x4"]
    with config_context(transform_output="pandas"):
        for per in PER:
            assert CepstralNormalizer(per).fit_transform(X).shape == (7, 40, 5)
    with pytest.raises(AttributeError, match="get_feature_names_out"):
        CepstralNormalizer().fit(X).get_feature_names_out()


@pytest.mark.parametrize("per", PER)
def test_it_can_be_shown_and_cloned(X, per):
    normalizer = CepstralNormalizer(per).fit(X)
    assert "CepstralNormalizer" in normalizer._repr_html_()
    assert clone(normalizer).get_params() == {"per": per, "with_mean": True, "with_std": True}


def mean_of_frames(X):
    return np.asarray(X).mean(axis=1)


def test_a_search_with_a_named_scorer_finds_that_voices_hide_the_emotion(rng):
    speakers = np.repeat([f"speaker{k}" for k in range(6)], 20)
    y = np.tile(["angry", "sad"], 60)
    voices = np.repeat(rng.normal(scale=20, size=(6, 1, 12)), 20, axis=0)
    emotions = np.where(y == "angry", 1.5, -1.5)[:, np.newaxis, np.newaxis]
    # More than a megabyte: joblib hands it to the other processes as a read-only memory map.
    X = Recordings(rng.normal(size=(120, 100, 12)) + voices + emotions * np.eye(12)[0], speakers)
    pipeline = Pipeline(
        [
            ("normalizer", CepstralNormalizer()),
            ("mean", FunctionTransformer(mean_of_frames)),
            ("classifier", LogisticRegression()),
        ]
    )
    search = GridSearchCV(
        pipeline,
        {"normalizer__per": ["training", "speaker"]},
        scoring="balanced_accuracy",
        cv=GroupKFold(3),
        n_jobs=2,
        error_score="raise",
    )
    search.fit(X, y, groups=X.speakers)
    by_training, by_speaker = search.cv_results_["mean_test_score"]
    assert search.best_params_ == {"normalizer__per": "speaker"}
    assert by_speaker == 1
    assert by_training < 0.8
    assert search.score(X, y) == 1
    assert search.predict(X[40:60]).tolist() == y[40:60].tolist()


def test_two_of_them_can_follow_each_other(X):
    both = make_pipeline(CepstralNormalizer(), CepstralNormalizer(per="speaker"))
    np.testing.assert_allclose(both.fit_transform(X).data, normalized(X, "speaker"), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("X", ["a.wav", ["a.wav"], [np.zeros(3), np.zeros(4)]])
def test_what_is_no_array_of_frames_is_refused_in_words(X):
    with pytest.raises(
        RecordingError, match=r"CepstralNormalizer takes frames of shape .* MFCCTransformer makes"
    ):
        CepstralNormalizer().fit(X)


def test_a_parameter_set_after_fit_is_checked():
    frames = np.ones((2, 3, 4)) * np.arange(1, 4)[:, np.newaxis]
    with pytest.raises(ValueError, match="'with_std' parameter of CepstralNormalizer"):
        CepstralNormalizer().fit(frames).set_params(with_std="no").transform(frames)
