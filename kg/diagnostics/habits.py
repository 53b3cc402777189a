"""Which findings are habits of their folder, and no slips.

A slip is rare where it stands. What many posts do in the same way, their author means, or a program of the site's own
understands: such findings are notes. What loses something is never a habit.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from kg.diagnostics import note_of
from kg.model import Diagnostic, Post, Record
from kg.text.filenames import POST_SUFFIXES

_VALUES = frozenset(f"KG1{number:02}" for number in (1, 3, 6, 7, 8, 9, 10, 12, 13, 14, 20, 21, 22, 24, 25, 26))
_LINKS = frozenset({"KG301", "KG302"})
_SEVERAL = 5
"""Posts, or targets of links, from which a habit begins; fewer are chance, and so few posts have none."""
_USUAL = (
    {"KG004": (3, 0.0)}  # several empty files are still to be written
    | dict.fromkeys(_VALUES | {"KG201", "KG202", "KG413"}, (_SEVERAL, 0.1))  # of the posts that could do the same
    | dict.fromkeys(("KG401", "KG402"), (_SEVERAL, 0.05))  # where many values are near others, all of them are meant
    | dict.fromkeys(_LINKS, (_SEVERAL, 0.25))  # of the links of one form
)
"""Code → how many make a habit, and above which share; of findings after which all is still there, as it was typed …"""
_LOST = re.compile(r"\bleft out\b|\bread as body\b")
"""… unless their message says this."""
_OF_ONE_POST = 0.5
"""The share of the links of one form in a post."""


class Kind(Record, frozen=True):
    """What several findings have in common."""

    code: str
    form: str
    """The field, or what the message says before the first value; of a link, the form of its target."""
    path: str = ""
    """The post, if only its own links are meant."""


Use = str | tuple[str, str]
"""What a post has that could be a habit: a field, front matter, a link of some form there or anywhere."""
_FRONT_MATTER, _ANYWHERE = "---", ""


def habits(found: Iterable[Diagnostic], posts: Sequence[Post], fixed: Collection[str] = ()) -> frozenset[Kind]:
    """The kinds of findings that are habits.

    Args:
        found: all findings.
        posts: all posts.
        fixed: codes of which the user has said how bad they are.
    """
    candidates = several(found, fixed)
    return usual(candidates, counted(candidates, posts), len(posts))


def counted(candidates: Iterable[Kind], posts: Iterable[Post]) -> dict[Use, int]:
    """How often posts have what decides whether these are habits."""
    wanted = decisive(candidates)
    uses = Counter(chain.from_iterable(uses_of(post).elements() for post in posts)) if wanted else Counter()
    return {use: uses[use] for use in wanted}


def decisive(candidates: Iterable[Kind]) -> set[Use]:
    """Of what it is to be known how often posts have it, to say whether these are habits."""
    return {use for kind in candidates for use in _decisive(kind)}


def usual(candidates: Mapping[Kind, Sequence[str]], uses: Mapping[Use, int], posts: int) -> frozenset[Kind]:
    """Those that are habits, given what `counted` gives and the number of posts."""
    few = posts <= _SEVERAL
    return frozenset(kind for kind, what in candidates.items() if not few and _is_usual(kind, what, uses, posts))


def several(found: Iterable[Diagnostic], fixed: Collection[str] = ()) -> dict[Kind, list[str]]:
    """The kinds that may be habits, each with the posts that do it or the links that do not lead to one post."""
    kinds: dict[Kind, list[str]] = defaultdict(list)
    for d in found:
        for kind in _kinds(d) if d.code not in fixed else ():
            kinds[kind].append(d.message if d.code in _LINKS else d.path)  # many links to one lost page are one slip
    return {kind: sorted(what) for kind, what in kinds.items() if len(set(what)) >= _USUAL[kind.code][0]}


def without(found: Iterable[Diagnostic], usual: Collection[Kind]) -> list[Diagnostic]:
    """The findings, with habits as notes; but the first error of each stays, to tell of all."""
    told: set[Kind] = set()
    result = []
    for d in found:
        kinds = [kind for kind in _kinds(d) if kind in usual]
        stays = d.severity == "error" and told.isdisjoint(kinds)
        told.update(kinds)
        result.append(note_of(d) if kinds and not stays else d)
    return result


def uses_of(post: Post) -> Counter[Use]:
    """What a post contributes to the shares."""
    fields = {mention.field for mention in post.mentions} | {each.field for each in post.attributes}
    uses: Counter[Use] = Counter(fields)
    uses[_FRONT_MATTER] = int(post.dialect != "none")
    for link in post.links:
        form = _form(link.target)
        uses.update([(_ANYWHERE, form), (post.path, form)])
    return uses


def _kinds(d: Diagnostic) -> Iterator[Kind]:
    if d.code not in _USUAL or d.severity == "note" or _LOST.search(d.message):
        return
    if d.code in _LINKS:
        form = _form(re.split("'(?: leads| could)", d.message[1:], maxsplit=1)[0])
        yield Kind(d.code, form)
        yield Kind(d.code, form, d.path)
    else:
        opening = re.split(r"['\"“`\d]", d.message, maxsplit=1)[0]
        yield Kind(d.code, opening.partition(": ")[0] if d.code != "KG413" else "")


def _decisive(kind: Kind) -> tuple[Use, ...]:
    return ((kind.path or _ANYWHERE, kind.form),) if kind.code in _LINKS else (kind.form, _FRONT_MATTER)


def _is_usual(kind: Kind, what: Sequence[str], uses: Mapping[Use, int], posts: int) -> bool:
    _number, share = _USUAL[kind.code]
    if kind.code in _LINKS:
        return len(what) > (_OF_ONE_POST if kind.path else share) * uses[kind.path or _ANYWHERE, kind.form]
    number = uses[kind.form] or (uses[_FRONT_MATTER] if kind.code in _VALUES else posts)
    return len(set(what)) > share * number


def _form(target: str) -> str:
    r"""How a target begins and ends: `/.md` for `/a/b.md#part`, `\.md` for `a\b.md`, nothing for `Some Title`."""
    place = re.split(r"[?#]", target[:100], maxsplit=1)[0].lower()
    suffix = next((end for end in POST_SUFFIXES if place.endswith(end)), "")
    return ("\\" if "\\" in place else place[:1] if place.startswith(("/", ".")) else "") + suffix
