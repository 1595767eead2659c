"""Recipes and tables that need no files."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from textrep.data import Table
from textrep.errors import DataError
from textrep.recipes import BenchmarkRecipe


def recipe(name, task, **fields):
    """A recipe with only what the evaluation reads; the rest is empty."""
    metrics = {"relatedness": "spearman", "categorization": "purity", "relations": "auc"}
    metrics["sts"] = "spearman"
    metric = metrics.get(task, "accuracy")
    empty = {field.name: "" for field in dataclasses.fields(BenchmarkRecipe)}
    known = {"name": name, "task": task, "metric": metric, "oov": "skip", "lowercase": False}
    known |= {"human_ceiling": None, "citation": f"{name} et al."}
    return BenchmarkRecipe(**(empty | known | fields))


def install(monkeypatch, tables, suites=None, recipes=()):
    """Let the recipes be found, and their tables be these; one without a table is missing."""
    found = {item.name: item for item in recipes}

    def table(item):
        if item.name not in tables:
            raise DataError(f"The data of {item.name!r} are not at hand.")
        return Table(tables[item.name], Path(f"{item.name}.tsv"), f"sum of {item.name}")

    monkeypatch.setattr("textrep.recipes.benchmark_recipes", lambda: found)
    monkeypatch.setattr("textrep.recipes.suites", lambda: suites or {"words": tuple(found)})
    monkeypatch.setattr("textrep.data.table", table)
