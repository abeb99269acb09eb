"""The command line: a file a group of commands."""

from annotator.cli.app import app, main

__all__ = ["app", "main"]
