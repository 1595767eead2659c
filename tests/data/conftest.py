"""Fixtures for downloads: a web server of the test's own and an empty cache."""

import pytest
from data.helpers import Server


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, no data folders, downloads allowed, no waiting between tries."""
    home = tmp_path / "home"
    monkeypatch.setenv("TEXTREP_HOME", str(home))
    monkeypatch.delenv("TEXTREP_DATA", raising=False)
    monkeypatch.delenv("TEXTREP_OFFLINE", raising=False)
    monkeypatch.setattr("textrep.data.download._WAIT", 0.0)
    return home / "data"
