"""The previous map, kept in a file, so that the next one stays put."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kg.model import IRI, Record

if TYPE_CHECKING:
    from kg.cartography.map import Map

FILE_NAME = "positions"
_DIGEST = 32


class _Saved(Record, frozen=True):
    """What the file holds, as MessagePack (https://msgpack.org) after a BLAKE2b digest of it."""

    version: int
    iris: tuple[str, ...]
    positions: bytes
    """float32, little-endian, x and y of each node in turn."""
    communities: bytes
    """int32, little-endian."""


_VERSION = 1


class Earlier(Mapping[IRI, tuple[float, float]]):
    """A previous map: node → (x, y), and the community of each node."""

    def __init__(self, places: dict[IRI, tuple[float, float]], communities: dict[IRI, int]) -> None:
        self._places = places
        self.communities = communities

    def __getitem__(self, iri: IRI) -> tuple[float, float]:
        return self._places[iri]

    def __iter__(self) -> Iterator[IRI]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def save_positions(map_: Map, path: Path) -> None:
    """Remember a map, for `load_positions`. The file is replaced whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    data = msgspec.msgpack.encode(
        _Saved(
            _VERSION,
            map_.iris,
            map_.positions.astype("<f4").tobytes(),
            map_.communities.astype("<i4").tobytes(),
        )
    )
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(blake2b(data, digest_size=_DIGEST).digest() + data)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def load_positions(path: Path) -> Earlier | None:
    """The map that was saved, or None where there is no file or it is not to be believed."""
    try:
        data = path.read_bytes()
        if data[:_DIGEST] != blake2b(data[_DIGEST:], digest_size=_DIGEST).digest():
            return None
        saved = msgspec.msgpack.decode(data[_DIGEST:], type=_Saved)
    except (OSError, msgspec.DecodeError):
        return None
    count = len(saved.iris)
    if saved.version != _VERSION or len(saved.positions) != 8 * count or len(saved.communities) != 4 * count:
        return None
    places = np.frombuffer(saved.positions, "<f4").reshape(-1, 2)
    if not np.isfinite(places).all():
        return None
    iris = [IRI(iri) for iri in saved.iris]
    return Earlier(
        dict(zip(iris, map(tuple, places.tolist()), strict=True)),
        dict(zip(iris, np.frombuffer(saved.communities, "<i4").tolist(), strict=True)),
    )
