"""The form of a round offers what a hyper-parameter may be, and no more."""

import pytest
from streamlit.testing.v1 import AppTest

from annotator.catalog import methods as catalog
from annotator.model import Parameter


def drawn(*parameters):
    """The inputs of these parameters, drawn as the page draws them, and the values they give."""

    def script(parameters):
        import streamlit as st

        from annotator.ui.pages.rounds import _widget

        st.session_state["values"] = [_widget("made", each) for each in parameters]

    app = AppTest.from_function(script, kwargs={"parameters": parameters}).run()
    assert not app.exception
    return app


def test_a_number_says_its_bounds_and_has_its_kind():
    """Least, greatest and default; whole numbers go by ones."""
    app = drawn(
        Parameter("share", "float", 0.9, "A share.", 0, 1),
        Parameter("views", "int", 2, "Views.", 1, 8, unit="views"),
        Parameter("weight", "float", 3.5, "Of it.", 0, 1e6),
        Parameter("free", "float", 3.5, "Anything."),
    )
    labels = [each.label for each in app.number_input]
    assert labels == ["share (0 to 1)", "views (1 to 8 views)", "weight (0 to 1,000,000)", "free"]
    _, views, _, free = app.number_input
    assert (views.value, views.step, views.help) == (2, 1, "Views.")
    assert isinstance(views.value, int)
    assert free.value == 3.5


def test_a_wrong_number_arrives_as_it_is():
    """An input with limits would give the default in its place: a round that nobody asked for."""
    app = drawn(Parameter("share", "float", 0.9, "A share.", 0, 1))
    app.number_input[0].set_value(99.0).run()
    assert app.session_state["values"] == [99.0]


def test_a_number_that_may_be_left_out_starts_empty():
    """None is its default, and stays it."""
    app = drawn(Parameter("most", "int", None, "Steps at most.", 1, 9))
    assert app.session_state["values"] == [None]


def test_choices_are_offered_and_the_default_is_chosen():
    """A list to choose from, where free text could be mistyped."""
    app = drawn(Parameter("kind", "str", "cosine", "How.", choices=("linear", "cosine")))
    [kind] = app.selectbox
    assert (kind.options, kind.value) == (["linear", "cosine"], "cosine")


@pytest.mark.parametrize("info", catalog.methods(), ids=lambda info: info.name)
def test_the_inputs_give_the_defaults_of_every_method(info):
    """Left as they are, they change nothing: a round then differs from no default."""
    app = drawn(*info.parameters)
    assert app.session_state["values"] == [p.default for p in info.parameters]
