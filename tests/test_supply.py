"""What is installed is bounded, locked for CI, and listed: nothing comes in unasked."""

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = ROOT / "constraints.txt"


def locked() -> dict[str, str]:
    """Package -> version."""
    pairs = (line.split("==") for line in LOCK.read_text().splitlines())
    return {canonicalize_name(name): version for name, version in pairs}


def needed(requirements: list[str]) -> dict[str, list[Requirement]]:
    """Package -> what is asked of it, by these or by what they need, on this machine."""
    found: dict[str, list[Requirement]] = {}
    waiting = [(Requirement(each), "") for each in requirements]
    seen = set()
    while waiting:
        each, extra = waiting.pop()
        if (str(each), extra) in seen or (
            each.marker and not each.marker.evaluate({"extra": extra})
        ):
            continue
        seen.add((str(each), extra))
        name = canonicalize_name(each.name)
        found.setdefault(name, []).append(each)
        try:
            below = metadata.distribution(name).requires or []
        except metadata.PackageNotFoundError:
            continue
        waiting += [(Requirement(text), more) for text in below for more in ("", *each.extras)]
    return found


def test_every_package_that_the_program_needs_is_bounded_on_both_sides():
    """An old version lacks what is used; a new major one has not been tried."""
    asked = [*PROJECT["dependencies"], *EXTRAS["backbones"], *EXTRAS["demo"]]
    bounds = {
        each.name: {one.operator for one in each.specifier} for each in map(Requirement, asked)
    }
    assert {name for name, found in bounds.items() if found != {">=", "<"}} == set()


def test_the_lock_has_all_that_ci_installs_and_within_bounds():
    """With what its packages need in turn; `make lock` writes it."""
    own = [each for each in EXTRAS["dev"] if not each.startswith("certilabel[")]
    asked = [*PROJECT["dependencies"], *EXTRAS["backbones"], *EXTRAS["demo"], *EXTRAS["docs"], *own]
    versions = locked()
    wrong = [
        f"{each} but {versions.get(name)}"
        for name, requirements in needed(asked).items()
        if name != "pip"  # it is the one that installs
        for each in requirements
        if not each.specifier.contains(versions.get(name, "0"), prereleases=True)
        or name not in versions
    ]
    assert wrong == []


def test_the_lock_says_versions_and_no_place():
    """Whoever installs decides where from."""
    lines = LOCK.read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!-]+", line)] == []


def test_ci_installs_by_the_lock_and_others_by_the_bounds():
    """As the Makefile would, without doing it."""
    for ci, wanted in {"true": True, "": False}.items():
        words = ["make", "--dry-run", "--always-make", "VENV=.none", "CI=" + ci, ".none/.dev"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
        assert ("--constraint constraints.txt" in done.stdout) == wanted


def test_the_bill_of_materials_lists_what_the_program_needs(tmp_path):
    """In CycloneDX, each package with the version that is installed."""
    file = tmp_path / "bom.json"
    words = ["environment", "--output-format", "JSON", "--output-file", str(file)]
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", *words, sys.executable],
        capture_output=True,
        check=True,
    )
    bom = json.loads(file.read_text())
    assert bom["bomFormat"] == "CycloneDX"
    listed = {canonicalize_name(each["name"]): each["version"] for each in bom["components"]}
    asked = needed(PROJECT["dependencies"])
    assert {name: listed.get(name) for name in asked} == {
        name: metadata.version(name) for name in asked
    }
