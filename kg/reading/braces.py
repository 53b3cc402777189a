"""Where the members of a faulty `{…}` begin and end: JSON, and YAML in its flow style.

Where every member begins a line of its own, indentation tells. Where not, the text is read forwards to the first sign
that cannot stand where it stands: the fault is there or further up. So what follows is as it was, and how deep it is
nested is counted from the end. What quotes hold depends on which of them is at fault: of all readings that work out,
only what they have in common is taken. Behind a quote that nothing closes, members begin again with the first that
no text is likely to hold: on a line of its own, or beside brackets and quotes.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf
from typing import NamedTuple

Span = tuple[int, int]
_FIRST_LINE = re.compile(r"\s*\{[ \t]*\n(?P<indent>[ \t]+)[^\s\]}]")
_OPENED = re.compile(r"^(?P<outer>[ \t]*+)[^\n]*[\[{][ \t]*\n(?P<inner>[ \t]*)(?=[^\s\]}])", re.MULTILINE)
_KEY = r"(?:\"(?:[^\"\\\n]|\\.)*\"\s*|'[^'\n]*'\s*|[\w-]+):"
_HIDDEN_END = re.compile(r"(?<!\S)#(?=[^\n]*\}\s*\Z)")
"""The beginning of a comment that holds the last brace."""
_JSON_LIKE = re.compile(r"\s*\{\s*\"(?:[^\"\\\n]|\\.)*\"\s*:")
"""Keys are in quotes."""
_NEXT = {"": "{", "{{": "k}", "{,": "k}", "{k": "s[{,}", "{s": ",}", "[[": "s[{]", "[,": "s[{]", "[s": ",]"}
"""What may follow, by the innermost open bracket and the kind of the last token."""
_TORN_KEY = re.compile(r"[\"']\s*[\w-]+\s*:")
_ODD_KEY = re.compile(r"[^\"'][^:]*[\"\\]")
_TORN = 2
"""How much a quote that is never closed counts, if a fault counts one."""
_MOST_FAULTS = 8
_NEAR = 20
"""Blanks that may stand between a comma and a key."""
_QUOTES = ("'", '"')
_CLOSING = {'"': re.compile(r"(?:[^\"\\]|\\.)*+\"", re.DOTALL), "'": re.compile(r"(?:[^']|'')*+'")}
_BEFORE_VALUE = ("[", "{", ",", ":")
_OPENS = {"]": "[", "}": "{"}


class Lexeme(NamedTuple):
    """A bracket, comma or colon; a key with its colon (`k`); another scalar (`s`); a quote that nothing closes (`?`).

    Text that goes on in the next line is a `t` there.
    """

    kind: str
    start: int
    end: int


def members(source: str, pattern: re.Pattern[str], is_faulty: Callable[[str], bool]) -> Iterator[Span]:
    """The spans of the members of the outermost map, without commas, and of what is between them and is none.

    Args:
        source: the text, with its braces.
        pattern: finds the tokens; its groups are `string`, `text` (may go on in the next line), `word`, `sign`, `torn`.
        is_faulty: whether the text of a member is none.
    """
    if not source.lstrip().startswith("{"):
        return
    lines = list(_trimmed(source, _by_layout(source)))
    faulty = {span for span in lines if is_faulty(source[slice(*span)])}
    odd = any(source.count(quote, *span) % 2 for span in faulty for quote in _QUOTES)
    if not lines or (odd and len(faulty) > 1 and "text" in pattern.groupindex):  # it may be text of several lines
        yield from _trimmed(source, _by_depth(source, pattern))
        return
    for start, end in lines:
        if (start, end) in faulty:
            cuts = _by_depth("{" + source[start:end] + "}", pattern)
            yield from _trimmed(source, [start - 1 + cut for cut in cuts])
        else:
            yield start, end


def is_member(text: str, source: str, pattern: re.Pattern[str]) -> bool:
    """Whether a text begins with a key, as keys are written in `source`, and holds nothing else but its value."""
    if (_JSON_LIKE.match(source) and not text.startswith('"')) or _ODD_KEY.match(text):
        return False
    tokens = _tokens("{" + text + "\n}", pattern, 0)
    opened: list[str] = []
    depths = _depths(tokens, opened, "")
    return len(depths) > 1 and tokens[1].kind == "k" and (len(depths) == len(tokens) or len(opened) > 1)


def _trimmed(source: str, cuts: list[int]) -> Iterator[Span]:
    for start, end in pairwise(cuts):
        text = source[start:end].rstrip(", \t\n")
        if bare := text.lstrip():
            yield start + len(text) - len(bare), start + len(text)


def _end(source: str) -> int:
    text = source.rstrip()
    return len(text) - text.endswith("}")


def _by_layout(source: str) -> list[int]:
    """Where lines begin that are indented as the first one; none if not every bracket is followed by a deeper line."""
    first = _FIRST_LINE.match(source)
    if not first or any(len(match["inner"]) <= len(match["outer"]) for match in _OPENED.finditer(source)):
        return []
    indent = first["indent"]
    begin = re.compile(rf"(?:(?<=[,{{]\n)|^(?={indent}{_KEY})){indent}(?=[^\s\]}}])", re.MULTILINE)
    return [*(match.end() for match in begin.finditer(source)), _end(source)]


def _by_depth(source: str, pattern: re.Pattern[str]) -> list[int]:
    """Where members of the outermost map begin or end, from its brace to its end."""
    cuts = [source.index("{") + 1]
    for _fault in range(_MOST_FAULTS):
        start = cuts[-1] - 1
        more, ends = _around_fault("{" + source[start + 1 :], pattern)
        cuts += [start + cut for cut in more]
        if ends or not more:
            break
    return sorted({*cuts, _end(source)})


def _around_fault(source: str, pattern: re.Pattern[str]) -> tuple[list[int], bool]:
    """Where members begin or end around the first fault, up to the second; and whether there is no second."""
    tokens = _tokens(source, pattern, 0)
    depths = _depths(tokens, [], "")
    head, rest = tokens[: len(depths)], tokens[len(depths) :]
    found = [_cuts(source, before, depths, after) for before, after in _readings(source, pattern, head, rest)]
    best = min(faults for faults, _cuts, _bound in found)
    best_ones = [(cuts, bound) for faults, cuts, bound in found if faults == best]
    bound = min(bound for _cuts, bound in best_ones)
    cuts = {cut for cut in set.intersection(*(cuts for cuts, _bound in best_ones)) if cut < bound}
    for token in [*head[-1:], *rest[:1]]:
        if source[token.start] in _QUOTES:  # it may have swallowed members
            swallowed = [Lexeme("?", token.start, token.start + 1), *_tokens(source, pattern, token.start + 1)]
            faults, more, _bound = _cuts(source, head, depths, swallowed)
            cuts |= {cut for cut in more if token.start < cut < token.end and faults == _TORN}
    return sorted(cut for cut in cuts if cut > 1), bound == inf


def _tokens(source: str, pattern: re.Pattern[str], at: int, first: Lexeme | None = None) -> list[Lexeme]:
    tokens = [first] if first else []
    text: Lexeme | None = None
    """The last token, if it is text that may go on."""
    is_value = False
    """Whether the last scalar is the value of a key in its line."""
    quoted = bool(_JSON_LIKE.match(source))
    for match in pattern.finditer(source, at):
        group = match.lastgroup
        if group is None:
            continue
        last = tokens[-1] if tokens else None
        kind = match[0] if group == "sign" else "?" if group == "torn" else "s"
        if (
            kind == ":"
            and last
            and last.kind in "st"
            and not is_value
            and (not quoted or last is first or source[last.start] == '"')
        ):
            tokens[-1] = Lexeme("k", last.start, match.end())
            continue
        if group == "text" and last and last is text:
            kind = "t"
        elif last and kind == "s":
            before = "".join(token.kind for token in tokens[-2:])
            is_value = before.endswith(("k", "s:")) and "\n" not in source[last.end : match.start()]
        tokens.append(Lexeme(kind, *match.span()))
        text = tokens[-1] if group == "text" else None
    return tokens


def _depths(tokens: list[Lexeme], opened: list[str], last: str) -> list[int]:
    """How many brackets are open before each token, up to the first that cannot stand where it stands.

    Args:
        tokens: to be read.
        opened: the brackets that are open; changes while they are read.
        last: the kind of the token before.
    """
    depths: list[int] = []
    for kind, _start, _end in tokens:
        if kind != "t" or last != "s":
            if kind not in _NEXT.get((opened[-1] if opened else "") + last, ""):
                break
            depths.append(len(opened))
            last = kind
            if kind in "[{":
                opened.append(kind)
            elif kind in "]}":
                opened.pop()
                last = "s"
        else:
            depths.append(len(opened))
    return depths


def _readings(
    source: str, pattern: re.Pattern[str], head: list[Lexeme], rest: list[Lexeme]
) -> Iterator[tuple[list[Lexeme], list[Lexeme]]]:
    """What comes before the fault, and what from there on, by which quotes may be at fault."""
    hidden = _HIDDEN_END.search(source, [*rest[:1], head[-1]][0].start)
    if hidden and not rest[1:]:
        yield head, _tokens(source, pattern, hidden.end())
        return
    yield head, rest
    if not rest:
        return
    at = rest[0].start
    for token, before in ((head[-1], head[:-1]), (rest[0], head)):
        string = source[token.start : token.end].rstrip(": \t\n")
        last = token.start + len(string) - 1
        if len(string) > 1 and string[0] == string[-1] in _QUOTES and source[:last].rstrip()[-1:] in _BEFORE_VALUE:
            yield before, _tokens(source, pattern, last)
            if last == at - 1:
                return
    quotes = [quote for quote in _CLOSING if _is_string(2 * quote, pattern)]
    if source[at] in quotes:
        if rest[0].kind == "s":
            yield head, _tokens(source, pattern, at + 1)
        return
    for quote in quotes:
        if match := _CLOSING[quote].match(source, at):
            after = _tokens(source, pattern, match.end(), Lexeme("s", *match.span()))
            if after[0].kind == "s" and "".join(token.kind for token in after[1:2]) not in tuple(",]}"):
                continue
            goes_on = after[0].kind == "s" and head[-1].kind == "," and source[head[-2].end - 1] == match[0][-1]
            yield head[:-1] if goes_on else head, after


def _is_string(text: str, pattern: re.Pattern[str]) -> bool:
    match = pattern.fullmatch(text)
    return match is not None and match.lastgroup == "string"


def _cuts(source: str, head: list[Lexeme], depths: list[int], rest: list[Lexeme]) -> tuple[int, set[int], float]:
    """How many faults the rest of a text holds, where members certainly begin or end, and where the next fault is.

    Args:
        source: the text.
        head: the tokens before the one at which reading forwards fails.
        depths: how deep they are nested.
        rest: that one, and what follows.
    """
    begins = {_cut(token) for token, depth in zip(head, depths, strict=False) if depth == 1 and token.kind in "k,"}
    reached, ends = _backwards([*head, *rest])
    if not rest:
        return 0, begins, inf
    below = {cut for cut in ends if cut >= rest[0].start}
    again = min((cut for cut in below if cut > rest[0].start), default=inf)
    after = [token for token in rest if token.start >= again]
    opened = ["{"] * bool(after)
    read = len(_depths(after, opened, ","))
    single = read == len(after) and not opened and reached <= rest[:2][-1].start
    messy = sum(one.kind == "s" and other.kind in "sk" for one, other in pairwise(rest) if other.start <= again)
    kinds = "".join(token.kind for token in (*head, *rest))
    faults = _TORN * ("?" in kinds) + (not single) + messy
    if not single and any(kinds.count(closing) != kinds.count(opening) for closing, opening in _OPENS.items()):
        return faults, begins & ends, inf  # or what YAML allows and nobody writes
    if kinds.count("}") > kinds.count("{"):  # which of them is too many?
        inner = (token.start for token, depth in zip(head, depths, strict=False) if depth == 2 and token.kind == "}")
        first = next(inner, rest[0].start)
        begins = {cut for cut in begins if cut < first or cut in ends}
    at_key = len(head) == 1 or (head[-1].kind == "," and depths[len(head) - 1] == 1)
    sure = _after_torn(source, head, rest, at_key)
    bound = after[read].start + (not read or after[read - 1].kind == ",") if read < len(after) else inf
    return faults, begins | {cut for cut in below if cut >= sure}, bound


def _after_torn(source: str, head: list[Lexeme], rest: list[Lexeme], at_key: bool) -> float:
    """Where the first key begins that the last quote which is never closed does not swallow; 0 if there is none."""
    torn = max((index for index, token in enumerate(rest) if token.kind == "?"), default=None)
    if torn is None:
        return 0
    if not torn and at_key and _TORN_KEY.match(source, rest[0].start):
        return next((token.start for token in rest if token.kind == "k"), inf)  # no key holds a colon
    known = {source[lexeme.start : lexeme.end] for lexeme in head if lexeme.kind == "k"}
    for before, key, value in zip(rest[torn:], rest[torn + 1 :], rest[torn + 2 :], strict=False):
        beside = source[max(0, key.start - _NEAR) : key.start].rstrip(", \t")[-1:] + source[value.start]
        if source[key.start : key.end] in known:
            continue
        own_line = "\n" in source[before.end : key.start]
        if key.kind == "k" and (own_line or (before.kind != "?" and re.search("[\\[\\]{}\"']", beside))):
            return key.start
    return inf


def _cut(token: Lexeme) -> int:
    return token.end if token.kind == "," else token.start


def _backwards(tokens: list[Lexeme]) -> tuple[int, set[int]]:
    """Where members of the outermost map begin or end, counted from its end, and from where on that is certain."""
    closed: list[str] = []
    cuts: set[int] = set()
    for token in reversed(tokens):
        if token.kind in _OPENS:
            closed.append(token.kind)
        elif token.kind in "[{":
            if len(closed) < 2 or _OPENS[closed.pop()] != token.kind:
                return token.start, cuts
        elif token.kind in "k," and len(closed) == 1:
            cuts.add(_cut(token))
    return 0, cuts
