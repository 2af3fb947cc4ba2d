"""What a result tells, and how it is kept."""

import json
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score, recall_score
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from sklearn_ser.evaluation import EvaluationResult, evaluate


@pytest.fixture
def result(spoken):
    """Two runs of a tree, a random split and two controls."""
    return evaluate(
        DecisionTreeClassifier(max_features=2),
        *spoken.all,
        outer=3,
        metadata=spoken.metadata,
        random_states=(0, 1),
        random_split=True,
        control=2,
    )


def test_scores_are_means_of_runs(result, spoken):
    for name, score in (
        ("balanced_accuracy", balanced_accuracy_score),
        ("accuracy", accuracy_score),
        ("macro_f1", lambda *pair: f1_score(*pair, average="macro")),
        ("recall_happy", lambda *pair: recall_score(*pair, labels=["happy"], average=None).item()),
    ):
        expected = [score(spoken.y, predicted) for predicted in result.predictions]
        np.testing.assert_allclose(result.score(name), expected)
        low, high = result.interval(name)
        assert low < np.mean(expected) < high
    frame = result.to_frame().set_index("score")
    assert list(frame.index) == [
        "balanced_accuracy", "accuracy", "macro_f1", "recall_angry", "recall_happy", "recall_sad",
    ]  # fmt: skip
    np.testing.assert_allclose(frame["mean"], [result.score(name).mean() for name in frame.index])
    np.testing.assert_allclose(frame[["low", "high"]], [result.interval(name) for name in frame.index])
    np.testing.assert_allclose(
        frame[["gap", "gap_low", "gap_high"]], [result.gap(name) for name in frame.index]
    )
    of_controls = [[one.score(name).item() for name in frame.index] for one in result.controls]
    np.testing.assert_allclose(frame["control"], np.mean(of_controls, axis=0))


def test_an_interval_is_the_wider_the_surer_it_is(result):
    widths = [np.diff(result.interval(confidence=confidence)).item() for confidence in (0.5, 0.95, 0.99)]
    assert widths == sorted(widths)


@pytest.mark.parametrize("confidence", [95, 0, 1, True, "a", None, np.nan, [0.9]])
def test_a_confidence_that_is_no_share_is_refused(confidence, result):
    message = re.escape(f"confidence must be a number above 0 and below 1, such as 0.95; got {confidence!r}.")
    for ask in (result.interval, result.gap, partial(result.by, "speaker")):
        with pytest.raises(ValueError, match=message):
            ask(confidence=confidence)


def test_the_confusion_matrix_is_that_of_scikit_learn(result, spoken):
    for normalize in ("true", "pred", "all", None):
        if normalize is None:
            expected = np.mean([confusion_matrix(spoken.y, one) for one in result.predictions], axis=0)
        else:  # of all runs together
            expected = confusion_matrix(np.tile(spoken.y, 2), result.predictions.ravel(), normalize=normalize)
        np.testing.assert_allclose(result.confusion_matrix(normalize), expected)
    with pytest.raises(ValueError, match=r"normalize must be one of 'true', 'pred', 'all', None; got 'row'"):
        result.confusion_matrix("row")


def test_what_is_never_predicted_has_no_precision(spoken):
    y = np.where(spoken.y == "sad", "angry", spoken.y)
    y[:2] = "sad"  # too seldom to be learned
    y[-2:] = "sad"
    result = evaluate(LinearSVC(), spoken.X, y, spoken.speakers, outer=2)
    matrix = result.confusion_matrix("pred")
    assert not (result.predictions == "sad").any()
    assert np.isnan(matrix[:, 2]).all()
    np.testing.assert_allclose(matrix[:, :2].sum(axis=0), 1)


@pytest.mark.parametrize("column", ["speaker", "emotion", "fold", "sex", "age", "take"])
def test_parts_are_scored_by_any_column(column, result, spoken):
    by_column = result.by(column)
    values = {"speaker": spoken.speakers, "emotion": spoken.y, "fold": result.folds, **spoken.metadata}[
        column
    ]
    assert by_column.index.tolist() == np.unique(values).tolist()
    assert by_column["n_recordings"].sum() == len(values)
    for value, row in by_column.iterrows():
        own = values == value
        assert row["n_speakers"] == len(np.unique(spoken.speakers[own]))
        scores = (
            [balanced_accuracy_score(spoken.y[own], run[own]) for run in result.predictions]
            if column != "emotion"
            else [np.mean(run[own] == value) for run in result.predictions]
        )
        assert row["balanced_accuracy"] == pytest.approx(np.mean(scores))
        assert row["accuracy"] == pytest.approx((result.predictions[:, own] == spoken.y[own]).mean())
        assert row["low"] < row["balanced_accuracy"] < row["high"]


def test_what_is_not_known_of_everybody_is_a_part_as_well(spoken):
    metadata = {
        "accent": np.where(spoken.speakers < "speaker04", None, "northern"),
        "age": np.where(spoken.speakers < "speaker04", np.nan, 30),
    }
    result = evaluate(GaussianNB(), *spoken.all, metadata=metadata)
    for column in metadata:
        assert result.by(column)["n_recordings"].tolist() in ([72, 144], [144, 72])
    again = EvaluationResult.from_json(result.to_json())
    assert again.metadata["accent"].tolist() == metadata["accent"].tolist()
    np.testing.assert_array_equal(again.metadata["age"], metadata["age"])


def test_an_unknown_column_or_score_is_refused(result):
    with pytest.raises(
        ValueError, match=r"one of 'speaker', 'emotion', 'fold', 'sex', 'age', 'take'; got 'se'"
    ):
        result.by("se")
    with pytest.raises(ValueError, match=r"score must be one of .*'recall_sad'; got 'recall_calm'"):
        result.score("recall_calm")
    with pytest.raises(ValueError, match=r"rows must be one of 'scores', 'recordings'; got 'runs'"):
        result.to_frame("runs")


def test_a_frame_of_recordings_has_a_row_for_each_in_each_run(result, spoken):
    frame = result.to_frame("recordings")
    assert list(frame) == [
        "recording", "emotion", "speaker", "fold", "random_state", "predicted", "p_angry", "p_happy", "p_sad",
        "sex", "age", "take",
    ]  # fmt: skip
    assert len(frame) == 2 * len(spoken.y)
    second = frame[frame["random_state"] == 1]
    np.testing.assert_array_equal(second["predicted"], result.predictions[1])
    np.testing.assert_array_equal(second[["p_angry", "p_happy", "p_sad"]], result.probabilities[1])
    np.testing.assert_array_equal(second["emotion"], spoken.y)


@pytest.fixture
def searched(spoken):
    search = GridSearchCV(
        LogisticRegression(),
        {"C": np.logspace(-1, 0, 2), "class_weight": [None, "balanced"]},
        cv=GroupKFold(2),
    )
    return evaluate(search, *spoken.all, outer=2)


@pytest.mark.parametrize("which", ["result", "searched"])
def test_a_result_comes_back_as_it_was_written(which, request, tmp_path):
    result = request.getfixturevalue(which)
    result.to_json(tmp_path / "result.json")
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]
    for source in (tmp_path / "result.json", str(tmp_path / "result.json"), result.to_json()):
        again = EvaluationResult.from_json(source)
        assert str(again) == str(result)
        assert again.to_json() == result.to_json()
        for name, value in vars(result).items():
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(getattr(again, name), value)
                assert getattr(again, name).dtype == value.dtype
            elif name not in ("random_split", "controls", "metadata"):
                assert getattr(again, name) == value
        assert again.to_frame().equals(result.to_frame())


def test_a_file_that_was_there_stays_until_the_new_one_is_complete(result, tmp_path):
    path = tmp_path / "result.json"
    path.write_text("old")
    broken = EvaluationResult(**vars(result) | {"left_out": {"why": object()}})
    with pytest.raises(TypeError, match="not JSON serializable"):
        broken.to_json(path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]


def test_what_is_no_result_is_not_read(result, tmp_path):
    with pytest.raises(ValueError, match=r"The text holds no evaluation: it was not written by"):
        EvaluationResult.from_json('{"format": "other"}')
    with pytest.raises(ValueError, match=r"The text holds no evaluation, for it is no JSON: "):
        EvaluationResult.from_json("{")
    newer = json.loads(result.to_json()) | {"version": 2}
    (tmp_path / "newer.json").write_text(json.dumps(newer))
    with pytest.raises(ValueError, match=r"newer\.json' is written in version 2, and .* reads 1\."):
        EvaluationResult.from_json(tmp_path / "newer.json")
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        EvaluationResult.from_json(tmp_path / "none.json")


def test_the_summary_says_what_matters(result):
    lines = str(result).splitlines()
    assert lines[0] == "216 recordings of 12 speakers, 3 emotions; 3 folds; random_state 0, 1"
    score, spread = result.score().mean(), np.std(result.score(), ddof=1)
    low, high = result.interval()
    assert lines[1] == (
        f"balanced accuracy  {score:.3f} ± {spread:.3f} (95 % from {low:.3f} to {high:.3f}; chance is 0.333)"
    )
    starts = [line[:18].strip() for line in lines[2:]]
    assert starts == [
        "accuracy", "macro-F1", "recall", "speakers", "sex", "folds", "random split", "shuffled",
    ]  # fmt: skip
    assert (
        repr(result) == f"<EvaluationResult of 216 recordings of 12 speakers: balanced accuracy {score:.3f}>"
    )


def of_speakers(result, *speakers):
    own = np.isin(result.speakers, speakers)
    parts = {name: getattr(result, name)[own] for name in ("recordings", "truth", "speakers", "folds")}
    return EvaluationResult(
        emotions=result.emotions,
        predictions=result.predictions[:, own],
        random_states=result.random_states,
        **parts,
    )


def test_a_single_speaker_has_scores_and_an_interval_over_recordings_alone(result):
    one = of_speakers(result, "speaker03")
    assert np.isnan(one.interval()).all()
    assert "no interval" in str(one)
    assert "interval           none, for one over speakers takes 3 or more" in str(one).splitlines()
    assert "of 1 speaker: " in repr(one)
    assert one.to_frame()["low"].isna().all()
    ends = one.by("speaker")[["low", "high"]]
    assert ends.equals(result.by("speaker").loc[["speaker03"], ["low", "high"]])  # whoever else there is


def test_two_speakers_have_no_interval_and_three_have_one(result):
    two = of_speakers(result, "speaker03", "speaker04")
    two = replace(two, random_split=two)
    assert np.isnan(two.interval()).all()
    assert np.isnan(two.gap()[1:]).all()
    assert "none, for one over speakers takes 3 or more" in str(two)
    assert two.by("speaker")["low"].notna().all()
    assert two.by("emotion")["low"].isna().all()
    three = of_speakers(result, "speaker03", "speaker04", "speaker05")
    assert np.isfinite(three.interval()).all()
    assert "none, for" not in str(three)


def test_a_random_split_that_is_worse_is_not_called_higher(result):
    worse = replace(result, predictions=np.full_like(result.predictions, result.emotions[0]))
    lines = str(replace(result, random_split=worse)).splitlines()
    (line,) = (line for line in lines if line.startswith("random split"))
    assert "a difference of -0." in line
    assert "higher" not in line
