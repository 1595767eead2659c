"""The training loop of everything that is trained step by step: callbacks, checkpoints."""

from textrep.training.callbacks import Callback, LossPlateau, State, TimeBudget
from textrep.training.checkpoint import Checkpoint, Identity
from textrep.training.initial import InitialVectors, check_initial
from textrep.training.loop import Outcome, run

__all__ = [
    "Callback",
    "Checkpoint",
    "Identity",
    "InitialVectors",
    "LossPlateau",
    "Outcome",
    "State",
    "TimeBudget",
    "check_initial",
    "run",
]
