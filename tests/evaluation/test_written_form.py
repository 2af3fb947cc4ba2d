"""Results that are written as JSON come back as they were, and nothing else is taken for one."""

import json

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.naive_bayes import GaussianNB

from sklearn_ser.evaluation import ComparisonResult, EvaluationResult, RobustnessResult, compare, evaluate

CLASSES = (EvaluationResult, RobustnessResult, ComparisonResult)


@pytest.fixture
def evaluated(spoken):
    return evaluate(GaussianNB(), *spoken.all, outer=3, random_split=True, control=1)


@pytest.fixture
def degraded(rng):
    emotions = np.array(["angry", "sad"])
    return RobustnessResult(
        emotions=emotions,
        truth=np.tile(emotions, 10),
        speakers=np.repeat(["anna", "ben", "cleo", "dan"], 5),
        degradations=["clean", "noise", "noise", "room"],
        strengths=[None, 20, np.inf, None],
        units=["", "dB", "dB", ""],
        predictions=rng.choice(emotions, (4, 20)),
    )


@pytest.fixture
def compared(evaluated, spoken):
    return compare(evaluated, evaluate(DummyClassifier(), *spoken.all, outer=3))


@pytest.mark.parametrize("which", ["evaluated", "degraded", "compared"])
def test_a_result_has_the_same_frame_and_the_same_text_again(which, request, tmp_path):
    result = request.getfixturevalue(which)
    path = tmp_path / "result.json"
    assert result.to_json(path) is None
    for source in (path, str(path), result.to_json()):
        again = type(result).from_json(source)
        assert again.to_frame().equals(result.to_frame())
        assert str(again) == str(result)
        assert again.to_json() == result.to_json() == path.read_text()
        for name, value in vars(result).items():
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(getattr(again, name), value)
                assert getattr(again, name).dtype == value.dtype


@pytest.mark.parametrize("which", ["evaluated", "degraded", "compared"])
def test_what_is_written_is_json_by_its_standard(which, request):
    def refuse(constant):
        raise AssertionError(constant)

    json.loads(request.getfixturevalue(which).to_json(), parse_constant=refuse)


def test_what_there_is_none_of_comes_back_as_none(degraded, compared):
    lone = RobustnessResult(**vars(degraded) | {"speakers": None})
    again = RobustnessResult.from_json(lone.to_json())
    assert again.speakers is None
    assert again.to_frame().equals(lone.to_frame())
    bare = ComparisonResult(
        **vars(compared) | {"interval": np.full(2, np.nan), "of_folds": None, "of_runs": None}
    )
    again = ComparisonResult.from_json(bare.to_json())
    assert again.of_folds is None
    assert str(again) == str(bare)


@pytest.mark.parametrize(
    ("which", "asked", "message"),
    [
        ("degraded", EvaluationResult, r"no evaluation: .* EvaluationResult\.to_json, but by RobustnessRes"),
        ("compared", RobustnessResult, r"no robustness: .* RobustnessResult\.to_json, but by ComparisonRes"),
        ("evaluated", ComparisonResult, r"no comparison: .* ComparisonResult\.to_json, but by EvaluationRes"),
    ],
)
def test_a_result_of_another_kind_is_named(which, asked, message, request):
    with pytest.raises(ValueError, match=message):
        asked.from_json(request.getfixturevalue(which).to_json())


@pytest.mark.parametrize("asked", CLASSES)
@pytest.mark.parametrize("text", ["", "[]", "\x00\xff", '"{}"', "3", "[" * 100_000])
def test_a_file_of_something_else_is_named(asked, text, tmp_path):
    path = tmp_path / "other.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=r"other\.json' holds no (evaluation|robustness|comparison)"):
        asked.from_json(path)


@pytest.mark.parametrize(
    ("which", "change", "message"),
    [
        ("degraded", {"version": 2}, r"written in version 2, and this version of sklearn-ser reads 1"),
        ("degraded", {"version": True}, r"written in version True"),
        ("degraded", {"colour": 1}, r"must have what RobustnessResult\.to_json writes; it also has 'colour'"),
        ("degraded", {"units": [""]}, r"altered since .*: units must have the shape \(4,\); it has \(1,\)"),
        ("degraded", {"speakers": ["anna"]}, r"speakers must have the shape \(20,\); it has \(1,\)"),
        ("degraded", {"strengths": [None, "much", 1, 2]}, r"altered since it was written: could not convert"),
        ("degraded", {"truth": ["calm"] * 20}, r"truth must be among the emotions, 'angry', .* is 'calm'"),
        ("degraded", {"emotions": ["sad", "angry"]}, r"emotions must be sorted, each once; they are \['sad'"),
        ("compared", {"interval": [0.1]}, r"interval must have the shape \(2,\); it has \(1,\)"),
        ("evaluated", {"folds": [1, 2]}, r"folds must have the shape \(216,\); it has \(2,\)"),
        ("evaluated", {"metadata": {"sex": ["male"]}}, r"metadata\['sex'\] must have the shape \(216,\)"),
        ("evaluated", {"metadata": None}, r"altered since it was written: 'NoneType'"),
        ("evaluated", {"random_split": {}}, r"altered since it was written: it lacks 'emotions'"),
        ("evaluated", {"probabilities": [[0.5]]}, r"probabilities must have the shape \(1, 216, 3\)"),
        ("evaluated", {"folds": [-1] * 216}, r"folds must be whole numbers from 0; they are \[-1, -1,"),
        ("evaluated", {"folds": ["a"] * 216}, r"folds must be whole numbers from 0; they are \['a', 'a',"),
        ("evaluated", {"estimator": 3}, r"estimator must be text; it is 3\."),
        ("evaluated", {"left_out": {"why": "many"}}, r"left_out must be numbers of recordings by reason"),
        (
            "evaluated",
            {"best_params": [[], []]},
            r"best_params must be null or have a list for each of 1 run",
        ),
    ],
)
def test_what_was_altered_is_told(which, change, message, request):
    result = request.getfixturevalue(which)
    altered = json.loads(result.to_json()) | change
    with pytest.raises(ValueError, match=message):
        type(result).from_json(json.dumps(altered))


@pytest.mark.parametrize("which", ["evaluated", "degraded", "compared"])
def test_a_part_that_is_missing_is_named(which, request):
    result = request.getfixturevalue(which)
    for name in vars(result).keys() - {"histories", "searches"}:  # which earlier files do not have
        content = json.loads(result.to_json())
        del content[name]
        with pytest.raises(ValueError, match=rf"must have what .* writes; it lacks '{name}'\."):
            type(result).from_json(json.dumps(content))
