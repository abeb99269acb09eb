"""Many short texts side by side in one buffer: a million of them as objects take far more."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from typing_extensions import override


class Texts(Sequence[str]):
    """Texts in the order in which they were appended; each is made anew when it is asked for."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._content = bytearray()
        self._ends = array("q", [0])
        for each in texts:
            self.append(each)

    def append(self, text: str) -> None:
        """Add one at the end."""
        self._content += text.encode()
        self._ends.append(len(self._content))

    @override
    def __len__(self) -> int:
        return len(self._ends) - 1

    @override
    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in islice(self._ends, 1, None):
            yield self._content[start:end].decode()
            start = end

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    @override
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        return self._content[self._ends[place] : self._ends[place + 1]].decode()
