"""Documentation that can be wrong is tested: pages exist, links lead somewhere, it builds."""

import re
import subprocess
import sys
from dataclasses import asdict, fields

import pytest

from annotator.catalog import tables as catalog
from annotator.model import Settings
from tests.docs.pages import DOCS, PAGES, ROOT, code


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_every_method_and_recipe_has_its_page(info):
    """The page has idea, equation, source and limits, and names each parameter with its default."""
    text = (DOCS / "methods" / f"{info.name}.md").read_text()
    assert text.startswith(f"# {info.name}\n")
    for part in ("**Idea.**", "**Equation.**", "$$", "**Source.**", "**When it fails.**"):
        assert part in text
    for parameter in info.parameters:
        assert f"`{parameter.name}` ({parameter.default:g})" in text
    idea, source = (text.split(part)[1].split("\n\n")[0] for part in ("**Idea.**", "**Source.**"))
    assert len(re.findall(r"[.?!](?:\s|$)", idea)) == 2, "the idea takes two sentences"
    assert re.search(r"\b(?:19|20)\d\d\b", source), "the source has no year"


@pytest.mark.parametrize("name", catalog.policies())
def test_every_policy_has_its_page(name):
    """The page has idea, equation, source and limits."""
    text = (DOCS / "policies" / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    for part in ("**Idea.**", "**Equation.**", "$$", "**Source.**", "**When it fails.**"):
        assert part in text


def test_every_preset_is_named():
    """The page on rounds lists the augmentation presets."""
    text = (DOCS / "rounds.md").read_text()
    assert all(f"`{name}`" in text for name in catalog.presets())


def test_every_setting_is_described_with_its_default():
    """The page on settings has a row for each."""
    text = (DOCS / "settings.md").read_text()
    rows = [f"| `{name}` | `{value}` |" for name, value in asdict(Settings()).items()]
    assert [row for row in rows if row not in text] == []


def test_every_field_that_simulate_prints_is_described():
    """The page on the command line names each field of its JSON."""
    from annotator.simulating.loop import Lap

    text = (DOCS / "cli.md").read_text()
    assert [field.name for field in fields(Lap) if f"`{field.name}`" not in text] == []


def test_every_table_of_the_store_is_described():
    """The page on the store names every table and view that the migrations make."""
    from annotator.store.migrations import FIRST, SECOND

    text = (DOCS / "store.md").read_text()
    made = re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", " ".join([*FIRST, *SECOND]))
    assert made
    assert [name for name in made if f"`{name}`" not in text] == []


def test_every_export_column_and_format_is_described():
    """The page on the export names them all."""
    from annotator.export.line import COLUMNS
    from annotator.export.write import FORMATS

    text = (DOCS / "export.md").read_text()
    assert [name for name in (*FORMATS, *COLUMNS) if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_local_links_and_images_exist(page):
    """A relative link leads to a file, and its anchor to a heading."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), f"{target} leads nowhere"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]
            assert anchor in slugs, f"{target} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page):
    """Each `make …` in the text is a target of the Makefile."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in code(page.read_text()):
        if called := re.search(r"(?:^|\s)make ((?:[A-Z]+=\S+ )*)([a-z]+)", line):
            assert called[2] in targets


def test_the_documentation_builds_strictly_and_needs_no_network(tmp_path):
    """No warning, and no page fetches a script, style, font or image from elsewhere."""
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-d", tmp_path / "trees",
         DOCS, tmp_path / "site"],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) >= len(list(DOCS.rglob("*.md")))
    fetched = r'<(?:script|img|link|iframe)\b[^>]*(?:src|href)="(?:https?:)?//[^"]*"'
    assert [found for page in pages for found in re.findall(fetched, page.read_text())] == []
