"""Any one slip of a hand, an editor or a program in one field of a post: the others stay, none is added, a loss is told.

Here posts are read as a whole, in every way to write fields; `test_one_fault.py` looks at single parsers, character by
character.
"""

from __future__ import annotations

# ruff: noqa: E501  posts are easier to read in one line
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kg.config import Config
from kg.reading.posts import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.model import Post


class Good(NamedTuple):
    """A post without a fault."""

    text: str
    fields: dict[str, tuple[int, int]]
    """Field → its lines."""
    marker: tuple[str, str] = ("README", "")
    """A file that shows the tool, and its content."""


GOOD = {
    "yaml": Good(
        "---\ntitle: \"My post: one\"\ndate: 2024-05-01\ntags:\n  - one\n  - two words\nsummary: >-\n  Long text\n  goes on\nauthors:\n- Ada Vale\n- 'Bob Lee'\ncategory: x\n---\n\nBody.\n",
        {"title": (2, 2), "date": (3, 3), "tags": (4, 6), "summary": (7, 9), "authors": (10, 12), "category": (13, 13)},
    ),
    "yaml, nested": Good(
        "---\nlayout: post\ntitle: 'It''s here'\ncategories: [a, \"b\"]\nauthor:\n  name: Ada\n  url: https://ada.example/\ndescription: some words\n---\nBody.\n",
        {"layout": (2, 2), "title": (3, 3), "categories": (4, 4), "author": (5, 7), "description": (8, 8)},
    ),
    "toml": Good(
        '+++\ntitle = "Maps"\ndate = 2024-05-01\ntags = [\'one\', "two"]\ndraft = false\nsummary = """\nLong\ntext"""\n[extra]\nx = 1\nnames = [\'p\',\n  \'q\']\n+++\n\nBody.\n',
        {"title": (2, 2), "date": (3, 3), "tags": (4, 4), "draft": (5, 5), "summary": (6, 8), "extra": (9, 12)},
    ),
    "json": Good(
        '{\n  "title": "Maps",\n  "date": "2024-05-01",\n  "tags": ["one", "two"],\n  "extra": {\n    "author": "Bob",\n    "n": [1, {"y": 2}]\n  },\n  "summary": "some words"\n}\n\nBody.\n',
        {"title": (2, 2), "date": (3, 3), "tags": (4, 4), "extra": (5, 8), "summary": (9, 9)},
    ),
    "pelican": Good(
        "Title: My Post: part one\nDate: 2024-05-01 10:20\nTags: one, two three\nAuthors: Ada Vale; Bob Lee\n    Cy Young\nSummary: some words\nSlug: x-y\n\nBody text here.\n",
        {"Title": (1, 1), "Date": (2, 2), "Tags": (3, 3), "Authors": (4, 5), "Summary": (6, 6), "Slug": (7, 7)},
        ("pelicanconf.py", "SITENAME = 'x'\n"),
    ),
    "multimarkdown": Good(
        "title: My Post\ndate: 2024-05-01\nauthor: Ada Vale\nkeywords: one, two\nslug: y-z\n\nBody text here.\n",
        {"title": (1, 1), "date": (2, 2), "author": (3, 3), "keywords": (4, 4), "slug": (5, 5)},
    ),
    "restructuredtext": Good(
        ":title: My Post\n:date: 2024-05-01\n:tags: one, two\n:author: Ada Vale\n:summary: some words\n\nBody.\n",
        {"title": (1, 1), "date": (2, 2), "tags": (3, 3), "author": (4, 4), "summary": (5, 5)},
    ),
    "pandoc": Good(
        "% My title\n% Ada Vale; Bob Lee\n  Cy Young\n% 2024-05-01\n\nBody text here.\n",
        {"title": (1, 1), "authors": (2, 3), "date": (4, 4)},
    ),
    "org": Good(
        "#+TITLE: My Post\n#+AUTHOR: Ada Vale\n#+FILETAGS: :one:two:\n#+DATE: 2024-05-01\n#+DESCRIPTION: some words\n\nBody.\n",
        {"title": (1, 1), "author": (2, 2), "tags": (3, 3), "date": (4, 4), "description": (5, 5)},
    ),
    "nikola": Good(
        "<!--\n.. title: My Post\n.. date: 2024-05-01\n.. tags: one, two\n.. author: Ada Vale\n-->\n\nBody.\n",
        {"title": (2, 2), "date": (3, 3), "tags": (4, 4), "author": (5, 5)},
    ),
    "logseq": Good(
        "title:: My Post\nalias:: other, [[more]]\nauthor:: [[Ada Vale]]\ndate:: 2024-05-01\nsummary:: some words\n\n- A block\n  with:: a property\n- more\n",
        {"title": (1, 1), "alias": (2, 2), "author": (3, 3), "date": (4, 4), "summary": (5, 5)},
        ("logseq/config.edn", "{}"),
    ),
    "dataview": Good(
        "---\ncssclass: x\n---\n\nauthor:: [[Ada Vale]]\nsummary:: some words\n**status**:: done\n- date:: 2024-05-01\n\nSome prose.\n",
        {"author": (5, 5), "summary": (6, 6), "status": (7, 7), "date": (8, 8)},
        (".obsidian/app.json", "{}"),
    ),
}  # fmt: skip
LOOKALIKES = {
    " ": "\t\xa0\u3000", '"': "“”„", "'": "‘’", ":": "：", ",": "，", "[": "［", "]": "］", "-": "–—", "#": "＃", "=": "＝", "{": "｛", "\n": "\r",
}  # fmt: skip
UNSEEN = "\0\ufeff\u200b"
SIGNS = ':"[]}='
MAY_BE_MEANT = frozenset({"indent", "dedent", "cut", "blank", "break"})
"""After these a post may say something else without any fault."""


def slips(text: str, first: int, last: int) -> Iterator[tuple[str, str]]:
    """What may befall the lines of a field: the kind of slip, and the text with it."""
    lines = text.split("\n")
    start = sum(map(len, lines[: first - 1])) + first - 1
    end = start + sum(map(len, lines[first - 1 : last])) + last - first + 1
    for at in range(start, end):
        before, char, after = text[:at], text[at], text[at + 1 :]
        yield "cut", before + after
        for sign in SIGNS + UNSEEN:
            yield sign, before + sign + char + after
        for other in LOOKALIKES.get(char, ""):
            yield "lookalike", before + other + after
        if char == "\n":
            yield "blank", f"{before} {after}"
            yield "break", f"{before}\n\n{after}"
    for number in range(first - 1, last):
        above, line, below = lines[:number], lines[number], lines[number + 1 :]
        yield "twice", "\n".join([*above, line, line, *below])
        for indent in (" ", "    ", "\t"):
            yield "indent", "\n".join([*above, indent + line, *below])
        if line.startswith(" "):
            yield "dedent", "\n".join([*above, line[1:], *below])
            yield "dedent", "\n".join([*above, line.lstrip(), *below])


def stated(post: Post) -> dict[str, set[tuple[str, ...]]]:
    """Field → all that is said in it."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for mention in post.mentions:
        found[mention.field].add((mention.kind, mention.name))
    for attribute in post.attributes:
        if attribute.line:
            found[attribute.field].add((attribute.predicate, attribute.value))
    return found


@pytest.mark.parametrize("name", GOOD)
def test_any_slip_in_a_post(name: str, tmp_path: Path) -> None:
    good = GOOD[name]
    marker = tmp_path / good.marker[0]
    marker.parent.mkdir(exist_ok=True)
    marker.write_text(good.marker[1], "utf-8")
    reader = Reader(tmp_path, Config())
    post, _faults = reader.parse("pages/a.md", good.text.encode())
    assert post is not None
    before = stated(post)
    assert set(good.fields) <= set(before)
    for key, (first, last) in good.fields.items():
        for kind, bad in slips(good.text, first, last):
            after_post, faults = reader.parse("pages/a.md", bad.encode())
            assert after_post is not None, (bad, faults)
            after = stated(after_post)
            told = [*faults, *after_post.diagnostics]
            if told or kind not in MAY_BE_MEANT:
                changed = [other for other in good.fields if other != key and after.get(other) != before[other]]
                assert told or not changed, (kind, bad, changed)
                added = set(after) - set(before)
                assert len(added) <= (key not in after), (kind, bad, added)
                assert told or key in after or added, (kind, bad, "lost in silence")
            torn = [said[-1] for _field, all_said in after.items() for said in all_said if len(said[0]) < 20]
            assert not any(name.count("[[") != name.count("]]") or "\n" in name for name in torn), (kind, bad, torn)


@pytest.mark.parametrize("value", ["- Ada Vale", '"- Ada Vale\\n- Bob Lee"', "|\n  - Ada Vale\n  - Bob Lee"])
def test_nobody_is_called_after_the_bullet_of_a_list(value: str, tmp_path: Path) -> None:
    post, faults = Reader(tmp_path, Config()).parse("a.md", f"---\nauthor: {value}\n---\n".encode())
    assert post is not None
    assert [mention.name for mention in post.mentions] == ["Ada Vale", "Bob Lee"][: value.count("- ")]
    assert [*faults, *post.diagnostics]


@pytest.mark.parametrize("fence", ["--- # of mine", "﹣﹣﹣", "﹘﹘﹘"])
def test_a_fence_that_is_none_is_told(fence: str, tmp_path: Path) -> None:
    post, faults = Reader(tmp_path, Config()).parse("a.md", f"{fence}\ntitle: A\ntags: [x]\n---\n".encode())
    assert post is not None
    assert [(each.line, each.code) for each in (*faults, *post.diagnostics)] == [(1, "KG121")]
