"""Which findings are habits of their folder, and no slips.

A slip is rare where it stands. What many posts do in the same way, their author means, or a program of the site's own
understands: such findings are notes. What loses something is never a habit; but where front matter is torn, one of its
faults tells of all.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from kg.diagnostics import note_of
from kg.model import Diagnostic, Post, Record
from kg.text.filenames import POST_SUFFIXES, without_query


class _Habit(NamedTuple):
    """When findings with one code are a habit."""

    least: int = 5
    """The number of posts, or of targets of links, below which they are chance."""
    share: float = 0.1
    """Of the posts that could do the same, or of the links of the same form: if it is higher, they are a habit."""
    spread: float = 1
    """The same where more than `_MANY` posts do it."""


_FEW, _MANY = 5, 10
_FAULTS = frozenset(f"KG1{number:02}" for number in (1, 3, 8, 9, 10, 15, 16, 21, 22, 26))
_STYLES = frozenset(f"KG1{number:02}" for number in (6, 7, 12, 13, 14, 18, 20, 24, 25, 28))
"""What is read as it is meant all the same: the posts that write it otherwise show whether it is a slip."""
_NO_YAML = "KG1"
"""Stands for all faults of YAML together: where many posts have any, a program of the site's own reads them."""
_OF_YAML = frozenset({"KG101", "KG111", "KG116"})
_LINKS = frozenset({"KG301", "KG302"})
_HABITS = (
    {"KG004": _Habit(1, 1), "KG006": _Habit(3, 0)}  # see `_is_usual`; several templates are templates
    | dict.fromkeys(_FAULTS, _Habit(spread=0))
    | dict.fromkeys(_STYLES, _Habit(least=2, spread=0))
    | dict.fromkeys(("KG201", "KG202", "KG413"), _Habit())
    | {_NO_YAML: _Habit()}
    | {"KG401": _Habit(share=0.05)}  # where many values are near others, all of them are meant
    | dict.fromkeys(_LINKS, _Habit(share=0.25, spread=0.02))
)
"""By code; only those of findings after which everything is still there, as it was typed …"""
_LOST = re.compile(r"\bleft out\b")
"""… unless their message says this."""
_OF_ONE_POST = 0.5
"""The share of the links of one form in a post, above which it comes from elsewhere."""
_STUBS = 3
"""Empty files that are still to be written."""
_TEARS = frozenset({"KG101", "KG102", "KG104", "KG116", "KG121", "KG126"})
_TORN = 5
"""Lines with faults that are one fault."""


class Doubt(Record, frozen=True):
    """What several findings say, of other posts or of other links."""

    code: str
    form: str
    """The field, or what the message says before the first value; of a link, the form of its target."""
    path: str = ""
    """The post, if only its own links, or lines, are meant, or that it is elsewhere."""


Use = str | tuple[str, str]
"""What a post has that could be a habit: a field, front matter, a link of some form there or anywhere."""
_FRONT_MATTER, _ANYWHERE, _ELSEWHERE, _SEVERAL = "---", "", "/", "several "
_IN_ONE_STRING = "KG114"
"""Only posts with several names in a field show how it is written."""
_Places = list[tuple[str, str]]
"""What is found, of which there have to be several, and the post."""


def habits(
    found: Iterable[Diagnostic],
    posts: Sequence[Post],
    fixed: Collection[str] = (),
    elsewhere: re.Pattern[str] | None = None,
) -> frozenset[Doubt]:
    """The doubts that are habits.

    Args:
        found: all findings.
        posts: all posts.
        fixed: codes of which the user has said how bad they are.
        elsewhere: matches paths of files that are no pages of the site.
    """
    candidates = several(found, fixed)
    return usual(candidates, counted(candidates, posts), len(posts), elsewhere)


def counted(candidates: Iterable[Doubt], posts: Iterable[Post]) -> dict[Use, int]:
    """How often posts have what decides whether these are habits."""
    wanted = decisive(candidates)
    uses = Counter(chain.from_iterable(uses_of(post, wanted) for post in posts)) if wanted else Counter()
    return {use: uses[use] for use in wanted}


def decisive(candidates: Iterable[Doubt]) -> set[Use]:
    """Of what it is to be known how often posts have it, to say whether these are habits."""
    return {use for doubt in candidates if doubt.code for use in _decisive(doubt)}


def usual(
    candidates: Mapping[Doubt, _Places], uses: Mapping[Use, int], posts: int, elsewhere: re.Pattern[str] | None = None
) -> frozenset[Doubt]:
    """Those that are habits, given what `counted` gives and the number of posts, or are of files elsewhere."""

    def is_usual(doubt: Doubt, places: _Places) -> bool:
        if doubt.form == _ELSEWHERE and not doubt.code:
            return elsewhere is not None and bool(elsewhere.match(doubt.path))
        return _is_usual(doubt, places, uses, posts)

    return frozenset(doubt for doubt, places in candidates.items() if is_usual(doubt, places))


def several(found: Iterable[Diagnostic], fixed: Collection[str] = ()) -> dict[Doubt, _Places]:
    """The doubts that may be habits, and where they are."""
    doubts: dict[Doubt, _Places] = defaultdict(list)
    for d in found:
        for doubt in _doubts(d) if d.code not in fixed else ():
            # Many links to one lost page are one slip.
            what = d.message if d.code in _LINKS else str(d.line) if doubt.path else d.path
            doubts[doubt].append((what, d.path))
    return {doubt: sorted(at) for doubt, at in doubts.items() if len({what for what, _ in at}) >= _least(doubt)}


def _least(doubt: Doubt) -> int:
    return _HABITS[doubt.code].least if doubt.code else _TORN if doubt.form == _FRONT_MATTER else 1


def without(found: Iterable[Diagnostic], usual: Collection[Doubt]) -> list[Diagnostic]:
    """The findings, with habits as notes; but the first error of each stays, to tell of all."""
    told: set[Doubt] = set()
    result = []
    for d in found:
        doubts = [doubt for doubt in _doubts(d) if doubt in usual]
        elsewhere = any(doubt.form == _ELSEWHERE and not doubt.code for doubt in doubts)
        stays = d.severity == "error" and told.isdisjoint(doubts) and not elsewhere
        told.update(doubts)
        result.append(note_of(d) if doubts and not stays else d)
    return result


def uses_of(post: Post, wanted: AbstractSet[Use]) -> list[Use]:
    """What a post contributes to the shares that are wanted: each of its fields once, and all its links."""
    fields = Counter([mention.field for mention in post.mentions])
    once: set[Use] = {*fields, *(_SEVERAL + field for field, names in fields.items() if names > 1)}
    once.update([each.field for each in post.attributes], [_FRONT_MATTER] if post.dialect != "none" else ())
    uses = [*wanted & once]
    if post.links and any(isinstance(use, tuple) for use in wanted):
        forms = [_form(link.target) for link in post.links]
        uses += [use for form in forms for use in ((_ANYWHERE, form), (post.path, form)) if use in wanted]
    return uses


def _doubts(d: Diagnostic) -> Iterator[Doubt]:
    if d.severity == "note":
        return
    if d.code != "KG006":
        yield Doubt("", _ELSEWHERE, d.path)
    if d.code in _TEARS:
        yield Doubt("", _FRONT_MATTER, d.path)
    if _LOST.search(d.message):
        return
    if d.code in _OF_YAML:
        yield Doubt(_NO_YAML, _FRONT_MATTER)
    if d.code not in _HABITS:
        return
    if d.code in _LINKS:
        form = _form(re.split("'(?: leads| could| is not)", d.message[1:], maxsplit=1)[0])
        yield Doubt(d.code, form)
        yield Doubt(d.code, form, d.path)
    else:
        opening = re.split(r"['\"“`\d]", d.message, maxsplit=1)[0]
        yield Doubt(d.code, opening.partition(": ")[0] if d.code != "KG413" else "")


def _decisive(doubt: Doubt) -> tuple[Use, ...]:
    if doubt.code in _LINKS:
        return ((doubt.path or _ANYWHERE, doubt.form),)
    return (_SEVERAL * (doubt.code == _IN_ONE_STRING) + doubt.form, _FRONT_MATTER)


def _is_usual(doubt: Doubt, places: _Places, uses: Mapping[Use, int], posts: int) -> bool:
    if not doubt.code:
        return True
    if posts <= _FEW:
        return False  # so few have no habits
    paths = len({path for _what, path in places})
    if doubt.code == "KG004":
        return paths >= _STUBS or 2 * uses[_FRONT_MATTER] < posts
    habit = _HABITS[doubt.code]
    share = min(habit.share, habit.spread) if paths > _MANY else habit.share
    if doubt.code in _LINKS:
        return len(places) > (_OF_ONE_POST if doubt.path else share) * uses[doubt.path or _ANYWHERE, doubt.form]
    having = uses[_decisive(doubt)[0]]
    return paths > share * (having or (uses[_FRONT_MATTER] if doubt.code in _FAULTS | _STYLES else posts))


def _form(target: str) -> str:
    r"""How a target begins and ends: `/.md` for `/a/b.md#part`, `\.md` for `a\b.md`, nothing for `Some Title`."""
    place = without_query(target[:100]).lower()
    suffix = next((end for end in POST_SUFFIXES if place.endswith(end)), "")
    return ("\\" if "\\" in place else place[:1] if place.startswith(("/", ".")) else "") + suffix
