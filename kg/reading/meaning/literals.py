"""Fields whose values are literals: text, dates, numbers, addresses, and the other names of a post."""

from collections.abc import Callable

from msgspec.structs import replace

from kg.fields import ANY_DATE, CREATED, FieldMapping, plain_key
from kg.model import IRI_OBJECT
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.meaning.kept import WEB, keep, keep_lists, literal
from kg.reading.names import Name, unlinked
from kg.reading.values import Mapping, Scalar, Sequence, Value, is_blank, leaves

Rows = Callable[[Scalar], FieldMapping | None]
"""From a key to what its field means."""


def state(key: str, value: Value, row: FieldMapping, result: Interpretation, row_of: Rows) -> None:
    """Read a field as literals; `row_of` tells what the keys within it mean, if it is a map of dates."""
    if (
        isinstance(value, Mapping)
        and row.datatype == ANY_DATE
        and any(is_date(entry, row_of) for entry in value.entries)
    ):
        _dates(key, value, row, result, row_of)
        return
    if row.role == "alias" and isinstance(value, Sequence):
        value = replace(value, items=tuple(_unpaired(key, item, result) for item in value.items))
    if isinstance(value, Mapping):
        keep(key, value, result)  # its inner keys say something too
    elif isinstance(value, Sequence) and not all(isinstance(item, Scalar) for item in value.items):
        keep_lists(key, key, value, result)
    for path, leaf in leaves(value):
        if path and row.datatype == IRI_OBJECT and not WEB.match(leaf.text.strip()):
            if isinstance(value, Sequence):  # what is said about an address is none
                keep(f"{key}.{path}", leaf, result)
        elif not is_blank(leaf):
            typed = leaf
            leaf = _without_link(leaf) if row.role == "alias" else leaf  # noqa: PLW2901
            if leaf is not typed and typed.text.strip() != f"[[{leaf.text}]]":
                keep(key, typed, result)  # its words
            literal(key, leaf, row, result, as_typed=not isinstance(value, Mapping))
            if row.role == "alias":
                result.aliases += _aliases(key, leaf, several=leaf is value)


def _dates(key: str, value: Mapping, row: FieldMapping, result: Interpretation, row_of: Rows) -> None:
    """A map of dates: `date: {created: …, updated: …}` (MkDocs Material), `last_update: {date: …}` (Docusaurus)."""
    known = [row_of(name) if is_date((name, each), row_of) else None for name, each in value.entries]
    stated = any(inner and inner.role in ("date", "published") for inner in known)
    for (name, each), inner in zip(value.entries, known, strict=True):
        path = f"{key}.{name.text}"
        if inner is None:
            keep(path, each, result)
        elif plain_key(name.text) == "date" or (inner.predicate == CREATED and not stated and row.role == "date"):
            state(path, each, row, result, row_of)  # what the whole field is the date of
        else:
            state(path, each, inner, result, row_of)


def is_date(entry: tuple[Scalar, Value], row_of: Rows) -> bool:
    """Whether an entry is a date by its key."""
    row = row_of(entry[0])
    return row is not None and (row.datatype == ANY_DATE or row.role == "published")


def _without_link(leaf: Scalar) -> Scalar:
    """The name in a link, as in Logseq's `alias:: [[x]]`."""
    name = unlinked(Name(leaf.text.strip(), 0)).link
    return replace(leaf, text=name) if name else leaf


def _unpaired(key: str, item: Value, result: Interpretation) -> Value:
    """`- Opener: new tab` is a map for YAML, and a line of text for the one who wrote it."""
    if not isinstance(item, Mapping) or len(item.entries) != 1:
        return item
    name, rest = item.entries[0]
    if not isinstance(rest, Scalar):
        return item
    text = f"{name.text}: {rest.text}".strip()
    result.fault(name, "KG125", f"{key}: {text[:60]!r} is a map to YAML, but is read as text; quote it")
    return replace(name, text=text, quoted=True)


def _aliases(key: str, leaf: Scalar, *, several: bool) -> list[str]:
    """What a value adds to the names of its post; one string may hold several."""
    parts = leaf.text.split(",") if several and key.lower() == "aliases" and "," in leaf.text else []
    return [leaf.text.strip(), *(part.strip() for part in parts if part.strip())]
