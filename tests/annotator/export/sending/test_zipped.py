"""A folder as one ZIP file: all of it, in pieces, and no more of it in memory than a piece."""

import io
import os
import random
import tracemalloc
import zipfile

from annotator.export.sending import zipped


def test_the_pieces_are_the_folder_byte_for_byte(tmp_path):
    """Names in folders, an empty file, letters beyond ASCII; a link leads nowhere."""
    folder = tmp_path / "export-1"
    files = {
        "labels.csv": b"path,label\n" * 5,
        "images/ä ö.png": random.Random(0).randbytes(3 * zipped.PIECE + 7),
        "images/deep/empty.png": b"",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (tmp_path / "secret").write_text("not yours")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "more").symlink_to(tmp_path)
    os.utime(folder / "labels.csv", (0, 0))  # before what a ZIP file can tell
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped.pieces(folder)))) as found:
        assert found.testzip() is None
        assert {each: found.read(each) for each in found.namelist()} == {
            f"export-1/{name}": content for name, content in files.items()
        }


def test_memory_does_not_grow_with_what_is_sent(tmp_path):
    """48 MB that do not get smaller go by in less than 4 MB."""
    (tmp_path / "export").mkdir()
    content = random.Random(0).randbytes(2**23)
    for number in range(6):
        (tmp_path / "export" / f"{number}.png").write_bytes(content)
    tracemalloc.start()
    sizes = [len(each) for each in zipped.pieces(tmp_path / "export")]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) > 6 * 2**23
    assert max(sizes) < 2 * zipped.PIECE
    assert peak < 4 * 2**20
