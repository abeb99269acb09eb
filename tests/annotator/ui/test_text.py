"""Texts that several pages share."""

import re

import pytest

from annotator.errors import RoundError
from annotator.model import CurvePoint
from annotator.ui.parts.text import duration, errors_in_words, interval, log_line, plain


def test_an_accuracy_carries_its_interval_and_its_number():
    """Nobody reads a percentage without seeing how few images it rests on."""
    point = CurvePoint(3, 60, "ssl", 0.934, 0.84, 0.982, 0.9, 0.7, 0.99, 61)
    assert interval(point) == "93.4\N{NO-BREAK SPACE}% (84.0–98.2, n = 61)"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (89, "89 s"), (150, "2 min"), (4800, "80 min")]
)
def test_a_duration_has_one_unit_while_it_is_short(seconds, text):
    """Seconds, then minutes."""
    assert duration(seconds) == text


def test_a_long_duration_has_hours_and_minutes():
    """An hour and a half is not 90 minutes any more."""
    assert duration(3 * 3600 + 300) == "3 h 5 min"


@pytest.mark.parametrize("text", ["a_b*c*", "<script>", "[x](y)", ":red[x]", "$x$", "`x`"])
def test_markdown_of_a_name_is_escaped(text):
    """Each sign that Markdown would read has a backslash before it."""
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    for place, sign in enumerate(escaped):
        if sign in "_*<>[]():$`":
            assert escaped[place - 1] == "\\"


LEADING_OUT = (
    "Only an admin may import images; anna@example.org is an annotator.",
    "There is no class 'www.example.org', https://example.org/x_y or HTTP://example.org.",
    "(mail anna.b+c@mail.example.org, or the file /srv/a@b.c/`x`)",
    "a -> b <- c -- d >= e <= f ~= g <-> h",
    ":material/home: :streamlit: :smile: &lt;b&gt;",
)


@pytest.mark.parametrize("text", LEADING_OUT)
def test_nothing_that_becomes_a_link_or_a_sign_stands_outside_of_code(text):
    """By the patterns that Streamlit looks for in what is left once the escapes are read."""
    shown, bare = plain(text), []

    def code(found):
        bare.append(found[0])
        return "\x1f"

    rest = re.sub(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", code, shown)
    read = re.sub(r"\\(.)", r"\1", rest)
    assert bare
    assert not re.search(r"https?://|www\.|[-.\w+]+@[-\w]+(\.[-\w]+)+", read, re.IGNORECASE)
    assert not re.search(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)", read)
    assert not re.search(r":\w+:|:material", read)
    for each in bare:
        read = read.replace("\x1f", each, 1)
    assert read.replace("`", "").replace(" ", "") == text.replace("`", "").replace(" ", "")


def test_an_error_of_the_product_ends_as_words():
    """A page goes on after it; any other exception is a defect and is not hidden."""
    with errors_in_words():
        raise RoundError("label more")
    with pytest.raises(ZeroDivisionError), errors_in_words():
        _ = 1 / 0


def test_a_line_of_the_log_has_its_time_what_happened_and_its_facts():
    """Without what every line of one job shares; an exception has its own lines below."""
    line = {
        "at": "2026-01-02T03:04:05.678Z", "level": "error", "event": "job failed", "job": 7,
        "process": 99, "request": "ab12", "error": "the disk is full",
    }  # fmt: skip
    said = "03:04:05 job failed request=ab12 error=the disk is full"
    assert log_line(line) == said
    assert log_line(line | {"trace": "Traceback\n  here"}) == f"{said}\nTraceback\n  here"
    assert log_line({}).strip() == ""
