"""Hugging Face's imagefolder: what `datasets` reads of a folder is what comes in."""

import csv
import gc
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotator.errors import ImportingError
from annotator.importing.containers.huggingface.metadata import metadata_of, sources
from annotator.importing.scan import scan
from annotator.importing.source import Absent, Source, Wanted
from annotator.model import NewImage, Noted, Refused
from annotator.project import Workspace
from tests.annotator.pictures import png

NAMES = ["cat", "dog, small", "Ödem"]


def write(folder, rows, form):
    """A metadata file of one of the three forms."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"metadata.{form}"
    if form == "csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    elif form == "jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def images(folder, names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(sum(map(ord, name))))


def card(folder, names=NAMES, column="label"):
    """The card as `datasets` writes it."""
    from datasets import ClassLabel, DatasetInfo, Features, Image
    from datasets.info import DatasetInfosDict
    from huggingface_hub import DatasetCardData

    features = Features({"image": Image(), column: ClassLabel(names=names)})
    data = DatasetCardData()
    DatasetInfosDict({"default": DatasetInfo(features=features)}).to_dataset_card_data(data)
    (folder / "README.md").write_text(f"---\n{data}\n---\n\n# A set\n", encoding="utf-8")


def read(folder, **wanted):
    """(told by name, refusals, notes)."""
    found = list(sources(folder, metadata_of(folder), Wanted(**wanted), folder.parent))
    told = {each.name: each.told for each in found if isinstance(each, Source)}
    notes = [each for each in found if isinstance(each, Noted)]
    return told, [e for e in found if isinstance(e, Refused | Absent) and e not in notes], notes


@pytest.mark.filterwarnings("ignore")  # those of `datasets`
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("numbers", [False, True])
def test_labels_are_those_that_datasets_reads(tmp_path, monkeypatch, form, numbers):
    """By name and by number, in every form, with the splits that the folders are."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets

    folder = tmp_path / "set"
    truth = {f"train/{n}.png": NAMES[n % 3] for n in range(5)} | {"test/a b, ü.png": NAMES[2]}
    images(folder, truth)
    for split in ("train", "test"):
        rows = [
            {"file_name": name.split("/")[1], "label": NAMES.index(label) if numbers else label}
            for name, label in truth.items()
            if name.startswith(split)
        ]
        write(folder / split, rows, form)
    if numbers:
        card(folder)
    told, refused, notes = read(folder)
    assert (refused, notes) == ([], [])
    assert {name: each.label for name, each in told.items()} == truth
    assert all(each.part == name.split("/")[0] for name, each in told.items())
    theirs = datasets.load_dataset(
        "imagefolder", data_dir=str(folder), cache_dir=str(tmp_path / "c")
    )
    for split, table in theirs.items():
        said = [NAMES[value] if numbers else value for value in table["label"]]
        assert said == [label for name, label in truth.items() if name.startswith(str(split))]
    gc.collect()  # it leaves tables open, and here nobody minds


def test_a_folder_with_metadata_is_known_by_itself(tmp_path):
    """Whoever imports it says nothing; `--labels folders` is still there."""
    folder = tmp_path / "set"
    images(folder, ["x/a.png", "y/b.png"])
    write(folder, [{"file_name": "x/a.png", "label": "cat"}, {"file_name": "y/b.png"}], "jsonl")
    workspace = Workspace.create(tmp_path / "w")
    found = [each for each in scan(folder, workspace) if isinstance(each, NewImage)]
    assert [(each.name, each.told.label) for each in found] == [
        ("x/a.png", "cat"),
        ("y/b.png", None),
    ]
    by_folder = scan(folder, workspace, wanted=Wanted("folders"))
    assert {each.name: each.told.label for each in by_folder if isinstance(each, NewImage)} == {
        "x/a.png": "x",
        "y/b.png": "y",
    }


def test_metadata_about_something_else_leaves_the_folder_a_folder(tmp_path):
    """Without a column `file_name` it is no imagefolder."""
    images(tmp_path, ["a.png"])
    (tmp_path / "metadata.csv").write_text("patient,age\n1,70\n")
    assert metadata_of(tmp_path) == []


def test_an_image_that_no_row_names_is_said(tmp_path):
    """As is a row whose image is not there."""
    images(tmp_path, ["a.png", "b.png", "below/c.png"])
    write(tmp_path, [{"file_name": n, "x": 1} for n in ("a.png", "gone.png", "")], "csv")
    told, refused, (note,) = read(tmp_path)
    assert list(told) == ["a.png"]
    assert [each.name for each in refused] == ["gone.png", "metadata.csv, row 3"]
    assert (note.name, note.reason) == (
        "b.png",
        "no row of the metadata names it, nor 1 more images: not imported",
    )


def test_a_number_beyond_the_names_of_the_card_is_refused_by_name(tmp_path):
    """And unlabeled rows stay unlabeled."""
    images(tmp_path, ["a.png", "b.png", "c.png"])
    labels = {"a.png": 1, "b.png": 3, "c.png": None}
    write(tmp_path, [{"file_name": n, "label": v} for n, v in labels.items()], "jsonl")
    card(tmp_path)
    told, (refused,), _ = read(tmp_path)
    assert {name: each.label for name, each in told.items()} == {"a.png": NAMES[1], "c.png": None}
    assert (refused.name, refused.reason) == (
        "b.png",
        "its label 3 is none of the 3 classes that README.md names",
    )


def test_text_that_is_one_class_s_name_and_another_s_number_is_refused(tmp_path):
    """Classes called 1 and 0, in this order, in a form that does not tell numbers from text."""
    images(tmp_path, ["a.png"])
    write(tmp_path, [{"file_name": "a.png", "label": "1"}], "csv")
    card(tmp_path, ["1", "0"])
    told, (refused,), _ = read(tmp_path)
    assert told == {}
    assert "the name of a class and the number of another, '0'" in refused.reason
    card(tmp_path, ["0", "1"])
    assert [each.label for each in read(tmp_path)[0].values()] == ["1"]


def test_a_long_name_that_the_card_folds_is_one_name(tmp_path):
    """YAML breaks lines after 80 characters; quotes, colons and numbers are names too."""
    names = ["a very long name " * 5 + "end", 'it\'s: "so"', "yes", "0x1F", "- dash"]
    images(tmp_path, [f"{n}.png" for n in range(5)])
    write(tmp_path, [{"file_name": f"{n}.png", "label": n} for n in range(5)], "jsonl")
    card(tmp_path, names)
    assert [each.label for each in read(tmp_path)[0].values()] == names


def test_names_in_the_parquet_file_itself_are_found(tmp_path):
    """`datasets` notes them there; a card is not needed."""
    from datasets import ClassLabel, Dataset, Features, Value

    images(tmp_path, ["a.png", "b.png"])
    features = Features({"file_name": Value("string"), "label": ClassLabel(names=NAMES)})
    rows = {"file_name": ["a.png", "b.png"], "label": [2, 0]}
    Dataset.from_dict(rows, features).to_parquet(tmp_path / "metadata.parquet")
    assert [each.label for each in read(tmp_path)[0].values()] == ["Ödem", "cat"]


def test_several_labels_of_an_image_are_refused_by_name(tmp_path):
    """An image has one class here."""
    images(tmp_path, ["a.png"])
    write(tmp_path, [{"file_name": "a.png", "label": ["cat", "dog"]}], "jsonl")
    _, (refused,), _ = read(tmp_path)
    assert (refused.name, "one class" in refused.reason) == ("a.png", True)


def test_a_column_that_looks_meant_is_named_with_its_option(tmp_path):
    """And taken when that is said; a misspelled one is guessed."""
    images(tmp_path, ["a.png"])
    write(tmp_path, [{"file_name": "a.png", "Label": "cat"}], "csv")
    told, _, (note,) = read(tmp_path)
    assert told["a.png"].label is None
    assert "`--labels Label`" in note.reason
    assert read(tmp_path, labels="Label")[0]["a.png"].label == "cat"
    with pytest.raises(ImportingError, match="Did you mean 'Label'"):
        read(tmp_path, labels="Labels")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("metadata.csv", b"file_name,label,label\na.png,x,y\n", "two columns are called 'label'"),
        ("metadata.csv", b"file_name,label\na.png,x,y\n", "line 2 has more cells"),
        ("metadata.csv", b"file_name,label\na.png,\xff\n", "not UTF-8"),
        ("metadata.jsonl", b'{"file_name": "a.png"}\n{"file_name"', "line 2 is no JSON"),
        ("metadata.jsonl", b'{"file_name": "a.png"}\n[1]\n', "line 2 is no object"),
        ("metadata.parquet", b"PAR1 this is not", "Cannot read"),
    ],
)
def test_damaged_metadata_is_an_error_that_names_the_place(tmp_path, name, content, told):
    """Never a part of the rows without a word."""
    images(tmp_path, ["a.png"])
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ImportingError, match=told):
        read(tmp_path)


def test_two_metadata_files_side_by_side_are_refused(tmp_path):
    """Both are named."""
    for form in ("csv", "jsonl"):
        write(tmp_path, [{"file_name": "a.png"}], form)
    with pytest.raises(ImportingError, match=r"metadata\.csv and metadata\.jsonl"):
        metadata_of(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ndataset_info: [\n---\n", "is no YAML"),
        (
            "---\ndataset_info:\n"
            + "".join(
                f"- config_name: {one}\n  features:\n  - name: label\n    dtype:\n"
                f"      class_label:\n        names: [{one}]\n"
                for one in "ab"
            )
            + "---\n",
            "name the classes of 'label' differently",
        ),
    ],
)
def test_a_card_that_cannot_be_followed_is_an_error(tmp_path, text, told):
    """Numbers without names would be classes called 0 and 1."""
    images(tmp_path, ["a.png"])
    write(tmp_path, [{"file_name": "a.png", "label": 0}], "jsonl")
    (tmp_path / "README.md").write_text(text)
    with pytest.raises(ImportingError, match=told):
        read(tmp_path)


def test_without_a_card_numbers_are_the_names(tmp_path):
    """Also where the column has gaps, so that a table made floats of them."""
    images(tmp_path, ["a.png", "b.png"])
    rows = [{"file_name": "a.png", "label": 1.0}, {"file_name": "b.png", "label": None}]
    write(tmp_path, rows, "parquet")
    assert [each.label for each in read(tmp_path)[0].values()] == ["1", None]
