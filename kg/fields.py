"""What front matter fields mean: one row per field, which the user's `kg.toml` may override.

A row turns a field into names (nodes of a kind, linked by a predicate) or into literals (a predicate and a datatype).
A field without a row is kept as literals under `field:<name>`, so nothing that a person wrote is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import ConfigError
from kg.iris import field_name, is_iri
from kg.model import IRI, IRI_OBJECT
from kg.namespaces import FIELD, KG, KINDS, SCHEMA, SKOS, XSD, Kind, expand

if TYPE_CHECKING:
    from kg.config import Config

DATE = XSD + "date"
BOOLEAN = XSD + "boolean"
ANY_DATE = "date"
"""A datatype of ours: xsd:date or xsd:dateTime, whichever was written."""


class FieldMapping(NamedTuple):
    """What one field means."""

    predicate: IRI
    kind: str = ""
    """The kind of thing it names; "" for literals."""
    datatype: str = ""
    """Datatype of its literals: an IRI, `ANY_DATE`, `IRI_OBJECT` for web addresses, or "" for text in a language."""
    role: str = ""
    """The property of the post that it sets: `title`, `date`, `draft`, `published`, `language` or `alias`."""
    plural: bool = False
    """True if one string may hold several names: `a, b`; otherwise commas are part of the name."""


def _names(predicate: str, kind: str) -> FieldMapping:
    return FieldMapping(expand(predicate), kind=kind, plural=True)


def _name(predicate: str, kind: str) -> FieldMapping:
    return FieldMapping(expand(predicate), kind=kind)


def _literal(predicate: str, datatype: str = "", role: str = "") -> FieldMapping:
    return FieldMapping(expand(predicate), datatype=datatype, role=role)


FIELDS: dict[str, FieldMapping] = {
    "people": _names("schema:mentions", "person"),
    "companies_orgs": _names("schema:mentions", "organization"),
    "companies": _names("schema:mentions", "organization"),
    "products_models": _names("schema:mentions", "product"),
    "media_books": _names("schema:citation", "work"),
    "tags": _names("schema:keywords", "tag"),
    "keywords": _names("schema:keywords", "tag"),
    "category": _name("dcterms:subject", "category"),
    "categories": _names("dcterms:subject", "category"),
    "area": _name("dcterms:subject", "area"),
    "project": _name("schema:isPartOf", "project"),
    "projects": _names("schema:isPartOf", "project"),
    "series": _name("schema:isPartOf", "series"),
    "author": _names("schema:author", "person"),
    "authors": _names("schema:author", "person"),
    "speaker": _names("kg:speaker", "person"),
    "guest": _names("kg:guest", "person"),
    "source": _literal("schema:isBasedOn", IRI_OBJECT),
    "title": _literal("schema:headline", role="title"),
    "summary": _literal("schema:abstract"),
    "description": _literal("schema:description"),
    "insight": _literal("kg:insight"),
    "date": _literal("schema:datePublished", ANY_DATE, role="date"),
    **dict.fromkeys(
        ("pubdate", "pubdatetime", "publishdate", "publish_date", "published_at", "date_published", "datepublished"),
        _literal("schema:datePublished", ANY_DATE, role="date"),
    ),
    **dict.fromkeys(
        (
            "updated",
            "lastmod",
            "modified",
            "updateddate",
            "updated_at",
            "last_modified_at",
            "last_updated",
            "timestamp",
            "date_modified",
            "moddatetime",
        ),
        _literal("schema:dateModified", ANY_DATE),
    ),
    **dict.fromkeys(("created", "created_at", "date_created"), _literal("schema:dateCreated", ANY_DATE)),
    "status": _literal("schema:creativeWorkStatus", XSD + "string"),
    "layout": _literal("kg:layout", XSD + "string"),
    "draft": _literal("kg:draft", BOOLEAN, role="draft"),
    "published": _literal("kg:draft", BOOLEAN, role="published"),
    "publish": _literal("kg:draft", BOOLEAN, role="published"),
    "type": _literal("dcterms:type", XSD + "string"),
    "resource": _literal("schema:about", IRI_OBJECT),
    "lang": _literal("schema:inLanguage", XSD + "string", role="language"),
    "language": _literal("schema:inLanguage", XSD + "string", role="language"),
    "locale": _literal("schema:inLanguage", XSD + "string", role="language"),
    "aliases": _literal("kg:alias", XSD + "string", role="alias"),
    "alias": _literal("kg:alias", XSD + "string", role="alias"),
    "slug": _literal("kg:slug", XSD + "string", role="alias"),
    "permalink": _literal("kg:permalink", XSD + "string", role="alias"),
    "redirect_from": _literal("kg:alias", XSD + "string", role="alias"),
    "url": _literal("schema:url", IRI_OBJECT, role="alias"),
}
"""Name of a field in lower case → what it means; posts may write names in any case."""


_ROLES = {row.predicate: row.role for row in FIELDS.values() if row.role not in ("", "published")}
"""Predicate → role of a field that the user maps to it: with `kg:permalink`, it is a name for links."""


def table(config: Config) -> dict[str, FieldMapping]:
    """Name of a field → what it means: `FIELDS`, changed and extended by `[fields]` in kg.toml.

    Raises:
        ConfigError: an entry has an unknown prefix or datatype, an invalid IRI, or a new kind without a class.
    """
    result = dict(FIELDS)
    known = kinds(config)
    for key, entry in config.fields.items():
        old = result.get(key.lower())
        try:
            predicate = _iri(entry.predicate) if entry.predicate else old.predicate if old else None
            datatype: str = _datatype(entry.datatype) if entry.datatype not in ("", "text") else ""
        except ValueError as error:
            raise ConfigError(f"kg.toml: fields.{key}: {error}") from error
        if entry.kind:
            plural = old.plural if old else True
            predicate = predicate or IRI(SCHEMA + "mentions")
            result[key.lower()] = FieldMapping(predicate, kind=known[entry.kind].name, plural=plural)
        elif entry.datatype or entry.predicate:
            if datatype == DATE:
                datatype = ANY_DATE
            elif datatype == XSD + "anyURI":
                datatype = IRI_OBJECT
            predicate = predicate or IRI(FIELD + field_name(key))
            role = old.role if old else _ROLES.get(predicate, "")
            result[key.lower()] = FieldMapping(predicate, datatype=datatype, role=role)
    return result


def _iri(name: str) -> IRI:
    """The IRI that the user means.

    Raises:
        ValueError: its prefix is unknown, or it is not an IRI.
    """
    result = expand(name)
    if not is_iri(result):
        raise ValueError(f"{name!r} is no IRI (RFC 3987)")
    return result


_DATATYPES = frozenset({
    "anyURI", "base64Binary", "boolean", "byte", "date", "dateTime", "dateTimeStamp", "dayTimeDuration", "decimal",
    "double", "duration", "float", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "hexBinary", "int",
    "integer", "language", "long", "Name", "NCName", "negativeInteger", "NMTOKEN", "nonNegativeInteger",
    "nonPositiveInteger", "normalizedString", "positiveInteger", "short", "string", "time", "token", "unsignedByte",
    "unsignedInt", "unsignedLong", "unsignedShort", "yearMonthDuration",
})  # fmt: skip
"""The datatypes of XML Schema that RDF has (https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes)."""


def _datatype(name: str) -> IRI:
    """The datatype that the user means.

    Raises:
        ValueError: it is neither a datatype of XML Schema nor an IRI.
    """
    local = name.removeprefix("xsd:").removeprefix(XSD)
    if local in _DATATYPES if local != name else ":" in name:
        return _iri(name)
    from difflib import get_close_matches

    near = get_close_matches(local, sorted(_DATATYPES), n=1)
    meant = f"did you mean 'xsd:{near[0]}'?" if near else "see docs/settings.md"
    raise ValueError(f"datatype {name!r} is not known; {meant}")


RESERVED_KINDS = frozenset({"dataset", "definition", "graph", "merge", "ns", "scheme", "statement"})
"""Names that other IRIs below the base begin with: see `kg.rdf.statements`."""


def kinds(config: Config) -> dict[str, Kind]:
    """Name → kind of node, including the user's own.

    Raises:
        ConfigError: one of the user's kinds has no `class`, or a name that an IRI cannot hold.
    """
    result = dict(KINDS)
    for key, entry in config.fields.items():
        if not entry.kind or (entry.kind in KINDS and not entry.rdf_class):
            continue
        if entry.kind in RESERVED_KINDS:
            raise ConfigError(f"kg.toml: fields.{key}: kind {entry.kind!r} is taken; IRIs of kg's own live under it")
        if not re.fullmatch(r"[a-z][a-z0-9-]*", entry.kind):
            raise ConfigError(f"kg.toml: fields.{key}: kind {entry.kind!r} must be lower-case letters, digits and '-'")
        if not entry.rdf_class and entry.kind not in result:
            message = f'kind {entry.kind!r} is new; give its class, as in class = "schema:Place"'
            raise ConfigError(f"kg.toml: fields.{key}: {message}")
        if entry.rdf_class:
            try:
                rdf_class = _iri(entry.rdf_class)
            except ValueError as error:
                raise ConfigError(f"kg.toml: fields.{key}: {error}") from error
            label = entry.kind.replace("-", " ").capitalize()
            result[entry.kind] = Kind(entry.kind, rdf_class, label, label, scheme=rdf_class == SKOS + "Concept")
    return result


TITLE = expand("schema:headline")
IDENTIFIER = expand("dcterms:identifier")
LINK = IRI(KG + "linksTo")
LANGUAGE = expand("schema:inLanguage")
PUBLISHED = expand("schema:datePublished")
