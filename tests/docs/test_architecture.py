"""The page on architecture is true: its rooms, its floors, and each hop of its walks."""

import re
import tomllib

import pytest

from tests.docs import walks
from tests.docs.pages import DOCS, ROOT

PAGE = (DOCS / "architecture.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
PACKAGES = ("annotator", "ssl_core")
WALKS = walks.walks(PAGE)


def floors(package):
    """The floors of a package, top to bottom, each with its rooms, by its contract."""
    [contract] = [each for each in CONTRACTS if each.get("containers") == [package]]
    assert contract["exhaustive"]
    return [[room.strip() for room in floor.split("|")] for floor in contract["layers"]]


def leave(contract, room):
    """What a room may import of all that a contract forbids."""
    pairs = (each.split(" -> ") for each in contract.get("ignore_imports", ()))
    return {target.removesuffix(".**") for source, target in pairs if source == f"{room}.**"}


def rows(package):
    """The lines of the page's table of rooms: room -> (what it holds, what it may import)."""
    section = PAGE.split(f"## The rooms of {package}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", section, re.MULTILINE)
    return {room: (holds, may) for room, holds, may in found}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_page_has_every_room(package):
    """A room is a folder with Python in it, or a module beside them."""
    there = {path.parent.name for path in (ROOT / package).glob("*/*.py")}
    there |= {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__"}
    assert set(rows(package)) == there
    assert [room for floor in floors(package) for room in floor] == list(rows(package))


@pytest.mark.parametrize("package", PACKAGES)
def test_the_floors_are_those_that_the_linter_keeps(package):
    """Line by line, from the top."""
    shown = PAGE.split(f"\n`{package}`:\n\n```text\n")[1].split("\n```")[0]
    assert [line.split(" | ") for line in shown.splitlines()] == floors(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_room_may_import_is_what_its_contracts_let_it(package):
    """Everything on lower floors, unless a contract names less; and what it alone may have."""
    lowest = floors(package)[-1]
    for room, (_, may) in rows(package).items():
        name = f"{package}.{room}"
        few = [
            leave(each, name)
            for each in CONTRACTS
            if each.get("source_modules") == [name] and each["forbidden_modules"] == ["annotator.*"]
        ]
        alone = [leave(each, name) for each in CONTRACTS if each.get("source_modules") == [package]]
        ours, _, libraries = may.partition("; ")
        assert set(re.findall(r"`([^`]+)`", libraries)) == set().union(*alone)
        if few:
            named = {f"{package}.{each}" for each in re.findall(r"`([^`]+)`", ours)}
            assert named == few[0]
        else:
            assert ours == ("nothing of ours" if room in lowest else "below")


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_names_functions_that_are_there(title):
    """Every file exists, and defines what is called in it."""
    for hop in WALKS[title].hops:
        assert (ROOT / hop.file).is_file(), f"{hop.file} is gone"
        missing = set(hop.names) - walks.defined(hop.file)
        assert not missing, f"{hop.file} does not define {missing}"


@pytest.mark.parametrize("title", WALKS)
def test_each_hop_of_a_walk_is_one_of_the_code(title):
    """One file imports the other and names what it calls, or the page says what else ties them."""
    for upper, lower in WALKS[title].ties():
        assert walks.imports(upper.file, lower.file) or walks.imports(lower.file, upper.file), (
            f"neither of {upper.file} and {lower.file} imports the other"
        )
        assert any(walks.says(upper.file, name) for name in lower.names) or any(
            walks.says(lower.file, name) for name in upper.names
        ), f"neither of {upper.file} and {lower.file} names what is called in the other"


@pytest.mark.parametrize("title", WALKS)
def test_what_ties_the_parts_of_a_walk_is_of_a_known_kind(title):
    """The browser, the database, a job, an import beside pages, or the source read as text."""
    kinds = ("the browser", "the database", "a job row", "the import", "the source")
    assert all(each.split(":")[0] in kinds for each in WALKS[title].bridges)


def test_the_labeler_imports_the_scripts_that_the_walks_name():
    """They are modules: what its main script calls in another it imports from there."""
    scripts = {
        hop.file.rpartition("/")[2]
        for walk in WALKS.values()
        for hop in walk.hops
        if hop.file.endswith(".js")
    }
    assert {"labeler.js", "outbox.js"} <= scripts
    text = (ROOT / "annotator/ui/labeler/labeler.js").read_text()
    imported = set(re.findall(r'from "\./([\w.]+)"', text))
    assert scripts - {"labeler.js"} <= imported


def test_a_table_is_read_as_text_where_the_page_says_so():
    """The catalog names the table's package and imports nothing of it."""
    source = (ROOT / "annotator/catalog/methods.py").read_text()
    assert '"ssl_core.methods"' in source
    assert not re.search(r"^\s*(?:from|import) ssl_core", source, re.MULTILINE)


def test_the_walks_are_short():
    """A label takes thirteen files at most, an algorithm five."""
    assert len(WALKS) == 4
    label, _, _, algorithm = WALKS.values()
    assert len({hop.file for hop in label.hops}) <= 13
    assert len({hop.file for hop in algorithm.hops}) <= 5
