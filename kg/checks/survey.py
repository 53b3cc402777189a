"""A survey of a folder of posts, field by field, and the kg.toml that fits it: the work of `kg init`."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from kg.diagnostics import CODES
from kg.fields import FIELDS, SUGGESTED, FieldMapping
from kg.fields import known as known_field
from kg.model import Diagnostic, Post
from kg.namespaces import JSON, XSD, compact
from kg.reading.ecosystems import Ecosystem
from kg.reading.editing import double_quoted
from kg.reading.folder_categories import topic_folder
from kg.text.dates import parse_date
from kg.text.table import aligned, cut
from kg.text.wording import counted

_PLACES = frozenset({"place", "places", "location", "locations", "city", "cities", "country", "countries"})
_EVENTS = frozenset({"event", "events", "conference", "conferences"})
_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_ENOUGH = 3
"""Minimum number of values of a field to infer their type."""


class Field(NamedTuple):
    """One front matter field of a folder."""

    key: str
    """The most frequent spelling."""
    posts: int
    values: Counter[str]
    names: FieldMapping | None = None
    """What it means as the posts have it, if it names things."""

    @property
    def row(self) -> FieldMapping | None:
        """What it means, if that is known: by itself, by its values, or by the settings of the site."""
        row = known_field(self.key)
        if row and row.role == "published" and "true" not in self.values and any(map(_is_date, self.values)):
            return FIELDS["date"]
        return row or self.names


_OF_OKF = frozenset({"description", "resource", "timestamp"})


class Survey(NamedTuple):
    """The fields of a folder, its tool and its links."""

    posts: int
    dialects: Counter[str]
    languages: Counter[str]
    fields: list[Field]
    """The most frequent first."""
    faults: Counter[str]
    """Diagnostics by code."""
    links: int
    inline_tags: int
    folders: Counter[str]
    """Folder → number of posts, if most posts have no metadata; else empty."""

    @property
    def is_okf(self) -> bool:
        """Whether most posts have a `type`, one more field of the Open Knowledge Format, and none of others."""
        used = {field.key.lower() for field in self.fields}
        most = {field.key.lower() for field in self.fields if field.posts * 2 > self.posts}
        told = "type" in most and not most.isdisjoint(_OF_OKF) and most <= _OF_OKF | {"type", "title", "tags"}
        return told and not {"date", "layout"} & used


def survey(posts: Sequence[Post], diagnostics: Iterable[Diagnostic], languages: Collection[str] = ()) -> Survey:
    """Count the fields of posts; `languages`: the folders that hold posts in one."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    values: dict[str, Counter[str]] = defaultdict(Counter)
    used: Counter[str] = Counter()
    for post in posts:
        keys = set()
        stated = [(m.field, m.name) for m in post.mentions if m.line and m.field != "body"]
        stated += [(a.field, a.value) for a in post.attributes if a.field and a.datatype != JSON]
        for key, value in stated:
            keys.add(key)
            values[key.lower()][value] += 1
        for key in keys:
            spelled[key.lower()][key] += 1
            used[key.lower()] += 1
    bare = sum(post.dialect == "none" for post in posts) * 2 > len(posts)
    folders = Counter(folder for post in posts if (folder := topic_folder(post.path, languages)))
    names = {m.field.lower(): FieldMapping(m.predicate, m.kind) for post in posts for m in post.mentions}
    fields = [
        Field(spelled[key].most_common(1)[0][0], count, values[key], names.get(key)) for key, count in used.items()
    ]
    return Survey(
        posts=len(posts),
        dialects=Counter(post.dialect for post in posts),
        languages=Counter(post.language for post in posts if post.language),
        fields=sorted(fields, key=lambda field: (-field.posts, field.key)),
        faults=Counter(d.code for d in diagnostics),
        links=sum(len(post.links) for post in posts),
        inline_tags=sum(m.field == "body" for post in posts for m in post.mentions),
        folders=folders if bare and len(folders) > 1 else Counter(),
    )


def describe(found: Survey, ecosystem: Ecosystem | None) -> str:
    """The survey as text."""
    languages = _counts(found.languages) or "not known"
    lines = [f"{counted(found.posts, 'post')}; front matter: {_counts(found.dialects)}; languages: {languages}"]
    if ecosystem:
        lines.append(f"looks like {ecosystem.title}; kg init --preset {ecosystem.name} writes settings for it")
    lines.append(f"{counted(found.links, 'link')} that could lead to posts, {counted(found.inline_tags, 'inline tag')}")
    if found.folders:
        lines.append(f"few posts have front matter; their folders may be topics: {_counts(found.folders)}")
    rows = [["field", "posts", "means"]]
    for field in found.fields[:40]:
        row = field.row
        meaning = _meaning(row) if row else (_guess(field)[0] or "kept as text") + _examples(field)
        rows.append([cut(_bare(field.key), 22), f"{field.posts:,}", meaning])
    lines += ["", *aligned(rows, "<>")]
    if len(found.fields) > 40:
        lines.append(f"… and {counted(len(found.fields) - 40, 'more field')}, kept as text")
    if found.faults:
        lines += ["", "oddities (kg check shows each):"]
        lines += [f"{count:>7,}  {code}  {CODES[code].title}" for code, count in found.faults.most_common(12)]
    return "\n".join(lines)


def settings(found: Survey, title: str, *, inline_tags: bool) -> str:
    """A commented kg.toml for a folder: defaults as comments, findings as entries.

    Args:
        found: what the folder holds.
        title: of the graph.
        inline_tags: whether `#tag` in a body counts.
    """
    known = [(field, row) for field in found.fields if (row := field.row)]
    unknown = [field for field in found.fields if field.row is None]
    lines = [
        "# Settings of kg, made by kg init from what the posts hold. Everything here is optional.",
        "",
        "# Where IRIs begin; yours, so that they never mean anything else.",
        '# base = "https://example.org/id/"',
        "",
        f"title = {double_quoted(title)}",
        "",
        "# Drafts are in the graph unless this is false.",
        "drafts = true",
        "",
        "# Whether #tag in a body counts.",
        f"inline_tags = {str(inline_tags).lower()}",
        "",
        "# What the folder of a post is to it, where it names none itself: category, area or tag.",
        'folders = "category"' if found.folders else '# folders = "category"',
        "",
        "# Not read: names at any depth, or paths from CONTENT, as in .gitignore.",
        "exclude = []",
        "",
        "# Read although their names begin with a dot, or are those of tools' folders, such as .docs.",
        "include = []",
        "",
        "# Known by themselves, and what they mean; an entry under [fields] changes it:",
        *_commented((field, _meaning(row)) for field, row in known),
    ]
    entries = [(field, *_guess(field)) for field in unknown]
    for field, meaning, entry in entries:
        if entry:
            lines += ["", f"# {counted(field.posts, 'post')}: {meaning}{_examples(field)}"]
            lines += [f"[fields.{_toml_key(field.key)}]", *entry]
    rest = [field for field, _meaning_of, entry in entries if not entry]
    if rest:
        lines += ["", "# Kept as text. To make names of one, give it a kind:", "# [fields.example]", '# kind = "tag"']
        lines += _commented((field, _examples(field).strip()) for field in rest[:60])
    return "\n".join(lines) + "\n"


def _commented(fields: Iterable[tuple[Field, str]]) -> list[str]:
    """Fields and a remark on each, as TOML comments."""
    rows = [[_bare(field.key), counted(field.posts, "post"), meaning] for field, meaning in fields]
    return aligned(rows, "<>", indent="#   ")


def _guess(field: Field) -> tuple[str, list[str]]:
    """A guess at the meaning of an unknown field, and its entry for kg.toml; both are empty if nothing is certain."""
    key = field.key.lower()
    if key in SUGGESTED:
        kind, predicate = SUGGESTED[key]
        return f"names ({kind})", [f'kind = "{kind}"', f'predicate = "{predicate}"']
    if key in _PLACES:
        return "names (place)", ['kind = "place"', 'class = "schema:Place"', 'predicate = "schema:mentions"']
    if key in _EVENTS:
        return "names (event)", ['kind = "event"', 'class = "schema:Event"', 'predicate = "schema:mentions"']
    if field.values.total() >= _ENOUGH:
        for datatype, fits in _TYPES:
            if all(fits(value) for value in field.values):
                return datatype.replace("xsd:", ""), [f'datatype = "{datatype}"']
    return "", []


def _is_date(text: str) -> bool:
    try:
        return bool(re.match(r"\d{4}[-/.]", text)) and not parse_date(text).doubt
    except ValueError:
        return False


_TYPES = (
    ("xsd:boolean", lambda text: text.lower() in ("true", "false")),
    ("xsd:integer", re.compile(r"[+-]?(?:0|[1-9]\d{0,8})\Z").match),
    ("xsd:decimal", re.compile(r"[+-]?(?:0|[1-9]\d{0,8})(?:\.\d+)?\Z").match),
    ("xsd:date", _is_date),
    ("xsd:anyURI", re.compile(r"https?://\S+\Z").match),
)


def _meaning(row: FieldMapping) -> str:
    what = f"names ({row.kind})" if row.kind else row.datatype.replace(XSD, "") or "text"
    what = {"@id": "web address", "date": "date", "string": "text"}.get(what, what)
    return f"{what}, {compact(row.predicate)}"


def _examples(field: Field) -> str:
    shown = [_bare(value)[:30] for value, _count in field.values.most_common(3)]
    return f"   e.g. {', '.join(shown)}" if shown else ""


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counter.most_common(6))


def _bare(text: str) -> str:
    """Text for a comment: one line without invisible characters."""
    return "".join(c if c.isprintable() else " " for c in text)


def _toml_key(key: str) -> str:
    return key if _KEY.match(key) else double_quoted(key)
