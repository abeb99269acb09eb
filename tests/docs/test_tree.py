"""The tree keeps its own rules: small files, telling names, nothing of any one machine."""

import re

import pytest

from tests.docs.pages import ROOT, tracked

MOST_LINES = 300
CODE = {".py", ".js", ".css", ".html"}
VAGUE = {"utils", "util", "helpers", "helper", "base", "common", "misc"}
# American spelling: what is looked for, written so that this file does not have it
BRITISH = [
    r"labe[l]l",
    r"cance[l]l(?!ation)",
    r"colo[u]r",
    r"behavio[u]r",
    r"neighbo[u]r",
    r"judg[e]ment",
    r"cent[r]e",
    r"optimi[s](?![tm])",
    r"normali[s]",
]
SPELLED = {*CODE, ".md", ".toml"}
HISTORY = ROOT / "annotator" / "store" / "migrations.py"  # what the first versions wrote
PRIVATE = re.compile(
    rb"(?<![\w.])/(?:work|root|home|Users)/\w"  # a path of one machine
    rb"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|(?:deb|security)[.]debian[.]org"
    rb"|download[.]pytorch[.]org"
)


@pytest.mark.parametrize(
    "path",
    [path for path in tracked() if path.suffix in CODE],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_file_stays_small(path):
    """300 lines at most: beyond that it holds two ideas."""
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_no_file_is_named_for_nothing():
    """A name says what is inside."""
    packages = [path for path in tracked() if path.suffix == ".py"]
    assert [path for path in packages if path.stem in VAGUE] == []


def test_every_package_file_says_its_idea_in_its_first_line():
    """A module begins with a one-line docstring; empty package files need none."""
    for path in tracked():
        inside = path.relative_to(ROOT).parts[0] in ("annotator", "ssl_core")
        if inside and path.suffix == ".py" and path.read_text():
            assert path.read_text().startswith('"""'), f"{path.name} begins with no docstring"


def test_spelling_is_american():
    """In code and text alike, in any case of letters."""
    british = re.compile("|".join(BRITISH), re.IGNORECASE)
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked()
        if path.suffix in SPELLED
        and path != HISTORY
        and (match := british.search(path.read_text()))
    }
    assert found == {}


def test_no_file_names_a_machine_or_a_registry():
    """The tree works anywhere, from any mirror."""
    found = {
        str(path.relative_to(ROOT)): match[0]
        for path in tracked()
        if (match := PRIVATE.search(path.read_bytes()))
    }
    assert found == {}
