"""What changed between two models, and whether another seed would change as much."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer
from textrep.errors import InputError, UsageError, VocabularyError
from textrep.inspection.alignment import aligned_cosines
from textrep.inspection.changes import Counts, Difference, rarer_counts
from textrep.inspection.noise import noise_bands
from textrep.inspection.sources import as_vectors, reseeded
from textrep.parallel import resolve_n_jobs
from textrep.progress import logger
from textrep.vectors import WordVectors

__all__ = ["diff"]

_ENOUGH = 10  # shared words for each dimension; with fewer, the alignment fits noise
_MOST_SHARED = 0.5  # of the smaller vocabulary; with fewer, the models are of other texts


def diff(
    a: Any, b: Any, seeds: Sequence[Any] = (), *, min_count: int = 1, n_jobs: int | None = None
) -> Difference:
    """Align two models, and say which words changed, and which more than by the seed.

    The vectors of shared words, at length 1, are turned on top of one another; the change of a word
    is 1 - its cosine then. ``seeds`` are aligned with ``a``, and with one another, in the same way:
    99% of the changes of the words of a frequency are below its limit. A word whose change is above
    it has changed.

    Parameters
    ----------
    a, b : WordVectors, Representation, str or Path
        Dense vectors. Of different dimensions, the smaller ones get zeros: what the larger ones
        have in addition counts as change.
    seeds : sequence of the same
        Models that were trained as ``a`` was, with other seeds.
    min_count : int, default=1
        Compare words that occur so often in both texts only. All shared words are aligned.
    n_jobs : int, optional
        Threads; every core by default. The result does not depend on it.

    Returns
    -------
    Difference

    Raises
    ------
    UsageError
        Vectors are sparse.
    VocabularyError
        The models share too few words for an alignment, or ``min_count`` leaves none.
    InputError
        A model of ``seeds`` has other words than ``a``, or its very vectors.

    Notes
    -----
    A band of frequency takes words of half the frequency of the one before, or of fewer until it
    has 500. Words that are rarer in ``b`` than in ``a`` have the limit of their frequency there.

    The noise is that of seeds alone. Models of two samples of the same kind of text differ by more:
    to tell a change of language from one of samples, compare with such a pair.

    References
    ----------
    Hamilton, Leskovec and Jurafsky 2016, Diachronic Word Embeddings Reveal Statistical Laws of
    Semantic Change, ACL.
    Dubossarsky, Weinshall and Grossman 2017, Outta Control: Laws of Semantic Change and Inherent
    Biases in Word Representation Models, EMNLP.

    Examples
    --------
    >>> one = WordVectors(["cat", "dog", "car", "bus"], [[1, 0], [1, 0.2], [0, 1], [0.1, 1]])
    >>> other = WordVectors(["cat", "dog", "car", "bus"], [[0, 1], [0.2, 1], [1, 0], [0, 1]])
    >>> diff(one, other).most_changed(1)[0].word
    'bus'
    """
    threads = resolve_n_jobs(n_jobs, "diff")
    check_integer("min_count", "diff", min_count, 1)
    first, second = as_vectors(a, "diff"), as_vectors(b, "diff")
    others = reseeded(first, seeds, "diff")
    for vectors, source in zip((first, second, *others), (a, b, *seeds), strict=True):
        _check_dense(vectors, source)
    shared = [word for word in first.words if word in second.index]
    models = [model.subset(shared) for model in (first, second, *others)] if shared else []
    there = np.array([True] * len(shared))
    for model in models:
        there &= np.linalg.norm(model.matrix, axis=1) > 0
    _check_shared(int(there.sum()), first, second)
    kept = [word for word, is_there in zip(shared, there, strict=True) if is_there]
    if len(kept) < len(shared):
        models = [model.subset(kept) for model in models]
    units = [model.normalized().matrix for model in models]
    often = _frequent(models[0].counts, models[1].counts, min_count, len(kept))
    changes = 1 - aligned_cosines(units[0], units[1], threads)
    noise = [1 - aligned_cosines(x, y, threads) for x, y in combinations([units[0], *units[2:]], 2)]
    compared = [word for word, is_often in zip(kept, often, strict=True) if is_often]
    models = [model.subset(compared) for model in models] if len(compared) < len(kept) else models
    return Difference(
        a=models[0],
        b=models[1],
        seeds=models[2:],
        changes=changes[often],
        bands=noise_bands(models[0].counts, [change[often] for change in noise]) if noise else [],
        only_a=[word for word in first.words if word not in second.index],
        only_b=[word for word in second.words if word not in first.index],
        without_vector=len(shared) - len(kept),
    )


def _check_dense(vectors: WordVectors, source: Any) -> None:
    if vectors.is_sparse:
        name = "of a model" if isinstance(source, WordVectors) else f"of {source}"
        raise UsageError(
            f"diff aligns dense vectors, and those {name} are sparse, of {vectors.dim:,} "
            "dimensions: reduce them first with SVD."
        )


def _check_shared(n_shared: int, a: WordVectors, b: WordVectors) -> None:
    dim, smaller = max(a.dim, b.dim), min(len(a), len(b))
    if n_shared <= dim:
        raise VocabularyError(
            f"The models share {n_shared:,} words with vectors, and {dim:,} dimensions can be "
            "turned so that any so few words fit. Compare models of the same language and kind of "
            "text, or of fewer dimensions."
        )
    if n_shared < _ENOUGH * dim:
        logger.warning(
            "only %s shared words for %s dimensions: the alignment hides part of the change",
            f"{n_shared:,}",
            f"{dim:,}",
        )
    if n_shared < _MOST_SHARED * smaller:
        logger.warning(
            "only %s of %s words (%.0f%%) are in both models: are their languages and tokenizers "
            "the same?",
            f"{n_shared:,}",
            f"{smaller:,}",
            100 * n_shared / smaller,
        )


def _frequent(a: Counts, b: Counts, min_count: int, n_words: int) -> NDArray[np.bool_]:
    counts = rarer_counts(a, b)
    if min_count == 1:
        return np.ones(n_words, bool)
    if counts is None:
        raise InputError("min_count needs a model that has counts of its words. Leave it out.")
    often: NDArray[np.bool_] = counts >= min_count
    if not often.any():
        raise VocabularyError(
            f"No shared word occurs {min_count:,} times in both. The most frequent does "
            f"{int(counts.max()):,} times."
        )
    return often
