"""``timings.json`` of a model folder: what a clock measured, apart from what can be repeated.

Two trainings that are alike then write the same ``config.json``, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textrep.errors import FormatError

__all__ = ["joined", "read_timings", "timings_of", "without_timings"]


def _is_timing(name: str) -> bool:
    return name == "seconds" or name.endswith("_per_second")


def without_timings(metrics: Any) -> Any:
    """Return metrics, however nested, without what a clock measured."""
    if isinstance(metrics, Mapping):
        return {
            name: without_timings(value) for name, value in metrics.items() if not _is_timing(name)
        }
    if isinstance(metrics, list | tuple):
        return [without_timings(value) for value in metrics]
    return metrics


def timings_of(metrics: Any) -> Any:
    """Return only what a clock measured, nested as in ``metrics``; None if there is nothing."""
    if isinstance(metrics, Mapping):
        found = {
            name: value if _is_timing(name) else timings_of(value)
            for name, value in metrics.items()
        }
        return {name: value for name, value in found.items() if value is not None} or None
    if isinstance(metrics, list | tuple):
        rows = [timings_of(value) for value in metrics]
        return rows if any(row is not None for row in rows) else None
    return None


def joined(metrics: Any, timings: Any) -> Any:
    """Return what :func:`without_timings` and :func:`timings_of` have taken apart.

    Raises
    ------
    ValueError
        They are not of the same metrics.
    """
    if timings is None:
        return metrics
    if isinstance(metrics, dict) and isinstance(timings, dict):
        return metrics | {
            name: value if _is_timing(name) else joined(metrics.get(name), value)
            for name, value in timings.items()
        }
    if isinstance(metrics, list) and isinstance(timings, list):
        return [joined(row, of_row) for row, of_row in zip(metrics, timings, strict=True)]
    raise ValueError("timings are not nested as the metrics are")


def read_timings(file: Path, metrics: dict[str, Any]) -> dict[str, Any]:
    """Return metrics with the timings in a file; a folder without one has none to add.

    Raises
    ------
    FormatError
        The file is damaged, or of other metrics.
    """
    if not file.is_file():
        return metrics
    try:
        timings = json.loads(file.read_bytes().decode("utf-8"))
        both = joined(metrics, timings)
    except (ValueError, RecursionError):
        raise FormatError(
            f"{file} is damaged, or of another model: remove it, or save the model again."
        ) from None
    return dict(both)
