"""Schedules: known values, and what all of them have in common."""

from __future__ import annotations

import math

import pytest

from textrep.optim.schedules import SCHEDULES, Schedule

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule("constant"), [1, 1, 1, 1, 1]),
        (Schedule("linear"), [1, 0.75, 0.5, 0.25, 0]),
        (Schedule("cosine"), [(1 + math.cos(math.pi * d)) / 2 for d in QUARTERS]),
        (Schedule("step", decay=0.1, cycles=2), [1, 1, 0.1, 0.1, 0.01]),
        (Schedule("exponential", decay=0.25, cycles=2), [1, 0.5, 0.25, 0.125, 0.0625]),
        (Schedule("inverse", decay=0.5, cycles=4), [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5]),
        (Schedule("cosine-restarts", cycles=2), [1, 0.5, 1, 0.5, 0]),
        (Schedule("cosine-restarts", cycles=2, growth=3.0), [1, 1, 0.75, 0.25, 0]),
        (Schedule("triangular", cycles=2), [0, 1, 0, 1, 0]),
        (Schedule("linear", floor=0.2), [1, 0.8, 0.6, 0.4, 0.2]),
        (Schedule("constant", warmup=0.5), [0, 0.5, 1, 1, 1]),
    ],
)
def test_known_values(schedule, expected):
    assert [schedule(done) for done in QUARTERS] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("warmup", [0.0, 0.3])
def test_shares_are_between_the_floor_and_one(name, warmup):
    schedule = Schedule(name, warmup=warmup, floor=0.1, decay=0.3, cycles=5, growth=1.7)
    shares = [schedule(step / 1000) for step in range(1001)]
    assert max(shares) <= 1.0 + 1e-12
    after = [share for step, share in enumerate(shares) if step / 1000 >= warmup]
    assert min(after) >= 0.1 - 1e-12
