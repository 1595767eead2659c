"""Pages to look at: the report of an evaluation and the map of a model's words."""

from __future__ import annotations

__all__: list[str] = []
