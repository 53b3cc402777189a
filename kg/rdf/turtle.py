"""RDF 1.1 Turtle (https://www.w3.org/TR/turtle/).

Statements that follow one another and have the same subject, or the same predicate too, are written as one:

    person:ada_lovelace a schema:Person ;
        rdfs:label "Ada Lovelace"@en , "埃达·洛夫莱斯"@zh .
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg.model import IRI_OBJECT
from kg.namespaces import RDF, XSD
from kg.rdf.ntriples import Resource, iri_of, object_of

_TYPE = f"<{RDF}type>"
_BARE = {
    f"<{XSD}boolean>": re.compile(r'"(true|false)"'),
    f"<{XSD}integer>": re.compile(r'"([+-]?[0-9]+)"'),
    f"<{XSD}decimal>": re.compile(r'"([+-]?[0-9]*\.[0-9]+)"'),
    f"<{XSD}double>": re.compile(r'"([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+)"'),
}
"""Datatype → its literals that need neither quotes nor datatype (https://www.w3.org/TR/turtle/#literals)."""
_LETTERS = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LOCAL = re.compile(rf"(?:[{_LETTERS}0-9:][{_LETTERS}0-9:.\u00b7\u0300-\u036f\u203f-\u2040-]*(?<!\.))?")
"""A local name without its escapes: https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL."""
_PLAIN = re.compile("[0-9A-Z_a-z\u4e00-\u9fff][0-9A-Z_a-z\u4e00-\u9fff-]*")
"""A local name that needs no escapes, as most have it; after a namespace, it makes a valid IRI."""
_RESERVED = re.compile(r"[~!$&'()*+,;=/?#@%]|\A(?:-|\.(?!\Z))")
"""Characters that need a backslash in a local name, which must not end in a full stop."""


class Turtle:
    """Writes Turtle with a set of prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Use some prefixes.

        Args:
            prefixes: prefix → namespace, which ends in `/` or `#`; the longest that fits shortens an IRI.
        """
        in_order = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._prefix_of = {namespace: prefix for prefix, namespace in in_order}
        self._namespace = re.compile(f"<({'|'.join(map(re.escape, self._prefix_of))})")
        self.short = lru_cache(maxsize=1 << 10)(self._shorten)
        self.name = lru_cache(maxsize=1 << 16)(self._name)

    def head(self) -> str:
        """The lines that declare the prefixes."""
        return "".join(f"@prefix {prefix}: <{namespace}> .\n" for namespace, prefix in self._prefix_of.items())

    def of(self, resources: Iterable[Resource]) -> str:
        """What is said about some subjects."""
        name = self.name
        texts: list[str] = []
        add = texts.append
        last = same = end = ""
        for iri, rows in resources:
            subject = name(iri)
            for predicate, value, datatype, language in rows:
                try:
                    term = name(value) if datatype == IRI_OBJECT else object_of(value, datatype, language)
                except ValueError:
                    term = object_of(value, datatype, "")  # a literal then
                if term[-1] == ">" and term[0] == '"':
                    term = self._typed(term)
                if subject != last:
                    add(f"{end}{subject} {name(predicate)} {term}")
                    last, same, end = subject, predicate, " .\n"
                elif predicate != same:
                    add(f" ;\n\t{name(predicate)} {term}")
                    same = predicate
                else:
                    add(f" , {term}")
        add(end)
        return "".join(texts)

    def _typed(self, literal: str) -> str:
        quoted, _, datatype = literal.rpartition("^^")
        bare = _BARE.get(datatype)
        match = bare.fullmatch(quoted) if bare else None
        return match[1] if match else f"{quoted}^^{self.short(datatype)}"

    def _name(self, iri: str) -> str:
        folder, slash, local = iri.rpartition("/")
        if (prefix := self._prefix_of.get(folder + slash)) and _PLAIN.fullmatch(local):
            return f"{prefix}:{local}"
        return self._shorten(iri_of(iri))

    def _shorten(self, iri: str) -> str:
        """`<https://schema.org/name>` → `schema:name`, if possible."""
        if iri == _TYPE:
            return "a"
        found = self._namespace.match(iri)
        if found is None:
            return iri
        local = iri[found.end() : -1]
        if not _LOCAL.fullmatch(local):
            if not _LOCAL.fullmatch(_RESERVED.sub("_", local)):
                return iri
            local = _RESERVED.sub(r"\\\g<0>", local)
        return f"{self._prefix_of[found[1]]}:{local}"
