"""What posts state about the names of terms, and which names therefore belong to one concept."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from kg.folding import fold
from kg.mining.phrases import has_han, is_acronym
from kg.resolution.forms import converter

if TYPE_CHECKING:
    from collections.abc import Container, ItemsView, Iterable, Iterator, Mapping, Sequence

    from kg.model import Definition, Post

_AGREE = 0.75
"""Share of an abbreviation's uses that must stand for one concept."""
_CLEAR = 0.5
"""Share of a name's partners in the other script that the most frequent one must have."""
_ALIKE = 70
"""Of 100: how close the spelling of an expansion must be to one that is known."""
LONGEST_NAME = 16
"""Characters; a longer explanation is not looked up as a term."""


class Keys:
    """The key of a name, traditional Chinese taken as simplified (OpenCC, https://github.com/BYVoid/OpenCC)."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._singular: dict[str, str] = {}

    @classmethod
    def of(cls, known: Mapping[str, str]) -> Keys:
        """Keys that were found elsewhere: name as typed → key."""
        keys = cls()
        keys._known.update(known)
        return keys

    def add(self, names: Iterable[str]) -> None:
        """Learn the keys of some names; OpenCC is quick only when it is given many at once."""
        keys = {name: fold(name) or name for name in names if name not in self._known}
        han = sorted({key for key in keys.values() if has_han(key) and key.isprintable()})
        if han:
            simplified = dict(zip(han, converter().convert("\n".join(han)).split("\n"), strict=True))
            keys = {name: simplified.get(key, key) for name, key in keys.items()}
        self._known |= {name: self._singular.get(key, key) for name, key in keys.items()}

    def items(self) -> ItemsView[str, str]:
        """(name as typed, key) of every name that was added."""
        return self._known.items()

    def merge(self, singular: dict[str, str]) -> None:
        """Let plurals have the keys of their singulars from now on."""
        self._singular |= singular
        self._known = {name: singular.get(key, key) for name, key in self._known.items()}

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

    def __init__(self, posts: Iterable[Post]) -> None:
        self.found = [(post.path, definition) for post in posts for definition in post.definitions]
        self.key_of = Keys()
        self.key_of.add(
            {name for _path, d in self.found for name in (d.term, *d.translations)}
            | {d.text for _path, d in self.found if len(d.text) <= LONGEST_NAME and has_han(d.text)}
        )
        terms = {self.key_of(definition.term) for _path, definition in self.found}
        self.names = [names_of(definition, self.key_of, terms) for _path, definition in self.found]
        """Per definition: its names as typed, the term first."""
        self.keys = [tuple(map(self.key_of, names)) for names in self.names]
        """The same as `names`, as keys."""
        self.partners = self._count()
        """Key → other key → number of posts that give one thing both names."""
        self._merge_plurals()
        self.abbreviations = self._abbreviations()

    @classmethod
    def of(
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
        said.keys = [tuple(map(key_of, own)) for own in names]
        said.partners = defaultdict(dict, partners or {})
        said.abbreviations = abbreviations
        return said

    @property
    def terms(self) -> set[str]:
        """The keys of all terms."""
        return {keys[0] for keys in self.keys}

    def definitions(self, numbers: Iterable[int]) -> tuple[tuple[str, Definition], ...]:
        """(post path, definition), by path and place."""
        return tuple(sorted((self.found[n] for n in numbers), key=lambda pair: (pair[0], pair[1].line, pair[1].column)))

    def _abbreviations(self) -> set[str]:
        """Keys that are more often written as abbreviations than not: `TOKEN` now and then does not make it one."""
        return {key for key, vote in votes(self.names, self.key_of).items() if vote > 0}

    def _count(self) -> dict[str, dict[str, int]]:
        """Count in how many posts which names are put together."""
        partners: dict[str, dict[str, int]] = defaultdict(dict)
        for name, other in put_together((path, keys) for (path, _d), keys in zip(self.found, self.keys, strict=True)):
            partners[name][other] = partners[name].get(other, 0) + 1
            partners[other][name] = partners[other].get(name, 0) + 1
        return partners

    def _merge_plurals(self) -> None:
        """Bring `prompts` and `prompt` together where posts give both the same Chinese name, 提示词."""
        partners = self.partners
        singular = plurals(partners)
        for plural, single in singular.items():
            for other, count in partners.pop(plural).items():
                del partners[other][plural]
                if other != single:
                    partners[single][other] = partners[other][single] = partners[single].get(other, 0) + count
        self.key_of.merge(singular)
        self.keys = [tuple(singular.get(key, key) for key in keys) for keys in self.keys]


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
    for name, count in Counter(name for own in names for name in own).items():
        result[key_of(name)] += count if is_acronym(name) else -count
    return result


def put_together(found: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """Pairs of keys that a post gives one thing, each once per post.

    `found` are the definitions, post by post: the path, and the keys of its names.
    """
    seen: set[tuple[str, str]] = set()
    before = ""
    for path, own in found:
        if len(own) < 2:
            continue
        if path != before:
            before, seen = path, set()
        for pair in combinations(sorted(set(own)), 2):
            if pair not in seen:
                seen.add(pair)
                yield pair


def plurals(partners: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Plural → singular, where both have a Chinese partner in common."""
    found = {
        key: key[:-1]
        for key, others in partners.items()
        if len(key) > 4 and key.endswith("s") and key[:-1] in partners and not has_han(key)
        if any(map(has_han, set(others).intersection(partners[key[:-1]])))
    }
    return {plural: single for plural, single in found.items() if single not in found}


def stem(key: str) -> str:
    """What a key and its plural have in common."""
    return key.rstrip("s")


def families(said: Statements) -> tuple[list[Family], dict[str, str]]:
    """Bring the terms together.

    Returns:
        The families, ordered by their least key, and key → that least key for every name that belongs to one family.
    """
    family = {key: key for key in said.terms}
    best = {key: clear_partner(said, key) for key in said.partners if key not in said.abbreviations}
    for key, other in best.items():
        if other and has_han(key) and best[other] == key:
            family[key] = family[other] = key
    for key in sorted(said.abbreviations & said.partners.keys()):
        whole = expansion(said, key, family)
        if whole:
            family[key] = family.setdefault(whole, whole)
    # A name that is in no family yet begins one, wherever else it stands.
    family.update({root: root for root in {meant(said, keys, family) for keys in said.keys}})
    groups: dict[str, Family] = {}
    for number, keys in enumerate(said.keys):
        groups.setdefault(meant(said, keys, family), Family(set(), [])).numbers.append(number)
    for key, root in family.items():
        if root in groups:
            groups[root].keys.add(key)
    for root, group in groups.items():
        group.keys.add(root)
    return [group for _root, group in sorted(groups.items())], family


def clear_partner(said: Statements, key: str) -> str:
    """The partner in the other script that is clearly the most frequent, or ""."""
    han = has_han(key)
    across = [
        (-count, other)
        for other, count in said.partners[key].items()
        if has_han(other) != han and other not in said.abbreviations
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
        names = [key for key in said.partners[root] if not has_han(key) and key not in said.abbreviations]
        if names and not any(_alike(latin[0], name) for name in names):
            return latin[0]
    return root


def _alike(name: str, other: str) -> bool:
    from rapidfuzz.fuzz import ratio

    return name in other or other in name or ratio(name, other) >= _ALIKE
