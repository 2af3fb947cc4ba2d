"""The frame of a page and its tables, as HTML that loads nothing."""

import html
from numbers import Integral, Real

from ._inline_svg import printable

# Nothing is allowed but what is in the page: its own style, and pictures within the figures.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_SHORT = 20  # letters of a row's name that is not broken, as at the hyphen of speaker-01
_CSS = """
:root { color-scheme: light dark; --ink: #1b1d21; --soft: #5c6168; --band: #dcdfe3; --paper: #ffffff;
  --card: #f5f6f8; --line: #d3d7dc; --blue: #0072b2; --vermilion: #c24e00; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a7adb5; --band: #3a3f46; --paper: #15171a; --card: #1f2226;
    --line: #3d4249; --blue: #62b8ee; --vermilion: #f08c4a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
footer { padding-bottom: 2rem; color: var(--soft); font-size: .875rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.5rem 0 .5rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
p { max-width: 44rem; margin: .5rem 0; overflow-wrap: anywhere; }
.lead { font-size: 1.15rem; }
.note { border-left: .25rem solid var(--vermilion); padding-left: .75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0;
  margin: 1rem 0 0; }
a { color: var(--blue); }
pre { margin: 0; font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.scroll { overflow-x: auto; margin: 1rem 0; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.box { background: var(--card); border-radius: .4rem; padding: .75rem 1rem; margin: 1rem 0; }
pre span { display: block; padding-left: 19ch; text-indent: -19ch; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 1rem 0; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.box { background: var(--card); border-radius: .4rem; padding: .75rem 1rem; margin: 1rem 0; }
pre span { display: block; padding-left: 19ch; text-indent: -19ch; white-space: pre-wrap;
  overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  pre span { padding-left: 2ch; text-indent: -2ch; }
  th, td { padding: .25rem .5rem; }
}
.figures { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
figure { margin: 1rem 0; max-width: 100%; }
figure .scroll { margin: 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figure svg.wide { max-width: max(100%, 28rem); }
figure svg * { stroke-linejoin: round; stroke-linecap: butt; }
figure svg text { font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans",
  sans-serif !important; }
figcaption { max-width: 40rem; color: var(--soft); font-size: .9rem; }
table { border-collapse: separate; border-spacing: 0; font-size: .9375rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: .35rem; }
caption span { display: block; position: sticky; left: 0; max-width: min(44rem, 100vw - 2rem); }
th, td { padding: .25rem .75rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
tbody th, td.words, th.words { text-align: left; }
tbody th { font-weight: 500; position: sticky; left: 0; background: var(--paper); }
tbody th, td.words { max-width: 24rem; overflow-wrap: break-word; }
tbody th.short { white-space: nowrap; }
@media print {
  body { font-size: 10pt; }
  main, header, footer { max-width: none; padding: 0; }
  nav { display: none; }
  figure, tr, pre { break-inside: avoid; }
  figure svg, figure svg.wide { max-width: 100%; max-height: 22cm; }
  h2, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def escaped(text):
    """Give what stands for any text in HTML, between tags or in quotes."""
    return html.escape(printable(str(text)))


def page(title, lead, sections, closing):
    """Put a page together.

    Parameters
    ----------
    title : str
        Its heading, as text.
    lead : str
        What is said first, as HTML.
    sections : list of tuple of (str, str, str)
        Identifier, heading as text, and content as HTML.
    closing : str
        What is said last, as text.

    Returns
    -------
    str
        The page.
    """
    links = "\n".join(f'<li><a href="#{key}">{escaped(heading)}</a></li>' for key, heading, _ in sections)
    content = "\n".join(
        f'<section aria-labelledby="{key}">\n<h2 id="{key}">{escaped(heading)}</h2>\n{inside}\n</section>'
        for key, heading, inside in sections
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{escaped(title)}</title>
<style>{_CSS}</style>
</head>
<body>
<header>
<h1>{escaped(title)}</h1>
{lead}
<nav aria-label="Contents"><ul>
{links}
</ul></nav>
</header>
<main>
{content}
</main>
<footer><p>{escaped(closing)}</p></footer>
</body>
</html>
"""


def paragraph(text, kind=None):
    """Give a text as a paragraph."""
    return f"<p>{escaped(text)}</p>" if kind is None else f'<p class="{kind}">{escaped(text)}</p>'


def preformatted(text, label):
    """Give a text with its own lines; what is too long for the page goes on below, further in."""
    lines = "".join(f"<span>{escaped(line) or ' '}</span>" for line in text.splitlines())
    return f'<div class="box" role="group" aria-label="{escaped(label)}"><pre>{lines}</pre></div>'


def figure(svg, caption):
    """Give a figure with what is said below it."""
    # Where there is little room a figure is moved sideways, by the keyboard too, before it is too small.
    scrolled = f'<div class="scroll" role="group" aria-label="{escaped(caption)}" tabindex="0">{svg}</div>'
    return f"<figure>\n{scrolled}\n<figcaption>{escaped(caption)}</figcaption>\n</figure>"


def table(caption, titles, rows):
    """Give a table whose first column names the rows.

    Parameters
    ----------
    caption : str
        What it is about.
    titles : sequence of str
        Of the columns.
    rows : sequence of sequence
        Words and numbers; None and NaN are dashes.

    Returns
    -------
    str
        The table.
    """
    rows = [list(row) for row in rows]
    is_words = [any(isinstance(row[column], str) for row in rows) for column in range(len(titles))]
    is_words[0] = True
    heads = "".join(
        f'<th scope="col"{_class("words", words)}>{escaped(title)}</th>'
        for title, words in zip(titles, is_words, strict=True)
    )
    lines = "\n".join(
        f'<tr><th scope="row"{_class("short", len(str(row[0])) <= _SHORT)}>{_shown(row[0])}</th>'
        + "".join(
            f"<td{_class('words', words)}>{_shown(value)}</td>"
            for value, words in zip(row[1:], is_words[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" role="region" aria-label="{escaped(caption)}" tabindex="0"><table>\n'
        f"<caption><span>{escaped(caption)}</span></caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{lines}\n</tbody>\n</table></div>"
    )


def _class(name, is_it):
    return f' class="{name}"' if is_it else ""


def _shown(value):
    if value is None or value != value:
        return "-"
    if isinstance(value, Real) and not isinstance(value, (bool, Integral)):
        return f"{value:.3f}"
    return escaped(value)
