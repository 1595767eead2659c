"""Pointwise mutual information of words and contexts."""

from __future__ import annotations

import math
from typing import ClassVar

from textrep.checks import check_number
from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.distributed.either import collected, pmi
from textrep.models.base import Representation
from textrep.models.cooccurrence import CountingModel
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, csr_bytes, folder_bytes
from textrep.models.counting_cost import PMI_BYTES, counting_ahead, kept_share

__all__ = ["PMI", "PPMI"]


class PMI(CountingModel):
    """How much more often a word has a context than chance has it.

    PMI(w, c) = log(p(w, c) / (p(w) · p_α(c))) - log k, with p_α(c) = #(c)^α / Σ #(c')^α, and 0 for
    pairs that were never seen.

    Parameters
    ----------
    context_smoothing : float, default=0.75
        α, from 0 to 1. Below 1, rare contexts are less surprising (Levy's cds).
    shift : float, default=1.0
        k, 1 to 1e9. Skip-gram with k negative samples factorises the PMI shifted by log k.
    window : int, default=5
        Tokens to look at on each side of a word, 1 to 1000.
    weights : {"harmonic", "flat", "dynamic"}, default="harmonic"
        What a context at distance d counts: 1/d; 1; (window - d + 1)/window.
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
    memory : int, optional
        Bytes that counting may use, at least 16,777,216; counts and values are then in
        temporary files (TMPDIR). Default: in memory.
    n_jobs : int, optional
        Threads; default: every core. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : csr_array of shape (n_words, n_contexts), float32
        The values; pairs that were never seen have no entry.

    References
    ----------
    Church and Hanks 1990, Word Association Norms, Mutual Information, and Lexicography, CL 16(1).
    Levy, Goldberg and Dagan 2015, Improving Distributional Similarity with Lessons Learned from
    Word Embeddings, TACL 3, sections 2.1 and 3.2.
    """

    _positive: ClassVar[bool] = False

    def __init__(
        self,
        *,
        context_smoothing: float = 0.75,
        shift: float = 1.0,
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
        super().__init__(
            window=window, weights=weights, side=side, boundary=boundary, contexts=contexts,
            ignore_contexts=ignore_contexts, ignore_top=ignore_top, max_count=max_count,
            memory=memory, n_jobs=n_jobs,
        )  # fmt: skip
        self.context_smoothing = context_smoothing
        self.shift = shift

    def check_parameters(self) -> None:
        """Check the parameters of counting and of PMI."""
        super().check_parameters()
        name = type(self).__name__
        check_number("context_smoothing", name, self.context_smoothing, 0.0, 1.0)
        check_number("shift", name, self.shift, 1.0, 1e9)

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        counting = counting_ahead(self, outlook)
        trial = Trial(self, outlook, memory=None)
        entries = counting.entries * kept_share(counting, trial, outlook.n_tokens)
        result = csr_bytes(entries, PMI_BYTES, outlook.n_words)
        memory, scratch = max(counting.memory, counting.after + result), 0.0
        if self.memory is not None:  # the values are on disk beside the counts
            memory, scratch = counting.memory, counting.disk + result
        return Cost(
            memory=PROGRAM_BYTES + math.ceil(memory),
            disk=folder_bytes(outlook, result) + math.ceil(scratch),
            seconds=trial.seconds(outlook.n_tokens, trial.n_tokens),
            notes=(f"{about(counting.entries)} counts", f"{about(entries)} values"),
        )

    def _learn(self, source: Corpus | Representation) -> None:
        values = pmi(
            self._counts(source),
            positive=self._positive,
            context_smoothing=self.context_smoothing,
            shift=self.shift,
            on_disk=self.memory is not None,
            n_jobs=self._threads(),
        )
        self.word_vectors_ = collected(values)
        self.metrics_["entries"] = int(self.word_vectors_.nnz)


class PPMI(PMI):
    """The positive part of PMI: what a word has more often than chance has it, nothing else.

    PPMI(w, c) = max(0, PMI(w, c)). Sparser than PMI, and usually better, because the counts of
    rare pairs say little about how much less often than chance they occur.

    Parameters
    ----------
    context_smoothing : float, default=0.75
        α, from 0 to 1. Below 1, rare contexts are less surprising (Levy's cds).
    shift : float, default=1.0
        k, 1 to 1e9. Skip-gram with k negative samples factorises the PMI shifted by log k.
    window : int, default=5
        Tokens to look at on each side of a word, 1 to 1000.
    weights : {"harmonic", "flat", "dynamic"}, default="harmonic"
        What a context at distance d counts: 1/d; 1; (window - d + 1)/window.
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
    memory : int, optional
        Bytes that counting may use, at least 16,777,216; counts and values are then in
        temporary files (TMPDIR). Default: in memory.
    n_jobs : int, optional
        Threads; default: every core. The result does not depend on it.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : csr_array of shape (n_words, n_contexts), float32
        The values; pairs whose PMI is not above 0 have no entry.

    References
    ----------
    Bullinaria and Levy 2007, Extracting semantic representations from word co-occurrence
    statistics: A computational study, Behavior Research Methods 39(3).
    """

    _positive = True
