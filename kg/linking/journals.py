"""The titles of journal pages: `:journal/page-title-format` of Logseq, such as `EEEE, do MMMM yyyy`.

The letters are those of https://docs.logseq.com/#/page/journal%20page%20title%20format: years, months, days of the
month and of the week, names in English.
"""

import re

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
