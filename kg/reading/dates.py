"""Dates as people write them, into the forms XML Schema knows.

xsd:date and xsd:dateTime: https://www.w3.org/TR/xmlschema11-2/#dateTime. What is not certainly a date stays text: a
wrong date in a graph is worse than a missing one, and "now" is never a date.
"""

from __future__ import annotations

import re
from datetime import date

from kg.vocabulary import XSD

_DATE = re.compile(
    r"""(?P<year>\d{4})(?P<separator>[-/.])(?P<month>\d{1,2})(?P=separator)(?P<day>\d{1,2})
        (?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<fraction>\.\d+)?)?
           (?:\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?))?)?\Z""",
    re.VERBOSE,
)


def parse_date(text: str) -> tuple[str, str]:
    """The lexical form and the datatype IRI: xsd:date, or xsd:dateTime where a time was written.

    A zone that was written is kept (the day never shifts); none is added.

    Raises:
        ValueError: it is no date; the message says what to write.
    """
    text = text.strip()
    match = _DATE.match(text)
    if not match:
        raise ValueError(f"{text[:60]!r} is not a date; write YYYY-MM-DD")
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    try:
        day_text = date(year, month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date ({error}); write YYYY-MM-DD") from error
    if match["hour"] is None:
        return day_text, XSD + "date"
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"{text!r} is not a time of day; write YYYY-MM-DDThh:mm:ss")
    fraction = match["fraction"] or ""
    return f"{day_text}T{hour:02}:{minute:02}:{second:02}{fraction}{_zone(match['zone'])}", XSD + "dateTime"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    if zone[0] not in "+-":
        return "Z"
    digits = zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
    if int(hours) > 14 or int(minutes) > 59 or (int(hours) == 14 and int(minutes)):
        raise ValueError(f"{zone!r} is not a time zone; write +hh:mm")
    return f"{zone[0]}{int(hours):02}:{minutes}"
