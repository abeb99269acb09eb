"""Which of what an export says beside labels is taken: what is not here already."""

import csv
from dataclasses import replace

import pytest

from annotator.importing.deciding.beside import decide
from annotator.importing.found import Found
from annotator.importing.writing import pieces
from annotator.importing.writing.plan import plan
from annotator.model import Agreed, Given, Told
from tests.annotator.small import event, workspace

UNCLEAR = Told(None, Given("unclear", "zoe", why="dim"))


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "ws", 8)


def say(service, image, kind, seq, note=""):
    service.record([replace(event(service, image, kind, seq=seq), note=note)], "anna")


def kinds(found):
    return [(kind, text) for _, kind, text, _ in found.said]


def decided(service, image, *tellings, labeled=()):
    told = {image.sha256: [(f"{n}.png", each) for n, each in enumerate(tellings)]}
    return decide(service.store, told, labeled)


def test_all_of_it_is_taken_where_nothing_is_known(service):
    """With whose word it is; the flag and the note are nobody's by name."""
    image = service.images()[0]
    found = decided(service, image, replace(UNCLEAR, flag=True, note="see 3"))
    assert kinds(found) == [("unclear", "dim"), ("flag", ""), ("note", "see 3")]
    assert found.said[0][3].annotator == "zoe"
    assert (found.unclear, found.marked, found.outweighed) == ((image.sha256,), 1, 0)


def test_what_is_here_already_is_not_written_again(service):
    """Coming home, an export changes nothing."""
    image = service.images()[0]
    say(service, image, "unclear", 1, "dark")
    say(service, image, "flag", 2)
    say(service, image, "note", 3, "see 3")
    told = replace(UNCLEAR, flag=True, note="see 3")
    assert decided(service, image, told).said == ()
    assert kinds(decided(service, image, replace(told, note="other"))) == [("note", "other")]


def test_the_notes_of_several_people_come_home_as_they_went(service):
    """An export has them as one text."""
    image = service.images()[0]
    say(service, image, "note", 1, "dim")
    service.record([replace(event(service, image, "note", seq=1, client="b"), note="crop")], "ben")
    note = service.store.beside.marks([image.id])[image.id].note
    assert decided(service, image, Told("dark", note=note)).said == ()


def test_a_label_outweighs_that_nobody_could_tell_there(service):
    """It is counted, so that the report can say so."""
    image = service.images()[0]
    found = decided(service, image, UNCLEAR, labeled={image.sha256})
    assert (found.said, found.outweighed) == ((), 1)


def test_an_import_writes_them_and_asks_nobody_what_cannot_be_told(service, tmp_path):
    """From one workspace to another by an export: states, reasons, flags and notes are the same."""
    one, two, three = service.images()[:3]
    say(service, one, "unclear", 1, "dim")
    say(service, two, "label", 2)
    say(service, two, "note", 3, "see 3")
    say(service, two, "flag", 4)
    say(service, three, "flag", 5)
    done = service.export(tmp_path / "out")
    assert (done.human, done.unclear) == (1, 1)
    assert any("1 image has a flag or a note, and no label yet" in note for note in done.notes)
    other = workspace(tmp_path / "other", 1)
    report = other.import_source(tmp_path / "out")
    assert (report.unclear, report.marked, report.labeled) == (1, 1, 1)
    ids = other.store.images.hashes()
    [(image, unclear)] = other.store.beside.unclear(ids.values()).items()
    assert (image, unclear.why, unclear.annotator) == (ids[one.sha256], "dim", "anna")
    marks = other.store.beside.marks(ids.values())
    assert {each: (bool(m.flags), m.note) for each, m in marks.items()} == {
        ids[two.sha256]: (True, "see 3")
    }
    assert image not in [each.image.id for each in other.lease("tab", "anna", 40)]
    again = other.import_source(tmp_path / "out")
    assert (again.unclear, again.marked, again.labeled) == (0, 0, 0)
    other.close()


def test_a_row_that_says_both_is_refused_and_the_others_come_in(service, tmp_path):
    """Somebody gave a label to what nobody could tell, and left the source as it was."""
    one, two = service.images()[:2]
    say(service, one, "unclear", 1, "dim")
    say(service, two, "label", 2)
    service.export(tmp_path / "out")
    table = tmp_path / "out" / "labels.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["label"] = "dark"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    other = workspace(tmp_path / "other", 1)
    report = other.import_source(tmp_path / "out")
    [refused] = report.refused
    assert "source is 'unclear'" in refused.reason
    assert "write 'imported' as source" in refused.reason
    assert (report.labeled, report.unclear) == (1, 0)
    other.close()


def test_what_is_said_beside_goes_by_the_labels_of_the_end(service):
    """A label that an expert gave while the import went on outweighs that nobody could tell."""
    image, taken = service.images()[:2]
    say(service, taken, "label", 1)
    found = Found(told={each.sha256: [("a.png", UNCLEAR)] for each in (image, taken)}, files=2)
    work = plan(service.store, service.workspace, found, Agreed())
    assert (work.others.unclear, work.others.outweighed) == ((image.sha256,), 1)
    say(service, image, "label", 2)
    pieces.write(service.store, work)
    done = work.report(written=True)
    assert (done.unclear, done.outweighed) == (0, 2)
    assert service.store.beside.unclear_ids() == []
