"""From files to images in the workspace."""

import hashlib
import os
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import ImportingError
from annotator.imaging.pixels import for_browser, load_array
from annotator.importing.check import Duplicate
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import NewImage, Refused, Told
from annotator.project import Workspace
from tests.annotator.pictures import BROKEN, GOOD, jpeg, png


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "workspace")


@pytest.fixture
def source(tmp_path):
    (tmp_path / "source").mkdir()
    return tmp_path / "source"


def put(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def stored_files(workspace):
    return sorted(path.name for path in workspace.images.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"pages.tif"}))
def test_every_kind_of_image_is_copied_by_its_content(workspace, source, name):
    """The copy has the bytes of the source, and the event their SHA-256 and size in pixels."""
    (source / name).write_bytes(GOOD[name])
    (event,) = scan(source, workspace)
    assert isinstance(event, NewImage), event
    assert event.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert event.name == name
    assert workspace.image_path(event.stored).read_bytes() == GOOD[name]
    assert (event.width, event.height) == ((4, 4) if name == "smallest.png" else (24, 16))


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_file_is_refused_with_its_reason(workspace, source, name):
    """It is named, the reason says what is wrong, and the images around it still come in."""
    content, word = BROKEN[name]
    put(source, **{"a.png": png(1), "z.png": png(2), name: content})
    events = list(scan(source, workspace))
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert refused.name == name
    assert word in refused.reason
    assert len(events) == 3
    assert len(stored_files(workspace)) == 2


def test_only_moving_pictures_carry_a_note(workspace, source):
    """The reader learns that only the first frame counts; pages each come in by themselves."""
    for name, content in GOOD.items():
        (source / name).write_bytes(content)
    events = list(scan(source, workspace))
    notes = {event.name: event.note for event in events if event.note}
    first_frame = dict.fromkeys(
        ("animated.gif", "animated.png", "animated.webp"), "animated: first frame"
    )
    assert notes == first_frame
    assert {"pages.tif#page=1", "pages.tif#page=2"} < {event.name for event in events}


def test_a_picture_on_its_side_is_measured_upright(workspace, source):
    """EXIF orientation 6 turns 24 × 16 into 16 × 24."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    put(source, **{"turned.jpg": jpeg(exif=exif)})
    (event,) = scan(source, workspace)
    assert (event.width, event.height) == (16, 24)


NAMES = [
    "two  spaces .png",
    'it\'s "quoted".png',
    "<script>alert('1')<&.png",
    "Grüße 猫 🧫.png",
    "e\u0301 and \u00e9.png",
    "-rf *.png",
    "new\nline\ttab.png",
    "%2e%2e\\back.png",
    "no suffix",
]


def test_names_are_kept_as_they_are(workspace, source):
    """A name is data: nothing in it is changed, escaped or obeyed."""
    for seed, name in enumerate(NAMES):
        (source / name).write_bytes(png(seed))
    assert sorted(event.name for event in scan(source, workspace)) == sorted(NAMES)


def test_a_name_that_is_no_text_becomes_text(workspace, source):
    """Bytes that are no UTF-8 would stop the database; they become replacement marks."""
    (source / os.fsdecode(b"caf\xe9.png")).write_bytes(png())
    (event,) = scan(source, workspace)
    assert event.name == "caf\ufffd.png"


def test_the_same_bytes_come_in_once(workspace, source):
    """Twice in the source, and once more in a second import: one image, the rest duplicates."""
    put(source, **{"a.png": png(1), "b.png": png(1), "c__a.png": png(2)})
    first, again, other = scan(source, workspace)
    assert isinstance(first, NewImage)
    assert again == Duplicate("b.png", first.sha256)
    known = {first.sha256, other.sha256}
    assert all(isinstance(event, Duplicate) for event in scan(source, workspace, known))
    assert len(stored_files(workspace)) == 2


def test_an_import_that_was_cut_off_goes_on(workspace, source):
    """After half of it, the second run brings the same images as one that never stopped."""
    put(source, **{f"{seed:03}.png": png(seed) for seed in range(100)})
    events = scan(source, workspace)
    half = list(islice(events, 50))
    events.close()
    rest = list(scan(source, workspace, {event.sha256 for event in half}))
    assert [event.name for event in rest] == [f"{seed:03}.png" for seed in range(100)]
    assert [isinstance(event, Duplicate) for event in rest] == [True] * 50 + [False] * 50
    assert len(stored_files(workspace)) == 100


def test_a_lost_copy_comes_back(workspace, source):
    """Importing the source again restores what vanished from the workspace or was cut short."""
    put(source, **{"a.png": png(1), "b.png": png(2)})
    one, two = scan(source, workspace)
    workspace.image_path(one.stored).unlink()
    workspace.image_path(two.stored).write_bytes(b"short")
    list(scan(source, workspace, {one.sha256, two.sha256}))
    assert workspace.image_path(one.stored).read_bytes() == png(1)
    assert workspace.image_path(two.stored).read_bytes() == png(2)


def test_the_order_is_that_of_the_names(workspace, source):
    """However long each takes, events come sorted by path."""
    put(source, **{f"{seed}.png": png(seed, 600 if seed % 3 == 0 else 8, 300) for seed in range(9)})
    assert [event.name for event in scan(source, workspace)] == [f"{s}.png" for s in range(9)]


def test_folders_name_the_class_when_asked(workspace, source):
    """The first level is the class, deeper levels are not, and a loose file has none."""
    put(source, **{"cat__1.png": png(1), "dog__deep__2.png": png(2), "loose.png": png(3)})
    assert {e.name: e.told.label for e in scan(source, workspace, wanted=Wanted("folders"))} == {
        "cat/1.png": "cat",
        "dog/deep/2.png": "dog",
        "loose.png": None,
    }
    assert {e.told.label for e in scan(source, workspace)} == {None}


def test_a_duplicate_still_tells_its_label(workspace, source):
    """Labels can be added later, by importing the same images again in folders."""
    put(source, **{"cat__1.png": png(1)})
    (image,) = scan(source, workspace)
    (event,) = scan(source, workspace, {image.sha256}, wanted=Wanted("folders"))
    assert event == Duplicate("cat/1.png", image.sha256, Told("cat"))


def test_hidden_files_and_clutter_are_passed_over(workspace, source):
    """What operating systems leave behind is no file of the user's."""
    put(source, **{".DS_Store": b"x", "Thumbs.db": b"x", ".git__a.png": png(), "a.png": png(1)})
    assert [event.name for event in scan(source, workspace)] == ["a.png"]


def test_links_that_lead_back_end(workspace, source):
    """A folder is read once, however many links lead to it; a link to nothing is refused."""
    put(source, **{"in__a.png": png(1)})
    (source / "in" / "loop").symlink_to(source)
    (source / "self").symlink_to(source / "self")
    (source / "nothing").symlink_to(source / "absent")
    events = {event.name: event for event in scan(source, workspace)}
    assert set(events) == {"in/a.png", "nothing", "self"}
    assert events["nothing"].reason == "no such file"
    assert isinstance(events["self"], Refused)


def test_a_pipe_does_not_hold_the_import(workspace, source):
    """Reading a pipe would wait forever."""
    os.mkfifo(source / "pipe.png")
    (event,) = scan(source, workspace)
    assert event == Refused("pipe.png", "not a file")


def test_a_file_too_large_to_hold_is_not_read(workspace, source):
    """A small image with a gigabyte of nothing behind it."""
    with (source / "tail.png").open("wb") as file:
        file.write(png())
        file.truncate(2**30 + 1)  # sparse: takes no room
    (event,) = scan(source, workspace)
    assert event == Refused("tail.png", "too large: more than 1024 MiB")


def test_the_workspace_does_not_import_itself(tmp_path, workspace):
    """A source that holds the workspace gives its other images only."""
    put(tmp_path, **{"a.png": png(1)})
    assert [event.name for event in scan(tmp_path, workspace)] == ["a.png"]
    assert [event.name for event in scan(tmp_path, workspace)] == ["a.png"]


def test_nothing_to_import_is_an_error_that_says_what_was_looked_for(workspace, source):
    """An empty folder, and one that does not exist."""
    with pytest.raises(ImportingError, match=r"no files.*PNG.*hidden"):
        list(scan(source, workspace))
    with pytest.raises(ImportingError, match=r"Cannot read .*absent.*folder, a CSV"):
        list(scan(source / "absent", workspace))


def test_one_image_can_be_imported(workspace, source):
    """Its name is its file's."""
    put(source, **{"a.png": png(1)})
    (event,) = scan(source / "a.png", workspace)
    assert event.name == "a.png"
    with pytest.raises(ImportingError, match="import its folder"):
        list(scan(source / "a.png", workspace, wanted=Wanted("folders")))


def test_an_unknown_way_to_label_lists_the_choices(workspace, source):
    """A slip of the key is guessed."""
    with pytest.raises(ImportingError, match="Did you mean 'folders'"):
        list(scan(source, workspace, wanted=Wanted("folder")))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_damage_anywhere_never_stops_an_import(tmp_path_factory, name, data):
    """A flipped byte or a cut gives reasons, or images that can be shown and learned from."""
    content = bytearray(GOOD[name])
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    folder = tmp_path_factory.mktemp("damage")
    workspace = Workspace.create(folder / "workspace")
    put(folder / "source", flipped=bytes(content), cut=bytes(GOOD[name][:cut]))
    events = list(scan(folder / "source", workspace))
    assert {event.name.partition("#page=")[0] for event in events} == {"cut", "flipped"}
    for event in events:
        if isinstance(event, NewImage):
            path = workspace.image_path(event.stored)
            assert load_array(path, 8, 1).shape == (1, 8, 8)
            assert for_browser(path)[1].startswith("image/")


def test_a_link_out_of_the_source_is_refused_unless_asked_for(tmp_path, workspace, source):
    """A file, a folder, and a way round by a link that itself stays inside."""
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere", **{"secret.png": png(2)})
    put(source, **{"a.png": png(1), "in__b.png": png(3)})
    (source / "file.png").symlink_to(tmp_path / "elsewhere" / "secret.png")
    (source / "folder").symlink_to(tmp_path / "elsewhere")
    (source / "in" / "up").symlink_to(source / "folder")
    (source / "inside.png").symlink_to(source / "a.png")
    events = {event.name: event for event in scan(source, workspace)}
    refused = {name for name, event in events.items() if isinstance(event, Refused)}
    assert refused == {"file.png", "folder", "in/up"}
    assert all("leads out of the source" in events[name].reason for name in refused)
    assert set(events) - refused == {"a.png", "in/b.png", "inside.png"}
    followed = {event.name: event for event in scan(source, workspace, wanted=Wanted(links=True))}
    assert not any(isinstance(event, Refused) for event in followed.values())
    assert "folder/secret.png" in followed


def test_a_source_may_itself_be_a_link(tmp_path, workspace, source):
    """It was named: what is refused are links within that lead out of where it leads."""
    put(source, **{"a.png": png(1), "b.png": png(2)})
    (source / "c.png").symlink_to(source / "a.png")
    (tmp_path / "link").symlink_to(source)
    events = list(scan(tmp_path / "link", workspace))
    assert [event.name for event in events] == ["a.png", "b.png", "c.png"]
    assert not any(isinstance(event, Refused) for event in events)
