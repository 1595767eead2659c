"""Representations that are put together: where they come from, and the words they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.corpus import Vocabulary
from textrep.errors import InvalidParameterError, UsageError, VocabularyError
from textrep.models.base import Representation
from textrep.progress import logger
from textrep.storage import load_vectors, read_model
from textrep.storage.contents import vectors_of
from textrep.storage.model_folder import is_model_folder
from textrep.vectors import WordVectors

__all__ = ["Member", "common_words", "members_of", "shared_corpus"]


class Member(NamedTuple):
    """A representation that is put together with others.

    Attributes
    ----------
    name : str
        Its path, or its class and which of the members it is.
    vectors : WordVectors
        Dense.
    corpus : mapping
        What is known of the corpus that it was trained on.
    """

    name: str
    vectors: WordVectors
    corpus: Mapping[str, Any]


def members_of(sources: Any, caller: str) -> list[Member]:
    """Return what ``sources`` names.

    Parameters
    ----------
    sources : sequence of Representation, WordVectors, str or Path
        Fitted models, vectors, model folders and files of word vectors.
    caller : str
        Named in the errors.

    Raises
    ------
    InvalidParameterError
        There are fewer than two, or one is none of these.
    UsageError
        The vectors of one are sparse.
    """
    rule = "a list of at least two fitted models, word vectors or paths"
    if not isinstance(sources, list | tuple):
        raise InvalidParameterError("sources", caller, rule, _shown(sources))
    if len(sources) < 2:
        raise InvalidParameterError("sources", caller, rule, [_shown(item) for item in sources])
    members = []
    for number, source in enumerate(sources, start=1):
        member = _member(source, number)
        if member is None:
            raise InvalidParameterError("sources", caller, rule, _shown(source))
        if member.vectors.is_sparse:
            raise UsageError(
                f"{caller} needs dense vectors, and those of {member.name} are sparse, of "
                f"{member.vectors.dim:,} dimensions: reduce them first with SVD."
            )
        members.append(member)
    return members


def _shown(source: Any) -> Any:
    """Return a source as an error shows it: a path as it is, of others what they are."""
    return str(source) if isinstance(source, str | Path) else type(source).__name__


def _member(source: Any, number: int) -> Member | None:
    if isinstance(source, Representation):
        return Member(f"{type(source).__name__} ({number})", source.vectors_, source.corpus_)
    if isinstance(source, WordVectors):
        return Member(f"vectors ({number})", source, {})
    if not isinstance(source, str | Path):
        return None
    if is_model_folder(source):
        data = read_model(source)
        return Member(str(source), vectors_of(data, str(source)), data.corpus)
    return Member(str(source), load_vectors(source), {})


def common_words(
    members: Sequence[Member], caller: str
) -> tuple[Vocabulary, list[NDArray[np.int64]]]:
    """Return the words that all members have, and the rows where each member has them.

    Parameters
    ----------
    members : sequence of Member
    caller : str
        Named in the error.

    Returns
    -------
    vocabulary : Vocabulary
        In the order of the first member; with the counts of the first member that has counts, or
        zeros.
    rows : list of int64 array of shape (n_words,)
        One array a member.

    Raises
    ------
    VocabularyError
        They share no word.
    """
    indices = [member.vectors.index for member in members]
    words = [word for word in members[0].vectors.words if all(word in index for index in indices)]
    if not words:
        names = ", ".join(member.name for member in members)
        raise VocabularyError(f"{caller} needs words that all members have: {names} share none.")
    rows = [np.array([index[word] for word in words], np.int64) for index in indices]
    counts = np.zeros(len(words), np.int64)
    for member, places in zip(members, rows, strict=True):
        if member.vectors.counts is not None:
            counts = member.vectors.counts[places]
            break
    left_out = [
        f"{len(member.vectors) - len(words):,} of {member.name}"
        for member in members
        if len(member.vectors) > len(words)
    ]
    logger.info("%s words in common; left out: %s", f"{len(words):,}", ", ".join(left_out) or "0")
    return Vocabulary(words, counts), rows


def shared_corpus(members: Sequence[Member]) -> dict[str, Any]:
    """Return what is known of the corpus, if all members were trained on the same one."""
    fingerprints = {member.corpus.get("fingerprint") for member in members}
    return {} if fingerprints == {None} or len(fingerprints) > 1 else dict(members[0].corpus)
