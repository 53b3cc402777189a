"""The small folders beside the project that were once read wrongly: what each says, held against EXPECT.md by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.config import Config
from kg.linking import links
from kg.reading.folder import read_posts
from kg.reading.site_settings import site_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOLDEN = "golden/cases.txt"


def says(folder: Path) -> Iterator[str]:
    """What the posts of a folder say: names, dates, drafts, links, and what is found wrong."""
    inner = (folder / "content", folder / "docs") if folder.name.startswith("w") else (folder / "content",)
    content = next((place for place in inner if place.is_dir()), folder)
    result = read_posts(content, Config(), jobs=1)
    found = links.resolve(result.posts, site_of(content, Config()))
    yield f"== {folder.name}"
    for post in result.posts:
        draft, language = " draft" * post.draft, f" @{post.language}" * bool(post.language)
        yield f"{post.path}: {post.title}{language} {post.date}{draft}".rstrip()
        yield from sorted({f"    {mention.kind} {mention.name} ({mention.field})" for mention in post.mentions})
    yield from sorted({f"    {source} -> {target}" for source, target, _link in found.edges})
    yield from (f"    {page.path} -> ({page.name})" for page in found.unwritten)
    yield from (f"    {d.path}:{d.line} {d.severity} {d.code}" for d in (*result.diagnostics, *found.diagnostics))


def test_every_case_says_what_it_should(shared: Path, repo: Path, update_golden: bool) -> None:
    folders = sorted(path for path in (shared / "cases").iterdir() if path.is_dir())
    text = "\n".join(line for folder in folders for line in says(folder)) + "\n"
    golden = repo / "tests" / GOLDEN
    if update_golden:
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
