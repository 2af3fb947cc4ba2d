"""How far a search is, what it has found, and how long it will take."""

import os
import threading
from contextlib import contextmanager
from functools import wraps

from sklearn.utils.parallel import Parallel

from sklearn_ser.features._progress import is_watched

from ._search_bar import SECONDS, Bar, look_at

_LOG_SECONDS = 30  # between looks where nobody watches, and each of them is another line in a log

_lock = threading.Lock()
_watchers: list = []  # of all threads, the innermost context last
_original_call = None


@contextmanager
def search_progress(*, show="auto"):
    """Show how far the searches within the block are.

    Each search has a bar: fits done of all of them, candidates times folds; the time taken and the time
    left; and the best mean score of the candidates whose folds are all scored. A cross-validation has the
    mean score of its folds. A search within another one, as in nested cross-validation, has its bar below.

    Parameters
    ----------
    show : {"auto"} or bool, default="auto"
        ``"auto"`` shows bars where somebody watches, on a terminal or in a notebook; True also where the
        standard error goes to a file, one line every 30 s; False never.

    Yields
    ------
    None
        As this is a context manager, for ``with``. Blocks may lie within each other; each search has one bar.

    Raises
    ------
    ValueError
        ``show`` is something else.

    See Also
    --------
    sklearn.callback.ProgressBar : Scikit-learn's own, for one search that it is registered with, and without
        scores. It shows the steps within each fit of estimators that tell of them.

    Notes
    -----
    All that fits through :class:`sklearn.utils.parallel.Parallel` is followed: ``GridSearchCV``,
    ``RandomizedSearchCV``, halving searches, ``cross_validate``, ``cross_val_score``, ``cross_val_predict``,
    learning and validation curves, :func:`~sklearn_ser.evaluation.evaluate`, and searches of other libraries
    that derive from scikit-learn's. For the time of the block that class is made to report, whatever joblib
    backend it runs on; what it computes, and in what order, is untouched. Only what the thread that opened
    the block starts is shown: searches in worker threads and processes are part of a fit.

    Scores come back in the order of the candidates, so that with ``n_jobs`` above 1 the best one may be some
    fits behind. The best of a halving search is that of the current iteration. The time left takes all fits
    for equal: it is too short where the first ones were loaded from ``memory``, and in a halving search,
    whose last fits have the most recordings. What a search does after its last fit, refitting, is not in it.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.model_selection import GridSearchCV
    >>> from sklearn_ser import search_progress
    >>> X, y = make_classification(random_state=0)
    >>> with search_progress():
    ...     search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}).fit(X, y)
    """
    if not (isinstance(show, bool) or show == "auto"):
        raise ValueError(f"show must be True, False or 'auto'; got {show!r}.")
    watched = is_watched()
    if not show or (show == "auto" and not watched):
        yield
        return
    watcher = _Watcher(watched)
    _begin(watcher)
    try:
        yield
    finally:
        _end(watcher)
        watcher.close()


def _begin(watcher):
    global _original_call
    with _lock:
        if not _watchers:
            _original_call = Parallel.__call__
            Parallel.__call__ = _reporting(_original_call)
        _watchers.append(watcher)


def _end(watcher):
    global _original_call
    with _lock:
        _watchers.remove(watcher)
        if not _watchers:
            Parallel.__call__ = _original_call
            _original_call = None


def _reporting(call):
    """Make ``Parallel.__call__`` tell the context that it runs in, if there is one."""

    @wraps(call)
    def reporting_call(parallel, iterable):
        here = os.getpid(), threading.get_ident()
        with _lock:
            watcher = next((one for one in reversed(_watchers) if one.place == here), None)
        # Who asks for a generator looks at the results as they come, in a way of their own.
        if watcher is None or getattr(parallel, "return_generator", True):
            return call(parallel, iterable)
        return watcher.follow(call, parallel, iterable)

    return reporting_call


class _Watcher:
    """Follows the calls of one thread, within one block."""

    def __init__(self, is_watched):
        self.place = os.getpid(), threading.get_ident()
        self._is_watched = is_watched
        self._bars = []  # one for each search that is under way, the outermost first
        self._depth = 0
        self._stopped = threading.Event()
        self._ticker = None

    def follow(self, call, parallel, iterable):
        """Do what ``call`` does, and show how far it is."""
        tasks, work = look_at(iterable)
        if work is None:
            return call(parallel, tasks)
        depth = self._depth
        bar = self._bar_of(work, depth)
        self._depth += 1
        is_over = True
        try:
            results = bar.run(call, parallel, tasks)
            is_over = bar.n_done >= bar.n_fits and not work.may_come_back
        finally:
            self._depth -= 1
            # A halving search comes back for its next iteration, until all that is expected is done; of those
            # of other libraries nobody knows how often they do.
            self._close(depth if is_over else depth + 1)
        return results

    def close(self):
        """Leave the bars as they are."""
        self._close(0)
        self._stopped.set()
        if self._ticker is not None:
            self._ticker.join()

    def _bar_of(self, work, depth):
        if len(self._bars) > depth and work.search is not None and self._bars[depth].search is work.search:
            self._close(depth + 1)
            self._bars[depth].go_on(work)
            return self._bars[depth]
        self._close(depth)
        bar = Bar(work, depth, self._is_watched)
        self._bars.append(bar)
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, name="search_progress", daemon=True)
            self._ticker.start()
        return bar

    def _close(self, depth):
        for bar in reversed(self._bars[depth:]):
            bar.close()
        del self._bars[depth:]

    def _tick(self):
        # The only one who draws while fits go on: joblib's threads, which count, must not wait for a screen.
        while not self._stopped.wait(SECONDS if self._is_watched else _LOG_SECONDS):
            for bar in list(self._bars):
                bar.draw()
