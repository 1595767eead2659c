r"""Sentence splitting by rules: no model, no download, one pass over the text.

A sentence ends at ``. ! ? …``, with the quotes and brackets that close after it, if white space
follows and the next word does not start in lower case; at ``。 ！ ？`` wherever they stand; and at
an empty line. A full stop does not end it after

- a title or a word that goes with the next ("Mr.", "e.g.", "vs.");
- a word that goes with a number, if a number follows ("No. 5", "pp. 3", "Jan. 1");
- an initial, an abbreviation with dots, or one that often stands inside a sentence ("J. Smith",
  "U.S. officials", "Acme Inc. shares"), unless the next word is one that typically starts one;
- a number or letter that starts a line, as in a list ("1. The first").

The words are English; other languages in Latin script do well with the other rules.
"""

# ruff: noqa: RUF001 -- quotation marks and full stops of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["mark_sentences", "split_sentences"]

_WIDE_STOPS = "。！？｡"
_CLOSING = "\"'”’»›)\\]}」』）】》"
_OPENING = "\"'“‘„«‹([{¿¡—–-*_"
# Groups: the stop with what closes after it; the next word (or character), if white space is
# between; whether a full stop follows that. The next word is looked at, not taken: it may have a
# stop of its own.
_STOP = re.compile(
    f"([.!?…{_WIDE_STOPS}]+[{_CLOSING}]*)(?:(?=\\s+[{re.escape(_OPENING)}]*\\s*(\\w+|\\S?)(\\.?)))?"
)
_NEVER_FIRST = frozenset(".,;:!?)]}%")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.)*[^\W\d_]|(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_LONGEST_ABBREVIATION = 16


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WITH_NEXT_WORD = _words(
    """
    mr mrs ms mx dr drs prof profs rev revd hon gen brig col maj capt cpt cmdr lt sgt cpl adm
    sen sens rep reps gov govs pres supt messrs mme mlle st ste mt ft fr e.g eg i.e ie vs v
    cf viz approx incl esp resp ca
    """
)
_WITH_NUMBER = _words(
    """
    no nos nr vol vols p pp pg fig figs art arts sec secs sect ch chap chaps eq eqs ref refs op
    par para tab ver jan feb mar apr jun jul aug sep sept oct nov dec c
    """
)
_INSIDE = _words(
    """
    inc corp co cos ltd bros llc plc etc jr sr esq dept univ assn ave blvd rd al est jan feb mar
    apr jun jul aug sept oct nov dec mon tue tues wed thu thur thurs fri
    """
)
_STATES = _words(
    """
    Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Kans Ky La Mass Md Me Mich Minn Miss Mo
    Mont Neb Nebr Nev Okla Ont Ore Pa Penn Que Tenn Tex Va Vt Wash Wis Wyo
    """
)
_STARTERS = _words(
    """
    The A An This That These Those It Its He She They We I You His Her Their Our My Your In On
    At By For From With Without Within As If When While Although Though After Before Since
    Because But And Or Nor So Yet However Moreover Furthermore Meanwhile Nevertheless
    Nonetheless Instead Indeed Thus Therefore Hence Then There Here What Who Whose Why How Where
    Which Whether Not No Yes Some Many Most Several Few One Two Three Each Every Both All Any
    Another Other Others Such Even Also Still Now Today Yesterday Later Earlier Until Unless
    Once To Under Over Despite During Between Among According Along Like Unlike Only Just
    Perhaps Nobody Nothing Everyone Everything Someone Something Having Being Mr Mrs Ms Dr Sen
    Rep Gov Is Are Was Were Do Does Did Can Could Will Would Should May Let
    """
)


def split_sentences(text: str) -> list[str]:
    r"""Return the sentences of a text, without the white space around them.

    Parameters
    ----------
    text : str
        Plain text. A line break is white space, an empty line ends a sentence.

    Returns
    -------
    list of str
        In order; their characters are those of ``text`` but for white space between them.

    Examples
    --------
    >>> split_sentences("Dr. Smith paid $3.50 on Jan. 5. (Really?) J. K. Rowling paid in the U.S.")
    ['Dr. Smith paid $3.50 on Jan. 5.', '(Really?)', 'J. K. Rowling paid in the U.S.']
    """
    sentences = []
    for paragraph in _EMPTY_LINE.split(text):
        start = 0
        for end in (*_ends(paragraph), len(paragraph)):
            sentence = paragraph[start:end].strip()
            if sentence:
                sentences.append(sentence)
            start = end
    return sentences


def mark_sentences(data: bytes) -> bytes:
    r"""Return a text with a ``\n`` after each sentence.

    Parameters
    ----------
    data : bytes
        UTF-8 text; other bytes are kept as they are. Line breaks stay, so each still ends a
        sentence, and an empty line still ends a document.

    Returns
    -------
    bytes
        The same bytes, but for the first white space after each sentence that is not the last of
        its line, which became ``\n``; where no white space stands, ``\n`` was put in. No empty
        line was made.

    Examples
    --------
    >>> mark_sentences(b"One. Two.  Three\nfour. \n\nFive.")
    b'One.\nTwo.\n Three\nfour. \n\nFive.'
    """
    text = data.decode("utf-8", "surrogateescape")
    pieces = []
    start = 0
    for end in _ends(text):
        after = end
        while text[after : after + 1].isspace():
            after += 1
        if after == len(text) or "\n" in text[end:after]:
            continue
        pieces.append(text[start:end])
        start = end + (after > end)
    pieces.append(text[start:])
    return "\n".join(pieces).encode("utf-8", "surrogateescape")


def _ends(text: str) -> Iterator[int]:
    """Yield where sentences end: after the stop and what closes with it."""
    for stop in _STOP.finditer(text):
        mark, following, dot = stop.groups()
        if mark[0] in _WIDE_STOPS:
            yield stop.end()
        elif following is not None:
            first = following[:1]
            if first.islower() or first in _NEVER_FIRST:
                continue
            if mark == "." and _goes_on(text, stop.start(), following, dot):
                continue
            yield stop.end()


def _goes_on(text: str, stop: int, following: str, dot: str) -> bool:
    """Whether the sentence goes on after the full stop at ``stop`` and before ``following``."""
    before = text[max(0, stop - _LONGEST_ABBREVIATION) : stop]
    words = before.split()
    if not words or before[-1].isspace():
        return False
    word = words[-1].lstrip(_OPENING)
    key = word.lower()
    if key in _WITH_NEXT_WORD:
        return True
    if key in _WITH_NUMBER and following[:1].isdecimal():
        return True
    if len(word) == 1 or word.isdecimal():
        line_start = stop - len(words[-1])
        if line_start == 0 or text[line_start - 1] == "\n":
            return True
    if _INITIALS.fullmatch(word) or key in _INSIDE or word in _STATES:
        return following not in _STARTERS or (dot == "." and len(following) == 1)
    return False
