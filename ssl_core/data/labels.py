"""Labels as people hold them, in whatever holds them: classes, and where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.multiclass import check_classification_targets

from ssl_core.errors import SSLError

NONE = -1  # where a row has no label


def given(y: Any) -> Any:
    """Return labels with the number -1 in each gap: None, NaN, NA, NaT or a masked place.

    Of lists, arrays, pandas' series and whatever becomes an array; what is not one row of labels
    is returned as it is, for scikit-learn to judge.

    Raises:
        SSLError: a label is the text "-1".
    """
    masked = np.ma.getmaskarray(y) if np.ma.isMaskedArray(y) else None
    # As objects first: an array of a list with -1 or None among text would hold "-1" and "None"
    held = np.asarray(y, dtype=object) if isinstance(y, (list, tuple)) else np.asarray(y)
    if held.ndim != 1:
        return y
    _refuse_text(held)
    gaps = _gaps(held) if masked is None else _gaps(held) | masked
    if held.dtype.kind == "O":
        filled = np.where(gaps, NONE, held)
        natural = np.array(filled.tolist()) if len(filled) else filled
        return natural if isinstance(y, (list, tuple)) and natural.dtype.kind in "iufb" else filled
    if not gaps.any():
        return held
    if held.dtype.kind in "iuf":
        return np.where(gaps, NONE, held)
    return np.where(gaps, NONE, held.astype(object))


def _refuse_text(held: NDArray[Any]) -> None:
    """See to it that no label is the text "-1", a class to one and a missing label to another."""
    kind = held.dtype.kind
    text = held if kind in "US" else [each for each in held if isinstance(each, (str, bytes))]
    if kind in "OUS" and any(each in ("-1", b"-1") for each in text):
        raise SSLError(
            "y holds the text '-1', which is a class name and not a missing label. Rename the "
            "class, or use dtype object, with the number -1 or None where there is no label."
        )


def _gaps(held: NDArray[Any]) -> NDArray[np.bool_]:
    """Where (n,) labels are missing; what is not equal to itself is NaN, NaT, or NA."""
    if held.dtype.kind in "fmMc":
        return np.asarray(held != held)
    if held.dtype.kind != "O":
        return np.zeros(len(held), dtype=bool)
    return np.array([each is None or _is_nothing(each) for each in held], dtype=bool)


def _is_nothing(value: Any) -> bool:
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas' NA knows no truth; an array has several
        return type(value).__name__ == "NAType"


def numbered(groups: Any) -> NDArray[np.int64]:
    """Return a number for each name of a group, (n,); a gap belongs to nothing else.

    Raises:
        SSLError: it is not one name for each row.
    """
    held = np.asarray(groups, dtype=object)
    if held.ndim != 1:
        raise SSLError(f"groups has the shape {held.shape}: give one name for each row.")
    gaps = _gaps(held)
    if np.ma.isMaskedArray(groups):
        gaps |= np.ma.getmaskarray(groups)
    known: dict[Any, int] = {}
    found = [
        -1 - place if gap else known.setdefault(name, len(known))
        for place, (name, gap) in enumerate(zip(held, gaps, strict=True))
    ]
    return np.array(found, dtype=np.int64)


def codes(y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the classes in `y` (n,), and the place of each row's among them, -1 for no label.

    Raises:
        SSLError: no row has a label.
        ValueError: the labels are no classes.
    """
    known = np.ones(len(y), dtype=bool) if y.dtype.kind in "US" else np.asarray(y != NONE)
    if not known.any():
        raise SSLError("Nothing to learn from: every y is -1, which means that no row has a label.")
    named = np.array(y[known].tolist())
    check_classification_targets(named)
    found = np.full(len(y), NONE, dtype=np.int64)
    classes, found[known] = np.unique(named, return_inverse=True)
    return classes, found
