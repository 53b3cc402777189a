"""The text of a graph in Turtle, block by block, or only the lines that somebody asks for.

`kg.rdf.turtle` and pyoxigraph write a line for each predicate of a subject, the first one behind the subject:

    person:ada_lovelace a schema:Person ;
        rdfs:label "Ada Lovelace"@en , "埃达·洛夫莱斯"@zh .

What is found is a subject with a line, which is a predicate with its objects; or several lines, as they stand.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from kg.namespaces import RDF

Line = tuple[bytes, bytes]

_END = b" .\n"
"""What ends a block, which is all that is said of a subject in one place."""
_NEXT = b" ;\n\t"
"""What stands between two lines of a block."""
_HEAD = re.compile(rb"(?:@prefix [^\n]*\n)*")
_PREFIX = re.compile("@prefix ([^:]*): <([^>]*)> .\n")
_PREDICATE = re.compile(rb"\n(?:[^\t@ ][^ ]* |\t)(?=([^ ]+))([^\n]*) [;.](?=\n)")
_OBJECT = re.compile(rb'"(?:[^"\\]|\\.)*"[^ ]*|[^ ,][^ ]*')


def head_of(document: bytes) -> bytes:
    """What declares the prefixes at the top."""
    head = _HEAD.match(document)
    assert head
    return head[0]


def prefixes_of(document: bytes) -> dict[str, str]:
    """The prefixes at the top."""
    return dict(_PREFIX.findall(head_of(document).decode()))


def said(subject: bytes, line: bytes) -> bytes:
    """What says this again."""
    return b"%b %b%b" % (subject, line, _END)


def split(line: bytes) -> list[bytes]:
    """The single lines of several."""
    return line.split(_NEXT)


def objects(line: bytes) -> list[bytes]:
    """The objects in a single line."""
    rest = line.partition(b" ")[2]
    return _OBJECT.findall(rest) if b" , " in rest else [rest]


def count(line: bytes) -> int:
    """The number of triples in a line, or in several."""
    return sum(len(objects(single)) for single in split(line)) if b" , " in line else 1 + line.count(_NEXT)


def iri_of(name: bytes, prefixes: Mapping[str, str]) -> str:
    """The IRI of a subject, a predicate or an object."""
    text = name.decode()
    if text == "a":
        return RDF + "type"
    prefix, _colon, local = text.partition(":")
    return text[1:-1] if text[0] == "<" else prefixes[prefix] + local.replace("\\", "")


def lines(document: bytes, predicates: Iterable[bytes]) -> Iterator[Line]:
    """The lines with some predicates."""
    names = b"|".join(map(re.escape, predicates))
    subject = b""
    for match in re.finditer(rb"\n(?:([^\t ]+) ((?:%b) [^\n]*)?|\t((?:%b) [^\n]*))" % (names, names), document):
        subject = match[1] or subject
        if line := match[2] or match[3]:
            yield subject, line[:-2]


def by_predicate(document: bytes) -> list[tuple[bytes, bytes]]:
    """All lines, each with its predicate instead of its subject."""
    return _PREDICATE.findall(document)


def blocks(document: bytes, subjects: Collection[bytes] | None = None) -> Iterator[Line]:
    """The blocks, of all subjects or of some."""
    for match in re.finditer(rb"\n([^\t@ ][^ ]*) ", document):
        if subjects is None or match[1] in subjects:
            yield match[1], document[match.end() : document.index(_END, match.end())]


def rare(document: bytes, predicate: bytes) -> Iterator[Line]:
    """As `lines`, for a predicate of few lines: only these are looked at."""
    return (line for line in about(document, predicate) if line[1].startswith(predicate + b" "))


def types(document: bytes, class_: bytes) -> Iterator[Line]:
    """The lines that say that something is of a class."""
    return (line for line in about(document, class_) if line[1].startswith(b"a "))


def about(document: bytes, thing: bytes) -> Iterator[Line]:
    """The lines that name a thing, and the blocks about it."""
    at, start = 0, len(_END)
    while (found := document.find(thing + b" ", at)) >= 0:
        at = found + 1
        start = document.rfind(_END, start - len(_END), found) + len(_END)
        behind = document.index(b" ", start) + 1
        if found == start:
            at = document.index(_END, found)
            yield thing, document[behind:at]
        elif document[found - 1 : found] in (b" ", b"\t"):
            at = document.index(b"\n", found)
            yield (
                document[start : behind - 1],
                document[max(behind, document.rfind(b"\n\t", start, found) + 2) : at - 2],
            )
