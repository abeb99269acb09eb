"""Settle: what its page is given: the answers, how many gave each, and no name."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from annotator.ui.pages import settle
from annotator.ui.settling import component
from tests.annotator.small import event, workspace


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12, ("dark", "light", "striped"))
    for seq, image in enumerate(made.images(limit=3), 1):
        for who, name in (("anna", "dark"), ("ben", "light"), ("zoe", "light")):
            made.record([event(made, image, seq=seq, client=who, name=name)], who)
    yield made
    made.close()


def test_no_name_is_given_to_the_page_and_what_waits_for_more_answers_is_told(service, monkeypatch):
    """Neither beside the answers nor anywhere else; a tick settles what others may still answer."""
    drawn = []
    monkeypatch.setattr(settle, "opened", lambda: service)
    monkeypatch.setattr(settle, "workspace_key", lambda: "ws")
    monkeypatch.setattr(component, "_component", lambda **told: drawn.append(told["data"]))

    def script():
        from annotator.ui.pages import settle

        settle.page()

    app = AppTest.from_function(script).run(timeout=300)
    assert not app.exception
    assert drawn[-1]["left"] == 3
    assert [sorted(n for _, n in each["said"]) for each in drawn[-1]["cards"]] == [[1, 2]] * 3
    assert not [name for name in ("anna", "ben", "zoe") if name in json.dumps(drawn)]
    service.save_settings(replace(service.settings(), second_opinions=1.0, opinions=5))
    app.run(timeout=300)
    assert drawn[-1]["left"] == 0
    [box] = app.checkbox
    assert box.label.startswith("Settle also 3 images whose answers differ")
    box.check().run(timeout=300)
    assert drawn[-1]["left"] == 3
