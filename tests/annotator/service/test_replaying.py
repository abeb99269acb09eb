"""A blank copy to label once more: the same images and caches, no label, nothing left behind."""

from contextlib import suppress
from dataclasses import replace

import pytest

from annotator.errors import AnnotatorError, ImportingError, WorkspaceError
from annotator.service import Service, replaying
from annotator.store import Store
from annotator.store.images import draw
from tests.annotator.invented import finish_round
from tests.annotator.small import answer, source, truth, workspace


@pytest.fixture
def service(tmp_path):
    """Forty images, some labeled, a finished round, and something in the cache."""
    service = workspace(tmp_path / "ws", 40)
    answer(service, 12)
    finish_round(service)
    (service.workspace.features / "cached.f16").write_bytes(b"vectors")
    return service


def copied(service, folder, **changed):
    return Service(service.blank_copy(folder, replace(service.settings(), **changed)))


def test_a_copy_has_the_same_images_in_the_same_order(service, tmp_path):
    """Row by row, split aside: what was computed for an image fits it in the copy too."""
    copy = copied(service, tmp_path / "copy", seed=5)
    known, again = (each.images(limit=-1) for each in (service, copy))
    assert [replace(each, split="pool") for each in again] == [
        replace(each, split="pool") for each in known
    ]
    for image in again:
        ours, theirs = (each.workspace.image_path(image.stored) for each in (service, copy))
        assert ours.samefile(theirs)  # linked, not copied


def test_what_is_imported_while_a_copy_is_made_stays_out_of_it(service, tmp_path, monkeypatch):
    """Images are read some at a time, and more come between two reads."""
    before, link, more = service.images(limit=-1), replaying._link, source(tmp_path / "more", 80)
    monkeypatch.setattr(replaying, "CHUNK", 7)

    def linked(*given):
        if service.store.images.count() == len(before):
            service.import_source(more)
        link(*given)

    monkeypatch.setattr(replaying, "_link", linked)
    fresh = copied(service, tmp_path / "copy")
    assert service.store.images.count() > len(before) > 7
    assert [each.sha256 for each in fresh.images(limit=-1)] == [each.sha256 for each in before]


def test_a_copy_knows_nothing_that_anybody_said(service, tmp_path):
    """No class, label, round, job or question."""
    copy = copied(service, tmp_path / "copy")
    assert copy.classes(removed=True) == []
    assert copy.progress().labeled == 0
    assert (copy.rounds(), copy.last_job(), copy.store.queue.ahead()) == ([], None, [])
    assert service.progress().labeled == 12


def test_a_copy_shares_the_caches(service, tmp_path):
    """What one has embedded the other need not."""
    copy = copied(service, tmp_path / "copy")
    assert (copy.workspace.features / "cached.f16").read_bytes() == b"vectors"
    (copy.workspace.features / "more.f16").write_bytes(b"x")
    assert (service.workspace.features / "more.f16").exists()
    further = copied(copy, tmp_path / "copy of the copy")
    assert (further.workspace.features / "more.f16").exists()


def test_the_test_set_of_a_copy_is_drawn_by_its_seed(service, tmp_path):
    """Each image's draw against the share, one by one; other seeds reserve other images."""
    sets = []
    for seed, share in ((0, 0.3), (7, 0.3), (7, 0.5)):
        copy = copied(service, tmp_path / f"{seed} {share}", seed=seed, test_share=share)
        images = copy.images(limit=-1)
        reserved = [each.id for each in images if each.split == "test"]
        assert reserved == [each.id for each in images if draw(each.sha256, seed) < share]
        assert copy.settings() == replace(service.settings(), seed=seed, test_share=share)
        sets.append(set(reserved))
    assert sets[0] == set(service.store.images.ids("test"))
    assert sets[0] != sets[1] < sets[2]


def test_a_broken_setting_leaves_nothing_behind(service, tmp_path):
    """It is refused before the folder is made."""
    for wrong in ({"seed": -1}, {"policy": "entrpy"}, {"test_share": 1.0}):
        with pytest.raises(AnnotatorError):
            copied(service, tmp_path / "copy", **wrong)
        assert not (tmp_path / "copy").exists()


def test_a_folder_that_is_taken_is_left_as_it_is(service, tmp_path):
    """Nobody's files are mixed with a copy's."""
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine.txt").write_text("x")
    with pytest.raises(WorkspaceError, match="not empty"):
        copied(service, tmp_path / "copy")
    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["mine.txt"]


def test_an_image_that_is_gone_is_named_with_the_way_out(service, tmp_path):
    """Not a traceback: importing its source again restores it."""
    image = service.image(4)
    service.workspace.image_path(image.stored).unlink()
    with pytest.raises(WorkspaceError, match=rf"{image.name}' is gone.*Import its source again"):
        copied(service, tmp_path / "copy")


def test_test_images_that_nobody_was_asked_about_come_in_random_order(service):
    """The lowest draw first, at most as many as wanted; not those that wait or have a label."""
    waiting = {each.image_id for each in service.store.queue.ahead()}
    labeled = {image.id for image in service.images(kind="labeled", limit=-1)}
    reserved = [each for each in service.images(kind="test", limit=-1) if each.id not in labeled]
    assert waiting >= {each.id for each in reserved}
    assert service.unasked_test_images() == []
    service.store.queue.replace([])
    held = {each.image.id for each in service.lease("tab", "anna", 0)}
    slow = sorted(
        (each for each in reserved if each.id not in held), key=lambda i: draw(i.sha256, 0)
    )
    assert service.unasked_test_images() == slow
    assert service.unasked_test_images(2) == slow[:2]


def test_the_truth_is_read_and_stays_outside(service, tmp_path):
    """By content; nothing of it is in the store. One about other images is refused."""
    lines = [f"{image.name},{truth(image.name)}" for image in service.images(limit=-1)]
    (tmp_path / "truth.csv").write_text("\n".join(["path,label", *lines]))
    known = service.truth(tmp_path / "truth.csv")
    assert known == {image.sha256: truth(image.name) for image in service.images(limit=-1)}
    assert service.progress().labeled == 12
    (tmp_path / "other.csv").write_text("path,label\nelephant.png,gray\n")
    with pytest.raises(ImportingError, match="none of the 40 images"):
        service.truth(tmp_path / "other.csv")


def test_the_folder_for_copies_lies_in_the_workspace_and_goes(service):
    """Also when what was done in it fails."""
    with suppress(ZeroDivisionError), service.scratch_folder() as folder:
        assert folder.parent == service.workspace.root
        copied(service, folder / "copy").close()
        raise ZeroDivisionError
    assert not folder.exists()
    assert service.workspace.image_path(service.image(1).stored).exists()


def test_a_truth_names_classes_as_an_import_does(tmp_path):
    """Letters that are composed on one machine and not on another are one class; case is kept."""
    service = workspace(tmp_path / "ws", 4)
    names = [image.name for image in service.images()]
    labels = ("\u00d6dem", "O\u0308dem", "DARK", "dark  blue")
    rows = [f"{name},{label}" for name, label in zip(names, labels, strict=True)]
    (tmp_path / "truth.csv").write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    known = service.truth(tmp_path / "truth.csv")
    assert [known[image.sha256] for image in service.images()] == [
        "\u00d6dem", "\u00d6dem", "DARK", "dark blue"
    ]  # fmt: skip


def test_what_belongs_together_stays_together_in_a_copy(tmp_path):
    """A simulated test set is drawn by patient as well."""
    service = workspace(tmp_path / "ws", 40)
    groups = {image.sha256: f"g{image.id % 8}" for image in service.images()}
    service.store.images.join(groups)
    settings = replace(service.settings(), test_share=0.5, seed=7)
    fresh = Store(service.blank_copy(tmp_path / "copy", settings).database)
    assert fresh.images.groups() == groups
    assert all(len(splits) == 1 for splits in fresh.images.sides().values())
    assert fresh.images.count("test") > 0


def test_a_copy_validates_as_its_settings_say(service, tmp_path):
    """With the draws that follow those that measure, which are the same ones as without."""
    plain = copied(service, tmp_path / "plain", seed=7)
    copy = copied(service, tmp_path / "copy", seed=7, val_share=0.2)
    share = copy.settings().test_share
    assert copy.store.images.ids("test") == plain.store.images.ids("test")
    validate = {each.id for each in copy.images(kind="val", limit=-1)}
    places = {each.id: draw(each.sha256, 7) for each in copy.images(limit=-1)}
    low = {each for each, place in places.items() if share <= place < share + 0.2}
    assert low
    assert low <= validate
    last = max(places[each] for each in validate)
    assert validate == {each for each, place in places.items() if share <= place <= last}
