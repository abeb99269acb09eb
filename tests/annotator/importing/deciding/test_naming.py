"""What a name means when it was decided on, and after classes were renamed, merged or removed."""

from annotator.importing.deciding.naming import naming
from tests.annotator.small import workspace


def test_a_name_means_what_it_meant_at_first(tmp_path):
    """Whatever the class is called since, and whoever bears the name now."""
    service = workspace(tmp_path / "ws", 2)
    dark, light = (each.id for each in service.classes())
    first = {}
    before = naming(service.store, first)
    assert first == {"dark": dark, "light": light}
    assert (before.renamed("dark"), before.counted("gray")) == ("", None)
    service.rename_class(dark, "black")
    service.rename_class(light, "dark")
    after = naming(service.store, first)
    assert {name: after.classes[name].id for name in ("dark", "light", "black")} == {
        "dark": dark, "light": light, "black": dark,
    }  # fmt: skip
    assert (after.renamed("dark"), after.renamed("light")) == ("black", "dark")
    assert after.renamed("black") == ""
    service.merge_class(dark, light)
    assert naming(service.store, first).counted("dark").id == light
    service.split_class(dark)
    service.remove_class(dark)
    assert naming(service.store, first).counted("dark").removed


def test_a_class_that_is_removed_is_no_decision(tmp_path):
    """Its name may become another's, which is meant then."""
    service = workspace(tmp_path / "ws", 2)
    dark, light = (each.id for each in service.classes())
    service.remove_class(dark)
    first = {}
    assert naming(service.store, first).counted("dark").removed
    assert first == {"light": light}
    service.rename_class(dark, "old")
    new = service.add_class("dark")
    assert naming(service.store, first).counted("dark").id == new.id
    assert first == {"light": light, "dark": new.id}
