"""Co-occurrence counts, and what the models that start from them share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

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
    add_counts,
    count_cooccurrences,
)
from textrep.counting.outlook import Outlook
from textrep.distributed.cluster import current_cluster
from textrep.distributed.counts import count_cooccurrences as count_on_cluster
from textrep.distributed.either import Matrix, collected
from textrep.errors import FormatError, InvalidParameterError, UsageError, VocabularyError
from textrep.models.base import Representation, plain
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, folder_bytes
from textrep.models.counting_cost import counting_ahead
from textrep.models.joining import joined_corpora, part_of_sum
from textrep.models.registry import load_model
from textrep.parallel import resolve_n_jobs

__all__ = ["Cooccurrence", "CountingModel"]

_LEAST_CAP = 0.001  # what the last context of the widest window weighs


class CountingModel(Representation):
    """A model that starts from co-occurrence counts.

    It counts the corpus itself, or takes over the counts of a :class:`Cooccurrence` that was fitted
    before, so that several models share one counting pass.
    """

    on_clusters = True

    def __init__(
        self,
        *,
        window: int = 5,
        weights: str = "harmonic",
        side: str = "both",
        boundary: str = "sentence",
        contexts: str | None = None,
        ignore_contexts: str | None = None,
        ignore_top: int = 0,
        max_count: float | None = None,
        memory: int | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.window = window
        self.weights = weights
        self.side = side
        self.boundary = boundary
        self.contexts = contexts
        self.ignore_contexts = ignore_contexts
        self.ignore_top = ignore_top
        self.max_count = max_count
        self.memory = memory
        self.n_jobs = n_jobs

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
        elif isinstance(source, Cooccurrence):
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


def _counting_defaults(model: type[CountingModel]) -> dict[str, Any]:
    """Return the parameters that the counts depend on, with a model's defaults."""
    defaults: dict[str, Any] = model().get_params()
    names = CountingModel().get_params().keys() - {"memory", "n_jobs"}
    return {name: defaults[name] for name in names}


class Cooccurrence(CountingModel):
    """How often each word has each other word nearby.

    X[w, c] = Σ over the occurrences of w, and the contexts c at distance d from them, of weight(d).

    Parameters
    ----------
    window : int, default=5
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
        Larger counts are set to it; at least 0.001, the least weight that a context can have.
    add : str, optional
        A folder of counts of other text, made alike: the result is the counts of both.
    memory : int, optional
        Bytes that counting may use, at least 16,777,216; the counts are then in
        temporary files (TMPDIR). Default: in memory.
    n_jobs : int, optional
        Threads; default: every core. The counts do not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : csr_array of shape (n_words, n_contexts), float64
        The counts.

    Notes
    -----
    Counts are exact: weights are added as whole numbers and divided at the end.

    So are those of ``add``, and the vocabulary is that of both texts: the result is the same bytes
    as if both texts had been counted together, if both were encoded with the same words. Where each
    left out its own rare words, their occurrences are in neither: a word that only one text kept
    has only the counts of that one, and no window crosses from text to text.

    References
    ----------
    Lund and Burgess 1996, Producing high-dimensional semantic spaces from lexical co-occurrence.

    Examples
    --------
    >>> from textrep.corpus import Corpus, Vocabulary
    >>> corpus = Corpus.build([["a", "cat", "sat"], ["a", "cat", "ran"]], min_count=1)
    >>> Cooccurrence(window=2, weights="flat").fit(corpus).word_vectors_.toarray()
    array([[0., 2., 1., 1.],
           [2., 0., 1., 1.],
           [1., 1., 0., 0.],
           [1., 1., 0., 0.]])
    """

    def __init__(
        self,
        *,
        window: int = 5,
        weights: str = "harmonic",
        side: str = "both",
        boundary: str = "sentence",
        contexts: str | None = None,
        ignore_contexts: str | None = None,
        ignore_top: int = 0,
        max_count: float | None = None,
        add: str | None = None,
        memory: int | None = None,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            window=window, weights=weights, side=side, boundary=boundary, contexts=contexts,
            ignore_contexts=ignore_contexts, ignore_top=ignore_top, max_count=max_count,
            memory=memory, n_jobs=n_jobs,
        )  # fmt: skip
        self.add = add

    def check_parameters(self) -> None:
        """Check the parameters of counting, and that counts made with them can be added to."""
        super().check_parameters()
        if self.add is not None:
            check_text("add", type(self).__name__, self.add)

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what counting the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        counting = counting_ahead(self, outlook)
        trial = Trial(self, outlook, memory=None, add=None)
        return Cost(
            memory=PROGRAM_BYTES + math.ceil(counting.memory),
            disk=folder_bytes(outlook, counting.result) + math.ceil(counting.disk),
            seconds=trial.seconds(outlook.n_tokens, trial.n_tokens),
            notes=(f"{about(counting.entries)} counts",),
        )

    def _learn(self, source: Corpus | Representation) -> None:
        if self.add is None:
            self.word_vectors_ = collected(self._counts(source))
        else:
            self._learn_both(source, self.add)
        self.metrics_["entries"] = int(self.word_vectors_.nnz)

    def _learn_both(self, source: Corpus | Representation, folder: str) -> None:
        """Set counts, vocabulary and description to those of the source and of a folder."""
        earlier = load_model(folder)
        if not isinstance(earlier, Cooccurrence):
            raise UsageError(f"{folder} holds a {type(earlier).__name__}, but add needs counts.")
        self._check_counts(source)
        corpus = joined_corpora(folder, earlier.corpus_, self.corpus_)
        counts = collected(self._counts(source))
        vocabulary = self.vocabulary_.joined(earlier.vocabulary_)
        context_of = self.context_columns(vocabulary)
        one, other = (
            part_of_sum(had, words, self.context_columns(words) >= 0, vocabulary, context_of)
            for had, words in (
                (earlier.word_vectors_, earlier.vocabulary_),
                (counts, self.vocabulary_),
            )
        )
        made = corpus["counting"]
        window = Window(made["window"], made["weights"], made["side"], made["boundary"])
        self.word_vectors_ = add_counts(
            one,
            other,
            int(context_of.max(initial=-1)) + 1,
            window.whole_weights(int(vocabulary.counts.max(initial=0)))[2],
            memory=self.memory,
            n_jobs=self.n_jobs,
        )
        self.vocabulary_, self.corpus_ = vocabulary, corpus
