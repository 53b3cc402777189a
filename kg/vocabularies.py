"""Values that are nearly right, in fields whose values are few: `evengreen`, where 2,872 posts say `evergreen`.

Nobody has to list the values. A field whose values repeat (category, area, status, layout …) behaves like a controlled
vocabulary, and in one a rare value that looks like a frequent one is a slip far more often than a new idea.
`values` of a field in kg.toml says what is right where there is to be no doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kg.diagnostics import diagnose
from kg.folding import fold
from kg.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.config import Config
    from kg.model import Diagnostic, Post

_NAMES = frozenset({"person", "organization", "product", "work", "tag", "series", "post", "concept"})
"""Kinds with no end of members."""
_PLAIN = ("", XSD + "string")
_MIN_USES = 10
_MIN_REPEATED = 5
"""How often a value of a controlled vocabulary is used on average."""
_RARE = 0.1
"""A near miss is at most this often as frequent as the value it misses."""
_SLIPS = (5, 9, 15)
"""Characters a value must have for one slip of the finger to be forgiven, for two, for three."""
_FILE = re.compile(r"\.[A-Za-z]\w{1,4}\Z")
_NOT_LETTERS = re.compile(r"[\W_]+")


class _Use(NamedTuple):
    """One value in one place."""

    path: str
    line: int
    column: int


Vocabulary = dict[str, list[_Use]]
"""Value as typed → where it stands."""


def near_misses(posts: Sequence[Post], config: Config | None = None) -> list[Diagnostic]:
    """Point at rare values that miss a frequent one, belong to another field, or are not among those allowed.

    Args:
        posts: all posts.
        config: its `[fields]` may list the `values` of a field; they are then the only right ones.

    Returns:
        KG401, KG402 and KG403, by path and place.
    """
    allowed = {key.lower(): entry.values for key, entry in config.fields.items() if entry.values} if config else {}
    used = _vocabularies(posts)
    controlled = {field: values for field, values in used.items() if field not in allowed and _is_controlled(values)}
    frequent = {field: _frequent(values) for field, values in controlled.items()}
    found: list[Diagnostic] = []
    for field, values in used.items():
        if field in allowed:
            found += _not_allowed(field, values, allowed[field])
        elif field in controlled:
            found += _slips(field, values, frequent)
    return sorted(found, key=lambda d: (d.path, d.line, d.column, d.code, d.message))


def _vocabularies(posts: Iterable[Post]) -> dict[str, Vocabulary]:
    """Field → its values; fields of names and of dates, numbers and addresses are left out."""
    used: dict[str, Vocabulary] = defaultdict(lambda: defaultdict(list))
    for post in posts:
        for mention in post.mentions:
            if mention.kind not in _NAMES and mention.field != "body":
                used[mention.field.lower()][mention.name].append(_Use(post.path, mention.line, mention.column))
        for attribute in post.attributes:
            if attribute.field and attribute.datatype in _PLAIN and not attribute.language:
                place = _Use(post.path, attribute.line, attribute.column)
                used[attribute.field.lower()][attribute.value].append(place)
    return used


def _is_controlled(values: Vocabulary) -> bool:
    uses = sum(map(len, values.values()))
    return uses >= _MIN_USES and uses >= _MIN_REPEATED * len(values)


def _frequent(values: Vocabulary) -> dict[str, int]:
    """The values that are frequent enough to be missed."""
    uses = sum(map(len, values.values()))
    return {value: len(places) for value, places in values.items() if len(places) >= max(3, uses // 500)}


def _slips(field: str, values: Vocabulary, frequent: Mapping[str, Mapping[str, int]]) -> Iterator[Diagnostic]:
    for value, places in values.items():
        meant = _missed(value, len(places), values)
        if meant is not None:
            message = f"{field}: {value!r} is near {meant!r}, which {len(values[meant]):,} posts have"
            yield from (diagnose(path, line, column, "KG401", message) for path, line, column in places)
        elif value not in frequent[field]:
            for other, there in sorted(frequent.items()):
                if other != field and there.get(value, 0) > len(places) / _RARE:
                    message = f"{field}: {value!r} is a value of {other} ({there[value]:,} posts), not of {field}"
                    yield from (diagnose(path, line, column, "KG402", message) for path, line, column in places)
                    break


def _missed(value: str, count: int, values: Vocabulary) -> str | None:
    """The frequent value that a rare one misses: the same letters, or nearly."""
    alike = [
        (not _same(value, other), -len(places), other)
        for other, places in values.items()
        if other != value and (_same(value, other) or _near(value, other))
        if (len(places) > count if _same(value, other) else count <= _RARE * len(places))
    ]
    return min(alike)[2] if alike else None


def _same(value: str, other: str) -> bool:
    """Whether only case, quotation marks, blanks, hyphens or underscores differ."""
    return _letters(value) == _letters(other)


def _letters(value: str) -> str:
    return _NOT_LETTERS.sub("", fold(value)) or value


def _near(value: str, other: str) -> bool:
    """Whether a few slips of the finger lie between two values of some length; not so of names of files.

    Damerau 1964, https://doi.org/10.1145/363958.363994.
    """
    from rapidfuzz.distance import OSA

    shorter = min(len(value), len(other))
    slips = 0 if _FILE.search(value) else bisect_right(_SLIPS, shorter)
    if not slips or OSA.distance(value, other, score_cutoff=slips) > slips:
        return False
    return not _differ_in_digits(value, other)


def _differ_in_digits(value: str, other: str) -> bool:
    """`week-12` and `week-13` are two things."""
    return re.sub(r"\d", "", value) == re.sub(r"\d", "", other)


def _not_allowed(field: str, values: Vocabulary, allowed: Sequence[str]) -> Iterator[Diagnostic]:
    for value, places in values.items():
        if value in allowed:
            continue
        near = next((other for other in allowed if _same(value, other)), None) or next(
            (other for other in allowed if _near(value, other)), None
        )
        hint = (
            f"write {near!r}"
            if near
            else f"kg.toml allows {', '.join(map(repr, allowed[:8]))}" + " …" * (len(allowed) > 8)
        )
        yield from (
            diagnose(path, line, column, "KG403", f"{field}: {value!r} is not allowed; {hint}")
            for path, line, column in places
        )
