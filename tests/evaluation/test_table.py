import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep import recipes
from textrep.evaluation import Missing, Report, Result, render, to_markdown
from textrep.evaluation.notes import best
from textrep.evaluation.outcome import Items, Outcome
from textrep.evaluation.statistics import Estimate


def result(model, value, half=0.02, *, benchmark="ws353", covered=353, shared=None, **more):
    """A made-up result: its figures are about what its items would give."""
    n = 353
    random = np.random.default_rng(sum(map(ord, model)))
    gold, noise = np.random.default_rng(0).normal(size=n), random.normal(size=n)
    r = value or 0.0
    items = Items(np.arange(n) < covered, r * gold + np.sqrt(1 - r * r) * noise, gold)
    fields = {"metric": "spearman", "oov": "skip"} | more
    task = fields.pop("task", "relatedness")
    estimate = (
        Estimate(None, n=0, reason="no pair is covered")
        if value is None
        else Estimate(value, value - half, value + half, covered)
    )
    on_shared = Estimate(
        estimate.value, estimate.low, estimate.high, covered if shared is None else shared
    )
    return Result(
        benchmark=benchmark,
        task=task,
        model=model,
        outcome=Outcome(items=items, **fields),
        on_covered=estimate,
        on_all=estimate,
        on_shared=on_shared,
    )


def report(*results, missing=()):
    models = dict.fromkeys(result.model for result in results)
    return Report(tuple(models), results, tuple(missing))


def text(*results, **more):
    return "\n".join(render(report(*results, **more)))


def line(rendered, start):
    return next(line for line in rendered.split("\n") if line.strip().startswith(start))


def test_a_cell_is_score_half_interval_and_coverage():
    rendered = text(result("svd", 0.6704, 0.0561, covered=352))
    assert line(rendered, "ws353").split() == ["ws353", ".670", "±.056", "99%"]
    assert "svd" in rendered.split("\n")[0]
    assert "Relatedness (Spearman's correlation)" in rendered
    assert "Unknown words: skip" in rendered
    assert "95% interval: Fisher z" in " ".join(rendered.split())
    assert "mean of" not in rendered


@pytest.mark.parametrize(
    ("covered", "shown"), [(353, "100%"), (352, "99%"), (1, "<1%"), (0, "0%"), (4, "1%")]
)
def test_coverage_is_rounded_down(covered, shown):
    assert line(text(result("m", 0.5, covered=covered)), "ws353").split()[-1] == shown


def test_negative_and_perfect_scores():
    assert "-.120" in line(text(result("m", -0.12)), "ws353")
    assert "1.000" in line(text(result("m", 1.0)), "ws353")


def test_best_are_those_not_told_apart_from_the_best_if_others_are():
    apart = report(result("a", 0.6), result("b", 0.9), result("c", 0.89), result("d", 0.1))
    assert set(best(apart, "ws353")) == {"b", "c"}
    tied = report(result("a", 0.60), result("b", 0.62))
    assert best(tied, "ws353") == ()
    assert best(report(result("a", 0.6)), "ws353") == ()
    assert best(report(result("a", 0.6), result("b", None)), "ws353") == ()


def test_best_is_marked_and_explained():
    rendered = text(result("a", 0.60), result("b", 0.95))
    assert line(rendered, "ws353").split() == [
        "ws353",
        ".600",
        "±.020",
        "100%",
        ".950*±.020",
        "100%",
    ]
    assert "* best" in rendered
    tied = text(result("a", 0.60), result("b", 0.61))
    assert "*" not in tied
    assert "No benchmark tells any two models apart" in " ".join(tied.split())
    assert "best" not in text(result("a", 0.60))


def test_models_that_cover_different_items_get_a_shared_row():
    rows = [result("a", 0.5, covered=353, shared=340), result("b", 0.6, covered=340, shared=340)]
    rendered = text(*rows)
    assert line(rendered, "on 340").split() == [
        "on",
        "340",
        "shared",
        ".500",
        "±.020",
        ".600",
        "±.020",
    ]
    assert "Shared: the items that all models cover" in " ".join(rendered.split())
    assert "shared" not in text(result("a", 0.5), result("b", 0.6)).lower()


def test_means_of_models_that_cover_different_items_are_also_on_shared_items():
    rows = [result("a", 0.5, shared=340), result("b", 0.6, covered=340, shared=340)]
    rows += [result(name, 0.7, benchmark="rg65") for name in ("a", "b")]
    rendered = text(*rows)
    assert line(rendered, "mean of 2, shared").split()[-2:] == [".600", ".650"]
    assert "| mean of 2, shared |  | .600 | .650 |" in to_markdown(report(*rows))


def test_no_score_has_its_reason_below():
    rendered = text(result("a", 0.5), result("b", None, covered=0, shared=0))
    assert line(rendered, "ws353").split()[-2:] == ["-", "0%"]
    assert "No score for b on ws353: no pair is covered." in rendered


def test_means_are_over_benchmarks_that_every_model_has_scores_on():
    rows = [result(name, value) for name, value in (("a", 0.5), ("b", 0.3))]
    rows += [result(name, value, benchmark="rg65") for name, value in (("a", 0.7), ("b", 0.5))]
    assert line(text(*rows), "mean of 2").split() == ["mean", "of", "2", ".600", ".400"]
    rows += [result(name, value, benchmark="men") for name, value in (("a", 0.9), ("b", None))]
    assert line(text(*rows), "mean of 2").split() == ["mean", "of", "2", ".600", ".400"]
    none = [result("a", None), result("a", None, benchmark="rg65")]
    assert line(text(*none), "mean of 0").split()[-1] == "-"


def test_missing_benchmarks_ties_and_mixed_policies_are_told():
    rendered = text(
        result("a", 0.5),
        result("a", 0.7, benchmark="wbst", metric="accuracy", task="synonym", oov="zero", ties=12),
        missing=[Missing("google", "The data are not at hand.")],
    )
    flat = " ".join(rendered.split())
    assert "Not run: google. The data are not at hand." in flat
    assert "12 of 353 on wbst (a)" in flat
    assert "Unknown words (ws353): skip" in flat
    assert "Unknown words (wbst): zero" in flat
    assert "Synonyms (accuracy)" in rendered
    assert "Wilson (1927) for accuracy" in flat


def test_analogy_options_are_in_the_heading():
    options = {"method": "3cosmul", "restrict_vocabulary": 30000}
    rendered = text(result("a", 0.4, metric="accuracy", task="analogy", options=options))
    assert "Analogies (accuracy, 3cosmul, 30,000 most frequent words)" in rendered
    assert "the same pair as one" not in rendered


def test_grouped_items_are_told():
    rendered = text(with_groups(result("a", 0.4, metric="accuracy", task="analogy")))
    assert "analogy questions that ask for the same pair as one" in " ".join(rendered.split())


def with_groups(plain):
    items = dataclasses.replace(plain.outcome.items, groups=np.zeros(353, dtype=np.int64))
    return dataclasses.replace(plain, outcome=dataclasses.replace(plain.outcome, items=items))


def test_every_task_has_a_heading_and_says_how_its_interval_is_made():
    results = [
        result("a", 0.5, benchmark=task, task=task, metric=metric)
        for task, kind in recipes.TASKS.items()
        for metric in kind.metrics[:1]
    ]
    rendered = text(*results)
    assert "Categorization (purity)" in rendered
    assert "Outlier detection (accuracy)" in rendered
    assert "Relations (AUC of related against random words)" in rendered
    flat = " ".join(rendered.split())
    assert "Wilson (1927), the clusters as given, for purity" in flat
    assert "Student's t (1908) over the concepts for AUC of related against random words" in flat
    assert max(map(len, rendered.split("\n"))) <= 80


def test_groups_of_several_tasks_are_told_together():
    tasks = {"analogy": "accuracy", "outlier": "accuracy", "relations": "auc"}
    results = [
        with_groups(result("a", 0.4, benchmark=task, task=task, metric=metric))
        for task, metric in tasks.items()
    ]
    flat = " ".join(text(*results).split())
    assert (
        "independent, analogy questions that ask for the same pair and outliers of the same set "
        "as one."
    ) in flat
    # The interval of the AUC says itself that it is over the concepts.
    assert "independent. " in " ".join(text(results[2]).split())


def test_many_models_go_to_several_blocks():
    names = [f"model-{number}" for number in range(7)]
    rendered = text(*(result(name, 0.5) for name in names))
    assert sum(row.strip().startswith("ws353") for row in rendered.split("\n")) == 3
    heads = [row.split() for row in rendered.split("\n") if "model-" in row]
    assert [name for row in heads for name in row] == names


def test_long_names_become_numbers_with_a_legend():
    long = "runs/general-en/svd-200-window-5-p-0"
    rendered = text(result(long, 0.5), result("short", 0.4))
    assert rendered.split("\n")[0].split() == ["[1]", "[2]"]
    assert f"[1] {long}" in rendered
    assert "[2] short" in rendered


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(48, 140),
    names=st.lists(
        st.text(st.characters(codec="ascii"), min_size=1, max_size=60),
        min_size=1,
        max_size=9,
        unique=True,
    ),
    benchmark=st.text(st.characters(codec="ascii"), min_size=1, max_size=60),
)
def test_no_line_is_wider_than_asked_and_no_control_character_gets_through(width, names, benchmark):
    results = [
        result(name, 0.5 + i / 20, benchmark=benchmark, covered=353 - i, shared=300)
        for i, name in enumerate(names)
    ]
    lines = render(report(*results, missing=[Missing(benchmark, "No " + "data" * 40)]), width)
    assert max(map(len, lines)) <= width
    assert all(row.isprintable() for row in lines)


def test_the_narrowest_width():
    rows = report(result("a", 0.5), result("b", 0.6))
    assert render(rows, 10) == render(rows, 48)
    assert max(map(len, render(rows, 10))) > 10


def test_markdown():
    rendered = to_markdown(
        report(
            result("a|b", 0.5, covered=353, shared=340),
            result("<c>", 0.65, covered=340, shared=340),
            result("a|b", 0.4, benchmark="rg65"),
            result("<c>", 0.45, benchmark="rg65"),
            missing=[Missing("google", "Not\nat hand.")],
        )
    )
    rows = [row for row in rendered.split("\n") if row.startswith("|")]
    assert rows[0] == "| benchmark | items | a\\|b | &lt;c> |"
    assert "| ws353 | 353 | .500 ±.020 100% | .650*±.020 96% |" in rows
    assert "| ws353, shared items | 340 | .500 ±.020 | .650 ±.020 |" in rows
    assert "| mean of 2 |  | .450 | .550 |" in rows
    assert "- Not run: google. Not?at hand." in rendered
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1
