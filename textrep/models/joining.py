"""Joining the counts of two texts: what they must have in common, and what the sum is of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus import Vocabulary
from textrep.counting import CountPart
from textrep.errors import InputError, UsageError

__all__ = ["joined_corpora", "part_of_sum"]

# What cannot be undone in counts: the sum would not be that of both texts.
_CANNOT_BE_ADDED = {"max_count": None, "ignore_top": 0}


def joined_corpora(
    name: str, earlier: Mapping[str, Any], added: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what describes the text of two models together.

    Parameters
    ----------
    name : str
        Of the earlier model's folder; named in the errors.
    earlier, added : mapping
        ``corpus_`` of each.

    Raises
    ------
    UsageError
        They were counted differently, or in a way that cannot be added to.
    InputError
        They were tokenized differently, or the earlier one has the same text already.
    """
    counting = added["counting"]
    for parameter, value in counting.items():
        other = earlier.get("counting", {}).get(parameter)
        if other != value:
            raise UsageError(
                f"The counts in {name} were made with {parameter}={other!r}, those to be added "
                f"with {parameter}={value!r}. Make both alike."
            )
        if parameter in _CANNOT_BE_ADDED and value != _CANNOT_BE_ADDED[parameter]:
            raise UsageError(
                f"Counts made with {parameter} cannot be added. Count both texts together, or "
                f"both without {parameter}."
            )
    if earlier.get("tokenizer") != added.get("tokenizer"):
        raise InputError(
            f"The text of {name} was tokenized in another way. Build the corpus with the same "
            "tokenizer."
        )
    texts = [*_texts(earlier), *_texts(added)]
    if len(set(texts)) < len(texts):
        raise InputError(f"The counts in {name} have this text already. Add each text once.")
    return {
        **added,
        "fingerprint": hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest(),
        "tokens": earlier.get("tokens", 0) + added.get("tokens", 0),
        "sources": [*earlier.get("sources", []), *added.get("sources", [])],
        "texts": texts,
    }


def _texts(corpus: Mapping[str, Any]) -> list[str]:
    """Return the fingerprints of the texts that were counted."""
    return list(corpus.get("texts", [corpus.get("fingerprint", "")]))


def part_of_sum(
    counts: sp.csr_array,
    vocabulary: Vocabulary,
    is_context: NDArray[np.bool_],
    joined: Vocabulary,
    context_of: NDArray[np.int32],
) -> CountPart:
    """Say where the rows and columns of counts are in a sum.

    Parameters
    ----------
    counts : csr_array of shape (n_words, n_contexts)
    vocabulary : Vocabulary
        Of the counts.
    is_context : ndarray of shape (n_words,), bool
        Which of its words are contexts, in the order of the columns.
    joined : Vocabulary
        Of the sum; has all words of ``vocabulary``.
    context_of : ndarray of shape (words of the sum,), int32
        The column of each word in the sum.

    Raises
    ------
    UsageError
        The contexts are not those that the counts have.
    """
    if int(is_context.sum()) != counts.shape[1]:
        raise UsageError(
            f"The counts to be added have {counts.shape[1]:,} contexts, but the lists of words "
            f"leave {int(is_context.sum()):,}. Give the lists that both were counted with."
        )
    numbers = joined.encode(vocabulary.words)
    rows = np.full(len(joined), -1, np.int32)
    rows[numbers] = np.arange(len(numbers), dtype=np.int32)
    columns = context_of[numbers[is_context]]
    return CountPart(counts.indptr, counts.indices, counts.data, rows, columns)
