"""The parts of a graph that a query needs, so that a first answer need not wait until everything is loaded.

A triple that matches no triple pattern of a query does not matter to its answer. If every pattern names its predicate,
or else its subject or object, the triples that have these are therefore sufficient. Queries are parsed as far as that
needs (https://www.w3.org/TR/sparql11-query/#sparqlGrammar); what is not understood to its end may look at everything.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from kg.namespaces import RDF
from kg.rdf.turtle import Turtle
from kg.stores.syntax import ABSOLUTE, Token, tokens

_TYPE = RDF + "type"
_VERB = ("", "A")
"""What `_Reader._word` gives where a predicate may stand: nothing, or the word `a`."""


class Part(NamedTuple):
    """The triples of one predicate; or, where that is "", all triples with one IRI as subject or object."""

    predicate: str
    iri: str = ""
    """This IRI; of rdf:type, the class, or "" for all classes."""


def parts_for(query: str, prefixes: Mapping[str, str]) -> frozenset[Part] | None:
    """The parts of a graph that a query can look at; None if it may be any.

    Args:
        query: SPARQL that the engine accepts.
        prefixes: those known without being declared.
    """
    found = list(tokens(query))
    if "\\u" in query.lower() or any(token.kind == "iri" and not ABSOLUTE.match(token.text) for token in found):
        return None  # it may be read in two ways
    try:
        return _Reader(found, prefixes).query()
    except (_NotUnderstoodError, IndexError):
        return None


class _NotUnderstoodError(Exception):
    """A query that is not understood here, and may therefore look at anything."""


class _Reader:
    """Reads the tokens of a query one after another."""

    def __init__(self, found: list[Token], prefixes: Mapping[str, str]) -> None:
        self._found = found
        self._at = 0
        self._prefixes = dict(prefixes)
        self._parts: set[Part] = set()

    def query(self) -> frozenset[Part]:
        while self._word() == "PREFIX":
            self._at += 1
            name, iri = self._next(), self._next()
            self._prefixes[name.text[:-1]] = iri.text[1:-1]
        if self._word() == "DESCRIBE":
            self._at += 1
            while self._peek():
                self._parts.add(Part("", self._iri(self._next())))
            return frozenset(self._parts)
        if self._word() not in ("SELECT", "ASK", "CONSTRUCT"):
            raise _NotUnderstoodError
        construct = self._word() == "CONSTRUCT"
        self._at += 1
        if construct and self._taken("{"):
            self._group()  # the template, as if it were a pattern
        self._select()
        if self._peek():
            raise _NotUnderstoodError
        return frozenset(self._parts)

    def _peek(self) -> str:
        return self._found[self._at].text if self._at < len(self._found) else ""

    def _word(self) -> str:
        """The next token in capitals, if it is a word."""
        return self._peek().upper() if self._peek() and self._found[self._at].kind == "word" else ""

    def _next(self) -> Token:
        self._at += 1
        return self._found[self._at - 1]

    def _taken(self, text: str) -> bool:
        """Whether this comes next; if so, it is consumed."""
        taken = self._peek() == text
        self._at += taken
        return taken

    def _select(self) -> None:
        """What follows SELECT or ASK, up to the end of the query or of the group that it is in."""
        self._open()
        self._group()
        while self._peek() not in ("}", ""):
            if self._word() == "VALUES":
                self._values()
            elif self._taken("("):
                self._brackets()
            elif self._next().text == "{":
                raise _NotUnderstoodError

    def _open(self) -> None:
        """Go on to the next brace, and read it."""
        while not self._taken("{"):
            if self._peek() == "}" or self._word() == "FROM":
                raise _NotUnderstoodError
            if self._next().text == "(":
                self._brackets()

    def _brackets(self) -> None:
        """What follows a bracket, up to the one that closes it; a group in it is that of EXISTS."""
        while not self._taken(")"):
            text = self._next().text
            if text == "(":
                self._brackets()
            elif text == "{":
                self._group()
            elif text == "}":
                raise _NotUnderstoodError

    def _values(self) -> None:
        self._open()
        while self._next().text != "}":
            pass

    def _group(self) -> None:
        """What follows the brace that opens a group, up to the one that closes it."""
        while not self._taken("}"):
            word = self._word()
            if self._taken("{"):
                self._group()
            elif word in ("OPTIONAL", "UNION", "MINUS") or self._peek() == ".":
                self._at += 1
            elif word in ("FILTER", "BIND"):
                self._constraint()
            elif word == "VALUES":
                self._values()
            elif word == "SELECT":
                self._select()
            else:
                self._properties(self._node())

    def _constraint(self) -> None:
        while self._peek() not in ("(", "{"):
            if self._next().kind not in ("word", "name", "iri"):
                raise _NotUnderstoodError
        if self._next().text == "{":
            self._group()
        else:
            self._brackets()

    def _properties(self, subject: str = "") -> None:
        """Predicates and objects of a subject."""
        while self._peek() not in (".", "}", "]") and self._word() in _VERB:
            start = self._at
            predicates = [] if self._found[start].kind == "variable" and self._next() else self._path()
            plain = self._at == start + 1
            objects = [self._node()]
            while self._taken(","):
                objects.append(self._node())
            iris = objects if plain and predicates == [_TYPE] else [""]
            if not predicates:
                predicates, iris = [""], [subject] if subject else objects
                if "" in iris:
                    raise _NotUnderstoodError  # any triple
            self._parts.update(Part(predicate, iri) for predicate in predicates for iri in iris)
            if not self._taken(";"):
                return
            while self._taken(";"):
                pass

    def _path(self) -> list[str]:
        """The predicates of a property path, but not of `p*` and the like, which finds what no triple of `p` holds."""
        found, depth = [], 0
        while True:
            token = self._next()
            if token.text in ("^", "("):
                depth += token.text == "("
                continue
            found.append(_TYPE if token.text == "a" else self._iri(token))
            while (depth and self._peek() == ")") or self._peek() == "+":
                depth -= self._next().text == ")"
            if not (self._taken("/") or self._taken("|")):
                if depth or self._peek() in ("*", "?"):
                    raise _NotUnderstoodError
                return found

    def _node(self) -> str:
        """A subject or an object; its IRI, or "" for anything else."""
        token = self._next()
        if token.kind in ("iri", "name"):
            return self._iri(token)
        if token.text == "[":
            self._properties()
            if not self._taken("]"):
                raise _NotUnderstoodError
        elif token.kind == "string":
            if self._taken("^^"):
                self._iri(self._next())
            elif self._peek() and self._found[self._at].kind == "language":
                self._at += 1
        elif token.text in ("+", "-") and self._found[self._at].kind == "number":
            self._at += 1
        elif token.kind not in ("variable", "blank", "number") and token.text.lower() not in ("true", "false"):
            raise _NotUnderstoodError
        return ""

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _colon, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            raise _NotUnderstoodError
        return self._prefixes[prefix] + local.replace("\\", "")


def cut(document: bytes, parts: Collection[Part], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Some parts of a graph, in Turtle.

    Args:
        document: a graph as `kg.rdf.turtle` writes it.
        parts: what to give of it; more triples may come with them.
        prefixes: those of the document.
    """
    turtle = Turtle(prefixes)
    short = turtle.short
    yield turtle.head().encode()
    classes = {short(f"<{part.iri}>").encode() for part in parts if part.iri and part.predicate}
    things = {short(f"<{part.iri}>").encode() for part in parts if part.iri and not part.predicate}
    predicates = {short(f"<{part.predicate}>").encode() for part in parts if not part.iri}
    some_types = classes if b"a" not in predicates else set()
    first = tuple(predicate + b" " for predicate in (predicates | {b"a"} if some_types else predicates))
    for block in document.split(b" .\n"):
        subject, _blank, said = block.partition(b" ")
        kept = [text for text in said.split(b" ;\n\t") if text.startswith(first)]
        if some_types:
            kept = [text for text in kept if text[:2] != b"a " or not some_types.isdisjoint(text.split(b" "))]
        if subject in things:
            kept = [said]
        elif any(thing in said for thing in things):
            kept = list({*kept, *(text for text in said.split(b" ;\n\t") if not things.isdisjoint(text.split(b" ")))})
        if kept:
            yield b"%b %b .\n" % (subject, b" ; ".join(kept))
