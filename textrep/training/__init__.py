"""The training loop of everything that is trained step by step: callbacks, checkpoints."""

from textrep.training.callbacks import Callback, LossPlateau, State, TimeBudget
from textrep.training.checkpoint import Checkpoint
from textrep.training.description import Identity
from textrep.training.initial import InitialVectors, Kept, check_initial
from textrep.training.loop import Outcome, run

__all__ = [
    "Callback",
    "Checkpoint",
    "Identity",
    "InitialVectors",
    "Kept",
    "LossPlateau",
    "Outcome",
    "State",
    "TimeBudget",
    "check_initial",
    "run",
]
