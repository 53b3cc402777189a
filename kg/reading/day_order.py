"""What `01/02/2024` means in a folder: other dates in it, such as `28/02/2024`, tell which number is the day."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kg.model import DateOrder
from kg.reading.samples import beginnings

_HEAD = 2_000
"""Bytes that hold the front matter of most posts."""
_SEVERAL = 3
"""Dates that no slip explains."""
_DATE = re.compile(
    rb"^[ \t]*+(?P<key>[\w-]++)[ \t]*+:{1,2}[ \t]*+[\"']?"
    rb"(?P<first>\d\d?)(?P<mark>[-/.])(?P<second>\d\d?)(?P=mark)\d{4}\b",
    re.MULTILINE,
)
_OF_DATES = re.compile(rb"date|day|created|updated|modified|published", re.IGNORECASE)
"""In the names of fields that hold dates."""


def order_of_days(content: Path, paths: Sequence[str]) -> DateOrder:
    """The order of day and month in the dates of a folder; "" if few dates tell, or dates tell both."""
    found: Counter[DateOrder] = Counter()
    for _path, head in beginnings(content, paths, _HEAD):
        for match in _DATE.finditer(head):
            first, second = int(match["first"]), int(match["second"])
            if (first > 12) != (second > 12) and _OF_DATES.search(match["key"]):
                found["day-first" if first > 12 else "month-first"] += 1
    return next(iter(found)) if len(found) == 1 and found.total() >= _SEVERAL else ""
