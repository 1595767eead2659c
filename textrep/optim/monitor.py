"""Warnings of gradients that vanish or explode."""

from __future__ import annotations

import math
from collections.abc import Mapping

from textrep.progress import logger

__all__ = ["GradientMonitor"]

VANISHED = 1e-6  # of the longest gradient of a weight; float32 has seven digits
EXPLODED = 1e3  # a mean over examples is about 1 where a training goes well


class GradientMonitor:
    """Warns, once of each, through the ``textrep`` logger.

    A gradient has exploded if it is longer than 1,000, as a mean over examples and before it is
    clipped. One of a single weight has vanished if it is less than a millionth of the longest of
    another weight: below it in the network little is learnt. A gradient that is 0 has not vanished,
    its weight had no part in the batch.
    """

    def __init__(self) -> None:
        self._warned: set[str] = set()

    def see(self, step: str, norms: Mapping[str, float]) -> None:
        """Look at the gradients of a step.

        Parameters
        ----------
        step : str
            What it is called: "step 5 (epoch 2)".
        norms : mapping of str to float
            Of the gradient of each weight; at least one.
        """
        whole = math.hypot(*norms.values())
        if not whole <= EXPLODED:
            self._warn(
                "exploding",
                f"The gradient of {step} has exploded: its norm is {whole:.3g}. Lower "
                "learning_rate, or clip_norm, if the loss does not fall.",
            )
        longest = max(norms.values())
        for name, norm in norms.items():
            if 0.0 < norm < VANISHED * longest:
                self._warn(
                    "vanishing",
                    f"The gradient of {name} has vanished in {step}: its norm is {norm:.3g}, the "
                    f"longest is {longest:.3g}. Try other initial weights, a gated cell or "
                    "fewer layers.",
                )

    def _warn(self, kind: str, text: str) -> None:
        if kind not in self._warned:
            self._warned.add(kind)
            logger.warning(text)
