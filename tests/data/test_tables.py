"""The rows of a benchmark, checked."""

import hashlib
import math
import re

import pytest
from data.helpers import benchmark, files_below, layout, remote
from hypothesis import example, given
from hypothesis import strategies as st

from textrep import data, recipes
from textrep.data.layouts import Rows
from textrep.data.tables import check_rows
from textrep.errors import DataError

SIMPLE = "word1\tword2\tscore\ncat\tdog\t7.5\nox\tcar\t1\n"


def put(cache, text, name="benchmarks/tiny.tsv"):
    path = cache / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_table_is_keyed_by_role_and_keeps_its_checksum(cache):
    path = put(cache, SIMPLE.replace("word1", "left"))
    columns = {"word1": "left", "word2": "word2", "score": "score"}
    table = data.table(benchmark(columns=columns))
    assert table.columns == {
        "word1": ["cat", "ox"],
        "word2": ["dog", "car"],
        "score": ["7.5", "1"],
    }
    assert (len(table), table.path) == (2, path)
    assert table.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_original_is_read_by_its_own_layout(cache):
    original = layout("csv", ["w", "v", "s"], word1="v", word2="w", score="s")
    recipe = benchmark(original=original, files=(remote("http://x/y", path="o.csv"),))
    put(cache, "cat,dog,1\n", "o.csv")
    assert data.table(recipe).columns == {"word1": ["dog"], "word2": ["cat"], "score": ["1"]}
    put(cache, SIMPLE)
    assert len(data.table(recipe)) == 2


def test_several_files_are_one_table(cache):
    names = ["b/B02 [second].txt", "b/B01 [first].txt"]
    columns = {role: role for role in ("category", "word1", "word2")}
    recipe = benchmark(
        "analogy",
        columns=columns,
        original=layout("pairs", columns, **columns),
        files=tuple(remote("http://x/y", path=name) for name in names),
    )
    put(cache, "a\tb\n", names[0])
    put(cache, "c\td\ne\tf\n", names[1])
    table = data.table(recipe)
    assert table.columns["category"] == ["second", "first", "first"]
    assert table.columns["word1"] == ["a", "c", "e"]
    assert table.path == cache / "b"
    assert table.sha256 == hashlib.sha256(b"a\tb\nc\td\ne\tf\n").hexdigest()


def test_a_file_with_rows_missing_is_refused(cache):
    path = put(cache, SIMPLE)
    assert len(data.table(benchmark(rows=2))) == 2
    with pytest.raises(DataError, match=f"{re.escape(str(path))} has 2 rows, .* has 353"):
        data.table(benchmark(rows=353))


SYNONYM = "question\toption1\toption2\toption3\tcorrect\n"
STS = "sentence1\tsentence2\tscore\n"
OUTLIER = "category\twords\toutliers\n"


@pytest.mark.parametrize(
    ("task", "text", "message"),
    [
        ("relatedness", SIMPLE + "a\tb\tmany\n", "line 4: the score must be a number, got 'many'"),
        ("relatedness", SIMPLE + "a\tb\tnan\n", "line 4: the score must be a finite number"),
        ("relatedness", SIMPLE + "a\tb\t-inf\n", "line 4: the score must be a finite number"),
        ("relatedness", SIMPLE + "a\tb\t\n", "line 4: the score is empty"),
        ("relatedness", SIMPLE + "a\t \t1\n", "line 4: the word2 is empty"),
        ("relatedness", SIMPLE + "a\tb\n", "line 4: there must be 3 fields, got 2"),
        ("relatedness", SIMPLE.replace("word2", "word"), "line 1: there is no column 'word2'"),
        ("synonym", f"{SYNONYM}q\ta\tb\tc\t0\n", "correct must be an integer from 1 to 3, got '0'"),
        ("synonym", f"{SYNONYM}q\ta\tb\tc\t4\n", "correct must be an integer from 1 to 3, got '4'"),
        ("synonym", f"{SYNONYM}q\ta\tb\tc\ta\n", "correct must be an integer from 1 to 3, got 'a'"),
        ("synonym", f"{SYNONYM}q\ta\tb\tc\t1.0\n", "line 2: correct must be an integer"),
        ("synonym", f"{SYNONYM}q\ta\t\tc\t1\n", "line 2: the option2 is empty"),
        ("analogy", "category\ta\tb\tc\td\nx\ty\tz\t\tw\n", "line 2: the c is empty"),
        ("categorization", "category\tword\nx\ty\n\tz\n", "line 3: the category is empty"),
        ("outlier", f"{OUTLIER}x\ta\tb\n", "line 2: words must be two or more"),
        ("outlier", f"{OUTLIER}x\ta|b\tc|d\ny\ta|b\tc||d\n", "line 3: outliers must be one or"),
        ("outlier", f"{OUTLIER}x\ta|b\t\n", "line 2: the outliers is empty"),
        ("relations", "word1\tword2\trelation\na\tb\t\n", "line 2: the relation is empty"),
        ("sts", f"{STS}a b\t\t1\n", "line 2: the sentence2 is empty"),
        ("sts", f"{STS}a b\tc\tx\n", "line 2: the score must be a number"),
        ("classification", "text\tlabel\na b\t\n", "line 2: the label is empty"),
    ],
)
def test_a_bad_row_is_one_line_that_names_file_and_line(cache, task, text, message):
    path = put(cache, text)
    with pytest.raises(DataError) as caught:
        data.table(benchmark(task))
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_text_to_classify_may_be_empty(cache):
    put(cache, "text\tlabel\na b\tx\n\ty\n")
    assert data.table(benchmark("classification")).columns["text"] == ["a b", ""]


@pytest.mark.parametrize(
    ("options", "correct", "message"),
    [
        ("a|b|c", "3", None),
        ("a|b|c", "4", "from 1 to 3"),
        ("a", "1", "options must be two or more"),
        ("a||c", "1", "options must be two or more"),
    ],
)
def test_options_in_one_column_are_counted_row_by_row(cache, options, correct, message):
    put(cache, f"question\toptions\tcorrect\nq\tx|y\t2\nq\t{options}\t{correct}\n")
    recipe = benchmark("synonym", {role: role for role in ("question", "options", "correct")})
    if message is None:
        assert data.table(recipe).columns["options"] == ["x|y", options]
    else:
        with pytest.raises(DataError, match=f"line 3: .*{message}"):
            data.table(recipe)


def test_several_words_in_one_column_are_kept_as_they_are(cache):
    put(cache, f"{OUTLIER}x\ta|b\tc\ny\ta|b|e\tc|d\n")
    columns = {"category": ["x", "y"], "words": ["a|b", "a|b|e"], "outliers": ["c", "c|d"]}
    assert data.table(benchmark("outlier")).columns == columns


@given(st.one_of(st.text(min_size=1), st.floats().map(str)))
@example("1_000")
@example("Infinity")
def test_every_accepted_score_is_a_finite_float(score):
    rows = Rows({"score": [score]}, "file", [1])
    try:
        expected = math.isfinite(float(score))
    except ValueError:
        expected = False
    if expected:
        check_rows(rows)
    else:
        with pytest.raises(DataError, match="file, line 1: the score"):
            check_rows(rows)


GENERATED = benchmark(generator="fake", local="", columns={"unused": "unused"})


@pytest.fixture
def generator(monkeypatch):
    """Return a function that makes ``columns`` the answer of the generator "fake"."""
    monkeypatch.setattr("textrep.data.tables._GENERATORS", {})
    return lambda columns: data.register_generator("fake", lambda name: columns)


def test_a_generated_table_needs_no_file(cache, generator):
    asked = []
    generator({})
    columns = {"word1": ("a", "b"), "word2": ("c", "d"), "score": ("1", "2")}
    data.register_generator("fake", lambda name: asked.append(name) or columns)
    table = data.table(GENERATED)
    assert asked == ["tiny"]
    assert table.columns == {"word1": ["a", "b"], "word2": ["c", "d"], "score": ["1", "2"]}
    assert (len(table), table.path) == (2, None)
    assert table.sha256 == data.table(GENERATED).sha256
    columns = {**columns, "score": ("1", "3")}
    assert table.sha256 != data.table(GENERATED).sha256
    assert not cache.exists()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"word1": ["a"], "word2": ["b"]}, "the roles of task 'relatedness'"),
        ({"word1": ["a"], "word2": ["b"], "score": []}, "the same number of rows"),
        ({"word1": [], "word2": [], "score": []}, "at least one"),
        ({"word1": ["a"], "word2": ["b"], "score": ["x"]}, "line 1: the score must be a number"),
    ],
)
def test_a_generated_table_is_checked_too(generator, columns, message):
    generator(columns)
    with pytest.raises(DataError, match=f"The generated benchmark 'tiny'.*{message}"):
        data.table(GENERATED)


def test_a_generator_may_be_named_by_its_place(monkeypatch):
    place = "textrep.recipes:benchmark_recipes"
    monkeypatch.setattr("textrep.data.tables._GENERATORS", {"fake": place})
    monkeypatch.setattr(
        "textrep.recipes.benchmark_recipes",
        lambda name: {"word1": [name], "word2": ["b"], "score": ["1"]},
    )
    assert data.table(GENERATED).columns["word1"] == ["tiny"]


ARCHIVES = ("tagged", "folders")


def readme_rows(folder):
    """Row counts that the shared folder's own description gives."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (benchmarks/\S+\.tsv) \| (\d+) \|", text, re.MULTILINE)
    return {name: int(rows) for name, rows in found}


def test_every_shared_benchmark_has_a_recipe_and_reads_whole(shared_data, monkeypatch, caplog):
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    stated = readme_rows(shared_data)
    everything = recipes.benchmark_recipes().values()
    # What NLTK packs is read from the archive of its corpus.
    packed = {r.name for r in everything if r.original and r.original.format in ARCHIVES}
    assert packed >= {"treebank_tags", "movie_reviews"}
    # A text to predict is read from the file of its corpus.
    apart = packed | {r.name for r in everything if r.corpus}
    by_file = {r.local: r for r in everything if not r.embedded and r.name not in apart}
    tasks = ("relatedness", "synonym", "analogy", "categorization", "outlier", "relations")
    tasks += ("sts", "classification")
    present = [name for task in tasks for name in files_below(shared_data / "benchmarks" / task)]
    assert len(present) == len(by_file) == 43
    for name, recipe in by_file.items():
        table = data.table(recipe)
        assert len(table) == stated[name] == recipe.rows
        assert table.sha256 == recipe.local_sha256
    assert caplog.records == []


def test_every_checksum_of_a_shared_file_is_the_file_s(shared_data, monkeypatch, caplog):
    monkeypatch.setenv("TEXTREP_DATA", str(shared_data))
    without = set()
    for recipe in recipes.corpus_recipes().values():
        found = data.locate(recipe)
        if found is None:
            without.add(recipe.name)
        elif found:
            assert data.get(recipe, offline=True) == found
    assert without == {"text8"}
    assert caplog.records == []
