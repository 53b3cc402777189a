"""From the tree of a front matter to what it says in the terms of the graph: names, literals, links and faults."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kg.config import Limits
from kg.fields import ANY_DATE, BOOLEAN, PUBLISHED, FieldMapping, table
from kg.iris import field_name
from kg.literals import canonical
from kg.model import IRI, IRI_OBJECT, Attribute, Link, Mention
from kg.namespaces import FIELD, KG, XSD
from kg.reading.names import Name, as_yaml_reads, is_no_text, split, unlinked, unseen, wikilinks
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value, is_blank, is_nothing, leaves, scalars
from kg.reading.yaml import Yaml
from kg.text.dates import parse_date
from kg.text.folding import fold
from kg.text.languages import HAN, language_of, language_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.config import Config

_NAME_KEYS = ("name", "title", "label")
_URL_KEYS = ("url", "homepage", "link", "website")
_GROUPS = frozenset({"taxonomies", "extra", "params"})
"""Where Zola and Hugo put fields that are not built in; Zola reads no JSON, and has `extra`."""
_SPACED = frozenset({"tags", "categories", "keywords", "tag", "category"})
"""Fields in which Jekyll separates names by blanks."""
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"https?://(?:[^/?#@\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#:@\[\]]+)(?::\d*)?(?=[/?#]|\Z)", re.IGNORECASE
)
"""What an address begins with: who is asked, and at which port."""
_NUMBER = {
    "integer": re.compile(r"[+-]?\d+\Z"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z"),
    "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z"),
}
_LATIN = re.compile("[A-Za-z]")
_CHINESE = re.compile(f"[{HAN}]")
_OTHER_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_LATIN_WORD = re.compile("[A-Za-z]+")
_WIDE = re.compile(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
"""Chinese, Japanese and Korean letters, where one letter is about as much as half a word in Latin letters."""
_TAGGED = re.compile(r"#[^\s#!]")
_EMPTY = ("[]", "{}")
"""What programs write for a list of nobody; no name."""
_LONG_NAME = 200
_LONG_TITLE = 1_000

Make = Callable[..., Attribute]


@dataclass(slots=True)
class Statements:
    """What one front matter says, in the terms of the graph."""

    mentions: list[Mention] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    date: str = ""
    draft: bool = False
    language: str = ""
    aliases: list[str] = field(default_factory=list)
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)
    """How each name was written first, by kind and the name without case and width."""
    spaced: bool = False
    """Whether blanks separate tags and categories in a string, as in a Jekyll post."""

    def fault(self, place: Scalar | Sequence | Mapping, code: str, message: str) -> None:
        """Report something about a value."""
        self.problems.append(Problem(place.line, place.column, code, message))


class Interpreter:
    """Applies the mapping to one front matter after another."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._table = table(config)
        self._rows: dict[str, FieldMapping | None] = {}
        """What keys mean, as typed; filled as they are met."""

    def interpret(
        self,
        fields: Mapping,
        sample: str,
        *,
        in_body: Iterable[tuple[Scalar, Scalar]] = (),
        language: str = "",
        spaced: bool = False,
        dialect: str = "yaml",
    ) -> Statements:
        """Read all fields of one post.

        Args:
            fields: the front matter.
            sample: the beginning of the body, which tells the language where no field does.
            in_body: fields written in the body, `key:: value`.
            language: the language that the file's name tells, or "".
            spaced: whether blanks separate tags in a string.
            dialect: how the front matter is written.
        """
        said = Statements(spaced=spaced, language=language)
        rows = [(key, value, self._row(key)) for key, value in self._entries(fields, dialect)]
        # Of several dates the one called `date` counts.
        rows.sort(key=lambda row: row[2] is not None and row[2].role == "date" and row[0].text.lower() != "date")
        self._tell_language(rows, sample, said)
        for key, value, row in rows:
            if dialect == "yaml" and not key.quoted and is_no_text(key.text):
                said.fault(key, "KG118", f"the key {key.text!r} is no text for YAML; quote it")
            if not key.text.isprintable() and (hidden := unseen(key.text)):
                said.fault(key, "KG110", f"a key: {hidden} cannot be seen, or not be written everywhere")
            self._read(key.text, value, row, said)
        _agree_on_draft(said)
        links = len(said.links)
        for key, value in in_body:
            row = self._row(key)
            names = split(value.text) if row and (row.plural or row.role == "alias") else []
            items = tuple(value._replace(text=n.text, column=value.column + n.offset) for n in names)
            self._read(key.text, Sequence(items, value.line, value.column) if len(items) > 1 else value, row, said)
        del said.links[links:]  # the body's own links are found with the body
        return said

    def _row(self, key: Scalar) -> FieldMapping | None:
        typed = key.text
        try:
            return self._rows[typed]
        except KeyError:
            row = self._rows[typed] = self._table.get(typed.strip().lower())
            return row

    def _entries(self, fields: Mapping, dialect: str) -> Iterator[tuple[Scalar, Value]]:
        """All fields; names that stand in a group such as `[taxonomies]` count as if they stood outside."""
        for key, value in fields.entries:
            group = key.text.lower()
            if group not in _GROUPS or not isinstance(value, Mapping) or (group == "extra" and dialect == "json"):
                yield key, value
                continue
            rest = []
            for inner in value.entries:
                row = self._row(inner[0])
                if row and row.kind:
                    yield inner
                else:
                    rest.append(inner)
            yield key, value._replace(entries=tuple(rest))

    def _tell_language(
        self, rows: list[tuple[Scalar, Value, FieldMapping | None]], sample: str, said: Statements
    ) -> None:
        titles = []
        for _key, value, row in rows:
            if row and row.role == "language" and isinstance(value, Scalar) and not is_nothing(value):
                said.language = _language_tag(value, said) or said.language
            elif row and row.role == "title":
                titles += [leaf.text for _path, leaf in leaves(value)]
        if not said.language:
            latin = self._config.language or self._config.latin
            text = f"{' '.join(titles)}\n{sample}"
            if not text.isascii():  # addresses and single foreign words decide nothing, in either direction
                if _is_mostly_other(text):
                    # Beside Chinese, Latin letters decide nothing anyway.
                    text = text if _CHINESE.search(text) else _LATIN.sub("", text)
                elif not _WIDE.search("".join(titles)) and len(_LATIN_WORD.findall(text)) > len(_WIDE.findall(text)):
                    text = _WIDE.sub("", text)
            said.language = language_of(text, latin=latin, default=self._config.language)

    def _read(self, key: str, value: Value, row: FieldMapping | None, said: Statements) -> None:
        if is_nothing(value):
            return
        for leaf in scalars(value):
            if not leaf.text.isprintable() and (hidden := unseen(leaf.text)):
                said.fault(leaf, "KG110", f"{key}: {hidden} cannot be seen, or not be written everywhere")
        if row is None:
            self._keep(key, value, said)
        elif row.kind:
            self._name(key, value, row, said)
        else:
            self._state(key, value, row, said)

    def _keep(self, key: str, value: Value, said: Statements) -> None:
        """A field nobody knows: every leaf becomes a literal under the field's own predicate."""
        for path, leaf in leaves(value, key):
            if is_blank(leaf):
                continue
            predicate = IRI(FIELD + field_name(path))
            text = leaf.text.strip()
            said.attributes.append(Attribute(predicate, text, XSD + "string", "", key, leaf.line, leaf.column))
            for target, words, offset in wikilinks(leaf.text):
                said.links.append(Link(target, "property", words, leaf.line, leaf.column + offset))

    # --- Names ---

    def _name(self, key: str, value: Value, row: FieldMapping, said: Statements) -> None:
        if isinstance(value, Scalar):
            items = _list_in_a_string(value)
            if items is not None:
                self._keep(key, value, said)
                said.fault(value, "KG114", f"{key}: {value.text.strip()[:60]!r} is a list in quotes; write a YAML list")
                value = Sequence(items, value.line, value.column)
        if isinstance(value, Scalar):
            for name in self._names_of(key, value, row, said):
                self._mention(key, name, value, row, said)
            return
        for item in _items(value, said):
            if isinstance(item, Scalar):
                self._warn_of_typing(key, item, said)
                self._mention(key, Name(item.text.strip(), 0), item, row, said)
                continue
            part = _first(item, _NAME_KEYS)
            if part is None:
                self._name_keys(key, item, row, said)
                continue
            address = _first(item, _URL_KEYS)
            homepage = address.text if address and _WEB.match(address.text) else ""
            known = [part] + ([address] if homepage and address else [])
            rest = tuple(entry for entry in item.entries if not any(entry[1] is one for one in known))
            if rest:
                self._keep(key, Mapping(rest, item.line, item.column), said)
            self._mention(key, Name(part.text.strip(), 0), part, row, said, homepage)

    def _name_keys(self, key: str, item: Mapping, row: FieldMapping, said: Statements) -> None:
        """A map without a name: a set in YAML is a map whose values are empty; of any other nobody knows the names."""
        if all(isinstance(value, Scalar) and is_nothing(value) for _key, value in item.entries):
            said.fault(item, "KG125", f"{key}: a map whose keys are read as the names; write a list")
            for name, _value in item.entries:
                self._mention(key, Name(name.text.strip(), 0), name, row, said)
        else:
            said.fault(item, "KG125", f"{key}: a map without a 'name' is kept as text; write a list of names")
            self._keep(key, item, said)

    def _names_of(self, key: str, value: Scalar, row: FieldMapping, said: Statements) -> list[Name]:
        """The names of a field that holds one string."""
        whole = [Name(value.text.strip(), 0)]
        blanks = key.lower() in _SPACED
        if not row.plural and not (said.spaced and blanks):
            self._warn_of_typing(key, value, said)
            return whole
        names = split(value.text, spaces=said.spaced and blanks)
        if len(names) < 2:
            self._warn_of_typing(key, value, said)
            text = whole[0].text
            if blanks and not said.spaced and " " in text and text.isascii() and not unlinked(whole[0]).link:
                said.fault(value, "KG114", f"{key}: '{text[:60]}' is read as one name; write a YAML list to say so")
            return whole
        self._keep(key, value, said)  # the string as typed stays, beside the names it was read as
        if not said.spaced and not all(unlinked(name).link for name in names):
            shown = ", ".join(f"'{name.text}'" for name in names[:4]) + (" …" if len(names) > 4 else "")
            said.fault(value, "KG114", f"{key}: one string is read as {len(names)} names: {shown}; write a YAML list")
        return names

    def _mention(
        self, key: str, name: Name, place: Scalar, row: FieldMapping, said: Statements, homepage: str = ""
    ) -> None:
        column = place.column + name.offset
        if name.text.startswith("[["):
            name = unlinked(name)
        if row.kind == "tag" and name.text.startswith("#") and _TAGGED.match(name.text):
            self._keep(key, Scalar(name.text, place.line, column), said)
            name = name._replace(text=name.text[1:])  # Obsidian takes `#tag` in front matter for `tag`
        if not name.text:
            return
        if name.text in _EMPTY:
            self._keep(key, Scalar(name.text, place.line, column), said)
            return
        if name.link:
            said.links.append(Link(name.link, "name", name.words or name.text, place.line, column))
            if name.words and name.words != name.text:
                self._keep(key, Scalar(name.words, place.line, column), said)
        if len(name.text) > _LONG_NAME:
            said.fault(place, "KG120", f"{key}: a name of {len(name.text):,} characters; only its IRI is shortened")
        if name.text.isascii():
            plain = name.text.lower()
        else:
            if not unicodedata.is_normalized("NFC", name.text):
                said.fault(place, "KG124", f"{key}: '{name.text[:60]}' is written with separate accents")
            plain = unicodedata.normalize("NFKC", name.text).casefold()
        twin = said.spellings.setdefault((row.kind, plain), name.text)
        if twin != name.text and fold(twin) == fold(name.text):
            said.fault(place, "KG202", f"{key}: '{name.text[:60]}' and '{twin[:60]}' are one name; write it one way")
        said.mentions.append(Mention(name.text, row.kind, row.predicate, key, place.line, column, homepage))

    def _warn_of_typing(self, key: str, item: Scalar, said: Statements) -> None:
        """What other tools will make of a plain scalar."""
        if item.quoted:
            return
        text = item.text.strip()
        other = as_yaml_reads(text)
        if other:
            said.fault(item, "KG107", f"{key}: {text} is kept as typed, but other tools read {other}; quote it")
        _warn_of_quotes(key, item, said)

    # --- Literals ---

    def _state(self, key: str, value: Value, row: FieldMapping, said: Statements) -> None:
        read = self._readers.get(row.datatype.removeprefix(XSD)) or Interpreter._read_text
        if row.role == "published":
            read = Interpreter._read_published
        if row.role == "alias" and isinstance(value, Sequence):
            value = value._replace(items=tuple(_unpaired(key, item, said) for item in value.items))
        if isinstance(value, Mapping):
            self._keep(key, value, said)  # its inner keys say something too
        for _path, leaf in leaves(value):
            if is_blank(leaf):
                continue
            make = partial(Attribute, row.predicate, field=key, line=leaf.line, column=leaf.column)
            attribute = read(self, key, leaf, row, said, make)
            if attribute is not None and attribute.datatype:
                attribute = replace(attribute, value=canonical(attribute.value, attribute.datatype))
            if (attribute is None or attribute.value != leaf.text.strip()) and not isinstance(value, Mapping):
                self._keep(key, leaf, said)  # what was typed stays, beside what it means
            if attribute is not None:
                said.attributes.append(attribute)
            if row.role == "alias":
                said.aliases.append(leaf.text.strip())
                if key.lower() == "aliases" and leaf is value and "," in leaf.text:
                    said.aliases += (part.strip() for part in leaf.text.split(",") if part.strip())

    def _read_text(self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Make) -> Attribute:
        if row.role == "title":
            said.title = said.title or leaf.text.strip()
            if not leaf.quoted:
                _warn_of_quotes(key, leaf, said)
            if len(leaf.text) > _LONG_TITLE:
                said.fault(leaf, "KG120", f"{key}: {len(leaf.text):,} characters; pages show the beginning")
        text = leaf.text.strip()
        if row.role == "language":
            return make(said.language or text, row.datatype)
        if row.datatype:
            return make(text, row.datatype)
        return make(text, language=language_of(text, latin=self._config.latin, default=said.language))

    def _read_date(self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Make) -> Attribute | None:
        try:
            read = parse_date(leaf.text)
        except ValueError as error:
            said.fault(leaf, "KG103", f"{key}: {error}")
            return None
        if read.doubt:
            said.fault(leaf, "KG122", f"{key}: {read.doubt}")
        if not read.value or (row.role == "date" and said.date):
            return None
        if row.role == "date":
            said.date = read.value
        return make(read.value, read.datatype)

    def _read_published(
        self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Make
    ) -> Attribute | None:
        """`published: false` is a draft in Jekyll; elsewhere `published` is the date."""
        word = leaf.text.strip().lower()
        if word not in _TRUE | _FALSE:
            dated = row._replace(predicate=PUBLISHED, datatype=ANY_DATE, role="date")
            make = partial(Attribute, PUBLISHED, field=key, line=leaf.line, column=leaf.column)
            return self._read_date(key, leaf, dated, said, make)
        said.draft = said.draft or word in _FALSE
        return make("true", BOOLEAN) if word in _FALSE else None

    def _read_boolean(
        self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Make
    ) -> Attribute | None:
        word = leaf.text.strip().lower()
        if word not in _TRUE | _FALSE:
            said.fault(leaf, "KG108", f"{key}: {leaf.text!r} is neither true nor false")
            return None
        if row.role == "draft":
            said.draft = said.draft or word in _TRUE
        return make("true" if word in _TRUE else "false", BOOLEAN)

    def _read_number(self, key: str, leaf: Scalar, row: FieldMapping, said: Statements, make: Make) -> Attribute | None:
        name = row.datatype.removeprefix(XSD)
        if not _NUMBER[name].match(leaf.text.strip()):
            said.fault(leaf, "KG119", f"{key}: {leaf.text!r} is no {name}")
            return None
        return make(leaf.text.strip(), row.datatype)

    def _read_address(self, key: str, leaf: Scalar, _row: FieldMapping, said: Statements, make: Make) -> Attribute:
        text = leaf.text.strip()
        if not _AUTHORITY.match(text):
            if ":" in text.split("/", 1)[0]:
                said.fault(leaf, "KG109", f"{key}: {text[:60]!r} is no http or https address; kept as text")
            return make(text)
        iri = to_iri(text)
        if iri != text:
            said.fault(leaf, "KG109", f"{key}: the address holds characters that must be percent-encoded")
        return make(iri, IRI_OBJECT)

    _readers = {  # noqa: RUF012  a constant table of methods
        ANY_DATE: _read_date,
        "boolean": _read_boolean,
        "integer": _read_number,
        "decimal": _read_number,
        "double": _read_number,
        IRI_OBJECT: _read_address,
    }


def _list_in_a_string(value: Scalar) -> tuple[Scalar, ...] | None:
    """The items of `"[a, b]"`, which programs write for a list, or None; `"[]"` and `"{}"` name nobody."""
    text = value.text.strip()
    if text[:1] not in ("[", "{") or text.startswith("[["):
        return None
    if text in _EMPTY:
        return ()
    parsed = Yaml().parse(f"x: {text}", 1, Limits())
    found = parsed.fields.entries[0][1] if parsed.fields.entries and not parsed.problems else None
    if not isinstance(found, Sequence) or (len(found.items) < 2 and text[1] not in "\"'"):
        return None  # `[Untitled]` may be a name
    shift = value.column + value.text.index(text) - len("x: ") - 1
    items = [item for item in found.items if isinstance(item, Scalar)]
    return tuple(item._replace(line=value.line, column=item.column + shift, quoted=True) for item in items)


def _unpaired(key: str, item: Value, said: Statements) -> Value:
    """`- Opener: new tab` is a map for YAML, and a line of text for the one who wrote it."""
    if not isinstance(item, Mapping) or len(item.entries) != 1:
        return item
    name, rest = item.entries[0]
    if not isinstance(rest, Scalar):
        return item
    text = f"{name.text}: {rest.text}".strip()
    said.fault(name, "KG125", f"{key}: {text[:60]!r} is a map for YAML, and is read as text; quote it")
    return name._replace(text=text, quoted=True)


def _agree_on_draft(said: Statements) -> None:
    """A post is a draft if any field says so; one that says otherwise is told."""
    states = [attribute for attribute in said.attributes if attribute.predicate == KG + "draft"]
    if len({state.value for state in states}) < 2:
        return
    for state in states:
        if state.value != "true":
            said.attributes.remove(state)
            typed = IRI(FIELD + field_name(state.field))
            said.attributes.append(replace(state, predicate=typed, datatype=XSD + "string"))
            message = f"{state.field}: {state.value}, but another field says that this is a draft; it is taken for one"
            said.problems.append(Problem(state.line, state.column, "KG127", message))


def _items(value: Value, said: Statements) -> Iterator[Scalar | Mapping]:
    """The names of a field: a list, a single map, or (reported) lists within lists."""
    if not isinstance(value, Sequence):
        if not is_blank(value):
            yield value
        return
    for item in value.items:
        if isinstance(item, Sequence):
            said.fault(item, "KG106", "a list within a list; its names are taken one by one")
            yield from _items(item, said)
        elif not is_blank(item):
            yield item


def _first(item: Mapping, keys: tuple[str, ...]) -> Scalar | None:
    for wanted in keys:
        for key, value in item.entries:
            if key.text.lower() == wanted and isinstance(value, Scalar) and not is_blank(value):
                return value
    return None


_QUOTES = {"“": "”", "‘": "’", "„": "“", "”": "”", "’": "’"}


def _warn_of_quotes(key: str, leaf: Scalar, said: Statements) -> None:
    """Typographic quotes that were meant to fence a value: all around it, or opened and never closed."""
    text = leaf.text.strip()
    closing = _QUOTES.get(text[:1])
    if closing and (text.endswith(closing) or closing not in text[1:]) and closing not in text[1:-1]:
        said.fault(leaf, "KG113", f"{key}: {text[0]} is part of the value; YAML knows only ' and \" as quotes")


def _language_tag(value: Scalar, said: Statements) -> str:
    """The tag of a language, or "" where it is none."""
    typed = value.text.strip()
    tag = language_tag(typed)
    if not tag:
        said.fault(value, "KG112", f"{typed!r} is no language tag; write zh, en-GB …")
    elif tag.lower() != typed.lower():
        said.fault(value, "KG112", f"{typed!r} is read as {tag!r}")
    return tag


_IRI_UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff]"
    r"|[\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|%(?![0-9A-Fa-f]{2})"
    rf"|[{''.join(chr((plane << 16) + 0xFFFE + last) for plane in range(1, 15) for last in (0, 1))}]"
)


def to_iri(address: str) -> IRI:
    """An http(s) address with everything percent-encoded that RFC 3987 does not allow; the rest untouched.

    >>> to_iri("https://[::1]/a[1]?q[]=x y#b#c")
    'https://[::1]/a%5B1%5D?q%5B%5D=x%20y#b%23c'
    """
    start = _AUTHORITY.match(address)
    head = start[0] if start else ""
    rest, sharp, fragment = address[len(head) :].partition("#")
    rest = rest.replace("[", "%5B").replace("]", "%5D")
    fragment = fragment.replace("[", "%5B").replace("]", "%5D").replace("#", "%23")
    return IRI(_IRI_UNSAFE.sub(_percent, head + rest + sharp + fragment))


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))


_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _is_mostly_other(text: str) -> bool:
    """Whether letters of other scripts outnumber those of ASCII; letters are only counted where it is close."""
    ascii_part = text.encode("ascii", "ignore")
    latin, other = len(ascii_part.translate(None, _NO_LETTERS)), len(text) - len(ascii_part)
    if other <= latin or other > 3 * latin + 20:
        return other > latin
    return len(_OTHER_LETTER.findall(text)) > latin
