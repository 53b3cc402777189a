"""One spelling with two meanings: CSIS in Washington and in Ottawa, Jonathan Ross the host and the engineer.

Posts tell meanings apart by what they give the name as: its glosses and definitions, put together where they are one
thing or look alike. A second meaning becomes a proposal to split the name if posts that give it keep other company than
those that give the first, and do not explain it alike; each post that gives none goes where its company is. Nothing is
split unless people say so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log

from rapidfuzz import fuzz

from kg.model import Post, Record
from kg.resolution import Resolution
from kg.resolution.context import NAMED
from kg.resolution.evidence.glosses import MAX_PARTNERS
from kg.resolution.forms import bare_all, bare_of, converted, is_wide, simplified
from kg.resolution.groups import Groups
from kg.resolution.names import Key, key_of
from kg.resolution.readings import sound
from kg.resolution.similarity import ROLES, initials
from kg.resolution.surroundings import Surroundings
from kg.text.scripts import HAN

LEAST = 2
"""The number of posts that make a second meaning, ..."""
SHARE = 0.2
"""... and their share of all posts that give the name a meaning."""
APART = 0.75
"""Agreement of what surrounds the company up to which two meanings may be two things, rather than two names of one."""
EXPLAINED_ALIKE = 0.15
"""The share of words that explanations of one thing have in common, of the shorter ones; those of two have fewer."""
_WORD = re.compile(rf"(?=([{HAN}]{{2}}))|([^\W\d_{HAN}]{{4,}})")
"""Two neighbouring Chinese characters, or four letters and more."""
_DESCRIBES = re.compile("^一[家种個个款位]|的")
_ALIKE = 60
_SAME_SOUND = 70


class Meaning(Record, frozen=True):
    """One meaning of a name."""

    name: str
    """What its posts use as another name."""
    posts: tuple[str, ...]
    """Paths, in order."""


class Homonym(Record, frozen=True):
    """A name that posts give two meanings or more."""

    kind: str
    name: str
    sides: tuple[Meaning, ...]
    """The one that most posts mean comes first."""


Given = dict[str, set[int]]
"""Another name, as typed → the posts that give the name as this one."""


def homonyms(
    posts: Sequence[Post], resolution: Resolution, settled: Container[Key], around: Surroundings
) -> list[Homonym]:
    """The names with several meanings, those of most posts first.

    Args:
        posts: in path order.
        resolution: of these posts.
        settled: (kind, bare name) of those that people have said to have one meaning.
        around: the surroundings of all names.
    """
    mentioned, labels = _mentioned(posts, resolution)
    company = _Company(posts, resolution)
    found = []
    for (kind, text), partners in sorted(_given(posts, mentioned).items()):
        if len(partners) < 2 or sum(map(len, partners.values())) < 2 * LEAST or (kind, text) in settled:
            continue
        meanings = _meanings(kind, partners, resolution)
        told = sum(len(numbers) for _name, numbers in meanings)
        own = [meaning for meaning in meanings if len(meaning[1]) >= max(LEAST, SHARE * told)]
        wide = [meaning for meaning in own if is_wide(meaning[0])]
        own = wide if len(wide) > 1 else [meaning for meaning in own if meaning not in wide]
        if len(own) < 2:
            continue
        label = labels[kind, text]
        ends = [sorted(numbers) for _name, numbers in own[:2]]
        if around.agreement(*ends, but={resolution.entity_of(kind, label).iri}) <= APART:
            sides = company.sides(_explained_apart(own, text, posts), mentioned[kind, text])
            if len(sides) > 1:
                paths = [Meaning(name, tuple(posts[number].path for number in numbers)) for name, numbers in sides]
                found.append(Homonym(kind, label, tuple(paths)))
    return sorted(found, key=lambda one: (-sum(len(side.posts) for side in one.sides), one.kind, one.name))


def _mentioned(posts: Iterable[Post], resolution: Resolution) -> tuple[dict[Key, list[int]], dict[Key, str]]:
    """(kind, bare name) → the posts that mention it, except those that the ledger splits off; and → as first typed."""
    mentioned: dict[Key, list[int]] = defaultdict(list)
    labels: dict[Key, str] = {}
    plain = lru_cache(maxsize=None)(bare_of)
    splits = resolution.splits
    for number, post in enumerate(posts):
        for mention in post.mentions:
            if mention.kind not in NAMED or (splits and (post.path, key_of(mention.kind, mention.name)) in splits):
                continue
            key = mention.kind, plain(mention.name)
            if mentioned[key][-1:] != [number]:
                mentioned[key].append(number)
                labels.setdefault(key, mention.name)
    return mentioned, labels


def _given(posts: Sequence[Post], mentioned: Mapping[Key, object]) -> dict[Key, Given]:
    """(kind, bare name) → what all posts, whether they mention it or not, give it as."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, text in mentioned:
        kinds[text].append(kind)
    pairs_of = [[*((gloss.outer, gloss.inner) for gloss in post.glosses), *_translated(post)] for post in posts]
    texts = list({text for pairs in pairs_of for pair in pairs for text in pair})
    to_simple = simplified(texts)
    plain = dict(zip(texts, bare_all([to_simple.get(text, text) for text in texts]), strict=True))
    known = {text: kinds[name] for text, name in plain.items() if name in kinds}
    given: dict[Key, Given] = defaultdict(lambda: defaultdict(set))
    for number, pairs in enumerate(pairs_of):
        for one, two in pairs:
            for name, other in ((one, two), (two, one)):
                if (
                    name in known
                    and _is_name(other, plain[other])
                    and (is_wide(name) != is_wide(other) or _spells_out(name, other))
                ):
                    for kind in known[name]:
                        given[kind, plain[name]][to_simple.get(other, other)].add(number)
    return given


def _translated(post: Post) -> Iterator[tuple[str, str]]:
    return ((one.term, other) for one in post.definitions for other in one.translations)


def _is_name(text: str, plain: str) -> bool:
    """Whether a text may be a name rather than a role or a sort of thing."""
    return plain not in ROLES and not _DESCRIBES.search(text)


def _spells_out(short: str, long: str) -> bool:
    words = tuple(word for word in long.lower().replace("-", " ").split() if word[0].isalnum())
    return len(words) > 1 and bare_of(short) in initials(words)


def _meanings(kind: str, partners: Mapping[str, set[int]], resolution: Resolution) -> list[tuple[str, set[int]]]:
    """The other names of a name, grouped by what they mean: the most frequent one and the posts."""
    groups: Groups[str] = Groups()
    texts = sorted(partners, key=lambda text: (-len(partners[text]), text))[:MAX_PARTNERS]
    entities = [resolution.by_spelling.get((kind, _known(kind, text, resolution))) for text in texts]
    for at, text in enumerate(texts):
        groups.join(text, text)
        for other, entity in zip(texts[:at], entities, strict=False):
            if (
                (entities[at] is not None and entities[at] is entity)
                or (is_wide(text) != is_wide(other) and partners[text] & partners[other])
                or _alike(text, other)
            ):
                groups.join(other, text)
    together: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        together[groups.root(text)].append(text)
    found = [
        (_known(kind, members[0], resolution), set().union(*(partners[text] for text in members)))
        for members in together.values()
    ]
    return sorted(found, key=lambda meaning: (-len(meaning[1]), meaning[0]))


def _explained_apart(
    meanings: Iterable[tuple[str, set[int]]], text: str, posts: Sequence[Post]
) -> list[tuple[str, set[int]]]:
    """The meanings of a name, those that their posts explain alike put together."""
    found: list[tuple[str, set[int], set[str]]] = []
    for name, numbers in meanings:
        words = _explanation(text, (posts[number] for number in sorted(numbers)))
        same = next((one for one in found if _overlap(one[2], words) >= EXPLAINED_ALIKE), None)
        if same is None:
            found.append((name, set(numbers), words))
        else:
            same[1].update(numbers)
            same[2].update(words)
    return [(name, numbers) for name, numbers, _words in found]


def _explanation(text: str, posts: Iterable[Post]) -> set[str]:
    """The words that posts explain a name with."""
    said = [
        one.text.replace("\n", " ")
        for post in posts
        for one in post.definitions
        if one.text and any(bare_of(name) == text for name in (one.term, *one.translations))
    ]
    return {"".join(word).lower() for line in converted(said) for word in _WORD.findall(line)}


def _overlap(one: Collection[str], two: Collection[str]) -> float:
    """The overlap coefficient (https://en.wikipedia.org/wiki/Overlap_coefficient) of two sets; 0 if either is empty."""
    return len({*one} & {*two}) / min(len(one), len(two)) if one and two else 0.0


def _known(kind: str, text: str, resolution: Resolution) -> str:
    """The longest end of a run of characters that is a name, or all of it: 以及美银 is 美银."""
    ends = (text[start:] for start in range(len(text) - 1)) if is_wide(text) else ()
    return next((end for end in ends if (kind, end) in resolution.by_spelling), text)


def _alike(one: str, two: str) -> bool:
    """Whether two names in one script could be spellings of one; text that runs into the name does not count."""
    a, b = sorted((bare_of(one), bare_of(two)), key=len)
    head, tail = b[: len(a)], b[-len(a) :]
    if is_wide(a) and is_wide(b):
        letters = iter(b)
        return (
            all(letter in letters for letter in a)
            or max(fuzz.ratio(a, head), fuzz.ratio(a, tail)) >= _ALIKE
            or fuzz.ratio(sound(a), sound(tail)) >= _SAME_SOUND
        )
    if _spells_out(one, two) or _spells_out(two, one):
        return True
    return a in b or fuzz.ratio(a, b) >= _ALIKE or fuzz.token_set_ratio(one.lower(), two.lower()) >= _SAME_SOUND


class _Company:
    """The other mentions in the posts that mention a name."""

    def __init__(self, posts: Sequence[Post], resolution: Resolution) -> None:
        self._of = [
            frozenset(
                resolution.entity_of(mention.kind, mention.name, post.path).iri
                for mention in post.mentions
                if mention.kind in NAMED
            )
            for post in posts
        ]
        spread = Counter(chain.from_iterable(self._of))
        self._rarity = {iri: log((len(posts) + 1) / times) for iri, times in spread.items()}

    def sides(self, meanings: Sequence[tuple[str, set[int]]], posts: Iterable[int]) -> list[tuple[str, list[int]]]:
        """The meanings with the posts that mention the name; a post that tells none joins one with similar company."""
        profiles = [self._profile(numbers) for _name, numbers in meanings]
        sides: list[list[int]] = [[] for _ in meanings]
        for number in posts:
            near = [
                (number in own, sum(profile.get(iri, 0.0) for iri in self._of[number]) / (sum(profile.values()) or 1.0))
                for (_name, own), profile in zip(meanings, profiles, strict=True)
            ]
            sides[near.index(max(near))].append(number)
        return [(name, side) for (name, _own), side in zip(meanings, sides, strict=True) if side]

    def _profile(self, numbers: Iterable[int]) -> dict[str, float]:
        times = Counter(iri for number in numbers for iri in self._of[number])
        return {iri: count * self._rarity[iri] for iri, count in times.items()}
