"""What scores of RAVDESS are worth, with rows of functionals and a linear model."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.datasets import load_ravdess
from sklearn_ser.evaluation import EvaluationResult, compare, evaluate, robustness
from sklearn_ser.features import DeltaTransformer, FunctionalsTransformer, MFCCTransformer

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def corpus(ravdess_root):
    return load_ravdess(ravdess_root)


@pytest.fixture(scope="module")
def rows(corpus):
    functionals = make_pipeline(
        MFCCTransformer(n_mfcc=20, crop="center", verbose=0),
        DeltaTransformer(order=1),
        FunctionalsTransformer(("mean", "std")),
    )
    return functionals.fit_transform(corpus.data)


def linear(C=0.1):
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, class_weight="balanced", tol=0.01))


def test_24_speakers_are_scored_with_an_interval_a_gap_and_a_control(corpus, rows, tmp_path):
    given = rows, corpus.target, corpus.groups
    result = evaluate(linear(), *given, metadata=corpus.metadata, outer=6, random_split=True, control=1)
    score, (low, high) = result.score().item(), result.interval()
    assert 0.35 < score < 0.55  # chance is 0.125
    # Two dozen speakers do not tell a score more precisely than to about ten points.
    assert 0.06 < high - low < 0.16
    gap, gap_low, _ = result.gap()
    assert 0.03 < gap_low < gap < 0.2  # knowing the voices flatters
    assert abs(result.controls[0].score().item() - 1 / 8) < 0.035  # four standard errors
    assert result.by("speaker").shape[0] == 24
    assert result.by("sex")["n_speakers"].tolist() == [12, 12]
    assert set(result.metadata) >= {"sex", "intensity", "statement"}
    assert result.confusion_matrix().diagonal().mean() == pytest.approx(score)
    result.to_json(tmp_path / "ravdess.json")
    again = EvaluationResult.from_json(tmp_path / "ravdess.json")
    assert compare(result, again).p_value == 1


def test_a_search_on_unheard_speakers_is_nested_and_compared(corpus, rows):
    given = rows[:, ::2], corpus.target, corpus.groups
    grid = {"logisticregression__C": [1e-5, 1e-2]}
    search = GridSearchCV(linear(), grid, cv=GroupKFold(2), scoring="balanced_accuracy")
    searched = evaluate(search, *given, outer=2)
    assert searched.best_params == [[{"logisticregression__C": 1e-2}] * 2]
    worse = evaluate(linear(1e-5), *given, outer=2)
    found = compare(searched, worse)
    assert found.interval[0] > 0
    assert found.p_value < 0.05


def test_degradations_cost_what_they_hide(corpus):
    is_heard = np.isin(corpus.groups, ["ravdess-01", "ravdess-02", "ravdess-03", "ravdess-04"])
    is_tested = np.isin(corpus.groups, ["ravdess-05", "ravdess-06"])
    pipe = make_pipeline(
        MFCCTransformer(n_mfcc=20, summary=("mean", "std"), crop="center", verbose=0),
        StandardScaler(),
        LogisticRegression(C=0.1),
    ).fit(corpus.data[is_heard], corpus.target[is_heard])
    tested = corpus.recordings[is_tested], corpus.target[is_tested]
    strengths = {"noise": [40, 0], "band_limit": 1000, "truncation": [6, 0.5]}
    frame = robustness(pipe, *tested, degradations=strengths).to_frame()
    score = frame.set_index(["degradation", "strength"])["score"].to_dict()
    clean = frame["score"][0]
    assert clean > 0.25
    assert score["truncation", 6.0] == clean  # none is that long
    assert score["noise", 0.0] < 0.7 * clean
    assert score["band_limit", 1000.0] < clean
    assert score["truncation", 0.5] < clean
