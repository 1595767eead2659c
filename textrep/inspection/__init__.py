"""Looking into trained models: why two words are similar, what changed, what a reseed keeps."""

from __future__ import annotations

from textrep.inspection.contexts import Contexts, contexts_of
from textrep.inspection.explain import Explanation, SharedContext, explain
from textrep.inspection.occurrences import Example, Together, occurrences

__all__ = [
    "Contexts",
    "Example",
    "Explanation",
    "SharedContext",
    "Together",
    "contexts_of",
    "explain",
    "occurrences",
]
