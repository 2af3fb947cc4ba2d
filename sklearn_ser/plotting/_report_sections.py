"""What a report says, figure by figure and table by table."""

import numpy as np

from sklearn_ser.model_selection._traits import KINDS

from ._emotion_confusion_display import EmotionConfusionDisplay
from ._inline_svg import inline_svg, page_style, tidy_names
from ._random_split_gap_display import RandomSplitGapDisplay, words_of
from ._report_page import figure, paragraph, preformatted, table
from ._robustness_display import RobustnessDisplay
from ._scores_display import ScoresDisplay

_MAX_VALUES = 12  # of a column of metadata that has a table
_MAX_LEAKS = 50
_PARTS = ("recordings", "speakers", "balanced accuracy", "from", "to", "accuracy", "macro-F1")
_CUT = " Long names are cut here and in full in the table."


def section_of_scores(result):
    """Say all scores, in words and as a table."""
    frame = result.to_frame().drop(columns=["gap", "gap_low", "gap_high"], errors="ignore")
    frame["score"] = [words_of(name) for name in frame["score"]]
    titles = {"std": "deviation over runs", "low": "from", "high": "to", "random_split": "random split"}
    if len(result.random_states) == 1:
        frame = frame.drop(columns="std")
    content = [
        preformatted(str(result), "Summary"),
        table(
            "Scores with intervals of 95 %",
            [titles.get(name, name) for name in frame],
            frame.itertuples(index=False),
        ),
    ]
    return "scores", "Scores", "\n".join(content)


def section_of_random_split(result):
    """Show what a random split adds, where there is one."""
    if result.random_split is None:
        return None
    gap, low, high = result.gap()
    ends = "" if np.isnan(low) else f" (95 % from {low:+.3f} to {high:+.3f})"
    label = (
        f"Balanced accuracy and recall of each emotion, on unheard speakers and under a random split, which "
        f"adds {gap:+.3f} to balanced accuracy."
    )
    svg, cut = _drawn(
        "gap", label, (6.6, 1.5 + 0.4 * (1 + len(result.emotions))), RandomSplitGapDisplay, result
    )
    frame = result.to_frame()
    rows = zip(
        map(words_of, frame["score"]),
        *(frame[name] for name in ("mean", "random_split", "gap", "gap_low", "gap_high")),
        strict=True,
    )
    content = [
        paragraph(
            "The same recipe with recordings divided at random, so that voices that are tested were heard in "
            f"training, scores {result.random_split.score().mean():.3f}: a difference of {gap:+.3f}{ends}."
        ),
        figure(
            svg,
            "Scores on unheard speakers and under a random split, with intervals of 95 %. On the right the "
            f"gap.{cut}",
        ),
        table(
            "What a random split adds",
            ["score", "unheard speakers", "random split", "gap", "from", "to"],
            rows,
        ),
    ]
    return "random-split", "Under a random split", "\n".join(content)


def section_of_emotions(result):
    """Show what was predicted of each emotion."""
    recalls = {str(emotion): result.score(f"recall_{emotion}").mean() for emotion in result.emotions}
    label = "Confusion matrix. Recall: " + ", ".join(f"{name} {value:.2f}" for name, value in recalls.items())
    size = (2.6 + 0.5 * len(recalls), 1.4 + 0.5 * len(recalls))
    svg, cut = _drawn("confusion", f"{label}.", size, EmotionConfusionDisplay, result)
    counts = result.confusion_matrix(None)
    is_whole = np.array_equal(counts, counts.round())
    rows = [
        (str(emotion), *(row.astype(int).tolist() if is_whole else row), recall)
        for emotion, row, recall in zip(result.emotions, counts, recalls.values(), strict=True)
    ]
    content = [
        figure(svg, f"Shares of the recordings of each emotion; on the diagonal recall.{cut}"),
        table(
            f"Numbers of recordings{' on average over runs' if len(result.random_states) > 1 else ''}: rows "
            "are what it was, columns what was predicted",
            ["emotion", *map(str, result.emotions), "recall"],
            rows,
        ),
    ]
    return "emotions", "Emotions", "\n".join(content)


def section_of_speakers(result):
    """Show the score of each speaker."""
    frame = result.by("speaker").sort_values("balanced_accuracy", ascending=False, kind="stable")
    best, worst = (frame.iloc[place] for place in (0, -1))
    label = (
        f"Balanced accuracy of {len(frame)} speakers, from {worst['balanced_accuracy']:.2f} ({worst.name}) "
        f"to {best['balanced_accuracy']:.2f} ({best.name})."
    )
    size = (5.6, 1.3 + 0.22 * max(len(frame), 5))
    svg, cut = _drawn("speakers", label, size, ScoresDisplay, result, by="speaker")
    rows = frame.drop(columns="n_speakers").itertuples()
    content = [
        figure(
            svg,
            "Speakers, the best on top, with intervals of 95 % over the speaker's recordings, not over "
            f"speakers; and the score of all recordings with its interval over speakers.{cut}",
        ),
        table(
            "Speakers with intervals of 95 % over the speaker's recordings, not over speakers",
            ["speaker", *(part for part in _PARTS if part != "speakers")],
            _named(rows),
        ),
    ]
    return "speakers", "Speakers", "\n".join(content)


def section_of_folds(result):
    """Show the score of each fold, and say whose voice is in several."""
    frame = result.by("fold")
    speakers = np.unique(result.speakers, return_inverse=True)[1]
    pairs = np.unique(np.column_stack([speakers, result.folds]), axis=0)
    n_shared = int(np.sum(np.bincount(pairs[:, 0]) > 1))
    label = "Balanced accuracy of each fold: " + ", ".join(
        f"{name} {value:.2f}" for name, value in frame["balanced_accuracy"].items()
    )
    svg, cut = _drawn(
        "folds", f"{label}.", (5.6, 1.3 + 0.22 * max(len(frame), 5)), ScoresDisplay, result, by="fold"
    )
    over = _over_what(frame)
    if n_shared:
        told = paragraph(
            f"{n_shared} of {speakers.max() + 1} speakers are in more than one fold. Unless training left "
            "them out, their voices were heard before they were tested, and the score is none for speakers "
            "to come.",
            "note",
        )
    else:
        told = paragraph("No speaker is in two folds.")
    content = [
        told,
        figure(svg, f"Folds with intervals of 95 % {over}.{cut}"),
        table(f"Folds with intervals of 95 % {over}", ["fold", *_PARTS], _named(frame.itertuples())),
    ]
    return "folds", "Folds", "\n".join(content)


def _over_what(frame):
    """Say what is drawn for the intervals of parts, and why some have none."""
    kinds = []
    if (frame["n_speakers"] > 2).any() or not (frame["n_speakers"] == 1).any():
        kinds.append("over the speakers of each")
    if (frame["n_speakers"] == 1).any():
        kinds.append("over the recordings of a single speaker")
    none = ", and none of two speakers" if (frame["n_speakers"] == 2).any() else ""
    return " or ".join(kinds) + none


def section_of_other_parts(result):
    """Show the scores by whatever else is known of recordings and has few values."""
    tables, unshown = [], []
    for name in result.metadata:
        frame = result.by(name)
        if len(frame) > _MAX_VALUES:
            unshown.append(f"{name}, which has {len(frame)} values")
        elif _tells_emotion(result, name):
            unshown.append(f"{name}, which tells the emotion")
        elif len(frame) > 1:
            rows = [
                ("not known" if row[0] is None or row[0] != row[0] else str(row[0]), *row[1:])
                for row in frame.itertuples()
            ]
            tables.append(
                table(f"By {name}, with intervals of 95 % {_over_what(frame)}", [name, *_PARTS], rows)
            )
    if unshown:
        tables.append(paragraph(f"Not shown: {'; '.join(unshown)}."))
    return ("parts", "Other parts", "\n".join(tables)) if tables else None


def _tells_emotion(result, name):
    """Tell whether each value of a column is of one emotion alone."""
    pairs = {
        (str(value), str(emotion)) for value, emotion in zip(result.metadata[name], result.truth, strict=True)
    }
    return len(pairs) == len({value for value, _ in pairs}) > 1


def section_of_robustness(result):
    """Show what is left of the score as recordings get worse."""
    if result is None:
        return None
    frame = result.to_frame()
    figures = []
    known = frame[np.isfinite(frame["strength"])]
    for number, name in enumerate(known["degradation"].unique()):
        own = known[known["degradation"] == name].sort_values("strength")
        if len(own) < 2:  # no curve
            continue
        label = f"Balanced accuracy under {name}: " + ", ".join(
            f"{row.score:.2f} at {row.strength:g} {row.unit}" for row in own.itertuples()
        )
        svg, _ = _drawn(f"robustness-{number}", f"{label}.", (3.7, 3.0), RobustnessDisplay, result, name)
        figures.append(figure(svg, f"Under {name.replace('_', ' ')}, with intervals of 95 %."))
    rows = [
        (
            row.degradation,
            "" if np.isnan(row.strength) else f"{row.strength:g} {row.unit}",
            *(row.score, row.low, row.high, row.change, row.change_low, row.change_high),
        )
        for row in frame.itertuples()
    ]
    titles = ["degradation", "strength", "balanced accuracy", "from", "to", "change", "from", "to"]
    content = [
        paragraph(
            f"Balanced accuracy of {len(result.truth)} recordings, degraded by one thing after another."
        ),
        '<div class="figures">\n' + "\n".join(figures) + "\n</div>" if figures else "",
        table("Degradations with intervals of 95 %", titles, rows),
    ]
    return "robustness", "Worse recordings", "\n".join(filter(None, content))


def section_of_audit(audit):
    """Say what is on both sides of splits."""
    if audit is None:
        return None
    unknown = audit.splits[0].unknown if audit.splits else {}
    leaks = [(index, leak) for index, split in enumerate(audit.splits) for leak in split.leaks]
    content = [
        paragraph("Nothing but sentences is on both sides of any split, as far as that is known.")
        if audit.is_clean
        else paragraph(f"{len(leaks)} things are on both sides of a split that should not be.", "note"),
        table(
            "How much is on both sides of each split",
            ["split", "training", "test", "neither", *KINDS],
            [(str(index), *_counts(split)) for index, split in enumerate(audit.splits)],
        ),
        table(
            "What is looked for",
            ["kind", "what it is", "not looked for, since"],
            [(kind, words, unknown.get(kind, "")) for kind, words in KINDS.items()],
        ),
    ]
    if leaks:
        rows = [
            (str(index), leak.kind, leak.what, len(leak.train), len(leak.test))
            for index, leak in leaks[:_MAX_LEAKS]
        ]
        caption = f"The first {_MAX_LEAKS} of {len(leaks)}" if len(leaks) > _MAX_LEAKS else "All of them"
        content.append(table(caption, ["split", "kind", "what", "in training", "in test"], rows))
    return "audit", "Audit of the splits", "\n".join(content)


def _counts(split):
    counts = [
        None if kind in split.unknown else sum(one.kind == kind for one in split.findings) for kind in KINDS
    ]
    return split.n_train, split.n_test, split.n_neither, *counts


def section_of_origin(result):
    """Say what was evaluated, how, and on what."""
    states = ", ".join("as given" if one is None else str(one) for one in result.random_states)
    rows = [
        ("recordings", str(len(result.truth))),
        ("speakers", str(len(np.unique(result.speakers)))),
        ("split", result.outer),
        ("random_state", states),
        *((f"left out: {why}", str(number)) for why, number in result.left_out.items()),
    ]
    content = [table("What was evaluated", ["what", "value"], rows)]
    if result.estimator:
        content.append(preformatted(result.estimator, "Estimator"))
    if result.best_params is not None:
        rows = [
            (str(state), str(fold), ", ".join(f"{name}={value!r}" for name, value in (params or {}).items()))
            for state, of_run in zip(result.random_states, result.best_params, strict=True)
            for fold, params in enumerate(of_run)
        ]
        content.append(table("What the search chose", ["random_state", "fold", "parameters"], rows))
    return "origin", "How it was made", "\n".join(content)


def _drawn(key, label, size, display, *arguments, **options):
    """Draw a display; give the element, and what its caption has to say of names that were cut."""
    with page_style(key) as ax:
        ax.figure.set_size_inches(size)
        display.from_result(*arguments, **options, ax=ax)
        is_cut = [tidy_names(axis) for axis in (ax.yaxis, ax.xaxis)]
        return inline_svg(ax.figure, key, label), _CUT if any(is_cut) else ""


def _named(rows):
    return [(str(row[0]), *row[1:]) for row in rows]
