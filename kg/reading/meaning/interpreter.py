"""Translates the tree of front matter to the terms of the graph: names, literals, links and faults."""

from collections.abc import Container, Iterable, Iterator

from msgspec.structs import replace

from kg.config import Config
from kg.fields import FieldMapping, plain_key, table, taxonomy, torn
from kg.reading.meaning.drafts import agree_on_draft
from kg.reading.meaning.interpretation import Habits, Interpretation
from kg.reading.meaning.kept import keep
from kg.reading.meaning.language import tell_language
from kg.reading.meaning.literals import is_date, state
from kg.reading.meaning.mentions import HOST, name_things, tells_of_hosts
from kg.reading.names import is_no_text, opens_link, split, torn_message, unseen
from kg.reading.values import Mapping, Scalar, Sequence, Value, is_nothing, scalars

_GROUPS = frozenset({"taxonomies", "extra", "params"})
"""Where Zola and Hugo put fields that are not built in; Zola reads no JSON, and has `extra`."""
_DATES = frozenset({"dates", "timestamps"})
"""Maps of dates: `dates: {created: …, updated: …}`."""


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
        in_body: tuple[tuple[Scalar, Scalar], ...],
        of_blocks: Container[int],
        language: str,
        draft: bool,
        habits: Habits,
        dialect: str,
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
        tell_language(rows, sample, result, self._language)
        if in_body or any(row is not None and row.predicate == HOST for _key, _value, row in rows):
            result.hosted = any(tells_of_hosts(plain_key(key.text), value) for key, value, _row in rows)
        for key, value, row in rows:
            _check_key(key, row, result, yaml=dialect == "yaml")
            self._read(key.text, value, row, result)
        agree_on_draft(result)
        for key, value in in_body:
            row = self._row(key)
            self._read_inline(key, value, None if row and row.role and key.line in of_blocks else row, result)
        return result

    def _read_inline(self, key: Scalar, value: Scalar, row: FieldMapping | None, result: Interpretation) -> None:
        """Read `key:: value`, in which commas separate names."""
        one = result.habits.one_author and key.text.lower() == "author"
        several = row and (row.plural or row.role == "alias") and not one
        names = split(value.text) if several else []
        items = tuple(replace(value, text=n.text, column=value.column + n.offset) for n in names)
        self._read(key.text, Sequence(items, value.line, value.column) if len(items) > 1 else value, row, result)

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

    def _read(self, key: str, value: Value, row: FieldMapping | None, result: Interpretation) -> None:
        if is_nothing(value):
            return
        value = _relinked(value)
        for leaf in scalars(value):
            if not leaf.text.isprintable() and (hidden := unseen(leaf.text)):
                message = f"{key}: {hidden} is invisible, or cannot be written in every format; remove it"
                is_prose = row is None or not (row.kind or row.datatype or row.role == "alias")
                result.fault(leaf, "KG110", message, note=is_prose and not unseen(leaf.text, prose=True))
            if "[[" in leaf.text and opens_link(leaf.text) and not (row and row.kind):
                result.fault(leaf, "KG101", torn_message(key, leaf.text))
        if (
            row is None
            and plain_key(key) in _DATES
            and isinstance(value, Mapping)
            and any(is_date(entry, self._row) for entry in value.entries)
        ):
            row = self._table["created"]
        if row is None or (row.role == "taxonomy" and not _are_words(value)):
            keep(key, value, result)
        elif row.kind:
            name_things(key, value, row, result)
        else:
            state(key, value, row, result, self._row)


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


def _are_words(value: Value) -> bool:
    """Whether a value is a word or a list of words: taxonomies of years and codes say nothing as names."""
    items = value.items if isinstance(value, Sequence) else (value,)
    return all(isinstance(item, Scalar) and any(map(str.isalpha, item.text)) for item in items)


def _check_key(key: Scalar, row: FieldMapping | None, result: Interpretation, *, yaml: bool) -> None:
    """Report what is wrong with a key."""
    if yaml and not key.quoted and is_no_text(key.text):
        result.fault(key, "KG118", f"the key {key.text!r} is not text to YAML; quote it")
    if row is None and not key.quoted and (meant := torn(key.text)):
        result.fault(key, "KG116", f"the key {key.text!r} has a sign too many; write '{meant}'")
    if not key.text.isprintable() and (hidden := unseen(key.text)):
        message = f"a key: {hidden} is invisible, or cannot be written in every format; remove it"
        result.fault(key, "KG110", message)
