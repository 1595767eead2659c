"""Counting how often words occur in each other's contexts."""

from textrep.counting.counter import LEAST_MEMORY, count_cooccurrences
from textrep.counting.pmi import pmi
from textrep.counting.window import BOUNDARIES, SIDES, WEIGHTS, Window

__all__ = [
    "BOUNDARIES",
    "LEAST_MEMORY",
    "SIDES",
    "WEIGHTS",
    "Window",
    "count_cooccurrences",
    "pmi",
]
