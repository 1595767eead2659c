"""The items of a benchmark as people read them: their text, their words, what is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textrep.evaluation.tasks.analogy import questions_of
from textrep.evaluation.tasks.tagging import text_of

__all__ = ["Wording", "wording"]

_POS = {
    **dict.fromkeys(("n", "noun"), "noun"),
    **dict.fromkeys(("v", "verb"), "verb"),
    **dict.fromkeys(("a", "adj", "adjective"), "adjective"),
    **dict.fromkeys(("r", "adv", "adverb"), "adverb"),
}


@dataclass(frozen=True)
class Wording:
    """One entry an item, in the order of `Items`.

    Attributes
    ----------
    texts : tuple of str
        The item on one line: "tiger : cat".
    expected : tuple of str
        What is right: a human score, an answer, a category or a label.
    words : tuple of tuple of str
        The words that the item rests on; none for items of running text.
    pos : tuple of str or None
        The part of speech that the benchmark itself states; None where it states none.
    """

    texts: tuple[str, ...]
    expected: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    pos: tuple[str, ...] | None = None


Columns = Mapping[str, Sequence[str]]


def wording(task: str, columns: Columns) -> Wording:
    """Return the items of a table of one task.

    Parameters
    ----------
    task : str
        Name of the task.
    columns : mapping of str to sequence of str
        Role to values, as the task takes them.

    Returns
    -------
    Wording
    """
    found = _READERS[task](columns)
    labels = columns.get("pos")
    if labels is None:
        return found
    pos = tuple(_POS.get(label.lower(), label.lower()) for label in labels)
    return Wording(found.texts, found.expected, found.words, pos)


def _relatedness(columns: Columns) -> Wording:
    pairs = tuple(zip(columns["word1"], columns["word2"], strict=True))
    return Wording(tuple(map(" : ".join, pairs)), tuple(columns["score"]), pairs)


def _synonym(columns: Columns) -> Wording:
    if "options" in columns:
        options = [text.split("|") for text in columns["options"]]
    else:
        names = [name for name in columns if name.removeprefix("option").isdecimal()]
        names.sort(key=lambda name: int(name.removeprefix("option")))
        options = [list(row) for row in zip(*(columns[name] for name in names), strict=True)]
    options = [[word for word in row if word] for row in options]
    right = [row[int(number) - 1] for row, number in zip(options, columns["correct"], strict=True)]
    return Wording(
        tuple(
            f"{q}: {', '.join(row)}" for q, row in zip(columns["question"], options, strict=True)
        ),
        tuple(right),
        tuple(zip(columns["question"], right, strict=True)),
    )


def _analogy(columns: Columns) -> Wording:
    asked = questions_of(columns)
    rows = list(zip(asked.a, asked.b, asked.c, asked.answers, strict=True))
    return Wording(
        tuple(f"{a} : {b} :: {c} : ?" for a, b, c, _ in rows),
        tuple("/".join(answers) for *_, answers in rows),
        tuple((a, b, c, answers[0]) for a, b, c, answers in rows),
    )


def _categorization(columns: Columns) -> Wording:
    words = tuple(columns["word"])
    return Wording(words, tuple(columns["category"]), tuple((word,) for word in words))


def _outlier(columns: Columns) -> Wording:
    rows = [
        (members.split("|"), stranger)
        for members, strangers in zip(columns["words"], columns["outliers"], strict=True)
        for stranger in strangers.split("|")
    ]
    return Wording(
        tuple(", ".join([*members, stranger]) for members, stranger in rows),
        tuple(stranger for _, stranger in rows),
        tuple((*members, stranger) for members, stranger in rows),
    )


def _relations(columns: Columns) -> Wording:
    pairs = tuple(zip(columns["word1"], columns["word2"], strict=True))
    return Wording(tuple(map(" : ".join, pairs)), tuple(columns["relation"]), pairs)


def _sts(columns: Columns) -> Wording:
    texts = zip(columns["sentence1"], columns["sentence2"], strict=True)
    return _of_texts(tuple(map(" | ".join, texts)), columns["score"])


def _classification(columns: Columns) -> Wording:
    return _of_texts(columns["text"], columns["label"])


def _tagging(columns: Columns) -> Wording:
    _, asked = text_of(columns)
    texts = [
        " ".join([*words[max(0, i - 3) : i], f"[{word}]", *words[i + 1 : i + 4]])
        for words in asked.sentences
        for i, word in enumerate(words)
    ]
    return Wording(
        tuple(texts),
        tuple(tag for tags in asked.tags for tag in tags),
        tuple((word,) for words in asked.sentences for word in words),
    )


def _perplexity(columns: Columns) -> Wording:
    return _of_texts(columns["sentence"], [""] * len(columns["sentence"]))


def _of_texts(texts: Sequence[str], expected: Sequence[str]) -> Wording:
    return Wording(tuple(texts), tuple(expected), ((),) * len(texts))


_READERS: dict[str, Callable[[Columns], Wording]] = {
    "relatedness": _relatedness,
    "synonym": _synonym,
    "analogy": _analogy,
    "categorization": _categorization,
    "outlier": _outlier,
    "relations": _relations,
    "sts": _sts,
    "classification": _classification,
    "tagging": _tagging,
    "perplexity": _perplexity,
}
