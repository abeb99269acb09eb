"""Views of your own making: any transform of one image, such as torchvision's v2, made seedable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from ssl_core.chance import drawing, fresh
from ssl_core.errors import SSLError

Transform = Callable[[Tensor], Tensor]  # (C, H, W) float in [0, 1] -> likewise, of the same shape


@dataclass(frozen=True, slots=True)
class Views:
    """A weak and a strong transform of one image, in place of a named preset.

    Each is called for one image at a time, so that each image gets its own draw. What it draws it
    must draw from torch's random state, as torchvision's do: then training is reproducible.
    """

    weak: Transform
    strong: Transform


def each(transform: Transform, images: Tensor, generator: Generator) -> Tensor:
    """Return the transform of every image of (N, C, H, W) floats in [0, 1], likewise.

    Torch's own random state is borrowed, set by a draw from `generator`, and given back as it was.

    Raises:
        SSLError: the transform changes an image's shape.
    """
    seed = int(torch.randint(2**62, (), device=generator.device, generator=generator))
    with drawing(fresh(seed, images.device), images.device):
        changed = [transform(image) for image in images]
    for image in changed:
        if image.shape != images.shape[1:]:
            raise SSLError(
                f"A view must keep the shape {tuple(images.shape[1:])} of its image, but one came "
                f"out as {tuple(image.shape)}. Crop with v2.RandomResizedCrop to that very size."
            )
    return torch.stack(changed).to(images.dtype).clamp(0, 1) if changed else images
