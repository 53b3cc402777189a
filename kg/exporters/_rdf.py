"""What the RDF formats share: pyoxigraph writes."""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

from kg.exporters import Pieces, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyoxigraph import Quad

    from kg.graph import KnowledgeGraph
    from kg.shares import Share


def triples_as(format_name: str) -> Pieces:
    """A writer of one of pyoxigraph's formats for graphs in which any number of statements stand alone (`TURTLE` …).

    Everything about a subject is in one share, so that the pieces are what pyoxigraph would write at once.
    """
    return Pieces(
        head=partial(_head, format_name),
        sections=tuple(Section(write=partial(_triples, format_name), of_posts=posts) for posts in (False, True)),
        tail=partial(_last_triples, format_name),
    )


def quads_as(format_name: str) -> Callable[[KnowledgeGraph, BinaryIO], None]:
    """A writer of one of pyoxigraph's formats for datasets (`N_QUADS` …), straight into the stream."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        from pyoxigraph import RdfFormat, serialize

        from kg import rdf

        output = WholeNames(stream, rdf.prefixes(graph))
        file = cast("BinaryIO", output)
        serialize(rdf.quads(graph), file, getattr(RdfFormat, format_name), prefixes=output.prefixes)
        output.finish()

    return write


def _head(format_name: str, graph: KnowledgeGraph) -> bytes:
    from pyoxigraph import NamedNode, Quad

    some = NamedNode(graph.dataset.base)  # pyoxigraph writes no head to nothing
    return _serialized(format_name, [Quad(some, some, some)], graph)[0]


def _triples(format_name: str, graph: KnowledgeGraph, share: Share) -> tuple[bytes, int]:
    from kg import statements
    from kg.ntriples import parsed

    said = list(chain.from_iterable(part.statements for part in statements.of_share(graph, share)))
    return _serialized(format_name, parsed(said), graph)[1], len(said)


def _last_triples(format_name: str, graph: KnowledgeGraph, count: int) -> bytes:
    from kg import statements
    from kg.ntriples import parsed

    return _serialized(format_name, parsed(statements.about_itself(graph, count)), graph)[1]


def _serialized(format_name: str, quads: Iterable[Quad], graph: KnowledgeGraph) -> tuple[bytes, bytes]:
    """What pyoxigraph writes: the lines with the prefixes, and all below."""
    from pyoxigraph import RdfFormat, serialize

    from kg import rdf

    prefixes = rdf.prefixes(graph)
    data = serialize(quads, format=getattr(RdfFormat, format_name), prefixes=prefixes) or b""
    end = _PREFIXES.match(data).end()  # type: ignore[union-attr]  # it matches always, if only nothing
    return data[:end], with_whole_names(data[end:], prefixes)


_PREFIXES = re.compile(rb"(?:@prefix [^\n]*\n)*")


class WholeNames:
    """A stream that writes what `with_whole_names` makes of it.

    Works line by line: no literal that pyoxigraph writes holds a bare line end.
    """

    def __init__(self, stream: BinaryIO, prefixes: dict[str, str]) -> None:
        self.prefixes = prefixes
        self._stream = stream
        self._rest = b""

    def write(self, data: bytes) -> int:
        """Write what is complete; the last line waits for its end."""
        lines, end, rest = data.rpartition(b"\n")
        if end:
            self._stream.write(with_whole_names(self._rest + lines + end, self.prefixes))
            self._rest = rest
        else:
            self._rest += rest
        return len(data)

    def flush(self) -> None:
        """Nothing: `finish` writes the rest."""

    def finish(self) -> None:
        """Write the last line, if it has no end."""
        self._stream.write(with_whole_names(self._rest, self.prefixes))
        self._rest = b""


def with_whole_names(data: bytes, prefixes: dict[str, str]) -> bytes:
    r"""Turtle in which prefixed names ending in a full stop, `organization:acme_ltd\.`, are whole IRIs.

    Turtle allows them (https://www.w3.org/TR/turtle/#reserved), but rdflib takes the escaped full stop for the end of
    the statement.
    """

    def whole(match: re.Match[bytes]) -> bytes:
        if match["local"] is None:
            return match[0]
        local = re.sub(rb"\\(.)", rb"\1", match["local"])
        return b"<" + prefixes[match["prefix"].decode()].encode() + local + b">"

    pieces: list[bytes] = []
    done = 0
    while (stop := data.find(_ENDS_IN_STOP, done)) >= 0:
        start = data.rfind(b"\n", done, stop) + 1 or done
        end = data.find(b"\n", stop) + 1 or len(data)
        pieces += data[done:start], _TOKEN.sub(whole, data[start:end])
        done = end
    return b"".join((*pieces, data[done:])) if pieces else data


_ENDS_IN_STOP = rb"\. "
_TOKEN = re.compile(
    rb"""
    "(?:[^"\\]|\\.)*"                                             # a literal, left alone
    | <[^>]*>                                                     # an IRI, left alone
    | (?P<prefix>[A-Za-z][\w.-]*) : (?P<local>(?:[^\s\\]|\\\S)*\\\.)(?=\ )
    """,
    re.VERBOSE,
)
