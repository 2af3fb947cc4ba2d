"""Scores of a search by one or two of its parameters."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.stats import loguniform, uniform
from sklearn.exceptions import NotFittedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes halving searches importable
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sklearn_ser.evaluation import evaluate
from sklearn_ser.plotting import SearchResultsDisplay
from tests.evaluation.conftest import speak

GRID = {
    "kneighborsclassifier__n_neighbors": [9, 1, 3],
    "kneighborsclassifier__weights": ["uniform", "distance"],
    "kneighborsclassifier__p": [1, 2],
}


@pytest.fixture(scope="module")
def spoken():
    rng = np.random.default_rng(0)
    y = np.tile(["angry", "calm", "sad"], 30)
    return rng.normal(size=(90, 4)) + np.eye(4)[np.tile([0, 1, 2], 30)], y


@pytest.fixture(scope="module")
def search(spoken):
    pipe = make_pipeline(StandardScaler(), KNeighborsClassifier())
    return GridSearchCV(pipe, GRID, cv=3, scoring="balanced_accuracy").fit(*spoken)


def best_by(search, **fixed):
    """Mean and standard deviation of the best candidate with some values of the neighbours' parameters."""
    results = search.cv_results_
    rows = [
        row
        for row, params in enumerate(results["params"])
        if all(params[f"kneighborsclassifier__{name}"] == value for name, value in fixed.items())
    ]
    row = max(rows, key=lambda row: results["mean_test_score"][row])
    return results["mean_test_score"][row], results["std_test_score"][row]


def test_one_parameter_is_a_line_of_the_best_candidates_with_their_spread(search):
    display = SearchResultsDisplay.from_search(search, "n_neighbors")
    line, _, [bars] = display.errorbars_[0].lines
    wanted = np.array([best_by(search, n_neighbors=n) for n in (1, 3, 9)])
    np.testing.assert_array_equal(line.get_xdata(), [1, 3, 9])
    np.testing.assert_allclose(line.get_ydata(), wanted[:, 0])
    ends = np.array([segment[:, 1] for segment in bars.get_segments()])
    np.testing.assert_allclose(np.diff(ends)[:, 0] / 2, wanted[:, 1], atol=1e-12)
    assert display.ax_.get_xlabel() == "n_neighbors"
    assert display.ax_.get_ylabel() == "balanced accuracy (± std of folds)"
    assert display.ax_.get_title() == "best over p, weights"
    low, high = display.ax_.get_ylim()
    assert low < (wanted[:, 0] - wanted[:, 1]).min() < (wanted[:, 0] + wanted[:, 1]).max() < high
    low, high = display.ax_.get_xlim()
    assert low < 1 < 9 < high


def test_two_parameters_are_a_map_with_score_and_spread_in_each_cell(search):
    display = SearchResultsDisplay.from_search(search, ["n_neighbors", "weights"])
    assert [label.get_text() for label in display.ax_.get_xticklabels()] == ["1", "3", "9"]
    weights = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert sorted(weights) == ["distance", "uniform"]
    for row, weight in enumerate(weights):
        for column, n_neighbors in enumerate((1, 3, 9)):
            mean, std = best_by(search, n_neighbors=n_neighbors, weights=weight)
            assert display.text_[row, column].get_text() == f"{mean:.2f}\n± {std:.2f}"
            assert display.image_.get_array()[row, column] == pytest.approx(mean)
    assert display.ax_.get_title() == "best over p"


def test_what_the_search_chose_is_marked(search):
    display = SearchResultsDisplay.from_search(search, ["n_neighbors", "weights"])
    [frame] = display.ax_.patches
    column, row = (np.array(frame.get_xy()) + 0.5).astype(int)
    mean = search.best_score_
    assert display.image_.get_array()[row, column] == pytest.approx(mean)
    display = SearchResultsDisplay.from_search(search, "n_neighbors")
    [mark] = [line for line in display.ax_.lines if line.get_fillstyle() == "none"]
    assert mark.get_xdata()[0] == search.best_params_["kneighborsclassifier__n_neighbors"]


def test_two_parameters_can_be_lines_of_the_first_for_each_value_of_the_second(search):
    display = SearchResultsDisplay.from_search(search, ["n_neighbors", "p"], kind="lines")
    assert [text.get_text() for text in display.ax_.get_legend().get_texts()] == ["1", "2"]
    for p, bars in zip((1, 2), display.errorbars_, strict=True):
        wanted = [best_by(search, n_neighbors=n, p=p)[0] for n in (1, 3, 9)]
        np.testing.assert_allclose(bars.lines[0].get_ydata(), wanted)
    assert display.ax_.get_ylabel() == "balanced accuracy (± std of folds)"


def test_other_parameters_can_be_given_a_value(search):
    display = SearchResultsDisplay.from_search(search, "n_neighbors", fixed={"p": 2, "weights": "uniform"})
    wanted = [best_by(search, n_neighbors=n, p=2, weights="uniform")[0] for n in (1, 3, 9)]
    np.testing.assert_allclose(display.errorbars_[0].lines[0].get_ydata(), wanted)
    assert display.ax_.get_title() == "p = 2, weights = uniform"
    with pytest.raises(ValueError, match=r"No candidate of the search has p = 7\."):
        SearchResultsDisplay.from_search(search, "n_neighbors", fixed={"p": 7})


def test_parameters_with_several_values_are_found_where_they_are_one_or_two(search, spoken):
    few = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 2], "p": [2]}, cv=2).fit(*spoken)
    assert SearchResultsDisplay.from_search(few).names == ["n_neighbors"]
    assert SearchResultsDisplay.from_search(search, fixed={"p": 1}).kind is None
    with pytest.raises(ValueError, match=r"params must name the one or two.*__weights'; got None"):
        SearchResultsDisplay.from_search(search)


def test_a_random_search_is_points_that_no_line_joins(spoken):
    params = {"C": loguniform(1e-3, 1e2), "l1_ratio": uniform(0, 1)}
    model = LogisticRegression(solver="saga", tol=0.1)
    search = RandomizedSearchCV(model, params, n_iter=6, cv=2, random_state=0).fit(*spoken)
    one = SearchResultsDisplay.from_search(search, "C")
    assert one.errorbars_[0].lines[0].get_linestyle() == "None"
    assert one.ax_.get_xscale() == "log"
    two = SearchResultsDisplay.from_search(search)
    np.testing.assert_allclose(two.image_.get_array(), search.cv_results_["mean_test_score"])
    points = [[params["C"], params["l1_ratio"]] for params in search.cv_results_["params"]]
    np.testing.assert_allclose(two.image_.get_offsets(), points)
    joined = SearchResultsDisplay.from_search(search, "C", kind="line")
    assert joined.errorbars_[0].lines[0].get_linestyle() == "-"


def test_a_halving_search_is_shown_with_the_most_resources_of_each_candidate(spoken):
    search = HalvingGridSearchCV(
        KNeighborsClassifier(),
        {"n_neighbors": [1, 3, 5, 7]},
        cv=2,
        factor=2,
        min_resources=24,
        random_state=0,
    ).fit(*spoken)
    display = SearchResultsDisplay.from_search(search)
    results = search.cv_results_
    last = {}
    for params, mean in zip(results["params"], results["mean_test_score"], strict=True):
        last[params["n_neighbors"]] = mean  # rows are in the order of the halvings
    np.testing.assert_allclose(display.scores, [last[n] for n in display.values[0]])
    assert sorted(display.values[0]) == [1, 3, 5, 7]
    assert display.values[0][display.best] == search.best_params_["n_neighbors"]
    assert display.ax_.get_title() == "each with the most n_samples it came to (24 to 48)"


def test_values_of_any_kind_and_candidates_without_the_parameter_have_their_place(spoken):
    pipe = make_pipeline(StandardScaler(), GaussianNB())
    grid = [
        {"standardscaler": [StandardScaler(), MinMaxScaler(), None]},
        {"gaussiannb__priors": [None, [0.2, 0.4, 0.4]]},
    ]
    search = GridSearchCV(pipe, grid, cv=2).fit(*spoken)
    display = SearchResultsDisplay.from_search(search, "standardscaler")
    labels = [label.get_text() for label in display.ax_.get_xticklabels()]
    assert labels == ["StandardScaler()", "MinMaxScaler()", "None", "not set"]
    assert {label.get_rotation() for label in display.ax_.get_xticklabels()} == {30}
    assert display.errorbars_[0].lines[0].get_linestyle() == "None"  # there is no way from one to another
    labels = [label.get_text() for label in SearchResultsDisplay.from_search(search).ax_.get_yticklabels()]
    assert labels == ["not set", "None", "[0.2, 0.4, 0.4]"]


def test_a_fit_that_failed_is_said_to_have_failed(spoken):
    model = KNeighborsClassifier()
    grid = {"n_neighbors": [1, 80], "weights": ["uniform", "distance"]}
    with pytest.warns(UserWarning, match="Scoring failed|non-finite"):
        search = GridSearchCV(model, grid, cv=2, error_score=np.nan).fit(*spoken)
    display = SearchResultsDisplay.from_search(search)
    texts = {place: text.get_text() for place, text in display.text_.items()}
    assert texts[0, 1] == texts[1, 1] == "failed"
    assert "±" in texts[0, 0]
    line = SearchResultsDisplay.from_search(search, "n_neighbors").ax_
    assert [one.get_xdata()[0] for one in line.lines if one.get_label() == "_failed"] == [80]
    assert [text.get_text() for text in line.texts] == ["failed"]


def test_of_several_scores_one_is_shown(spoken):
    search = GridSearchCV(
        GaussianNB(), {"var_smoothing": [1e-9, 1.0]}, cv=2, scoring=["accuracy", "f1_macro"], refit=False
    ).fit(*spoken)
    display = SearchResultsDisplay.from_search(search, metric="f1_macro")
    np.testing.assert_allclose(display.scores, search.cv_results_["mean_test_f1_macro"])
    assert display.ax_.get_ylabel() == "f1 macro (± std of folds)"
    with pytest.raises(ValueError, match="metric must say which score to show: 'accuracy', 'f1_macro'"):
        SearchResultsDisplay.from_search(search)
    with pytest.raises(ValueError, match="metric must be one of 'accuracy', 'f1_macro'; got 'recall'"):
        SearchResultsDisplay.from_search(search, metric="recall")


def test_parameters_and_kinds_that_cannot_be_shown_are_named(search):
    with pytest.raises(ValueError, match=r"must be one of the search, .*; got 'dropout'"):
        SearchResultsDisplay.from_search(search, "dropout")
    with pytest.raises(ValueError, match=r"one parameter, or two different ones; got \['p', 'p'\]"):
        SearchResultsDisplay.from_search(search, ["p", "p"])
    with pytest.raises(ValueError, match=r"either shown or fixed; got 'kneighborsclassifier__p'"):
        SearchResultsDisplay.from_search(search, "p", fixed={"p": 1})
    with pytest.raises(ValueError, match=r"'line', 'points' for 1 parameter, or None; got 'map'"):
        SearchResultsDisplay.from_search(search, "p", kind="map")
    with pytest.raises(NotFittedError, match="This GridSearchCV is not fitted"):
        SearchResultsDisplay.from_search(GridSearchCV(GaussianNB(), {}))


def test_it_is_drawn_into_the_axes_that_are_given(search):
    _, ax = plt.subplots()
    assert SearchResultsDisplay.from_search(search, "p", ax=ax).ax_ is ax


def test_the_searches_of_an_evaluation_are_shown_together(rng):
    spoken = speak(rng, n_speakers=6)
    grid = {"max_depth": [1, 3], "min_samples_leaf": [1, 9]}
    search = GridSearchCV(DecisionTreeClassifier(), grid, cv=GroupKFold(2), scoring="accuracy")
    result = evaluate(search, *spoken.all, outer=3, random_states=(0, 1))
    display = SearchResultsDisplay.from_result(type(result).from_json(result.to_json()))
    searches = [one for of_run in result.searches for one in of_run]
    assert list(display.names) == ["max_depth", "min_samples_leaf"]
    means = np.mean([one["mean_test_score"] for one in searches], axis=0)
    np.testing.assert_allclose(display.scores, means)
    folds = [one[f"split{k}_test_score"] for one in searches for k in range(2)]
    np.testing.assert_allclose(display.spreads, np.std(folds, axis=0))
    chosen = np.bincount([one["best_index"] for one in searches], minlength=4)
    assert chosen[display.best] == chosen.max()
    assert display.score_name == "accuracy"
    line = SearchResultsDisplay.from_result(result, "max_depth", fixed={"min_samples_leaf": 9})
    np.testing.assert_allclose(line.scores, means[[1, 3]])


def test_a_candidate_has_the_scores_of_the_searches_that_tried_it(rng):
    spoken = speak(rng, n_speakers=6)
    search = RandomizedSearchCV(
        DecisionTreeClassifier(), {"max_depth": range(1, 40)}, n_iter=2, cv=GroupKFold(2), random_state=0
    )
    result = evaluate(search, *spoken.all, outer=2, random_states=(0, 1))
    first, second = (of_run[0]["params"] for of_run in result.searches)
    assert first != second
    display = SearchResultsDisplay.from_result(result)
    assert display.values[0] == [one["max_depth"] for one in (*first, *second)]
    of_first = np.mean([one["mean_test_score"] for one in result.searches[0]], axis=0)
    np.testing.assert_allclose(display.scores[:2], of_first)


def test_an_evaluation_without_a_search_is_refused(rng):
    result = evaluate(DecisionTreeClassifier(), *speak(rng, n_speakers=6).all, outer=2)
    with pytest.raises(ValueError, match=r"no search to show: this result is of an estimator that searches"):
        SearchResultsDisplay.from_result(result)
    with pytest.raises(TypeError, match=r"from_result needs the EvaluationResult that evaluate returns"):
        SearchResultsDisplay.from_result(DecisionTreeClassifier())
