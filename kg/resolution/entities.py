"""From a cluster of names to an entity: its IRI, its label per language, its aliases."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.iris import entity_iri
from kg.model import IRI, Entity, Merge, Text
from kg.text.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Config
    from kg.resolution.names import FoldedName


def entity_of_names(
    names: Sequence[FoldedName],
    config: Config,
    *,
    merges: Sequence[Merge] = (),
    iri: IRI | None = None,
    label: str = "",
    same_as: Sequence[IRI] = (),
    homepage: str = "",
    secondary: frozenset[str] = frozenset(),
) -> Entity:
    """The entity of one cluster of names.

    Args:
        names: at least one, all of one kind.
        config: for the base IRI and the languages.
        merges: the merges behind the cluster.
        iri: the pinned IRI, if any.
        label: the label chosen in the ledger, if any.
        same_as: IRIs of the same thing elsewhere.
        homepage: the one from the ledger, which overrides those of posts.
        secondary: keys of names (such as a bare surname) to use as a label only for lack of a better one.
    """
    base = IRI(config.base)
    spellings: Counter[tuple[int, str]] = Counter()
    for name in names:
        for typed, count in name.spellings.items():
            spellings[int(name.key in secondary), typed] += count
    by_language: dict[str, str] = {}
    order = sorted(spellings, key=lambda item: (item[0], -spellings[item], item[1]))
    if label:
        order.insert(0, (0, label))
    typed_in_order = list(dict.fromkeys(typed for _secondary, typed in order))
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


def plain_entity(name: FoldedName, config: Config) -> Entity:
    """The entity of a single name with one spelling: a fast path, since most are."""
    (typed,) = name.spellings
    text = Text(typed, language_of(typed, latin=config.latin, default=config.language))
    iri = entity_iri(IRI(config.base), name.kind, name.key)
    return Entity(iri, name.kind, typed, (text,), homepage=name.homepage)


def naming_key(names: Sequence[FoldedName]) -> str:
    """The key that gives a cluster its IRI; it depends on the names alone, so counts cannot change it.

    ASCII before other scripts, spaces before hyphens; then the fullest name of a person, else the shortest.
    """
    return min(names, key=lambda name: rank(name.kind, name.key)).key


def rank(kind: str, key: str) -> tuple[bool, bool, int, int, str]:
    """Sort key of names for `naming_key`."""
    person = kind == "person"
    return not key.isascii(), person and "-" in key, -len(key.split(" ")) if person else 0, len(key), key
