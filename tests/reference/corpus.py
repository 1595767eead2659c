"""An encoded corpus made of Python lists: what a build must come to."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textrep.corpus import Corpus

Sentence = list[str]
Document = list[Sentence]
Tokenizer = Callable[[str], list[str]]

# What an empty line may hold.
BLANK = "".join(chr(c) for c in range(33) if c not in (10, 31))


def parse(text: str, tokenizer: Tokenizer, sentences: str = "line") -> list[Document]:
    r"""The documents of a text: an empty line ends one, a line break ends a sentence.

    Empty sentences and documents are left out.
    """
    documents: list[Document] = [[[]]]
    lines = text.split("\n")
    for number, line in enumerate(lines):
        words = tokenizer(line)
        documents[-1][-1] += words
        if number == len(lines) - 1:
            break
        if not words and not line.strip(BLANK):
            documents.append([[]])
        elif sentences == "line":
            documents[-1].append([])
    return without_empty(documents)


def without_empty(documents: list[Document]) -> list[Document]:
    full = [[sentence for sentence in document if sentence] for document in documents]
    return [document for document in full if document]


def count(documents: list[Document]) -> Counter[str]:
    return Counter(word for document in documents for sentence in document for word in sentence)


@dataclass
class Pruned:
    """Words with their counts, what is left of the documents, and what each rule dropped."""

    vocabulary: list[tuple[str, int]]
    documents: list[Document]
    dropped: dict[str, dict[str, int]]


def prune(
    documents: list[Document],
    *,
    min_count: int = 1,
    max_size: int | None = None,
    min_df: int | float = 1,
    max_df: int | float = 1.0,
    words: Collection[str] | None = None,
    stop_words: Collection[str] = (),
) -> Pruned:
    """Apply the rules in their order; equally frequent words are in the order of code points."""
    counts = count(documents)
    frequency = Counter(
        word for document in documents for word in {w for sentence in document for w in sentence}
    )
    left = dict(counts)
    dropped: dict[str, dict[str, int]] = {}

    def apply(rule: str, goes: Callable[[str], bool]) -> None:
        gone = [word for word in left if goes(word)]
        if gone:
            dropped[rule] = {"types": len(gone), "tokens": sum(left.pop(word) for word in gone)}

    def amount(word: str, bound: int | float) -> int | float:
        return frequency[word] / len(documents) if isinstance(bound, float) else frequency[word]

    if words is not None:
        apply("words", lambda word: word not in words)
    apply("stop_words", lambda word: word in stop_words)
    apply("min_count", lambda word: counts[word] < min_count)
    apply("min_df", lambda word: amount(word, min_df) < min_df)
    apply("max_df", lambda word: amount(word, max_df) > max_df)
    order = sorted(left, key=lambda word: (-counts[word], word))
    if max_size is not None:
        late = set(order[max_size:])
        apply("max_size", lambda word: word in late)
    kept = [
        [[word for word in sentence if word in left] for sentence in document]
        for document in documents
    ]
    vocabulary = [(word, counts[word]) for word in order if word in left]
    return Pruned(vocabulary, without_empty(kept), dropped)


def join_phrases(
    documents: list[Document], score: str, threshold: float, min_count: int, passes: int
) -> list[Document]:
    """Join pairs of words from left to right, as often as there are passes."""
    for _ in range(passes):
        counts = count(documents)
        total = sum(counts.values())
        pairs = Counter(
            pair
            for document in documents
            for sentence in document
            for pair in itertools.pairwise(sentence)
            if min(counts[pair[0]], counts[pair[1]]) >= min_count
        )
        phrases = set()
        for (first, second), n in pairs.items():
            product = counts[first] * counts[second]
            if score == "word2vec":
                value = (n - min_count) * total / product
            else:
                value = log(n * total / product) / -log(n / total) if n < total else 1.0
            if n >= min_count and value > threshold:
                phrases.add((first, second))
        documents = [[joined(sentence, phrases) for sentence in doc] for doc in documents]
    return documents


def joined(sentence: Sentence, phrases: set[tuple[str, str]]) -> Sentence:
    result = []
    position = 0
    while position < len(sentence):
        pair = tuple(sentence[position : position + 2])
        result.append("_".join(pair) if pair in phrases else sentence[position])
        position += 2 if pair in phrases else 1
    return result


def contents(corpus: Corpus) -> list[Document]:
    """The documents of an encoded corpus as lists of lists of words."""
    sentences = list(corpus.sentences())
    bounds = corpus.document_offsets.tolist()
    return [sentences[i:j] for i, j in itertools.pairwise(bounds)]


def vocabulary(corpus: Corpus) -> list[tuple[str, int]]:
    """The words of an encoded corpus with their counts."""
    return list(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True))
