"""Fetching what a table names by address: only when asked, side by side, and taken up again."""

import time

import pytest

from annotator.errors import AnnotatorError, ImportingError
from annotator.importing import fetching
from annotator.importing.fetching import Fetcher
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import NewImage, Noted, Refused
from annotator.project import Workspace
from tests.annotator.importing.web import closed_port, serving
from tests.annotator.pictures import png
from tests.annotator.small import workspace as small


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    """Not by way of a proxy that this machine may have."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "workspace")


def table(folder, names):
    folder.mkdir(exist_ok=True)
    path = folder / "list.csv"
    path.write_text("path,label\n" + "".join(f"{name},x\n" for name in names))
    return path


def fetch(path, workspace):
    return list(scan(path, workspace, wanted=Wanted(fetch=Fetcher(workspace.root / "fetched"))))


def test_what_is_asked_for_is_fetched_in_the_order_of_the_rows(tmp_path, workspace):
    """Beside files on the disk; each is named by its address, and nothing stays behind."""
    files = {f"{seed}.png": png(seed) for seed in range(40)}
    with serving(files) as web:
        names = [web.address(name) for name in files]
        (tmp_path / "source").mkdir()
        (tmp_path / "source" / "own.png").write_bytes(png(99))
        events = fetch(table(tmp_path / "source", [*names[:20], "own.png", *names[20:]]), workspace)
    assert [event.name for event in events] == [*names[:20], "own.png", *names[20:]]
    assert all(isinstance(event, NewImage) and event.told.label == "x" for event in events)
    assert sorted(web.asked) == sorted(files)
    assert not (workspace.root / "fetched").exists()


def test_nothing_is_asked_for_unless_it_is_wanted(tmp_path, workspace):
    """Neither by a table of addresses alone, nor by one that has files beside them."""
    with serving({"a.png": png(1)}) as web:
        with pytest.raises(ImportingError, match="--fetch"):
            list(scan(table(tmp_path / "source", [web.address("a.png")]), workspace))
        rows = [web.address("a.png"), "absent.png"]
        assert len(list(scan(table(tmp_path / "source", rows), workspace))) == 2
        assert web.asked == []


def test_what_a_server_does_not_have_is_refused_by_name(tmp_path, workspace):
    """With its line; what is no image as well."""
    with serving({"a.png": png(1), "page": b"<html>"}) as web:
        names = [web.address(name) for name in ("absent.png", "a.png", "page")]
        absent, image, page = fetch(table(tmp_path / "source", names), workspace)
    assert (type(absent), type(image), type(page)) == (Refused, NewImage, Refused)
    assert absent.reason == "127.0.0.1 answers 404 Not Found (line 2)"
    assert page.reason.startswith("not an image")


def test_an_import_that_was_cut_off_fetches_only_the_rest(tmp_path, workspace):
    """What was there lies in the workspace; in the end nothing of it does."""
    files = {f"{seed}.png": png(seed) for seed in range(60)}
    with serving(files) as web:
        path = table(tmp_path / "source", [web.address(name) for name in files])
        fetcher = Fetcher(workspace.root / "fetched")
        events = scan(path, workspace, wanted=Wanted(fetch=fetcher))
        next(events)
        events.close()
        before = len(list((workspace.root / "fetched").iterdir()))
        asked = len(web.asked)
        assert 0 < before <= asked
        web.asked.clear()
        events = fetch(path, workspace)
    assert sum(isinstance(event, NewImage) for event in events) == len(files)
    assert len(web.asked) == len(files) - before
    assert not (workspace.root / "fetched").exists()


def test_without_a_network_it_ends_quickly_in_one_sentence(tmp_path, workspace):
    """A thousand addresses of a host that is not there are not asked for one by one."""
    port = closed_port()
    path = table(tmp_path / "source", [f"http://127.0.0.1:{port}/{i}.png" for i in range(1000)])
    began = time.monotonic()
    with pytest.raises(
        ImportingError, match=r"None of 1,000 addresses.*127\.0\.0\.1 cannot be"
    ) as e:
        fetch(path, workspace)
    assert "Nothing was imported; see to the network, then import again." in str(e.value)
    assert time.monotonic() - began < 20


def test_a_host_that_does_not_answer_leaves_the_others_their_files(tmp_path, workspace):
    """Its files are counted; what the others gave stays for the next time."""
    with serving({f"{i}.png": png(i) for i in range(5)}) as web:
        gone = [f"http://localhost:{closed_port()}/{i}.png" for i in range(20)]
        here = [web.address(f"{i}.png") for i in range(5)]
        *events, note = fetch(table(tmp_path / "source", [*gone, *here]), workspace)
        assert [type(event) for event in events] == [Refused] * 20 + [NewImage] * 5
        assert isinstance(note, Noted)
        assert note.reason.startswith("20 files could not be had: localhost (20)")
        web.asked.clear()
        fetch(table(tmp_path / "source", here), workspace)
        assert web.asked == []


def test_a_host_is_asked_again_after_an_answer(tmp_path):
    """Only failures in a row count: one cut connection now and then is no dead host."""
    with serving({"a": b"a", "b": bytes(10)}) as web:
        web.cut.add("b")
        fetcher = Fetcher(tmp_path / "fetched")
        for number in range(2 * fetching.MOST_FAILURES):
            with pytest.raises(fetching.UnreachableError, match="stopped after"):
                fetcher.path(web.address("b"))
            assert fetcher.path(web.address(f"a?{number}")).read_bytes() == b"a"


def test_pages_may_not_fetch(tmp_path):
    """A request from the server may reach what a browser cannot."""
    service = small(tmp_path / "ws", 2)
    with serving({"a.png": png(1)}) as web:
        path = table(tmp_path / "source", [web.address("a.png")])
        service.restrict([tmp_path / "source"])
        with pytest.raises(AnnotatorError, match="Pages fetch nothing"):
            service.read_source(path, fetch=True)
        assert web.asked == []
