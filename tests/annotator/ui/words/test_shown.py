"""No page shows a text that its table of languages does not know of."""

import ast
import re
from pathlib import Path

import pytest

from annotator.rounds.elsewhere import child
from annotator.store.file import faults
from annotator.ui.bringing.wording import on_page
from annotator.ui.words.markup import spoken
from annotator.ui.words.reading import READERS
from annotator.ui.words.table import TABLES
from annotator.worker import loop
from tests.annotator.ui.words.source import (
    ANY,
    ROOMS,
    TEXTS,
    UI,
    bare,
    called,
    looked_up,
    marked_up,
    pages,
    refusals,
    scripts,
    shown,
    strings,
    text_of,
)

TREES = {
    path.relative_to(UI).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in pages()
}
# What is shown as it is, and why
AS_IT_IS = {
    "{}.zip": "the name of a file",
    "_kinds(now, found)": "the name of a source, with counts that were looked up",
    "'\\n'.join(lines)": "names of files, with reasons that were looked up",
    "plain(name)": "the name of a file",
    "'  \\n'.join([*told, *more])": "reasons that were looked up",
    "plain(service.name)": "the workspace's own name",
    "plain(moment(each.at))": "a time, in the language already",
    "told": "put together from texts that were looked up",
}
# Refusals that no table has, and why
ENGLISH = (
    "{} Or give {}.",  # what can be given: names of the command line
    '{} is damaged. It should read {"',  # a text that is to be written as it stands
    '{} has lost its file {}. Put it back; it reads {"',
    "{}: {}",  # of somebody else's file, put together elsewhere
    "{} is {}",
)
GERMAN = READERS["de"]
SOME = "7,777"  # in the places of a text, which mostly have numbers


@pytest.mark.parametrize("name", TREES)
def test_what_a_page_shows_goes_through_the_table(name):
    """A literal in a call of Streamlit that is not within `_(…)` would stay English for "
    "everybody."""
    texts = [text for _, node in shown(TREES[name]) for text in bare(node)]
    found = [text for text in texts if text not in AS_IT_IS]
    assert not found, f"{name}: write _(…) around {found}, and a line in each table"


@pytest.mark.parametrize("name", TREES)
def test_a_sentence_from_below_goes_through_the_table(name):
    """What the service says is English: a page that shows it looks it up as well."""
    for method, node in shown(TREES[name]):
        if method not in TEXTS or any(called(each, "_") for each in ast.walk(node)):
            continue
        text = ast.unparse(node)
        known = text in AS_IT_IS or _is_sign(node)
        assert known, f"{name}: write _(…) around {text}, or say in AS_IT_IS why not"


def _is_sign(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr) and not [*bare(node)]


def leaves(node: ast.AST) -> list[str]:
    """The texts that an expression may be, as far as they are written there."""
    if isinstance(node, ast.IfExp):
        return leaves(node.body) + leaves(node.orelse)
    text = text_of(node)
    return [text] if text.replace(ANY, "").strip() else []


@pytest.mark.parametrize("name", TREES)
def test_each_text_that_is_looked_up_has_a_line_in_each_table(name):
    """All of it at once, or sentence by sentence."""
    for node in looked_up(TREES[name]):
        for text in leaves(node):
            for code, reader in READERS.items():
                parts = reader.parted(text.replace(ANY, SOME))
                unknown = [english.replace(SOME, ANY) for english, said, _ in parts if said is None]
                lacks = [each for each in unknown if not has_line(code, each)]
                assert not lacks or has_line(code, text), (
                    f"{name}: {reader.table.name} lacks {lacks}"
                )


def has_line(code: str, text: str) -> bool:
    """Whether a line could be what the text is once its places are filled."""
    if sum(map(str.isalpha, text)) < 2:
        return True
    pattern = re.compile(".*?".join(map(re.escape, text.strip().split(ANY))), re.DOTALL)
    # One that begins with a sentence of its own is said without it, too
    rest = re.compile(pattern.pattern.removeprefix(".*?\\ "), re.DOTALL)
    return any(each.fullmatch(line) for line in TABLES[code].lines for each in (pattern, rest))


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_page_may_be_refused_with_has_a_line_in_each_table(room):
    """As it is written, or as *Data* says it: with its own inputs in the place of options."""
    for text in refusals(room):
        if not text.startswith(ENGLISH) and text.replace(ANY, "").strip(" ."):
            for code in READERS:
                known = is_known(code, text) or is_known(code, on_page(text))
                assert known, f"{TABLES[code].name} lacks {text!r}"


def test_what_is_wrong_with_the_database_and_with_other_machines_is_said_in_each_language():
    """Errors that are put together elsewhere; a way out stands in each."""
    said = [each for each in vars(faults).values() if str(each).startswith("The database {}")]
    found = [faults.told(Path("/a b.sqlite"), each, "no room") for each in said]
    assert set(faults.WORDS.values()) < set(said)
    late = [child._late(each, made, 9) for each in ("local", "ray://a:1") for made in (True, False)]
    for text in (*map(str, found), *late, loop._told(MemoryError("all of it"))):
        for code, reader in READERS.items():
            assert all(said for _, said, _ in reader.parted(text)), f"{code}: {text!r}"


def is_known(code: str, text: str) -> bool:
    """Whether lines say all of it, as a whole or sentence by sentence."""
    parts = READERS[code].parted(text.replace(ANY, SOME))
    return all(said is not None for _, said, _ in parts) or has_line(code, text)


def test_what_scripts_say_has_a_line_in_each_table():
    """`_("…")` in a script looks its text up; a sentence between quotes is given to `_`."""
    for name, script in scripts().items():
        for reader in READERS.values():
            lines = reader.table.parts["scripts"]
            for text in strings(script):
                if f'_("{text}"' in script.replace("(\n      ", "(").replace("(\n        ", "("):
                    assert text in lines, f"{name}: {reader.table.name} lacks {text!r}"
                elif re.search(r"\w \w", text):  # no name of a thing of the page
                    assert text in lines or "<" in text, f"{name}: write _(…) around {text!r}"


def test_the_markup_of_components_is_said_in_each_language():
    """Buttons, titles and what only screen readers say; signs and keys are what they are."""
    for text in marked_up():
        if sum(map(str.isalpha, text)) > 2:
            said = [each for _, each, _ in GERMAN.parted(text)]
            assert None not in said, f"the table lacks {text!r}"


def test_markup_keeps_its_tags_and_has_other_words():
    """Only what stands between tags and in attributes that are read changes."""
    html = '<p class="fit" title="Zoom in">fit <kbd>Space</kbd></p>'
    german = '<p class="fit" title="Vergrößern">ganz <kbd>Leer</kbd></p>'
    assert spoken(html, "de") == german
    assert spoken(html, "en") == html
