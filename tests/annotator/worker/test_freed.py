"""What was freed is used again, so the system need not clear new pages."""

import subprocess
import sys

import pytest

CODE = """
import resource, sys
import numpy as np
from annotator.worker.freed import keep_freed
if sys.argv[1] == "kept":
    keep_freed()
def pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
np.ones(2**23)
before = pages()
for _ in range(10):
    np.ones(2**23)  # 64 MB, then free
print(pages() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is told to Linux's C library")
def test_memory_that_was_freed_is_used_again():
    """Ten arrays of 64 MB, one after the other, take the pages of one."""
    pages = {
        how: int(subprocess.check_output([sys.executable, "-c", CODE, how], text=True))
        for how in ("given back", "kept")
    }
    assert 10 * pages["kept"] < pages["given back"]
