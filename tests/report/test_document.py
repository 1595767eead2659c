"""The page in a real browser, with names and words that try to break out of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import browser, console, open_page, requests
from report.studies import HOSTILE, WORDS, contents, vectors

from textrep.report.document import to_html

__all__ = ["browser"]


class Page(NamedTuple):
    path: Path
    text: str


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A report on three models with a neighbour table of hostile words."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        text = to_html(contents(patch, folder, words=HOSTILE))
    path = folder / "report.html"
    path.write_text(text, "utf-8")
    return Page(path, text)


def test_it_opens_without_an_error_and_asks_for_nothing(browser, page):
    open_page(browser, page.path)
    assert console(browser) == []
    assert requests(browser) == []
    assert browser.title == "Report on good, <b>fair</b>, bad"


def test_every_section_is_there_and_linked_to(browser, page):
    open_page(browser, page.path)
    links = browser.find_elements("css selector", "nav a")
    titles = [link.text for link in links]
    if "Scores by part of speech" in titles:  # where the Brown corpus is at hand
        titles.remove("Scores by part of speech")
    assert titles == [
        "Summary", "Scores", "Scores and intervals", "Who is better than whom",
        "Scores by frequency", "Agreement of the models", "Where the models disagree most",
        "Nearest words",
        "Cost and quality", "Training", "Models", "Benchmarks", "Repeat it",
    ]  # fmt: skip
    for link in links:
        target = link.get_attribute("href").partition("#")[2]
        assert browser.find_element("id", target).text == link.text


def test_hostile_words_are_shown_as_they_are(browser, page):
    open_page(browser, page.path)
    cells = browser.find_elements("css selector", ".nearest tbody th bdi")
    assert [cell.get_property("textContent") for cell in cells] == HOSTILE
    assert browser.execute_script("return document.scripts.length") == 2
    assert browser.find_elements("css selector", "main b, main i") == []


def test_names_for_who_cannot_see(browser, page):
    open_page(browser, page.path)
    missing = browser.execute_script("""
        const bad = [];
        for (const svg of document.querySelectorAll("svg:not(svg svg)"))
          if (svg.role !== "img" || !svg.querySelector(":scope > title")?.textContent)
            bad.push(svg.outerHTML.slice(0, 80));
        for (const table of document.querySelectorAll("table")) {
          if (!table.caption?.textContent) bad.push("no caption");
          for (const th of table.querySelectorAll("th"))
            if (!["col", "row"].includes(th.scope)) bad.push(th.outerHTML);
          const widths = new Set([...table.rows].map((row) => row.cells.length));
          if (widths.size !== 1) bad.push("ragged: " + table.caption.textContent);
        }
        for (const one of document.querySelectorAll(".scroll"))
          if (one.tabIndex !== 0 || !one.getAttribute("aria-label")) bad.push("no keyboard");
        const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        if (new Set(ids).size !== ids.length) bad.push("an id twice");
        const levels = [...document.querySelectorAll("h1,h2,h3")].map((h) => +h.tagName[1]);
        levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) bad.push("level"); });
        return bad;""")
    assert missing == []


def test_tables_are_reached_and_sorted_by_keyboard(browser, page):
    from selenium.webdriver.common.keys import Keys

    open_page(browser, page.path)
    body = browser.find_element("tag name", "body")
    for _ in range(80):
        body.send_keys(Keys.TAB)
        focused = browser.switch_to.active_element
        if focused.tag_name == "button" and focused.text.startswith("training"):
            break
    else:
        pytest.fail("no sort button was reached")
    column = browser.execute_script("return document.activeElement.closest('th').cellIndex")
    table = browser.execute_script("return document.activeElement.closest('table')")
    orders = []
    for _ in range(2):
        focused.send_keys(Keys.ENTER)
        rows = table.find_elements("css selector", "tbody tr")
        orders.append([row.find_elements("css selector", "th, td")[column].text for row in rows])
    header = browser.execute_script("return document.activeElement.closest('th').ariaSort")
    assert header == "ascending"
    assert orders[0] == sorted(orders[0], key=float, reverse=True)
    assert orders[1] == sorted(orders[1], key=float)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_in_both_themes(browser, page, theme):
    """Contrast of at least 4.5 to 1, WCAG 2.2's AA, of all text on what is behind it."""
    open_page(browser, page.path)
    root = browser.find_element("tag name", "html")
    if root.get_attribute("data-theme") != theme:
        browser.find_element("id", "theme").click()
    weak = browser.execute_script("""
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.canvas.width = canvas.canvas.height = 1;
        const paint = (colours) => {
          canvas.clearRect(0, 0, 1, 1);
          for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = (rgb) => rgb.map((v) => v / 255)
          .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const weak = [];
        for (const one of document.querySelectorAll("body *")) {
          const own = [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
          if (!own || !one.checkVisibility() || one.closest("script")) continue;
          const behind = [];
          for (let at = one; at; at = at.parentElement)
            behind.unshift(getComputedStyle(at).backgroundColor);
          const style = getComputedStyle(one);
          const ink = one.closest("svg") ? style.fill : style.color;
          const [a, b] = [light(paint(behind)), light(paint([...behind, ink]))];
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) weak.push(one.textContent.slice(0, 30) + " " + ratio.toFixed(2));
        }
        return [...new Set(weak)].slice(0, 10);""")
    assert weak == []


def test_it_fits_a_phone(browser, page):
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    open_page(browser, page.path)
    width = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert width == 390


def test_paper_has_everything_and_no_controls(browser, page):
    size = {"width": 680, "height": 960, "deviceScaleFactor": 1, "mobile": False}  # A4, in pixels
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
    open_page(browser, page.path)
    told = browser.execute_script("""
        const seen = (query) => [...document.querySelectorAll(query)].some((one) =>
          one.checkVisibility());
        const folded = () => document.querySelectorAll("details:not([open])").length;
        const before = folded();
        dispatchEvent(new Event("beforeprint"));
        const told = {
          controls: seen("nav, #theme"), folded: folded(),
          wide: [...document.querySelectorAll(":not(.wide) > table, svg")].filter((one) =>
            one.getBoundingClientRect().right > innerWidth).map((one) => one.textContent),
          high: Math.max(...[...document.querySelectorAll("figure")].map((one) =>
            one.getBoundingClientRect().height)),
          paper: getComputedStyle(document.body).backgroundColor,
        };
        dispatchEvent(new Event("afterprint"));
        return {...told, before, after: folded()};""")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert told["before"] == told["after"] > 0
    assert told["high"] < 960
    expected = {"controls": False, "folded": 0, "wide": [], "paper": "rgb(255, 255, 255)"}
    assert {key: told[key] for key in expected} == expected


def test_plots_of_many_models_are_on_several_sheets(monkeypatch, tmp_path):
    models = {f"m{seed}": vectors(seed, 1.0) for seed in range(30)}
    text = to_html(contents(monkeypatch, tmp_path, models))
    heights = re.findall(r'<svg width="100%" height="(\d+)"', text)
    assert "Relatedness (Spearman&#x27;s correlation), 1 of 2" in text
    assert all(int(height) < 900 for height in heights)
    assert 'class="scroll wide"' in text


def test_it_says_everything_without_scripts(page):
    without = re.sub(r"(?s)<script.*?</script>", "", page.text)
    assert without.count("<svg") > 5
    assert "Made with python" in without
    assert "textrep report &#x27;a b&#x27; -o &lt;out&gt;.html" in without


def test_one_model_has_a_page_without_comparisons(monkeypatch, tmp_path):
    text = to_html(contents(monkeypatch, tmp_path, {"only": vectors()}))
    assert "Who is better than whom" not in text
    assert "Agreement of the models" not in text
    assert "nothing to compare" in text


def test_a_model_that_knows_nothing(monkeypatch, tmp_path):
    models = {"good": vectors(), "empty": vectors(words=["elsewhere"])}
    text = to_html(contents(monkeypatch, tmp_path, models))
    assert "covers no item of any benchmark" in text
    assert "NaN" not in text
    assert ">nan<" not in text


def test_every_word_of_a_vocabulary_can_be_looked_at(monkeypatch, tmp_path):
    text = to_html(contents(monkeypatch, tmp_path, words=WORDS))
    assert text.count("<bdi>w59</bdi>") >= 1
    assert "<script>alert" not in text
