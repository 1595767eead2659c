"""What the recipe parser accepts and how it refuses the rest."""

import pytest

from textrep.errors import DataError
from textrep.recipes import parse_benchmark, parse_corpus, parse_suite
from textrep.recipes.parse import with_files_of

SHA = "0123456789abcdef" * 4

BENCHMARK = f"""
task = "relatedness"
description = "pairs"
local = "benchmarks/pairs.tsv"
local_sha256 = "{SHA}"
rows = 2
metric = "spearman"
human_ceiling = 0.5
human_ceiling_source = "a paper"
oov = "skip"
lowercase = true
language = "en"
citation = "someone"
licence = "free"
verified = true
[columns]
word1 = "left"
word2 = "right"
score = "score"
[original]
format = "csv"
fields = ["a", "b", "c"]
columns = {{ word1 = "a", word2 = "b", score = "c" }}
[[files]]
url = "https://example.org/pairs.csv"
sha256 = "{SHA}"
bytes = 10
path = "benchmarks/pairs.csv"
"""

CORPUS = f"""
description = "text"
reader = "text"
language = "en"
licence = "free"
citation = "someone"
cleaning = "none"
local = ["corpora/a.txt"]
local_sha256 = ["{SHA}"]
"""


def test_a_benchmark_is_read_as_written():
    recipe = parse_benchmark("pairs", BENCHMARK)
    assert recipe.name == "pairs"
    assert recipe.columns == {"word1": "left", "word2": "right", "score": "score"}
    assert recipe.original.columns == {"word1": "a", "word2": "b", "score": "c"}
    assert recipe.local_files == {"benchmarks/pairs.tsv": SHA}
    assert (recipe.human_ceiling, recipe.scale, recipe.generator) == (0.5, "", None)
    assert (recipe.files[0].bytes, recipe.files[0].member) == (10, "")


def test_a_corpus_is_read_as_written():
    recipe = parse_corpus("a", CORPUS)
    assert recipe.local_files == {"corpora/a.txt": SHA}
    assert recipe.verified
    assert not recipe.embedded


def test_an_embedded_corpus_needs_no_files():
    embedded = CORPUS.replace('reader = "text"', 'reader = "pydocs"').split("local =")[0]
    assert parse_corpus("a", embedded).embedded


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('task = "relatedness"', "", "the key 'task' is missing"),
        ('task = "relatedness"', 'task = "relatednes"', "did you mean 'relatedness'"),
        ('metric = "spearman"', 'metric = "accuracy"', "unknown metric 'accuracy'"),
        ('metric = "spearman"', 'metrik = "spearman"', "the key 'metric' is missing"),
        ("rows = 2", 'rows = 2\nmetrik = "x"', "unknown key 'metrik'; did you mean 'metric'"),
        ("rows = 2", "rows = 0", "rows must be at least 1"),
        ("rows = 2", "rows = true", "rows must be an integer"),
        ("rows = 2", "rows = 2.5", "rows must be an integer"),
        ('oov = "skip"', 'oov = "drop"', "unknown oov 'drop'"),
        ("lowercase = true", 'lowercase = "yes"', "lowercase must be true or false"),
        ('description = "pairs"', 'description = " "', "description must not be empty"),
        ('description = "pairs"', "description = 3", "description must be a string"),
        ("human_ceiling = 0.5", "human_ceiling = 61", "human_ceiling must be above 0"),
        ('human_ceiling_source = "a paper"', "", "'human_ceiling_source' is missing"),
        ("rows = 2", 'rows = 2\ngenerator = "world"', "unknown generator 'world'"),
        ('local = "benchmarks/pairs.tsv"', 'local = "../pairs.tsv"', "relative and without"),
        ('local = "benchmarks/pairs.tsv"', 'local = "/pairs.tsv"', "relative and without"),
        (f'local_sha256 = "{SHA}"', f'local_sha256 = "{SHA[1:]}"', "64 lower-case hexadecimal"),
        (f'local_sha256 = "{SHA}"', f'local_sha256 = "{SHA.upper()}"', "64 lower-case"),
        ('word2 = "right"\n', "", "the roles of task 'relatedness' are word1, word2, score"),
        ('word2 = "right"', 'word2 = "right"\nword3 = "x"', "got score, word1, word2, word3"),
        ('format = "csv"', 'format = "xls"', "unknown format 'xls'"),
        ('fields = ["a", "b", "c"]', 'fields = ["a", "b"]', "there is no column 'c' among a, b"),
        ('fields = ["a", "b", "c"]', 'fields = ["a", 1]', "fields must be a list of strings"),
        ('fields = ["a", "b", "c"]', 'fields = "a b c"', "fields must be a list, got"),
        ('"https://example.org/pairs.csv"', '"ftp://example.org/a"', "url must be an http"),
        (f'sha256 = "{SHA}"\nbytes = 10', "bytes = 10", "verified = true needs a sha256"),
        ("verified = true\n", "", "the key 'verified' is missing"),
        ("[[files]]", "[files]", "files must be a list"),
        ("[columns]", "[columns", "not valid TOML"),
        ('path = "benchmarks/pairs.csv"', 'path = "a\\\\b"', "relative and without"),
        ("bytes = 10", "size = 10", "unknown key 'size'"),
    ],
)
def test_a_slip_in_a_benchmark_is_one_clear_line(old, new, message):
    assert old in BENCHMARK
    with pytest.raises(DataError) as caught:
        parse_benchmark("pairs", BENCHMARK.replace(old, new, 1))
    assert message in str(caught.value)
    assert str(caught.value).startswith("Recipe eval/benchmarks/pairs.toml")
    assert "\n" not in str(caught.value)


TAGGING = f"""
task = "tagging"
description = "tags"
local = "tags.tsv"
metric = "accuracy"
oov = "zero"
lowercase = true
language = "en"
citation = "someone"
licence = "free"
verified = true
[columns]
document = "document"
sentence = "sentence"
tags = "tags"
[split]
train = ["c?01", "ca02"]
test = ["c?03"]
[original]
format = "tagged"
tag_map = "maps/x.map"
[[files]]
url = "https://example.org/brown.zip"
sha256 = "{SHA}"
path = "brown.zip"
"""


def test_a_split_and_a_map_of_tags_are_read_as_written():
    recipe = parse_benchmark("tags", TAGGING)
    assert recipe.split == {"train": ("c?01", "ca02"), "test": ("c?03",)}
    assert recipe.original.tag_map == "maps/x.map"
    assert parse_benchmark("pairs", BENCHMARK).split == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('test = ["c?03"]', "", "the key 'test' is missing"),
        ('test = ["c?03"]', "test = []", "at least one document each"),
        ('test = ["c?03"]', 'test = ["c?03"]\ndev = ["c?04"]', "unknown key 'dev'"),
        ('document = "document"\n', "", "split needs a column with the role 'document'"),
        ('format = "tagged"', 'format = "csv"\nfields = ["document", "sentence", "tags"]',
         "tag_map is for the format 'tagged'"),
    ],
)  # fmt: skip
def test_a_slip_in_a_split_is_one_clear_line(old, new, message):
    assert old in TAGGING
    with pytest.raises(DataError) as caught:
        parse_benchmark("tags", TAGGING.replace(old, new, 1))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reader = "text"', 'reader = "exec"', "unknown reader 'exec'"),
        ('reader = "text"', 'reader = "miniworld"', "'miniworld' needs no files or local"),
        (f'local = ["corpora/a.txt"]\nlocal_sha256 = ["{SHA}"]', "", "'text' needs files or local"),
        (f'local_sha256 = ["{SHA}"]', "local_sha256 = []\nlocals = 1", "unknown key 'locals'"),
        ('local = ["corpora/a.txt"]', 'local = ["a", "b"]', "one checksum for each file"),
        ('cleaning = "none"', "", "the key 'cleaning' is missing"),
    ],
)
def test_a_slip_in_a_corpus_is_one_clear_line(old, new, message):
    assert old in CORPUS
    with pytest.raises(DataError) as caught:
        parse_corpus("a", CORPUS.replace(old, new, 1))
    assert message in str(caught.value)


SYNONYM = BENCHMARK.split("[columns]")[0].replace("verified = true\n", "")
SYNONYM = SYNONYM.replace('"relatedness"', '"synonym"').replace('"spearman"', '"accuracy"')


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("option1 = 'x'\noption3 = 'y'", "numbered option1, option2"),
        ("option1 = 'x'", "either one column or"),
        ("options = 'x'\noption1 = 'y'\noption2 = 'z'", "either one column or"),
        ("", "are question, options, correct; got correct, question"),
    ],
)
def test_the_options_of_synonyms_are_one_column_or_numbered(columns, message):
    text = f"{SYNONYM}\n[columns]\nquestion = 'q'\ncorrect = 'c'\n{columns}\n"
    with pytest.raises(DataError, match=message):
        parse_benchmark("synonyms", text)


@pytest.mark.parametrize("columns", ["options = 'o'", "option1 = 'x'\noption2 = 'y'\npos = 'p'"])
def test_both_forms_of_options_are_accepted(columns):
    text = f"{SYNONYM}\n[columns]\nquestion = 'q'\ncorrect = 'c'\n{columns}\n"
    assert parse_benchmark("synonyms", text).task == "synonym"


def test_a_suite_lists_benchmarks_in_order():
    assert parse_suite("mine", 'benchmarks = ["b", "a"]') == ("b", "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("benchmarks = []", "at least one"),
        ('benchmarks = ["a", "a"]', "twice"),
        ('benchmark = ["a"]', "'benchmarks' is missing"),
        ('benchmarks = ["a"]\nname = "mine"', "unknown key 'name'"),
    ],
)
def test_a_slip_in_a_suite_is_one_clear_line(text, message):
    with pytest.raises(DataError, match=message):
        parse_suite("mine", text)


TEXT = """
task = "perplexity"
description = "a text"
corpus = "a"
rows = 3
metric = "perplexity"
oov = "zero"
[original]
format = "wikitext"
"""


def test_a_text_to_predict_has_the_files_of_its_corpus():
    recipe = with_files_of(parse_benchmark("text", TEXT), parse_corpus("a", CORPUS))
    assert recipe.columns == {"document": "document", "sentence": "sentence"}
    assert recipe.original.format == "wikitext"
    assert recipe.local_files == {"corpora/a.txt": SHA}
    assert (recipe.licence, recipe.citation, recipe.language) == ("free", "someone", "en")
    assert recipe.verified


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('corpus = "a"', "", "the key 'corpus' is missing"),
        ('corpus = "a"', 'corpus = "a"\nlocal = "b"', "local"),
        ('"wikitext"', '"pairs"', "the roles of task 'perplexity' are sentence"),
        ('metric = "perplexity"', 'metric = "accuracy"', "unknown metric 'accuracy'"),
    ],
)
def test_a_text_to_predict_that_breaks_a_rule(old, new, message):
    with pytest.raises(DataError, match=message):
        parse_benchmark("text", TEXT.replace(old, new))


def test_a_text_to_predict_is_one_file():
    two = CORPUS.replace('["corpora/a.txt"]', '["corpora/a.txt", "corpora/b.txt"]')
    two = two.replace(f'["{SHA}"]', f'["{SHA}", "{SHA}"]')
    with pytest.raises(DataError, match="must be one local file"):
        with_files_of(parse_benchmark("text", TEXT), parse_corpus("a", two))
