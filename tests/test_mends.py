"""Slips of which a person sees at once what was meant: told with what to write, and mended where that is safe."""

from __future__ import annotations

# ruff: noqa: E501  posts are easier to read in one line
from typing import TYPE_CHECKING, NamedTuple

import pytest

from kg.checks.mending import mend
from kg.config import Config
from kg.reading.posts import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Post

TOOLS = {
    "": {},
    "logseq": {"logseq/config.edn": "{}"},
    "obsidian": {".obsidian/app.json": "{}"},
    "pelican": {"pelicanconf.py": "SITENAME = 'x'\n"},
}


class Slip(NamedTuple):
    """A post with a slip, and what becomes of it."""

    tool: str
    text: str
    told: list[str]
    """`line:column code`, and words of the message, of each finding."""
    said: set[str]
    """All that the post says, `field=value`."""
    mended: str = ""
    """The text after `kg check --fix`; "" if it is left alone."""


def said(post: Post) -> set[str]:
    """What is said in fields, with `→` for links to posts."""
    found = {f"{mention.field}={mention.name}" for mention in post.mentions}
    found |= {f"{attribute.field}={attribute.value}" for attribute in post.attributes if attribute.line}
    return found | {f"{link.field}→{link.target}" for link in post.links}


PROPERTY = "no field as in 'key:: value' stands here; write"
ABOVE = "above this line: write it there"
SLIPS = {
    "a property with a wide colon": Slip(
        "logseq", "alias：：b\n\n- x\n", [f"1:6 KG126 {PROPERTY} 'alias:: b'"], set(), "alias:: b\n\n- x\n",
    ),
    "a property with its colons before the value": Slip(
        "logseq", "title:: T\nalias ::b\n\n- x\n", [f"2:6 KG116 {PROPERTY} 'alias:: b'"], {"title=T"},
        "title:: T\nalias:: b\n\n- x\n",
    ),
    "a property without blanks": Slip(
        "logseq", "alias::b\n\n- x\n", [f"1:6 KG116 {PROPERTY} 'alias:: b'"], set(), "alias:: b\n\n- x\n",
    ),
    "a property whose colons are apart, below a blank line": Slip(
        "logseq", "title:: T\n\nalias: ： b\n\n- x\n", [f"3:6 KG126 {PROPERTY} 'alias:: b'"], {"title=T"},
        "title:: T\n\nalias:: b\n\n- x\n",
    ),
    "a property with one colon beside others": Slip(
        "logseq", "title:: T\nalias: b\n\n- x\n", [f"2:6 KG116 {PROPERTY} 'alias:: b'"], {"title=T"},
    ),
    "a property below a blank line": Slip("logseq", "title:: T\n\nalias:: b\n\n- x\n", [], {"title=T", "alias=b"}),
    "prose with one colon, and code with two": Slip(
        "logseq", "title:: T\n\nAuthor: nobody knows.\nstd::source is C++\n\n- x\n  source::x\n", [], {"title=T"},
    ),
    "a property behind words": Slip(
        "logseq", "Words: alias:: b\n\n- x\n", ["1:8 KG129 'alias::' is text here; begin a new line before it"], set(),
    ),
    "a property behind another": Slip(
        "logseq", "title:: T alias:: b\n\n- x\n", ["1:11 KG129 'alias::' is text here; begin a new line before it"],
        {"title=T alias:: b"},
    ),
    "a program in notes": Slip("obsidian", "Text.\n\nDate::MONTHNAMES[1]\nTags::x\n", [], set()),
    "a field of Dataview with a sign too many": Slip(
        "obsidian", "Text.\n\n\"author:: Ada\n", ["3:8 KG116 write 'author:: Ada'"], set(),
    ),
    "a link in a property that nothing closes": Slip(
        "logseq", "tags:: [[a]], [[b\nup:: [[c\n\n- x\n",
        ["1:15 KG101 tags: the brackets of '[[b' do not match; write '[[b]]'", "2:6 KG101 up: the brackets of '[[c'"],
        {"tags=[[b", "up=[[c", "→a"},
    ),
    "a link in a field of Dataview that nothing closes": Slip(
        "obsidian", "tags:: a]]\nup:: [[c\n", ["1:8 KG101 tags: the brackets of 'a]]' do not match; write '[[a]]'",
        "2:6 KG101 up: the brackets of '[[c'"], {"tags=a]]", "up=[[c"},
    ),
    "a name in YAML with half a link": Slip(
        "", '---\ntags: ["[[a", "[x] b", "c[1]"]\n---\n', ["2:8 KG101 write '[[a]]'"],
        {"tags=[[a", "tags=[x] b", "tags=c[1]"},
    ),
    "a head that prose follows": Slip(
        "", "---\ntitle: T\ntags:\n- a\n\n# Heading\n\nProse: with [b](b.md).\n", [f"5:1 KG115 {ABOVE}"],
        {"title=T", "tags=a", "→b.md"}, "---\ntitle: T\ntags:\n- a\n---\n\n# Heading\n\nProse: with [b](b.md).\n",
    ),
    "a head that a rule in the body seems to close": Slip(
        "", "---\r\ntitle: T\r\n\r\nProse [b](b.md).\r\nMore: of it.\r\n\r\n---\r\n\r\nAfter [[c]].\r\n",
        [f"3:1 KG115 {ABOVE}"], {"title=T", "→b.md", "→c"},
        "---\r\ntitle: T\r\n---\r\n\r\nProse [b](b.md).\r\nMore: of it.\r\n\r\n---\r\n\r\nAfter [[c]].\r\n",
    ),
    "a head in TOML with a table, and the end of the file": Slip(
        "", "+++\ntitle = 'T'\n\n[extra]\nx = 1", ["6:1 KG115 read to the end of the file: write it there"], {"title=T", "extra=1"},
        "+++\ntitle = 'T'\n\n[extra]\nx = 1\n+++",
    ),
    "text over several paragraphs, then a blank line above the fence": Slip(
        "", "---\ntitle: T\nsummary: >-\n  a\n\n  b\n\ndate: 2024-01-02\n\n---\n\nx\n", [],
        {"title=T", "summary=a\nb", "date=2024-01-02"},
    ),
    "blank lines among fields, and above the fence": Slip(
        "", "---\ntitle: T\n\nhero:\n  name: Ada\n\nfeatures:\n  - note: x\n\n---\n\nx\n", [],
        {"title=T", "hero=Ada", "features=x"},
    ),
    "text behind the fence that ends a head": Slip(
        "", "---\nlayout: x\nkept: y\ncolour: z\ntags: a\n--- `button` [b](b.md)\n\nx\n",
        ["6:1 KG115 '---' ends the front matter on a line of its own; move the text behind it to the next line"],
        {"layout=x", "kept=y", "colour=z", "tags=a", "→b.md"},
        "---\nlayout: x\nkept: y\ncolour: z\ntags: a\n---\n--- `button` [b](b.md)\n\nx\n",
    ),
    "a sign behind the fence that ends a head": Slip(
        "", "---\ntitle: T\n---~\n", ["3:1 KG115 '---' ends the front matter on a line of its own"], {"title=T"},
        "---\ntitle: T\n---\n---~\n",
    ),
    "nothing but fields": Slip(
        "", "---\nlayout: home\n\nhero:\n  name: X\n\nfeatures:\n  - a\nmore:\n- b\n", ["11:1 KG115 no '---' ends the front matter; read to the end of the file: write it there"],
        {"layout=home", "hero=X", "features=a", "more=b"},
        "---\nlayout: home\n\nhero:\n  name: X\n\nfeatures:\n  - a\nmore:\n- b\n---\n",
    ),
    "a field of Dataview that is not filled in": Slip("obsidian", "Text.\n\n> **summary**:: \n", [], set()),
    "code within a quotation": Slip("obsidian", "> Text.\n> ```\n> \"author:: x\n> ```\n", [], set()),
    "a key of somebody's own": Slip(
        "", "---\nsource: trigger:42\n---\n", ["2:9 KG109 is not an http or https address"], {"source=trigger:42"},
    ),
    "fields above text with a heading and a rule": Slip(
        "", "Title: T\nTags: a, b\n\n- [x](#x)\n\n## Part\n\n---\n\nText.\n", [], {"Title=T", "Tags=a", "Tags=b"},
    ),
    "a rule, and what may be prose": Slip("", "---\nNote: read this.\n\nx\n", ["1:1 KG115 read as body"], set()),
    "a fault in a head that nothing closes": Slip(
        "", "---\ntitle: T\ntags: [a\n\nx\n", ["1:1 KG115 read as body"], set(),
    ),
    "a sentence among fields, with a field below": Slip(
        "", "---\ntitle: T\n\nA sentence here.\nauthor: Ada\n\n---\n\nx\n", ["4:1 KG116 "], {"title=T", "author=Ada"},
    ),
    "a field within the text of another": Slip(
        "", "---\ntitle: Graphs tags: [a, b]\n---\n", ["2:15 KG116 a line break is missing before 'tags:'"],
        {"title=Graphs tags: [a, b]"},
    ),
    "a field behind a date": Slip(
        "", "---\ntitle: T\ndate: 2024-01-02author: Bob\n---\n", ["3:17 KG116 a line break is missing before 'author:'"],
        {"title=T", "date=2024-01-02author: Bob"},
    ),
    "a field behind a value in quotes": Slip(
        "", '---\ntitle: "Graphs" tags: [a]\n---\n', ["2:17 KG116 a line break is missing before 'tags:'"],
        {"title=Graphs", "tags=a"},
    ),
    "a list behind a field within the text of another": Slip(
        "", "---\ntitle: Graphs tags:\n- a\nlast: x\n---\n", ["2:15 KG116 quote the whole value; lines 2 to 3 are left out"],
        {"last=x"},
    ),
    "a word that is the key of another line": Slip(
        "", "---\ntitle: On tags: words\ntags: [a]\n---\n", ["2:15 KG101 quote the value"], {"title=On tags: words", "tags=a"},
        '---\ntitle: "On tags: words"\ntags: [a]\n---\n',
    ),
    "a field within the text of another, without fences": Slip(
        "", "title: Graphs tags: a\ndate: 2024-01-02\n\nx\n", ["1:15 KG129 'tags:' is text here; begin a new line"],
        {"title=Graphs tags: a", "date=2024-01-02"},
    ),
    "a word of a sentence with a colon": Slip(
        "", "---\ntitle: How to join a company: part one\nsummary: My Tags: words\n---\n",
        ["2:29 KG101 quote the value", "3:17 KG101 quote the value"],
        {"title=How to join a company: part one", "summary=My Tags: words"},
        '---\ntitle: "How to join a company: part one"\nsummary: "My Tags: words"\n---\n',
    ),
    "a word that is no key as the others are": Slip(
        "pelican", "Title: On tags: words\nDate: 2024-01-02\n\nx\n", [], {"Title=On tags: words", "Date=2024-01-02"},
    ),
    "a keyword of Org behind a blank": Slip(
        "", "#+TITLE: x #+DATE: 2024-01-02\n#+AUTHOR: b\n", ["1:12 KG129 a line break is missing before '#+DATE:'"],
        {"title=x #+DATE: 2024-01-02", "author=b"},
    ),
    "fields as in reStructuredText": Slip(
        "", ":title: Tides: part one\n:date: 2010-10-03 10:20\n:tags: sea, new moon\n:author: Lovelace, Ada\n\nx\n",
        ["1:1 KG121 write 'title: Tides: part one', between '---' and '---'"],
        {"title=Tides: part one", "date=2010-10-03 10:20", "date=2010-10-03T10:20:00", "tags=sea", "tags=new moon", "author=Lovelace, Ada"},
        '---\ntitle: "Tides: part one"\ndate: 2010-10-03 10:20\ntags: [sea, new moon]\nauthor: ["Lovelace, Ada"]\n---\n\nx\n',
    ),
    "a remark that begins with a colon": Slip("", ":note: this\n:title: that\n\nx\n", [], set()),
    "fields as in reStructuredText, and a line that is none": Slip(
        "", ":title: T\n:date: 2024-01-02\nprose\n\nx\n", ["1:1 KG121 write 'title: T'", "3:1 KG116 left out"],
        {"title=T", "date=2024-01-02"},
    ),
    "a colour": Slip(
        "", "---\ncolor: #fff # white\nlist:\n- #lost\n- kept\nnumber: #1 of three\ntags: #a, #b\nref: &x\n---\n",
        ['2:8 KG111 color: \'#\' begins a comment, so there is no value; write "#fff"', '4:3 KG111 write "#lost"',
         '6:9 KG111 write "#1 of three"', '7:7 KG111 write "#a, #b"', '8:6 KG111 write "&x"'],
        {"list=kept", 'list=[null,"kept"]'},
        '---\ncolor: "#fff" # white\nlist:\n- #lost\n- kept\nnumber: #1 of three\ntags: #a, #b\nref: &x\n---\n',
    ),
    "comments": Slip(
        "", "---\ncolor: # the colour\nimage: #the picture\ndate: #TODO\nlist:\n- #one of them\n- #a.md\n- #'a'\n---\n", [], {"list=[null,null,null]"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS.values(), ids=list(SLIPS))
def test_a_slip_is_told_and_mended(slip: Slip, tmp_path: Path) -> None:
    for name, content in (TOOLS[slip.tool] | {"pages/a.md": slip.text}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content.encode())
    post, _faults = Reader(tmp_path, Config()).parse("pages/a.md", slip.text.encode())
    assert post is not None
    assert len(post.diagnostics) == len(slip.told), post.diagnostics
    for found, (place, code, words) in zip(post.diagnostics, (told.split(" ", 2) for told in slip.told), strict=True):
        assert (f"{found.line}:{found.column}", found.code) == (place, code)
        assert words in found.message
    assert said(post) == slip.said
    mends = [rewrite.after.decode() for _path, rewrite, _number in mend(tmp_path, post.diagnostics, Config())]
    assert mends == [slip.mended] * bool(slip.mended)
