"""A resolution as plain data, to be saved for the next build."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.model import Diagnostic, Entity, Record
from kg.resolution import Candidate, Resolution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.resolution.ledger import Ledger

_Names = dict[str, dict[str, int]]
"""Kind → name → index of its entity."""


class PackedResolution(Record, frozen=True):
    """A resolution without `splits`, which the ledger gives."""

    entities: tuple[Entity, ...]
    candidates: tuple[Candidate, ...]
    diagnostics: tuple[Diagnostic, ...]
    by_key: _Names
    by_spelling: _Names


def pack(resolution: Resolution) -> PackedResolution:
    """Turn a resolution into plain data."""
    index = {entity.iri: number for number, entity in enumerate(resolution.entities)}

    def by_kind(names: Iterable[tuple[tuple[str, str], Entity]]) -> _Names:
        result: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (kind, name), entity in names:
            result[kind][name] = index[entity.iri]
        return dict(result)

    return PackedResolution(
        resolution.entities,
        resolution.candidates,
        resolution.diagnostics,
        by_kind(resolution.by_key.items()),
        by_kind(resolution.by_spelling.items()),
    )


def unpack(packed: PackedResolution, ledger: Ledger) -> Resolution:
    """The resolution that was packed, given the same ledger."""
    entities = packed.entities

    def by_kind(names: _Names) -> dict[tuple[str, str], Entity]:
        return {(kind, name): entities[place] for kind, places in names.items() for name, place in places.items()}

    return Resolution(
        entities,
        packed.candidates,
        packed.diagnostics,
        by_kind(packed.by_key),
        ledger.splits(),
        by_kind(packed.by_spelling),
    )


def cited_lines(packed: PackedResolution) -> dict[str, set[int]]:
    """Post path → the lines cited as evidence."""
    evidence = [
        *(item for candidate in packed.candidates for item in candidate.evidence),
        *(item for entity in packed.entities for merge in entity.merges for item in merge.evidence),
    ]
    lines: defaultdict[str, set[int]] = defaultdict(set)
    for item in evidence:
        for path, line in item.places:
            lines[path].add(line)
    return lines
