"""Which rows of a corpus differ by more than chance, on the half that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textrep.evaluation import Comparison, Report

from .halves import report
from .records import read_answers

__all__ = ["comparisons"]


def comparisons(
    rows: Mapping[str, Mapping[str, Path]], pairs: Mapping[str, tuple[Path, Path]]
) -> dict[str, Any]:
    """Compare rows with one another, and tuned models with their defaults.

    Parameters
    ----------
    rows : mapping of str to mapping of str to Path
        Groups of rows that are compared with one another; the answers of each row, by its name.
    pairs : mapping of str to tuple of Path
        The answers of each model with tuned parameters and with the defaults.

    Returns
    -------
    dict
        For each group its benchmarks, each with what ``Report.comparisons`` says of it: ``items``
        and ``groups`` of them, the ``detectable`` difference, the ``best`` rows and those not told
        apart from them, and ``better``, which names for each row those that it is better than.
        Under "tuning" the benchmarks on which tuning made a model "better" and "worse".
    """
    found: dict[str, Any] = {}
    for name, answers in rows.items():
        told = report({row: read_answers(path) for row, path in answers.items()})
        found[name] = {benchmark: _summary(one) for benchmark, one in told.comparisons.items()}
    found["tuning"] = {
        model: _tuning(report({"tuned": read_answers(one), "defaults": read_answers(other)}))
        for model, (one, other) in pairs.items()
    }
    return found


def _summary(compared: Comparison) -> dict[str, Any]:
    better: dict[str, list[str]] = {}
    for difference in compared.differences:
        if difference.significant:
            names = {difference.first, difference.second}
            (loser,) = names - {difference.better}
            better.setdefault(difference.better, []).append(loser)
    detectable = compared.detectable
    return {
        "items": compared.n_items,
        "groups": compared.n_groups,
        "detectable": None if detectable is None else round(detectable, 4),
        "best": list(compared.best),
        "better": better,
    }


def _tuning(told: Report) -> dict[str, list[str]]:
    changed: dict[str, list[str]] = {"better": [], "worse": []}
    for benchmark, compared in told.comparisons.items():
        for difference in compared.differences:
            if difference.significant:
                ahead = difference.better == difference.first
                changed["better" if ahead else "worse"].append(benchmark)
    return changed
