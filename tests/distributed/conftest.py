"""A cluster of two processes on this machine, which the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from textrep.corpus import Corpus
from textrep.distributed import Cluster, on_cluster


@pytest.fixture(scope="session")
def client() -> Iterator[object]:
    """A client of a cluster of two worker processes of one thread each."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as workers,
        Client(workers, set_as_default=False) as connected,
    ):
        yield connected


@pytest.fixture
def cluster(client) -> Iterator[Cluster]:
    """The cluster, and what is computed while the test lasts is computed there."""
    client.wait_for_workers(2, timeout=60)  # a test before may have killed one
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
