"""What is wrong with a query that the engine refused: the place, and what to write instead.

The engine names the furthest place that it reached on any of its ways, which may be far from the mistake, and says
little about it. What people get wrong most often is therefore looked for first.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.stores.syntax import CLOSING, FORMS, PROLOGUE, QuerySyntaxError, Token, query_form, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WELL_KNOWN = {"foaf": "http://xmlns.com/foaf/0.1/", "dc": "http://purl.org/dc/elements/1.1/",
               "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#", "dbo": "http://dbpedia.org/ontology/",
               "wdt": "http://www.wikidata.org/prop/direct/", "wd": "http://www.wikidata.org/entity/",
               "dct": "http://purl.org/dc/terms/"}  # fmt: skip


def syntax_error(text: str, message: str, prefixes: Mapping[str, str]) -> QuerySyntaxError:
    """Say where a query that the engine refused goes wrong, and what to do about it.

    Args:
        text: the query.
        message: what the engine said: `error at LINE:COLUMN: expected …`.
        prefixes: those known without being declared.
    """
    found = list(tokens(text))
    return (
        _nothing(text, found)
        or _unclosed_string(text, found)
        or _wrong_escape(text, found)
        or _misspelt_form(text, found)
        or _unknown_prefix(text, found, prefixes)
        or _unknown_word(text, found)
        or _unfinished(text, found)
        or _missing_dot(text, found)
        or _bare_filter(text, found)
        or (len(found) <= _READ_BY_PEOPLE and (_bound_again(text, found) or _wrong_projection(text, found)))
        or _from_engine(text, found, message)
    )


_READ_BY_PEOPLE = 1_000
"""Tokens; in a longer query the variables of each group are not looked for, which takes the square of its length."""


def _nothing(text: str, found: list[Token]) -> QuerySyntaxError | None:
    if found:
        return None
    return QuerySyntaxError("the query is empty", text, 0, "write SELECT, ASK, CONSTRUCT or DESCRIBE")


def _unclosed_string(text: str, found: list[Token]) -> QuerySyntaxError | None:
    for token in found:
        if token.kind == "other" and token.text in "\"'":
            return QuerySyntaxError("this string is not closed", text, token.start, f"add a closing {token.text}")
    return None


_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<wrong>.?))""", re.DOTALL)
"""https://www.w3.org/TR/sparql11-query/#rECHAR, and https://www.w3.org/TR/sparql11-query/#codepointEscape."""


def _wrong_escape(text: str, found: list[Token]) -> QuerySyntaxError | None:
    for token in found:
        for match in _ESCAPE.finditer(token.text) if token.kind == "string" else ():
            if match["wrong"] is not None:
                message = f"'{match[0]}' is no escape in a string"
                return QuerySyntaxError(
                    message, text, token.start + match.start(), f"write '\\{match[0]}' for a backslash"
                )
    return None


def _misspelt_form(text: str, found: list[Token]) -> QuerySyntaxError | None:
    form = query_form(found)
    in_prologue = found[0].text.upper() in PROLOGUE and any(token.text.upper() in FORMS for token in found)
    if form in FORMS or (not form and in_prologue):
        return None
    place = next((token for token in found if token.kind == "word" and token.text.upper() == form), found[0])
    near = get_close_matches(form, (*FORMS, "PREFIX", "BASE"), n=1, cutoff=0.5)
    return QuerySyntaxError(
        f"a query does not begin with {place.text!r}",
        text,
        place.start,
        f"did you mean {near[0]}?" if near else "write SELECT, ASK, CONSTRUCT or DESCRIBE",
    )


def _unknown_prefix(text: str, found: list[Token], prefixes: Mapping[str, str]) -> QuerySyntaxError | None:
    known = set(prefixes)
    expected = False
    for token in found:
        if token.kind == "word":
            expected = token.text.upper() == "PREFIX"
            continue
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if expected:
                known.add(prefix)
            elif prefix not in known:
                return QuerySyntaxError(
                    f"no prefix is called '{prefix}:'", text, token.start, _prefix_hint(prefix, known)
                )
        expected = False
    return None


def _prefix_hint(prefix: str, known: set[str]) -> str:
    near = get_close_matches(prefix, sorted(known), n=1)
    if near:
        return f"did you mean '{near[0]}:'?"
    if prefix in _WELL_KNOWN:
        return f"begin the query with PREFIX {prefix}: <{_WELL_KNOWN[prefix]}>"
    return f"known are {', '.join(sorted(known))}; others need PREFIX {prefix}: <...> at the top"


def _unknown_word(text: str, found: list[Token]) -> QuerySyntaxError | None:
    for token in found:
        if token.kind != "word" or token.text == "a" or token.text.upper() in _KEYWORDS:
            continue
        near = get_close_matches(token.text.upper(), _KEYWORDS, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}?" if near else f'write ?{token.text} for a variable, "{token.text}" for a text'
        return QuerySyntaxError(f"{token.text!r} is no word of SPARQL", text, token.start, hint)
    return None


def _unfinished(text: str, found: list[Token]) -> QuerySyntaxError | None:
    """A bracket that is not closed, or one too many."""
    opened: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text in CLOSING:
            opened.append(token)
        elif token.kind == "mark" and token.text in CLOSING.values():
            if not opened:
                return QuerySyntaxError(f"nothing is open that {token.text!r} could close", text, token.start)
            if CLOSING[opened[-1].text] != token.text:
                wanted = CLOSING[opened[-1].text]
                return QuerySyntaxError(f"{token.text!r} where {wanted!r} should come first", text, token.start)
            opened.pop()
    if opened:
        last = opened[-1]
        return QuerySyntaxError(
            f"this {last.text!r} is never closed", text, last.start, f"add {CLOSING[last.text]!r} at the end"
        )
    return None


_ENGINE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
_UNBOUND = "contains a variable that is unbound"


def _from_engine(text: str, found: list[Token], message: str) -> QuerySyntaxError:
    match = _ENGINE.match(message)
    if not match:
        return QuerySyntaxError(" ".join(message.split()), text, 0)
    line, column, detail = int(match[1]), int(match[2]), match[3]
    lines = text.split("\n")
    offset = min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, len(text))
    if _UNBOUND in detail:
        return QuerySyntaxError("a variable in an expression has no single value in a group", text, found[0].start)
    before = [token for token in found if token.start < offset]
    at = before[-1] if before and (offset >= len(text) or text[offset : offset + 1].isspace()) else None
    place = at or next((token for token in found if token.start + len(token.text) > offset), found[-1])
    wanted = sorted(set(re.findall(r"\w+", detail)) & set(_KEYWORDS))
    hint = f"expected {' or '.join(wanted)}" if len(wanted) == 1 or (wanted and place.kind == "word") else ""
    return QuerySyntaxError(f"{place.text!r} cannot stand here", text, place.start, hint)


def _missing_dot(text: str, found: list[Token]) -> QuerySyntaxError | None:
    """A fourth term where a triple has three."""
    room: list[int | None] = []  # for each open bracket, how many terms may follow; None where they are not counted
    keyword, glued = "", False
    for number, token in enumerate(found):
        mark = token.text if token.kind == "mark" else ""
        if mark in CLOSING:
            room.append(3 if mark == "{" and keyword != "VALUES" else None)
            keyword = keyword if mark == "(" else ""
        elif mark in CLOSING.values():
            ended = _left_after(room, mark, keyword)
            keyword = keyword if ended is None else ""
        elif not room or room[-1] is None or glued or token.kind == "language":
            pass
        elif mark:
            room[-1] = {".": 3, ";": 2, ",": 1}.get(mark, room[-1])
        elif token.kind == "word" and token.text != "a" and token.text.upper() not in ("TRUE", "FALSE"):
            keyword = token.text.upper() if token.text.upper() in _NOT_TRIPLES else keyword
            room[-1] = _ANY if keyword else 3
        elif room[-1] == 0:
            before = found[number - 1].text
            return QuerySyntaxError(
                f"{token.text!r} begins another triple", text, token.start, f"write '.' after {before!r}"
            )
        else:
            room[-1] -= 1
        glued = mark in _GLUE  # what follows belongs to the same path or literal
    return None


def _left_after(room: list[int | None], mark: str, keyword: str) -> int | None:
    """Close a bracket; the terms that may follow it, where that begins anew."""
    if room:
        room.pop()
    if not room or room[-1] is None:
        return None
    if mark == "}" or (mark == ")" and keyword in ("FILTER", "BIND")):
        room[-1] = 3
        return 3
    room[-1] -= 1  # a list, or a node without a name, is one term
    return None


_ANY = 1 << 30
_GLUE = ("/", "|", "^", "^^", "!")
_NOT_TRIPLES = ("SELECT", "VALUES", "BIND", "FILTER", "GRAPH", "SERVICE", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET")


def _bound_again(text: str, found: list[Token]) -> QuerySyntaxError | None:
    """A variable that BIND or SELECT gives a value, though it has one in the same group."""
    opened: list[int] = []
    for number, token in enumerate(found):
        if token.text == "{":
            opened.append(number)
        elif token.text == "}" and opened:
            opened.pop()
        elif token.text.upper() == "BIND" and opened:
            end = _closing(found, number + 1)
            used = _variables_of(found[opened[-1] : number])
            if found[end - 1].text in used:
                place = found[end - 1]
                return QuerySyntaxError(
                    f"{place.text} has a value here already", text, place.start, "BIND needs a name of its own"
                )
        elif token.text.upper() == "SELECT":
            select = _Select(found, number)
            used = _variables_of(found[select.body : select.end])
            for place in select.named():
                if place.text in used:
                    return QuerySyntaxError(
                        f"{place.text} has a value here already", text, place.start, "AS needs a name of its own"
                    )
    return None


def _variables_of(some: list[Token]) -> set[str]:
    """The variables to which some tokens give values: those in filters are only looked at."""
    result, number = set(), 0
    while number < len(some):
        token = some[number]
        if token.text.upper() == "FILTER" and number + 1 < len(some) and some[number + 1].text == "(":
            number = _closing(some, number + 1)
        elif token.kind == "variable":
            result.add(token.text)
        number += 1
    return result


def _closing(found: list[Token], number: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(number, len(found)):
        depth += (found[place].text in CLOSING) - (found[place].text in CLOSING.values())
        if depth == 0:
            return place
    return len(found) - 1


class _Select:
    """One SELECT with its body and what it groups by."""

    def __init__(self, found: list[Token], start: int) -> None:
        ends = (n for n in range(start + 1, len(found)) if found[n].text == "{" or found[n].text.upper() == "SELECT")
        self.body = next(ends, len(found))
        self.projection = [token for token in found[start + 1 : self.body] if token.text.upper() != "WHERE"]
        self.end = _closing(found, self.body) if self.body < len(found) else len(found)
        after = []
        for token in found[self.end + 1 :]:
            if token.text == "}" or token.text.upper() in _AFTER_GROUP:
                break
            after.append(token)
        self.grouped = {token.text for token in after if token.kind == "variable"}
        words = (token.text.upper() for token in (*self.projection, *after))
        self.groups = any(word == "GROUP" or word in _AGGREGATES for word in words)

    def parts(self) -> Iterator[tuple[str, Token, int, bool]]:
        """The projection: the word before, the token, how many brackets it is in, whether one is an aggregate's."""
        before, depth, aggregate = "", 0, 0  # the depth at which an aggregate begins
        for token in self.projection:
            if token.text == "(":
                depth += 1
                aggregate = aggregate or (depth if before in _AGGREGATES else 0)
            yield before, token, depth, bool(aggregate)
            if token.text == ")":
                aggregate = 0 if aggregate == depth else aggregate
                depth -= 1
            before = token.text.upper()

    def named(self) -> Iterator[Token]:
        """The variables that it gives values to, by AS."""
        return (token for before, token, depth, _within in self.parts() if before == "AS" and depth == 1)


_AFTER_GROUP = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "SELECT")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")


def _wrong_projection(text: str, found: list[Token]) -> QuerySyntaxError | None:
    """A comma between variables, a value without a name, or a variable beside an aggregate that is not grouped by."""
    for select in (_Select(found, n) for n, token in enumerate(found) if token.text.upper() == "SELECT"):
        known = select.grouped | {token.text for token in select.named()}
        for before, token, depth, aggregated in select.parts():
            if depth == 0 and token.text == ",":
                return QuerySyntaxError("',' cannot stand here", text, token.start, "write blanks between variables")
            if depth == 1 and token.text == "(" and before[:1] not in _BEFORE_BRACKETS and before not in _ONCE:
                hint = f"write ({before}(...) AS ?name)"
                return QuerySyntaxError(f"what {before} gives has no name", text, token.start, hint)
            if select.groups and token.kind == "variable" and not aggregated and token.text not in known:
                hint = f"write GROUP BY {token.text}, or take one value: (SAMPLE({token.text}) AS ...)"
                return QuerySyntaxError(f"{token.text} has no single value in a group", text, token.start, hint)
    return None


_BEFORE_BRACKETS = ("", ")", "?", "$")
_ONCE = ("DISTINCT", "REDUCED")


def _bare_filter(text: str, found: list[Token]) -> QuerySyntaxError | None:
    for before, token in pairwise(found):
        if before.text.upper() == "FILTER" and token.kind in ("variable", "number", "string"):
            return QuerySyntaxError("FILTER needs brackets", text, token.start, f"write FILTER({token.text} ...)")
    return None


_FUNCTIONS_AND_CLAUSES = """
    WHERE DISTINCT REDUCED FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES OPTIONAL GRAPH UNION FILTER
    BIND AS MINUS EXISTS NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND
    IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512
    COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE UNDEF TRUE FALSE
    PREFIX BASE
"""
_KEYWORDS = (*FORMS, *_FUNCTIONS_AND_CLAUSES.split())
