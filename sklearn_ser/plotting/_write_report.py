"""A result as one page for reading and printing."""

import os

import numpy as np
from sklearn.utils._optional_dependencies import check_matplotlib_support
from sklearn.utils._param_validation import validate_params

from sklearn_ser._json_document import write_text
from sklearn_ser.evaluation import EvaluationResult, RobustnessResult
from sklearn_ser.model_selection import CVAudit

from ._report_of_fits import section_of_recording, section_of_searches, section_of_trainings
from ._report_page import page
from ._report_sections import (
    section_of_audit,
    section_of_emotions,
    section_of_folds,
    section_of_origin,
    section_of_other_parts,
    section_of_random_split,
    section_of_robustness,
    section_of_scores,
    section_of_speakers,
)


@validate_params(
    {
        "result": [EvaluationResult],
        "path": [str, os.PathLike, None],
        "robustness": [RobustnessResult, None],
        "audit": [CVAudit, None],
        "recording": [str, os.PathLike, None],
        "title": [str],
    },
    prefer_skip_nested_validation=True,
)
def write_report(result, path=None, *, robustness=None, audit=None, recording=None, title="Evaluation"):
    """Write a result as one HTML page, with figures, tables and what its splits have in common.

    The page is a single file that loads nothing and runs nothing: it can be sent, archived and printed. It is
    light or dark as the reader has it, and the same input gives the same page, byte for byte.

    Read more in the :ref:`User Guide <report>`.

    Parameters
    ----------
    result : EvaluationResult
        What :func:`~sklearn_ser.evaluation.evaluate` or :func:`~sklearn_ser.evaluation.cross_corpus` found.
    path : str, path-like or None, default=None
        File to write, which appears, or takes the place of another, when it is complete. None gives the page.
    robustness : RobustnessResult or None, default=None
        What :func:`~sklearn_ser.evaluation.robustness` found, to be shown as well.
    audit : CVAudit or None, default=None
        What :func:`~sklearn_ser.model_selection.audit_cv` found on both sides of the same splits.
    recording : str, path-like or None, default=None
        An audio file whose waveform and log-mel spectrogram are to be shown, as an example.
    title : str, default="Evaluation"
        Heading of the page.

    Returns
    -------
    str or None
        The page, where ``path`` is None.

    Raises
    ------
    ValueError
        ``audit`` is about another number of splits, or of recordings in test, than ``result``.
    RecordingError
        ``recording`` is missing or cannot be decoded.

    See Also
    --------
    sklearn_ser.evaluation.EvaluationResult.from_json : Reads a result from a file.
    ScoresDisplay : One of the figures.

    Notes
    -----
    Everything that is drawn is in a table as well, for those who cannot see it or want its digits; of
    trainings that is the last epoch, and of a recording nothing. Names of more than 28 letters are cut in the
    figures, and in full in the tables.

    Trainings and searches are shown where ``result`` has ``histories`` and ``searches``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_ser import EvaluationResult, write_report
    >>> result = EvaluationResult(
    ...     emotions=np.array(["angry", "sad"]),
    ...     recordings=np.arange(8),
    ...     truth=np.array(["angry", "sad"] * 4),
    ...     speakers=np.repeat(["anna", "ben", "cleo", "dan"], 2),
    ...     folds=np.repeat([0, 1], 4),
    ...     predictions=np.array([["angry", "sad", "sad", "sad", "angry", "sad", "angry", "angry"]]),
    ... )
    >>> page = write_report(result, title="Angry or sad?")
    >>> page.count("<svg"), page.count("<script")
    (3, 0)
    """
    check_matplotlib_support("write_report")
    if audit is not None:
        _check_audit(audit, result)
    score, (low, high) = result.score().mean(), result.interval()
    ends = (
        "no interval, which takes three speakers" if np.isnan(low) else f"95 % from {low:.3f} to {high:.3f}"
    )
    lead = (
        f'<p class="lead">Balanced accuracy <strong>{score:.3f}</strong> ({ends}; chance is '
        f"{1 / len(result.emotions):.3f})</p>"
    )
    sections = [
        section_of_scores(result),
        section_of_random_split(result),
        section_of_emotions(result),
        section_of_speakers(result),
        section_of_folds(result),
        section_of_other_parts(result),
        section_of_robustness(robustness),
        section_of_recording(recording),
        section_of_audit(audit),
        section_of_trainings(result),
        section_of_searches(result),
        section_of_origin(result),
    ]
    closing = (
        "Scores are of all recordings together, whatever their fold, and means over runs. Intervals over "
        "speakers tell what other speakers of the same kind might have given. Made by sklearn-ser."
    )
    text = page(title, lead, [section for section in sections if section is not None], closing)
    return text if path is None else write_text(text, path)


def _check_audit(audit, result):
    tested = np.unique(result.folds, return_counts=True)[1].tolist()
    audited = [split.n_test for split in audit.splits]
    if audited != tested:
        raise ValueError(
            f"audit must be of the splits that result was made with, which test {_few(tested)} recordings; "
            f"those of audit test {_few(audited)}."
        )


def _few(numbers):
    return ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")
