"""Dates as people write them, converted to XML Schema.

xsd:date and xsd:dateTime: https://www.w3.org/TR/xmlschema11-2/#dateTime. Anything that may not be a date stays text: a
wrong date is worse than a missing one, and a missing date is never "now".
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import NamedTuple

from kg.literals import canonical
from kg.model import DateOrder
from kg.namespaces import XSD
from kg.text.patterns import pattern


class Date(NamedTuple):
    """A parsed date."""

    value: str
    """The lexical form, as stores return it; "" if the text only says that there is no date yet."""
    datatype: str
    """The IRI of xsd:date, or of xsd:dateTime if a time was written."""
    doubt: str = ""
    """For an unusual text: what was understood, and what was not."""


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janvier enero gennaio janeiro января ocak stycznia ledna січня ianuarie",
            "feb february februar februari février fevrier febrero febbraio fevereiro февраля"
            " şubat lutego února лютого februarie",
            "mar march märz maerz maart mars marzo março marco марта mart marca března березня maret martie",
            "apr april avril abril aprile апреля nisan kwietnia dubna квітня aprilie",
            "may mai mei mayo maggio maio мая mayıs maja maj května травня",
            "jun june juni juin junio giugno junho июня haziran czerwca června червня iunie",
            "jul july juli juillet julio luglio julho июля temmuz lipca července липня iulie",
            "aug august augustus août aout agosto августа ağustos sierpnia srpna augusti agustus серпня",
            "sep sept september septembre septiembre settembre setembro сентября"
            " eylül września září вересня septembrie",
            "oct october oktober octobre octubre ottobre outubro октября ekim października října жовтня octombrie",
            "nov november novembre noviembre novembro ноября kasım listopadu листопада noiembrie",
            "dec december dezember décembre decembre diciembre dicembre dezembro декабря"
            " aralık grudnia prosince desember грудня decembrie",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,?\s+"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_STANDARD = {
    "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00",
    "PDT": "-07:00",
}  # fmt: skip
"""Names of time zones in the format of mail (https://www.rfc-editor.org/rfc/rfc5322#section-4.3), but for CST."""
_ZONES = _STANDARD | {
    "CET": "+01:00", "WEST": "+01:00", "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "MSK": "+03:00",
    "JST": "+09:00", "KST": "+09:00", "AEST": "+10:00", "AEDT": "+11:00", "NZST": "+12:00", "NZDT": "+13:00",
}  # fmt: skip
"""With those that Ruby knows as well; others, such as CST and IST, have two meanings."""
_NAMED = "|".join(("UTC", "GMT", *_ZONES))
_ZONE = rf"(?:\s*\(?(?P<zone>[Zz]|(?:(?:UTC|GMT) ?)?[+-]\d{{1,2}}(?::?\d{{2}})?|{_NAMED})\)?)?"
_WEEKDAY = (
    r"(?:\s+\(?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|(?:周|週|星期|礼拜|禮拜)[一二三四五六日天]|[月火水木金土日](?:曜日?)?"
    r"|[월화수목금토일](?:요일)?)\)?)?"
)
_REST = rf"{_WEEKDAY}(?:(?:-?[Tt]|,?\s+|\s+at\s+){_TIME}{_ZONE}|\s*[+-]\d{{2}}:?\d{{2}})?"
"""A time zone without a time is not read."""
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBERS = pattern(
    rf"(?P<year>\d{{4}})(?P<separator>[-/.])(?P<month>\d{{1,2}})(?P=separator)(?P<day>\d{{1,2}}){_REST}\Z"
)
_TIME_FIRST = re.compile(
    r"(\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?)[\s,]+(\d{4}\D[^\s:]+|[^\d:]{0,40}\d{1,2}[^\d:]{2,40}\d{4})",
    re.ASCII,
)
"""`16:24 2023/3/23`, `10:01 AM Sunday, 16 November 2025`."""
_CHINESE = pattern(
    rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日号號일]{_REST}\Z"
)
_ORG = pattern(
    rf"(?P<open>[<\[])(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:\s[^\W\d]+\.?)?(?:\s{_TIME}(?P<zone>))?[>\]]\Z"
)
"""`<2024-05-01 Wed 10:00>` (https://orgmode.org/manual/Timestamps.html)."""
_COMPACT = pattern(rf"(?P<year>[12]\d{{3}})(?P<month>\d{{2}})(?P<day>\d{{2}}){_REST}\Z")
_WORDS = pattern(
    rf"(?:{_DAY})?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?:\s+(?:of|de))?[\s-]+(?P<month>[^\W\d_]{{3,12}})\.?"
    rf"(?:\s+de)?,?[\s-]+"
    rf"|(?P<month2>[^\W\d_]{{3,12}})\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)(?P<year>\d{{4}})"
    rf"(?:{_REST}|\s*г\.?|(?P<unknown>,?\s+\d{{1,2}}:\d\d.*))\Z",
    re.IGNORECASE,
)
_CTIME = pattern(
    rf"{_DAY}(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_TIME}\s+"
    rf"(?:(?P<zone>[+-]\d{{4}}|UTC|GMT|{'|'.join(_STANDARD)})\s+|(?P<unknown>\S+)\s+)?(?P<year>\d{{4}})\Z"
)
"""`Fri Nov 22 17:19:29 +0000 2024`; names of zones such as CEST tell no number of hours."""
_YEAR_LAST = pattern(
    rf"(?P<a>\d{{1,2}})(?P<separator>[-/.])\s?(?P<b>\d{{1,2}})(?P=separator)\s?(?P<year>\d{{4}}){_REST}\Z"
)
_SECONDS = re.compile(r"1\d{9}(?:\d{3})?\Z")
_BEGINNING = re.compile(
    r"(?P<year>\d{4})(?P<separator>[-/])(?P<month>\d{2})(?P=separator)(?P<day>\d{2})(?=[Tt]|\s+(?P<count>\d{1,3}\Z)?)"
)
"""A day with more behind it; a number there may count the posts of a day."""
_PART = re.compile(
    r"(?:1\d|20)\d{2}(?:[-/.年]\d{1,2}月?)?\Z|\d{1,2}[-/.](?:1\d|20)\d{2}\Z|[^\W\d_]{3,10}\.?,? (?:1\d|20)\d{2}\Z"
)
_ONLY_THE_DAY, _WRITE = "only the day is read", "write YYYY-MM-DDThh:mm:ss+hh:mm"
_PLACEHOLDER = re.compile(r"0|0{4}-0{1,2}-0{1,2}|Y{4}-M{2}-D{2}|\d{4}-[\dX]{2}-X{2}", re.IGNORECASE)
_COMPUTED = re.compile(r"true|false|last-modified|(?:git )?(?:last modified|created)", re.IGNORECASE)
"""Values that ask a tool to compute the date, or to show none (Quarto, Starlight, https://www.11ty.dev/docs/dates/)."""
_DIGITS = re.compile(r"([12]\d{3})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\d{3})?", re.ASCII)
"""Day, time and thousandths of a second, as TiddlyWiki writes them (https://tiddlywiki.com/#TiddlerFields)."""
_NAME_OF_ZONE = re.compile(r"(?<=GMT[+-]\d{4}) \([^()]+\)\Z")
"""`GMT+0000 (Coordinated Universal Time)`, as JavaScript has it."""
_SHORT_TIME = re.compile(r"(?<= )\d{1,2}:\d{1,2}:\d{1,2}\Z", re.ASCII)
"""`0:0:0`, as Hexo takes it."""


def parse_date(text: str, order: DateOrder = "") -> Date:
    """Parse a date.

    A written time zone is kept, so the day never shifts; none is added.

    Args:
        text: the date as typed.
        order: of the day and the month in `01/02/2024`; with "" it is ambiguous and refused.

    Raises:
        ValueError: it is not a date; the message says what to write.
    """
    if _PLAIN.fullmatch(text):
        with suppress(ValueError):
            return Date(date.fromisoformat(text).isoformat(), XSD + "date")
    text = " ".join(text.strip().removeprefix("[[").removesuffix("]]").split())
    text = _NAME_OF_ZONE.sub("", text.removesuffix("."))
    text = text if text.isascii() else re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    text = _SHORT_TIME.sub(lambda time: ":".join(part.zfill(2) for part in time[0].split(":")), text)
    if match := _DIGITS.fullmatch(text):
        text = "{}-{}-{} {}:{}:{}".format(*match.groups())
    if match := _TIME_FIRST.fullmatch(text):
        text = f"{match[2]} {match[1]}"
    for form in (_NUMBERS, _CHINESE, _COMPACT, _ORG, _WORDS):
        match = form.match(text)
        if match:
            return _read(match, text)
    match = _YEAR_LAST.match(text)
    if match:
        return _read_year_last(match, text, order)
    if _SECONDS.match(text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        doubt = f"{text} is read as seconds since 1970, {moment}; write the date" if len(text) == 10 else ""
        return Date(moment, XSD + "dateTime", doubt)  # programs write milliseconds: nobody would fix them by hand
    if _COMPUTED.fullmatch(text):
        return Date("", "")
    if _PLACEHOLDER.fullmatch(text):
        return Date("", "", f"{text!r} is not a date yet; write YYYY-MM-DD, or leave the field out")
    if names_no_day(text):
        return Date("", "", f"{text!r} names no day; kept as text")
    match = _CTIME.match(text)
    if match and not match["unknown"]:
        return _with_time(_day(match["year"], _month(match["month"]), match["day"], text), match.groupdict(), text)
    match = match or _BEGINNING.match(text)
    if match:
        day = _day(match["year"], _month(match["month"]), match["day"], text)
        counted = match.groupdict().get("count")
        return Date(day, XSD + "date", "" if counted else f"{text!r}: {_ONLY_THE_DAY}, {day}; {_WRITE}")
    raise ValueError(f"{text[:60]!r} is not a date; write YYYY-MM-DD")


def names_no_day(text: str) -> bool:
    """Whether a text names a year or a month: `2024`, `2024-05`, `May 2024`."""
    return bool(_PART.match(text.strip()))


def date_in_name(name: str) -> str:
    """The date at the beginning of a file name, as in Jekyll, Zola, Obsidian and Logseq: xsd:date, or "".

    >>> date_in_name("2024-05-01-hello"), date_in_name("2024_05_01"), date_in_name("2024-13-01-no")
    ('2024-05-01', '2024-05-01', '')
    """
    match = re.match(r"((?:19|20)\d{2})([-_])(\d{2})\2(\d{2})(?=[-_ T.]|\Z)", name)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])).isoformat() if match else ""
    except ValueError:
        return ""


_OF_FOLDERS = re.compile(
    r"(?:.*/)?((?:19|20)\d{2})(?:/(\d{2})-(\d{2})(?:[-_ .][^/]*)?(?:/[^/]*)?|[/-](\d{2})/(\d{2})(?:\.[^/]*|/[^/]*))\Z"
)


def date_in_folders(path: str) -> str:
    """The date that the folders of a post say together, or with its name: xsd:date, or "".

    So it is in blogs of Docusaurus (https://docusaurus.io/docs/blog#blog-post-date), and in diaries.

    >>> date_in_folders("blog/2024/05-01-hello.md"), date_in_folders("2024/05/01/hello.md")
    ('2024-05-01', '2024-05-01')
    >>> date_in_folders("2024/05/01-first.md"), date_in_folders("2024/13/01/no.md")
    ('', '')
    """
    match = _OF_FOLDERS.match(path)
    try:
        return date(*map(int, filter(None, match.groups()))).isoformat() if match else ""
    except ValueError:
        return ""


def _read(match: re.Match[str], text: str) -> Date:
    parts = match.groupdict()
    month, day = parts["month"] or parts["month2"], parts["day"] or parts["day2"]
    found = _day(parts["year"], _month(month), day, text)
    if parts.get("unknown"):
        return Date(found, XSD + "date", f"{text!r}: {_ONLY_THE_DAY}, {found}; {_WRITE}")
    return _with_time(found, parts, text)


def _read_year_last(match: re.Match[str], text: str, order: DateOrder) -> Date:
    first, second = int(match["a"]), int(match["b"])
    if order == "month-first" and match["separator"] == ".":
        order = ""
    if first <= 12 and second <= 12 and first != second and not order:
        raise ValueError(f"{text!r} could be two days; write YYYY-MM-DD, or set dates in kg.toml")
    month, day = (second, first) if first > 12 or (order == "day-first" and second <= 12) else (first, second)
    return _with_time(_day(match["year"], month, day, text), match.groupdict(), text)


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.get(text.lower(), 0)


def _day(year: str, month: int, day: str | int, text: str) -> str:
    if not int(year) and not month and not int(day):
        return ""
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError as error:
        why = f" ({error})" if month else ""
        raise ValueError(f"{text[:60]!r} is not a date{why}; write YYYY-MM-DD") from error


def _with_time(day: str, parts: dict[str, str | None], text: str) -> Date:
    if not day:
        return Date("", "", f"{text!r} is not a date yet; write YYYY-MM-DD, or leave the field out")
    if parts["hour"] is None:
        return Date(day, XSD + "date")
    hour, minute, second = int(parts["hour"]), int(parts["minute"] or 0), int(parts["second"] or 0)
    if parts["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if parts["half"] in "Pp" else 0)
    zone = _zone(parts["zone"])
    if hour > 23 or minute > 59 or second > 59 or zone is None:
        return Date(day, XSD + "date", f"{text!r}: no time of day is like this; only the day is read, {day}")
    fraction = (parts["fraction"] or "").replace(",", ".")
    moment = f"{day}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
    return Date(canonical(moment, XSD + "dateTime"), XSD + "dateTime")


def _zone(zone: str | None) -> str | None:
    """A time zone as XML Schema writes it, or None if it is invalid."""
    if not zone:
        return ""
    zone = _ZONES.get(zone.upper()) or zone.removeprefix("UTC").removeprefix("GMT").strip()
    if zone[:1] not in ("+", "-"):
        return "Z"
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    if int(hours) > 14 or int(minutes) > 59 or (int(hours) == 14 and int(minutes)):
        return None
    return f"{zone[0]}{int(hours):02}:{minutes}"
