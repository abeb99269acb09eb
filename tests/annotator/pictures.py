"""Pictures for tests: good, odd and broken ones, made as they are needed."""

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image


def noise(seed: int = 0, width: int = 24, height: int = 16, channels: int = 3) -> np.ndarray:
    """(height, width, 3) or, for one channel, (height, width) uint8; different for each seed."""
    shape = (height, width, channels) if channels > 1 else (height, width)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def encoded(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png(seed: int = 0, width: int = 24, height: int = 16) -> bytes:
    return encoded(Image.fromarray(noise(seed, width, height)))


def jpeg(seed: int = 0, width: int = 24, height: int = 16, **options) -> bytes:
    return encoded(Image.fromarray(noise(seed, width, height)), "JPEG", quality=95, **options)


def cmyk() -> bytes:
    """A cyan field: ink 255, 0, 0, 0."""
    return encoded(Image.new("CMYK", (24, 16), (255, 0, 0, 0)), "JPEG")


def palette() -> bytes:
    """Left half red, right half transparent."""
    picture = Image.new("P", (24, 16), 0)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.paste(1, (12, 0, 24, 16))
    return encoded(picture, transparency=1)


def half_transparent() -> bytes:
    """Black at half strength everywhere: gray on white paper."""
    return encoded(Image.new("RGBA", (24, 16), (0, 0, 0, 128)))


def sixteen_bit() -> bytes:
    """A ramp from 1,000 to 1,383 of 65,535: black to every eye until it is windowed."""
    return encoded(Image.fromarray(np.arange(1000, 1384, dtype=np.uint16).reshape(16, 24)))


def floats(values: np.ndarray) -> bytes:
    return encoded(Image.fromarray(values.astype(np.float32)), "TIFF")


def animated(kind: str = "GIF") -> bytes:
    """A white frame, then a black one."""
    white, black = (Image.new("L", (24, 16), value) for value in (255, 0))
    return encoded(white, kind, save_all=True, append_images=[black], duration=100)


def header_of_png(width: int, height: int) -> bytes:
    """A PNG of which only the header and a few bytes exist: 8-bit gray, `width` x `height`."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def gigantic() -> bytes:
    """A whole 200-megapixel PNG, black and white, in 25 kilobytes."""
    packer, rows = zlib.compressobj(9), bytes((20_000 // 8 + 1) * 100)
    packed = b"".join(packer.compress(rows) for _ in range(100)) + packer.flush()
    header = struct.pack(">IIBBBBB", 20_000, 10_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


GOOD = {
    "1-bit.png": encoded(Image.new("1", (24, 16), 1)),
    "animated.gif": animated(),
    "animated.png": animated("PNG"),
    "animated.webp": animated("WEBP"),
    "cmyk.jpg": cmyk(),
    "float.tif": floats(np.linspace(-1, 1, 384).reshape(16, 24)),
    "gray and alpha.png": encoded(Image.new("LA", (24, 16), (9, 99))),
    "pages.tif": animated("TIFF"),
    "palette.png": palette(),
    "photo.bmp": encoded(Image.fromarray(noise(1)), "BMP"),
    "photo.jp2": encoded(Image.fromarray(noise(2)), "JPEG2000"),
    "photo.jpg": jpeg(3),
    "photo.pgm": encoded(Image.fromarray(noise(4, channels=1)), "PPM"),
    "photo.png": png(5),
    "photo.tif": encoded(Image.fromarray(noise(6)), "TIFF", compression="tiff_lzw"),
    "photo.webp": encoded(Image.fromarray(noise(7)), "WEBP"),
    "rgba.png": half_transparent(),
    "sixteen.png": sixteen_bit(),
    "sixteen.tif": encoded(Image.fromarray(noise(8, channels=1).astype(np.uint16) * 99), "TIFF"),
    "smallest.png": png(9, 4, 4),
    "thirty-two.tif": encoded(Image.fromarray(noise(10, channels=1).astype(np.int32)), "TIFF"),
}

# Each with a word of the reason that import must give.
BROKEN = {
    "empty.png": (b"", "empty"),
    "flat.png": (png(0, 500, 3), "too small"),
    "gigantic.png": (gigantic(), "megapixels"),
    "huge.png": (header_of_png(12_000, 12_000), "megapixels"),
    "lab.tif": (encoded(Image.new("LAB", (24, 16)), "TIFF"), "LAB"),
    "noise.jpg": (noise(0).tobytes(), "not an image"),
    "notes.txt": (b"Slide 7 is out of focus.", "not an image"),
    "one.png": (png(0, 1, 1), "too small"),
    "report.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not built as a PDF"),
    "script.png": (b"<script>alert(1)</script>", "not an image"),
    "start.png": (png()[:20], ""),
    "truncated.gif": (encoded(Image.fromarray(noise(2, 99, 99, 1)), "GIF")[:2_000], "truncated"),
    "truncated.jpg": (jpeg(1, 200, 200)[:9_000], "truncated"),
    "truncated.png": (png(1, 200, 200)[:9_000], "truncated"),
    "truncated.tif": (encoded(Image.fromarray(noise(3, 99, 99)), "TIFF")[:9_000], ""),
}
