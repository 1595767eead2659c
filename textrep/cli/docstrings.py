"""What a NumPy docstring says, as plain text for the help."""

from __future__ import annotations

import re

__all__ = ["choices_in", "intro_of", "parameters_of"]


def intro_of(docstring: str) -> str:
    """Return a docstring up to its first section."""
    text = re.split(r"\n\w[\w ]*\n-{3,}\n", docstring)[0]
    return _plain(text.strip())


def choices_in(kind: str) -> tuple[str, ...]:
    """Return the choices that a docstring lists as ``{"a", "b"}``."""
    braces = re.match(r"\{([^}]*)\}", kind)
    return tuple(re.findall(r"[\"']([^\"']+)[\"']", braces.group(1))) if braces else ()


def parameters_of(docstring: str) -> dict[str, tuple[str, str]]:
    """Return the type and the description of each parameter in a NumPy docstring."""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-{3,}$|\Z)", docstring, re.M | re.S)
    found: dict[str, tuple[str, str]] = {}
    if section is None:
        return found
    for entry in re.split(r"^(?=\w)", section.group(1), flags=re.M):
        head, _, body = entry.partition("\n")
        names, _, kind = head.partition(":")
        for name in names.split(","):
            if name.strip():
                found[name.strip()] = (kind.strip(), _plain(" ".join(body.split())))
    return found


def _plain(text: str) -> str:
    """Take reStructuredText's quotes and roles away."""
    text = re.sub(r":\w+:`~?([^`<]+?)(?: <[^>]*>)?`", r"\1", text)
    return re.sub(r"``?([^`]+)``?", r"\1", text).replace("::", ":")
