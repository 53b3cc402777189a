"""Names that a body writes twice, once in each language: `英伟达（Nvidia）`, `**唐纳德·特朗普** (Donald Trump)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Gloss


def mine(body: str, first_line: int) -> tuple[Gloss, ...]:
    """The glosses of a body, each pair once, in the order in which they first stand.

    Args:
        body: the Markdown text after the front matter.
        first_line: the line of the file on which the body begins, 1-based.
    """
    del body, first_line
    return ()
