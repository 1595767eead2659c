"""pydocs: real English text with no download, the documentation of the Python that is running.

It comes from the docstrings of the standard library and of the installed packages, the language
reference that ``help()`` shows, the descriptions in package metadata, and documentation files
beside packages. Source files are parsed, never imported or executed. The text depends on what is
installed: it is the same for the same installation, and differs between two.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import sysconfig
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from textrep.corpus.prose import paragraphs
from textrep.errors import InvalidParameterError
from textrep.progress import logger

__all__ = ["documents", "installed_folders"]

LARGEST_FILE = 4 << 20
"""Files above this many bytes are data, whatever their name says."""

_SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "site-packages", "dist-packages", "test", "tests", "testing", "node_modules"}
    | {"idlelib", "lib2to3", "_vendor", "licenses", "license_files"}
)
_TEXT = frozenset({".rst", ".md", ".txt"})
_SKIPPED_FILES = re.compile(
    r"(licen[cs]e|copying|notice|authors|contributors|requirements|top_level|entry_points|sources|"
    r"thirdparty|cmakelists|robots)",
    re.IGNORECASE,
)
_SCOPES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def installed_folders() -> list[Path]:
    """Return the folders of the standard library and of installed packages, sorted, each once."""
    paths = sysconfig.get_paths()
    names = [paths["stdlib"], paths["purelib"], paths["platlib"]]
    names += [name for name in sys.path if Path(name).name in ("site-packages", "dist-packages")]
    return sorted({Path(name).resolve() for name in names if Path(name).is_dir()})


def documents(
    max_tokens: int | None = 1_000_000, folders: Iterable[str | Path] | None = None
) -> Iterator[str]:
    """Yield the prose of the installed documentation.

    Parameters
    ----------
    max_tokens : int or None, default=1_000_000
        Stop after the document that reaches this many tokens (counted at white space); None reads
        everything. At least 1.
    folders : iterable of str or Path, optional
        Where to look instead of `installed_folders`.

    Yields
    ------
    str
        A document: the prose of one file, one paragraph a line, no line break at the end. No
        paragraph comes twice. The order is that of the folders, then of the sorted paths.

    Raises
    ------
    InvalidParameterError
        ``max_tokens`` is below 1.

    Notes
    -----
    A file that cannot be read or parsed is skipped; how many were, and why, goes to the log.
    """
    if max_tokens is not None and max_tokens < 1:
        raise InvalidParameterError(
            "max_tokens", "pydocs.documents", "at least 1, or None", max_tokens
        )
    roots = installed_folders() if folders is None else [Path(folder) for folder in folders]
    return _documents(max_tokens, roots)


def _documents(max_tokens: int | None, roots: list[Path]) -> Iterator[str]:
    left = max_tokens if max_tokens is not None else sys.maxsize
    seen: set[bytes] = set()
    skipped: Counter[str] = Counter()
    for path in _files(roots):
        new = []
        for text in _texts(path, skipped):
            for paragraph in paragraphs(text):
                digest = hashlib.blake2b(paragraph.lower().encode(), digest_size=16).digest()
                if digest not in seen:
                    seen.add(digest)
                    new.append(paragraph)
        if new:
            left -= sum(paragraph.count(" ") + 1 for paragraph in new)
            yield "\n".join(new)
        if left <= 0:
            break
    if skipped:
        reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(skipped.items()))
        logger.info("pydocs skipped %d files: %s", skipped.total(), reasons)


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    """Yield documentation and source files in sorted order; links to folders are not followed."""
    for root in roots:
        for folder, subfolders, names in os.walk(root):
            subfolders[:] = sorted(
                name
                for name in subfolders
                if name not in _SKIPPED_FOLDERS and not name.startswith(".")
            )
            for name in sorted(names):
                stem, suffix = os.path.splitext(name)
                is_text = suffix.lower() in _TEXT and not _SKIPPED_FILES.search(stem)
                is_metadata = name == "METADATA" and folder.endswith(".dist-info")
                if suffix == ".py" or is_text or is_metadata:
                    yield Path(folder, name)


def _texts(path: Path, skipped: Counter[str]) -> Iterator[str]:
    """Yield the docstrings of a source file, or the text of a documentation file."""
    try:
        if not path.is_file():
            return
        if path.stat().st_size > LARGEST_FILE:
            skipped["too large"] += 1
            return
        data = path.read_bytes()
    except OSError:
        skipped["unreadable"] += 1
        return
    if b"\0" in data:
        skipped["binary"] += 1
    elif path.suffix == ".py":
        if b'"""' in data or b"'''" in data:
            tree = _parsed(data)
            if tree is None:
                skipped["not valid Python"] += 1
            else:
                yield from (
                    _topics(tree) if path.match("pydoc_data/topics.py") else _docstrings(tree)
                )
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            skipped["not UTF-8"] += 1
            return
        yield text.partition("\n\n")[2] if path.name == "METADATA" else text


def _parsed(source: bytes) -> ast.Module | None:
    """Return the syntax tree of a source file in whatever encoding it declares."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about other people's escapes in strings
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _docstrings(
    scope: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[str]:
    docstring = ast.get_docstring(scope)
    if docstring:
        yield docstring
    for statement in scope.body:
        if isinstance(statement, _SCOPES):
            yield from _docstrings(statement)


def _topics(tree: ast.Module) -> Iterator[str]:
    """Yield the entries of the language reference, a dictionary of texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for value in node.values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value
