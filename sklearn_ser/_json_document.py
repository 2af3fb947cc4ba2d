"""What the library writes down as JSON: with its kind and version, complete or not at all."""

import json
import os
from pathlib import Path

# Who writes each kind, so that an error can say what came in the place of another.
WRITERS = {
    "sklearn-ser evaluation": "EvaluationResult.to_json",
    "sklearn-ser robustness": "RobustnessResult.to_json",
    "sklearn-ser comparison": "ComparisonResult.to_json",
    "sklearn-ser audit": "CVAudit.to_json",
}


class JSONDocument:
    """Something that is written as JSON and read back.

    A class says by ``_as_document`` what ``write_document`` is to write: kind, version and content; and by
    ``_from_document`` how it comes out of a file or a text.
    """

    def to_json(self, path=None):
        """Write all that this holds as JSON.

        Parameters
        ----------
        path : str, path-like or None, default=None
            File to write, which appears when it is complete. None gives the text.

        Returns
        -------
        str or None
            The text, where ``path`` is None.
        """
        return write_document(*self._as_document(), path)

    @classmethod
    def from_json(cls, source):
        """Read what ``to_json`` has written.

        Parameters
        ----------
        source : str or path-like
            A file, or the text itself, which begins with a brace.

        Returns
        -------
        object
            One of this class, which holds the same.

        Raises
        ------
        ValueError
            The text is none of this class, is written in a version that is not known here, or was altered.
        """
        return cls._from_document(source)


def write_document(kind, version, content, path):
    """Write a document to a file, or give its text where there is no path.

    Parameters
    ----------
    kind : str
        One of ``WRITERS``.
    version : int
        Of the form that this kind has.
    content : dict
        What JSON can hold.
    path : str, path-like or None
        The file, which appears when it is complete.

    Returns
    -------
    str or None
        The text, where ``path`` is None.
    """
    text = json.dumps({"format": kind, "version": version, **content})
    return text if path is None else write_text(text, path)


def write_text(text, path):
    """Write a file that appears, or takes the place of another, when it is complete."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")  # beside it, to take its place in one step
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_document(kind, version, names, source, *, optional=()):
    """Read a document from a file or from its text.

    Parameters
    ----------
    kind, version : str, int
        What is needed.
    names : iterable of str
        Names of all that its content has.
    source : str or path-like
        A file, or the text itself, which begins with a brace.
    optional : iterable of str
        Those of the names that it may lack.

    Returns
    -------
    content : dict
        What was written.
    where : str
        What an error about it begins with: the file, or that it is a text.
    """
    is_text = isinstance(source, str) and source.lstrip().startswith("{")
    where = "The text" if is_text else repr(str(source))
    what = kind.removeprefix("sklearn-ser ")
    try:
        content = json.loads(source if is_text else Path(source).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # of JSON, or of UTF-8; or lists a thousand deep
        raise ValueError(f"{where} holds no {what}, for it is no JSON: {error}") from error
    came = content.pop("format", None) if isinstance(content, dict) else None
    if came != kind:
        other = f", but by {WRITERS[came]}" if isinstance(came, str) and came in WRITERS else ""
        raise ValueError(f"{where} holds no {what}: it was not written by {WRITERS[kind]}{other}.")
    if (number := content.pop("version", None)) != version or isinstance(number, bool):
        raise ValueError(
            f"{where} is written in version {number!r}, and this version of sklearn-ser reads {version}."
        )
    known, needed = set(names), set(names) - set(optional)
    if not needed <= content.keys() <= known:
        missing, unknown = sorted(needed - content.keys()), sorted(content.keys() - known)
        raise ValueError(
            f"{where} must have what {WRITERS[kind]} writes"
            + (f"; it lacks {', '.join(map(repr, missing))}" if missing else "")
            + (f"; it also has {', '.join(map(repr, unknown))}" if unknown else "")
            + "."
        )
    return content, where
