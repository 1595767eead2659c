"""The manifest: a round trip, and the sums that it must keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from textrep.corpus.manifest import Manifest, check_counts, fingerprint
from textrep.errors import CorpusError

CHECKSUMS = {"vocabulary.tsv": "ab", "tokens.npy": "cd"}
MANIFEST = Manifest(
    tokenizer={"name": "simple"},
    options={"min_count": 2, "field": None, "max_df": 0.5},
    sources=[{"name": "é.txt", "bytes": 9, "sha256": "ef"}],
    read={"bytes": 9, "invalid_utf8": 0, "tokens": 10, "types": 4},
    dropped={"min_count": {"types": 1, "tokens": 2}, "max_df": {"types": 1, "tokens": 3}},
    joined=1,
    kept={"documents": 1, "sentences": 1, "tokens": 4, "types": 2},
    checksums=CHECKSUMS,
    fingerprint=fingerprint(CHECKSUMS),
)


def test_a_round_trip(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert Manifest.read_from(tmp_path) == MANIFEST
    assert "é.txt" in (tmp_path / "manifest.json").read_text("utf-8")


def test_every_token_is_accounted_for() -> None:
    check_counts(MANIFEST, Path("x"))
    lost = (
        replace(MANIFEST, joined=0),
        replace(MANIFEST, dropped={}),
        replace(MANIFEST, kept=MANIFEST.kept | {"tokens": 5}),
        replace(MANIFEST, read=MANIFEST.read | {"tokens": 11}),
    )
    for manifest in lost:
        with pytest.raises(CorpusError, match=r"x: 1[01] tokens were read, but \d+ are accounted"):
            check_counts(manifest, Path("x"))


def test_the_fingerprint_is_that_of_the_checksums(tmp_path: Path) -> None:
    replace(MANIFEST, fingerprint=fingerprint({"tokens.npy": "cd"})).write(tmp_path)
    with pytest.raises(CorpusError, match="damaged in fingerprint"):
        Manifest.read_from(tmp_path)
    assert fingerprint({"a": "1", "b": "2"}) != fingerprint({"a": "2", "b": "1"})
