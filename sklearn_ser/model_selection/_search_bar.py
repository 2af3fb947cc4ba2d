"""The bar of one search: what there is to do, what is done, and what came of it."""

import math
import sys
import threading
from collections import deque
from contextlib import suppress

import numpy as np

SECONDS = 0.2  # between looks at how far it is
_FORMAT = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} fits [{elapsed}<{remaining}{postfix}]"
_FITS = ("_fit_and_score", "_fit_and_predict")  # what scikit-learn, and evaluate, do once for each fit


class Work:
    """What the first task of a call tells of all of them.

    Parameters
    ----------
    function : str
        Name of what each task calls.
    keywords : dict
        What the first one calls it with.
    n_tasks : int or None
        How many they are; None where a search tells.
    """

    def __init__(self, function, keywords, n_tasks):
        self.search = keywords.get("caller")
        self.n_candidates, self.n_splits = None, None
        if n_tasks is None:
            self.n_candidates, self.n_splits = (
                keywords[f"{what}_progress"][1] for what in ("candidate", "split")
            )
            n_tasks = self.n_candidates * self.n_splits
        self.n_tasks = n_tasks
        # Those of a learning curve are not of one kind, and have no mean.
        self.is_mean = function == "_fit_and_score" and "return_estimator" in keywords

    @property
    def may_come_back(self):
        """Whether the search may have more to do than is known."""
        return self.search is not None and type(self.search).__module__.partition(".")[0] != "sklearn"

    @property
    def n_expected(self):
        """Fits of this call and of all that follow it in the same search."""
        n_candidates, total = self.n_candidates, self.n_tasks
        for _ in range(self.iterations[1] - self.iterations[0]):
            n_candidates = math.ceil(n_candidates / self.search.factor)
            total += n_candidates * self.n_splits
        return total

    @property
    def iterations(self):
        """Number of the iteration of a halving search, and of how many; else 1 and 1."""
        search = self.search
        if not (hasattr(search, "n_candidates_") and hasattr(search, "min_resources_")):
            return 1, 1
        # As scikit-learn counts them; it tells by `n_iterations_` when all is over.
        n_iterations = 1 + math.floor(math.log(search.n_candidates_[0], search.factor))
        if not search.aggressive_elimination:
            n_possible = math.floor(math.log(search.max_resources_ // search.min_resources_, search.factor))
            n_iterations = min(n_iterations, 1 + n_possible)
        return len(search.n_candidates_), n_iterations

    @property
    def words(self):
        """What there is to do, before the bar."""
        if self.n_candidates is None:
            return "cross-validation"
        iteration, n_iterations = self.iterations
        if n_iterations > 1:  # in few words, for the best score should be seen on a screen of 80 columns
            return f"iteration {iteration}/{n_iterations}, {self.n_candidates} × {self.n_splits} folds"  # noqa: RUF001 - a multiplication sign
        candidates = f"{self.n_candidates} candidate{'s' if self.n_candidates > 1 else ''}"
        return f"{candidates} × {self.n_splits} folds"  # noqa: RUF001 - a multiplication sign


def look_at(iterable):
    """Give the tasks, and what they are about; None if they are no fits."""
    tasks = iter(iterable)
    first = next(tasks, None)
    if first is None:
        return [], None
    function, _, keywords = first
    name = getattr(getattr(function, "function", function), "__name__", None)
    if name not in _FITS:
        return _handed_out(deque([first]), tasks), None
    if "candidate_progress" in keywords:
        return _handed_out(deque([first]), tasks), Work(name, keywords, None)
    known = deque([first, *tasks])  # folds are few, and nothing tells how many
    return _handed_out(known, ()), Work(name, keywords, len(known))


def _handed_out(known, others):
    """Give tasks one by one, and keep none: with each goes an estimator, which is fitted later."""
    while known:
        yield known.popleft()
    yield from others


class Bar:
    """The bar of one search."""

    def __init__(self, work, depth, is_watched):
        from tqdm.auto import tqdm

        self.search = work.search
        self.n_fits = work.n_expected
        self._n_counted = self._n_seen = 0
        self._lock = threading.Lock()
        self._is_broken = False
        self._scores, self._note = Scores(work), ""
        self._bar = tqdm(
            desc=work.words,
            total=self.n_fits,
            file=sys.stderr if is_watched else _Lines(sys.stderr),
            bar_format=_FORMAT,
            leave=depth == 0,
            dynamic_ncols=True,
            miniters=1,
            mininterval=SECONDS / 2,
            smoothing=0,  # fits of several processes end in bursts
        )

    @property
    def n_done(self):
        """Fits that are done."""
        # The count is ahead where results wait for those before them. It is behind for a moment at the end:
        # joblib gives a result away before it counts it, in another thread.
        return max(self._n_counted, self._n_seen)

    def go_on(self, work):
        """Take up the next call of the same search."""
        with self._lock:
            self.n_fits = self.n_done + work.n_expected
            if work.iterations[1] > 1:
                self._scores, self._note = Scores(work), ""
            self._bar.set_description_str(work.words, refresh=False)
            self._bar.total = self.n_fits

    def run(self, call, parallel, tasks):
        """Run the tasks of one call; count them as they end, and look at the results as they come."""
        before = self.n_done
        print_progress = parallel.print_progress

        def count():
            self._n_counted = before + parallel.n_completed_tasks
            print_progress()

        results, coming = [], None
        # joblib asks this method after each task; with a generator it hands each result over as soon as
        # those before it are there, and otherwise does the same as without.
        parallel.print_progress, parallel.return_generator = count, True
        try:
            coming = call(parallel, tasks)
            for result in coming:
                results.append(result)
                self._n_seen = before + len(results)
                self._note = self._scores.add(result)
        finally:
            parallel.return_generator = False
            del parallel.print_progress
            if hasattr(coming, "close"):
                coming.close()  # of a block that was interrupted between two results
        return results

    def draw(self):
        """Show how far it is."""
        with self._lock:
            if self._is_broken:
                return
            try:
                self._bar.set_postfix_str(self._note, refresh=False)
                if not self._bar.update(self.n_done - self._bar.n):
                    self._bar.refresh()
            except Exception:  # a screen that is gone must not end a search
                self._is_broken = True

    def close(self):
        """Draw it for the last time, and leave it."""
        self.draw()
        with self._lock, suppress(Exception):
            self._is_broken = True
            self._bar.close()


class _Lines:
    """A file that has each state of a bar on a line of its own, where nothing can be drawn over."""

    def __init__(self, file):
        self._file = file
        self._last = None

    def write(self, text):
        text = text.strip()
        if "fits" in text and text != self._last:
            self._file.write(text + "\n")
            self._last = text

    def flush(self):
        self._file.flush()


class Scores:
    """The best mean score so far, or the mean of a cross-validation."""

    def __init__(self, work):
        self._work = work
        self._scores, self._best = [], -math.inf
        self._metric = getattr(work.search, "refit", None)

    def add(self, result):
        """Take the next result, in the order of the tasks, and say what is known now."""
        work = self._work
        if not isinstance(result, dict) or not (work.n_candidates or work.is_mean):
            return ""
        name, score = self._score_of(result.get("test_scores"))
        self._scores.append(score)
        if work.is_mean:
            return f"mean {name}{np.mean(self._scores):.3f}"
        if len(self._scores) == work.n_splits:
            mean = np.mean(self._scores)
            self._best = max(self._best, mean if np.isfinite(mean) else -math.inf)
            self._scores = []
        return f"best {name}{self._best:.3f}" if np.isfinite(self._best) else ""

    def _score_of(self, scores):
        """Give the score that the search chooses by, or the first of several, with its name."""
        if not isinstance(scores, dict):
            return "", float(scores)
        if not scores:
            return "", math.nan
        name = (
            self._metric if isinstance(self._metric, str) and self._metric in scores else next(iter(scores))
        )
        return ("" if len(scores) == 1 else f"{name} "), float(scores[name])
