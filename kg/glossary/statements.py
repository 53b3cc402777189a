"""What posts state about the names of terms, and which names therefore belong to one concept."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, combinations
from typing import TYPE_CHECKING, NamedTuple

from kg.reading.mining.phrases import has_han, is_acronym
from kg.resolution.forms import converted
from kg.text.folding import fold, fold_all

if TYPE_CHECKING:
    from collections.abc import Container, ItemsView, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.model import Definition

_AGREE = 0.75
"""Share of an abbreviation's uses that must stand for one concept."""
_CLEAR = 0.5
"""Share of a name's partners in the other script that the most frequent one must have."""
_ALIKE = 70
"""Of 100: how close the spelling of an expansion must be to one that is known."""
_MOST_NAMES = 100
"""Of one term; more are not compared one by one."""
LONGEST_NAME = 16
"""Characters; a longer explanation is not looked up as a term."""


class Keys:
    """The key of a name, traditional Chinese taken as simplified (OpenCC, https://github.com/BYVoid/OpenCC)."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._singular: dict[str, str] = {}
        self.wide: set[str] = set()
        """The keys that hold a Chinese, Japanese or Korean letter."""

    @classmethod
    def known(cls, keys: Mapping[str, str]) -> Keys:
        """Keys that were found elsewhere: name as typed → key."""
        result = cls()
        result._known.update(keys)
        result.wide.update(filter(has_han, keys.values()))
        return result

    def add(self, names: Iterable[str]) -> None:
        """Learn the keys of some names; OpenCC is quick only when it is given many at once."""
        keys = fold_all(name for name in names if name not in self._known)
        if "" in keys.values():
            keys = {name: key or name for name, key in keys.items()}
        wide = [key for key in set(keys.values()) if not key.isascii() and has_han(key)]
        printable = [key for key in wide if key.isprintable()]
        changed = {old: new for old, new in zip(printable, converted(printable), strict=True) if old != new}
        self.wide.update(changed.get(key, key) for key in wide)
        for to in (changed, self._singular):
            if to:
                keys = {name: to.get(key, key) for name, key in keys.items()}
        self._known |= keys

    def items(self) -> ItemsView[str, str]:
        """(name as typed, key) of every name that was added."""
        return self._known.items()

    def merge(self, singular: dict[str, str]) -> None:
        """Let plurals have the keys of their singulars from now on."""
        self._singular |= singular
        self._known = {name: singular.get(key, key) for name, key in self._known.items()}

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The keys of names that were added."""
        return tuple([self._known[name] for name in names])

    def __call__(self, name: str) -> str:
        """The key; that of a name that was not added keeps its traditional characters."""
        key = self._known.get(name)
        if key is None:
            key = fold(name) or name
            key = self._singular.get(key, key)
        return key


class Family(NamedTuple):
    """The names of one concept, and the definitions that are about it."""

    keys: set[str]
    numbers: list[int]
    """Of definitions, ascending."""


class Statements:
    """All definitions of all posts, and how many posts put which names together."""

    def __init__(self, found: Sequence[tuple[str, Definition]]) -> None:
        """Take (post path, definition), in the order of posts."""
        self.found = found
        self.key_of = Keys()
        self.key_of.add(
            {name for _path, d in self.found for name in (d.term, *d.translations)}
            | {d.text for _path, d in self.found if len(d.text) <= LONGEST_NAME and has_han(d.text)}
        )
        terms = {self.key_of(definition.term) for _path, definition in self.found}
        self.names = [names_of(definition, self.key_of, terms) for _path, definition in self.found]
        """Per definition: its names as typed, the term first."""
        self.keys = list(map(self.key_of.of, self.names))
        """The same as `names`, as keys."""
        self.partners = self._count()
        """Key → other key → number of posts that give one thing both names."""
        self._merge_plurals()
        self.abbreviations = self._abbreviations()
        self._latin: dict[str, list[str]] = {}

    @classmethod
    def part(
        cls,
        found: Sequence[tuple[str, Definition]],
        names: Sequence[tuple[str, ...]],
        key_of: Keys,
        *,
        abbreviations: set[str],
        partners: Mapping[str, dict[str, int]] | None = None,
    ) -> Statements:
        """Some of all definitions, with what all of them say of their names."""
        said = cls.__new__(cls)
        said.found, said.names, said.key_of = list(found), list(names), key_of
        said.keys = list(map(key_of.of, names))
        said.partners = defaultdict(dict, partners or {})
        said.abbreviations = abbreviations
        said._latin = {}
        return said

    def latin_names(self, key: str) -> list[str]:
        """The names in Latin letters, abbreviations aside, that posts give what has this name; of very many, some."""
        if key not in self._latin:
            names = [k for k in self.partners[key] if not has_han(k) and k not in self.abbreviations]
            if len(names) > _MOST_NAMES:
                names = sorted(names, key=lambda name: (-self.partners[key][name], name))[:_MOST_NAMES]
            self._latin[key] = names
        return self._latin[key]

    @property
    def terms(self) -> set[str]:
        """The keys of all terms."""
        return {keys[0] for keys in self.keys}

    def in_order(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Definitions by path and place."""
        found = self.found
        return tuple(sorted(numbers, key=lambda n: (found[n][0], found[n][1].line, found[n][1].column)))

    def _abbreviations(self) -> set[str]:
        """Keys that are more often written as abbreviations than not: `TOKEN` now and then does not make it one."""
        return {key for key, vote in votes(self.names, self.key_of).items() if vote > 0}

    def _count(self) -> dict[str, dict[str, int]]:
        """Count in how many posts which names are put together."""
        partners: dict[str, dict[str, int]] = defaultdict(dict)
        for (name, other), count in put_together([path for path, _definition in self.found], self.keys).items():
            partners[name][other] = partners[other][name] = count
        return partners

    def _merge_plurals(self) -> None:
        """Bring `prompts` and `prompt` together where posts give both the same Chinese name, 提示词."""
        partners = self.partners
        singular = plurals(partners, self.key_of.wide)
        for plural, single in singular.items():
            for other, count in partners.pop(plural).items():
                del partners[other][plural]
                if other != single:
                    partners[single][other] = partners[other][single] = partners[single].get(other, 0) + count
        self.key_of.merge(singular)
        for number, keys in enumerate(self.keys):
            if not singular.keys().isdisjoint(keys):
                self.keys[number] = tuple(singular.get(key, key) for key in keys)


def names_of(definition: Definition, key_of: Keys, terms: Container[str]) -> tuple[str, ...]:
    """The names that a definition gives its term; `terms` are the keys of all terms."""
    names = (definition.term, *definition.translations)
    # **API**（Application Programming Interface: 应用程序接口）: the explanation is a term of its own.
    return (*names, definition.text) if may_name(definition) and key_of(definition.text) in terms else names


def may_name(definition: Definition) -> bool:
    """Whether the explanation could be another name of the term."""
    text = definition.text
    return (
        1 < len(text) <= LONGEST_NAME
        and has_han(text)
        and not has_han("".join((definition.term, *definition.translations)))
    )


def votes(names: Iterable[Sequence[str]], key_of: Keys) -> Counter[str]:
    """Key → how often it is written as an abbreviation, less how often it is not."""
    result: Counter[str] = Counter()
    for name, count in Counter(chain.from_iterable(names)).items():
        result[key_of(name)] += count if is_acronym(name) else -count
    return result


def put_together(paths: Iterable[str], keys: Iterable[Sequence[str]]) -> Counter[tuple[str, str]]:
    """Pairs of keys, in order → number of posts that give one thing both.

    Args:
        paths: of the post of each definition, post by post.
        keys: of the names that each definition gives its term.
    """
    counts: Counter[tuple[str, str]] = Counter()
    said: dict[tuple[str, str], None] = {}
    before = ""
    for path, own in zip(paths, keys, strict=True):
        if path != before:
            counts.update(said.keys())
            before, said = path, {}
        if len(own) > 1:
            said |= dict.fromkeys(combinations(sorted(set(own)), 2))
    counts.update(said.keys())
    return counts


def plurals(partners: Mapping[str, Mapping[str, object]], wide: AbstractSet[str]) -> dict[str, str]:
    """Plural → singular, where both have a Chinese partner in common; `wide` are the Chinese keys."""
    found = {
        key: key[:-1]
        for key, others in partners.items()
        if key.endswith("s") and len(key) > 4 and key[:-1] in partners and not has_han(key)
        if not wide.isdisjoint(others.keys() & partners[key[:-1]].keys())
    }
    return {plural: single for plural, single in found.items() if single not in found}


def stem(key: str) -> str:
    """What a key and its plural have in common."""
    return key.rstrip("s")


def families(said: Statements) -> tuple[list[Family], dict[str, str]]:
    """Bring the terms together.

    Returns:
        The families, ordered by their roots, and key → root for every name that belongs to one family. The root is one
        of the keys, the one that the others were found to mean.
    """
    family = {key: key for key in said.terms}
    best = {key: clear_partner(said, key) for key in said.partners if key not in said.abbreviations}
    for key, other in best.items():
        if other and best[other] == key and key in said.key_of.wide:
            family[key] = family[other] = key
    for key in sorted(said.abbreviations & said.partners.keys()):
        whole = expansion(said, key, family)
        if whole:
            family[key] = family.setdefault(whole, whole)
    roots = [meant(said, keys, family) for keys in said.keys]
    if fresh := set(roots) - family.keys():
        # A name that is in no family yet begins one, wherever else it stands.
        family.update(zip(fresh, fresh, strict=True))
        roots = [meant(said, keys, family) for keys in said.keys]
    groups: dict[str, Family] = {}
    for number, root in enumerate(roots):
        groups.setdefault(root, Family(set(), [])).numbers.append(number)
    for key, root in family.items():
        if root in groups:
            groups[root].keys.add(key)
    for root, group in groups.items():
        group.keys.add(root)
    return [groups[root] for root in sorted(groups)], family


def clear_partner(said: Statements, key: str) -> str:
    """The partner in the other script that is clearly the most frequent, or ""."""
    wide, abbreviations = said.key_of.wide, said.abbreviations
    han = key in wide
    partners = said.partners[key]
    if len(partners) == 1:
        (other,) = partners
        return other if (other in wide) != han and other not in abbreviations else ""
    across = [
        (-count, other) for other, count in partners.items() if (other in wide) != han and other not in abbreviations
    ]
    if len(across) < 2:
        return across[0][1] if across else ""
    across.sort()
    if across[0][0] == across[1][0] or across[0][0] > _CLEAR * sum(count for count, _other in across):
        return ""
    return across[0][1]


def expansion(said: Statements, key: str, family: Mapping[str, str]) -> str:
    """What nearly all uses of an abbreviation stand for, or ""."""
    stands_for: Counter[str] = Counter()
    for other, count in said.partners[key].items():
        if other not in said.abbreviations:
            stands_for[family.get(other, other)] += count
    if not stands_for:
        return ""
    whole, count = min(stands_for.items(), key=lambda item: (-item[1], item[0]))
    return whole if count >= _AGREE * stands_for.total() else ""


def meant(said: Statements, keys: Sequence[str], family: Mapping[str, str]) -> str:
    """The family of one definition: its term's; but PR（Public Relations: …）is not about pull requests."""
    root = family[keys[0]]
    if keys[0] not in said.abbreviations:
        return root
    full = [key for key in keys[1:] if key not in said.abbreviations]
    homes = {family[key] for key in full if key in family}
    if homes:
        return root if root in homes else min(homes)
    latin = [key for key in full if not has_han(key)]
    if latin and not has_han(root) and root != keys[0] and not _alike(latin[0], root):
        return latin[0]
    if latin and has_han(root):
        names = said.latin_names(root)
        if names and not any(_alike(latin[0], name) for name in names):
            return latin[0]
    return root


def _alike(name: str, other: str) -> bool:
    from rapidfuzz.fuzz import ratio

    return name in other or other in name or ratio(name, other) >= _ALIKE
