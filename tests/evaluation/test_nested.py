"""Searches inside of an evaluation: who chooses on whom."""

import numpy as np
import pytest
import sklearn
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from sklearn_ser.evaluation import evaluate
from sklearn_ser.exceptions import SerWarning

GRID = {"var_smoothing": [1e-9, 3.0]}


def search(cv, estimator=None, grid=GRID, **settings):
    return GridSearchCV(GaussianNB() if estimator is None else estimator, grid, cv=cv, **settings)


class Speakers(GroupKFold):
    """Keeps what it was asked to split."""

    asked: list = []

    def split(self, X, y=None, groups=None):
        self.asked.append(np.unique(groups).tolist())
        return super().split(X, y, groups)


@pytest.mark.parametrize("routing", [False, True])
def test_a_search_chooses_on_speakers_of_the_training_part_alone(routing, spoken):
    X, y, speakers = spoken.all
    outer = GroupKFold(3)
    with sklearn.config_context(enable_metadata_routing=routing):
        Speakers.asked.clear()
        result = evaluate(search(Speakers(2)), X, y, speakers, outer=outer)
        with parallel_config(backend="threading"):  # which scikit-learn's settings must reach
            again = evaluate(search(GroupKFold(2)), X, y, speakers, outer=outer, n_jobs=2)
        trains = [np.unique(speakers[train]).tolist() for train, _ in outer.split(X, y, speakers)]
        np.testing.assert_array_equal(again.predictions, result.predictions)
        assert Speakers.asked == [*trains, *trains]  # once each to see whether it can, once each to do it
        for fold, (train, test) in enumerate(outer.split(X, y, speakers)):
            own = search(GroupKFold(2)).fit(X[train], y[train], groups=speakers[train])
            assert result.best_params[0][fold] == own.best_params_
            np.testing.assert_array_equal(result.predictions[0, test], own.predict(X[test]))


@pytest.mark.parametrize("inner", [3, StratifiedGroupKFold(3)])
def test_inner_takes_the_place_of_the_split_of_a_search(inner, spoken):
    given = evaluate(search(None), *spoken.all, outer=GroupKFold(3), inner=inner)
    own = evaluate(search(StratifiedGroupKFold(3)), *spoken.all, outer=GroupKFold(3))
    np.testing.assert_array_equal(given.predictions, own.predictions)
    assert given.best_params == own.best_params


def test_inner_reaches_a_search_within_a_pipeline_and_leaves_it_as_it_was(spoken):
    given = make_pipeline(StandardScaler(), search(KFold(2)))
    result = evaluate(given, *spoken.all, outer=3, inner=2)  # which an inner split by chance would warn of
    assert "StratifiedGroupKFold(n_splits=2" in result.estimator
    assert isinstance(given[-1].cv, KFold)


def test_inner_without_a_search_is_refused(spoken):
    with pytest.raises(ValueError, match=r"inner=3 has nothing to split: GaussianNB is no search"):
        evaluate(GaussianNB(), *spoken.all, inner=3)


@pytest.mark.parametrize("inner", [1, True, "speakers", [(0, 1)]])
def test_inner_is_a_splitter_or_a_number_of_folds(inner, spoken):
    with pytest.raises(ValueError, match=r"inner must be a splitter, or a number of folds, 2 or more; got"):
        evaluate(search(None), *spoken.all, inner=inner)


def test_a_search_at_the_end_of_a_pipeline_is_given_the_speakers(spoken):
    inside = make_pipeline(StandardScaler(), search(GroupKFold(2)))
    result = evaluate(inside, *spoken.all, outer=3)
    assert result.best_params is None  # the pipeline has none
    assert result.score() > 0.4


@pytest.mark.parametrize("routing", [False, True])
def test_a_classifier_that_takes_groups_is_given_the_speakers(routing, spoken):
    class Listener(ClassifierMixin, BaseEstimator):
        __metadata_request__fit = {"groups": True}

        def fit(self, X, y, groups=None):
            self.classes_, self.n_heard_ = np.unique(y), len(np.unique(groups))
            return self

        def predict(self, X):
            return np.resize("angry" if self.n_heard_ == 8 else "sad", len(X))

    with sklearn.config_context(enable_metadata_routing=routing):
        result = evaluate(make_pipeline(StandardScaler(), Listener()), *spoken.all, outer=3)
    assert (result.predictions == "angry").all()


@pytest.mark.parametrize("cv", [None, 4, KFold(4)])
@pytest.mark.parametrize("routing", [False, True])
def test_an_inner_split_that_ignores_speakers_is_warned_of_once(cv, routing, spoken):
    with (
        sklearn.config_context(enable_metadata_routing=routing),
        pytest.warns(
            SerWarning,
            match=r"^cv=.* of GridSearchCV splits without regard to speakers: \d+ of them .* such as "
            r"'speaker0\d'.* cv=StratifiedGroupKFold\([45]\) keeps each on one side\.$",
        ) as warned,
    ):
        evaluate(
            search(cv, grid={"var_smoothing": [1e-9]}), *spoken.all, outer=3, random_split=True, control=True
        )
    assert len(warned) == 1
    assert warned[0].filename == __file__


def test_an_inner_split_is_told_to_have_no_more_folds_than_a_training_part_has_speakers(spoken):
    few = np.isin(spoken.speakers, ["speaker00", "speaker01", "speaker02", "speaker03"])
    with pytest.warns(SerWarning, match=r"cv=StratifiedGroupKFold\(2\) keeps each on one side"):
        evaluate(search(None, grid={"var_smoothing": [1e-9]}), *(part[few] for part in spoken.all), outer=2)


def test_an_inner_split_deep_in_a_pipeline_is_found(spoken):
    model = make_pipeline(StandardScaler(), CalibratedClassifierCV(GaussianNB(), cv=4))
    with pytest.warns(SerWarning, match=r"^calibratedclassifiercv__cv=4 of Pipeline splits without regard"):
        evaluate(model, *spoken.all, outer=2)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (GroupKFold(9), r"cv=GroupKFold\(n_splits=9.* cannot split the training part of fold 0: .*9"),
        ([(np.arange(100), np.arange(100, 200))], r"cv holds splits of fixed positions"),
    ],
)
def test_an_inner_split_that_is_impossible_is_refused_before_any_fit(inner, message, spoken):
    class Untouched(GaussianNB):
        def fit(self, X, y):
            raise AssertionError("an error must come before any fit")

    with pytest.raises(ValueError, match=message):
        evaluate(search(inner, Untouched()), *spoken.all, outer=3)


def test_a_search_that_is_not_fitted_in_the_end_is_refused(spoken):
    with pytest.raises(ValueError, match=r"refit=False leaves nothing to predict with"):
        evaluate(search(GroupKFold(2), refit=False), *spoken.all)


def test_random_states_reach_what_a_search_fits(spoken):
    inside = search(StratifiedGroupKFold(2), DecisionTreeClassifier(max_features=1), {"max_depth": [2, 4]})
    once = evaluate(inside, *spoken.all, outer=2, random_states=(0, 1))
    again = evaluate(inside, *spoken.all, outer=2, random_states=(0, 1))
    assert once.to_json() == again.to_json()
    assert (once.probabilities[0] != once.probabilities[1]).any()
    assert np.shape(once.best_params) == (2, 2)


def test_looking_at_an_inner_split_leaves_its_random_numbers(spoken):
    model = search(GroupKFold(2, shuffle=True, random_state=np.random.RandomState(0)))
    before = model.cv.random_state.get_state()[1].copy()
    evaluate(model, *spoken.all, outer=2)
    np.testing.assert_array_equal(model.cv.random_state.get_state()[1], before)
