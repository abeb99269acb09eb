"""The page that exports: a line about each format, a new folder each time, and what is missing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from annotator.model import SoughtGuesses
from annotator.model.auditing.plans import Terms
from tests.annotator import audits
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, event, workspace


@pytest.fixture
def service(shown):
    """Ten labels of two classes, and a third that nobody has given."""
    made = workspace(shown, 40)
    answer(made, 10)
    made.add_class("rare *one*")
    yield made
    made.close()


def drawn() -> AppTest:
    def script():
        from annotator.ui.pages import export

        export.page()

    app = AppTest.from_function(script).run(timeout=300)
    assert not app.exception
    return app


def sent(app: AppTest) -> AppTest:
    [button] = [each for each in app.button if each.label == "Export"]
    return button.click().run(timeout=300)


def test_a_class_without_labels_is_told_before_and_after(service):
    """The page knows it beforehand, and the report says what follows."""
    app = drawn()
    assert [
        "rare" in each.value and "No image is labeled" in each.value for each in app.warning
    ] == [True]
    assert "*one*" not in app.warning[0].value, "a name is no markup"
    app = sent(app)
    assert "10 human labels" in app.success[0].value.replace("\\", "")
    assert any("rare" in each.value for each in app.info)


def test_each_format_has_its_line_and_each_export_a_new_folder(service):
    """Whoever exports twice gets two exports; nothing has to be thought of."""
    app = drawn()
    assert app.radio[0].options == list(service.export_formats())
    first = Path(app.text_input[0].value)
    app = sent(app)
    assert (first / "labels.csv").exists()
    again = drawn()
    second = Path(again.text_input[0].value)
    assert second.parent == first.parent == service.workspace.exports
    assert second != first
    again.radio[0].set_value("jsonl")
    [images] = [each for each in again.checkbox if each.label == "Copy the images"]
    images.set_value(False)
    sent(again)
    assert (second / "labels.jsonl").exists()
    assert not (second / "images").exists()


def test_a_second_export_of_the_same_page_goes_where_its_form_says(service):
    """The default is another folder by then; what was typed, or is shown, counts all the same."""
    app = sent(drawn())
    shown = Path(app.text_input[0].value)
    assert not shown.exists(), "the form offers a free folder at once"
    app = sent(app)
    assert (shown / "labels.csv").exists()
    mine = service.workspace.exports / "mine"
    app.text_input[0].set_value(str(mine))
    app = sent(app)
    assert (mine / "labels.csv").exists()
    assert str(mine) in app.success[0].value.replace("\\", "")
    before = sorted(service.workspace.exports.iterdir())
    app.text_input[0].set_value(str(service.workspace.root.parent / "elsewhere"))
    app = sent(app)
    assert app.error
    assert not app.success
    assert app.text_input[0].value.endswith("elsewhere"), "what was typed can be mended"
    assert sorted(service.workspace.exports.iterdir()) == before


def test_pseudo_labels_that_are_too_often_wrong_are_not_ticked(service):
    """The page says why before anything is written; whoever ticks them gets them."""
    answer(service, 30, first=100)
    finish_round(service, lambda _: ("dark", 0.99))
    app = drawn()
    [said] = [each.value for each in app.warning if "test images" in each.value]
    assert "left out unless you tick them" in said
    [box] = [each for each in app.checkbox if each.label == "Include pseudo-labels"]
    assert not box.value
    app = sent(app)
    assert "and 0 pseudo-labels" in app.success[0].value.replace("\\", "")


def test_what_was_certified_is_exported_alone_with_its_proof(service, tmp_path):
    """The box is there once an audit has certified something."""
    finish_round(service)
    assert not [each for each in drawn().checkbox if "certified" in each.label]
    service.certify.begin(10, Terms("0.8", "0.8"))
    audits.answer(service)
    found = service.certify.close()
    app = drawn()
    [box] = [each for each in app.checkbox if "certified" in each.label]
    assert box.label.startswith(f"Only the {found.released} pseudo-labels that audit 1 certified")
    box.check()
    sent(app)
    [out] = (tmp_path / "ws" / "exports").iterdir()
    assert all(each.holds for each in service.verify(out))


def test_the_page_tells_one_number_of_pseudo_labels_and_writes_as_many(service):
    """Those that somebody labels, puts off or turns down after the round are none anymore."""
    finish_round(service)
    given = service.rounds()[-1].pseudo_labels
    left = service.guesses(SoughtGuesses(), limit=1000)
    for seq, (kind, guess) in enumerate(zip(("label", "skip", "unclear"), left, strict=False)):
        one = event(service, guess.image, kind, seq=100 + seq)
        service.record([one], "anna")
    app = drawn()
    said = app.caption[0].value
    assert f"Round 1 adds {given - 3} pseudo-labels" in said
    assert f"Of {given} that the round gave, 3 have been decided on since." in said
    [pseudo] = [each for each in app.checkbox if each.label == "Include pseudo-labels"]
    pseudo.set_value(True)
    told = sent(app).success[0].value.replace("\\", "")
    assert f" and {given - 3} pseudo-labels of round 1" in told
