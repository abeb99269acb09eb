"""Bringing images back: the first place that has the very bytes gives them."""

from annotator.project import Workspace
from annotator.upkeep.recovery import bring_back
from tests.annotator.small import workspace


def test_the_first_place_that_has_an_image_as_it_was_gives_it(tmp_path):
    """One place has none, one a changed one, one the right one; it is linked, not copied."""
    service = workspace(tmp_path / "ws", 3)
    images = service.images()
    made, changed = (Workspace.create(tmp_path / name) for name in ("made", "changed"))
    for each in images:
        path = changed.image_path(each.stored)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"another picture")
    places = [tmp_path / "absent", changed.root, service.workspace.root]
    seen = []
    assert bring_back(images, made, None, places, seen.append) == []
    assert seen == [1, 2, 3]
    for each in images:
        paths = made.image_path(each.stored), service.workspace.image_path(each.stored)
        assert paths[0].samefile(paths[1])
    assert bring_back(images, Workspace.create(tmp_path / "none"), None, places[:2]) == [
        each.name for each in images
    ]
    service.close()
