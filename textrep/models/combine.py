"""Several representations of the same words, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice, check_integer, check_text
from textrep.errors import InvalidParameterError, UsageError
from textrep.linalg.tall import combined, inner_products
from textrep.models.base import Representation
from textrep.models.members import Member, common_words, members_of, shared_corpus
from textrep.models.weights import EQUAL, best_weights, parse_weights
from textrep.parallel import one_blas_thread, resolve_n_jobs
from textrep.vectors import WordVectors

__all__ = ["Combine", "Score"]

Score = Callable[[WordVectors, str], float]
"""How good vectors are on the benchmark of a name; higher is better."""

_Unit = NDArray[np.float32]


def _concatenate(units: Sequence[_Unit], weights: NDArray[np.float64]) -> _Unit:
    return np.hstack([u * np.float32(w**0.5) for u, w in zip(units, weights, strict=True)])


def _average(units: Sequence[_Unit], weights: NDArray[np.float64]) -> _Unit:
    total = np.zeros((len(units[0]), max(unit.shape[1] for unit in units)), np.float32)
    for unit, weight in zip(units, weights, strict=True):
        total[:, : unit.shape[1]] += unit * np.float32(weight)
    return total


_METHODS = {"concatenate": _concatenate, "average": _average}


@dataclass(kw_only=True, eq=False, repr=False)
class Combine(Representation):
    """Several representations of the same words in one: a meta-embedding.

    With x_i the vector of a word in member i at length 1 and λ_i the member's weight, Σ λ_i = 1,
    the word's vector is [√λ_1 · x_1; √λ_2 · x_2; …], so that the cosine of two words is Σ λ_i times
    their cosine in member i; or it is the average Σ λ_i · x_i.

    Parameters
    ----------
    method : {"concatenate", "average"}, default="concatenate"
        What is done with the vectors. Shorter vectors are averaged as if zeros followed.
    weights : str, default="equal"
        The members' weights: equal, or numbers above 0 in the order of the members, such as 2,1;
        they are scaled to the sum 1.
    develop : str, optional
        A development benchmark or suite that the weights are chosen on, from .1 to .9 in steps of
        .1. Scores on it say nothing afterwards. Default: the weights as given.
    dim : int, optional
        Dimensions that the result is reduced to by singular value decomposition, 1 or more, at
        most those that there are and the number of words. Default: it is not reduced.
    n_jobs : int, optional
        Threads of the reduction; default: every core. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words that all members have, in the order of the first member.
    word_vectors_ : ndarray of shape (n_words, dim), float32
        The combined vectors; dim is the sum of the members' dimensions, or for averages their
        largest, unless it is reduced.
    weights_ : ndarray of shape (n_members,), float64
        λ.

    Notes
    -----
    A word whose vector is zero in one member keeps only what the others know of it. The reduction
    is U · Σ, the projection that keeps most of the inner products.

    References
    ----------
    Yin and Schütze 2016, Learning Word Meta-Embeddings, ACL.
    Coates and Bollegala 2018, Frustratingly Easy Meta-Embedding: Computing Meta-Embeddings by
    Averaging Source Word Embeddings, NAACL-HLT.

    Examples
    --------
    >>> left = WordVectors(["cat", "dog", "sun"], [[1, 0], [0, 1], [1, 1]])
    >>> right = WordVectors(["cat", "dog", "rain"], [[3.0], [2.0], [1.0]])
    >>> model = Combine(weights="1,3").fit([left, right])
    >>> model.vectors_.words
    ['cat', 'dog']
    >>> round(model.vectors_.similarity("cat", "dog"), 6)
    0.75
    """

    takes_models: ClassVar[bool] = True

    weights_: NDArray[np.float64] = field(init=False)

    method: str = "concatenate"
    weights: str = EQUAL
    develop: str | None = None
    dim: int | None = None
    n_jobs: int | None = None

    def check_parameters(self) -> None:
        """Check the parameters, but not yet against the members."""
        name = type(self).__name__
        check_choice("method", name, self.method, _METHODS)
        parse_weights(self.weights, name)
        if self.develop is not None:
            check_text("develop", name, self.develop)
            if self.weights != EQUAL:
                raise UsageError(
                    f"Combine takes its weights from weights={self.weights!r} or from "
                    f"develop={self.develop!r}, not from both. Leave one out."
                )
        if self.dim is not None:
            check_integer("dim", name, self.dim, 1)
        resolve_n_jobs(self.n_jobs, name)

    def fit(self, sources: Any, y: object = None, *, score: Score | None = None) -> Self:
        """Put representations together.

        Parameters
        ----------
        sources : sequence of Representation, WordVectors, str or Path
            At least two: fitted models, word vectors, model folders, files of word vectors. Their
            vectors are dense. Words that not all of them have are left out.
        y : None
            Ignored; there for scikit-learn.
        score : callable, optional
            How good vectors are on the benchmark of a name, needed with ``develop``:
            :func:`textrep.evaluation.mean_score`.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameterError
            A parameter is out of its range, or the members are too few or not of these kinds.
        UsageError
            A member is sparse, or there is a benchmark but nothing to score it by.
        VocabularyError
            The members share no word.
        NotFittedError
            A member is a model that has not been trained.
        """
        self.check_parameters()
        if self.develop is not None and score is None:
            raise UsageError(
                f"Combine(develop={self.develop!r}) needs to know how vectors score: call "
                "fit(…, score=textrep.evaluation.mean_score)."
            )
        members = members_of(sources, "Combine")
        vocabulary, rows = common_words(members, "Combine")
        units = []
        for member, places in zip(members, rows, strict=True):
            whole = len(places) == len(member.vectors) and (np.diff(places) == 1).all()
            chosen = member.vectors if whole else member.vectors.subset(vocabulary.words)
            units.append(chosen.normalized().matrix)
        self._learn_words((units, score), vocabulary, shared_corpus(members))
        self._describe(members)
        return self

    def _learn(self, source: tuple[Sequence[_Unit], Score | None]) -> None:
        units, score = source
        self._check_sizes(units)
        given = parse_weights(self.weights, "Combine")
        weights = np.full(len(units), 1 / len(units)) if given is None else given
        if self.develop is not None and score is not None:
            weights = self._chosen_weights(units, self.develop, score)
        self.weights_ = weights
        self.word_vectors_ = self._build(units, weights)

    def _check_sizes(self, units: Sequence[_Unit]) -> None:
        given = parse_weights(self.weights, "Combine")
        if given is not None and len(given) != len(units):
            rule = f"{len(units)} numbers, one for each member"
            raise InvalidParameterError("weights", "Combine", rule, self.weights)
        dims = [unit.shape[1] for unit in units]
        there = max(dims) if self.method == "average" else sum(dims)
        n_words = len(units[0])
        if self.dim is not None and self.dim > min(there, n_words):
            rule = (
                f"at most {min(there, n_words):,}: there are {n_words:,} words and "
                f"{there:,} dimensions"
            )
            raise InvalidParameterError("dim", "Combine", rule, self.dim)

    def _chosen_weights(
        self, units: Sequence[_Unit], benchmark: str, score: Score
    ) -> NDArray[np.float64]:
        """Return the weights with the best vectors on the development benchmark."""
        vocabulary = self.vocabulary_

        def ask(weights: NDArray[np.float64]) -> float:
            matrix = self._build(units, weights)
            return score(WordVectors(vocabulary.words, matrix, vocabulary.counts), benchmark)

        weights, reached, equal = best_weights(len(units), ask)
        self.metrics_["development"] = {
            "benchmark": benchmark,
            "score": float(reached),
            "equal_weights_score": float(equal),
        }
        return weights

    def _build(self, units: Sequence[_Unit], weights: NDArray[np.float64]) -> _Unit:
        """Return the combined vectors for these weights, reduced if that is asked for."""
        matrix = _METHODS[self.method](units, weights)
        return matrix if self.dim is None else _reduced(matrix, self.dim, self._threads())

    def _describe(self, members: Sequence[Member]) -> None:
        """Note what was put together, for the model's folder."""
        self.corpus_["members"] = [
            {
                "name": member.name,
                "n_words": len(member.vectors),
                "left_out": len(member.vectors) - len(self.vocabulary_),
                "dim": member.vectors.dim,
                "weight": float(weight),
            }
            for member, weight in zip(members, self.weights_, strict=True)
        ]

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        return ("word_vectors", "weights")


def _reduced(matrix: _Unit, dim: int, n_jobs: int) -> _Unit:
    """Return U · Σ of the best approximation of rank ``dim``, from the eigenvectors of X.T X.

    The matrix has a few hundred columns, so its inner products, in float64, are exact enough and
    cost less than an iteration.
    """
    with one_blas_thread():
        gram = inner_products([matrix], matrix, n_jobs, np.float64)
        directions = np.linalg.eigh(gram).eigenvectors[:, ::-1][:, :dim]
        strongest = directions[np.abs(directions).argmax(axis=0), np.arange(dim)]
        return combined([matrix], directions * np.where(strongest < 0, -1.0, 1.0), n_jobs)
