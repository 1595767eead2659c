"""GloVe on workers that never train the same vector at once, so that nothing is averaged.

Words and contexts are dealt to as many groups as there are replicas. The counts of a group of words
with a group of contexts are a block, and blocks that share neither are a *stratum*. An epoch is as
many strata as there are groups, one after the other; the blocks of a stratum are trained side by
side, and the result is that of training them in turn.

References
----------
Gemulla, Nijkamp, Haas and Sismanis 2011, Large-Scale Matrix Factorization with Distributed
Stochastic Gradient Descent, KDD.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.distributed.matrix import DistributedMatrix
from textrep.sgd.glove import GloVeSettings, GloVeVectors, tiles_of, train_rounds
from textrep.sgd.tiles import Tiles
from textrep.sgd.trainer import Measured, total
from textrep.sgd.vectors import aligned

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["StratifiedGloVe"]

_WORDS, _CONTEXTS, _STRATA = 0, 1, 2  # what random numbers are drawn for

Integers = NDArray[np.int64]


class Lines(NamedTuple):
    """Some lines of :class:`textrep.sgd.glove.GloVeVectors`.

    Attributes
    ----------
    rows : ndarray of shape (n_lines, 2 · width), float32
        Vectors and their sums of squared gradients.
    biases : ndarray of shape (n_lines, 2), float32
        Biases and their sums of squared gradients.
    """

    rows: NDArray[np.float32]
    biases: NDArray[np.float32]


class Block(NamedTuple):
    """The vectors of a block, before or after it is trained.

    Attributes
    ----------
    words, contexts : Lines
        Those of its words, and of its contexts.
    measured : Measured
        Sums over its entries; zeros before.
    """

    words: Lines
    contexts: Lines
    measured: Measured = Measured(0, 0, 0.0)


class StratifiedGloVe(GloVeVectors):
    """Vectors and biases that are here, trained on counts that are on a cluster.

    It is a :class:`textrep.sgd.trainer.Trainer`; its parts are the strata of an epoch.

    Parameters
    ----------
    counts : DistributedMatrix of shape (n_words, n_contexts), float64
        Positive and finite; at least one. Not needed any more.
    settings : GloVeSettings
        How to train.
    replicas : int
        How many blocks are trained side by side, each by a thread; fewer where there are not so
        many words or contexts.

    Attributes
    ----------
    settings, rows, biases
        See :class:`textrep.sgd.glove.GloVeVectors`; the lines are those of the vocabulary.

    Raises
    ------
    ClusterError
        The cluster is lost.

    Notes
    -----
    The counts stay on the workers, 8 bytes an entry: those of a group of words are with one of
    them. In each stratum all vectors go there and back once.

    The result depends on ``replicas``, but not on the number of workers, or on which of them end
    meanwhile. That of one replica is what :class:`textrep.sgd.glove.GloVeTrainer` learns.
    """

    def __init__(self, counts: DistributedMatrix, settings: GloVeSettings, replicas: int) -> None:
        n_words, n_contexts = counts.shape
        super().__init__(n_words, np.arange(n_words + n_contexts), settings)
        self._cluster = counts.cluster
        self.work, self.n_parts = counts.nnz, min(replicas, n_words, n_contexts)
        self._words = self._dealt(_WORDS, n_words)
        columns = self._dealt(_CONTEXTS, n_contexts)
        self._contexts = [n_words + group for group in columns]
        self._tiles = self._placed(counts, columns)

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these strata of the epoch; yield the sums of each.

        Raises
        ------
        ClusterError
            The cluster is lost.
        """
        shifts = self._random(_STRATA, epoch).permutation(self.n_parts)
        for part in parts:
            pairs = [(row, int(row + shifts[part]) % self.n_parts) for row in range(self.n_parts)]
            trained: list[Block] = self._cluster.results(self._submitted(epoch, pairs))
            for (row, column), block in zip(pairs, trained, strict=True):
                self._put(self._words[row], block.words)
                self._put(self._contexts[column], block.contexts)
            yield total([block.measured for block in trained])

    def _submitted(self, epoch: int, pairs: Sequence[tuple[int, int]]) -> list[Future]:
        """Let workers train the blocks of a group of words with one of contexts."""
        return [
            self._cluster.submit(
                _trained,
                self._tiles[row],
                column,
                Block(self._got(self._words[row]), self._got(self._contexts[column])),
                self.settings,
                epoch,
            )
            for row, column in pairs
        ]

    def _got(self, lines: Integers) -> Lines:
        return Lines(self.rows[lines], self.biases[lines])

    def _put(self, lines: Integers, values: Lines) -> None:
        self.rows[lines], self.biases[lines] = values

    def _random(self, *key: int) -> np.random.Generator:
        seed = np.random.SeedSequence(self.settings.random_state, spawn_key=key)
        return np.random.default_rng(seed)

    def _dealt(self, what: int, n: int) -> list[Integers]:
        """Deal words or contexts to groups at random, so that each has frequent and rare ones."""
        order = self._random(what).permutation(n)
        return [np.sort(group) for group in np.array_split(order, self.n_parts)]

    def _placed(self, counts: DistributedMatrix, columns: Sequence[Integers]) -> list[Future]:
        """Let workers put the counts of each group of words into tiles, by groups of contexts."""
        submit = self._cluster.submit
        where = self._cluster.send([group.astype(np.int32) for group in columns])
        cut = []
        for block, rows in zip(counts.blocks, counts.slices(), strict=True):
            inside = [
                group[slice(*np.searchsorted(group, [rows.start, rows.stop]))] - rows.start
                for group in self._words
            ]
            cut.append([submit(_rows, block, group) for group in inside])
        return [
            submit(_in_tiles, list(pieces), where, self.settings)
            for pieces in zip(*cut, strict=True)
        ]


def _rows(block: sp.csr_array, rows: Integers) -> sp.csr_array:
    return block[rows]


def _in_tiles(
    pieces: Sequence[sp.csr_array], columns: Sequence[NDArray[np.int32]], settings: GloVeSettings
) -> list[Tiles]:
    """Return the counts of a group of words with each group of contexts."""
    counts = sp.vstack(pieces, format="csr")
    return [tiles_of(counts[:, group], settings, n_jobs=1) for group in columns]


def _trained(
    tiles: Sequence[Tiles], column: int, block: Block, settings: GloVeSettings, epoch: int
) -> Block:
    """Train a block on a worker; its words are those of ``tiles``, its contexts a group's."""
    chosen = tiles[column]
    words, contexts = np.split(chosen.lines, [len(chosen.rows)])
    rows = aligned(len(chosen.lines), block.words.rows.shape[1])
    biases = np.empty((len(rows), 2), np.float32)
    for lines, values in ((words, block.words), (contexts, block.contexts)):
        rows[lines], biases[lines] = values
    rounds = range(chosen.n_rounds)
    measured = total(list(train_rounds(chosen, settings, rows, biases, epoch, rounds, n_jobs=1)))
    return Block(
        Lines(rows[words], biases[words]), Lines(rows[contexts], biases[contexts]), measured
    )
