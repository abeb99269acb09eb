"""A wheel, built from this tree and installed without a network, is the whole program."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import ROOT
from tests.browser.serving import serving
from tests.browser.workspaces import workspace

PACKAGES = ("annotator", "ssl_core")
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: what an earlier build left in the tree would get into it."""
    copy = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = ["wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([*PIP, *command, str(copy / "dist"), str(copy)], check=True)
    [built] = (copy / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    command = ["install", "--no-index", "--no-deps", "--no-compile", "--target"]
    subprocess.run([*PIP, *command, str(target), str(wheel)], check=True)
    return target


def test_a_wheel_holds_every_file_of_the_packages(wheel: Path):
    """Scripts, styles and the server's settings too, and nothing that is not theirs."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    ours = {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}
    assert packed == ours


def test_an_installed_wheel_serves_from_any_folder(installed: Path, page: Page, tmp_path: Path):
    """Pages in our colors and a worker, on loopback alone, whatever lies in the current folder."""
    here = tmp_path / "here"
    (here / ".streamlit").mkdir(parents=True)
    (here / ".streamlit" / "config.toml").write_text("[server]\naddress = '0.0.0.0'\n")
    for name in ("annotator.py", "queue.py"):  # not to be taken for modules
        (here / name).write_text("raise SystemExit('This is the wrong file.')\n")
    work = workspace(tmp_path / "work", images=3)
    command = [str(installed / "bin" / "certilabel"), "serve", str(work), "--port"]
    with serving(command, tmp_path / "log", here, {"PYTHONPATH": str(installed)}) as url:
        page.goto(f"{url}/rounds")
        expect(page.get_by_text("The worker is running.")).to_be_visible()
        script = installed / "annotator" / "ui" / "web" / "app.py"
        config = tomllib.loads((script.parent / ".streamlit" / "config.toml").read_text())
        text = bytes.fromhex(config["theme"]["light"]["textColor"].removeprefix("#"))
        expect(page.locator(".stApp")).to_have_css("color", "rgb({}, {}, {})".format(*text))
        port = int(url.rpartition(":")[2])
        with pytest.raises(OSError, match=r"refused|reach|assign"):  # it would answer on 0.0.0.0
            socket.create_connection(("127.0.0.2", port), timeout=5)
