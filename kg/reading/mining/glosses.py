"""Glosses, names written twice in a body: `英伟达（Nvidia）`, `Donald Trump (唐纳德·特朗普)`, `Bank of Asia (BOA)`.

A bracket may hold two of them, `（BOA: Bank of Asia）`.

Chinese has no spaces between words, so the beginning of the name before a bracket is known only if it is marked
(bold, quotes, 《》). Otherwise the whole run of letters is kept (`芯片巨头英伟达`), and `kg.resolution` decides which
end of it is the name.
"""

import re

from kg.model import Gloss
from kg.reading.mining.asides import is_aside, opens_aside
from kg.reading.mining.code import CodeRegions
from kg.text.patterns import pattern
from kg.text.scripts import HAN, OTHER, first_han, first_other

MAX_NAME = 60
"""Characters of a Latin name."""
MAX_RUN = 20
"""Characters of a run with Chinese."""

_LATIN = "A-Za-z\u00c0-\u024f"
_DOTS = "·・‧•．"
_INNER = (
    "[*_ “\"'《「]*(?:(?:英[文语語]名?|即|又[称稱]|[简簡][称稱])[为為]?[:： ]*)?"
    f"(?:(?P<latin>[{_LATIN}0-9][{_LATIN}0-9 .&+'’{_DOTS}!-]{{1,{MAX_NAME}}}?)"
    f"|(?P<wide>[{HAN}][{HAN}{_LATIN}0-9{_DOTS}-]{{1,{MAX_RUN}}})"
    f"|(?P<other>[{OTHER}][{OTHER}{HAN} .{_DOTS}'’-]{{1,{MAX_NAME}}}?))"
    "[*_ ”\"'》」]*(?:[)）:：,，;；、/|]| [—–-])"
)
# One pattern per opening bracket: a pattern that begins with one fixed character is searched many times faster.
_WIDE_BRACKET, _BRACKET = pattern("（" + _INNER), pattern(r"\(" + _INNER)
_BREAKS = frozenset("（()）：:，。！？")
_CLOSERS = {"*": "*", "_": "_", "”": "“", '"': '"', "》": "《", "」": "「", "’": "‘", "』": "『"}
# Matched on the reversed text before the bracket.
_WIDE_RUN = pattern(f"[{HAN}{_LATIN}0-9{_DOTS}-]{{2,{MAX_RUN}}}")
_LATIN_RUN = re.compile(f"[{_LATIN}0-9.&+'’-]+(?: [{_LATIN}0-9.&+'’-]+){{0,5}}")
_OTHER_RUN = pattern(f"[{OTHER}{HAN}{_DOTS}'’-]+(?: [{OTHER}.'’-]+){{0,4}}")
_ACRONYM = re.compile(r"(?=.{2,8}\Z)[A-Z][A-Za-z0-9&.-]*[A-Z][a-z]?")
_SECOND = re.compile(f"[:：,，;；、/] ?(?P<second>[{_LATIN}0-9][{_LATIN}0-9 .&'’-]{{1,{MAX_NAME}}})")
_WORD = re.compile(f"[{_LATIN}0-9]+")
_of_value = re.compile(f":[0-9](?![0-9]*年)|: ?[0-9][^ ()\n{HAN}]{{0,12}}(?: [^ ()\n{HAN}]{{1,12}}){{0,2}}[)]").match
"""What tells that a label stood before, and no name: `(arXiv:1903.12282, TSE)`, `(Weight: 3 kg)`."""


def mine(body: str, first_line: int, *, coded: bool = True) -> tuple[Gloss, ...]:
    """The glosses of a body, each pair once, in order of first occurrence.

    Args:
        body: the Markdown after the front matter.
        first_line: the 1-based line of the file on which the body begins.
        coded: whether the body may hold code.

    >>> [(gloss.outer, gloss.inner) for gloss in mine("巨头**英伟达**（Nvidia）与 Open AI（开放人工智能）", 5)]
    [('英伟达', 'Nvidia'), ('Open AI', '开放人工智能')]
    """
    matches = list(_WIDE_BRACKET.finditer(body))
    if "(" in body:
        matches += _BRACKET.finditer(body)
        matches.sort(key=re.Match.start)
    found: dict[tuple[str, str], list[int]] = {}
    code = CodeRegions(body) if coded else None
    line, counted = first_line, 0
    for match in matches:
        at = match.start()
        if _of_value(body, match.end() - 1):
            continue
        latin, wide, other = match.groups()
        inner = latin or wide or other
        outer = _name_before(body, at, latin=latin or "", other=other is not None)
        if inner[-2:-1] != ".":  # `U.S.` and `D.C.` keep their dot
            inner = inner.rstrip(" .-")
        pairs = [(outer, inner)] if outer else []
        if latin and (second := _SECOND.match(body, match.end() - 1)):
            pairs += _spelled_out(inner, second["second"].rstrip(" .-"))
        for pair in pairs:
            outer, inner = pair
            if len(inner) < 2 or outer == inner or opens_aside(inner) or is_aside(outer) or (code and at in code):
                continue
            if pair in found:
                found[pair][1] += 1
            else:
                line += body.count("\n", counted, at)
                counted = at
                found[pair] = [line, 1]
    return tuple([Gloss(outer, inner, line, count) for (outer, inner), (line, count) in found.items()])


def _spelled_out(one: str, two: str) -> list[tuple[str, str]]:
    """Two Latin names as a gloss, if one of them is an acronym that has the initials of the other's words."""
    short, long = sorted((one, two), key=len)
    if not _ACRONYM.fullmatch(short) or not set(" -").intersection(long):
        return []
    words = _WORD.findall(long)
    initials = {"".join(word[0] for word in words), "".join(word[0] for word in words if not word.islower())}
    return [(long, short)] if "".join(_WORD.findall(short)).lower() in {text.lower() for text in initials} else []


def _name_before(body: str, end: int, *, latin: str, other: bool) -> str:
    """The name before a bracket, in the other script than the text in the bracket; "" if there is none.

    Args:
        body: the whole body.
        end: the offset of the bracket.
        latin: the Latin name that the bracket begins with; "" if it is in another script. The name before it should be
            Chinese, but for an acronym and what it stands for.
        other: whether the bracket is in another script than these two; the name may be in either then.
    """
    wide = bool(latin)
    left = body[max(0, end - MAX_NAME - 4) : end]
    left = left[left.rfind("\n") + 1 :].rstrip(" ")
    marked = False
    while left and left[-1] in _CLOSERS:
        closer = left[-1]
        left = left.rstrip(closer) if closer in "*_" else left[:-1]
        start = left.rfind(_CLOSERS[closer])
        if start < 0:
            return ""
        left = left[start + 1 :]
        marked = True
    if marked:
        name = left.strip()
        if not 1 < len(name) <= MAX_NAME or not _BREAKS.isdisjoint(name):
            return ""
    else:
        backwards = left[::-1]
        if left and (
            other or ("\u036f" < left[-1] < "\u3400" and first_other(left[-1])) or "\uabff" < left[-1] < "\ud7b0"
        ):
            return _in_another_script(backwards, other=other)
        run = _WIDE_RUN.match(backwards) if wide else _LATIN_RUN.match(backwards)
        if run is None:
            return ""
        name = run[0][::-1].strip(_DOTS + "-'’& ")
        if wide and not first_han(name):
            run = _LATIN_RUN.match(backwards)
            name = run[0][::-1].strip("-'’& ") if run else ""
    if other or (marked and not name.isascii() and not first_han(name) and first_other(name)):
        return name if other != bool(first_other(name)) else ""
    if wide:
        if first_han(name):
            return name
        inner_end = body.find(")", end, end + 12), body.find("）", end, end + 12)
        inner = body[end + 1 : max(inner_end)] if max(inner_end) > 0 else ""
        is_one = (" " in name and _ACRONYM.fullmatch(inner)) or (_ACRONYM.fullmatch(name) and _spelled_out(name, latin))
        return name if is_one else ""
    return "" if first_han(name) else name


def _in_another_script(backwards: str, *, other: bool) -> str:
    """The name that a reversed text begins with: Latin or Chinese before another script, and the other way round."""
    if not other:
        run = _OTHER_RUN.match(backwards)
    else:
        run = _WIDE_RUN.match(backwards) if first_han(backwards[0]) else _LATIN_RUN.match(backwards)
    return run[0][::-1].strip(_DOTS + "-'’& ") if run else ""
