"""Reports on made-up models and benchmarks, small enough to know what they must say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from evaluation.fakes import install, recipe

from textrep.evaluation import evaluate
from textrep.report.contents import gather
from textrep.vectors import WordVectors

HOSTILE = ["<script>alert(1)</script>", '"quoted"', "שלום", "&amp;", "a'b", "\u202ereversed"]
WORDS = [*HOSTILE, *(f"w{number}" for number in range(60))]
COUNTS = np.arange(len(WORDS), 0, -1) * 10


def vectors(seed=0, noise=0.0, words=WORDS):
    """Vectors that are the same for each word but for noise that a seed draws."""
    base = np.random.default_rng(100).normal(size=(len(WORDS), 8))
    base += noise * np.random.default_rng(seed).normal(size=base.shape)
    rows = [WORDS.index(word) if word in WORDS else 0 for word in words]
    return WordVectors(list(words), base[rows].astype(np.float32), COUNTS[rows])


def pairs(n=200, seed=2):
    """Pairs that the vectors without noise rank as people do."""
    random = np.random.default_rng(seed)
    ones, others = random.choice(WORDS, n), random.choice(WORDS, n)
    truth = vectors().similarities(list(ones), list(others))
    return {
        "word1": list(map(str, ones)),
        "word2": list(map(str, others)),
        "score": [f"{value:.6f}" for value in truth],
    }


def synonyms(n=80, seed=3):
    """Questions whose right option is the nearest one to vectors without noise."""
    random = np.random.default_rng(seed)
    rows = [random.choice(len(WORDS), 5, replace=False) for _ in range(n)]
    model = vectors()
    columns = {"question": [], "options": [], "correct": []}
    for question, *options in rows:
        words = [WORDS[option] for option in options]
        found = model.similarities([WORDS[question]] * 4, words)
        columns["question"].append(WORDS[question])
        columns["options"].append("|".join(words))
        columns["correct"].append(str(int(found.argmax()) + 1))
    return columns


TABLES = {"pairs": pairs(), "more": pairs(150, 5), "few": pairs(9, 6), "choices": synonyms()}


def scored(monkeypatch, models, tables=TABLES):
    """Return the report of an evaluation on made-up benchmarks, one of which is not at hand."""
    recipes = [
        recipe("pairs", "relatedness", human_ceiling=0.9),
        recipe("more", "relatedness"),
        recipe("few", "relatedness"),
        recipe("choices", "synonym"),
        recipe("gone <b>", "analogy"),
    ]
    install(monkeypatch, tables, None, recipes)
    return evaluate(models, "words")


def folder(path: Path, history=(), fingerprint="f" * 64, **metrics) -> Path:
    """Write what a report reads of a model folder besides its vectors."""
    path.mkdir(parents=True)
    config = {
        "format": "textrep-model",
        "format_version": 1,
        "class": "Word2Vec",
        "parameters": {"dim": 8, "note": "</pre><script>"},
        "versions": {"textrep": "0.1.0"},
        "seed": 7,
        "corpus": {"fingerprint": fingerprint, "tokens": 1234, "sources": ["<i>text</i>"]},
        "metrics": {"history": list(history), **metrics},
    }
    (path / "config.json").write_text(json.dumps(config))
    return path


HISTORY = [
    {"loss": 2.5, "seconds": 1.5, "tokens": 300, "held_out_loss": 2.6},
    {"loss": 2.0, "seconds": 0.5, "tokens": 300, "held_out_loss": 2.4},
]


def contents(
    monkeypatch, tmp_path, models=None, *, tables=TABLES, words=(), groups=None, **options
):
    """Return the contents of a report on models, by default three of very different quality."""
    if models is None:
        models = {
            "good": vectors(1, 0.1),
            "<b>fair</b>": vectors(2, 0.9),
            "bad": vectors(3, 5.0),
        }
    report = scored(monkeypatch, models, tables)
    read = {
        name: (folder(tmp_path / str(place), HISTORY, **options), model)
        for place, (name, model) in enumerate(models.items())
    }
    command = "textrep report 'a b' -o <out>.html"
    return gather(report, read, words=words, command=command, groups=groups or {})
