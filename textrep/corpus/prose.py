"""English prose out of documentation: what is left of reStructuredText, Markdown and docstrings.

Code, examples, tables, signatures, headings and markup go; paragraphs that a person would read
aloud stay. The rules are rough on purpose: losing a good paragraph costs little, keeping a table
costs more.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

__all__ = ["is_prose", "paragraphs"]

# The commonest words of English running text. Prose has one in four or more.
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about after all also an and any are as at be because been before but by can could do
        does each even for from had has have he her his how i if in into is it its just like made
        make many may more most must no not of on one only or other our out over own same she should
        since so some such than that the their them then there these they this those through to two
        under until up use used was we were what when where which while who will with without would
        you your""",
    )
)
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[^\n]*$", re.MULTILINE | re.DOTALL)
_DROPPED_DIRECTIVE = re.compile(
    r"\.\.\s+(code|code-block|sourcecode|math|image|figure|table|csv-table|list-table|toctree|"
    r"plot|ipython|testcode|testsetup|testoutput|doctest|raw|productionlist|include|literalinclude|"
    r"currentmodule|autofunction|autoclass|automodule|autosummary|_[^:]*|\[[^\]]*\])(::|:|\s|$)"
)
_DIRECTIVE = re.compile(r"^\s*\.\.\s+[\w-]+::[^\n]*\n?")
_UNDERLINE = re.compile(r"^\s*([=\-~^\"'#*+`.:_])\1{2,}\s*$", re.MULTILINE)
_NOT_PROSE_LINE = re.compile(
    r"\s*(>>>|\.\.\.\s|\$ |# |#!|@|:\w[^:]*:(\s|$)|\||\+[-=+]|<[a-zA-Z/!]|#+\s|!\[|\[!\[|%|In \[)"
)
_DEFINITION = re.compile(
    r"\s*[\w*.`'\"\[\], /|-]+\s:(\s|$)|\s*-{1,2}\w[\w-]*(\s|,|=)|\s*[*\w]+\s\([^()]*\):"
)
_BULLET = re.compile(r"^\s*([-*+•]|\(?\w{1,2}[.)])\s+")
_SECTION = re.compile(
    r"\s*(args|arguments|parameters|returns?|raises|yields|attributes|examples?|usage|references)"
    r"\s*:?\s*$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[`*\[<|\\]|::|https?:")
_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), " "),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r":[\w:+-]+:`[~!]?([^`<]+?)(\s*<[^`>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}"), r"\1"),
    (re.compile(r"`+([^`]*)`+_{0,2}"), r"\1"),
    (re.compile(r"<?\b(https?|ftp)://\S+"), " "),
    (re.compile(r"</?\w[^<>]*>"), " "),
    (re.compile(r"\[[\d, #*\w]{1,12}\]_?"), " "),
    (re.compile(r"(?<!\w)(\*\*|\*)(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\|(\w+)\|"), r"\1"),
    (re.compile(r"::"), ":"),
    (re.compile(r"\\"), ""),
    (re.compile(r" +"), " "),
    (re.compile(r" ([,.;:!?)])"), r"\1"),
)
_WORD = re.compile(r"[A-Za-z]+(?:['\u2019-][A-Za-z]+)*")
_STRANGE = re.compile(r"[^A-Za-z ,.;:'\u2019\"-]")
_CAPITAL = re.compile(r"[A-Z]")
_SHORTEST = 8
_LONGEST = 1_000


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of prose in a docstring or a documentation file.

    Parameters
    ----------
    text : str
        Plain text, reStructuredText or Markdown.

    Yields
    ------
    str
        One paragraph, markup taken off, white space collapsed, without line breaks.

    Examples
    --------
    >>> text = '''Add two numbers.
    ...
    ... This is the sum of *both* of the arguments, and it is never rounded::
    ...
    ...     total = add(1, 2)
    ... '''
    >>> list(paragraphs(text))
    ['This is the sum of both of the arguments, and it is never rounded:']
    """
    text = _FENCE.sub("", text.expandtabs().replace("\r\n", "\n").replace("\r", "\n"))
    literal_indent: int | None = None
    for block in re.split(r"\n\s*\n", textwrap.dedent(text)):
        block = block.strip("\n")
        if not block.strip():
            continue
        indent = len(block) - len(block.lstrip())
        if literal_indent is not None and indent > literal_indent:
            continue
        literal_indent = None
        if _DROPPED_DIRECTIVE.match(block.lstrip()) or block.rstrip().endswith("::"):
            literal_indent = indent
        if _DROPPED_DIRECTIVE.match(block.lstrip()) or _UNDERLINE.search(block):
            continue
        for piece in _pieces(_DIRECTIVE.sub("", block)):
            if piece.count(" ") + 1 >= _SHORTEST and is_prose(prose := _without_markup(piece)):
                yield prose


def _pieces(block: str) -> Iterator[str]:
    """Split a block at bullets and definitions, which go, and where a line is not prose."""
    lines: list[str] = []
    for line in block.split("\n"):
        if _NOT_PROSE_LINE.match(line) or _DEFINITION.match(line) or _SECTION.match(line):
            yield " ".join(lines)
            lines = []
        elif bullet := _BULLET.match(line):
            yield " ".join(lines)
            lines = [line[bullet.end() :]]
        else:
            lines.append(line)
    yield " ".join(lines)


def _without_markup(text: str) -> str:
    text = " ".join(text.split())
    if _MARKED.search(text):
        for pattern, instead in _MARKUP:
            text = pattern.sub(instead, text)
    return text.strip()


def is_prose(paragraph: str) -> bool:
    """Return whether a paragraph without line breaks is English running text.

    It begins with a capital letter or a quotation mark, ends as sentences do, has between 8 and
    1,000 words of which at least one in four is a function word, and consists of words: at least
    nine characters of ten are English letters, spaces and ordinary punctuation, and few words hold
    underscores, dots, digits or capitals inside.

    Examples
    --------
    >>> is_prose("The quick brown fox jumps over the dog that is in the way.")
    True
    >>> is_prose("x = f(a, b)[0] if a else g(a=1, b=2); return {'x': x}")
    False
    """
    if not paragraph or not (paragraph[0].isupper() or paragraph[0] in "\"'“("):
        return False
    if paragraph[-1] not in ".!?:)\"'”":
        return False
    tokens = paragraph.split()
    if not _SHORTEST <= len(tokens) <= _LONGEST:
        return False
    strange, capitals = len(_STRANGE.findall(paragraph)), len(_CAPITAL.findall(paragraph))
    if strange > 0.1 * len(paragraph) or capitals > 0.15 * len(paragraph):
        return False
    words = [word for token in tokens if (word := token.strip(".,;:!?()\"'“”"))]
    ordinary = sum(1 for word in words if _WORD.fullmatch(word) and word[1:] == word[1:].lower())
    function = sum(1 for word in words if word.lower() in _FUNCTION_WORDS)
    return ordinary >= 0.8 * len(words) and function >= 0.25 * len(words)
