"""The tokens of a SPARQL query, and which queries are refused.

The engine parses, but it does not know undeclared prefixes, says little about where a mistake is, and
would fetch from the network. This module finds the tokens of a query
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar) and refuses what a read-only store must not do; `mistakes` says
what is wrong with one that the engine refused.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.errors import QueryError


class Token(NamedTuple):
    """A token of a query; white space and comments are not tokens."""

    kind: str
    """`iri`, `string`, `variable`, `language`, `blank`, `name` (prefixed), `word`, `number`, `mark` or `other`."""
    text: str
    start: int
    """Offset in code points, from 0."""

    @property
    def end(self) -> int:
        """Offset of its end."""
        return self.start + len(self.text)


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
ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_DEEPEST = 256
"""The engine recurses into brackets, and some thousands of them would end the process."""
_LONGEST = 4000
"""Tokens of a query outside lists of values: the engine recurses along chains as well (`1+1+…`, `a/b/…`, `{} UNION
{} …`), and some 10,000 tokens of any would end the process."""
CLOSING = {"{": "}", "(": ")", "[": "]"}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a query, in order, each found when it is asked for; comments and white space are left out."""
    return (
        Token(match.lastgroup or "", match.group(), match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "comment"
    )


def check_read_only(text: str) -> None:
    """Refuse updates, federation, deep nesting and long chains before the engine sees them.

    Raises:
        QueryRefused: the text is a SPARQL update, or it holds a SERVICE clause.
        QuerySyntaxError: brackets are nested too deep, or the query is too long.
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
        raise QueryRefused("SERVICE is refused: this store does not query other servers")
    # `?a <b)SERVICE ...>` is an IRI to the grammar and may be a comparison to a lenient parser. Where an IRI could be
    # read in two ways, nobody can be sure where SERVICE stands, and so it must not stand anywhere.
    if any(token.kind == "iri" and not ABSOLUTE.match(token.text) for token in found):
        raise QueryRefused("the word SERVICE beside an IRI that is not of the form <scheme://...> is refused")


def _check_depth(text: str, found: list[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind == "mark":
            depth += (token.text in CLOSING) - (token.text in CLOSING.values())
            if depth > _DEEPEST:
                raise QuerySyntaxError(f"brackets are nested deeper than {_DEEPEST}", text, token.start)


def _check_length(text: str, found: list[Token]) -> None:
    """Count all tokens but those of lists: the data of VALUES, and what follows a comma in brackets, as after IN."""
    count, brackets, before = 0, 0, ""
    data = False
    for token in found:
        word = token.text.upper()
        brackets += (word == "(") - (word == ")")
        data = (data or word == "VALUES") and before != "}"
        count += not (data or (brackets and "," in (word, before)))
        before = word
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
    """The first keyword after the prologue, in capitals: SELECT, ASK …; "" if there is none.

    Nothing is looked at after that keyword, or after the first token that cannot stand where it does: whatever a text
    holds, its form is found in a time that grows with its prologue.
    """
    rest = iter(found)
    for token in rest:
        word = token.text.upper()
        if token.kind != "word":
            return ""
        if word not in PROLOGUE:
            return word
        if not all((part := next(rest, None)) and part.kind == kind for kind in PROLOGUE[word]):
            return ""
    return ""


PROLOGUE = {"PREFIX": ("name", "iri"), "BASE": ("iri",)}
"""What follows these words."""


def variables(text: str) -> list[str]:
    """The names of the variables of a query, in the order in which they first appear."""
    return list(dict.fromkeys(token.text[1:] for token in tokens(text) if token.kind == "variable"))


def closing(found: list[Token], number: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    for place in range(number, len(found)):
        depth += (found[place].text in CLOSING) - (found[place].text in CLOSING.values())
        if depth == 0:
            return place
    return len(found) - 1


class Mistake(NamedTuple):
    """What is wrong with a query."""

    message: str
    offset: int
    """Its offset, in code points from 0."""
    hint: str = ""
    """What to write instead."""


class Cursor:
    """Reads tokens one after another."""

    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.at = 0
        """The place of the next one."""

    def peek(self) -> str:
        """The text of the next token; "" at the end."""
        return self.found[self.at].text if self.at < len(self.found) else ""

    def word(self) -> str:
        """The next token in capitals, if it is a word."""
        return self.peek().upper() if self.peek() and self.found[self.at].kind == "word" else ""

    def next(self) -> Token:
        """The next token, which is consumed."""
        self.at += 1
        return self.found[self.at - 1]

    def taken(self, text: str) -> bool:
        """Whether this comes next; if so, it is consumed."""
        taken = self.peek() == text
        self.at += taken
        return taken

    def skip(self) -> None:
        """Go on behind the next brace that closes."""
        while self.next().text != "}":
            pass
