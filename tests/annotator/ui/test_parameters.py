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


def test_a_number_has_its_bounds_and_its_kind():
    """Least, greatest and default; whole numbers go by ones; the help says the range."""
    app = drawn(
        Parameter("share", "float", 0.9, "A share.", 0, 1),
        Parameter("views", "int", 2, "Views.", 1, 8, unit="views"),
        Parameter("free", "float", 3.5, "Anything."),
    )
    share, views, free = app.number_input
    assert (share.min, share.max, share.value) == (0, 1, 0.9)
    assert (views.min, views.max, views.value, views.step) == (1, 8, 2, 1)
    assert isinstance(views.value, int)
    assert free.value == 3.5
    assert share.help == "A share. From 0 to 1."
    assert views.help == "Views. From 1 to 8 views."
    assert free.help == "Anything."


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
