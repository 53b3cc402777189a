"""What is kept of a value: what it means, what was typed where that is more, and the links in it."""

import re
from functools import partial

from msgspec.structs import replace

from kg.fields import FIELDS, FieldMapping
from kg.iris import field_name
from kg.literals import canonical
from kg.model import IRI, IRI_OBJECT, Attribute, Link
from kg.namespaces import FIELD, JSON, XSD
from kg.reading.link_targets import leads_to_post, names_attachment
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.meaning.typed import READERS, read_published, read_text
from kg.reading.names import opens_link, references
from kg.reading.values import Mapping, Scalar, Value, as_json, is_blank, is_flat, leaves

_RELATED = frozenset({
    "altlangpage", "children", "child", "down", "grand_parent", "grandparent", "links", "next", "parent", "parent_id",
    "parents", "part_of", "prev", "previous", "related", "related_articles", "related_pages", "related_post",
    "related_posts", "replaces", "see_also", "seealso", "sequel", "siblings", "superseded_by", "supersedes",
    "translation_of", "up",
})  # fmt: skip
"""Fields whose values are other posts, where they answer to one: by name, title, path or address."""
_ADDRESSES = (".url", ".link", ".href", ".path")
"""Where the addresses of such posts stand, if anything else does: `next: {text: More, link: /more}`."""
_PATHS = frozenset({"attester.resource", "computation", "executor.resource", "sources.resource"})
"""Fields of the Open Knowledge Format whose values are posts or addresses; the last says what a post is based on."""
WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_TEXTS = ("", XSD + "string", IRI_OBJECT)
"""Datatypes of values that may be links to posts."""


def keep(key: str, value: Value, result: Interpretation) -> None:
    """Keep an unknown field: every leaf becomes a literal with the field's own predicate, and so does a whole list.

    The literals of a post are a set. The whole, as JSON (https://www.w3.org/TR/json-ld11/#the-rdf-json-datatype),
    keeps the order, repetitions, and which values belong to one object. A string of many names is kept once.
    """
    if isinstance(value, Scalar):
        if (typed := (value.line, value.column, value.text)) in result.kept:
            return
        result.kept.add(typed)
    keep_leaves(key, value, result)
    keep_lists(key, key, value, result)


def keep_lists(key: str, path: str, value: Value, result: Interpretation) -> None:
    """Keep each list below a value as a whole."""
    if isinstance(value, Mapping):
        for name, item in value.entries:
            keep_lists(key, f"{path}.{name.text}", item, result)
    elif not is_flat(value):
        predicate = IRI(FIELD + field_name(path))
        result.attributes.append(Attribute(predicate, as_json(value), JSON, "", key, value.line, value.column))


def keep_leaves(key: str, value: Value, result: Interpretation) -> None:
    """Keep each leaf below a value, and the links in it."""
    found = list(leaves(value, key))
    addressed = any(path.endswith(_ADDRESSES) and not WEB.match(leaf.text) for path, leaf in found)
    for path, leaf in found:
        if is_blank(leaf):
            continue
        predicate = IRI(FIELD + field_name(path))
        text = leaf.text.strip()
        result.attributes.append(Attribute(predicate, text, XSD + "string", "", key, leaf.line, leaf.column))
        source = FIELDS["source"] if path == "sources.resource" else None
        if source and WEB.match(text):
            literal(key, leaf, source, result)
        else:
            names = path in _PATHS or (_is_related(key) and (not addressed or path.endswith(_ADDRESSES)))
            _link(key, source.predicate if source else predicate, leaf, result, names=names)


def literal(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, *, as_typed: bool = True) -> None:
    """Take a value for what its field says; where that is not all that was typed, the value is kept, too.

    Args:
        key: the field.
        leaf: the value.
        row: what the field means.
        result: receives it.
        as_typed: whether it is kept so, unless that is done already.
    """
    read = read_published if row.role == "published" else READERS.get(row.datatype.removeprefix(XSD), read_text)
    make = partial(Attribute, row.predicate, field=key, line=leaf.line, column=leaf.column)
    attribute = read(key, leaf, row, result, make)
    if attribute is not None and (usual := canonical(attribute.value, attribute.datatype)) != attribute.value:
        attribute = replace(attribute, value=usual)
    if (attribute is None or attribute.value != leaf.text.strip()) and as_typed:
        keep(key, leaf, result)
    if attribute is not None:
        result.attributes.append(attribute)
    if not row.role and row.datatype in _TEXTS:
        alone = [(0, len(leaf.text))] == [(each.offset, each.end) for each in references(leaf.text)]
        _link(key, row.predicate if alone else IRI(""), leaf, result, names=_is_related(key))


def _link(key: str, predicate: IRI, leaf: Scalar, result: Interpretation, *, names: bool = False) -> None:
    """The links that stand in a value, or the post that it names, as values of some fields do."""
    stated = references(leaf.text)
    for found in stated:
        if leads_to_post(found.target) if found.is_address else not names_attachment(found.target):
            style = "markdown" if found.is_address else "property"
            place = (leaf.line, leaf.column + found.offset)
            result.links.append(Link(found.target, style, found.words, *place, key, predicate))
    if names and not stated and not opens_link(leaf.text):
        result.links.append(Link(leaf.text.strip(), "name", "", leaf.line, leaf.column, key, predicate))


def _is_related(key: str) -> bool:
    return key.lower().replace("-", "_") in _RELATED
