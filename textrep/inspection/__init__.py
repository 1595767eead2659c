"""Looking into trained models: why two words are similar, what changed, what a reseed keeps."""

from __future__ import annotations

from textrep.inspection.changes import ChangedWord, Difference
from textrep.inspection.concordance import Example, Together, occurrences
from textrep.inspection.contexts import Contexts, contexts_of
from textrep.inspection.difference import diff
from textrep.inspection.explanation import Explanation, SharedContext, explain
from textrep.inspection.reliability import NeighborAgreement, ReseededNeighbor, neighbor_agreement

__all__ = [
    "ChangedWord",
    "Contexts",
    "Difference",
    "Example",
    "Explanation",
    "NeighborAgreement",
    "ReseededNeighbor",
    "SharedContext",
    "Together",
    "contexts_of",
    "diff",
    "explain",
    "neighbor_agreement",
    "occurrences",
]
