"""The reference results: halves, choices, resuming, and the page that is kept with the project."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import textrep
from textrep.errors import DataError, FormatError, UnknownNameError
from textrep.models import model_class

ROOT = Path(__file__).parents[2]
SUITE = ["miniworld-relatedness", "miniworld-synonyms", "miniworld-analogies"]
PLAN = """
tokenizer = "text8"
min_count = 2
analogy_words = 500
least_items = 5
benchmarks = ["miniworld-relatedness", "miniworld-synonyms", "miniworld-analogies"]

[[corpora]]
name = "little"
inputs = ["{text}"]
seeds = 2

[[corpora]]
name = "twice"
inputs = ["{text}", "{text}"]
seeds = 1
tuned_on = "little"

[models.svd]
estimator = "svd"
parameters = {{ dim = 8 }}
vary.window = [2]
vary.eigenvalue_weight = [1.0]

[models.word2vec]
estimator = "word2vec"
seeded = true
corpora = ["little"]
parameters = {{ dim = 16, epochs = 1 }}

[models.both]
estimator = "combine"
seeded = true
corpora = ["little"]
members = ["svd", "word2vec"]
"""


@pytest.fixture(scope="module")
def reference(outside_the_library: None) -> Any:
    """The package eval.reference, which lies outside the library."""
    import eval.reference.run

    return eval.reference


@pytest.fixture(scope="module")
def plan_file(text: Path) -> Path:
    path = text.parent / "plan.toml"
    path.write_text(PLAN.format(text=text), "utf-8")
    return path


@pytest.fixture(scope="module")
def made(reference: Any, plan_file: Path) -> Path:
    """The folder of the results of the little plan."""
    folder = plan_file.parent
    assert run(reference, folder) == 0
    return folder


def run(reference: Any, folder: Path, *more: str) -> int:
    paths = {"plan": "plan.toml", "results": "results", "work": "work"}
    options = [part for key, name in paths.items() for part in (f"--{key}", str(folder / name))]
    code: int = reference.run.main([*options, "--threads", "1", *more])
    return code


# The plan


def test_the_plan_of_the_project(reference: Any) -> None:
    plan = reference.plan.read_plan(ROOT / "eval" / "reference" / "plan.toml")
    assert {corpus.name for corpus in plan.corpora} >= {"general-en", "general-en-1m"}
    estimators = {model.estimator for model in plan.models}
    assert estimators >= {"onehot", "cooccurrence", "ppmi", "svd", "glove", "word2vec", "combine"}
    known = textrep.SVD().get_params()
    assert all(known[name] not in values for name, values in plan.model("svd").vary.items())
    for model in plan.models:
        for changed in model.variants():
            model_class(model.estimator)(**{**model.parameters, **changed}).check_parameters()


@pytest.mark.parametrize(
    ("old", "new", "error", "says"),
    [
        ("seeds = 2", "seeds = 2\nseed = 1", DataError, "seed"),
        ("vary.window", "vary.windows", UnknownNameError, "window"),
        ('"svd", "word2vec"', '"svd", "word3vec"', UnknownNameError, "word2vec"),
        ('tuned_on = "little"', 'tuned_on = "litle"', UnknownNameError, "little"),
        ("vary.window = [2]", "vary.window = 2", DataError, "list of values"),
        ("miniworld-synonyms", "miniworld-synonym", UnknownNameError, "miniworld-synonyms"),
    ],
)
def test_a_plan_that_breaks_a_rule(
    reference: Any, plan_file: Path, tmp_path: Path, old: str, new: str, error: Any, says: str
) -> None:
    path = tmp_path / "plan.toml"
    text = plan_file.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(error, match=says):
        reference.plan.read_plan(path)


def test_a_mistake_is_one_line(
    reference: Any, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(reference, made, "--only", "svdd") == 2
    assert capsys.readouterr().err.count("\n") == 1


# Halves


@pytest.mark.parametrize("name", SUITE)
def test_halves_are_all_of_it_and_do_not_overlap(reference: Any, name: str) -> None:
    one, other = (reference.halves.members(name, half) for half in reference.halves.HALVES)
    assert (one ^ other).all()
    assert 0.3 < one.mean() < 0.7


@pytest.mark.parametrize("word", ["tiger", "Oak", "new york", "naïve"])
def test_the_half_of_a_word(reference: Any, word: str) -> None:
    """As eval/reference/README.md says it: nobody could repeat the choice otherwise."""
    first_byte = hashlib.sha256(f"textrep reference {word.lower()}".encode()).hexdigest()[:2]
    expected = "test" if int(first_byte, 16) % 2 else "development"
    assert reference.halves.half_of(word) == expected


def test_items_that_are_taken(reference: Any) -> None:
    arrays = {
        "covered": np.array([True, False, True]),
        "values": np.array([0.1, 0.2, 0.3]),
        "gold": np.array([1.0, 2.0, 3.0]),
        "groups": np.array([7, 8, 9]),
        "clusters": np.array([[0, 1, 2], [3, 4, 5]]),
    }
    items = textrep.evaluation.outcome.Items(**arrays)
    taken = reference.halves.take(items, np.array([True, False, True]))
    for name, values in arrays.items():
        np.testing.assert_array_equal(getattr(taken, name), values[..., [0, 2]])


def test_the_words_that_decide(reference: Any) -> None:
    words = reference.halves.deciding_words
    pairs = {"word1": ["Tiger", "cat"], "word2": ["cat", "tiger"]}
    assert words("relatedness", pairs) == ["cat", "cat"]
    assert words("relations", pairs) == ["Tiger", "cat"]
    assert words("synonym", {"question": ["big"]}) == ["big"]
    assert words("categorization", {"word": ["oak"], "category": ["tree"]}) == ["oak"]
    four = {"category": ["x"], "a": ["man"], "b": ["king"], "c": ["woman"], "d": ["queen"]}
    assert words("analogy", four) == ["woman"]
    rows = {"category": ["x", "x"], "word1": ["cat", "dog"], "word2": ["cats", "dogs"]}
    assert words("analogy", rows) == ["dog", "cat"]  # the examples are cat and dog, in this order


def test_questions_about_one_word_stay_together(reference: Any) -> None:
    columns = textrep.data.table(textrep.recipes.benchmark_recipe(SUITE[1])).columns
    halves: dict[str, set[bool]] = {}
    for word, inside in zip(
        columns["question"], reference.halves.members(SUITE[1], "test"), strict=True
    ):
        halves.setdefault(word, set()).add(bool(inside))
    assert all(len(found) == 1 for found in halves.values())


def test_scores_of_a_half_are_those_of_its_items(reference: Any) -> None:
    """Beside SciPy's correlation of the pairs that are in the half, found without the package."""
    columns = textrep.data.table(textrep.recipes.benchmark_recipe(SUITE[0])).columns
    words = sorted({*columns["word1"], *columns["word2"]})
    vectors = textrep.WordVectors(
        words[:-3], np.random.default_rng(0).normal(size=(len(words) - 3, 5))
    )
    outcome = textrep.evaluate({"m": vectors}, SUITE[0]).results[0].outcome
    scores = reference.records.scores_of({SUITE[0]: outcome})
    for half in ("development", "test"):
        gold, cosines, n_items = [], [], 0
        rows = zip(columns["word1"], columns["word2"], columns["score"], strict=True)
        for one, two, people in rows:
            if reference.halves.half_of(min(one.lower(), two.lower())) != half:
                continue
            n_items += 1
            if one in vectors and two in vectors:
                gold.append(float(people))
                cosines.append(vectors.similarity(one, two))
        found = scores[half][SUITE[0]]
        assert (found.covered, found.items) == (len(gold), n_items)
        assert found.score == pytest.approx(stats.spearmanr(gold, cosines).statistic, abs=1e-4)


# Choices


class Fake:
    """Development scores of runs that were never made, by what they changed."""

    def __init__(self, reference: Any, scores: Mapping[str, float]) -> None:
        self.reference, self.scores = reference, scores

    def __call__(self, corpus: str, run: Any) -> Any:
        value = self.scores.get(" ".join(f"{k}={v}" for k, v in sorted(run.changed.items())))
        if value is None or corpus != "little":
            return None
        half = self.reference.records.Half(value, None, None, value, covered=10, items=10)
        scores = {"development": {SUITE[0]: half}, "test": {}}
        return type("Record", (), {"scores": scores})()


ALL_BUT_BOTH = {"": 0.5, "window=2": 0.6, "eigenvalue_weight=1.0": 0.7}


@pytest.mark.parametrize(
    ("scores", "tuned"),
    [
        (ALL_BUT_BOTH, None),
        (ALL_BUT_BOTH | {"eigenvalue_weight=1.0 window=2": 0.8},
         {"window": 2, "eigenvalue_weight": 1.0}),
        (ALL_BUT_BOTH | {"eigenvalue_weight=1.0 window=2": 0.65}, {"eigenvalue_weight": 1.0}),
        (ALL_BUT_BOTH | {"eigenvalue_weight=1.0": 0.4}, {"window": 2}),
        ({"": 0.5, "window=2": 0.5, "eigenvalue_weight=1.0": 0.5}, {}),
        ({"": 0.5, "window=2": 0.6}, None),
    ],
)  # fmt: skip
def test_the_development_half_chooses(
    reference: Any, plan_file: Path, scores: dict[str, float], tuned: dict[str, Any] | None
) -> None:
    plan = reference.plan.read_plan(plan_file)
    chooser = reference.choice.Chooser(plan, Fake(reference, scores))
    for corpus in ("little", "twice"):
        chosen = chooser.tuned(plan.corpus(corpus), plan.model("svd"))
        assert (None if chosen is None else chosen.changed) == tuned


def test_each_task_counts_the_same(reference: Any) -> None:
    def half(value: float | None, covered: int = 9) -> Any:
        return reference.records.Half(value, None, None, value, covered, 10)

    scores = {"ws353": half(0.2), "rg65": half(0.4), "yp130": half(0.9, 4), "bats": half(0.1)}
    assert reference.choice.mean_of_tasks(scores, 5) == pytest.approx((0.3 + 0.1) / 2)
    assert reference.choice.mean_on_all(scores) == pytest.approx((0.5 + 0.1) / 2)
    undefined = scores | {"rg65": half(None)}
    assert reference.choice.mean_of_tasks(undefined, 5) is None
    assert reference.choice.mean_on_all(undefined) == pytest.approx((1.1 / 3 + 0.1) / 2)


# Making


def test_what_is_made(made: Path) -> None:
    little = {path.stem for path in (made / "results" / "little").iterdir()}
    seeded = {f"{model}__seed={seed}" for model in ("word2vec", "both") for seed in (0, 1)}
    assert little >= {"svd", "svd__window=2", "svd__eigenvalue_weight=1.0", "comparisons", *seeded}
    record = json.loads((made / "results" / "little" / "both__seed=1.json").read_text("utf-8"))
    assert list(record["members"])[1] == "word2vec__seed=1"
    assert record["members"]["word2vec__seed=1"]["dim"] == 16
    assert record["parameters"]["method"] == "concatenate"
    page = (made / "results" / "README.md").read_text("utf-8")
    assert "have not been made" not in page
    assert "| both |" in page
    assert "Which differences are real" in page


def test_what_is_there_is_not_made_again(reference: Any, made: Path) -> None:
    def times() -> dict[Path, int]:
        files = (made / "results").rglob("*.json")
        return {path: path.stat().st_mtime_ns for path in files}

    before = times()
    removed = made / "results" / "little" / "svd__window=2.json"
    removed.unlink()
    assert run(reference, made) == 0
    after = times()
    assert {path for path in after if after[path] != before[path]} == {
        removed,
        removed.parent / "comparisons.json",
    }


@pytest.mark.parametrize(
    ("entry", "other"),
    [('"window": 2', '"window": 3'), (r'"fingerprint": "\w+"', '"fingerprint": "0"')],
)
def test_a_result_of_something_else_is_made_again(
    reference: Any, made: Path, entry: str, other: str
) -> None:
    path = made / "results" / "little" / "svd__window=2.json"
    good = path.read_text("utf-8")
    altered = re.sub(entry, other, good.replace('"changed": {"window": 2}', '"changed": {}'))
    path.write_text(altered.replace('"changed": {}', '"changed": {"window": 2}'), "utf-8")
    assert path.read_text("utf-8") != good
    assert run(reference, made, "--corpus", "little", "--only", "svd") == 0
    again = json.loads(path.read_text("utf-8"))
    for part in ("parameters", "corpus", "test", "development"):
        assert again[part] == json.loads(good)[part]


def test_a_damaged_result_is_named(reference: Any, tmp_path: Path) -> None:
    path = tmp_path / "svd.json"
    path.write_text('{"model": "svd"}', "utf-8")
    with pytest.raises(FormatError, match=r"svd\.json is not the result of a run"):
        reference.records.read_record(path)


def test_answers_are_read_as_they_were_written(reference: Any, tmp_path: Path) -> None:
    words = ["lion", "tiger", "oak", "elm", "doctor", "nurse"]
    vectors = textrep.WordVectors(words, np.eye(6))
    given = {r.benchmark: r.outcome for r in textrep.evaluate(vectors, SUITE).results}
    reference.records.write_answers(tmp_path / "a.npz", given, "test")
    back = reference.records.read_answers(tmp_path / "a.npz")
    assert list(back) == SUITE
    for name, outcome in back.items():
        chosen = reference.halves.members(name, "test")
        assert (outcome.metric, outcome.oov) == (given[name].metric, given[name].oov)
        np.testing.assert_array_equal(outcome.items.values, given[name].items.values[chosen])
        np.testing.assert_array_equal(outcome.items.covered, given[name].items.covered[chosen])


def test_models_that_are_the_same_are_not_told_apart(reference: Any, made: Path) -> None:
    path = made / "work" / "little" / "answers" / "svd.npz"
    other = made / "work" / "little" / "answers" / "word2vec__seed=0.npz"
    rows = {"defaults": {"svd": path, "again": path, "word2vec": other}}
    told = reference.comparing.comparisons(rows, {"svd": (path, path)})
    for found in told["defaults"].values():
        assert "again" not in found["better"].get("svd", [])
        assert ("svd" in found["best"]) == ("again" in found["best"])
    assert told["tuning"]["svd"] == {"better": [], "worse": []}


def test_a_model_is_better_than_noise(reference: Any, made: Path, tmp_path: Path) -> None:
    columns = textrep.data.table(textrep.recipes.benchmark_recipe(SUITE[0])).columns
    words = sorted({*columns["word1"], *columns["word2"]})
    noise = textrep.WordVectors(words, np.random.default_rng(0).normal(size=(len(words), 5)))
    answers = {r.benchmark: r.outcome for r in textrep.evaluate(noise, SUITE).results}
    reference.records.write_answers(tmp_path / "noise.npz", answers, "test")
    paths = {
        "svd": made / "work" / "little" / "answers" / "svd.npz",
        "noise": tmp_path / "noise.npz",
    }
    told = reference.comparing.comparisons(
        {"defaults": paths}, {"svd": (paths["svd"], paths["noise"])}
    )
    assert told["defaults"][SUITE[0]]["better"] == {"svd": ["noise"]}
    assert told["defaults"][SUITE[0]]["best"] == ["svd"]
    assert SUITE[0] in told["tuning"]["svd"]["better"]
    assert told["tuning"]["svd"]["worse"] == []


def test_the_page_says_what_is_missing(reference: Any, made: Path, tmp_path: Path) -> None:
    plan = reference.plan.read_plan(made / "plan.toml")
    empty = reference.page.page(plan, reference.store.Store(tmp_path, tmp_path))
    assert "- little: svd, word2vec, both, the choice of parameters for svd, comparisons" in empty
    (tmp_path / "little").mkdir()
    for name in ("word2vec__seed=0.json", "svd.json"):
        content = (made / "results" / "little" / name).read_text("utf-8")
        (tmp_path / "little" / name).write_text(content, "utf-8")
    some = reference.page.page(plan, reference.store.Store(tmp_path, tmp_path))
    assert "- little: word2vec (1 of 2 seeds), both, the choice of parameters for svd" in some
    assert "| word2vec |" in some


# What is kept with the project


@pytest.fixture(scope="module")
def kept(reference: Any) -> Any:
    return reference.store.Store(ROOT / "eval" / "results", ROOT / "none")


def test_the_page_is_that_of_the_results(reference: Any, kept: Any) -> None:
    plan = reference.plan.read_plan(ROOT / "eval" / "reference" / "plan.toml")
    page = (ROOT / "eval" / "results" / "README.md").read_text("utf-8")
    assert page == reference.page.page(plan, kept), "run python -m eval.reference --page"


def test_the_results_are_small_and_of_the_plan(reference: Any, kept: Any) -> None:
    plan = reference.plan.read_plan(ROOT / "eval" / "reference" / "plan.toml")
    files = sorted((ROOT / "eval" / "results").rglob("*.json"))
    assert sum(path.stat().st_size for path in files) < 1_000_000
    for path in files:
        if path.name == "comparisons.json":
            continue
        record = reference.records.read_record(path)
        model = plan.model(record.model)
        run = reference.plan.Run(model, record.changed, record.seed)
        assert (path.parent.name, path.stem) == (record.corpus["name"], run.stem)
        assert dataclasses.asdict(record)["parameters"].items() >= run.parameters.items()
        assert set(record.scores["test"]) == set(plan.benchmarks)
