"""Recordings that a CSV file lists."""

import os
import re
from csv import Error as FormatError
from csv import reader
from difflib import get_close_matches
from pathlib import Path

from sklearn.utils._param_validation import validate_params

from sklearn_ser.exceptions import CorpusError

from ._files import quote
from ._own_recordings import make_own_bunch


@validate_params(
    {
        "csv": [str, os.PathLike],
        "root": [str, os.PathLike, None],
        "file": [str],
        "emotion": [str],
        "speaker": [str],
        "emotions": [dict, None],
        "name": [str, None],
        "return_X_y": ["boolean"],
        "as_frame": ["boolean"],
    },
    prefer_skip_nested_validation=True,
)
def load_table(
    csv,
    *,
    root=None,
    file="file",
    emotion="emotion",
    speaker="speaker",
    emotions=None,
    name=None,
    return_X_y=False,
    as_frame=False,
):
    r"""Load the recordings that a CSV file lists, one a row, as nkululeko and audformat write them.

    Nothing is decoded.

    Read more in the :ref:`User Guide <datasets>`.

    Parameters
    ----------
    csv : str or path-like
        Comma-separated file in UTF-8 with a header.

    root : str or path-like, default=None
        Folder that relative paths in the table start from; the folder of the table by default.

    file : str, default="file"
        Column of the paths.

    emotion : str, default="emotion"
        Column of the labels.

    speaker : str, default="speaker"
        Column of the speakers.

    emotions : dict, default=None
        The emotion for each label, or None for a label whose recordings are to be left out. Without it, the
        labels are the emotions.

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
        Dictionary-like object, in the order of the table, with the attributes

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
            ``corpus`` (where ``name`` is given), ``label`` (as found) and the other columns of the table.
        left_out : dict of str to list of str
            Paths of the recordings that were listed and not taken, by reason.
        frame : DataFrame of shape (n_recordings, n_columns) or None
            Columns ``file``, ``emotion``, ``speaker`` and the metadata; None unless ``as_frame`` is true.
        DESCR : str
            What was found and what was left out.

    (data, target) : tuple if ``return_X_y`` is true
        The paths and the emotions.

    Raises
    ------
    CorpusError
        The table is missing, cannot be read, lacks a column, or names files that do not exist or that it has
        named before; an emotion or a speaker is empty; a label is not in ``emotions``, or labels differ in
        letter case only. The message names the lines of the table, the header being line 1.

    See Also
    --------
    load_corpus : A folder whose names tell emotion and speaker.
    load_ravdess : A published corpus.

    Notes
    -----
    A recording is a whole file. A table of segments, with a ``start`` other than 0, is refused.

    The frame of every loader is such a table: ``load_ravdess(root, as_frame=True).frame.to_csv(...)`` writes
    what ``load_table`` reads.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from sklearn_ser.datasets import load_table
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     Path(folder, "1.wav").touch()
    ...     Path(folder, "2.wav").touch()
    ...     rows = ["file,emotion,speaker,age", "1.wav,happy,anna,31", "2.wav,sad,ben,45"]
    ...     _ = Path(folder, "table.csv").write_text("\n".join(rows))
    ...     corpus = load_table(Path(folder, "table.csv"))
    >>> corpus.target, corpus.groups
    (array(['happy', 'sad'], dtype='<U5'), array(['anna', 'ben'], dtype='<U4'))
    >>> corpus.metadata["age"]
    array([31, 45])
    """
    csv = Path(csv).expanduser()
    lines, table = _read_csv(csv)
    columns = {"file": file, "emotion": emotion, "speaker": speaker}
    _check_columns(csv, table, columns)
    folder = csv.parent if root is None else Path(root).expanduser()
    files = [str(folder / path) for path in table[file]]
    _check_files(csv, folder, table, table[file], files, lines)
    return make_own_bunch(
        files,
        table[emotion],
        table[speaker],
        {column: _typed(cells) for column, cells in table.items() if column not in columns.values()},
        places=lines,
        source=f"Table {str(csv)!r}",
        emotions=emotions,
        name=name,
        facts={"Table": str(csv), "Folder": str(folder)},
        return_X_y=return_X_y,
        as_frame=as_frame,
    )


def _read_csv(csv):
    """Read a table: what an error message calls each row, and the cells of each column, as text."""
    if not csv.is_file():
        raise CorpusError(f"There is no table {str(csv)!r}.")
    try:
        with csv.open(encoding="utf-8-sig", newline="") as stream:
            rows = reader(stream, skipinitialspace=True, strict=True)
            header = next(rows, [])
            numbered = [(rows.line_num, row) for row in rows if row]
    except (FormatError, UnicodeDecodeError) as error:
        raise CorpusError(f"Table {str(csv)!r} cannot be read: {error}") from error
    if not numbered:
        raise CorpusError(f"Table {str(csv)!r} has no rows under its header.")
    if twice := sorted({column for column in header if header.count(column) > 1}):
        raise CorpusError(f"Table {str(csv)!r} has more than one column {quote(twice)}.")
    for line, row in numbered:
        if len(row) != len(header):
            raise CorpusError(
                f"Table {str(csv)!r}: line {line} has {len(row)} cells under a header of {len(header)}."
            )
    cells = zip(*(row for _, row in numbered), strict=True)
    return [f"line {line}" for line, _ in numbered], dict(zip(header, map(list, cells), strict=True))


def _check_columns(csv, table, columns):
    """Raise unless a table has our columns, each once."""
    for ours, theirs in columns.items():
        if theirs not in table:
            close = get_close_matches(theirs.lower(), [column.lower() for column in table], n=1)
            close = [column for column in table if column.lower() in close]
            hint = f" Did you mean {close[0]!r}? Pass {ours}={close[0]!r}." if close else ""
            raise CorpusError(
                f"Table {str(csv)!r} has no column {theirs!r}; its columns: {quote(table, limit=20)}.{hint}"
            )
        if theirs != ours and ours in table:
            raise CorpusError(
                f"Table {str(csv)!r} has a column {ours!r} beside {ours}={theirs!r}; rename one."
            )


def _typed(cells):
    """Turn a column of numbers into numbers, with an empty cell as nan; codes such as "05" stay text."""
    if all(re.fullmatch(r"-?(0|[1-9]\d*)", cell) for cell in cells):
        return [int(cell) for cell in cells]
    if all(re.fullmatch(r"(-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?)?", cell) for cell in cells) and any(cells):
        return [float(cell or "nan") for cell in cells]
    return cells


def _check_files(csv, folder, table, named, files, lines):
    """Raise unless every row names a file of its own, whole and present."""
    first, repeated, missing = {}, [], []
    for line, name, path in zip(lines, named, files, strict=True):
        if not Path(path).is_file():
            missing.append(f"{line} {name!r}")
        elif first.setdefault(path, line) != line:
            repeated.append(f"{line} {name!r} (as in {first[path]})")
    if missing:
        raise CorpusError(
            f"Table {str(csv)!r}: {len(missing)} of {len(files)} files are not there: {_list(missing)}. "
            f"Relative paths start from {str(folder)!r}; root names another folder."
        )
    if repeated:
        raise CorpusError(f"Table {str(csv)!r}: {len(repeated)} rows repeat a file: {_list(repeated)}.")
    if "start" in table:
        cut = [line for line, start in zip(lines, table["start"], strict=True) if re.search("[1-9]", start)]
        if cut:
            raise CorpusError(
                f"Table {str(csv)!r} lists segments, whose start is not 0: {_list(cut)}. A recording here is "
                "a whole file; cut the segments into files first."
            )


def _list(items, limit=5):
    """Name the first few items and count the others."""
    return ", ".join(items[:limit]) + (f" and {len(items) - limit} more" if len(items) > limit else "")
