"""Text that comes later: counts that are added to, and an SVD that starts from an earlier one."""

from __future__ import annotations

import numpy as np
import pytest
from models.sources import arrays_of, sentences

from textrep import PPMI, SVD, Cooccurrence, OneHot
from textrep.corpus import Corpus
from textrep.errors import FormatError, InputError, UsageError, VocabularyError
from textrep.linalg import svd
from textrep.models import load_model


def encoded(text, **options):
    return Corpus.build(text, **({"min_count": 1} | options))


def document(text):
    """Sentences as one document, a line each."""
    return "\n".join(" ".join(sentence) for sentence in text)


@pytest.fixture(scope="module")
def texts():
    """Two texts whose words are only partly the same."""
    whole = sentences()
    early = [[word for word in s if word[-1] != "f"] or ["worda"] for s in whole[:200]]
    late = [[word for word in s if word[-1] != "a"] or ["wordz"] for s in whole[200:]]
    return early, late


@pytest.fixture
def folder(texts, tmp_path):
    """A folder of the counts of the early text."""
    Cooccurrence().fit(encoded(texts[0])).save(tmp_path / "counts")
    return tmp_path / "counts"


@pytest.mark.parametrize("memory", [None, 1 << 24])
@pytest.mark.parametrize(
    "counting",
    [
        {},
        {"window": 7, "weights": "dynamic"},
        {"side": "left", "weights": "flat"},
        {"window": 10, "boundary": "document"},
    ],
)
def test_added_counts_are_those_of_both_texts(texts, tmp_path, counting, memory):
    early, late = (document(text) for text in texts)
    Cooccurrence(**counting).fit(encoded([early])).save(tmp_path / "early")
    model = Cooccurrence(**counting, add=str(tmp_path / "early"), memory=memory)
    model.fit(encoded([late]))
    whole = Cooccurrence(**counting).fit(encoded([early, late]))
    assert list(model.vocabulary_.words) == list(whole.vocabulary_.words)
    assert model.vocabulary_.counts.tolist() == whole.vocabulary_.counts.tolist()
    assert len(model.vocabulary_) > len(encoded([late]).vocabulary)
    assert arrays_of(model) == arrays_of(whole)
    assert model.corpus_["tokens"] == whole.corpus_["tokens"]
    assert model.corpus_["counting"] == whole.corpus_["counting"]
    assert model.metrics_["entries"] == whole.metrics_["entries"]
    assert arrays_of(PPMI().fit(model)) == arrays_of(PPMI().fit(whole))


def test_text_after_text_in_any_order(texts, tmp_path):
    parts = [*(text[begin::2] for text in texts for begin in (0, 1))]
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        counts = Cooccurrence().fit(encoded(parts[order[0]]))
        for number in order[1:]:
            counts.save(tmp_path / "counts")
            counts = Cooccurrence(add=str(tmp_path / "counts")).fit(encoded(parts[number]))
        whole = Cooccurrence().fit(encoded([s for part in parts for s in part]))
        assert arrays_of(counts) == arrays_of(whole)
    assert len(counts.corpus_["texts"]) == 4


def test_counts_are_added_to_counts(texts, folder):
    late = Cooccurrence().fit(encoded(texts[1]))
    expected = arrays_of(Cooccurrence(add=str(folder)).fit(encoded(texts[1])))
    assert arrays_of(Cooccurrence(add=str(folder)).fit(late)) == expected


def test_pruned_words_have_the_counts_of_the_texts_that_kept_them(tmp_path):
    # "b" is there three times in each text, and four are asked for in the second.
    early, late = [["a", "b"]] * 3, [["a", "b"]] * 3 + [["a", "c"]] * 5
    Cooccurrence().fit(encoded(early)).save(tmp_path / "early")
    model = Cooccurrence(add=str(tmp_path / "early")).fit(encoded(late, min_count=4))
    assert dict(zip(model.vocabulary_.words, model.vocabulary_.counts, strict=True)) == {
        "a": 11,
        "c": 5,
        "b": 3,
    }
    assert model.word_vectors_.toarray().tolist() == [[0, 5, 3], [5, 0, 0], [3, 0, 0]]


def test_lists_of_contexts(texts, tmp_path):
    (tmp_path / "contexts").write_text("wordaa\nwordbf\nwordca\nworddd\n")
    contexts = str(tmp_path / "contexts")
    early, late = texts
    Cooccurrence(contexts=contexts).fit(encoded(early)).save(tmp_path / "early")
    model = Cooccurrence(contexts=contexts, add=str(tmp_path / "early")).fit(encoded(late))
    whole = Cooccurrence(contexts=contexts).fit(encoded([*early, *late]))
    assert arrays_of(model) == arrays_of(whole)
    (tmp_path / "contexts").write_text("wordab\n")
    with pytest.raises(UsageError, match="lists"):
        Cooccurrence(contexts=contexts, add=str(tmp_path / "early")).fit(encoded(late))


def test_the_same_text_twice_is_refused(texts, folder):
    model = Cooccurrence(add=str(folder))
    with pytest.raises(InputError, match="this text already"):
        model.fit(encoded(texts[0]))
    model.fit(encoded(texts[1])).save(folder)
    for text in texts:
        with pytest.raises(InputError, match="this text already"):
            model.fit(encoded(text))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"window": 4}, "window=5.*window=4"),
        ({"side": "left"}, "side='both'.*side='left'"),
        ({"max_count": 2.0}, "max_count=None.*max_count=2.0"),
    ],
)
def test_counts_that_were_made_otherwise_are_refused(texts, folder, changes, message):
    with pytest.raises(UsageError, match=message):
        Cooccurrence(**changes, add=str(folder)).fit(encoded(texts[1]))


@pytest.mark.parametrize("cannot", [{"max_count": 2.0}, {"ignore_top": 1}])
def test_counts_that_cannot_be_added_are_refused(texts, tmp_path, cannot):
    Cooccurrence(**cannot).fit(encoded(texts[0])).save(tmp_path / "early")
    with pytest.raises(UsageError, match="cannot be added"):
        Cooccurrence(**cannot, add=str(tmp_path / "early")).fit(encoded(texts[1]))


def test_what_cannot_be_added_to(texts, folder, tmp_path):
    late = encoded(texts[1])
    with pytest.raises(FormatError, match="does not exist"):
        Cooccurrence(add=str(tmp_path / "nothing")).fit(late)
    PPMI().fit(late).save(tmp_path / "ppmi")
    with pytest.raises(UsageError, match="holds a PPMI"):
        Cooccurrence(add=str(tmp_path / "ppmi")).fit(late)
    with pytest.raises(UsageError, match="OneHot"):
        Cooccurrence(add=str(folder)).fit(OneHot().fit(late))
    with pytest.raises(InputError, match="tokenized in another way"):
        Cooccurrence(add=str(folder)).fit(encoded([document(texts[1])]))


@pytest.mark.parametrize("file", ["model.safetensors", "vocabulary.tsv", "config.json"])
def test_counts_that_were_cut_short_are_refused(texts, folder, file):
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(FormatError):
        Cooccurrence(add=str(folder)).fit(encoded(texts[1]))


# An SVD that starts from an earlier one


@pytest.fixture(scope="module")
def topics():
    """Sentences about 40 topics of ten words; the last bring new words."""
    random = np.random.default_rng(1)
    subject = random.integers(0, 40, 3000)
    common = np.minimum(random.zipf(1.5, (3000, 4)), 60)
    own = subject[:, None] * 10 + random.integers(0, 10, (3000, 6))
    made = [
        [f"c{w}" for w in some] + [f"t{w}" for w in others]
        for some, others in zip(common, own, strict=True)
    ]
    return made[:2700], [[f"n{len(s[4])}", *s] for s in made[2700:]]


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_an_earlier_svd_saves_steps(topics, tmp_path, monkeypatch, p):
    monkeypatch.setattr(svd, "_SMALL", 1)
    monkeypatch.setattr("textrep.linalg.krylov.WIDTH", 8)  # blocks for a small matrix
    early, late = topics
    counts = Cooccurrence().fit(encoded(early))
    counts.save(tmp_path / "counts")
    SVD(dim=60, eigenvalue_weight=p).fit(counts).save(tmp_path / "svd")
    both = Cooccurrence(add=str(tmp_path / "counts")).fit(encoded(late))
    assert len(both.vocabulary_) > len(counts.vocabulary_)
    options = {"dim": 60, "tolerance": 0.001}
    cold = SVD(**options).fit(both)
    warm = SVD(**options, start=str(tmp_path / "svd")).fit(both)
    assert warm.metrics_["krylov_dimensions"] < cold.metrics_["krylov_dimensions"]
    assert warm.metrics_["singular_value_error"] < 0.001
    dense = PPMI().fit(both).word_vectors_.toarray().astype(float)
    exact = np.linalg.svd(dense, compute_uv=False)[:60]
    np.testing.assert_allclose(warm.singular_values_, exact, rtol=0.001)
    warm.save(tmp_path / "svd")  # over what it started from
    assert load_model(tmp_path / "svd").get_params()["start"] == str(tmp_path / "svd")


def test_what_an_svd_cannot_start_from(texts, tmp_path):
    corpus = encoded(texts[0])
    PPMI().fit(corpus).save(tmp_path / "ppmi")
    SVD(dim=3).fit([["x", "y", "z"], ["x", "y"], ["z", "z"]] * 6).save(tmp_path / "other")
    for path, error, message in (
        (tmp_path / "nothing", FormatError, "does not exist"),
        (tmp_path / "ppmi", UsageError, "dense"),
        (tmp_path / "other", VocabularyError, "no vector for any word"),
    ):
        with pytest.raises(error, match=message):
            SVD(dim=3, start=str(path)).fit(corpus)
