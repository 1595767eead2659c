"""Models that differ in their seed alone are one method, in every format."""

import csv
import io
import json
import re

import numpy as np
import pytest
from report.studies import contents, vectors

from textrep.report.formats import FORMATS
from textrep.report.words import as_text

GROUPS = {"s<i>v</i>d": ("s<i>v</i>d-1", "s<i>v</i>d-2", "s<i>v</i>d-3"), "w_v": ("w_v-1", "w_v-2")}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    models = {name: vectors(seed, 0.3) for seed, name in enumerate(GROUPS["s<i>v</i>d"])}
    models |= {name: vectors(seed, 3.0) for seed, name in enumerate(GROUPS["w_v"], start=10)}
    models["alone"] = vectors(20, 0.4)
    with pytest.MonkeyPatch.context() as patch:
        yield contents(patch, tmp_path_factory.mktemp("seeds"), models, groups=GROUPS)


def said(found):
    return [as_text(sentence) for sentence in found.summary]


def scores_of(found, group, benchmark):
    return [r.score for r in found.report.of(benchmark) if r.model in GROUPS[group]]


def decimals(value):
    return f"{value:.3f}".replace("0.", ".")


def test_conclusions_are_about_methods(found):
    (groups,) = (s for s in said(found) if s.startswith("Models that differ in their seed alone"))
    assert "s<i>v</i>d (3 seeds) and w_v (2 seeds)" in groups
    (sentence,) = (s for s in said(found) if s.startswith("Relatedness: "))
    leader = sentence.removeprefix("Relatedness: ").partition(" has ")[0]
    assert leader in {"s<i>v</i>d", "alone"}
    assert not re.search(r"-[123]\b", sentence)
    assert any("one training of alone" in s for s in said(found))


def test_without_groups_nothing_is_said_of_seeds(monkeypatch, tmp_path):
    plain = contents(monkeypatch, tmp_path)
    assert "Over seeds" not in FORMATS["html"](plain)
    assert "over seeds" not in FORMATS["md"](plain)
    assert "n_seeds" not in FORMATS["csv"](plain)
    assert FORMATS["latex"](plain).count("begin{table}") == 1


def test_one_group_alone_has_nothing_to_be_compared_with(monkeypatch, tmp_path):
    models = {"m-1": vectors(1, 0.5), "m-2": vectors(2, 0.5)}
    lone = contents(monkeypatch, tmp_path, models, groups={"m": tuple(models)})
    assert any("no other to compare with" in s for s in said(lone))
    assert not any(" better" in s for s in said(lone))
    assert "Over seeds" in FORMATS["html"](lone)


def test_the_page_has_the_spread_beside_the_interval(found):
    text = FORMATS["html"](found)
    section = text[text.index('<h2 id="over-seeds">') : text.index('<h2 id="scores-and-int')]
    assert "s&lt;i&gt;v&lt;/i&gt;d, 3 seeds" in section
    scores = scores_of(found, "s<i>v</i>d", "pairs")
    halves = [
        r.estimate.half_width for r in found.report.of("pairs") if r.model in GROUPS["s<i>v</i>d"]
    ]
    shown = (
        f"±{decimals(np.mean(halves))}<br>sd {decimals(np.std(scores, ddof=1))}, "
        f"{decimals(min(scores))} to {decimals(max(scores))}"
    )
    assert shown in section
    assert "one seed" in section
    plots = text[text.index('<h2 id="scores-and-int') :]
    bars = re.findall(r'<line x1="([\d.]+)%" y1="[\d.]+" x2="([\d.]+)%"[^>]*over-seeds', plots)
    assert len(bars) == len(GROUPS) * len(found.report.benchmarks)
    assert all(float(low) < float(high) for low, high in bars)


def test_wins_are_of_methods(found):
    text = FORMATS["html"](found)
    table = text[text.index('<h2 id="who-is-better') : text.index('<h2 id="scores-by-freq')]
    names = re.findall(r'<th scope="row"><bdi>([^<]*)</bdi>', table)
    assert names == ["s&lt;i&gt;v&lt;/i&gt;d", "w_v", "alone"]


def test_other_formats_have_the_spread(found):
    told = json.loads(FORMATS["json"](found), parse_constant=pytest.fail)
    scores = scores_of(found, "w_v", "pairs")
    (spread,) = (s for s in told["seeds"] if (s["benchmark"], s["group"]) == ("pairs", "w_v"))
    assert spread["sd"] == pytest.approx(np.std(scores, ddof=1))
    assert set(told["methods"][0]["scores"]) == {*GROUPS, "alone"}

    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](found))))
    (row,) = (r for r in rows if (r["benchmark"], r["model"]) == ("pairs", "w_v-2"))
    assert (row["method"], row["n_seeds"]) == ("w_v", "2")
    assert float(row["method_mean"]) == pytest.approx(np.mean(scores))
    (row,) = (r for r in rows if (r["benchmark"], r["model"]) == ("pairs", "alone"))
    assert (row["method"], row["method_sd"], row["n_seeds"]) == ("alone", "", "1")

    markdown = FORMATS["md"](found)
    spread_text = f"sd {decimals(np.std(scores, ddof=1))}, {decimals(min(scores))} to"
    assert spread_text in markdown
    assert "s\\<i\\>v" in markdown
    latex = FORMATS["latex"](found)
    assert latex.count("begin{tabular}") == latex.count("end{tabular}") == 2
    assert spread_text in latex
    assert "w\\_v, 2 seeds" in latex
    bare = re.sub(r"\\[{}]", "", latex)
    assert bare.count("{") == bare.count("}")
