"""A resolution as plain data, to be saved for the next build."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from kg.model import Diagnostic, Entity, Merge, Record
from kg.resolution import Candidate, Resolution
from kg.resolution.ledger import Ledger
from kg.resolution.names import Place

T = TypeVar("T", Candidate, Merge)
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


def cited(packed: PackedResolution) -> set[str]:
    """The paths of posts of which a line is cited as evidence."""
    evidence = [
        *(item for candidate in packed.candidates for item in candidate.evidence),
        *(item for entity in packed.entities for merge in entity.merges for item in merge.evidence),
    ]
    return {path for item in evidence for path, _line in item.places}


def with_lines(packed: PackedResolution, moved: Mapping[str, Mapping[int, int]]) -> PackedResolution:
    """The same with evidence on other lines: post path → line → the line it is now."""

    def place(path: str, line: int) -> Place:
        return path, moved[path][line] if path in moved else line

    def placed(pair: T) -> T:
        evidence = tuple(replace(e, places=tuple(place(*cited) for cited in e.places)) for e in pair.evidence)
        return pair if evidence == pair.evidence else replace(pair, evidence=evidence)

    return replace(
        packed,
        entities=tuple(
            replace(entity, merges=tuple(map(placed, entity.merges))) if entity.merges else entity
            for entity in packed.entities
        ),
        candidates=tuple(map(placed, packed.candidates)),
    )
