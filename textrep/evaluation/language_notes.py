"""What a reader of perplexities must know: what was predicted, and what compares with what."""

from __future__ import annotations

from collections.abc import Sequence

from textrep.evaluation.cells import number
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result

__all__ = ["not_compared", "predicted"]


def predicted(report: Report) -> list[str]:
    """Say of each text what the models predict, what they do not know, and bits a character.

    Parameters
    ----------
    report : Report
        The results.
    """
    paragraphs = []
    for name in report.benchmarks:
        told = [
            f"{result.model} {_predictions(result)}"
            for result in report.of(name)
            if "predictions" in result.outcome.secondary
        ]
        if told:
            paragraphs.append(f"Predicted of {name}: {'; '.join(told)}.")
    return paragraphs


def _predictions(result: Result) -> str:
    kept = result.outcome.secondary
    said = f"{kept['predictions']:,}"
    unknown = kept["unknown"]
    if not unknown:
        return f"{said}, {number(kept['bits_per_character'])} bits a character"
    treated = "left out" if result.outcome.options["unknown"] == "left out" else "as <unk>"
    return f"{said}, {100 * (1 - (kept['known'] or 0.0)):.1f}% of the words unknown, {treated}"


def not_compared(report: Report) -> list[str]:
    """Say which models are not compared with one another, because they predict other things.

    Parameters
    ----------
    report : Report
        The results.
    """
    apart = [
        f"{name} {_listed(compared.families)}"
        for name, compared in report.comparisons.items()
        if len(compared.families) > 1
    ]
    if not apart:
        return []
    return [
        "Not compared with one another, because they predict other words or from another "
        f"vocabulary: {'; '.join(apart)}. Bits a character compare where no word is unknown."
    ]


def _listed(families: Sequence[Sequence[str]]) -> str:
    return " / ".join(", ".join(family) for family in families)
