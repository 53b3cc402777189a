"""Cuts the parts of a graph that a query looks at out of its Turtle file, in one pass for all predicates."""

from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from kg.rdf.turtle import Turtle
from kg.stores import blocks
from kg.stores.blocks import Line
from kg.stores.graphs import Graphs
from kg.stores.parts import ANY, FEW, FEW_TRIPLES, NAMES, OF_CLASS, Part


def cut(document: bytes, parts: Collection[Part], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Some parts of a graph, in TriG.

    Args:
        document: a graph as `kg.rdf.turtle` writes it.
        parts: what to give of it; more triples may come with them, and triples may come twice.
        prefixes: those of the document.
    """
    turtle = Turtle(prefixes)
    yield turtle.head().encode()
    graphs = Graphs(document, prefixes)
    for name in sorted({part.graph for part in parts}):
        wanted = [part for part in parts if part.graph == name]
        if not name:
            yield from (blocks.said(*line) for line in _found(document, wanted, turtle))
        elif name == NAMES:
            yield from graphs.one_line_each()
        elif name == ANY:
            yield from graphs.sort(_found(document, wanted, turtle))
        else:
            some = graphs.about(name)
            own = Graphs(some, prefixes) if some else graphs
            yield from own.sort(_found(some or document, wanted, turtle), name)


def _found(document: bytes, parts: Collection[Part], turtle: Turtle) -> Iterator[Line]:
    """Some parts of one graph, or of any."""

    def short(iri: str) -> bytes:
        return turtle.short(f"<{iri}>").encode() if iri else b""

    predicates = set[bytes]()
    for part in parts:
        if part.predicate == FEW:
            yield from islice(blocks.blocks(document), FEW_TRIPLES)
        elif part.predicate == OF_CLASS:
            yield from _of_classes(document, *(_members(document, name, short) for name in (part.iri, part.other)))
        elif part.predicate and part.iri:
            yield from blocks.types(document, short(part.iri))
        elif part.predicate:
            predicates.add(short(part.predicate))
        elif part.iri:
            yield from blocks.about(document, short(part.iri))
        else:
            yield from blocks.blocks(document)
    if predicates:
        yield from blocks.lines(document, predicates)


def _members(document: bytes, class_: str, short: Callable[[str], bytes]) -> AbstractSet[bytes] | None:
    """What is of a class, as `Part` gives it; None if that may be anything."""
    predicate, _blank, value = class_.partition(" ")
    if not class_:
        return None
    if not value:
        return {subject for subject, _line in blocks.types(document, short(class_))}
    name = short(value[1:-1]) if value[0] == "<" else value.encode()
    return {
        subject
        for subject, line in blocks.lines(document, [short(predicate)])
        if name in map(_with_small_language, blocks.objects(line))
    }


def _of_classes(
    document: bytes, subjects: AbstractSet[bytes] | None, others: AbstractSet[bytes] | None
) -> Iterator[Line]:
    """What is said of some subjects, as far as it names some others."""
    for subject, block in blocks.blocks(document, subjects):
        if others is None:
            yield subject, block
        else:
            yield from ((subject, line) for line in blocks.split(block) if not others.isdisjoint(line.split(b" ")))


def _with_small_language(value: bytes) -> bytes:
    """A value whose language is in small letters, as stores compare it."""
    quoted, at, language = value.rpartition(b'"@')
    return quoted + at + language.lower() if at else value
