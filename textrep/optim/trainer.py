"""Networks under training, for the loop that trains every model."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from textrep.errors import TrainingError
from textrep.optim.averaging import WeightAverage
from textrep.optim.batches import Batches
from textrep.optim.carried import CarriedStates
from textrep.optim.host import HostArrays
from textrep.optim.network import Network
from textrep.optim.objectives import Objective
from textrep.optim.plateau import HalveOnPlateau
from textrep.optim.settings import TrainingSettings
from textrep.optim.stepper import Stepped, Stepper, seed_torch
from textrep.sgd.devices import resolve_device
from textrep.sgd.trainer import Measured

__all__ = ["NetworkTrainer", "TrainingState"]


class TrainingState(Protocol):
    """What is asked of the state of a training; :class:`textrep.training.State` answers it."""

    @property
    def ends_epoch(self) -> bool:
        """Whether the epoch is complete."""

    @property
    def history(self) -> list[dict[str, Any]]:
        """A row for each completed epoch."""


class NetworkTrainer:
    """A network under training; a :class:`textrep.sgd.trainer.Trainer`.

    Parameters
    ----------
    network : Network
        What is trained; it is moved to the device.
    objective : Objective
        What it learns.
    batches : Batches
        From what.
    settings : TrainingSettings
        How.
    held_out : Batches, optional
        What the loss is measured on after each epoch.
    vectors : callable, optional
        Returns the word vectors as they are now, for callbacks. Default: none of no words.

    Attributes
    ----------
    network : Network
        It has the weights as they were trained last; see :meth:`settle`.
    metrics : dict of str to float
        What the objective says of the held-out data, as measured last.

    Raises
    ------
    DeviceError
        The device is not there.

    Notes
    -----
    Dropout, and what an objective draws, depend on ``random_state``, the epoch and the batch alone,
    so a training that goes on from its arrays is that which was never interrupted: bit for bit on a
    CPU with the same number of torch threads. What the program has drawn from torch, and will, is
    not touched.

    Processes that torch.distributed has brought together share the batches of each step; see
    :mod:`textrep.optim.processes`. Then callbacks must decide the same in all of them, so not by
    the clock, and one of them keeps the checkpoint.
    """

    unit = "tokens"

    def __init__(
        self,
        network: Network,
        objective: Objective,
        batches: Batches,
        settings: TrainingSettings,
        *,
        held_out: Batches | None = None,
        vectors: Callable[[], NDArray[np.float32]] | None = None,
    ) -> None:
        settings.check_training("NetworkTrainer")
        self._device = torch.device(resolve_device(settings.device))
        self._network: Network = network.to(self._device)
        self._objective, self._batches, self._settings = objective, batches, settings
        self._held_out, self._vectors = held_out, vectors
        self.work, self.n_parts = batches.work, batches.n_parts
        self.metrics: dict[str, float] = {}
        self._stepper = Stepper(network, objective, batches, settings, self._device)
        self._carried = self._carry(batches)
        self._average: WeightAverage | None = None
        if settings.average != "none":
            weights = self._stepper.weights
            self._average = WeightAverage(weights, settings.average, settings.average_decay)
        trained = self._tensors()
        self._plateau = HalveOnPlateau(trained) if settings.halve_on_plateau else None
        if self._plateau is not None:
            trained |= _named("plateau", self._plateau.tensors())
        self._host = HostArrays({**trained, **_named("carried", self._carried.tensors())})
        if settings.compiled:
            network.encoder.compile()
            if network.head is not None:
                network.head.compile()

    @property
    def network(self) -> Network:
        """The network, with the weights as they were trained last."""
        self._host.take_back()
        return self._network

    def train(self, epoch: int, parts: range) -> Iterator[Measured]:
        """Train on these parts of the epoch; yield the sums of each, in order.

        Raises
        ------
        TrainingError
            A loss is not finite.
        DeviceError
            The memory is too small for a batch.
        """
        for part in parts:
            self._host.take_back()
            with self._own_random_numbers():
                self._network.train()
                measured = self._train_part(epoch, part)
            yield measured

    def rate(self, epoch: int, part: float) -> float:
        """Return the learning rate at the start of a part, or within it."""
        done = (epoch + part / self.n_parts) / self._settings.epochs
        factor = 1.0 if self._plateau is None else self._plateau.factor
        return self._settings.rate * factor * self._settings.rates(min(done, 1.0))

    def held_out(self) -> Measured | None:
        """Return the loss on what is held out, of the averaged weights if there are any.

        With ``halve_on_plateau`` a loss that is not the lowest changes the training, so this is to
        be called once an epoch.
        """
        if self._held_out is None:
            return None
        self._host.take_back()
        with self._own_random_numbers(), self._averaged():
            self._network.eval()
            measured: Measured = self._measure(self._held_out)
        if self._plateau is not None and measured.examples:
            self._plateau.see(measured.loss / measured.examples)
        return measured

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything that training changes, by name.

        Those of tensors on the CPU are these tensors; of others they are copies, and what is
        written into them counts from the next call of another method on.
        """
        return self._host.arrays()

    def vectors(self) -> NDArray[np.float32]:
        """Return the word vectors as they are now, of shape (n_words, dim)."""
        self._host.take_back()
        if self._vectors is None:
            return np.zeros((0, 0), np.float32)
        with self._averaged(), torch.no_grad():
            return self._vectors()

    def report(self, state: TrainingState) -> None:
        """Put the metrics into the history; a callback of the loop, which stops nothing."""
        if state.ends_epoch:
            state.history[-1].update(self.metrics)

    def settle(self) -> Network:
        """Return the network as it is to be used: with averaged weights, and without dropout."""
        self._host.take_back()
        if self._average is not None:
            self._average.settle()
        network: Network = self._network.eval()
        return network

    def _carry(self, batches: Batches) -> CarriedStates:
        """Return states of streams; the first batch shows what the encoder carries."""
        if not batches.n_streams:
            return CarriedStates(None, 0)
        first = batches.batch(batches.steps(0, 0)[0][0])
        with self._own_random_numbers(), torch.no_grad():
            self._network.eval()
            encoded = self._network(
                first.tokens[:, :1].to(self._device), first.lengths.clamp(max=1)
            )
        return CarriedStates(encoded.state, batches.n_streams)

    def _tensors(self) -> dict[str, Tensor]:
        """Return weights, and the state of their training, by name."""
        stored = self._network.state_dict()
        buffers = {name: b for name, b in self._network.named_buffers() if name in stored}
        averages = {} if self._average is None else self._average.tensors()
        return {
            **_named("weights", {**self._stepper.weights, **buffers}),
            **_named("optimizer", self._stepper.tensors()),
            **_named("average", averages),
        }

    def _train_part(self, epoch: int, part: int) -> Measured:
        steps, taken = self._batches.steps(epoch, part), []
        for number, names in enumerate(steps):
            at = part + number / len(steps)
            key = (epoch, part, number)
            taken.append(self._stepper.take(names, self.rate(epoch, at), self._carried, key))
            if self._average is not None and self._averages_from(epoch + at / self.n_parts):
                self._average.update()
        self._share_states()
        losses = torch.stack([step.loss for step in taken]).tolist() if taken else []
        for step, loss in zip(
            taken, losses, strict=True
        ):  # here, so that a device is not waited for
            if not math.isfinite(loss):
                advice = "" if self._settings.clip_norm else ", or clip_norm=1"
                raise TrainingError(
                    f"The loss of {step.name} is {loss:g} at a learning rate of {step.rate:.3g}: "
                    f"try a tenth of it{advice}."
                )
        return _sum(taken, losses)

    def _averages_from(self, epochs: float) -> bool:
        return epochs / self._settings.epochs >= self._settings.average_start

    def _share_states(self) -> None:
        """Give every process the states of all streams, so that any may keep them."""
        processes = self._stepper.processes
        if processes.size > 1:
            for name, tensor in self._carried.tensors().items():
                if name != "begun":
                    stream = int(name.partition(".")[0])
                    processes.copy_from(stream % processes.size, [tensor])
            self._carried.begin_all()

    @torch.no_grad()
    def _measure(self, batches: Batches) -> Measured:
        """Return the sums over all batches, and set the metrics."""
        carried = self._carry(batches)
        tokens = examples = 0
        sums = torch.zeros(2, dtype=torch.float64, device=self._device)
        for part in range(batches.n_parts):
            for number, names in enumerate(batches.steps(0, part)):
                for index, name in enumerate(names):
                    seed_torch(self._settings.random_state, 0, part, number, index)
                    batch = batches.batch(name)
                    loss = self._stepper.loss(batch, carried)
                    carried.after(batch, loss.state)
                    tokens, examples = tokens + batch.n_tokens, examples + loss.examples
                    sums[0] += loss.total
                    sums[1] += 0 if loss.correct is None else loss.correct
        total, correct = sums.tolist()
        if examples:
            self.metrics = self._objective.metrics(total / examples, correct / examples)
        return Measured(tokens, examples, total)

    @contextlib.contextmanager
    def _averaged(self) -> Iterator[None]:
        with contextlib.nullcontext() if self._average is None else self._average.in_place():
            yield

    @contextlib.contextmanager
    def _own_random_numbers(self) -> Iterator[None]:
        """Leave those of the program as they are."""
        devices = [self._device] if self._device.type == "cuda" else []
        with torch.random.fork_rng(devices):
            yield


def _named(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": tensor for name, tensor in tensors.items()}


def _sum(taken: list[Stepped], losses: list[float]) -> Measured:
    tokens, examples = sum(step.tokens for step in taken), sum(step.examples for step in taken)
    return Measured(tokens, examples, float(sum(losses)))
