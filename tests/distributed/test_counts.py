"""Counts and PMI on a cluster: the same bytes as here, also when a worker is killed."""

from __future__ import annotations

import contextvars
import os
import signal

import numpy as np
import pytest

from textrep import PPMI, Cooccurrence
from textrep.counting import PARTS, Window, count_cooccurrences
from textrep.counting import pmi as local_pmi
from textrep.distributed import count_cooccurrences as count_on_cluster
from textrep.distributed import pmi
from textrep.distributed.counts import _column_sums as column_sums
from textrep.errors import InvalidParameterError
from textrep.parallel import even_rows
from textrep.progress import LogReporter, reporting_to


def assert_same_bytes(found, expected):
    assert found.shape == expected.shape
    for part in ("data", "indices", "indptr"):
        one, other = getattr(found, part), getattr(expected, part)
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()


class Killing(LogReporter):
    """Kills a worker as soon as the first task is done."""

    def __init__(self, client):
        super().__init__()
        self.processes = client.run(os.getpid)
        self.killed = []

    def start(self, *arguments):
        task = super().start(*arguments)
        advance = task.advance

        def kill_and_advance(amount):
            if not self.killed:
                worker, process = next(iter(self.processes.items()))
                os.kill(process, signal.SIGKILL)
                self.killed.append(worker)
            advance(amount)

        task.advance = kill_and_advance
        return task


WINDOWS = [Window(5), Window(3, "flat", "left"), Window(30, boundary="document")]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
def test_the_counts_are_those_of_one_machine(cluster, corpus, window):
    context_of = np.arange(len(corpus.vocabulary), dtype=np.int32) - 3
    context_of[context_of < 0] = -1
    for columns, cap in ((None, np.inf), (context_of, 2.5)):
        found = count_on_cluster(corpus, cluster, window, context_of=columns, cap=cap)
        expected = count_cooccurrences(corpus, window, context_of=columns, cap=cap)
        assert len(found.blocks) > 1
        assert (found.shape, found.nnz) == (expected.shape, expected.nnz)
        assert_same_bytes(found.collect(), expected)


@pytest.mark.parametrize("positive", [True, False])
def test_the_pmi_is_that_of_one_machine(cluster, corpus, positive):
    options = {"positive": positive, "context_smoothing": 0.75, "shift": 2.0}
    counts = count_on_cluster(corpus, cluster, Window(2))
    expected = local_pmi(count_cooccurrences(corpus, Window(2)), **options)
    assert_same_bytes(pmi(counts, **options).collect(), expected)


def test_columns_are_added_in_the_order_of_one_machine(cluster, corpus):
    """Sums of thirds differ in their last digits where they are added in another order."""
    found = column_sums(count_on_cluster(corpus, cluster, Window(3)))
    here = count_cooccurrences(corpus, Window(3))
    expected = np.zeros(here.shape[1])
    for first, last in even_rows(here.indptr, PARTS):
        part, entries = np.zeros(here.shape[1]), slice(here.indptr[first], here.indptr[last])
        np.add.at(part, here.indices[entries], here.data[entries])
        expected += part
    assert found.tobytes() == expected.tobytes()
    assert found.tobytes() != here.sum(axis=0).tobytes()


def test_a_killed_worker_changes_nothing(client, cluster, corpus):
    reporter = Killing(client)
    with reporting_to(reporter):
        counts = count_on_cluster(corpus, cluster, Window(5))
    assert len(reporter.killed) == 1
    assert_same_bytes(counts.collect(), count_cooccurrences(corpus, Window(5)))


def test_a_worker_that_is_killed_with_the_counts_changes_nothing(client, cluster, corpus):
    counts = count_on_cluster(corpus, cluster, Window(5))
    expected = count_cooccurrences(corpus, Window(5))
    assert counts.nnz == expected.nnz
    place = next(iter(client.who_has(counts.blocks[0]).values()))[0]
    os.kill(client.run(os.getpid)[place], signal.SIGKILL)
    options = {"positive": True, "context_smoothing": 0.75, "shift": 1.0}
    assert_same_bytes(pmi(counts, **options).collect(), local_pmi(expected, **options))


@pytest.mark.parametrize("model", [Cooccurrence, PPMI])
def test_models_are_the_same(cluster, corpus, model):
    found = model(ignore_top=2, max_count=9.0).fit(corpus)
    assert_same_bytes(found.word_vectors_, outside(model(ignore_top=2, max_count=9.0), corpus))
    assert found.metrics_["entries"] == found.word_vectors_.nnz


def outside(model, corpus):
    """What a model learns outside of the block of the cluster."""
    return contextvars.Context().run(model.fit, corpus).word_vectors_


def test_memory_is_no_parameter_there(cluster, corpus):
    with pytest.raises(InvalidParameterError, match="memory parameter of PPMI must be left out"):
        PPMI(memory=1 << 24).fit(corpus)
