"""Embeddings that were computed elsewhere: each image gets its own, or none is kept."""

import csv
import stat

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import AnnotatorError, ImportingError, WorkspaceError
from annotator.importing.embeddings.take import take
from annotator.model import SETTINGS
from annotator.model.columns.texts import Texts
from annotator.project import own
from annotator.store.columns.names import Names
from annotator.upkeep.cleanup import clear
from annotator.upkeep.doctor import examine
from tests.annotator.small import workspace

N, D = 6, 5
SETTING = SETTINGS["backbone"]


@pytest.fixture
def service(tmp_path):
    return workspace(tmp_path / "w", N)


@pytest.fixture
def images(service):
    return service.images(limit=-1)


def vectors(n=N, d=D, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


def write(path, keys, rows, column="path"):
    """A file of vectors in the form that its suffix says."""
    if path.suffix == ".npy":
        np.save(path, rows)
        path.with_suffix(".txt").write_text("\n".join(keys) + "\n", encoding="utf-8")
    elif path.suffix == ".npz":
        np.savez(path, embeddings=rows, **{column: np.array(keys)})
    elif path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow([column, *(f"d{i}" for i in range(rows.shape[1]))])
            out.writerows([key, *row.tolist()] for key, row in zip(keys, rows, strict=True))
    else:
        pq.write_table(pa.table({column: keys, "embedding": rows.tolist()}), path)
    return path


def called(names):
    """Images of these SHA-256 sums, by other names than they have."""
    return Names(Texts(names.values()), Texts(names))


def kept(service, name="own"):
    """{SHA-256: vector} of what is there."""
    found = own.load(service.workspace.own, name)
    return dict(zip(found.hashes, np.array(found.vectors), strict=True))


@pytest.mark.parametrize("form", ["npy", "npz", "csv", "parquet"])
@pytest.mark.parametrize("column", ["path", "sha256"])
def test_every_image_gets_the_vector_of_its_row(service, images, tmp_path, form, column):
    """In any order of the rows, by name and by content, in every form."""
    order = np.random.default_rng(1).permutation(N)
    attribute = "name" if column == "path" else "sha256"
    keys = [getattr(images[i], attribute) for i in order]
    rows = vectors()
    report = service.import_embeddings(write(tmp_path / f"v.{form}", keys, rows, column))
    assert (report.matched, report.images, report.width) == (N, N, D)
    assert (report.unknown, report.missing) == ((), ())
    found = kept(service)
    for row, place in zip(rows, order, strict=True):
        assert np.array_equal(found[images[place].sha256], row)
    assert service.settings().backbone == "embeddings:own"


def test_without_names_rows_are_in_the_order_of_import(service, images, tmp_path):
    """And the report says so; another number of rows is refused with the way out."""
    rows = vectors()
    np.save(tmp_path / "v.npy", rows)
    report = service.import_embeddings(tmp_path / "v.npy")
    assert report.told == "in the order in which the images were imported"
    assert all(np.array_equal(kept(service)[e.sha256], rows[i]) for i, e in enumerate(images))
    np.save(tmp_path / "v.npy", vectors(N - 1))
    with pytest.raises(ImportingError, match=r"5 rows and there are 6 images.*v\.txt"):
        service.import_embeddings(tmp_path / "v.npy")


def test_numbers_may_each_have_a_column_of_their_own(service, images, tmp_path):
    """As a data frame has them."""
    rows = vectors()
    table = {"path": [e.name for e in images]} | {f"d{i}": rows[:, i] for i in range(D)}
    pq.write_table(pa.table(table), tmp_path / "v.parquet")
    service.import_embeddings(tmp_path / "v.parquet")
    assert np.array_equal(kept(service)[images[3].sha256], rows[3])


def test_rows_and_images_that_are_left_over_are_named(service, images, tmp_path):
    """A second file adds to the first; then every image has one."""
    rows, names = vectors(), [e.name for e in images]
    first = write(tmp_path / "a.csv", [*names[:4], "stranger.png"], rows[:5])
    report = service.import_embeddings(first)
    assert report.unknown == ("stranger.png",)
    assert report.missing == tuple(names[4:])
    report = service.import_embeddings(write(tmp_path / "b.csv", names[4:], rows[4:]))
    assert report.missing == ()
    assert len(kept(service)) == N
    assert len(list(service.workspace.own.glob("*.npy"))) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda keys, rows: (keys, np.where(rows == rows[2, 1], np.nan, rows)), "Row 3 of .* NaN"),
        (lambda keys, rows: (keys, np.where(rows == rows[4, 0], np.inf, rows)), "Row 5 of .* inf"),
        (lambda keys, rows: (keys, rows.astype(np.float64) * 1e300), "32 bits"),
        (lambda keys, rows: (keys, rows * 0), "All embeddings in .* are zeros"),
        (lambda keys, rows: ([keys[0], *keys[:-1]], rows), "more than one row for '000 dark.png'"),
        (lambda keys, rows: ([f"x/{each}" for each in keys], rows), "None of the 6 rows"),
    ],
)
@pytest.mark.parametrize("form", ["npy", "csv", "parquet", "npz"])
def test_what_is_no_set_of_embeddings_is_refused_whole(
    service, images, tmp_path, form, change, told
):
    """Nothing is kept, and rounds see what they saw before."""
    keys, rows = change([e.name for e in images], vectors())
    with pytest.raises(ImportingError, match=told):
        service.import_embeddings(write(tmp_path / f"v.{form}", keys, rows))
    assert own.names(service.workspace.own) == []
    assert service.settings().backbone == "auto"


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("column", ["label", "Unnamed: 0", "index"])
def test_a_column_that_is_no_part_of_a_vector_is_refused(service, images, tmp_path, form, column):
    """An order would drown all other numbers, and a label would be learned from."""
    table = {"path": [e.name for e in images], column: list(range(N)), "d0": [0.5] * N}
    file = tmp_path / f"v.{form}"
    if form == "parquet":
        pq.write_table(pa.table(table), file)
    else:
        rows = zip(*table.values(), strict=True)
        lines = [",".join(map(str, row)) for row in (list(table), *rows)]
        file.write_text("\n".join(lines))
    with pytest.raises(ImportingError, match=f"'{column}' is no part of a vector"):
        service.import_embeddings(file)


def test_other_numbers_or_another_width_need_another_name(service, images, tmp_path):
    """What is there is not changed by what contradicts it; the same again is no contradiction."""
    names, rows = [e.name for e in images], vectors()
    service.import_embeddings(write(tmp_path / "v.csv", names, rows))
    service.import_embeddings(write(tmp_path / "again.npz", names, rows))
    for other, told in ((vectors(seed=1), "6 images have other numbers"), (vectors(d=7), "has 7")):
        with pytest.raises(ImportingError, match=rf"{told}.*`--as NAME`"):
            service.import_embeddings(write(tmp_path / "w.npz", names, other))
    assert np.array_equal(kept(service)[images[0].sha256], rows[0])
    service.import_embeddings(tmp_path / "w.npz", "other")
    assert own.names(service.workspace.own) == ["other", "own"]
    assert service.settings().backbone == "embeddings:other"
    assert list(service.offered(SETTING))[-2:] == ["embeddings:other", "embeddings:own"]


def test_a_name_that_two_images_share_is_refused(service, images, tmp_path):
    """Their sums tell them apart."""
    alike = called({images[0].sha256: "a.png", images[1].sha256: "a.png"})
    file = write(tmp_path / "v.csv", ["a.png"], vectors(1))
    with pytest.raises(ImportingError, match=r"image is called 'a\.png'.*'sha256'"):
        take(service.workspace, alike, file, "own")


def test_a_decomposed_name_finds_its_image(service, images, tmp_path):
    """File systems and tables write ö in two ways."""
    file = write(tmp_path / "v.csv", ["o\u0308.png"], vectors(1))
    report = take(service.workspace, called({images[0].sha256: "ö.png"}), file, "own")
    assert report.matched == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("v.csv", b"a,b\n1,2\n", "has a, b. Embeddings need a column"),
        ("v.csv", b"path,x\na.png,1,2\n", "line 2 has 3 cells"),
        ("v.csv", b"path,x\na.png,one\n", "line 2: could not convert"),
        ("v.npy", b"\x93NUMPY", "Cannot read the embeddings"),
        ("v.npz", b"PK", "Cannot read the embeddings"),
        ("v.parquet", b"PAR1", "Cannot read the embeddings"),
        ("v.txt", b"", "is none of .csv, .npy, .npz, .parquet"),
        ("gone.npy", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_in_words(service, tmp_path, name, content, told):
    """With what is needed."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ImportingError, match=told):
        service.import_embeddings(tmp_path / name)


def test_objects_are_never_unpickled(service, tmp_path):
    """A pickle may run anything."""
    np.save(tmp_path / "v.npy", np.array([{}] * N, object), allow_pickle=True)
    with pytest.raises(ImportingError, match="Cannot read"):
        service.import_embeddings(tmp_path / "v.npy")


def test_what_was_imported_is_its_owner_s_and_no_cleanup_takes_it(service, images, tmp_path):
    """Closed to others; cleanup and a mending doctor leave it."""
    service.import_embeddings(write(tmp_path / "v.csv", [e.name for e in images], vectors()))
    clear(service.workspace, service.store)
    examine(service.workspace, mend=True)
    assert len(kept(service)) == N
    for path in (service.workspace.own, *service.workspace.own.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_a_changed_or_lost_file_is_said_and_never_used(service, images, tmp_path):
    """Every byte is under the checksum."""
    service.import_embeddings(write(tmp_path / "v.csv", [e.name for e in images], vectors()))
    (file,) = service.workspace.own.glob("*.npy")
    whole = file.read_bytes()
    for place in (len(whole) - 1, len(whole) - N * D, 200):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(WorkspaceError, match="Import it again"):
            own.load(service.workspace.own, "own")
    file.unlink()
    with pytest.raises(WorkspaceError, match="Import it again"):
        own.load(service.workspace.own, "own")
    service.workspace.own.joinpath("own.json").unlink()
    with pytest.raises(AnnotatorError, match="No embeddings named 'own' were imported"):
        service.save_settings(service.settings())
