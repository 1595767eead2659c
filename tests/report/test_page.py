"""The page that all pages are made from."""

from __future__ import annotations

import json

import pytest
from browser import browser, console, open_page, requests
from hypothesis import given
from hypothesis import strategies as st

from textrep.report.page import embedded_json, escape, page

__all__ = ["browser"]


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_json_survives_inside_a_script(data):
    written = embedded_json(data)
    assert json.loads(written) == data
    assert "<" not in written


def test_json_has_no_nan():
    with pytest.raises(ValueError, match="JSON"):
        embedded_json(float("nan"))


def test_whatever_the_title_is_the_page_shows_it(browser, tmp_path):
    title = """</title><script>alert("x")</script> & 'שלום'"""
    data = {"word": "</script><b>", "line": "\u2028"}
    script = 'document.getElementById("out").textContent = JSON.stringify(pageData);'
    file = tmp_path / "page.html"
    file.write_text(page(title, '<p id="out"></p>', script=script, data=data), "utf-8")
    open_page(browser, file)
    assert browser.find_element("tag name", "h1").text == title
    assert json.loads(browser.find_element("id", "out").get_property("textContent")) == data
    assert browser.title == title
    assert console(browser) == []
    assert requests(browser) == []


def test_the_theme_switches(browser, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page("Page", "<p>text</p>"), "utf-8")
    open_page(browser, file)
    root = browser.find_element("tag name", "html")
    colours = []
    for _ in range(2):
        browser.find_element("id", "theme").click()
        background = browser.find_element("tag name", "body").value_of_css_property(
            "background-color"
        )
        colours.append((root.get_attribute("data-theme"), background))
    assert {theme for theme, _ in colours} == {"light", "dark"}
    assert colours[0][1] != colours[1][1]


def test_nothing_is_fetched_even_if_the_body_asks(browser, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(page("Page", '<img alt="" src="http://localhost:9/picture.png">'), "utf-8")
    open_page(browser, file)
    assert any("Content Security Policy" in line for line in console(browser))


def test_escape_covers_attributes():
    assert escape('"><script>') == "&quot;&gt;&lt;script&gt;"
