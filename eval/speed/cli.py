"""The start of the command line: ``textrep --help`` against a bare interpreter."""

from __future__ import annotations

import sys
from dataclasses import replace

from .harness import CommandSide, Comparison, Settings, SpeedError, measure

__all__ = ["compare"]

_LEAST_REPEATS = 10


def compare(settings: Settings) -> Comparison:
    """Measure the whole process, in at least ten runs."""
    program = "import sys; from textrep.cli import main; sys.exit(main())"
    sides = [
        CommandSide("textrep --help", [sys.executable, "-c", program, "--help"]),
        CommandSide("python -c pass (floor)", [sys.executable, "-c", "pass"]),
    ]
    once = replace(settings, repeats=1)
    try:
        measure(sides, once)  # fills the file cache and writes byte code
    except SpeedError as error:
        raise SpeedError(f"the command line does not start: {error}") from None
    measurements = measure(sides, replace(settings, repeats=max(settings.repeats, _LEAST_REPEATS)))
    notes = ["Whole processes, from start to exit."]
    return Comparison("cli", "textrep --help, whole process", measurements, "", notes)
