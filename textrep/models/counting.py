"""What models that start from co-occurrence counts share: their parameters, and whose counts.

The parameters are fields of dataclasses, so that each model adds its own and writes no constructor;
what docstrings say of them stands here too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice, check_integer, check_number, check_text
from textrep.corpus import Corpus, Vocabulary
from textrep.corpus.wordlists import read_word_list
from textrep.counting import (
    BOUNDARIES,
    LEAST_MEMORY,
    SIDES,
    WEIGHTS,
    Window,
    count_cooccurrences,
)
from textrep.distributed.cluster import current_cluster
from textrep.distributed.counts import count_cooccurrences as count_on_cluster
from textrep.distributed.either import Matrix, pmi
from textrep.errors import FormatError, InvalidParameterError, UsageError, VocabularyError
from textrep.models.base import Representation, plain
from textrep.models.docstrings import fill_docstring
from textrep.parallel import resolve_n_jobs

__all__ = ["AssociationModel", "CountingModel"]

_LEAST_CAP = 0.001  # what the last context of the widest window weighs

_COUNTING = """\
window : int, default=$window
    Tokens to look at on each side of a word, 1 to 1000.
weights : {"harmonic", "flat", "dynamic"}, default="harmonic"
    What a context at distance d counts: 1/d (GloVe); 1; (window - d + 1)/window, which is what
    word2vec's randomly shortened windows give in the mean.
side : {"both", "left", "right"}, default="both"
    Where to look.
boundary : {"sentence", "document", "none"}, default="sentence"
    What no window crosses.
contexts : str, optional
    A file of words, one a line: only they are contexts. Default: all words.
ignore_contexts : str, optional
    A file of words, one a line, or nltk:english: they are no contexts.
ignore_top : int, default=0
    So many of the most frequent words are no contexts.
max_count : float, optional
    Larger counts are set to it; at least 0.001, the least weight that a context can have."""

_ASSOCIATION = """\
context_smoothing : float, default=0.75
    α, from 0 to 1. Below 1, rare contexts are less surprising (Levy's cds).
shift : float, default=1.0
    k, 1 to 1e9. Skip-gram with k negative samples factorises the PMI shifted by log k."""  # noqa: RUF001


@dataclass(kw_only=True, eq=False, repr=False)
class CountingModel(Representation):
    """A model that starts from co-occurrence counts.

    It counts the corpus itself, or takes over the counts of a :class:`Cooccurrence` that was fitted
    before, so that several models share one counting pass. In the docstring of a subclass
    ``$counting`` stands for what is said of the parameters of counting, but for ``memory`` and
    ``n_jobs``, of which each has more to say.
    """

    on_clusters = True

    holds_counts: ClassVar[bool] = False
    """Whether the word vectors are the counts themselves, for others to take over."""

    window: int = 5
    weights: str = "harmonic"
    side: str = "both"
    boundary: str = "sentence"
    contexts: str | None = None
    ignore_contexts: str | None = None
    ignore_top: int = 0
    max_count: float | None = None
    memory: int | None = None
    n_jobs: int | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        """Put what all these models have into the docstring of one."""
        super().__init_subclass__(**options)
        shared = {"counting": _COUNTING, "association": _ASSOCIATION}
        fill_docstring(cls, shared, {"window": str(cls.window)})

    def check_parameters(self) -> None:
        """Check the parameters of counting."""
        name = type(self).__name__
        check_integer("window", name, self.window, 1, 1000)
        check_choice("weights", name, self.weights, WEIGHTS)
        check_choice("side", name, self.side, SIDES)
        check_choice("boundary", name, self.boundary, BOUNDARIES)
        for list_name in ("contexts", "ignore_contexts"):
            if getattr(self, list_name) is not None:
                check_text(list_name, name, getattr(self, list_name))
        check_integer("ignore_top", name, self.ignore_top, 0)
        if self.max_count is not None:
            check_number("max_count", name, self.max_count, _LEAST_CAP)
        if self.memory is not None:
            check_integer("memory", name, self.memory, LEAST_MEMORY)
        resolve_n_jobs(self.n_jobs, name)

    def _counts(self, source: Corpus | Representation) -> Matrix:
        """Return the counts of a corpus, or those that a fitted model has.

        Those of a corpus stay on the cluster if we are on one.

        Raises
        ------
        UsageError
            The source has no counts, or was counted with other parameters than were asked for.
        """
        self._check_counts(source)
        if isinstance(source, Corpus):
            return self._count(source)
        counts = source.word_vectors_
        if counts.nnz and not counts.data.min() > 0:
            raise FormatError(
                "The counts are damaged: one is not above 0. Count again, or restore the folder."
            )
        return counts

    def _check_counts(self, source: Corpus | Representation) -> None:
        """Check that the source has counts or gets them, and remember how they are made."""
        if isinstance(source, Corpus):
            self.corpus_["counting"] = {
                name: plain(getattr(self, name)) for name in _counting_defaults(type(self))
            }
        elif isinstance(source, CountingModel) and source.holds_counts:
            self._check_same_counting(source)
        else:
            raise UsageError(
                f"{type(self).__name__} needs a corpus or counts, not a {type(source).__name__}."
            )

    def _count(self, corpus: Corpus) -> Matrix:
        window = Window(self.window, self.weights, self.side, self.boundary)
        columns = self.context_columns(self.vocabulary_)
        cap = np.inf if self.max_count is None else self.max_count
        cluster = current_cluster()
        if cluster is None:
            return count_cooccurrences(
                corpus,
                window,
                context_of=columns,
                cap=cap,
                memory=self.memory,
                n_jobs=self.n_jobs,
            )
        if self.memory is not None:
            rule = "left out on a cluster, whose workers have limits of their own"
            raise InvalidParameterError("memory", type(self).__name__, rule, self.memory)
        return count_on_cluster(corpus, cluster, window, context_of=columns, cap=cap)

    def _check_same_counting(self, source: CountingModel) -> None:
        """Refuse parameters that contradict those of the counts that are taken over."""
        self._refuse_contradictions(
            "counts", source.corpus_.get("counting", {}), _counting_defaults(type(self))
        )

    def _refuse_contradictions(
        self, what: str, made_with: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> None:
        """Refuse parameters that are neither the default nor what ``what`` was made with."""
        for name, default in defaults.items():
            asked = getattr(self, name)
            has = made_with.get(name, asked)
            if asked not in (default, has):
                raise UsageError(
                    f"The {what} were made with {name}={has!r}, but {name}={asked!r} was asked "
                    f"for. Leave {name} out, or start from the corpus."
                )

    def context_columns(self, vocabulary: Vocabulary) -> NDArray[np.int32]:
        """Return the column of each word as a context; -1 for words that are no contexts."""
        words = vocabulary.words
        is_context = np.ones(len(words), bool)
        if self.contexts is not None:
            chosen = read_word_list(self.contexts)
            is_context = np.array([word in chosen for word in words], bool)
        if self.ignore_contexts is not None:
            ignored = read_word_list(self.ignore_contexts)
            is_context &= np.array([word not in ignored for word in words], bool)
        is_context[: self.ignore_top] = False
        if not is_context.any():
            raise VocabularyError(
                "No word is left as a context. Loosen contexts, ignore_contexts or ignore_top."
            )
        columns = np.cumsum(is_context) - 1
        return np.where(is_context, columns, -1).astype(np.int32)


@dataclass(kw_only=True, eq=False, repr=False)
class AssociationModel(CountingModel):
    """A model that may weigh counts by their pointwise mutual information.

    In the docstring of a subclass ``$association`` stands for what is said of its parameters.
    """

    context_smoothing: float = 0.75
    shift: float = 1.0

    def check_parameters(self) -> None:
        """Check the parameters of counting and of PMI."""
        super().check_parameters()
        name = type(self).__name__
        check_number("context_smoothing", name, self.context_smoothing, 0.0, 1.0)
        check_number("shift", name, self.shift, 1.0, 1e9)

    def _pmi(self, counts: Matrix, *, positive: bool) -> Matrix:
        """Return the PMI of counts, or its positive part."""
        return pmi(
            counts,
            positive=positive,
            context_smoothing=self.context_smoothing,
            shift=self.shift,
            on_disk=self.memory is not None,
            n_jobs=self._threads(),
        )


def _counting_defaults(model: type[CountingModel]) -> dict[str, Any]:
    """Return the parameters that the counts depend on, with a model's defaults."""
    names = {field.name for field in fields(CountingModel)} - {"memory", "n_jobs"}
    return {field.name: field.default for field in fields(model) if field.name in names}
