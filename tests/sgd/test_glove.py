"""GloVe's training against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from reference import glove as plain
from sgd.test_tiles import entries_of, matrix

from textrep.sgd.glove import ADAGRADS, GloVeSettings, GloVeTrainer

SETTINGS = {
    "dim": 13, "x_max": 5.0, "alpha": 0.75, "weighting": "power", "adagrad": "stanford",
    "learning_rate": 0.05, "clip": 100.0, "vectors": "word", "random_state": 3,
}  # fmt: skip


def trainer_of(counts, n_jobs=1, **changes):
    return GloVeTrainer(counts, GloVeSettings(**SETTINGS | changes), n_jobs)


def run_epoch(trainer, epoch):
    return list(trainer.train(epoch, range(trainer.n_parts)))


@pytest.mark.parametrize("adagrad", ADAGRADS)
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
def test_epochs_equal_plain_adagrad_in_the_same_order(adagrad, changes):
    counts = matrix(70, 40, 0.4)
    trainer = trainer_of(counts, adagrad=adagrad, **changes)
    chosen = SETTINGS | changes
    reference = plain.Plain(
        trainer.vectors(), trainer.context_vectors(), adagrad, chosen["learning_rate"],
        chosen["clip"], chosen["x_max"], 0.0 if chosen["weighting"] == "none" else chosen["alpha"],
    )  # fmt: skip
    tiles = trainer._tiles
    for epoch in range(2):
        order = tiles.order(epoch)
        for number, measured in enumerate(run_epoch(trainer, epoch)):
            entries = entries_of(tiles, tiles.round(order, number))
            loss = sum(reference.train(i, j, np.exp(log)) for i, j, log in entries)
            assert measured.work == measured.examples == len(entries)
            assert measured.loss == pytest.approx(loss, rel=2e-4, abs=1e-12)
    words, contexts, word_biases, context_biases = reference.values
    np.testing.assert_allclose(trainer.vectors(), words, atol=2e-4)
    np.testing.assert_allclose(trainer.context_vectors(), contexts, atol=2e-4)
    np.testing.assert_allclose(trainer.word_biases(), word_biases, atol=2e-4)
    np.testing.assert_allclose(trainer.context_biases(), context_biases, atol=2e-4)


@pytest.mark.parametrize("x", [0.3, 40.0])
def test_the_reference_goes_down_the_gradient_of_the_cost(x):
    random = np.random.default_rng(0)
    start = random.normal(size=(2, 1, 5))
    reference = plain.Plain(*start, "stanford", 1.0, 1e9, 10.0, 0.75)
    before = [value.copy() for value in reference.values]
    reference.train(0, 0, x)
    for n, (value, old) in enumerate(zip(reference.values, before, strict=True)):
        for at in np.ndindex(value.shape):
            around = []
            for shift in (1e-6, -1e-6):
                moved = [v.copy() for v in before]
                moved[n][at] += shift
                w, c, b, d = (v[0] for v in moved)
                around.append(plain.cost(w, c, b, d, x, 10.0, 0.75))
            gradient = (around[0] - around[1]) / 2e-6
            assert old[at] - value[at] == pytest.approx(gradient, rel=1e-5)


@pytest.mark.parametrize("n_jobs", [2, 3, 7])
def test_no_bit_depends_on_the_threads(n_jobs):
    counts = matrix(400, 400, 0.3)
    alone, together = trainer_of(counts), trainer_of(counts, n_jobs)
    for epoch in range(2):
        assert run_epoch(alone, epoch) == run_epoch(together, epoch)
    for name, array in alone.arrays().items():
        assert array.tobytes() == together.arrays()[name].tobytes(), name


def assert_arrays_are_all_that_changes(trainer, other):
    """Take over the arrays of one in the middle of an epoch, and end it alike."""
    run_epoch(trainer, 0)
    middle = trainer.n_parts // 2
    list(trainer.train(1, range(middle)))
    for name, array in other.arrays().items():
        array[...] = trainer.arrays()[name]
    rest = range(middle, trainer.n_parts)
    assert list(trainer.train(1, rest)) == list(other.train(1, rest))
    for one, same in zip(trainer.arrays().values(), other.arrays().values(), strict=True):
        np.testing.assert_array_equal(one, same)
    np.testing.assert_array_equal(trainer.vectors(), other.vectors())


def test_arrays_are_all_that_training_changes():
    counts = matrix(100, 100, 0.3)
    assert_arrays_are_all_that_changes(trainer_of(counts), trainer_of(counts))


def test_padding_stays_zero():
    trainer = trainer_of(matrix(50, 50, 0.3), adagrad="published")
    run_epoch(trainer, 0)
    assert not trainer.rows[:, 13:16].any()
    assert np.isfinite(trainer.rows).all()


def test_a_matrix_of_rank_one_is_learnt():
    random = np.random.default_rng(1)
    left, right = random.random(40) * 4, random.random(30) * 4
    counts = sp.csr_array(np.exp(left[:, None] + right[None, :]))
    trainer = trainer_of(counts, dim=2, x_max=1.0)
    for epoch in range(60):
        parts = run_epoch(trainer, epoch)
    assert sum(part.loss for part in parts) / counts.nnz < 1e-3


def test_outputs():
    counts = matrix(30, 30, 0.5)
    found = {}
    for vectors in ("word", "context", "sum"):
        trainer = trainer_of(counts, vectors=vectors)
        run_epoch(trainer, 0)
        found[vectors] = trainer.vectors()
        assert not np.shares_memory(found[vectors], trainer.rows)
    assert (found["word"] != found["context"]).any()
    assert (found["sum"] == found["word"] + found["context"]).all()
