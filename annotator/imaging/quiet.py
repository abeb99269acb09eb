"""Silence what Pillow warns of while it decodes: damage is refused by our own rules."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_depth = 0
_filters: warnings.catch_warnings[None] | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore warnings that arise in Pillow, in this thread or any other, until the end.

    Warning filters belong to the whole process, so threads share one change of them: the first to
    enter makes it and the last to leave takes it back.
    """
    global _depth, _filters
    with _lock:
        _depth += 1
        if _depth == 1:
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            # Some of Pillow's warnings are laid at the door of its caller.
            warnings.filterwarnings("ignore", module=r"PIL\.|annotator\.(imaging|importing)\.")
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0 and _filters is not None:
                _filters.__exit__(None, None, None)
                _filters = None
