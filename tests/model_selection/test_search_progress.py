"""How far a search is, what it has found, and how long it will take."""

import io
import re
import threading
import weakref
from contextlib import contextmanager, redirect_stderr

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.dummy import DummyClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes halving searches importable
from sklearn.metrics import get_scorer
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    RandomizedSearchCV,
    cross_val_predict,
    cross_val_score,
    cross_validate,
    learning_curve,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.utils.parallel import Parallel

from sklearn_ser.evaluation import evaluate
from sklearn_ser.model_selection import search_progress

CALL = Parallel.__call__
GRID = {"n_neighbors": [1, 3, 5, 7]}


class Terminal(io.StringIO):
    def isatty(self):
        return True


@contextmanager
def watched(**options):
    """A block of ``search_progress`` in front of a terminal."""
    with redirect_stderr(Terminal()) as terminal, search_progress(**options):
        yield terminal


@pytest.fixture(scope="module")
def spoken():
    rng = np.random.default_rng(0)
    y = np.tile(["angry", "calm", "sad"], 30)
    return rng.normal(size=(90, 4)) + np.eye(4)[np.tile([0, 1, 2], 30)], y


@pytest.fixture(autouse=True)
def _a_screen_of_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


@pytest.fixture(autouse=True)
def _everything_is_put_back():
    yield
    assert Parallel.__call__ is CALL
    assert "search_progress" not in {thread.name for thread in threading.enumerate()}


def last_lines(shown):
    """The last state of every bar that was left."""
    return [line.split("\r")[-1] for line in shown.getvalue().split("\n") if "fits" in line]


def ends_with(line, fits, note=""):
    """Tell whether so many fits were done in the end, with no time left."""
    note = f", {note}" if note else ""
    return re.search(rf" {fits}/{fits} fits \[\d\d:\d\d<00:00{re.escape(note)}\]$", line) is not None


def scores_of(search):
    return {name: one for name, one in search.cv_results_.items() if "_score" in name and "time" not in name}


def assert_same_results(one, other):
    assert scores_of(one).keys() == scores_of(other).keys()
    for name, values in scores_of(one).items():
        np.testing.assert_array_equal(values, scores_of(other)[name])


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # of the backend "multiprocessing"
@pytest.mark.parametrize(
    ("n_jobs", "backend"), [(1, "loky"), (2, "loky"), (2, "threading"), (2, "multiprocessing")]
)
def test_a_search_shows_fits_and_its_best_mean_and_finds_what_it_would_find(spoken, n_jobs, backend):
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=3, n_jobs=n_jobs)
    with parallel_config(backend=backend), watched() as terminal:
        search.fit(*spoken)
    [line] = last_lines(terminal)
    assert line.startswith("4 candidates × 3 folds: 100%|")  # noqa: RUF001
    assert ends_with(line, 12, f"best {search.best_score_:.3f}")
    assert_same_results(search, GridSearchCV(KNeighborsClassifier(), GRID, cv=3).fit(*spoken))


def test_bars_are_drawn_while_fits_go_on(spoken):
    seen = threading.Event()

    class Screen(Terminal):
        def write(self, text):
            if "1/3 fits" in text and "mean" in text:
                seen.set()
            return super().write(text)

    class Waiting(DummyClassifier):
        n_fits = 0

        def fit(self, X, y):
            Waiting.n_fits += 1
            # The second fit ends when the first one has been shown.
            assert Waiting.n_fits == 1 or seen.wait(20)
            return super().fit(X, y)

    with redirect_stderr(Screen()), search_progress():
        cross_validate(Waiting(), *spoken, cv=3, error_score="raise")


def test_each_search_of_a_block_has_its_bar(spoken):
    with watched() as terminal:
        first = RandomizedSearchCV(KNeighborsClassifier(), GRID, n_iter=2, cv=2, random_state=0).fit(*spoken)
        scores = cross_val_score(KNeighborsClassifier(), *spoken, cv=5)
        cross_val_predict(KNeighborsClassifier(), *spoken, cv=4)
        learning_curve(KNeighborsClassifier(), *spoken, cv=2, train_sizes=[0.5, 1.0])
    lines = last_lines(terminal)
    assert len(lines) == 4
    assert ends_with(lines[0], 4, f"best {first.best_score_:.3f}")
    assert lines[1].startswith("cross-validation: ")
    assert ends_with(lines[1], 5, f"mean {scores.mean():.3f}")
    assert ends_with(lines[2], 4)
    assert ends_with(lines[3], 4)  # of unequal parts there is no mean


def test_a_halving_search_has_one_bar_for_all_iterations(spoken):
    halving = {"factor": 2, "min_resources": 24, "cv": 2, "random_state": 0}
    search = HalvingGridSearchCV(KNeighborsClassifier(), GRID, **halving)
    with watched() as terminal:
        search.fit(*spoken)
        search.fit(*spoken)
    lines = last_lines(terminal)
    assert search.n_candidates_ == [4, 2]
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("iteration 2/2, 2 × 2 folds: 100%|")  # noqa: RUF001
        assert ends_with(line, 12, f"best {search.best_score_:.3f}")
    assert_same_results(search, HalvingGridSearchCV(KNeighborsClassifier(), GRID, **halving).fit(*spoken))


@pytest.mark.parametrize("aggressive_elimination", [False, True])
def test_all_iterations_of_a_halving_search_are_counted_from_the_beginning(spoken, aggressive_elimination):
    search = HalvingGridSearchCV(
        KNeighborsClassifier(),
        {"n_neighbors": list(range(1, 12))},
        factor=3,
        min_resources=30,
        cv=2,
        aggressive_elimination=aggressive_elimination,
        random_state=0,
    )
    with watched() as terminal:
        search.fit(*spoken)
    assert search.n_iterations_ == (3 if aggressive_elimination else 2)
    assert f"0/{2 * sum(search.n_candidates_)} fits" in terminal.getvalue()
    assert f"{2 * sum(search.n_candidates_)}/{2 * sum(search.n_candidates_)} fits" in last_lines(terminal)[-1]


@pytest.mark.parametrize(("n_jobs", "backend"), [(1, "loky"), (2, "threading")])
def test_a_search_within_another_is_below_it_and_is_wiped(spoken, n_jobs, backend):
    search = GridSearchCV(KNeighborsClassifier(), GRID, cv=2)
    with parallel_config(backend=backend), watched() as terminal:
        cross_val_score(search, *spoken, cv=3, n_jobs=n_jobs)
    shown = terminal.getvalue()
    # Searches in worker threads are a part of the fits that are counted.
    assert ("4 candidates" in shown) == (n_jobs == 1)
    assert "3/3 fits" in last_lines(terminal)[-1]
    if n_jobs == 1:
        assert re.search(r"8/8 fits \S+ best \S+\s+(\x1b\[A)?\s+ {20,}", shown)


def test_the_folds_of_evaluate_are_counted(spoken):
    X, y = spoken
    with watched() as terminal:
        evaluate(
            KNeighborsClassifier(), X, y, np.repeat(["anna", "ben", "cleo"], 30), outer=3, random_split=True
        )
    assert ends_with(last_lines(terminal)[-1], 6)


def test_of_several_scores_the_one_that_is_chosen_by_is_shown(spoken):
    scoring = ["accuracy", "f1_macro"]
    with watched() as terminal:
        search = GridSearchCV(KNeighborsClassifier(), GRID, cv=2, scoring=scoring, refit="f1_macro")
        search.fit(*spoken)
    assert f"best f1_macro {search.best_score_:.3f}]" in last_lines(terminal)[0]


def test_candidates_that_failed_are_not_the_best(spoken):
    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [80, 1]}, cv=2, error_score=np.nan)
    with watched() as terminal, pytest.warns(UserWarning, match="Scoring failed|non-finite"):
        search.fit(*spoken)
    assert f"best {search.best_score_:.3f}]" in last_lines(terminal)[0]


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_ends_a_search_comes_out_and_everything_is_put_back(spoken, error, n_jobs):
    class Failing(DummyClassifier):
        def fit(self, X, y):
            raise error("enough")

    search = GridSearchCV(Failing(), {"constant": [None, 1]}, cv=2, error_score="raise", n_jobs=n_jobs)
    with (
        parallel_config(backend="threading"),
        redirect_stderr(Terminal()) as terminal,
        pytest.raises(error, match="enough"),
        search_progress(),
    ):
        search.fit(*spoken)
    assert "0/4 fits" in last_lines(terminal)[-1]
    with watched() as terminal:  # and the next one begins as ever
        search.set_params(estimator=DummyClassifier()).fit(*spoken)
    assert "4/4 fits" in last_lines(terminal)[-1]


def test_blocks_within_a_block_show_each_search_once(spoken):
    with watched() as terminal:
        with search_progress():
            cross_validate(KNeighborsClassifier(), *spoken, cv=2)
        assert Parallel.__call__ is not CALL
        cross_validate(KNeighborsClassifier(), *spoken, cv=3)
    assert [re.search(r"\d/\d fits", line)[0] for line in last_lines(terminal)] == ["2/2 fits", "3/3 fits"]


def test_a_block_shows_nothing_of_another_thread(spoken):
    with watched() as terminal:
        thread = threading.Thread(target=cross_validate, args=(KNeighborsClassifier(), *spoken))
        thread.start()
        thread.join()
    assert terminal.getvalue() == ""


def test_blocks_of_two_threads_may_end_in_any_order(spoken):
    entered, leave = threading.Event(), threading.Event()

    def stay():
        with search_progress():
            entered.set()
            assert leave.wait(20)
            cross_validate(KNeighborsClassifier(), *spoken, cv=2)

    thread = threading.Thread(target=stay)
    with redirect_stderr(Terminal()) as terminal:
        with search_progress():
            thread.start()
            assert entered.wait(20)
        leave.set()
        thread.join()
    assert "2/2 fits" in last_lines(terminal)[-1]


def test_nothing_is_shown_where_nobody_watches_unless_asked(spoken):
    with redirect_stderr(io.StringIO()) as file, search_progress():
        assert Parallel.__call__ is CALL
        cross_validate(KNeighborsClassifier(), *spoken)
    assert file.getvalue() == ""
    with redirect_stderr(file), search_progress(show=True):
        scores = cross_val_score(KNeighborsClassifier(), *spoken, cv=2)
    first, last = file.getvalue().splitlines()
    assert "0/2 fits" in first
    assert ends_with(last, 2, f"mean {scores.mean():.3f}")
    assert "\r" not in file.getvalue()


def test_nothing_is_shown_where_nobody_wants_it(spoken):
    with watched(show=False) as terminal:
        cross_validate(KNeighborsClassifier(), *spoken)
    assert terminal.getvalue() == ""
    with (
        pytest.raises(ValueError, match="show must be True, False or 'auto'; got 'yes'"),
        search_progress(show="yes"),
    ):
        pass


def test_a_screen_that_is_gone_does_not_end_the_search(spoken):
    def close_the_screen(estimator, X, y):
        terminal.close()
        return get_scorer("accuracy")(estimator, X, y)

    with watched() as terminal:
        found = cross_validate(KNeighborsClassifier(), *spoken, cv=3, scoring=close_the_screen)
    assert np.isfinite(found["test_score"]).all()


def test_fitted_estimators_are_not_kept_until_the_last_fit_is_done(spoken):
    alive, most = weakref.WeakSet(), []

    class Counted(DummyClassifier):
        def fit(self, X, y):
            most.append(len(alive))
            alive.add(self)
            return super().fit(X, y)

        __hash__ = object.__hash__

    with watched():
        cross_val_score(Counted(), *spoken, cv=6)
    assert max(most) <= 1
