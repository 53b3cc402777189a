"""The names of journal pages: days, and `:journal/page-title-format` of Logseq, such as `EEEE, do MMMM yyyy`.

Its letters are those of https://docs.logseq.com/#/page/journal%20page%20title%20format: years, months, days of the
month and of the week, names in English.
"""

import re

from kg.text.dates import parse_date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short>\d{2})",
    "MMMM": r"(?P<name>[^\W\d_]{3,9})",
    "MMM": r"(?P<name>[^\W\d_]{3})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "do": r"(?P<day>\d{1,2})(?:st|nd|rd|th)",
    "d": r"(?P<day>\d{1,2})",
    "EEEE": r"[^\W\d_]{6,9}",
    "EEE": r"[^\W\d_]{3}",
    "EE": r"[^\W\d_]{3}",
    "E": r"[^\W\d_]{3}",
}
_PART = re.compile("|".join(_PARTS))
_PERIOD = re.compile(r"\d{4}(?:[-_. ]?(?:W\d\d|Q[1-4])|[-_.]\d\d(?:[-_.]\d\d)?)|\d\d[-_.]\d\d[-_.]\d{4}", re.IGNORECASE)
"""Weeks, quarters and months have notes, too; which of the two first numbers is the month may be unknown."""


def names_day(name: str) -> bool:
    """Whether a name is that of a note on a day, a week, a month or a quarter, in whatever folder.

    >>> names_day("Daily/2027-01-03"), names_day("3 January 2027"), names_day("2027-W01"), names_day("2027")
    (True, True, True, False)
    """
    return any(map(_is_day, dict.fromkeys((name.rpartition("/")[2], name))))


def _is_day(name: str) -> bool:
    if not any(map(str.isdecimal, name)):
        return False
    try:
        return bool(_PERIOD.fullmatch(name)) or not parse_date(name).doubt
    except ValueError:
        return False


def title_pattern(form: str) -> re.Pattern[str] | None:
    """A pattern for titles of this form; None if it names a part of the date twice."""
    pieces, at = [], 0
    for match in _PART.finditer(form):
        pieces += [re.escape(form[at : match.start()]), _PARTS[match[0]]]
        at = match.end()
    try:
        return re.compile("".join([*pieces, re.escape(form[at:])]), re.IGNORECASE)
    except re.error:
        return None


def day_of(match: re.Match[str]) -> str:
    """The day that a title names, as xsd:date, or "" if it names none.

    >>> day_of(title_pattern("EEEE, do MMMM yyyy").fullmatch("Wednesday, 1st May 2024"))
    '2024-05-01'
    """
    parts = match.groupdict()
    year = parts.get("year") or (f"20{parts['short']}" if parts.get("short") else "")
    month = parts.get("month") or ""
    if name := (parts.get("name") or "")[:3].lower():
        month = str(_MONTHS.index(name) + 1) if name in _MONTHS else ""
    day = parts.get("day") or ""
    return f"{year}-{month:0>2}-{day:0>2}" if year and month and day else ""
