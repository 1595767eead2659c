"""Where results and answers lie, and which of them are of today's plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textrep.errors import FormatError
from textrep.files import atomic_file

from .plan import Run
from .records import Record, read_record

__all__ = ["Store"]

_COMPARISONS = "comparisons.json"


class Store:
    """Files of results.

    Parameters
    ----------
    results : Path
        Folder of what is kept with the project: a folder a corpus, a file a run.
    work : Path
        Folder of what can be made again: encoded corpora, counts, answers.
    """

    def __init__(self, results: Path, work: Path) -> None:
        self.results = results
        self.work = work
        self._read: dict[Path, Record] = {}

    def lookup(self, corpus: str, run: Run) -> Record | None:
        """Return the record of a run, None if there is none."""
        path = self._path(corpus, run)
        if path not in self._read:
            if not path.is_file():
                return None
            self._read[path] = read_record(path)
        return self._read[path]

    def write(self, corpus: str, run: Run, record: Record) -> None:
        """Keep the record of a run; comparisons that were made with an earlier one are removed."""
        path = self._path(corpus, run)
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / _COMPARISONS).unlink(missing_ok=True)
        record.write(path)
        self._read[path] = record

    def answers(self, corpus: str, run: Run) -> Path:
        """Return where the answers of a run are, if they are there."""
        return self.work / corpus / "answers" / f"{run.stem}.npz"

    def comparisons(self, corpus: str) -> dict[str, Any]:
        """Return what :meth:`write_comparisons` wrote; nothing if there is none."""
        path = self.results / corpus / _COMPARISONS
        try:
            content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise FormatError(f"{path} is damaged ({error}). Remove it to compare again.") from None
        return content

    def write_comparisons(self, corpus: str, content: dict[str, Any]) -> None:
        """Keep what models were told apart, one benchmark a line."""
        lines = []
        for kind, found in content.items():
            rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in found.items())
            lines.append(f" {json.dumps(kind)}: {{\n{rows}\n }}")
        with atomic_file(self.results / corpus / _COMPARISONS) as temporary:
            temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")

    def _path(self, corpus: str, run: Run) -> Path:
        return self.results / corpus / f"{run.stem}.json"
