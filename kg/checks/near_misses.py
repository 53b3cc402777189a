"""Probable misspellings in fields with few values: `evengreen`, where 2,872 posts have `evergreen`.

Nobody has to list the values. A field whose values repeat (category, area, status, layout …) behaves like a controlled
vocabulary, and in one a rare value that looks like a frequent one is a slip far more often than a new idea.
`values` of a field in kg.toml lists what is right if there should be no doubt.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from posixpath import commonprefix
from typing import NamedTuple

from kg.config import Config
from kg.diagnostics import diagnose, in_order, note_of
from kg.fields import known, singular
from kg.iris import typed_field
from kg.model import Diagnostic, Post
from kg.namespaces import FIELD, JSON, XSD
from kg.text.folding import caseless

_NAMES = frozenset({"person", "organization", "product", "work", "tag", "series", "post", "concept"})
"""Kinds with an unlimited number of members."""
_PLAIN = ("", XSD + "string")
_MIN_USES = 10
_MIN_REPEATED = 5
"""Average number of uses of a value in a controlled vocabulary."""
_RARE = 0.1
"""Maximum frequency of a misspelling, relative to the correct value."""
_RARER = 0.25
"""The same if only case or punctuation differ; anything more frequent is another habit, not a mistake."""
_SLIPS = (5, 9, 15)
"""Minimum length of a value with one, two and three typing errors."""
_LONGEST = 100
"""Characters; anything longer is a sentence, not a value of a vocabulary."""
_CROWD = 100
"""Maximum number of values that are compared one by one."""
_FILE = re.compile(r"\.[A-Za-z]\w{1,4}\Z")
_CLOSED = re.compile(
    r"(?i:true|false|yes|no|on|off)|[-+]?[\d.,:/ -]*\d%?|\[\[[^\[\]]*\]\]|(?=\D*\d)(?i:[a-f\d-]{12,})|\W+"
)
"""Booleans, numbers, dates, keys of machines and `★★☆`, similar by nature, and links, for which KG304 counts."""
_MARKS = re.compile(r"[\s_\-‐-―\"'`“”„‘’‚«»‹›「」『』《》〈〉]+")
"""Spaces, underscores, hyphens and dashes, quotation marks."""


class _Use(NamedTuple):
    """One use of a value."""

    path: str
    line: int
    column: int


Vocabulary = dict[str, list[_Use]]
"""Value as typed → its uses."""


def near_misses(posts: Sequence[Post], config: Config | None = None) -> list[Diagnostic]:
    """Report rare values that resemble a frequent one, belong to another field, or are not allowed.

    Args:
        posts: all posts.
        config: its `[fields]` may list the `values` of a field; they are then the only right ones.

    Returns:
        KG401, KG402 and KG403, by path and place.
    """
    allowed = {key.lower(): entry.values for key, entry in config.fields.items() if entry.values} if config else {}
    used = _vocabularies(posts, allowed)
    controlled = {field: values for field, values in used.items() if field not in allowed and _is_controlled(values)}
    elsewhere: dict[str, _Elsewhere] = defaultdict(_Elsewhere)
    for field in sorted(controlled):
        for value, times in _frequent(controlled[field]).items():
            elsewhere[value].add(field, times)
    found: list[Diagnostic] = []
    for field, values in used.items():
        if field in allowed:
            found += _not_allowed(field, values, allowed[field])
        elif field in controlled:
            found += _slips(field, values, elsewhere)
    return in_order(found)


def _vocabularies(posts: Iterable[Post], allowed: Collection[str]) -> dict[str, Vocabulary]:
    """Field → its values; fields of names and of dates, numbers and addresses only where `allowed` names them."""
    used: dict[str, Vocabulary] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        for mention in post.mentions:
            field = mention.field.lower()
            if field != "body" and (field in allowed or mention.kind not in _NAMES):
                used[field][mention.name].append(_Use(post.path, mention.line, mention.column))
        for attribute in post.attributes:
            field = attribute.field.lower()
            row = known(field) if field else None
            # What was typed where names stand is checked name by name, and languages are corrected.
            apart = row is not None and (row.kind or row.role == "language")
            is_text = attribute.datatype in _PLAIN and not (attribute.language or apart)
            if field and attribute.datatype != JSON and (field in allowed or is_text):
                if field not in allowed and attribute.predicate.startswith(FIELD):
                    field = typed_field(attribute.predicate.removeprefix(FIELD)).lower()  # `extra.team`
                used[field][attribute.value].append(_Use(post.path, attribute.line, attribute.column))
    return used


def _is_controlled(values: Vocabulary) -> bool:
    uses = sum(map(len, values.values()))
    return uses >= _MIN_USES and uses >= _MIN_REPEATED * len(values)


def _frequent(values: Vocabulary) -> dict[str, int]:
    """The values that are frequent enough to be misspelt."""
    uses = sum(map(len, values.values()))
    return {value: len(places) for value, places in values.items() if len(places) >= max(3, uses // 500)}


def _slips(field: str, values: Vocabulary, elsewhere: "Mapping[str, _Elsewhere]") -> Iterator[Diagnostic]:
    """KG401 and KG402, given the fields in which values are frequent."""
    counts = {value: len(places) for value, places in values.items()}
    ranked = sorted(counts, key=lambda value: (-counts[value], value))
    same = {_letters(value): value for value in reversed(ranked)}
    least = min(counts.values(), default=0)
    neighbours = _Neighbours([value for value in ranked if least <= _RARE * counts[value]], counts)
    folders = _Folders(values)
    for value, places in values.items():
        if len(value) > _LONGEST or _CLOSED.fullmatch(value):
            continue
        meant = same[_letters(value)]
        sure = meant != value and not _FILE.search(value)
        if meant == value or len(places) > _RARER * counts[meant]:
            rare = (other for other in neighbours.of(value) if len(places) <= _RARE * counts[other])
            meant = next(rare, "")
            sure = bool(meant) and is_slip_of_one_key(value, meant)
        if meant:
            message = f"{field}: {value!r} is near {meant!r}, which {counts[meant]:,} posts have"
            row = known(field)
            # One name, here and in the addresses that tools make of it; and in a phrase nobody minds capitals.
            names = row is not None and row.kind
            one = _same_address(value, meant) if names else value.count(" ") > 1 and caseless(value) == caseless(meant)
            for path, line, column in places:
                found = diagnose(path, line, column, "KG401", message)
                yield found if sure and not one and folders.know(meant, path) else note_of(found)
        elif (there := elsewhere.get(value)) and field not in there.fields:
            other, times = there.with_more_than(len(places) / _RARE)
            if other and not _one_field(field, other):
                message = f"{field}: {value!r} is a value of {other} ({times:,} posts), not of {field}"
                yield from (diagnose(path, line, column, "KG402", message) for path, line, column in places)


class _Folders:
    """Where values are used: a folder in which nobody writes the frequent one has words of its own."""

    def __init__(self, values: Vocabulary) -> None:
        self._values = values
        self._uses: Counter[str] = Counter()
        self._using: dict[str, set[str]] = {}

    def know(self, value: str, path: str) -> bool:
        """Whether a value is used in the nearest folder around a post that has enough uses of any."""
        if not self._uses:
            self._uses.update(
                folder for places in self._values.values() for use in places for folder in _around(use.path)
            )
        if value not in self._using:
            self._using[value] = {folder for use in self._values[value] for folder in _around(use.path)}
        return next(f for f in _around(path) if not f or self._uses[f] >= _MIN_USES) in self._using[value]


def _around(path: str) -> Iterator[str]:
    """The folders around a post, from its own to CONTENT, which is ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _one_field(field: str, other: str) -> bool:
    """Whether two fields mean the same: `category` and `categories`, `tag` and `keywords`."""
    row, another = known(field), known(other)
    same = row is not None and another is not None and (row.predicate, row.kind) == (another.predicate, another.kind)
    return same or singular(field) == singular(other)


class _Elsewhere:
    """The fields in which a value is frequent."""

    def __init__(self) -> None:
        self.fields: set[str] = set()
        self._more: list[tuple[int, str]] = []
        """(count, field), only if the count is higher than in all previous fields."""

    def add(self, field: str, times: int) -> None:
        """Add a field; fields come in sorted order."""
        self.fields.add(field)
        if not self._more or times > self._more[-1][0]:
            self._more.append((times, field))

    def with_more_than(self, times: float) -> tuple[str, int]:
        """The first field in which the value is more frequent, and the count; ("", 0) if there is none."""
        at = bisect_right(self._more, times, key=lambda item: item[0])
        return (self._more[at][1], self._more[at][0]) if at < len(self._more) else ("", 0)


class _Neighbours:
    """Finds similar values without comparing all pairs.

    A slip changes four runs of three characters at most (where two change places). So where n slips lie between two
    values, the 4n + 1 rarest runs of either have one in common: Chaudhuri et al. 2006,
    https://doi.org/10.1109/ICDE.2006.9. Of values that share a run, the first `_CROWD` are looked at: a vocabulary
    with more of them is not controlled.
    """

    def __init__(self, wanted: Sequence[str], every: Iterable[str]) -> None:
        """Take the values that may be found, best first, and all that are used: these tell which runs are rare."""
        self._uses = Counter(run for value in every if _forgiven(value) for run in _runs(value))
        self._rank = {value: place for place, value in enumerate(wanted)}
        self._having: dict[_Run, list[str]] = defaultdict(list)
        for value in wanted:
            for run in self._rarest(value):
                if len(self._having[run]) < _CROWD:
                    self._having[run].append(value)

    def of(self, value: str) -> Iterator[str]:
        """The values that this one may be a misspelling of, best first."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract_iter

        candidates = {other for run in self._rarest(value) for other in self._having.get(run, ())}
        ranked = sorted(candidates, key=self._rank.__getitem__)
        close = extract_iter(value, ranked, scorer=OSA.distance, score_cutoff=_forgiven(value))
        return (other for other, _slips, _key in close if _near(value, other))

    def _rarest(self, value: str) -> "list[_Run]":
        slips = _forgiven(value)
        return nsmallest(4 * slips + 1, _runs(value), key=lambda run: (self._uses[run], run)) if slips else []


_Run = tuple[str, int]
"""Three characters, and how many runs like it stand before it."""


def _runs(value: str) -> list[_Run]:
    """All runs of a value, including those across its ends."""
    seen: Counter[str] = Counter()
    runs = []
    framed = f"\n\n{value}\n\n"
    for start in range(len(value) + 2):
        run = framed[start : start + 3]
        runs.append((run, seen[run]))
        seen[run] += 1
    return runs


def _forgiven(value: str) -> int:
    """Maximum number of typing errors in a value."""
    return bisect_right(_SLIPS, len(value)) if len(value) <= _LONGEST else 0


def _letters(value: str) -> str:
    """The key of values that differ only in case, quotation marks, spaces, hyphens or underscores."""
    return _MARKS.sub("", caseless(value)) or value


def _same_address(value: str, other: str) -> bool:
    """Whether tools make one address of two names, in which a space is a hyphen."""
    return caseless(value).replace(" ", "-") == caseless(other).replace(" ", "-")


def _near(value: str, other: str) -> bool:
    """Whether two long enough values differ by a few typing errors; file names never do.

    Damerau 1964, https://doi.org/10.1145/363958.363994.
    """
    from rapidfuzz.distance import OSA

    slips = min(_forgiven(value), _forgiven(other))
    if not slips or abs(len(value) - len(other)) > slips or _FILE.search(value):
        return False
    if OSA.distance(value, other, score_cutoff=slips) > slips:
        return False
    words, others = (re.split(r"[\s_-]+", each) for each in (value, other))
    if len(words) == len(others) > 1 and not all(a == b or _near(a, b) for a, b in zip(words, others, strict=True)):
        return False  # `put method` and `get method`: the word that differs is too short for a slip
    digits, others_digits = (re.sub(r"\D", "", each) for each in (value, other))
    return digits == others_digits  # `week-12` and `week-13` are different, and so are keys of machines


def is_slip_of_one_key(value: str, other: str) -> bool:
    """Whether one letter within a long word is wrong, missing, doubled or in its neighbour's place.

    At the ends of words, letters make other words of them: `post` and `posts`, `typed` and `untyped`.
    """
    from rapidfuzz.distance import OSA

    start = len(commonprefix([value, other]))
    end = len(commonprefix([value[start:][::-1], other[start:][::-1]]))
    changed = value[start : len(value) - end] + other[start : len(other) - end]
    return min(start, end) > 0 and changed.isalpha() and OSA.distance(value, other) == 1


def _not_allowed(field: str, values: Vocabulary, allowed: Sequence[str]) -> Iterator[Diagnostic]:
    same = {_letters(right): right for right in reversed(allowed)}
    right = set(allowed)
    neighbours = _Neighbours(list(dict.fromkeys(allowed)), [*right, *values])
    for value, places in values.items():
        if value in right:
            continue
        near = same.get(_letters(value)) or next(neighbours.of(value), None)
        hint = (
            f"write {near!r}"
            if near
            else f"kg.toml allows {', '.join(map(repr, allowed[:8]))}" + " …" * (len(allowed) > 8)
        )
        yield from (
            diagnose(path, line, column, "KG403", f"{field}: {value!r} is not allowed; {hint}")
            for path, line, column in places
        )
