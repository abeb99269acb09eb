"""The dialog that changes a class keeps all it had, whatever was refused."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.annotator.small import answer, workspace


@pytest.fixture
def service(shown):
    made = workspace(shown, 8)
    yield made
    made.close()


@pytest.fixture
def app(service):
    """What the dialog draws, of the first class."""

    def script():
        from annotator.ui.classes.changing import _changing
        from annotator.ui.web.opened import opened

        first, *others = opened().classes()
        _changing(first, opened().count_by_class()[first.name], others)

    return AppTest.from_function(script).run(timeout=300)


def labels(app):
    return [each.label for each in app.button]


def click(app, label):
    [button] = [each for each in app.button if each.label == label]
    button.click().run(timeout=300)
    assert not app.exception


def said(app):
    return "\n".join(each.value for each in app.markdown)


@pytest.mark.parametrize(
    ("place", "typed"), [(0, "light"), (0, ""), (0, "x" * 81), (1, "nowhere.png")]
)
def test_what_is_refused_leaves_all_parts_of_the_dialog_and_changes_nothing(
    app, service, place, typed
):
    """A name that is taken, none, or too long, or an image that there is not."""
    before, had = service.classes(), labels(app)
    app.text_area[0].set_value("As dark as night")
    app.text_input[place].set_value(typed)
    click(app, "Save")
    assert len(app.error) == 1
    assert labels(app) == had
    assert "Merge" in had
    assert app.text_input[place].value == typed
    assert service.classes() == before


def test_what_is_right_is_saved_all_at_once(app, service):
    """Its name and its words."""
    app.text_input[0].set_value("dim")
    app.text_area[0].set_value("As dark as night")
    click(app, "Save")
    first = service.classes()[0]
    assert (first.name, first.description) == ("dim", "As dark as night")


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "Removing it hides no label, as no image has it. It can be restored."),
        (1, "Removing it hides 1 label, and its image is asked again. Restoring it brings that b"),
        (2, "Removing it hides 2 labels, and their images are asked again. Restoring it brings a"),
    ],
)
def test_what_removing_hides_is_told_for_any_number(service, count, told):
    """None, one and several."""
    answer(service, 8)

    def script(count):
        from annotator.ui.classes.changing import _remove
        from annotator.ui.web.opened import opened

        _remove(opened(), opened().classes()[0], count)

    app = AppTest.from_function(script, kwargs={"count": count}).run(timeout=300)
    assert told in said(app)
