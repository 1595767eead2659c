"""Python objects: strings, token lists and data sets that can be read again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.readers import blocks
from textrep.corpus.readers.blocks import BLOCK_BYTES, Source
from textrep.corpus.readers.python import (
    dataset_source,
    documents_source,
    is_dataset,
    iterable_source,
)
from textrep.errors import CorpusError


def text_of(source: Source) -> bytes:
    return b"".join(block.data for block in source.open())


class Sentences:
    """An iterable that starts anew each time."""

    def __init__(self, items: list[object]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[object]:
        return iter(self.items)


def test_strings_are_documents() -> None:
    source = iterable_source(["one\r\n\r\ntwo", "", None, "three"])
    assert list(source.open()) == [(b"one\n\ntwo\n\nthree", True)]
    assert list(source.open()) == [(b"one\n\ntwo\n\nthree", True)]
    assert (source.pretokenized, source.reopenable, source.bytes) == (False, True, None)


def test_the_checksum_is_of_the_text() -> None:
    stream = iterable_source(["one", "two"]).open()
    assert list(stream) == [(b"one\n\ntwo", True)]
    assert stream.digest() == hashlib.sha256(b"one\n\ntwo\n\n").hexdigest()


def test_the_checksum_tells_one_document_from_two() -> None:
    streams = [iterable_source(texts).open() for texts in (["one two"], ["one", "two"])]
    for stream in streams:
        list(stream)
    assert streams[0].digest() != streams[1].digest()


TOKENS = st.text(st.characters(min_codepoint=32, codec="utf-8"), min_size=1, max_size=5)


@given(st.lists(st.lists(TOKENS, max_size=5), max_size=10).filter(lambda items: items))
def test_token_lists_are_sentences(items: list[list[str]]) -> None:
    source = iterable_source(items)
    assert source.pretokenized
    found = [line.split("\x1f") for line in text_of(source).decode().split("\n")[:-1]]
    assert found == [item for item in items if item]


def test_sentences_in_tuples_and_arrays() -> None:
    items = Sentences([("New York", "is"), np.array(["big", "é"])])
    assert list(iterable_source(items).open()) == [("New York\x1fis\nbig\x1fé\n".encode(), True)]


def test_long_token_lists_are_cut_between_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [f"a b {number}" for number in range(600_000)]
    found = list(iterable_source([tokens]).open())
    assert len(found) == 2
    assert found[0].data.endswith(b"\x1f")
    assert len(found[0].data) <= BLOCK_BYTES
    joined = b"".join(block.data for block in found).decode()
    assert joined.removesuffix("\n").split("\x1f") == tokens
    assert blocks.BLOCK_BYTES == BLOCK_BYTES


@pytest.mark.parametrize(
    "once",
    [(word for word in ["a"]), iter(["a"]), map(str.lower, ["A"]), zip(["a"], ["b"], strict=True)],
    ids=["generator", "iterator", "map", "zip"],
)
def test_what_can_be_read_only_once_is_refused(once: Iterator[object]) -> None:
    with pytest.raises(CorpusError, match=r"can be read only once, .*Pass a list, or an object"):
        iterable_source(once)
    assert next(once) is not None  # and not a thing of it was taken


@pytest.mark.parametrize("items", [[], [None], ()])
def test_empty_iterables(items: list[object]) -> None:
    with pytest.raises(CorpusError, match=r"^The iterable is empty: there is no text to read\.$"):
        iterable_source(items)


@pytest.mark.parametrize("items", [{"a": "b"}, {"a", "b"}])
def test_what_has_no_order(items: object) -> None:
    with pytest.raises(CorpusError, match=r"^A (dict|set) has no order"):
        iterable_source(items)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (["a", ["b"]], r"^Item 2 of the iterable must be a string as the first one is, got list"),
        (["a", b"b"], r"^Item 2 of the iterable must be a string as the first one is, got bytes"),
        ([["a"], "b"], r"^Item 2 of the iterable must be a list of tokens .*, got str"),
        ([["a"], {"b"}], r"^Item 2 of the iterable must be a list of tokens .*, got set"),
        ([7], r"^Item 1 of the iterable must be a list of tokens .*, got int"),
        ([["a", 7]], r"^Item 1 of the iterable: a token must be a string, got 7"),
        ([["a", ""]], r"^Item 1 of the iterable: a token is empty\. Remove"),
        ([["a"], ["b\x1fc"]], r"^Item 2 .*: a token has a control character: 'b\\x1fc'"),
        ([["a\nb", "c"]], r"^Item 1 .*: a token has a control character: 'a\\nb'"),
        ([["a", "\x1f"]], r"^Item 1 .*: a token has a control character: '\\x1f'"),
        ([["\0"]], r"^Item 1 .*: a token has a control character: '\\x00'"),
    ],
)
def test_wrong_items_are_named(items: list[object], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        list(iterable_source(items).open())


def test_lone_surrogates_are_left_to_the_encoder() -> None:
    assert text_of(iterable_source(["a \ud800"])) == b"a \xed\xa0\x80"


def test_documents_are_made_anew_each_time() -> None:
    calls = []

    def documents() -> Iterator[str]:
        calls.append(1)
        yield "one"

    source = documents_source("made", documents)
    assert source.name == "made"
    assert [text_of(source), text_of(source)] == [b"one", b"one"]
    assert len(calls) == 2


class FakeDataset:
    """The least of a data set: column names, and rows as dictionaries."""

    column_names = ("id", "text")

    def __iter__(self) -> Iterator[dict[str, object]]:
        return iter([{"id": 1, "text": "one"}, {"id": 2, "text": "two"}])


def test_a_data_set_without_batches() -> None:
    assert is_dataset(FakeDataset())
    assert text_of(dataset_source(FakeDataset(), None)) == b"one\n\ntwo"


def test_a_data_set_without_the_column() -> None:
    with pytest.raises(
        CorpusError, match=r"no column 'txt'\. Did you mean 'text'\? .*: id, text\."
    ):
        dataset_source(FakeDataset(), "txt")


def test_hugging_face_data_sets() -> None:
    datasets = pytest.importorskip("datasets")
    columns = {"id": [1, 2, 3], "body": ["one", None, "two"], "words": [["a b"], [], ["c"]]}
    data = datasets.Dataset.from_dict(columns)
    for made in (data, data.to_iterable_dataset()):
        assert is_dataset(made)
        assert text_of(dataset_source(made, "body")) == b"one\n\ntwo"
        source = dataset_source(made, "words")
        assert source.pretokenized
        assert text_of(source) == b"a b\nc\n"
    assert source.name == "the data set's column 'words'"
    with pytest.raises(CorpusError, match=r"^The data set has splits \('train'\): pass one"):
        dataset_source(datasets.DatasetDict({"train": data}), "body")
