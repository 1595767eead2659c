"""What can be wrong with a cluster, each in one line."""

from __future__ import annotations

import os
import shutil
import sys
import time

import pytest

from textrep.corpus import Corpus
from textrep.counting import Window
from textrep.distributed import Cluster, count_cooccurrences, current_cluster, on_cluster
from textrep.errors import ClusterError, InvalidParameterError

SENTENCES = [["a", "b", "c"], ["a", "b"]]


@pytest.fixture
def own():
    """A cluster of a thread of this process, which a test may break."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as started:
        yield started


def test_no_scheduler(monkeypatch):
    monkeypatch.setattr("textrep.distributed.cluster._PATIENCE", 0.5)
    with (
        pytest.raises(
            ClusterError, match=r"No Dask scheduler answers at tcp://127.0.0.1:9\. Start"
        ),
        on_cluster("tcp://127.0.0.1:9"),
    ):
        pytest.fail("there is none")


@pytest.mark.parametrize("address", ["", "nowhere", "tcp://host", "host:8786", "tcp://h:x"])
def test_no_address(address):
    with (
        pytest.raises(InvalidParameterError, match="must be the address of a Dask scheduler"),
        on_cluster(address),
    ):
        pytest.fail("it is none")


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ClusterError, match=r"pip install 'textrep\[distributed\]'"),
        on_cluster("tcp://127.0.0.1:9"),
    ):
        pytest.fail("it cannot be reached")


def test_no_workers(own, monkeypatch):
    monkeypatch.setattr("textrep.distributed.cluster._PATIENCE", 0.5)
    own.scale(0)
    with own.get_client() as client:
        while client.nthreads():
            time.sleep(0.01)
        with pytest.raises(ClusterError, match=r"has no workers. Start some with `dask worker"):
            Cluster(client)


def test_an_address_will_do_and_the_block_ends(own):
    assert current_cluster() is None
    with on_cluster(own.scheduler_address) as entered:
        assert current_cluster() is entered
        assert (entered.address, entered.n_threads) == (own.scheduler_address, 1)
    assert current_cluster() is None
    assert entered.client.status == "closed"


def test_a_scheduler_that_is_lost(own, monkeypatch):
    monkeypatch.setattr("textrep.distributed.cluster._PATIENCE", 1.5)
    corpus = Corpus.build(SENTENCES, min_count=1)
    with on_cluster(own.scheduler_address) as entered:
        own.close()
        with pytest.raises(ClusterError, match=r"connection to the Dask cluster at .* was lost"):
            count_cooccurrences(corpus, entered, Window(2))


def test_a_task_that_ends_every_worker(client, cluster):
    scheduler = client.cluster.scheduler
    scheduler.allowed_failures, before = 0, scheduler.allowed_failures
    try:
        with pytest.raises(ClusterError, match="end when they compute _exit, most often for lack"):
            cluster.results([client.submit(os._exit, 1, pure=False)])
    finally:
        scheduler.allowed_failures = before


VERSIONS = {"python": "3.11.7.final.0", "textrep": "1.0", "dask": "2.0", "distributed": "2.0"}
VERSIONS |= {"numpy": "3.0", "scipy": "4.0"}


class OldClient:
    """A client of a cluster with other versions."""

    def __init__(self, place, **versions):
        names = ("client", "scheduler", "tcp://a:1", "tcp://b:1")
        places = {name: {"packages": dict(VERSIONS)} for name in names}
        places[place]["packages"] |= versions
        workers = {name: places[name] for name in names[2:]}
        self.found = places | {"workers": workers}

    def wait_for_workers(self, n_workers, timeout):
        pass

    def get_versions(self, packages):
        return self.found


@pytest.mark.parametrize(
    ("place", "versions", "said"),
    [
        ("tcp://b:1", {"textrep": "0.9"}, "Worker tcp://b:1 has textrep 0.9, but here it is 1.0."),
        ("tcp://a:1", {"textrep": None}, "Worker tcp://a:1 has no textrep, but here it is 1.0."),
        ("tcp://a:1", {"numpy": "2.0"}, "Worker tcp://a:1 has numpy 2.0, but here it is 3.0."),
        ("scheduler", {"dask": "1.0"}, "The scheduler has dask 1.0, but here it is 2.0."),
        ("scheduler", {"python": "3.12.1.final.0"}, "The scheduler has python 3.12.1.final.0"),
    ],
)
def test_other_versions(place, versions, said):
    with pytest.raises(ClusterError, match="Install the same versions everywhere") as caught:
        Cluster(OldClient(place, **versions))
    assert str(caught.value).startswith(said)


def test_a_scheduler_needs_no_textrep_and_the_last_number_of_python_may_differ():
    Cluster(OldClient("scheduler", textrep=None, numpy=None, scipy=None))
    Cluster(OldClient("tcp://a:1", python="3.11.9.final.0"))


def test_a_worker_that_cannot_read_the_corpus(cluster, tmp_path):
    corpus = Corpus.build(SENTENCES, tmp_path / "corpus", min_count=1)
    shutil.rmtree(tmp_path / "corpus")
    with pytest.raises(ClusterError, match="file system that every worker sees under") as caught:
        count_cooccurrences(corpus, cluster, Window(2))
    assert f"{tmp_path}/corpus is no encoded corpus" in str(caught.value)


def test_a_worker_that_reads_another_corpus(cluster, tmp_path):
    corpus = Corpus.build(SENTENCES, tmp_path / "corpus", min_count=1)
    Corpus.build([["x", "y"]], tmp_path / "corpus", min_count=1)
    with pytest.raises(ClusterError, match="is another corpus there than here"):
        count_cooccurrences(corpus, cluster, Window(2))
