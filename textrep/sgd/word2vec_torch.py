"""word2vec trained by torch, on a GPU or, slowly, on the CPU."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.checks import check_choice
from textrep.kernels.pairs import CBOW_NEGATIVES, NEGATIVES
from textrep.kernels.random import key_of
from textrep.kernels.torch_text import Sampled, chosen_sentences, group_words, sample_text
from textrep.sgd.noise import NoiseTable
from textrep.sgd.subsampling import keep_probabilities
from textrep.sgd.torch_architectures import Architecture, Cbow, SkipGram
from textrep.sgd.torch_objectives import (
    HierarchicalSoftmax,
    Margin,
    NegativeSampling,
    Objective,
    Predictions,
    Softmax,
)
from textrep.sgd.torch_tensors import LentTensors, explaining_memory, on_host
from textrep.sgd.torch_text import DeviceText
from textrep.sgd.trainer import Measured
from textrep.sgd.trees import TREES
from textrep.sgd.vectors import initial_vectors
from textrep.sgd.word2vec_settings import Settings

__all__ = [
    "CONTEXTS",
    "MOST",
    "OBJECTIVES",
    "Word2VecTorchTrainer",
    "default_batch",
    "make_architecture",
]

CONTEXTS = ("average", "sum")
"""How CBOW makes one vector of those of a window."""

MOST = 256.0
"""Examples of a row that count in full in one step: fewer lose quality, more have overflowed."""

_HELD_OUT = -1  # the epoch whose random numbers held-out text is measured with


Maker = Callable[[Tensor, NDArray[np.int64], Settings, float], Objective]


def _negative_sampling(
    outputs: Tensor, counts: NDArray[np.int64], settings: Settings, most: float
) -> Objective:
    noise = NoiseTable.from_counts(counts, settings.ns_exponent)
    return NegativeSampling(outputs, most, noise, _n_drawn(settings), settings.negative)


def _margin(
    outputs: Tensor, counts: NDArray[np.int64], settings: Settings, most: float
) -> Objective:
    noise = NoiseTable.from_counts(counts, settings.ns_exponent)
    return Margin(outputs, most, noise, _n_drawn(settings), settings.negative, settings.margin)


def _n_drawn(settings: Settings) -> int:
    """Return how many drawn words a group shares: as many as a block of the compiled kernels."""
    return NEGATIVES if settings.architecture == "skipgram" else CBOW_NEGATIVES


def _hierarchical(
    outputs: Tensor, counts: NDArray[np.int64], settings: Settings, most: float
) -> Objective:
    paths = TREES[settings.tree](counts, settings.random_state)
    return HierarchicalSoftmax(outputs[:-1], most, paths)


def _softmax(
    outputs: Tensor, _counts: NDArray[np.int64], _settings: Settings, most: float
) -> Objective:
    return Softmax(outputs, most)


OBJECTIVES: dict[str, Maker] = {
    "negative-sampling": _negative_sampling,
    "hierarchical-softmax": _hierarchical,
    "margin": _margin,
    "softmax": _softmax,
}
"""What makes each objective out of output rows, a row a word, the words' counts, the settings, and
the number of examples of a row that count in full in one step."""


def make_architecture(vectors: Tensor, settings: Settings, most: float) -> Architecture:
    """Return what makes hidden rows out of word vectors, and trains them."""
    if settings.architecture == "skipgram":
        return SkipGram(vectors, most, outwards=settings.objective == "softmax")
    return Cbow(vectors, most, settings.context == "average", settings.exact_gradient)


def default_batch(n_tokens: int) -> int:
    """Return how many words a step of a text of this size has: 256 to 16,384, a power of two.

    It is about a thousandth of the text. Of twice as many words, the vectors of a small vocabulary
    are worse; fewer keep a GPU waiting for the next step.
    """
    return int(2 ** min(14, max(8, round(math.log2(max(1, n_tokens) / 1000)))))


class Word2VecTorchTrainer:
    """Vectors under training on a device; a :class:`textrep.sgd.trainer.Trainer`.

    Parameters
    ----------
    settings : Settings
        How to train.
    tokens : ndarray of shape (n_tokens,), int32
        The text.
    sentence_offsets : ndarray of shape (n_sentences + 1,), int64
        Where its sentences begin and the last ends.
    counts : ndarray of shape (n_words,), int64
        How often each word occurs; at least two words.
    device : str
        What :func:`textrep.sgd.resolve_device` returns. On ``cpu`` torch trains too, but slower
        than compiled kernels do.
    batch : int, optional
        Words of a step, 32 or more; default: by the size of the text, see :func:`default_batch`.

    Raises
    ------
    DeviceError
        The device has too little memory.

    Notes
    -----
    What is drawn for a token is the same to the bit as with compiled kernels, on every device. The
    vectors are not: a step takes the gradients of ``batch`` words at one place and adds them up,
    where compiled kernels take those of a few. No row counts more than ``MOST`` examples in a step;
    see :func:`textrep.kernels.torch_rows.row_shares`.

    On the CPU the result is the same from run to run with the same number of torch threads. On a
    GPU the order of sums changes, and with it their rounding, so vectors differ a little from run
    to run; ``torch.use_deterministic_algorithms(True)`` makes torch keep to one order. Products are
    in float32. TF32, which torch can be told to use, is never switched on here.

    Concatenated contexts, n-grams and negatives that are never seen with a word are not here.
    """

    unit = "tokens"

    def __init__(
        self,
        settings: Settings,
        tokens: NDArray[np.int32],
        sentence_offsets: NDArray[np.int64],
        counts: NDArray[np.int64],
        device: str,
        batch: int | None = None,
    ) -> None:
        check_choice("context", "word2vec on a torch device", settings.context, CONTEXTS)
        self.work = len(tokens)
        self._settings, self._device = settings, torch.device(device)
        self._batch = batch or default_batch(len(tokens))
        self._text = DeviceText(tokens, sentence_offsets, self._device)
        self.n_parts = len(self._text)
        with self._memory():
            start = initial_vectors(len(counts), settings.dim, settings.random_state)
            vectors = torch.from_numpy(start[:, : settings.dim].copy()).to(self._device)
            outputs = torch.zeros_like(vectors)
            self._inputs, self._outputs = vectors, outputs
            keep = keep_probabilities(counts, settings.subsample).astype(np.int64)
            self._keep = torch.from_numpy(keep).to(self._device)
            self._architecture = make_architecture(vectors, settings, MOST)
            self._objective = OBJECTIVES[settings.objective](outputs, counts, settings, MOST)
        self._lent = LentTensors({"inputs": vectors, "outputs": outputs})

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these parts of the epoch; yield the sums of each, in order.

        Raises
        ------
        DeviceError
            The device has too little memory.
        """
        for part in parts:
            self._lent.take_back()
            with self._memory():
                measured = self._run(part, epoch)
            yield measured

    def rate(self, epoch: int, part: int) -> float:
        """Return the learning rate at the start of a part."""
        return self._rate(epoch, self._text.begin(part))

    def held_out(self) -> Measured | None:
        """Return the loss on the sentences that are held out; None if ``holdout`` is 0."""
        if self._settings.holdout == 0.0:
            return None
        self._lent.take_back()
        with self._memory():
            measured = [self._run(part, _HELD_OUT) for part in range(self.n_parts)]
        return Measured(*(sum(sums) for sums in zip(*measured, strict=True)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that training changes, by name: copies on the host.

        What is written into them counts from the next call of another method on.
        """
        return self._lent.lend()

    def vectors(self) -> NDArray[np.float32]:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
        self._lent.take_back()
        both = self._inputs + self._outputs if self._settings.add_context else self._inputs
        return on_host(both)

    def _memory(self) -> AbstractContextManager[None]:
        return explaining_memory(self._device, self._batch, self._settings.dim)

    def _rate(self, epoch: int, tokens: float) -> float:
        return self._settings.rate((epoch + tokens / max(1, self.work)) / self._settings.epochs)

    def _run(self, part: int, epoch: int) -> Measured:
        """Train on a part; only measure if the epoch is that of held-out text."""
        begin, end = self._text.begin(part), self._text.begin(part + 1)
        key = np.uint64(key_of(np.uint64(self._settings.random_state), epoch))
        sampled = self._sample(part, key, epoch == _HELD_OUT)
        n = len(sampled.words)
        if n == 0:
            return Measured(end - begin, 0, 0.0)
        groups = group_words(sampled, self._settings.window, self._batch)
        words, pairs = self._architecture.predicted(groups)
        drawn = self._objective.draw(groups.numbers, int(key_of(~key, part)))
        predictions = Predictions(words, pairs, drawn)
        sums = torch.zeros(2, dtype=torch.float64, device=self._device)
        sums[1] = pairs.sum(dtype=torch.float64)
        for step in range(len(words)):
            rate = 0.0
            if epoch != _HELD_OUT:
                rate = self._rate(epoch, begin + (end - begin) * step / len(words))
            hidden = self._architecture.hidden(groups, step)
            learnt = self._objective.learn(hidden, predictions.step(step), rate)
            if rate > 0:
                self._architecture.learn(groups, step, learnt, rate)
            sums[0] += learnt.loss
        loss, examples = sums.tolist()  # the host waits for the device here, once a part
        return Measured(end - begin, int(examples), loss, n)

    def _sample(self, part: int, key: np.uint64, held_out: bool) -> Sampled:
        """Draw the words of a part: those that are held out, or the others."""
        settings, text, chosen = self._settings, self._text, None
        tokens, offsets = text.load(part)
        if settings.holdout > 0:
            sentence_key = int(key_of(~np.uint64(settings.random_state), 0))
            share = int(settings.holdout * 2**32)
            first = text.first_sentence(part)
            chosen = chosen_sentences(first, len(offsets) - 1, share, sentence_key, self._device)
            chosen = chosen if held_out else ~chosen
        return sample_text(
            tokens, offsets, text.begin(part), self._keep, settings.window,
            settings.dynamic_window, settings.distances == "text", int(key), chosen,
        )  # fmt: skip
