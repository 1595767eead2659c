"""As much English grammar as the small world needs; what is irregular stands in its files."""

from __future__ import annotations

__all__ = ["ONE", "SEVERAL", "capitalized", "past", "plural", "with_article"]

ONE = ("one", "each", "this", "every")
SEVERAL = ("many", "several", "these", "two")
"""What may stand before a noun in the singular and in the plural."""

_PAIRS = frozenset({"pants", "pliers", "scissors", "shears", "trousers"})
_HISSING = ("s", "x", "z", "ch", "sh")


def plural(noun: str) -> str:
    """Return the regular plural of a noun.

    Examples
    --------
    >>> [plural(noun) for noun in ("dog", "fox", "cherry", "monkey")]
    ['dogs', 'foxes', 'cherries', 'monkeys']
    """
    if noun in _PAIRS:
        return noun
    if _ends_in_consonant_y(noun):
        return noun[:-1] + "ies"
    if noun.endswith(_HISSING) or noun.endswith(("tomato", "potato", "mosquito")):
        return noun + "es"
    return noun + "s"


def past(verb: str) -> str:
    """Return the regular past of a verb.

    Examples
    --------
    >>> [past(verb) for verb in ("paint", "bake", "carry")]
    ['painted', 'baked', 'carried']
    """
    if _ends_in_consonant_y(verb):
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def with_article(phrase: str) -> str:
    """Return the phrase behind "a" or "an".

    Examples
    --------
    >>> with_article("owl"), with_article("useful pigeon"), with_article("pliers")
    ('an owl', 'a useful pigeon', 'a pair of pliers')
    """
    if phrase in _PAIRS:
        return f"a pair of {phrase}"
    vowel = phrase[0] in "aeiou" and not phrase.startswith(("use", "uni", "uku", "eu"))
    return f"{'an' if vowel else 'a'} {phrase}"


def capitalized(sentence: str) -> str:
    """Return the sentence with its first letter in upper case and the rest as it is."""
    return sentence[0].upper() + sentence[1:]


def _ends_in_consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2] not in "aeiou"
