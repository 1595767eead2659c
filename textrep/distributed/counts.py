"""Counts of a corpus on a cluster, and their PMI: the same as on one machine, to the bit."""

from __future__ import annotations

from itertools import pairwise
from operator import getitem

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.corpus.encoded import Corpus
from textrep.counting import PARTS, Window, pmi_factors, pmi_rows
from textrep.distributed.cluster import Cluster
from textrep.distributed.matrix import DistributedMatrix
from textrep.distributed.place import CorpusPlace
from textrep.distributed.shards import ShardRows, add_shards, count_shard
from textrep.kernels import pmi as k
from textrep.parallel import even_rows
from textrep.progress import track

__all__ = ["count_cooccurrences", "pmi"]

_SHARD_TOKENS = 1 << 26  # positions and text of a shard take 0.8 GB
_BLOCK_ENTRIES = 1 << 26  # of the counts: 0.8 GB


def count_cooccurrences(
    corpus: Corpus,
    cluster: Cluster,
    window: Window,
    *,
    context_of: NDArray[np.int32] | None = None,
    cap: float = np.inf,
) -> DistributedMatrix:
    """Count how often each word of a corpus has each context.

    Each task counts a shard of the text in whole numbers; others add up what all shards counted for
    a stretch of words.

    Parameters
    ----------
    corpus : Corpus
        The text, in a folder that every worker can read.
    cluster : Cluster
        Where to count.
    window, context_of, cap
        As for :func:`textrep.counting.count_cooccurrences`.

    Returns
    -------
    DistributedMatrix of shape (n_words, n_contexts), float64
        The same counts as on one machine, whatever the number of workers, and whether or not some
        of them ended meanwhile.

    Raises
    ------
    ClusterError
        A worker cannot read the corpus, or the cluster is lost.
    CorpusError
        The corpus is damaged.
    """
    place = cluster.check_corpus(corpus)
    counts = corpus.vocabulary.counts
    columns = np.arange(len(counts), dtype=np.int32) if context_of is None else context_of
    n_contexts = int(columns.max(initial=-1)) + 1
    left, right, scale = window.whole_weights(int(counts.max(initial=0)))
    most = np.minimum(counts * (len(left) + len(right)), n_contexts)
    n_blocks = max(cluster.n_threads, int(most.sum()) // _BLOCK_ENTRIES)
    words = even_rows(np.concatenate([[0], np.cumsum(most)]), n_blocks)
    n_shards = max(cluster.n_threads, corpus.n_tokens // _SHARD_TOKENS)
    cuts = np.unique(np.linspace(0, corpus.n_tokens, n_shards + 1).astype(np.int64)).tolist()
    submit = cluster.client.submit
    with cluster.explaining(), track("counting", len(cuts) - 1 + len(words), "tasks") as task:
        where = cluster.send(columns)
        shards = [
            submit(_count, place, window, where, tokens, words, pure=False)
            for tokens in pairwise(cuts)
        ]
        blocks = []
        for number in range(len(words)):
            rows = [submit(getitem, shard, number, pure=False) for shard in shards]
            blocks.append(submit(add_shards, rows, n_contexts, scale, cap, pure=False))
        cluster.wait(shards, task)
        cluster.wait(blocks, task)
    return DistributedMatrix(
        cluster, blocks, [first for first, _ in words] + [len(counts)], n_contexts
    )


def _count(
    place: CorpusPlace,
    window: Window,
    context_of: NDArray[np.int32],
    tokens: tuple[int, int],
    words: list[tuple[int, int]],
) -> list[ShardRows]:
    return count_shard(place.open(), window, context_of, tokens, words)


def pmi(
    counts: DistributedMatrix,
    *,
    positive: bool,
    context_smoothing: float = 1.0,
    shift: float = 1.0,
) -> DistributedMatrix:
    """Return the PMI of counts; see :func:`textrep.counting.pmi`, whose values these are.

    Raises
    ------
    ClusterError
        The cluster is lost.
    """
    words = np.concatenate(counts.per_block(_row_sums))
    contexts = _column_sums(counts)
    row_factor, column_factor = pmi_factors(words, contexts, context_smoothing, shift)
    submit = counts.cluster.client.submit
    with counts.cluster.explaining():
        factors = counts.cluster.send(column_factor)
        blocks = [
            submit(pmi_rows, block, row_factor[rows], factors, positive=positive, pure=False)
            for block, rows in zip(counts.blocks, counts.slices(), strict=True)
        ]
    return DistributedMatrix(counts.cluster, blocks, counts.bounds, counts.shape[1])


def _row_sums(block: sp.csr_array) -> NDArray[np.float64]:
    sums = np.zeros(block.shape[0])
    k.row_sums(block.indptr, block.data, 0, sums)
    return sums


def _column_sums(counts: DistributedMatrix) -> NDArray[np.float64]:
    """Return the sums of the columns, added in the order in which one machine adds them.

    That is by stretches of rows whose borders depend on the matrix alone. A stretch that reaches
    over several blocks is passed from one to the next.
    """
    submit = counts.cluster.client.submit
    with counts.cluster.explaining():
        sums = []
        for first, last in even_rows(counts.indptr, PARTS):
            part = None
            for block, rows in zip(counts.blocks, counts.slices(), strict=True):
                begin, end = max(first, rows.start), min(last, rows.stop)
                if begin < end:
                    inside = (begin - rows.start, end - rows.start)
                    part = submit(_add_columns, block, *inside, part, pure=False)
            sums.append(part)
    total = np.zeros(counts.shape[1])
    for part in counts.cluster.results(sums):
        total += part
    return total


def _add_columns(
    block: sp.csr_array, first: int, last: int, sums: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return ``sums``, or zeros, with some rows of a block added."""
    total = np.zeros(block.shape[1]) if sums is None else sums.copy()
    k.column_sums(block.indptr, block.indices, block.data, first, last, total)
    return total
