"""Texts made to keep a reader busy: each is read in a time that grows with its length, not with its square."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from kg.config import Config
from kg.linking import links
from kg.reading.posts import Reader

N = 200_000
TEXTS = {
    "raw": "{% raw %}" * (N // 9),
    "ref": "{{< ref x " * (N // 10),
    "rawhl": "{% raw %}{% highlight %}{{< highlight" * (N // 40),
    "opened": "---\n" + "\n" * N,
    "opened2": "---\n# a\n" * (N // 8),
    "keyline": "---\na" + " " * N + "\n---\n",
    "keyline2": "---\n-" + " " * N + "x\n---\n",
    "keyline3": "---\n" + '"a' * (N // 2) + "\n---\n",
    "json": '{"' + '\\"' * (N // 2),
    "json2": '{"a":' + '"\\"' * (N // 3) + "\n}\n",
    "json3": '{"title": "x", ' + '\\"' * (N // 2) + "a = :\n}\n",
    "tail": "---\ntitle: a: b," + ",#" * (N // 2) + "\nx\n---\n",
    "toml": '+++\na = "' + '\\"' * (N // 2) + "\n+++\n",
    "tomldot": "+++\n" + "a." * (N // 2) + "b = 1\n+++\n",
    "tomldot2": "+++\n" + '"a".' * (N // 4) + "b = 1\n+++\n",
    "tomltriple": "+++\na = " + '"""\\' * (N // 4) + "\n+++\n",
    "book": '---\ntags: "' + "《" * N + '"\n---\n',
    "paren": '---\ntags: "' + "(" * N + '"\n---\n',
    "wik": '---\ntags: "' + "[[" * (N // 2) + '"\n---\n',
    "onlin": "---\ntitle: a: " + " " * N + "x\n---\n",
    "links": "[a](b) é " * (N // 9),
    "wl": "[[a]] é " * (N // 9),
    "wl2": "[[a]] # " * (N // 8),
    "idx": "x[[1]] " * (N // 7),
    "dv": "(a:: [[" * (N // 7),
    "dv2": "[a:: b " * (N // 7),
    "dv3": "(a b c d " * (N // 9),
    "tags": "#a " * (N // 3),
    "hash": "#" * N,
    "mdx": "export a\n" * (N // 9),
    "spaces": " " * N,
    "nl": "\n" * N,
    "dashes": "-" * N,
    "dashes2": "---\n" * (N // 4),
    "mm": "a: b\n" * (N // 5),
    "mm2": "Title:" + " " * N,
    "mm3": "a" * N + ": b",
    "org": "#+a: b\n" * (N // 7),
    "quote": "---\ntags: " + "“" * N + "\n---\n",
    "amp": '---\ntags: "' + "&a" * (N // 2) + '"\n---\n',
    "date": '---\ndate: "' + "1 " * (N // 2) + '"\n---\n',
    "date2": '---\ndate: "2024-01-01 ' + "x" * (N // 2) + '"\n---\n',
    "lang": '---\nlang: "' + "a-" * (N // 2) + '"\n---\n',
    "many": "---\n" + "".join(f"k{i}: v\n" for i in range(N // 10)) + "---\n",
    "bad": "---\n" + "".join(f"k{i}: a: v\n" for i in range(N // 60)) + "---\n",
    "badhash": "---\n" + "".join(f"k{i}: #v\n" for i in range(N // 10)) + "---\n",
    "refs": "[a]: b\n" * (N // 7) + "[[a]] " * 1000,
    "cr": "\r" * N,
    "crlf": "a\r\n" * (N // 3),
    "bom": "\ufeff" * (N // 3),
    "jsx": "{/* " * (N // 4),
    "kramdown": 'markdown="1"' + "<p " * (N // 3),
    "blocks": "((" * (N // 2),
    "references": '---\ntags: "' + "#a " * (N // 3) + '!"\n---\n',
    "listed": '---\ntags: "' + "[a, " * (N // 4) + '"\n---\n',
    "slip": "\u2014\na: b\n" + "\n" * N,
    "slip2": " " * N + "---\na: b\n",
    "months": '---\ndate: "1 de ' + "\u0430" * (N // 2) + ' 2024"\n---\n',
    "pairs": '---\na: "' + "\\ud83d\\ude00" * (N // 12) + "\\ud83d" + '"\n---\n',
    "anchors": "<a href=x.md>" * (N // 13),
    "anchors2": "<div>\n" + '<a "' * (N // 4),
    "anchors3": "<div>\n" + "<a href='" * (N // 9),
    "anchors4": "<div>\n" + "<script <a " * (N // 11),
    "anchors5": "<div>\n<a " + "b " * (N // 2),
    "comments": "%%\n" * (N // 3) + "%%",
    "comments2": "%%" * (N // 2),
    "comments3": "%% ` `` ``` <!-- " * (N // 17),
    "comments4": "%%\n" + "```x\n" * (N // 5) + "%%",
    "hidden": "<!-- " * (N // 5),
    "hidden2": "<!-- x --> `` ` " * (N // 16),
    "comments5": "%%\n" + "~~~\n```\n" * (N // 8) + "%%\n~~~~",
    "queries": "{{query {" * (N // 9),
    "braces": "---\n{\n  a: 1,\n" + " " * N + "x\n b: [2}\n---\n",
    "aliases": "---\naliases: [" + "a," * (N // 4) + "b]\n---\n",
}
READER = Reader(Path(), Config())


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_text_takes_long(text: str) -> None:
    begun = process_time()
    post, _faults = READER.parse("x.mdx", text.encode())
    if post is not None:
        links.resolve([post])
    assert process_time() - begun < 3


def test_many_posts_of_one_name_take_no_longer() -> None:
    def seconds(number: int) -> float:
        text = b"---\nslug: same\n---\n[[index]] [x](index.md)\n"
        posts = [READER.parse(f"{n}/index.md", text)[0] for n in range(number)]
        begun = process_time()
        links.resolve([post for post in posts if post])
        return process_time() - begun

    assert seconds(3000) < 20 * seconds(500)  # six times as many; each compared with each takes 36 times as long
