"""GloVe and SVD on a GPU: whether they are right there, and how fast they are."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .gpu_checks import Check
from .harness import say

if TYPE_CHECKING:
    import scipy.sparse as sp

    from textrep import Corpus
    from textrep.sgd.glove import GloVeSettings

__all__ = ["CHECKS", "Measure", "measure_glove", "measure_svd"]

_STEP = 1e-6  # of finite differences, in float64
_AS_NEAR = 1e-5  # relative, of singular values


@dataclasses.dataclass(frozen=True)
class Measure:
    """A run, measured.

    Attributes
    ----------
    name, how : str
        What was computed; the batch size, where the matrix was, or that kernels were compiled.
    seconds : float
        Wall time.
    entries : int
        Of the matrix.
    found : float
        The mean cost of an epoch of GloVe; of SVD the largest relative difference of a singular
        value to that of compiled kernels.
    """

    name: str
    how: str
    seconds: float
    entries: int
    found: float


def check_glove_gradient(device: str) -> Iterator[Check]:
    """Compare a step of GloVe with finite differences of the cost, in float64."""
    import numpy as np
    import torch

    from textrep.kernels.torch_glove import train_batch

    random = np.random.default_rng(0)
    dim, half, n_entries, even = 6, 5, 12, 1e6
    start = random.normal(size=(2 * half, dim + 2))
    start[:half, -1] = start[half:, -2] = 1.0
    places = random.integers(0, half, (2, n_entries)) + np.array([[0], [half]])
    logs, weights = random.random((2, n_entries))
    factors = np.ones((2, 1, dim + 2))
    factors[0, 0, -1] = factors[1, 0, -2] = 0.0

    def run(rows: Any) -> tuple[float, Any]:
        """Take a step of which each gradient is divided by the same; return loss and rows."""
        tensors = [torch.tensor(x, device=device) for x in (rows, places, logs, weights, factors)]
        sums = torch.full_like(tensors[0], even**2)
        loss = train_batch(tensors[0], sums, *tensors[1:], 1e9, 0.0, even, 1.0)
        return float(loss), tensors[0].cpu().numpy()

    slopes, learnt = np.zeros_like(start), start - run(start)[1]
    for index in np.ndindex(start.shape):
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * _STEP
            slopes[index] += sign * run(moved)[0] / (2 * _STEP)
    slopes[:half, -1] = slopes[half:, -2] = 0.0  # the ones are no parameters
    worst = float((np.abs(slopes - learnt) / np.maximum(1.0, np.abs(slopes))).max())
    yield Check("gradient, glove", worst < 1e-5, f"{worst:.0e}")


def check_glove_epoch(device: str) -> Iterator[Check]:
    """Compare the vectors after an epoch with those that torch trains on the CPU."""
    import numpy as np

    from textrep.sgd.glove import ADAGRADS
    from textrep.sgd.glove_torch import GloVeTorchTrainer

    counts = _random_counts(300)
    for adagrad in ADAGRADS:
        found = []
        for where in (device, "cpu"):
            settings = glove_settings(dim=16, adagrad=adagrad)
            trainer = GloVeTorchTrainer(counts, settings, where, 1, batch=256)
            list(trainer.train(0, range(trainer.n_parts)))
            found.append(trainer.vectors())
        worst = float(np.abs(found[0] - found[1]).max() / np.abs(found[1]).max())
        yield Check(
            f"an epoch equals torch's on the CPU, glove {adagrad}", worst < 1e-3, f"{worst:.0e}"
        )


def check_products(device: str) -> Iterator[Check]:
    """Compare products of a sparse matrix with SciPy's in float64."""
    import numpy as np
    import torch

    from textrep.linalg.torch_products import TorchOperator

    matrix, random = _random_counts(700), np.random.default_rng(1)
    operator, worst = TorchOperator(matrix, device, 1), 0.0
    for sparse, multiply in ((matrix, operator.times), (matrix.T, operator.transposed_times)):
        dense = random.standard_normal((sparse.shape[1], 48)).astype(np.float32)
        found = multiply(torch.from_numpy(dense).to(device)).cpu().numpy()
        size = abs(sparse) @ np.abs(dense).astype(np.float64)
        error = np.abs(found - sparse @ dense.astype(np.float64)) / np.maximum(size, 1e-30)
        worst = max(worst, float(error.max()))
    yield Check("sparse products are SciPy's", worst < 1e-5, f"{worst:.0e}")


def check_values(device: str) -> Iterator[Check]:
    """Compare singular values with those of compiled kernels."""
    from textrep.linalg import truncated_svd

    matrix = _random_counts(1500).log1p()  # float32 has few digits where one value outdoes all
    found, expected = (
        truncated_svd(matrix, 20, tolerance=_AS_NEAR / 10, device=where).values
        for where in (_by_torch(device), "cpu")
    )
    worst = float((abs(found - expected) / expected).max())
    yield Check("singular values are the compiled kernels'", worst < _AS_NEAR, f"{worst:.0e}")


CHECKS: tuple[Callable[[str], Iterator[Check]], ...] = (
    check_glove_gradient, check_glove_epoch, check_products, check_values,
)  # fmt: skip


def glove_settings(**options: Any) -> GloVeSettings:
    """Return the defaults of the estimator, but for ``options``."""
    from textrep import GloVe
    from textrep.sgd.glove import GloVeSettings

    given = GloVe(**options).get_params()
    return GloVeSettings(**{name: given[name] for name in GloVeSettings.__dataclass_fields__})


def measure_glove(
    corpus: Corpus, device: str, dim: int, batches: Sequence[int], epochs: int
) -> Iterator[Measure]:
    """Measure the last of some epochs of GloVe by compiled kernels, and for each batch size."""
    from textrep.counting import Window, count_cooccurrences
    from textrep.parallel import resolve_n_jobs
    from textrep.sgd.glove import GloVeTrainer
    from textrep.sgd.glove_torch import GloVeTorchTrainer

    counts = count_cooccurrences(corpus, Window(10, "harmonic", "both", "sentence"))
    settings, threads = glove_settings(dim=dim), resolve_n_jobs(None)
    for batch in (None, *batches):
        how = f"{batch}" if batch else "compiled"
        say(f"  glove, {how}")
        trainer: Any
        if batch is None:
            trainer = GloVeTrainer(counts, settings, threads)
        else:
            trainer = GloVeTorchTrainer(counts, settings, device, threads, batch)
        for epoch in range(epochs):
            begun = time.perf_counter()
            loss = sum(part.loss for part in trainer.train(epoch, range(trainer.n_parts)))
            seconds = time.perf_counter() - begun
        yield Measure(f"glove, epoch {epochs}", how, seconds, counts.nnz, loss / counts.nnz)


def measure_svd(corpus: Corpus, device: str, rank: int) -> Iterator[Measure]:
    """Measure the SVD of PPMI by compiled kernels, and on the device."""
    from textrep.counting import Window, count_cooccurrences, pmi
    from textrep.linalg import truncated_svd
    from textrep.parallel import resolve_n_jobs

    counts = count_cooccurrences(corpus, Window(5, "harmonic", "both", "sentence"))
    matrix = pmi(counts, positive=True, context_smoothing=0.75, shift=1.0)
    rank, threads = min(rank, *matrix.shape), resolve_n_jobs(None)
    expected = None
    for how, where in (("compiled", "cpu"), (device, _by_torch(device))):
        say(f"  svd, {how}")
        begun = time.perf_counter()
        if where != "cpu":  # the first time loads the device's code and takes its memory
            truncated_svd(matrix, 1, tolerance=1.0, device=where, n_jobs=threads)
            begun = time.perf_counter()
        values = truncated_svd(matrix, rank, device=where, n_jobs=threads).values
        seconds = time.perf_counter() - begun
        expected = values if expected is None else expected
        there = expected > 1e-4 * expected[0]
        worst = float((abs(values - expected)[there] / expected[there]).max())
        yield Measure(f"svd, rank {rank}", how, seconds, matrix.nnz, worst)


def _by_torch(device: str) -> str:
    """Return the name by which SVD is computed with torch, also on the processor."""
    return "cpu:0" if device == "cpu" else device


def _random_counts(n: int) -> sp.csr_array:
    """Return a matrix of counts of words as frequent as Zipf's law has them."""
    import numpy as np
    import scipy.sparse as sp

    shares = 1 / np.arange(1, n + 1)
    expected = 5.0 * n * np.outer(shares, shares)
    drawn = np.random.default_rng(0).poisson(expected).astype(np.float64)
    return sp.csr_array(drawn)
