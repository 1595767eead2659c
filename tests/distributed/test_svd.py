"""Truncated SVD on a cluster, against NumPy's and against ours on one machine."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from textrep import SVD
from textrep.counting import Window, count_cooccurrences
from textrep.counting import pmi as local_pmi
from textrep.distributed import count_cooccurrences as count_on_cluster
from textrep.distributed import pmi, truncated_svd
from textrep.distributed.svd import DistributedOperator
from textrep.linalg import truncated_svd as local_svd
from textrep.parallel import one_blas_thread

PPMI = {"positive": True, "context_smoothing": 0.75, "shift": 1.0}


@pytest.fixture
def here(corpus):
    return local_pmi(count_cooccurrences(corpus, Window(5)), **PPMI)


@pytest.fixture
def there(cluster, corpus):
    return pmi(count_on_cluster(corpus, cluster, Window(5)), **PPMI)


def test_products(client, here, there):
    random = np.random.default_rng(2)
    operator = DistributedOperator(there)
    assert operator.shape == here.shape
    x = random.standard_normal((here.shape[1], 5), np.float32)
    y = random.standard_normal((here.shape[0], 5), np.float32)
    np.testing.assert_allclose(operator.times(x), here @ x, rtol=1e-4, atol=1e-4)
    before = operator.transposed_times(y)
    np.testing.assert_allclose(before, here.T @ y, rtol=1e-4, atol=1e-4)
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
    assert operator.transposed_times(y).tobytes() == before.tobytes()


def test_singular_values_and_vectors(here, there):
    with one_blas_thread():
        u, exact, vt = np.linalg.svd(here.toarray().astype(np.float64))
    found = truncated_svd(there, 20, tolerance=1e-3)
    assert found.error < 1e-3
    np.testing.assert_allclose(found.values, exact[:20], rtol=1e-3)
    # The leading vectors, whose values are well apart from the others.
    np.testing.assert_allclose(np.abs(u[:, :3].T @ found.u[:, :3]), np.eye(3), atol=1e-2)
    np.testing.assert_allclose(np.abs(vt[:3] @ found.v[:, :3]), np.eye(3), atol=1e-2)
    assert (found.u[np.abs(found.u).argmax(axis=0), np.arange(20)] > 0).all()


@pytest.mark.parametrize("solver", ["randomized", "arpack"])
def test_what_is_decomposed_here_is_the_same(cluster, corpus, solver):
    """A matrix of few columns by either solver, any matrix by ARPACK."""
    columns = np.where(np.arange(1200) < 40, np.arange(1200), -1).astype(np.int32)
    there = count_on_cluster(corpus, cluster, Window(5), context_of=columns)
    found = truncated_svd(there, 5, solver=solver)
    here = count_cooccurrences(corpus, Window(5), context_of=columns)
    expected = local_svd(here, 5, solver=solver)
    for one, other in zip(found, expected, strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


def test_a_model(cluster, corpus, here):
    model = SVD(dim=5, window=5, eigenvalue_weight=1.0).fit(corpus)
    assert model.metrics_["entries"] == here.nnz
    expected = local_svd(here, 5).values
    np.testing.assert_allclose(model.singular_values_, expected, rtol=1e-5)
    lengths = np.linalg.norm(model.word_vectors_, axis=0)
    np.testing.assert_allclose(lengths, expected, rtol=1e-3)
