"""Texts and labels from files of records."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textrep.corpus.readers.labelled import labelled_texts
from textrep.errors import CorpusError

PLAIN = 'label\ttext\nA\tone "two"\nB\t\n\nA\tthree\n'


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_tsv_csv_and_json_lines(tmp_path: Path) -> None:
    expected = (['one "two"', "", "three"], ["A", "B", "A"])
    csv = 'n,label,text\n1,A,"one ""two"""\n2,B,\n3,A,three\n'
    rows = [{"text": text, "label": label} for text, label in zip(*expected, strict=True)]
    for path in (
        put(tmp_path, "x.tsv", PLAIN),
        put(tmp_path, "x.csv", csv),
        put(tmp_path, "x.jsonl", "\n".join(map(json.dumps, rows))),
        put(tmp_path, "x.tsv.gz", gzip.compress(PLAIN.encode())),
    ):
        assert labelled_texts(path) == expected
    named = put(tmp_path, "y.tsv", PLAIN.replace("label", "kind").replace("text", "question"))
    assert labelled_texts(named, "question", "kind") == expected


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8")),
            st.integers() | st.booleans() | st.text("ab", min_size=1),
        ),
        min_size=1,
    )
)
@settings(max_examples=30, deadline=None)
def test_labels_of_json_keep_their_types(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str | int]]
) -> None:
    lines = [json.dumps({"text": text, "label": label}) for text, label in pairs]
    path = put(tmp_path_factory.mktemp("json"), "x.jsonl", "\n".join(lines))
    texts, labels = labelled_texts(path)
    assert texts == [text for text, _ in pairs]
    assert labels == [label for _, label in pairs]
    assert list(map(type, labels)) == [type(label) for _, label in pairs]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.txt", "text", "must end in .csv, .tsv, .jsonl"),
        ("x.tsv", "text\tkind\na\tb\n", "no field 'label'"),
        ("x.tsv", "txt\tlabel\na\tb\n", "no field 'text'. Did you mean 'txt'?"),
        ("x.tsv", "text\tlabel\n", "has no records"),
        ("x.tsv", "", "has no records"),
        ("x.tsv", "text\tlabel\na\n", ":2: 1 fields, but the header has 2"),
        ("x.tsv", "text\tlabel\na\t\n", ":2: the field 'label' must be a label"),
        ("x.csv", 'text,label\n"a,b\n', "not CSV"),
        ("x.jsonl", '{"text": "a"}', ":1: no field 'label'"),
        ("x.jsonl", '{"text": 5, "label": "a"}', ":1: the field 'text' must be a text. Got 5"),
        ("x.jsonl", '{"text": "a", "label": 0.5}', "must be a label"),
        ("x.jsonl", '{"text": "a", "label": null}', "must be a label"),
        ("x.jsonl", '{"text": "a", "label": ["b"]}', "must be a label"),
        ("x.jsonl", "[1]", "each line must be one object"),
    ],
)
def test_files_that_are_refused(name: str, content: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        labelled_texts(put(tmp_path, name, content))
    assert says in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
