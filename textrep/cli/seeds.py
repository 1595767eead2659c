"""Which of several models were trained alike, but for their seed."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Set
from itertools import count, takewhile
from pathlib import Path

__all__ = ["seed_groups"]


def seed_groups(paths: Mapping[str, Path]) -> dict[str, tuple[str, ...]]:
    """Return the groups of models whose ``config.json`` differs in ``random_state`` alone.

    Parameters
    ----------
    paths : mapping of str to Path
        Model folders and other files, by the names of the models.

    Returns
    -------
    dict of str to tuple of str
        Groups of two or more, each by what the names of its models begin with; where they begin
        differently, by the models' class.
    """
    from textrep.storage import is_model_folder, read_config

    alike: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, str] = {}
    seeds: dict[str, set[int | None]] = defaultdict(set)
    for name, path in paths.items():
        if is_model_folder(path):
            config = read_config(path)
            parameters = {k: v for k, v in config["parameters"].items() if k != "random_state"}
            corpus = config["corpus"].get("fingerprint")
            key = json.dumps([config["class"], parameters, corpus], sort_keys=True)
            alike[key].append(name)
            classes[key] = config["class"]
            seeds[key].add(config["seed"])
    groups: dict[str, tuple[str, ...]] = {}
    for key, members in alike.items():
        # One seed twice is one training, copied.
        if len(members) > 1 and len(seeds[key]) == len(members):
            letters = takewhile(lambda same: len(set(same)) == 1, zip(*members, strict=False))
            prefix = "".join(same[0] for same in letters)
            name = re.sub(r"[-_./ ]\d*$", "", prefix) or classes[key]
            others = [model for model in paths if model not in members]
            groups[_new(name, {*groups, *others})] = tuple(members)
    return groups


def _new(name: str, taken: Set[str]) -> str:
    """Return the name, with a number where it is taken."""
    numbered = (f"{name} ({number})" for number in count(2))
    return name if name not in taken else next(new for new in numbered if new not in taken)
