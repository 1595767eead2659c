"""Pieces of HTML: text that is escaped, tables with captions, figures with names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, NewType

from textrep.report.page import escape

__all__ = [
    "Cell",
    "Html",
    "bulleted",
    "figure",
    "foreign",
    "join",
    "paragraph",
    "section",
    "table",
    "text",
]

Html = NewType("Html", str)
"""A string that may stand in the page as it is; the type checker tells it from text."""


def text(value: object) -> Html:
    """Return text of our own, escaped."""
    return Html(escape(value))


def foreign(value: object, style: str = "") -> Html:
    """Return text from a model or a file: escaped, and whatever its direction, ours keeps its own.

    Examples
    --------
    >>> print(foreign("<b>"))
    <bdi>&lt;b&gt;</bdi>
    """
    return Html(f"<bdi{_class(style)}>{escape(value)}</bdi>")


def join(parts: Iterable[Html], between: str = "\n") -> Html:
    """Return the parts one after the other; ``between`` is text."""
    return Html(escape(between).join(parts))


def paragraph(content: Html, style: str = "") -> Html:
    """Return a paragraph."""
    return Html(f"<p{_class(style)}>{content}</p>")


def bulleted(items: Iterable[Html]) -> Html:
    """Return a list."""
    return Html("<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>")


def section(title: str, parts: Iterable[Html]) -> Html:
    """Return a section with a heading that can be linked to; nothing where there are no parts."""
    inside = join(parts)
    if not inside:
        return Html("")
    name = anchor(title)
    return Html(f'<section aria-labelledby="{name}">\n<h2 id="{name}">{escape(title)}</h2>\n'
                f"{inside}\n</section>")  # fmt: skip


def anchor(title: str) -> str:
    """Return the name of a heading in links.

    Examples
    --------
    >>> anchor("Cost and quality")
    'cost-and-quality'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


_LONG = 10  # rows of a table; longer ones may go on on the next sheet of paper
_WIDE = 12  # columns of a table; with wider ones the sheet is turned


class Cell(NamedTuple):
    """A cell of a table.

    Attributes
    ----------
    content : Html
    key : float or None
        What the column is sorted by, where that is not the text.
    style : str
        A class of the style sheet.
    shade : float or None
        How much of the accent colour is behind it, 0 to 1.
    """

    content: Html
    key: float | None = None
    style: str = ""
    shade: float | None = None


def table(
    caption: str,
    header: Sequence[Html],
    rows: Iterable[Sequence[Html | Cell]],
    *,
    sortable: bool = False,
    style: str = "",
) -> Html:
    """Return a table that scrolls by itself where it is wider than the page.

    Parameters
    ----------
    caption : str
        What it shows; also its name for screen readers.
    header : sequence of Html
        Names of the columns.
    rows : iterable of sequences of Html or Cell
        The first cell of each is the name of the row.
    sortable : bool, default=False
        Whether the page's script puts buttons into the header.
    style : str, default=""
        A class of the style sheet.
    """
    names = "".join(f'<th scope="col">{name}</th>' for name in header)
    lines = [f"<tr>{''.join(_cell(cell, i == 0) for i, cell in enumerate(row))}</tr>"
             for row in rows]  # fmt: skip
    scroll = "scroll wide" if len(header) > _WIDE else "scroll"
    styles = [style, "sortable" * sortable, "long" * (len(lines) > _LONG)]
    style = " ".join(filter(None, styles))
    return Html(
        f'<div class="{scroll}" tabindex="0" role="region" aria-label="{escape(caption)}">\n'
        f'<table{_class(style)} style="--columns:{len(header)}">'
        f"\n<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{names}</tr></thead>\n<tbody>\n" + "\n".join(lines) + "\n</tbody>\n</table>\n"
        "</div>"
    )


def figure(picture: Html, caption: Html) -> Html:
    """Return a picture with what it shows; it scrolls by itself where it is wider than the page."""
    return Html(
        f'<figure>\n<div class="scroll" tabindex="0" role="group" aria-label="Figure">{picture}'
        f"</div>\n<figcaption>{caption}</figcaption>\n</figure>"
    )


def _cell(given: Html | Cell, first: bool) -> str:
    cell = given if isinstance(given, Cell) else Cell(given)
    key = "" if cell.key is None else f' data-key="{cell.key:.6g}"'
    shade = "" if cell.shade is None else f' style="--shade:{100 * cell.shade:.0f}%"'
    style = _class(cell.style)
    if first:
        return f'<th scope="row"{key}{style}>{cell.content}</th>'
    return f"<td{key}{style}{shade}>{cell.content}</td>"


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""
