"""What front matter fields mean: one row per field, the user's `kg.toml` on top.

A row turns a field into names (nodes of a kind, linked by a predicate) or into literals (a predicate and a datatype).
A field without a row is kept as literals under `field:<name>`: nothing a person wrote is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from kg.config import Config
from kg.errors import ConfigError
from kg.iris import field_name
from kg.languages import language_of
from kg.model import IRI, IRI_OBJECT, Attribute, Mention
from kg.reading.dates import parse_date
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value, is_blank, is_nothing, leaves
from kg.vocabulary import FIELD, KG, KINDS, SCHEMA, SKOS, XSD, Kind, expand

DATE = XSD + "date"
BOOLEAN = XSD + "boolean"
ANY_DATE = "date"
"""A datatype of ours: xsd:date or xsd:dateTime, whichever was written."""


class FieldMapping(NamedTuple):
    """What one field means."""

    predicate: IRI
    kind: str = ""
    """The kind of the named things; "" for literals."""
    datatype: str = ""
    """Of literals: a datatype IRI, `ANY_DATE`, `IRI_OBJECT` for web addresses, or "" for text in a language."""
    role: str = ""
    """What the post itself is told by it: `title`, `date`, `draft`, `published`, `language` or `alias`."""


def _names(predicate: str, kind: str) -> FieldMapping:
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
    "category": _names("dcterms:subject", "category"),
    "categories": _names("dcterms:subject", "category"),
    "area": _names("dcterms:subject", "area"),
    "project": _names("schema:isPartOf", "project"),
    "projects": _names("schema:isPartOf", "project"),
    "series": _names("schema:isPartOf", "series"),
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
    "updated": _literal("schema:dateModified", ANY_DATE),
    "lastmod": _literal("schema:dateModified", ANY_DATE),
    "created": _literal("schema:dateCreated", ANY_DATE),
    "status": _literal("schema:creativeWorkStatus", XSD + "string"),
    "layout": _literal("kg:layout", XSD + "string"),
    "draft": _literal("kg:draft", BOOLEAN, role="draft"),
    "lang": _literal("schema:inLanguage", XSD + "string", role="language"),
    "language": _literal("schema:inLanguage", XSD + "string", role="language"),
    "aliases": _literal("kg:alias", XSD + "string", role="alias"),
    "alias": _literal("kg:alias", XSD + "string", role="alias"),
    "slug": _literal("kg:slug", XSD + "string", role="alias"),
    "permalink": _literal("kg:permalink", XSD + "string", role="alias"),
}
"""Keys in lower case; the keys of posts are compared without regard to case."""

_NAME_KEYS = ("name", "title", "label")
_URL_KEYS = ("url", "homepage", "link", "website")
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_NUMBER = {
    "integer": re.compile(r"[+-]?\d+\Z"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z"),
    "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z"),
}


def table(config: Config) -> dict[str, FieldMapping]:
    """The mapping in force: `FIELDS`, changed and extended by `[fields]` of kg.toml.

    Raises:
        ConfigError: an entry names an unknown prefix, or a new kind without a class.
    """
    result = dict(FIELDS)
    known = kinds(config)
    for key, entry in config.fields.items():
        old = result.get(key.lower())
        try:
            predicate = expand(entry.predicate) if entry.predicate else old.predicate if old else None
            datatype: str = expand(entry.datatype) if entry.datatype not in ("", "text") else ""
        except ValueError as error:
            raise ConfigError(f"kg.toml: fields.{key}: {error}") from error
        if entry.kind:
            result[key.lower()] = FieldMapping(predicate or IRI(SCHEMA + "mentions"), kind=known[entry.kind].name)
        elif entry.datatype or entry.predicate:
            if datatype == DATE:
                datatype = ANY_DATE
            elif datatype == XSD + "anyURI":
                datatype = IRI_OBJECT
            predicate = predicate or IRI(FIELD + field_name(key))
            result[key.lower()] = FieldMapping(predicate, datatype=datatype, role=old.role if old else "")
    return result


def kinds(config: Config) -> dict[str, Kind]:
    """Every kind of node, the user's own included.

    Raises:
        ConfigError: a kind of the user's has no `class`, or its name cannot stand in an IRI.
    """
    result = dict(KINDS)
    for key, entry in config.fields.items():
        if not entry.kind or (entry.kind in KINDS and not entry.rdf_class):
            continue
        if not re.fullmatch(r"[a-z][a-z0-9-]*", entry.kind):
            raise ConfigError(f"kg.toml: fields.{key}: kind {entry.kind!r} must be lower-case letters, digits and '-'")
        if not entry.rdf_class and entry.kind not in result:
            raise ConfigError(f"kg.toml: fields.{key}: kind {entry.kind!r} is new; give its class, as in class = \"schema:Place\"")
        if entry.rdf_class:
            try:
                rdf_class = expand(entry.rdf_class)
            except ValueError as error:
                raise ConfigError(f"kg.toml: fields.{key}: {error}") from error
            label = entry.kind.replace("-", " ").capitalize()
            result[entry.kind] = Kind(entry.kind, rdf_class, label, label, scheme=rdf_class == SKOS + "Concept")
    return result


@dataclass(slots=True)
class Statements:
    """What one front matter says, in the terms of the graph."""

    mentions: list[Mention] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    date: str = ""
    draft: bool = False
    language: str = ""
    aliases: list[str] = field(default_factory=list)


class Interpreter:
    """Applies the mapping to one front matter after another."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._table = table(config)

    def interpret(self, fields: Mapping, sample: str) -> Statements:
        """Read all fields of one post.

        Args:
            fields: the front matter.
            sample: the beginning of the body, which tells the language where no field does.
        """
        said = Statements()
        rows = [(key, value, self._table.get(key.text.strip().lower())) for key, value in fields.entries]
        for _key, value, row in rows:
            if row and row.role == "language" and isinstance(value, Scalar):
                said.language = _language_tag(value, said)
        title = " ".join(leaf.text for _k, value, row in rows if row and row.role == "title" for _p, leaf in leaves(value))
        if not said.language:
            said.language = language_of(
                f"{title}\n{sample}", latin=self._config.language or self._config.latin, default=self._config.language
            )
        for key, value, row in rows:
            if is_nothing(value):
                continue
            if row is None:
                self._keep(key.text, value, said)
            elif row.kind:
                self._name(key.text, value, row, said)
            else:
                self._state(key.text, value, row, said)
        return said

    def _tag_of(self, text: str, said: Statements) -> str:
        """The language of one text of a post whose language is known."""
        return language_of(text, latin=self._config.latin, default=said.language)

    def _keep(self, key: str, value: Value, said: Statements) -> None:
        """A field nobody knows: every leaf becomes a literal under the field's own predicate."""
        for path, leaf in leaves(value, key):
            if not is_blank(leaf):
                said.attributes.append(
                    Attribute(
                        IRI(FIELD + field_name(path)), leaf.text, XSD + "string", "", key, leaf.line, leaf.column
                    )
                )

    def _name(self, key: str, value: Value, row: FieldMapping, said: Statements) -> None:
        for item in _items(value, said):
            if isinstance(item, Scalar):
                name, place, homepage = item.text.strip(), item, ""
            else:
                part = _first(item, _NAME_KEYS)
                if part is None:
                    self._keep(key, item, said)
                    continue
                name, place = part.text.strip(), part
                address = _first(item, _URL_KEYS)
                homepage = address.text if address and _WEB.match(address.text) else ""
                rest = [entry for entry in item.entries if entry[1] is not part and not (homepage and entry[1] is address)]
                if rest:
                    self._keep(key, Mapping(tuple(rest), item.line, item.column), said)
            said.mentions.append(Mention(name, row.kind, row.predicate, key, place.line, place.column, homepage))

    def _state(self, key: str, value: Value, row: FieldMapping, said: Statements) -> None:
        read = self._readers.get(row.datatype.removeprefix(XSD)) or Interpreter._read_text
        for _path, leaf in leaves(value):
            if is_blank(leaf):
                continue
            make = partial(Attribute, row.predicate, field=key, line=leaf.line, column=leaf.column)
            attribute = read(self, key, leaf, row, said, make)
            if attribute is None or attribute.value != leaf.text:
                self._keep(key, leaf, said)  # what was typed stays, beside what it means
            if attribute is not None:
                said.attributes.append(attribute)
            if row.role == "alias":
                said.aliases.append(leaf.text.strip())

    def _read_text(
        self, _key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Callable[..., Attribute]
    ) -> Attribute:
        if row.role == "title" and not said.title:
            said.title = leaf.text.strip()
        if row.datatype:
            return make(leaf.text, row.datatype)
        return make(leaf.text, language=self._tag_of(leaf.text, said))

    def _read_date(
        self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Callable[..., Attribute]
    ) -> Attribute | None:
        try:
            value, datatype = parse_date(leaf.text)
        except ValueError as error:
            said.problems.append(Problem(leaf.line, leaf.column, "KG103", f"{key}: {error}"))
            return None
        if row.role == "date":
            said.date = value
        return make(value, datatype)

    def _read_boolean(
        self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Callable[..., Attribute]
    ) -> Attribute | None:
        word = leaf.text.strip().lower()
        if word not in _TRUE | _FALSE:
            said.problems.append(Problem(leaf.line, leaf.column, "KG108", f"{key}: {leaf.text!r} is neither true nor false"))
            return None
        if row.role == "draft":
            said.draft = word in _TRUE
        return make("true" if word in _TRUE else "false", BOOLEAN)

    def _read_number(
        self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Callable[..., Attribute]
    ) -> Attribute | None:
        if not _NUMBER[row.datatype.removeprefix(XSD)].match(leaf.text):
            name = row.datatype.removeprefix(XSD)
            said.problems.append(Problem(leaf.line, leaf.column, "KG119", f"{key}: {leaf.text!r} is no {name}"))
            return None
        return make(leaf.text, row.datatype)

    def _read_address(
        self, key: str, leaf: Scalar, _row: FieldMapping, said: Statements, make: Callable[..., Attribute]
    ) -> Attribute | None:
        text = leaf.text.strip()
        if not _WEB.match(text):
            if ":" in text.split("/", 1)[0]:
                said.problems.append(
                    Problem(leaf.line, leaf.column, "KG109", f"{key}: {text[:60]!r} is no http or https address; kept as text")
                )
            return make(leaf.text)
        iri = to_iri(text)
        if iri != text:
            said.problems.append(
                Problem(leaf.line, leaf.column, "KG109", f"{key}: the address holds characters that must be percent-encoded")
            )
        return make(iri, IRI_OBJECT)

    _readers = {  # noqa: RUF012  a constant table of methods
        ANY_DATE: _read_date,
        "boolean": _read_boolean,
        "integer": _read_number,
        "decimal": _read_number,
        "double": _read_number,
        IRI_OBJECT: _read_address,
    }


def _items(value: Value, said: Statements) -> Iterator[Scalar | Mapping]:
    """The names of a field: a list, a single value, or (reported) lists within lists."""
    if not isinstance(value, Sequence):
        if not is_blank(value):
            yield value
        return
    for item in value.items:
        if isinstance(item, Sequence):
            said.problems.append(Problem(item.line, item.column, "KG106", "a list within a list; its names are taken one by one"))
            yield from _items(item, said)
        elif not is_blank(item):
            yield item


def _first(item: Mapping, keys: tuple[str, ...]) -> Scalar | None:
    for wanted in keys:
        for key, value in item.entries:
            if key.text.lower() == wanted and isinstance(value, Scalar) and not is_blank(value):
                return value
    return None


def _language_tag(value: Scalar, said: Statements) -> str:
    """A BCP 47 tag (https://www.rfc-editor.org/info/bcp47) in its customary case, or "" where none can be made."""
    typed = value.text.strip()
    parts = re.split(r"[-_]", typed.split(".")[0])
    if not re.fullmatch(r"[A-Za-z]{2,3}", parts[0]) or not all(re.fullmatch(r"[A-Za-z0-9]{1,8}", p) for p in parts[1:]):
        said.problems.append(Problem(value.line, value.column, "KG112", f"{typed!r} is no language tag; write zh, en-GB …"))
        return ""
    tag = "-".join(
        [parts[0].lower()] + [p.upper() if len(p) == 2 else p.capitalize() if len(p) == 4 else p.lower() for p in parts[1:]]
    )
    if tag.lower() != typed.lower():
        said.problems.append(Problem(value.line, value.column, "KG112", f"{typed!r} is read as {tag!r}"))
    return tag


_IRI_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff0-\uffff]|%(?![0-9A-Fa-f]{2})")


def to_iri(address: str) -> IRI:
    """An http(s) address with everything percent-encoded that RFC 3987 does not allow; the rest untouched."""
    return IRI(_IRI_UNSAFE.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode("utf-8", "replace")), address))


TITLE = expand("schema:headline")
IDENTIFIER = expand("dcterms:identifier")
LINK = IRI(KG + "linksTo")
LANGUAGE = expand("schema:inLanguage")
PUBLISHED = expand("schema:datePublished")
