"""``textrep explain``."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textrep.cli.options import Json, Model, Quiet
from textrep.cli.output import columns, print_json, say_composed, terminal_width
from textrep.cli.progress import showing_progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textrep.corpus import Corpus
    from textrep.inspection import Contexts, Example, Explanation, Together

__all__ = ["explain"]

_SCORES = {
    "count": "Scores are counts.",
    "PMI": "Scores are PMI.",
    "PPMI": "Scores are PPMI.",
    "value": "Scores are entries of the matrix as the SVD approximates it.",
    "product": "Scores are products with the vector of the context.",
}


def explain(
    model: Model,
    word1: Annotated[str, typer.Argument(metavar="WORD1", help="A word.")],
    word2: Annotated[str, typer.Argument(metavar="WORD2", help="Another.")],
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", min=1, help="How many contexts to list.")
    ] = 10,
    corpus: Annotated[
        str | None,
        typer.Option(
            "--corpus",
            metavar="CORPUS",
            help="The text that the model was trained on: show sentences with each context.",
            show_default="no sentences",
        ),
    ] = None,
    sentences: Annotated[
        int,
        typer.Option(
            "--sentences", metavar="N", min=1, help="Sentences for each word and context."
        ),
    ] = 1,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say why two words are similar: the contexts they share, and what each contributes.

    The cosine is a sum over contexts, whose parts are listed. Of counts, PMI, PPMI and SVD they are
    the model's own; those of word2vec and GloVe rest on a choice of basis, which is said.

    $ textrep explain ppmi cat dog
    $ textrep explain svd cat dog -n 5 --corpus corpus --sentences 2
    """
    from textrep import inspection

    with showing_progress(quiet):
        contexts = inspection.contexts_of(model)
        explanation = inspection.explain(contexts, word1, word2, number)
        found = {} if corpus is None else _sentences(contexts, explanation, corpus, sentences)
    say_composed(contexts.vectors, [word1, word2])
    if json:
        print_json(_as_json(explanation, found))
    else:
        print("\n".join([*_summary(explanation), *_listed(explanation)]))
        for context in explanation.contexts if found else ():
            print("\n".join(["", *_quoted(context.word, found)]))


def _sentences(
    contexts: Contexts, explanation: Explanation, name: str, n: int
) -> dict[str, dict[str, Together]]:
    """Return where the corpus has each of the two words with each of the contexts."""
    from textrep.corpus import as_corpus
    from textrep.inspection import occurrences

    corpus: Corpus = as_corpus(name)
    contexts.require_corpus(corpus)
    known = [context.word for context in explanation.contexts if context.word in corpus.vocabulary]
    place: dict[str, Any] = {
        key: contexts.settings[key]
        for key in ("window", "side", "boundary")
        if key in contexts.settings
    }
    words = dict.fromkeys([explanation.word1, explanation.word2])
    return {
        word: occurrences(corpus, word, known, n=n, **place)
        for word in words
        if word in corpus.vocabulary
    }


def _as_json(
    explanation: Explanation, found: Mapping[str, Mapping[str, Together]]
) -> dict[str, Any]:
    result = explanation.to_dict()
    for context in result["contexts"] if found else ():
        context["sentences"] = {
            word: {
                "times": together[context["word"]].times,
                "examples": [example._asdict() for example in together[context["word"]].examples],
            }
            for word, together in found.items()
            if context["word"] in together
        }
    return result


def _summary(explanation: Explanation) -> Iterator[str]:
    """Yield what kinds of contexts the cosine is made of."""
    word1, word2 = explanation.word1, explanation.word2
    yield f"{word1} and {word2}: cosine {explanation.similarity:.3f}"
    kinds = {
        "contexts of both": explanation.shared,
        "contexts that both avoid": explanation.avoided,
        "contexts of one alone": explanation.opposed,
    }
    rows = [
        (name, f"{part.contribution:.3f}", f"{part.n_contexts:,}")
        for name, part in kinds.items()
        if part.n_contexts
    ]
    if abs(explanation.outside) >= 5e-4:
        rows.append(("outside of all contexts", f"{explanation.outside:.3f}", ""))
    if rows:
        yield columns([("made of", "part", "contexts"), *rows], indent="  ", right=(1, 2))
    else:
        yield "  They have no context in common."


def _listed(explanation: Explanation) -> Iterator[str]:
    """Yield the contexts that contribute most, and what the figures are."""
    if not explanation.contexts:
        return
    rows = [("context", "part", explanation.word1, explanation.word2)]
    for word, part, score1, score2 in explanation.contexts:
        rows.append((word, f"{part:.4f}", f"{score1:.3f}", f"{score2:.3f}"))
    rest = explanation.shared.n_contexts - len(explanation.contexts)
    if rest:
        part = sum(context.contribution for context in explanation.contexts)
        rows.append((f"{rest:,} more", f"{explanation.shared.contribution - part:.4f}", "", ""))
    yield ""
    yield columns(rows, indent="  ", right=(1, 2, 3))
    note = _SCORES[explanation.score]
    if explanation.agreement is not None:
        one, other = explanation.agreement
        note += (
            " The vectors of contexts are not orthogonal: the parts are those in the nearest "
            f"orthonormal basis, whose coordinates correlate with the scores by {one:.2f} and "
            f"{other:.2f}."
        )
    yield ""
    yield textwrap.fill(note, terminal_width() or 80, break_on_hyphens=False)


def _quoted(context: str, found: Mapping[str, Mapping[str, Together]]) -> Iterator[str]:
    """Yield the sentences with a context."""
    yield context
    width = (terminal_width() or 80) - 4
    for word, together in found.items():
        if context not in together:
            yield f"  {word}: the context is not in this corpus"
            continue
        times, examples = together[context]
        yield f"  {word}: {times:,} {'time' if times == 1 else 'times'} in the window"
        for example in examples:
            yield "    " + _cut(example, width)


def _cut(example: Example, width: int) -> str:
    """Return as much of a sentence around the word and the context as fits, both in brackets."""
    marked = {example.word, example.context}
    cells = [
        f"[{token}]" if place in marked else token for place, token in enumerate(example.tokens)
    ]
    first, last = min(marked), max(marked) + 1
    room = width - len(" ".join(cells[first:last])) - len("… ") - len(" …")
    while first > 0 or last < len(cells):
        left = len(cells[first - 1]) + 1 if first > 0 else room + 1
        right = len(cells[last]) + 1 if last < len(cells) else room + 1
        nearer_left = min(marked) - first <= last - max(marked)
        if left <= room and (nearer_left or right > room):
            first, room = first - 1, room - left
        elif right <= room:
            last, room = last + 1, room - right
        else:
            break
    before, after = "… " if first > 0 else "", " …" if last < len(cells) else ""
    return before + " ".join(cells[first:last]) + after
