"""GloVe on a cluster: blocks that share no vector, trained as if in turn."""

from __future__ import annotations

import contextlib
import os
import signal
from itertools import pairwise

import numpy as np
import pytest
from reference import glove as plain
from sgd.test_glove import SETTINGS
from sgd.test_tiles import entries_of, matrix

from textrep import GloVe
from textrep.distributed import DistributedMatrix, StratifiedGloVe, on_cluster
from textrep.errors import InputError
from textrep.sgd.glove import GloVeSettings

SMALL = {"dim": 8, "epochs": 2, "window": 3}


class Inline:
    """A cluster, and its client, that compute at once in this process."""

    def __init__(self):
        self.client = self

    @contextlib.contextmanager
    def explaining(self):
        yield

    def send(self, value):
        return value

    def submit(self, function, *arguments, pure=False):
        return function(*arguments)

    def results(self, futures):
        return futures


def stratified(counts, replicas, cuts, **changes):
    bounds = [0, *cuts, counts.shape[0]]
    blocks = [counts[first:last] for first, last in pairwise(bounds)]
    there = DistributedMatrix(Inline(), blocks, bounds, counts.shape[1])
    return StratifiedGloVe(there, GloVeSettings(**SETTINGS | changes), replicas)


def blocks_of(trainer, epoch, part):
    """The entries of each block of a stratum as (word, context, logarithm), in their order."""
    shifts = trainer._random(2, epoch).permutation(trainer.n_parts)
    for row in range(trainer.n_parts):
        column = (row + shifts[part]) % trainer.n_parts
        tiles = trainer._tiles[row][column]
        words = trainer._words[row]
        contexts = trainer._contexts[column] - len(trainer.vectors())
        order = tiles.order(epoch)
        found = []
        for number in range(tiles.n_rounds):
            found += entries_of(tiles, tiles.round(order, number))
        yield [(int(words[i]), int(contexts[j]), log) for i, j, log in found]


@pytest.mark.parametrize("adagrad", ["stanford", "published"])
@pytest.mark.parametrize(("replicas", "cuts"), [(1, []), (2, [30]), (3, [1, 33]), (7, [20, 40])])
def test_strata_equal_plain_adagrad_a_block_after_the_other(adagrad, replicas, cuts):
    counts = matrix(70, 40, 0.4)
    trainer = stratified(counts, replicas, cuts, adagrad=adagrad)
    assert (trainer.work, trainer.n_parts) == (counts.nnz, replicas)
    reference = plain.Plain(
        trainer.vectors(), trainer.context_vectors(), adagrad, SETTINGS["learning_rate"],
        SETTINGS["clip"], SETTINGS["x_max"], SETTINGS["alpha"],
    )  # fmt: skip
    everything = sorted(zip(*counts.nonzero(), strict=True))
    for epoch in range(2):
        seen = []
        for part, measured in enumerate(trainer.train(epoch, range(replicas))):
            blocks = list(blocks_of(trainer, epoch, part))
            for axis in (0, 1):
                lines = [{entry[axis] for entry in block} for block in blocks]
                assert sum(map(len, lines)) == len(set().union(*lines))
            entries = [entry for block in blocks for entry in block]
            loss = sum(reference.train(i, j, np.exp(log)) for i, j, log in entries)
            assert measured.work == measured.examples == len(entries)
            assert measured.loss == pytest.approx(loss, rel=2e-4)
            seen += entries
        assert sorted((i, j) for i, j, _ in seen) == everything
    words, contexts, word_biases, context_biases = reference.values
    np.testing.assert_allclose(trainer.vectors(), words, atol=2e-4)
    np.testing.assert_allclose(trainer.context_vectors(), contexts, atol=2e-4)
    np.testing.assert_allclose(trainer.word_biases(), word_biases, atol=2e-4)
    np.testing.assert_allclose(trainer.context_biases(), context_biases, atol=2e-4)


def test_the_order_of_strata_differs_from_epoch_to_epoch():
    trainer = stratified(matrix(40, 40, 0.5), 8, [])
    firsts = {tuple(map(len, blocks_of(trainer, epoch, 0))) for epoch in range(6)}
    assert len(firsts) > 1


def test_there_are_no_more_replicas_than_words():
    trainer = stratified(matrix(5, 9, 0.5), 100, [3])
    assert trainer.n_parts == 5
    assert sum(part.work for part in trainer.train(0, range(5))) == trainer.work


# On a cluster


def arrays(model):
    names = ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_")
    return [getattr(model, name).tobytes() for name in names]


@pytest.mark.parametrize("options", [{}, {"side": "left", "ignore_top": 3, "vectors": "word"}])
def test_one_replica_is_one_machine(client, corpus, options):
    here = GloVe(**SMALL, **options).fit(corpus)
    with on_cluster(client, replicas=1):
        there = GloVe(**SMALL, **options).fit(corpus)
    assert arrays(there) == arrays(here)
    assert [row["loss"] for row in there.history_] == [
        pytest.approx(row["loss"], rel=1e-12) for row in here.history_
    ]
    assert there.metrics_["cluster"] == {"replicas": 1}
    assert there.metrics_["entries"] == here.metrics_["entries"]


class Killing:
    """A callback that kills a worker, which has counts, after the first epoch."""

    def __init__(self, client):
        self.client = client

    def __call__(self, state):
        if state.epoch == 1 and state.ends_epoch:
            os.kill(next(iter(self.client.run(os.getpid).values())), signal.SIGKILL)


def test_a_killed_worker_changes_nothing(client, corpus):
    with on_cluster(client, replicas=2):
        expected = GloVe(**SMALL).fit(corpus)
        killed = GloVe(**SMALL).fit(corpus, callbacks=[Killing(client)])
    assert arrays(killed) == arrays(expected)
    assert killed.history_[1]["loss"] < killed.history_[0]["loss"]


def test_a_checkpoint_is_of_so_many_replicas(client, corpus, tmp_path):
    def stop(state):
        return "enough" if state.epoch == 1 else None

    with on_cluster(client, replicas=2):
        whole = GloVe(**SMALL).fit(corpus)
        GloVe(**SMALL).fit(corpus, callbacks=[stop], checkpoint=tmp_path / "kept")
        resumed = GloVe(**SMALL).fit(corpus, checkpoint=tmp_path / "kept", resume=True)
    assert arrays(resumed) == arrays(whole)
    with pytest.raises(InputError, match="replicas"):
        GloVe(**SMALL).fit(corpus, checkpoint=tmp_path / "kept", resume=True)


def test_the_cost_is_that_of_one_machine(client, corpus):
    here = GloVe(**SMALL | {"epochs": 8}).fit(corpus)
    with on_cluster(client, replicas=4):
        there = GloVe(**SMALL | {"epochs": 8}).fit(corpus)
    assert arrays(there) != arrays(here)
    assert there.history_[-1]["loss"] == pytest.approx(here.history_[-1]["loss"], rel=0.02)
