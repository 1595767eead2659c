"""Weights that sum to 1: given as a text, or chosen by what they score."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from textrep.errors import InvalidParameterError
from textrep.progress import track

__all__ = ["EQUAL", "best_weights", "parse_weights"]

EQUAL = "equal"
_SHARES = np.arange(1, 10) / 10  # that a member may have while the others share the rest
_ROUNDS = 10  # more are never needed in practice; scores that are noise could go on for ever


def parse_weights(value: object, caller: str) -> NDArray[np.float64] | None:
    """Return the weights that "3,1" stands for, so that they sum to 1; None for "equal".

    Raises
    ------
    InvalidParameterError
        It is neither "equal" nor positive numbers between commas.
    """
    if value == EQUAL:
        return None
    try:
        numbers = [float(part) for part in value.split(",")] if isinstance(value, str) else []
    except ValueError:
        numbers = []
    if not numbers or not all(0 < number < math.inf for number in numbers):
        rule = f"{EQUAL!r}, or numbers above 0 with commas between them, such as '2,1'"
        raise InvalidParameterError("weights", caller, rule, value)
    weights = np.array(numbers) / max(numbers)
    scaled: NDArray[np.float64] = weights / weights.sum()
    return scaled


def best_weights(
    n: int, score: Callable[[NDArray[np.float64]], float]
) -> tuple[NDArray[np.float64], float, float]:
    """Return the weights with the highest score that coordinate search finds.

    It starts from equal weights and takes one member after the other: its weight becomes .1, .2 …
    .9, the others share the rest as they shared it before, and the best is kept. It ends when a
    round over all members finds nothing better. For two members that is the whole grid.

    Parameters
    ----------
    n : int
        Number of weights, at least 2.
    score : callable
        Takes weights of shape (n,) that sum to 1; higher is better.

    Returns
    -------
    weights : float64 array of shape (n,)
        Of equal scores the ones that were found first; equal weights come before all others.
    score : float
        Their score.
    equal : float
        The score of equal weights.
    """
    best = np.full(n, 1 / n)
    tried: dict[tuple[float, ...], float] = {}
    with track("choosing weights", None, "weights") as task:

        def ask(weights: NDArray[np.float64]) -> float:
            key = tuple(weights.round(9).tolist())
            if key not in tried:
                tried[key] = score(weights)
                task.advance(1)
                task.describe(f"best {max(tried.values()):.4f}")
            return tried[key]

        equal = highest = ask(best)
        for _ in range(_ROUNDS):
            before = highest
            for member in range(n):
                for weights in _along(best, member):
                    if ask(weights) > highest:
                        highest, best = ask(weights), weights
            if highest == before:
                break
    return best, highest, equal


def _along(weights: NDArray[np.float64], member: int) -> Iterator[NDArray[np.float64]]:
    """Yield the weights with each share for one member, the others in the same proportions."""
    for share in _SHARES:
        changed = weights * (1 - share) / (1 - weights[member])
        changed[member] = share
        yield changed
