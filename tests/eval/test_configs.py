"""The configurations of eval/configs are ones that their model takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from textrep.cli.flags import flags_of, settings
from textrep.models import model_class

CONFIGS = sorted((Path(__file__).parents[2] / "eval" / "configs").glob("*.toml"))


def test_there_are_some():
    assert CONFIGS


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_its_first_line_names_a_model_that_takes_it(path):
    named = re.match(r"# textrep train (\w+): ", path.read_text("utf-8"))
    assert named, "the first line says which model: # textrep train NAME: what for"
    estimator = model_class(named[1])
    flags = flags_of(estimator)
    model = estimator(**settings(flags, {flag.parameter: None for flag in flags}, path))
    model.check_parameters()
    assert model.get_params() != estimator().get_params()
