"""Every recipe in the project, and the functions that hand them out."""

import importlib.resources
import subprocess
import sys

import pytest

from textrep import recipes
from textrep.errors import UnknownNameError


def stems(folder):
    return sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )


def test_every_corpus_file_is_a_valid_recipe():
    files = stems(importlib.resources.files("textrep._recipes.corpora"))
    assert list(recipes.corpus_recipes()) == files
    assert {"general-en", "miniworld", "pydocs", "brown", "ptb", "text8"} <= set(files)


def test_every_benchmark_file_is_a_valid_recipe():
    files = stems(importlib.resources.files("textrep._recipes.eval") / "benchmarks")
    assert list(recipes.benchmark_recipes()) == files
    assert {"ws353", "google", "stsb", "movie_reviews", "brown_tags"} <= set(files)


TEXTS = {"sts", "classification"}
RUNNING = {"tagging", "language-modelling"}


def test_every_suite_is_valid_and_words_holds_every_benchmark_of_words_that_is_not_generated():
    found = recipes.suites()
    parts = ["relatedness", "synonyms", "analogies", "categorization", "outlier", "relations"]
    assert set(found) == {"words", "miniworld", "sentences", *RUNNING, *TEXTS, *parts}
    words = [
        name
        for name, recipe in recipes.benchmark_recipes().items()
        if not recipe.embedded and recipe.task not in {*TEXTS, "tagging", "perplexity"}
    ]
    assert sorted(found["words"]) == sorted(words)
    assert found["words"] == sum((found[part] for part in parts), ())


def test_sentences_holds_every_benchmark_of_texts_but_parts_to_train_and_develop_on():
    found = recipes.suites()
    texts = [n for n, recipe in recipes.benchmark_recipes().items() if recipe.task in TEXTS]
    tests = [name for name in texts if not name.endswith(("_train", "_dev"))]
    assert sorted(found["sentences"]) == sorted(tests)
    assert found["sentences"] == found["sts"] + found["classification"]


def test_what_a_classifier_is_trained_on_is_a_benchmark_of_its_own():
    named = {n: recipe.training for n, recipe in recipes.benchmark_recipes().items()}
    trained = {name: training for name, training in named.items() if training}
    assert trained["trec"] == "trec_train"
    assert set(trained.values()) == {n for n in named if n.endswith("_train")} - {"stsb_train"}
    assert {recipes.benchmark_recipe(name).task for name in trained} == {"classification"}


@pytest.mark.parametrize(
    ("suite", "task"),
    [
        ("relatedness", "relatedness"),
        ("synonyms", "synonym"),
        ("analogies", "analogy"),
        ("categorization", "categorization"),
        ("outlier", "outlier"),
        ("relations", "relations"),
        ("sts", "sts"),
        ("classification", "classification"),
        ("language-modelling", "perplexity"),
    ],
)
def test_a_suite_of_one_task_holds_that_task_only(suite, task):
    assert {recipes.benchmark_recipe(name).task for name in recipes.suite(suite)} == {task}


def test_the_embedded_suite_needs_no_files():
    made = [recipes.benchmark_recipe(name) for name in recipes.suite("miniworld")]
    assert [recipe.generator for recipe in made] == ["miniworld"] * 3
    assert all(recipe.embedded and not recipe.local_files for recipe in made)


def test_no_two_recipes_keep_different_files_at_one_path():
    everything = [*recipes.corpus_recipes().values(), *recipes.benchmark_recipes().values()]
    files = {(path, sha) for recipe in everything for path, sha in recipe.local_files.items()}
    files |= {
        (file.path, f"{file.sha256} {file.member}")
        for recipe in everything
        for file in recipe.files
    }
    paths = [path for path, _ in files]
    assert len(set(paths)) == len(paths)


def test_unverified_is_exactly_what_has_no_checksum():
    everything = [*recipes.corpus_recipes().values(), *recipes.benchmark_recipes().values()]
    unverified = {recipe.name for recipe in everything if not recipe.verified}
    assert unverified == {"text8"}
    assert recipes.corpus_recipe("text8").files[0].sha256 == ""


@pytest.mark.parametrize(
    ("look_up", "name", "nearest"),
    [
        (recipes.corpus_recipe, "general-em", "general-en"),
        (recipes.benchmark_recipe, "ws354", "ws353"),
        (recipes.suite, "word", "words"),
    ],
)
def test_an_unknown_name_gets_the_nearest(look_up, name, nearest):
    with pytest.raises(UnknownNameError, match=f"Did you mean '{nearest}'"):
        look_up(name)


def test_the_dictionaries_may_be_changed_without_harm():
    recipes.benchmark_recipes().clear()
    recipes.suites()["words"] = ()
    assert recipes.benchmark_recipe("ws353").rows == 353
    assert recipes.suite("words")


def test_importing_recipes_and_data_stays_light():
    code = (
        "import sys, textrep.recipes, textrep.data; textrep.recipes.suites();"
        "heavy = {'numpy', 'numba', 'torch', 'pooch', 'requests', 'scipy'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
