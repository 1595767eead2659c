"""Batches of sequences, and of streams of text whose state is carried from batch to batch.

An epoch is a list of steps, and a step is a list of batches whose gradients are summed. What is in
them depends on the data, the seed and the epoch alone, so that several processes that share the
batches of a step train what one does.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.checks import check_choice, check_integer
from textrep.errors import TrainingError
from textrep.optim.sequences import Sequences

__all__ = ["IGNORED", "Batch", "Batches", "LengthBatches", "StreamBatches"]

IGNORED = -100
"""The label of what no loss is taken of."""

_WINDOW = 100  # batches whose sequences are sorted by length together


@dataclass(frozen=True)
class Batch:
    """Sequences that are trained together.

    Attributes
    ----------
    tokens : Tensor of shape (batch, time), int64
        Padded with 0.
    lengths : Tensor of shape (batch,), int64
        How many tokens of each sequence are real; on the CPU wherever the others are.
    labels : Tensor of shape (batch,) or (batch, time), int64, or None
        What is to be predicted of each sequence or of each token; ``IGNORED`` where nothing is.
        Once an objective has prepared the batch: of shape (n,), only what is to be predicted.
    at : Tensor of shape (n,), int64, or None
        The tokens whose labels these are, as places in the flattened ``tokens``; None: all of them.
    stream : int or None
        Which carried state the batch begins with, and leaves changed; None where none is carried.
    starts : bool
        Whether a stream begins, and the state of the batch before is not for this one.
    """

    tokens: Tensor
    lengths: Tensor
    labels: Tensor | None = None
    at: Tensor | None = None
    stream: int | None = None
    starts: bool = True

    @property
    def n_tokens(self) -> int:
        """How many tokens are real."""
        return int(self.lengths.sum())

    def rows(self, n: int) -> Batch:
        """Return the first ``n`` sequences."""
        labels = None if self.labels is None else self.labels[:n]
        return replace(self, tokens=self.tokens[:n], lengths=self.lengths[:n], labels=labels)

    def to(self, device: torch.device) -> Batch:
        """Return the batch with its tokens and labels on a device."""
        if device.type == "cpu":
            return self

        def moved(tensor: Tensor | None) -> Tensor | None:
            return None if tensor is None else tensor.to(device, non_blocking=True)

        tokens = self.tokens.to(device, non_blocking=True)
        return replace(self, tokens=tokens, labels=moved(self.labels), at=moved(self.at))


class Batches(Protocol):
    """The batches of each epoch.

    Attributes
    ----------
    work : int
        Tokens of an epoch.
    n_parts : int
        Pieces that each epoch is cut into, of about one step.
    n_streams : int
        Carried states; 0 where none is.
    """

    work: int
    n_parts: int
    n_streams: int

    def steps(self, epoch: int, part: int) -> Sequence[Sequence[Any]]:
        """Return the steps of a part of an epoch: what names each batch of each."""

    def batch(self, name: Any) -> Batch:
        """Return the batch of that name, on the CPU."""

    def advice(self, n: int, width: int) -> str:
        """Say how to get batches of no more than ``n`` sequences of ``width`` tokens.

        It names the parameters that they were made by, and as many to a step as now.
        """


class LengthBatches:
    """Batches of sequences of about the same length, in an order that is new in each epoch.

    Sequences are shuffled, those of some hundred batches are sorted by length and cut into batches
    of no more tokens than there may be, the padding counted; then the batches are shuffled.

    Parameters
    ----------
    sequences : Sequences
        Empty ones are left out: nothing can be learnt from them.
    batch_tokens : int, default=4096
        Tokens of a batch at most, its padding too; a longer sequence is a batch by itself.
    batch_size : int, optional
        Sequences of a batch at most. Default: only ``batch_tokens`` counts.
    accumulate : int, default=1
        Batches of a step.
    shuffle : bool, default=True
        Whether the order changes; without it, all sequences are sorted by length.
    neighbours : bool, default=False
        Whether a batch holds sequences and then, for each in turn, the one that follows it in the
        same document; ``batch_tokens`` and ``batch_size`` are then of each half.
    random_state : int, default=0
        Seed of the order.

    Raises
    ------
    TrainingError
        There is no sequence, or with ``neighbours`` none that another one follows.

    Examples
    --------
    >>> sequences = Sequences.of([[5, 6], [7], [8, 9]])
    >>> batches = LengthBatches(sequences, batch_size=2, shuffle=False)
    >>> [batches.batch(rows).tokens.tolist() for rows, in batches.steps(0, 0)]
    [[[5, 6], [8, 9]], [[7]]]
    """

    n_streams = 0

    def __init__(
        self,
        sequences: Sequences,
        *,
        batch_tokens: int = 4096,
        batch_size: int | None = None,
        accumulate: int = 1,
        shuffle: bool = True,
        neighbours: bool = False,
        random_state: int = 0,
    ) -> None:
        _check(batch_tokens=batch_tokens, accumulate=accumulate)
        if batch_size is not None:
            _check(batch_size=batch_size)
        self._sequences, self._shuffle, self._seed = sequences, shuffle, random_state
        self._most_tokens, self._accumulate = batch_tokens, accumulate
        self._batch_size, self._most_rows = batch_size, batch_size or batch_tokens
        self._neighbours = neighbours
        lengths = sequences.lengths
        if neighbours:
            self._rows = sequences.followed()
            self._lengths = np.maximum(lengths, np.append(lengths[1:], 0))
        else:
            self._rows = np.flatnonzero(lengths)
            self._lengths = lengths
        if not len(self._rows):
            kind = "with another after it in its document" if neighbours else "with a token in it"
            raise TrainingError(f"There is nothing to learn from: no sequence {kind}. Give more.")
        self.work = int(lengths[self._rows].sum())
        if neighbours:
            self.work += int(lengths[self._rows + 1].sum())
        tokens = int(self._lengths[self._rows].sum())
        batches = max(tokens // batch_tokens, len(self._rows) // self._most_rows)
        self.n_parts = max(1, batches // accumulate)
        self._planned: tuple[int, list[list[NDArray[np.int64]]]] | None = None

    def steps(self, epoch: int, part: int) -> list[list[NDArray[np.int64]]]:
        """Return the steps of a part of an epoch: the numbers of the sequences of each batch."""
        if self._planned is None or self._planned[0] != epoch:
            self._planned = epoch, self._plan(epoch)
        steps = self._planned[1]
        begin, end = (len(steps) * at // self.n_parts for at in (part, part + 1))
        return steps[begin:end]

    def batch(self, name: NDArray[np.int64]) -> Batch:
        """Return the batch of these sequences."""
        rows = np.concatenate([name, name + 1]) if self._neighbours else name
        tokens, lengths, labels = self._sequences.padded(rows, IGNORED)
        return Batch(
            torch.from_numpy(tokens),
            torch.from_numpy(lengths),
            None if labels is None else torch.from_numpy(labels),
        )

    def advice(self, n: int, width: int) -> str:
        """Say how to get batches of no more than ``n`` sequences of ``width`` tokens."""
        n = n // 2 if self._neighbours else n
        if self._batch_size is not None:
            return _advice("batch_size", self._batch_size, n, self._accumulate)
        return _advice("batch_tokens", self._most_tokens, n * width, self._accumulate)

    def _plan(self, epoch: int) -> list[list[NDArray[np.int64]]]:
        random = np.random.default_rng([self._seed, epoch])
        rows = random.permutation(self._rows) if self._shuffle else self._rows
        mean = max(1, int(self._lengths[rows].mean()))
        window = _WINDOW * max(1, min(self._most_rows, self._most_tokens // mean))
        batches = []
        for first in range(0, len(rows), window if self._shuffle else len(rows)):
            chosen = rows[first:][:window] if self._shuffle else rows
            batches += self._cut(chosen[np.argsort(-self._lengths[chosen], kind="stable")])
        if self._shuffle:
            batches = [batches[at] for at in random.permutation(len(batches))]
        return [batches[at:][: self._accumulate] for at in range(0, len(batches), self._accumulate)]

    def _cut(self, rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """Cut sequences that are sorted, the longest first, into batches."""
        batches, begin = [], 0
        while begin < len(rows):
            fitting = self._most_tokens // int(self._lengths[rows[begin]])
            end = begin + max(1, min(fitting, self._most_rows))
            batches.append(rows[begin:end])
            begin = end
        return batches


class StreamBatches:
    """Batches of a text that is read as streams side by side, for truncated back-propagation.

    The text is cut into ``batch_size · accumulate`` streams of the same length. A step reads the
    next ``bptt`` tokens of each; every token is labelled with the one after it. The last tokens,
    fewer than there are streams, are not read.

    Parameters
    ----------
    tokens : ndarray of shape (n_tokens,), int
        The text.
    batch_size : int, default=20
        Streams of a batch.
    bptt : int, default=35
        Tokens that gradients go back through.
    accumulate : int, default=1
        Batches of a step; each carries its own state.
    named : {"batch_size", "batch_tokens"}, default="batch_size"
        Which parameter to advise a lower value of, where the memory is too small: that of whoever
        makes the batches. "batch_tokens" stands for ``batch_size`` · ``bptt``.

    Raises
    ------
    TrainingError
        The text has fewer than two tokens a stream.

    Examples
    --------
    >>> streams = StreamBatches(np.arange(9), batch_size=2, bptt=3)
    >>> batch = streams.batch((0, 0))
    >>> batch.tokens.tolist(), batch.labels.tolist()
    ([[0, 1, 2], [4, 5, 6]], [[1, 2, 3], [5, 6, 7]])
    """

    def __init__(
        self,
        tokens: NDArray[np.integer[Any]],
        *,
        batch_size: int = 20,
        bptt: int = 35,
        accumulate: int = 1,
        named: str = "batch_size",
    ) -> None:
        _check(batch_size=batch_size, bptt=bptt, accumulate=accumulate)
        check_choice("named", "StreamBatches", named, ("batch_size", "batch_tokens"))
        self._named = named
        n_rows = batch_size * accumulate
        self._length = (len(tokens) - 1) // n_rows
        if self._length < 1:
            raise TrainingError(
                f"A text of {len(tokens)} tokens is too short for {n_rows} streams: give more, or "
                "a smaller batch_size."
            )
        self._tokens, self._batch_size, self._bptt = tokens, batch_size, bptt
        self.n_streams = accumulate
        self.work = n_rows * self._length
        self.n_parts = -(-self._length // bptt)

    def steps(self, _epoch: int, part: int) -> list[list[tuple[int, int]]]:
        """Return the one step of a part: the number of the step and of the stream of each batch."""
        return [[(part, stream) for stream in range(self.n_streams)]]

    def batch(self, name: tuple[int, int]) -> Batch:
        """Return the batch of a step and a stream."""
        step, stream = name
        begin = step * self._bptt
        width = min(self._bptt, self._length - begin)
        first = (stream * self._batch_size + np.arange(self._batch_size)) * self._length + begin
        read = self._tokens[first[:, None] + np.arange(width + 1)].astype(np.int64)
        both = torch.from_numpy(read)
        return Batch(
            both[:, :-1].contiguous(),
            torch.full((self._batch_size,), width),
            both[:, 1:].contiguous(),
            stream=stream,
            starts=step == 0,
        )

    def advice(self, n: int, width: int) -> str:
        """Say how to get batches of no more than ``n`` sequences, of ``bptt`` tokens."""
        del width  # that of the last batch is lower
        tokens = 1 if self._named == "batch_size" else self._bptt
        return _advice(self._named, self._batch_size * tokens, n * tokens, self.n_streams)


def _check(**values: Hashable) -> None:
    for name, value in values.items():
        check_integer(name, "a batch", value, 1)


def _advice(parameter: str, value: int, fitting: int, accumulate: int) -> str:
    """Advise a lower value of a parameter, and so many more batches to a step."""
    return f"{parameter}={fitting} with accumulate={accumulate * -(-value // fitting)}"
