"""GloVe trained by torch, on a GPU or, slowly, on the CPU."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.kernels.random import key_of
from textrep.kernels.torch_glove import train_batch
from textrep.kernels.torch_random import key_of as keys_on_device
from textrep.sgd.glove import (
    ADAGRADS,
    OUTPUTS,
    WEIGHTINGS,
    GloVeSettings,
    tiles_of,
)
from textrep.sgd.tiles import Order
from textrep.sgd.torch_tensors import LentTensors, explaining_memory, on_host
from textrep.sgd.trainer import Measured
from textrep.sgd.vectors import initial_vectors

__all__ = ["GloVeTorchTrainer", "default_batch"]

Floats = NDArray[np.float32]


def default_batch(n_entries: int) -> int:
    """Return how many entries a step has: 256 to 16,384, a power of two.

    It is about a thousandth of them. With four times as many the cost is some thousandths higher.
    """
    return int(2 ** min(14, max(8, round(math.log2(max(1, n_entries) / 1000)))))


class GloVeTorchTrainer:
    """Vectors and biases under training on a device; a :class:`textrep.sgd.trainer.Trainer`.

    Parameters
    ----------
    counts : csr_array of shape (n_words, n_contexts), float64
        Positive and finite; at least one.
    settings : GloVeSettings
        How to train.
    device : str
        What :func:`textrep.sgd.resolve_device` returns. On ``cpu`` torch trains too, but slower
        than compiled kernels do.
    n_jobs : int
        Threads that sort the entries on the host.
    batch : int, optional
        Entries of a step, 32 or more; default: by their number, see :func:`default_batch`.
    on_disk : bool
        Whether the entries are in temporary files.

    Attributes
    ----------
    is_symmetric : bool
        Whether the counts are.

    Raises
    ------
    FormatError
        An entry is not positive or not finite, or in a column that is not there.
    InputError
        The disk is full.
    DeviceError
        The device has too little memory.

    Notes
    -----
    The entries stay on the host, in the tiles of the compiled kernel, and come to the device a
    round at a time: 8 bytes an entry, for which the device then reads and writes the rows of a
    word and of a context. A round has each block of words with one of contexts, its entries in an
    order that is drawn anew in each epoch, the same on every device; so a batch is a fair sample
    and seldom has a word twice.
    """

    unit = "entries"

    def __init__(
        self,
        counts: Any,
        settings: GloVeSettings,
        device: str,
        n_jobs: int,
        batch: int | None = None,
        *,
        on_disk: bool = False,
    ) -> None:
        n_words, n_contexts = counts.shape
        self._n_words, self._settings = n_words, settings
        self._device = torch.device(device)
        seed, dim = settings.random_state, settings.dim
        start = initial_vectors(n_words + n_contexts, dim, seed)
        self._tiles = tiles_of(counts, settings, n_jobs, on_disk=on_disk)
        self.is_symmetric = self._tiles.is_symmetric
        self.work, self.n_parts = len(self._tiles), self._tiles.n_rounds
        self._batch = batch or default_batch(self.work)
        self._adagrad = ADAGRADS[settings.adagrad](settings.learning_rate)
        self._exponent = WEIGHTINGS[settings.weighting](settings.alpha)
        factors = np.full((2, 1, dim + 2), self._adagrad.factor, np.float32)
        factors[:, 0, dim:] = self._adagrad.bias_factor * np.eye(2)
        rows = np.zeros((len(start), dim + 2), np.float32)
        rows[self._tiles.lines, :dim] = start[:, :dim]
        rows[:n_words, dim + 1] = rows[n_words:, dim] = 1.0
        with self._memory():
            self._rows = torch.from_numpy(rows).to(self._device)
            self._sums = torch.full_like(self._rows, self._adagrad.start)
            self._factors = torch.from_numpy(factors).to(self._device)
        self._lent = LentTensors({"rows": self._rows, "sums": self._sums})

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these rounds; the loss is half the weighted squared error before each step.

        Raises
        ------
        DeviceError
            The device has too little memory.
        """
        order = self._tiles.order(epoch)
        for part in parts:
            self._lent.take_back()
            with self._memory():
                places, logs = self._round(order, epoch, part)
                loss = self._train(places, logs)
            yield Measured(len(logs), len(logs), loss)

    def rate(self, _epoch: int, _part: int) -> float:
        """Return the learning rate, which AdaGrad divides by what it has summed up."""
        return float(self._settings.learning_rate)

    def held_out(self) -> None:
        """Return None: nothing is held out."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return vectors and biases, and their sums of squared gradients: copies on the host.

        What is written into them counts from the next call of another method on.
        """
        return self._lent.lend()

    def vectors(self) -> Floats:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
        words = self._taken(self._tiles.rows)[:, : self._settings.dim]
        return OUTPUTS[self._settings.vectors](words, self.context_vectors())

    def context_vectors(self) -> Floats:
        """Return the context vectors as they are now, of shape (n_contexts, dim)."""
        places = self._n_words + self._tiles.columns
        return np.ascontiguousarray(self._taken(places)[:, : self._settings.dim])

    def word_biases(self) -> Floats:
        """Return the biases of words as they are now, of shape (n_words,)."""
        return self._taken(self._tiles.rows)[:, -2].copy()

    def context_biases(self) -> Floats:
        """Return the biases of contexts as they are now, of shape (n_contexts,)."""
        return self._taken(self._n_words + self._tiles.columns)[:, -1].copy()

    def _taken(self, places: NDArray[np.int64]) -> Floats:
        self._lent.take_back()
        return on_host(self._rows)[places]

    def _memory(self) -> AbstractContextManager[None]:
        return explaining_memory(self._device, self._batch, self._settings.dim)

    def _round(self, order: Order, epoch: int, part: int) -> tuple[Tensor, Tensor]:
        """Return rows and logarithms of the entries of a round, on the device and shuffled.

        Returns
        -------
        places : Tensor of shape (2, n_entries), int64
            The rows of the word and of the context of each entry.
        logs : Tensor of shape (n_entries,), float32
            Its logarithm.
        """
        tiles = self._tiles.round(order, part)
        stretches = [slice(begin, end) for begin, end in tiles[:, 2:4].tolist()]
        none = slice(0, 0)  # there are rounds without entries
        packed = np.concatenate([self._tiles.places[part] for part in (none, *stretches)])
        values = np.concatenate([self._tiles.logs[part] for part in (none, *stretches)])
        sizes = torch.from_numpy(tiles[:, 3] - tiles[:, 2]).to(self._device)
        firsts = torch.from_numpy(tiles[:, :2].T.copy()).to(self._device)
        # torch has few operations on unsigned numbers; the mask takes off the copies of the sign.
        both = torch.from_numpy(packed.view(np.int32)).to(self._device).long()
        inside = torch.stack([(both >> 16) & 0xFFFF, both & 0xFFFF])
        places = inside + firsts.repeat_interleave(sizes, 1, output_size=len(packed))
        seed = np.uint64(self._settings.random_state)
        key = int(key_of(np.uint64(key_of(seed, epoch)), part))
        shuffled = keys_on_device(key, torch.arange(len(packed), device=self._device)).argsort()
        logs = torch.from_numpy(values).to(self._device)
        return places[:, shuffled], logs[shuffled]

    def _train(self, places: Tensor, logs: Tensor) -> float:
        """Train on these entries, batch by batch; return the sum of their costs."""
        settings, adagrad = self._settings, self._adagrad
        weights = (self._exponent * (logs - math.log(settings.x_max))).clamp_(max=0.0).exp_()
        loss = torch.zeros((), dtype=torch.float64, device=self._device)
        for first in range(0, len(logs), self._batch):
            batch = slice(first, first + self._batch)
            loss += train_batch(
                self._rows, self._sums, places[:, batch], logs[batch], weights[batch],
                self._factors, settings.clip, adagrad.ahead, adagrad.scale, adagrad.start,
            )  # fmt: skip
        return float(loss)  # the host waits for the device here, once a round
