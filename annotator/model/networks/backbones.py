"""Backbones that no table lists: imported embeddings, networks of timm, files of weights."""

from __future__ import annotations

OWN = "embeddings:"  # then the name of a set that was imported
TIMM = "timm:"  # then a network of timm, and perhaps @ and a file of weights
WEIGHTS = (".safetensors", ".pt", ".pth")
FORMS = f"{OWN}NAME, {TIMM}NAME, {TIMM}NAME@FILE, or the path of a file {' or '.join(WEIGHTS)}"


def own_name(backbone: str) -> str | None:
    """The name of the imported embeddings that a backbone stands for; None if it is none."""
    return backbone.removeprefix(OWN) if backbone.startswith(OWN) else None


def is_external(backbone: str) -> bool:
    """Whether it is a network of timm, by name or by a file of weights."""
    return backbone.startswith(TIMM) or backbone.endswith(WEIGHTS)


def weights_of(backbone: str) -> str:
    """The file of weights that an external backbone names; empty where it names none."""
    if backbone.startswith(TIMM):
        return backbone.partition("@")[2]
    return backbone if is_external(backbone) else ""


def stays_frozen(backbone: str) -> bool:
    """Whether it only makes vectors of images, and is never trained."""
    return own_name(backbone) is not None or is_external(backbone)
