"""A progress bar for those who wait for long."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from joblib import Parallel, delayed

from sklearn_ser.features import MFCCTransformer, _progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def watched(monkeypatch):
    """Give what a terminal shows of a call, work counting as long from its first moment."""
    monkeypatch.setattr(_progress, "_SECONDS", 0)

    def watched(work, *arguments, terminal=None):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", terminal or Terminal())
            work(*arguments)
            return sys.stderr.getvalue()

    return watched


@pytest.fixture
def waveforms(rng):
    return [0.1 * rng.normal(size=4000) for _ in range(100)]


def shown_in_a_worker(waveforms):
    sys.stderr = Terminal()
    _progress._SECONDS = 0
    MFCCTransformer().transform(waveforms)
    return sys.stderr.getvalue()


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_long_work_shows_how_many_recordings_are_done_and_leaves_nothing(watched, waveforms, n_jobs):
    shown = watched(MFCCTransformer(n_jobs=n_jobs).transform, waveforms)
    assert "0/100" in shown
    assert "recording" in shown
    assert shown.rstrip("\r").split("\r")[-1].strip() == ""  # the bar was wiped


def test_short_work_shows_nothing(watched, waveforms, monkeypatch):
    monkeypatch.setattr(_progress, "_SECONDS", 60)
    assert watched(MFCCTransformer().transform, waveforms) == ""


def test_nothing_is_shown_where_nobody_wants_or_watches_it(watched, waveforms):
    assert watched(MFCCTransformer(verbose=0).transform, waveforms) == ""
    assert watched(MFCCTransformer().transform, waveforms, terminal=io.StringIO()) == ""
    with ThreadPoolExecutor(1) as pool:
        assert watched(lambda: pool.submit(MFCCTransformer().transform, waveforms).result()) == ""


def test_worker_processes_show_nothing(waveforms):
    shown = Parallel(2)(delayed(shown_in_a_worker)(waveforms) for _ in range(2))
    assert shown == ["", ""]
