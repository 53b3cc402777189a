"""From a cluster of names to an entity: its IRI, its label per language, its aliases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.config import Config
from kg.iris import entity_iri
from kg.model import IRI, Entity, Merge, Text
from kg.namespaces import KINDS
from kg.resolution.names import SEVERAL, FoldedName, is_topic
from kg.text.languages import is_latin, language_of, preferred


def entity_of_names(
    names: Sequence[FoldedName],
    config: Config,
    *,
    merges: Sequence[Merge],
    iri: IRI | None,
    label: str,
    same_as: Sequence[IRI],
    homepage: str,
    secondary: frozenset[str],
) -> Entity:
    """The entity of one cluster of names.

    Args:
        names: at least one.
        config: for the base IRI and the languages.
        merges: the merges behind the cluster.
        iri: the pinned IRI, if any.
        label: the label chosen in the ledger, if any.
        same_as: IRIs of the same thing elsewhere.
        homepage: the one from the ledger, which overrides those of posts.
        secondary: keys of names (such as a bare surname) to use as a label only for lack of a better one.
    """
    base = IRI(config.base)
    things = not all(is_topic(name.kind) for name in names)
    last = {name.id for name in names if name.key in secondary or (things and is_topic(name.kind))}
    spellings: dict[tuple[bool, str], int] = defaultdict(int)
    for name in names:
        for typed, count in name.spellings.items():
            spellings[name.id in last, typed] += count
    order = sorted(spellings, key=lambda item: (item[0], -spellings[item], item[1]))
    known = {typed: language for name in names for typed, language in name.languages.items()}
    best_first = dict.fromkeys((*filter(None, [label]), *(typed for _last, typed in order)))
    chosen = labelled({typed: _language(typed, known, config) for typed in best_first})
    kind = main_kind(names)
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name.key] += name.count if name.kind == kind or name.id not in last else 0
    keys = [name.key for name in names if name.kind == kind]
    keys = [key for key in keys if key not in secondary] or keys
    iri = iri or entity_iri(base, kind, naming_key(kind, {key: counts[key] for key in keys}))
    return Entity(
        iri=iri,
        kind=kind,
        label=label or preferred(chosen.by_language, config.prefer) or next(iter(best_first)),
        labels=chosen.labels,
        aliases=chosen.aliases,
        former=tuple(sorted({entity_iri(base, name.kind, name.key) for name in names} - {iri})),
        same_as=tuple(sorted(same_as)),
        homepage=homepage or next((name.homepage for name in names if name.homepage), ""),
        merges=tuple(merges),
        also=tuple(sorted({name.kind for name in names} - {kind})),
    )


class Labelled(NamedTuple):
    """Names, of which each language has one as its label."""

    by_language: dict[str, str]
    labels: tuple[Text, ...]
    """Sorted by language."""
    aliases: tuple[Text, ...]
    """All others, sorted."""


def labelled(languages: dict[str, str]) -> Labelled:
    """Divide names into labels and aliases, given name → language, the best names first."""
    by_language = {language: name for name, language in reversed(languages.items())}
    labels = tuple(Text(name, language) for language, name in sorted(by_language.items()))
    others = sorted(languages.keys() - by_language.values())
    return Labelled(by_language, labels, tuple(Text(name, languages[name]) for name in others))


ROLES_TO_ONE = 10
"""Mentions in a role that say as much about the kind as one outside any role: channels and papers are authors, too."""
SAID = 2
"""Mentions needed to believe that a speaker is not a person; a single one may be a slip."""


def main_kind(names: Iterable[FoldedName]) -> str:
    """The kind that most mentions of a thing give it; of equals, the first in the order of `kg.namespaces.KINDS`.

    A thing that is mentioned only in roles is taken for a person.
    """
    weight: dict[str, int] = defaultdict(int)
    said: dict[str, int] = defaultdict(int)
    for name in names:
        weight[name.kind] += ROLES_TO_ONE * (name.count - name.roles) + name.roles
        said[name.kind] += name.count - name.roles
    things = sum(count for kind, count in said.items() if not is_topic(kind))
    kinds = [kind for kind in weight if said[kind] or things < SAID] or list(weight)
    order = list(KINDS)
    return min(kinds, key=lambda kind: (-weight[kind], order.index(kind) if kind in KINDS else len(order), kind))


def plain_entity(name: FoldedName, config: Config) -> Entity:
    """The entity of a single name with one spelling: a fast path, since most are."""
    (typed,) = name.spellings
    text = Text(typed, _language(typed, name.languages, config))
    iri = entity_iri(IRI(config.base), name.kind, name.key)
    return Entity(iri, name.kind, typed, (text,), homepage=name.homepage)


def _language(typed: str, known: Mapping[str, str], config: Config) -> str:
    language = known.get(typed)
    if language is None:  # a name of the ledger's
        return language_of(typed, config.language, latin=config.latin)
    if language == SEVERAL:
        return ""
    return language or (config.latin if is_latin(typed) else "")


def naming_key(kind: str, mentions: Mapping[str, int]) -> str:
    """The key that gives a cluster its IRI: the most used one, so that no slip names the thing; for ties, see `rank`.

    Names in Latin letters go before all others, and full names of people before single words, however often each is
    used.

    Args:
        kind: the kind of all names.
        mentions: key of each name → how often it is mentioned.
    """
    keys = [key for key in mentions if key.isascii() or is_latin(key)] or list(mentions)
    if kind == "person":
        keys = [key for key in keys if " " in key or "·" in key] or keys
    return min(keys, key=lambda key: (-mentions[key], rank(kind, key)))


def rank(kind: str, key: str) -> tuple[bool, bool, int, int, str]:
    """Sort key of names for `naming_key`."""
    person = kind == "person"
    return not key.isascii(), person and "-" in key, -len(key.split(" ")) if person else 0, len(key), key
