"""What "auto" decides, and what the user's own word overrules."""

import pytest
import torch

from annotator.model import Settings
from annotator.rounds.plan import decide

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize(
    ("side", "device", "regime", "backbone", "size"),
    [
        (28, CPU, "finetune", "small_cnn", 28),
        (63, CPU, "finetune", "small_cnn", 64),
        (64, CPU, "frozen", "multilevel_lite0", 64),
        (512, CPU, "frozen", "multilevel_lite0", 128),
        (28, GPU, "finetune", "small_cnn", 28),
        (2000, GPU, "finetune", "efficientnet_lite0", 224),
    ],
)
def test_auto_fine_tunes_tiny_images_and_whatever_a_gpu_can(side, device, regime, backbone, size):
    """Tiny images, or a GPU: the whole network. Else a frozen pretrained one."""
    plan = decide(Settings(), "auto", side, device)
    assert (plan.regime, plan.backbone, plan.size) == (regime, backbone, size)


def test_the_users_word_stands():
    """A regime or a backbone that was asked for is taken, on a CPU as well."""
    assert decide(Settings(), "frozen", 28, CPU).regime == "frozen"
    assert decide(Settings(), "finetune", 512, CPU).backbone == "small_cnn"
    wide = decide(Settings(backbone="wide_resnet"), "finetune", 30, CPU)
    assert (wide.backbone, wide.size) == ("wide_resnet", 32)
