"""The explorer in a real browser: what is drawn, found, said, and never fetched."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest
from browser import browser, console, open_page, requests

from textrep.errors import InputError, UnknownNameError, UsageError
from textrep.report.explorer import explorer
from textrep.vectors import WordVectors

__all__ = ["browser"]

STRANGE = [
    "</script><script>alert(1)</script>",
    "a\"b'c&amp;",
    "שלום",
    "e\u0301\u2028x",
    "line\nbreak",
]


def some_vectors(n=400, dim=8, seed=0, first=()):
    rng = np.random.default_rng(seed)
    words = [*first, *(f"word{row}" for row in range(n - len(first)))]
    return WordVectors(words, rng.standard_normal((n, dim)))


def page_data(text):
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def unpacked(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


@pytest.fixture(scope="module")
def two_models():
    """Different words in another order; the last of each is in one model only."""
    one = some_vectors(first=[*STRANGE, "cat", "dog", "only-one"])
    mixing = np.linalg.qr(np.random.default_rng(1).standard_normal((8, 8)))[0]
    order = np.r_[399:7:-1, 6, 5, 0:5]
    noise = np.random.default_rng(2).standard_normal((len(order), 8)) * 0.3
    other = WordVectors([one.words[row] for row in order], one.matrix[order] @ mixing + noise)
    return {"one": one, "<b>other</b>": other}


@pytest.fixture(scope="module")
def two_maps(two_models, tmp_path_factory):
    file = tmp_path_factory.mktemp("explorer") / "both.html"
    analogies = [("cat", "dog", "word1", "word2"), (STRANGE[0], "שלום", "only-one", "cat")]
    file.write_text(explorer(two_models, analogies=analogies), "utf-8")
    return file


@pytest.fixture
def shown(browser, two_maps):
    """The page of two models, drawn."""
    browser.set_window_size(1280, 900)
    open_page(browser, two_maps)
    settle(browser)
    return browser


def settle(browser):
    """Wait until everything asked for is drawn."""
    browser.execute_async_script(
        "const done = arguments[0];"
        "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));"
    )


def js(browser, code, *arguments):
    result = browser.execute_script(code, *arguments)
    settle(browser)
    return result


def keys(browser, element_id, *pressed):
    browser.find_element("id", element_id).send_keys(*pressed)
    settle(browser)


def view(browser, place=0):
    return browser.execute_script("return {...explorer.maps[arguments[0]].view}", place)


def heading(browser):
    found = browser.find_elements("css selector", "#word h2")
    return found[0].get_property("textContent") if found else None


def neighbour_lists(browser):
    return browser.execute_script(
        "return [...document.querySelectorAll('#word ol')].map("
        "list => [...list.querySelectorAll('bdi')].map(item => item.textContent))"
    )


def click_word(browser, word, place=0):
    from selenium.webdriver import ActionChains

    x, y = js(
        browser,
        "const [word, place] = arguments, map = explorer.maps[place];"
        "const row = explorer.models[place].rows[explorer.words.indexOf(word)];"
        "map.showWord(row, 60);"
        "const [x, y] = map.toScreen(row);"
        "return [x - map.width / 2, y - map.height / 2]",
        word, place,
    )  # fmt: skip
    canvas = browser.find_element("id", f"map-{place}")
    ActionChains(browser).move_to_element_with_offset(canvas, round(x), round(y)).click().perform()
    settle(browser)


def test_it_opens_without_errors_and_fetches_nothing(shown):
    assert console(shown) == []
    assert requests(shown) == []
    names = [h2.text for h2 in shown.find_elements("css selector", ".map h2")]
    assert names == ["one", "<b>other</b>"]
    drawn = shown.execute_script(
        "return explorer.maps.map(map => [map.ink.some(value => value > 0), map.placed.length])"
    )
    assert all(ink and labels > 5 for ink, labels in drawn)


def test_a_click_shows_the_neighbours_of_both_models(shown, two_models):
    click_word(shown, "cat")
    assert heading(shown) == "cat"
    for model, words in zip(two_models.values(), neighbour_lists(shown), strict=True):
        assert words == [near.word for near in model.neighbors("cat", n=10)]
    said = shown.find_element("id", "said")
    assert said.get_attribute("aria-live") == "polite"
    assert said.get_property("textContent").startswith("Nearest to cat. one: ")
    cosines = [span.text for span in shown.find_elements("css selector", "#word .cosine")]
    wanted = [near.similarity for near in two_models["one"].neighbors("cat", n=10)]
    assert [float(text) for text in cosines[:10]] == pytest.approx(wanted, abs=6e-4)
    assert console(shown) == []


def test_a_click_on_a_neighbour_goes_there(shown):
    click_word(shown, "cat", place=1)
    first = neighbour_lists(shown)[0][0]
    shown.find_element("css selector", "#word li button").click()
    assert heading(shown) == first
    assert js(
        shown,
        "return explorer.maps.every((map, place) =>"
        " map.isVisible(explorer.models[place].rows[explorer.words.indexOf(arguments[0])]))",
        first,
    )


def test_search_finds_the_beginning_first_and_any_word(shown):
    from selenium.webdriver.common.keys import Keys

    keys(shown, "search", "WORD39")
    offered = [li.text for li in shown.find_elements("css selector", "#matches li")]
    assert offered[0] == "word39"
    assert set(offered[1:]) == {"word390", "word391"}
    keys(shown, "search", Keys.ARROW_DOWN, Keys.ENTER)
    assert heading(shown) == offered[1]
    assert view(shown)["zoom"] >= 8
    assert shown.find_elements("css selector", "#matches li") == []
    for word in STRANGE:
        assert js(shown, "return explorer.matching(arguments[0]).map(n => explorer.words[n])",
                  word)[0] == word  # fmt: skip


def test_search_by_hand_of_right_to_left_text(shown):
    from selenium.webdriver.common.keys import Keys

    keys(shown, "search", "שלום", Keys.ENTER)
    assert heading(shown) == "שלום"


@pytest.mark.parametrize("word", STRANGE)
def test_strange_words_are_text(shown, word):
    js(shown, "explorer.select(explorer.words.indexOf(arguments[0]))", word)
    assert heading(shown) == word
    assert console(shown) == []


def test_a_word_that_one_model_lacks(shown):
    js(shown, "explorer.select(explorer.words.indexOf('only-one'))")
    assert len(neighbour_lists(shown)) == 1
    assert "It is not on this map." in shown.find_element("id", "word").text


def test_drag_wheel_and_buttons(shown):
    from selenium.webdriver import ActionChains

    canvas = shown.find_element("id", "map-0")
    before = view(shown)
    ActionChains(shown).drag_and_drop_by_offset(canvas, 70, 40).perform()
    settle(shown)
    after = view(shown)
    scale = shown.execute_script("return explorer.maps[0].scale")
    assert (before["x"] - after["x"]) * scale == pytest.approx(70, abs=1)
    assert (before["y"] - after["y"]) * scale == pytest.approx(40, abs=1)
    assert heading(shown) is None  # a drag is no click
    shown.find_element("css selector", '[data-map="0"][data-does="in"]').click()
    assert view(shown)["zoom"] == pytest.approx(1.5)
    shown.find_element("css selector", '[data-map="0"][data-does="all"]').click()
    assert view(shown) == {"x": 0, "y": 0, "zoom": 1}
    under = js(
        shown,
        "const map = explorer.maps[0], box = map.canvas.getBoundingClientRect();"
        "const before = map.toMap(100, 100);"
        "map.canvas.dispatchEvent(new WheelEvent('wheel', {deltaY: -300, cancelable: true,"
        " clientX: box.left + 101, clientY: box.top + 101}));"
        "return [before, map.toMap(100, 100)]",
    )
    assert under[0] == pytest.approx(under[1], abs=1 / scale)  # the mouse is at whole pixels
    assert view(shown)["zoom"] == pytest.approx(np.e)
    assert view(shown, 1) == {"x": 0, "y": 0, "zoom": 1}


def test_keys_move_the_map_that_has_the_focus(shown):
    from selenium.webdriver.common.keys import Keys

    keys(shown, "map-0", "+", Keys.ARROW_LEFT, Keys.ARROW_UP)
    moved = view(shown)
    assert moved["zoom"] == pytest.approx(1.5)
    assert moved["x"] < 0
    assert moved["y"] < 0
    keys(shown, "map-0", Keys.ARROW_RIGHT, Keys.ARROW_DOWN, "-")
    assert view(shown) == pytest.approx({"x": 0, "y": 0, "zoom": 1})
    js(shown, "explorer.select(3)")
    keys(shown, "map-0", Keys.ESCAPE)
    assert heading(shown) is None


def test_two_fingers_zoom(shown):
    pinched = js(
        shown,
        "const map = explorer.maps[0], box = map.canvas.getBoundingClientRect();"
        "const send = (type, pointerId, x) => map.canvas.dispatchEvent(new PointerEvent(type,"
        " {pointerId, pointerType: 'touch', clientX: box.left + x, clientY: box.top + 150}));"
        "send('pointerdown', 11, 100); send('pointerdown', 12, 200);"
        "send('pointermove', 12, 300); send('pointerup', 11, 100); send('pointerup', 12, 300);"
        "return map.view.zoom",
    )
    assert pinched == pytest.approx(2)
    assert heading(shown) is None


def test_the_mouse_over_a_word_shows_it_on_both_maps(shown):
    marked = js(
        shown,
        "const [first, second] = explorer.maps;"
        "const row = explorer.models[0].rows[explorer.words.indexOf('dog')];"
        "first.hooks.hover(row);"
        "return [first, second].map((map, place) => map.hooks.marks().words.at(-1).row ==="
        " explorer.models[place].rows[explorer.words.indexOf('dog')])",
    )
    assert marked == [True, True]


def test_analogies_are_lines_where_both_ends_are(shown):
    counts = shown.execute_script("return explorer.maps.map(map => map.hooks.marks().lines.length)")
    assert counts == [4, 3]  # the second model lacks a word of one pair
    shown.find_elements("css selector", "#analogies button")[0].click()
    settle(shown)
    assert js(
        shown,
        "return ['cat', 'dog', 'word1', 'word2'].every(word => explorer.maps[0].isVisible("
        "explorer.models[0].rows[explorer.words.indexOf(word)]))",
    )


def test_the_other_map_can_be_chosen(shown):
    before = shown.find_element("id", "about-0").text
    js(
        shown,
        "const select = document.getElementById('layout'); select.value = '1';"
        "select.dispatchEvent(new Event('change'))",
    )
    after = shown.find_element("id", "about-0").text
    assert "t-SNE" in before
    assert "PCA" in after


def test_themes_and_paper_redraw(shown):
    colour = (
        "const map = explorer.maps[0];"
        "return map.pixels[map.ink.findIndex(value => value > 0)] & 0xffffff"
    )
    seen = set()
    for _ in range(2):
        shown.find_element("id", "theme").click()
        settle(shown)
        seen.add((shown.execute_script("return document.documentElement.dataset.theme"),
                  shown.execute_script(colour)))  # fmt: skip
    assert len({pixel for _, pixel in seen}) == 2
    light = dict(seen)["light"]
    if shown.execute_script("return document.documentElement.dataset.theme") == "light":
        shown.find_element("id", "theme").click()
        settle(shown)
    printed = shown.execute_script("dispatchEvent(new Event('beforeprint'));" + colour)
    assert printed == light


def test_nothing_is_wider_than_a_phone(browser, two_maps):
    browser.set_window_size(500, 900)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
    )
    try:
        open_page(browser, two_maps)
        settle(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        assert js(browser, "return explorer.maps.every(map => map.placed.length > 3)")
        assert console(browser) == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_one_word_and_equal_words(browser, tmp_path):
    for words in (["alone"], ["a", "b", "c"]):
        file = tmp_path / "few.html"
        file.write_text(explorer({"few": WordVectors(words, np.ones((len(words), 3)))}), "utf-8")
        open_page(browser, file)
        settle(browser)
        js(browser, "explorer.select(0)")
        assert heading(browser) == words[0]
        assert browser.find_elements("id", "layout") == []
        assert console(browser) == []


def test_zero_vectors_are_left_out_and_counted():
    model = WordVectors(["a", "none", "b"], [[1, 0], [0, 0], [0, 1]])
    data = page_data(explorer({"m": model}))
    assert data["words"] == ["a", "b"]
    assert "2 words, 2 dimensions. 1 more have a zero vector" in data["models"][0]["about"]
    with pytest.raises(InputError, match="m has only zero vectors"):
        explorer({"m": WordVectors(["a"], [[0.0]])})


def test_what_is_packed_is_what_was_found(two_models):
    data = page_data(explorer(two_models, words=300, layout="pca"))
    for (name, model), packed in zip(two_models.items(), data["models"], strict=True):
        assert packed["name"] == name
        words = [data["words"][number] for number in unpacked(packed["words"], "<u4")]
        assert words == model.words[:300]
        ids = unpacked(packed["neighbors"], "<i4").reshape(300, packed["width"])
        near = model.subset(words).neighbors(words, n=10)
        assert [[words[row] for row in line] for line in ids] == [
            [neighbor.word for neighbor in line] for line in near
        ]
        cosines = unpacked(packed["cosines"], "<i2").reshape(ids.shape) / 32767
        wanted = np.array([[neighbor.similarity for neighbor in line] for line in near])
        assert cosines == pytest.approx(wanted, abs=2e-5)
        assert len(packed["layouts"]) == 1
        points = unpacked(packed["layouts"][0]["points"], "<u2").reshape(300, 2)
        assert (points.max(axis=0) - points.min(axis=0)).max() == 65535


def test_the_page_is_the_same_with_any_number_of_threads(two_models):
    one, three = (explorer(two_models, layout="pca", n_jobs=n_jobs) for n_jobs in (1, 3))
    assert one == three


def test_what_cannot_be_shown_is_refused(two_models):
    one = two_models["one"]
    with pytest.raises(UsageError, match=r"one model, or two side by side. Got 3"):
        explorer({"a": one, "b": one, "c": one})
    with pytest.raises(InputError, match="one and two have no word in common"):
        explorer({"one": one, "two": WordVectors(["elsewhere"], [[1.0]])})
    with pytest.raises(UnknownNameError, match="Did you mean 'cat'"):
        explorer({"one": one}, analogies=[("catt", "dog", "word1", "word2")])
    with pytest.raises(UnknownNameError, match="layout of explorer 'umap'"):
        explorer({"one": one}, layout="umap")
    with pytest.raises(UsageError, match="The words parameter of explorer"):
        explorer({"one": one}, words=0)
