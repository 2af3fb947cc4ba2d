"""Any folder whose file names tell emotion and speaker."""

import os
import re
import warnings
from difflib import get_close_matches
from pathlib import Path

from sklearn.utils._param_validation import validate_params

from sklearn_ser.exceptions import CorpusError, SerWarning

from ._files import READABLE, UNREADABLE, count_by_suffix, list_files, quote, suffix
from ._own_recordings import make_own_bunch


@validate_params(
    {
        "root": [str, os.PathLike],
        "pattern": [str, re.Pattern],
        "emotions": [dict, None],
        "name": [str, None],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def load_corpus(root, pattern, *, emotions=None, name=None, return_X_y=False, as_frame=False):
    r"""Load a folder of your own recordings whose paths tell emotion and speaker.

    Nothing is decoded.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    root : str or path-like
        Folder that holds the recordings, at whatever depth, in any format that libsndfile reads (WAV, FLAC,
        OGG, MP3 and others).

    pattern : str or compiled regular expression
        Searched for in the path of each file below ``root``, written with ``/`` and with its ending
        (``"anna/happy_01.wav"``). The named groups ``emotion`` and ``speaker`` are required; other named
        groups become metadata.

    emotions : dict, default=None
        The emotion for each label that the group ``emotion`` finds, or None for a label whose recordings are
        to be left out. Without it, the labels are the emotions.

    name : str, default=None
        Name of the corpus. It is put in front of each speaker (``"lab-anna"``), so that the speakers of two
        corpora stay apart.

    return_X_y : bool, default=False
        Return ``(data, target)`` alone.

    as_frame : bool, default=False
        Return pandas objects: ``data``, ``target`` and ``groups`` are Series, ``metadata`` is a DataFrame,
        and ``frame`` holds them all.

    Returns
    -------
    corpus : :class:`~sklearn.utils.Bunch`
        Dictionary-like object, sorted by path, with the attributes

        data : ndarray of shape (n_recordings,), object
            Paths of the files.
        target : ndarray of shape (n_recordings,), str
            Emotions.
        groups : ndarray of shape (n_recordings,), str
            Speakers.
        recordings : Recordings
            ``data`` that knows its speakers, for the transformers that need them.
        target_names : list of str
            The emotions in ``target``, sorted.
        metadata : dict of str to ndarray of shape (n_recordings,)
            ``corpus`` (where ``name`` is given), ``label`` (as found) and the other named groups of
            ``pattern``.
        left_out : dict of str to list of str
            Paths of the media files that were found and not taken, by reason.
        frame : DataFrame of shape (n_recordings, n_columns) or None
            Columns ``file``, ``emotion``, ``speaker`` and the metadata; None unless ``as_frame`` is true.
        DESCR : str
            What was found and what was left out.

    (data, target) : tuple if ``return_X_y`` is true
        The paths and the emotions.

    Raises
    ------
    CorpusError
        There is no such folder, no recording matches, the pattern lacks a group, a label is not in
        ``emotions``, or labels differ in letter case only.

    Warns
    -----
    SerWarning
        Media files were left out because the pattern does not match or libsndfile cannot read them.

    See Also
    --------
    load_table : Recordings that a CSV file lists.
    load_ravdess : A published corpus.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_corpus
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for file in ("anna-joy-1.wav", "anna-rage-1.wav", "ben-joy-1.wav"):
    ...         Path(root, file).touch()
    ...     corpus = load_corpus(
    ...         root,
    ...         r"(?P<speaker>\w+)-(?P<emotion>\w+)-(?P<take>\d)\.wav$",
    ...         emotions={"joy": "happy", "rage": "angry"},
    ...     )
    >>> corpus.target, corpus.groups
    (array(['happy', 'angry', 'happy'], dtype='<U5'), array(['anna', 'anna', 'ben'], dtype='<U4'))
    >>> corpus.metadata["take"]
    array(['1', '1', '1'], dtype='<U1')
    """
    root = str(Path(root).expanduser())
    try:
        pattern = re.compile(pattern)
    except re.error as error:
        raise CorpusError(f"pattern must be a regular expression; got {pattern!r}: {error}.") from error
    _check_groups(pattern)
    files = list_files(root, "recording")
    media = [path for path in files if suffix(path) in READABLE | UNREADABLE]
    matches = {path: pattern.search(path) for path in media if suffix(path) in READABLE}
    matches = {path: match for path, match in matches.items() if match is not None}
    if not media:
        found = f"it holds {count_by_suffix(files)}, no audio" if files else "it is empty"
        raise CorpusError(f"No recording under {root!r}: {found}.")
    if not matches:
        raise CorpusError(
            f"No recording under {root!r}: the pattern {pattern.pattern!r} matches none of "
            f"{count_by_suffix(media)}, {quote(media)}."
        )
    foreign = [path for path in media if path not in matches]
    found = {group: [match[group] for match in matches.values()] for group in pattern.groupindex}
    corpus = make_own_bunch(
        [f"{root}/{path}" for path in matches],
        found.pop("emotion"),
        found.pop("speaker"),
        found,
        places=list(matches),
        source=f"Recordings under {root!r}",
        emotions=emotions,
        name=name,
        facts={"Folder": root, "Pattern": f"``{pattern.pattern}``"},
        foreign=[f"{root}/{path}" for path in foreign],
        return_X_y=return_X_y,
        as_frame=as_frame,
    )
    if foreign:
        warnings.warn(
            f"{count_by_suffix(foreign)} under {root!r} left out, because the pattern {pattern.pattern!r} "
            f"does not match or libsndfile does not read the format: {quote(foreign)}.",
            SerWarning,
            stacklevel=3,
        )
    return corpus


def _check_groups(pattern):
    """Raise unless a pattern names what is needed, and nothing that has another meaning."""
    for needed in ("emotion", "speaker"):
        if needed not in pattern.groupindex:
            close = get_close_matches(needed, pattern.groupindex, n=1)
            hint = f" Did you mean {needed!r} by {close[0]!r}?" if close else ""
            raise CorpusError(
                f"The pattern {pattern.pattern!r} needs a group (?P<{needed}>...); it names "
                f"{quote(pattern.groupindex, limit=20) or 'none'}.{hint}"
            )
    for word in ("corpus", "file", "label"):
        if word in pattern.groupindex:
            raise CorpusError(
                f"The pattern {pattern.pattern!r} has a group {word!r}, a name taken here; rename it."
            )
