"""One step of a training: losses of batches, their gradients, and what is made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from textrep.optim.batches import Batch, Batches
from textrep.optim.carried import CarriedStates
from textrep.optim.clipping import clip_gradients
from textrep.optim.memory import explain_memory
from textrep.optim.monitor import GradientMonitor
from textrep.optim.network import Network
from textrep.optim.objectives import Loss, Objective
from textrep.optim.optimizers import make_optimizer, set_rate, sutskever_momentum
from textrep.optim.processes import Processes
from textrep.optim.regularisation import add_l1
from textrep.optim.settings import TrainingSettings

__all__ = ["Stepped", "Stepper", "seed_torch"]

_WATCHED = 16  # one in so many steps is looked at by the monitor: norms cost a pass


class Stepped(NamedTuple):
    """What a step has measured, in all processes.

    Attributes
    ----------
    name : str
        What it is called: "step 5 (epoch 2)".
    rate : float
        Its learning rate.
    tokens : int
        Real tokens of its batches.
    examples : int
        What was predicted.
    loss : Tensor of shape (), float64
        Sum over the examples, before the step; on the device.
    """

    name: str
    rate: float
    tokens: int
    examples: int
    loss: Tensor


class Stepper:
    """Takes the steps of a training.

    Parameters
    ----------
    network : Network
        What is trained, on its device.
    objective : Objective
        What it learns.
    batches : Batches
        From what.
    settings : TrainingSettings
        How.
    device : torch.device
        Where.

    Attributes
    ----------
    weights : dict of str to Parameter
        Those that are trained, by name.
    optimizer : torch.optim.Optimizer
        What trains them.
    processes : Processes
        Who trains.
    """

    def __init__(
        self,
        network: Network,
        objective: Objective,
        batches: Batches,
        settings: TrainingSettings,
        device: torch.device,
    ) -> None:
        self._network, self._objective, self._batches = network, objective, batches
        self._settings, self._device = settings, device
        self.processes = Processes()
        self.weights = {
            name: weight for name, weight in network.named_parameters() if weight.requires_grad
        }
        self.processes.copy_from(0, [*network.parameters(), *network.buffers()])
        self.optimizer = make_optimizer(
            settings.optimizer,
            self.weights.values(),
            settings.rate,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
        )
        self._monitor = GradientMonitor()
        self._taken = torch.zeros(1, dtype=torch.int64)

    def tensors(self) -> dict[str, Tensor]:
        """Return what steps change beside the weights, by name."""
        names = {weight: name for name, weight in self.weights.items()}
        state = {
            f"{names[weight]}.{key}": value
            for weight, values in self.optimizer.state.items()
            for key, value in values.items()
            if isinstance(value, Tensor)
        }
        return {**state, "taken": self._taken}

    def take(
        self, batches: Sequence[Any], rate: float, carried: CarriedStates, key: Sequence[int]
    ) -> Stepped:
        """Take a step.

        Parameters
        ----------
        batches : sequence
            Names of the batches whose gradients are summed.
        rate : float
            The learning rate.
        carried : CarriedStates
            Those of the streams.
        key : sequence of int
            Epoch, part, and number of the step in the part: random numbers depend on it.
        """
        step = f"step {int(self._taken) + 1} (epoch {key[0] + 1})"
        self.optimizer.zero_grad(set_to_none=True)
        sums = torch.zeros(3, dtype=torch.float64, device=self._device)
        tokens = examples = 0
        for number, name in self.processes.share(batches):
            seed_torch(self._settings.random_state, 1, *key, number)
            batch = self._batches.batch(name)
            tokens += batch.n_tokens
            with explain_memory(step, batch, self._try, self._batches.advice):
                loss = self._descend(batch, carried)
            examples += loss.examples
            sums[2] += loss.total.detach()
        if self.processes.size > 1:
            sums[0], sums[1] = tokens, examples
            tokens, examples = (int(value) for value in self.processes.sum(sums)[:2].tolist())
        if examples:
            self._update(step, examples, rate)
        return Stepped(step, rate, tokens, examples, sums[2])

    def _descend(self, batch: Batch, carried: CarriedStates) -> Loss:
        """Add the gradients of a batch to those that are there."""
        loss = self.loss(batch, carried)
        if loss.examples:
            loss.total.backward()
        carried.after(batch, loss.state)  # not before the gradients, which need what was there
        return loss

    def loss(self, batch: Batch, carried: CarriedStates) -> Loss:
        """Return the loss of a batch that begins with the state that is carried to it."""
        prepared = self._objective.prepare(batch).to(self._device)
        low = self._settings.precision == "bfloat16"
        with torch.autocast(self._device.type, torch.bfloat16, enabled=low):
            return self._objective.loss(self._network, prepared, carried.before(batch))

    def _try(self, batch: Batch) -> None:
        """Do what a step does with a batch, for its memory alone."""
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss(replace(batch, starts=True), CarriedStates(None, 0))
        loss.total.backward()

    def _update(self, step: str, examples: int, rate: float) -> None:
        """Make of summed gradients those of the mean, and of these a step."""
        settings = self._settings
        self.processes.sum_gradients(list(self.weights.values()))
        named = {name: w.grad for name, w in self.weights.items() if w.grad is not None}
        gradients = list(named.values())
        watched = int(self._taken) % _WATCHED == 0
        longest = settings.clip_norm or (math.inf if watched else None)
        norms = clip_gradients(gradients, 1 / examples, longest, settings.clip_value or None)
        if watched and norms is not None:
            self._monitor.see(step, dict(zip(named, norms.tolist(), strict=True)))
        if settings.l1:
            add_l1(self.weights.values(), settings.l1)
        set_rate(self.optimizer, rate, self._momentum())
        self.optimizer.step()
        self._taken += 1

    def _momentum(self) -> float | None:
        """Return the momentum of the step if it changes from step to step."""
        if self._settings.momentum_schedule == "constant":
            return None
        return sutskever_momentum(int(self._taken), self._settings.momentum)


def seed_torch(*key: int) -> None:
    """Let torch's random numbers depend on a key alone."""
    torch.manual_seed(int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0]))
