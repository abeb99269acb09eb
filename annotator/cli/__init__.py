"""The command line: a file a group of commands."""

from annotator.cli.commands import app, main

__all__ = ["app", "main"]
