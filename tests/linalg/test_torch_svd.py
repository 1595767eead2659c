"""Products and truncated SVD by torch, on the CPU: against SciPy, and against compiled kernels."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from linalg.test_products import random_sparse
from linalg.test_svd import REPEATED, assert_is_svd, krylov, with_spectrum  # noqa: F401

torch = pytest.importorskip("torch")

from textrep.errors import DeviceError  # noqa: E402
from textrep.linalg import torch_blocks, torch_products, truncated_svd  # noqa: E402
from textrep.linalg.blocks import HostBlocks  # noqa: E402
from textrep.linalg.torch_blocks import TorchBlocks  # noqa: E402
from textrep.linalg.torch_products import TorchOperator  # noqa: E402

DEVICE = "cpu:0"  # torch on the processor; "cpu" are the compiled kernels


pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.mark.parametrize("room", [0, 5000, 1 << 30])
@pytest.mark.parametrize("memory", [None, 400])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_products_equal_scipys(monkeypatch, room, memory, kind):
    """With no shard on the device, with some, and with all."""
    monkeypatch.setattr(torch_products, "_SHARD", 300)
    monkeypatch.setattr(torch_products, "_RESIDENT_BYTES", room)
    matrix = random_sparse(90, 70, 0.3, 3)
    operator = TorchOperator(matrix.astype(kind), DEVICE, 2, memory)
    shards = [*operator._forward[1], *operator._backward[1]]
    assert len(shards) > 8
    staying = [shard.on_device is not None for shard in shards]
    assert any(staying) == (room > 0)
    assert all(staying) == (room > 5000)
    random = np.random.default_rng(0)
    for sparse, multiply in ((matrix, operator.times), (matrix.T, operator.transposed_times)):
        dense = random.standard_normal((sparse.shape[1], 17)).astype(np.float32)
        found = multiply(torch.from_numpy(dense))
        assert found.dtype == torch.float32
        exact = sparse.astype(np.float64) @ dense.astype(np.float64)
        size = abs(sparse).astype(np.float64) @ np.abs(dense).astype(np.float64)
        assert (np.abs(found.numpy() - exact) <= 1e-6 * size + 1e-30).all()


def test_an_empty_matrix_and_empty_rows():
    operator = TorchOperator(sp.csr_array((4, 3), dtype=np.float32), DEVICE, 1)
    assert not operator.times(torch.ones(3, 2)).any()
    assert not operator.transposed_times(torch.ones(4, 2)).any()


def test_nobody_is_warned_of_a_beta():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TorchOperator(random_sparse(9, 7, 0.5, 1), DEVICE, 1)


@pytest.mark.parametrize("in_double", [False, True])
def test_blocks_compute_what_those_of_the_host_do(monkeypatch, in_double):
    monkeypatch.setattr(torch_blocks, "_ROWS", 64)
    random = np.random.default_rng(0)
    arrays = [random.standard_normal((200, width)).astype(np.float32) for width in (3, 48, 1)]
    weights = random.standard_normal((52, 5))
    ours, theirs = TorchBlocks(DEVICE), HostBlocks(1)
    blocks = [ours.block(array) for array in arrays]
    np.testing.assert_allclose(
        ours.inner_products(blocks, blocks[1], in_double=in_double),
        theirs.inner_products(arrays, arrays[1], in_double=in_double),
        atol=1e-9 if in_double else 1e-3,
    )
    np.testing.assert_allclose(
        ours.array(ours.combined(blocks, weights)), theirs.combined(arrays, weights), atol=1e-4
    )
    changed, expected = ours.block(arrays[1][:, :5].copy()), arrays[1][:, :5].copy()
    ours.subtract_combined(changed, blocks, weights)
    theirs.subtract_combined(expected, arrays, weights)
    np.testing.assert_allclose(ours.array(changed), expected, atol=1e-4)
    beside = ours.array(ours.beside(blocks[0], blocks[2]))
    np.testing.assert_array_equal(beside, theirs.beside(arrays[0], arrays[2]))
    assert ours.longest(blocks[1]) == pytest.approx(theirs.longest(arrays[1]))
    assert ours.longest(blocks[1][:, :0]) == 0.0


@pytest.mark.usefixtures("krylov")
@pytest.mark.parametrize("shape", [(600, 400), (400, 600), (350, 3000)])
@pytest.mark.parametrize("on_disk", [False, True])
def test_values_are_those_of_compiled_kernels(monkeypatch, shape, on_disk):
    monkeypatch.setattr(torch_products, "_SHARD", 50_000)
    monkeypatch.setattr(torch_products, "_RESIDENT_BYTES", 1_000_000)
    values = 100 * np.arange(1, 301) ** -0.7
    matrix = with_spectrum(values, *shape)
    memory = 1 << 24 if on_disk else None
    options = {"tolerance": 1e-5, "memory": memory, "seed": 2}
    result = truncated_svd(matrix, 30, device=DEVICE, **options)
    assert_is_svd(matrix, result, 30, tolerance=1e-5, exact=values[:30])
    expected = truncated_svd(matrix, 30, **options)
    assert result.dimensions == expected.dimensions
    np.testing.assert_allclose(result.values, expected.values, rtol=1e-5)
    np.testing.assert_allclose(result.u, expected.u, atol=1e-4)


@pytest.mark.usefixtures("krylov")
@pytest.mark.parametrize("name", REPEATED)
def test_repeated_and_missing_values(name):
    values, rank = REPEATED[name]
    matrix = with_spectrum(values, 620, 510, seed=2)
    exact = np.zeros(rank)
    exact[: min(rank, len(values))] = values[:rank]
    result = truncated_svd(matrix, rank, device=DEVICE)
    assert_is_svd(matrix, result, rank, tolerance=0.01, exact=exact)


@pytest.mark.usefixtures("krylov")
def test_a_start_is_the_same_start():
    matrix = with_spectrum(100 * np.arange(1, 301) ** -0.7, 600, 400)
    start = truncated_svd(matrix, 30).u
    cold, warm = (truncated_svd(matrix, 30, device=DEVICE, start=x) for x in (None, start))
    expected = truncated_svd(matrix, 30, start=start)
    assert warm.error == pytest.approx(expected.error, rel=0.1)
    assert warm.error < 0.5 * cold.error
    np.testing.assert_allclose(warm.values, expected.values, rtol=1e-5)


@pytest.mark.usefixtures("krylov")
def test_a_full_memory_is_one_line_of_advice(monkeypatch):
    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(TorchOperator, "times", full)
    with pytest.raises(DeviceError, match=r"^The memory of cpu:0 is too small .* device='cpu'"):
        truncated_svd(with_spectrum(np.ones(50), 90, 80), 5, device=DEVICE)
