"""An image file without metadata: nothing of a person is left, and no pixel is another one."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from annotator.imaging.bare import bare, told
from annotator.imaging.metadata import UnclearError
from annotator.imaging.quiet import quiet
from annotator.imaging.upright import FORMATS, orientation, upright
from tests.annotator.pictures import GOOD, encoded, noise, png

NAME = b"Jane Roe"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:creator>Jane Roe'
    b"</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)
IPTC = (
    b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 14) + b"\x1c\x02\x50\0\x08" + NAME
)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(turn: int = 1, **more) -> Image.Exif:
    """What a camera writes: an owner, a place, and how the picture lies."""
    made = Image.Exif()
    made[0x0112] = turn
    made[0x013B] = NAME.decode()
    made.get_ifd(0x8825).update({1: "N", 2: (48.0, 8.0, 30.0)})
    made.get_ifd(0x8769)[0xA430] = NAME.decode()
    return made


def picture(mode: str = "RGB") -> Image.Image:
    return Image.fromarray(noise(7)).convert(mode)


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(turn: int = 1) -> bytes:
    """A JPEG file with every place that has ever held a name, and something after its end."""
    plain = encoded(picture(), "JPEG", exif=exif(turn), icc_profile=PROFILE, comment=NAME, xmp=XMP)
    more = (
        segment(0xED, IPTC) + segment(0xEC, b"Ducky" + NAME) + segment(0xE0, b"JFXX\0\x10" + NAME)
    )
    return plain[:2] + more + plain[2:] + b"trailer " + NAME


def png_(turn: int = 1) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", NAME.decode())
    text.add_text("Comment", NAME.decode(), zip=True)
    text.add_itxt("Title", NAME.decode(), "en", "Title")
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    made = encoded(picture(), pnginfo=text, exif=exif(turn), icc_profile=PROFILE)
    data = struct.pack(">HBBBBB", 2024, 1, 2, 3, 4, 5)
    time = struct.pack(">I", 7) + b"tIME" + data + struct.pack(">I", zlib.crc32(b"tIME" + data))
    return made[:33] + time + made[33:] + b"trailer " + NAME


def webp(turn: int = 1) -> bytes:
    plain = encoded(picture(), "WEBP", lossless=True, exif=exif(turn), xmp=XMP, icc_profile=PROFILE)
    return plain + b"trailer " + NAME


def gif() -> bytes:
    frames = [Image.new("P", (9, 9), color) for color in (0, 1)]
    made = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=NAME, loop=0)
    head = 13 + 3 * 2 ** ((made[10] & 7) + 1)
    xmp = b"\x21\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    text = b"\x21\x01\x0c" + bytes(12) + bytes([len(NAME)]) + NAME + b"\0"
    return made[:head] + xmp + text + made[head:] + b"trailer " + NAME


def tiff(turn: int = 1, **options) -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E], tags[0x013B], tags[0x0112] = NAME.decode() * 3, NAME.decode(), turn
    tags[700] = XMP
    tags[34377] = b"8BIM" + NAME
    return encoded(picture(), "TIFF", tiffinfo=tags, icc_profile=PROFILE, **options)


def jpeg2000() -> bytes:
    plain = encoded(picture(), "JPEG2000")
    boxes = b"".join(
        struct.pack(">I", len(data) + 8) + kind + data
        for kind, data in ((b"xml ", XMP), (b"uuid", bytes(16) + XMP))
    )
    at = plain.index(b"jp2c") - 4
    code = plain[at + 8 :]
    siz = 4 + struct.unpack(">H", code[4:6])[0]
    comment = b"\xff\x64" + struct.pack(">HH", len(NAME) + 4, 1) + NAME
    code = code[:siz] + comment + code[siz:]
    return plain[:at] + boxes + struct.pack(">I", len(code) + 8) + b"jp2c" + code


def ppm(kind: str = "P6") -> bytes:
    if kind == "P3":
        values = " ".join(map(str, noise(7).ravel()))
        return b"P3 # " + NAME + b"\n24 16\n255\n" + values.encode() + b"\n# " + NAME + b"\n"
    return b"P6\n# " + NAME + b"\n24 # " + NAME + b"\n16\n255\n" + noise(7).tobytes()


NAMED = {
    "jpeg": jpeg(),
    "jpeg on its side": jpeg(6),
    "png": png_(),
    "png upside down": png_(3),
    "webp": webp(),
    "webp mirrored": webp(2),
    "gif": gif(),
    "tiff": tiff(),
    "tiff on its side": tiff(8),
    "tiff, packed": tiff(compression="tiff_lzw"),
    "tiff, as jpeg": tiff(compression="jpeg"),
    "big tiff": tiff(big_tiff=True),
    "jpeg2000": jpeg2000(),
    "ppm": ppm(),
    "plain ppm": ppm("P3"),
}


def frames(content: bytes) -> list[np.ndarray]:
    """Every frame as models and experts see it."""
    with quiet(), Image.open(BytesIO(content), formats=FORMATS) as image:
        found = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            found.append(np.asarray(upright(image)))
        return found


def same(one: bytes, other: bytes) -> bool:
    pairs = zip(frames(one), frames(other), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=FORMATS)


@pytest.mark.parametrize("name", NAMED)
def test_no_name_is_left_and_no_pixel_is_another_one(name):
    """Wherever a file can hold a name: EXIF, XMP, IPTC, comments, text, after the end."""
    content = NAMED[name]
    assert content.count(NAME) > 1
    made = bare(content)
    assert NAME not in made
    assert zlib_texts(made) == []
    assert b"dc:creator" not in made
    assert same(content, made)
    assert bare(made) == made, "what is bare stays as it is"
    with opened(content) as before, opened(made) as after:
        assert after.format == before.format
        assert after.mode == before.mode
        assert orientation(after) == orientation(before)
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert set(after.getexif()) - set(structure(after)) <= {0x0112}
        assert not after.getexif().get_ifd(0x8825)


def structure(image: Image.Image) -> set[int]:
    """Tags that Pillow counts as EXIF though a TIFF file is made of them."""
    return set(image.tag_v2) if image.format == "TIFF" else set()  # type: ignore[attr-defined]


def zlib_texts(content: bytes) -> list[bytes]:
    """Packed pieces of text in a PNG file that hold the name."""
    parts = [content[at:] for at in range(len(content)) if content.startswith(b"zTXt", at)]
    return [part for part in parts if NAME in zlib.decompressobj().decompress(part[14:])]


@pytest.mark.parametrize("name", GOOD)
def test_a_file_without_metadata_stays_byte_for_byte(name):
    """Its hash is still the one of the image."""
    assert bare(GOOD[name]) == GOOD[name]
    assert told(GOOD[name], str(opened(GOOD[name]).format)) == ""


def test_only_the_picture_of_a_camera_s_file_stays():
    """An MPO file has more pictures behind the first, each with EXIF of its own."""
    second = picture().rotate(90)
    second.getexif()[0x013B] = NAME.decode()
    made = encoded(picture(), "MPO", save_all=True, append_images=[second], exif=exif(6))
    assert opened(made).format == "MPO"
    kept = bare(made)
    assert NAME not in kept
    assert len(frames(kept)) == 1
    assert np.array_equal(frames(made)[0], frames(kept)[0])


def test_the_small_picture_in_exif_and_jfif_goes_too():
    """It may still show what was cut away or blackened in the large one."""
    plain = encoded(picture(), "JPEG")
    small = bytes(range(27))  # 3 x 3 pixels
    made = plain[:2] + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\3\3" + small) + plain[20:]
    assert same(plain, made)
    kept = bare(made)
    assert small not in kept
    assert same(kept, made)


def test_a_turn_that_xmp_alone_tells_is_kept():
    """Pillow goes by it, so models do: without XMP the file must still say it."""
    words = XMP.replace(b"<rdf:Description>", b'<rdf:Description tiff:Orientation="6">')
    made = encoded(picture(), "JPEG", xmp=words)
    assert orientation(opened(made)) == 6
    assert orientation(opened(bare(made))) == 6
    assert same(made, bare(made))


def test_pages_of_a_tiff_all_stay():
    """Each without its tags."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[0x010E] = NAME.decode()
    pages = [Image.fromarray(noise(seed)) for seed in range(3)]
    made = encoded(
        pages[0],
        "TIFF",
        save_all=True,
        append_images=pages[1:],
        tiffinfo=tags,
        compression="tiff_lzw",
    )
    kept = bare(made)
    assert NAME in made
    assert NAME not in kept
    assert len(frames(kept)) == 3
    assert same(made, kept)


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (jpeg(), "JPEG", ["EXIF Artist", "EXIF GPS position", "EXIF CameraOwnerName"]),
        (jpeg(), "JPEG", ["XMP", "IPTC", "comment"]),
        (png_(), "PNG", ["text 'Author'", "text 'Comment'", "text 'Title'", "XMP", "EXIF Artist"]),
        (webp(), "WEBP", ["EXIF Artist", "XMP"]),
        (gif(), "GIF", ["comment", "XMP"]),
        (tiff(), "TIFF", ["Artist", "ImageDescription", "XMP"]),
        (jpeg2000(), "JPEG2000", ["XMP", "comment"]),
        (ppm(), "PPM", ["comment"]),
    ],
)
def test_what_may_name_a_person_is_told_by_its_name(content, kind, words):
    """So that whoever imports knows what to look at."""
    found = told(content, kind).split(", ")
    assert set(words) <= set(found)
    assert len(found) == len(set(found))


def test_what_software_writes_of_itself_is_no_person():
    """A note a file for each chart of a library would hide the ones that matter."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "Matplotlib version 3.9")
    info.add_text("date:create", "2024-01-01T00:00:00+00:00")
    assert told(encoded(picture(), pnginfo=info), "PNG") == ""
    assert told(encoded(picture(), "JPEG", comment=b"CREATOR: gd-jpeg v1.0"), "JPEG") == ""
    plain = Image.Exif()
    plain[0x010F], plain[0x0112] = "Canon", 6
    assert told(encoded(picture(), "JPEG", exif=plain), "JPEG") == ""
    # All of it is taken out all the same
    assert b"Matplotlib" not in bare(encoded(picture(), pnginfo=info))


@pytest.mark.parametrize("name", [*NAMED, "png"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_told_or_made_bare_and_nothing_else(name, data):
    """No byte that is changed or cut makes it raise anything but that it is unclear, or hang."""
    content = bytearray(NAMED[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    for each in (bytes(content), cut):
        with suppress(UnclearError):
            assert isinstance(bare(each), bytes)


def test_what_is_no_image_is_unclear():
    """Nobody can tell what is metadata in it."""
    for content in (b"", b"hello", png()[:20]):
        with pytest.raises(UnclearError):
            bare(content)
