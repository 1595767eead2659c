"""A TOML table that is asked for its keys one by one and refuses what nobody asked for."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from textrep.errors import DataError

__all__ = ["Entry"]

T = TypeVar("T")

_NAMES = {str: "a string", bool: "true or false", int: "an integer", float: "a number"}


class Entry:
    """One TOML table whose keys are asked for one by one.

    Each method that takes a key raises :class:`DataError`, naming the table, the key and the
    rule, if the key is missing and there is no default, or if its value is of another type.

    Parameters
    ----------
    where : str
        What the table is, to begin messages with.
    data : mapping
        The table.
    """

    def __init__(self, where: str, data: Mapping[str, object]) -> None:
        self.where = where
        self.data = data
        self.asked: set[str] = set()

    @classmethod
    def from_toml(cls, where: str, text: str) -> Entry:
        """Read ``text``; ``where`` names it in messages."""
        try:
            return cls(where, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            raise DataError(f"Recipe {where}: not valid TOML: {error}.") from None

    def __contains__(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.data

    @property
    def keys(self) -> list[str]:
        """The keys of the table, in its order."""
        return list(self.data)

    def error(self, rule: str) -> DataError:
        """Return the error that says that the table breaks ``rule``."""
        return DataError(f"Recipe {self.where}: {rule}.")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a string; it may be empty only where there is a default."""
        value = self._value(key, str, default)
        if not value.strip() and default is None:
            raise self.error(f"{key} must not be empty")
        return value

    def flag(self, key: str) -> bool:
        """Return a boolean."""
        return self._value(key, bool)

    def number(self, key: str) -> float:
        """Return a number."""
        return self._value(key, float)

    def count(self, key: str) -> int:
        """Return an integer of at least 1."""
        value = self._value(key, int)
        if value < 1:
            raise self.error(f"{key} must be at least 1, got {value}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return a list of strings that are not empty."""
        items: list[object] = self._value(key, list, None if default is None else list(default))
        values = tuple(item for item in items if isinstance(item, str) and item.strip())
        if len(values) < len(items):
            raise self.error(f"{key} must be a list of strings that are not empty")
        return values

    def choice(self, key: str, known: Collection[str]) -> str:
        """Return a string that is one of ``known``."""
        value = self.text(key)
        if value not in known:
            raise self.error(f"unknown {key} {value!r}{_hint(value, known)}")
        return value

    def entry(self, key: str) -> Entry:
        """Return a table inside this one."""
        return Entry(f"{self.where} [{key}]", self._value(key, dict))

    def entries(self, key: str) -> list[Entry]:
        """Return the tables of an array of tables; none if the key is missing."""
        items: list[object] = self._value(key, list, [])
        tables = [item for item in items if isinstance(item, dict)]
        if len(tables) < len(items):
            raise self.error(f"{key} must be written as [[{key}]] tables")
        return [Entry(f"{self.where} [[{key}]] {i}", table) for i, table in enumerate(tables, 1)]

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        for key in self.data:
            if key not in self.asked:
                raise self.error(f"unknown key {key!r}{_hint(key, self.asked)}")

    def _value(self, key: str, kind: type[T], default: T | None = None) -> T:
        if key not in self:
            if default is None:
                raise self.error(f"the key {key!r} is missing")
            return default
        value = self.data[key]
        if kind is float and type(value) is int:
            value = float(value)
        # bool is an int to isinstance, but `rows = true` is a slip.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = _NAMES.get(kind, "a list" if kind is list else "a table")
            raise self.error(f"{key} must be {wanted}, got {value!r}")
        return value


def _hint(value: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(value, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"
