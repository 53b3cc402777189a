"""An atheris target for the reader (https://github.com/google/atheris): coverage finds what no strategy thinks of.

    python tests/fuzz/fuzz_reader.py -max_total_time=60 -timeout=5 -rss_limit_mb=1024

Needs `atheris`, which is no dependency of the tests. Any exception, a run of over five seconds, or too much memory is a
finding; atheris leaves the input in a file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kg"]):
    from kg import links
    from kg.config import Config, Limits
    from kg.reading.posts import Reader

PATHS = ("x.md", "_posts/2024-01-01-x.md", "a/index.mdx", "b.zh-cn.md", "authors/x.md")
READER = Reader(Path(), Config(limits=Limits(depth=16, values=1000)))


def one_input(data: bytes) -> None:
    """Read one file, under a path that the first byte chooses."""
    path = PATHS[data[0] % len(PATHS)] if data else PATHS[0]
    post, _faults = READER.parse(path, data[1:], "")
    if post is not None:
        links.resolve([post])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
