"""Averaging replicas: by hand, against plain training, and on a cluster that loses a worker."""

from __future__ import annotations

import contextlib
import os
import signal
from functools import partial

import numpy as np
import pytest
from sgd.trainers import Walk

from textrep.distributed import AveragedTrainer
from textrep.distributed.averaging import Trained, average, train_replica
from textrep.sgd.trainer import Measured

NOTHING = Measured(0, 0, 0.0)


class Inline:
    """A cluster, and its client, that compute at once in this process."""

    def __init__(self):
        self.sent = []
        self.client = self

    @contextlib.contextmanager
    def explaining(self):
        yield

    def on_workers(self, function, *arguments):
        return {"here": function(*arguments)}

    def send(self, value):
        return {name: array.copy() for name, array in value.items()}

    def submit(self, function, *arguments, pure):
        self.sent.append(arguments[-1])
        return function(*arguments)

    def results(self, futures):
        return futures


def averaged(n_parts, cluster, replicas, every):
    walk = Walk(n_parts)
    make = partial(Walk, n_parts)
    return AveragedTrainer(walk, make, cluster, replicas=replicas, every=every)


def trained(n_parts, epochs=2):
    walk = Walk(n_parts)
    for epoch in range(epochs):
        list(walk.train(epoch, range(n_parts)))
    return walk.arrays()


def test_a_row_becomes_the_mean_of_the_replicas_that_changed_it():
    common = {"a": np.array([[1, 1], [2, 2], [3, 3], [4, 4]], np.float32), "b": np.ones(2, "f4")}
    first = Trained(
        NOTHING,
        {"a": np.array([0, 1]), "b": np.array([1])},
        {"a": np.array([[5, 7], [0, 0]], np.float32), "b": np.array([3], np.float32)},
    )
    second = Trained(
        NOTHING,
        {"a": np.array([1, 3]), "b": np.array([1])},
        {"a": np.array([[8, 2], [9, 9]], np.float32), "b": np.array([6], np.float32)},
    )
    view = common["a"]
    average(common, [first, second])
    assert common["a"] is view
    assert view.tolist() == [[5, 7], [4, 1], [3, 3], [9, 9]]
    assert common["b"].tolist() == [1, 4.5]


def test_a_replica_starts_from_the_common_model_and_tells_what_changed():
    walk, common = Walk(4), Walk(4).arrays()
    walk.matrix[:] = 99  # of a round before
    common["matrix"][2] = 7
    found = train_replica(walk, common, 0, range(1, 3))
    assert found.measured == Measured(20, 5, 6.0, 2)
    assert found.rows["matrix"].tolist() == [1, 2, 3]
    assert found.values["matrix"][:, 0].tolist() == [4, 7 + 4 + 9, 9]
    assert found.rows["bias"].tolist() == [0]


def test_one_replica_is_plain_training():
    trainer = averaged(7, Inline(), replicas=1, every=20)
    assert trainer.n_parts == 4
    for epoch in range(2):
        measured = list(trainer.train(epoch, range(trainer.n_parts)))
        assert [item.work for item in measured] == [20, 20, 20, 10]
    for name, array in trained(7).items():
        assert trainer.arrays()[name].tobytes() == array.tobytes()
    assert trainer.vectors() is trainer.arrays()["matrix"]
    assert trainer.held_out().loss == trained(7)["matrix"].sum()


@pytest.mark.parametrize(
    ("replicas", "every", "rounds"), [(2, 20, 3), (3, 10, 4), (4, 1000, 1), (20, 10, 1), (2, 1, 5)]
)
def test_each_part_is_trained_once_an_epoch(replicas, every, rounds):
    cluster = Inline()
    trainer = averaged(10, cluster, replicas, every)
    assert trainer.n_parts == rounds
    measured = list(trainer.train(0, range(rounds)))
    assert [part for parts in cluster.sent for part in parts] == list(range(10))
    assert max(len(parts) for parts in cluster.sent) <= max(1, every // 10)
    assert sum(item.work for item in measured) == trainer.work == 100
    assert sum(item.examples for item in measured) == 55


def test_the_rate_is_that_of_the_first_part_of_a_round():
    trainer = averaged(10, Inline(), replicas=2, every=20)
    assert [trainer.rate(1, part) for part in range(3)] == [0.5, 4.5, 8.5]
    steeper = AveragedTrainer(Walk(10), Walk, Inline(), replicas=2, every=20, gain=4)
    assert steeper.rate(1, 1) == 18


def test_a_killed_worker_changes_nothing(client, cluster):
    expected = averaged(12, Inline(), replicas=2, every=30)
    trainer = averaged(12, cluster, replicas=2, every=30)
    list(expected.train(0, range(2)))
    list(trainer.train(0, range(1)))
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    list(trainer.train(0, range(1, 2)))
    for name, array in expected.arrays().items():
        assert trainer.arrays()[name].tobytes() == array.tobytes()
    trainer.close()
    assert set(client.run(kept, on_error="ignore").values()) == {0}


def kept():
    from textrep.distributed import averaging

    return len(averaging._idle)
