"""``textrep doctor``."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from textrep.cli.run import run


def test_facts_as_text_and_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEXTREP_OFFLINE", "1")
    assert run(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["versions"]["python"] == platform.python_version()
    assert found["machine"]["threads used"] >= 1
    assert found["folders"]["cache"] == str(tmp_path / "home")
    assert found["folders"]["cache writable"] is True
    assert found["folders"]["offline"] is True
    assert run(["doctor"]) == 0
    text = capsys.readouterr().out
    for section, facts in found.items():
        assert section in text
        assert all(name in text for name in facts)


def test_a_cache_for_kernels_can_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert run(["doctor", "--json"]) == 0
    folders = json.loads(capsys.readouterr().out)["folders"]
    assert folders["compiled kernels"] == f"{tmp_path} (writable)"
