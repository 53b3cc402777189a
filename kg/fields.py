"""What front matter fields mean: one row per field, which the user's `kg.toml` may override.

A row turns a field into names (nodes of a kind, linked by a predicate) or into literals (a predicate and a datatype).
A field without a row is kept as literals under `field:<name>`, so nothing that a person wrote is lost.
"""

import re
from typing import NamedTuple

from kg.config import Config
from kg.errors import ConfigError
from kg.iris import field_name, is_iri
from kg.model import IRI, IRI_OBJECT
from kg.namespaces import FIELD, KG, KINDS, SCHEMA, SKOS, XSD, Kind, expand

DATE = XSD + "date"
BOOLEAN = XSD + "boolean"
ANY_DATE = "date"
"""Our own datatype: xsd:date or xsd:dateTime, depending on what was written."""


class FieldMapping(NamedTuple):
    """What one field means."""

    predicate: IRI
    kind: str = ""
    """The kind of thing it names; "" for literals."""
    datatype: str = ""
    """Datatype of its literals: an IRI, `ANY_DATE`, `IRI_OBJECT` for web addresses, or "" for text in a language."""
    role: str = ""
    """The property of the post that it sets: `title`, `date`, `draft`, `published`, `status`, `language` or `alias`; or
    `taxonomy`, if a site declares it as one."""
    plural: bool = False
    """True if one string may hold several names: `a, b`; otherwise commas are part of the name."""


def _names(predicate: str, kind: str) -> FieldMapping:
    return FieldMapping(expand(predicate), kind=kind, plural=True)


def _name(predicate: str, kind: str) -> FieldMapping:
    return FieldMapping(expand(predicate), kind=kind)


def _literal(predicate: str, datatype: str = "", role: str = "") -> FieldMapping:
    return FieldMapping(expand(predicate), datatype=datatype, role=role)


FIELDS: dict[str, FieldMapping] = {
    **dict.fromkeys(
        ("people", "person", "attendee", "attendees", "interviewee", "interviewees", "participant", "participants"),
        _names("schema:mentions", "person"),
    ),
    "companies_orgs": _names("schema:mentions", "organization"),
    **dict.fromkeys(
        ("companies", "company", "organizations", "organization", "organisations", "organisation"),
        _names("schema:mentions", "organization"),
    ),
    "products_models": _names("schema:mentions", "product"),
    "media_books": _names("schema:citation", "work"),
    **dict.fromkeys(("tags", "tag", "keywords", "keyword", "post_tag"), _names("schema:keywords", "tag")),
    "category": _name("dcterms:subject", "category"),
    **dict.fromkeys(("categories", "post_category"), _names("dcterms:subject", "category")),
    "area": _name("dcterms:subject", "area"),
    "areas": _names("dcterms:subject", "area"),
    "project": _name("schema:isPartOf", "project"),
    "projects": _names("schema:isPartOf", "project"),
    "series": _name("schema:isPartOf", "series"),
    **dict.fromkeys(("author", "authors", "post_author"), _names("schema:author", "person")),
    **dict.fromkeys(("coauthor", "coauthors"), _names("schema:author", "person")),
    **dict.fromkeys(("contributor", "contributors"), _names("schema:contributor", "person")),
    "editors": _names("schema:editor", "person"),
    **dict.fromkeys(("illustrator", "illustrators"), _names("schema:illustrator", "person")),
    **dict.fromkeys(("translator", "translators"), _names("schema:translator", "person")),
    **dict.fromkeys(("speaker", "speakers"), _names("kg:speaker", "person")),
    **dict.fromkeys(("guest", "guests"), _names("kg:guest", "person")),
    **dict.fromkeys(("host", "hosts"), _names("kg:host", "person")),
    "source": _literal("schema:isBasedOn", IRI_OBJECT),
    **dict.fromkeys(("title", "post_title"), _literal("schema:headline", role="title")),
    **dict.fromkeys(("summary", "post_excerpt"), _literal("schema:abstract")),
    "description": _literal("schema:description"),
    "insight": _literal("kg:insight"),
    "date": _literal("schema:datePublished", ANY_DATE, role="date"),
    **dict.fromkeys(
        (
            *("pub_date", "pub_datetime", "publish_date", "published_date", "publication_date", "date_published"),
            *("published_at", "published_on", "published_time", "publish_time", "publishing_date", "first_published"),
            *("post_date", "date_posted", "posted", "posted_at", "posted_on", "posted_date", "datetime"),
        ),
        _literal("schema:datePublished", ANY_DATE, role="date"),
    ),
    **dict.fromkeys(
        (
            *("updated", "updated_at", "updated_on", "updated_date", "updated_time", "date_updated", "update_date"),
            *("update_time", "modify_date", "modify_time", "modification_time", "edit_date", "edit_time", "last_edit"),
            *("last_updated", "last_updated_at", "last_update", "lastmod", "mod_date", "mod_datetime", "mtime"),
            *("modified", "modified_at", "modified_on", "modified_date", "modified_time", "date_modified"),
            *("last_modified", "last_modified_at", "last_modified_date", "modification_date", "timestamp"),
            *(
                "post_modified",
                "edited",
                "edited_at",
                "date_edited",
                "last_edited",
                "last_edited_at",
                "last_edited_time",
            ),
            *("revised", "date_revised", "revision_date", "last_revised", "changed", "last_changed", "post_modified"),
        ),
        _literal("schema:dateModified", ANY_DATE),
    ),
    **dict.fromkeys(
        (
            *("created", "created_at", "created_on", "created_date", "created_time", "date_created", "create_date"),
            *("creation_date", "creation_time", "create_time", "date_added", "ctime"),
        ),
        _literal("schema:dateCreated", ANY_DATE),
    ),
    **dict.fromkeys(("issued", "date_issued", "released", "date_released"), _literal("dcterms:issued", ANY_DATE)),
    **dict.fromkeys(("status", "post_status"), _literal("schema:creativeWorkStatus", XSD + "string", role="status")),
    "layout": _literal("kg:layout", XSD + "string"),
    **dict.fromkeys(("draft", "is_draft"), _literal("kg:draft", BOOLEAN, role="draft")),
    "published": _literal("kg:draft", BOOLEAN, role="published"),
    "publish": _literal("kg:draft", BOOLEAN, role="published"),
    "type": _literal("dcterms:type", XSD + "string"),
    "resource": _literal("schema:about", IRI_OBJECT),
    "lang": _literal("schema:inLanguage", XSD + "string", role="language"),
    "language": _literal("schema:inLanguage", XSD + "string", role="language"),
    "locale": _literal("schema:inLanguage", XSD + "string", role="language"),
    "aliases": _literal("kg:alias", XSD + "string", role="alias"),
    "alias": _literal("kg:alias", XSD + "string", role="alias"),
    **dict.fromkeys(("slug", "post_name"), _literal("kg:slug", XSD + "string", role="alias")),
    "permalink": _literal("kg:permalink", XSD + "string", role="alias"),
    "redirect_from": _literal("kg:alias", XSD + "string", role="alias"),
    "url": _literal("schema:url", IRI_OBJECT, role="alias"),
}
"""Field → its meaning. Posts may use any spelling with the same `plain_key`."""


def plain_key(name: str) -> str:
    """The key of a field name, in which case, spaces, hyphens and underscores do not count.

    >>> plain_key("Date Modified") == plain_key("date-modified") == plain_key("dateModified")
    True
    """
    return _JOINTS.sub("", name).lower() or name


_JOINTS = re.compile(r"[\s_-]+")


def singular(field: str) -> str:
    """What a field in the plural calls one of its things.

    >>> singular("categories"), singular("tag")
    ('category', 'tag')
    """
    return _SINGULAR.sub("y", field).removesuffix("s")


_SINGULAR = re.compile(r"ies\Z")
_BY_KEY = {plain_key(name): row for name, row in FIELDS.items()}
_OF_NAMES = (
    ("person", "schema:mentions", "persons characters"),
    ("person", "schema:actor", "actor actors cast"),
    ("person", "schema:composer", "composer composers"),
    ("person", "schema:creator", "artist artists creator creators photographer photographers"),
    ("person", "schema:director", "director directors"),
    ("person", "schema:editor", "editor editors"),
    ("person", "schema:producer", "producer producers"),
    ("organization", "schema:mentions", "orgs org"),
    ("organization", "schema:publisher", "publisher publishers"),
    ("organization", "schema:sponsor", "sponsor sponsors"),
    ("product", "schema:mentions", "product products tools technologies"),
    ("work", "schema:citation", "book books movie movies film films works papers"),
    ("tag", "schema:genre", "genre genres"),
    ("tag", "schema:keywords", "topic topics subject subjects labels"),
    ("series", "schema:isPartOf", "collection collections"),
)
SUGGESTED = {word: (kind, predicate) for kind, predicate, words in _OF_NAMES for word in words.split()}
"""Fields that may name things, as `kg.checks.survey` proposes: their kind and predicate."""


def taxonomy(name: str) -> FieldMapping:
    """What a field means that lists pages in Hugo or Zola, if it has no other meaning; a string in it is one name."""
    kind, predicate = SUGGESTED.get(plain_key(name), ("tag", "schema:keywords"))
    return FieldMapping(expand(predicate), kind=kind, role="taxonomy")


def known(name: str) -> FieldMapping | None:
    """The default meaning of a field, or None."""
    return _BY_KEY.get(plain_key(name))


_ODD = re.compile(r"[^\w\s./@$-]")


def torn(key: str) -> str:
    """The name of a field that is known, if a key is that with one sign too many; else "".

    >>> torn('ta"gs'), torn("tags"), torn("@type")
    ('tags', '', '')
    """
    bare = _ODD.sub("", key)
    return bare if len(bare) == len(key) - 1 and known(bare) else ""


_ROLES = {row.predicate: row.role for row in FIELDS.values() if row.role not in ("", "published")}
"""Predicate → role of a user's field that is mapped to it: one mapped to `kg:permalink` gives names for links."""


def table(config: Config) -> dict[str, FieldMapping]:
    """`plain_key` of a field → its meaning: `FIELDS`, overridden and extended by `[fields]` in kg.toml.

    Raises:
        ConfigError: two entries are the same field, or one has an unknown prefix or datatype, an invalid IRI, or a new
            kind without a class.
    """
    result = dict(_BY_KEY)
    known_kinds = kinds(config)
    seen: dict[str, str] = {}
    for key, entry in config.fields.items():
        name = plain_key(key)
        if seen.setdefault(name, key) != key:
            raise ConfigError(f"kg.toml: fields.{key}: this is the same field as fields.{seen[name]}; keep one of them")
        old = result.get(name)
        try:
            predicate = _iri(entry.predicate) if entry.predicate else old.predicate if old else None
            datatype: str = _datatype(entry.datatype) if entry.datatype not in ("", "text") else ""
        except ValueError as error:
            raise ConfigError(f"kg.toml: fields.{key}: {error}") from error
        if entry.kind:
            plural = old.plural if old else True
            predicate = predicate or IRI(SCHEMA + "mentions")
            result[name] = FieldMapping(predicate, kind=known_kinds[entry.kind].name, plural=plural)
        elif entry.datatype or entry.predicate:
            if datatype == DATE:
                datatype = ANY_DATE
            elif datatype == XSD + "anyURI":
                datatype = IRI_OBJECT
            predicate = predicate or IRI(FIELD + field_name(key))
            role = old.role if old else _ROLES.get(predicate, "")
            result[name] = FieldMapping(predicate, datatype=datatype, role=role)
    return result


def _iri(name: str) -> IRI:
    """The IRI that the user means.

    Raises:
        ValueError: its prefix is unknown, or it is not an IRI.
    """
    result = expand(name)
    if not is_iri(result):
        raise ValueError(f"{name!r} is not an IRI (RFC 3987)")
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
"""First segments of other IRIs below the base: see `kg.rdf.statements`."""


def kinds(config: Config) -> dict[str, Kind]:
    """Name → kind, including the user's own kinds.

    Raises:
        ConfigError: a new kind has no `class`, or a reserved name, or one that cannot be part of an IRI.
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
CREATED = expand("schema:dateCreated")
SUMMARY = expand("schema:abstract")
SUMMARIES = (SUMMARY, expand("schema:description"))
SOURCE = expand("schema:isBasedOn")
DRAFT = expand("kg:draft")
HOMEPAGE = expand("schema:url")
AUTHOR = expand("schema:author")
KEYWORDS = expand("schema:keywords")
MENTIONS = expand("schema:mentions")
