"""The names of a field that holds one string, which may be several, or a list that was put in quotes."""

import re

from msgspec.structs import replace

from kg.config import Limits
from kg.fields import FieldMapping
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.meaning.kept import keep
from kg.reading.meaning.typed import warn_of_typing
from kg.reading.names import Name, inverted, joined_links, split, unlinked
from kg.reading.values import Scalar, Sequence
from kg.reading.yaml import Yaml
from kg.text.wording import SMALL_WORDS

SPACED = frozenset({"tags", "categories", "tag", "category"})
"""Fields in which Jekyll separates names by spaces."""
_SHORT = SPACED | {"keywords"}
"""Fields of which a string with spaces may be several names."""
EMPTY = ("[]", "{}")
"""How programs write an empty list; it names nobody."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MANY_AUTHORS = re.compile(r"\]\(.*\]\(|(?:,[^,]+){3}|\n", re.DOTALL)
"""Two links, two lines, or four parts: no single name has as many, as `Lovelace, Ada, Jr.` has three."""


def names_of(key: str, value: Scalar, row: FieldMapping, result: Interpretation) -> list[Name]:
    """The names of a field that holds one string."""
    whole = [Name(value.text.strip(), 0)]
    blanks = key.lower() in _SHORT
    spaced = key.lower() in result.habits.spaced
    links = joined_links(value.text)
    one = result.habits.one_author and key.lower() == "author" and not _MANY_AUTHORS.search(value.text)
    if not links and (one or not (row.plural or spaced)):
        warn_of_typing(key, value, result)
        return whole
    names = links or (inverted(value.text) if row.kind == "person" else [])
    # Jekyll itself cuts `a b, c d` at each blank; whoever writes the comma means that it separates.
    names = names or split(value.text, spaces=spaced and "," not in value.text)
    if len(names) < 2:
        warn_of_typing(key, value, result)
        if names and names[0].text != whole[0].text and (result.habits.listed or names[0].text.startswith("[[")):
            keep(key, value, result)
            return names  # `#[[x y]]`, and a list with a comma at its end
        text = whole[0].text
        if (
            blanks
            and not result.habits.whole
            and not result.habits.spaced
            and not result.habits.listed
            and " " in text
            and text.isascii()
            and SMALL_WORDS.isdisjoint(text.lower().split())  # `Art of Programming` is one name
            and not unlinked(whole[0]).link
        ):
            what = f"'{text[:60]}' is read as one name; write a YAML list to say so"
            result.fault(value, "KG114", f"{key}: {what}", note=not text.islower())  # a title
        return whole
    keep(key, value, result)  # the string as typed stays, beside the names it was read as
    usual = bool(result.habits.spaced) or result.habits.listed or key.lower() == "keywords"  # as in HTML
    if row.kind == "person":  # no `Lovelace, Ada`
        many = result.habits.one_author and key.lower() == "author"
        usual = usual or many or 2 * sum(" " in name.text for name in names) > len(names)
    if not usual and not all(name.text[0] in "[#" for name in names):
        shown = ", ".join(f"'{name.text}'" for name in names[:4]) + (" …" if len(names) > 4 else "")
        what = f"one string is read as {len(names)} names: {shown}; write a YAML list"
        byline = key.lower() == "author"  # pages show it as it stands
        result.fault(value, "KG114", f"{key}: {what}", note=byline)
    return names


def uncommented(key: str, value: Scalar, result: Interpretation) -> Scalar:
    """A value without comments of HTML, which YAML takes for text, and people do not."""
    comment = None if "<!--" not in value.text or value.quoted else _COMMENT.search(value.text)
    if not comment:
        return value
    keep(key, value, result)
    result.fault(value, "KG116", f"{key}: '{comment[0][:60]}' is not a comment in YAML; write '# …' or take it away")
    return replace(value, text=_COMMENT.sub("", value.text).strip())


def list_in_a_string(value: Scalar) -> tuple[Scalar, ...] | None:
    """The items of a list that is a string, `"[a, b]"`, `［a，b］` or `- a`, or None; `"[]"` and `"{}"` name nobody."""
    text = value.text.strip()
    if text.startswith("- ") and all(line.startswith("- ") for line in map(str.strip, text.split("\n")) if line):
        items = filter(None, [line.strip()[2:].strip() for line in text.split("\n")])
        return tuple([Scalar(item, value.line, value.column, quoted=True) for item in items])
    if text[:1] + text[-1:] in ("［］", "【】") and len(names := split(text[1:-1])) > 1:
        at = value.column + value.text.index(text) + 1
        return tuple(Scalar(name.text, value.line, at + name.offset, quoted=True) for name in names)
    if text[:1] not in ("[", "{") or text.startswith("[["):
        return None
    if text in EMPTY:
        return ()
    parsed = Yaml().parse(f"x: {text}", 1, Limits())
    found = parsed.fields.entries[0][1] if parsed.fields.entries and not parsed.problems else None
    if not isinstance(found, Sequence) or (len(found.items) < 2 and text[1] not in "\"'"):
        return None  # `[Untitled]` may be a name
    shift = value.column + value.text.index(text) - len("x: ") - 1
    scalars = [item for item in found.items if isinstance(item, Scalar)]
    return tuple(replace(item, line=value.line, column=item.column + shift, quoted=True) for item in scalars)
