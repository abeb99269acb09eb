"""Documentation that can be wrong is tested: pages exist, links lead somewhere."""

import re
from dataclasses import fields

import pytest

from annotator.catalog import methods as catalog
from annotator.catalog import names
from annotator.catalog.settings import choices
from annotator.model import SETTINGS
from tests.docs.pages import DOCS, PAGES, ROOT, code


def slug(heading: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


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


def test_every_method_and_recipe_is_in_the_table_on_rounds():
    """It leads to its page."""
    text = (DOCS / "rounds.md").read_text()
    assert [i.name for i in catalog.methods() if f"(methods/{i.name}.md)" not in text] == []


@pytest.mark.parametrize("name", names.policies())
def test_every_policy_has_its_page(name):
    """The page has idea, equation, source and limits."""
    text = (DOCS / "policies" / f"{name}.md").read_text()
    assert text.startswith(f"# {name}\n")
    for part in ("**Idea.**", "**Equation.**", "$$", "**Source.**", "**When it fails.**"):
        assert part in text


def test_every_preset_is_named():
    """The page on rounds lists the augmentation presets."""
    text = (DOCS / "rounds.md").read_text()
    assert all(f"`{name}`" in text for name in names.presets())


def test_every_setting_is_described_with_its_default_and_what_it_may_be():
    """The page on settings has a row for each, in the order in which the form asks."""
    rows = re.findall(r"^\| (`.*) \| .* \|$", (DOCS / "settings.md").read_text(), re.MULTILINE)
    linked = {"method": "a [method or recipe](rounds.md)", "policy": "a [policy](asking.md)"}
    wanted = []
    for each in SETTINGS.values():
        names = ", ".join(f"`{name}`" for name in choices(each))
        may_be = linked.get(each.name, names) if names else each.span
        wanted.append(f"`{each.name}` | `{each.default}` | {may_be}")
    assert rows == wanted


def test_every_field_that_simulate_prints_is_described():
    """The page on the command line names each field of its JSON."""
    from annotator.simulating.loop import Lap
    from annotator.simulating.proving import Proof

    text = (DOCS / "cli.md").read_text()
    told = [field.name for kind in (Lap, Proof) for field in fields(kind)]
    assert [name for name in told if f"`{name}`" not in text] == []


def test_every_table_of_the_store_is_described(tmp_path):
    """The page on the store has a row for each table of a new database and no other."""
    from annotator.store.database import Database

    section = (DOCS / "store.md").read_text().split("\n## Tables\n")[1].split("\n## ")[0]
    db = Database.create(tmp_path / "certilabel.db")
    temporary = db.rows("SELECT name FROM sqlite_temp_master WHERE type = 'view'")
    tables = [each for each in db.connection.table_names() if not each.startswith("sqlite_")]
    db.close()
    assert sorted(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == sorted(tables)
    assert [row["name"] for row in temporary if f"`{row['name']}`" not in section] == []


def test_every_image_format_and_limit_is_named():
    """The page on limits has those that an import goes by."""
    from annotator.imaging.upright import FORMATS
    from annotator.importing.check import MOST_BYTES, MOST_PIXELS, SMALLEST_SIDE

    text = (DOCS / "limits.md").read_text()
    assert f"Read are {', '.join(FORMATS[:-1])} and {FORMATS[-1]}." in text
    for limit in (
        f"at least {SMALLEST_SIDE} pixels a side",
        f"at most {MOST_PIXELS // 1_000_000} megapixels",
        f"at most {MOST_BYTES >> 20:,} MiB",
    ):
        assert limit in text


def test_the_index_lists_every_page_once():
    """In one of its lists, so that it can be found."""
    lists = re.findall(r"```{toctree}\n(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    lines = [line for each in lists for line in each.splitlines() if re.match(r"\w", line)]
    found = [path for line in lines for path in DOCS.glob(f"{line}.md")]  # a line may have a `*`
    listed = [path.relative_to(DOCS).with_suffix("").as_posix() for path in found]
    there = (path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md"))
    assert sorted(listed) == sorted(set(there) - {"index"})


def test_the_numbers_of_the_readme_are_those_measured():
    """Each stands in the section of the page on measurements that its line leads to."""
    measured = (DOCS / "measured.md").read_text()
    headings = re.findall(r"^#+ (.+)$", measured, re.MULTILINE)
    sections = dict(
        zip(headings, re.split(r"^#+ .+$", measured, flags=re.MULTILINE)[1:], strict=True)
    )
    lines = (ROOT / "README.md").read_text().split("\n## Measured\n")[1].split("\n## ")[0]
    number = r"\d+(?:[.,]\d+)*"
    for line in lines.split("\n- ")[1:]:
        anchor = re.findall(r"measured.md#([\w-]+)", line)[0]
        [section] = [text for name, text in sections.items() if slug(name) == anchor]
        shown = re.findall(number, line)
        assert set(shown) <= set(re.findall(number, section)), f"{anchor} was measured anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_of_the_code_that_a_page_names_are_there(page):
    """Code moves; what a page says of it moves along."""
    named = r"(?<!/)\b(?:annotator|ssl_core|benchmarks|tests|docs|data)(?:/[\w.-]+)+"
    found = {
        each.rstrip(".") for line in code(page.read_text()) for each in re.findall(named, line)
    }
    assert [each for each in sorted(found) if not (ROOT / each).exists()] == []


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
            assert anchor in map(slug, headings), f"{target} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_exist(page):
    """Each `make …` in the text is a target of the Makefile."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for line in code(page.read_text()):
        if called := re.search(r"(?:^|\s)make ((?:[A-Z]+=\S+ )*)([a-z]+)", line):
            assert called[2] in targets
