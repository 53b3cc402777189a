"""What `kg build --watch` and `kg serve` take for a change."""

from __future__ import annotations

import os
import threading
from queue import Empty, Queue
from typing import TYPE_CHECKING

import pytest

from kg.config import Config, ResolutionSettings
from kg.pipeline.watching import changes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An Eleventy site with its posts in `content`."""
    posts = tmp_path / "site" / "content" / "posts"
    posts.mkdir(parents=True)
    (tmp_path / "site" / "out").mkdir()
    (tmp_path / "away").mkdir()
    (posts / "a.md").write_text("one\n")
    (posts / "posts.json").write_text('{"tags": ["one"]}')
    (posts.parent / "eleventy.config.js").write_text("")
    return tmp_path / "site"


@pytest.fixture
def seen(site: Path) -> Iterator[Queue[None]]:
    """Gets something for each change; the watch stands."""
    queue: Queue[None] = Queue()
    stop = threading.Event()
    config = Config(resolution=ResolutionSettings(ledger="ledger.txt"))

    def wait() -> None:
        for change in changes(site / "content", site / "out", config, settings=site / "named.toml", stop=stop):
            queue.put(change)

    thread = threading.Thread(target=wait)
    thread.start()
    queue.get(timeout=20)
    yield queue
    stop.set()
    thread.join()


def assert_seen(seen: Queue[None], what: str) -> None:
    try:
        seen.get(timeout=10)
    except Empty:
        pytest.fail(f"not seen: {what}")
    while True:  # what belongs to the same change
        try:
            seen.get(timeout=0.8)
        except Empty:
            return


def test_posts_and_folders_of_posts(site: Path, seen: Queue[None]) -> None:
    content = site / "content"
    (content / "posts" / "a.md").write_text("two\n")
    assert_seen(seen, "a post")
    (content / "posts").rename(site.parent / "away" / "posts")
    assert_seen(seen, "a folder that goes")
    (site.parent / "away" / "posts").rename(content / "posts")
    assert_seen(seen, "a folder that comes")
    (content / "posts").rename(content / "notes")
    assert_seen(seen, "a folder of another name")
    (content / "notes" / "a.md").write_text("three\n")
    assert_seen(seen, "a post within it")


def test_files_beside_the_posts(site: Path, seen: Queue[None]) -> None:
    (site / "content" / "posts" / "posts.json").write_text('{"tags": ["two"]}')
    assert_seen(seen, "directory data")
    (site / "kg.toml").write_text('title = "0"\n')
    assert_seen(seen, "settings that come")
    for number in (1, 2):
        (site / "fresh").write_text(f'title = "{number}"\n')
        (site / "fresh").replace(site / "kg.toml")
        assert_seen(seen, f"settings replaced, {number}")
    (site / "content" / "ledger.txt").write_text("# \n")
    assert_seen(seen, "the ledger")
    (site / "kg.toml").unlink()
    assert_seen(seen, "settings that go")
    (site / "named.toml").write_text('title = "3"\n')
    assert_seen(seen, "settings that --config names")


def test_what_is_no_change(site: Path, seen: Queue[None]) -> None:
    (site / "out" / "graph.md").write_text("results\n")
    (site / "other.toml").write_text("")
    (site / "content" / ".git").mkdir()
    (site / "content" / ".git" / "index.lock").write_text("")
    (site / "content" / "eleventy.config.js").write_text("// nothing that we read\n")
    os.utime(site / "content")
    with pytest.raises(Empty):
        seen.get(timeout=3)
