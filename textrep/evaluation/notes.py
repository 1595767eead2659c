"""What a reader of scores must know: who is best, what the figures rest on, what is absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textrep.evaluation.outcome import INTERVALS
from textrep.evaluation.report import Report, Result
from textrep.evaluation.statistics import CONFIDENCE

__all__ = ["best", "heading", "notes"]

_TITLES = {
    "relatedness": "Relatedness",
    "synonym": "Synonyms",
    "analogy": "Analogies",
    "categorization": "Categorization",
    "outlier": "Outlier detection",
    "relations": "Relations",
}
_METRICS = {
    "spearman": "Spearman's correlation",
    "pearson": "Pearson's correlation",
    "accuracy": "accuracy",
    "purity": "purity",
    "auc": "AUC of related against random words",
}
_GROUPS = {
    "analogy": "analogy questions that ask for the same pair",
    "outlier": "outliers of the same set",
}
_POLICIES = {
    "skip": "items with an unknown word are left out",
    "zero": "items with an unknown word count as similarity 0 or as wrong",
    "mean": "the mean vector stands for an unknown word",
    "subwords": "a vector composed from its n-grams stands for an unknown word; where there is "
    "none, the item counts as similarity 0 or as wrong",
}


def best(results: Sequence[Result]) -> str | None:
    """Return the model that is better than all others on one benchmark, if there is one.

    Models are compared on the items that all of them cover. The best one is named only if its 95%
    interval lies above that of every other model. This is stricter than a paired test, so two
    models whose intervals overlap may still differ.

    Parameters
    ----------
    results : sequence of Result
        One benchmark's, one a model.

    Returns
    -------
    str or None
        None where there is one model only, or the intervals overlap, or one is not defined.
    """
    intervals = [
        (result.on_shared.low, result.on_shared.high, result.model)
        for result in results
        if result.on_shared.low is not None and result.on_shared.high is not None
    ]
    if len(results) < 2 or len(intervals) < len(results):
        return None
    low, _, model = max(intervals)
    others = [high for _, high, other in intervals if other != model]
    return model if low > max(others) else None


def heading(report: Report, task: str) -> str:
    """Return a task's name with its metric and options: "Analogies (accuracy, 3cosadd)"."""
    inside = [result for result in report.results if result.task == task]
    words = [_METRICS[metric] for metric in _distinct(result.metric for result in inside)]
    options = inside[0].outcome.options
    if "method" in options:
        words.append(str(options["method"]))
    if options.get("restrict_vocabulary") is not None:
        words.append(f"{options['restrict_vocabulary']:,} most frequent words")
    return f"{_TITLES.get(task, task)} ({', '.join(words)})"


def notes(report: Report) -> list[str]:
    """Return the notes below a table, one paragraph each."""
    paragraphs = [*_policies(report), *_composed(report), _figures(report)]
    if len(report.models) > 1:
        if any(best(report.of(name)) for name in report.benchmarks):
            paragraphs.append(
                "* best: on the items that all models cover, its interval lies above every other "
                "model's. No mark: the intervals overlap, so the models count as tied."
            )
        else:
            paragraphs.append(
                "No model is marked best: on no benchmark does an interval lie above all others."
            )
    paragraphs += [*_ties(report), *_undefined(report)]
    paragraphs += [f"Not run: {gap.benchmark}. {gap.reason}" for gap in report.missing]
    return paragraphs


def _policies(report: Report) -> list[str]:
    used = _distinct(result.oov for result in report.results)
    paragraphs = []
    for oov in used:
        names = _distinct(r.benchmark for r in report.results if r.oov == oov)
        where = f" ({', '.join(names)})" if len(used) > 1 else ""
        paragraphs.append(f"Unknown words{where}: {oov}, {_POLICIES[oov]}.")
    return paragraphs


def _composed(report: Report) -> list[str]:
    answered = [
        f"{r.n_composed} of {r.n_items} on {r.benchmark} ({r.model})"
        for r in report.results
        if r.n_composed
    ]
    if not answered:
        return []
    return [f"Items answered with composed vectors, which are not covered: {', '.join(answered)}."]


def _figures(report: Report) -> str:
    metrics = _distinct(result.metric for result in report.results)
    methods = "; ".join(f"{INTERVALS[metric]} for {_METRICS[metric]}" for metric in metrics)
    tasks = _distinct(r.task for r in report.results if r.outcome.items.groups is not None)
    groups = " and ".join(_GROUPS[task] for task in tasks if task in _GROUPS)
    grouped = f", {groups} as one" if groups else ""
    text = (
        f"± half of the {CONFIDENCE:.0%} interval: {methods}; items taken as independent"
        f"{grouped}. "
        "Percentage: items covered. Means count each benchmark the same, over those on which "
        "every model has a score."
    )
    if any(r.n_covered != r.on_shared.n for r in report.results):
        text += " Shared: the items that all models cover."
    return text


def _ties(report: Report) -> list[str]:
    tied = [
        f"{r.outcome.ties} of {r.n_items} on {r.benchmark} ({r.model})"
        for r in report.results
        if r.outcome.ties
    ]
    return [f"Ties for the best option, counted as wrong: {', '.join(tied)}."] if tied else []


def _undefined(report: Report) -> list[str]:
    """Say why there is no score, once for each model and reason."""
    where: dict[tuple[str, str], list[str]] = {}
    for result in report.results:
        if result.score is None:
            key = (result.model, result.estimate.reason)
            where.setdefault(key, []).append(result.benchmark)
    return [
        f"No score for {model} on {', '.join(names)}: {reason}."
        for (model, reason), names in where.items()
    ]


def _distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
