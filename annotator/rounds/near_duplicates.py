"""Near-duplicates: images that differ only by a re-encoding, a slight shift, scale or brightness.

Pixels tell them apart, embeddings do not: a frozen network's cosine of a cell and of the same cell
saved again as a JPEG was .63 to .95, that of two different cells up to .96. So likeness is sought
in two steps. First a search by the cosine of small gray outlines names candidates (exact, or nearly
so where there are many images); then each
pair is explained by a least-squares fit (Lucas & Kanade, 1981, "An Iterative Image Registration
Technique"): brightness, contrast, a shift and a stretch of at most a pixel and a half. Two images
are near-duplicates if the correlation that is left after the fit is at least ALIKE.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from annotator.model import Step, Steps
from ssl_core.parts.graph.neighbors import EXACT, Neighbors
from ssl_core.types import finish

Pixels = NDArray[np.uint8]
Pairs = list[tuple[int, int]]  # rows, the lower one first

OUTLINE = 14  # pixels a side of what candidates are sought by
DETAIL = 64  # pixels a side, at most, of what decides
CANDIDATES = 16  # most alike images of each one that are looked at closely
POSSIBLE = 0.85  # cosine of outlines from which a pair is a candidate
ALIKE = 0.995  # correlation after the fit from which it is a pair of near-duplicates
FAR = 1.6  # pixels that the fit may move an edge
CHUNK = 256  # pairs fitted, or images shrunk, at once
TOGETHER = 4096  # pairs of which each image is read once
TINY = 1e-8  # lengths that are none
OFTEN = 8  # chunks between two words of it
OUTLINED = 0.2  # share of the search at which outlines are there
SOUGHT = 0.5  # at which candidates are known
WARM = 16  # pairs looked at before a sample is timed
TRIED = 2048  # images on which a sample goes by
SAID = "looking for near-duplicates"


def search(pixels: Pixels, start: int) -> Steps[Pairs]:
    """Return all pairs with at least one row from `start` on; the other may be any row.

    Args:
        pixels: (N, C, S, S), letterboxed; may be a memory-map.
        start: rows before it have been compared with each other already.
    """
    n, done = len(pixels), 0
    if start >= n:
        return []
    outlines = yield from _outlines(pixels)
    candidates = yield from _candidates(outlines, start)
    found: Pairs = []
    for part in candidates.split(TOGETHER) if len(candidates) else ():
        same = part[_alike(pixels, part) >= ALIKE]
        found += [(low, high) for low, high in same.tolist()]
        done += len(part)
        yield Step(SOUGHT + (1 - SOUGHT) * done / len(candidates), SAID)
    return sorted(found)


def _alike(pixels: Pixels, pairs: Tensor) -> Tensor:
    """Return the `likeness` (P,) of pairs (P, 2) of rows, each image of which is read once."""
    rows, places = pairs.unique(return_inverse=True)
    soft = torch.cat([_blur(_some(pixels, part.numpy())) for part in rows.split(CHUNK)])
    wanted, found = _wanted(soft), []
    for first, second in (part.T for part in places.split(CHUNK)):
        mine, which, counts = first.unique_consecutive(return_inverse=True, return_counts=True)
        known, gram = _changes(soft[mine])
        targets = wanted[second].split(counts.tolist())
        shared = torch.cat([part @ each.T for each, part in zip(known, targets, strict=True)])
        found.append(_fit(gram[which], shared, wanted[second].norm(dim=1)))
    return torch.cat(found)


def _outlines(pixels: Pixels) -> Steps[Tensor]:
    """Return the outline of each image (N, OUTLINE^2); half as wide where there are many."""
    n = len(pixels)
    found = torch.empty(n, OUTLINE**2, dtype=torch.float16 if n > EXACT else torch.float32)
    for start in range(0, n, CHUNK):
        found[start : start + CHUNK] = outline(_some(pixels, slice(start, start + CHUNK)))
        if not start // CHUNK % OFTEN:
            yield Step(OUTLINED * start / n, SAID)
    return found


def sample(pixels: Pixels) -> float:
    """Return the seconds that candidates of one image take to be looked at closely.

    Measured on some pairs of some images: among so few of many, fewer are candidates.

    Args:
        pixels: (N, C, S, S), at least two.
    """
    rows = np.linspace(0, len(pixels) - 1, min(len(pixels), TRIED)).round().astype(np.int64)
    outlines = torch.cat([outline(_some(pixels, part)) for part in np.array_split(rows, 8)])
    pairs = finish(_candidates(outlines, 0))
    tried = pairs[torch.randperm(len(pairs), generator=torch.Generator().manual_seed(0))[:CHUNK]]
    for some in (tried[:WARM], tried):  # the first call takes longer than any after it
        begun = time.perf_counter()
        if len(some):
            _alike(pixels, torch.from_numpy(rows)[some])
    return (time.perf_counter() - begun) / max(1, len(tried)) * len(pairs) / len(rows)


def _some(pixels: Pixels, rows: Any) -> Tensor:
    """Gray images (n, 1, s, s), 0 to 255, of at most DETAIL pixels a side."""
    gray = torch.from_numpy(np.array(pixels[rows])).float().mean(1, keepdim=True)
    return F.adaptive_avg_pool2d(gray, DETAIL) if gray.shape[-1] > DETAIL else gray


def outline(gray: Tensor) -> Tensor:
    """Shrink (n, 1, s, s) to unit vectors without their mean; a flat image becomes zeros."""
    small = F.adaptive_avg_pool2d(gray, OUTLINE).flatten(1)
    small = small - small.mean(1, keepdim=True)
    flat = small.abs().amax(1, keepdim=True) < 1  # of 255 shades
    return F.normalize(small).masked_fill(flat, 0.0)


def _candidates(outlines: Tensor, start: int) -> Steps[Tensor]:
    """Return the pairs (P, 2) of rows from `start` on with the rows that are most like them."""
    n = len(outlines)
    rows, pairs, done = torch.arange(start, n), [torch.empty(0).long()], 0
    among = Neighbors(outlines)
    for places, ids, cosines in among.blocks(outlines[start:], CANDIDATES, but=rows):
        mine = rows[places, None].expand_as(ids)[cosines >= POSSIBLE]
        other = ids[cosines >= POSSIBLE]
        pairs.append(torch.minimum(mine, other) * n + torch.maximum(mine, other))
        done += len(places)
        yield Step(OUTLINED + (SOUGHT - OUTLINED) * done / len(rows), SAID)
    both = torch.cat(pairs).unique()
    found = torch.stack([both // n, both % n], 1)
    # Those side by side that lie near each other: of so many pairs at once, few images are read
    return found[among.ids.argsort()[found[:, 0]].argsort(stable=True)]


def likeness(first: Tensor, second: Tensor) -> Tensor:
    """Correlation (n,) of images (n, 1, s, s) after the best small change of the first; -1 if far.

    To first order a change is a sum of known pictures: the image itself (contrast), its slopes
    (shift) and its slopes times the place (stretch), each less its mean (brightness).
    """
    (known, gram), wanted = _changes(_blur(first)), _wanted(_blur(second))
    return _fit(gram, (known @ wanted[..., None]).squeeze(2), wanted.norm(dim=1))


def _changes(soft: Tensor) -> tuple[Tensor, Tensor]:
    """Return the pictures (n, 5, p) that a change is a sum of, and their products (n, 5, 5)."""
    x = (soft[..., 1:-1, 2:] - soft[..., 1:-1, :-2]) / 2
    y = (soft[..., 2:, 1:-1] - soft[..., :-2, 1:-1]) / 2
    place = torch.linspace(-1, 1, x.shape[-1])
    parts = (soft[..., 1:-1, 1:-1], x, y, place * x, place[:, None] * y)
    known = torch.stack([part.flatten(1) for part in parts], 1)
    known = known - known.mean(2, keepdim=True)
    return known, (known @ known.transpose(1, 2)).double()


def _wanted(soft: Tensor) -> Tensor:
    """Return what is to be explained of images (n, 1, s, s): the inner part, less its mean."""
    target = soft[..., 1:-1, 1:-1].flatten(1)
    return target - target.mean(1, keepdim=True)


def _fit(gram: Tensor, shared: Tensor, norm: Tensor) -> Tensor:
    """Return the correlation (n,) of what is wanted with the best sum of what is known.

    Args:
        gram: products (n, 5, 5) of what is known.
        shared: its products (n, 5) with what is wanted.
        norm: the length (n,) of that.
    """
    ridge = 1e-6 * gram.diagonal(dim1=1, dim2=2).mean(1).clamp_min(1e-6)
    known = gram + ridge[:, None, None] * torch.eye(gram.shape[1])
    weight = torch.linalg.solve(known, shared.double())
    fitted = (weight * (gram @ weight[..., None]).squeeze(2)).sum(1).clamp_min(0).sqrt()
    correlation = (weight * shared).sum(1) / (fitted * norm).clamp_min(TINY)
    contrast = weight[:, 0]
    moved = weight[:, 1:].abs().amax(1)
    near = (contrast > 0) & (moved <= FAR * contrast)
    return torch.where(near, correlation, -1.0).float()


def _blur(gray: Tensor) -> Tensor:
    """Blur twice: slopes then tell of a whole pixel, and a JPEG's blocks of less."""
    for _ in range(2):
        wide = F.pad(gray, (1, 1, 1, 1), mode="replicate")
        wide = wide[..., :-2] + 2 * wide[..., 1:-1] + wide[..., 2:]
        gray = (wide[..., :-2, :] + 2 * wide[..., 1:-1, :] + wide[..., 2:, :]) / 16
    return gray
