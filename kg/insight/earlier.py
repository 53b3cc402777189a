"""The previous map: the positions of nodes, their themes, and the names of those."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from kg.insight.topology import Floats, Integers
from kg.model import IRI

FARTHEST = 10.0
"""Positions farther out than this are not from a map."""


class PreviousMap(Mapping[IRI, tuple[float, float]]):
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
        """The ids of the regions, used in links to them."""

    @classmethod
    def of(cls, hints: Mapping[IRI, tuple[float, float]]) -> "PreviousMap":
        """The hints of a graph as a previous map, without a copy if they are one."""
        return hints if isinstance(hints, PreviousMap) else cls(dict(hints))

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
