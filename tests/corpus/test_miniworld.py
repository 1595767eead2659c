"""miniworld: the same text everywhere, and questions that follow from the world."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import combinations, islice

import numpy as np
import pytest
import scipy.sparse
from scipy.stats import spearmanr

from textrep.corpus.miniworld import benchmark_names, benchmark_table, generate, load_world
from textrep.corpus.miniworld.generate import _SLOT
from textrep.corpus.miniworld.gold import analogy_pairs
from textrep.errors import InvalidParameterError, UnknownNameError

# A change of these is a change of the corpus: every published score on miniworld changes with it.
SHA256_OF_20_000_TOKENS = "880c062d9515a6c50c2ee886b0a47cdc97cd8738fa4ea66e131dc4e2c0ce0b52"
SHA256_OF_THE_CORPUS = "74ca0d2a72a0d9d8147be28ab30a0170dfb91566735ba48258b8055741197b70"

SHA256_OF_QUESTIONS = {
    "miniworld-relatedness": "38810aedb00ce775f62041b4ddfe46daa57711220ec6c41da17894fab953b28c",
    "miniworld-synonyms": "ca38476363679330617929d7a791459ac3578ec5338ee0a9e3c0f0a79aadd11f",
    "miniworld-analogies": "7fc609953278f4ded54be56e5a296eaccaa548bdeae2a2c998d04ab1ec87fc1a",
}


def sha256(documents):
    return hashlib.sha256("\n\n".join(documents).encode()).hexdigest()


@pytest.fixture(scope="module")
def corpus():
    return list(generate())


@pytest.fixture(scope="module")
def sentences(corpus):
    return [re.findall(r"\w+", line.lower()) for text in corpus for line in text.split("\n")]


@pytest.fixture(scope="module")
def counts(sentences):
    return Counter(word for sentence in sentences for word in sentence)


@pytest.fixture(scope="module")
def world():
    return load_world()


# The text


def test_the_text_of_a_seed_never_changes(corpus):
    assert sha256(generate(tokens=20_000, seed=0)) == SHA256_OF_20_000_TOKENS
    assert sha256(corpus) == SHA256_OF_THE_CORPUS


def test_another_seed_gives_another_text():
    assert sha256(generate(tokens=2_000, seed=1)) != sha256(generate(tokens=2_000, seed=0))


def test_a_shorter_text_is_the_beginning_of_a_longer_one(corpus):
    short = list(generate(tokens=5_000))
    assert short == corpus[: len(short)]


@pytest.mark.parametrize("tokens", [1, 1_000, 50_000])
def test_the_number_of_tokens_is_reached_by_the_last_document(tokens):
    documents = list(generate(tokens=tokens))
    lengths = [len(document.split()) for document in documents]
    assert sum(lengths) >= tokens
    assert sum(lengths[:-1]) < tokens


def test_the_default_has_a_million_tokens(corpus):
    assert 1_000_000 <= sum(len(document.split()) for document in corpus) < 1_001_000


def test_sentences_look_like_sentences(corpus):
    for line in islice((line for text in corpus for line in text.split("\n")), 20_000):
        assert re.fullmatch(r"[A-Z][A-Za-zé,' ]*\.", line), line
        assert "  " not in line
        assert not re.search(r"\ban? (an?|the) ", line), line


def test_frequencies_fall_as_zipf_says(counts):
    ranked = np.array(sorted(counts.values(), reverse=True), dtype=float)
    ranks = np.arange(1, len(ranked) + 1)
    middle = slice(10, 1_000)
    slope = np.polyfit(np.log(ranks[middle]), np.log(ranked[middle]), 1)[0]
    assert -1.4 < slope < -0.7


def test_words_of_a_topic_meet_in_documents(corpus):
    documents = [set(re.findall(r"\w+", text.lower())) for text in corpus]
    violin = [document for document in documents if "violin" in document]
    with_concert = np.mean(["concert" in document for document in violin])
    with_cow = np.mean(["cow" in document for document in violin])
    assert with_concert > 5 * with_cow


@pytest.mark.parametrize(("parameter", "value"), [("tokens", 0), ("tokens", -5), ("seed", -1)])
def test_a_wrong_parameter_is_named_at_once(parameter, value):
    with pytest.raises(InvalidParameterError, match=parameter):
        generate(**{parameter: value})


# The world


def test_the_world_is_as_large_as_it_says(world):
    asked = [entry for entry in world.entries if entry.asked]
    assert 500 <= len(asked) <= 800
    assert sum(len(entry.synonyms) for entry in asked) > 150
    assert (
        sum(len(c.templates) for c in {e.category.name: e.category for e in world.entries}.values())
        > 200
    )


def test_every_template_is_said_of_some_word(world):
    """A mistyped slot would silence its template."""
    categories = {entry.category.name for entry in world.entries}
    for name in categories:
        entries = world.of(name)
        for template in entries[0].category.templates:
            slots = {slot for _, slot in _SLOT.findall(template)}
            assert any(slots <= {"word", *entry.facts} | categories for entry in entries), template
            assert "{" not in _SLOT.sub("", template), template


def test_every_fact_is_told(world):
    """A fact that no template tells would count in the gold and not in the text."""
    for entry in world.entries:
        told = {slot for text in entry.category.templates for _, slot in _SLOT.findall(text)}
        assert set(entry.facts) - told <= {"female"}, entry.word


def test_facts_of_the_world(world):
    facts = {(entry.category.name, entry.word): entry for entry in world.entries}
    assert facts["country", "France"].facts["capital"] == ("Paris",)
    assert facts["vehicle", "car"].synonyms == ("automobile",)
    assert facts["person", "queen"].facts["he"] == ("she",)
    assert facts["person", "queen"].facts["place"] == facts["person", "king"].facts["place"]
    assert facts["verb", "write"].facts["past"] == ("wrote",)
    assert world.plural("mouse") == "mice"


# The questions


@pytest.mark.parametrize("name", benchmark_names())
def test_tables_are_whole(name):
    table = benchmark_table(name)
    assert len({len(values) for values in table.values()}) == 1
    assert all(
        value and value == value.strip().lower() for values in table.values() for value in values
    )
    assert 300 <= len(next(iter(table.values()))) <= 2_000


@pytest.mark.parametrize("name", benchmark_names())
def test_every_word_asked_about_is_known_well_enough(name, counts):
    table = benchmark_table(name)
    words = {
        w
        for column, values in table.items()
        if column not in {"score", "correct", "category"}
        for w in values
    }
    assert {word: counts[word] for word in words if counts[word] < 20} == {}


@pytest.mark.parametrize("name", benchmark_names())
def test_the_questions_never_change(name):
    lines = ["\t".join(row) for row in zip(*benchmark_table(name).values(), strict=True)]
    assert sha256(lines) == SHA256_OF_QUESTIONS[name]


def test_a_table_can_be_changed_without_harm():
    benchmark_table("miniworld-analogies")["a"].clear()
    assert benchmark_table("miniworld-analogies")["a"]


def test_an_unknown_benchmark_is_named():
    with pytest.raises(UnknownNameError, match="miniworld-synonyms"):
        benchmark_table("miniworld-synonym")


def test_relatedness_follows_from_the_world(world):
    """The documented formula, one pair at a time."""
    entries = {entry.word.lower(): entry for entry in world.entries if entry.asked}
    synonym_of = {synonym: entry.word for entry in entries.values() for synonym in entry.synonyms}

    def values(entry):
        return {text for texts in entry.facts.values() for text in texts}

    def names(entry):
        spellings = {spelling.lower() for spelling in entry.spellings}
        return spellings | {world.plural(spelling) for spelling in spellings if entry.is_counted}

    def mentions(one, other):
        return bool(names(other) & {word for text in values(one) for word in text.split()})

    def score(a, b):
        if synonym_of.get(b) == a:
            return 1_000
        one, other = entries[a], entries[b]
        common, either = values(one) & values(other), values(one) | values(other)
        total = 100 * (one.category.group == other.category.group)
        total += 200 * (one.category.name == other.category.name)
        total += 200 * (one.topic == other.topic)
        total += 300 * len(common) // len(either)
        total += 200 * (mentions(one, other) or mentions(other, one))
        return min(total, 900)

    table = benchmark_table("miniworld-relatedness")
    pairs = list(zip(table["word1"], table["word2"], table["score"], strict=True))
    assert [f"{score(a, b) / 100:.2f}" for a, b, _ in pairs] == [given for *_, given in pairs]
    assert len({frozenset(pair[:2]) for pair in pairs}) == len(pairs)
    assert {int(float(given)) for *_, given in pairs} >= set(range(8)) | {10}


def test_synonym_questions_have_one_answer(world):
    rings = {}
    category = {}
    for entry in world.entries:
        for spelling in entry.spellings if entry.asked else ():
            rings[spelling.lower()] = entry
            category[spelling.lower()] = entry.category.name
    table = benchmark_table("miniworld-synonyms")
    options = list(zip(*(table[f"option{number}"] for number in range(1, 5)), strict=True))
    same_kind = 0
    for question, choices, correct in zip(
        table["question"], options, table["correct"], strict=True
    ):
        assert len({question, *choices}) == 5
        answers = [choice for choice in choices if rings[choice] is rings[question]]
        assert answers == [choices[int(correct) - 1]]
        same_kind += sum(category[choice] == category[question] for choice in choices) == 4
    assert same_kind > 0.8 * len(options)
    assert min(Counter(table["correct"]).values()) > len(options) / 6


def test_synonym_options_are_no_guess_by_frequency(counts):
    table = benchmark_table("miniworld-synonyms")
    options = zip(*(table[f"option{number}"] for number in range(1, 5)), strict=True)
    most = [max(range(4), key=lambda i: counts[choices[i]]) for choices in options]
    right = [int(correct) - 1 for correct in table["correct"]]
    assert np.mean(np.equal(most, right)) < 0.45


def test_analogies_stand_in_their_relation(world):
    relations = analogy_pairs(world)
    assert set(relations) == {
        "capital-country",
        "country-nationality",
        "singular-plural",
        "male-female",
        "verb-past",
        "adjective-comparative",
        "animal-young",
        "profession-tool",
    }
    for relation, pairs in relations.items():
        assert len(pairs) >= 15, relation
        assert len(set(sum(pairs, ()))) == 2 * len(pairs), relation
    assert ("rome", "italy") in relations["capital-country"]
    assert ("king", "queen") in relations["male-female"]
    assert ("horse", "foal") in relations["animal-young"]
    table = benchmark_table("miniworld-analogies")
    questions = list(
        zip(*(table[column] for column in ("category", "a", "b", "c", "d")), strict=True)
    )
    assert len(set(questions)) == len(questions)
    for relation, a, b, c, d in questions:
        assert (a, b) in relations[relation]
        assert (c, d) in relations[relation]
        assert len({a, b, c, d}) == 4


# What methods make of it


def test_ppmi_svd_finds_the_world_and_chance_does_not(sentences, counts):
    words = [word for word, count in counts.items() if count >= 5]
    row = {word: number for number, word in enumerate(words)}
    vectors = {
        "ppmi-svd": _ppmi_svd(sentences, row, window=5, dim=100),
        "random": np.random.default_rng(0).normal(size=(len(words), 100)),
    }
    scores = {name: _scores(matrix, row) for name, matrix in vectors.items()}
    assert scores["ppmi-svd"]["relatedness"] > 0.7
    assert scores["ppmi-svd"]["synonyms"] > 0.85
    assert 0.2 < scores["ppmi-svd"]["analogies"] < 0.95
    assert abs(scores["random"]["relatedness"]) < 0.2
    assert scores["random"]["synonyms"] < 0.35
    assert scores["random"]["analogies"] < 0.02


def _ppmi_svd(sentences, row, window, dim):
    pairs = Counter()
    for sentence in sentences:
        ids = [row[word] for word in sentence if word in row]
        for distance in range(1, window + 1):
            pairs.update(zip(ids, ids[distance:], strict=False))
    left, right = np.array(list(pairs)).T
    half = scipy.sparse.coo_array(
        (np.fromiter(pairs.values(), float), (left, right)), shape=(len(row), len(row))
    )
    counts = (half + half.T).tocoo()
    word, context = counts.sum(1), counts.sum(0) ** 0.75
    pmi = np.log(counts.data / (word[counts.row] * (context / context.sum())[counts.col]))
    ppmi = scipy.sparse.csr_array(
        (np.maximum(pmi, 0), (counts.row, counts.col)), shape=counts.shape
    )
    u, s, _ = scipy.sparse.linalg.svds(ppmi, dim, v0=np.ones(len(row)))
    return u * np.sqrt(s)


def _scores(matrix, row):
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)

    def rows(values):
        return unit[[row[word] for word in values]]

    table = benchmark_table("miniworld-relatedness")
    cosines = (rows(table["word1"]) * rows(table["word2"])).sum(1)
    relatedness = spearmanr(cosines, [float(score) for score in table["score"]]).statistic

    table = benchmark_table("miniworld-synonyms")
    question = rows(table["question"])
    cosines = np.stack([(question * rows(table[f"option{n}"])).sum(1) for n in range(1, 5)], axis=1)
    synonyms = np.mean(cosines.argmax(1) + 1 == [int(correct) for correct in table["correct"]])

    table = benchmark_table("miniworld-analogies")
    given = np.array([[row[word] for word in table[column]] for column in "abc"])
    target = (rows(table["b"]) - rows(table["a"]) + rows(table["c"])) @ unit.T
    for words in given:
        target[np.arange(len(words)), words] = -np.inf
    analogies = np.mean(target.argmax(1) == [row[word] for word in table["d"]])
    return {"relatedness": relatedness, "synonyms": synonyms, "analogies": analogies}


def test_bands_of_relatedness_are_equally_full():
    scores = [float(score) for score in benchmark_table("miniworld-relatedness")["score"]]
    bands = Counter(min(int(score), 8) for score in scores)
    for one, other in combinations(bands.values(), 2):
        assert one <= 3 * other
