"""An import leaves room for others, and minds what they did."""

import time
from types import SimpleNamespace

import pytest

from annotator.errors import PartlyInError, StoreError
from annotator.importing.writing import pieces
from annotator.importing.writing.plan import Plan, plan
from annotator.model import Agreed, Told
from annotator.service import Service
from tests.annotator.importing.writing.test_plan import made
from tests.annotator.small import event, source, workspace

ADD = Agreed(add_classes=True)
FULL = "SELECT json('{' || random())"  # fails, as no JSON begins so


@pytest.fixture
def between(monkeypatch):
    """What is done between two transactions of four images each, by the number of the rest."""
    todo, rests = {}, []
    monkeypatch.setattr(pieces, "AT_ONCE", 4)

    def rest(_seconds):
        rests.append(1)
        todo.get(len(rests), lambda: None)()

    monkeypatch.setattr(pieces, "time", SimpleNamespace(time=time.time, sleep=rest))
    todo["rests"] = rests
    return todo


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 8)


def telling(service, label):
    """A source that tells one label of every image here."""
    found = made(0, {})
    for image in service.images():
        found.told[image.sha256] = [(image.name, Told(label))]
    found.files = len(found.told)
    return found


def standing(service):
    names = {each.id: each.name for each in service.classes(removed=True)}
    return {each.image_id: names[each.class_id] for each in service.store.labels.standing()}


def test_an_answer_that_comes_in_between_is_not_replaced(tmp_path, service, between):
    """An expert answers the last image in the middle: it stays, and the difference is told."""
    other, image = Service.open(tmp_path / "ws"), service.images()[-1]
    between[1] = lambda: other.record([event(other, image, seq=1, name="light")], "anna")
    report = service.take_in(telling(service, "dark"))
    assert (report.labeled, [each.annotator for each in report.differing]) == (7, ["anna"])
    assert standing(service) == {i: "light" if i == image.id else "dark" for i in range(1, 9)}
    assert len(between["rests"]) == 1


def test_an_answer_about_what_is_written_already_changes_nothing(tmp_path, service, between):
    """Of the first four an expert says otherwise: the rest goes on as it was decided."""
    other, image = Service.open(tmp_path / "ws"), service.images()[0]
    between[1] = lambda: other.record([event(other, image, seq=1, name="light")], "anna")
    report = service.take_in(telling(service, "dark"))
    assert (report.labeled, report.differing) == (8, ())
    assert standing(service)[image.id] == "light"


def test_a_class_that_is_removed_in_between_takes_no_more_labels(tmp_path, service, between):
    """Four were written before; the others are told as labels of a removed class."""
    other = Service.open(tmp_path / "ws")
    between[1] = lambda: other.remove_class(other.classes()[0].id)
    report = service.take_in(telling(service, "dark"))
    assert (report.labeled, report.removed) == (4, {"dark": 4})


def only(report):
    """What a report says of classes, but for what is as it ever is."""
    names = ("labeled", "classes", "unknown", "removed", "renamed", "merged")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def counts(service):
    """Current labels by class, without those that have none."""
    return {name: number for name, number in service.count_by_class().items() if number}


@pytest.mark.parametrize("agreed", [Agreed(), ADD])
def test_a_class_that_is_renamed_in_between_is_not_split_in_two(tmp_path, service, between, agreed):
    """All its labels are of the one class, by its new name; the old one does not come back."""
    other = Service.open(tmp_path / "ws")
    between[1] = lambda: other.rename_class(other.classes()[0].id, "black")
    report = service.take_in(telling(service, "dark"), agreed)
    assert only(report) == {"labeled": 8, "renamed": {"dark": "black"}}
    assert service.count_by_class() == {"black": 8, "light": 0}


def test_a_class_of_the_import_itself_may_be_renamed_in_between(tmp_path, service, between):
    """It was made with the first piece; somebody saw a slip in its name and mended it at once."""
    other = Service.open(tmp_path / "ws")
    between[1] = lambda: other.rename_class(other.classes()[-1].id, "gray")
    report = service.take_in(telling(service, "gary"), ADD)
    assert only(report) == {"labeled": 8, "classes": {"gary": 8}, "renamed": {"gary": "gray"}}
    assert counts(service) == {"gray": 8}


def test_two_classes_that_exchange_their_names_in_between_keep_their_labels(
    tmp_path, service, between
):
    """The name of the one is the other's then, and takes none of its labels."""
    other, images = Service.open(tmp_path / "ws"), service.images()
    dark, light = (each.id for each in other.classes())

    def exchange():
        for class_id, name in ((dark, "x"), (light, "dark"), (dark, "light")):
            other.rename_class(class_id, name)

    between[1] = exchange
    found = telling(service, "dark")
    found.told[images[-1].sha256] = [("last", Told("light"))]
    report = service.take_in(found)
    assert only(report) == {"labeled": 8, "renamed": {"dark": "light", "light": "dark"}}
    held = {each.image_id: each.class_id for each in service.store.labels.current()}
    assert held == {each.id: dark for each in images[:-1]} | {images[-1].id: light}


def test_a_class_that_is_merged_in_between_counts_as_the_other(tmp_path, service, between):
    """Also renamed before it; split off again, it has all of its labels."""
    other = Service.open(tmp_path / "ws")
    dark, light = (each.id for each in other.classes())

    def merge():
        other.rename_class(dark, "black")
        other.merge_class(dark, light)

    between[1] = merge
    report = service.take_in(telling(service, "dark"), ADD)
    assert (report.labeled, report.merged, report.classes) == (8, {"dark": "light"}, {})
    assert counts(service) == {"light": 8}
    service.split_class(dark)
    assert counts(service) == {"black": 8}


def test_a_class_that_is_renamed_while_an_import_waits_for_an_answer_is_the_same(service):
    """It was shown as one that is here; the answer about others does not make it anew."""
    found = telling(service, "dark")
    found.told[service.images()[0].sha256] = [("first", Told("gray"))]
    assert service.foresee(found).unknown == {"gray": 1}
    service.rename_class(service.classes()[0].id, "black")
    foreseen = only(service.foresee(found, ADD))
    assert foreseen == {"labeled": 8, "classes": {"gray": 1}, "renamed": {"dark": "black"}}
    assert only(service.take_in(found, ADD)) == foreseen
    assert counts(service) == {"black": 7, "gray": 1}


def test_people_who_answer_all_the_while_hold_nothing_back(tmp_path, between, monkeypatch):
    """One answers from the end, between any two pieces and whenever something is decided anew."""
    service = workspace(tmp_path / "busy", 24)
    other, left = Service.open(tmp_path / "busy"), service.images()
    decided, rests = [], between["rests"]
    rests.clear()

    def answer():
        image = left.pop()
        other.record([event(other, image, seq=25 - image.id, name="light")], "anna")

    def again(work, *rest):
        decided.append(len(rests))
        decide_again(work, *rest)
        answer()

    decide_again = Plan.decide_again
    monkeypatch.setattr(Plan, "decide_again", again)
    between |= dict.fromkeys(range(1, 6), answer)
    report = service.take_in(telling(service, "dark"))
    assert decided == [5]  # before the last piece, of which each image had an answer by then
    assert (report.labeled, len(report.differing)) == (20, 4)
    assert counts(service) == {"dark": 18, "light": 6}


def test_a_new_class_is_added_once_and_counted_whole(service, between):
    """It is in with the first of its images; all of them are told."""
    report = service.take_in(telling(service, "gray"), ADD)
    assert (report.labeled, report.classes) == (8, {"gray": 8})
    assert set(standing(service).values()) == {"gray"}


def test_of_two_imports_of_the_same_images_each_is_counted_once(tmp_path, service, between):
    """The other one is faster in the middle, with other labels: these stay, and are told."""
    pictures, other = source(tmp_path / "more", 20), Service.open(tmp_path / "ws")
    found, theirs = service.read_source(pictures), other.read_source(pictures)
    for each, label in ((found, "dark"), (theirs, "light")):
        for sha, image in each.images.items():
            each.told[sha] = [(image.name, Told(label))]
    reports = []

    def overtake():
        between.pop(1)
        reports.append(other.take_in(theirs))

    between[1] = overtake
    report = service.take_in(found)
    assert (report.added, reports[0].added, service.store.images.count()) == (4, 8, 20)
    assert (report.labeled, reports[0].labeled) == (4, 8)
    assert len(report.differing) == 8
    assert len(service.store.labels.current()) == 12


def test_a_disk_that_is_full_in_the_middle_says_how_much_is_in(tmp_path, service, between):
    """What is in is whole, with its labels; with room again the next import brings in the rest."""
    db, found = service.store.db, made(400, {each: Told("dark") for each in range(400)})
    for image in found.images.values():
        object.__setattr__(image, "text", "a page of words " * 100)
    full = db.value("PRAGMA page_count") + 40

    def fill():
        db.run(f"PRAGMA max_page_count = {full}")

    between[1] = fill
    work = plan(service.store, service.workspace, found, Agreed())
    with pytest.raises(StoreError, match=r"disk is full.* importing again brings in the rest\."):
        pieces.write(service.store, work)
    here = service.store.images.count() - 8
    assert 0 < here < 400
    assert len(service.store.labels.current()) == here
    db.run("PRAGMA max_page_count = 1000000")
    work = plan(service.store, service.workspace, found, Agreed())
    pieces.write(service.store, work)
    assert work.report(written=True).added == 400 - here
    assert len(service.store.labels.current()) == 400


def no_room(service, when):
    """Have the database refuse some rows, as it does where the disk is full."""
    service.store.db.run(f"CREATE TRIGGER full AFTER INSERT ON {when} BEGIN {FULL}; END")


def test_notes_that_cannot_be_written_leave_what_came_before_and_say_so(service):
    """They are written last: all images and labels are in, and the next import ends it."""
    told = {each: Told("dark", note="see 3") for each in range(9)}
    no_room(service, "event WHEN new.kind = 'note'")
    work = plan(service.store, service.workspace, made(9, told), Agreed())
    with pytest.raises(PartlyInError, match="9 of 9 new images and 9 labels are in already"):
        pieces.write(service.store, work)
    assert (service.store.images.count(), len(standing(service))) == (17, 9)
    service.store.db.run("DROP TRIGGER full")
    work = plan(service.store, service.workspace, made(9, told), Agreed())
    pieces.write(service.store, work)
    assert work.report(written=True).marked == 9
    assert len(service.store.beside.marks(range(9, 18))) == 9


def test_what_fails_at_its_first_transaction_says_of_nothing_that_it_is_in(service):
    """Nothing is."""
    no_room(service, "image")
    work = plan(service.store, service.workspace, made(9, {}), Agreed())
    with pytest.raises(StoreError) as failure:
        pieces.write(service.store, work)
    assert not isinstance(failure.value, PartlyInError)
    assert service.store.images.count() == 8


def test_groups_that_were_joined_before_labels_failed_are_in(service, between):
    """Neither an image nor a label came in, but something did."""
    found = telling(service, "dark")
    found.grouped = "by hand"
    for sha, [(name, _)] in found.told.items():
        found.told[sha] = [(name, Told("dark", group="a"))]
    no_room(service, "event WHEN new.kind = 'label'")
    work = plan(service.store, service.workspace, found, Agreed())
    assert len(work.joining) == 8
    with pytest.raises(PartlyInError, match="0 of 0 new images and 0 labels are in already"):
        pieces.write(service.store, work)
    assert len(service.store.images.groups()) == 8
