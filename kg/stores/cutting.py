"""Cuts the parts of a graph that a query looks at out of its Turtle file, in one pass for all predicates.

`kg.rdf.turtle` writes a line for each predicate of a subject, the first one behind the subject:

    person:ada_lovelace a schema:Person ;
        rdfs:label "Ada Lovelace"@en , "埃达·洛夫莱斯"@zh .
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from kg.rdf.turtle import Turtle
from kg.stores.scope import FEW, FEW_TRIPLES, OF_CLASS, Part

_END = b" .\n"
"""What ends a block, which is all that is said of a subject in one place."""
_NEXT = b" ;\n\t"
"""What stands between two lines of a block."""


def cut(document: bytes, parts: Collection[Part], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Some parts of a graph, in Turtle.

    Args:
        document: a graph as `kg.rdf.turtle` writes it.
        parts: what to give of it; more triples may come with them, and triples may come twice.
        prefixes: those of the document.
    """
    turtle = Turtle(prefixes)

    def short(iri: str) -> bytes:
        return turtle.short(f"<{iri}>").encode() if iri else b""

    yield turtle.head().encode()
    predicates = set[bytes]()
    for part in parts:
        if part.predicate == FEW:
            yield from islice(_blocks(document), FEW_TRIPLES)
        elif part.predicate == OF_CLASS:
            yield from _of_classes(document, short(part.iri), short(part.other))
        elif not part.iri:
            predicates.add(short(part.predicate))
        elif part.predicate:
            yield from (_said(*line) for line in _types(document, short(part.iri)))
        else:
            yield from (_said(*line) for line in _about(document, short(part.iri)))
    if predicates:
        yield from (_said(*line) for line in _lines(document, predicates))


def _said(subject: bytes, line: bytes) -> bytes:
    return b"%b %b%b" % (subject, line, _END)


def _lines(document: bytes, predicates: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The lines with some predicates: subject, predicate with objects."""
    names = b"|".join(map(re.escape, predicates))
    subject = b""
    for match in re.finditer(rb"\n(?:([^\t ]+) ((?:%b) [^\n]*)?|\t((?:%b) [^\n]*))" % (names, names), document):
        subject = match[1] or subject
        if line := match[2] or match[3]:
            yield subject, line[:-2]


def _blocks(document: bytes, subjects: Collection[bytes] | None = None) -> Iterator[bytes]:
    """The blocks, of all subjects or of some."""
    for match in re.finditer(rb"\n([^\t@ ][^ ]*) ", document):
        if subjects is None or match[1] in subjects:
            yield document[match.start(1) : document.index(_END, match.end()) + len(_END)]


def _of_classes(document: bytes, of_subject: bytes, of_other: bytes) -> Iterator[bytes]:
    """What is said of the members of one class, as far as it names those of another one; of any, if that is empty."""
    members = {
        class_: {subject for subject, _line in _types(document, class_)} for class_ in {of_subject, of_other} - {b""}
    }
    others = members.get(of_other)
    for block in _blocks(document, members.get(of_subject)):
        if others is None:
            yield block
            continue
        subject, _blank, rest = block.removesuffix(_END).partition(b" ")
        yield from (_said(subject, line) for line in rest.split(_NEXT) if not others.isdisjoint(line.split(b" ")))


def _types(document: bytes, class_: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As `_lines`: those that say that something is of a class."""
    return (line for line in _about(document, class_) if line[1].startswith(b"a "))


def _about(document: bytes, thing: bytes) -> Iterator[tuple[bytes, bytes]]:
    """As `_lines`: those that name a thing, and all that is said of it, as if that were one line."""
    at, start = 0, len(_END)
    while (found := document.find(thing + b" ", at)) >= 0:
        at = found + 1
        start = document.rfind(_END, start - len(_END), found) + len(_END)
        behind = document.index(b" ", start) + 1
        if found == start:
            at = document.index(_END, found)
            yield thing, document[behind:at]
        elif document[found - 1 : found] == b" ":
            at = document.index(b"\n", found)
            yield (
                document[start : behind - 1],
                document[max(behind, document.rfind(b"\n\t", start, found) + 2) : at - 2],
            )
