"""Explains what is wrong with a query that the engine refused: the place, and what to write instead.

The engine names the furthest place that its parser reached, which may be far from the mistake, and says
little about it. So the most frequent mistakes are looked for first.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from itertools import pairwise

from kg.stores.mistakes_of_variables import bound_again, wrong_projection
from kg.stores.syntax import CLOSING, FORMS, PROLOGUE, Mistake, QuerySyntaxError, Token, closing, query_form, tokens

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
    if not found:
        return QuerySyntaxError("the query is empty", text, 0, "write SELECT, ASK, CONSTRUCT or DESCRIBE")
    checks: list[Callable[[list[Token]], Mistake | None]] = [_unclosed_string, _wrong_escape, _misspelt_form]
    checks += [_wrong_pair, partial(_unknown_prefix, text, prefixes), _unknown_word, _unfinished, _missing_dot]
    if len(found) <= _READ_BY_PEOPLE:
        checks += [_wrong_filter, _missing_comma, bound_again, wrong_projection]
    mistake = next(filter(None, (check(found) for check in checks)), None) or _from_engine(text, found, message)
    return QuerySyntaxError(mistake.message, text, mistake.offset, mistake.hint)


_READ_BY_PEOPLE = 1_000
"""Tokens; in a longer query the variables of each group are not looked for, which takes the square of its length."""


def _unclosed_string(found: list[Token]) -> Mistake | None:
    for token in found:
        if token.kind == "other" and token.text in "\"'":
            return Mistake("this string is not closed", token.start, f"add a closing {token.text}")
        if token.kind == "other" and token.text in _QUOTES:
            return Mistake(f"{token.text!r} is not a quotation mark", token.start, "write \" or '")
    return None


_QUOTES = "“”„‟‘’‚«»‹›「」『』＂＇"
_ESCAPE = re.compile(r"""\\(?:[tbnrf"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?P<wrong>.?))""", re.DOTALL)
"""https://www.w3.org/TR/sparql11-query/#rECHAR, and https://www.w3.org/TR/sparql11-query/#codepointEscape."""


def _wrong_escape(found: list[Token]) -> Mistake | None:
    for token in found:
        for match in _ESCAPE.finditer(token.text) if token.kind == "string" else ():
            if match["wrong"] is not None:
                message = f"'{match[0]}' is not an escape sequence"
                return Mistake(message, token.start + match.start(), f"write '\\{match[0]}' for a backslash")
    return None


def _misspelt_form(found: list[Token]) -> Mistake | None:
    form = query_form(found)
    in_prologue = found[0].text.upper() in PROLOGUE and any(token.text.upper() in FORMS for token in found)
    if form in FORMS or (not form and in_prologue):
        return None
    place = next((token for token in found if token.kind == "word" and token.text.upper() == form), found[0])
    near = get_close_matches(form, (*FORMS, "PREFIX", "BASE"), n=1, cutoff=0.5)
    return Mistake(
        f"a query does not begin with {place.text!r}",
        place.start,
        f"did you mean {near[0]}?" if near else "write SELECT, ASK, CONSTRUCT or DESCRIBE",
    )


def _unknown_prefix(text: str, prefixes: Mapping[str, str], found: list[Token]) -> Mistake | None:
    known = set(prefixes)
    expected = False
    for token in found:
        if token.kind == "name" and token.text.startswith(_SCHEMES) and text[token.end :].startswith("//"):
            if text[token.start - 1 : token.start] == "<":
                return Mistake("this IRI is not closed", token.start - 1, "add '>' at its end")
            iri = text[token.start :].split(maxsplit=1)[0]
            return Mistake("an IRI stands in angle brackets", token.start, f"write <{iri}>")
        if token.kind == "word":
            expected = token.text.upper() == "PREFIX"
            continue
        if token.kind == "name":
            prefix = token.text.partition(":")[0]
            if expected:
                known.add(prefix)
            elif prefix not in known:
                return Mistake(f"no prefix is called '{prefix}:'", token.start, _prefix_hint(prefix, known))
        expected = False
    return None


_SCHEMES = ("http:", "https:")


def _prefix_hint(prefix: str, known: set[str]) -> str:
    near = get_close_matches(prefix, sorted(known), n=1)
    if near:
        return f"did you mean '{near[0]}:'?"
    if prefix in _WELL_KNOWN:
        return f"begin the query with PREFIX {prefix}: <{_WELL_KNOWN[prefix]}>"
    return f"known are {', '.join(sorted(known))}; others need PREFIX {prefix}: <...> at the top"


def _unknown_word(found: list[Token]) -> Mistake | None:
    for number, token in enumerate(found):
        if token.kind != "word" or token.text == "a" or token.text.upper() in _KEYWORDS:
            continue
        near = get_close_matches(token.text.upper(), _KEYWORDS, n=1, cutoff=0.7)
        near = [_INSTEAD[token.text.upper()]] if token.text.upper() in _INSTEAD else near
        hint = f"did you mean {near[0]}?" if near else f'write ?{token.text} for a variable, "{token.text}" for a text'
        path = found[max(number - 2, 0) : number]
        if [part.text for part in path[1:]] == ["/"] and path[0].kind == "name" and path[0].end == token.start - 1:
            hint = f"a slash in a name has a backslash in front: {path[0].text}\\/{token.text}"
        return Mistake(f"{token.text!r} is not a SPARQL keyword", token.start, hint)
    return None


_INSTEAD = {"AND": "&&", "OR": "||", "LIKE": "CONTAINS"}


def _wrong_pair(found: list[Token]) -> Mistake | None:
    """Two tokens of which the second cannot follow the first, or a token that needs another one after it."""
    depth = 0
    for before, token in pairwise(found):
        depth += (before.text == "{") - (before.text == "}")
        word = before.text.upper() if before.kind == "word" else ""
        place, message, hint = token, "", ""
        if word in _BRACED and token.text != "{":
            message, hint = f"{word} needs braces", f"write {word} {{ ... }}"
        elif word in _WITHIN and not depth:
            place, message, hint = before, f"{word} stands outside the braces", "move it within those of WHERE"
        elif word == "GRAPH" and token.text == "{":
            message, hint = "GRAPH needs a name", "write GRAPH ?g { ... }"
        elif word == "PREFIX" and token.kind == "word":
            message, hint = "a prefix ends in a colon", f"write PREFIX {token.text}:"
        elif token.kind == "language" and before.kind != "string":
            message, hint = f"{token.text!r} follows a text alone", f'write FILTER(LANG(?x) = "{token.text[1:]}")'
        elif token.text == before.text and token.text in ("=", ".") and before.end == token.start:
            place, message, hint = before, f"{token.text * 2!r} is not a SPARQL operator", f"write {token.text!r}"
        if message:
            return Mistake(message, place.start, hint)
    last = found[-1]
    if last.kind == "word" and last.text.upper() in (*FORMS, *_FOLLOWED):
        return Mistake(f"nothing follows {last.text!r}", last.start)
    return None


_BRACED = ("OPTIONAL", "MINUS", "UNION", "EXISTS", "WHERE")
_WITHIN = ("OPTIONAL", "MINUS", "UNION", "FILTER", "BIND", "GRAPH")
_FOLLOWED = ("PREFIX", "BASE", "WHERE", "FROM", "NAMED", "GROUP", "ORDER", "BY", "HAVING", "LIMIT", "OFFSET", "VALUES")


def _missing_comma(found: list[Token]) -> Mistake | None:
    """Two arguments of a function, or items of a list after IN, with nothing between them."""
    calls: list[bool] = []  # for each open bracket, whether it is that of a call
    before = found[0]
    for token in found[1:]:
        if token.text in CLOSING:
            calls.append(token.text == "(" and before.kind == "word" and before.text.upper() in _CALLED)
        elif token.text in CLOSING.values():
            calls = calls[:-1]
        elif calls and calls[-1] and token.kind in _OPERANDS and (before.kind in _OPERANDS or before.text == ")"):
            hint = f"write ',' after {before.text!r}"
            return Mistake(f"{token.text!r} needs a comma before it", token.start, hint)
        before = token
    return None


_OPERANDS = ("variable", "string", "number", "iri", "name")


def _unfinished(found: list[Token]) -> Mistake | None:
    """A bracket that is not closed, or one too many."""
    opened: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text in CLOSING:
            opened.append(token)
        elif token.kind == "mark" and token.text in CLOSING.values():
            if not opened:
                return Mistake(f"nothing is open that {token.text!r} could close", token.start)
            if CLOSING[opened[-1].text] != token.text:
                wanted = CLOSING[opened[-1].text]
                return Mistake(f"{token.text!r} where {wanted!r} should come first", token.start)
            opened.pop()
    if opened:
        last = opened[-1]
        return Mistake(f"this {last.text!r} is never closed", last.start, f"add {CLOSING[last.text]!r} at the end")
    return None


_WANTED = re.compile(r'"([{}()])"|(BY)')
"""The only token that the engine expects, which is worth naming; its longer lists rarely name what was meant."""
_ENGINE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
_UNBOUND = "contains a variable that is unbound"


def _from_engine(text: str, found: list[Token], message: str) -> Mistake:
    match = _ENGINE.match(message)
    if not match:
        return Mistake(" ".join(message.split()), 0)
    line, column, detail = int(match[1]), int(match[2]), match[3]
    lines = text.split("\n")
    offset = min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, len(text))
    if _UNBOUND in detail:
        return Mistake("a variable in an expression has no single value in a group", found[0].start)
    before = [token for token in found if token.start < offset]
    at = before[-1] if before and (offset >= len(text) or text[offset : offset + 1].isspace()) else None
    place = at or next((token for token in found if token.start + len(token.text) > offset), found[-1])
    wanted = _WANTED.fullmatch(detail)
    hint = f"expected {wanted[1] or wanted[2]}" if wanted else ""
    return Mistake(f"{place.text!r} cannot stand here", place.start, hint)


def _missing_dot(found: list[Token]) -> Mistake | None:
    """A fourth term where a triple has three."""
    room: list[int | None] = []  # for each open bracket, how many terms may follow; None if they are not counted
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
            return Mistake(f"{token.text!r} begins another triple", token.start, f"write '.' after {before!r}")
        else:
            room[-1] -= 1
        glued = mark in _GLUE  # what follows belongs to the same path or literal
    return None


def _left_after(room: list[int | None], mark: str, keyword: str) -> int | None:
    """Close a bracket; returns how many terms may follow it, if counting starts again there."""
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


def _wrong_filter(found: list[Token]) -> Mistake | None:
    """FILTER without brackets, or with brackets around only a part of its condition."""
    for number, (before, token) in enumerate(pairwise(found), 1):
        if before.text.upper() != "FILTER":
            continue
        if token.kind in ("variable", "number", "string"):
            return Mistake("FILTER needs brackets", token.start, f"write FILTER({token.text} ...)")
        end = closing(found, number + (token.text != "(")) + 1
        if end < len(found) and found[end].text in _COMPARED:
            message = f"{found[end].text!r} is outside the brackets of FILTER"
            return Mistake(message, found[end].start, "write FILTER( ... ) around all of it")
    return None


_COMPARED = ("=", "!=", "<", ">", "<=", ">=", "&&", "||")
_FUNCTIONS_AND_CLAUSES = """
    WHERE DISTINCT REDUCED FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES OPTIONAL GRAPH UNION FILTER
    BIND AS MINUS EXISTS NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND
    IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512
    COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE UNDEF TRUE FALSE
    PREFIX BASE
"""
_KEYWORDS = (*FORMS, *_FUNCTIONS_AND_CLAUSES.split())
_CALLED = frozenset(_KEYWORDS[_KEYWORDS.index("IN") :]) - {"PREFIX", "BASE"}
