"""The parts of Quality that look at one round: each is drawn, and only the chosen one."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.annotator.invented import finish_round
from tests.annotator.small import event, workspace


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Sixty test labels and two rounds, the second of another mind about every seventh image."""
    made = workspace(tmp_path_factory.mktemp("parts") / "ws", 200, test_share=0.4)
    test = [each for each in made.images(limit=-1) if each.split == "test"][:60]
    made.record([event(made, each, seq=n) for n, each in enumerate(test, 1)], "anna")

    def says(image):
        name = "dark" if image.id % 7 == 0 or image.id % 2 else "light"
        return name, 0.91 + image.id / 3000

    finish_round(made)
    finish_round(made, says)
    yield made
    made.close()


def part(service, name):
    def script(service, name):
        import streamlit as st

        from annotator.ui.quality.looked_at import looked_at

        st.session_state.quality_part = name
        done = service.rounds()
        looked_at(service, done[-1], done)

    app = AppTest.from_function(script, kwargs={"service": service, "name": name}).run(timeout=300)
    assert not app.exception
    assert not app.error
    return app


def test_class_by_class_is_a_table_with_an_interval_beside_each_share(service):
    """A share never stands alone."""
    [table] = part(service, "Class by class").dataframe
    assert table.value["class"].tolist() == ["dark", "light"]
    assert table.value["right"].str.contains(r"% \(\d+\.\d–\d+\.\d, n = \d+\)").all()


def test_the_diagram_stands_beside_what_can_be_read_from_it(service):
    """Four measures, and the verdict in words."""
    app = part(service, "Is it as right as sure?")
    [table] = app.dataframe
    assert len(table.value.columns) == 4
    assert any("60 test images in 6 bins" in each.value for each in app.markdown)


def test_flips_and_baseline_are_told_in_words(service):
    """Also which class became which."""
    app = part(service, "Pseudo-labels over rounds")
    assert any("changed their class" in each.value for each in app.markdown)
    assert any("→" in each.value for each in app.caption)
    told = [each.value for each in part(service, "Baseline and pool").markdown]
    assert any("say the same of" in each for each in told)
    assert any("test images" in each for each in told[-1:])
