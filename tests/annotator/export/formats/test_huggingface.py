"""The export for Hugging Face, loaded by its own library, without a network."""

import json

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from annotator.export.formats.huggingface import quoted
from tests.annotator.exported import write

CLASSES = ("NA", "-1", "2020-01-01", 'a "b": c', "Grüße 猫 😀", "\x7fdel", "true", "~", "01")


@pytest.fixture
def load(monkeypatch, tmp_path):
    """`load_dataset` with a cache of its own, and no way out."""
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    import datasets

    datasets.disable_progress_bars()
    return lambda out: datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))


@pytest.mark.filterwarnings("default")  # the library's own
@pytest.mark.parametrize("images", [True, False])
def test_datasets_loads_each_split_with_its_classes(tmp_path, workspace, rows, load, images):
    """A label is a number of a named class, whatever it is called; all columns have their types."""
    from datasets import ClassLabel, Value

    out = tmp_path / "out"
    made = [_called(each, name) for each, name in zip(rows, CLASSES, strict=True)]
    write(made, workspace, out, "huggingface", classes=CLASSES, images=images)
    data = load(out)
    assert set(data) == {"train", "test"}
    features = data["train"].features
    assert features == data["test"].features
    assert features["label"] == ClassLabel(names=list(CLASSES))
    assert features["confidence"] == features["seconds"] == Value("float64")
    assert features["round"] == Value("int64")
    assert features["suggestion_shown"] == Value("bool")
    assert features["at"] == features["sha256"] == Value("string")
    assert features["probabilities"] == Value("string")
    known = {each.image.sha256: each for each in made}
    for split, where in (("train", "pool"), ("test", "test")):
        for row in data[split]:
            original = known.pop(row["sha256"])
            assert features["label"].int2str(row["label"]) == original.label
            assert (row["source"], row["split"]) == (original.source, original.split)
            assert original.split == where
            assert (row["confidence"], row["round"]) == (original.confidence, original.round)
            likely = row["probabilities"]
            assert (json.loads(likely) if likely else None) == original.probabilities
            if images:
                with Picture.open(workspace.image_path(original.image.stored)) as picture:
                    assert np.array_equal(np.asarray(row["image"]), np.asarray(picture))
            else:
                assert row["path"] == original.image.name
    assert not known


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_class_name_is_itself_in_the_card(name):
    """YAML has many words for what is no text, and signs that it does not take."""
    assert yaml.safe_load(f"'0': {quoted(name)}") == {"0": name}


def _called(row, name):
    from dataclasses import replace

    return replace(row, label=name)
