"""The container file and the unit: linted, without rights, and of commands that there are."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT
from tests.docs.test_commands import commands, split

CONTAINER = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "certilabel.service"
IN_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")
EXPOSURE = 20  # tenths; systemd calls up to 4.9 of 10 "OK"


def instructions() -> list[tuple[str, str]]:
    """(name, rest) of each instruction of the container file."""
    text = re.sub(r"^#.*\n", "", CONTAINER.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def unit() -> dict[str, str]:
    """The settings of the unit."""
    lines = [line for line in UNIT.read_text().splitlines() if line and line[0] not in "#["]
    return dict(line.split("=", 1) for line in lines)


def takes(words: list[str]) -> None:
    """The program has this command, with so many arguments."""
    positional, _ = split(words[0], words[1:])
    taken = [each for each in commands()[words[0]].params if each.param_type_name == "argument"]
    assert len(positional) == len(taken)


def test_hadolint_finds_nothing_in_the_container_file():
    """Its rules are those of the field."""
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which(
        "hadolint"
    )
    if hadolint is None:
        pytest.skip("hadolint has no package for this machine, or it is not installed")
    done = subprocess.run([hadolint, CONTAINER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_ends_as_a_user_without_rights_who_serves():
    """A number, so that it holds whatever names there are; and a command that there is."""
    last = dict(instructions())
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last["USER"])
    assert json.loads(last["ENTRYPOINT"]) == ["certilabel"]
    takes(json.loads(last["CMD"]))
    assert {name for name, _ in instructions()} & {"ADD", "MAINTAINER"} == set()


def test_what_the_container_copies_is_in_the_tree():
    """And it installs by the lock."""
    copied = [rest for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    sources = {word for rest in copied for word in rest.split()[:-1]}
    assert [each for each in sorted(sources) if not (ROOT / each).exists()] == []
    assert {"annotator", "ssl_core", "pyproject.toml", "constraints.txt"} <= sources
    assert any("--constraint constraints.txt" in rest for name, rest in instructions())


def test_the_container_is_run_with_a_root_that_is_read_only():
    """As its head and the page say."""
    for text in (CONTAINER.read_text(), (DOCS / "deploying.md").read_text()):
        for option in ("--read-only", "--tmpfs /tmp", "--cap-drop all", "no-new-privileges"):
            assert option in text


def test_the_unit_serves_as_a_user_of_its_own_without_rights():
    """Whatever checks units is not everywhere; this is."""
    found = unit()
    program, *words = shlex.split(found["ExecStart"])
    assert program.endswith("/certilabel")
    takes(words)
    wanted = {
        "User": "certilabel",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "CapabilityBoundingSet": "",
        "IPAddressDeny": "any",
        "IPAddressAllow": "localhost",
        "UMask": "0077",
    }
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path):
    """Checked with a program that is there: the real one is installed elsewhere."""
    path = tmp_path / UNIT.name
    path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(), flags=re.M))
    for words in (["verify"], ["security", "--offline=true", f"--threshold={EXPOSURE}"]):
        done = subprocess.run(
            ["systemd-analyze", *words, path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""


SERVE = """
mount -t tmpfs -o mode=0777 certilabel "$1" && mount -o remount,bind,ro / || exit 77
[ ! -w / ] || exit 77
export HOME="$1/home" TMPDIR="$1/tmp" PYTHONDONTWRITEBYTECODE=1
mkdir -m 0777 "$HOME" "$TMPDIR" "$1/data"
shift
none="--no-new-privs --bounding-set -all --inh-caps -all"
nobody="--reuid 65534 --regid 65534 --clear-groups"
# Where only root may read the interpreter, root without any of its rights takes nobody's place
setpriv $nobody $none sh -c '"$0" -c "import annotator"' "$1" 2>/dev/null || nobody=
exec setpriv $nobody $none "$@"
"""
PROGRAM = """
import os, subprocess, sys, time
from urllib.request import urlopen
root = os.path.join(os.path.dirname(os.environ["HOME"]), "data")
run = [sys.executable, "-c", "from annotator.cli import main; main()"]
subprocess.run([*run, "init", root, "--classes", "cat,dog"], check=True)
server = subprocess.Popen([*run, "serve", root, "--port", sys.argv[1]])
end = time.monotonic() + 300
while time.monotonic() < end:
    try:
        assert urlopen(f"http://localhost:{sys.argv[1]}/_stcore/health", timeout=5).status == 200
        break
    except OSError:
        time.sleep(0.3)
else:
    raise SystemExit("no answer")
server.terminate()
server.wait(60)
"""


def test_it_serves_as_nobody_from_a_root_that_is_read_only(tmp_path, free_port):
    """As in the container: one folder and a temporary one may be written, and nothing else."""
    place = tmp_path / "place"
    place.mkdir()
    words = ["unshare", "--mount", "sh", "-c", SERVE, "sh", str(place)]
    if os.getuid() or not shutil.which("setpriv"):
        pytest.skip("to change mounts and users takes root and util-linux")
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)
    done = subprocess.run(
        [*words, sys.executable, "-c", PROGRAM, str(free_port)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system lets a test mount nothing, not even for itself")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
