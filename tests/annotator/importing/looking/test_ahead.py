"""What a look at a source finds, and whether it has to ask."""

import numpy as np
import pytest

from annotator.errors import ImportingError
from annotator.importing.looking.ahead import look
from annotator.model import How
from tests.annotator.documents import dicom, pdf
from tests.annotator.pictures import png

RAMP = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
PLAIN = How()


def laid(folder, *names, content=b""):
    for seed, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content or png(seed))
    return folder


def looked(folder, how=PLAIN):
    return look(folder, how, folder.parent / "workspace")


@pytest.fixture
def here(tmp_path):
    (tmp_path / "workspace").mkdir()
    (tmp_path / "scans").mkdir()
    return tmp_path / "scans"


def test_files_without_labels_in_sight_ask_nothing(here):
    """They are counted by kind."""
    laid(here, "a.png", "b.png")
    laid(here, "c.pdf", content=pdf("x"))
    found = looked(here)
    assert not found.asks
    assert (found.kinds, found.files) == ({".png": 2, ".pdf": 1}, 3)


@pytest.mark.parametrize("below", ["", "set/"])
def test_a_table_beside_its_files_is_found(here, below):
    """In the folder itself or one below; with how many of its rows are about files there."""
    laid(here, f"{below}a.png", f"{below}b.png")
    (here / below / "labels.csv").write_text("path,label\na.png,x\nb.png,y\ngone.png,x\n")
    found = looked(here)
    [table] = found.beside
    assert found.asks
    assert (table.name, table.here, table.count) == (f"{below}labels.csv", 2, 3)


def test_a_table_about_other_things_asks_nothing_but_is_told(here):
    """No row names a file here."""
    laid(here, "a.png")
    (here / "prices.csv").write_text("path,label\ntea,3\n")
    found = looked(here)
    assert [each.here for each in found.beside] == [0]
    assert not found.asks


def test_the_best_table_comes_first(here):
    """The one that tells of most files."""
    laid(here, "a.png", "b.png")
    (here / "a few.csv").write_text("path,label\na.png,x\n")
    (here / "all.csv").write_text("path,label\na.png,x\nb.png,y\n")
    assert [each.name for each in looked(here).beside] == ["all.csv", "a few.csv"]


@pytest.mark.parametrize("top", ["", "unpacked"])
def test_folders_that_may_be_classes_are_asked_about(here, top):
    """Also below a folder that holds them alone; never where somebody said so already."""
    laid(here / top, "cat/1.png", "dog/2.png", "dog/3.png")
    found = looked(here)
    assert found.asks
    assert (found.folders, found.top) == ({"dog": 2, "cat": 1}, top)
    assert not looked(here, How("folders")).asks


def test_train_and_test_are_no_classes(here):
    """Those below them are."""
    laid(here, "train/cat/1.png", "test/dog/2.png")
    assert looked(here).folders == {"cat": 1, "dog": 1}


def test_one_folder_is_no_choice_of_classes(here):
    """Nor are folders beside train and test, which are refused where labels are wanted."""
    laid(here, "train/cat/1.png", "other/2.png")
    assert not looked(here).asks
    with pytest.raises(ImportingError, match="not clear which are classes"):
        looked(here, How("folders"))


def test_several_windows_of_dicom_files_are_asked_about(here):
    """Unless somebody chose one."""
    content = dicom(RAMP, WindowCenter=[40, 600], WindowWidth=[80, 2000])
    laid(here, "1.2.840", content=content)
    found = looked(here)
    assert found.asks
    assert [each.number for each in found.windows] == [1, 2]
    assert looked(here / "1.2.840").windows == found.windows
    assert not looked(here, How(window="2")).asks


def test_windows_are_found_by_way_of_a_table(here):
    """It names the files; none is opened that lies outside its folder."""
    laid(here, "1.dcm", content=dicom(RAMP, WindowCenter=[40, 600], WindowWidth=[80, 2000]))
    (here / "labels.csv").write_text("path,label\n1.dcm,x\n../workspace,x\n")
    found = looked(here / "labels.csv")
    assert found.table
    assert not found.table.unclear
    assert len(found.windows) == 2


def test_metadata_of_hugging_face_without_a_label_is_asked_about(here):
    """Where `label` is a column, it is clear."""
    laid(here, "1.png")
    (here / "metadata.csv").write_text("file_name,class\n1.png,cat\n")
    found = looked(here)
    assert found.table
    assert (found.table.label, found.table.fixed, found.asks) == ("class", True, True)
    (here / "metadata.csv").write_text("file_name,label\n1.png,cat\n")
    assert not looked(here).asks


def test_an_export_of_ours_asks_nothing(here):
    """It is read by its table, which is clear."""
    laid(here, "1.png")
    (here / "labels.csv").write_text("path,sha256,label,source,split\n1.png,0,cat,human,pool\n")
    assert not looked(here).asks
