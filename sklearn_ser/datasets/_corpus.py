"""From the folder of a published corpus to its recordings: the walking, written once.

A corpus is a table of facts, :class:`Corpus`; :func:`read_corpus` reads any of them.
"""

import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath

from sklearn_ser.exceptions import CorpusError, IncompleteCorpusWarning, SerWarning

from ._bunch import count_each, describe, make_bunch
from ._files import READABLE, UNREADABLE, count_by_suffix, list_files, quote, refuse_pointers, size, suffix

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised", "boredom")

# Every corpus here is published as WAV; copies are converted to FLAC, which loses nothing.
FORMATS = (".wav", ".flac")


@dataclass(frozen=True)
class Corpus:
    """What is known of a published corpus; codes are spelt as in its file names."""

    name: str
    title: str
    example: str  # a file name, for messages
    pattern: (
        str  # of a file name without its ending: groups ``speaker``, ``emotion`` and whatever else it tells
    )
    emotions: Mapping[str, str]  # code -> one of EMOTIONS
    speakers: Mapping[str, str]  # code -> sex
    n_recordings: Mapping[str, int]  # code of a speaker -> number of recordings published
    licence: str
    source: str
    citation: str
    defects: tuple[str, ...]
    fields: Mapping[str, Mapping | Callable] = field(default_factory=dict)  # other groups: code -> meaning
    misnamed: Mapping[str, str] = field(default_factory=dict)  # name in circulation -> name published
    extras: Callable = lambda recording: False  # is a recording outside the count of n_recordings?
    reasons: Mapping[str, str] = field(default_factory=dict)  # for leaving recordings out -> explanation

    @property
    def prefix(self):
        """Word in front of every speaker, which keeps the speakers of two corpora apart."""
        return self.name.lower().replace("-", "_")


@dataclass(frozen=True)
class Recording:
    """What the name of one file says."""

    path: str  # relative, POSIX
    key: str  # the same for every copy of a recording, whatever its folder, letter case and format
    speaker: str  # code
    emotion: str
    metadata: Mapping[str, object]


_REASONS = {
    "foreign": "not named like a recording of this corpus",
    "other format": "neither WAV nor FLAC",
    "second copy": "the same recording was taken from nearer to the root",
}


def read_corpus(corpus, root, *, leave_out=lambda recording: None, drop=None, return_X_y, as_frame):
    """Read the folder of a published corpus.

    Only a loader under ``validate_params`` may call this: warnings point three calls up, at the line that
    called the loader.

    Parameters
    ----------
    corpus : Corpus
        The facts.
    root : str or path-like
        The folder.
    leave_out : callable
        Tells of a recording why the caller did not ask for it, as a key of ``corpus.reasons``, or None.
    drop : dict of str to str, default=None
        Keys of recordings that belong to the corpus and are left out as defective, with the reason.
    return_X_y, as_frame : bool
        As scikit-learn's loaders have them.
    """
    root = str(Path(root).expanduser())
    files = list_files(root, f"{corpus.name} recording")
    copies, left_out = _sort_by_recording(corpus, files, leave_out)
    found = sorted(
        (same[0] for same in copies.values()), key=lambda recording: (recording.speaker, recording.key)
    )
    recordings = []
    for recording in found:
        if drop and recording.key in drop:
            left_out[drop[recording.key]].append(recording.path)
        else:
            recordings.append(recording)
    if not recordings:
        raise CorpusError(f"No {corpus.name} recording under {root!r}: {_instead(corpus, files, left_out)}.")
    paths = [f"{root}/{recording.path}" for recording in recordings]
    refuse_pointers(paths)

    n_found = Counter(recording.speaker for recording in found if not corpus.extras(recording))
    n_missing = {code: max(n - n_found[code], 0) for code, n in corpus.n_recordings.items()}
    completeness = f"{n_found.total()} of {sum(corpus.n_recordings.values())} published"
    complaints = _complaints(corpus, root, completeness, n_missing, left_out["foreign"], copies)
    for category, complaint in complaints:
        warnings.warn(f"{corpus.name} under {root!r}: {complaint}", category, stacklevel=4)

    left_out = {
        why: [f"{root}/{path}" for path in sorted(left_out[why])] for why in sorted(left_out) if left_out[why]
    }
    facts = {
        "Folder": root,
        "Recordings": f"{len(recordings)} returned; found {completeness}",
        "Missing, by speaker": _by_speaker(n_missing) or "none",
        "Speakers": str(len({recording.speaker for recording in recordings})),
        "Emotions": count_each(recording.emotion for recording in recordings),
        "Licence": corpus.licence,
        "Source": corpus.source,
        "Citation": corpus.citation,
    }
    return make_bunch(
        files=paths,
        emotions=[recording.emotion for recording in recordings],
        speakers=[f"{corpus.prefix}-{recording.speaker.lower()}" for recording in recordings],
        metadata={
            name: [recording.metadata[name] for recording in recordings] for name in recordings[0].metadata
        },
        left_out=left_out,
        descr=describe(
            f"{corpus.name}: {corpus.title}",
            facts,
            defects=corpus.defects,
            left_out=left_out,
            reasons=_REASONS | corpus.reasons,
        ),
        return_X_y=return_X_y,
        as_frame=as_frame,
    )


def _sort_by_recording(corpus, files, leave_out):
    """Gather the copies of each recording, nearest to the root first, and what is left out, by reason."""
    copies, left_out = defaultdict(list), defaultdict(list)
    read_name = _name_reader(corpus)
    for path in files:
        ending = suffix(path)
        if ending not in READABLE | UNREADABLE:
            continue
        recording = read_name(path)
        if recording is None:
            why = "foreign" if ending in FORMATS else "other format"
        else:
            why = leave_out(recording) or (None if ending in FORMATS else "other format")
        if why:
            left_out[why].append(path)
        else:
            copies[recording.key].append(recording)
    for same in copies.values():
        same.sort(key=lambda recording: (recording.path.count("/"), recording.path))
        left_out["second copy"] += [recording.path for recording in same[1:]]
    return copies, left_out


def _name_reader(corpus):
    """Make the function that reads a path by the grammar of a corpus; it returns None for a foreign name."""
    pattern = re.compile(rf"(?:^|/){corpus.pattern}\Z", re.IGNORECASE)
    emotions = {code.lower(): (code, emotion) for code, emotion in corpus.emotions.items()}
    speakers = {code.lower(): (code, sex) for code, sex in corpus.speakers.items()}
    fields = {
        name: {code.lower(): value for code, value in meaning.items()}.get
        if isinstance(meaning, Mapping)
        else meaning
        for name, meaning in corpus.fields.items()
    }

    def read_name(path):
        named = PurePosixPath(path)
        stem = corpus.misnamed.get(named.stem.lower(), named.stem)
        match = pattern.search(f"{named.parent}/{stem}")
        if match is None:
            return None
        codes = {name: code.lower() for name, code in match.groupdict().items()}
        key = "_".join(codes.values())
        label, emotion = emotions[codes.pop("emotion")]
        speaker, sex = speakers[codes.pop("speaker")]
        told = {name: fields[name](code) if name in fields else code for name, code in codes.items()}
        return Recording(
            path, key, speaker, emotion, {"corpus": corpus.name, "label": label, "sex": sex} | told
        )

    return read_name


def _instead(corpus, files, left_out):
    """Say what lies in a folder that holds no recording."""
    media = [path for path in files if suffix(path) in READABLE | UNREADABLE]
    if not media:
        return f"it holds {count_by_suffix(files)}, no audio" if files else "it is empty"
    named = {
        why: paths for why, paths in left_out.items() if paths and why not in ("foreign", "other format")
    }
    if not named:
        return f"of {count_by_suffix(media)}, none is named like {corpus.example!r}"
    reasons = _REASONS | corpus.reasons
    counts = ", ".join(f"{len(paths)} {why} ({reasons[why]})" for why, paths in sorted(named.items()))
    return f"of {count_by_suffix(media)}, every one was left out: {counts}"


def _complaints(corpus, root, completeness, n_missing, foreign, copies):
    """Yield what the caller is warned of, each with its category."""
    if any(n_missing.values()):
        missing = _by_speaker(n_missing, limit=12)
        yield IncompleteCorpusWarning, f"found {completeness} recordings. Missing, by speaker: {missing}."
    if foreign:
        left = f"{count_by_suffix(foreign)} not named like {corpus.example!r}"
        yield SerWarning, f"left out {left}: {quote(foreign)}."
    unequal = []
    for same in copies.values():
        if len(same) > 1 and len({size(f"{root}/{recording.path}") for recording in same}) > 1:
            unequal.append([recording.path for recording in same])
    if unequal:
        taken, *others = unequal[0]
        yield (
            SerWarning,
            f"copies of {len(unequal)} recording{'s' * (len(unequal) > 1)} differ in size, and the one "
            f"nearest to the root was taken: {taken!r}, not {quote(others)}.",
        )


def _by_speaker(n_missing, limit=None):
    """Count what is missing, neighbours together: ``"01 58, 02 to 04 60 each"``."""
    spans = []
    for n, run in groupby(n_missing, key=n_missing.get):
        codes = list(run)
        if n:
            spans.append(f"{codes[0]} {n}" if len(codes) == 1 else f"{codes[0]} to {codes[-1]} {n} each")
    more = " and others (DESCR names them all)" if limit and len(spans) > limit else ""
    return ", ".join(spans[:limit]) + more
