"""DICOM tags that are wanted with the pictures, by their names in the standard."""

from __future__ import annotations

from difflib import get_close_matches

from annotator.errors import ImportingError


def named(text: str) -> tuple[str, ...]:
    """The keywords in a list with commas, such as `Modality,BodyPartExamined`.

    Raises:
        ImportingError: the standard has no such keyword.
    """
    words = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not words:
        return ()
    from pydicom.datadict import keyword_dict  # a third of a second, for who asks

    for word in words:
        if word not in keyword_dict:
            guess = get_close_matches(word, keyword_dict, n=1)
            meant = f" Did you mean '{guess[0]}'?" if guess else ""
            raise ImportingError(
                f"DICOM has no tag '{word}'.{meant} Write tags as the standard spells them, with "
                "commas between: Modality,BodyPartExamined."
            )
    return words
