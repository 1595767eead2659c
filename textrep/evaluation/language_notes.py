"""What a reader of perplexities must know: what was predicted, and what compares with what."""

from __future__ import annotations

from textrep.evaluation.cells import number
from textrep.evaluation.differences import Comparison
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result

__all__ = ["not_compared", "predicted"]

_FEW_KNOWN = 0.9  # share of the words of a text below which its perplexity says little


def predicted(report: Report) -> list[str]:
    """Say of each text what the models predict, what they do not know, and bits a character.

    Parameters
    ----------
    report : Report
        The results.
    """
    paragraphs = []
    least = 1.0
    for name in report.benchmarks:
        told: dict[str, list[str]] = {}
        for result in report.of(name):
            if "predictions" in result.outcome.secondary:
                told.setdefault(_predictions(result), []).append(result.model)
                least = min(least, result.outcome.secondary["known"] or 0.0)
        if told:
            each = "; ".join(f"{', '.join(models)}: {said}" for said, models in told.items())
            paragraphs.append(f"Predicted of {name} by {each}.")
    if least < _FEW_KNOWN:
        paragraphs.append(
            "Where many words are unknown a perplexity says little: <unk> is easy to predict, and "
            "what is left out costs nothing."
        )
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
    """Say which models are not compared with one another, and what the tests say of the others.

    Parameters
    ----------
    report : Report
        The results.
    """
    if len(report.models) < 2:
        return []
    apart = [
        f"{name} {_families(compared)}"
        for name, compared in report.comparisons.items()
        if len(compared.families) > 1
    ]
    if not apart:
        return []
    return [
        "Not compared with one another, because they predict other words or from another "
        f"vocabulary: {'; '.join(apart)}. Bits a character compare where no word is unknown."
    ]


def _families(compared: Comparison) -> str:
    """Return the families, and which models are better than others of their own."""
    better = [
        f"{pair.better} is better than {pair.second if pair.better == pair.first else pair.first}"
        for pair in compared.differences
        if pair.significant
    ]
    listed = " / ".join(", ".join(family) for family in compared.families)
    return f"{listed} ({', '.join(better)})" if better else listed
