"""A result in words."""

import numpy as np

from ._speaker_bootstrap import MIN_SPEAKERS

_WORDS = {"balanced_accuracy": "balanced accuracy", "accuracy": "accuracy", "macro_f1": "macro-F1"}


def summarise(result, names, means_and_intervals, gaps):
    """Write the summary of an ``EvaluationResult``.

    Parameters
    ----------
    result : EvaluationResult
        The result.
    names : list of str
        Of all scores.
    means_and_intervals : ndarray of shape (3, n_scores)
        Mean over runs, and the ends of its interval.
    gaps : ndarray of shape (3, n_scores) or None
        What a random split adds, and the ends of its interval.

    Returns
    -------
    str
        Several lines.
    """
    n_speakers, n_folds = len(np.unique(result.speakers)), len(np.unique(result.folds))
    n_runs = len(result.random_states)
    head = f"{len(result.truth)} recordings of {count(n_speakers, 'speaker')}, "
    head += f"{count(len(result.emotions), 'emotion')}; {count(n_folds, 'fold')}"
    if result.random_states != (None,):
        head += f"; random_state {', '.join(map(str, result.random_states))}"
    lines = [head]
    for k, (name, words) in enumerate(_WORDS.items()):
        spread = f" ± {np.std(result.score(name), ddof=1):.3f}" if n_runs > 1 else ""
        chance = f"; chance is {1 / len(result.emotions):.3f}" if k == 0 else ""
        interval = between(*means_and_intervals[1:, k])
        lines.append(f"{words:<18} {means_and_intervals[0, k]:.3f}{spread} ({interval}{chance})")
    if n_speakers < MIN_SPEAKERS:
        lines.append(_row("interval", f"none, for one over speakers takes {MIN_SPEAKERS} or more"))
    recalls = zip(result.emotions, means_and_intervals[0, len(_WORDS) :], strict=True)
    lines.append(_row("recall", ", ".join(f"{emotion} {recall:.2f}" for emotion, recall in recalls)))
    of_speakers = _accuracies(result, result.speakers)
    if n_speakers > 1:
        worst, best = min(of_speakers, key=of_speakers.get), max(of_speakers, key=of_speakers.get)
        lines.append(
            _row(
                "speakers", f"accuracy {of_speakers[worst]:.2f} ({worst}) to {of_speakers[best]:.2f} ({best})"
            )
        )
    if "sex" in result.metadata:
        of_sexes = _accuracies(result, result.metadata["sex"])
        lines.append(_row("sex", "accuracy " + ", ".join(f"{sex} {of_sexes[sex]:.2f}" for sex in of_sexes)))
    if n_folds > 1:
        of_folds = _accuracies(result, result.folds)
        lines.append(_row("folds", "accuracy " + ", ".join(f"{value:.2f}" for value in of_folds.values())))
    if result.random_split is not None:
        gap, low, high = gaps[:, 0]
        by = f"higher by {gap:.3f}" if gap >= 0 else f"a difference of {gap:+.3f}"
        lines.append(
            _row(
                "random split",
                f"{result.random_split.score().mean():.3f}, {by} ({between(low, high)})",
            )
        )
    if result.controls:
        scores = [one.score().mean() for one in result.controls]
        if len(scores) == 1:
            ends = between(*result.controls[0].interval())
        else:
            ends = f"{len(scores)} times, from {min(scores):.3f} to {max(scores):.3f}"
        lines.append(_row("shuffled", f"{np.mean(scores):.3f} ({ends}): emotions shuffled within speakers"))
    lines += [
        _row("left out", f"{count(number, 'recording')}: {why}") for why, number in result.left_out.items()
    ]
    return "\n".join(lines)


def between(low, high, confidence=0.95):
    """Say an interval in words."""
    return "no interval" if np.isnan(low) else f"{100 * confidence:g} % from {low:.3f} to {high:.3f}"


def count(n, thing):
    """Say how many there are."""
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _row(name, text):
    return f"{name:<18} {text}"


def _accuracies(result, units):
    """Give the mean accuracy over runs of each part, where something is known of it."""
    is_right = (result.predictions == result.truth).mean(axis=0)
    known = [unit for unit in dict.fromkeys(units.tolist()) if unit is not None and unit == unit]
    return {
        unit: is_right[units == unit].mean()
        for unit in sorted(known, key=lambda one: (isinstance(one, str), one))
    }
