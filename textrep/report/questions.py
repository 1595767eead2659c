"""The items of a benchmark in words, one text an item of its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textrep import data, recipes
from textrep.errors import TextrepError
from textrep.evaluation.tasks.analogy import questions_of

__all__ = ["items_of", "words_of"]

Columns = Mapping[str, Sequence[str]]


def items_of(benchmark: str) -> list[str]:
    """Return each item as text; nothing for a task whose items are not told in a few words.

    A benchmark that is no longer at hand has none either.
    """
    found = _table(benchmark)
    if found is None:
        return []
    task, columns = found
    return _TEXTS[task](columns) if task in _TEXTS else []


def words_of(benchmark: str) -> list[str]:
    """Return the words that a benchmark asks about, each once; none for one of texts."""
    found = _table(benchmark)
    if found is None:
        return []
    columns = found[1]
    roles = [role for role in ("word", "word1", "word2", "question", "a", "b", "c") if
             role in columns]  # fmt: skip
    return list(dict.fromkeys(word for role in roles for word in columns[role]))


def _table(benchmark: str) -> tuple[str, Columns] | None:
    recipe = recipes.benchmark_recipes().get(benchmark)
    if recipe is None:
        return None
    try:
        return recipe.task, data.table(recipe).columns
    except TextrepError:
        return None


def _pairs(first: str, second: str) -> Callable[[Columns], list[str]]:
    return lambda columns: [
        f"{one} / {other}" for one, other in zip(columns[first], columns[second], strict=True)
    ]


def _synonyms(columns: Columns) -> list[str]:
    texts = []
    for row, (question, right) in enumerate(
        zip(columns["question"], columns["correct"], strict=True)
    ):
        options = columns["options"][row].split("|") if "options" in columns else None
        answer = columns[f"option{right}"][row] if options is None else options[int(right) - 1]
        texts.append(f"{question}: {answer}")
    return texts


def _analogies(columns: Columns) -> list[str]:
    questions = questions_of(columns)
    return [
        f"{a} : {b} = {c} : {answers[0]}"
        for a, b, c, answers in zip(
            questions.a, questions.b, questions.c, questions.answers, strict=True
        )
    ]


_TEXTS: dict[str, Callable[[Columns], list[str]]] = {
    "relatedness": _pairs("word1", "word2"),
    "sts": _pairs("sentence1", "sentence2"),
    "synonym": _synonyms,
    "analogy": _analogies,
}
