"""What the RDF formats share: pyoxigraph writes, straight into the stream."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import KnowledgeGraph


def triples_as(format_name: str) -> Callable[[KnowledgeGraph, BinaryIO], None]:
    """A writer of one of pyoxigraph's formats for graphs (`TURTLE` …)."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        from pyoxigraph import RdfFormat, serialize

        from kg import rdf

        output = WholeNames(stream, rdf.prefixes(graph))
        file = cast("BinaryIO", output)
        serialize(rdf.union(graph), file, getattr(RdfFormat, format_name), prefixes=output.prefixes)
        output.finish()

    return write


def quads_as(format_name: str) -> Callable[[KnowledgeGraph, BinaryIO], None]:
    """A writer of one of pyoxigraph's formats for datasets (`N_QUADS` …)."""

    def write(graph: KnowledgeGraph, stream: BinaryIO) -> None:
        from pyoxigraph import RdfFormat, serialize

        from kg import rdf

        output = WholeNames(stream, rdf.prefixes(graph))
        file = cast("BinaryIO", output)
        serialize(rdf.quads(graph), file, getattr(RdfFormat, format_name), prefixes=output.prefixes)
        output.finish()

    return write


class WholeNames:
    r"""A stream that writes prefixed names ending in a full stop, `organization:acme_ltd\.`, as whole IRIs.

    Turtle allows them (https://www.w3.org/TR/turtle/#reserved), but rdflib takes the escaped full stop for the end of
    the statement. Works line by line: no literal that pyoxigraph writes holds a bare line end.
    """

    def __init__(self, stream: BinaryIO, prefixes: dict[str, str]) -> None:
        self.prefixes = prefixes
        self._stream = stream
        self._rest = b""

    def write(self, data: bytes) -> int:
        """Write what is complete; the last line waits for its end."""
        lines, end, rest = data.rpartition(b"\n")
        if end:
            self._stream.write(self._mend(self._rest + lines + end))
            self._rest = rest
        else:
            self._rest += rest
        return len(data)

    def flush(self) -> None:
        """Nothing: `finish` writes the rest."""

    def finish(self) -> None:
        """Write the last line, if it has no end."""
        self._stream.write(self._mend(self._rest))
        self._rest = b""

    def _mend(self, lines: bytes) -> bytes:
        return _TOKEN.sub(self._whole, lines) if _ENDS_IN_STOP in lines else lines

    def _whole(self, match: re.Match[bytes]) -> bytes:
        if match["local"] is None:
            return match[0]
        local = re.sub(rb"\\(.)", rb"\1", match["local"])
        return b"<" + self.prefixes[match["prefix"].decode()].encode() + local + b">"


_ENDS_IN_STOP = rb"\. "
_TOKEN = re.compile(
    rb"""
    "(?:[^"\\]|\\.)*"                                             # a literal, left alone
    | <[^>]*>                                                     # an IRI, left alone
    | (?P<prefix>[A-Za-z][\w.-]*) : (?P<local>(?:[^\s\\]|\\\S)*\\\.)(?=\ )
    """,
    re.VERBOSE,
)
