"""What "auto" may decide, and what the user's own word overrules."""

import re
from pathlib import Path

import pytest
import torch

from annotator.model import REGIMES, Settings
from annotator.rounds.plan import decide, tunable

DOCS = Path(__file__).parents[3] / "docs"

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize(
    ("side", "device", "labels", "may"),
    [
        (28, CPU, 0, False),
        (28, CPU, 9.9, False),
        (28, CPU, 10, True),
        (63, CPU, 10, True),
        (64, CPU, 100, False),
        (512, CPU, 100, False),
        (28, GPU, 10, True),
        (2000, GPU, 9.9, False),
        (2000, GPU, 10, True),
    ],
)
def test_auto_may_fine_tune_tiny_images_and_whatever_a_gpu_can_from_ten_labels_a_class(
    side, device, labels, may
):
    """Before that, and for larger images without a GPU, there is not even a trial."""
    assert tunable(side, device, labels) == may


@pytest.mark.parametrize(
    ("side", "device", "regime", "backbone", "size"),
    [
        (28, CPU, "frozen", "multilevel_lite0", 64),
        (512, CPU, "frozen", "multilevel_lite0", 128),
        (2000, GPU, "frozen", "multilevel_lite0", 224),
        (28, CPU, "finetune", "small_cnn", 28),
        (63, CPU, "finetune", "small_cnn", 64),
        (512, CPU, "finetune", "small_cnn", 64),
        (28, GPU, "finetune", "small_cnn", 28),
        (2000, GPU, "finetune", "efficientnet_lite0", 224),
    ],
)
def test_network_and_size_follow_the_regime_the_images_and_the_hardware(
    side, device, regime, backbone, size
):
    """Pretrained networks see larger images where there is a GPU; tiny ones get a small network."""
    plan = decide(Settings(), regime, side, device)
    assert (plan.regime, plan.backbone, plan.size) == (regime, backbone, size)


def test_auto_is_frozen_until_a_trial_has_spoken():
    """Also where it may fine-tune: a look at new images does not guess what a trial would say."""
    for side, device in ((28, CPU), (28, GPU), (2000, GPU)):
        assert decide(Settings(), "auto", side, device) == decide(
            Settings(), "frozen", side, device
        )


def test_a_backbone_that_was_asked_for_is_taken():
    """On a CPU as well; its size is a multiple of four."""
    wide = decide(Settings(backbone="wide_resnet"), "finetune", 30, CPU)
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
        ("embeddings:own", 0, "frozen", ("embeddings:own", 128)),
        ("timm:resnet18", 0, "frozen", ("timm:resnet18", 128)),
        ("/nets/a.pt", 96, "frozen", ("/nets/a.pt", 96)),
        ("embeddings:own", 0, "finetune", ("small_cnn", 64)),
        ("timm:resnet18", 0, "finetune", ("small_cnn", 64)),
    ],
)
def test_a_backbone_counts_in_the_regime_that_it_is_made_for(backbone, side, regime, found):
    """In the other one it is as with "auto"; a side counts for frozen images alone."""
    plan = decide(Settings(backbone=backbone, side=side), regime, 200, CPU)
    assert (plan.backbone, plan.size) == found


def test_the_words_for_auto_name_all_that_decides():
    """Each of the three alone makes a trial possible, and it decides; form and page say so."""
    larger = (64, CPU, 10)
    for before, after in (
        ((28, CPU, 9), (28, CPU, 10)),  # the number of labels
        (larger, (63, CPU, 10)),  # image size
        (larger, (64, GPU, 10)),  # hardware
    ):
        assert [tunable(*each) for each in (before, after)] == [False, True]
    assert REGIMES["auto"] == (
        "by a trial on labels held out, where labels, image size and hardware allow one"
    )
    row = re.search(r"^\| `regime` .*$", (DOCS / "settings.md").read_text(), re.MULTILINE)
    assert row is not None
    assert "by a trial, where the number of labels, image size and hardware allow one" in row[0]
