"""The image that is open: an answer to it says whether the model's guess was on its card."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.ui.found import answering, one
from tests.annotator.invented import finish_round, wrongly
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12)
    for seq, image in enumerate(made.images(limit=12), 1):
        made.record([event(made, image, seq=seq, name="light")], made.person.name)
    finish_round(made, wrongly)
    yield made
    made.close()


def open_(service, monkeypatch, image_id, beside, guess_shown):
    """The page with that image open; a login that is not there is what is stood in for."""
    for module in (one, answering):
        monkeypatch.setattr(module, "opened", lambda: service)

    def script(image_id, beside, guess_shown):
        import streamlit as st

        from annotator.ui.found import one

        if "begun" not in st.session_state:
            st.session_state.begun = True
            one.open_(image_id, beside, guess_shown)
        one.one()

    given = (image_id, beside, guess_shown)
    return AppTest.from_function(script, args=given).run(timeout=300)


def press(app, class_id):
    [pills] = app.button_group
    pills.set_value(class_id).run(timeout=300)
    return app


@pytest.mark.parametrize("guess_shown", [True, False])
def test_an_answer_says_whether_the_guess_was_on_the_card(service, monkeypatch, guess_shown):
    """Also to the image that one turns to from it."""
    first, second = service.store.images.ids("pool")[:2]
    app = open_(service, monkeypatch, first, [first, second], guess_shown)
    next(each for each in app.button if each.label == "Next").click().run(timeout=300)
    press(app, service.class_named("dark").id)
    assert not app.exception
    labels = {each.image_id: each for each in service.store.labels.current()}
    assert labels[second].class_id == service.class_named("dark").id
    assert labels[second].suggestion_shown == guess_shown


def test_a_test_image_is_not_corrected_beside_the_guess_and_the_page_says_so(service, monkeypatch):
    """In words, and its label stays."""
    image_id = service.store.images.ids("test")[0]
    app = open_(service, monkeypatch, image_id, [image_id], True)
    press(app, service.class_named("dark").id)
    [told] = [each.value for each in app.error]
    assert f"image {image_id} measures the model" in told
    labels = {each.image_id: each for each in service.store.labels.current()}
    assert labels[image_id].class_id == service.class_named("light").id
