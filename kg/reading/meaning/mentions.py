"""Fields that name things: each name becomes a mention, and where it is a link, that too."""

import re
import unicodedata
from collections.abc import Iterator

from msgspec.structs import replace

from kg.fields import FieldMapping, plain_key
from kg.model import Link, Mention
from kg.namespaces import KG
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.meaning.kept import WEB, keep, keep_leaves, keep_lists
from kg.reading.meaning.objects import address_in, name_in, named_by_key
from kg.reading.meaning.one_string import EMPTY, list_in_a_string, names_of, uncommented
from kg.reading.meaning.typed import warn_of_typing
from kg.reading.names import MARKS, Name, is_torn, joined_links, torn_message, unlinked, unnoted, without_separators
from kg.reading.values import Mapping, Scalar, Sequence, Value, is_blank, is_nothing, scalars
from kg.text.folding import fold

_CALLED = frozenset({"person", "organization"})
"""Kinds of things that are never called `true`: `guest: true` says that there is one."""
_SHORT = frozenset({"tag", "category", "person"})
"""Kinds of names that hold no commas; titles do."""
_TAGGED = {"tag": re.compile(r"#[^\s#!]"), "category": re.compile(r"#[^\s#!\d]\S*\Z")}
_ODD = ("[", " ")
"""What names begin with that may be links."""
_OF_NO_NAME = frozenset("-–—.…?nNtTeEuU")
_NO_NAME = re.compile(r"[-–—.…?]+|n/a|tb[da]|none|unknown|et al\.?", re.IGNORECASE)
"""What people write where there is nobody, or nothing."""
_AFTER_NAMES = ("]", "}", "^", "*", "_", ")", ">", " al", " al.")
"""What a footnote, an emphasis, an element, an account or `et al.` ends with."""
_MACHINE = re.compile(r"localhost(?::\d+)?|(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)
"""A host that welcomes no guests."""
HOST = KG + "host"
_WITH_HOSTS = re.compile(
    "audio|duration|enclosure|episode|event|guest|interview|mp3|podcast|recording|season|session|show|speaker|talk"
    "|transcript|venue|video|webinar|youtube"
)
"""How fields, as `plain_key` has them, begin that tell of what people host; or types and categories of a post."""
_SORTS = frozenset({"categories", "category", "layout", "tags", "type"})
_LONG_NAME = 200


def name_things(key: str, value: Value, row: FieldMapping, result: Interpretation) -> None:
    """Read a field as names."""
    if isinstance(value, Sequence) and len(value.items) == 1 and row.kind in _SHORT:
        only = value.items[0]
        in_brackets = only.line == value.line and only.column == value.column + 1  # no item of a block
        if in_brackets and isinstance(only, Scalar) and not only.quoted and set(MARKS) & set(only.text):
            value = only  # `[a，b]`, where it was not noticed which comma was typed
    if isinstance(value, Scalar):
        items = list_in_a_string(value)
        if items is not None:
            keep(key, value, result)
            typed = value.text.strip()[:60]
            result.fault(value, "KG114", f"{key}: {typed!r} is a list in one string; write a YAML list")
            value = Sequence(items, value.line, value.column)
    if isinstance(value, Scalar):
        value = uncommented(key, value, result)
        for name in names_of(key, value, row, result):
            _mention(key, name, value, row, result)
        return
    parts = isinstance(value, Sequence) and any(isinstance(item, Sequence) for item in value.items)
    for item, above in _items(value, result, paths=result.habits.nested and row.kind == "category"):
        if isinstance(item, Scalar):
            warn_of_typing(key, item, result)
            names = _names_of_item(key, item, result) if item.text[:1] in _ODD or ">" in item.text else ()
            for name in names or (Name(item.text.strip(), 0),):
                _mention(key, name, item, row, result, above=above)
            continue
        part = name_in(item, row.kind, key)
        if part is None:
            parts = _name_keys(key, item, row, result) or parts
            continue
        address = address_in(item)
        homepage = address.text if address and WEB.match(address.text) else ""
        rest = tuple(entry for entry in item.entries if entry[1] is not part)
        if rest:
            keep_leaves(key, Mapping(rest, item.line, item.column), result)
            parts = parts or len(rest) > bool(homepage)
        _mention(key, Name(part.text.strip(), 0), part, row, result, homepage)
    if parts:  # which of them belong together
        keep_lists(key, key, value, result)


def _names_of_item(key: str, item: Scalar, result: Interpretation) -> list[Name]:
    """The names of an item of a list that holds links or a comment."""
    plain = uncommented(key, item, result)
    if links := joined_links(plain.text):
        keep(key, item, result)
    return links or [Name(plain.text.strip(), 0)]


def _name_keys(key: str, item: Mapping, row: FieldMapping, result: Interpretation) -> bool:
    """Take the names of a map that has none of its own: a set in YAML is a map whose values are empty.

    Returns:
        Whether it is kept as text.
    """
    if all(isinstance(value, Scalar) and is_nothing(value) for _key, value in item.entries):
        result.fault(item, "KG125", f"{key}: a map whose keys are read as the names; write a list")
        for name, _value in item.entries:
            _mention(key, Name(name.text.strip(), 0), name, row, result)
        return False
    named = named_by_key(key, item, row.kind)
    addresses = all(isinstance(value, Scalar) and WEB.match(value.text) for _key, value in item.entries)
    if not named:
        message = f"{key}: a map without a 'name' is kept as text; write a list of names"
        structured = any(isinstance(value, Sequence | Mapping) for _key, value in item.entries)  # for a page of its own
        result.fault(item, "KG125", message, note=structured)
    elif not addresses and any(name is one for (name, _about), (one, _value) in zip(named, item.entries, strict=True)):
        shown = item.entries[0][0].text.strip()[:60]
        result.fault(item, "KG125", f"{key}: keys are read as names; write a list of '- name: {shown}'")
    for name, about in named:
        address = address_in(about)
        homepage = address.text if address and WEB.match(address.text) else ""
        _mention(key, Name(name.text.strip(), 0), name, row, result, homepage)
    if not addresses:
        keep_leaves(key, item, result)
    return True


def _mention(
    key: str,
    name: Name,
    place: Scalar,
    row: FieldMapping,
    result: Interpretation,
    homepage: str = "",
    above: str = "",
) -> None:
    tidy = _tidy(key, name, place, row, result)
    if tidy is None or not tidy.text:
        return
    name, column = tidy, place.column + name.offset
    if (
        name.text in EMPTY
        or (name.text[0] in _OF_NO_NAME and _NO_NAME.fullmatch(name.text))
        or (row.kind in _CALLED and name.text.lower() in ("true", "false"))
        or (row.kind == "person" and name.text.isdecimal())  # `participants: 35`
        or (row.predicate == HOST and _is_machine(key, name, result))
    ):
        keep(key, Scalar(name.text, place.line, column), result)
        return
    if name.link:
        homepage = _lead(key, name, place, result) or homepage
    if len(name.text) > _LONG_NAME:
        result.fault(place, "KG120", f"{key}: a name of {len(name.text):,} characters; only its IRI is shortened")
    if name.text.isascii():
        plain = name.text.lower()
    else:
        if not unicodedata.is_normalized("NFC", name.text):
            result.fault(place, "KG124", f"{key}: '{name.text[:60]}' is written with separate accents")
        plain = unicodedata.normalize("NFKC", name.text).casefold()
    twin = result.spellings.setdefault((key, plain), name.text)
    if twin != name.text and fold(twin) == fold(name.text):
        message = f"{key}: '{name.text[:60]}' and '{twin[:60]}' are one name; write it one way"
        # What people search for is spelled as they do.
        result.fault(place, "KG202", message, note=key.lower() in ("keyword", "keywords"))
    result.mentions.append(Mention(name.text, row.kind, row.predicate, key, place.line, column, homepage, above))


def _tidy(key: str, name: Name, place: Scalar, row: FieldMapping, result: Interpretation) -> Name | None:
    """A name without links, notes, separators and signs around it; None if its brackets do not match."""
    column = place.column + name.offset
    if is_torn(name.text):
        keep(key, Scalar(name.text, place.line, column), result)
        result.fault(replace(place, column=column), "KG101", torn_message(key, name.text))
        return None
    if name.text.startswith("[") or name.text.endswith(">"):
        name = unlinked(name)
    if row.kind == "person" and name.text.endswith(_AFTER_NAMES) and (bare := unnoted(name)) is not name:
        keep(key, Scalar(name.text, place.line, column), result)
        name = bare
    if (shown := result.habits.shown(name.text)) != name.text:
        keep(key, Scalar(name.text, place.line, column), result)
        name = replace(name, text=shown.strip())
    trimmed = without_separators(name)
    if trimmed is not name:
        keep(key, Scalar(name.text, place.line, column), result)
        what = f"{trimmed.text[:60]!r} is read without it" if trimmed.text else "names nothing"
        result.fault(place, "KG114", f"{key}: {name.text[:60]!r} has a separator too many; {what}")
        name = trimmed
    if name.text.startswith("#") and row.kind in _TAGGED and _TAGGED[row.kind].match(name.text):
        keep(key, Scalar(name.text, place.line, column), result)
        name = replace(name, text=name.text[1:])  # as Obsidian and Logseq have it
    return name


def _lead(key: str, name: Name, place: Scalar, result: Interpretation) -> str:
    """Where the link leads that a name is written as: the address of a homepage, or "" and a link to a post."""
    if WEB.match(name.link) or name.link.startswith("mailto:"):
        keep(key, place, result)
        return "" if name.link.startswith("mailto:") else name.link
    words, column = name.words or name.text, place.column + name.offset
    result.links.append(Link(name.link, "name", words, place.line, column, key))
    if name.words and name.words != name.text:
        keep(key, Scalar(name.words, place.line, place.column + name.offset), result)
    return ""


def tells_of_hosts(key: str, value: Value) -> bool:
    """Whether a field, whose key is plain, tells of what people host."""
    sorts = [plain_key(scalar.text) for scalar in scalars(value)] if key in _SORTS else []
    return any(map(_WITH_HOSTS.match, (key, *sorts)))


def _is_machine(key: str, name: Name, result: Interpretation) -> bool:
    """Whether a host is, or may be, what a site runs on: nobody."""
    doubtful = plain_key(key) in ("host", "hosts") and not result.hosted and not name.link
    return doubtful or bool(_MACHINE.fullmatch(name.text))


def _items(value: Value, result: Interpretation, *, paths: bool) -> Iterator[tuple[Scalar | Mapping, str]]:
    """The names of a field: a list, a single map, or (reported) lists within lists; each with the name above it.

    Args:
        value: the field.
        result: where lists within lists are reported.
        paths: whether a list of names leads from the broad to the narrow (https://hexo.io/docs/front-matter).
    """
    if not isinstance(value, Sequence):
        if not is_blank(value):
            yield value, ""
        return
    paths = paths and not any(isinstance(item, Mapping) for item in value.items)
    is_path = paths and not any(isinstance(item, Sequence) for item in value.items)
    above = ""
    for item in value.items:
        if isinstance(item, Sequence):
            if not result.habits.nested:
                result.fault(item, "KG106", "a list within a list; its names are taken one by one")
            yield from _items(item, result, paths=paths)
        elif not is_blank(item):
            yield item, above
            above = item.text.strip() if is_path and isinstance(item, Scalar) else ""
