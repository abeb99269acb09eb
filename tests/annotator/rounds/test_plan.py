"""What "auto" decides, and what the user's own word overrules."""

import re
from pathlib import Path

import pytest
import torch

from annotator.model import REGIMES, Settings
from annotator.rounds.plan import decide

DOCS = Path(__file__).parents[3] / "docs"

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize(
    ("side", "device", "labels", "regime", "backbone", "size"),
    [
        (28, CPU, 0, "frozen", "multilevel_lite0", 64),
        (28, CPU, 9.9, "frozen", "multilevel_lite0", 64),
        (28, CPU, 10, "finetune", "small_cnn", 28),
        (63, CPU, 10, "finetune", "small_cnn", 64),
        (64, CPU, 100, "frozen", "multilevel_lite0", 64),
        (512, CPU, 100, "frozen", "multilevel_lite0", 128),
        (28, GPU, 10, "finetune", "small_cnn", 28),
        (2000, GPU, 9.9, "frozen", "multilevel_lite0", 224),
        (2000, GPU, 10, "finetune", "efficientnet_lite0", 224),
    ],
)
def test_auto_fine_tunes_tiny_images_and_whatever_a_gpu_can_from_ten_labels_a_class(
    side, device, labels, regime, backbone, size
):
    """Before that, and for larger images without a GPU, the backbone is frozen."""
    plan = decide(Settings(), "auto", side, device, labels)
    assert (plan.regime, plan.backbone, plan.size) == (regime, backbone, size)


def test_the_users_word_stands():
    """A regime or a backbone that was asked for is taken, on a CPU as well."""
    assert decide(Settings(), "frozen", 28, CPU, 50).regime == "frozen"
    assert decide(Settings(), "finetune", 512, CPU, 0).backbone == "small_cnn"
    wide = decide(Settings(backbone="wide_resnet"), "finetune", 30, CPU, 0)
    assert (wide.backbone, wide.size) == ("wide_resnet", 32)


@pytest.mark.parametrize(
    ("backbone", "side", "regime", "found"),
    [
        ("multilevel_lite2", 0, "frozen", ("multilevel_lite2", 128)),
        ("multilevel_lite2", 48, "frozen", ("multilevel_lite2", 48)),
        ("auto", 300, "frozen", ("multilevel_lite0", 300)),
        ("wide_resnet", 33, "frozen", ("multilevel_lite0", 36)),  # sides are multiples of 4
        ("thorough", 0, "frozen", ("thorough", 200)),  # it looks once more, at up to 224
        ("multilevel_lite2", 300, "finetune", ("small_cnn", 64)),
        ("wide_resnet", 300, "finetune", ("wide_resnet", 128)),
    ],
)
def test_a_backbone_counts_in_the_regime_that_it_is_made_for(backbone, side, regime, found):
    """In the other one it is as with "auto"; a side counts for frozen images alone."""
    plan = decide(Settings(backbone=backbone, side=side), regime, 200, CPU, 0)
    assert (plan.backbone, plan.size) == found


def test_the_words_for_auto_name_all_that_decides():
    """Each of the three alone turns a frozen round into a fine-tuned one; form and page say so."""
    fewer, larger = (28, CPU, 9), (64, CPU, 10)
    for before, after in (
        (fewer, (28, CPU, 10)),  # the number of labels
        (larger, (63, CPU, 10)),  # image size
        (larger, (64, GPU, 10)),  # hardware
    ):
        regimes = [decide(Settings(), "auto", *each).regime for each in (before, after)]
        assert regimes == ["frozen", "finetune"]
    assert REGIMES["auto"] == "by labels, image size and hardware"
    row = re.search(r"^\| `regime` .*$", (DOCS / "settings.md").read_text(), re.MULTILINE)
    assert row is not None
    assert "by the number of labels, image size and hardware" in row[0]
