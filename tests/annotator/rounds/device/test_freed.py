"""What was freed is used again, so the system need not clear new pages."""

import subprocess
import sys

import pytest

CODE = """
import resource, sys
import numpy as np
from annotator.rounds.device.freed import keep_freed
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


IN_BETWEEN = """
import sys
import numpy as np
from annotator.rounds.device.freed import give_back, keep_freed
keep_freed()
def held():
    told = open("/proc/self/status").read()
    return int(told.split("RssAnon:")[1].split()[0]) // 1024
before = held()
pieces = [np.ones(2**17) for _ in range(400)]  # of a megabyte
last = pieces[-1]  # lies behind all of them
del pieces
kept = held() - before
if sys.argv[1] == "given back":
    give_back()
print(kept, held() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is told to Linux's C library")
def test_what_is_free_before_what_is_in_use_can_be_given_back():
    """Four hundred megabytes, of which the last one stays."""
    for how, least, most in (("kept", 300, 500), ("given back", 0, 50)):
        told = subprocess.check_output([sys.executable, "-c", IN_BETWEEN, how], text=True)
        freed, left = map(int, told.split())
        assert freed > 300
        assert least <= left <= most
