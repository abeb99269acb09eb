"""Which exports can be downloaded, and by whom."""

import io
import os
import zipfile
from urllib.parse import parse_qs

import pytest

from annotator.errors import ExportError, NotAllowedError
from annotator.model import Person
from tests.annotator.small import answer, workspace


def test_finished_exports_are_listed_the_newest_first(tmp_path):
    """Not a folder that is no export, one that is still written, nor a link to elsewhere."""
    service = workspace(tmp_path / "ws", 12)
    assert service.exports() == []
    answer(service, 4)
    for number in (1, 2):
        assert service.export_place().name == f"export-{number}", "the default is a new folder"
        service.export(service.export_place())
        written = service.workspace.exports / f"export-{number}" / "provenance.json"
        os.utime(written, (number, number))
    (service.workspace.exports / "notes").mkdir()
    service.export(tmp_path / "elsewhere")
    (service.workspace.exports / "link").symlink_to(tmp_path / "elsewhere")
    (service.workspace.exports / ".half").mkdir()
    (service.workspace.exports / ".half" / "provenance.json").touch()
    assert [(each.name, each.at) for each in service.exports()] == [
        ("export-2", 2),
        ("export-1", 1),
    ]
    assert [each.name for each in service.exports(limit=1)] == ["export-2"]
    for name in ("notes", "link", ".half", "../ws/exports/export-1", "", ".", ".."):
        with pytest.raises(ExportError, match="There is no export"):
            service.download_url(name)
    service.close()


def test_an_export_comes_as_it_was_written_and_to_an_admin_alone(tmp_path):
    """The signature alone lets nobody in: whoever asks must be one who may export."""
    service = workspace(tmp_path / "ws", 12)
    answer(service, 4)
    out = service.export_place()
    service.export(out)
    known = parse_qs(service.download_url(out.name).partition("?")[2])
    shown = [known[each][0] for each in ("export", "until", "sig")]
    with zipfile.ZipFile(io.BytesIO(b"".join(service.download(*shown)))) as found:
        names = {path.relative_to(out.parent).as_posix() for path in out.rglob("*.*")}
        assert set(found.namelist()) == names
        assert found.read("export-1/labels.csv") == (out / "labels.csv").read_bytes()
    assert service.download(shown[0], shown[1], "0" * 32) is None
    for role in ("annotator", "reviewer"):
        theirs = service.acting(Person("bert", role))
        with pytest.raises(NotAllowedError):
            theirs.download(*shown)
        with pytest.raises(NotAllowedError):
            theirs.exports()
    service.close()
