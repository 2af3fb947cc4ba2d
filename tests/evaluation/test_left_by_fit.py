"""What a result keeps of its fits: how trainings went, and what searches have tried."""

import json

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_ser.evaluation import EvaluationResult, evaluate


class Trained(GaussianNB):
    """Has a history, as a network has."""

    def __init__(self, epochs=2, random_state=None, var_smoothing=1e-9):
        super().__init__(var_smoothing=var_smoothing)
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, X, y):
        loss = [float(len(X) + (self.random_state or 0) + epoch) for epoch in range(self.epochs)]
        self.history_ = {"loss": loss, "accuracy": np.float32([0.5] * self.epochs), "odd": [[1], [1, 2]]}
        return super().fit(X, y)


def search(estimator, grid, **settings):
    return GridSearchCV(estimator, grid, cv=GroupKFold(2), **settings)


@pytest.mark.parametrize(
    "estimator",
    [
        Trained(),
        make_pipeline(StandardScaler(), Trained()),
        search(Trained(), {"epochs": [2]}),
        search(make_pipeline(StandardScaler(), Trained()), {"trained__epochs": [2]}),
        make_pipeline(StandardScaler(), search(Trained(), {"epochs": [2]})),
    ],
)
def test_the_history_of_each_fold_and_run_is_kept(estimator, spoken):
    result = evaluate(estimator, *spoken.all, outer=GroupKFold(3), random_states=(0, 5), control=1)
    assert np.shape(result.histories) == (2, 3)
    for random_state, of_run in zip((0, 5), result.histories, strict=True):
        for fold, history in enumerate(of_run):
            n_trained = np.sum(result.folds != fold)
            assert history == {
                "loss": [n_trained + random_state, n_trained + random_state + 1],
                "accuracy": [0.5, 0.5],
            }
    assert np.shape(result.controls[0].histories) == (1, 3)
    again = EvaluationResult.from_json(result.to_json())
    assert again.histories == result.histories
    assert again.controls[0].histories == result.controls[0].histories


def test_what_searches_have_tried_is_kept(spoken):
    X, y, speakers = spoken.all
    given = search(
        LogisticRegression(), {"C": [0.1, 1.0]}, scoring=["accuracy", "f1_macro"], refit="accuracy"
    )
    result = evaluate(given, X, y, speakers, outer=GroupKFold(3))
    for fold, (train, _) in enumerate(GroupKFold(3).split(X, y, speakers)):
        own = clone(given).fit(X[train], y[train], groups=speakers[train])
        kept = result.searches[0][fold]
        assert kept["params"] == [{"C": 0.1}, {"C": 1.0}]
        assert kept["best_index"] == own.best_index_
        assert (kept["refit"], kept["scoring"]) == ("accuracy", None)
        scores = kept.keys() - {"params", "best_index", "refit", "scoring"}
        assert scores == {
            f"{kind}_test_{score}"
            for kind in ("split0", "split1", "mean", "std", "rank")
            for score in ("accuracy", "f1_macro")
        }
        for name in scores:
            np.testing.assert_array_equal(kept[name], own.cv_results_[name])
    assert EvaluationResult.from_json(result.to_json()).searches == result.searches


def test_a_search_at_the_end_of_a_pipeline_is_found(spoken):
    result = evaluate(make_pipeline(StandardScaler(), search(GaussianNB(), {"priors": [None]})), *spoken.all)
    assert [len(kept["params"]) for kept in result.searches[0]] == [1] * 5


def test_values_that_json_has_no_number_or_word_for_are_kept_as_none_or_text(spoken):
    class Failing(Trained):
        def fit(self, X, y):
            super().fit(X, y)
            self.history_ = {"loss": [np.nan, np.inf, 1.0]}
            return self

        def score(self, X, y):
            return np.nan if self.epochs == 2 else 0.5

    grid = {"epochs": [3, 2], "random_state": [np.int64(4)]}
    with pytest.warns(UserWarning, match="One or more of the test scores are non-finite"):
        result = evaluate(search(Failing(), grid), *spoken.all, outer=2)
    assert result.histories == [[{"loss": [None, None, 1.0]}] * 2]
    [kept, _] = result.searches[0]
    assert kept["mean_test_score"] == [0.5, None]
    assert kept["params"] == [{"epochs": 3, "random_state": 4}, {"epochs": 2, "random_state": 4}]
    assert "NaN" not in result.to_json()


def test_without_either_there_is_none(spoken):
    result = evaluate(GaussianNB(), *spoken.all, outer=2)
    assert result.histories is None
    assert result.searches is None


def test_a_file_of_earlier_days_still_loads(spoken):
    result = evaluate(search(Trained(), {"epochs": [2]}), *spoken.all, outer=2, random_split=True, control=1)
    content = json.loads(result.to_json())
    for one in (content, content["random_split"], *content["controls"]):
        del one["histories"], one["searches"]
    again = EvaluationResult.from_json(json.dumps(content))
    assert again.histories is again.searches is again.random_split.histories is None
    assert str(again) == str(result)


KEPT = {"params": [{"C": 1}], "best_index": 0, "refit": None, "scoring": None, "mean_test_score": [0.5]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"histories": []}, r"histories must be null or have a list of 2 for each of 1 runs; it is \[\]"),
        ({"histories": [[None]]}, r"histories must be null or have a list of 2"),
        ({"histories": [3]}, r"histories must be null or have a list of 2"),
        ({"histories": [[None, 3]]}, r"histories must hold null or lists of numbers by name; they hold 3\."),
        ({"histories": [[None, {"loss": ["a"]}]]}, r"histories must hold null or lists of numbers by name"),
        ({"searches": "none"}, r"searches must be null or have a list of 2 for each of 1 runs; it is 'none'"),
        ({"searches": [[None, {}]]}, r"searches must hold null or params with scores of as many candidates"),
        ({"searches": [[None, KEPT]]}, r"searches must hold null or params"),  # without the spread
        ({"searches": [[None, KEPT | {"std_test_score": [0.1, 0.2]}]]}, r"searches must hold null or params"),
        (
            {"searches": [[None, KEPT | {"std_test_score": [0.1], "best_index": 1}]]},
            r"searches must hold null or params",
        ),
    ],
)
def test_what_was_altered_is_told(change, message, spoken):
    content = json.loads(evaluate(GaussianNB(), *spoken.all, outer=2).to_json()) | change
    with pytest.raises(ValueError, match=message):
        EvaluationResult.from_json(json.dumps(content))
