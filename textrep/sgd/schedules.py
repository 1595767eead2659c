"""How the learning rate changes with the share of the training that is done."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["SCHEDULES"]

SCHEDULES: dict[str, Callable[[float], float]] = {
    "linear": lambda done: 1.0 - done,
    "constant": lambda _done: 1.0,
    "cosine": lambda done: (1.0 + math.cos(math.pi * done)) / 2.0,
}
"""Share of the first learning rate, given the share of the text that has been seen."""
