"""Counting how often words occur in each other's contexts."""

from textrep.counting.counter import count_cooccurrences
from textrep.counting.merge import CountPart, add_counts
from textrep.counting.pmi import pmi
from textrep.counting.rows import LEAST_MEMORY
from textrep.counting.window import BOUNDARIES, SIDES, WEIGHTS, Window

__all__ = [
    "BOUNDARIES",
    "LEAST_MEMORY",
    "SIDES",
    "WEIGHTS",
    "CountPart",
    "Window",
    "add_counts",
    "count_cooccurrences",
    "pmi",
]
