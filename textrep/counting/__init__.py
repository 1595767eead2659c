"""Counting how often words occur in each other's contexts."""

from textrep.counting.counter import count_cooccurrences
from textrep.counting.merge import CountPart, add_counts
from textrep.counting.pmi import PARTS, pmi, pmi_factors, pmi_rows
from textrep.counting.rows import LEAST_MEMORY
from textrep.counting.window import BOUNDARIES, SIDES, WEIGHTS, Window

__all__ = [
    "BOUNDARIES",
    "LEAST_MEMORY",
    "PARTS",
    "SIDES",
    "WEIGHTS",
    "CountPart",
    "Window",
    "add_counts",
    "count_cooccurrences",
    "pmi",
    "pmi_factors",
    "pmi_rows",
]
