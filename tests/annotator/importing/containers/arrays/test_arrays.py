"""Arrays of numpy: every pixel and every label comes in as it was."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from annotator.errors import ImportingError
from annotator.importing.containers.arrays import arrays
from annotator.importing.scan import scan
from annotator.importing.source import Wanted
from annotator.model import NewImage
from annotator.project import Workspace
from annotator.service import Service


def stack(n=5, shape=(8, 6), dtype=np.uint8, seed=0):
    top = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, top, (n, *shape), dtype, endpoint=True)


def pixels(source):
    return np.array(Image.open(BytesIO(source.content)))


def medmnist(path, *, color=False, labels=1, **more):
    """A file as MedMNIST's are: three splits, labels (N, L) of uint8."""
    made = {}
    for seed, (split, n) in enumerate((("train", 7), ("val", 3), ("test", 4))):
        made[f"{split}_images"] = stack(n, (28, 28, 3) if color else (28, 28), seed=seed)
        kinds = np.random.default_rng(seed).integers(0, 2 if labels > 1 else 4, (n, labels))
        made[f"{split}_labels"] = kinds.astype(np.uint8)
    np.savez_compressed(path, **made, **more)
    return made


@pytest.mark.parametrize("color", [False, True])
def test_medmnist_comes_in_whole(tmp_path, color):
    """Pixels, classes by number, names and splits of all three parts, gray and in color."""
    made = medmnist(tmp_path / "bloodmnist.npz", color=color)
    found = list(arrays.of_npz(tmp_path / "bloodmnist.npz", Wanted()))
    assert len(found) == 14
    for source in found:
        split, number = source.name.split("/")
        assert np.array_equal(pixels(source), made[f"{split}_images"][int(number)])
        assert source.told.label == str(made[f"{split}_labels"][int(number), 0])
        assert source.told.part == split
    assert found[0].name == "train/000000"


def test_classes_have_names_where_the_file_gives_them(tmp_path):
    """In an array of text; a number without a name is an error."""
    names = np.array(["basophil", "eosinophil", "Ödem", "neutrophil"])
    made = medmnist(tmp_path / "named.npz", class_names=names)
    found = list(arrays.of_npz(tmp_path / "named.npz", Wanted()))
    wanted = [
        names[made[f"{s}_labels"][i, 0]]
        for s, n in (("train", 7), ("val", 3), ("test", 4))
        for i in range(n)
    ]
    assert [each.told.label for each in found] == wanted
    medmnist(tmp_path / "few.npz", class_names=names[:2])
    with pytest.raises(ImportingError, match="names of 2 classes"):
        list(arrays.of_npz(tmp_path / "few.npz", Wanted()))


def test_several_labels_an_image_are_refused_by_name_before_any_comes_in(tmp_path):
    """As in ChestMNIST; the error says how to take one."""
    medmnist(tmp_path / "chestmnist.npz", labels=14)
    with pytest.raises(ImportingError, match=r"'train_labels' holds 14 answers an image.*\[:, 0\]"):
        next(arrays.of_npz(tmp_path / "chestmnist.npz", Wanted()))


def test_a_workspace_shows_what_the_array_holds(tmp_path):
    """Through the whole import, with labels; again it adds nothing."""
    images = stack(6, (16, 16))
    np.savez(tmp_path / "set.npz", images=images, labels=np.array(["a", "b", "c", "", "b", "a"]))
    service = Service.create(tmp_path / "w", ["a", "b", "c"])
    report = service.import_source(tmp_path / "set.npz")
    assert (report.added, report.labeled, report.refused) == (6, 5, ())
    assert service.count_by_class() == {"a": 2, "b": 2, "c": 1}
    assert service.import_source(tmp_path / "set.npz").duplicates == 6
    for image in service.images():
        stored = np.array(Image.open(service.workspace.image_path(image.stored)))
        assert np.array_equal(stored, images[int(image.name.split("/")[1])])


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((8, 6), "u1"),
        ((8, 6, 1), "u1"),
        ((8, 6, 3), "u1"),
        ((8, 6), "<u2"),
        ((8, 6), ">u2"),
        ((8, 6, 1), "<u2"),
    ],
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_shape_and_depth_keeps_its_pixels(tmp_path, shape, dtype, order):
    """8 and 16 bits, either byte order, gray and color, by rows and by columns."""
    images = np.asarray(
        stack(4, shape, np.dtype(dtype).newbyteorder("=")).astype(dtype), order=order
    )
    np.save(tmp_path / "scans.npy", images)
    found = list(arrays.of_npy(tmp_path / "scans.npy", Wanted()))
    assert [each.name for each in found] == [f"scans/{n:06}" for n in range(4)]
    wanted = images[..., 0] if shape[2:] == (1,) else images
    assert all(np.array_equal(pixels(s), w) for s, w in zip(found, wanted, strict=True))
    events = list(scan(tmp_path / "scans.npy", Workspace.create(tmp_path / "w")))
    assert all(isinstance(each, NewImage) for each in events)


@pytest.mark.parametrize(
    ("images", "told"),
    [
        (np.zeros((3, 8, 8), np.float32), r"which value is white.*\* 255"),
        (np.zeros((3, 8, 8), np.int64), "astype"),
        (np.zeros((3, 8, 8), np.uint32), "astype"),
        (np.zeros((3, 8, 8), bool), "true or false"),
        (np.zeros((3, 8, 8, 3), np.uint16), "16 bits"),
        (np.zeros((3, 3, 8, 8), np.uint8), r"transpose\(0, 2, 3, 1\)"),
        (np.zeros((3, 8, 8, 4), np.uint8), "alpha"),
        (np.zeros((8, 8), np.uint8), "--embeddings"),
        (np.zeros((8, 8, 3), np.uint8), "one color image"),
        (np.zeros(8, np.uint8), "Images must be"),
    ],
)
def test_an_array_that_is_no_set_of_images_says_what_would_make_it_one(tmp_path, images, told):
    """Nothing is scaled, cut or turned by a guess."""
    np.save(tmp_path / "x.npy", images)
    with pytest.raises(ImportingError, match=told):
        list(arrays.of_npy(tmp_path / "x.npy", Wanted()))


def test_objects_of_python_are_never_unpickled(tmp_path):
    """Not as images, not as labels: a pickle may run anything."""

    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    np.save(tmp_path / "trap.npy", np.array([Trap()], object), allow_pickle=True)
    with pytest.raises(ImportingError):
        list(arrays.of_npy(tmp_path / "trap.npy", Wanted()))
    np.savez(tmp_path / "trap.npz", images=stack(1), labels=np.array([Trap()], object))
    with pytest.raises(ImportingError, match="no class"):
        list(arrays.of_npz(tmp_path / "trap.npz", Wanted()))
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"images": stack(3), "labels": np.arange(2)}, r"is \(2,\), for 3 images"),
        ({"images": stack(3), "labels": np.array([0, 0.5, 1])}, "fractions"),
        ({"pictures": stack(3)}, r"holds 'pictures' \(3, 8, 6\). Looked for images called"),
        ({}, "holds nothing"),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path, made, told):
    """Labels of other images, fractions, arrays of another name."""
    np.savez(tmp_path / "x.npz", **made)
    with pytest.raises(ImportingError, match=told):
        list(arrays.of_npz(tmp_path / "x.npz", Wanted()))


def test_labels_may_be_another_array_and_may_have_gaps(tmp_path):
    """`--labels` names it; NaN is unlabeled."""
    np.savez(tmp_path / "x.npz", images=stack(3), grade=np.array([1, np.nan, 0]))
    found = arrays.of_npz(tmp_path / "x.npz", Wanted("grade"))
    assert [each.told.label for each in found] == ["1", None, "0"]
    with pytest.raises(ImportingError, match="its arrays are grade, images"):
        list(arrays.of_npz(tmp_path / "x.npz", Wanted("kind")))


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_that_was_cut_or_changed_is_said_to_be(tmp_path, zipped):
    """At any place: never a part of the images without a word."""
    path = tmp_path / ("x.npz" if zipped else "x.npy")
    images = stack(40, (16, 16))
    np.savez(path, images=images) if zipped else np.save(path, images)
    whole = path.read_bytes()
    reader = arrays.of_npz if zipped else arrays.of_npy
    for stop in range(0, len(whole), 997):
        path.write_bytes(whole[:stop])
        with pytest.raises(ImportingError):
            list(reader(path, Wanted()))
    if zipped:
        changed = bytearray(whole)
        changed[len(whole) // 2] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ImportingError, match="cut or damaged"):
            list(reader(path, Wanted()))


def test_a_zipped_array_by_columns_is_refused_with_the_way_out(tmp_path):
    """No image of it lies in one piece."""
    np.savez(tmp_path / "x.npz", images=np.asfortranarray(stack(3)))
    with pytest.raises(ImportingError, match="ascontiguousarray"):
        list(arrays.of_npz(tmp_path / "x.npz", Wanted()))


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
def test_images_are_read_one_by_one(tmp_path, name):
    """26 MB of images pass through less than 4 MB of memory."""
    import tracemalloc

    images = np.zeros((400, 256, 256), np.uint8)
    np.savez_compressed(tmp_path / name, images=images) if name.endswith("z") else np.save(
        tmp_path / name, images
    )
    del images
    reader = arrays.of_npz if name.endswith("z") else arrays.of_npy
    tracemalloc.start()
    try:
        assert sum(1 for _ in reader(tmp_path / name, Wanted())) == 400
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
