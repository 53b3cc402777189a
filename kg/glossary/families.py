"""Families: names of terms that belong to one concept, by how the definitions of all posts combine them."""

from collections import Counter, defaultdict
from collections.abc import ItemsView, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations
from typing import NamedTuple

from kg.model import Definition
from kg.resolution.forms import converted
from kg.text.folding import fold, fold_all
from kg.text.scripts import has_cjk, is_acronym

_AGREE = 0.75
"""Share of an abbreviation's uses that must refer to one concept."""
_CLEAR = 0.5
"""Share of a name's partners in the other script that the most frequent one must have."""
_ALIKE = 70
"""Similarity, 0 to 100, that an expansion must have to a known name."""
_MOST_NAMES = 100
"""Latin names compared per term."""
LONGEST_NAME = 16
"""Characters of an explanation that may be a term itself."""


class NameKeys:
    """Keys of names: folded, with Chinese characters simplified (OpenCC, https://github.com/BYVoid/OpenCC)."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._singular: dict[str, str] = {}
        self.wide: set[str] = set()
        """Keys with a Chinese, Japanese or Korean letter."""

    def add(self, names: Iterable[str]) -> None:
        """Compute the keys of many names at once, because calls of OpenCC are expensive."""
        keys = fold_all(name for name in names if name not in self._known)
        if "" in keys.values():
            keys = {name: key or name for name, key in keys.items()}
        wide = [key for key in set(keys.values()) if not key.isascii() and has_cjk(key)]
        printable = [key for key in wide if key.isprintable()]
        changed = {old: new for old, new in zip(printable, converted(printable), strict=True) if old != new}
        self.wide.update(changed.get(key, key) for key in wide)
        for to in (changed, self._singular):
            keys |= {name: to[key] for name, key in keys.items() if key in to}
        self._known |= keys

    def every(self) -> frozenset[str]:
        """All keys, and those of plurals that were given the key of their singular."""
        return frozenset(self._known.values()) | self._singular.keys()

    def items(self) -> ItemsView[str, str]:
        """(name as typed, key) for every name added."""
        return self._known.items()

    def merge(self, singular: dict[str, str]) -> None:
        """Give plurals the keys of their singulars."""
        self._singular |= singular
        self._known |= {name: singular[key] for name, key in self._known.items() if key in singular}

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The keys of names added before."""
        return tuple([self._known[name] for name in names])

    def __call__(self, name: str) -> str:
        """The key of a name; if it was not added, traditional characters are not simplified."""
        key = self._known.get(name)
        if key is None:
            key = fold(name) or name
            key = self._singular.get(key, key)
        return key


class Family(NamedTuple):
    """The names of one concept, as keys, and its definitions."""

    keys: set[str]
    numbers: list[int]
    """Indices of its definitions, ascending."""


class DefinitionTable:
    """All definitions with the names they give, and how many posts combine which names."""

    def __init__(self, found: Sequence[tuple[str, Definition]]) -> None:
        """Take (post path, definition) in post order."""
        self.found = found
        self.names: list[tuple[str, ...]] = [(d.term, *d.translations) for _path, d in found]
        """The names each definition gives, as typed, the term first."""
        texts = {number: d.text for number, (_path, d) in enumerate(found) if may_be_name(d)}
        self.key_of = NameKeys()
        self.key_of.add({*chain.from_iterable(self.names), *texts.values()})
        terms = set(self.key_of.of([names[0] for names in self.names]))
        for number, text in texts.items():
            if self.key_of(text) in terms:
                # **API**（Application Programming Interface: 应用程序接口）: the explanation is a term of its own.
                self.names[number] += (text,)
        self.keys = list(map(self.key_of.of, self.names))
        """The keys of `names`."""
        self.partners = self._count()
        """Key → other key → number of posts that give a term both names."""
        self._merge_plurals()
        self.terms = {keys[0] for keys in self.keys}
        """The keys of all terms."""
        self.abbreviations = self._abbreviations()
        self._latin: dict[str, list[str]] = {}

    def latin_names(self, key: str) -> list[str]:
        """The most frequent Latin names, without abbreviations, given together with this one."""
        if key not in self._latin:
            names = [k for k in self.partners[key] if not has_cjk(k) and k not in self.abbreviations]
            if len(names) > _MOST_NAMES:
                names = sorted(names, key=lambda name: (-self.partners[key][name], name))[:_MOST_NAMES]
            self._latin[key] = names
        return self._latin[key]

    def in_order(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """Indices of definitions, sorted by path and position."""
        found = self.found
        return tuple(sorted(numbers, key=lambda n: (found[n][0], found[n][1].line, found[n][1].column)))

    def _abbreviations(self) -> set[str]:
        """Keys that are more often written as abbreviations than not: `TOKEN` now and then does not make it one."""
        return {key for key, vote in votes(self.names, self.key_of).items() if vote > 0}

    def _count(self) -> dict[str, dict[str, int]]:
        """Count in how many posts which names are put together."""
        partners: dict[str, dict[str, int]] = defaultdict(dict)
        for (name, other), count in count_pairs([path for path, _definition in self.found], self.keys).items():
            partners[name][other] = partners[other][name] = count
        return partners

    def _merge_plurals(self) -> None:
        """Join plural and singular that share a Chinese name: `prompts`, `prompt` and 提示词."""
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


def may_be_name(definition: Definition) -> bool:
    """Whether the explanation may be a name of the term."""
    text = definition.text
    return (
        1 < len(text) <= LONGEST_NAME
        and has_cjk(text)
        and not has_cjk("".join((definition.term, *definition.translations)))
    )


def votes(names: Iterable[Sequence[str]], key_of: NameKeys) -> Mapping[str, int]:
    """Key → how often it is written as an abbreviation, minus how often it is not."""
    result: dict[str, int] = defaultdict(int)
    counts = Counter(chain.from_iterable(names))
    for (name, count), key in zip(counts.items(), key_of.of(counts), strict=True):
        result[key] += count if is_acronym(name) else -count
    return result


def count_pairs(paths: Iterable[str], keys: Iterable[Sequence[str]]) -> Counter[tuple[str, str]]:
    """Sorted pair of keys → number of posts that give a term both.

    Args:
        paths: the post path of each definition, grouped by post.
        keys: the keys of the names of each definition.
    """
    counts: Counter[tuple[str, str]] = Counter()
    pairs: dict[tuple[str, str], None] = {}
    before = ""
    for path, own in zip(paths, keys, strict=True):
        if path != before:
            counts.update(pairs.keys())
            before, pairs = path, {}
        if len(own) > 1:
            pairs |= dict.fromkeys(combinations(sorted(set(own)), 2))
    counts.update(pairs.keys())
    return counts


def plurals(partners: Mapping[str, Mapping[str, object]], wide: AbstractSet[str]) -> dict[str, str]:
    """Plural → singular, for those with a common Chinese partner; `wide` holds the Chinese keys."""
    found = {
        key: key[:-1]
        for key, others in partners.items()
        if key.endswith("s") and len(key) > 4 and key[:-1] in partners and not has_cjk(key)
        if not wide.isdisjoint(others.keys() & partners[key[:-1]].keys())
    }
    return {plural: single for plural, single in found.items() if single not in found}


def families(table: DefinitionTable) -> tuple[list[Family], dict[str, str]]:
    """Group the terms into families.

    Returns:
        The families, ordered by root; and key → root for every name that belongs to one. The root is the key of the
        family that the others were joined to.
    """
    family = {key: key for key in table.terms}
    wide, abbreviations = table.key_of.wide, table.abbreviations
    clear = ((key, clear_partner(table, key)) for key in table.partners if key in wide and key not in abbreviations)
    for key, other in clear:
        if other and clear_partner(table, other) == key:
            family[key] = family[other] = key
    for key in sorted(abbreviations & table.partners.keys()):
        whole = expansion(table, key, family)
        if whole:
            family[key] = family.setdefault(whole, whole)
    short = {number: keys for number, keys in enumerate(table.keys) if keys[0] in abbreviations}

    def of_short() -> dict[int, str]:
        return {number: root_of(table, keys, family) for number, keys in short.items()}

    roots = {number: family[keys[0]] for number, keys in enumerate(table.keys)} | of_short()
    if fresh := set(roots.values()) - family.keys():
        # A root that is in no family yet starts one.
        family.update(zip(fresh, fresh, strict=True))
        roots |= of_short()
    groups: dict[str, Family] = defaultdict(lambda: Family(set(), []))
    for number, root in roots.items():
        groups[root].numbers.append(number)
    for key, root in family.items():
        if root in groups:
            groups[root].keys.add(key)
    for root, group in groups.items():
        group.keys.add(root)
    return [groups[root] for root in sorted(groups)], family


def clear_partner(table: DefinitionTable, key: str) -> str:
    """The clearly most frequent partner in the other script, or ""."""
    wide, abbreviations = table.key_of.wide, table.abbreviations
    han = key in wide
    partners = table.partners[key]
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


def expansion(table: DefinitionTable, key: str, family: Mapping[str, str]) -> str:
    """The root of the family that nearly all uses of an abbreviation refer to, or ""."""
    stands_for: Counter[str] = Counter()
    for other, count in table.partners[key].items():
        if other not in table.abbreviations:
            stands_for[family.get(other, other)] += count
    if not stands_for:
        return ""
    whole, count = min(stands_for.items(), key=lambda item: (-item[1], item[0]))
    return whole if count >= _AGREE * stands_for.total() else ""


def root_of(table: DefinitionTable, keys: Sequence[str], family: Mapping[str, str]) -> str:
    """The root of the family that an abbreviation is of: its own, but PR（Public Relations: …）is no pull request."""
    root = family[keys[0]]
    full = [key for key in keys[1:] if key not in table.abbreviations]
    homes = {family[key] for key in full if key in family}
    if homes:
        return root if root in homes else min(homes)
    latin = [key for key in full if not has_cjk(key)]
    if latin and not has_cjk(root) and root != keys[0] and not _alike(latin[0], root):
        return latin[0]
    if latin and has_cjk(root):
        names = table.latin_names(root)
        if names and not any(_alike(latin[0], name) for name in names):
            return latin[0]
    return root


def _alike(name: str, other: str) -> bool:
    from rapidfuzz.fuzz import ratio

    return name in other or other in name or ratio(name, other) >= _ALIKE
