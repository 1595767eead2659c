"""Word vectors that predict the words nearby."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.corpus import Corpus
from textrep.errors import CorpusError, TrainingError, UsageError
from textrep.kernels import skipgram as k
from textrep.kernels.random import key_of
from textrep.models.base import Representation
from textrep.parallel import map_in_order, resolve_n_jobs
from textrep.progress import track
from textrep.sgd import SCHEDULES, NoiseTable, Stretch, Stretches, aligned, initial_vectors

__all__ = ["Word2Vec"]

_LEAST_RATE = 1e-4  # share of the learning rate that the schedule never goes below, as in word2vec


class Word2Vec(Representation):
    """Skip-gram with negative sampling: vectors that predict the words nearby.

    For each pair of a word w and a context c in its window, with negatives n_i drawn from the noise
    distribution, gradient descent lowers -log σ(v_c · u_w) - Σ_i log σ(-v_c · u_{n_i}).

    Parameters
    ----------
    dim : int, default=200
        Dimensions, from 1 to 4096.
    window : int, default=5
        Largest distance of a context in kept tokens, 1 to 100.
    dynamic_window : bool, default=True
        Whether the reach of each window is drawn from 1 to ``window``; if not, it is ``window``.
    negative : int, default=5
        Negatives that each pair counts, 1 to 100.
    ns_exponent : float, default=0.75
        Negatives are drawn in proportion to count^ns_exponent.
    subsample : float, default=0.0001
        Occurrences of words with a share f of the text above t are kept with probability
        (√(f/t) + 1) · t/f. 0 keeps all.
    epochs : int, default=5
        Passes over the text.
    learning_rate : float, default=0.025
        The first learning rate.
    schedule : {"linear", "constant", "cosine"}, default="linear"
        How the learning rate goes to zero, or does not.
    random_state : int, default=0
        Seed. What is drawn for a token depends on it, the epoch and the token's place alone.
    deterministic : bool, default=False
        Whether the result shall be the same to the bit for any number of threads. It is trained by
        one thread then.
    n_jobs : int, optional
        Threads; default: every core. They update the same vectors without waiting for one another,
        so with more than one the vectors differ a little from run to run, unless ``deterministic``.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : ndarray of shape (n_words, dim), float32
        v, the input vectors.
    context_vectors_ : ndarray of shape (n_words, dim), float32
        u, the output vectors.
    history_ : list of dict
        For each epoch: mean ``loss`` of a pair, ``pairs``, ``kept`` tokens, ``seconds``.

    Notes
    -----
    Thirty-two neighbouring words are trained together on the vectors at their start. They share
    sixteen drawn words that count ``negative``/16 for each of their pairs, where word2vec draws
    ``negative`` words for each pair. The expected gradient is the same.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and
    Phrases and their Compositionality, NIPS, equations 4 and 5.
    Ji, Satish, Li and Dubey 2016, Parallelizing Word2Vec in Shared and Distributed Memory.
    Recht, Re, Wright and Niu 2011, Hogwild: A Lock-Free Approach to Parallelizing Stochastic
    Gradient Descent, NIPS.
    """

    context_vectors_: NDArray[np.float32]
    history_: list[dict[str, Any]]

    def __init__(
        self,
        *,
        dim: int = 200,
        window: int = 5,
        dynamic_window: bool = True,
        negative: int = 5,
        ns_exponent: float = 0.75,
        subsample: float = 0.0001,
        epochs: int = 5,
        learning_rate: float = 0.025,
        schedule: str = "linear",
        random_state: int = 0,
        deterministic: bool = False,
        n_jobs: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.dynamic_window = dynamic_window
        self.negative = negative
        self.ns_exponent = ns_exponent
        self.subsample = subsample
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.random_state = random_state
        self.deterministic = deterministic
        self.n_jobs = n_jobs

    def check_parameters(self) -> None:
        """Check the parameters of sampling and of gradient descent."""
        name = type(self).__name__
        check_integer("dim", name, self.dim, 1, 4096)
        check_integer("window", name, self.window, 1, 100)
        check_boolean("dynamic_window", name, self.dynamic_window)
        check_integer("negative", name, self.negative, 1, 100)
        check_number("ns_exponent", name, self.ns_exponent, -2.0, 2.0)
        check_number("subsample", name, self.subsample, 0.0, 1.0)
        check_integer("epochs", name, self.epochs, 1, 10_000)
        check_number("learning_rate", name, self.learning_rate, 0.0, above=True)
        check_choice("schedule", name, self.schedule, SCHEDULES)
        check_integer("random_state", name, self.random_state, 0, 2**63 - 1)
        check_boolean("deterministic", name, self.deterministic)
        resolve_n_jobs(self.n_jobs, name)

    def _learn(self, source: Corpus | Representation) -> None:
        if not isinstance(source, Corpus):
            raise UsageError(f"Word2Vec needs a corpus, not a {type(source).__name__}.")
        counts = self.vocabulary_.counts
        if source.n_tokens < 2 or len(counts) < 2:
            raise CorpusError("Word2Vec needs a text of at least two different words.")
        training = _Training(self, source)
        self.history_ = []
        for epoch in range(self.epochs):
            self.history_.append(training.run_epoch(epoch))
        self.word_vectors_ = np.ascontiguousarray(training.contexts_v[:, : self.dim])
        self.context_vectors_ = np.ascontiguousarray(training.words_u[:, : self.dim])
        self.metrics_["history"] = self.history_

    @classmethod
    def from_data(cls, data: Any, name: str) -> Word2Vec:
        """Return the fitted model that ``data``, read from ``name``, describes."""
        model = super().from_data(data, name)
        model.history_ = list(model.metrics_.get("history", []))
        return model

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        return ("word_vectors", "context_vectors")


class _Trained(NamedTuple):
    """What became of a stretch."""

    tokens: int
    kept: int
    pairs: int
    loss: float


class _Buffers(threading.local):
    """What each thread writes to: sampled text and scratch rows."""

    def __init__(self, longest: int, rows: int, dim: int) -> None:
        self.words, self.begins, self.ends = (np.empty(longest, np.int32) for _ in range(3))
        self.rows = aligned(rows, dim)


class _Training:
    """Vectors and everything else that stays the same from epoch to epoch."""

    def __init__(self, model: Word2Vec, corpus: Corpus) -> None:
        self._model = model
        self._tokens = corpus.tokens
        self._stretches = Stretches(corpus.sentence_offsets)
        counts = corpus.vocabulary.counts
        self._noise = NoiseTable.from_counts(counts, model.ns_exponent)
        self._keep = _keep_probabilities(counts, model.subsample)
        self._n_jobs = 1 if model.deterministic else model._threads()
        contexts, rows = k.scratch_rows(model.window)
        self._layout = np.array([contexts], np.int64)
        self._buffers = _Buffers(self._stretches.longest, rows, model.dim)
        self.contexts_v = initial_vectors(len(counts), model.dim, model.random_state)
        self.words_u = aligned(len(counts), model.dim)

    def run_epoch(self, epoch: int) -> dict[str, Any]:
        """Train on the whole text once; return what was measured.

        Raises
        ------
        TrainingError
            The vectors are no longer finite.
        """
        started = time.perf_counter()
        name = f"epoch {epoch + 1} of {self._model.epochs}"
        kept = pairs = 0
        loss = 0.0
        stretches = (self._stretches[number] for number in range(len(self._stretches)))
        with track(name, len(self._tokens), "tokens") as task:
            trained = map_in_order(lambda s: self._train(s, epoch), stretches, self._n_jobs, 64)
            for part in trained:
                kept += part.kept
                pairs += part.pairs
                loss += part.loss
                task.advance(part.tokens)
                if pairs:
                    task.describe(f"loss {loss / pairs:.4f}")
        if pairs == 0:
            raise CorpusError(
                "No word has a context: the sentences have one word each, or subsampling left "
                "none. Lower subsample, or build the corpus with sentences='none'."
            )
        self._check_finite(epoch)
        return {
            "loss": loss / pairs,
            "pairs": pairs,
            "kept": kept,
            "seconds": time.perf_counter() - started,
        }

    def _train(self, stretch: Stretch, epoch: int) -> _Trained:
        """Train on one stretch, on whatever thread this is."""
        model, buffers = self._model, self._buffers
        key = np.uint64(key_of(np.uint64(model.random_state), epoch))
        noise_key = np.uint64(key_of(~key, stretch.number))
        tokens = int(self._stretches.offsets[stretch.last]) - stretch.begin
        kept = k.sample_text(
            self._tokens, self._stretches.offsets, stretch.first, stretch.last, self._keep,
            model.window, model.dynamic_window, key,
            buffers.words, buffers.begins, buffers.ends,
        )  # fmt: skip
        done = (epoch + stretch.begin / len(self._tokens)) / model.epochs
        share = max(SCHEDULES[model.schedule](done), _LEAST_RATE)
        loss, pairs = k.train_skipgram(
            buffers.words, buffers.begins, buffers.ends, kept, model.window, model.negative,
            self.contexts_v, self.words_u, self._noise.keep, self._noise.other,
            np.float32(model.learning_rate * share), noise_key,
            buffers.rows, self._layout,
        )  # fmt: skip
        return _Trained(tokens, kept, pairs, loss)

    def _check_finite(self, epoch: int) -> None:
        for vectors in (self.contexts_v, self.words_u):
            if not np.isfinite(vectors.sum(dtype=np.float64)):
                raise TrainingError(
                    f"The vectors overflowed in epoch {epoch + 1}: the learning rate "
                    f"{self._model.learning_rate:g} is too high. Try a tenth of it."
                )


def _keep_probabilities(counts: NDArray[np.int64], threshold: float) -> NDArray[np.uint32]:
    """Return the probability that an occurrence of each word is kept, times 2^32 - 1."""
    if threshold == 0.0:
        return np.full(len(counts), 2**32 - 1, np.uint32)
    share = np.maximum(counts, 1) / max(int(counts.sum()), 1)
    keep = np.minimum((np.sqrt(share / threshold) + 1.0) * threshold / share, 1.0)
    return (keep * (2**32 - 1)).astype(np.uint32)
