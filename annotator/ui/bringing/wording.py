"""What the command line calls an option, and what the page has for it: no message mixes them up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from annotator.errors import AnnotatorError
from annotator.model import Ways
from annotator.ui.parts.text import plain
from annotator.ui.words.language import _

FOLDERS = "Folder names are labels"
# Option of `certilabel import` -> the input of the page
FIELDS = {
    "documents": "A file of several pages is one document",
    "group": "Images that belong together",
    "labels": "Column of the labels",
    "pages": "Pages of PDF, TIFF and DICOM files",
    "path": "Column of the files",
    "tags": "DICOM tags to keep",
    "window": "Window of DICOM files",
}
# Likewise of what is agreed to by a box
BOXES = {
    "add-classes": "Add these classes",
    "keep-splits": "Keep its test set",
    "update-labels": "Take over these labels",
}
_WAYS = (
    *(BOXES[name] for name in ("add-classes", "update-labels", "keep-splits")),
    FIELDS["documents"],
)
WAYS = Ways(*(f"The box '{each}'" for each in _WAYS))
LATER = Ways(*(f"The box '{each}' of another import" for each in _WAYS))  # once it is written

# What is written for somebody at a terminal: a whole command, an option with its value, or bare
_COMMAND = re.compile(r"`(?P<command>certilabel \w+)[^`]*? --(?P<option>[a-z][a-z-]*)[^`]*`")
_NAMES = "|".join(sorted((*FIELDS, *BOXES)))
_OPTION = re.compile(rf"`--(?P<name>{_NAMES})(?:[ =](?P<value>[^`]+))?`")


def on_page(message: str) -> str:
    """A message whose ways out are those of the page, where it has them.

    What only the command line can do is named as that, with the option by its bare name.
    """
    told = _COMMAND.sub(r"`\g<command>` (option '\g<option>')", message)
    return _OPTION.sub(_input, told)


def _input(option: re.Match[str]) -> str:
    name, value = option["name"], option["value"]
    if (name, value) == ("labels", "folders"):
        return f"the box '{FOLDERS}'"
    if name in BOXES:
        return f"the box '{BOXES[name]}'"
    return f"{value} as '{FIELDS[name]}'" if value else f"'{FIELDS[name]}'"


@contextmanager
def import_errors() -> Iterator[None]:
    """Show an AnnotatorError of the body, or a fault of the disk, in the page's own words."""
    try:
        yield
    except AnnotatorError as error:
        st.error(plain(_(on_page(str(error)))), icon=":material/error:")
    except OSError as error:
        told = f"The disk says: {error.strerror or error}. Make room, or look after its rights."
        st.error(plain(_(told)), icon=":material/error:")
