"""A task on one image in a child process, which can be ended: `python -m annotator.imaging.apart`.

A decoder that was set a trap cannot be stopped in a thread, and its memory cannot be bounded.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from io import BytesIO

from PIL import Image

from annotator.imaging.quiet import quiet
from annotator.imaging.tasks import TASKS, Answer
from annotator.imaging.upright import FORMATS

SECONDS = 60.0
MEMORY = 4 * 2**30  # bytes of addresses
NO_MEMORY = 3  # exit code


class Cut(Exception):
    """The child took too long or too much memory and was ended."""


def done(content: bytes, task: str, *args: int, draft: int | None) -> Answer:
    """Do a task of TASKS on the image in `content`.

    Raises:
        Cut: it took longer than SECONDS, or more than MEMORY.
        ValueError: the image is damaged; the message is the decoder's.
    """
    command = [sys.executable, "-m", "annotator.imaging.apart", str(draft or 0), task]
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # each would take addresses
    try:
        child = subprocess.run(
            [*command, *map(str, args)],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, **threads},
        )
    except subprocess.TimeoutExpired:
        raise Cut(f"decoding takes longer than {SECONDS:.0f} seconds") from None
    if child.returncode in (NO_MEMORY, -9):
        raise Cut(f"decoding takes more than {MEMORY >> 30} GiB of memory")
    if child.returncode:
        told = child.stderr.decode(errors="replace").strip().splitlines()
        raise ValueError(told[-1] if told else f"the decoder ended with code {child.returncode}")
    word, _, found = child.stdout.partition(b"\n")
    return word.decode(), found


def main() -> None:
    """Read the image from standard input; write the word, a line feed and the bytes."""
    draft, task, *args = sys.argv[1:]
    limit(resource.RLIMIT_AS, MEMORY)
    limit(resource.RLIMIT_CPU, int(SECONDS) + 5)  # if orphaned
    try:
        with quiet(), Image.open(BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as image:
            if int(draft):
                image.draft(None, (2 * int(draft), 2 * int(draft)))
            word, found = TASKS[task](image, *map(int, args))
    except MemoryError:
        sys.exit(NO_MEMORY)
    except Exception as problem:  # a decoder fed with damaged bytes may raise anything
        sys.exit(str(problem) or type(problem).__name__)
    sys.stdout.buffer.write(word.encode() + b"\n" + found)


def limit(of: int, most: int) -> None:
    """Set a limit of this process, unless a lower one is set already, which may not be raised."""
    _, hard = resource.getrlimit(of)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(of, (most, most))


if __name__ == "__main__":
    main()
