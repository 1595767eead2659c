"""The results in words: what the tests tell apart, and what the figures cannot say."""

from __future__ import annotations

from collections.abc import Sequence

from textrep.evaluation import Comparison, Difference, Report
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.cells import percent
from textrep.evaluation.notes import heading
from textrep.evaluation.result import n_shared
from textrep.report.models import ModelCard
from textrep.report.words import Name, Sentence, listed, named

__all__ = ["summary"]

_NAMED = 3  # models; more of them are only counted
_COARSE = 0.2  # a benchmark that misses such a difference of two models says little of them


def summary(report: Report, cards: Sequence[ModelCard]) -> tuple[Sentence, ...]:
    """Return what the report shows, a few sentences at a time.

    Parameters
    ----------
    report : Report
        The scores.
    cards : sequence of ModelCard
        What is known of the models.

    Returns
    -------
    tuple of Sentence
        First the tasks one by one, then what limits the conclusions. "Better" and "worse" are
        said of differences that the paired tests find, after Holm's correction; never of scores
        that only look different.
    """
    return (
        _scope(report),
        *(sentence for task in report.tasks for sentence in _task(report, task)),
        *_nothing_shared(report),
        *_low_coverage(report),
        *_ceilings(report),
        *_coarse(report),
        *_texts(report, cards),
        *_zeros(cards),
        *_one_training(report),
    )


def _scope(report: Report) -> Sentence:
    models = _count(len(report.models), "model")
    said = f"{models} on {_count(len(report.benchmarks), 'benchmark')}"
    if len(report.tasks) > 1:
        said += f" of {len(report.tasks)} tasks"
    missing = [gap.benchmark for gap in report.missing]
    if missing:
        return (f"{said}. Not run, as the notes say why: ", *named(missing), ".")
    return (f"{said}.",)


def _task(report: Report, task: str) -> list[Sentence]:
    """Say who leads on a task, and which of the others the tests tell from the leader."""
    title = heading(report, task).partition(" (")[0]
    names = [name for name in report.benchmarks if report.of(name)[0].task == task]
    compared = [
        report.comparisons[name]
        for name in names
        if name in report.comparisons and len(report.comparisons[name].scores) > 1
    ]
    if not compared:
        return []
    lower = report.of(names[0])[0].lower_is_better  # without a mean over benchmarks, too
    if len(compared) == 1 or lower:
        best = "lowest perplexity" if lower else "highest score"
        return [
            (f"{title}: on ", Name(one.benchmark), ", ", *said)
            for one in compared
            for said in _families(one, best)
        ]
    return [(f"{title}: ", *_several(compared))]


def _families(compared: Comparison, best: str) -> list[Sentence]:
    """Say what one benchmark tells apart, of each family of models that compare."""
    several = [family for family in compared.families if len(family) > 1]
    if not several:
        return [("no two models predict the same words from the same vocabulary, so that none are "
                 "compared.",)]  # fmt: skip
    of = len(compared.families) > 1
    return [
        (*(("of those that compare, ",) if of else ()), *_single(compared, family, best))
        for family in several
    ]


def _single(compared: Comparison, family: Sequence[str], best: str) -> Sentence:
    """Say what one benchmark tells apart of the models of a family, from the best to the worst."""
    leader = family[0]
    tied = [model for model in family[1:] if model in compared.best]
    beaten = [model for model in family if model not in compared.best]
    has = (Name(leader), f" has the {best}, {decimals(compared.scores[leader])}")
    if not beaten:
        return (*has, ", and no other model is told apart from it.")
    others = named(beaten) if len(beaten) <= _NAMED else (f"the other {len(beaten)}",)
    if not tied:
        return (*has, ", and is better than ", *others, ".")
    verb = "is" if len(tied) == 1 else "are"
    apart = (*named(tied), f" {verb} not told apart from it")
    return (*has, "; ", *apart, "; it is better than ", *others, ".")


def _several(compared: Sequence[Comparison]) -> Sentence:
    """Say what several benchmarks tell apart."""
    n = len(compared)
    everywhere = [m for m in compared[0].scores if all(m in c.scores for c in compared)]
    if not everywhere:
        return ("no model has a score on every benchmark.",)
    means = {m: sum(c.scores[m] for c in compared) / n for m in everywhere}
    leader = max(everywhere, key=lambda model: means[model])
    untold = sum(not any(d.significant for d in c.differences) for c in compared)
    unbeaten = sum(all(d.better == leader for d in _told(c, leader)) for c in compared)
    every = {m for c in compared for m in c.scores}
    among = " of the models that have a score on all" if len(every) > len(everywhere) else ""
    said: list[str | Name] = [
        Name(leader),
        f" has the highest mean{among}, {decimals(means[leader])}, on the items that all cover of "
        f"{n} benchmarks",
    ]
    if untold == n:
        return (*said, "; but none of them tells any two models apart.")
    said.append(f"; on {unbeaten} of {n} no model is shown to be better than it. ")
    others = [m for m in dict.fromkeys(m for c in compared for m in c.scores) if m != leader]
    told = {other: _against(leader, other, compared) for other in others}
    alike = [other for other, sentence in told.items() if not sentence]
    if len(alike) < len(others):
        said += ["Against ", *_by_semicolons([one for one in told.values() if one]), ". "]
    if alike:
        said += ["No benchmark tells it from ", *named(alike), ". "]
    if untold:
        verb = "tells" if untold == 1 else "tell"
        said.append(f"{untold} of the {n} {verb} no two models apart.")
    return (*said[:-1], str(said[-1]).rstrip())


def _against(leader: str, other: str, compared: Sequence[Comparison]) -> Sentence:
    """Say how often the tests tell the leader from one other model; nothing where they do not."""
    told = [d for c in compared for d in _told(c, leader) if other in (d.first, d.second)]
    wins = sum(d.better == leader for d in told)
    losses = len(told) - wins
    if not wins and not losses:
        return ()
    counts = [f"{what} on {n}" for what, n in (("better", wins), ("worse", losses)) if n]
    return (Name(other), f": {', '.join(counts)}")


def _told(compared: Comparison, model: str) -> list[Difference]:
    """Return the differences from one model that the tests find."""
    return [d for d in compared.differences if d.significant and model in (d.first, d.second)]


def _by_semicolons(parts: Sequence[Sentence]) -> Sentence:
    """Return parts that have commas in them, one after the other."""
    joined: list[str | Name] = []
    for place, part in enumerate(parts):
        joined += [*(["; "] if place else []), *part]
    return tuple(joined)


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
    of = _count(len(known), "benchmark")
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
        and not report.of(name)[0].lower_is_better
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
    return [
        (Name(card.name), f" has {_count(card.n_zero, 'word')} of {card.n_words:,} with a vector "
         "of zeros, whose similarities are 0.")
        for card in cards if card.n_zero
    ]  # fmt: skip


def _one_training(report: Report) -> list[Sentence]:
    if len(report.models) < 2:
        return [("With one model there is nothing to compare; name several to have tests.",)]
    return [("Intervals and tests say what other items would change, not what another seed or "
             "another text would.",)]  # fmt: skip


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
