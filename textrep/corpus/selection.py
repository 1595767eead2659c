"""Which words a vocabulary keeps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.vocabulary import Vocabulary
from textrep.corpus.words import WordTable
from textrep.errors import VocabularyError

__all__ = ["Selection", "SelectionRules", "select_words"]


@dataclass(frozen=True)
class SelectionRules:
    """The rules, applied in this order.

    Parameters
    ----------
    words : collection of str, optional
        Keep only these.
    stop_words : collection of str
        Leave these out.
    min_count : int
        Leave out words that occur fewer times.
    min_df, max_df : int or float
        Leave out words that are in fewer, or more, documents: a number of documents (int) or a
        share of them (float).
    max_size : int, optional
        Keep only that many, the most frequent.
    """

    words: Collection[str] | None = None
    stop_words: Collection[str] = ()
    min_count: int = 5
    min_df: int | float = 1
    max_df: int | float = 1.0
    max_size: int | None = None

    @property
    def needs_documents(self) -> bool:
        """Whether the rules ask in how many documents a word is."""
        fewest = isinstance(self.min_df, float) or self.min_df > 1
        return fewest or not isinstance(self.max_df, float) or self.max_df < 1.0


@dataclass(frozen=True)
class Selection:
    """What was kept, and what each rule dropped.

    Attributes
    ----------
    vocabulary : Vocabulary
        The kept words.
    numbers : ndarray of shape (n_types,), int32
        The number in the vocabulary of each word of the table; -1 if it was dropped.
    dropped : dict of str to dict
        For each rule that dropped any: ``{"types": …, "tokens": …}``.
    """

    vocabulary: Vocabulary
    numbers: NDArray[np.int32]
    dropped: dict[str, dict[str, int]]


def select_words(
    table: WordTable,
    rules: SelectionRules,
    document_frequency: NDArray[np.int64] | None = None,
    n_documents: int = 0,
) -> Selection:
    """Apply ``rules`` to the words of ``table``.

    Parameters
    ----------
    table : WordTable
        Every word of the text with its count.
    rules : SelectionRules
        What to keep.
    document_frequency : ndarray of shape (n_types,), int64, optional
        In how many documents each word is; needed if ``rules.needs_documents``.
    n_documents : int
        Documents in all.

    Raises
    ------
    VocabularyError
        Nothing is left.
    """
    counts = table.counts
    # Words whose every occurrence became part of a phrase are none of the text any more.
    alive = counts > 0
    dropped: dict[str, dict[str, int]] = {}

    def drop(rule: str, away: NDArray[np.bool_]) -> None:
        away = away & alive
        if away.any():
            dropped[rule] = {"types": int(away.sum()), "tokens": int(counts[away].sum())}
        alive[away] = False

    if rules.words is not None:
        drop("words", ~_members(table, alive, rules.words))
    if rules.stop_words:
        drop("stop_words", _members(table, alive, rules.stop_words))
    drop("min_count", counts < rules.min_count)
    if document_frequency is not None:
        # Compared as a quotient, not as a product: 7 / 100 is 0.07, but 0.07 * 100 is above 7.
        share = document_frequency / max(1, n_documents)
        for rule, bound, beyond in (
            ("min_df", rules.min_df, np.less),
            ("max_df", rules.max_df, np.greater),
        ):
            drop(rule, beyond(share if isinstance(bound, float) else document_frequency, bound))
    numbers = np.flatnonzero(alive)
    names = table.words(numbers)
    order = sorted(range(len(names)), key=names.__getitem__)
    order = sorted(order, key=(-counts[numbers]).tolist().__getitem__)
    if rules.max_size is not None and len(order) > rules.max_size:
        drop("max_size", np.isin(np.arange(len(counts)), numbers[order[rules.max_size :]]))
        order = order[: rules.max_size]
    if not order:
        raise VocabularyError(_nothing_left(rules, counts, dropped))
    kept = numbers[order]
    renumbered = np.full(len(counts), -1, np.int32)
    renumbered[kept] = np.arange(len(kept))
    vocabulary = Vocabulary([names[i].decode() for i in order], counts[kept].copy())
    return Selection(vocabulary, renumbered, dropped)


def _members(
    table: WordTable, alive: NDArray[np.bool_], words: Collection[str]
) -> NDArray[np.bool_]:
    # Half a surrogate pair is in no text, so such a word matches nothing.
    wanted = {word.encode("utf-8", "surrogatepass") for word in words}
    return np.array([word in wanted for word in table.words(np.arange(len(alive)))], bool)


def _nothing_left(
    rules: SelectionRules, counts: NDArray[Any], dropped: dict[str, dict[str, int]]
) -> str:
    if len(counts) == 0:
        return "The text has no words under this tokenizer. Choose another tokenizer or input."
    most = f"the most frequent of {len(counts):,} words occurs {counts.max():,} times"
    return (
        f"No word is left in the vocabulary: {', '.join(dropped)} dropped all of them "
        f"(min_count is {rules.min_count}; {most}). Loosen these rules."
    )
