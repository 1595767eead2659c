"""Phrases: pairs of words that occur side by side more often than chance has it.

References
----------
Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and Phrases
and their Compositionality, NIPS, equation 6.
Bouma 2009, Normalized (Pointwise) Mutual Information in Collocation Extraction, GSCL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.stream import BlockStream
from textrep.corpus.words import EncodedBlock, WordTable
from textrep.kernels import phrases as k
from textrep.progress import track

__all__ = ["PHRASE_SCORES", "PhraseRules", "join_phrases"]

Floats = NDArray[np.float64]
Score = Callable[[Floats, Floats, Floats, float, int], Floats]

JOINER = b"_"


def _word2vec(pair: Floats, first: Floats, second: Floats, total: float, minimum: int) -> Floats:
    """Return (n_ab - minimum) · N / (n_a · n_b)."""
    return (pair - minimum) * total / (first * second)


def _npmi(pair: Floats, first: Floats, second: Floats, total: float, minimum: int) -> Floats:
    """Return ln(p_ab / (p_a · p_b)) / -ln(p_ab), from -1 (never together) to 1 (only together)."""
    share = pair / total
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.log(pair * total / (first * second)) / -np.log(share)
    return np.where(share < 1.0, score, 1.0)


# name -> function, default threshold
PHRASE_SCORES: dict[str, tuple[Score, float]] = {
    "word2vec": (_word2vec, 100.0),
    "npmi": (_npmi, 0.5),
}


@dataclass(frozen=True)
class PhraseRules:
    """How phrases are found.

    Parameters
    ----------
    passes : int
        Each pass joins pairs; the second can join a pair with a third word, and so on.
    score : {"word2vec", "npmi"}
        How a pair is scored.
    threshold : float
        A pair is a phrase if its score is above.
    min_count : int
        Words and pairs that occur fewer times make no phrase.
    """

    passes: int
    score: str
    threshold: float
    min_count: int


def join_phrases(
    stream: BlockStream, table: WordTable, rules: PhraseRules, folder: Path
) -> tuple[BlockStream, WordTable]:
    """Join the phrases of a text.

    Parameters
    ----------
    stream : BlockStream
        The text, numbered by ``table``. Removed when it has been read.
    table : WordTable
        Its words and their counts.
    rules : PhraseRules
        What a phrase is.
    folder : Path
        Where the new stream is written.

    Returns
    -------
    stream : BlockStream
        The text with phrases joined; a phrase is spelt ``first_second``.
    table : WordTable
        Its words and their counts.

    Notes
    -----
    A pair that is split by the border of two blocks is not joined. A border is inside a sentence
    only where a line has more than four million bytes, or where lines do not end sentences.
    """
    for number in range(rules.passes):
        keys, values = _count(stream, table, rules, f"phrases, pass {number + 1}: counting")
        pairs, phrases = _choose(keys, values, table, rules)
        if not pairs.any():
            break
        joined = BlockStream(folder / f"phrases-{number}")
        counts = np.zeros(table.n_words, np.int64)
        with track(f"phrases, pass {number + 1}: joining", stream.n_tokens, "tokens") as task:
            for _, (ids, ends, documents) in stream:
                task.advance(len(ids))
                kept = ids[: k.join_pairs(ids, ends, documents, pairs, phrases)]
                counts += np.bincount(kept, minlength=len(counts))
                joined.append(EncodedBlock(kept, ends, documents))
        stream.remove()
        stream = joined
        table.counts[:] = counts
    return stream, table


def _count(
    stream: BlockStream, table: WordTable, rules: PhraseRules, name: str
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the keys and counts of the neighbouring pairs."""
    eligible = table.counts >= rules.min_count
    keys, values = np.zeros(1 << 20, np.uint64), np.zeros(1 << 20, np.int64)
    used = 0
    with track(name, stream.n_tokens, "tokens") as task:
        for _, (ids, ends, _documents) in stream:
            start = 0
            while start != k.DONE:
                used, start = k.count_pairs(ids, ends, eligible, keys, values, used, start)
                if start != k.DONE:
                    keys, values = _hash_table(keys[keys > 0], values[keys > 0])
            task.advance(len(ids))
    return keys[keys > 0], values[keys > 0]


def _choose(
    keys: NDArray[np.uint64], counts: NDArray[np.int64], table: WordTable, rules: PhraseRules
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return a hash table from pairs to phrases; the phrases become words of ``table``."""
    frequent = counts >= rules.min_count
    keys, counts = keys[frequent] - np.uint64(1), counts[frequent]
    first = (keys >> np.uint64(32)).astype(np.int64)
    second = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    score, _ = PHRASE_SCORES[rules.score]
    total = float(table.counts.sum())
    scores = score(
        counts.astype(float), table.counts[first].astype(float),
        table.counts[second].astype(float), total, rules.min_count,
    )  # fmt: skip
    chosen = np.flatnonzero(scores > rules.threshold)
    chosen = chosen[np.lexsort((second[chosen], first[chosen]))]
    heads, tails = table.words(first[chosen]), table.words(second[chosen])
    spelled = [head + JOINER + tail for head, tail in zip(heads, tails, strict=True)]
    numbers = table.add(spelled)
    return _hash_table(keys[chosen] + np.uint64(1), numbers.astype(np.int64))


def _hash_table(
    keys: NDArray[np.uint64], values: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return a hash table that holds ``keys`` and is at most a quarter full."""
    size = 1 << max(4, (4 * len(keys)).bit_length())
    table = np.zeros(size, np.uint64), np.zeros(size, np.int64)
    k.insert_pairs(keys, values, *table)
    return table
