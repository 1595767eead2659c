"""Tagged sentences, from small archives of the same layout and from the real ones."""

import zipfile

import pytest

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


def archive(path, members):
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return path


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
