"""No message that the page shows of an import names an option of the command line."""

import ast
import re
from pathlib import Path

import pytest

import annotator
from annotator.ui.bringing.wording import BOXES, FIELDS, on_page
from tests.docs.pages import ROOT

PACKAGE = Path(annotator.__file__).parent
# Where messages come from that an import may show
SHOWN = (
    "importing",
    "imaging",
    "model/importing",
    "model/images.py",
    "service/images.py",
    "service/opened.py",
    "service/bringing",
    "project/files.py",
    "store/classes",
)
ELSEWHERE = "importing/embeddings"  # which pages do not import
OPTION = re.compile(r"(?<![\w-])--[a-z]")


def messages():
    """Every text in the source of these modules that has an option in it, but for docstrings."""
    for name in SHOWN:
        place = PACKAGE / name
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if not path.relative_to(PACKAGE).as_posix().startswith(ELSEWHERE):
                yield from ((path.relative_to(PACKAGE), text) for text in texts(path))


def texts(path):
    tree = ast.parse(path.read_text())
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    joined = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inner = {id(part) for node in joined for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "something"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in inner | docs:
            text = node.value if isinstance(node.value, str) else ""
        else:
            continue
        if OPTION.search(text):
            yield text


def test_every_message_of_an_import_is_in_the_page_s_own_words():
    """Found in the source, so that a new one is found as well."""
    found = list(messages())
    assert len(found) > 12
    assert [(str(path), text) for path, text in found if "--" in on_page(text)] == []


def test_an_option_that_the_page_does_not_know_is_found():
    """The test above can fail."""
    assert OPTION.search(on_page("give `--unheard-of`"))


def test_every_option_of_the_table_is_one_of_the_command():
    """None is left there that the command has not."""
    from annotator.cli.importing import import_

    options = {name.strip("_").replace("_", "-") for name in import_.__annotations__}
    assert {*FIELDS, *BOXES} <= options


def test_every_input_of_the_table_is_on_the_page():
    """As the form has it, or the look at a source."""
    drawn = "".join(
        (PACKAGE / "ui" / name).read_text()
        for name in ("parts/bringing.py", "bringing/looked.py", "bringing/agree.py")
    )
    used = set(re.findall(r'(?:FIELDS|BOXES)\[[\'"]([a-z-]+)[\'"]\]', drawn))
    assert used == {*FIELDS, *BOXES}
    assert ROOT in PACKAGE.parents


@pytest.mark.parametrize(
    ("option", "field"),
    [
        ("Leave `--labels` out.", "Leave 'Column of the labels' out."),
        ("without `--labels folders`: it", "without the box 'Folder names are labels': it"),
        ("give `--labels a` or `--labels b`", "give a as '{0}' or b as '{0}'"),
        ("`--pages 3-9` reads on", "3-9 as 'Pages of PDF, TIFF and DICOM files' reads on"),
        ("`--add-classes` adds them", "the box 'Add these classes' adds them"),
        ("`certilabel import --fetch` does", "`certilabel import` (option 'fetch') does"),
        ("a file called `--x` is left", "a file called `--x` is left"),
        ("a--labels.png", "a--labels.png"),
    ],
)
def test_options_of_the_command_line_are_named_as_inputs_of_the_page(option, field):
    """What only the command line can do is named as that; names of files stay as they are."""
    assert on_page(option) == field.format("Column of the labels")
