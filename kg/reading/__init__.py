"""From a folder of Markdown files to `Post` records."""

from __future__ import annotations

from kg.reading.folder import ReadResult, read_posts

__all__ = ["ReadResult", "read_posts"]
