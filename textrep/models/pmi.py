"""Pointwise mutual information of words and contexts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.distributed.either import collected
from textrep.models.base import Representation
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, csr_bytes, folder_bytes
from textrep.models.counting import AssociationModel
from textrep.models.counting_cost import PMI_BYTES, counting_ahead, kept_share

__all__ = ["PMI", "PPMI"]


@dataclass(kw_only=True, eq=False, repr=False)
class PMI(AssociationModel):
    """How much more often a word has a context than chance has it.

    PMI(w, c) = log(p(w, c) / (p(w) · p_α(c))) - log k, with p_α(c) = #(c)^α / Σ #(c')^α, and 0 for
    pairs that were never seen.

    Parameters
    ----------
    $association
    $counting
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
        values = self._pmi(self._counts(source), positive=self._positive)
        self.word_vectors_ = collected(values)
        self.metrics_["entries"] = int(self.word_vectors_.nnz)


@dataclass(kw_only=True, eq=False, repr=False)
class PPMI(PMI):
    """The positive part of PMI: what a word has more often than chance has it, nothing else.

    PPMI(w, c) = max(0, PMI(w, c)). Sparser than PMI, and usually better, because the counts of
    rare pairs say little about how much less often than chance they occur.

    Parameters
    ----------
    $association
    $counting
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
