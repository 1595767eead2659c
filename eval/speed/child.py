"""The child's part of :mod:`.harness`: calls one function and writes down what it took."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from .harness import Job

__all__ = ["answer"]


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Call the function that ``request`` names and, if it returns a Job, run that."""
    function = getattr(importlib.import_module(request["module"]), request["function"])
    made = function(**request["arguments"])
    if not isinstance(made, Job):
        return {"facts": made}
    start = time.perf_counter()
    made.warm_up()
    warm_up_seconds = time.perf_counter() - start
    if request["only_warm_up"]:
        return {"warm_up_seconds": warm_up_seconds}
    start, cpu_start = time.perf_counter(), time.process_time()
    facts = made.run()
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
    return {
        "warm_up_seconds": warm_up_seconds,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "facts": dict(facts),
    }


def main() -> None:
    """Read the request from the command line and write the answer to the file it names."""
    request = json.loads(sys.argv[1])
    Path(request["answer"]).write_text(json.dumps(answer(request)), "utf-8")


if __name__ == "__main__":
    main()
