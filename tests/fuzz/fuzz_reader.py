"""An atheris target for the reader (https://github.com/google/atheris): coverage finds what no strategy thinks of.

    python tests/fuzz/fuzz_reader.py -max_total_time=600 -timeout=20 -rss_limit_mb=2048 [FOLDER OF INPUTS]

`test_atheris.py` runs it briefly; more time finds more. Any exception, a run of over `-timeout` seconds, or too
much memory is a finding; atheris leaves the input in a file, and given that file as its argument it runs it again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kg"]):
    from kg.config import Config, Limits
    from kg.diagnostics import render
    from kg.linking import links
    from kg.reading.posts import Reader

PATHS = ("x.md", "_posts/2024-01-01-x.md", "a/index.mdx", "b.zh-cn.md", "authors/x.md")
READER = Reader(Path(), Config(limits=Limits(depth=16, values=1000)))


def one_input(data: bytes) -> None:
    """Read one file, under a path that the first byte chooses, and say all that is to be said of it."""
    path = PATHS[data[0] % len(PATHS)] if data else PATHS[0]
    post, faults = READER.parse(path, data[1:])
    if post is not None:
        faults += post.diagnostics + links.resolve([post]).diagnostics
    assert all("\n" not in render(fault) for fault in faults)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
