"""The commands that keep running: the app, for those who may use it, and a worker."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from annotator.cli import printing, stopping
from annotator.cli.options import Admins, Port, Reviewers, Root
from annotator.cli.running import listening
from annotator.errors import AnnotatorError
from annotator.model import Access, Role
from annotator.service import Service
from annotator.service.people.login import provider
from annotator.worker import Worker

APP = Path(__file__).resolve().parents[2] / "ui" / "web" / "app.py"


# What no file and no variable of Streamlit's may change
FIXED = {
    "browser.gatherUsageStats": "false",
    "client.showErrorLinks": "false",
    "global.developmentMode": "false",
    # It would print an address without the token, and look outside for one of this machine
    "logger.hideWelcomeMessage": "true",
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.enableStaticServing": "false",
    "server.headless": "true",
}


def serve(
    root: Root,
    port: Port = 8501,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A further name that browsers use; may be repeated."),
    ] = None,
    token: Annotated[
        bool, typer.Option("--token", help="Let in who opens the address that is printed.")
    ] = False,
    auth: Annotated[
        str,
        typer.Option(
            metavar="oidc:FILE|header:NAME",
            help="A login: by OpenID Connect, or by a proxy on this machine that names people.",
        ),
    ] = "",
    folder: Annotated[
        list[Path] | None,
        typer.Option(help="Pages may import from it and export to it too; may be repeated."),
    ] = None,
    admin: Admins = None,
    reviewer: Reviewers = None,
) -> None:
    """Serve the app, with a worker beside it."""
    access = asked(host, allow_host or [], token, auth, folder or [])
    serve_at(root, port, access, roles(admin or (), reviewer or ()))


def roles(admins: Sequence[str], reviewers: Sequence[str]) -> dict[str, Role]:
    """The role of each person who is named; whoever else logs in is an annotator.

    Raises:
        AnnotatorError: a name is empty, or has two roles.
    """
    found: dict[str, Role] = {}
    for role, names in (("admin", admins), ("reviewer", reviewers)):
        for name in (each.strip() for each in names):
            if not name:
                raise AnnotatorError(f"--{role} names nobody. Give the name that the login tells.")
            if found.setdefault(name, role) != role:  # type: ignore[arg-type]
                raise AnnotatorError(
                    f"'{name}' is given two roles. An admin may all that others may."
                )
    return found


def asked(
    host: str, names: Sequence[str], token: bool, auth: str, folders: Sequence[Path]
) -> Access:
    """Who may use the app, from what the command was given.

    A token is made anew, unless the variable CERTILABEL_TOKEN has one.

    Raises:
        AnnotatorError: anybody could use it, or a part of what was given is wrong.
    """
    kept = os.environ.get("CERTILABEL_TOKEN", "")
    way, _, what = auth.partition(":")
    if auth and (way not in ("oidc", "header") or not what):
        raise AnnotatorError(f"--auth is '{auth}'; it must be oidc:FILE or header:NAME.")
    if way == "oidc":
        provider(what)  # say at once if it is none
    if way == "oidc" and not find_spec("authlib"):
        raise AnnotatorError(
            "A login needs the package Authlib, which is absent. "
            "Install it with `pip install 'certilabel[login]'`."
        )
    if _is_every(host) and not names:
        names = [socket.gethostname().lower()]
    access = Access(
        host=host,
        names=tuple(name.lower() for name in names),
        token=(kept or secrets.token_urlsafe(32)) if token or (kept and not auth) else "",
        header=what if way == "header" else "",
        oidc=str(Path(what).resolve()) if way == "oidc" else "",
        folders=tuple(str(each.expanduser().resolve()) for each in folders),
    )
    access.check()
    return access


def serve_at(
    root: Path,
    port: int,
    access: Access | None = None,
    roles: Mapping[str, Role] | None = None,
) -> None:
    """Say where it will be, and serve a workspace there; to this machine, unless told otherwise.

    Raises:
        AnnotatorError: nobody can listen there, or another program does.
        StoreError: the database is missing, damaged or cannot be written.
        WorkspaceError: the folder is none, or cannot be written.
    """
    access = access or Access()
    service = Service.open(root)
    try:
        service.check()  # whatever is wrong is told before there is an address
    finally:
        service.close()
    listening.check(access.host, port)  # a token must not be sent to whoever listens there
    printing.say(f"Certilabel is on {address(access, port)}. Ctrl-C ends it.")
    _become_server(root, port, access, roles or {})


def _is_every(host: str) -> bool:
    """Whether it stands for all addresses of this machine, and so is none that a browser opens."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:  # a name
        return False


def address(access: Access, port: int) -> str:
    """Where a browser finds it, with the token that it needs once."""
    name = access.names[0] if access.names else access.host
    if access.host == Access().host and not access.names:
        name = "localhost"
    bracketed = f"[{name}]" if ":" in name and not name.startswith("[") else name
    return f"http://{bracketed}:{port}" + (f"/?token={access.token}" if access.token else "")


def work(
    root: Root,
    once: Annotated[bool, typer.Option("--once", help="One job, then exit.")] = False,
) -> None:
    """Do background jobs until Ctrl-C."""
    with stopping.telling(lambda: _left(root)):
        did = Worker.open(root).run(once=once)
    if once:
        printing.say("One job is done." if did else "Nothing to do.")


def _left(root: Path) -> str:
    """What a worker leaves undone that Ctrl-C ended."""
    job = Service.open(root).active_job()
    if job is None:
        return "Stopped; no job waits."
    what = "a round" if job.kind == "round" else "looking at the images"
    return (
        f"Stopped; {what} waits for the next worker, which goes on with it: `certilabel work "
        f"{root}` or `certilabel serve {root}`."
    )


def _become_server(root: Path, port: int, access: Access, roles: Mapping[str, Role]) -> NoReturn:
    """Become the server: a signal to this process is a signal to it, and none is left behind."""
    environment = {
        **os.environ,
        **access.environment(),
        "CERTILABEL_WORKSPACE": str(root.resolve()),
        "CERTILABEL_ROLES": json.dumps(dict(roles)),
        "PYTHONSAFEPATH": "1",  # what lies in the current folder is no module of server or worker
    }
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    command += ["--server.address", access.host]
    for name, value in FIXED.items():
        command += [f"--{name}", value]
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is what we want
