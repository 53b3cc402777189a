"""Which names in bodies count as mentions: the word `Teams` in a body need not mean the product.

The posts themselves tell: of the posts whose bodies contain a name, we count those whose metadata lists what it names.
For `Nvidia` that is four in five, for `Teams` one in fifty. A name that is rarely listed where it occurs is a common
word, or something the author never lists, and is not proposed.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.model import IRI, Entity
from kg.reading.mining.code import CodeRegions, within
from kg.text.scripts import has_cjk

SHARE = 0.2
"""A name must be listed in at least this share of the posts that contain it …"""
SHARE_DISTINCTIVE = 0.08
"""… or in this share if it is distinctive: a full name."""
SHARE_FIRST_NAME = 0.5
"""The share for a person named by one Latin word: many people are called Ray."""
SHARE_SHORT = 0.6
"""The share for a name of two Chinese characters that a body contains once."""
LISTED = 2
"""The number of posts that must both contain and list a single word."""
MIN_LATIN = 3
_FEW_PAIRS = 10_000
"""Up to this many pairs of names, comparing them one by one is faster."""
MIN_HAN = 2

_WORD = r"A-Za-z0-9_\u00c0-\u024f"
_DOTS = "·・‧•"
_NOT_BEFORE = re.compile(f"[{_WORD}/@#.{_DOTS}-]")
_NOT_AFTER = re.compile(rf"[{_WORD}@{_DOTS}]|[.-][0-9]|\.[A-Za-z]|[-/][A-Za-z0-9]")
_IS_WORD = re.compile(f"[{_WORD}]").match
_NAME_GOES_ON = re.compile(r" (?:[A-Z][a-z0-9]|[A-Z0-9]+\b)").match
_LAST_WORD = re.compile(r"([\w'’-]+) \Z")
_BEFORE_A_NAME = """
The A An In And But So If When At By For With From On Of To As That This These Is Are Was Were How Why What Who Or Not
Yes No Now Then While Because Since After Before Between Like Than Both Also Even Only Via Our Their His Her My Your
President Senator Chairman Governor Minister CEO Mr Mrs Ms Dr Professor Prof
"""
_SENTENCE_WORDS = frozenset(_BEFORE_A_NAME.split())
_TAG = re.compile(r"<(?:/|[^\W\d_])[^<>\n]*+")
_ADDRESS = re.compile(r"://[^ (\n]*+")
_FULL_NAME = re.compile(
    rf"[A-Z\u00c0-\u00de][\w.'’-]*(?: [\w.'’-]+)* [A-Z\u00c0-\u00de][\w.'’-]*|.{{2,}}[{_DOTS}].{{2,}}"
)


class Finder:
    """Finds known names in bodies: the longest at each place, and whole words only.

    Aho and Corasick 1975 (https://doi.org/10.1145/360825.360855), leftmost-longest, so that `S&P 500` is never `S&P`.
    """

    def __init__(self, names: Iterable[str], wanted: Iterable[str]) -> None:
        """Index all known names, because the longest one counts; only the `wanted` ones are reported."""
        from ahocorasick_rs import AhoCorasick, MatchKind

        self._names = sorted(name for name in set(names) if len(name) >= MIN_HAN)
        reported = set(filter(can_prove, wanted))
        self._wanted = [name in reported for name in self._names]
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def find(self, body: str) -> dict[str, tuple[int, int]]:
        """Name → the offset of its first occurrence in code points, and the number of occurrences."""
        names: dict[str, tuple[int, int]] = {}
        prose: _Prose | None = None
        for number, start, end in self._automaton.find_matches_as_indexes(body):
            if not self._wanted[number]:
                continue
            name = self._names[number]
            if not _is_whole(body, name, start, end):
                continue
            prose = prose or _Prose(body)
            if start in prose:
                held = names.get(name)
                names[name] = (held[0], held[1] + 1) if held else (start, 1)
        return names


def _is_whole(body: str, name: str, start: int, end: int) -> bool:
    before, after = body[start - 1 : start], body[end : end + 1]
    if (before and before in _DOTS) or (after and after in _DOTS):
        return False
    if _IS_WORD(name[0]) and before and _NOT_BEFORE.match(before):
        return False
    if not _IS_WORD(name[-1]):
        return True
    if _NOT_AFTER.match(body, end):
        return False
    # Part of a longer name: the `Block` of `Block Island`, the `Gemini 3` of `Gemini 3 Flash`.
    if after == " " and _NAME_GOES_ON(body, end):
        return False
    if before != " ":
        return True
    word = _LAST_WORD.search(body, max(0, start - 30), start)
    return word is None or not word[1][0].isupper() or word[1] in _SENTENCE_WORDS


def is_part(name: str, other: str) -> bool:
    """Whether one name contains another; Latin ones as whole words: `meta` in `meta platforms`, not `ai` in `openai`.

    >>> is_part("glp-1", "glp-1s"), is_part("ai", "openai"), is_part("英伟达", "英伟达公司")
    (True, False, True)
    """
    at = other.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if _is_edge(other[at - 1 : at], name[0]) and (
            _is_edge(name[-1], other[end : end + 1]) or (other[end] == "s" and _is_edge("s", other[end + 1 : end + 2]))
        ):
            return True
        at = other.find(name, at + 1)
    return False


def overlapping(names: Iterable[str], others: Iterable[str]) -> set[str]:
    """The names that contain one of the others, or are contained in one: see `is_part`."""
    one, two = sorted(set(names) - {""}), sorted(set(others) - {""})
    if len(one) * len(two) <= _FEW_PAIRS:
        return {name for name in one if any(is_part(name, other) or is_part(other, name) for other in two)}
    return {name for name, _other in _parts(one, two)} | {name for _other, name in _parts(two, one)}


def _parts(names: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of a name and another that contains it."""
    from ahocorasick_rs import AhoCorasick

    automaton = AhoCorasick(names)
    for other in others:
        for number in {number for number, _start, _end in automaton.find_matches_as_indexes(other, overlapping=True)}:
            if is_part(names[number], other):
                yield names[number], other


def _is_edge(before: str, after: str) -> bool:
    """Whether there is a boundary of Latin words between two characters."""
    return not (before and after and _IS_WORD(before) and _IS_WORD(after))


class _Prose:
    """The parts of a body that are not code, HTML tags or web addresses."""

    def __init__(self, body: str) -> None:
        self._code = CodeRegions(body)
        self._tags = [match.span() for match in _TAG.finditer(body)] if "<" in body else []
        self._addresses = [match.span() for match in _ADDRESS.finditer(body)]

    def __contains__(self, at: int) -> bool:
        return not (within(self._tags, at) or within(self._addresses, at) or at in self._code)


class Attestation(NamedTuple):
    """How often a name occurs in bodies, and how often those posts list what it names."""

    written: int
    """Posts whose body contains the name and which list something of its kind."""
    listed: int
    """Those of them that list the entity."""

    @property
    def share(self) -> float:
        """The share in [0, 1), lower for small counts."""
        return self.listed / (self.written + 1)


def attest(
    found: Mapping[str, Collection[str]],
    meanings: Mapping[str, Sequence[Entity]],
    listed: Mapping[str, frozenset[IRI]],
    kinds: Mapping[str, frozenset[str]],
) -> dict[tuple[str, IRI], Attestation]:
    """Count, for each name and each entity it may mean.

    Args:
        found: post path → the names in its body, each once.
        meanings: name → entities that have it.
        listed: post path → what its metadata lists.
        kinds: post path → the kinds of what it lists.
    """
    written: dict[tuple[str, IRI], list[int]] = defaultdict(lambda: [0, 0])
    for path, names in found.items():
        for name in names:
            for entity in meanings.get(name, ()):
                if kinds[path] and entity.is_a(kinds[path]):
                    count = written[name, entity.iri]
                    count[0] += 1
                    count[1] += entity.iri in listed[path]
    return {key: Attestation(*count) for key, count in written.items()}


def is_doubtful(name: str, times: int, attestation: Attestation) -> bool:
    """Whether a name of two Chinese characters occurs once and often means something else: 苹果 is a fruit."""
    return len(name) == MIN_HAN and has_cjk(name) and times < 2 and attestation.share < SHARE_SHORT


def can_prove(name: str) -> bool:
    """Whether a name is long enough and capitalised like one."""
    return len(name) >= (MIN_HAN if has_cjk(name) else MIN_LATIN) and not name.islower() and not name.isnumeric()


def proves(name: str, kind: str, attestation: Attestation) -> bool:
    """Whether an occurrence of a name is enough to propose what it names."""
    if _FULL_NAME.fullmatch(name):
        return attestation.share >= SHARE_DISTINCTIVE
    if kind == "person" and not has_cjk(name):
        return attestation.listed > LISTED and attestation.share >= SHARE_FIRST_NAME
    return attestation.listed >= LISTED and attestation.share >= SHARE
