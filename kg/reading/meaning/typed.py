"""A value as a literal: text in a language, a date, a boolean, a number, a web address.

Every reader is given a field's key as typed, one value, what the field means, the result of the front matter so far,
and how to make the attribute. It returns None, and reports why, where the value is nothing of its sort.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from kg.fields import ANY_DATE, BOOLEAN, PUBLISHED, FieldMapping
from kg.model import IRI, IRI_OBJECT, Attribute
from kg.namespaces import XSD
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.names import as_yaml_reads
from kg.reading.values import Scalar
from kg.text.dates import names_no_day, parse_date
from kg.text.languages import language_of

Make: TypeAlias = Callable[..., Attribute]
Reader: TypeAlias = "Callable[[str, Scalar, FieldMapping, Interpretation, Make], Attribute | None]"

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_AUTHORITY = re.compile(
    r"https?://(?:[^/?#@\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#:@\[\]]+)(?::\d*)?(?=[/?#]|\Z)", re.IGNORECASE
)
"""What an address begins with: who is asked, and at which port."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:(?=\S)")
_OF_APPS = re.compile(
    r"(?!h?t+ps?:|file:)[A-Za-z][A-Za-z0-9+.-]*+://|(?:arxiv|ark|doi|hdl|isbn|issn|pmid|tel|urn):", re.IGNORECASE
)
"""`evernote://`, which opens a program, and `doi:`, which names a thing: addresses by intent, and no slips of `http://`."""
_OF_WEB = re.compile(r"(?:h?t+ps?|ftps?|file|mailto|javascript|vbscript|data):", re.IGNORECASE)
"""What browsers open, or is nearly so; `trigger:42` is a key of somebody's own."""
_NUMBER = {
    "integer": re.compile(r"[+-]?\d+\Z"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z"),
    "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\Z"),
}
_LONG_TITLE = 1_000
_SENTENCE = re.compile(r"(?:[^\W\d]\D*[.!?。]|(?:[^\s\d]+\s+){3,}[^\s\d]+)")
"""Words without any digit: a field called `date` that holds something else than the date of the post."""
_TO_FILL_IN = re.compile(
    r"<%.*%>|\{\{.*\}\}|`r [^`]*`|[^$]*\$(?:\w{1,40}\$|\{\w[^{}]*\}|\(\w[^()]*\)).*|\\\\?[A-Za-z]+"
)
"""What a template has in the place of a date, R Markdown computes, and TeX makes one of."""


def read_text(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, make: Make) -> Attribute:
    """Text in the language that the post, the field or its letters tell; titles are remembered."""
    text = leaf.text.strip() if row.datatype else result.habits.shown(leaf.text).strip()
    if row.role == "title":
        result.title = result.title or text
        if not leaf.quoted:
            warn_of_quotes(key, leaf, result, note=True)  # it may be a quotation
        if len(leaf.text) > _LONG_TITLE:
            result.fault(leaf, "KG120", f"{key}: {len(leaf.text):,} characters; pages show the beginning")
    if row.role == "status" and text.lower() == "draft":
        result.draft = True
    if row.role == "language":
        return make(result.language or text, row.datatype)
    if row.datatype:
        return make(text, row.datatype)
    return make(text, language=language_of(text, result.language, latin=result.latin))


def read_date(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, make: Make) -> Attribute | None:
    """A date, a date and time, a month or a year, as XML Schema writes it."""
    if result.habits.today and leaf.text.strip() in ("today", "now"):
        return None
    text = leaf.text.strip()
    if _SENTENCE.fullmatch(text) or _TO_FILL_IN.fullmatch(text):
        return None
    try:
        read = parse_date(leaf.text, result.habits.dates)
    except ValueError as error:
        if not text.startswith("[["):  # which leads to a page, whatever that is called
            in_words = key.lower() != "date" and not any(map(str.isdecimal, text))  # `updated: TBD`
            result.fault(leaf, "KG103", f"{key}: {error}", note=in_words)
        return None
    vague = names_no_day(text.removeprefix("[[").removesuffix("]]"))
    if read.doubt and not (vague and (key.lower() != "date" or text.startswith("[["))):  # the day is not known
        # Programs write numbers: what 0 and the seconds since 1970 mean is certain, and nobody would mend them by hand.
        result.fault(leaf, "KG122", f"{key}: {read.doubt}", note=vague or text.isdecimal())
    if not read.value or (row.role == "date" and result.date):
        return None
    if row.role == "date":
        result.date = read.value
    return make(read.value, read.datatype)


def read_published(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, make: Make) -> Attribute | None:
    """The date, or in Jekyll, where `published: false` makes a draft, whether it is published."""
    word = leaf.text.strip().lower()
    if word not in _TRUE | _FALSE:
        dated = row._replace(predicate=PUBLISHED, datatype=ANY_DATE, role="date")
        make = partial(Attribute, PUBLISHED, field=key, line=leaf.line, column=leaf.column)
        return read_date(key, leaf, dated, result, make)
    result.draft = result.draft or word in _FALSE
    if word in _TRUE:
        result.published.append((key, leaf))
    return make("true", BOOLEAN) if word in _FALSE else None


def read_boolean(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, make: Make) -> Attribute | None:
    """True or false, in the words people use for them."""
    word = leaf.text.strip().lower()
    if word not in _TRUE | _FALSE:
        result.fault(leaf, "KG108", f"{key}: {leaf.text!r} is neither true nor false")
        return None
    if row.role == "draft":
        result.draft = result.draft or word in _TRUE
    return make("true" if word in _TRUE else "false", BOOLEAN)


def read_number(key: str, leaf: Scalar, row: FieldMapping, result: Interpretation, make: Make) -> Attribute | None:
    """An integer, a decimal or a double, whichever the field asks for."""
    name = row.datatype.removeprefix(XSD)
    if not _NUMBER[name].match(leaf.text.strip()):
        result.fault(leaf, "KG119", f"{key}: {leaf.text!r} is not a valid {name}")
        return None
    return make(leaf.text.strip(), row.datatype)


def read_address(key: str, leaf: Scalar, _row: FieldMapping, result: Interpretation, make: Make) -> Attribute:
    """A web address as an IRI; any other text as text."""
    text = leaf.text.strip()
    if not _AUTHORITY.match(text):
        if _SCHEME.match(text) and not _OF_APPS.match(text):
            what = f"{key}: {text[:60]!r} is not an http or https address; kept as text"
            result.fault(leaf, "KG109", what, note=not _OF_WEB.match(text))
        return make(text)
    iri = to_iri(text)
    if iri != text:
        result.fault(leaf, "KG109", f"{key}: the address holds characters that must be percent-encoded")
    return make(iri, IRI_OBJECT)


READERS: dict[str, Reader] = {
    ANY_DATE: read_date,
    "boolean": read_boolean,
    "integer": read_number,
    "decimal": read_number,
    "double": read_number,
    IRI_OBJECT: read_address,
}
"""Name of a datatype of XSD or of ours → its reader; anything else is text."""
_QUOTES = {"“": "”", "‘": "’", "„": "“", "”": "”", "’": "’", "＂": "＂", "＇": "＇"}
_TURNED = re.compile(r"”[^”]*“(?!\Z)|’[^’]*‘(?!\Z)")


def warn_of_quotes(key: str, leaf: Scalar, result: Interpretation, *, note: bool = False) -> None:
    """Warn of typographic quotes that were meant to delimit a value: around it, or opened and never closed."""
    text = leaf.text.strip()
    closing = _QUOTES.get(text[:1])
    if _TURNED.match(text):
        return  # quotation marks of a title, the wrong way round
    if closing and (text.endswith(closing) or closing not in text[1:]) and closing not in text[1:-1]:
        message = f"{key}: {text[0]} is part of the value; YAML knows only ' and \" as quotes"
        result.fault(leaf, "KG113", message, note=note and text.endswith(closing))


def warn_of_typing(key: str, item: Scalar, result: Interpretation) -> None:
    """Warn of plain scalars that other tools would read as something else."""
    if item.quoted:
        return
    text = item.text.strip()
    other = as_yaml_reads(text)
    if other and not (result.habits.words and text.lower() in ("yes", "no", "on", "off")):
        result.fault(item, "KG107", f"{key}: {text} is kept as typed, but other tools read {other}; quote it")
    warn_of_quotes(key, item, result)


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
