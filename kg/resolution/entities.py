"""A cluster of names becomes one entity: its IRI, its label in each language, its other spellings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.iris import entity_iri
from kg.model import IRI, Entity, Merge, Text
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Config
    from kg.resolution.names import Name


def entity_of_names(
    names: Sequence[Name],
    config: Config,
    *,
    merges: Sequence[Merge] = (),
    iri: IRI | None = None,
    label: str = "",
    same_as: Sequence[IRI] = (),
    homepage: str = "",
    lesser: frozenset[str] = frozenset(),
) -> Entity:
    """The entity that the names of one cluster are names of.

    Args:
        names: at least one, all of one kind.
        config: for the base IRI and the languages.
        merges: why the names are one.
        iri: the pinned IRI.
        label: the name chosen by the ledger.
        same_as: the same thing elsewhere.
        homepage: the ledger's, over one that posts give.
        lesser: keys of names (a bare surname, a misspelling) that are a label only where there is no other.
    """
    base = IRI(config.base)
    spellings: Counter[tuple[int, str]] = Counter()
    for name in names:
        for typed, count in name.spellings.items():
            spellings[int(name.key in lesser), typed] += count
    by_language: dict[str, str] = {}
    order = sorted(spellings, key=lambda item: (item[0], -spellings[item], item[1]))
    if label:
        order.insert(0, (0, label))
    typed_in_order = list(dict.fromkeys(typed for _lesser, typed in order))
    for typed in typed_in_order:
        by_language.setdefault(language_of(typed, latin=config.latin, default=config.language), typed)
    chosen = label or by_language.get(config.prefer) or typed_in_order[0]
    used = set(by_language.values())
    own = sorted({entity_iri(base, name.kind, name.key) for name in names}, key=str)
    chosen_iri = iri or entity_iri(base, names[0].kind, naming_key(names))
    return Entity(
        iri=chosen_iri,
        kind=names[0].kind,
        label=chosen,
        labels=tuple(Text(value, tag) for tag, value in sorted(by_language.items())),
        aliases=tuple(
            Text(typed, language_of(typed, latin=config.latin, default=config.language))
            for typed in sorted(set(typed_in_order) - used)
        ),
        former=tuple(item for item in own if item != chosen_iri),
        same_as=tuple(sorted(same_as)),
        homepage=homepage or next((name.homepage for name in names if name.homepage), ""),
        merges=tuple(merges),
    )


def plain_entity(name: Name, config: Config) -> Entity:
    """The entity of a name that is written in one way, and of which nothing more is known: most are."""
    (typed,) = name.spellings
    text = Text(typed, language_of(typed, latin=config.latin, default=config.language))
    iri = entity_iri(IRI(config.base), name.kind, name.key)
    return Entity(iri, name.kind, typed, (text,), homepage=name.homepage)


def naming_key(names: Sequence[Name]) -> str:
    """The key that gives a cluster its IRI: decided by the names alone, so that no count can ever change it.

    Latin letters before others, blanks before hyphens; the fullest name of a person, the shortest of anything else.
    """
    return min(names, key=lambda name: rank(name.kind, name.key)).key


def rank(kind: str, key: str) -> tuple[bool, bool, int, int, str]:
    """The order of names for `naming_key`."""
    person = kind == "person"
    return not key.isascii(), person and "-" in key, -len(key.split(" ")) if person else 0, len(key), key
