"""word2vec on a cluster, by averaging replicas."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from textrep import Word2Vec
from textrep.distributed import on_cluster
from textrep.errors import InputError, InvalidParameterError

SMALL = {"dim": 8, "epochs": 2, "subsample": 0.0}


def arrays(model):
    return model.word_vectors_.tobytes(), model.context_vectors_.tobytes()


@pytest.mark.parametrize(
    "options",
    [{}, {"subwords": True, "buckets": 100}, {"architecture": "cbow", "holdout": 0.1}],
    ids=str,
)
def test_one_replica_is_one_thread_here(client, corpus, options):
    here = Word2Vec(**SMALL, **options, deterministic=True).fit(corpus)
    with on_cluster(client, replicas=1, average_every=20_000):
        there = Word2Vec(**SMALL, **options).fit(corpus)
    assert arrays(there) == arrays(here)
    assert there.metrics_["cluster"] == {"replicas": 1, "average_every": 20_000}
    for name in ("loss", "examples", "learning_rate", "held_out_loss"):
        of = [[row.get(name, 0.0) for row in model.history_] for model in (here, there)]
        np.testing.assert_allclose(of[0], of[1], rtol=1e-9)


def test_the_vectors_that_it_begins_with_stay_here(client, corpus, tmp_path):
    first = Word2Vec(**SMALL, deterministic=True).fit(corpus)
    first.save(tmp_path / "first")
    begun = Word2Vec(**SMALL, initial=str(tmp_path / "first"), deterministic=True).fit(corpus)
    with on_cluster(client, replicas=1):
        there = Word2Vec(**SMALL, initial=str(tmp_path / "first")).fit(corpus)
    assert arrays(there) == arrays(begun) != arrays(first)


class Killing:
    """A callback that kills a worker after the first epoch."""

    def __init__(self, client):
        self.client = client

    def __call__(self, state):
        if state.epoch == 1:
            os.kill(next(iter(self.client.run(os.getpid).values())), signal.SIGKILL)


def test_a_killed_worker_changes_nothing(client, corpus):
    with on_cluster(client, replicas=2, average_every=10_000):
        expected = Word2Vec(**SMALL).fit(corpus)
        killed = Word2Vec(**SMALL).fit(corpus, callbacks=[Killing(client)])
    assert arrays(killed) == arrays(expected)
    assert [row["learning_rate"] for row in killed.history_] == [0.05, 0.025]
    assert killed.history_[1]["loss"] < killed.history_[0]["loss"]


def test_a_checkpoint_is_of_so_many_replicas(client, corpus, tmp_path):
    def stop(state):
        return "enough" if state.epoch == 1 else None

    with on_cluster(client, replicas=2, average_every=10_000):
        whole = Word2Vec(**SMALL).fit(corpus)
        Word2Vec(**SMALL).fit(corpus, callbacks=[stop], checkpoint=tmp_path / "kept")
        resumed = Word2Vec(**SMALL).fit(corpus, checkpoint=tmp_path / "kept", resume=True)
    assert arrays(resumed) == arrays(whole)
    with (
        on_cluster(client, replicas=1, average_every=10_000),
        pytest.raises(InputError, match="replicas 2, not 1"),
    ):
        Word2Vec(**SMALL).fit(corpus, checkpoint=tmp_path / "kept", resume=True)


@pytest.mark.parametrize("wrong", [{"replicas": 0}, {"average_every": 0}, {"average_every": 1.5}])
def test_how_replicas_are_averaged_is_checked(client, wrong):
    [name] = wrong
    with (
        pytest.raises(InvalidParameterError, match=f"The {name} parameter of on_cluster must be"),
        on_cluster(client, **wrong),
    ):
        pytest.fail("it is wrong")


def test_a_device_is_refused(client, corpus, monkeypatch):
    monkeypatch.setattr("textrep.models.word2vec.resolve_device", lambda _: "cpu")
    with (
        on_cluster(client, replicas=1),
        pytest.raises(InvalidParameterError, match="device parameter of Word2Vec must be cpu on a"),
    ):
        Word2Vec(**SMALL, device="auto").fit(corpus)
