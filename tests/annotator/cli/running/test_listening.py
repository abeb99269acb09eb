"""Listening: what cannot be is one sentence with the way out, and no address is printed."""

import os
import re
import socket
import sys

import pytest

from annotator.cli import commands
from annotator.cli.running import listening
from annotator.errors import AnnotatorError
from annotator.service import Service


@pytest.fixture
def taken():
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_told(taken):
    """With another one to take."""
    words = rf"Port {taken} of 127\.0\.0\.1 is taken by another program.*`--port \d+`"
    with pytest.raises(AnnotatorError, match=words):
        listening.check("127.0.0.1", taken)


def test_the_port_that_is_offered_is_free(taken):
    """Its neighbor may be another program's too, and the last one has none above it."""
    held = []
    for each in range(taken + 1, taken + 4):
        try:
            held.append(socket.create_server(("127.0.0.1", each)))
        except OSError:  # somebody else holds it: all the better
            continue
    with pytest.raises(AnnotatorError) as told:
        listening.check("127.0.0.1", taken)
    offered = int(re.search(r"`--port (\d+)`", str(told.value))[1])
    assert offered not in range(taken, taken + 4)
    listening.check("127.0.0.1", offered)
    for each in held:
        each.close()


def test_a_port_that_is_free_stays_free(taken):
    """Also twice: what was tried is let go of."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    for _ in range(2):
        listening.check("127.0.0.1", port)
        listening.check("localhost", port)


@pytest.mark.parametrize("host", ["192.0.2.4", "no.such.name.invalid", "2001:db8::4"])
def test_an_address_that_is_none_of_this_machine_is_told(host):
    """It was a traceback of the server."""
    with pytest.raises(AnnotatorError, match=rf"Nobody can listen at {host} \(.*`--host`"):
        listening.check(host, 8977)


@pytest.mark.parametrize("token", [[], ["--token"]])
def test_serve_says_it_before_it_prints_an_address(taken, token, tmp_path, monkeypatch, capsys):
    """What is there is another's: it would be opened, and be sent the token."""
    Service.create(tmp_path / "ws", ["cat", "dog"]).close()
    words = ["certilabel", "serve", str(tmp_path / "ws"), "--port", str(taken), *token]
    monkeypatch.setattr(sys, "argv", words)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("it became a server"))
    with pytest.raises(SystemExit) as ended:
        commands.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "is taken by another program" in said.err
