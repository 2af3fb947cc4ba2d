"""The command line, run as a user runs it."""

import csv
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import joblib
import numpy as np
import pytest
from scipy.io import wavfile

from sklearn_ser import CVAudit, EvaluationResult, RobustnessResult, SplitAudit, _cli, make_emotional_speech
from sklearn_ser._cli import main
from sklearn_ser.caching import DiskCache
from sklearn_ser.exceptions import IncompleteCorpusWarning

EMOTIONS = ["angry", "calm", "sad"]
GRID = {"cnn__pooling": ["average", "max"], "cnn__filters": [4]}
INCOMPLETE = pytest.warns(IncompleteCorpusWarning, match="of 1440 published")


def make_corpus(folder, n_speakers):
    """Write twelve recordings a speaker under the names of RAVDESS."""
    return make_emotional_speech(
        n_speakers, emotions=EMOTIONS, n_intensities=1, folder=folder, random_state=0
    ).data.tolist()


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    """What a search over two small networks printed and saved."""
    folder = tmp_path_factory.mktemp("tuned")
    files = make_corpus(folder / "ravdess", n_speakers=2)
    model, printed = folder / "emotions.joblib", io.StringIO()
    arguments = ["tune", "--corpus", "ravdess", folder / "ravdess", "--output", model]
    arguments += ["--epochs", 1, "--folds", 2, "--jobs", 1, "--memory", folder / "memory"]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), INCOMPLETE:
        patch.setattr(_cli, "GRID", GRID)
        status = main([str(argument) for argument in arguments])
    memory = DiskCache(folder / "memory")
    return SimpleNamespace(
        status=status, printed=printed.getvalue(), model=str(model), files=files, memory=memory
    )


@pytest.fixture
def printed_by(capsys):
    """Run the command line and return what it wrote to standard output, having succeeded silently."""

    def run(*arguments):
        assert main([str(argument) for argument in arguments]) == 0
        output = capsys.readouterr()
        assert output.err == ""
        return output.out

    return run


@pytest.fixture
def complaint_of(capsys):
    """Run the command line and return the one line it wrote to standard error, having failed."""

    def run(*arguments):
        assert main([str(argument) for argument in arguments]) == 2
        output = capsys.readouterr()
        assert output.out == ""
        [line] = output.err.splitlines()
        assert line.startswith("sklearn-ser: ")
        return line

    return run


def test_the_saved_model_remembers_no_folder_of_the_search(tuned):
    params = joblib.load(tuned.model).get_params()
    assert params["mfcc__memory"] is None
    assert params["cnn__memory"] is None


def test_the_installed_command_is_this_one():
    [command] = entry_points(group="console_scripts", name="sklearn-ser")
    assert command.load() is main


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--help"])
    assert {"tune", "predict", "report"} <= set(capsys.readouterr().out.split())


def test_tune_keeps_the_features_of_every_recording_and_every_fit(tuned):
    n_fits = 2 * 2 + 1  # the last on all recordings
    assert tuned.memory.n_entries == len(tuned.files) + n_fits


def test_tune_says_what_it_found_and_how_it_was_divided(tuned):
    assert tuned.status == 0
    assert tuned.printed.startswith(
        "24 recordings, 2 speakers, 3 emotions (angry, calm, sad); 2 folds, no speaker in two of them."
    )


def test_tune_shows_every_candidate_with_its_score(tuned):
    rows = [line.split("│") for line in tuned.printed.splitlines() if line.startswith("│")]
    ranks, poolings, filters, scores = ([row[k].strip() for row in rows] for k in (1, 2, 3, 4))
    assert [int(rank) for rank in ranks] == sorted(int(rank) for rank in ranks)
    assert sorted(poolings) == ["average", "max"]
    assert filters == ["4", "4"]
    means = [float(score.split(" ± ")[0]) for score in scores]
    assert means == sorted(means, reverse=True)


def test_tune_ends_with_the_score_its_spread_chance_and_the_file(tuned):
    *_, score, saved = tuned.printed.splitlines()
    best = next(line.split("│")[4].strip() for line in tuned.printed.splitlines() if line.startswith("│"))
    mean, spread = best.split(" ± ")
    assert score.startswith(f"Best on unheard speakers: {mean} balanced accuracy ± {spread} over 2 folds (")
    assert "chance is 0.333" in score
    assert saved == f"Saved {tuned.model}. Label a recording: sklearn-ser predict {tuned.model} FILE"


def test_the_three_formats_of_predict_tell_the_same(tuned, printed_by):
    files = tuned.files[::5]
    table, as_json, as_csv = (
        printed_by("predict", tuned.model, *files, "--format", form) for form in ("table", "json", "csv")
    )
    told = json.loads(as_json)
    assert [row["file"] for row in told] == files
    assert list(csv.DictReader(io.StringIO(as_csv))) == [
        {name: str(value) for name, value in row.items()} for row in told
    ]
    assert [line.split() for line in table.splitlines()] == [
        [row["file"], row["emotion"], f"{row['probability']:.2f}"] for row in told
    ]


def test_predict_gives_the_most_probable_emotion_and_the_probability_of_each(tuned, printed_by):
    rows = json.loads(printed_by("predict", tuned.model, *tuned.files, "--format", "json"))
    probabilities = np.array([[row[f"p_{emotion}"] for emotion in EMOTIONS] for row in rows])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    assert [row["emotion"] for row in rows] == [EMOTIONS[k] for k in probabilities.argmax(axis=1)]
    assert [row["probability"] for row in rows] == probabilities.max(axis=1).tolist()
    assert {name for row in rows for name in row} == {
        "file",
        "emotion",
        "probability",
        *(f"p_{emotion}" for emotion in EMOTIONS),
    }


def test_a_saved_model_predicts_alike_in_another_process(tuned, printed_by):
    arguments = ["predict", tuned.model, *tuned.files[:3], "--format", "json"]
    program = "import sys; from sklearn_ser._cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == printed_by(*arguments)


def test_without_a_path_tune_makes_a_corpus_of_its_own(monkeypatch, tmp_path, printed_by):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_cli, "GRID", {"cnn__filters": [4]})
    # The corpus is the real one with 12 recordings in place of 240, which would take a quarter of a minute.
    small = partial(make_emotional_speech, 2, emotions=EMOTIONS, n_intensities=1)
    monkeypatch.setattr("sklearn_ser.datasets.make_emotional_speech", small)
    assert printed_by("tune", "--jobs", 1).startswith(
        "12 recordings, 2 speakers, 3 emotions (angry, calm, sad); 2 folds"
    )
    cnn = joblib.load("emotions.joblib")["cnn"]
    assert cnn.n_iter_ == _cli.SYNTHETIC_EPOCHS


def test_predict_asks_for_a_model_that_is_there(complaint_of):
    assert complaint_of("predict", "no.joblib", "a.wav").endswith("There is no model at 'no.joblib'.")


@pytest.mark.parametrize("content", [b"", b"RIFF\x24\x08\x00\x00WAVEfmt ", bytes(range(256))])
def test_predict_refuses_a_file_that_joblib_cannot_load(content, tmp_path, complaint_of):
    path = tmp_path / "noise.joblib"
    path.write_bytes(content)
    complaint = complaint_of("predict", path, "a.wav")
    assert f"{str(path)!r} must be a model that tune or joblib.dump saved" in complaint


def test_predict_refuses_a_file_that_holds_something_else(tmp_path, complaint_of):
    joblib.dump({"emotion": "sad"}, tmp_path / "dict.joblib")
    complaint = complaint_of("predict", tmp_path / "dict.joblib", "a.wav")
    assert complaint.endswith("must hold a classifier with probabilities; it holds a dict.")


def test_predict_refuses_a_model_that_takes_no_recordings(tuned, tmp_path, complaint_of):
    joblib.dump(joblib.load(tuned.model)["cnn"], tmp_path / "cnn.joblib")
    complaint = complaint_of("predict", tmp_path / "cnn.joblib", tuned.files[0])
    assert "cannot label recordings: ValueError: " in complaint


def test_predict_names_every_recording_that_is_missing(tuned, complaint_of):
    complaint = complaint_of("predict", tuned.model, tuned.files[0], "lost.wav", "gone.wav")
    assert "2 of 3 recordings cannot be used" in complaint
    assert "'lost.wav'" in complaint
    assert "'gone.wav'" in complaint


def test_predict_names_a_file_that_is_no_audio(tuned, complaint_of):
    complaint = complaint_of("predict", tuned.model, tuned.model)
    assert f"Recording 0: {tuned.model!r} cannot be decoded" in complaint


@pytest.mark.parametrize("corpus", _cli.LOADERS)
def test_tune_needs_the_path_of_a_corpus(corpus, complaint_of):
    complaint = complaint_of("tune", "--corpus", corpus)
    assert complaint.endswith(f"--corpus {corpus} needs the PATH of its recordings.")


def test_tune_takes_no_path_for_the_synthetic_corpus(tmp_path, complaint_of):
    complaint = complaint_of("tune", tmp_path)
    assert complaint.endswith(
        f"--corpus says what {str(tmp_path)!r} holds; the synthetic corpus needs no PATH."
    )


@pytest.mark.parametrize("corpus", _cli.LOADERS)
def test_tune_names_a_path_that_is_not_there(corpus, tmp_path, complaint_of):
    path = tmp_path / "nowhere"
    assert repr(str(path)) in complaint_of("tune", "--corpus", corpus, path)


@pytest.mark.parametrize(
    ("output", "fault"),
    [("nowhere/emotions.joblib", "does not exist"), (".", "must name a file")],
)
def test_tune_says_before_any_work_that_it_could_not_save(output, fault, tmp_path, complaint_of):
    # The corpus does not exist either: this complaint comes before anything is looked at.
    complaint = complaint_of("tune", "--corpus", "ravdess", "lost", "--output", tmp_path / output)
    assert fault in complaint
    assert repr(str(tmp_path / output)) in complaint


def test_tune_needs_two_speakers(tmp_path, complaint_of):
    make_corpus(tmp_path / "ravdess", n_speakers=1)
    with INCOMPLETE:
        complaint = complaint_of("tune", "--corpus", "ravdess", tmp_path / "ravdess")
    assert complaint.endswith("need at least 2 speakers; the corpus has 1.")


def test_tune_needs_two_emotions(tmp_path, complaint_of):
    rows = ["file,emotion,speaker", "a.wav,sad,anna", "b.wav,sad,ben"]
    Path(tmp_path, "table.csv").write_text("\n".join(rows))
    for name in ("a.wav", "b.wav"):
        Path(tmp_path, name).touch()
    complaint = complaint_of("tune", "--corpus", "table", tmp_path / "table.csv")
    assert complaint.endswith("There must be at least 2 emotions to tell apart; got ['sad'].")


@pytest.mark.parametrize(
    ("option", "value"), [("folds", 1), ("epochs", 0), ("jobs", 0), ("random-state", -1)]
)
def test_tune_refuses_a_number_out_of_range(option, value, capsys):
    with pytest.raises(SystemExit, match=r"^2$"):
        main(["tune", f"--{option}", str(value)])
    assert f"--{option}: must be {value + 1} or more; got {value}" in capsys.readouterr().err


@pytest.fixture
def written(tmp_path):
    """Files of a result, of its robustness and of an audit."""
    emotions, truth = np.array(["angry", "sad"]), np.array(["angry", "sad"] * 6)
    speakers, predictions = np.repeat(["anna", "ben", "cleo"], 4), np.array([truth, truth[::-1]])
    known = {"emotions": emotions, "truth": truth, "speakers": speakers}
    folds = np.repeat([0, 1, 2], 4)
    results = {
        "result": EvaluationResult(
            **known, recordings=np.arange(12), folds=folds, predictions=predictions[:1]
        ),
        "robustness": RobustnessResult(
            **known,
            degradations=["clean", "noise"],
            strengths=[None, 10.0],
            units=["", "dB"],
            predictions=predictions,
        ),
        "audit": CVAudit((SplitAudit(n_train=8, n_test=4, n_neither=0, findings=(), unknown={}),) * 3),
    }
    for name, result in results.items():
        result.to_json(tmp_path / f"{name}.json")
    return tmp_path


def test_report_makes_a_page_beside_the_result(written, printed_by):
    page = written / "result.html"
    assert printed_by("report", written / "result.json") == f"Wrote {page}.\n"
    assert "<h1>Evaluation</h1>" in page.read_text()
    files = sorted(file.name for file in written.iterdir())
    assert files == ["audit.json", "result.html", "result.json", "robustness.json"]


def test_report_takes_all_that_belongs_to_the_page(written, printed_by):
    page = written / "other.htm"
    page.write_text("old")
    options = ["-o", page, "--title", "A & B"]
    for name in ("robustness", "audit"):
        options += [f"--{name}", written / f"{name}.json"]
    assert printed_by("report", written / "result.json", *options) == f"Wrote {page}.\n"
    text = page.read_text()
    assert "<h1>A &amp; B</h1>" in text
    assert "Worse recordings" in text
    assert "Audit of the splits" in text


def test_report_shows_a_recording_and_never_takes_its_place(written, printed_by, complaint_of):
    recording = written / "spoken.wav"
    wavfile.write(recording, 16_000, np.random.default_rng(0).normal(0, 0.1, 8_000).astype(np.float32))
    before = recording.read_bytes()
    printed_by("report", written / "result.json", "--recording", recording)
    assert "Waveform of spoken.wav." in (written / "result.html").read_text()
    options = ["report", written / "result.json", "--recording"]
    assert "take the place of what it is made from" in complaint_of(*options, recording, "-o", recording)
    assert recording.read_bytes() == before
    assert "is not a file" in complaint_of(*options, written / "lost.wav")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["lost.json"], "There is no result at"),
        (["."], "There is no result at"),
        (["result.json", "--audit", "lost.json"], "There is no result at"),
        (["robustness.json"], "not written by EvaluationResult.to_json, but by RobustnessResult.to_json."),
        (
            ["result.json", "--audit", "result.json"],
            "not written by CVAudit.to_json, but by Evaluation",
        ),
        (["result.json", "--robustness", "broken.json"], "holds no robustness, for it is no JSON"),
        (["result.json", "-o", "result.json"], "would take the place of what it is made from"),
        (["result.json", "-o", "lost/page.html"], "does not exist"),
        (["result.json", "-o", "."], "must name a file"),
    ],
)
def test_report_says_what_it_cannot_use_and_leaves_all_as_it_was(
    options, message, written, monkeypatch, complaint_of
):
    (written / "broken.json").write_bytes(b"\xff{")
    monkeypatch.chdir(written)
    before = {file.name: file.read_bytes() for file in written.iterdir()}
    assert message in complaint_of("report", *options)
    assert {file.name: file.read_bytes() for file in written.iterdir()} == before


def test_report_needs_matplotlib(written, monkeypatch, complaint_of):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "write_report requires matplotlib" in complaint_of("report", written / "result.json")
