"""The parts of a graph that a query needs, so that a first answer need not wait until everything is loaded.

A triple that matches no triple pattern of a query does not matter to its answer. If every pattern names its predicate,
or else its subject or object, or the class of one of them, the triples that have these are therefore sufficient. Fewer
are if a pattern is joined with a subquery, which can be asked first: then only the things that it finds matter.
Queries are parsed as far as that needs (https://www.w3.org/TR/sparql11-query/#sparqlGrammar); what is not understood to
its end may look at everything.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from kg.namespaces import RDF
from kg.stores.parts import ANY, FEW, FEW_TRIPLES, NAMES, OF_CLASS, Part, Subquery
from kg.stores.syntax import ABSOLUTE, Cursor, Token, tokens

TYPE = RDF + "type"
_VERB = ("", "A")
"""What `Cursor.word` gives where a predicate may stand: nothing, or the word `a`."""
_PATTERN = r"(?:WHERE )?{ (?:(?P<%s>GRAPH) \? { )?\? \? \? (?:\. )?(?:} )?}"
_ANY = re.compile(
    rf"(?:SELECT (?:\*|(?:\? )*\?)|CONSTRUCT) {_PATTERN % 'of'}"
    r" LIMIT (?P<limit>\d{1,3})(?: OFFSET (?P<offset>\d{1,3}))?"
    rf"|ASK {_PATTERN % 'in'}"
)
"""Queries that any few triples answer; variables as `?`."""
_UNSETTLED = frozenset(("LIMIT", "OFFSET", "SAMPLE", "GROUP_CONCAT", "RAND", "UUID", "STRUUID", "NOW", "BNODE"))
"""Words in subqueries that may find something else the next time."""
_STEPS = frozenset("^/+*?")
"""Marks in a path that finds what no single triple says."""
Found = Callable[[Subquery], Mapping[str, Collection[str]]]
"""The IRIs that a subquery finds for its variables, without those variables that may be anything."""


@dataclass
class _Bound:
    """What a group of patterns says of its variables."""

    iris: dict[str, Collection[str]] = field(default_factory=dict)
    """Variable → the only IRIs that it can be."""
    classes: dict[str, str] = field(default_factory=dict)
    """Variable → a class that it is of, as in `Part`."""
    subqueries: list[Subquery] = field(default_factory=list)
    """Those that it is joined with."""
    open: list[tuple[str, str]] = field(default_factory=list)
    """Subject and object of each pattern whose predicate, subject and object are all variables."""
    named: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Subject, object and predicates of each other pattern that subqueries may narrow."""

    def join(self, inner: "_Bound") -> None:
        """Add what a group within this one says, to which this one is joined."""
        self.iris = {**inner.iris, **self.iris}
        self.classes = {**inner.classes, **self.classes}
        self.subqueries += inner.subqueries


def parts_for(query: str, prefixes: Mapping[str, str], found: Found | None = None) -> frozenset[Part] | None:
    """The parts of a graph that a query can look at; None if it may be any.

    Args:
        query: SPARQL that the engine accepts.
        prefixes: those known without being declared.
        found: asks a subquery, so that there are fewer parts; None for those that suffice whatever subqueries find.
    """
    read = list(tokens(query))
    if "\\u" in query.lower() or any(token.kind == "iri" and not ABSOLUTE.match(token.text) for token in read):
        return None  # it may be read in two ways
    try:
        return _Reader(query, read, prefixes, found).query()
    except (_NotUnderstoodError, IndexError):
        return None


class _NotUnderstoodError(Exception):
    """A query that is not understood here, and may therefore look at anything."""


class _Reader(Cursor):
    """Reads the tokens of a query one after another."""

    def __init__(self, text: str, found: list[Token], prefixes: Mapping[str, str], ask: Found | None) -> None:
        super().__init__(found)
        self._text = text
        self._prefixes = dict(prefixes)
        self._head = ""
        """The declarations."""
        self._ask = ask
        self._answers: dict[Subquery, Mapping[str, Collection[str]]] = {}
        self._parts: set[Part] = set()
        self._graphs: Collection[str] = ("",)
        """Where what comes next is looked up."""
        self._named: Collection[str] = (ANY,)
        """The graphs that GRAPH may find."""
        self._groups: list[_Bound] = []
        """Those that are being read, the innermost last; without those around a subquery, which sees none of them."""

    def query(self) -> frozenset[Part]:
        while self.word() == "PREFIX":
            self.at += 1
            name, iri = self.next(), self.next()
            self._prefixes[name.text[:-1]] = iri.text[1:-1]
            self._head = f"{self._text[: iri.end]}\n"
        if self.word() == "DESCRIBE":
            return self._describe()
        if (few := self._asks_for_any()) is not None:
            return frozenset({few})
        if self.word() not in ("SELECT", "ASK", "CONSTRUCT"):
            raise _NotUnderstoodError
        construct = self.word() == "CONSTRUCT"
        self.at += 1
        if construct and self.taken("{"):
            self.skip()  # the template
        self._select()
        if self.peek():
            raise _NotUnderstoodError
        return frozenset(self._parts)

    def _describe(self) -> frozenset[Part]:
        self.at += 1
        variables = list[tuple[str, str]]()
        while self.peek() not in ("", "{") and self.word() not in ("WHERE", "FROM"):
            token = self.next()
            if token.kind == "variable":
                variables.append((_named(token), ""))
            else:
                self._need(Part("", self._iri(token)))
        if variables or self.peek():
            self._select(variables)
        if self.peek():
            raise _NotUnderstoodError
        return frozenset(self._parts)

    def _need(self, *parts: Part) -> None:
        """Add parts of the graphs where they are looked up."""
        self._parts.update(part._replace(graph=graph) for part in parts for graph in self._graphs)

    def _asks_for_any(self) -> Part | None:
        """Any few triples, if they are an answer, as to `SELECT * { ?s ?p ?o } LIMIT 10`."""
        rest = self.found[self.at :]
        words = ("?" if token.kind == "variable" else token.text.upper() for token in rest)
        match = _ANY.fullmatch(" ".join(words))
        if not match or int(match["limit"] or 0) + int(match["offset"] or 0) > FEW_TRIPLES:
            return None
        named = match["of"] or match["in"]
        pattern = [token.text[1:] for token in rest if token.kind == "variable"][-4 if named else -3 :]
        return Part(FEW, graph=ANY if named else "") if len(set(pattern)) == len(pattern) else None

    def _select(self, open_: Iterable[tuple[str, str]] = ()) -> None:
        """What follows SELECT or ASK, up to the end of the query or of the group that it is in."""
        around, self._groups = self._groups, []
        self._open()
        self._group(open_)
        while self.peek() not in ("}", ""):
            if self.word() == "VALUES":
                self._values()
            elif self.taken("("):
                self._brackets()
            elif self.next().text == "{":
                raise _NotUnderstoodError
        self._groups = around

    def _subquery(self) -> None:
        start, parts = self.at, self._parts
        self._parts = set()
        self._select()
        read = self.found[start : self.at]
        variables = frozenset(map(_named, takewhile(lambda token: token.kind == "variable", _projection(read))))
        if list(self._graphs) == [""] and _UNSETTLED.isdisjoint(token.text.upper() for token in read):
            text = self._head + self._text[read[0].start : read[-1].end]
            self._groups[-1].subqueries.append(Subquery(text, variables, frozenset(self._parts)))
        self._parts |= parts

    def _open(self) -> None:
        """Go on to the next brace, and read it."""
        unnamed, named = list[str](), list[str]()
        while not self.taken("{"):
            if self.peek() == "}":
                raise _NotUnderstoodError
            word = self.word()
            if self.next().text == "(":
                self._brackets()
            elif word == "FROM":
                is_named = self.word() == "NAMED"
                self.at += is_named
                (named if is_named else unnamed).append(self._iri(self.next()))
        if named or unnamed:
            self._graphs, self._named = unnamed, named
            self._parts.add(Part("", graph=NAMES))

    def _brackets(self) -> None:
        """What follows a bracket, up to the one that closes it; a group in it is that of EXISTS."""
        while not self.taken(")"):
            text = self.next().text
            if text == "(":
                self._brackets()
            elif text == "{":
                self._group()
            elif text == "}":
                raise _NotUnderstoodError

    def _values(self) -> None:
        variable = self.found[self.at + 1]
        self._open()
        start = self.at
        self.skip()
        values = self.found[start : self.at - 1]
        if self._groups and variable.kind == "variable" and all(token.kind in ("iri", "name") for token in values):
            self._groups[-1].iris[_named(variable)] = [self._iri(token) for token in values]

    def _group(self, open_: Iterable[tuple[str, str]] = ()) -> _Bound:
        """What follows the brace that opens a group, up to the one that closes it.

        Args:
            open_: the ends of patterns that may be thought in it.
        """
        self._groups.append(_Bound(open=list(open_)))
        self._patterns()
        for subject, other in self._groups[-1].open:
            self._need(*self._bound(subject, other))
        found = {name for group in self._groups for query in group.subqueries for name in query.variables}
        for subject, other, predicates in sorted(
            self._groups[-1].named, key=lambda ends: not found.isdisjoint(ends[:2])
        ):
            parts = set(map(Part, predicates))
            narrowed = None if parts <= self._parts else self._narrowed(subject, other, predicates)
            self._need(*(parts if narrowed is None else narrowed))
        return self._groups.pop()

    def _bound(self, subject: str, other: str) -> Iterable[Part]:
        """What a pattern of three variables can match, given what this group and those around it have said of them."""
        for name in (subject, other):
            for group in self._groups:
                if name in group.iris:
                    return [Part("", iri) for iri in group.iris[name]]
        narrowed = self._narrowed(subject, other)
        if narrowed is not None:
            return narrowed
        of_subject, of_other = (
            next((group.classes[name] for group in self._groups if name in group.classes), "")
            for name in (subject, other)
        )
        if of_subject or of_other:
            return [Part(OF_CLASS, of_subject, of_other)]
        if ANY in self._graphs or "" in self._graphs:
            raise _NotUnderstoodError  # any triple
        return [Part("")]

    def _narrowed(self, subject: str, other: str, predicates: Collection[str] = ()) -> Collection[Part] | None:
        """What is left of a pattern if subqueries say what its ends are; None if they do not."""
        if self._ask is None:
            return None
        queries = [query for group in self._groups for query in group.subqueries]
        for query in sorted(queries, key=lambda query: len(query.parts)):
            for name in query.variables.intersection((subject, other)):
                if query not in self._answers:
                    self._answers[query] = self._ask(query)
                if name in self._answers[query]:
                    predicate = TYPE if name == other and predicates == [TYPE] else ""
                    return [Part(predicate, iri) for iri in self._answers[query][name]]
        return None

    def _patterns(self) -> None:
        while not self.taken("}"):
            word = self.word()
            if self.taken("{"):
                alone = self.found[self.at - 2].text.upper() not in ("OPTIONAL", "UNION", "MINUS")
                inner = self._group()
                if alone and self.word() != "UNION":
                    self._groups[-1].join(inner)
            elif word in ("OPTIONAL", "UNION", "MINUS") or self.peek() == ".":
                self.at += 1
            elif word in ("FILTER", "BIND"):
                self._constraint()
            elif word == "VALUES":
                self._values()
            elif word == "SELECT":
                self._subquery()
            elif word == "GRAPH":
                self._graph()
            else:
                self._properties(self._node())

    def _graph(self) -> None:
        self.at += 1
        name, around = self._node(), self._graphs
        self._graphs = (name,) if _is_iri(name) else self._named
        if not self.taken("{"):
            raise _NotUnderstoodError
        self._groups[-1].join(self._group())
        self._graphs = around
        self._parts.add(Part("", graph=NAMES))

    def _constraint(self) -> None:
        word, _open, iri, *more = self.found[self.at : self.at + 6]
        if word.text.upper() == "BIND" and iri.kind in ("iri", "name") and more[0].text.upper() == "AS":
            self._groups[-1].iris[_named(more[1])] = [self._iri(iri)]
        while self.peek() not in ("(", "{"):
            if self.next().kind not in ("word", "name", "iri"):
                raise _NotUnderstoodError
        if self.next().text == "{":
            self._group()
        else:
            self._brackets()

    def _properties(self, subject: str = "") -> None:
        """Predicates and objects of a subject."""
        while self.peek() not in (".", "}", "]") and self.word() in _VERB:
            start = self.at
            any_ = self.found[start].kind == "variable"
            predicates = [] if any_ and self.next() else self._path(subject if _is_iri(subject) else "")
            plain = self.at == start + 1
            alternatives = all(token.text not in _STEPS for token in self.found[start : self.at])
            objects, values = list[str](), list[str]()
            while not objects or self.taken(","):
                start = self.at
                objects.append(self._node())
                values.append(f"<{objects[-1]}>" if _is_iri(objects[-1]) else _literal(self.found[start : self.at]))
            if not predicates:
                if _is_iri(subject):
                    self._need(Part("", subject))
                else:
                    self._need(*(Part("", iri) for iri in objects if _is_iri(iri)))
                    self._groups[-1].open += [(subject, each) for each in objects if not _is_iri(each)]
            elif not alternatives:
                self._need(*map(Part, predicates))
            else:
                classes = list(filter(_is_iri, objects)) if plain and predicates == [TYPE] else []
                self._need(*(Part(TYPE, iri) for iri in classes))
                if classes and subject[:1] == "?":
                    self._groups[-1].classes.setdefault(subject, classes[0])
                elif plain and subject[:1] == "?" and any(values):
                    self._groups[-1].classes[subject] = f"{predicates[0]} {next(filter(None, values))}"
                self._groups[-1].named += [(subject, each, predicates) for each in objects if each not in classes]
            if not self.taken(";"):
                return
            while self.taken(";"):
                pass

    def _path(self, start: str) -> list[str]:
        """The predicates of a property path; not of `p*` and the like, which finds what no triple of `p` holds.

        But from one thing, `start`, it only finds that as well, if any triple does.
        """
        found, depth, signs = [], 0, ("+", "*", "?") if start else ("+",)
        while True:
            token = self.next()
            if token.text in ("^", "("):
                depth += token.text == "("
                continue
            found.append(TYPE if token.text == "a" else self._iri(token))
            while (depth and self.peek() == ")") or self.peek() in signs:
                text = self.next().text
                depth -= text == ")"
                if text in ("*", "?"):
                    self._need(Part("", start))
            if not (self.taken("/") or self.taken("|")):
                if depth or self.peek() in ("*", "?"):
                    raise _NotUnderstoodError
                return found

    def _node(self) -> str:
        """A subject or an object: its IRI, a variable as `?name`, or "" for anything else."""
        token = self.next()
        if token.kind in ("iri", "name"):
            return self._iri(token)
        if token.text == "[":
            self._properties()
            if not self.taken("]"):
                raise _NotUnderstoodError
        elif token.kind == "string":
            if self.taken("^^"):
                self._iri(self.next())
            elif self.peek() and self.found[self.at].kind == "language":
                self.at += 1
        elif token.text in ("+", "-") and self.found[self.at].kind == "number":
            self.at += 1
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


def _literal(read: list[Token]) -> str:
    """A string that reads the same in every syntax, perhaps with a language; "" of anything else."""
    plain = bool(read) and read[0].kind == "string" and _PLAIN.fullmatch(read[0].text)
    if not plain or [token.kind for token in read[1:]] not in ([], ["language"]):
        return ""
    return f'"{plain[1]}"' + "".join(token.text.lower() for token in read[1:])


_PLAIN = re.compile(r"""["']([^"'\\\x00-\x1f\x7f]*)["']""")


def _projection(read: list[Token]) -> list[Token]:
    """What stands between SELECT and the group of a query."""
    start = 2 if read[1].text.upper() in ("DISTINCT", "REDUCED") else 1
    return read[start:]


def _is_iri(node: str) -> bool:
    return node[:1] not in ("", "?")
