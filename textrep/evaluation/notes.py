"""What a reader of scores must know: who is best, what the figures rest on, what is absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textrep.evaluation.asked import TEXT_TASKS
from textrep.evaluation.language_notes import not_compared, predicted
from textrep.evaluation.outcome import INTERVALS
from textrep.evaluation.repeats import repeated_pairs
from textrep.evaluation.report import Report
from textrep.evaluation.result import Result
from textrep.evaluation.statistics import CONFIDENCE

__all__ = ["best", "heading", "notes", "told_apart"]

_TITLES = {
    "relatedness": "Relatedness",
    "synonym": "Synonyms",
    "analogy": "Analogies",
    "categorization": "Categorization",
    "outlier": "Outlier detection",
    "relations": "Relations",
    "sts": "Sentence similarity",
    "classification": "Classification",
    "tagging": "Tagging",
    "perplexity": "Language modelling",
}
_METRICS = {
    "spearman": "Spearman's correlation",
    "pearson": "Pearson's correlation",
    "accuracy": "accuracy",
    "purity": "purity",
    "auc": "AUC of related against random words",
    "perplexity": "perplexity",
}
_GROUPS = {
    "analogy": "analogy questions that ask for the same pair",
    "outlier": "outliers of the same set",
    "tagging": "words of the same sentence",
    "perplexity": "sentences of the same document, where that is known,",
}
_NAMED_PAIRS = 2
_TESTED = (
    "by paired tests on the items that all models cover: Williams' t for correlations, McNemar's "
    "for right answers, and a bootstrap that draws items with a word in common together; the "
    "larger p, at 5%, Holm-corrected"
)
_TESTED_LOSSES = (
    "by a paired bootstrap of the difference of mean losses on the sentences that all models "
    "cover, at 5%, Holm-corrected"
)
_POLICIES = {
    "skip": "items with an unknown word are left out",
    "zero": "items with an unknown word count as similarity 0 or as wrong",
    "mean": "the mean vector stands for an unknown word",
    "subwords": "a vector composed from its n-grams stands for an unknown word; where there is "
    "none, the item counts as similarity 0 or as wrong",
}
_TEXT_POLICIES = {
    "skip": "they are left out, and pairs with one of them",
    "zero": "they have a vector of zeros; pairs with one of them count as similarity 0",
}

_TAGGING_POLICIES = {
    "skip": "they are left out",
    "zero": "they are tagged by what is around them alone",
}

_PERPLEXITY_POLICIES = {
    "skip": "predicted as <unk> if the model has it, else left out with their sentences",
    "zero": "predicted as <unk> if the model has it, else left out",
}
_PROBES = {"finetuned": "models trained on"}


def best(report: Report, benchmark: str) -> tuple[str, ...]:
    """Return the models that no other is shown to be better than, if that says anything.

    Parameters
    ----------
    report : Report
        The results.
    benchmark : str
        One that was run.

    Returns
    -------
    tuple of str
        The model with the best score on the items that all cover and those not told apart from it;
        empty where these are all the models, and where some do not compare with one another.
    """
    compared = report.comparisons.get(benchmark) if len(report.models) > 1 else None
    if compared is None or len(compared.families) > 1:
        return ()
    return compared.best if len(compared.best) < len(compared.scores) else ()


def heading(report: Report, task: str) -> str:
    """Return a task's name with its metric and options: "Analogies (accuracy, 3cosadd)"."""
    inside = [result for result in report.results if result.task == task]
    words = [_METRICS[metric] for metric in _distinct(result.metric for result in inside)]
    options = inside[0].outcome.options
    if "method" in options:
        words.append(str(options["method"]))
    if "probe" in options:
        probes = _distinct(str(result.outcome.options["probe"]) for result in inside)
        words.append(" or ".join(_PROBES.get(probe, f"{probe} probe") for probe in probes))
    if options.get("restrict_vocabulary") is not None:
        words.append(f"{options['restrict_vocabulary']:,} most frequent words")
    if any(result.lower_is_better for result in inside):
        words.append("lower is better")
    return f"{_TITLES.get(task, task)} ({', '.join(words)})"


def notes(report: Report) -> list[str]:
    """Return the notes below a table, one paragraph each."""
    paragraphs = [*_policies(report), *_composed(report), _figures(report)]
    paragraphs += [*told_apart(report), *_ties(report), *_repeated(report), *_undefined(report)]
    paragraphs += [f"Not run: {gap.benchmark}. {gap.reason}" for gap in report.missing]
    return paragraphs


def told_apart(report: Report) -> list[str]:
    """Say what "*" means, or that the tests tell nothing apart; nothing where none was made."""
    if len(report.models) < 2:
        return []
    pairs = [pair for compared in report.comparisons.values() for pair in compared.differences]
    if not pairs:
        return []
    losses = [result.metric == "perplexity" for result in report.results]
    tested = _TESTED_LOSSES if all(losses) else _TESTED
    if any(losses) and not all(losses):
        tested = f"{_TESTED}; perplexities {_TESTED_LOSSES}"
    if any(best(report, name) for name in report.benchmarks):
        return [f"* best, or not told apart from the best, {tested}."]
    if any(pair.significant for pair in pairs):
        return [f"Models are compared {tested}."]
    return [f"No benchmark tells any two models apart, {tested}."]


def _policies(report: Report) -> list[str]:
    tagged = [result for result in report.results if result.task == "tagging"]
    running = [result for result in report.results if result.task == "perplexity"]
    others = {*TEXT_TASKS, "tagging", "perplexity"}
    words = [result for result in report.results if result.task not in others]
    texts = [result for result in report.results if result.task in TEXT_TASKS]
    return [
        *_policies_of(words, "Unknown words", _POLICIES),
        *_policies_of(texts, "Texts without a known word", _TEXT_POLICIES),
        *_policies_of(tagged, "Unknown words in running text", _TAGGING_POLICIES),
        *_policies_of(running, "Unknown words of a text to predict", _PERPLEXITY_POLICIES),
        *_folds(texts),
        *_tagging(tagged),
        *predicted(report),
        *not_compared(report),
    ]


def _policies_of(results: Sequence[Result], what: str, policies: Mapping[str, str]) -> list[str]:
    used = _distinct(result.oov for result in results)
    paragraphs = []
    for oov in used:
        names = _distinct(r.benchmark for r in results if r.oov == oov)
        where = f" ({', '.join(names)})" if len(used) > 1 else ""
        paragraphs.append(f"{what}{where}: {oov}, {policies[oov]}.")
    return paragraphs


def _folds(results: Sequence[Result]) -> list[str]:
    """Say which benchmarks are cross-validated."""
    folds = {r.benchmark: r.outcome.options.get("folds") for r in results}
    names: dict[object, list[str]] = {}
    for name, n in folds.items():
        if n is not None:
            names.setdefault(n, []).append(name)
    return [f"Cross-validated in {n} folds: {', '.join(found)}." for n, found in names.items()]


def _tagging(results: Sequence[Result]) -> list[str]:
    """Say what taggers without vectors reach, and models on words that training lacks."""
    paragraphs = []
    for benchmark in _distinct(result.benchmark for result in results):
        inside = [result for result in results if result.benchmark == benchmark]
        alone = inside[0].outcome.secondary
        usual, unseen = (
            _share(alone.get(name)) for name in ("most_frequent_tag", "most_frequent_tag_unknown")
        )
        figures = ", ".join(
            f"{r.model} {_share(r.outcome.secondary.get('unknown'))}" for r in inside
        )
        paragraphs.append(
            f"On words of {benchmark} that its training part lacks: {figures}. The most frequent "
            f"tag of each word, without vectors: {usual}, on words that the training part lacks "
            f"{unseen}."
        )
    return paragraphs


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".removeprefix("0")


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
        "Percentage: items covered."
    )
    if any(average.averaged for average in report.averages()):
        text += " Means count each benchmark the same, over those on which every model has a score."
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


def _repeated(report: Report) -> list[str]:
    """Say which benchmarks ask for a pair more than once."""
    told = []
    for name in report.benchmarks:
        found = repeated_pairs(report.tables.get(name, {}))
        if found.pairs:
            said = [str(len(found.pairs)), f"on {name}"]
            if found.are_words:
                some = [f"{one} and {other}" for one, other in found.pairs[:_NAMED_PAIRS]]
                some += ["…"] if len(found.pairs) > _NAMED_PAIRS else []
                said.append(f"({', '.join(some)})")
            if found.conflicting:
                said.append(f"with different scores for {len(found.conflicting)}")
            told.append(" ".join(said))
    if not told:
        return []
    return [f"Pairs that a benchmark has more than once, each counting: {'; '.join(told)}."]


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
