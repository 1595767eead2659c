"""JSON, columns and numbers on stdout."""

from __future__ import annotations

import errno
import json

import numpy as np
import pytest

from textrep.cli.output import columns, print_json, quantity, writing
from textrep.errors import InputError


def test_json_is_strict_and_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"ü": [np.float64("nan"), float("inf"), np.int64(3), (True, None)], "a": {"b": 0.5}})
    text = capsys.readouterr().out

    def refuse(constant: str) -> object:
        raise AssertionError(constant)

    assert json.loads(text, parse_constant=refuse) == {
        "ü": [None, None, 3, [True, None]],
        "a": {"b": 0.5},
    }
    assert "ü" in text


def test_columns_are_aligned_and_have_no_trailing_blanks() -> None:
    text = columns([("a", "1"), ("long", "23")], indent="  ", right=(1,))
    assert text == "  a      1\n  long  23"
    assert columns([("a", ""), ("bb", "")]) == "a\nbb"


def test_the_last_column_wraps_to_the_width() -> None:
    rows = [("a", "x"), ("b", "one two-three four five")]
    text = columns(rows, indent=" ", width=14)
    assert text.splitlines() == [" a  x", " b  one", "    two-three", "    four five"]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (12_345, "12.3k"), (2.21e6, "2.21M"), (3e9, "3G")],
)
def test_quantities(number: float, text: str) -> None:
    assert quantity(number) == text


def test_a_full_disk_names_what_the_user_asked_for() -> None:
    with pytest.raises(InputError, match="disk full while writing out: free space"), writing("out"):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/.out.x.part/tokens")


def test_other_system_errors_pass() -> None:
    with pytest.raises(PermissionError), writing("out"):
        raise PermissionError(errno.EACCES, "Permission denied", "out")
