"""What a ledger says that cannot be, and what it says of names that no post mentions."""

from collections.abc import Container, Iterable

from kg.config import Config
from kg.diagnostics import diagnose
from kg.errors import LedgerError
from kg.fields import RESERVED_KINDS
from kg.model import IRI, Diagnostic, Entity
from kg.namespaces import KG
from kg.resolution.ledger import Ledger
from kg.resolution.ledger_lines import quoted
from kg.resolution.names import Key

NOT_ENTITIES = RESERVED_KINDS | {"post", "concept", "page"}
"""First path segments, below the base IRI, of IRIs that are not those of entities."""


def check_pins(entities: Iterable[Entity], ledger: Ledger, config: Config) -> None:
    """Make sure that each pinned IRI belongs to one entity.

    Raises:
        LedgerError: another entity has it, or it is reserved for something that is not an entity.
    """
    if not ledger.pins():
        return
    for decision in ledger.with_verb("pin"):
        below = decision.target.removeprefix(config.base) if decision.target.startswith(config.base) else ""
        first = below.partition("/")[0]
        own = f"{config.base}{first}" if first in NOT_ENTITIES else KG if decision.target.startswith(KG) else ""
        if own:
            what = f"<{decision.target}> cannot be pinned: kg reserves {own} for its own IRIs"
            raise LedgerError(f"{ledger.path}:{decision.line}:1: {what}")
    taken: dict[IRI, Entity] = {}
    for entity in entities:
        other = taken.setdefault(entity.iri, entity)
        if other is not entity:
            both = " and ".join(sorted(map(quoted, (entity.label, other.label))))
            raise LedgerError(
                f"{ledger.path}: {both} would both be <{entity.iri}>; pin another IRI, or join them with `same`"
            )


def unused(
    ledger: Ledger, names: Container[Key], mentioned: Container[tuple[str, Key]], config: Config
) -> tuple[Diagnostic, ...]:
    """Warnings about ledger lines whose names no post mentions, or not the posts that a `split` lists.

    `mentioned` holds (post path, name) for the posts listed by `split` lines.
    """
    path = config.resolution.ledger
    found = [
        diagnose(path, decision.line, 1, "KG203", f"no post mentions {name!r} as {key[0]}")
        for decision in ledger.decisions
        for key, name in zip(decision.keys, decision.names, strict=True)
        if key not in names
        and decision.verb != "split"
        and not (decision.verb == "rename" and name == decision.names[-1])
    ]
    found += (
        diagnose(path, decision.line, 1, "KG203", f"{post} does not mention {decision.names[0]!r} as {decision.kind}")
        for decision in ledger.with_verb("split")
        for post in decision.posts
        if (post, decision.keys[0]) not in mentioned
    )
    return tuple(found)
