"""pydocs: finds the prose of an installation and stumbles over nothing."""

from __future__ import annotations

import logging
import os
from itertools import islice

import pytest

from textrep.corpus import pydocs
from textrep.errors import InvalidParameterError

FIRST = "This is the first of the paragraphs that the manual has to offer."
SECOND = "There is also a second paragraph, and it is not the same as the first."
THIRD = "The third paragraph is the last one that we are going to read here."


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    return folder


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def read(folder, **parameters):
    return list(pydocs.documents(folders=[folder], **parameters))


def test_docstrings_of_modules_classes_and_functions(site):
    write(
        site / "a.py",
        f'"""{FIRST}"""\nclass A:\n    """{SECOND}"""\n    async def f(self):\n'
        f'        """{THIRD}"""\n        return """{FIRST} Not a docstring."""\n',
    )
    assert read(site) == ["\n".join([FIRST, SECOND, THIRD])]


def test_nothing_is_executed(site):
    marker = site / "executed"
    write(site / "a.py", f'"""{FIRST}"""\nopen({str(marker)!r}, "w")\nraise SystemExit\n')
    assert read(site) == [FIRST]
    assert not marker.exists()


def test_metadata_and_documentation_files(site):
    write(site / "a-1.dist-info" / "METADATA", f"Name: a\nSummary: {SECOND}\n\n# A\n\n{FIRST}\n")
    write(site / "a" / "guide.rst", f"Guide\n=====\n\n{SECOND}\n")
    write(site / "a" / "README.md", f"\ufeff{THIRD}\n")
    assert sorted(read(site)) == sorted([FIRST, SECOND, THIRD])


def test_licences_tests_and_hidden_folders_are_left_out(site):
    write(site / "a" / "LICENSE.txt", FIRST)
    write(site / "a-1.dist-info" / "COPYING.md", FIRST)
    write(site / "a" / "tests" / "test_a.py", f'"""{SECOND}"""\n')
    write(site / ".hidden" / "b.md", THIRD)
    assert read(site) == []


def test_the_language_reference(site):
    write(site / "pydoc_data" / "topics.py", f"topics = {{'if': '''{FIRST}\n''', 'x': 1}}\n")
    assert read(site) == [FIRST]


def test_a_paragraph_comes_once(site):
    write(site / "a.md", f"{FIRST}\n\n{SECOND}\n")
    write(site / "b.md", f"{FIRST.upper()}\n\n{FIRST}\n\n{THIRD}\n")
    assert read(site) == [f"{FIRST}\n{SECOND}", THIRD]


def test_the_order_is_that_of_the_sorted_paths(site):
    for name in ("c.md", "a.md", "b/b.md"):
        write(site / name, FIRST.replace("manual", f"manual {name[0]}"))
    assert [document.split()[10] for document in read(site)] == ["a", "c", "b"]
    assert read(site) == read(site)


def test_max_tokens_stops_after_the_document_that_reaches_it(site):
    for name, text in (("a", FIRST), ("b", SECOND), ("c", THIRD)):
        write(site / f"{name}.md", text)
    tokens = len(FIRST.split())
    assert read(site, max_tokens=1) == [FIRST]
    assert read(site, max_tokens=tokens) == [FIRST]
    assert read(site, max_tokens=tokens + 1) == [FIRST, SECOND]
    assert read(site, max_tokens=None) == [FIRST, SECOND, THIRD]


def test_odd_files_are_skipped_and_counted(site, caplog, monkeypatch):
    monkeypatch.setattr(pydocs, "LARGEST_FILE", 10_000)
    write(site / "syntax.py", f'"""{FIRST}"""\ndef broken(:\n')
    write(site / "nul.py", f'"""{FIRST}"""\n\0'.encode())
    write(site / "codec.py", f'# -*- coding: no-such-codec -*-\n"""{FIRST}"""\n')
    write(site / "bytes.py", f'"""{FIRST}"""\n"'.encode() + b'\xff\xfe"\n')
    write(site / "deep.py", f'"""{FIRST}"""\n' + "(" * 3_000 + ")" * 3_000)
    write(site / "huge.py", f'"""{FIRST}"""\n' + "#" * 10_000)
    write(site / "latin.md", "Ça.\n\n".encode("latin-1") + FIRST.encode())
    write(site / "empty.py", b"")
    write(site / "good.py", f'"""{SECOND}"""\n')
    with caplog.at_level(logging.INFO, logger="textrep"):
        assert read(site) == [SECOND]
    assert "skipped 7 files" in caplog.text
    for reason in ("4 not valid Python", "1 too large", "1 binary", "1 not UTF-8"):
        assert reason in caplog.text


def test_a_declared_encoding_is_honoured(site):
    write(
        site / "a.py",
        f'# -*- coding: latin-1 -*-\n"""{FIRST.replace("manual", "café")}"""\n'.encode("latin-1"),
    )
    assert read(site) == [FIRST.replace("manual", "café")]


def test_links_in_a_circle_and_to_nowhere(site):
    write(site / "a" / "a.md", FIRST)
    os.symlink(site, site / "a" / "loop")
    os.symlink(site / "missing.md", site / "dangling.md")
    os.symlink(site / "self.py", site / "self.py")
    assert read(site) == [FIRST]


@pytest.mark.skipif(os.name != "posix", reason="named pipes are of POSIX")
def test_a_named_pipe_does_not_block(site):
    os.mkfifo(site / "pipe.md")
    write(site / "a.md", FIRST)
    assert read(site) == [FIRST]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_an_unreadable_file_is_skipped(site):
    write(site / "a.md", FIRST)
    (site / "a.md").chmod(0)
    assert read(site) == []


def test_a_folder_that_is_not_there_has_nothing(tmp_path):
    assert read(tmp_path / "missing") == []


def test_a_wrong_parameter_is_named_at_once():
    with pytest.raises(InvalidParameterError, match="max_tokens"):
        pydocs.documents(max_tokens=0)


def test_this_installation_has_prose():
    documents = list(islice(pydocs.documents(max_tokens=20_000), 500))
    assert sum(len(document.split()) for document in documents) >= 20_000
    text = " ".join(documents).lower().split()
    assert text.count("the") > 0.03 * len(text)


def test_the_standard_library_is_among_the_folders():
    folders = pydocs.installed_folders()
    assert any((folder / "os.py").exists() for folder in folders)
    assert len(set(folders)) == len(folders)
    assert all(folder.is_dir() for folder in folders)
