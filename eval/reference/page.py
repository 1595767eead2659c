"""The page about the results: Markdown, made of nothing but the files in ``eval/results``."""

from __future__ import annotations

from collections.abc import Sequence

from textrep import recipes

from .choice import Chooser
from .markdown import table
from .plan import CorpusPlan, Plan
from .sections import Sections
from .store import Store

__all__ = ["page"]

_HEAD = """\
<!-- Made by `python -m eval.reference` from the files beside it: change those, not this. -->

# Reference results

Every representation on the same text, with default and with tuned parameters. `make reference`
makes them, and this page; [how and what is measured](../reference/README.md), and
[the plan](../reference/plan.toml). A file a run, with all parameters, versions, the corpus's
fingerprint and the command, is in the folder of its corpus. Seconds in them are of a machine that
did other work besides, and say nothing about speed.

Parameters were chosen on the development half of the items alone. **Unless a column says otherwise,
scores are of the other half, the test half**, on the items whose words the model knows; a task's
score is the mean of its benchmarks, and the mean is that of the tasks. With several seeds: their
mean, and in brackets the lowest and the highest.
"""


def page(plan: Plan, store: Store) -> str:
    """Return the page about what is there.

    Parameters
    ----------
    plan : Plan
        What there should be.
    store : Store
        What there is.

    Returns
    -------
    str
        Markdown; it says what of the plan has not been made.
    """
    chooser = Chooser(plan, store.lookup)
    sections = {corpus.name: Sections(plan, store, chooser, corpus) for corpus in plan.corpora}
    there = [corpus for corpus in plan.corpora if sections[corpus.name].rows()]
    there.sort(key=lambda corpus: sections[corpus.name].n_tokens())
    lines = [_HEAD, *_missing(plan, sections)]
    if there:
        lines += ["## Size of the text", "", *_sizes(plan, there, sections), ""]
    for corpus in reversed(there):
        lines += sections[corpus.name].lines()
    return "\n".join(lines).rstrip() + "\n"


def _missing(plan: Plan, sections: dict[str, Sections]) -> list[str]:
    """Say what of the plan is not there."""
    gaps = [(corpus.name, sections[corpus.name].missing()) for corpus in plan.corpora]
    texts = [f"{name}: {', '.join(missing)}" for name, missing in gaps if missing]
    if not texts:
        return []
    return ["Of the plan, these have not been made or not to the end:", ""] + [
        f"- {text}" for text in texts
    ] + [""]  # fmt: skip


def _sizes(plan: Plan, corpora: Sequence[CorpusPlan], sections: dict[str, Sections]) -> list[str]:
    """Return the table of all corpora: each model's mean on covered items, and on all."""
    chosen = [sections[corpus.name] for corpus in corpora]
    head = ["", *(f"{section.n_tokens() / 1e6:.1f}M" for section in chosen)]
    rows = [
        ["words", *(f"{section.n_words():,}" for section in chosen)],
        ["items covered", *(f"{section.coverage():.0%}" for section in chosen)],
    ]
    names = dict.fromkeys(row.name for section in chosen for row in section.rows())
    rows += [[name, *(section.mean(name) for section in chosen)] for name in names]
    rows += [
        [f"{name}, all items", *(section.mean(name, on_all=True) for section in chosen)]
        for name in names
    ]
    tasks = dict.fromkeys(recipes.benchmark_recipe(name).task for name in plan.benchmarks)
    note = (
        f"Mean of the tasks ({', '.join(tasks)}). Larger texts cover more and rarer words, so the "
        "upper rows are not of the same items. In the lower ones they are: an item with an unknown "
        "word has the similarity 0 or counts as wrong, and a correlation that is not defined is 0."
    )
    return [*table(head, rows), "", note]
