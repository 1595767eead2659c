"""Model folders: what is written is read back, what is damaged is refused in one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from textrep.errors import FormatError, InputError
from textrep.storage import ModelData, load_vectors, read_config, read_model, write_model

GOLDEN = Path(__file__).parents[1] / "golden"
WORDS = ["the", "of", "na\u00efve", "new york"]
VECTORS = np.array([[1, 0], [0.5, -0.25], [0, 0], [-1.5, 2]], np.float32)
CONTEXTS = np.array([[0, 1, 0], [0, 0, 0], [2, 0, -0.5], [0, 0, 3]], np.float32)


def model(**changes):
    values = {
        "class_name": "SVD",
        "parameters": {"dim": 2, "p": 0.5, "solver": "arpack"},
        "words": WORDS,
        "counts": np.array([9, 5, 3, 1]),
        "tensors": {
            "word_vectors": VECTORS,
            "context_vectors": sp.csr_array(CONTEXTS),
            "singular_values": np.array([2.5, 0.125]),
        },
        "versions": {"python": "3.11.7", "textrep": "0.1.0"},
        "seed": 1,
        "corpus": {"fingerprint": "0123abcd"},
        "metrics": {"seconds": 1.5},
    }
    return ModelData(**{**values, **changes})


def assert_same(found: ModelData, expected: ModelData):
    for name in ("class_name", "parameters", "words", "versions", "seed", "corpus", "metrics"):
        assert getattr(found, name) == getattr(expected, name), name
    assert (found.counts is None) == (expected.counts is None)
    if found.counts is not None:
        np.testing.assert_array_equal(found.counts, expected.counts)
    assert found.tensors.keys() == expected.tensors.keys()
    for name, tensor in expected.tensors.items():
        other = found.tensors[name]
        assert sp.issparse(other) == sp.issparse(tensor)
        assert other.dtype == tensor.dtype
        assert other.shape == tensor.shape
        if sp.issparse(tensor):
            tensor, other = tensor.toarray(), other.toarray()
        np.testing.assert_array_equal(other, tensor)


@pytest.fixture
def folder(tmp_path):
    write_model(tmp_path / "model", model())
    return tmp_path / "model"


def test_round_trip(folder):
    assert_same(read_model(folder), model())
    assert sorted(p.name for p in folder.iterdir()) == [
        "config.json",
        "model.safetensors",
        "timings.json",
        "vocabulary.tsv",
    ]


@pytest.mark.parametrize("golden", ["model-v1", "model-v1-timings"])
def test_a_folder_of_format_version_1_is_read_for_ever(golden):
    assert_same(read_model(GOLDEN / golden), model())
    assert load_vectors(GOLDEN / golden).similarity("the", "new york") == pytest.approx(-0.6)


def test_this_version_writes_the_golden_bytes(folder):
    golden = {file.name: file.read_bytes() for file in (GOLDEN / "model-v1-timings").iterdir()}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == golden


def test_what_a_clock_measured_is_apart(folder, tmp_path):
    row = {"loss": 0.5, "seconds": 2.0, "tokens_per_second": 7.0}
    metrics = {"seconds": 9.0, "history": [row, {"loss": 0.25}], "entries": 3}
    write_model(tmp_path / "slow", model(metrics=metrics))
    fast = {**metrics, "seconds": 1.0, "history": [{**row, "seconds": 0.1}, {"loss": 0.25}]}
    write_model(tmp_path / "fast", model(metrics=fast))
    assert read_model(tmp_path / "slow").metrics == metrics
    assert read_config(tmp_path / "fast")["metrics"] == fast
    one, other = (tmp_path / name / "config.json" for name in ("slow", "fast"))
    assert one.read_bytes() == other.read_bytes()
    assert json.loads(one.read_text())["metrics"] == {
        "history": [{"loss": 0.5}, {"loss": 0.25}],
        "entries": 3,
    }
    (tmp_path / "slow" / "timings.json").unlink()
    assert "seconds" not in read_model(tmp_path / "slow").metrics


def test_without_timings_there_is_no_file(tmp_path):
    write_model(tmp_path / "m", model(metrics={"entries": 3}))
    assert not (tmp_path / "m" / "timings.json").exists()
    assert read_model(tmp_path / "m").metrics == {"entries": 3}


def test_safetensors_reads_what_we_write(folder):
    found = load_file(folder / "model.safetensors")
    np.testing.assert_array_equal(found["word_vectors"], VECTORS)
    np.testing.assert_array_equal(found["context_vectors.indices"], [1, 0, 2, 2])
    np.testing.assert_array_equal(found["context_vectors.shape"], [4, 3])


def test_we_read_what_safetensors_writes(folder):
    from safetensors.numpy import save_file

    tensors = {"word_vectors": VECTORS, "odd": np.arange(3, dtype=np.int8)}
    save_file(tensors, folder / "model.safetensors", metadata={"a": "b"})
    found = read_model(folder).tensors
    np.testing.assert_array_equal(found["word_vectors"], VECTORS)
    np.testing.assert_array_equal(found["odd"], [0, 1, 2])


def test_dense_tensors_are_read_only_maps_of_the_file(folder):
    vectors = load_vectors(folder)
    assert not vectors.matrix.flags.writeable
    assert vectors.matrix.flags.aligned
    assert vectors.words == WORDS
    assert vectors.counts.tolist() == [9, 5, 3, 1]
    base = vectors.matrix
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert not isinstance(base, np.ndarray) or isinstance(base, np.memmap)


def test_sparse_vectors_load_sparse(tmp_path):
    matrix = sp.csr_array(CONTEXTS)
    write_model(tmp_path / "m", model(tensors={"word_vectors": matrix}, counts=None))
    vectors = load_vectors(tmp_path / "m")
    assert vectors.is_sparse
    assert vectors.counts is None
    np.testing.assert_array_equal(vectors["new york"], [0, 0, 3])


def test_versions_are_filled_in(tmp_path):
    data = ModelData("OneHot", {}, ["a"], None, {"word_vectors": np.ones((1, 1), np.float32)})
    write_model(tmp_path / "m", data)
    versions = read_model(tmp_path / "m").versions
    assert versions["numpy"] == np.__version__
    assert "textrep" in versions


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=6),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    counted=st.booleans(),
    dtype=st.sampled_from(["f4", "f8", "i4", "i8", "u1", "?"]),
    shape=st.lists(st.integers(0, 3), max_size=3),
)
def test_any_words_and_arrays_round_trip(tmp_path_factory, words, counted, dtype, shape):
    path = tmp_path_factory.mktemp("models") / "m"
    counts = np.arange(len(words)) if counted else None
    tensors = {
        "x": np.arange(np.prod(shape, dtype=int)).astype(dtype).reshape(shape),
        "word_vectors": np.full((len(words), 3), 0.1, np.float32),
        "y": np.array([1], np.int8),
    }
    data = model(words=words, counts=counts, tensors=tensors)
    write_model(path, data)
    assert_same(read_model(path), data)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": ["a", "b\nc", "d", "e"]}, "line break"),
        ({"words": ["a", "\ud800", "d", "e"]}, "no Unicode text"),
        ({"counts": np.array([1])}, "4 words with 1 counts"),
        ({"words": ["a"], "counts": None}, "1 words in the vocabulary"),
        ({"parameters": {"x": float("nan")}}, "Cannot write config.json"),
        ({"parameters": {"x": object()}}, "Cannot write config.json"),
        ({"parameters": {"x": "\ud800"}}, "Cannot write config.json"),
        ({"metrics": {"seconds": float("inf")}}, "Cannot write config.json"),
        ({"tensors": {"a.data": np.ones(1)}}, "part of a sparse matrix"),
        ({"tensors": {"a": np.array(["x"])}}, "no such type"),
    ],
)
def test_what_cannot_be_written_is_refused_and_nothing_is_left(tmp_path, changes, message):
    with pytest.raises(FormatError, match=message):
        write_model(tmp_path / "m", model(**changes))
    assert list(tmp_path.iterdir()) == []


def test_only_model_folders_are_replaced(folder, tmp_path):
    write_model(folder, model(seed=2))
    assert read_model(folder).seed == 2
    with pytest.raises(InputError, match="exists"):
        write_model(folder, model(), overwrite=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("words")
    with pytest.raises(InputError, match="Will not replace"):
        write_model(tmp_path / "mine", model())
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "words"


def edit_config(folder, **changes):
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def edit_header(folder, change):
    """Apply ``change`` to the safetensors header, leaving the data where it is."""
    file = folder / "model.safetensors"
    content = file.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    file.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])


def edit_tensors(folder, **changes):
    """Replace stored arrays by others, written by the safetensors library."""
    from safetensors.numpy import save_file

    arrays = load_file(folder / "model.safetensors")
    save_file({**arrays, **changes}, folder / "model.safetensors")


def cut(folder, name, keep):
    file = folder / name
    content = file.read_bytes()
    file.write_bytes(content[: keep if keep >= 0 else len(content) + keep])


DAMAGE = {
    "no folder": (lambda f: shutil.rmtree(f), "does not exist"),
    "a file": (lambda f: (shutil.rmtree(f), f.write_text("x")), "is a file, not a model folder"),
    "foreign": (lambda f: (f / "config.json").unlink(), "holds no config.json"),
    "cut config": (lambda f: cut(f, "config.json", 20), "it is not JSON"),
    "binary config": (lambda f: (f / "config.json").write_bytes(b"\xff\xfe"), "it is not JSON"),
    "deep config": (lambda f: (f / "config.json").write_text("[" * 100_000), "it is not JSON"),
    "other JSON": (lambda f: (f / "config.json").write_text("[1]"), "not a textrep model"),
    "other format": (lambda f: edit_config(f, format="onnx"), "not a textrep model"),
    "later": (lambda f: edit_config(f, format_version=2), "written by a later textrep"),
    "version": (lambda f: edit_config(f, format_version="1"), "format_version is '1'"),
    "parameters": (lambda f: edit_config(f, parameters=[]), "'parameters' is missing or of the"),
    "cut timings": (lambda f: cut(f, "timings.json", 5), "timings.json is damaged"),
    "binary timings": (
        lambda f: (f / "timings.json").write_bytes(b"\xff"),
        "is damaged, or of another",
    ),
    "timings of other metrics": (
        lambda f: (f / "timings.json").write_text('{"history": [{"seconds": 1}]}'),
        "is damaged, or of another",
    ),
    "timings in a list": (
        lambda f: (f / "timings.json").write_text("[1]"),
        "is damaged, or of another",
    ),
    "no vocabulary": (lambda f: (f / "vocabulary.tsv").unlink(), "vocabulary.tsv is missing"),
    "cut vocabulary": (lambda f: cut(f, "vocabulary.tsv", -1), "is cut, or does not begin"),
    "empty vocabulary": (lambda f: cut(f, "vocabulary.tsv", 0), "is cut, or does not begin"),
    "fewer words": (lambda f: cut(f, "vocabulary.tsv", -11), "3 words in the vocabulary"),
    "bad count": (
        lambda f: (f / "vocabulary.tsv").write_text("word\tcount\nthe\t9\nof\tx\n"),
        "line 3: expected a word, a tab and a count",
    ),
    "repeated word": (
        lambda f: (f / "vocabulary.tsv").write_text("word\na\nb\na\nc\n"),
        "line 4: the word 'a' occurs twice",
    ),
    "bad UTF-8": (
        lambda f: (f / "vocabulary.tsv").write_bytes(b"word\na\n\xff\n"),
        "byte 7 is not UTF-8",
    ),
    "no tensors": (lambda f: (f / "model.safetensors").unlink(), "model.safetensors is missing"),
    "empty tensors": (lambda f: cut(f, "model.safetensors", 0), "is cut or is no safetensors"),
    "cut header": (lambda f: cut(f, "model.safetensors", 30), "is cut or is no safetensors"),
    "cut data": (lambda f: cut(f, "model.safetensors", -3), "is cut: tensor"),
    "huge header": (
        lambda f: (f / "model.safetensors").write_bytes(b"\xff" * 100),
        "is cut or is no safetensors",
    ),
    "header not JSON": (
        lambda f: (f / "model.safetensors").write_bytes((4).to_bytes(8, "little") + b"abcd"),
        "its header is not that",
    ),
    "longer than the header": (
        lambda f: (f / "model.safetensors").open("ab").write(b"more"),
        "4 bytes follow the last tensor",
    ),
    "huge shape": (
        lambda f: edit_header(f, lambda h: h["word_vectors"].update(shape=[1 << 40, 1 << 40])),
        "is damaged: tensor 'word_vectors'",
    ),
    "negative shape": (
        lambda f: edit_header(f, lambda h: h["word_vectors"].update(shape=[-4, -2])),
        "its header is not that",
    ),
    "unknown type": (
        lambda f: edit_header(f, lambda h: h["word_vectors"].update(dtype="F3")),
        "its header is not that",
    ),
    "overlap": (
        lambda f: edit_header(f, lambda h: h["word_vectors"].update(data_offsets=[0, 32])),
        "is damaged: tensor",
    ),
    "beyond the end": (
        lambda f: edit_header(f, lambda h: h["word_vectors"].update(data_offsets=[0, 1 << 50])),
        "is cut: tensor 'word_vectors' ends at byte",
    ),
    "part missing": (
        lambda f: edit_tensors(f, **{"other.data": np.ones(1, np.float32)}),
        "'other' lacks its part 'indptr'",
    ),
    "index out of range": (
        lambda f: edit_tensors(f, **{"context_vectors.indices": np.array([1, 0, 2, 3], np.int32)}),
        "an index outside its 3 columns",
    ),
    "index below range": (
        lambda f: edit_tensors(f, **{"context_vectors.indices": np.array([-1, 0, 2, 1], np.int32)}),
        "an index outside its 3 columns",
    ),
    "falling limits": (
        lambda f: edit_tensors(
            f, **{"context_vectors.indptr": np.array([0, 3, 1, 3, 4], np.int32)}
        ),
        "row limits that do not fit",
    ),
    "short limits": (
        lambda f: edit_tensors(f, **{"context_vectors.indptr": np.array([0, 4], np.int32)}),
        "row limits that do not fit",
    ),
    "float limits": (
        lambda f: edit_tensors(f, **{"context_vectors.indptr": np.zeros(5)}),
        "parts of the wrong kind",
    ),
    "not finite": (
        lambda f: edit_tensors(f, word_vectors=np.full((4, 2), np.nan, np.float32)),
        "'word_vectors' holds NaN or infinity",
    ),
    "sparse not finite": (
        lambda f: edit_tensors(f, **{"context_vectors.data": np.full(4, np.inf, np.float32)}),
        "'context_vectors.data' holds NaN or infinity",
    ),
    "other rows": (
        lambda f: edit_tensors(f, word_vectors=np.ones((3, 2), np.float32)),
        r"4 words in the vocabulary, word_vectors of shape \[3, 2\]",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_one_clear_line(folder, damage):
    break_it, message = DAMAGE[damage]
    break_it(folder)
    with pytest.raises(FormatError, match=message) as caught:
        read_model(folder)
    assert "\n" not in str(caught.value)
    assert str(folder) in str(caught.value)


def test_a_model_without_word_vectors_has_no_vectors_to_load(tmp_path):
    write_model(tmp_path / "m", model(tensors={"codes": np.ones(3)}))
    with pytest.raises(FormatError, match="holds no word vectors, only codes"):
        load_vectors(tmp_path / "m")
