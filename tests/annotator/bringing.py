"""Imports beside the pages, waited for: their stages come by themselves."""

import time

from annotator.model import How


def until(service, *stages):
    """Wait until the import is at one of these stages."""
    end = time.monotonic() + 240
    while (now := service.bringing.state()).stage not in stages:
        assert time.monotonic() < end, now
        time.sleep(0.02)
    return now


def sent(service, files, how=None, table=""):
    """Import what a browser sent, as the page Data does, and by a table where one lies among it."""
    how = how or How()
    if service.bringing.look_at_uploads(files, how).stage == "looked":
        service.bringing.read(how, table)
    return until(service, "done").report
