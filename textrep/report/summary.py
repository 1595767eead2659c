"""The results in words: what the tests tell apart, and what the figures cannot say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textrep.evaluation import Comparison, Difference, Report
from textrep.evaluation.cells import number as decimals
from textrep.evaluation.notes import heading
from textrep.report.limits import limits
from textrep.report.models import ModelCard
from textrep.report.words import Name, Sentence, counted, listed, named

__all__ = ["summary"]

_NAMED = 3  # models; more of them are only counted


def summary(
    report: Report,
    cards: Sequence[ModelCard],
    groups: Mapping[str, Sequence[str]],
    methods: Mapping[str, Comparison],
) -> tuple[Sentence, ...]:
    """Return what the report shows, a few sentences at a time.

    Parameters
    ----------
    report : Report
        The scores.
    cards : sequence of ModelCard
        What is known of the models.
    groups : mapping of str to sequence of str
        Models that differ in their seed alone, by the name of the method.
    methods : mapping of str to Comparison
        What each benchmark tells of methods, where there are groups; conclusions then rest on it.

    Returns
    -------
    tuple of Sentence
        First the tasks one by one, then what limits the conclusions. "Better" and "worse" are
        said of differences that the paired tests find, after Holm's correction; never of scores
        that only look different.
    """
    return (
        _scope(report),
        *_seeds(report, groups, methods),
        *(
            sentence
            for task in report.tasks
            for sentence in _task(report, methods or report.comparisons, task)
        ),
        *limits(report, cards, groups),
    )


def _scope(report: Report) -> Sentence:
    models = counted(len(report.models), "model")
    said = f"{models} on {counted(len(report.benchmarks), 'benchmark')}"
    if len(report.tasks) > 1:
        said += f" of {len(report.tasks)} tasks"
    missing = [gap.benchmark for gap in report.missing]
    if missing:
        return (f"{said}. Not run, as the notes say why: ", *named(missing), ".")
    return (f"{said}.",)


def _seeds(
    report: Report, groups: Mapping[str, Sequence[str]], methods: Mapping[str, Comparison]
) -> list[Sentence]:
    """Say which models are one method, and what it takes to be a better one."""
    if not groups:
        return []
    told: list[Sentence] = [
        (Name(name), f" ({counted(len(members), 'seed')})") for name, members in groups.items()
    ]
    counts = "counts as one method" if len(groups) == 1 else "count as one method each"
    said = ("Models that differ in their seed alone: ", *listed(told), f", which {counts}. ")
    members = {model for group in groups.values() for model in group}
    if len(groups) == 1 and members == set(report.models):
        return [(*said, "There is no other to compare with; the spread is below.")]
    rule = "A method is called better where both the items and the seeds say so."
    return [(*said, rule)]


def _task(report: Report, comparisons: Mapping[str, Comparison], task: str) -> list[Sentence]:
    """Say who leads on a task, and which of the others the tests tell from the leader."""
    title = heading(report, task).partition(" (")[0]
    names = [name for name in report.benchmarks if report.of(name)[0].task == task]
    compared = [
        comparisons[name]
        for name in names
        if name in comparisons and len(comparisons[name].scores) > 1
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
