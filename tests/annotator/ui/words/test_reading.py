"""A finished English sentence, read and said in German."""

import pytest

from annotator.model import Person
from annotator.model.auditing.plans import Terms
from annotator.model.auditing.words import promise
from annotator.service.people.roles import refusal
from annotator.ui.parts.charts import labels_by_class
from annotator.ui.words import numbers
from annotator.ui.words.language import _, known
from annotator.ui.words.numbers import localized
from annotator.ui.words.reading import said
from annotator.wording import could_not, many, percent


def german(text: str) -> str:
    return said(text, "de")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 Bilder"), (1, "1 Bild"), (2, "2 Bilder"), (12_345, "12.345 Bilder")]
)
def test_plurals_and_thousands_are_those_of_the_language(number, text):
    """One image is a Bild; thousands are parted by points."""
    assert german(many(number, "image")) == text


@pytest.mark.parametrize(("number", "text"), [(1, "1 Bild sind"), (3, "3 Bildern sind")])
def test_a_noun_takes_the_case_of_its_sentence(number, text):
    """`bei 3 Bildern`, though it is `3 Bilder` elsewhere."""
    said = german(f"People disagree about {many(number, 'image')}: say which answer counts.")
    assert said.startswith(f"Bei {text} sich die Personen uneinig")


def test_a_share_has_a_comma():
    """93.4 % is 93,4 % there; the space before the sign stays one that does not break."""
    assert german(percent(0.934)) == "93,4\N{NO-BREAK SPACE}%"


def test_names_stay_as_they_are():
    """A class that is called as a button is no button."""
    assert german("No image is labeled Save, 1.5: this export cannot teach it.") == (
        "Kein Bild trägt das Label Save, 1.5: Dieser Export kann es nicht lehren."
    )


def test_sentences_are_read_one_by_one():
    """What no line knows stays English, and the others are said all the same."""
    told = "There is no earlier round. So said nobody at all. There is no earlier round."
    german_ = "Es gibt keine frühere Runde."
    assert german(told) == f"{german_} So said nobody at all. {german_}"


def test_an_unknown_text_stays_to_the_letter():
    """Spaces and lines too."""
    text = "  Some words,\n- of *nobody*; or 3 of them \n"
    assert german(text) == text


def test_english_is_what_was_said():
    """No table is asked."""
    text = f"{many(3, 'image')}{could_not(1, 2)}"
    assert said(text, "en") == text
    assert _(text) == text  # nobody is before a page


def test_a_part_of_a_sentence_is_read_in_turn():
    """What the audit promises has its strictness in the middle."""
    told = german(promise(Terms("0.95", "0.95", strict=True, retries=0, of="cat")))
    assert told == (
        "Von den freigegebenen Pseudo-Labels „cat“ sind mindestens 95\N{NO-BREAK SPACE}% richtig, "
        "auch von denen, die niemand ansieht; die Wahrscheinlichkeit, dass das nicht stimmt, ist "
        "höchstens 5\N{NO-BREAK SPACE}%."
    )


def test_a_refusal_names_who_may():
    """The one sentence that any page may show."""
    assert german(refusal(Person("anna", "annotator"), "import_source")).startswith(
        "Das darf nur ein Admin ("
    )


@pytest.mark.parametrize(
    ("wanted", "code"),
    [("de", "de"), ("de-CH", "de"), ("DE-at", "de"), ("fr-FR", "en"), ("", "en")],
)
def test_a_browser_gets_the_language_that_is_nearest(wanted, code):
    """German of any country is German; what there is no table of is English."""
    assert known(wanted) == code


def test_a_chart_writes_numbers_as_its_reader_does(monkeypatch):
    """In German with a comma and a space before the sign; in English it is the chart itself."""
    chart = labels_by_class({"cat": 1200})
    assert localized(chart) is chart
    monkeypatch.setattr(numbers, "language", lambda: "de")
    number = localized(chart).to_dict()["config"]["locale"]["number"]
    assert (number["decimal"], number["thousands"]) == (",", ".")
    assert number["percent"] == "\N{NO-BREAK SPACE}%"
