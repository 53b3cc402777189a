"""The parts of a graph that a query needs, so that a first answer need not wait until everything is loaded.

A triple that matches no triple pattern of a query does not matter to its answer. If every pattern names its predicate,
or else its subject or object, or the class of its subject, the triples that have these are therefore sufficient.
Queries are parsed as far as that needs (https://www.w3.org/TR/sparql11-query/#sparqlGrammar); what is not understood to
its end may look at everything.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from kg.namespaces import RDF
from kg.rdf.turtle import Turtle
from kg.stores.syntax import ABSOLUTE, Token, tokens

_TYPE = RDF + "type"
_VERB = ("", "A")
"""What `_Reader._word` gives where a predicate may stand: nothing, or the word `a`."""


OF_CLASS, FEW = "class", "few"
"""What stands for a predicate in parts that hold all triples of the subjects of a class, and any few triples."""
_FEW = 1000
_ANY = re.compile(
    r"(?:SELECT (?:\*|(?:\? )*\?)|CONSTRUCT) (?:WHERE )?{ \? \? \? (?:\. )?} LIMIT (\d{1,3})(?: OFFSET (\d{1,3}))?"
    r"|ASK (?:WHERE )?{ \? \? \? (?:\. )?}"
)
"""Queries that any few triples answer; variables as `?`."""


class Part(NamedTuple):
    """The triples of one predicate; or, where that is "", all triples with one IRI as subject or object."""

    predicate: str
    """Or one of the above."""
    iri: str = ""
    """This IRI; of rdf:type, the class, or "" for all classes."""


@dataclass
class _Bound:
    """What a group of patterns says of its variables."""

    iris: dict[str, list[str]] = field(default_factory=dict)
    """Variable → the only IRIs that it can be."""
    classes: dict[str, str] = field(default_factory=dict)
    """Variable → a class that it is of."""
    open: list[tuple[str, str]] = field(default_factory=list)
    """Subject and object of each pattern whose predicate, subject and object are all variables."""


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
        self._groups: list[_Bound] = []
        """Those that are being read, the innermost last; without those around a subquery, which sees none of them."""

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
        if self._asks_for_any():
            return frozenset({Part(FEW)})
        if self._word() not in ("SELECT", "ASK", "CONSTRUCT"):
            raise _NotUnderstoodError
        construct = self._word() == "CONSTRUCT"
        self._at += 1
        if construct and self._taken("{"):
            self._skip()  # the template
        self._select()
        if self._peek():
            raise _NotUnderstoodError
        return frozenset(self._parts)

    def _asks_for_any(self) -> bool:
        """Whether any few triples are an answer, as to `SELECT * { ?s ?p ?o } LIMIT 10`."""
        rest = self._found[self._at :]
        words = ("?" if token.kind == "variable" else token.text.upper() for token in rest)
        match = _ANY.fullmatch(" ".join(words))
        pattern = [token.text[1:] for token in rest if token.kind == "variable"][-3:]
        return match is not None and len(set(pattern)) == len(pattern) and sum(map(int, match.groups("0"))) <= _FEW

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

    def _skip(self) -> None:
        """Go on behind the next brace that closes."""
        while self._next().text != "}":
            pass

    def _select(self) -> None:
        """What follows SELECT or ASK, up to the end of the query or of the group that it is in."""
        around, self._groups = self._groups, []
        self._open()
        self._group()
        while self._peek() not in ("}", ""):
            if self._word() == "VALUES":
                self._values()
            elif self._taken("("):
                self._brackets()
            elif self._next().text == "{":
                raise _NotUnderstoodError
        self._groups = around

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
        variable = self._found[self._at + 1]
        self._open()
        start = self._at
        self._skip()
        values = self._found[start : self._at - 1]
        if self._groups and variable.kind == "variable" and all(token.kind in ("iri", "name") for token in values):
            self._groups[-1].iris[_named(variable)] = [self._iri(token) for token in values]

    def _group(self) -> None:
        """What follows the brace that opens a group, up to the one that closes it."""
        self._groups.append(_Bound())
        self._patterns()
        for ends in self._groups[-1].open:
            self._parts.update(self._bound(*ends))
        self._groups.pop()

    def _bound(self, subject: str, other: str) -> Iterator[Part]:
        """What a pattern of three variables can match, given what this group and those around it have said of them."""
        for name in (subject, other):
            for group in self._groups:
                if name in group.iris:
                    yield from (Part("", iri) for iri in group.iris[name])
                    return
        for group in self._groups:
            if subject in group.classes:
                yield Part(OF_CLASS, group.classes[subject])
                return
        raise _NotUnderstoodError  # any triple

    def _patterns(self) -> None:
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
        word, _open, iri, *more = self._found[self._at : self._at + 6]
        if word.text.upper() == "BIND" and iri.kind in ("iri", "name") and more[0].text.upper() == "AS":
            self._groups[-1].iris[_named(more[1])] = [self._iri(iri)]
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
            any_ = self._found[start].kind == "variable"
            predicates = [] if any_ and self._next() else self._path(subject if _is_iri(subject) else "")
            plain = self._at == start + 1
            objects = [self._node()]
            while self._taken(","):
                objects.append(self._node())
            if not predicates:
                if _is_iri(subject):
                    self._parts.add(Part("", subject))
                else:
                    self._parts.update(Part("", iri) for iri in objects if _is_iri(iri))
                    self._groups[-1].open += [(subject, each) for each in objects if not _is_iri(each)]
            elif plain and predicates == [_TYPE]:
                self._parts.update(Part(_TYPE, iri if _is_iri(iri) else "") for iri in objects)
                if subject[:1] == "?" and _is_iri(objects[0]):
                    self._groups[-1].classes[subject] = objects[0]
            else:
                self._parts.update(map(Part, predicates))
            if not self._taken(";"):
                return
            while self._taken(";"):
                pass

    def _path(self, start: str) -> list[str]:
        """The predicates of a property path; not of `p*` and the like, which finds what no triple of `p` holds.

        But from one thing, `start`, it only finds that as well, if any triple does.
        """
        found, depth, signs = [], 0, ("+", "*", "?") if start else ("+",)
        while True:
            token = self._next()
            if token.text in ("^", "("):
                depth += token.text == "("
                continue
            found.append(_TYPE if token.text == "a" else self._iri(token))
            while (depth and self._peek() == ")") or self._peek() in signs:
                text = self._next().text
                depth -= text == ")"
                if text in ("*", "?"):
                    self._parts.add(Part("", start))
            if not (self._taken("/") or self._taken("|")):
                if depth or self._peek() in ("*", "?"):
                    raise _NotUnderstoodError
                return found

    def _node(self) -> str:
        """A subject or an object: its IRI, a variable as `?name`, or "" for anything else."""
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
        elif token.kind == "variable":
            return _named(token)
        elif token.kind not in ("blank", "number") and token.text.lower() not in ("true", "false"):
            raise _NotUnderstoodError
        return ""

    def _iri(self, token: Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _colon, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._prefixes:
            raise _NotUnderstoodError
        return self._prefixes[prefix] + local.replace("\\", "")


def _named(variable: Token) -> str:
    """A variable, which may be written with a dollar sign."""
    return f"?{variable.text[1:]}"


def _is_iri(node: str) -> bool:
    return node[:1] not in ("", "?")


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

    def shortened(iris: Iterable[str]) -> set[bytes]:
        return {short(f"<{iri}>").encode() for iri in iris}

    classes = shortened(part.iri for part in parts if part.iri and part.predicate == _TYPE)
    of_class = shortened(part.iri for part in parts if part.predicate == OF_CLASS)
    things = shortened(part.iri for part in parts if part.iri and not part.predicate)
    predicates = shortened(part.predicate for part in parts if not part.iri and part.predicate != FEW)
    some_types = classes if b"a" not in predicates else set()
    first = tuple(predicate + b" " for predicate in (predicates | {b"a"} if some_types else predicates))
    blocks = document.split(b" .\n")
    if Part(FEW) in parts:
        yield from (block + b" .\n" for block in blocks[len(prefixes) :][:_FEW])
    subjects = things | (set(map(_subject, filter(partial(_is_of, of_class), blocks))) if of_class else set())
    for block in blocks:
        subject, _blank, said = block.partition(b" ")
        kept = [text for text in said.split(b" ;\n\t") if text.startswith(first)]
        if some_types:
            kept = [text for text in kept if text[:2] != b"a " or not some_types.isdisjoint(text.split(b" "))]
        if subject in subjects:
            kept = [said]
        elif any(thing in said for thing in things):
            kept = list({*kept, *(text for text in said.split(b" ;\n\t") if not things.isdisjoint(text.split(b" ")))})
        if kept:
            yield b"%b %b .\n" % (subject, b" ; ".join(kept))


def _subject(block: bytes) -> bytes:
    return block.partition(b" ")[0]


def _is_of(classes: AbstractSet[bytes], block: bytes) -> bool:
    """Whether one block of a Turtle file says that its subject is of one of some classes."""
    said = block.partition(b" ")[2].split(b" ;\n\t") if any(name in block for name in classes) else ()
    return any(text[:2] == b"a " and not classes.isdisjoint(text.split(b" ")) for text in said)
