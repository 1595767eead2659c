"""What shallow models share when they are trained by stochastic gradient descent."""

from textrep.sgd.devices import DEVICES, resolve_device
from textrep.sgd.noise import NoiseTable
from textrep.sgd.schedules import SCHEDULES
from textrep.sgd.stretches import Stretch, Stretches
from textrep.sgd.subsampling import keep_probabilities
from textrep.sgd.trainer import Measured, Trainer
from textrep.sgd.vectors import aligned, compact, initial_vectors

__all__ = [
    "DEVICES",
    "SCHEDULES",
    "Measured",
    "NoiseTable",
    "Stretch",
    "Stretches",
    "Trainer",
    "aligned",
    "compact",
    "initial_vectors",
    "keep_probabilities",
    "resolve_device",
]
