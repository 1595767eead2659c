"""Sequences of tokens, one after the other in one array, with what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InputError, UsageError

__all__ = ["Sequences"]

Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Sequences:
    """Sequences of tokens.

    Attributes
    ----------
    tokens : ndarray of shape (n_tokens,), int
        One sequence after the other.
    offsets : ndarray of shape (n + 1,), int64
        Where each begins, and the last ends.
    labels : ndarray of shape (n,) or (n_tokens,), int, or None
        A label a sequence, or a label a token, as ``labelled`` says.
    labelled : {"sequences", "tokens", "nothing"}
        What has labels.
    documents : ndarray of shape (n_documents + 1,), int64, or None
        Where each document begins, in sequences, and the last ends; None: all are of one.

    Raises
    ------
    InputError
        There are not as many labels as there are sequences, or tokens.
    """

    tokens: Integers
    offsets: NDArray[np.int64]
    labels: Integers | None = None
    labelled: str = "nothing"
    documents: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        needed = {"sequences": len(self), "tokens": len(self.tokens), "nothing": 0}
        given = 0 if self.labels is None else len(self.labels)
        if given != needed[self.labelled]:
            raise InputError(
                f"There are {given:,} labels for {needed[self.labelled]:,} {self.labelled}: "
                "give one for each."
            )

    @classmethod
    def of(
        cls,
        sequences: Sequence[Sequence[int]],
        labels: Sequence[int] | Sequence[Sequence[int]] | None = None,
    ) -> Self:
        """Return sequences from lists.

        Parameters
        ----------
        sequences : sequence of sequence of int
            The tokens of each.
        labels : sequence of int, or of sequence of int, optional
            The label of each sequence, or those of its tokens.

        Raises
        ------
        InputError
            There are not as many labels as there are sequences, or tokens of one.

        Examples
        --------
        >>> Sequences.of([[1, 2], [3]], labels=[[0, 1], [1]]).labelled
        'tokens'
        """
        lengths = [len(sequence) for sequence in sequences]
        tokens = np.array([token for sequence in sequences for token in sequence], np.int64)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
        if labels is None:
            return cls(tokens, offsets)
        of_tokens = [label for label in labels if isinstance(label, Sequence)]
        if not of_tokens:
            return cls(tokens, offsets, np.array(labels, np.int64), "sequences")
        for number, (length, given) in enumerate(zip(lengths, of_tokens, strict=False)):
            if length != len(given):
                raise InputError(
                    f"Sequence {number} has {length} tokens and {len(given)} labels: "
                    "give one for each."
                )
        flat = [label for sequence in of_tokens for label in sequence]
        return cls(tokens, offsets, np.array(flat, np.int64), "tokens")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each sequence, of shape (n,)."""
        return np.diff(self.offsets)

    def take(self, rows: NDArray[np.int64]) -> Sequences:
        """Return some of the sequences, in this order.

        Parameters
        ----------
        rows : ndarray of shape (n_taken,), int64
            Which.

        Raises
        ------
        UsageError
            The sequences are those of documents.

        Examples
        --------
        >>> Sequences.of([[1, 2], [3], [4, 5]], labels=[7, 8, 9]).take(np.array([2, 0])).tokens
        array([4, 5, 1, 2])
        """
        if self.documents is not None:
            raise UsageError("Sequences of documents are not taken one by one.")
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        at = np.arange(offsets[-1]) + np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        labels = self.labels
        if labels is not None:
            labels = labels[at if self.labelled == "tokens" else rows]
        return Sequences(self.tokens[at], offsets, labels, self.labelled)

    def split(self, length: int) -> Sequences:
        """Return sequences of at most so many tokens.

        Longer ones are cut into several; those that have a label themselves are cut short, as the
        rest of them would have none.

        Parameters
        ----------
        length : int
            Tokens, 1 or more.

        Raises
        ------
        UsageError
            The sequences are those of documents, which would have to be cut as well.
        """
        if (self.lengths <= length).all():
            return self
        if self.documents is not None:
            raise UsageError("Sequences of documents cannot be cut: leave out the documents.")
        if self.labelled == "sequences":
            kept = np.minimum(self.lengths, length)
            offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int64)
            within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], kept)
            tokens = self.tokens[np.repeat(self.offsets[:-1], kept) + within]
            return Sequences(tokens, offsets, self.labels, self.labelled)
        pieces = np.maximum(1, -(-self.lengths // length))
        number = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        begins = np.repeat(self.offsets[:-1], pieces) + number * length
        offsets = np.append(begins, self.offsets[-1])
        return Sequences(self.tokens, offsets, self.labels, self.labelled)

    def followed(self) -> NDArray[np.int64]:
        """Return the numbers of the sequences that are not empty, nor is the next of the document.

        Returns
        -------
        ndarray of shape (n_pairs,), int64
        """
        real = self.lengths > 0
        follows = real[1:].copy()
        if self.documents is not None:
            first = self.documents[(self.documents > 0) & (self.documents < len(self))]
            follows[first - 1] = False
        return np.flatnonzero(real[:-1] & follows)

    def padded(
        self, rows: NDArray[np.int64], ignored: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64] | None]:
        """Return some of the sequences as a rectangle.

        Parameters
        ----------
        rows : ndarray of shape (batch,), int64
            Which.
        ignored : int
            The label of padding.

        Returns
        -------
        tokens : ndarray of shape (batch, time), int64
            Padded with 0.
        lengths : ndarray of shape (batch,), int64
        labels : ndarray of shape (batch,) or (batch, time), int64, or None
        """
        lengths = self.offsets[rows + 1] - self.offsets[rows]
        columns = np.arange(lengths.max())
        real = columns < lengths[:, None]
        at = np.where(real, self.offsets[rows][:, None] + columns, 0)
        tokens = np.where(real, self.tokens[at], 0).astype(np.int64)
        labels = self.labels
        if labels is None:
            return tokens, lengths, None
        if self.labelled == "sequences":
            return tokens, lengths, labels[rows].astype(np.int64)
        return tokens, lengths, np.where(real, labels[at], ignored).astype(np.int64)
