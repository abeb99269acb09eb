"""Classes and settings as their owner decides them."""

from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError
from annotator.model import SETTINGS
from annotator.service import Service
from tests.annotator.small import answer, truth, workspace


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 20)


def test_a_removed_class_is_hidden_and_comes_back_under_its_id(service):
    """By being restored, or by being added again, with blanks around it or not."""
    dark, light = service.classes()
    service.remove_class(dark.id)
    assert service.classes() == [light]
    assert [(each.name, each.removed) for each in service.classes(removed=True)] == [
        ("dark", True), ("light", False),
    ]  # fmt: skip
    service.restore_class(dark.id)
    assert service.classes() == [dark, light]
    service.remove_class(dark.id)
    assert service.add_class(" dark ") == dark
    assert service.classes() == [dark, light]


def test_a_class_that_cannot_be_is_refused(service):
    """Empty, too long, taken; and there is none to remove by an id that nobody has."""
    for name, words in {
        "  ": "has 0",
        "x" * 81: "has 81",
        " light ": "named 'light' already",
    }.items():
        with pytest.raises(AnnotatorError, match=words):
            service.add_class(name)
    for change in (service.remove_class, service.restore_class):
        with pytest.raises(AnnotatorError, match=r"id 9.*1 \(dark\), 2 \(light\)"):
            change(9)
    assert [each.name for each in service.classes()] == ["dark", "light"]


def test_labels_are_counted_by_class_in_the_order_of_the_classes(service):
    """A class without a label counts none, a removed one is not listed."""
    service.add_class("striped")
    images = answer(service, 9)
    dark = sum(truth(image.name) == "dark" for image in images)
    assert list(service.count_by_class().items()) == [
        ("dark", dark), ("light", 9 - dark), ("striped", 0),
    ]  # fmt: skip
    service.remove_class(1)
    assert service.count_by_class() == {"light": 9 - dark, "striped": 0}


def test_settings_are_saved_whole_or_not_at_all(service):
    """One field out of range, and the others are not saved either; another process sees all."""
    before = service.settings()
    for name, low, high in (("threshold", 0, 1), ("steps", 1, 10**7), ("test_share", 0, 0.9)):
        for wrong in (low - 1, high + 1):
            with pytest.raises(AnnotatorError, match=f"{name} is {wrong}"):
                service.save_settings(replace(before, policy="margin", **{name: wrong}))
    assert service.settings() == before
    changed = replace(before, policy="margin", steps=77, goal=0.8)
    service.save_settings(changed)
    assert Service.open(service.workspace.root).settings() == changed


def test_every_choice_that_is_offered_can_be_saved(service):
    """Of each setting that is a name; the one that holds is among them, and nonsense is refused."""
    before, names = service.settings(), []
    assert all(service.policies().values())
    for each in SETTINGS.values():
        choices = service.choices(each)
        if not choices:
            continue
        names.append(each.name)
        assert getattr(before, each.name) in choices
        for choice in choices:
            service.save_settings(replace(before, **{each.name: choice}))
            assert getattr(service.settings(), each.name) == choice
        with pytest.raises(AnnotatorError, match="Choose one of"):
            service.save_settings(replace(before, **{each.name: "nonsense"}))
    assert set(names) == {
        "method",
        "regime",
        "policy",
        "preset",
        "backbone",
        "executor",
        "show_guess",
        "unsettled",
    }


def test_the_settings_of_an_older_version_get_the_defaults_of_what_is_new(service):
    """What was never saved is the default; a row that nobody knows is left alone."""
    run = service.store.db.run
    before = replace(service.settings(), steps=55)
    service.save_settings(before)
    run("DELETE FROM setting WHERE key = 'goal'")
    run("INSERT INTO setting VALUES ('of another version', '1')")
    assert service.settings() == before
    assert (
        service.store.db.value("SELECT value FROM setting WHERE key = 'of another version'") == "1"
    )
