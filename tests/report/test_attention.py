"""Heat maps of attention, of models that have it."""

import re

import numpy as np
import pytest
from report.studies import TABLES, contents, scored, vectors

from textrep.report.attention import AttentionMap, attention_maps
from textrep.report.contents import gather


def test_a_map_for_each_head_says_what_is_strongest():
    weights = np.full((2, 3, 2, 2), 0.5, np.float32)
    weights[1, 2] = [[0.1, 0.9], [0.5, 0.5]]
    html = attention_maps("<i>", [AttentionMap("<b>m</b>", ["one", "<u>two</u>"], weights)])
    assert html.count("<svg") == 6
    assert "Layer 2, head 3: one takes most from &lt;u&gt;two&lt;/u&gt;, 0.90" in html
    assert not re.search("<[biu]>", html)
    shades = [float(share) for share in re.findall(r'fill-opacity="([\d.]+)"', html)]
    assert shades[-4:] == pytest.approx([0.1, 0.9, 0.5, 0.5])


def test_models_without_attention_have_no_section(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    assert found.attention == ()
    assert attention_maps("w1 w2", found.attention) == ""


def test_a_transformer_is_asked(monkeypatch, tmp_path):
    pytest.importorskip("torch")
    from models.sources import sentences, small

    model = small("transformer", objective="masked").fit(sentences())
    model.save(tmp_path / "net")
    report = scored(monkeypatch, {"net": vectors()}, {"pairs": TABLES["pairs"]})
    text = " ".join(model.vocabulary_.words[:4])
    found = gather(report, {"net": (tmp_path / "net", vectors())}, sentence=text)
    [one] = found.attention
    assert one.words == text.split()
    np.testing.assert_allclose(one.weights, model.attention(text)[1], atol=1e-6)
