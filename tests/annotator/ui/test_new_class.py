"""What is typed into the form for a new class."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.annotator.small import answer, workspace


@pytest.fixture
def service(shown):
    made = workspace(shown, 4)
    yield made
    made.close()


def test_names_that_read_alike_are_said_as_long_as_they_are_two(service):
    """Beside the classes, whatever brought them, with the way out."""

    def script():
        from annotator.ui.classes.listed import classes_part
        from annotator.ui.web.opened import opened

        classes_part(opened())

    answer(service, 4)
    added = service.add_class("Dark")
    [said] = AppTest.from_function(script).run(timeout=300).warning
    assert "'Dark' and 'dark' differ in case alone" in said.value.replace("\\", "")
    assert "Merge the two" in said.value
    service.remove_class(added.id)
    assert not AppTest.from_function(script).run(timeout=300).warning
    service.restore_class(added.id)
    service.remove_class(service.class_named("dark").id)
    [said] = AppTest.from_function(script).run(timeout=300).warning
    assert "restore it and merge the two" in said.value


def test_a_name_that_is_refused_stays_to_be_mended_and_one_that_is_added_is_gone(service):
    """What was typed is lost in no way."""

    def script():
        from annotator.ui.classes.listed import classes_part
        from annotator.ui.web.opened import opened

        classes_part(opened())

    app = AppTest.from_function(script).run(timeout=300)
    typed = "much too long " * 10
    app.text_input[0].set_value(typed)
    [add] = [each for each in app.button if each.label == "Add"]
    app = add.click().run(timeout=300)
    assert app.error
    assert app.text_input[0].value == typed
    app.text_input[0].set_value("glioma")
    [add] = [each for each in app.button if each.label == "Add"]
    app = add.click().run(timeout=300)
    assert app.text_input[0].value == ""
    assert "glioma" in {each.name for each in service.classes()}
