"""The command line: the main job, its use and its report, by nothing but the public library."""

import argparse
import csv
import json
import sys
from pathlib import Path

from sklearn_ser.exceptions import SerError

GRID = {
    "cnn__pooling": ["average", "max"],
    "cnn__stride": [1, 2],
    "cnn__activation": ["relu", "leaky_relu"],
}
SYNTHETIC_EPOCHS = 10  # enough there, and the first run is over in minutes
LOADERS = ["ravdess", "tess", "savee", "emodb", "crema_d", "table"]


def main(arguments=None):
    """Run ``sklearn-ser`` and return its exit status: 0, or 2 where the user has something to mend."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (SerError, OSError) as error:
        print(f"sklearn-ser: {error}", file=sys.stderr)
        return 2
    return 0


def _at_least(minimum):
    """Make the type of an option that is a whole number of ``minimum`` or more."""

    def number(text):
        if int(text) < minimum:
            raise argparse.ArgumentTypeError(f"must be {minimum} or more; got {text}")
        return int(text)

    return number


def _parser():
    parser = argparse.ArgumentParser(
        prog="sklearn-ser", description="Emotions from speech, scored on voices the model has never heard."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    tune = commands.add_parser(
        "tune",
        help="search the best CNN on speakers it has never heard, and save it",
        description="Search pooling, stride and activation of a CNN over MFCC frames, score each candidate "
        "on speakers that it was not trained on, and save the best one, trained on all recordings.",
    )
    tune.add_argument("path", nargs="?", type=Path, help="folder of the corpus, or the CSV file of a table")
    tune.add_argument(
        "--corpus",
        choices=["synthetic", *LOADERS],
        default="synthetic",
        help="what PATH holds (default: %(default)s, which needs no PATH); table is a CSV file with the "
        "columns file, emotion and speaker",
    )
    tune.add_argument("--output", type=Path, default=Path("emotions.joblib"), help="default: %(default)s")
    tune.add_argument(
        "--folds",
        type=_at_least(2),
        default=4,
        help="parts the speakers are divided into (default: %(default)s)",
    )
    tune.add_argument(
        "--epochs",
        type=_at_least(1),
        help="passes over the recordings (default: the classifier's own, 10 for the synthetic corpus)",
    )
    tune.add_argument("--jobs", type=_at_least(1), default=2, help="processes at work (default: %(default)s)")
    tune.add_argument("--random-state", type=_at_least(0), default=0, help="default: %(default)s")
    tune.add_argument(
        "--memory",
        type=Path,
        metavar="FOLDER",
        help="keep features and trained networks there: the same command goes on where it was stopped",
    )
    tune.set_defaults(run=_tune)

    predict = commands.add_parser(
        "predict",
        help="label recordings with a saved model",
        description="Label recordings with a model that tune or joblib.dump saved. Loading a model runs code "
        "from its file: load only models that you trust.",
    )
    predict.add_argument("model", type=Path, help="file that tune saved")
    predict.add_argument("files", nargs="+", metavar="FILE", help="recordings, of any sample rate")
    predict.add_argument(
        "--format", choices=["table", "json", "csv"], default="table", help="default: %(default)s"
    )
    predict.set_defaults(run=_predict)

    report = commands.add_parser(
        "report",
        help="make one HTML page of a result",
        description="Make one HTML page of the result of an evaluation, with figures, tables and intervals, "
        "that loads nothing and can be sent, archived and printed. It needs matplotlib.",
    )
    report.add_argument("result", type=Path, help="file that EvaluationResult.to_json wrote")
    report.add_argument(
        "-o", "--output", type=Path, metavar="PAGE", help="default: RESULT with the ending .html"
    )
    report.add_argument(
        "--robustness", type=Path, metavar="FILE", help="file that RobustnessResult.to_json wrote"
    )
    report.add_argument("--audit", type=Path, metavar="FILE", help="file that CVAudit.to_json wrote")
    report.add_argument("--recording", type=Path, metavar="FILE", help="audio file to show as an example")
    report.add_argument("--title", default="Evaluation", help="heading of the page (default: %(default)s)")
    report.set_defaults(run=_report)
    return parser


def _tune(options):
    from contextlib import nullcontext
    from tempfile import TemporaryDirectory

    import joblib
    from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
    from sklearn.pipeline import Pipeline

    from sklearn_ser import CNNEmotionClassifier, MFCCTransformer, search_progress

    _check_output(options.output)
    corpus = _load(options)
    n_speakers = len(set(corpus.groups))
    n_folds = min(options.folds, n_speakers)
    if n_folds < 2:
        raise SerError(f"Scores on unheard speakers need at least 2 speakers; the corpus has {n_speakers}.")
    if len(corpus.target_names) < 2:
        raise SerError(f"There must be at least 2 emotions to tell apart; got {corpus.target_names!r}.")
    _check_emotions(corpus)
    # Made now, so that a folder that cannot be written to is known before the search.
    unfinished = options.output.with_name(f"{options.output.name}.unfinished")
    unfinished.touch()
    cnn = CNNEmotionClassifier(random_state=options.random_state, memory=options.memory)
    if options.corpus == "synthetic":
        # It is there to see it work, and another network would take as long again.
        cnn.set_params(epochs=SYNTHETIC_EPOCHS, n_networks=1)
    if options.epochs:
        cnn.set_params(epochs=options.epochs)
    search = GridSearchCV(
        Pipeline([("mfcc", MFCCTransformer()), ("cnn", cnn)]),
        GRID,
        cv=StratifiedGroupKFold(n_folds),
        scoring="balanced_accuracy",
        n_jobs=options.jobs,
        error_score="raise",
    )
    print(
        f"{len(corpus.data)} recordings, {n_speakers} speakers, {len(corpus.target_names)} emotions "
        f"({', '.join(corpus.target_names)}); {n_folds} folds, no speaker in two of them."
    )
    try:
        with nullcontext(options.memory) if options.memory else TemporaryDirectory() as folder:
            search.estimator.set_params(mfcc__memory=folder)
            with search_progress():
                search.fit(corpus.data, corpus.target, groups=corpus.groups)
        _print_candidates(search)
        joblib.dump(search.best_estimator_.set_params(mfcc__memory=None, cnn__memory=None), unfinished)
        unfinished.replace(options.output)
    finally:
        unfinished.unlink(missing_ok=True)
    print(f"Saved {options.output}. Label a recording: sklearn-ser predict {options.output} FILE")


def _check_output(path):
    """Refuse, before any work, a file that could not be written."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"The folder of --output {str(path)!r} does not exist.")
    if path.is_dir():
        raise IsADirectoryError(f"--output must name a file; {str(path)!r} is a folder.")


def _load(options):
    from sklearn_ser import datasets

    if options.corpus == "synthetic":
        if options.path is not None:
            raise SerError(
                f"--corpus says what {str(options.path)!r} holds; the synthetic corpus needs no PATH."
            )
        return datasets.make_emotional_speech(n_repetitions=1, random_state=options.random_state)
    if options.path is None:
        raise SerError(f"--corpus {options.corpus} needs the PATH of its recordings.")
    return getattr(datasets, f"load_{options.corpus}")(options.path)


def _check_emotions(corpus):
    """Refuse an emotion of one speaker alone, which would be missing where that speaker is not trained on."""
    for emotion in corpus.target_names:
        speakers = sorted(set(corpus.groups[corpus.target == emotion]))
        if len(speakers) < 2:
            raise SerError(
                f"Scores on unheard speakers need every emotion from at least 2 speakers; {emotion!r} has "
                f"{speakers[0]!r} alone."
            )


def _print_candidates(search):
    """Print a row for each candidate, best first, and what the best one scored on unheard speakers."""
    from rich.console import Console
    from rich.table import Table

    results = search.cv_results_
    table = Table("rank", *(name.removeprefix("cnn__") for name in GRID), "balanced accuracy", "s a fit")
    for index in sorted(range(len(results["params"])), key=lambda k: -results["mean_test_score"][k]):
        table.add_row(
            str(results["rank_test_score"][index]),
            *(str(results["params"][index][name]) for name in GRID),
            f"{results['mean_test_score'][index]:.3f} ± {results['std_test_score'][index]:.3f}",
            f"{results['mean_fit_time'][index]:.1f}",
        )
    Console().print(table)
    best = search.best_index_
    folds = [results[f"split{k}_test_score"][best] for k in range(search.n_splits_)]
    chance = 1 / len(search.classes_)
    print(
        f"Best on unheard speakers: {search.best_score_:.3f} balanced accuracy ± "
        f"{results['std_test_score'][best]:.3f} over {search.n_splits_} folds "
        f"({', '.join(f'{score:.3f}' for score in folds)}); chance is {chance:.3f}. The best of "
        f"{len(results['params'])} candidates flatters itself a little: score it once more on other speakers."
    )


def _predict(options):
    model = _load_model(options.model)
    try:
        probabilities = model.predict_proba(options.files)
    except SerError:  # it says what is wrong with a recording
        raise
    except ValueError as error:
        raise SerError(
            f"The model of {str(options.model)!r} cannot label recordings: {_one_line(error)}"
        ) from error
    emotions = [str(emotion) for emotion in model.classes_]
    rows = [
        {"file": file, "emotion": emotions[row.argmax()], "probability": float(row.max())}
        | {f"p_{emotion}": float(value) for emotion, value in zip(emotions, row, strict=True)}
        for file, row in zip(options.files, probabilities, strict=True)
    ]
    {"table": _print_table, "json": _print_json, "csv": _print_csv}[options.format](rows)


def _load_model(path):
    import joblib

    if not path.is_file():
        raise FileNotFoundError(f"There is no model at {str(path)!r}.")
    try:
        model = joblib.load(path)
    except Exception as error:  # bytes that are no pickle may lead to any error
        raise SerError(
            f"{str(path)!r} must be a model that tune or joblib.dump saved with the versions installed here; "
            f"loading it gave {_one_line(error)}"
        ) from error
    if not hasattr(model, "predict_proba"):
        raise SerError(
            f"{str(path)!r} must hold a classifier with probabilities; it holds a {type(model).__name__}."
        )
    return model


def _report(options):
    from sklearn_ser import CVAudit, EvaluationResult, RobustnessResult, write_report

    sources = {"result": options.result, "robustness": options.robustness, "audit": options.audit}
    for source in filter(None, sources.values()):
        if not source.is_file():
            raise FileNotFoundError(f"There is no result at {str(source)!r}.")
    output = options.output or options.result.with_suffix(".html")
    _check_output(output)
    for source in filter(None, [*sources.values(), options.recording]):
        if output.exists() and source.exists() and output.samefile(source):
            raise SerError(f"--output {str(output)!r} would take the place of what it is made from.")
    classes = (EvaluationResult, RobustnessResult, CVAudit)
    try:
        read = {
            name: None if source is None else kind.from_json(source)
            for (name, source), kind in zip(sources.items(), classes, strict=True)
        }
        write_report(**read, path=output, recording=options.recording, title=options.title)
    except (ImportError, ValueError) as error:  # without matplotlib, or of what a file holds
        raise SerError(" ".join(str(error).split())) from error
    print(f"Wrote {output}.")


def _one_line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())


def _print_table(rows):
    of_file, of_emotion = (max(len(row[name]) for row in rows) for name in ("file", "emotion"))
    for row in rows:
        print(f"{row['file']:<{of_file}}  {row['emotion']:<{of_emotion}}  {row['probability']:.2f}")


def _print_json(rows):
    print(json.dumps(rows, indent=2))


def _print_csv(rows):
    writer = csv.DictWriter(sys.stdout, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
