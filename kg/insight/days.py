"""The days of posts, and whether they lie in a span of time."""

from kg.fields import CREATED, PUBLISHED
from kg.model import Node


def day_of(post: Node) -> str:
    """The day on which a post was published, or else created, `2026-11-28`; "" if it has no complete date."""
    dates = {attribute.predicate: attribute.value for attribute in reversed(post.attributes)}
    value = next((dates[date] for date in (PUBLISHED, CREATED) if date in dates), "")
    return value[:10] if len(value) >= 10 else ""


def within(day: str, since: str, until: str) -> bool:
    """Whether a day lies between two bounds, both included, which may be months or years; an unknown day does not."""
    if not since and not until:
        return True
    return bool(day) and day >= since and (not until or day[: len(until)] <= until)
