"""Each command line in the documentation is one that the program takes."""

import re
import shlex

import pytest

from annotator.catalog import methods as catalog
from annotator.catalog import names
from annotator.catalog.checks import check_params
from annotator.catalog.settings import check_settings
from annotator.cli.options import pairs, settings_from
from annotator.model import Settings
from tests.docs.pages import DOCS, PAGES, ROOT, code


def lines() -> list[tuple[str, str]]:
    """(page, command line) of every `certilabel …` in code; brackets of a synopsis taken off."""
    return [
        (str(page.relative_to(ROOT)), re.sub(r"[\[\]]", "", line).strip())
        for page in PAGES
        for line in code(page.read_text())
        if re.match(r"(?:\.venv/bin/)?certilabel [a-z]", line)
    ]


def commands() -> dict[str, object]:
    """The program's commands by name."""
    import typer

    from annotator.cli import app

    return typer.main.get_command(app).commands  # type: ignore[attr-defined]


def split(name: str, words: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Take apart a command's words into positional ones and (option, value)."""
    options = {
        option: parameter
        for parameter in commands()[name].params
        if parameter.param_type_name == "option"
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
    given, positional = [], []
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            option, _, value = word.partition("=")
            assert option in options or option == "--help", f"{name} has no option {option}"
            flag = option == "--help" or options[option].is_flag
            given.append((option, "" if flag else value or next(rest)))
        else:
            positional.append(word)
    return positional, given


@pytest.mark.parametrize(("page", "line"), lines())
def test_a_documented_command_line_parses(page, line):
    """Its command and options exist, and it has as many arguments as the command takes."""
    _, name, *words = shlex.split(line, comments=True)
    assert name in commands(), f"{page}: no command {name}"
    positional, given = split(name, words)
    taken = [each for each in commands()[name].params if each.param_type_name == "argument"]
    if words and words != ["--help"]:
        most = 99 if any(each.nargs < 0 for each in taken) else len(taken)  # the last takes all
        assert sum(each.required for each in taken) <= len(positional) <= most
    if name == "set":
        check_settings(settings_from(Settings(), positional[1:]))
    method = "fixmatch"
    for option, value in given:
        if option == "--method":
            method = catalog.method(value).name
        elif option == "--set" and name == "init":
            check_settings(settings_from(Settings(), [value]))
        elif option == "--set":
            check_params(method, pairs([value]))
        elif option == "--policy":
            assert set(value.split(",")) <= set(names.policies())


def test_the_page_on_the_command_line_has_every_command_and_option():
    """A section a command; below it, each option."""
    text = (DOCS / "cli.md").read_text()
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert set(sections) == set(commands())
    for name, command in commands().items():
        for parameter in command.params:
            if parameter.param_type_name == "option" and "--help" not in parameter.opts:
                assert any(option in sections[name] for option in parameter.opts), (
                    f"cli.md does not name {parameter.opts} of {name}"
                )
