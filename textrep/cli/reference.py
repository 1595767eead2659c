"""The reference of the command line: every command's help in one Markdown page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textrep.cli.app import root
from textrep.cli.framework import HELP_WIDTH, Command, Group

__all__ = ["help_texts", "reference"]


def reference() -> str:
    """Return the page: ``python -m textrep.cli.reference > docs/cli.md`` writes it."""
    parts = ["# The command line", "This is the commands' own help, as `--help` prints it."]
    for path, text in help_texts().items():
        parts.append(f"{'#' * (path.count(' ') + 2)} {path}\n\n```text\n{text}\n```")
    return "\n\n".join(parts) + "\n"


def help_texts(width: int = HELP_WIDTH) -> dict[str, str]:
    """Return the help of every command by its full name; imports every model."""
    return dict(_walk(root(), "textrep", None, width))


def _walk(
    command: Command | Group, name: str, parent: Any, width: int
) -> Iterator[tuple[str, str]]:
    context = command.make_context(
        name, [], parent=parent, resilient_parsing=True, terminal_width=width
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _walk(found, child, context, width)


if __name__ == "__main__":
    print(reference(), end="")
