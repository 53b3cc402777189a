"""Reading the text of a SPARQL query as far as people need help with it.

The engine parses; it is not told about prefixes that go without saying, it says little about where a mistake is, and
it would gladly fetch from the network. This module finds the tokens of a query
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar), refuses what a read-only store must not do, and turns a syntax
error into a place and a hint.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Token(NamedTuple):
    """A piece of a query that means something; white space is none."""

    kind: str
    """`iri`, `string`, `variable`, `language`, `blank`, `name` (prefixed), `word`, `number`, `mark` or `other`."""
    text: str
    start: int
    """Offset in code points, from 0."""


class QuerySyntaxError(QueryError):
    """A query that cannot be understood, with the place of the mistake.

    Attributes:
        line: from 1.
        column: from 1, in code points.
        source: the line of the query, as typed.
        hint: what to write instead, or "".
    """

    def __init__(self, message: str, text: str, offset: int, hint: str = "") -> None:
        before = text[:offset]
        self.line = before.count("\n") + 1
        self.column = offset - (before.rfind("\n") + 1) + 1
        self.source = (text.split("\n")[self.line - 1] if text else "").rstrip("\r")
        self.message = message
        self.hint = hint
        super().__init__(f"query:{self.line}:{self.column}: {message}{f'; {hint}' if hint else ''}")


class QueryRefused(QueryError):
    """A query that a read-only store does not run: an update, or one that reaches out to other servers."""


_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:[\w.-]*\w)
  | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
        (?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
           (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<mark>\^\^|&&|\|\||<=|>=|!=|[{}()\[\];,.=<>!+\-*/|^?])
  | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_DEEPEST = 256
"""The engine recurses into brackets, and some thousands of them would end the process."""
_LONGEST = 4000
"""Tokens of a query outside lists of values: the engine recurses along chains as well (`1+1+…`, `a/b/…`, `{} UNION
{} …`), and some 10,000 tokens of any would end the process."""
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_WELL_KNOWN = {"foaf": "http://xmlns.com/foaf/0.1/", "dc": "http://purl.org/dc/elements/1.1/",
               "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#", "dbo": "http://dbpedia.org/ontology/",
               "wdt": "http://www.wikidata.org/prop/direct/", "wd": "http://www.wikidata.org/entity/",
               "dct": "http://purl.org/dc/terms/"}  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, in order, each found when it is asked for; comments and white space are left out."""
    return (
        Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "comment"
    )


def check_read_only(text: str) -> None:
    """Refuse updates, federation, bottomless brackets and endless chains before the engine sees them.

    Raises:
        QueryRefused: the text is a SPARQL update, or it holds a SERVICE clause.
        QuerySyntaxError: brackets are nested deeper, or the query is longer, than any sense.
    """
    found = list(tokens(text))
    _check_depth(text, found)
    _check_length(text, found)
    form = query_form(found)
    if form in _UPDATES:
        raise QueryRefused(f"{form} is an update; this store only answers SELECT, ASK, CONSTRUCT and DESCRIBE")
    if "service" not in text.casefold():
        return
    if any(_may_be_service(token) for token in found):
        raise QueryRefused("SERVICE is refused: this store asks no other server")
    # `?a <b)SERVICE ...>` is an IRI to the grammar and may be a comparison to a lenient parser. Where an IRI could be
    # read in two ways, nobody can be sure where SERVICE stands, and so it must not stand anywhere.
    if any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in found):
        raise QueryRefused("the word SERVICE beside an IRI that is not of the form <scheme://...> is refused")


def _check_depth(text: str, found: list[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind == "mark":
            depth += (token.text in _CLOSING) - (token.text in _CLOSING.values())
            if depth > _DEEPEST:
                raise QuerySyntaxError(f"brackets are nested deeper than {_DEEPEST}", text, token.start)


def _check_length(text: str, found: list[Token]) -> None:
    """Count all tokens but those of lists: the data of VALUES, and what follows a comma in brackets, as after IN."""
    count, brackets, before = 0, 0, ""
    data = False
    for token in found:
        said = token.text.upper()
        brackets += (said == "(") - (said == ")")
        data = (data or said == "VALUES") and before != "}"
        count += not (data or (brackets and "," in (said, before)))
        before = said
        if count > _LONGEST:
            hint = "ask in several queries; VALUES and IN may list as much as you like"
            raise QuerySyntaxError(f"the query has more than {_LONGEST:,} words and marks", text, token.start, hint)


def _may_be_service(token: Token) -> bool:
    """Whether a parser that needs no space between words (`trueSERVICEex:a{`) could find the keyword here."""
    text = token.text.upper()
    if token.kind == "word":
        return "SERVICE" in text
    if token.kind == "name":
        return "SERVICE" in text.partition(":")[0] or ".SERVICE" in text
    return token.kind == "blank" and ".SERVICE" in text


def query_form(found: Iterable[Token]) -> str:
    """The first keyword after the prologue, in capitals: SELECT, ASK …; "" where there is none.

    Nothing is looked at after that keyword, or after the first token that cannot stand where it does: whatever a text
    holds, its form is found in a time that grows with its prologue.
    """
    rest = iter(found)
    for token in rest:
        word = token.text.upper()
        if token.kind != "word":
            return ""
        if word not in _PROLOGUE:
            return word
        if not all((part := next(rest, None)) and part.kind == kind for kind in _PROLOGUE[word]):
            return ""
    return ""


_PROLOGUE = {"PREFIX": ("name", "iri"), "BASE": ("iri",)}
"""What follows these words."""


def variables(text: str) -> list[str]:
    """The names of the variables of a query, in the order in which they first appear."""
    return list(dict.fromkeys(token.text[1:] for token in tokens(text) if token.kind == "variable"))


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
        or _misspelt_form(text, found)
        or _unknown_prefix(text, found, prefixes)
        or _unknown_word(text, found)
        or _unfinished(text, found)
        or _from_engine(text, found, message)
    )


def _nothing(text: str, found: list[Token]) -> QuerySyntaxError | None:
    if found:
        return None
    return QuerySyntaxError("the query is empty", text, 0, "write SELECT, ASK, CONSTRUCT or DESCRIBE")


def _unclosed_string(text: str, found: list[Token]) -> QuerySyntaxError | None:
    for token in found:
        if token.kind == "other" and token.text in "\"'":
            return QuerySyntaxError("this string is not closed", text, token.start, f"add a closing {token.text}")
    return None


def _misspelt_form(text: str, found: list[Token]) -> QuerySyntaxError | None:
    form = query_form(found)
    in_prologue = found[0].text.upper() in _PROLOGUE and any(token.text.upper() in _FORMS for token in found)
    if form in _FORMS or (not form and in_prologue):
        return None
    place = next((token for token in found if token.kind == "word" and token.text.upper() == form), found[0])
    near = get_close_matches(form, (*_FORMS, "PREFIX", "BASE"), n=1, cutoff=0.5)
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
        if token.kind == "mark" and token.text in _CLOSING:
            opened.append(token)
        elif token.kind == "mark" and token.text in _CLOSING.values():
            if not opened:
                return QuerySyntaxError(f"nothing is open that {token.text!r} could close", text, token.start)
            if _CLOSING[opened[-1].text] != token.text:
                wanted = _CLOSING[opened[-1].text]
                return QuerySyntaxError(f"{token.text!r} where {wanted!r} should come first", text, token.start)
            opened.pop()
    if opened:
        last = opened[-1]
        return QuerySyntaxError(
            f"this {last.text!r} is never closed", text, last.start, f"add {_CLOSING[last.text]!r} at the end"
        )
    return None


_ENGINE = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)
_UNBOUND = "contains a variable that is unbound"


def _from_engine(text: str, found: list[Token], message: str) -> QuerySyntaxError:
    match = _ENGINE.match(message)
    if not match:
        return QuerySyntaxError(" ".join(message.split()), text, 0)
    line, column, said = int(match[1]), int(match[2]), match[3]
    lines = text.split("\n")
    offset = min(sum(len(one) + 1 for one in lines[: line - 1]) + column - 1, len(text))
    if _UNBOUND in said:
        return _ungrouped(text, found)
    before = [token for token in found if token.start < offset]
    at = before[-1] if before and (offset >= len(text) or text[offset : offset + 1].isspace()) else None
    place = at or next((token for token in found if token.start + len(token.text) > offset), found[-1])
    wanted = sorted(set(re.findall(r"\w+", said)) & set(_KEYWORDS))
    hint = f"expected {' or '.join(wanted)}" if wanted and place.kind == "word" else ""
    return QuerySyntaxError(f"{place.text!r} cannot stand here", text, place.start, hint)


def _ungrouped(text: str, found: list[Token]) -> QuerySyntaxError:
    """Name the variable that is selected beside an aggregate without being grouped by."""
    words = [token.text.upper() for token in found]
    select = words.index("SELECT") if "SELECT" in words else 0
    grouped = {token.text for token in found[words.index("GROUP") :]} if "GROUP" in words else set()
    depth, place = 0, found[select]
    for token in found[select + 1 :]:
        if token.text == "{" or token.text.upper() == "WHERE":
            break
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.kind == "variable" and token.text not in grouped:
            place = token
            break
    return QuerySyntaxError(
        f"{place.text} has no single value in a group",
        text,
        place.start,
        f"write GROUP BY {place.text}, or take one value: (SAMPLE({place.text}) AS ...)",
    )


_FUNCTIONS_AND_CLAUSES = """
    WHERE DISTINCT REDUCED FROM NAMED GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES OPTIONAL GRAPH UNION FILTER
    BIND AS MINUS EXISTS NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND
    IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS
    STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512
    COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE UNDEF TRUE FALSE
    PREFIX BASE
"""
_KEYWORDS = (*_FORMS, *_FUNCTIONS_AND_CLAUSES.split())
