"""Translates the tree of front matter to the terms of the graph: names, literals, links and faults."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from kg.config import Config, Limits
from kg.fields import ANY_DATE, CREATED, FIELDS, FieldMapping, plain_key, table, taxonomy, torn
from kg.iris import field_name
from kg.literals import canonical
from kg.model import IRI, IRI_OBJECT, Attribute, Link, Mention
from kg.namespaces import FIELD, JSON, KG, XSD
from kg.reading.body import leads_to_post, names_file
from kg.reading.interpretation import NO_HABITS, Habits, Interpretation
from kg.reading.names import (
    MARKS,
    Name,
    as_yaml_reads,
    inverted,
    is_no_text,
    joined_links,
    references,
    split,
    unlinked,
    unnoted,
    unseen,
    without_separators,
)
from kg.reading.objects import address_in, name_in, named_by_key
from kg.reading.typed import READERS, read_published, read_text, warn_of_quotes
from kg.reading.values import (
    Mapping,
    Scalar,
    Sequence,
    Value,
    as_json,
    is_blank,
    is_flat,
    is_nothing,
    leaves,
    scalars,
)
from kg.reading.yaml import Yaml
from kg.text.folding import fold
from kg.text.languages import HAN, language_of, language_tag
from kg.text.patterns import pattern

_GROUPS = frozenset({"taxonomies", "extra", "params"})
"""Where Zola and Hugo put fields that are not built in; Zola reads no JSON, and has `extra`."""
_CALLED = frozenset({"person", "organization"})
"""Kinds of things that are never called `true`: `guest: true` says that there is one."""
_SHORT = frozenset({"tag", "category", "person"})
"""Kinds of names that hold no commas; titles do."""
_DATES = frozenset({"dates", "timestamps"})
"""Maps of dates: `dates: {created: …, updated: …}`."""
SPACED = frozenset({"tags", "categories", "keywords", "tag", "category"})
"""Fields in which Jekyll separates names by spaces."""
_RELATED = frozenset({
    "children", "child", "down", "grand_parent", "grandparent", "links", "next", "parent", "parent_id", "parents",
    "part_of", "prev", "previous", "related", "related_articles", "related_pages", "related_post", "related_posts",
    "replaces", "see_also", "seealso", "sequel", "siblings", "superseded_by", "supersedes", "translation_of", "up",
})  # fmt: skip
"""Fields whose values are other posts, where they answer to one: by name, title, path or address."""
_ADDRESSES = (".url", ".link", ".href", ".path")
"""Where the addresses of such posts stand, if anything else does: `next: {text: More, link: /more}`."""
_PATHS = frozenset({"attester.resource", "computation", "executor.resource", "sources.resource"})
"""Fields of the Open Knowledge Format whose values are posts or addresses; the last says what a post is based on."""
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_LATIN = re.compile("[A-Za-z]")
_CHINESE = pattern(f"[{HAN}]")
_OTHER_LETTER = re.compile(r"[^\W\d_\x00-\x7f]")
_LATIN_WORD = re.compile("[A-Za-z]+")
_WIDE = pattern(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
"""Chinese, Japanese and Korean letters, where one letter is about as much as half a word in Latin letters."""
_LOCALE = re.compile(r"[a-z]{2,3}_[A-Z]{2}(?:\.[\w-]+)?")
"""`pt_BR`, as operating systems and the Open Graph protocol spell a language and its country."""
_TAGGED = re.compile(r"#[^\s#!]")
_TEXTS = ("", XSD + "string", IRI_OBJECT)
"""Datatypes of values that may be links to posts."""
_EMPTY = ("[]", "{}")
"""How programs write an empty list; it names nobody."""
_ODD = ("[", " ")
"""What names begin with that may be links."""
_OF_NO_NAME = frozenset("-–—.…?nNtT")
_NO_NAME = re.compile(r"[-–—.…?]+|n/a|tb[da]|none", re.IGNORECASE)
"""What people write where there is nobody, or nothing."""
_AFTER_NAMES = frozenset("]}^*_)")
"""What a footnote, an emphasis or an account ends with."""
_MACHINE = re.compile(r"localhost(?::\d+)?|(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?", re.IGNORECASE)
"""A host that welcomes no guests."""
_HOST = KG + "host"
_WITH_HOSTS = re.compile(
    "audio|duration|enclosure|episode|event|guest|interview|mp3|podcast|recording|season|session|show|speaker|talk"
    "|transcript|venue|video|webinar|youtube"
)
"""How fields, as `plain_key` has them, begin that tell of what people host; or types and categories of a post."""
_SORTS = frozenset({"categories", "category", "layout", "tags", "type"})
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LONG_NAME = 200
_MANY_AUTHORS = re.compile(r"\]\(.*\]\(|(?:,[^,]+){3}", re.DOTALL)
"""Two links, or four parts: no single name has as many, as `Lovelace, Ada, Jr.` has three."""


class Interpreter:
    """Applies the mapping to one front matter after another."""

    def __init__(self, config: Config, language: str = "", taxonomies: Iterable[str] = ()) -> None:
        """Args: the settings; the language and the taxonomies that the site declares, which count if they name none."""
        self._config = config
        self._language = config.language or language
        self._table = {plain_key(name): taxonomy(name) for name in taxonomies} | table(config)
        self._rows: dict[str, FieldMapping | None] = {}
        """Key as typed → its meaning; filled as keys are met."""

    def interpret(
        self,
        fields: Mapping,
        sample: str,
        *,
        in_body: tuple[tuple[Scalar, Scalar], ...] = (),
        of_blocks: Container[int] = (),
        language: str = "",
        draft: bool = False,
        habits: Habits = NO_HABITS,
        dialect: str = "yaml",
    ) -> Interpretation:
        """Read all fields of one post.

        Args:
            fields: the front matter.
            sample: the beginning of the body, which tells the language where no field does.
            in_body: fields written in the body, `key:: value`.
            of_blocks: lines on which these belong to a part of the post, whose title, alias or date is kept as text.
            language: the language that the file's name tells, or "".
            draft: whether the folder tells that it is a draft.
            habits: how the tool understands values.
            dialect: how the front matter is written.
        """
        result = Interpretation(habits=habits, draft=draft, language=language, latin=self._config.latin)
        rows = [(key, value, self._row(key)) for key, value in self._entries(fields, dialect)]
        # Of several dates the one called `date` counts.
        rows.sort(key=lambda row: row[2] is not None and row[2].role == "date" and row[0].text.lower() != "date")
        self._tell_language(rows, sample, result)
        if in_body or any(row is not None and row.predicate == _HOST for _key, _value, row in rows):
            result.hosted = any(_tells_of_hosts(plain_key(key.text), value) for key, value, _row in rows)
        for key, value, row in rows:
            if dialect == "yaml" and not key.quoted and is_no_text(key.text):
                result.fault(key, "KG118", f"the key {key.text!r} is not text to YAML; quote it")
            if row is None and not key.quoted and (meant := torn(key.text)):
                result.fault(key, "KG116", f"the key {key.text!r} has a sign too many; write '{meant}'")
            if not key.text.isprintable() and (hidden := unseen(key.text)):
                result.fault(
                    key, "KG110", f"a key: {hidden} is invisible, or cannot be written in every format; remove it"
                )
            self._read(key.text, value, row, result)
        _agree_on_draft(result)
        for key, value in in_body:
            row = self._row(key)
            if row and row.role and key.line in of_blocks:
                row = None
            several = (
                row and (row.plural or row.role == "alias") and not (habits.one_author and key.text.lower() == "author")
            )
            names = split(value.text) if several else []
            items = tuple(replace(value, text=n.text, column=value.column + n.offset) for n in names)
            self._read(key.text, Sequence(items, value.line, value.column) if len(items) > 1 else value, row, result)
        return result

    def _row(self, key: Scalar) -> FieldMapping | None:
        typed = key.text
        try:
            return self._rows[typed]
        except KeyError:
            row = self._rows[typed] = self._table.get(plain_key(typed))
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
                if row and row.kind and (row.role != "taxonomy" or group == "taxonomies"):
                    yield inner
                else:
                    rest.append(inner)
            yield key, replace(value, entries=tuple(rest))

    def _tell_language(
        self, rows: list[tuple[Scalar, Value, FieldMapping | None]], sample: str, result: Interpretation
    ) -> None:
        titles = []
        for key, value, row in rows:
            if row and row.role == "language" and isinstance(value, Scalar) and not is_nothing(value):
                result.language = _language_tag(key.text, value, result) or result.language
            elif row and row.role == "title":
                titles += [leaf.text for _path, leaf in leaves(value)]
        if not result.language:
            text = f"{' '.join(titles)}\n{sample}"
            if not text.isascii():  # addresses and single foreign words decide nothing, in either direction
                if _is_mostly_other(text):
                    # Beside Chinese, Latin letters decide nothing anyway.
                    text = text if _CHINESE.search(text) else _LATIN.sub("", text)
                elif not _WIDE.search("".join(titles)) and len(_LATIN_WORD.findall(text)) > len(_WIDE.findall(text)):
                    text = _WIDE.sub("", text)
            result.language = language_of(text, self._language, latin=self._config.latin)

    def _read(self, key: str, value: Value, row: FieldMapping | None, result: Interpretation) -> None:
        if is_nothing(value):
            return
        value = _relinked(value)
        for leaf in scalars(value):
            if not leaf.text.isprintable() and (hidden := unseen(leaf.text)):
                message = f"{key}: {hidden} is invisible, or cannot be written in every format; remove it"
                is_prose = row is None or not (row.kind or row.datatype or row.role == "alias")
                result.fault(leaf, "KG110", message, note=is_prose and not unseen(leaf.text, prose=True))
        if (
            row is None
            and plain_key(key) in _DATES
            and isinstance(value, Mapping)
            and any(map(self._is_date, value.entries))
        ):
            row = self._table["created"]
        if row is None or (row.role == "taxonomy" and not _are_words(value)):
            self._keep(key, value, result)
        elif row.kind:
            self._name(key, value, row, result)
        else:
            self._state(key, value, row, result)

    def _keep(self, key: str, value: Value, result: Interpretation) -> None:
        """Keep an unknown field: every leaf becomes a literal with the field's own predicate, and so does a whole list.

        The literals of a post are a set. The whole, as JSON (https://www.w3.org/TR/json-ld11/#the-rdf-json-datatype),
        keeps the order, repetitions, and which values belong to one object.
        """
        self._keep_leaves(key, value, result)
        self._keep_lists(key, key, value, result)

    def _keep_lists(self, key: str, path: str, value: Value, result: Interpretation) -> None:
        if isinstance(value, Mapping):
            for name, item in value.entries:
                self._keep_lists(key, f"{path}.{name.text}", item, result)
        elif not is_flat(value):
            predicate = IRI(FIELD + field_name(path))
            result.attributes.append(Attribute(predicate, as_json(value), JSON, "", key, value.line, value.column))

    def _keep_leaves(self, key: str, value: Value, result: Interpretation) -> None:
        found = list(leaves(value, key))
        addressed = any(path.endswith(_ADDRESSES) and not _WEB.match(leaf.text) for path, leaf in found)
        for path, leaf in found:
            if is_blank(leaf):
                continue
            predicate = IRI(FIELD + field_name(path))
            text = leaf.text.strip()
            result.attributes.append(Attribute(predicate, text, XSD + "string", "", key, leaf.line, leaf.column))
            source = FIELDS["source"] if path == "sources.resource" else None
            if source and _WEB.match(text):
                self._state(key, leaf, source, result)
            else:
                names = path in _PATHS or (_is_related(key) and (not addressed or path.endswith(_ADDRESSES)))
                self._link(key, source.predicate if source else predicate, leaf, result, names=names)

    def _link(self, key: str, predicate: IRI, leaf: Scalar, result: Interpretation, *, names: bool = False) -> None:
        """The links that stand in a value, or the post that it names, as values of some fields do."""
        stated = references(leaf.text)
        for found in stated:
            if leads_to_post(found.target) if found.is_address else not names_file(found.target):
                style = "markdown" if found.is_address else "property"
                place = (leaf.line, leaf.column + found.offset)
                result.links.append(Link(found.target, style, found.words, *place, key, predicate))
        if not stated and names:
            result.links.append(Link(leaf.text.strip(), "name", "", leaf.line, leaf.column, key, predicate))

    # --- Names ---

    def _name(self, key: str, value: Value, row: FieldMapping, result: Interpretation) -> None:
        if isinstance(value, Sequence) and len(value.items) == 1 and row.kind in _SHORT:
            only = value.items[0]
            if isinstance(only, Scalar) and not only.quoted and set(MARKS) & set(only.text):
                value = only  # `[a，b]`, where it was not noticed which comma was typed
        if isinstance(value, Scalar):
            items = _list_in_a_string(value)
            if items is not None:
                self._keep(key, value, result)
                typed = value.text.strip()[:60]
                result.fault(value, "KG114", f"{key}: {typed!r} is a list in one string; write a YAML list")
                value = Sequence(items, value.line, value.column)
        if isinstance(value, Scalar):
            value = self._uncommented(key, value, result)
            for name in self._names_of(key, value, row, result):
                self._mention(key, name, value, row, result)
            return
        parts = isinstance(value, Sequence) and any(isinstance(item, Sequence) for item in value.items)
        for item, above in _items(value, result, paths=result.habits.nested and row.kind == "category"):
            if isinstance(item, Scalar):
                self._warn_of_typing(key, item, result)
                names = self._names_of_item(key, item, result) if item.text[:1] in _ODD or ">" in item.text else ()
                for name in names or (Name(item.text.strip(), 0),):
                    self._mention(key, name, item, row, result, above=above)
                continue
            part = name_in(item, row.kind, key)
            if part is None:
                parts = self._name_keys(key, item, row, result) or parts
                continue
            address = address_in(item)
            homepage = address.text if address and _WEB.match(address.text) else ""
            rest = tuple(entry for entry in item.entries if entry[1] is not part)
            if rest:
                self._keep_leaves(key, Mapping(rest, item.line, item.column), result)
                parts = parts or len(rest) > bool(homepage)
            self._mention(key, Name(part.text.strip(), 0), part, row, result, homepage)
        if parts:  # which of them belong together
            self._keep_lists(key, key, value, result)

    def _names_of_item(self, key: str, item: Scalar, result: Interpretation) -> list[Name]:
        """The names of an item of a list that holds links or a comment."""
        plain = self._uncommented(key, item, result)
        if links := joined_links(plain.text):
            self._keep(key, item, result)
        return links or [Name(plain.text.strip(), 0)]

    def _uncommented(self, key: str, value: Scalar, result: Interpretation) -> Scalar:
        """A value without comments of HTML, which YAML takes for text, and people do not."""
        comment = None if "<!--" not in value.text or value.quoted else _COMMENT.search(value.text)
        if not comment:
            return value
        self._keep(key, value, result)
        result.fault(
            value, "KG116", f"{key}: '{comment[0][:60]}' is not a comment in YAML; write '# …' or take it away"
        )
        return replace(value, text=_COMMENT.sub("", value.text).strip())

    def _name_keys(self, key: str, item: Mapping, row: FieldMapping, result: Interpretation) -> bool:
        """Take the names of a map that has none of its own: a set in YAML is a map whose values are empty.

        Returns:
            Whether it is kept as text.
        """
        if all(isinstance(value, Scalar) and is_nothing(value) for _key, value in item.entries):
            result.fault(item, "KG125", f"{key}: a map whose keys are read as the names; write a list")
            for name, _value in item.entries:
                self._mention(key, Name(name.text.strip(), 0), name, row, result)
            return False
        named = named_by_key(key, item, row.kind)
        if not named:
            result.fault(item, "KG125", f"{key}: a map without a 'name' is kept as text; write a list of names")
        elif any(name is one for (name, _about), (one, _value) in zip(named, item.entries, strict=True)):
            shown = item.entries[0][0].text.strip()[:60]
            result.fault(item, "KG125", f"{key}: keys are read as names; write a list of '- name: {shown}'")
        for name, about in named:
            address = address_in(about)
            homepage = address.text if address and _WEB.match(address.text) else ""
            self._mention(key, Name(name.text.strip(), 0), name, row, result, homepage)
        self._keep_leaves(key, item, result)
        return True

    def _names_of(self, key: str, value: Scalar, row: FieldMapping, result: Interpretation) -> list[Name]:
        """The names of a field that holds one string."""
        whole = [Name(value.text.strip(), 0)]
        blanks = key.lower() in SPACED
        spaced = key.lower() in result.habits.spaced
        links = joined_links(value.text)
        one = result.habits.one_author and key.lower() == "author" and not _MANY_AUTHORS.search(value.text)
        if not links and (one or not (row.plural or spaced)):
            self._warn_of_typing(key, value, result)
            return whole
        names = links or (inverted(value.text) if row.kind == "person" else [])
        names = names or split(value.text, spaces=spaced)
        if len(names) < 2:
            self._warn_of_typing(key, value, result)
            if names and names[0].text != whole[0].text and (result.habits.listed or names[0].text.startswith("[[")):
                self._keep(key, value, result)
                return names  # `#[[x y]]`, and a list with a comma at its end
            text = whole[0].text
            if (
                blanks
                and not result.habits.whole
                and not result.habits.spaced
                and not result.habits.listed
                and " " in text
                and text.isascii()
                and not unlinked(whole[0]).link
            ):
                result.fault(value, "KG114", f"{key}: '{text[:60]}' is read as one name; write a YAML list to say so")
            return whole
        self._keep(key, value, result)  # the string as typed stays, beside the names it was read as
        usual = bool(result.habits.spaced) or result.habits.listed or key.lower() == "keywords"  # as in HTML
        if row.kind == "person":  # no `Lovelace, Ada`
            many = result.habits.one_author and key.lower() == "author"
            usual = usual or many or all(" " in name.text for name in names)
        if not usual and not all(name.text[0] in "[#" for name in names):
            shown = ", ".join(f"'{name.text}'" for name in names[:4]) + (" …" if len(names) > 4 else "")
            result.fault(value, "KG114", f"{key}: one string is read as {len(names)} names: {shown}; write a YAML list")
        return names

    def _mention(
        self,
        key: str,
        name: Name,
        place: Scalar,
        row: FieldMapping,
        result: Interpretation,
        homepage: str = "",
        above: str = "",
    ) -> None:
        column = place.column + name.offset
        if name.text.startswith("[") or name.text.endswith(">"):
            name = unlinked(name)
        if row.kind == "person" and name.text[-1:] in _AFTER_NAMES and (bare := unnoted(name)) is not name:
            self._keep(key, Scalar(name.text, place.line, column), result)
            name = bare
        trimmed = without_separators(name)
        if trimmed is not name:
            self._keep(key, Scalar(name.text, place.line, column), result)
            what = f"{trimmed.text[:60]!r} is read without it" if trimmed.text else "names nothing"
            result.fault(place, "KG114", f"{key}: {name.text[:60]!r} has a separator too many; {what}")
            name = trimmed
        if row.kind == "tag" and name.text.startswith("#") and _TAGGED.match(name.text):
            self._keep(key, Scalar(name.text, place.line, column), result)
            name = replace(name, text=name.text[1:])  # Obsidian takes `#tag` in front matter for `tag`
        if not name.text:
            return
        if (
            name.text in _EMPTY
            or (name.text[0] in _OF_NO_NAME and _NO_NAME.fullmatch(name.text))
            or (row.kind in _CALLED and name.text.lower() in ("true", "false"))
            or (row.predicate == _HOST and _is_machine(key, name, result))
        ):
            self._keep(key, Scalar(name.text, place.line, column), result)
            return
        if name.link:
            homepage = self._lead(key, name, place, result) or homepage
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
            result.fault(place, "KG202", message, note=key.lower() == "keywords")
        result.mentions.append(Mention(name.text, row.kind, row.predicate, key, place.line, column, homepage, above))

    def _lead(self, key: str, name: Name, place: Scalar, result: Interpretation) -> str:
        """Where the link leads that a name is written as: the address of a homepage, or "" and a link to a post."""
        if _WEB.match(name.link) or name.link.startswith("mailto:"):
            self._keep(key, place, result)
            return "" if name.link.startswith("mailto:") else name.link
        words, column = name.words or name.text, place.column + name.offset
        result.links.append(Link(name.link, "name", words, place.line, column, key))
        if name.words and name.words != name.text:
            self._keep(key, Scalar(name.words, place.line, place.column + name.offset), result)
        return ""

    def _warn_of_typing(self, key: str, item: Scalar, result: Interpretation) -> None:
        """Warn of plain scalars that other tools would read as something else."""
        if item.quoted:
            return
        text = item.text.strip()
        other = as_yaml_reads(text)
        if other and not (result.habits.words and text.lower() in ("yes", "no", "on", "off")):
            result.fault(item, "KG107", f"{key}: {text} is kept as typed, but other tools read {other}; quote it")
        warn_of_quotes(key, item, result)

    # --- Literals ---

    def _state(self, key: str, value: Value, row: FieldMapping, result: Interpretation) -> None:
        if isinstance(value, Mapping) and row.datatype == ANY_DATE and any(map(self._is_date, value.entries)):
            self._dates(key, value, row, result)
            return
        read = READERS.get(row.datatype.removeprefix(XSD), read_text)
        if row.role == "published":
            read = read_published
        if row.role == "alias" and isinstance(value, Sequence):
            value = replace(value, items=tuple(_unpaired(key, item, result) for item in value.items))
        if isinstance(value, Mapping):
            self._keep(key, value, result)  # its inner keys say something too
        elif isinstance(value, Sequence) and not all(isinstance(item, Scalar) for item in value.items):
            self._keep_lists(key, key, value, result)
        for path, leaf in leaves(value):
            if path and row.datatype == IRI_OBJECT and not _WEB.match(leaf.text.strip()):
                if isinstance(value, Sequence):  # what is said about an address is none
                    self._keep(f"{key}.{path}", leaf, result)
            elif not is_blank(leaf):
                typed = leaf
                leaf = _without_link(leaf) if row.role == "alias" else leaf  # noqa: PLW2901
                if leaf is not typed and typed.text.strip() != f"[[{leaf.text}]]":
                    self._keep(key, typed, result)  # its words
                make = partial(Attribute, row.predicate, field=key, line=leaf.line, column=leaf.column)
                attribute = read(key, leaf, row, result, make)
                self._add(key, leaf, attribute, result, as_typed=not isinstance(value, Mapping))
                if not row.role and row.datatype in _TEXTS:
                    alone = [(0, len(leaf.text))] == [(each.offset, each.end) for each in references(leaf.text)]
                    self._link(key, row.predicate if alone else IRI(""), leaf, result, names=_is_related(key))
                if row.role == "alias":
                    result.aliases += _aliases(key, leaf, several=leaf is value)

    def _add(
        self, key: str, leaf: Scalar, attribute: Attribute | None, result: Interpretation, *, as_typed: bool
    ) -> None:
        """What a value means; and, where that is not all that was typed, the value as it was."""
        if attribute is not None and (usual := canonical(attribute.value, attribute.datatype)) != attribute.value:
            attribute = replace(attribute, value=usual)
        if (attribute is None or attribute.value != leaf.text.strip()) and as_typed:
            self._keep(key, leaf, result)
        if attribute is not None:
            result.attributes.append(attribute)

    def _dates(self, key: str, value: Mapping, row: FieldMapping, result: Interpretation) -> None:
        """A map of dates: `date: {created: …, updated: …}` (MkDocs Material), `last_update: {date: …}` (Docusaurus)."""
        known = [self._row(name) if self._is_date((name, each)) else None for name, each in value.entries]
        stated = any(inner and inner.role in ("date", "published") for inner in known)
        for (name, each), inner in zip(value.entries, known, strict=True):
            path = f"{key}.{name.text}"
            if inner is None:
                self._keep(path, each, result)
            elif plain_key(name.text) == "date" or (inner.predicate == CREATED and not stated and row.role == "date"):
                self._state(path, each, row, result)  # what the whole field is the date of
            else:
                self._state(path, each, inner, result)

    def _is_date(self, entry: tuple[Scalar, Value]) -> bool:
        row = self._row(entry[0])
        return row is not None and (row.datatype == ANY_DATE or row.role == "published")


def _is_related(key: str) -> bool:
    return key.lower().replace("-", "_") in _RELATED


def _tells_of_hosts(key: str, value: Value) -> bool:
    sorts = [plain_key(scalar.text) for scalar in scalars(value)] if key in _SORTS else []
    return any(map(_WITH_HOSTS.match, (key, *sorts)))


def _is_machine(key: str, name: Name, result: Interpretation) -> bool:
    """Whether a host is, or may be, what a site runs on: nobody."""
    doubtful = plain_key(key) in ("host", "hosts") and not result.hosted and not name.link
    return doubtful or bool(_MACHINE.fullmatch(name.text))


def _without_link(leaf: Scalar) -> Scalar:
    """The name in a link, as in Logseq's `alias:: [[x]]`."""
    name = unlinked(Name(leaf.text.strip(), 0)).link
    return replace(leaf, text=name) if name else leaf


def _relinked(value: Value) -> Value:
    """A value or list in which each unquoted `[[x]]`, to YAML a list in a list, is the link that was meant."""
    if not isinstance(value, Sequence) or not any(isinstance(item, Sequence) for item in value.items):
        return value
    if link := _link_of(value):
        return link
    items = tuple(_link_of(item) or item for item in value.items)
    return value if items == value.items else replace(value, items=items)


def _link_of(value: Value) -> Scalar | None:
    match value:
        case Sequence((Sequence((Scalar(text, line, column, False),), inner_line, inner_column),)):
            if (value.line, value.column + 1, inner_column + 1) == (
                inner_line,
                inner_column,
                column,
            ) and line == inner_line:
                return Scalar(f"[[{text}]]", value.line, value.column)
    return None


def _list_in_a_string(value: Scalar) -> tuple[Scalar, ...] | None:
    """The items of a list that is a string, `"[a, b]"` or `［a，b］`, or None; `"[]"` and `"{}"` name nobody."""
    text = value.text.strip()
    if text[:1] + text[-1:] in ("［］", "【】") and len(names := split(text[1:-1])) > 1:
        at = value.column + value.text.index(text) + 1
        return tuple(Scalar(name.text, value.line, at + name.offset, quoted=True) for name in names)
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
    return tuple(replace(item, line=value.line, column=item.column + shift, quoted=True) for item in items)


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


def _agree_on_draft(result: Interpretation) -> None:
    """Make a post a draft if its folder or any field says so; a field that says otherwise is reported."""
    states = [attribute for attribute in result.attributes if attribute.predicate == KG + "draft"]
    if not result.draft and not any(state.value == "true" for state in states):
        return
    message = "but another field or the folder says that this is a draft; it counts as one"
    for state in states:
        if state.value != "true":
            result.attributes.remove(state)
            typed = Scalar(state.value, state.line, state.column)
            if not any(each.field == state.field and each.predicate != state.predicate for each in result.attributes):
                predicate = IRI(FIELD + field_name(state.field))
                result.attributes.append(replace(state, predicate=predicate, datatype=XSD + "string"))
            result.fault(typed, "KG127", f"{state.field}: {state.value}, {message}")
    for key, leaf in result.published if states else ():
        result.fault(leaf, "KG127", f"{key}: {leaf.text.strip()}, {message}")


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


def _are_words(value: Value) -> bool:
    """Whether a value is a word or a list of words: taxonomies of years and codes say nothing as names."""
    items = value.items if isinstance(value, Sequence) else (value,)
    return all(isinstance(item, Scalar) and any(map(str.isalpha, item.text)) for item in items)


def _language_tag(key: str, value: Scalar, result: Interpretation) -> str:
    """The tag of a language, or "" if it is none."""
    typed = value.text.strip()
    tag = language_tag(typed)
    if not tag:
        # `language: TypeScript` tells of programs.
        note = key.lower() == "language"
        result.fault(value, "KG112", f"{key}: {typed!r} is not a language tag; write zh, en-GB …", note=note)
    elif tag.lower() != typed.lower() and tag != result.language:  # the folder may be called like that, too
        result.fault(value, "KG112", f"{key}: {typed!r} is read as {tag!r}", note=bool(_LOCALE.fullmatch(typed)))
    return tag


_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _is_mostly_other(text: str) -> bool:
    """Whether letters of other scripts outnumber those of ASCII; letters are only counted where it is close."""
    ascii_part = text.encode("ascii", "ignore")
    latin, other = len(ascii_part.translate(None, _NO_LETTERS)), len(text) - len(ascii_part)
    if other <= latin or other > 3 * latin + 20:
        return other > latin
    return len(_OTHER_LETTER.findall(text)) > latin
