"""Tiles hold each entry once, and those of a round share no word and no context."""

from __future__ import annotations

import mmap

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.errors import FormatError
from textrep.sgd import tiles as module
from textrep.sgd.tiles import Tiles


def matrix(rows, columns, density, full_rows=1):
    """Counts at random places; some rows have all columns."""
    random = np.random.default_rng(0)
    dense = random.random((rows, columns)) * 9 + 0.1
    there = random.random((rows, columns)) < density
    there[:full_rows] = True
    return sp.csr_array(np.where(there, dense, 0.0))


def entries_of(tiles, table):
    """The entries of some tiles as (row, column, logarithm), in order."""
    found = []
    row_at, column_at = np.argsort(tiles.rows), np.argsort(tiles.columns)
    for first, second, begin, end, _ in table:
        places = tiles.places[begin:end].astype(np.int64)
        rows = row_at[first + (places >> 16)]
        columns = column_at[second - len(row_at) + (places & 0xFFFF)]
        found += zip(rows.tolist(), columns.tolist(), tiles.logs[begin:end].tolist(), strict=True)
    return found


@settings(deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from([0.05, 0.4, 1.0]),
    st.integers(1, 50), st.integers(0, 3),
)  # fmt: skip
def test_an_epoch_has_each_entry_once_and_no_round_a_word_twice(n, m, density, block, epoch):
    counts = matrix(n, m, density)
    tiles = Tiles(counts, block=block, seed=5, n_jobs=1)
    order, seen = tiles.order(epoch), []
    for number in range(tiles.n_rounds):
        table = tiles.round(order, number)
        assert (table[:, 2] < table[:, 3]).all()
        parts = [entries_of(tiles, table[i : i + 1]) for i in range(len(table))]
        for axis in (0, 1):
            lines = [{entry[axis] for entry in part} for part in parts]
            assert sum(map(len, lines)) == len(set().union(*lines))
        seen += entries_of(tiles, table)
    coo = counts.tocoo()
    logs = np.log(coo.data).astype(np.float32).tolist()
    assert sorted(seen) == sorted(zip(coo.row.tolist(), coo.col.tolist(), logs, strict=True))
    assert len(tiles) == counts.nnz


def test_the_order_depends_on_seed_and_epoch_and_not_on_threads():
    counts = matrix(300, 300, 0.5)

    def epoch(seed, number, n_jobs):
        tiles = Tiles(counts, block=20, seed=seed, n_jobs=n_jobs)
        order = tiles.order(number)
        return [e for r in range(tiles.n_rounds) for e in entries_of(tiles, tiles.round(order, r))]

    first = epoch(0, 0, 1)
    assert epoch(0, 0, 3) == first
    for other in (epoch(1, 0, 1), epoch(0, 1, 1)):
        assert other != first
        assert sorted(other) == sorted(first)


def test_on_disk_they_are_the_same():
    counts = matrix(90, 70, 0.3)
    here = Tiles(counts, block=16, seed=1, n_jobs=2)
    there = Tiles(counts, block=16, seed=1, n_jobs=2, on_disk=True)
    assert (there.places == here.places).all()
    assert (there.logs == here.logs).all()
    assert isinstance(there.logs.base.base if there.logs.base is not None else None, mmap.mmap)


def test_entries_are_shuffled_evenly(monkeypatch):
    """Each entry of a tile is equally often in its first half."""
    monkeypatch.setattr(module, "_BLOCKS", 1)
    counts = sp.csr_array(np.ones((4, 4)))
    firsts = np.zeros(16)
    for seed in range(400):
        tiles = Tiles(counts, block=4, seed=seed, n_jobs=1)
        for row, column, _ in entries_of(tiles, tiles.round(tiles.order(0), 0))[:8]:
            firsts[4 * row + column] += 1
    assert np.abs(firsts - 200).max() < 60  # six standard deviations


@pytest.mark.parametrize(("n", "block", "rounds"), [(500, 10, 50), (500, 100, 32), (5, 100, 5)])
def test_there_are_enough_blocks_for_threads(n, block, rounds):
    assert Tiles(matrix(n, n, 0.1), block=block, seed=0, n_jobs=1).n_rounds == rounds


def test_tiles_have_about_equally_many_entries():
    random = np.random.default_rng(0)
    shares = 1 / np.arange(1, 2001)
    there = random.random((2000, 2000)) < 300 * np.outer(shares, shares)
    tiles = Tiles(sp.csr_array(there * 1.0), block=500, seed=0, n_jobs=1)
    sizes = np.diff(tiles._offsets, axis=1)
    assert sizes.max() < 8 * sizes.mean()  # in the order of frequency: 70


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_what_is_no_count_is_named(value):
    counts = matrix(50, 50, 0.5)
    counts.data[700] = value
    row = np.searchsorted(counts.indptr, 700, side="right") - 1
    named = rf"that of word {row} with context {counts.indices[700]} is {value:g}, "
    with pytest.raises(FormatError, match=named):
        Tiles(counts, block=16, seed=0, n_jobs=2)


@pytest.mark.parametrize("column", [-1, 50])
def test_columns_that_are_not_there_are_named(column):
    counts = matrix(50, 50, 0.5)
    counts.indices[700] = column
    with pytest.raises(FormatError, match=f"with context {column} is .* of contexts 0 to 49"):
        Tiles(counts, block=16, seed=0, n_jobs=1)


def test_symmetry_is_noticed():
    counts = matrix(60, 60, 0.3)
    assert not Tiles(counts, block=16, seed=0, n_jobs=1).is_symmetric
    mirrored = sp.csr_array(counts + counts.T)
    assert Tiles(mirrored, block=16, seed=0, n_jobs=2).is_symmetric
    at = int(np.flatnonzero(mirrored.indices[: mirrored.indptr[1]] != 0)[0])
    mirrored.data[at] *= 1 + 1e-15
    assert not Tiles(mirrored, block=16, seed=0, n_jobs=1).is_symmetric
    assert not Tiles(sp.csr_array(np.ones((3, 4))), block=16, seed=0, n_jobs=1).is_symmetric
