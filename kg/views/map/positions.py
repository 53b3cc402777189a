"""The previous map, kept in a file, so that the next one stays put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kg.machine.files import read_sealed, replace_sealed
from kg.model import IRI, Record

if TYPE_CHECKING:
    from pathlib import Path

    from kg.views.map.model import Map
    from kg.views.map.topology import Floats, Integers

FILE_NAME = "positions"
FARTHEST = 10.0
"""A hint beyond is no place of a map."""


class _Saved(Record, frozen=True):
    """What the file holds, as MessagePack (https://msgpack.org)."""

    version: int
    iris: tuple[str, ...]
    positions: bytes
    """float32, little-endian, x and y of each node in turn."""
    communities: bytes
    """int32, little-endian."""
    named_after: tuple[tuple[str, ...], ...]
    """For each community."""
    ids: tuple[str, ...]
    """Of the regions, for each community."""


_VERSION = 2


class Earlier(Mapping[IRI, tuple[float, float]]):
    """A previous map: node → (x, y), and what more is known of it."""

    def __init__(
        self,
        places: dict[IRI, tuple[float, float]],
        communities: Mapping[IRI, int] | None = None,
        named_after: Sequence[tuple[IRI, ...]] = (),
        ids: Sequence[str] = (),
    ) -> None:
        self._places = places
        self._communities = communities or {}
        self.named_after = tuple(named_after)
        """What each community was called after."""
        self.ids = tuple(ids)
        """What links to each region are made of."""

    def places_of(self, iris: Sequence[IRI]) -> Floats | None:
        """Where each node stood, float64 of shape (n, 2), NaN for new nodes; None where nothing is known."""
        if not self._places:
            return None
        unknown = (np.nan, np.nan)
        places = np.array([self._places.get(iri, unknown) for iri in iris], np.float64).reshape(-1, 2)
        places[~np.isfinite(places).all(axis=1) | (np.abs(places) > FARTHEST).any(axis=1)] = np.nan
        return places

    def communities_of(self, iris: Sequence[IRI]) -> Integers | None:
        """The community of each node, shape (n,), -1 for new nodes; None where nothing is known."""
        if not self._communities:
            return None
        return np.array([self._communities.get(iri, -1) for iri in iris])

    def __getitem__(self, iri: IRI) -> tuple[float, float]:
        return self._places[iri]

    def __iter__(self) -> Iterator[IRI]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def save_positions(map_: Map, path: Path) -> None:
    """Remember a map, for `load_positions`."""
    saved = _Saved(
        _VERSION,
        map_.iris,
        map_.positions.astype("<f4").tobytes(),
        map_.communities.astype("<i4").tobytes(),
        tuple(region.named_after for region in map_.regions),
        tuple(region.id for region in map_.regions),
    )
    replace_sealed(path, msgspec.msgpack.encode(saved))


def load_positions(path: Path) -> Earlier | None:
    """The map that was saved, or None where there is no file or it is not to be believed."""
    try:
        saved = msgspec.msgpack.decode(read_sealed(path), type=_Saved)
    except msgspec.DecodeError:
        return None
    count = len(saved.iris)
    if saved.version != _VERSION or len(saved.positions) != 8 * count or len(saved.communities) != 4 * count:
        return None
    places, communities = np.frombuffer(saved.positions, "<f4").reshape(-1, 2), np.frombuffer(saved.communities, "<i4")
    known = min(len(saved.named_after), len(saved.ids))
    if not np.isfinite(places).all() or (communities < 0).any() or (communities >= known).any():
        return None
    iris = [IRI(iri) for iri in saved.iris]
    return Earlier(
        dict(zip(iris, map(tuple, places.tolist()), strict=True)),
        dict(zip(iris, communities.tolist(), strict=True)),
        [tuple(map(IRI, after)) for after in saved.named_after],
        saved.ids,
    )
