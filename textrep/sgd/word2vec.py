"""word2vec on the processor: what its kernels train, and on which parts of a text."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.gather import Inputs
from textrep.kernels.negatives import Scratch
from textrep.kernels.random import key_of
from textrep.kernels.text import Text, sample_text
from textrep.parallel import map_in_order, one_blas_thread
from textrep.sgd.objectives import OBJECTIVES
from textrep.sgd.stretches import Stretch, Stretches
from textrep.sgd.subsampling import keep_probabilities
from textrep.sgd.trainer import Measured
from textrep.sgd.vectors import aligned, initial_vectors
from textrep.sgd.word2vec_settings import Lists, Settings
from textrep.vectors.subwords import means

__all__ = ["Word2VecTrainer"]

_HELD_OUT = -1  # the epoch whose random numbers held-out text is measured with

Floats = NDArray[np.float32]


class Word2VecTrainer:
    """The vectors of word2vec and everything that they are trained with.

    Parameters
    ----------
    settings : Settings
        How to train.
    tokens : ndarray of shape (n_tokens,), int32
        The text.
    sentence_offsets : ndarray of shape (n_sentences + 1,), int64
        Where its sentences begin and the last ends.
    counts : ndarray of shape (n_words,), int64
        How often each word occurs.
    parts : Lists, optional
        For each word the rows of the input matrix whose mean is its vector.
    seen : Lists, optional
        For each word those, in ascending order, that are no negatives of it.

    Attributes
    ----------
    inputs : ndarray of shape (n_rows, width), float32
        Input vectors, in aligned rows: ``dim`` numbers and zeros. Trained.
    outputs : ndarray of shape (n_words, width), float32
        Vectors of predicted words, or of the tree's nodes; as many times the width of ``inputs`` as
        contexts are concatenated. Trained.
    """

    unit = "tokens"

    def __init__(
        self,
        settings: Settings,
        tokens: NDArray[np.int32],
        sentence_offsets: NDArray[np.int64],
        counts: NDArray[np.int64],
        parts: Lists | None = None,
        seen: Lists | None = None,
    ) -> None:
        self._settings, self._tokens = settings, tokens
        self._stretches = Stretches(sentence_offsets)
        self.work, self.n_parts = len(tokens), len(self._stretches)
        self._keep = keep_probabilities(counts, settings.subsample)
        self._parts = Lists() if parts is None else parts
        n_rows = max(len(counts), 1 + int(self._parts.items.max(initial=-1)))
        self.inputs = initial_vectors(n_rows, settings.dim, settings.random_state)
        objective = OBJECTIVES[settings.objective](settings, counts, seen or Lists())
        self._train_text = objective.train_text
        width = self.inputs.shape[1] * settings.places
        self._outputs = aligned(len(counts) + objective.n_spare, width)
        self.outputs = self._outputs[: len(counts)]
        shape = objective.scratch_shape
        self._buffers = _Buffers(self._stretches.longest, shape, self.outputs, self.inputs)

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these stretches of the text; yield the sums of each, in order."""
        stretches = (self._stretches[number] for number in parts)
        with one_blas_thread():
            yield from map_in_order(
                lambda stretch: self._run(stretch, epoch, self._rate(epoch, stretch.number)),
                stretches,
                self._settings.n_jobs,
                64,
            )

    def rate(self, epoch: int, part: int) -> float:
        """Return the learning rate at the start of a part."""
        return self._rate(epoch, part)

    def held_out(self) -> Measured | None:
        """Return the loss on the sentences that are held out; None if ``holdout`` is 0."""
        if self._settings.holdout == 0.0:
            return None
        parts = (self._stretches[number] for number in range(self.n_parts))
        with one_blas_thread():
            measured = list(
                map_in_order(
                    lambda stretch: self._run(stretch, _HELD_OUT, 0.0, held_out=True),
                    parts,
                    self._settings.n_jobs,
                    64,
                )
            )
        return Measured(*(sum(column) for column in zip(*measured, strict=True)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the two matrices that training changes."""
        return {"inputs": self.inputs, "outputs": self.outputs}

    def vectors(self) -> Floats:
        """Return the vectors of the words as they are now."""
        dim, (offsets, items) = self._settings.dim, self._parts
        vectors: Floats = self.inputs[:, :dim]
        if len(offsets) > 0:
            vectors = means(vectors, offsets, items, self._settings.n_jobs)
        return vectors + self.outputs[:, :dim] if self._settings.add_context else vectors

    def _rate(self, epoch: int, part: int) -> float:
        begun = self._stretches[part].begin / max(1, len(self._tokens))
        return self._settings.rate((epoch + begun) / self._settings.epochs)

    def _run(
        self, stretch: Stretch, epoch: int, rate: float, *, held_out: bool = False
    ) -> Measured:
        """Train on one stretch, on whatever thread this is; at a rate of 0, only measure."""
        settings, buffers = self._settings, self._buffers
        seed = np.uint64(settings.random_state)
        key = np.uint64(key_of(seed, epoch))
        sentence_key = np.uint64(key_of(~seed, 0))
        tokens = int(self._stretches.offsets[stretch.last]) - stretch.begin
        kept = sample_text(
            self._tokens, self._stretches.offsets, stretch.first, stretch.last, self._keep,
            settings.window, settings.dynamic_window, settings.distances == "text",
            held_out, int(settings.holdout * 2**32), key, sentence_key, buffers.text,
        )  # fmt: skip
        inputs = Inputs(self.inputs, *self._parts)
        drawing_key = np.uint64(key_of(~key, stretch.number))
        loss, pairs = self._train_text(
            buffers.text, kept, inputs, self._outputs, np.float32(rate), drawing_key,
            buffers.scratch,
        )  # fmt: skip
        return Measured(tokens, pairs, loss, kept)


class _Buffers(threading.local):
    """What each thread writes to: sampled text and scratch rows."""

    def __init__(
        self, longest: int, shape: tuple[int, int], outputs: Floats, inputs: Floats
    ) -> None:
        n_rows, n_slots = shape
        self.text = Text(*(np.empty(longest, np.int32) for _ in Text._fields))
        self.scratch = Scratch(aligned(n_rows, outputs.shape[1]), aligned(n_slots, inputs.shape[1]))
