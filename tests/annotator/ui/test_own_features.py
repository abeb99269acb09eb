"""Pages say what frozen rounds see where that was imported, and saving leaves it as it is."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.annotator.invented import finish_round
from tests.annotator.small import answer, workspace

TIMEOUT = 180  # seconds: the first run imports what pages draw with


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 12)
    np.save(tmp_path / "v.npy", np.random.default_rng(0).normal(size=(12, 5)))
    opened.import_embeddings(tmp_path / "v.npy")
    answer(opened, 12)
    yield opened
    opened.close()


def shown(script, service):
    app = AppTest.from_function(script, kwargs={"service": service}).run(timeout=TIMEOUT)
    assert not app.exception
    return app


def test_the_page_on_rounds_says_which_features_are_in_use(service):
    """Beside the form, and of each round in the table."""

    def script(service):
        from annotator.ui.pages.rounds import _form, _table

        _form(service)
        _table(service.rounds())

    done = finish_round(service)
    app = shown(script, service)
    told = "imported embeddings, 5 numbers each of 12 images"
    assert any(told in each.value for each in app.caption)
    assert list(app.dataframe[0].value["sees"]) == [done.details.backbone]


def test_saving_another_setting_keeps_imported_embeddings(service):
    """The form stands at them, though no table has their name."""

    def script(service):
        from annotator.ui.pages.settings import _settings

        _settings(service)

    app = shown(script, service)
    [box] = [each for each in app.selectbox if each.label == "Backbone"]
    assert box.value == "embeddings:own"
    [save] = [each for each in app.button if each.label == "Save"]
    save.click().run(timeout=TIMEOUT)
    assert service.settings().backbone == "embeddings:own"
