"""Settle: the answers without names, and every class at the key that it has on the Label page."""

import json
import subprocess

import pytest
from streamlit.testing.v1 import AppTest

from annotator.model import ClassName
from annotator.ui.found import answering
from annotator.ui.pages import settle
from annotator.ui.pages.settle import keys_of
from tests.annotator.small import event, workspace
from tests.docs.pages import ROOT

NAMES = [
    ["cat", "dog"],
    ["0", "1", "7"],
    ["seven", "3", "1", "zero"],
    [f"class {number}" for number in range(40)],
    [str(number) for number in range(12)],
    ["12", "01", "789", "5", ""],
]


@pytest.mark.parametrize("names", NAMES, ids=str)
def test_the_keys_are_those_of_the_label_page(names):
    """As its own script gives them, which knows nothing of this one."""
    script = f"""
        import {{ keysOf }} from "{ROOT}/annotator/ui/labeler/keys.js";
        const names = {json.dumps(names)};
        console.log(JSON.stringify(keysOf(names.map((name) => ({{ name }})))));
    """
    try:
        ran = subprocess.run(
            ["node", "--input-type=module", "--eval", script], capture_output=True, check=True
        )
    except FileNotFoundError:
        pytest.skip("there is no Node")
    classes = [ClassName(number, name) for number, name in enumerate(names)]
    assert keys_of(classes) == json.loads(ran.stdout)


@pytest.fixture
def service(tmp_path):
    made = workspace(tmp_path / "ws", 12, ("dark", "light", "striped"))
    for seq, image in enumerate(made.images(limit=3), 1):
        for who, name in (("anna", "dark"), ("ben", "light"), ("zoe", "light")):
            made.record([event(made, image, seq=seq, client=who, name=name)], who)
    yield made
    made.close()


@pytest.fixture
def app(service, monkeypatch):
    """The page; a login that is not there is what is stood in for."""
    for module in (settle, answering):
        monkeypatch.setattr(module, "opened", lambda: service)

    def script():
        from annotator.ui.pages import settle

        settle.page()

    return AppTest.from_function(script).run(timeout=60)


def texts(app):
    return " ".join(
        each.value
        for each in (*app.markdown, *app.caption, *app.info, *app.success, *app.subheader)
    )


def test_no_name_is_shown_and_each_answer_says_how_many_gave_it(app):
    """Neither beside the answers nor anywhere else on the page."""
    assert not app.exception
    told = texts(app)
    assert "3 images to settle" in told
    assert "1 person says" in told
    assert "2 people say" in told
    assert [each.label for each in app.button] == ["dark", "light", "striped", "Later"]
    assert not [name for name in ("anna", "ben", "zoe") if name in told]


def test_what_is_settled_leaves_the_queue_and_what_is_left_for_later_comes_again(service, app):
    """Later, later, later: the first once more. Settled, it is gone; taken back, it is there."""

    def shown():
        [later] = [each for each in app.button if each.label == "Later"]
        return int(later.key.rpartition("_")[2])

    def click(label):
        next(each for each in app.button if each.label == label).click().run(timeout=60)

    seen = []
    for _ in range(4):
        seen.append(shown())
        click("Later")
    assert seen == [1, 2, 3, 1]
    image = shown()
    click("striped")
    assert shown() != image
    assert service.disagreements() == 2
    [label] = [each for each in service.store.labels.current() if each.image_id == image]
    assert label.source == "adjudicated"
    click("Undo")
    assert service.disagreements() == 3
