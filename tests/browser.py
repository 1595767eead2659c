"""A real browser for the tests of pages: Chromium without a screen, driven by Selenium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

__all__ = ["browser", "console", "open_page", "requests"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    """A browser that keeps what pages log and ask for; a skip where none is installed."""
    driver = shutil.which("chromedriver")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if driver is None or program is None:
        pytest.skip("no Chromium with chromedriver is installed")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.add_argument("--window-size=1280,900")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()


def open_page(browser: Chrome, path: Path) -> None:
    """Open a file; what was logged before is forgotten."""
    for log in ("browser", "performance"):
        browser.get_log(log)
    browser.get(path.resolve().as_uri())


def console(browser: Chrome) -> list[str]:
    """Return what the page logged since it was opened or asked last: errors and warnings too."""
    return [entry["message"] for entry in browser.get_log("browser")]


def requests(browser: Chrome) -> list[str]:
    """Return what the page asked for besides itself and what it holds (data:, blob:)."""
    import json

    asked: list[str] = []
    for entry in browser.get_log("performance"):
        message: dict[str, Any] = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = message["params"]["request"]["url"]
            if message["params"].get("type") != "Document" and not url.startswith("data:"):
                asked.append(url)
    return asked
