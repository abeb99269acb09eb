"""Images that were put off or that nobody could tell, brought back to be asked."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.asking.answers import WAIT_MS
from annotator.asking.correcting import MOST
from annotator.errors import AnnotatorError
from annotator.store import Store
from annotator.store.beside.beside import PUT_OFF
from annotator.store.queue import BROUGHT_BACK, Ask


def ask_again(store: Store, image_ids: Iterable[int], by: str) -> int:
    """Ask images next that were put off or that nobody could tell; return how many those were.

    The skips and the "can't tell" are taken back, as one more event each; the log keeps them. All
    of them give the same reason, whatever they are for: nobody can tell which ones measure.

    Raises:
        AnnotatorError: there are too many; nothing was written.
        StoreError: the database cannot be written now; nothing was.
    """
    ids = list(dict.fromkeys(image_ids))
    if not 0 < len(ids) <= MOST:
        raise AnnotatorError(f"Choose 1 to {MOST:,} images to ask again, not {len(ids):,}.")
    with store.db.immediate(WAIT_MS):
        taken = store.beside.take_back(ids, PUT_OFF, by)
        answered = store.beside.answered(taken)
        back = [each for each in taken if each not in answered]
        store.queue.ask_first([Ask(each, f"{BROUGHT_BACK} {by}", picked=True) for each in back])
    return len(taken)


def take_flags_off(store: Store, image_ids: Iterable[int], by: str) -> int:
    """Take off the flags that anybody put on these images; return how many had one.

    Raises:
        StoreError: the database cannot be written now; nothing was.
    """
    with store.db.immediate(WAIT_MS):
        return len(store.beside.take_back(image_ids, ("flag",), by))
