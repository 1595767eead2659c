"""Results for JSON, which knows neither NaN nor infinity."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["finite"]


def finite(value: Any) -> Any:
    """Return the same of dicts, lists and scalars with None in place of NaN and infinities.

    Examples
    --------
    >>> finite({"p": float("nan"), "scores": (0.5, float("inf"))})
    {'p': None, 'scores': [0.5, None]}
    """
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
