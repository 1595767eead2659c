"""Tagged sentences, from small archives of the same layout and from the real ones."""

import pytest
from data.helpers import archive

from textrep import data, recipes
from textrep.data.tagged import mapped_tags, split_by_documents, tag_map
from textrep.data.tagged import tagged_sentences as of_bytes
from textrep.errors import DataError

TREES = """
( (S
    (NP-SBJ (NNP Mr.) (NNP Vinken) )
    (VP (VBZ is) (-NONE- *T*-1) (-LRB- -LRB-) (NP-PRD (NN chairman) ))
    (. .) ))
( (S (NN end) ))
"""


def tagged_sentences(path):
    return of_bytes(path.read_bytes(), path)


def test_brown_has_a_sentence_a_line(tmp_path):
    texts = {
        "brown/cb01": "\n\n\tone/cd 1/2/cd ./.\n\n two/cd\n",
        "brown/ca02": "first/jj",
        "brown/README": "no/text",
    }
    found = list(tagged_sentences(archive(tmp_path / "brown.zip", texts)))
    assert [sentence.file for sentence in found] == ["ca02", "cb01", "cb01"]
    assert found[1].words == ("one", "1/2", ".")
    assert found[1].tags == ("cd", "cd", ".")


def test_the_leaves_of_trees_without_traces(tmp_path):
    path = archive(tmp_path / "treebank.zip", {"treebank/combined/wsj_0001.mrg": TREES})
    first, second = tagged_sentences(path)
    assert first.words == ("Mr.", "Vinken", "is", "(", "chairman", ".")
    assert first.tags == ("NNP", "NNP", "VBZ", "-LRB-", "NN", ".")
    assert (second.words, second.file) == (("end",), "wsj_0001")


def test_archives_that_cannot_be_read(tmp_path):
    (tmp_path / "brown.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"Cannot read .*brown\.zip"):
        list(tagged_sentences(tmp_path / "brown.zip"))
    (tmp_path / "other.zip").write_bytes(b"")
    with pytest.raises(DataError, match=r"must be one of brown\.zip, treebank\.zip"):
        list(tagged_sentences(tmp_path / "other.zip"))


def test_the_real_corpora_have_the_known_sizes(shared_data):
    folder = shared_data / "nltk_data" / "corpora"
    # As many words as NLTK counts, for the treebank without its empty elements.
    brown = [len(s.words) for s in tagged_sentences(folder / "brown.zip")]
    assert (len(brown), sum(brown)) == (57_340, 1_161_192)
    treebank = list(tagged_sentences(folder / "treebank.zip"))
    assert len(treebank) == 3_914
    assert sum(len(s.words) for s in treebank) == 100_676 - 6_592


# Tags that become others, and documents that are split


def test_a_tag_becomes_another(tmp_path):
    path = archive(tmp_path / "maps.zip", {"m/x.map": "CD\tNUM\nJJ-TL\tADJ\n.\t.\n"})
    become = tag_map(path.read_bytes(), path, "m/x.map")
    assert become == {"CD": "NUM", "JJ-TL": "ADJ", ".": "."}
    assert mapped_tags(["cd JJ-TL .", "."], become, path) == ["NUM ADJ .", "."]
    with pytest.raises(DataError, match=r"maps\.zip does not say what the tag 'NN' becomes"):
        mapped_tags(["cd nn"], become, path)


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"m/y.map": "A\tB"}, r"maps\.zip has no 'm/x\.map'"),
        ({"m/x.map": "A\tB\nonly\n"}, "a tag, a tab and its other on each line"),
        ({"m/x.map": b"\xff\tB"}, "Cannot read"),
    ],
)
def test_maps_that_are_none(members, says, tmp_path):
    path = archive(tmp_path / "maps.zip", members)
    with pytest.raises(DataError, match=says):
        tag_map(path.read_bytes(), path, "m/x.map")
    with pytest.raises(DataError, match="Cannot read"):
        tag_map(b"PK", path, "m/x.map")


def test_documents_are_split_by_their_names(tmp_path):
    documents = ["a01", "a02", "a01", "a03", "b01", "b02"]
    columns = {"document": documents, "sentence": list("stuvwx")}
    found = split_by_documents(columns, {"train": ["?01"], "test": ["a02", "b*2"]}, tmp_path)
    assert found == {
        "document": ["a01", "a02", "a01", "b01", "b02"],
        "sentence": list("stuwx"),
        "part": ["train", "test", "train", "train", "test"],
    }
    with pytest.raises(DataError, match=r"has no document 'c\?01', which is to train"):
        split_by_documents(columns, {"train": ["a*", "c?01"], "test": ["b*"]}, tmp_path)
    with pytest.raises(DataError, match=r"'a02' of .* is in two parts"):
        split_by_documents(columns, {"train": ["a*"], "test": ["?02"]}, tmp_path)


def test_brown_as_nltk_maps_it(shared_data):
    nltk = pytest.importorskip("nltk")
    table = data.table(recipes.benchmark_recipe("brown_tags"))
    kinds = "abcdefghjklmnpr"
    names = list(dict.fromkeys(table.columns["document"]))
    assert names == [f"c{kind}{number}" for kind in kinds for number in ("01", "02", "03")]
    rows = list(zip(*(table.columns[role] for role in ("document", "part")), strict=True))
    assert set(rows) == {(name, "test" if name.endswith("3") else "train") for name in names}
    folder = str(shared_data / "nltk_data")
    nltk.data.path.insert(0, folder)
    try:
        reader = nltk.corpus.reader.TaggedCorpusReader(
            nltk.data.find("corpora/brown.zip/brown/"), ["cp03"], tagset="en-brown"
        )
        expected = reader.tagged_sents(tagset="universal")
        ours = [
            list(zip(sentence.split(), tags.split(), strict=True))
            for sentence, tags, document in zip(
                *(table.columns[role] for role in ("sentence", "tags", "document")), strict=True
            )
            if document == "cp03"
        ]
        assert ours == [sentence for sentence in expected if sentence]
    finally:
        nltk.data.path.remove(folder)
