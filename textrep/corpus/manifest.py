"""The files of an encoded corpus, and what it says of itself: ``manifest.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from textrep.errors import CorpusError

__all__ = [
    "DOCUMENTS",
    "FORMAT_VERSION",
    "MANIFEST",
    "SENTENCES",
    "TOKENIZER",
    "TOKENS",
    "VOCABULARY",
    "Manifest",
    "check_counts",
    "fingerprint",
]

# The files of an encoded corpus.
MANIFEST = "manifest.json"
VOCABULARY = "vocabulary.tsv"
TOKENS = "tokens.npy"
SENTENCES = "sentences.npy"
DOCUMENTS = "documents.npy"
TOKENIZER = "tokenizer.json"

FORMAT = "textrep-corpus"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Manifest:
    """The contents of ``manifest.json``.

    Attributes
    ----------
    tokenizer : dict
        Name and parameters of the tokenizer.
    options : dict
        The options of the build.
    sources : list of dict
        Name, size in bytes and sha256 of each input.
    read : dict of str to int
        ``bytes``, ``invalid_utf8``, ``tokens`` and ``types`` of the text before anything was
        dropped.
    dropped : dict of str to dict
        ``types`` and ``tokens`` that each rule of the vocabulary dropped.
    joined : int
        How many times two tokens became one phrase.
    kept : dict of str to int
        ``documents``, ``sentences``, ``tokens`` and ``types`` of the corpus. Tokens read are
        tokens kept plus tokens dropped plus tokens joined.
    checksums : dict of str to str
        sha256 of the content of each file.
    fingerprint : str
        sha256 over the checksums: equal for equal corpora.
    """

    tokenizer: dict[str, Any]
    options: dict[str, Any]
    sources: list[dict[str, Any]]
    read: dict[str, int]
    dropped: dict[str, dict[str, int]]
    joined: int
    kept: dict[str, int]
    checksums: dict[str, str]
    fingerprint: str

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into ``folder``."""
        content = {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}
        text = json.dumps(content, indent=2, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", "utf-8")

    @classmethod
    def read_from(cls, folder: Path) -> Manifest:
        """Read ``manifest.json`` from ``folder``.

        Raises
        ------
        CorpusError
            It is missing, damaged, or of a later version.
        """
        path = folder / MANIFEST
        try:
            content = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise CorpusError(
                f"{folder} is no encoded corpus: it holds no {MANIFEST}. "
                "Make one with `textrep corpus build`."
            ) from None
        except OSError as error:
            raise CorpusError(f"Cannot read {path}: {error.strerror}.") from None
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{path} is damaged: {error}. Build the corpus again.") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise CorpusError(f"{path} does not describe an encoded corpus of textrep.")
        version = content.get("format_version")
        if version != FORMAT_VERSION:
            raise CorpusError(
                f"{path} has format version {version}; this textrep reads version "
                f"{FORMAT_VERSION}. Use the textrep that wrote it, or build the corpus again."
            )
        names = [item.name for item in fields(cls)]
        missing = [name for name in names if name not in content]
        if missing:
            raise CorpusError(f"{path} lacks {', '.join(missing)}. Build the corpus again.")
        manifest = cls(**{name: content[name] for name in names})
        wrong = manifest._malformed()
        if wrong:
            raise CorpusError(f"{path} is damaged in {wrong}. Build the corpus again.")
        check_counts(manifest, path)
        return manifest

    def _malformed(self) -> str:
        """Return the name of the first entry that is not as it was written, or nothing."""
        expected = {
            "read": _has_counts(self.read, ("bytes", "invalid_utf8", "tokens", "types")),
            "kept": _has_counts(self.kept, ("documents", "sentences", "tokens", "types")),
            "joined": _is_count(self.joined),
            "dropped": isinstance(self.dropped, dict)
            and all(_has_counts(rule, ("types", "tokens")) for rule in self.dropped.values()),
            "tokenizer": isinstance(self.tokenizer, dict) and "name" in self.tokenizer,
            "options": isinstance(self.options, dict),
            "sources": isinstance(self.sources, list),
            "checksums": isinstance(self.checksums, dict)
            and all(isinstance(checksum, str) for checksum in self.checksums.values()),
        }
        # The fingerprint can be computed only from checksums that are there.
        wrong = [name for name, fine in expected.items() if not fine]
        if not wrong and self.fingerprint != fingerprint(self.checksums):
            wrong = ["fingerprint"]
        return next(iter(wrong), "")


def fingerprint(checksums: dict[str, str]) -> str:
    """Return the sha256 over the checksums of the files."""
    return hashlib.sha256("".join(checksums.values()).encode()).hexdigest()


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _has_counts(entry: object, names: tuple[str, ...]) -> bool:
    return isinstance(entry, dict) and all(_is_count(entry.get(name)) for name in names)


def check_counts(manifest: Manifest, path: Path) -> None:
    """Raise CorpusError unless every token read was kept, dropped by a rule, or joined."""
    dropped = sum(rule["tokens"] for rule in manifest.dropped.values())
    total = manifest.kept["tokens"] + dropped + manifest.joined
    if manifest.read["tokens"] != total:
        raise CorpusError(
            f"{path}: {manifest.read['tokens']:,} tokens were read, but {total:,} are accounted "
            "for. Build the corpus again."
        )
