"""What the two sides of each split of a cross-validation have in common."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import check_cv
from sklearn.utils._param_validation import validate_params

from sklearn_ser._json_document import JSONDocument, read_document

from ._audit_split import (
    AUDIT_CONSTRAINTS,
    Finding,
    SplitAudit,
    checked_kinds,
    compare_sides,
    positions,
    refuse_leaks,
)
from ._traits import KINDS, read_traits, recordings_of, speakers_of
from ._ungrouped import is_fixed, uses_groups, warn_of_ungrouped

_KIND, _VERSION = "sklearn-ser audit", 1


@dataclass(frozen=True)
class CVAudit(JSONDocument):
    """What the sides of each split have in common: what :func:`audit_cv` returns.

    Printed, it is a table: for each split and each kind, how much is on both sides.

    Parameters
    ----------
    splits : tuple of SplitAudit
        The report of each split.

    See Also
    --------
    SplitAudit : Names the kinds of findings.

    Examples
    --------
    >>> from sklearn_ser import CVAudit, SplitAudit
    >>> clean = SplitAudit(n_train=9, n_test=3, n_neither=0, findings=(), unknown={})
    >>> CVAudit((clean, clean)).is_clean
    True
    """

    splits: tuple

    @property
    def is_clean(self):
        """Whether nothing but sentences is on both sides of any split, as far as that is known."""
        return all(split.is_clean for split in self.splits)

    def to_frame(self):
        """Give the findings as a table.

        Returns
        -------
        DataFrame of shape (n_findings, 7)
            Column ``split``, counted from 0, and those of :meth:`SplitAudit.to_frame`.
        """
        import pandas as pd

        frames = [split.to_frame().assign(split=index) for index, split in enumerate(self.splits)]
        together = pd.concat(frames, ignore_index=True)
        return together[["split", *together.columns.drop("split")]]

    def _as_document(self):
        return _KIND, _VERSION, {"splits": [_as_plain(split) for split in self.splits]}

    @classmethod
    def _from_document(cls, source):
        content, where = read_document(_KIND, _VERSION, ["splits"], source)
        try:
            return cls(tuple(_split_from_plain(**split) for split in content["splits"]))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{where} was altered since it was written: {error}") from error

    def __str__(self):
        titles = ("split", "training", "test", "neither", *KINDS)
        rows = [titles]
        for index, split in enumerate(self.splits):
            counts = [
                "-" if kind in split.unknown else str(sum(one.kind == kind for one in split.findings))
                for kind in KINDS
            ]
            rows.append((str(index), str(split.n_train), str(split.n_test), str(split.n_neither), *counts))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.rjust, row, widths)) for row in rows]
        return "\n".join([*lines, *(f"{kind}: {why}" for kind, why in self.splits[0].unknown.items())])


@validate_params(
    {
        "corpus": "no_validation",
        "cv": "no_validation",
        "groups": ["array-like", None],
        **AUDIT_CONSTRAINTS,
    },
    prefer_skip_nested_validation=True,
)
def audit_cv(
    corpus,
    cv,
    *,
    groups=None,
    strict=False,
    sentence=None,
    copy_of="copy_of",
    audio=True,
    sample_rate=16_000,
    memory=None,
    n_jobs=None,
):
    """Tell what the sides of each split of a cross-validation have in common that they should not.

    It is :func:`audit_split` for every split, and reads each recording once.

    Read more in the :ref:`User Guide <audit>`.

    Parameters
    ----------
    corpus : Bunch or Recordings
        What a loader returns, as in :func:`audit_split`. Stratified splitters need its ``target``.
    cv : int, cross-validator or iterable of (train, test)
        What ``cv=`` of a search or an evaluation would be; an integer is ``StratifiedKFold``, as there.
    groups : array-like, default=None
        What the splitter gets as groups; None is ``corpus.groups``, the speakers.
    strict : bool or list of str, default=False
        Kinds of findings that are an error. True is all but ``"sentence"``.
    sentence : str or None, default=None
        Column of the metadata that tells what is said; None looks for ``"statement"`` and ``"text"``.
    copy_of : str, default="copy_of"
        Column of the metadata that names the recording that a copy was made of.
    audio : bool, default=True
        Whether recordings are read.
    sample_rate : int, default=16000
        Samples per second of waveforms. Files are resampled to it.
    memory : DiskCache, str, path-like or None, default=None
        Folder that keeps what was computed of each file, for the next audit.
    n_jobs : int or None, default=None
        Threads that read recordings.

    Returns
    -------
    CVAudit
        The report, which prints as a table.

    Raises
    ------
    LeakError
        Findings that ``strict`` names, in any split. The message names recordings.
    RecordingError
        Recordings are missing or cannot be decoded.
    TypeError
        ``corpus`` is none.
    ValueError
        ``cv`` cannot split the corpus, or a column is missing.

    Warns
    -----
    UngroupedSplitWarning
        The speakers are known, and ``cv`` ignores groups. The message names a splitter that does not.

    See Also
    --------
    audit_split : A single split.
    SpeakerSentenceSplit : Has no sentence on both sides either.

    Examples
    --------
    >>> from sklearn.model_selection import GroupKFold
    >>> from sklearn_ser import audit_cv, make_emotional_speech
    >>> corpus = make_emotional_speech(3, 1, emotions=["calm", "sad"], random_state=0)
    >>> audit = audit_cv(corpus, GroupKFold(3))
    >>> audit.is_clean
    True
    >>> print(audit)
    split  training  test  neither  recording  speaker  sentence  bytes  samples  take  copy  sound
        0        16     8        0          0        0         2      -        0     -     -      0
        1        16     8        0          0        0         2      -        0     -     -      0
        2        16     8        0          0        0         2      -        0     -     -      0
    take: no recording has such a name
    copy: the metadata have no column 'copy_of'
    bytes: waveforms are no files
    """
    kinds = checked_kinds(strict)
    speakers = speakers_of(corpus)
    n_recordings, target = len(recordings_of(corpus)), getattr(corpus, "target", None)
    cv = check_cv(cv, target, classifier=True)
    is_grouped = uses_groups(cv)
    if is_grouped and groups is None:
        groups = speakers
    splits = [
        [positions(side, n_recordings, name) for side, name in zip(split, ("train", "test"), strict=True)]
        for split in cv.split(corpus.data, target, groups if is_grouped else None)
    ]
    which = np.unique(np.concatenate([side for split in splits for side in split]))
    traits = read_traits(
        corpus,
        which,
        sentence=sentence,
        copy_of=copy_of,
        audio=audio,
        sample_rate=sample_rate,
        memory=memory,
        n_jobs=n_jobs,
    )
    audit = CVAudit(tuple(compare_sides(traits, *split) for split in splits))
    if speakers is not None and not is_grouped:
        n_shared = len(
            {one.what for split in audit.splits for one in split.findings if one.kind == "speaker"}
        )
        if n_shared or not is_fixed(cv):
            warn_of_ungrouped(cv, len(set(speakers)), n_shared=n_shared)
    for index, split in enumerate(audit.splits):
        refuse_leaks(split, kinds, f"Split {index}")
    return audit


def _as_plain(split):
    return {
        "n_train": int(split.n_train),
        "n_test": int(split.n_test),
        "n_neither": int(split.n_neither),
        "findings": [
            {
                "kind": one.kind,
                "what": one.what,
                "train": [int(position) for position in one.train],
                "test": [int(position) for position in one.test],
            }
            for one in split.findings
        ],
        "unknown": split.unknown,
    }


def _split_from_plain(findings, unknown, **numbers):
    for name, number in numbers.items():
        if not isinstance(number, int):
            raise ValueError(f"{name} must be a number of recordings; it is {number!r}.")
    kinds = {one["kind"] for one in findings} | set(unknown)
    if foreign := sorted(kinds - set(KINDS)):
        raise ValueError(f"kinds must be among {', '.join(map(repr, KINDS))}; there is {foreign[0]!r}.")
    return SplitAudit(
        findings=tuple(
            Finding(one["kind"], one["what"], tuple(one["train"]), tuple(one["test"])) for one in findings
        ),
        unknown=dict(unknown),
        **numbers,
    )
