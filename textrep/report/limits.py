"""What figures of a report cannot say: coverage, size, text and training behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textrep.evaluation import Report
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.cells import percent
from textrep.evaluation.result import n_shared
from textrep.report.models import ModelCard
from textrep.report.words import Name, Sentence, counted, listed, named

__all__ = ["limits"]

_COARSE = 0.2  # a benchmark that misses such a difference of two models says little of them


def limits(
    report: Report, cards: Sequence[ModelCard], groups: Mapping[str, Sequence[str]]
) -> tuple[Sentence, ...]:
    """Return what limits the conclusions, a few sentences at a time; as for `summary`."""
    return (
        *_nothing_shared(report),
        *_low_coverage(report),
        *_ceilings(report),
        *_coarse(report),
        *_texts(report, cards),
        *_zeros(cards),
        *_of_trainings(report, groups),
    )


def _nothing_shared(report: Report) -> list[Sentence]:
    """Say which models leave nothing to compare the others on."""
    if len(report.models) < 2:
        return []
    said: list[Sentence] = []
    covered = {r.benchmark for r in report.results if r.n_covered}
    unknown = [name for name in report.benchmarks if name not in covered]
    if unknown:
        said.append(("No model covers any item of ", *named(unknown), "."))
    for model in report.models:
        mine = [
            r for r in report.results
            if r.model == model and r.benchmark in covered and not r.outcome.reason
        ]  # fmt: skip
        empty = [r.benchmark for r in mine if r.n_items and not r.n_covered]
        if empty:
            where = (
                "any benchmark"
                if len(empty) == len(mine)
                else f"{len(empty)} of {len(mine)} benchmarks"
            )
            said.append(
                (Name(model), f" covers no item of {where}. Models are compared on the items that "
                 "all cover, so there they are not compared: leave it out to compare the others.")
            )  # fmt: skip
    none_empty = [
        name for name in report.benchmarks
        if all(r.n_covered for r in report.of(name)) and not n_shared(report.of(name))
    ]  # fmt: skip
    if none_empty:
        said.append(("No item is covered by all models, so that nothing is compared, on ",
                     *named(none_empty), "."))  # fmt: skip
    return said


def _low_coverage(report: Report) -> list[Sentence]:
    """Say where scores rest on less than half of the items."""
    told: list[Sentence] = []
    for name in report.benchmarks:
        results = report.of(name)
        shared, n_items = n_shared(results), results[0].n_items
        if shared and 2 * shared < n_items:
            told.append((Name(name), f" ({percent(shared, n_items)})"))
    if not told:
        return []
    by = " by all models" if len(report.models) > 1 else ""
    covered = f"Less than half of the items are covered{by} on "
    return [(covered, *listed(told), ": scores there say little about the others.")]


def _ceilings(report: Report) -> list[Sentence]:
    """Say whether models reach what people reach."""
    known = [name for name in report.benchmarks if report.of(name)[0].human_ceiling is not None]
    if not known:
        return []
    reached: list[Sentence] = []
    for name in known:
        models = [
            r.model for r in report.of(name)
            if r.estimate.high is not None and r.estimate.high >= (r.human_ceiling or 0.0)
        ]  # fmt: skip
        if models:
            reached.append((Name(name), " (", *named(models), ")"))
    of = counted(len(known), "benchmark")
    if not reached:
        return [(f"No model's interval reaches what people reach, on any of the {of} where that "
                 "was measured.",)]  # fmt: skip
    return [(f"Of {of} where it was measured what people reach, intervals of models reach it on ",
             *listed(reached), ".")]  # fmt: skip


def _coarse(report: Report) -> list[Sentence]:
    """Say which benchmarks would miss large differences."""
    coarse: list[Sentence] = [
        (Name(name), f" ({decimals(compared.detectable)})")
        for name, compared in report.comparisons.items()
        if compared.detectable is not None
        and compared.detectable > _COARSE
        and not compared.lower_is_better
    ]
    if not coarse:
        return []
    return [("Too small to tell much: two models must differ by more than "
             f"{decimals(_COARSE)[:2]} to be told apart, 4 times in 5, on ", *listed(coarse),
             ".")]  # fmt: skip


def _texts(report: Report, cards: Sequence[ModelCard]) -> list[Sentence]:
    """Say whether the models learnt from the same text, and know the same words."""
    if len(cards) < 2:
        return []
    unknown = [card.name for card in cards if not card.fingerprint]
    fingerprints = {card.fingerprint for card in cards} - {""}
    said: list[Sentence] = []
    if len(fingerprints) > 1:
        said.append((f"The models learnt from {len(fingerprints)} different corpora: differences "
                     "are of texts as well as of methods.",))  # fmt: skip
    elif fingerprints and not unknown:
        said.append(("All models learnt from the same corpus.",))
    if unknown:
        said.append(("What text they learnt from is not known of ", *named(unknown), "."))
    sizes = [card.n_words for card in cards]
    if min(sizes) != max(sizes):
        compare = "compare scores on shared items"
        if set(report.tasks) == {"perplexity"}:
            compare = "perplexities do not compare between them"
        said.append((f"Their vocabularies differ, from {min(sizes):,} to {max(sizes):,} words: "
                     f"{compare}.",))  # fmt: skip
    return said


def _zeros(cards: Sequence[ModelCard]) -> list[Sentence]:
    empty = [card.name for card in cards if 0 < card.n_words == card.n_zero]
    said: list[Sentence] = []
    if empty:
        said.append(("All vectors are zeros, so that no word is near another, of ", *named(empty),
                     "."))  # fmt: skip
    return said + [
        (Name(card.name), f" has {counted(card.n_zero, 'word')} of {card.n_words:,} with a vector "
         "of zeros, whose similarities are 0.")
        for card in cards if 0 < card.n_zero < card.n_words
    ]  # fmt: skip


def _of_trainings(report: Report, groups: Mapping[str, Sequence[str]]) -> list[Sentence]:
    if len(report.models) < 2:
        return [("With one model there is nothing to compare; name several to have tests.",)]
    if groups:
        members = {model for group in groups.values() for model in group}
        alone = [model for model in report.models if model not in members]
        said: list[Sentence] = [
            ("Intervals say what other items would change, the spread over seeds what another seed "
             "would; neither says what another text would.",)
        ]  # fmt: skip
        if alone:
            said.append(("There is one training of ", *named(alone), ": beside a method with seeds "
                         "it is tested as if its own varied as much, beside others by items "
                         "alone.",))  # fmt: skip
        return said
    return [("Intervals and tests say what other items would change, not what another seed or "
             "another text would.",)]  # fmt: skip
