"""The n-gram model: what a language model has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_integer
from textrep.corpus import as_corpus
from textrep.corpus.texts import as_texts
from textrep.errors import NotFittedError
from textrep.models.encoders.prediction import TokenLosses, token_losses
from textrep.models.encoders.text import FIRST_WORD, sentences_of
from textrep.models.encoders.texts import TextReading

__all__ = ["NGramModel"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_FALLBACK = (0.5, 1.0, 1.5)  # of a text without n-grams of some count from 1 to 4


class _Order(NamedTuple):
    """The n-grams of one length.

    Attributes
    ----------
    keys : ndarray of shape (n_grams,), int64
        Ascending: number of the n-gram without its last word, times the vocabulary, plus that word.
    discounted : ndarray of shape (n_grams,), float64
        Counts less what is taken from them.
    totals, taken : ndarrays of shape (n_contexts,), float64
        The counts of the n-grams that begin with a context, and what was taken from them.
    """

    keys: Integers
    discounted: Floats
    totals: Floats
    taken: Floats


@dataclass
class NGramModel:
    """A language model that counts: interpolated modified Kneser-Ney.

    p(w | h) = (c(h w) − D(c(h w)) + T(h) p(w | h')) / c(h), with the sum T(h) of what the discounts
    D take from the n-grams that begin with h, and the shorter context h' without the first word of
    h. Counts of the longest n-grams are their frequencies, those of shorter ones the number of
    different words before them. Below single words all words and the end of a sentence are equally
    likely.

    Parameters
    ----------
    order : int, default=5
        Words of the longest n-grams, 1 to 10.

    Attributes
    ----------
    reading_ : TextReading
        The vocabulary and the tokenizer of the corpus.

    Notes
    -----
    The text is one stream, as it is for networks: contexts reach across the ends of sentences. The
    discounts of each length follow from its numbers of n-grams that are counted once to four times;
    where there are none of one of these, they are 0.5, 1 and 1.5. Nothing is pruned.

    References
    ----------
    Kneser and Ney 1995, Improved Backing-off for M-gram Language Modeling, ICASSP.
    Chen and Goodman 1999, An Empirical Study of Smoothing Techniques for Language Modeling,
    Computer Speech and Language 13(4), section 3.

    Examples
    --------
    >>> model = NGramModel(order=2).fit(["a b a b a"] * 5)
    >>> round(model.token_losses(["a b a b a"]).mean().perplexity, 2)
    1.53
    """

    order: int = 5

    def fit(self, corpus: Any) -> Self:
        """Count the n-grams of a corpus.

        Parameters
        ----------
        corpus : Corpus, str, Path or iterable
            As :func:`textrep.corpus.as_corpus` takes it.

        Raises
        ------
        InvalidParameterError
            ``order`` is out of its range.
        CorpusError
            The corpus cannot be read.
        """
        check_integer("order", type(self).__name__, self.order, 1, 10)
        encoded = as_corpus(corpus)
        sentences, _ = sentences_of(encoded, 0.0, 0, type(self).__name__)
        self.reading_ = TextReading(
            encoded.vocabulary, encoded.manifest.tokenizer, encoded.tokenizer_json()
        )
        self._orders = _counted(sentences.stream().astype(np.int64), self.order, self._n_words)
        return self

    def token_losses(self, sentences: Any, /) -> TokenLosses:
        """Return how well each word of sentences is predicted; see `EncoderModel.token_losses`.

        Raises
        ------
        NotFittedError
            The model has not been trained.
        InputError
            There is nothing in the sentences that it knows.
        """
        name = type(self).__name__
        if not hasattr(self, "reading_"):
            raise NotFittedError(f"{name} has counted nothing yet: call fit(corpus) first.")
        given = as_texts(sentences, f"{name}.token_losses")
        return token_losses(self._losses, self.reading_, given, name)

    @property
    def _n_words(self) -> int:
        """Words, and the end of a sentence."""
        return len(self.reading_.vocabulary) + FIRST_WORD

    def _losses(self, stream: NDArray[np.integer[Any]]) -> Floats:
        """Return −log p of each token of a stream after the first."""
        words = stream.astype(np.int64)
        chances = np.full(len(words), 1 / self._n_words)
        found = np.zeros(len(words), np.int64)  # the number of the context that ends before a word
        for order in self._orders:
            known = np.flatnonzero(found >= 0)
            context = found[known]
            keys = context * self._n_words + words[known]
            at = np.minimum(np.searchsorted(order.keys, keys), len(order.keys) - 1)
            seen = order.keys[at] == keys
            counts = np.where(seen, order.discounted[at], 0.0)
            totals = order.totals[context]
            begun = totals > 0  # the last n-gram of the text may begin no longer one
            mixed = counts + order.taken[context] * chances[known]
            chances[known[begun]] = mixed[begun] / totals[begun]
            grams = np.full(len(words), -1, np.int64)
            grams[known[seen]] = at[seen]
            found = np.concatenate([[-1], grams[:-1]])  # n-grams are contexts of the next word
        losses: Floats = -np.log(chances[1:])
        return losses


def _counted(stream: Integers, order: int, n_words: int) -> list[_Order]:
    """Return the n-grams of a text, from single words to those of ``order`` words."""
    numbers = np.zeros(len(stream), np.int64)  # of the n-gram that begins at each token
    keys, firsts, counts, n_contexts = [], [], [], [1]
    places = []
    for length in range(1, min(order, len(stream)) + 1):
        last = numbers[: len(stream) - length + 1] * n_words + stream[length - 1 :]
        found, first, numbers, frequency = np.unique(
            last, return_index=True, return_inverse=True, return_counts=True
        )
        keys.append(found)
        firsts.append(first)
        counts.append(frequency.astype(np.float64))
        places.append(numbers)
        n_contexts.append(len(found))
    orders = []
    for place, found in enumerate(keys):
        if place + 1 < len(keys):  # how many longer n-grams end in each
            endings = places[place][firsts[place + 1] + 1]
            counts[place] = np.bincount(endings, minlength=len(found)).astype(np.float64)
        orders.append(_discounted(found, counts[place], found // n_words, n_contexts[place]))
    return orders


def _discounted(keys: Integers, counts: Floats, contexts: Integers, n_contexts: int) -> _Order:
    """Take from the counts of n-grams what is given to shorter ones."""
    taken = np.append(0.0, _discounts(counts))[np.minimum(counts, 3).astype(np.int64)]
    return _Order(
        keys,
        counts - taken,
        np.bincount(contexts, counts, n_contexts).astype(np.float64),
        np.bincount(contexts, taken, n_contexts).astype(np.float64),
    )


def _discounts(counts: Floats) -> Floats:
    """Return what is taken from n-grams that are counted once, twice, and more often."""
    n = [float(np.sum(counts == count)) for count in (1, 2, 3, 4)]
    if not all(n):
        return np.array(_FALLBACK)
    share = n[0] / (n[0] + 2 * n[1])
    found = [count - (count + 1) * share * n[count] / n[count - 1] for count in (1, 2, 3)]
    return np.clip(found, 0.0, [1.0, 2.0, 3.0])
