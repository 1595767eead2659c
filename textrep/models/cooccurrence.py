"""Co-occurrence counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from textrep.checks import check_text
from textrep.corpus import Corpus
from textrep.counting import Window, add_counts
from textrep.counting.outlook import Outlook
from textrep.distributed.either import collected
from textrep.errors import UsageError
from textrep.models.base import Representation
from textrep.models.cost import PROGRAM_BYTES, Cost, Trial, about, folder_bytes
from textrep.models.counting import CountingModel
from textrep.models.counting_cost import counting_ahead
from textrep.models.joining import joined_corpora, part_of_sum
from textrep.models.registry import load_model

__all__ = ["Cooccurrence"]


@dataclass(kw_only=True, eq=False, repr=False)
class Cooccurrence(CountingModel):
    """How often each word has each other word nearby.

    X[w, c] = Σ over the occurrences of w, and the contexts c at distance d from them, of weight(d).

    Parameters
    ----------
    $counting
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

    holds_counts = True

    add: str | None = None

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
