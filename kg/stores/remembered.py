"""What the graphs of an unchanged build should be, so that finding nothing to do takes no build.

Only what *should* be in a store is remembered, and only for as long as `kg.pipeline.manifest` knows that no post has
changed; what *is* in the store is always asked of the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kg.machine.files import read_sealed, replace_sealed
from kg.model import Record
from kg.stores.remote import State

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "graphs"


class _Saved(Record, frozen=True):
    token: bytes
    graphs: dict[str, State]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Saved).decode


def load(state: Path, token: bytes) -> dict[str, State] | None:
    """The graphs that were remembered under a token, or None where there are none to be believed."""
    try:
        saved = _decode(read_sealed(state / FILE_NAME))
    except msgspec.DecodeError:
        return None
    return saved.graphs if saved.token == token else None


def save(state: Path, token: bytes, graphs: dict[str, State]) -> None:
    """Remember graphs."""
    replace_sealed(state / FILE_NAME, _encode(_Saved(token, graphs)))
