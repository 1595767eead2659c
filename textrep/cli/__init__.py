"""The command line: one file a command, and the only room that prints.

Results go to stdout, progress and log lines to stderr. Nothing heavier than typer is imported until
a command has been chosen.
"""

from textrep.cli.run import main

__all__ = ["main"]
