"""How a network is trained: everything that can be chosen, and its defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.errors import InvalidParameterError
from textrep.optim.schedules import SCHEDULES, Schedule

__all__ = ["AVERAGES", "LEARNING_RATES", "PRECISIONS", "TrainingParameters", "TrainingSettings"]

LEARNING_RATES = {
    "sgd": 1.0,
    "momentum": 0.1,
    "nesterov": 0.1,
    "adagrad": 0.05,
    "rmsprop": 1e-3,
    "adadelta": 1.0,
    "adam": 1e-3,
    "adamw": 1e-3,
    "adamax": 2e-3,
    "nadam": 2e-3,
    "maxprop": 1e-3,
}
"""The optimizers, and the learning rate of each if none is asked for."""

PRECISIONS = ("float32", "bfloat16")
"""What products are computed in; weights, losses and updates are float32."""

_SCHEDULED = ("momentum", "nesterov")  # optimizers whose momentum may rise

AVERAGES = ("none", "exponential", "mean")
"""Averages of the weights; see :class:`textrep.optim.averaging.WeightAverage`."""


@dataclass(kw_only=True, eq=False, repr=False)
class TrainingParameters:
    """How a network is trained: what can be chosen, for whatever trains one.

    Parameters
    ----------
    epochs : int, default=10
        Passes over the text.
    optimizer : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adadelta", "adam", "adamw", \
            "adamax", "nadam", "maxprop"}, default="adamw"
        What makes steps of gradients.
    learning_rate : float, optional
        The largest, above 0. Default: that of the optimizer, 0.001 for AdamW.
    momentum : float, default=0.9
        Of optimizers that have it, and the first decay of Adam and its kind; below 1.
    momentum_schedule : {"constant", "sutskever"}, default="constant"
        Whether momentum rises to ``momentum``; of "momentum" and "nesterov".
    schedule : {"constant", "linear", "cosine", "step", "exponential", "inverse", \
            "cosine-restarts", "triangular"}, default="constant"
        How the learning rate changes.
    warmup : float, default=0.0
        Share of the training, below 1, in which it rises to its largest.
    floor : float, default=0.0
        The least share of it that a schedule goes down to, 0 to 1.
    decay : float, default=0.5
        What "step", "exponential" and "inverse" bring it down to in a cycle; above 0 up to 1.
    cycles : int, default=1
        Of the schedule, from 1 up.
    growth : float, default=1.0
        How many times as long as the one before a cycle of "cosine-restarts" or "triangular" is, 1
        to 100.
    halve_on_plateau : bool, default=False
        Whether, after an epoch whose held-out loss is not the lowest, the best weights are taken up
        again and the learning rate is halved.
    clip_norm : float, default=1.0
        Longest gradient; a longer one is shortened to it. 0 leaves them as they are.
    clip_value : float, default=0.0
        Largest number of a gradient; larger ones are set to it. 0 leaves them as they are.
    weight_decay : float, default=0.0
        L2 of matrices, 0 or more.
    l1 : float, default=0.0
        L1 of matrices, 0 or more.
    average : {"none", "exponential", "mean"}, default="none"
        Which average of the weights over the training is measured and kept.
    average_decay : float, default=0.999
        Share of the exponential average that stays at each step, below 1.
    average_start : float, default=0.0
        Share of the training after which averaging begins, 0 to 1.
    precision : {"float32", "bfloat16"}, default="float32"
        Of products.
    compiled : bool, default=False
        Whether torch.compile makes code for the network first, which takes a minute or so.
    device : str, default="cpu"
        ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``; or ``auto``: a GPU where there is one.
    random_state : int, default=0
        Seed.
    """

    epochs: int = 10
    optimizer: str = "adamw"
    learning_rate: float | None = None
    momentum: float = 0.9
    momentum_schedule: str = "constant"
    schedule: str = "constant"
    warmup: float = 0.0
    floor: float = 0.0
    decay: float = 0.5
    cycles: int = 1
    growth: float = 1.0
    halve_on_plateau: bool = False
    clip_norm: float = 1.0
    clip_value: float = 0.0
    weight_decay: float = 0.0
    l1: float = 0.0
    average: str = "none"
    average_decay: float = 0.999
    average_start: float = 0.0
    precision: str = "float32"
    compiled: bool = False
    device: str = "cpu"
    random_state: int = 0

    def check_training(self, caller: str) -> None:
        """Raise InvalidParameterError or UnknownNameError if a setting breaks its rule.

        Parameters
        ----------
        caller : str
            Whose parameters they are.
        """
        check_choice("optimizer", caller, self.optimizer, LEARNING_RATES)
        check_choice("momentum_schedule", caller, self.momentum_schedule, ("constant", "sutskever"))
        check_choice("schedule", caller, self.schedule, SCHEDULES)
        check_choice("average", caller, self.average, AVERAGES)
        check_choice("precision", caller, self.precision, PRECISIONS)
        check_boolean("halve_on_plateau", caller, self.halve_on_plateau)
        check_boolean("compiled", caller, self.compiled)
        check_integer("epochs", caller, self.epochs, 1, 100_000)
        check_integer("cycles", caller, self.cycles, 1, 100_000)
        check_integer("random_state", caller, self.random_state, 0, 2**63 - 1)
        if self.learning_rate is not None:
            check_number("learning_rate", caller, self.learning_rate, 0.0, above=True)
        check_number("clip_norm", caller, self.clip_norm, 0.0)
        check_number("clip_value", caller, self.clip_value, 0.0)
        check_number("momentum", caller, self.momentum, 0.0, 0.9999)
        check_number("average_decay", caller, self.average_decay, 0.0, 0.999999)
        check_number("warmup", caller, self.warmup, 0.0, 0.99)
        check_number("floor", caller, self.floor, 0.0, 1.0)
        check_number("average_start", caller, self.average_start, 0.0, 1.0)
        check_number("decay", caller, self.decay, 0.0, 1.0, above=True)
        check_number("growth", caller, self.growth, 1.0, 100.0)
        check_number("weight_decay", caller, self.weight_decay, 0.0)
        check_number("l1", caller, self.l1, 0.0)
        if self.momentum_schedule != "constant" and self.optimizer not in _SCHEDULED:
            known = " and ".join(_SCHEDULED)
            rule = f"'constant' with optimizer={self.optimizer!r}; only {known} can change it"
            raise InvalidParameterError("momentum_schedule", caller, rule, self.momentum_schedule)

    def training_settings(self) -> TrainingSettings:
        """Return these parameters alone, in Python's own numbers, as torch wants them."""
        chosen = {field.name: getattr(self, field.name) for field in fields(TrainingParameters)}
        plain = {
            name: value.item() if isinstance(value, np.generic) else value
            for name, value in chosen.items()
        }
        return TrainingSettings(**plain)


@dataclass(kw_only=True)
class TrainingSettings(TrainingParameters):
    """How a network is trained; its parameters are those of `TrainingParameters`."""

    @property
    def rate(self) -> float:
        """The largest learning rate."""
        return LEARNING_RATES[self.optimizer] if self.learning_rate is None else self.learning_rate

    @property
    def rates(self) -> Schedule:
        """The schedule of the learning rate."""
        return Schedule(
            self.schedule, self.warmup, self.floor, self.decay, self.cycles, self.growth
        )
