"""The command line: its commands by name, and how each of them ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from annotator.cli import printing, stopping
from annotator.cli.certifying import audit, certify, verify
from annotator.cli.classes import classes
from annotator.cli.demo import demo
from annotator.cli.importing import import_
from annotator.cli.keeping import backup, doctor, restore
from annotator.cli.rounds import cancel, methods, policies, round_, simulate
from annotator.cli.running.serving import serve, work
from annotator.cli.settings import set_
from annotator.cli.workspace import export, init, status
from annotator.errors import AnnotatorError, unknown

COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo,
    "init": init,
    "set": set_,
    "import": import_,
    "classes": classes,
    "serve": serve,
    "work": work,
    "round": round_,
    "cancel": cancel,
    "simulate": simulate,
    "status": status,
    "certify": certify,
    "audit": audit,
    "export": export,
    "verify": verify,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
    "methods": methods,
    "policies": policies,
}


class Group(TyperGroup):
    """Says of a command that there is none which ones there are, and which one was meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise AnnotatorError(unknown("command", args[0], COMMANDS))
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    add_completion=False,
    help="Label images; let models label the rest.",
)
for name, command in COMMANDS.items():
    app.command(name)(stopping.ending(name, command))


def main() -> None:
    """Run the command line; a mistake, a fault, Ctrl-C or SIGTERM is one line on standard error.

    The exit code is 2, 130 after Ctrl-C and 143 after SIGTERM.
    """
    try:
        app()
    except AnnotatorError as error:
        printing.print_error(str(error))
        sys.exit(2)
    except OSError as error:  # of the disk: a full one, a missing right
        where = f" ({error.filename})" if error.filename else ""
        printing.print_error(
            f"The disk says: {error.strerror or error}{where}. Make room or give yourself the "
            "right to read and write there, then try again."
        )
        sys.exit(2)
    except stopping.Stopped as stop:
        printing.note(str(stop))
        sys.exit(stop.code)
