"""One name under several kinds: `OpenAI` is an organization here, a product there, and a tag elsewhere.

Most names that are written alike are one thing, whatever field they stand in. How likely that is without any further
evidence depends on the two kinds and on how telling the name is; the company that the names keep adds to it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from kg.resolution.evidence import Clue, clue
from kg.resolution.forms import Form, Forms, parted
from kg.resolution.glossed import Glossed
from kg.resolution.names import is_topic
from kg.resolution.similarity import ROLES

KIND = "kinds"
"""The kind of these clues. Their strength and the agreement of the company that both keep have to add up to 1."""
WORKS = frozenset({"work", "series"})
TOGETHER = 0.2
"""What it adds that every post with the rarer of the two kinds names the thing under the other one as well."""
FAR_MORE = 5
"""Ratio of mentions from which a rare kind is a slip, and a frequent topic is a word that is also a name."""
KNOWN = 10
"""Mentions from which a name is known for one thing; below, `Apollo` may be a fund here and a program there."""
LITTLE_KNOWN = 0.9
"""For two things that one word names, neither of them known."""
SLIP = 0.997
"""For a topic that is far rarer than the thing: any company at all is enough."""
CAPITALS = 0.9
"""For things that are capitalised differently: `SWIFT` is not Swift, and `ReAct` is not React."""
NEVER = -1.0
_INNER_CAPITAL = re.compile(r"[^\W\d_A-Z][A-Z]|(?<=\w)[.+]")
"""Or a mark: Arena.ai, Disney+."""


def find(forms: Forms, topics: Collection[str], proper: Collection[str]) -> Iterator[Clue]:
    """Pairs of forms of two kinds with one bare text.

    Args:
        forms: all, or all with some bare texts.
        topics: the kinds whose names are subjects rather than things: tags, categories …
        proper: bare texts of names that are not words: see `proper_names`.
    """
    for alike in forms.by_bare.values():
        for a, b in combinations(alike, 2):
            if a.kind != b.kind:
                together = len(set(a.posts).intersection(b.posts)) / min(len(a.posts), len(b.posts))
                likely = _likely(a, b, topics, proper=a.bare in proper) + TOGETHER * together
                yield clue(a.number, b.number, KIND, likely, times=min(a.count, b.count))


def proper_names(glossed: Iterable[Glossed]) -> set[str]:
    """Bare texts that bodies always capitalise, at least twice: `China`, but not `Benchmark`, a benchmark.

    Of the inner names of glosses; those all in capitals say nothing.
    """
    times: dict[str, int] = defaultdict(int)
    words: set[str] = set()
    for one in glossed:
        if one.inner[0].islower():
            words.add(one.bare)
        elif not one.inner.isupper():
            times[one.bare] += len(one.places)
    return {bare for bare, count in times.items() if count > 1} - words


def is_someone(form: Form) -> bool:
    """Whether posts mean a person. A role alone does not say so: channels and companies are authors and speakers."""
    return form.kind == "person" and 2 * form.roles < form.count


def are_namesakes(a: Form, b: Form) -> bool:
    """Whether one of two forms is named after the other.

    A program is called after Aristotle, the person, and a book after what it is about, a topic that more posts have.
    """
    if a.kind == b.kind or a.bare != b.bare:
        return False
    return any(
        is_someone(x) or (x.kind in WORKS and is_topic(y.kind) and y.count > x.count) for x, y in ((a, b), (b, a))
    )


def _likely(a: Form, b: Form, topics: Collection[str], *, proper: bool) -> float:
    """The probability that two forms with one text are one thing; their company has to add what is missing to 1."""
    a, b = sorted((a, b), key=lambda form: (form.kind in topics, form.kind in WORKS, not is_someone(form)))
    telling = is_telling(a) and (b.kind in topics or is_telling(b))
    few, many = sorted((a.count, b.count))
    if a.kind in topics:  # both are
        return 1.0 if len(a.bare) > 1 and parted(a.words) == parted(b.words) else 0.5
    if b.kind in topics:
        return _likely_topic(a, b, telling=telling or (proper and not is_someone(a)))
    if "series" in (a.kind, b.kind):
        return 0.0  # it is called after what it is about
    if is_someone(a):
        # A book about somebody has the same name, and a company or a program is called after somebody.
        return NEVER if b.kind in WORKS else 1.0 if telling and many >= 3 * few else 0.55
    if telling or a.wide:
        return 1.0
    if "person" in (a.kind, b.kind):
        return 0.8
    if a.label != b.label and not (a.label.islower() or b.label.islower()):
        return CAPITALS
    known = many >= KNOWN
    if many >= FAR_MORE * few and (known or not a.label.isupper()):  # initials are those of many names
        return 1.0
    return (0.99 if proper else 0.97) if known else LITTLE_KNOWN


def _likely_topic(thing: Form, topic: Form, *, telling: bool) -> float:
    """The same for a thing and a topic."""
    if is_someone(thing):
        return 1.0 if telling else 0.0 if topic.count > thing.count else 0.8
    if thing.label.islower() and thing.count <= topic.count:  # a topic in the wrong field
        return 1.0
    if thing.kind in WORKS:  # a book, and what it is about
        return NEVER if topic.count > thing.count else 0.0
    if telling:
        return 1.0
    if (topic.count > thing.count and not thing.label.isupper()) or len(topic.words) > len(thing.words):
        return 0.7
    return SLIP if thing.count >= FAR_MORE * topic.count else 0.9


def is_telling(form: Form) -> bool:
    """Whether two things hardly share such a name: words, digits, inner capitals, or three Chinese characters."""
    if form.bare in ROLES:
        return False
    if form.wide:
        return len(form.bare) > 2
    if len(form.words) > 1 or (form.digits and len(form.bare) > 2) or _INNER_CAPITAL.search(form.label):
        return True
    return len(form.bare) > 3 and form.label.isupper()
