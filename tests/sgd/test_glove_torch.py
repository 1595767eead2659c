"""GloVe by torch, on the CPU: against plain NumPy, and against the compiled kernels."""

from __future__ import annotations

import numpy as np
import pytest
from reference import glove as plain
from sgd.test_glove import SETTINGS, assert_arrays_are_all_that_changes, run_epoch
from sgd.test_tiles import matrix

torch = pytest.importorskip("torch")

from textrep.corpus import Corpus  # noqa: E402
from textrep.corpus.miniworld import generate  # noqa: E402
from textrep.counting import Window, count_cooccurrences  # noqa: E402
from textrep.errors import DeviceError  # noqa: E402
from textrep.sgd import glove_torch  # noqa: E402
from textrep.sgd.glove import ADAGRADS, GloVeSettings, GloVeTrainer  # noqa: E402
from textrep.sgd.glove_torch import GloVeTorchTrainer, default_batch  # noqa: E402

pytestmark = pytest.mark.usefixtures("one_torch_thread")


def trainer_of(counts, batch=None, **changes):
    return GloVeTorchTrainer(counts, GloVeSettings(**SETTINGS | changes), "cpu", 1, batch)


def entries_of(trainer, epoch, part):
    """The entries of a round as (word, context, count), in the order of training."""
    tiles = trainer._tiles
    places, logs = trainer._round(tiles.order(epoch), epoch, part)
    words = np.argsort(tiles.rows)[places[0].numpy()]
    contexts = np.argsort(tiles.columns)[places[1].numpy() - len(tiles.rows)]
    return list(zip(words.tolist(), contexts.tolist(), np.exp(logs.numpy()), strict=True))


@pytest.mark.parametrize("adagrad", ADAGRADS)
@pytest.mark.parametrize("batch", [1, 13, 10_000])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"clip": 0.01},
        {"weighting": "none"},
        {"dim": 64, "alpha": 0.5, "learning_rate": 0.2},
        {"dim": 1, "x_max": 0.5},
    ],
)
def test_epochs_equal_plain_adagrad_in_the_same_order(adagrad, batch, changes):
    counts = matrix(30, 20, 0.4)
    trainer = trainer_of(counts, batch, adagrad=adagrad, **changes)
    chosen = SETTINGS | changes
    reference = plain.Plain(
        trainer.vectors(), trainer.context_vectors(), adagrad, chosen["learning_rate"],
        chosen["clip"], chosen["x_max"], 0.0 if chosen["weighting"] == "none" else chosen["alpha"],
    )  # fmt: skip
    for epoch in range(2):
        for part, measured in enumerate(run_epoch(trainer, epoch)):
            entries = entries_of(trainer, epoch, part)
            loss = 0.0
            for first in range(0, len(entries), batch):
                if batch == 1:
                    loss += reference.train(*entries[first])
                else:
                    loss += reference.train_together(entries[first : first + batch])
            assert measured.work == measured.examples == len(entries)
            assert measured.loss == pytest.approx(loss, rel=2e-4, abs=1e-12)
    words, contexts, word_biases, context_biases = reference.values
    np.testing.assert_allclose(trainer.vectors(), words, atol=2e-4)
    np.testing.assert_allclose(trainer.context_vectors(), contexts, atol=2e-4)
    np.testing.assert_allclose(trainer.word_biases(), word_biases, atol=2e-4)
    np.testing.assert_allclose(trainer.context_biases(), context_biases, atol=2e-4)


@pytest.mark.parametrize("shape", [(70, 40), (40, 70), (3, 3)])
def test_an_epoch_has_each_entry_once_in_an_order_of_its_own(shape):
    counts = matrix(*shape, 0.4)
    trainer = trainer_of(counts)
    coo = counts.tocoo()
    expected = sorted(zip(coo.row.tolist(), coo.col.tolist(), strict=True))
    orders = []
    for epoch in (0, 1):
        found = [e for part in range(trainer.n_parts) for e in entries_of(trainer, epoch, part)]
        assert sorted((i, j) for i, j, _ in found) == expected
        counted = [counts[i, j] for i, j, _ in found]
        np.testing.assert_allclose([x for *_, x in found], counted, rtol=1e-5)
        orders.append(found)
    assert orders[0] != orders[1]
    assert trainer.work == counts.nnz


@pytest.fixture(scope="module")
def world():
    corpus = Corpus.build([*generate(tokens=40_000, seed=0)])
    return count_cooccurrences(corpus, Window(10, "harmonic", "both", "sentence"))


@pytest.mark.parametrize(("adagrad", "tolerance"), [("stanford", 0.01), ("published", 0.04)])
def test_the_cost_is_that_of_the_compiled_kernel(world, adagrad, tolerance):
    settings = {"dim": 24, "x_max": 10.0, "adagrad": adagrad}
    ours = trainer_of(world, **settings)
    theirs = GloVeTrainer(world, GloVeSettings(**SETTINGS | settings), 1)
    for epoch in range(4):
        costs = [sum(part.loss for part in run_epoch(t, epoch)) for t in (ours, theirs)]
    assert costs[0] == pytest.approx(costs[1], rel=tolerance)


def test_a_first_batch_of_many_entries_of_a_word_does_not_throw_it_out(world):
    """A sum of their steps would: the first cost would be several times as high."""
    largest = trainer_of(world, world.nnz)
    smallest = trainer_of(world, 256)
    costs = [sum(part.loss for part in run_epoch(t, 0)) for t in (largest, smallest)]
    assert costs[0] < 2.5 * costs[1]


def test_arrays_are_all_that_training_changes():
    counts = matrix(100, 100, 0.3)
    assert_arrays_are_all_that_changes(trainer_of(counts), trainer_of(counts))


@pytest.mark.parametrize("adagrad", ADAGRADS)
def test_the_ones_beside_the_biases_stay(adagrad):
    trainer = trainer_of(matrix(50, 40, 0.3), adagrad=adagrad)
    run_epoch(trainer, 0)
    rows = trainer.arrays()["rows"]
    assert (rows[:50, -1] == 1).all()
    assert (rows[50:, -2] == 1).all()
    assert (rows[:50, -2] != 0).all()


def test_a_full_memory_is_one_line_of_advice(monkeypatch):
    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    trainer = trainer_of(matrix(30, 20, 0.4), 4096)
    monkeypatch.setattr(glove_torch, "train_batch", full)
    with pytest.raises(DeviceError, match=r"^The memory of cpu .* try batch_size=1024\.$"):
        run_epoch(trainer, 0)


def test_more_entries_have_larger_batches():
    batches = [default_batch(10**n) for n in range(10)]
    assert batches == sorted(batches)
    assert (batches[0], batches[6], batches[9]) == (256, 1024, 16384)
