"""The form of the settings: what is wrong is said in its words, and what is not saved is kept."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.model import SETTINGS
from annotator.ui.pages.settings import _as_labeled
from annotator.ui.words.reading import READERS
from tests.annotator.small import workspace

TIMEOUT = 180  # seconds: the first run imports what pages draw with


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 4)
    yield opened
    opened.close()


def drawn(service, **unsaved):
    """The form, and a box that leads to another page and back; what was typed there before."""

    def script(service):
        import streamlit as st

        from annotator.ui.pages.settings import _settings

        if not st.checkbox("elsewhere"):
            _settings(service)

    made = AppTest.from_function(script, kwargs={"service": service})
    made.session_state["settings_unsaved"] = unsaved
    made.run(timeout=TIMEOUT)
    assert not made.exception
    return made


@pytest.fixture
def app(service):
    return drawn(service)


def asked(app, name):
    """The input of a setting."""
    label = SETTINGS[name].label
    inputs = [*app.number_input, *app.slider, *app.selectbox]
    [found] = [each for each in inputs if each.label.split(" (")[0] == label]
    return found


def click(app, label):
    [button] = [each for each in app.button if each.label == label]
    button.click().run(timeout=TIMEOUT)
    assert not app.exception


def text(app):
    return "\n".join(each.value for each in [*app.markdown, *app.error]).replace("\\", "")


def leave_and_come_back(app):
    app.checkbox[0].check().run(timeout=TIMEOUT)
    assert not app.number_input
    app.checkbox[0].uncheck().run(timeout=TIMEOUT)
    assert not app.exception


def test_all_that_is_wrong_is_said_at_once_by_the_names_on_the_page(service):
    """Nothing is saved, and what was typed stays."""
    before, app = service.settings(), drawn(service, executor="nowhere")
    asked(app, "steps").set_value(-1)
    asked(app, "backups_kept").set_value(0)
    asked(app, "test_share").set_value(90.0)
    asked(app, "val_share").set_value(50.0)
    click(app, "Save")
    [error] = app.error
    said = error.value.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    assert "'Training steps of a round' is -1; it must be a whole number from 1" in said
    assert "'Backups kept' is 0; it must be" in said
    assert "'Reserved for measuring' is 90 % and 'Reserved for calibrating' 50 %: together" in said
    assert "Where networks compute: No executor named 'nowhere'" in said
    assert service.settings() == before
    assert asked(app, "steps").value == -1


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("steps",), "steps is -1; it must be a whole number from 1 to 10,000,000, such as 300."),
        (
            ("side",),
            "side is 7; it must be a whole number from 32 to 512, or 0 for auto, such as 0.",
        ),
        (
            ("test_share", "val_share"),
            "test_share is 0.9 and val_share 0.5: together they must be 0.95 at most, so that "
            "something is left to learn from.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_german_whole(names, why):
    """The label of each setting too."""
    said = READERS["de"].read(_as_labeled(names, why))
    assert not {"must", "together", "number"} & set(said.split())
    for name in names:
        assert SETTINGS[name].label not in said


def test_what_was_changed_and_not_saved_is_said_and_kept_over_other_pages(service):
    """Of each kind of input; saved, it is said no more, and nothing else is changed."""
    before, app = service.settings(), drawn(service, executor="ray://head:10001")
    asked(app, "steps").set_value(77)
    asked(app, "goal").set_value(80.0)
    asked(app, "policy").set_value("margin").run(timeout=TIMEOUT)
    for _ in range(2):
        told = "Goal, Where networks compute"
        assert "Not saved yet:" in text(app)
        assert f"Asking policy, Training steps of a round, {told}" in text(app)
        values = [asked(app, name).value for name in ("steps", "goal", "policy", "executor")]
        assert values == [77, 80.0, "margin", "ray://head:10001"]
        leave_and_come_back(app)
    asked(app, "executor").set_value("local")
    click(app, "Save")
    assert "Not saved yet" not in text(app)
    leave_and_come_back(app)
    assert "Not saved yet" not in text(app)
    now = service.settings()
    assert (now.steps, now.goal, now.policy) == (77, 0.8, "margin")
    assert [name for name in SETTINGS if getattr(now, name) != getattr(before, name)] == [
        "policy", "steps", "goal",
    ]  # fmt: skip


def test_what_is_not_saved_can_be_discarded(app, service):
    """All of it; the form stands at what is saved, also after another page."""
    asked(app, "steps").set_value(77).run(timeout=TIMEOUT)
    click(app, "Discard the changes")
    assert "Not saved yet" not in text(app)
    assert asked(app, "steps").value == service.settings().steps
    leave_and_come_back(app)
    assert asked(app, "steps").value == service.settings().steps


def test_no_value_that_a_slider_can_be_at_counts_as_changed(app, service):
    """Percent and shares differ by roundings."""
    for percent in range(50, 101):
        asked(app, "goal").set_value(float(percent))
        click(app, "Save")
        assert "Not saved yet" not in text(app)
        leave = app.run(timeout=TIMEOUT)
        assert "Not saved yet" not in text(leave)
        assert asked(app, "goal").value == pytest.approx(percent)
