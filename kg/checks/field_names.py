"""Probable misspellings of field names: `decription`, where 641 posts have `description`.

A slip of one key within a word, in few posts of which none has the field that is meant: rather too few than wrong. At
the ends of words, letters make other words: `feature` and `featured`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from pathlib import Path

from kg.checks.near_misses import is_slip_of_one_key
from kg.config import Config, Limits
from kg.diagnostics import diagnose
from kg.fields import SUGGESTED, known, plain_key
from kg.model import Attribute, Diagnostic, Mention, Post
from kg.reading.bodies import text_of
from kg.reading.editing import FrontMatter

_SHORTEST = 5
_MIN_USES = 10
_CROWD = 200
"""Maximum number of fields that the others are compared with."""
_RARE = 0.05
"""Maximum number of posts with a misspelling, relative to those with the field."""
_WORDS = frozenset({
    "autor", "categorias", "langage", "locate", "pasted", "persoon", "projekt", "projet", "protect", "ressource",
    "ressources", "stats", "tilde", "titre",
})  # fmt: skip
"""Words of some language that are near a common field."""


def misspelt_fields(content: Path, posts: Sequence[Post], config: Config) -> Iterator[Diagnostic]:
    """KG404: a rare field is near a frequent one.

    Args:
        content: the folder of the posts.
        posts: all posts.
        config: its `[fields]` are right as they are, and so are fields that `kg` knows.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract_iter

    uses: dict[str, dict[int, Attribute | Mention]] = defaultdict(dict)
    """Field → the number of a post → the first value in it."""
    for number, post in enumerate(posts):
        values: Iterable[Attribute | Mention] = (*post.mentions, *post.attributes)
        for value in values:
            if value.field:
                uses[plain_key(value.field)].setdefault(number, value)
    most = nlargest(_CROWD, uses, key=lambda field: len(uses[field]))
    frequent = [field for field in most if len(uses[field]) >= _MIN_USES]
    right = {*map(plain_key, config.fields), *_WORDS, *SUGGESTED}
    for field, found in uses.items():
        if len(field) < _SHORTEST or field in right or known(field):
            continue
        for meant, _slips, _place in extract_iter(field, frequent, scorer=OSA.distance, score_cutoff=1):
            others = uses[meant]
            rare = len(found) <= _RARE * len(others) and found.keys().isdisjoint(others)
            if rare and is_slip_of_one_key(field, meant):
                usual = Counter(value.field for value in others.values()).most_common(1)[0][0]
                for number, value in found.items():
                    line, column = _place_of(content, posts[number].path, value)
                    message = f"{value.field!r} is near {usual!r}, a field of {len(others):,} posts; write that"
                    yield diagnose(posts[number].path, line, column, "KG404", message)
                break


def _place_of(content: Path, path: str, value: Attribute | Mention) -> tuple[int, int]:
    """Where the key of a value stands, or else the value."""
    source = FrontMatter.read(text_of(content, path), Limits())
    keys = (key for key, _value in source.fields.entries if key.text == value.field) if source else iter(())
    return next(((key.line, key.column) for key in keys), (value.line, value.column))
