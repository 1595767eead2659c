"""Singular value decomposition of counts, PMI or PPMI."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_choice, check_integer, check_number, check_text
from textrep.corpus import Corpus, Vocabulary
from textrep.counting.outlook import Outlook
from textrep.distributed.either import Matrix, truncated_svd
from textrep.errors import CorpusError, InvalidParameterError, UsageError, VocabularyError
from textrep.linalg import SOLVERS
from textrep.models.base import Representation
from textrep.models.cooccurrence import Cooccurrence
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, csr_bytes, folder_bytes
from textrep.models.counting import AssociationModel
from textrep.models.counting_cost import COUNT_BYTES, PMI_BYTES, counting_ahead, kept_share
from textrep.models.pmi import PMI
from textrep.sgd.devices import resolve_device
from textrep.storage import load_vectors

__all__ = ["SVD"]

_NOTHING = 1e-6  # of the largest singular value: what rounding makes of 0

_KRYLOV = 4  # dimensions of the Krylov space for each one that is wanted, at tolerance 0.01
_TRIAL_DIM = 100  # dimensions of a trial; a small part of the text has few words

_MATRICES = ("counts", "pmi", "ppmi")


@dataclass(kw_only=True, eq=False, repr=False)
class SVD(AssociationModel):
    """Counts, PMI or PPMI reduced to a few dense dimensions.

    With M ≈ U · Σ · V.T the best approximation of rank dim, the word vectors are U · Σ^p and the
    context vectors V.

    Parameters
    ----------
    dim : int, default=200
        Dimensions: the rank, 1 or more, at most the number of words and of contexts.
    matrix : {"ppmi", "pmi", "counts"}, default="ppmi"
        What is decomposed. A model that is trained on a PMI or PPMI model takes what that is.
    eigenvalue_weight : float, default=0.0
        p, -1 to 2. 1 is the classical choice (latent semantic analysis); 0 and 0.5 do better on
        word similarity.
    add_context : bool, default=False
        Whether the word vectors are (U + V) · Σ^p (w + c); needs contexts equal to the words.
    solver : {"randomized", "arpack"}, default="randomized"
        Block Krylov iteration in parallel, until ``tolerance``; or ARPACK, exact and slow.
    tolerance : float, default=0.01
        1e-6 to 1. The randomized solver stops when the estimated relative error of each singular
        value (of those above 1e-4 of the largest) is below.
    start : str, optional
        An earlier model of about the same matrix (a folder or vector file with dense vectors): the
        randomized solver starts from its word vectors and needs fewer steps; the tolerance holds.
    random_state : int, default=0
        Seed of the solver's random start, 0 or more.
    $association
    $counting
    memory : int, optional
        Bytes that counting may use, at least 16,777,216; matrices, and what the randomized solver
        works with, are then in temporary files (TMPDIR). Default: in memory.
    device : str, default="cpu"
        ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``, which needs PyTorch; or ``auto``: a GPU
        where there is one. The randomized solver then computes there, on as much of the matrix at a
        time as its memory has room for.
    n_jobs : int, optional
        Threads; default: every core. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : ndarray of shape (n_words, dim), float32
        U · Σ^p, or (U + V) · Σ^p. Dimensions that the matrix does not have (singular values below
        1e-6 of the largest) are 0, whatever p is.
    context_vectors_ : ndarray of shape (n_contexts, dim), float32
        V.
    singular_values_ : ndarray of shape (dim,), float64
        Σ, largest first.

    Notes
    -----
    For one seed the result is the same from run to run on one machine, for any number of threads;
    BLAS, or a GPU, may add in another order elsewhere.

    References
    ----------
    Deerwester, Dumais, Furnas, Landauer and Harshman 1990, Indexing by Latent Semantic Analysis,
    JASIS 41(6).
    Levy, Goldberg and Dagan 2015, Improving Distributional Similarity with Lessons Learned from
    Word Embeddings, TACL 3, sections 2.2 and 3.3.
    """

    dim: int = 200
    matrix: str = "ppmi"
    eigenvalue_weight: float = 0.0
    add_context: bool = False
    solver: str = "randomized"
    tolerance: float = 0.01
    start: str | None = None
    random_state: int = 0
    device: str = "cpu"

    def check_parameters(self) -> None:
        """Check the parameters of counting, of PMI and of the decomposition."""
        super().check_parameters()
        name = type(self).__name__
        check_integer("dim", name, self.dim, 1)
        check_choice("matrix", name, self.matrix, _MATRICES)
        check_number("eigenvalue_weight", name, self.eigenvalue_weight, -1.0, 2.0)
        check_boolean("add_context", name, self.add_context)
        check_choice("solver", name, self.solver, SOLVERS)
        check_number("tolerance", name, self.tolerance, 1e-6, 1.0)
        if self.start is not None:
            check_text("start", name, self.start)
        check_integer("random_state", name, self.random_state, 0)
        if self.solver == "arpack" and self.memory is not None:
            raise InvalidParameterError(
                "solver", name, "randomized where memory is given", "arpack"
            )
        if resolve_device(self.device) != "cpu" and self.solver == "arpack":
            raise InvalidParameterError("device", name, "'cpu' with solver='arpack'", self.device)

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        counting = counting_ahead(self, outlook)
        self._check_dim(outlook.n_words, counting.n_contexts)
        trial_dim = min(self.dim, _TRIAL_DIM, Trial.least_words(outlook), counting.n_contexts)
        trial = Trial(self, outlook, memory=None, start=None, dim=trial_dim)
        entries = counting.entries * kept_share(counting, trial, outlook.n_tokens)
        value_bytes = COUNT_BYTES if self.matrix == "counts" else PMI_BYTES
        matrix = csr_bytes(entries, value_bytes, outlook.n_words)
        vectors = 4.0 * self.dim * (outlook.n_words + counting.n_contexts)
        # The matrix and its transpose; the Krylov spaces; what is made of them.
        decomposing = 2 * matrix + _KRYLOV * vectors + 2 * vectors
        if self.memory is None:
            memory = max(counting.memory, counting.after + matrix, counting.tokens + decomposing)
            scratch = 0.0
        else:  # all of it is on disk
            memory, scratch = counting.memory, max(counting.disk + matrix, decomposing)
        work = [_work(m.metrics_["entries"], *m.word_vectors_.shape) for m in trial.models]
        return Cost(
            memory=PROGRAM_BYTES + math.ceil(memory),
            disk=folder_bytes(outlook, vectors + 8 * self.dim) + math.ceil(scratch),
            seconds=trial.seconds(_work(entries, outlook.n_words, self.dim), work),
            notes=(f"{about(counting.entries)} counts", f"{about(entries)} values to decompose"),
        )

    def _learn(self, source: Corpus | Representation) -> None:
        start = None if self.start is None else self._starting_vectors(self.start)
        matrix = self._matrix(source)
        if matrix.nnz == 0:
            raise CorpusError(
                "Nothing to decompose: no word has a context, or has one more often than chance. "
                "Use more text, a wider window or a smaller shift."
            )
        self._check_dim(*matrix.shape)
        if self.add_context and matrix.shape[0] != matrix.shape[1]:
            rule = "false where the contexts are not the words"
            raise InvalidParameterError("add_context", "SVD", rule, self.add_context)
        result = truncated_svd(
            matrix,
            self.dim,
            solver=self.solver,
            tolerance=self.tolerance,
            seed=self.random_state,
            start=start,
            memory=self.memory,
            device=resolve_device(self.device),
            n_jobs=self._threads(),
        )
        scale = np.zeros(self.dim, np.float32)
        there = result.values > _NOTHING * result.values[0]
        scale[there] = result.values[there] ** self.eigenvalue_weight
        self.word_vectors_ = result.u  # changed in place: there may be no room for another
        if self.add_context:
            self.word_vectors_ += result.v
        self.word_vectors_ *= scale
        self.context_vectors_ = result.v
        self.singular_values_ = result.values
        self.metrics_ |= {
            "entries": int(matrix.nnz),
            "singular_value_error": result.error,
            "krylov_dimensions": result.dimensions,
        }

    def _starting_vectors(self, path: str) -> NDArray[np.float32]:
        """Return the vectors that ``path`` has for each word, of length 1 a column; 0 for none."""
        earlier = load_vectors(path)
        if earlier.is_sparse:
            raise UsageError(f"start needs dense vectors, but {path} holds sparse ones.")
        numbers = Vocabulary(earlier.words, np.zeros(0, np.int64)).encode(self.vocabulary_.words)
        known = numbers >= 0
        start = np.zeros((len(numbers), earlier.dim), np.float32)
        start[known] = earlier.matrix[numbers[known]]
        lengths = np.linalg.norm(start, axis=0)
        if not lengths.any():
            raise VocabularyError(f"{path}, where start begins, has no vector for any word here.")
        start /= np.where(lengths > 0, lengths, np.float32(1))
        return start

    def _check_dim(self, n_words: int, n_contexts: int) -> None:
        most = min(n_words, n_contexts)
        if self.dim > most:
            rule = f"at most {most:,}: there are {n_words:,} words and {n_contexts:,} contexts"
            raise InvalidParameterError("dim", "SVD", rule, self.dim)

    def _matrix(self, source: Corpus | Representation) -> Matrix:
        """Return what is decomposed: a fitted model's matrix, or counts transformed."""
        if isinstance(source, PMI):
            self._check_same_counting(source)
            kind, defaults = type(source).__name__, SVD().get_params()
            self._refuse_contradictions(
                f"{kind} values",
                source.get_params() | {"matrix": kind.lower()},
                {name: defaults[name] for name in ("matrix", "context_smoothing", "shift")},
            )
        if not isinstance(source, Corpus | Cooccurrence) and sp.issparse(source.word_vectors_):
            return source.word_vectors_
        counts = self._counts(source)
        if self.matrix == "counts":
            return counts
        return self._pmi(counts, positive=self.matrix == "ppmi")

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        return ("word_vectors", "context_vectors", "singular_values")


def _work(entries: float, n_words: int, dim: int) -> float:
    """Return what the decomposition takes, in multiplications in a dense product.

    Each dimension of the Krylov space takes two sparse products, whose multiplications take about
    three times as long, and is made orthogonal to all others.
    """
    space = _KRYLOV * dim
    return space * (2 * 3 * entries + 2 * n_words * space)
