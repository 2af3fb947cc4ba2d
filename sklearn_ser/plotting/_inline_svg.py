"""A figure as SVG that stands in a page, beside others and in the page's colours."""

import io
import re
import warnings
from contextlib import contextmanager
from xml.etree import ElementTree

from ._cells import BLUE, VERMILION

# What is drawn in these colours takes those of the page, which has others in the dark.
_INK = "#1b1d21"
_VARIABLES = {
    _INK: "var(--ink)",
    "#666666": "var(--soft)",
    "#d9d9d9": "var(--band)",
    BLUE.lower(): "var(--blue)",
    VERMILION.lower(): "var(--vermilion)",
}
_STYLE = {
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a speaker may be called $x$
    "svg.fonttype": "none",  # words stay words, in the page's font, which is narrower than that of the layout
}
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_WIDE = 450  # points, from which words are too small on a telephone if all of it is to be seen
_MAX_LETTERS = 28  # of a name beside an axis


@contextmanager
def page_style(key):
    """Draw within it for ``inline_svg``, whatever style the caller's figures have.

    Parameters
    ----------
    key : str
        Name of the figure, unlike that of any other of the page.

    Yields
    ------
    matplotlib Axes
        Where to draw.
    """
    import matplotlib.style
    from matplotlib.figure import Figure

    with matplotlib.style.context(["default", _STYLE | {"svg.hashsalt": key}]):
        # No figure of pyplot's: it needs no screen, and nobody has to close it.
        yield Figure(layout="constrained").add_subplot()


def inline_svg(figure, key, label):
    """Give a figure as an element of a page, within ``page_style``.

    Parameters
    ----------
    figure : matplotlib Figure
        What was drawn.
    key : str
        Put before every identifier in it, which are the same in all figures otherwise.
    label : str
        What is seen, for those who do not.

    Returns
    -------
    str
        The element.
    """
    written = io.StringIO()
    with warnings.catch_warnings():
        # The page's fonts have the letters that the layout's font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    root = ElementTree.fromstring(printable(written.getvalue()))
    for parent in root.iter():
        for child in list(parent):
            if _local(child.tag) in ("style", "metadata"):  # it would hold for the whole page
                parent.remove(child)
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {
            _local(name): _in_page(_local(name), value, key) for name, value in element.attrib.items()
        }
        if element.tag != "text":
            element.text = None
        element.tail = None
    width, height = (float(value) for value in root.get("viewBox").split()[2:])
    root.attrib = {
        "viewBox": root.get("viewBox"),
        "role": "img",
        "aria-label": printable(label),
        # In CSS pixels, as it was drawn; the page makes it smaller where there is less room.
        "width": f"{width * 4 / 3:.0f}",
        "height": f"{height * 4 / 3:.0f}",
    }
    if width > _WIDE:
        root.set("class", "wide")
    return ElementTree.tostring(root, encoding="unicode")


def tidy_names(axis):
    """Make the names beside an axis fit for a page, and tell whether long ones were cut in their middle."""
    names = [label.get_text() for label in axis.get_ticklabels()]
    whole = [printable(name) for name in names]
    tidy = ["\n".join(map(_cut, name.split("\n")[:2])) for name in whole]
    if tidy != names:
        axis.set_ticklabels(tidy)
    return tidy != whole


def _cut(line):
    half = _MAX_LETTERS // 2
    return line if len(line) <= _MAX_LETTERS else f"{line[:half]}…{line[-half:]}"


def printable(text):
    """Give a text with the escapes of characters that neither SVG nor HTML can hold."""
    return _UNWRITABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _local(name):
    return name.rpartition("}")[2]


def _in_page(name, value, key):
    """Put the figure's name before identifiers, and the page's colours in the place of the drawn ones."""
    if name == "id":
        return f"{key}-{value}"
    if name == "href" and value.startswith("#"):
        return f"#{key}-{value[1:]}"
    value = value.replace("url(#", f"url(#{key}-")
    if name == "style":
        for color, variable in _VARIABLES.items():
            value = value.replace(color, variable)
    return value
