"""Definitions in running text: `**资本支出**（CAPEX: Capital Expenditure，公司为购置资产付出的钱）`.

What counts as a definition:

* a marked term (bold, or in “…”, 「…」, 《…》) followed by `name: explanation` in brackets, where the name is the term
  in another language, its abbreviation or expansion, or the term itself;
* the same with the brackets inside the marks, or with only an explanation that reads as one (`一种…`, `指…`);
* in Chinese text, an unmarked Latin term before such brackets; or brackets with a Latin name and a Chinese explanation,
  where the name is the term, because the start of an unmarked Chinese term is unknown;
* an item of a section with a glossary heading; a definition list or an abbreviation of PHP Markdown Extra
  (https://michelf.ca/projects/php-markdown/extra/#def-list).

A remark, source, time, price or line of speech in brackets is not a definition. All patterns are bounded and
possessive, so that the time is linear in the length of the body.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from kg.model import Definition
from kg.reading.mining import phrases
from kg.reading.mining.code import may_be_fenced, within
from kg.text.scripts import has_cjk, has_letter

MAX_TERM = 60
MAX_TEXT = 800
_MAX_LINE = 8_000
"""Characters before a mark that are searched for the start of its line."""


class _Found(NamedTuple):
    offset: int
    """Of the term in the body."""
    term: str
    translations: tuple[str, ...]
    text: str


_NO_BEGINNINGS = frozenset(":,;，、；：。")
"""Of an explanation: `std(::vector)`, `site(:, filetype:)`."""
_KEY = re.compile(r"(?<![A-Za-z])[a-z][\w.-]*\Z", re.ASCII)
_of_code = re.compile(r":[a-z]", re.ASCII).match
"""What follows a key rather than a name, without a blank: `（published:false）`, `（node:ffi）`."""
_of_number = re.compile(":[0-9](?![0-9]*年)").match
"""What follows a label rather than a name: `(arXiv:1903.12282)`."""
_ENDS_OF_REMARKS = frozenset("注註按")
_REMARK = re.compile(r"\s*(?:[译譯编編作笔筆原校]者?|\w*[A-Za-z0-9_])[注註按]\s*")
"""`译者注` and `x注` open a remark."""
_CLAUSE = re.compile(r"\s*(?:[^\W\dA-Z]+ ){4}[^\W\dA-Z]+")
"""Five words without capitals are no other name of a term in the same letters."""
_CALLED = re.compile(r"[a-z][\w.]*\(", re.ASCII)
"""A function, with the names of its parameters in the brackets."""
_INSIDE = (
    r"(?P<head>(?:[^()（）\n:：]{1,80}+|[(（][^()（）\n:：]{0,60}+[)）]){1,6}+)[:：]"
    r"(?P<text>(?:[^()（）\n]{1,400}+|[(（](?:[^()（）\n]{1,200}+|[(（][^()（）\n]{0,80}+[)）]){0,6}+[)）]){1,20}+)[)）]"
)
# One pattern per opening bracket: a pattern that begins with one fixed character is searched six times faster.
_NAMED = tuple(re.compile(f"(?P<open>{opening}){_INSIDE}") for opening in (r"（", r"\("))
_BARE = tuple(
    re.compile(rf"{opening}(?P<text>(?:{phrases.OPENS_EXPLANATION})[^()（）\n:：]{{4,300}}+)[)）]")
    for opening in (r"（", r"\(")
)
_CODE_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}+|~{3,}+)[^\n]*+\n(?:(?! {0,3}(?P=fence))[^\n]*+\n)*+(?: {0,3}(?P=fence)[^\n]*+)?",
    re.MULTILINE,
)
_CODE_SPAN = re.compile(r"`(?<!``)(?P<more>`{0,2}+)[^\n`]{1,400}+`(?P=more)(?!`)")
SIGNS = ("\n: ", "\n:\t", "\n*[")
"""A body without any of these holds no definition lists and no abbreviations."""
_ABBREVIATION = re.compile(r"\n\*\[(?P<term>[^\]\n]{1,60}+)\]:[ \t]*+(?P<text>[^\n]{1,800}+)")
_DEFINITION_LIST = re.compile(
    r"\n(?P<term>(?!\[[^\[\]\n]{1,78}\]\()[^\s:#>|*+{<-][^\n]{0,79}+)\n{1,2}:[ \t]++(?P<text>[^\n]{1,800}+)"
)
"""No term begins with a link: such lists tell what pages are about."""
_HEADING = re.compile(r"\n(?P<marks>#{1,6})[ \t]++(?P<title>[^\n]{1,80}+)")
_MARKS = re.compile(r"\n#{1,6} ")
_ITEM = re.compile(
    r"\n(?:[ \t]{0,3}(?:[-*+]|\d{1,3}[.)])[ \t]{1,4}+)?\*\*(?P<term>[^*\n:：]{1,60}+)"
    r"(?:[:：]\*\*|\*\*[ \t]?[:：])\s{0,8}+(?:[-*+][ \t]{1,4}+)?(?P<text>[^\n]{1,800}+)"
)


def mine(body: str, first_line: int, *, listed: bool = True, coded: bool = True) -> tuple[Definition, ...]:
    r"""The definitions of a body, in order.

    Args:
        body: Markdown, with lines ended by `\n` or `\r\n`.
        first_line: the 1-based line of the file on which the body begins.
        listed: whether the body may hold any of `SIGNS`.
        coded: whether it may hold code.
    """
    found = sorted(_find(body, listed))
    if not found:
        return ()
    # A block may hold any number of what looks like spans, so the two are asked apart.
    code = (_blocks(body), _spans(body)) if coded else ()
    result: list[Definition] = []
    line, line_start, reached, seen = first_line, 0, 0, -1
    for offset, term, translations, text in found:
        if offset == seen or (code and any(within(spans, offset) for spans in code)):
            continue
        if newlines := body.count("\n", reached, offset):
            line += newlines
            line_start = body.rindex("\n", reached, offset) + 1
        reached = seen = offset
        result.append(Definition(term, translations, text, line, offset - line_start + 1))
    return tuple(result)


def _find(body: str, listed: bool) -> Iterator[_Found]:
    kinds = 2 if "(" in body else 1
    for match in chain.from_iterable(pattern.finditer(body) for pattern in _NAMED[:kinds]):
        if found := _named(body, match):
            yield found
    for match in chain.from_iterable(pattern.finditer(body) for pattern in _BARE[:kinds]):
        before = _term_before(body, match.start()) if _follows_mark(body, match.start()) else None
        if before and (term := phrases.term_of(before[1])) and phrases.is_explanation(match["text"]):
            yield _Found(before[0], term, (), phrases.plain(match["text"]))
    if listed and "\n*[" in body:
        yield from _simple(_ABBREVIATION, body)
    if listed and ("\n: " in body or "\n:\t" in body):
        yield from _simple(_DEFINITION_LIST, body)
    if phrases.MAY_HOLD_GLOSSARY.search(body):
        yield from _sections(body)


def _named(body: str, match: re.Match[str]) -> _Found | None:
    """The definition of a match of `(name: explanation)`, with the term before it."""
    head, text = match.group("head", "text")
    if len(text) > MAX_TEXT or text.lstrip()[:1] in _NO_BEGINNINGS or _of_number(body, match.start("text") - 1):
        return None
    if _of_code(body, match.start("text") - 1) and _KEY.search(head):
        return None
    if head.count("`") % 2:  # the colon stands in code
        return None
    if head.rstrip()[-1:] in _ENDS_OF_REMARKS and _REMARK.fullmatch(head):
        return None
    reading = phrases.parse_brackets(head, text)
    if reading is None:
        return None
    before = _term_before(body, match.start())
    if before and head.count(" ") > 3 and not has_cjk(before[1]) and _CLAUSE.match(head):
        return None
    if before is None and has_cjk(text):
        before = _latin_before(body, match.start())
        if before and _CALLED.fullmatch(body, before[0], match.end("open")):
            return None
    if before and (typed := phrases.term_of(before[1])):
        term, others = phrases.split_term(typed)
        translations, text = phrases.separate_names(term, ((*others, *reading[0]), reading[1]))
        return _Found(before[0], term, translations, text) if text or translations else None
    # Where the term begins is unknown, but a Latin name explained in Chinese is a term itself.
    names, text = reading
    if names and phrases.is_latin_name(names[0]) and has_cjk(text) and not phrases.is_mere_number(names[0]):
        others, text = phrases.separate_names(names[0], reading)
        return _Found(match.start("head"), names[0], others, text) if text else None
    return None


def _follows_mark(body: str, at: int) -> bool:
    """Whether `at` follows bold marks, with at most a closing quotation mark and a space between."""
    left = body[max(0, at - 4) : at].removesuffix(" ")
    return left.endswith("**") or (left[-1:] in "”」』》" and left.endswith("**", 0, -1))


_PAIRS = {"”": "“", "」": "「", "』": "『", "》": "《", "’": "‘"}


def _term_before(body: str, end: int) -> tuple[int, str] | None:
    """The marked term before the bracket at `end`, as (offset, term)."""
    begin = max(0, end - MAX_TERM - 12)
    left = body[begin:end]
    left = left[left.rfind("\n") + 1 :]
    begin = end - len(left)
    left = left.removesuffix(" ")
    if left.endswith("**"):
        start = left.rfind("**", 0, -2)
        inner = left[start + 2 : -2]
        if start >= 0 and inner and inner == inner.strip() and _opens(body, begin + start):
            return begin + start + 2, inner
        return None
    if left and left[-1] in _PAIRS:
        start = left.rfind(_PAIRS[left[-1]])
        inner = left[start + 1 : -1]
        if start < 0 or not inner.strip("* "):
            return None
        if left[-1] == "》":
            return begin + start, left[start:]
        return begin + start + 1, inner
    # The brackets are inside the bold marks: **term (name: explanation)**
    start = left.rfind("**")
    if start >= 0 and _opens(body, begin + start):
        inner = left[start + 2 :]
        if inner and inner == inner.strip():
            return begin + start + 2, inner
    return None


def _opens(body: str, at: int) -> bool:
    """Whether the bold mark at `at` is an opening one, after an even number of them on its line."""
    start = body.rfind("\n", max(0, at - _MAX_LINE), at) + 1
    if not start and at > _MAX_LINE:
        return True  # counting again for every bracket would take quadratic time
    return body.count("**", start, at) % 2 == 0


_LATIN_RUN = re.compile(r"[A-Za-z][\w&.+'’-]{0,30}(?: [A-Za-z0-9][\w&.+'’-]{0,30}){0,4}\Z", re.ASCII)


def _latin_before(body: str, end: int) -> tuple[int, str] | None:
    """The unmarked Latin term before `end`, after Chinese text or at the start of a line, as (offset, term)."""
    left = body[max(0, end - MAX_TERM) : end].removesuffix(" ")
    match = _LATIN_RUN.search(left[left.rfind("\n") + 1 :])
    if not match:
        return None
    at = end - (len(body[max(0, end - MAX_TERM) : end]) - len(left)) - len(match[0])
    before = body[max(0, at - 2) : at].rstrip(" ")
    if before and not has_cjk(before[-1]) and before[-1] not in "\n，。、；：（“”「」《》！？-*":
        return None
    return at, match[0]


def _simple(pattern: re.Pattern[str], body: str) -> Iterator[_Found]:
    for match in pattern.finditer(body):
        term, text = phrases.plain(match["term"].rstrip(" \t:")).rstrip(" :"), match["text"].strip()
        if has_letter(text) and phrases.term_of(term) and not phrases.is_code(term):
            yield _Found(match.start("term"), term, (), text)


def _sections(body: str) -> Iterator[_Found]:
    """The items of sections with a glossary heading."""
    text = "\n" + body
    starts: list[list[int]] = [[] for _ in range(6)]
    """Offsets of all headings, by level."""
    for match in _MARKS.finditer(text):
        starts[len(match[0]) - 3].append(match.start())
    for heading in _HEADING.finditer(text):
        if not phrases.GLOSSARY_TITLE.fullmatch(heading["title"].strip()):
            continue
        end = len(text)
        for of_level in starts[: len(heading["marks"])]:
            later = bisect_left(of_level, heading.end())
            end = min([end, *of_level[later : later + 1]])
        for item in _ITEM.finditer(text, heading.end(), end):
            term, others = phrases.split_term(phrases.plain(item["term"]))
            if phrases.term_of(term) and has_letter(item["text"]):
                yield _Found(item.start("term") - 1, phrases.plain(term), others, phrases.plain(item["text"].strip()))


def _spans(body: str) -> list[tuple[int, int]]:
    return [match.span() for match in _CODE_SPAN.finditer(body)] if "`" in body else []


def _blocks(body: str) -> list[tuple[int, int]]:
    """The spans of code blocks, ascending; unlike `code.fenced`, text may follow a closing fence."""
    return [match.span() for match in _CODE_FENCE.finditer(body)] if may_be_fenced(body) else []
