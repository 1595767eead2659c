"""A corpus that is encoded on a cluster is the one that is encoded here."""

from __future__ import annotations

import gzip
import json
import os
import signal

import pytest

from textrep.corpus import Corpus
from textrep.corpus.encoder import encode_text
from textrep.distributed import build_corpus, text
from textrep.errors import ClusterError, CorpusError

TEXTS = {
    "a.txt": "the cat sat on the mat\n\nthe cat ran\n" * 40,
    "b.txt.gz": "a new york minute\nthe new york cat\n" * 40,
    "c.jsonl": "".join(
        json.dumps({"text": f"the dog {i % 7} sat\nnew york"}) + "\n" for i in range(90)
    ),
    "d.txt": "broken \udcff bytes the end",
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, content in TEXTS.items():
        data = content.encode("utf-8", "surrogateescape")
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder


def contents(corpus):
    return {path.name: path.read_bytes() for path in corpus.path.iterdir()}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"min_count": 1, "sentences": "rules"},
        {"phrases": 1, "phrase_threshold": 1.0, "max_df": 0.9},
        {"tokenizer": "bpe", "vocab_size": 300},
    ],
    ids=str,
)
def test_the_corpus_is_that_of_one_machine(cluster, folder, tmp_path, options):
    found = build_corpus(folder, tmp_path / "there", cluster, **options)
    expected = Corpus.build(folder, tmp_path / "here", **options)
    assert contents(found) == contents(expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "texts", "there"]


def test_relative_paths_and_patterns(cluster, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = build_corpus(["texts/a.txt", "texts/b*"], "there", cluster)
    expected = Corpus.build(["texts/a.txt", "texts/b*"], "here")
    assert found.fingerprint == expected.fingerprint
    assert found.manifest.read == expected.manifest.read
    assert [source["name"] for source in found.manifest.sources] == [
        str(folder / name) for name in ("a.txt", "b.txt.gz")
    ]


def test_a_worker_that_ends_leaves_nothing(client, cluster, folder, tmp_path, monkeypatch):
    expected = Corpus.build(folder, tmp_path / "here")
    mark = tmp_path / "ended"
    original = text._encode_file

    def ending(*arguments):
        """Encode a file; the first worker that has done so is killed before it can say so."""
        found = original(*arguments)
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return found
        return os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(text, "_encode_file", ending)
    found = build_corpus(folder, tmp_path / "there", cluster)
    assert mark.exists()
    assert contents(found) == contents(expected)


@pytest.mark.parametrize("inputs", ["miniworld", [["a", "list", "of", "words"]]])
def test_what_is_no_file(cluster, tmp_path, inputs):
    with pytest.raises(ClusterError, match=r"can read files only.*build without a cluster"):
        build_corpus(inputs, tmp_path / "there", cluster)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file(cluster, folder, tmp_path):
    packed = (folder / "b.txt.gz").read_bytes()
    (folder / "b.txt.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CorpusError, match=r"b\.txt\.gz"):
        build_corpus(folder, tmp_path / "there", cluster)
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


def test_a_worker_that_cannot_write_beside_the_corpus(tmp_path):
    from textrep.corpus.options import BuildOptions
    from textrep.corpus.readers import sources
    from textrep.corpus.tokenization import Tokenization

    (tmp_path / "a.txt").write_text(TEXTS["a.txt"])
    tokenization = Tokenization.prepare(BuildOptions(), sources(tmp_path / "a.txt"))
    with pytest.raises(
        ClusterError, match=r"cannot write beside the corpus, to /nowhere \(No such"
    ):
        text._encode_file(tokenization, "/nowhere/stream", "line", "replace")
    assert (
        encode_text(
            tokenization, tmp_path / "stream", sentences="line", errors="replace", n_jobs=1
        ).stream.n_tokens
        == 40 * 9
    )
