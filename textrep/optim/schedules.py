"""How the learning rate of a network changes with the share of the training that is done."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from textrep.sgd.schedules import SCHEDULES as PLAIN

__all__ = ["SCHEDULES", "Schedule"]


def _step(done: float, schedule: Schedule) -> float:
    return schedule.decay ** math.floor(done * schedule.cycles)


def _exponential(done: float, schedule: Schedule) -> float:
    return float(schedule.decay ** (done * schedule.cycles))


def _inverse(done: float, schedule: Schedule) -> float:
    return 1.0 / (1.0 + (1.0 / schedule.decay - 1.0) * done * schedule.cycles)


def _restarts(done: float, schedule: Schedule) -> float:
    return PLAIN["cosine"](_within(done, schedule))


def _triangular(done: float, schedule: Schedule) -> float:
    return 1.0 - abs(2.0 * _within(done, schedule) - 1.0)


def _within(done: float, schedule: Schedule) -> float:
    """Return the share of its cycle that is done; each is ``growth`` times the one before."""
    if done >= 1.0:
        return 1.0
    lengths = [schedule.growth**cycle for cycle in range(schedule.cycles)]
    left = done * sum(lengths)
    for length in lengths:
        if left < length:
            return left / length
        left -= length
    return 1.0


def _plain(done: float, schedule: Schedule) -> float:
    return PLAIN[schedule.name](done)


SCHEDULES: dict[str, Callable[[float, Schedule], float]] = {
    **dict.fromkeys(PLAIN, _plain),
    "step": _step,
    "exponential": _exponential,
    "inverse": _inverse,
    "cosine-restarts": _restarts,
    "triangular": _triangular,
}
"""Share of the largest learning rate, given the share of the training after the warm-up."""


@dataclass(frozen=True)
class Schedule:
    """A schedule of the learning rate.

    With d the share of the training that is done, after the warm-up, and c = d · cycles:

    =================== ==========================================================================
    ``constant``        1
    ``linear``          1 − d
    ``cosine``          (1 + cos πd) / 2
    ``step``            decay^⌊c⌋
    ``exponential``     decay^c
    ``inverse``         1 / (1 + (1/decay − 1) · c), which is 1/t, and ``decay`` after one cycle
    ``cosine-restarts`` the cosine in each cycle anew
    ``triangular``      up to 1 in the middle of each cycle, and down again
    =================== ==========================================================================

    Parameters
    ----------
    name : str, default="constant"
        A row of the table.
    warmup : float, default=0.0
        Share of the training, from 0 to below 1, in which the rate rises linearly from 0.
    floor : float, default=0.0
        The least share of the rate that a schedule goes down to, 0 to 1.
    decay : float, default=0.5
        Above 0 up to 1.
    cycles : int, default=1
        In the whole training.
    growth : float, default=1.0
        How many times as long as the one before a cycle of ``cosine-restarts`` or ``triangular``
        is.

    References
    ----------
    Loshchilov and Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts, ICLR.
    Smith 2017, Cyclical Learning Rates for Training Neural Networks, WACV.

    Examples
    --------
    >>> [Schedule("linear", warmup=0.5)(done) for done in (0.0, 0.25, 0.5, 0.75, 1.0)]
    [0.0, 0.5, 1.0, 0.5, 0.0]
    """

    name: str = "constant"
    warmup: float = 0.0
    floor: float = 0.0
    decay: float = 0.5
    cycles: int = 1
    growth: float = 1.0

    def __call__(self, done: float) -> float:
        """Return the share of the largest rate when this share of the training is done."""
        if done < self.warmup:
            return done / self.warmup
        done = (done - self.warmup) / (1.0 - self.warmup)
        return self.floor + (1.0 - self.floor) * SCHEDULES[self.name](done, self)
