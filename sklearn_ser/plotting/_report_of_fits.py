"""What a report says of how it came about: trainings, searches, and a recording of those that were heard."""

from pathlib import Path

import numpy as np

from sklearn_ser.features import LogMelTransformer

from ._features_display import FeaturesDisplay
from ._inline_svg import inline_svg, page_style, tidy_names
from ._kept_searches import together
from ._report_page import figure, paragraph, table
from ._search_points import metric_of, short_names, varied_of
from ._search_results_display import SearchResultsDisplay
from ._training_history_display import TrainingHistoryDisplay

_MEASURES = ("loss", "accuracy", "val_loss", "val_accuracy")
_MAX_FIGURES = 6  # of searches, one for each parameter
_MAX_CANDIDATES = 50


def section_of_trainings(result):
    """Show the loss and accuracy of each epoch, where fits have left them."""
    if result.histories is None:
        return None
    trainings = [
        (str(state), str(fold), history)
        for state, of_run in zip(result.random_states, result.histories, strict=True)
        for fold, history in enumerate(of_run)
        if history is not None
    ]
    drawn = [
        history for *_, history in trainings if all(len(history.get(name, ())) for name in _MEASURES[:2])
    ]
    has_validation = bool(drawn) and all(
        len(history.get(name, ())) for history in drawn for name in _MEASURES[2:]
    )
    shown = [name for name in _MEASURES if has_validation or not name.startswith("val_")]
    content = []
    if drawn:
        of_what = "the only training" if len(drawn) == 1 else f"{len(drawn)} trainings"
        with page_style("trainings") as ax:
            whole = ax.figure
            ax.remove()
            whole.set_size_inches(7.4, 3.2)
            TrainingHistoryDisplay([{name: history[name] for name in shown} for history in drawn]).plot(
                whole.subplots(ncols=2)
            )
            svg = inline_svg(whole, "trainings", f"Loss and accuracy of {of_what}, epoch by epoch.")
        several = " Thin lines are trainings, the thick one is their mean, as far as the shortest."
        content.append(
            figure(
                svg,
                f"Loss and accuracy of {of_what}, one for each fold and random state of the evaluation."
                f"{several if len(drawn) > 1 else ''}",
            )
        )
    rows = [
        (
            f"{fold}" if len(result.random_states) == 1 else f"{fold}, random_state {state}",
            max(map(len, history.values()), default=0),
            *(history[name][-1] if history.get(name) else None for name in shown),
        )
        for state, fold, history in trainings
    ]
    titles = ["fold", "epochs", *(name.replace("val_", "validation ") for name in shown)]
    content.append(table("Trainings, with the values of the last epoch", titles, rows))
    return "trainings", "Trainings", "\n".join(content)


def section_of_searches(result):
    """Show what searches have tried, where there are any."""
    if result.searches is None:
        return None
    search = together(result)
    candidates = search.cv_results_["params"]
    metric, varied = metric_of(search), varied_of(candidates)
    searches = "the search" if search.n_searches == 1 else f"{search.n_searches} searches"
    figures = []
    for number, params in enumerate([varied] if len(varied) in (1, 2) else varied[:_MAX_FIGURES]):
        short = " and ".join(short_names([params] if isinstance(params, str) else params))
        key, label = f"search-{number}", f"Scores of what {searches} tried, by {short}."
        with page_style(key) as ax:
            ax.figure.set_size_inches(5.2, 3.6)
            SearchResultsDisplay._of_points(search, params, metric=metric).plot(ax)
            for axis in (ax.xaxis, ax.yaxis):
                if axis.get_scale() == "log":  # whose labels are formulas otherwise, and stay so on a page
                    axis.set_major_formatter(lambda value, _: f"{value:g}")
                    axis.set_minor_formatter("")
                tidy_names(axis)
            svg = inline_svg(ax.figure, key, label)
        figures.append(figure(svg, f"By {short}. Bars and ± are deviations over folds."))
    means, spreads = (search.cv_results_[f"{kind}_test_{metric}"] for kind in ("mean", "std"))
    order = np.argsort(np.where(np.isnan(means), np.inf, -means), kind="stable")
    rows = [
        (_in_words(candidates[row], varied), means[row], spreads[row], int(search.n_chosen[row]))
        for row in order[:_MAX_CANDIDATES]
    ]
    caption = "What was tried, the best first"
    if len(order) > _MAX_CANDIDATES:
        caption = f"The best {_MAX_CANDIDATES} of {len(order)} that were tried"
    told = (
        f"Scores within the training parts, means over {searches}: one for each fold and random state "
        "of the evaluation. What is chosen by such scores is not worth as much as they say; the scores above "
        "are of recordings that have chosen nothing. The mark is at what most searches chose."
    )
    content = [
        paragraph(told),
        '<div class="figures">\n' + "\n".join(figures) + "\n</div>" if figures else "",
        table(caption, ["parameters", "score", "deviation over folds", "chosen by"], rows),
    ]
    return "searches", "What was searched", "\n".join(filter(None, content))


def _in_words(params, varied):
    wanted = [name for name in (varied or params) if name in params]
    return ", ".join(
        f"{short}={params[name]!r}" for short, name in zip(short_names(wanted), wanted, strict=True)
    )


def section_of_recording(path):
    """Show what a recording looks like, where one is given."""
    if path is None:
        return None
    name, figures = Path(path).name, []
    for key, label in (("waveform", f"Waveform of {name}."), ("log-mel", f"Log-mel spectrogram of {name}.")):
        with page_style(key) as ax:
            ax.figure.set_size_inches(6.4, 2.6)
            if key == "waveform":
                FeaturesDisplay.from_recording(path, ax=ax)
            else:
                FeaturesDisplay.from_estimator(LogMelTransformer(duration=None), [path], ax=ax)
            figures.append(figure(inline_svg(ax.figure, key, label), label))
    told = (
        f"{name}, at 16 kHz and without silence at its ends; frequencies have the spacing of the mel scale."
    )
    return "recording", "A recording", "\n".join([paragraph(told), *figures])
