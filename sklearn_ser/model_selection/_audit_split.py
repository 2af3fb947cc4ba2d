"""What the two sides of a split have in common."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from sklearn.utils._param_validation import Interval, validate_params

from sklearn_ser.caching import DiskCache
from sklearn_ser.exceptions import LeakError

from ._traits import KINDS, OF_RECORDINGS, read_traits, recordings_of

_N_SHOWN = 10
AUDIT_CONSTRAINTS = {
    "strict": ["boolean", list, tuple, set],
    "sentence": [str, None],
    "copy_of": [str],
    "audio": ["boolean"],
    "sample_rate": [Interval(Integral, 8_000, None, closed="left")],
    "memory": [str, os.PathLike, DiskCache, None],
    "n_jobs": [Integral, None],
}


@dataclass(frozen=True)
class Finding:
    """Something that is on both sides of a split.

    Parameters
    ----------
    kind : str
        What it is, as :class:`SplitAudit` names the kinds.
    what : str
        Which speaker, which sentence, or which recordings.
    train : tuple of int
        Positions of the recordings in training that have it.
    test : tuple of int
        Positions of the recordings in test that have it.
    """

    kind: str
    what: str
    train: tuple
    test: tuple


@dataclass(frozen=True)
class SplitAudit:
    """What the two sides of a split have in common: what :func:`audit_split` returns.

    Printed, it is a table. The kinds are

    - ``"recording"``: a position that is on both sides
    - ``"speaker"`` and ``"sentence"``
    - ``"bytes"``: files that are equal byte for byte
    - ``"samples"``: recordings that are equal once they are decoded
    - ``"take"``: files that RAVDESS names as one take, in sound, picture or both
    - ``"copy"``: recordings that are marked as copies of one recording
    - ``"sound"``: the same take by its sound, cut, scaled, filtered or encoded otherwise

    What two recordings have in common is told once, by the first of the kinds above that tells it; a speaker
    and a sentence are always told.

    Parameters
    ----------
    n_train, n_test, n_neither : int
        Recordings in training, in test, and on neither side.
    findings : tuple of Finding
        What is on both sides, with attributes ``kind``, ``what``, ``train`` and ``test``, of which the last
        two are positions of recordings.
    unknown : dict of str to str
        Kinds that could not be looked for, with the reason.

    See Also
    --------
    audit_cv : The same for every split of a cross-validation.

    Examples
    --------
    >>> from sklearn_ser import SplitAudit
    >>> audit = SplitAudit(n_train=9, n_test=3, n_neither=0, findings=(), unknown={})
    >>> audit.is_clean
    True
    """

    n_train: int
    n_test: int
    n_neither: int
    findings: tuple
    unknown: dict

    @property
    def leaks(self):
        """Findings other than sentences, which a split by speakers alone always has on both sides."""
        return tuple(finding for finding in self.findings if finding.kind != "sentence")

    @property
    def is_clean(self):
        """Whether nothing but sentences is on both sides, as far as that is known."""
        return not self.leaks

    def to_frame(self):
        """Give the findings as a table.

        Returns
        -------
        DataFrame of shape (n_findings, 6)
            Columns ``kind``, ``what``, ``n_train``, ``n_test``, and ``train`` and ``test`` with lists of
            positions.
        """
        import pandas as pd

        rows = [
            (one.kind, one.what, len(one.train), len(one.test), list(one.train), list(one.test))
            for one in self.findings
        ]
        return pd.DataFrame(rows, columns=["kind", "what", "n_train", "n_test", "train", "test"])

    def __str__(self):
        lines = [
            f"{self.n_train} recordings in training, {self.n_test} in test, {self.n_neither} on neither side",
            f"{'':33}{'found':>6}{'in training':>13}{'in test':>9}",
        ]
        for kind, title in KINDS.items():
            if kind in self.unknown:
                lines.append(f"{title:33}     - ({self.unknown[kind]})")
                continue
            found = [one for one in self.findings if one.kind == kind]
            n_train, n_test = (
                len({position for one in found for position in side(one)})
                for side in (lambda one: one.train, lambda one: one.test)
            )
            lines.append(f"{title:33}{len(found):6}{n_train:13}{n_test:9}")
        lines += ["", *_told(self.leaks)] if self.leaks else []
        return "\n".join(lines)


@validate_params(
    {
        "corpus": "no_validation",
        "train": ["array-like"],
        "test": ["array-like"],
        **AUDIT_CONSTRAINTS,
    },
    prefer_skip_nested_validation=True,
)
def audit_split(
    corpus,
    train,
    test,
    *,
    strict=False,
    sentence=None,
    copy_of="copy_of",
    audio=True,
    sample_rate=16_000,
    memory=None,
    n_jobs=None,
):
    """Tell what the two sides of a split have in common that they should not.

    A score means something for new voices if no speaker, and no recording in whatever form, is on both sides.
    Speakers and sentences are what the corpus says they are. Recordings are read: files are compared byte for
    byte and by their samples, and takes by their sound, so that a recording is recognised that was cut at its
    ends, scaled, filtered, resampled or encoded anew.

    Read more in the :ref:`User Guide <audit>`.

    Parameters
    ----------
    corpus : Bunch or Recordings
        What a loader returns; or a ``Bunch`` with ``data`` and, as far as known, ``groups`` (speakers) and
        ``metadata`` (a dict of columns); or :class:`~sklearn_ser.datasets.Recordings`.
    train : array-like of int or bool
        Positions of the recordings to train on, or a mask of all recordings.
    test : array-like of int or bool
        Positions of the recordings to test on, or a mask.
    strict : bool or list of str, default=False
        Kinds of findings, as :class:`SplitAudit` lists them, that are an error. True is all but
        ``"sentence"``.
    sentence : str or None, default=None
        Column of the metadata that tells what is said. None looks for ``"statement"`` and ``"text"``, which
        the loaders of corpora that repeat their sentences have.
    copy_of : str, default="copy_of"
        Column of the metadata, where there is one, that names for each augmented or otherwise derived
        recording the one that it was made of: its path as in ``data``, or its position. Others have an empty
        entry, None or NaN, or -1.
    audio : bool, default=True
        Whether recordings are read. Without, nothing is told of their content.
    sample_rate : int, default=16000
        Samples per second of waveforms. Files are resampled to it.
    memory : DiskCache, str, path-like or None, default=None
        Folder that keeps what was computed of each file, for the next audit.
    n_jobs : int or None, default=None
        Threads that read recordings.

    Returns
    -------
    SplitAudit
        The report, which prints as a table.

    Raises
    ------
    LeakError
        Findings that ``strict`` names. The message names recordings.
    RecordingError
        Recordings are missing or cannot be decoded.
    TypeError
        ``corpus`` is none.
    ValueError
        A side is empty or has positions that the corpus does not have, or a column is missing.

    See Also
    --------
    audit_cv : Every split of a cross-validation, with each recording read once.
    TrainingAugmenter : Makes copies of the training part inside of each split, where they cannot leak.

    Notes
    -----
    Unmarked copies whose speed or pitch was changed, or which are buried in noise, are not recognised. The
    user guide tells what was measured.

    Examples
    --------
    >>> from sklearn_ser import audit_split, make_emotional_speech
    >>> corpus = make_emotional_speech(3, 1, emotions=["calm", "sad"], random_state=0)
    >>> copied = 0.5 * corpus.data[0][2_000:]  # of the first speaker, quieter and without its beginning
    >>> corpus.data[-1] = copied
    >>> is_tested = corpus.groups == "synthetic-03"
    >>> print(audit_split(corpus, ~is_tested, is_tested))
    16 recordings in training, 8 in test, 0 on neither side
                                      found  in training  in test
    same recording                        0            0        0
    same speaker                          0            0        0
    same sentence                         2           16        8
    same file, byte for byte              - (waveforms are no files)
    same samples when decoded             0            0        0
    same take by its RAVDESS name         - (no recording has such a name)
    copies of one recording               - (the metadata have no column 'copy_of')
    same take by its sound                1            1        1
    <BLANKLINE>
    same take by its sound: recording 0 in training, recording 23 in test
    """
    kinds = checked_kinds(strict)
    n_recordings = len(recordings_of(corpus))
    sides = [positions(side, n_recordings, name) for side, name in ((train, "train"), (test, "test"))]
    traits = read_traits(
        corpus,
        np.union1d(*sides),
        sentence=sentence,
        copy_of=copy_of,
        audio=audio,
        sample_rate=sample_rate,
        memory=memory,
        n_jobs=n_jobs,
    )
    audit = compare_sides(traits, *sides)
    refuse_leaks(audit, kinds, "The split")
    return audit


def checked_kinds(strict):
    """Give the kinds of findings that are errors."""
    if isinstance(strict, Iterable):
        unknown = [kind for kind in strict if kind not in KINDS]
        if unknown:
            raise ValueError(f"strict must name kinds among {', '.join(KINDS)}; got {unknown[0]!r}.")
        return set(strict)
    return set(KINDS) - {"sentence"} if strict else set()


def positions(side, n_recordings, name):
    """Give a side of a split as positions in order, from positions or a mask."""
    given = np.asarray(side)
    if given.dtype == bool and given.shape == (n_recordings,):
        given = np.flatnonzero(given)
    if given.ndim != 1 or not len(given) or given.dtype.kind not in "iu":
        raise ValueError(
            f"{name} must be positions of recordings, one at least, or a mask of {n_recordings}; got an "
            f"array of shape {given.shape} and type {given.dtype}."
        )
    if given.min() < 0 or given.max() >= n_recordings:
        raise ValueError(
            f"{name} must hold positions from 0 to {n_recordings - 1}; it goes from {given.min()} to "
            f"{given.max()}."
        )
    return np.unique(given)


def compare_sides(traits, train, test):
    """Find the traits that are on both sides."""
    findings = []
    for kind, keys in traits.keys.items():
        sides = {}
        for side, members in enumerate((train, test)):
            for position in members.tolist():
                if keys[position] is not None:
                    sides.setdefault(keys[position], ([], []))[side].append(position)
        for key, (in_train, in_test) in sides.items():
            if in_train and in_test and not _is_told(traits, kind, in_train + in_test):
                what = str(key) if kind in ("speaker", "sentence") else _names(traits, in_train, in_test)
                findings.append(Finding(kind, what, tuple(in_train), tuple(in_test)))
    n_neither = len(traits.names) - len(np.union1d(train, test))
    return SplitAudit(len(train), len(test), n_neither, tuple(findings), traits.unknown)


def _is_told(traits, kind, members):
    """Tell whether a surer kind has told already that recordings are the same."""
    if kind not in OF_RECORDINGS:
        return False
    for surer in OF_RECORDINGS[: OF_RECORDINGS.index(kind)]:
        if surer in traits.keys:
            keys = {traits.keys[surer][position] for position in members}
            if len(keys) == 1 and None not in keys:
                return True
    return False


def _names(traits, in_train, in_test):
    """Name recordings, some of each side."""
    sides = []
    for members, side in ((in_train, "training"), (in_test, "test")):
        more = f" and {len(members) - 3} more" if len(members) > 3 else ""
        sides.append(f"{', '.join(traits.names[position] for position in members[:3])}{more} in {side}")
    return ", ".join(sides)


def _told(findings):
    """Say what was found, a line each, and count what is too much to say."""
    lines = [f"{KINDS[one.kind]}: {one.what}" for one in findings[:_N_SHOWN]]
    more = len(findings) - _N_SHOWN
    return [*lines, f"and {more} more; to_frame() has them all"] if more > 0 else lines


def refuse_leaks(audit, kinds, which):
    """Raise an error for findings of some kinds."""
    found = [one for one in audit.findings if one.kind in kinds]
    if found:
        raise LeakError(
            f"{which} has {len(found)} thing{'s' * (len(found) > 1)} on both sides:\n"
            + "\n".join(_told(found))
        )
