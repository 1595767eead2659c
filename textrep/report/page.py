"""A page of HTML in one file: it opens offline, light and dark, on a phone and on paper."""

from __future__ import annotations

import html
import json
from importlib.resources import files
from typing import Any

__all__ = ["asset", "embedded_json", "escape", "page"]

# Whatever a model or corpus smuggles into the page, nothing is fetched and nothing is sent.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def page(
    title: str,
    body: str,
    *,
    style: str = "",
    script: str = "",
    data: Any = None,
    language: str = "en",
) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
        As text; it becomes the title of the window and the heading.
    body : str
        HTML, already escaped.
    style, script : str, default=""
        CSS and JavaScript that come after the common ones.
    data : object, optional
        Anything that JSON can hold; the page's scripts have it as ``pageData``.
    language : str, default="en"
        Of the text.

    Returns
    -------
    str
        With everything in it; it asks for no other file.
    """
    return f"""<!doctype html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title>
<style>
{asset("page.css")}{style}</style>
</head>
<body>
<header>
<h1>{escape(title)}</h1>
<button id="theme" type="button" aria-label="Light or dark" title="Light or dark">◐</button>
</header>
<main>
{body}
</main>
<script type="application/json" id="page-data">{embedded_json(data)}</script>
<script>
{asset("page.js")}{script}</script>
</body>
</html>
"""


def escape(text: object) -> str:
    """Return text for HTML, inside elements and quoted attributes.

    Examples
    --------
    >>> escape('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return html.escape(str(text), quote=True)


def embedded_json(data: Any) -> str:
    r"""Return JSON that can stand inside a script element, whatever strings are in it.

    Raises
    ------
    ValueError
        There is NaN or an infinity in it, which JSON does not know.

    Examples
    --------
    >>> print(embedded_json({"word": "</script>"}))
    {"word":"\u003c/script>"}
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # The line separators end a line of JavaScript, though not of JSON.
    for character in "<\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def asset(name: str) -> str:
    """Return the text of a file in ``textrep/report/assets``."""
    return (files("textrep.report") / "assets" / name).read_text("utf-8")
