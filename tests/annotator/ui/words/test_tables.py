"""The tables themselves: whole, without what nobody says, and the same places in each language."""

import calendar
import re
from collections.abc import Mapping
from functools import cache

import pytest

from annotator.catalog.methods import methods
from annotator.catalog.names import asks
from annotator.model import SETTINGS
from annotator.service import Service
from annotator.ui.bringing.wording import on_page
from annotator.ui.words.reading import ENDS, PLACE, READERS
from annotator.ui.words.table import DATES, SCRIPTS, TABLES
from tests.annotator.ui.words.source import ANY, marked_up, scripts, strings, written
from tests.docs.pages import ROOT

CODES = sorted(TABLES)


def names(script: str) -> list[str]:
    """What is named in a table of a script."""
    return re.findall(r"(\w+): \{", script)


def of_methods() -> list[str]:
    """What *Rounds* says of methods and their parameters."""
    told = [
        text
        for each in methods()
        for text in (each.summary, *(parameter.help for parameter in each.parameters))
    ]
    return [text for text in told if text]


@cache
def texts() -> tuple[frozenset[str], tuple[tuple[str, str, int], ...]]:
    """What the code says word by word, and what it puts together, with its longest fixed part."""
    whole = {each for path in ROOT.glob("annotator/**/*.py") for each in written(path)}
    whole |= {each for path in ROOT.glob("ssl_core/**/*.py") for each in written(path)}
    whole |= {*marked_up()}
    whole |= {each for script in scripts().values() for each in strings(script) + names(script)}
    whole |= {*of_methods()} | {on_page(each) for each in whole if "`" in each}
    whole |= {part for each in whole for part in ENDS.split(each)}
    whole |= {re.sub(r"^\{\} ", "", each) for each in whole}  # after another sentence
    whole = {PLACE.sub(ANY, each).strip() for each in whole}
    made = [
        (max(each.split(ANY), key=len), each, letters(each))
        for each in whole
        if ANY in each and letters(each) > 1
    ]
    return frozenset(whole), tuple(made)


def letters(text: str) -> int:
    return sum(map(str.isalpha, PLACE.sub("", text.replace(ANY, ""))))


def is_said(line: str) -> bool:
    """Whether the code says it, or can put it together from something as telling."""
    whole, made = texts()
    line = line.replace("{rest}", "")
    fixed = PLACE.sub(ANY, line)
    if {fixed, fixed.rstrip("."), fixed.replace(ANY, "").strip()} & whole:
        return True
    said, ends = letters(line), (line, line.rstrip("."))
    return any(
        longest in line and 5 * many >= said and any(map(pattern(text).fullmatch, ends))
        for longest, text, many in made
    )


@cache
def pattern(text: str) -> re.Pattern[str]:
    """What the code can put together from a text with places; few of them are ever looked for."""
    return re.compile(".*?".join(map(re.escape, text.split(ANY))), re.DOTALL)


@pytest.mark.parametrize("code", CODES)
def test_no_line_is_of_a_text_that_nobody_says_any_more(code):
    """A sentence that was reworded or taken away takes its line along."""
    parts = TABLES[code].parts
    unused = [
        line for name, part in parts.items() if name != DATES for line in part if not is_said(line)
    ]
    assert not unused


def test_a_text_that_nobody_says_would_be_found():
    """The check above can fail."""
    assert not is_said("Nobody has ever said such a thing of {n} images.")


@pytest.mark.parametrize("code", CODES)
def test_no_text_has_two_lines(code):
    """Which of two would be taken, nobody would know."""
    parts = TABLES[code].parts.values()
    assert sum(map(len, parts)) == len(TABLES[code].lines)


@pytest.mark.parametrize("code", CODES)
def test_a_line_has_the_same_places_in_both_languages(code):
    """What stands in a place of the English is somewhere in the other, and nothing else is."""
    for english, said in TABLES[code].lines.items():
        places = [
            sorted({f"{a}{b}" for a, b, *_ in PLACE.findall(each)}) for each in (english, said)
        ]
        assert places[0] == places[1], english
        assert said.count("{") == len(PLACE.findall(said)), said
        assert "|" not in english
        # Only of a number can be told where it ends
        assert not re.search(r"\{(?!n\d*\})\w+\}\{", english), english


def test_all_languages_have_the_same_lines():
    """English is the code, so what one table has and another lacks would be a mixture."""
    keys = {code: TABLES[code].lines.keys() for code in CODES}
    assert all(each == keys[CODES[0]] for each in keys.values())


@pytest.mark.parametrize("code", CODES)
def test_every_line_is_found_by_its_own_text(code):
    """No pattern takes what another one says better: each text comes back by its own line."""
    reader = READERS[code]
    for name, part in TABLES[code].parts.items():
        if name in (SCRIPTS, DATES):
            continue
        for english, said in part.items():
            held = {
                f"{place[1]}{place[2]}": f"{at + 2}" if place[1] == "n" else f"xqz{at}"
                for at, place in enumerate(PLACE.finditer(english))
            }
            assert reader.read(_put(english, held)) == _put(said, held)


def _put(line: str, held: dict[str, str]) -> str:
    """The line with these in its places; a number has the noun of many, where it has one."""

    def put(place: re.Match[str]) -> str:
        text = held[f"{place[1]}{place[2]}"]
        return text if place[4] is None else f"{text} {place[4]}"

    return PLACE.sub(put, line)


@pytest.mark.parametrize("code", CODES)
def test_what_the_service_offers_by_name_is_explained_in_each_language(code):
    """Settings, what they may be, policies, formats and methods: pages show all of these."""
    lines = TABLES[code].lines
    told = [text for each in SETTINGS.values() for text in (each.label, each.help)]
    for each in SETTINGS.values():
        told += each.choices.values() if isinstance(each.choices, Mapping) else ()
    told += [*asks().values(), *Service.export_formats().values()]
    assert [text for text in told if text not in lines] == []
    sentences = [each for text in of_methods() for each in READERS[code].parted(text)]
    assert [english for english, said, _ in sentences if said is None] == []


@pytest.mark.parametrize("code", CODES)
def test_days_and_months_are_those_of_the_calendar(code):
    """Dates are written by them."""
    names = {*calendar.day_abbr, *filter(None, calendar.month_name)}
    assert names <= TABLES[code].parts[DATES].keys()


def test_no_line_ends_with_a_space_or_two_in_a_row():
    """Texts are put side by side by what stands between them."""
    for table in TABLES.values():
        for english, said in table.lines.items():
            assert said == said.strip(), english
            assert "  " not in said, english
            assert said[-1:] in ".:;?!" or english[-1:] not in ".:;?!", english
