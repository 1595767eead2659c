"""Truncated SVD: against Jacobi rotations, LAPACK and ARPACK, and where values repeat or vanish."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import scipy.sparse as sp
import scipy.sparse.linalg
from reference.svd import jacobi_svd

from textrep.corpus import Corpus
from textrep.counting import Window, count_cooccurrences, pmi
from textrep.linalg import SOLVERS, svd, truncated_svd
from textrep.linalg.krylov import ErrorEstimate
from textrep.parallel import one_blas_thread

SOLVER_NAMES = sorted(SOLVERS)


@pytest.fixture
def krylov(monkeypatch):
    """Small matrices go the way of large ones."""
    monkeypatch.setattr(svd, "_SMALL", 1)
    dense = svd._dense

    def no_dense(matrix, rank):
        raise AssertionError("the Krylov iteration gave up")

    monkeypatch.setattr(svd, "_dense", no_dense)
    return dense


def with_spectrum(values, rows, columns, seed=0):
    """A matrix with these singular values and random vectors."""
    generator = np.random.default_rng(seed)
    with one_blas_thread():
        u, _ = np.linalg.qr(generator.standard_normal((rows, len(values))))
        v, _ = np.linalg.qr(generator.standard_normal((columns, len(values))))
        return sp.csr_array(((u * values) @ v.T).astype(np.float32))


def assert_is_svd(matrix, result, rank, *, tolerance, exact=None):
    """The parts have the right kind, are orthonormal, and belong to the matrix."""
    assert result.u.shape == (matrix.shape[0], rank)
    assert result.v.shape == (matrix.shape[1], rank)
    assert result.u.dtype == result.v.dtype == np.float32
    assert result.values.dtype == np.float64
    assert (np.diff(result.values) <= 0).all()
    assert (result.values >= 0).all()
    assert np.isfinite(result.error)
    assert result.error <= tolerance
    for vectors in (result.u, result.v):
        double = vectors.astype(np.float64)
        np.testing.assert_allclose(double.T @ double, np.eye(rank), atol=1e-5)
    if exact is None:
        exact = np.linalg.svd(matrix.toarray().astype(np.float64), compute_uv=False)[:rank]
    largest = exact[0]
    resolved = exact > 1e-4 * largest
    np.testing.assert_allclose(result.values[resolved], exact[resolved], rtol=tolerance)
    assert (np.abs(result.values - exact) <= 1e-4 * largest + tolerance * exact).all()
    # A v = σ u, which says that both belong together.
    product = matrix.astype(np.float64) @ result.v
    np.testing.assert_allclose(product, result.u * result.values, atol=2e-6 * largest + 1e-30)
    # The strongest entry is positive; of two as strong, either may be.
    assert (result.u.max(axis=0) >= -result.u.min(axis=0) - 1e-6).all()


@pytest.mark.parametrize("solver", SOLVER_NAMES)
@pytest.mark.parametrize("shape", [(12, 7), (7, 12), (9, 9), (1, 5), (5, 1), (1, 1)])
def test_small_matrices(solver, shape):
    matrix = sp.csr_array(np.random.default_rng(1).standard_normal(shape).astype(np.float32))
    wide = shape[0] < shape[1]
    u, values, v = jacobi_svd(matrix.toarray().T if wide else matrix.toarray())
    if wide:
        u, v = v, u
    for rank in range(1, min(shape) + 1):
        result = truncated_svd(matrix, rank, solver=solver)
        assert_is_svd(matrix, result, rank, tolerance=1e-6, exact=values[:rank])
        cosines = np.abs(np.sum(result.u * u[:, :rank], axis=0))
        np.testing.assert_allclose(cosines, 1, atol=1e-5)
        cosines = np.abs(np.sum(result.v * v[:, :rank], axis=0))
        np.testing.assert_allclose(cosines, 1, atol=1e-5)


@pytest.mark.parametrize("shape", [(600, 400), (400, 600), (3000, 350), (350, 3000)])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-5])
def test_krylov_values_are_as_near_as_asked(krylov, shape, tolerance):
    values = 100 * np.arange(1, 301) ** -0.7
    matrix = with_spectrum(values, *shape)
    result = truncated_svd(matrix, 30, tolerance=tolerance, n_jobs=2)
    assert_is_svd(matrix, result, 30, tolerance=tolerance, exact=values[:30])


@pytest.mark.parametrize("seed", range(4))
def test_flat_spectra_are_hard_and_still_right(krylov, seed):
    generator = np.random.default_rng(seed)
    matrix = sp.random_array((900, 700), density=0.05, rng=generator, dtype=np.float32).tocsr()
    result = truncated_svd(matrix, 40, tolerance=0.01, seed=seed)
    assert_is_svd(matrix, result, 40, tolerance=0.01)


@pytest.mark.parametrize("ratio", [0.3, 0.6, 0.85])
def test_the_error_estimate_covers_the_rest_of_the_way(ratio):
    estimate = ErrorEstimate(2)
    for k in range(1, 30):
        worst = 1 - ratio**k  # rises to 1, by steps that shrink by ratio
        found = estimate.update(np.diag(np.array([0.1, worst, 5.0]) ** 2))
        assert (found == np.inf) == (k <= 2)
        rest = (1 - worst) / worst
        if k > 2 and 1e-6 < rest < 0.1:  # from where on relative steps shrink like absolute ones
            assert 0.8 * rest <= found <= 3 * rest


def test_well_separated_vectors(krylov):
    values = 2.0 ** -np.arange(20)
    matrix = with_spectrum(values, 800, 500)
    result = truncated_svd(matrix, 10, tolerance=1e-4)
    u, _, vt = np.linalg.svd(matrix.toarray().astype(np.float64), full_matrices=False)
    for found, exact in ((result.u, u[:, :10]), (result.v, vt[:10].T)):
        assert scipy.linalg.subspace_angles(found, exact).max() < 1e-3
        np.testing.assert_allclose(np.abs(np.sum(found * exact, axis=0)), 1, atol=1e-4)


def test_large_matrices_take_the_krylov_way_by_themselves(monkeypatch):
    monkeypatch.setattr(svd, "_dense", lambda *_: pytest.fail("decomposed as a dense matrix"))
    generator = np.random.default_rng(0)
    matrix = sp.random_array((1500, 1200), density=0.01, rng=generator, dtype=np.float32).tocsr()
    result = truncated_svd(matrix, 20, n_jobs=2)
    start = np.random.default_rng(1).standard_normal(1200)
    exact = scipy.sparse.linalg.svds(matrix.astype(np.float64), 20, v0=start)[1]
    assert_is_svd(matrix, result, 20, tolerance=0.01, exact=np.sort(exact)[::-1])


REPEATED = {
    "identity": (np.ones(400), 60),
    "a few repeated": (np.repeat([9.0, 5.0, 5.0, 2.0, 1.0], 12), 30),
    "more equal than a block is wide": (np.r_[np.full(100, 5.0), np.full(400, 1.0)], 60),
    "into the lower of two levels": (np.r_[np.full(100, 5.0), np.full(400, 1.0)], 150),
    "exact rank": (np.linspace(9, 1, 25), 25),
    "rank below what is asked": (np.linspace(9, 1, 25), 60),
    "rank 1": (np.array([3.0]), 20),
    "graded": (np.logspace(0, -6, 300), 100),
}


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.parametrize("solver", SOLVER_NAMES)
def test_repeated_and_missing_values(krylov, name, solver):
    values, rank = REPEATED[name]
    matrix = with_spectrum(values, 620, 510, seed=2)
    exact = np.zeros(rank)
    exact[: min(rank, len(values))] = values[:rank]
    result = truncated_svd(matrix, rank, solver=solver)
    assert_is_svd(matrix, result, rank, tolerance=0.01, exact=exact)


@pytest.mark.parametrize("solver", SOLVER_NAMES)
@pytest.mark.parametrize("explicit", [False, True])
def test_zero_matrix(krylov, solver, explicit):
    matrix = sp.csr_array((400, 300), dtype=np.float32)
    if explicit:
        matrix = sp.csr_array((np.zeros(2, np.float32), ([0, 3], [1, 2])), shape=(400, 300))
    result = truncated_svd(matrix, 20, solver=solver)
    assert_is_svd(matrix, result, 20, tolerance=0.01, exact=np.zeros(20))


@pytest.mark.parametrize("solver", SOLVER_NAMES)
@pytest.mark.parametrize("matrix", [np.eye(9), np.zeros((6, 8)), np.ones((8, 6))])
def test_degenerate_small_matrices(solver, matrix):
    matrix = sp.csr_array(matrix)
    for rank in (1, 3, min(matrix.shape)):
        assert_is_svd(matrix, truncated_svd(matrix, rank, solver=solver), rank, tolerance=1e-6)


def test_blocks_on_the_diagonal(krylov):
    blocks = [np.full((20, 15), i + 1.0) for i in range(30)]
    matrix = sp.csr_array(sp.block_diag(blocks, format="csr"))
    result = truncated_svd(matrix, 40)
    exact = np.r_[np.arange(30, 0, -1) * np.sqrt(300), np.zeros(10)]
    assert_is_svd(matrix, result, 40, tolerance=0.01, exact=exact)


def test_a_full_space_that_has_not_settled_is_decomposed_as_dense(monkeypatch):
    monkeypatch.setattr(svd, "_SMALL", 1)
    matrix = with_spectrum(np.linspace(2, 1, 210), 300, 210)
    result = truncated_svd(matrix, 66, tolerance=1e-6)
    assert_is_svd(matrix, result, 66, tolerance=1e-6)


@pytest.mark.parametrize("solver", SOLVER_NAMES)
def test_the_same_seed_gives_the_same_result_for_any_threads(krylov, solver):
    matrix = with_spectrum(np.arange(1, 201) ** -0.5, 500, 400)
    one = truncated_svd(matrix, 20, solver=solver, seed=3, n_jobs=1)
    for n_jobs in (1, 2, 3):
        again = truncated_svd(matrix, 20, solver=solver, seed=3, n_jobs=n_jobs)
        for name in ("u", "values", "v"):
            assert getattr(one, name).tobytes() == getattr(again, name).tobytes()
    other = truncated_svd(matrix, 20, solver=solver, seed=4)
    np.testing.assert_allclose(one.values, other.values, rtol=0.01)
    if solver == "randomized":
        assert one.u.tobytes() != other.u.tobytes()


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_the_same_bytes_where_everything_is_on_disk(krylov, n_jobs):
    matrix = with_spectrum(np.arange(1, 201) ** -0.5, 500, 400)
    expected = truncated_svd(matrix, 20, n_jobs=1)
    for memory in (1, 1 << 16, 1 << 24):
        found = truncated_svd(matrix, 20, memory=memory, n_jobs=n_jobs)
        for name in ("u", "values", "v"):
            assert getattr(found, name).tobytes() == getattr(expected, name).tobytes()


@pytest.fixture
def narrow(krylov, monkeypatch):
    """Blocks so narrow that small matrices take many of them."""
    monkeypatch.setattr(svd, "WIDTH", 8)
    monkeypatch.setattr("textrep.linalg.krylov.WIDTH", 8)


@pytest.fixture(scope="module")
def changed():
    """A matrix with a slowly falling spectrum, the same after a small change, and its SVD."""
    before = with_spectrum(100 * np.arange(1, 351) ** -0.6, 500, 400)
    change = sp.random_array((500, 400), density=0.02, rng=np.random.default_rng(1))
    after = sp.csr_array((before + change.astype(np.float32) * 3).astype(np.float32))
    with one_blas_thread():
        return before, after, np.linalg.svd(after.toarray().astype(np.float64))


def test_a_start_near_the_end_takes_fewer_steps_to_the_same_accuracy(narrow, changed):
    before, after, exact = changed
    start = truncated_svd(before, 40).u
    cold = truncated_svd(after, 40)
    warm = truncated_svd(after, 40, start=start, n_jobs=2)
    assert warm.dimensions < 0.9 * cold.dimensions
    for result in (cold, warm):
        assert_is_svd(after, result, 40, tolerance=0.01, exact=exact[1][:40])


@pytest.mark.parametrize("kind", ["useless", "one vector", "zero", "wrong half"])
def test_a_bad_start_costs_steps_but_not_accuracy(narrow, changed, kind):
    _, after, exact = changed
    start = {
        "useless": np.eye(500, 7),
        "one vector": exact[0][:, 3:4],
        "zero": np.zeros((500, 5)),
        "wrong half": exact[0][:, 20:40],  # the larger half must be found
    }[kind]
    result = truncated_svd(after, 40, start=start.astype(np.float32))
    assert_is_svd(after, result, 40, tolerance=0.01, exact=exact[1][:40])


def test_read_only_64_bit_places(krylov):
    matrix = with_spectrum(np.arange(1, 201) ** -0.5, 500, 400)
    expected = truncated_svd(matrix, 20)
    wide = matrix.copy()
    wide.indptr = wide.indptr.astype(np.int64)
    for array in (wide.indptr, wide.indices, wide.data):
        array.flags.writeable = False
    assert truncated_svd(wide, 20).u.tobytes() == expected.u.tobytes()
    np.testing.assert_allclose(
        truncated_svd(wide, 20, solver="arpack").values, expected.values, rtol=0.01
    )


@pytest.fixture(scope="module")
def real_ppmi(shared_data, tmp_path_factory):
    file = shared_data / "corpora" / "general-en-1m.txt.xz"
    if not file.is_file():
        pytest.skip("general-en-1m is not there")
    corpus = Corpus.build(file, tmp_path_factory.mktemp("corpus") / "1m")
    counts = count_cooccurrences(corpus, Window(5))
    return pmi(counts, positive=True, context_smoothing=0.75, n_jobs=2)


def test_real_ppmi_against_arpack(real_ppmi):
    exact = truncated_svd(real_ppmi, 60, solver="arpack")
    for tolerance in (0.01, 0.001):
        result = truncated_svd(real_ppmi, 60, tolerance=tolerance, n_jobs=2)
        assert_is_svd(real_ppmi, result, 60, tolerance=tolerance, exact=exact.values)
    # The first values are far from the others, so their vectors are the same too.
    np.testing.assert_allclose(np.sum(result.u[:, :5] * exact.u[:, :5], axis=0), 1, atol=1e-3)
