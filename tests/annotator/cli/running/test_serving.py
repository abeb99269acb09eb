"""What `certilabel serve` is asked, refuses and becomes; the server itself is not started here."""

import os
import stat
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from annotator.cli import commands
from annotator.cli.running import serving
from annotator.cli.running.serving import FIXED, address, asked, roles
from annotator.errors import AnnotatorError
from annotator.model import Access
from annotator.service import Service


@pytest.fixture
def became(monkeypatch, tmp_path):
    """Run `serve` on a small workspace; returns the command and the environment it becomes."""
    monkeypatch.delenv("CERTILABEL_TOKEN", raising=False)
    Service.create(tmp_path / "ws", ["cat", "dog"]).close()

    def run(*words):
        found = []

        def execve(path, command, environment):
            assert path == sys.executable
            found.append((command, environment))

        monkeypatch.setattr(os, "execve", execve)
        monkeypatch.setattr(serving.listening, "check", lambda *_: None)  # the port may be taken
        monkeypatch.setattr(sys, "argv", ["certilabel", "serve", str(tmp_path / "ws"), *words])
        with pytest.raises(SystemExit) as ended:
            commands.main()
        return ended.value.code, *(found or [(None, None)])

    return run


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.4", ""])
def test_what_other_machines_reach_is_refused_in_one_sentence(became, host, capsys):
    """Exit code 2, one line that names both ways out, and no server."""
    code, (command, _) = became("--host", host)
    said = capsys.readouterr()
    assert (code, command, said.out) == (2, None, "")
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1
    assert "--token" in said.err
    assert "--auth" in said.err


def test_a_token_is_printed_once_and_handed_to_the_server(became, capsys):
    """It is in the address, long, new each time, and on no command line that others can list."""
    seen = set()
    for _ in range(2):
        code, (command, environment) = became("--host", "0.0.0.0", "--token")
        assert code == 0
        [line] = capsys.readouterr().out.splitlines()
        printed = next(word for word in line.split() if word.startswith("http://"))
        [token] = parse_qs(urlsplit(printed.rstrip(".")).query)["token"]
        access = Access.read(environment)
        assert (access.token, access.host) == (token, "0.0.0.0")
        assert urlsplit(printed).hostname in access.names
        assert len(token) >= 40
        assert not any(token in word for word in command)
        seen.add(token)
    assert len(seen) == 2


def test_a_token_may_be_kept_in_a_variable(became, monkeypatch):
    """For a server that is started by a machine; one that can be guessed is refused."""
    monkeypatch.setenv("CERTILABEL_TOKEN", "a-token-of-twenty-letters")
    code, (_, environment) = became("--host", "0.0.0.0")
    assert (code, Access.read(environment).token) == (0, "a-token-of-twenty-letters")
    monkeypatch.setenv("CERTILABEL_TOKEN", "guess")
    assert became("--host", "0.0.0.0")[0] == 2


def test_by_default_this_machine_alone_is_served(became, capsys):
    """Without a token, whatever files and variables say to Streamlit."""
    code, (command, environment) = became("--port", "8600")
    assert code == 0
    assert "http://localhost:8600. " in capsys.readouterr().out
    assert Access.read(environment) == Access()
    given = dict(pairwise(command))
    assert given["--server.address"] == "127.0.0.1"
    assert {name: given[f"--{name}"] for name in FIXED} == FIXED


def test_names_and_folders_reach_the_server(became, tmp_path):
    """Names in lower case, folders where they really are."""
    (tmp_path / "scans").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "scans")
    words = ["--allow-host", "Labels.Example", "--folder", str(tmp_path / "link")]
    _, (_, environment) = became(*words)
    access = Access.read(environment)
    assert access.names == ("labels.example",)
    assert access.folders == (str((tmp_path / "scans").resolve()),)


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        ("password", "oidc:FILE or header:NAME"),
        ("header:", "oidc:FILE or header:NAME"),
        ("oidc:absent.toml", "Cannot read the login.s provider from absent.toml"),
        ("header:X User", "no name of a header"),
    ],
)
def test_a_login_of_the_wrong_form_is_refused(auth, said):
    """With what it may be."""
    with pytest.raises(AnnotatorError, match=said):
        asked("127.0.0.1", [], False, auth, [])


def test_a_proxy_names_people_on_loopback_alone(monkeypatch):
    """Where others reach the server, they could send its header."""
    monkeypatch.delenv("CERTILABEL_TOKEN", raising=False)
    assert asked("127.0.0.1", [], False, "header:X-User", []).header == "X-User"
    with pytest.raises(AnnotatorError, match="nobody but the proxy"):
        asked("0.0.0.0", [], False, "header:X-User", [])


@pytest.mark.parametrize(
    ("access", "printed"),
    [
        (Access(), "http://localhost:8501"),
        (Access(host="::1"), "http://[::1]:8501"),
        (Access(names=("labels.example",)), "http://labels.example:8501"),
        (Access(host="192.0.2.4", token="t" * 20), "http://192.0.2.4:8501/?token=" + "t" * 20),
    ],
)
def test_the_address_is_one_that_the_server_answers_to(access, printed):
    """A name that it was given, else the address that it listens on."""
    assert address(access, 8501) == printed


def test_the_page_script_is_there():
    """What the command becomes."""
    assert stat.S_ISREG(Path(serving.APP).stat().st_mode)


def test_each_name_has_the_role_that_it_was_given_by():
    """As it was written, without blanks around it; twice the same is no mistake."""
    assert roles(["zoe@lab", " max "], ["ann@lab", "ann@lab"]) == {
        "zoe@lab": "admin",
        "max": "admin",
        "ann@lab": "reviewer",
    }
    assert roles([], []) == {}


@pytest.mark.parametrize(
    ("admins", "reviewers", "words"),
    [(["zoe"], ["zoe"], "'zoe' is given two roles"), ([""], [], "--admin names nobody")],
)
def test_what_cannot_be_meant_is_refused(admins, reviewers, words):
    """An empty name would be that of whoever is not logged in."""
    with pytest.raises(AnnotatorError, match=words):
        roles(admins, reviewers)
