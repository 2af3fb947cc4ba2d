"""What :func:`load_corpus` and :func:`load_table` share: labels of people's own, and the result."""

from collections import Counter

from sklearn_ser.exceptions import CorpusError

from ._bunch import count_each, describe, make_bunch
from ._files import quote, refuse_pointers

_REASONS = {
    "foreign": "the pattern does not match, or libsndfile does not read the format",
    "unwanted": "emotions maps its label to None",
}


def make_own_bunch(
    files,
    labels,
    speakers,
    metadata,
    *,
    places,
    source,
    emotions,
    name,
    facts,
    foreign=(),
    return_X_y,
    as_frame,
):
    """Bring people's own recordings into the form of the published corpora.

    Parameters
    ----------
    files, labels, speakers : list of str
        One entry a recording.
    metadata : dict of str to list
        Everything else that is known, one entry a recording in each list.
    places : list of str
        What an error message calls each recording.
    source : str
        Folder or table, to begin an error message with.
    emotions : dict of str to str or None, or None
        What each label means, None for a label whose recordings are left out. Without a dict the labels are
        the emotions.
    name : str or None
        Name of the corpus, to go in front of each speaker.
    facts : dict of str to str
        What the description begins with.
    foreign : list of str
        Paths of files that are no recordings of this corpus.
    return_X_y, as_frame : bool
        As scikit-learn's loaders have them.
    """
    for what, values in (("emotion", labels), ("speaker", speakers)):
        empty = [place for place, value in zip(places, values, strict=True) if not value]
        if empty:
            raise CorpusError(f"{source}: there is no {what} in {quote(empty)}.")
    named = _name_emotions(labels, emotions, source)
    taken = [at for at, emotion in enumerate(named) if emotion is not None]
    if not taken:
        raise CorpusError(f"{source}: emotions maps every label to None, {quote(sorted(set(labels)))}.")
    refuse_pointers([files[at] for at in taken])

    left_out = {
        "foreign": list(foreign),
        "unwanted": [file for file, emotion in zip(files, named, strict=True) if emotion is None],
    }
    left_out = {why: paths for why, paths in left_out.items() if paths}
    metadata = {"label": labels} | metadata
    if name is not None:
        metadata = {"corpus": [name] * len(files)} | {
            key: metadata[key] for key in metadata if key != "corpus"
        }
        speakers = [f"{name}-{speaker}" for speaker in speakers]
    facts = facts | {
        "Recordings": f"{len(taken)} returned",
        "Speakers": str(len({speakers[at] for at in taken})),
        "Emotions": count_each(named[at] for at in taken),
    }
    return make_bunch(
        files=[files[at] for at in taken],
        emotions=[named[at] for at in taken],
        speakers=[speakers[at] for at in taken],
        metadata={key: [values[at] for at in taken] for key, values in metadata.items()},
        left_out=left_out,
        descr=describe(name or "Recordings of your own", facts, left_out=left_out, reasons=_REASONS),
        return_X_y=return_X_y,
        as_frame=as_frame,
    )


def _name_emotions(labels, emotions, source):
    """Translate each label to its emotion, or to None."""
    if emotions is None:
        spellings = {}
        for label in labels:
            spellings.setdefault(label.casefold(), set()).add(label)
        if doubtful := [quote(sorted(same)) for same in spellings.values() if len(same) > 1]:
            raise CorpusError(
                f"{source}: the labels {' and '.join(sorted(doubtful))} differ in letter case only, and each "
                "would be an emotion of its own. Pass emotions, a dict from each label to its emotion."
            )
        return labels
    if unknown := Counter(label for label in labels if label not in emotions):
        raise CorpusError(
            f"{source}: emotions has no entry for the labels {count_each(unknown.elements())}; it has "
            f"{quote(emotions, limit=20) or 'none'}. Map each label to an emotion, or to None to leave its "
            "recordings out."
        )
    return [emotions[label] for label in labels]
