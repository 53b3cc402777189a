"""The previous map, kept in a file, so that the next one looks similar."""

import numpy as np

from kg.insight.earlier import PreviousMap
from kg.model import IRI, Record
from kg.state import MAP, Miss, Reason, State
from kg.views.map.model import Map


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


def load_positions(state: State) -> PreviousMap | None:
    """The saved map, or None if there is none or it is damaged."""
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
            return PreviousMap(
                dict(zip(iris, map(tuple, places.tolist()), strict=True)),
                dict(zip(iris, communities.tolist(), strict=True)),
                [tuple(map(IRI, after)) for after in saved.named_after],
                saved.ids,
            )
    state.miss(MAP, Reason.DAMAGED)
    return None
