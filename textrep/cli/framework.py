"""What every command shares: plain help of at most 80 columns, and groups that load lazily.

The help is laid out here, not by typer, whose layout differs from version to version. The classes
of its contexts and parameters differ too, so they are ``Any`` here.
"""

from __future__ import annotations

import importlib
import inspect
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from textrep.errors import UnknownNameError

__all__ = ["HELP_WIDTH", "Command", "Group", "lazy_group", "load", "make_command", "summary_of"]

HELP_WIDTH = 80
_NAME_WIDTH = 26


class Command(TyperCommand):
    """A command with plain help."""

    def get_help(self, ctx: Any) -> str:
        """Return the help text, without colour, for the width of the terminal."""
        return _help_text(self, ctx, ())


class Group(TyperGroup):
    """A group whose commands are imported when they are named or listed."""

    kind = "command"
    targets: Mapping[str, str | Callable[[], Command | Group]]
    summaries: Mapping[str, str]

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.targets)

    def get_command(self, ctx: Any, cmd_name: str) -> Command | Group | None:
        """Import and return the command, or None for an unknown name."""
        target = self.targets.get(cmd_name)
        if target is None:
            return None
        return load(target, cmd_name) if isinstance(target, str) else target()

    def resolve_command(
        self,
        ctx: Any,
        args: list[str],
    ) -> tuple[str | None, Any, list[str]]:
        """Return the command that ``args`` name, or suggest the nearest one."""
        if args[0] not in self.targets and not args[0].startswith("-"):
            hint = f"See '{ctx.command_path} --help'."
            raise UnknownNameError(self.kind, args[0], self.targets, hint)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the group's own options; a bare group shows its help and is a usage error."""
        if not args and not ctx.resilient_parsing:
            print(self.get_help(ctx), file=sys.stderr)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """Return the help text with one line for each command."""
        return _help_text(self, ctx, [(name, self.summary(ctx, name)) for name in self.targets])

    def summary(self, ctx: Any, name: str) -> str:
        """Return one line about the command ``name``; imports it only if no table has the line."""
        if name in self.summaries:
            return self.summaries[name]
        command = self.get_command(ctx, name)
        return summary_of(command.help if command is not None else None)


def lazy_group(
    name: str,
    callback: Callable[..., None],
    targets: Mapping[str, str | Callable[[], Command | Group]],
    *,
    kind: str = "command",
    summaries: Mapping[str, str] | None = None,
) -> Group:
    """Return a group.

    Parameters
    ----------
    name : str
        As typed.
    callback : callable
        Its parameters are the group's own options; its docstring is the group's help.
    targets : mapping of str to str or callable
        For each command ``"module:attribute"`` or a function that makes the command.
    kind : str, default="command"
        What the names are, for "unknown command 'x'".
    summaries : mapping of str to str, optional
        One line for each command whose module is too heavy to import for a list.
    """
    app = typer.Typer(
        name=name,
        cls=Group,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(callback)
    group = get_command(app)
    if not isinstance(group, Group):
        raise TypeError(f"typer made {type(group).__name__} of a group")
    group.kind, group.targets, group.summaries = kind, targets, summaries or {}
    return group


def make_command(name: str, function: Callable[..., None]) -> Command:
    """Return the command whose options are the parameters of ``function``."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name, cls=Command)(function)
    command = get_command(app)
    if not isinstance(command, Command):
        raise TypeError(f"typer made {type(command).__name__} of a command")
    return command


def load(target: str, name: str) -> Command | Group:
    """Import ``"module:attribute"``: a function becomes a command, ``group`` makes a group."""
    module, attribute = target.split(":")
    function = getattr(importlib.import_module(module), attribute)
    if attribute == "group":
        made: Group = function()
        return made
    return make_command(name, function)


def summary_of(help_text: str | None) -> str:
    """Return the first sentence of a help text, on one line, without its full stop."""
    paragraph = (help_text or "").strip().split("\n\n")[0]
    return " ".join(paragraph.split()).removesuffix(".")


def _help_text(command: Command | Group, ctx: Any, commands: Sequence[tuple[str, str]]) -> str:
    columns = ctx.terminal_width or shutil.get_terminal_size((HELP_WIDTH, 24)).columns
    width = min(HELP_WIDTH, columns)
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for parameter in command.get_params(ctx):
        if getattr(parameter, "hidden", False):
            continue
        row = (_left_column(parameter), _right_column(parameter))
        (arguments if parameter.param_type_name == "argument" else options).append(row)
    kind = getattr(command, "kind", "command")
    pieces = [ctx.command_path, *map(_usage_piece, command.get_params(ctx))]
    pieces += [f"{kind.upper()} ..."] if commands else []
    usage = _fill(" ".join(["Usage:", *filter(None, pieces), "[OPTIONS]"]), width, "")
    parts = [usage, *_paragraphs(command.help or "", width)]
    sections = {
        "Arguments": arguments,
        f"{kind.capitalize()}s": list(commands),
        "Options": options,
    }
    for title, rows in sections.items():
        if rows:
            parts.append("\n".join([f"{title}:", *_table(rows, width)]))
    return "\n\n".join(parts)


def _paragraphs(text: str, width: int) -> Iterator[str]:
    """Yield the paragraphs, indented; those with commands ("$ …") or formulas keep their lines."""
    for paragraph in text.strip("\n").split("\n\n"):
        if paragraph.startswith(("$ ", " ")):
            yield textwrap.indent(inspect.cleandoc(paragraph), "    ")
        elif paragraph:
            yield _fill(paragraph, width, "  ")


def _table(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    left = min(_NAME_WIDTH, max(len(name) for name, _ in rows))
    indent = " " * (left + 4)
    for name, text in rows:
        filled = _fill(text, width, indent)
        if len(name) <= left:
            yield f"  {name:<{left}}  {filled[len(indent) :]}".rstrip()
        else:
            yield f"  {name}\n{filled}".rstrip()


def _fill(text: str, width: int, indent: str) -> str:
    return textwrap.fill(
        " ".join(text.split()),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _metavar(parameter: Any) -> str:
    metavar = parameter.metavar or parameter.name.upper()
    return f"{metavar}..." if parameter.nargs == -1 else str(metavar)


def _usage_piece(parameter: Any) -> str:
    """Return an argument or a required option for the usage line, nothing for other options."""
    if parameter.param_type_name == "argument":
        return _metavar(parameter) if parameter.required else f"[{_metavar(parameter)}]"
    return f"{min(parameter.opts, key=len)} {_metavar(parameter)}" if parameter.required else ""


def _left_column(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _metavar(parameter)
    text = ", ".join(sorted(parameter.opts, key=len))
    if parameter.secondary_opts:
        text += " / " + ", ".join(parameter.secondary_opts)
    return text if parameter.is_flag else f"{text} {_metavar(parameter)}"


def _right_column(parameter: Any) -> str:
    text = parameter.help or ""
    shown, default = getattr(parameter, "show_default", True), parameter.default
    if isinstance(shown, str):
        default = shown
    if parameter.required:
        return text if parameter.param_type_name == "argument" else f"{text} [required]"
    if shown and isinstance(default, str | int | float) and not isinstance(default, bool):
        return f"{text} [default: {default}]"
    return text
