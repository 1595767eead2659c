"""What is known of a text before it is trained on."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from textrep.corpus import Corpus
from textrep.corpus import text_sample as sampling
from textrep.corpus.readers import sources
from textrep.corpus.text_sample import sample_text
from textrep.counting import outlook as module
from textrep.counting.outlook import Outlook, outlook_of
from textrep.errors import CorpusError


def zipf_lines(n, seed=0):
    random = np.random.default_rng(seed)
    words = random.zipf(1.35, (n, 10)).clip(1, 10**6)
    return [" ".join(f"w{number}" for number in line) for line in words.tolist()]


@pytest.fixture(scope="module")
def lines():
    return zipf_lines(20_000)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))


def test_of_an_encoded_corpus_everything_is_known(lines):
    corpus = Corpus.build([line.split() for line in lines])
    outlook = Outlook.of(corpus)
    read = corpus.manifest.read["tokens"]
    assert not outlook.estimated
    assert (outlook.n_tokens, outlook.n_words) == (corpus.n_tokens, len(corpus.vocabulary))
    assert (outlook.n_read, outlook.n_sentences) == (read, corpus.n_sentences)
    assert outlook.coverage == corpus.n_tokens / read < 1
    size = (corpus.path / "vocabulary.tsv").stat().st_size
    assert outlook.row_bytes * outlook.n_words == pytest.approx(size)
    counts = np.bincount(outlook.tokens, minlength=outlook.n_words)
    assert counts.tolist() == corpus.vocabulary.counts.tolist()  # all of so short a text
    assert sorted(np.diff(outlook.offsets)) == sorted(np.diff(corpus.sentence_offsets))
    assert not np.array_equal(outlook.tokens, corpus.tokens)  # in another order


def test_a_sample_is_so_large_and_no_larger(lines, monkeypatch):
    monkeypatch.setattr(module, "_SAMPLE_TOKENS", 5000)
    corpus = Corpus.build([line.split() for line in lines], min_count=1)
    outlook = Outlook.of(corpus)
    assert 4980 < len(outlook.tokens) == outlook.offsets[-1] <= 5000
    sentences = {" ".join(sentence) for sentence in corpus.sentences()}
    for begin, end in zip(outlook.offsets[:20], outlook.offsets[1:21], strict=True):
        assert " ".join(outlook.words[i] for i in outlook.tokens[begin:end]) in sentences


def test_an_excerpt_is_the_beginning_of_the_sample(lines):
    outlook = Outlook.of(Corpus.build([line.split() for line in lines]))
    excerpt = outlook.excerpt(1000)
    assert 985 < excerpt.n_tokens <= 1000
    found = [word for sentence in excerpt.sentences() for word in sentence]
    assert found == [outlook.words[i] for i in outlook.tokens[: excerpt.n_tokens]]
    assert excerpt.n_sentences == np.searchsorted(outlook.offsets, excerpt.n_tokens)
    assert outlook.excerpt(1).n_sentences == 1
    assert outlook.excerpt(10**9).n_tokens == outlook.n_tokens


def test_a_twentieth_of_a_text_tells_its_vocabulary(lines):
    sample = Corpus.build([line.split() for line in lines[:1000]], min_count=1)
    whole = Corpus.build([line.split() for line in lines])
    outlook = Outlook.of_sample(sample, 200_000)
    assert outlook.estimated
    assert outlook.n_words == pytest.approx(len(whole.vocabulary), rel=0.2)
    assert 1 - outlook.coverage == pytest.approx(1 - whole.n_tokens / 200_000, rel=0.2)
    assert outlook.n_sentences == 20_000


# Text that is not encoded


@pytest.fixture
def small_samples(monkeypatch):
    monkeypatch.setattr(sampling, "_KEPT_BYTES", 20_000)
    monkeypatch.setattr(sampling, "_MEASURED_BYTES", 20_000)


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_the_size_of_a_text_from_its_beginning(tmp_path, suffix, lines):
    text = ("\n".join(lines) + "\n").encode() * 120  # too far apart for gzip to see that it repeats
    assert len(text) > 10 * 2**22
    path = tmp_path / f"text{suffix}"
    path.write_bytes(gzip.compress(text, 1) if suffix.endswith("gz") else text)
    sample = sample_text(sources(path))
    assert sum(len(part.encode()) for part in sample.texts) == sample.n_bytes
    assert 2**22 - 100 < sample.n_bytes <= 2**23
    assert text.startswith(sample.texts[0].encode())
    assert sample.of_bytes == pytest.approx(len(text), rel=0.2)


def test_a_text_that_is_read_to_its_end_is_known(tmp_path, lines):
    text = "\n".join(lines).encode()
    (tmp_path / "text.gz").write_bytes(gzip.compress(text, 1))
    sample = sample_text(sources(tmp_path / "text.gz"))
    assert sample.n_bytes == sample.of_bytes == len(text)


def test_many_files_are_sampled_across(tmp_path, small_samples):
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text("\n".join(zipf_lines(60, number)))
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    sample = sample_text(sources(tmp_path))
    assert 20_000 <= sample.n_bytes < size / 3
    assert sample.of_bytes == pytest.approx(size, rel=0.01)


def test_what_has_no_size_or_is_there_once():
    assert sample_text(sources([["a", "b"]])) is None


def test_a_long_text_is_not_encoded_for_it(tmp_path, lines, small_samples):
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(20):
        text = "\n".join(lines[number * 1000 : (number + 1) * 1000])
        (parts / f"{number}.txt").write_text(text)
    outlook = outlook_of(parts)
    assert outlook.estimated
    assert not (tmp_path / "home").exists()
    assert outlook.n_read == pytest.approx(200_000, rel=0.02)
    Corpus.build(parts, tmp_path / "encoded")
    known = outlook_of(tmp_path / "encoded")
    assert not known.estimated
    assert outlook.n_words == pytest.approx(known.n_words, rel=0.2)


def test_a_short_text_is_encoded(tmp_path, lines):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines[:500]))
    first = outlook_of(path)
    assert not first.estimated
    assert first.n_read == 5000
    assert outlook_of(str(path)).n_words == first.n_words  # from the cache


def test_what_is_no_text(tmp_path):
    with pytest.raises(CorpusError, match="no-such-file"):
        outlook_of(tmp_path / "no-such-file")
