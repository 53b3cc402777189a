"""The glossary for readers: Markdown, CSV (https://www.rfc-editor.org/rfc/rfc4180) and JSON.

Entries are in dictionary order, Latin letters and pinyin (https://www.iso.org/standard/61420.html) together.
"""

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kg.glossary import Concepts
from kg.glossary.matching import VOCABULARIES
from kg.model import Definition, Entity
from kg.resolution.forms import converted
from kg.text.folding import caseless, fold
from kg.text.markdown import escaped
from kg.text.scripts import has_cjk
from kg.text.wording import counted


@dataclass(frozen=True)
class GlossaryEntry:
    """One entry of the glossary."""

    entity: Entity
    in_graph: bool

    @cached_property
    def term(self) -> str:
        """The headword: the label, or for tags and categories the most frequent term of the definitions."""
        if self.entity.kind not in VOCABULARIES:
            return self.entity.label
        terms = Counter(definition.term for _path, definition in self.entity.definitions)
        return min(terms, key=lambda term: (-terms[term], term))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All other names, first those of the entity, then those of the definitions."""
        entity = self.entity
        names = [entity.label, *(text.value for text in entity.labels), *(text.value for text in entity.aliases)]
        names += (name for _path, d in entity.definitions for name in (d.term, *d.translations))
        seen = {fold(self.term)}
        return tuple(name for name in names if not (fold(name) in seen or seen.add(fold(name))))  # type: ignore[func-returns-value]

    @cached_property
    def explanations(self) -> dict[str, list[tuple[str, Definition]]]:
        """Explanation → (post path, definition) for each use; most frequent first."""
        found: dict[str, list[tuple[str, Definition]]] = {}
        for path, definition in self.entity.definitions:
            if definition.text:
                found.setdefault(definition.text, []).append((path, definition))
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def entries(concepts: Concepts, find: str = "") -> list[GlossaryEntry]:
    """The entries in dictionary order.

    Args:
        concepts: the concepts, complete.
        find: text that must occur in a name or explanation, ignoring case, width and traditional characters.
    """
    others = {entity.iri for entity in concepts.others}
    found = [GlossaryEntry(entity, entity.iri not in others) for entity in concepts.entries()]
    if find:
        found = _containing(found, find)
    order = _dictionary_order(entry.term for entry in found)
    return sorted(found, key=lambda entry: (order(entry.term), entry.entity.iri))


def _containing(found: list[GlossaryEntry], find: str) -> list[GlossaryEntry]:
    key = _searchable(find.encode("utf-8", "replace").decode())  # a lone surrogate occurs in no post
    texts = [_BETWEEN.join(map(_searchable, (entry.term, *entry.names, *entry.explanations))) for entry in found]
    if not key.isascii():
        key, *texts = converted([key, *texts])
    return [entry for entry, text in zip(found, texts, strict=True) if key in text]


_BETWEEN = "\x1f"
"""Cannot occur in searchable text, in which white space is collapsed (U+001F, unit separator)."""


def _searchable(text: str) -> str:
    return " ".join(caseless(text).split())


def _dictionary_order(terms: Iterable[str]) -> Callable[[str], tuple[str, str]]:
    """A sort key for terms: the Latin letters it is read as, then the term."""
    if not any(map(has_cjk, terms)):
        return lambda term: (_letters(term), term)
    from pypinyin import lazy_pinyin

    return lambda term: (_letters(" ".join(lazy_pinyin(_WITHOUT_MARKS.sub("", term)))), term)


_WITHOUT_MARKS = re.compile(r"^[^\w]+")


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _WITHOUT_MARKS.sub("", text)).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def to_markdown(found: Sequence[GlossaryEntry]) -> str:
    """A Markdown page with a heading per initial; each explanation with its places."""
    lines = ["# Glossary", "", f"{counted(len(found), 'term')}."]
    order = _dictionary_order(entry.term for entry in found)
    initial = None
    for entry in found:
        first = order(entry.term)[0][:1].upper()
        first = first if "A" <= first <= "Z" else "#"
        if first != initial:
            initial = first
            lines += ["", f"## {escape(first)}"]
        names = "; ".join(map(escape, entry.names))
        lines += ["", f"**{escape(entry.term)}**" + (f" · {names}" if names else ""), ""]
        if not entry.explanations:
            lines.append("- " + ", ".join(_place(path, d) for path, d in entry.entity.definitions))
        for text, places in entry.explanations.items():
            lines.append(f"- {escape(text)} ({', '.join(_place(path, d) for path, d in places)})")
    return "\n".join(lines) + "\n"


_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")


def escape(text: str) -> str:
    """Text on one line, escaped for Markdown, in which no address becomes a link."""
    return _ADDRESS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", escaped(text))


def _place(path: str, definition: Definition) -> str:
    """A place as a code span, even if the file name has backticks or line breaks."""
    place = " ".join(f"{path}:{definition.line}".split())
    fence = "`" * (max(map(len, re.findall("`+", place)), default=0) + 1)
    pad = " " if "`" in place else ""
    return f"{fence}{pad}{place}{pad}{fence}"


COLUMNS = ("term", "names", "kind", "definition", "post", "line", "column", "in_graph", "iri")


def to_csv(found: Sequence[GlossaryEntry]) -> str:
    """CSV with one row per definition; no cell can be mistaken for a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in found:
        names = "; ".join(entry.names)
        for path, d in entry.entity.definitions:
            row = (entry.term, names, entry.entity.kind, d.text, path)
            writer.writerow(
                [*map(_cell, row), d.line, d.column, "true" if entry.in_graph else "false", _cell(entry.entity.iri)]
            )
    return buffer.getvalue()


def _cell(text: str) -> str:
    """See https://owasp.org/www-community/attacks/CSV_Injection."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def to_json(found: Sequence[GlossaryEntry]) -> str:
    """A JSON array with one object per entry."""
    return json.dumps([_object(entry) for entry in found], ensure_ascii=False, indent=1) + "\n"


def _object(entry: GlossaryEntry) -> dict[str, Any]:
    entity = entry.entity
    return {
        "term": entry.term,
        "names": list(entry.names),
        "kind": entity.kind,
        "iri": entity.iri,
        "in_graph": entry.in_graph,
        "labels": {text.language: text.value for text in entity.labels},
        "definitions": [
            {
                "term": d.term,
                "translations": list(d.translations),
                "text": d.text,
                "post": path,
                "line": d.line,
                "column": d.column,
            }
            for path, d in entity.definitions
        ],
    }


def to_compact(found: Sequence[GlossaryEntry]) -> str:
    """A JSON array, one line an entry: `term`, `names`, `text` (the most frequent explanation), `place` (of that)."""
    lines = [json.dumps(_brief(entry), ensure_ascii=False, separators=(",", ":")) for entry in found]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def _brief(entry: GlossaryEntry) -> dict[str, Any]:
    text, places = next(iter(entry.explanations.items()), ("", list(entry.entity.definitions)))
    path, definition = places[0]
    return {"term": entry.term, "names": list(entry.names), "text": text, "place": f"{path}:{definition.line}"}


FORMATS: dict[str, Callable[[Sequence[GlossaryEntry]], str]] = {
    "md": to_markdown,
    "csv": to_csv,
    "json": to_json,
    "compact": to_compact,
}
