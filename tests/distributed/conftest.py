"""A cluster of two processes on this machine, which the tests of this folder share."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from textrep.corpus import Corpus
from textrep.distributed import Cluster, on_cluster

if TYPE_CHECKING:
    from distributed import Client


@pytest.fixture(scope="session")
def connected() -> Iterator[Client]:
    """A client of a cluster of two worker processes of one thread each."""
    import dask
    from distributed import Client, LocalCluster

    with (
        # Within this time after one kill another may come, and a worker is not there: not given up.
        dask.config.set({"distributed.deploy.lost-worker-timeout": "1 hour"}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as workers,
        Client(workers, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture
def client(connected) -> Client:
    """The client, when both workers are there; a test before may have killed one.

    Dask starts a worker again that ends, but not one that ends before its start is over, which is
    after the scheduler has it already.
    """
    for _ in range(600):
        nannies = connected.cluster.workers.values()
        if len(connected.nthreads()) == 2 and all(n.status.name == "running" for n in nannies):
            return connected
        time.sleep(0.1)
    pytest.fail("the workers did not come back")


@pytest.fixture
def cluster(client) -> Iterator[Cluster]:
    """The cluster, and what is computed while the test lasts is computed there."""
    with on_cluster(client) as entered:
        yield entered


def zipfian(n_sentences: int, n_words: int, seed: int) -> list[list[str]]:
    """Sentences of words whose frequencies fall as those of a language."""
    random = np.random.default_rng(seed)
    chances = 1 / np.arange(1, n_words + 1)
    return [
        [f"w{number}" for number in random.choice(n_words, length, p=chances / chances.sum())]
        for length in random.integers(1, 40, n_sentences)
    ]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory) -> Corpus:
    """A corpus of 1,200 words and 60,000 tokens."""
    folder = tmp_path_factory.mktemp("corpora") / "corpus"
    return Corpus.build(zipfian(3000, 1200, seed=1), folder, min_count=1)
