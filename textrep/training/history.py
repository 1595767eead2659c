"""What was measured of an epoch, whole or so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textrep.sgd.trainer import Measured

__all__ = ["EpochSums"]


@dataclass
class EpochSums:
    """Sums over the parts of an epoch that have been trained.

    Attributes
    ----------
    work, examples, loss, kept
        As in :class:`textrep.sgd.trainer.Measured`.
    seconds : float
        Time that training them took.
    """

    work: int = 0
    examples: int = 0
    loss: float = 0.0
    kept: int = 0
    seconds: float = 0.0

    def add(self, part: Measured) -> None:
        """Add what was measured of one more part."""
        self.work += part.work
        self.examples += part.examples
        self.loss += part.loss
        self.kept += part.kept

    @property
    def mean_loss(self) -> float | None:
        """Mean loss of an example, None where there is no example yet."""
        return self.loss / self.examples if self.examples else None

    def row(self, unit: str, rate: float) -> dict[str, Any]:
        """Return the entry of ``history_``: means, sums and speeds.

        Parameters
        ----------
        unit : str
            What ``work`` counts, in the plural.
        rate : float
            The learning rate at the start of the epoch.
        """
        speed = 1.0 / self.seconds if self.seconds > 0 else 0.0
        row = {
            "loss": self.mean_loss,
            "examples": self.examples,
            "learning_rate": rate,
            "seconds": self.seconds,
            unit: self.work,
            f"{unit}_per_second": self.work * speed,
        }
        if self.kept:
            row |= {"kept": self.kept, "kept_per_second": self.kept * speed}
        return row
