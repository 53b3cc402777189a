"""The previous map, kept in a file, so that the next one looks similar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kg.model import IRI, Record
from kg.state import MAP, Miss, Reason, State

if TYPE_CHECKING:
    from kg.views.map.model import Map
    from kg.views.map.topology import Floats, Integers

FARTHEST = 10.0
"""Positions farther out than this are not from a map."""


class _SavedMap(Record, frozen=True):
    iris: tuple[str, ...]
    positions: bytes
    """float32, little-endian, x and y of each node in turn."""
    communities: bytes
    """int32, little-endian."""
    named_after: tuple[tuple[str, ...], ...]
    """For each community."""
    ids: tuple[str, ...]
    """Of the regions, for each community."""


class Earlier(Mapping[IRI, tuple[float, float]]):
    """A previous map: node → (x, y), its communities, and what they were named after."""

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
        """The nodes that each community was named after."""
        self.ids = tuple(ids)
        """What links to each region are made of."""

    def places_of(self, iris: Sequence[IRI]) -> Floats | None:
        """The position of each node, float64 of shape (n, 2), NaN for new nodes; None if no position is known."""
        if not self._places:
            return None
        unknown = (np.nan, np.nan)
        places = np.array([self._places.get(iri, unknown) for iri in iris], np.float64).reshape(-1, 2)
        places[~np.isfinite(places).all(axis=1) | (np.abs(places) > FARTHEST).any(axis=1)] = np.nan
        return places

    def communities_of(self, iris: Sequence[IRI]) -> Integers | None:
        """The community of each node, shape (n,), -1 for new nodes; None if no community is known."""
        if not self._communities:
            return None
        return np.array([self._communities.get(iri, -1) for iri in iris])

    def __getitem__(self, iri: IRI) -> tuple[float, float]:
        return self._places[iri]

    def __iter__(self) -> Iterator[IRI]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def save_positions(map_: Map, state: State) -> None:
    """Remember a map, for `load_positions`."""
    saved = _SavedMap(
        map_.iris,
        map_.positions.astype("<f4").tobytes(),
        map_.communities.astype("<i4").tobytes(),
        tuple(region.named_after for region in map_.regions),
        tuple(region.id for region in map_.regions),
    )
    state.save(MAP, saved)


def load_positions(state: State) -> Earlier | None:
    """The map that was saved, or None where there is none, or none to be believed."""
    saved = state.load(MAP, _SavedMap)
    if isinstance(saved, Miss):
        return None
    count = len(saved.iris)
    if len(saved.positions) == 8 * count and len(saved.communities) == 4 * count:
        places = np.frombuffer(saved.positions, "<f4").reshape(-1, 2)
        communities = np.frombuffer(saved.communities, "<i4")
        known = (communities >= 0) & (communities < min(len(saved.named_after), len(saved.ids)))
        if np.isfinite(places).all() and known.all():
            iris = [IRI(iri) for iri in saved.iris]
            return Earlier(
                dict(zip(iris, map(tuple, places.tolist()), strict=True)),
                dict(zip(iris, communities.tolist(), strict=True)),
                [tuple(map(IRI, after)) for after in saved.named_after],
                saved.ids,
            )
    state.miss(MAP, Reason.DAMAGED)
    return None
