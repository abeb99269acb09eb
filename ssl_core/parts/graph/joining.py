"""Which rows are joined: each to those that are most like it, whatever is known of any label.

Of many rows this takes long, so it is kept, and gone on with where a few of them have come or gone
since.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ssl_core.fingerprint import digest, streamed
from ssl_core.parts.graph.neighbors import EXACT, NONE, PARTS, Afar, Neighbors, cells_for
from ssl_core.recipe import Embed, Kept
from ssl_core.types import Working

CHUNK = 1_024  # rows whose directions are worked out at once: they stay near the processor
JOINING = "joining images that are alike"
MADE = 3  # counts up when the same rows are joined otherwise: what is kept is then sought anew
CHANGED = 0.1  # share of rows, come or gone, up to which a graph that is kept is gone on with; and
# how far its cells may be from as many as its rows ask for
REACH = 128  # rows nearest a new one of which it may be a neighbor
KEPT = ("joined", "cosines", "marks", *PARTS)


class Joined:
    """Each of `rows` (n,) int64 with its `k - 1` nearest others by direction.

    Exactly, or nearly so where there are many rows (`neighbors`). Of many, what was found is taken
    from `kept` if it is there, and left there else. Where nearly the same rows were joined last,
    their cells stay: what is new is sought, and so is again what was near what has gone. Which of
    the nearly nearest are found then depends on what was there before.
    """

    neighbors: Neighbors
    alike: str  # stands for the directions of all rows

    def __init__(self, embed: Embed, rows: Tensor, k: int, kept: Kept | None = None) -> None:
        self.seen, self.rows, self.k, self.kept = embed, rows, k, kept

    def find(self) -> Generator[Working, None, Tensor]:
        """Return the neighbors of each row, (n, k - 1), by their places among the rows."""
        yield Working(JOINING, 0.0)
        if len(self.rows) <= EXACT:
            directions = self.directions(self.rows)
            self.alike = digest(directions)
            return (yield from self._sought(directions))[0]
        marks = self._recognize()
        name = digest(MADE, self.alike, self.k)
        found = self._load(name, *KEPT)
        if found is None:
            found = yield from self._continued(marks)
            if found is None:
                found = yield from self._anew()
            self._save(name, found | {"marks": marks})
            self._save(self._newest, {"name": torch.tensor(list(name.encode()))})
        yield Working(JOINING, 1.0)
        if self.kept is not None:  # only a few rows are looked at from here on: none are held
            self.neighbors = Neighbors.known(found, Afar(self._among, found["ids"].long()))
        return found["joined"].long()

    def nearest(self, rows: Tensor) -> Tensor:
        """Return the places of the `k` nearest of rows (m,) that are not among these, (m, k)."""
        directions = self.directions(rows)
        if len(self.rows) <= EXACT or self.kept is None:
            return self.neighbors.nearest(directions, self.k)[0]
        name = digest(MADE, self.alike, self.k, directions)
        found = self._load(name, "nearest")
        if found is None:
            found = {"nearest": self.neighbors.nearest(directions, self.k)[0].int()}
            self._save(name, found)
        return found["nearest"].long()

    def directions(self, rows: Tensor) -> Tensor:
        """Return the unit features of rows (n,), (n, D)."""
        return F.normalize(self.seen(rows).cpu(), dim=1)

    @property
    def _newest(self) -> str:
        """Under what the name of the graph that was joined last is kept."""
        return digest(MADE, "newest", self.k)

    def _recognize(self) -> Tensor:
        """Set the name of all rows, and return a number (n,) that stands for each."""
        marks = torch.empty(len(self.rows), dtype=torch.int64)

        def parts() -> Generator[Tensor, None, None]:
            for places in torch.arange(len(self.rows)).split(CHUNK):
                part = self._among(places).half()
                marks[places] = marked(part)
                yield part

        self.alike = streamed(parts())
        return marks

    def _anew(self) -> Generator[Working, None, dict[str, Tensor]]:
        """Seek the neighbors of all rows."""
        joined, cosines = yield from self._sought(self._halves(torch.arange(len(self.rows))))
        return self._whole(joined, cosines)

    def _sought(self, directions: Tensor) -> Generator[Working, None, tuple[Tensor, Tensor]]:
        """Seek the neighbors of each of the rows, and their cosines, both (n, k - 1)."""
        self.neighbors = Neighbors(directions, exact=EXACT)
        n, width = len(directions), min(self.k, len(directions)) - 1
        del directions  # they are held once, those of a cell side by side
        assert isinstance(self.neighbors.rows, Tensor)
        joined, cosines = torch.empty(n, width, dtype=torch.int64), torch.empty(n, width)
        yield from self._seek(joined, cosines, self.neighbors.rows, self.neighbors.ids)
        return joined, cosines

    def _continued(self, marks: Tensor) -> Generator[Working, None, dict[str, Tensor] | None]:
        """Go on with the graph that was joined last; None where it is of other rows."""
        last = self._load(self._newest, "name")
        name = "" if last is None else bytes(last["name"].tolist()).decode()
        old = self._load(name, *KEPT) if name else None
        if old is None:
            return None
        before = found_again(old["marks"], marks)
        met = before >= 0
        gone = len(old["marks"]) - int(met.sum())
        wanted = cells_for(len(marks))
        if (
            gone + int((~met).sum()) > CHANGED * len(marks)
            or abs(len(old["centers"]) - wanted) > CHANGED * wanted
        ):
            return None
        new = (~met).nonzero()[:, 0]
        self.neighbors = self._recelled(old, before, new)
        now = torch.full((len(old["marks"]),), -1)
        now[before[met]] = met.nonzero()[:, 0]
        joined = torch.full((len(marks), old["joined"].shape[1]), -1)
        joined[met] = now[old["joined"][before[met]].long()]
        cosines = torch.full(joined.shape, NONE)
        cosines[met] = old["cosines"][before[met]].float()
        lost = (met & (joined < 0).any(1)).nonzero()[:, 0]
        yield from self._seek(joined, cosines, self._halves(lost), lost)
        yield from self._bring(joined, cosines, new)
        return self._whole(joined, cosines)

    def _bring(
        self, joined: Tensor, cosines: Tensor, new: Tensor
    ) -> Generator[Working, None, None]:
        """Join rows that are new (m,), to which others may be nearer than to those they have."""
        width, done = joined.shape[1], 0
        for places, ids, like in self.neighbors.blocks(self._halves(new), REACH, but=new):
            mine = new[places]
            joined[mine], cosines[mine] = ids[:, :width], like[:, :width]
            came = mine[:, None].expand_as(ids)
            nearer(joined, cosines, came.flatten(), ids.flatten(), like.flatten())
            done += len(places)
            yield Working(JOINING, done / len(new))

    def _whole(self, joined: Tensor, cosines: Tensor) -> dict[str, Tensor]:
        """What is kept of a graph, by its parts."""
        return {"joined": joined.int(), "cosines": cosines.half()} | self.neighbors.parts

    def _recelled(self, old: Mapping[str, Tensor], before: Tensor, new: Tensor) -> Neighbors:
        """Return the cells of before with what has come in them, and without what has gone."""
        cells = torch.empty(len(old["ids"]), dtype=torch.int64)
        cells[old["ids"].long()] = torch.arange(len(old["sizes"])).repeat_interleave(old["sizes"])
        mine = cells[before.clamp_min(0)]
        for places in new.split(CHUNK):
            mine[places] = (self._among(places) @ old["centers"].T).argmax(1)
        ids = mine.argsort(stable=True)
        sizes = mine.bincount(minlength=len(old["sizes"]))
        return Neighbors.known({**old, "ids": ids, "sizes": sizes}, Afar(self._among, ids))

    def _seek(
        self, joined: Tensor, cosines: Tensor, directions: Tensor, asked: Tensor
    ) -> Generator[Working, None, None]:
        """Fill in the neighbors of the rows that are `asked` (m,), of these directions (m, D)."""
        done = 0
        for places, ids, like in self.neighbors.blocks(directions, joined.shape[1], but=asked):
            joined[asked[places]], cosines[asked[places]] = ids, like
            done += len(places)
            yield Working(JOINING, done / len(asked))

    def _among(self, places: Tensor) -> Tensor:
        return self.directions(self.rows[places])

    def _halves(self, places: Tensor) -> Tensor:
        """Return directions (m, D) of many rows, by their places, as narrow as they are kept."""
        found = torch.empty(len(places), self.directions(self.rows[:1]).shape[1]).half()
        for part in torch.arange(len(places)).split(CHUNK):
            found[part] = self._among(places[part]).half()
        return found

    def _load(self, name: str, *parts: str) -> dict[str, Tensor] | None:
        """Return what was kept by a name, by these of its parts; None if one is not there."""
        found = None if self.kept is None else self.kept.load(name)
        if found is None or any(part not in found for part in parts):
            return None
        return {part: torch.from_numpy(found[part]) for part in parts}

    def _save(self, name: str, parts: Mapping[str, Tensor]) -> None:
        if self.kept is not None:
            self.kept.save(name, {each: part.numpy() for each, part in parts.items()})


def ahead(
    embed: Embed, rows: Tensor, k: int, kept: Kept
) -> Generator[Working, None, object] | None:
    """Return the work that leaves in `kept` how so many rows are joined; of few there is none."""
    return Joined(embed, rows, k, kept).find() if len(rows) > EXACT else None


def nearer(joined: Tensor, cosines: Tensor, new: Tensor, to: Tensor, like: Tensor) -> None:
    """Put new rows (p,) in the place of neighbors that are less like the rows (p,) they are near.

    Args:
        joined: the neighbors of each row, (n, k), and
        cosines: how like they are (n, k), the nearest first; both are changed.
        new: the rows that came.
        to: the rows to which each is this much
        like: by its cosine (p,).
    """
    better = like > cosines[to.clamp_min(0), -1]
    new, to, like = new[better], to[better], like[better]
    there = (joined[to] == new[:, None]).any(1)
    new, to, like = new[~there], to[~there], like[~there]
    order = like.argsort(descending=True, stable=True)
    order = order[to[order].argsort(stable=True)]
    new, to, like = new[order], to[order], like[order]
    rows, counts = to.unique_consecutive(return_counts=True)
    nth = torch.arange(len(to)) - (counts.cumsum(0) - counts).repeat_interleave(counts)
    width = joined.shape[1]
    first = nth < width  # no row takes more than it has places
    more = torch.full((len(rows), width), -1), torch.full((len(rows), width), NONE)
    which = torch.arange(len(rows)).repeat_interleave(counts)[first], nth[first]
    more[0][which], more[1][which] = new[first], like[first]
    best = torch.cat([cosines[rows], more[1]], 1).topk(width)
    joined[rows] = torch.cat([joined[rows], more[0]], 1).gather(1, best.indices)
    cosines[rows] = best.values


def marked(rows: Tensor) -> Tensor:
    """Return a number (n,) int64 that stands for each of rows (n, D) float16, of its bits alone."""
    drawn = np.random.default_rng(0).integers(-(2**63), 2**63, rows.shape[1], np.int64)
    return (rows.contiguous().view(torch.int16).long() * torch.from_numpy(drawn | 1)).sum(1)


def found_again(old: Tensor, new: Tensor) -> Tensor:
    """Return where among `old` (m,) numbers each of `new` (n,) is, (n,); -1 where it is not.

    Of equal ones the first is the first, the second the second.
    """
    if not len(old):
        return torch.full((len(new),), -1)
    kinds = torch.cat([old, new]).unique(return_inverse=True)[1]
    before, by = _counted(kinds[: len(old)], len(kinds)).sort()
    now = _counted(kinds[len(old) :], len(kinds))
    place = torch.searchsorted(before, now).clamp_max(len(before) - 1)
    return torch.where(before[place] == now, by[place], -1)


def _counted(kinds: Tensor, most: int) -> Tensor:
    """Return a number for each of `kinds` (n,) and how many of its kind came before it, (n,)."""
    order = kinds.argsort(stable=True)
    alike = kinds[order]
    nth = torch.empty_like(kinds)
    nth[order] = torch.arange(len(kinds)) - torch.searchsorted(alike, alike)
    return kinds * most + nth
