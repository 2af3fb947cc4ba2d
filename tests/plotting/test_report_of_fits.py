"""What a report says of trainings, of searches and of a recording."""

import numpy as np
import pytest
from scipy.io import wavfile
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.naive_bayes import GaussianNB

from sklearn_ser.evaluation import EvaluationResult, evaluate
from sklearn_ser.exceptions import RecordingError
from sklearn_ser.plotting import write_report
from tests.evaluation.conftest import speak
from tests.evaluation.test_left_by_fit import Trained
from tests.plotting.test_write_report import Page


@pytest.fixture(scope="module")
def spoken():
    return speak(np.random.default_rng(5), n_speakers=6)


def headings(page):
    return [one.text for one in page.all("h2")]


def labels(page):
    return [svg.attributes["aria-label"] for svg in page.all("svg")]


def test_the_trainings_of_all_folds_are_on_the_page(spoken):
    result = evaluate(Trained(), *spoken.all, outer=3, random_states=(0, 7))
    text = write_report(result)
    page = Page(text)
    assert "Trainings" in headings(page)
    assert "Loss and accuracy of 6 trainings, epoch by epoch." in labels(page)
    rows = page.table("Trainings, with the values of the last epoch")
    assert rows[0] == ["fold", "epochs", "loss", "accuracy"]
    assert rows[1] == ["0, random_state 0", "2", f"{result.histories[0][0]['loss'][-1]:.3f}", "0.500"]
    assert len(rows) == 7
    assert write_report(EvaluationResult.from_json(result.to_json())) == text


def test_a_history_of_other_things_has_a_table_and_no_figure(spoken):
    class Other(Trained):
        def fit(self, X, y):
            super().fit(X, y)
            self.history_ = {"perplexity": [3.0, 2.0]}
            return self

    page = Page(write_report(evaluate(Other(), *spoken.all, outer=2)))
    assert page.table("Trainings")[1:] == [["0", "2", "-", "-"], ["1", "2", "-", "-"]]
    assert not any("Loss" in label for label in labels(page))


@pytest.mark.parametrize(("n_varied", "n_figures"), [(0, 0), (1, 1), (2, 1), (3, 3)])
def test_what_was_searched_is_on_the_page(n_varied, n_figures, spoken):
    values = {"C": [0.001, 1.0], "fit_intercept": [True, False], "class_weight": [None, "balanced"]}
    grid = {name: both[: 1 + (k < n_varied)] for k, (name, both) in enumerate(values.items())}
    result = evaluate(GridSearchCV(LogisticRegression(), grid, cv=GroupKFold(2)), *spoken.all, outer=3)
    text = write_report(result)
    page = Page(text)
    assert "What was searched" in headings(page)
    assert (
        sum(label.startswith("Scores of what 3 searches tried, by ") for label in labels(page)) == n_figures
    )
    rows = page.table("What was tried, the best first")[1:]
    assert len(rows) == 2**n_varied
    scores = [float(row[1]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert sum(int(row[3]) for row in rows) == 3  # each search has chosen one
    if n_varied == 1:
        assert {row[0] for row in rows} == {"C=0.001", "C=1.0"}
        assert "mathdefault" not in text  # the axis is logarithmic


def test_without_fits_that_leave_anything_the_page_is_silent(spoken):
    page = Page(write_report(evaluate(GaussianNB(), *spoken.all, outer=2)))
    assert not {"Trainings", "What was searched", "A recording"} & set(headings(page))


def test_a_recording_is_shown(spoken, rng, tmp_path):
    path = tmp_path / "<spoken>.wav"
    wavfile.write(path, 16_000, rng.normal(0, 0.1, 8_000).astype(np.float32))
    result = evaluate(GaussianNB(), *spoken.all, outer=2)
    text = write_report(result, recording=path)
    page = Page(text)
    assert "A recording" in headings(page)
    wanted = ["Waveform of <spoken>.wav.", "Log-mel spectrogram of <spoken>.wav."]
    assert [label for label in labels(page) if "spoken" in label] == wanted
    assert write_report(result, recording=str(path)) == text
    assert str(tmp_path) not in text
    with pytest.raises(RecordingError, match=r"is not a file"):
        write_report(result, tmp_path / "page.html", recording=tmp_path / "lost.wav")
    assert not (tmp_path / "page.html").exists()
