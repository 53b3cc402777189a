"""What nobody would act on is not said, or is a note: what tools have agreed with their users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.folders import PROSE, checked, codes, edges, names, read, titled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("field", "others", "dates", "expected"),
    [
        ("date", ["13.08.2015", "14.08.2015", "31.12.2015"], "", "2015-08-03"),
        ("date", ["08/13/2015", "08/14/2015", "12/31/2015"], "", ""),  # full stops never have the month first
        ("date", ["13.08.2015", "14.08.2015"], "", ""),  # two may be slips
        ("date", ["13.08.2015", "14.08.2015", "31.12.2015", "12.31.2015"], "", ""),
        ("room", ["13.08.2015", "14.08.2015", "31.12.2015"], "", ""),
        ("date", [], "day-first", "2015-08-03"),
    ],
)
def test_other_dates_of_the_folder_tell_the_order(
    field: str, others: list[str], dates: str, expected: str, tmp_path: Path
) -> None:
    files = {f"{number}.md": f"---\n{field}: {date}\n---\n" for number, date in enumerate(others)}
    result = read(tmp_path, {**files, "asked.md": "---\ndate: 03.08.2015\n---\n"}, dates=dates)
    assert next(post for post in result.posts if post.path == "asked.md").date == expected
    assert ("asked.md:2 KG103" in codes(result)) == (not expected)


SILENT = {
    "pages of other formats, folders, and what lies outside": {
        "a.md": "[a](/about/) [b](docs/tool) [c](src/) [d](../../issues) [e](/shop/) [f](/2020/feed/)\n",
        "about.njk": "x\n",
        "docs/tool.html.erb": "x\n",
        "src/main.py": "x\n",
        "shop/index.webc": "x\n",
        "pages/2020/feed.tsx": "x\n",
    },
    "mail": {"a.md": "[me](me@example.org) [[me@example.org]]\n"},
    "pictures and documents in properties": {"a.md": titled("A", "cover: '[[a b.png]]'", "paper: '[[p.pdf#page=2]]'")},
    "a table of contents": {"a.md": "[[toc]]\n\n[[_TOC_]]\n"},
    "a picture with brackets": {"a.md": "![[x]](https://example.org/x.svg)\n"},
    "toml in a shortcode": {
        "hugo.toml": "",
        "a.md": '{{< t >}}\n[[moved]] # the last\nfrom = "/**"\n[[one.two]]\n [one.two.x]\n y = 1\n{{< /t >}}\n',
    },
    "lists of Pelican": {
        "pelicanconf.py": "",
        "site/a.md": "Title: A\nDate: 2024-01-01\nTags: one, two words, three\n\nx\n",
    },
    "words of a collection of Jekyll": {
        "_config.yml": "collections:\n  soups:\n",
        "_soups/a.md": titled("A", "tags: hot easy"),
    },
}


@pytest.mark.parametrize("case", SILENT)
def test_no_word_where_the_tools_users_see_nothing_wrong(case: str, tmp_path: Path) -> None:
    assert codes(read(tmp_path, SILENT[case])) == []


def test_translations_are_no_twins(tmp_path: Path) -> None:
    for name in ("en/guide.md", "fr/guide.md", "guide.de.md", "other.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(titled("Guide"), "utf-8")
    assert [line.partition(": ")[0].rpartition("/")[2] for line in checked(tmp_path, "--only", "KG412")] == [
        "other.md:2:8"
    ]


def test_what_is_near_by_nature_is_no_slip(tmp_path: Path) -> None:
    """Booleans, and one field under two of its names."""
    for number in range(40):
        fields = ["pinned: true", "comments: off" if number else "comments: true"]
        fields += ["category: maps", "categories: globes"] if number else ["category: globes", "categories: globes"]
        (tmp_path / f"{number}.md").write_text(titled(str(number), *fields), "utf-8")
    assert checked(tmp_path, "--only", "KG40") == []


def test_the_same_many_times_is_one_line(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.md").write_text("---\ntitle: “open\n---\n", "utf-8")
    (line,) = (line for line in checked(tmp_path) if "KG113" in line)
    assert "0.md:2:8" in line
    assert line.endswith(" (6 times, in 6 files; --only KG113 shows each)")
    assert len(checked(tmp_path, "--only", "KG113")) == 6


def test_dead_links_of_one_file_are_one_line(tmp_path: Path) -> None:
    links = " ".join(f"[{number}](/none/{number}/x)" for number in range(6))
    for name, text in {"a.md": links, "b.md": "[b](/none/b/x)"}.items():
        (tmp_path / name).write_text(titled(name, body=text), "utf-8")
    found = [line for line in checked(tmp_path, "--only", "KG303") if "KG303" in line]
    assert len(found) == 7
    short = [line for line in checked(tmp_path) if "[KG303]" in line]
    assert len(short) == 2
    assert short[0].endswith("'/none/0/x' (6 such links in this file; --only KG303 shows each)")


QUIET = {
    "a copy that waits for its translation": {
        "config.toml": 'baseURL = "https://x.example"\n',
        "docs/fr/a.md": titled("A", body=PROSE),
        "docs/untranslated/a.md": titled("A", body=PROSE),
    },
    "an address that pages of several languages have": {
        "hugo.toml": 'defaultContentLanguage = "en"\n',
        "en/how.md": titled("How", "slug: how"),
        "fr/how.md": titled("Comment", "slug: how", body="[ici](/how)"),
        "fr/deep/more.md": titled("Plus", body="[ici](/how)"),
    },
    "a page of the site's language where there is none of its own": {
        "_config.yml": "collections: {articles: {output: true}}\nplugins: []\n",
        "_articles/law.md": titled("Law"),
        "_articles/fr/law.md": titled("Loi"),
        "_articles/de/law.md": titled("Recht"),
        "_articles/nl/more.md": titled("Meer", body="[recht](/law/)"),
        "_articles/more.md": titled("More", body="[law](/law/)"),
    },
    "a switch in the place of a date": {"a.md": titled("A", "lastUpdated: false", "date: last-modified")},
    "files that are no posts": {
        "mkdocs.yml": "", "a.md": "[a](/certs/root.der) [b](../../DEPS) [c](../out.md) [d](/LICENSE)\n",
    },
    "one text in two languages, for now": {
        "a.md": titled("A", "lang: en", body=PROSE),
        "b.md": titled("B", "lang: pcm", body=PROSE),
    },
    "what a template keeps for later": {
        "eleventy.config.js": "",
        "a.md": '{%- set code %}\n<a href="no-page.md">x</a>\n{%- endset %}\n',
    },
    "one slug on two days": {
        "hugo.toml": "",
        "a.md": titled("A", "slug: same", "date: 2024-01-01"),
        "b.md": titled("B", "slug: same", "date: 2024-01-02"),
    },
    "one author of the form family, given": {"hugo.toml": "", "a.md": titled("A", "author: Lovelace, Ada")},
    "docusaurus: README as a slug, in two folders": {
        "docusaurus.config.js": "",
        "docs/README.md": titled("A", "slug: README"),
        "docs/more/README.md": titled("B", "slug: README"),
    },
    "eleventy: data that belong to no page": {
        "eleventy.config.js": "", "_data/kinds.json": "[1, 2]", "posts/posts.json": '{"tags": "x"}',
        "posts/a.md": "A.\n",
    },
    "hugo: aliases of translations, and aliases within folders": {
        "hugo.toml": "",
        "en/a/new.md": titled("A", "aliases: [old, /gone]"),
        "en/b/new.md": titled("B", "aliases: [old]"),
        "fr/a/new.md": titled("C", "aliases: [old, /gone]"),
    },
    "obsidian: an alias of two notes, and an empty note": {
        ".obsidian/app.json": "{}",
        "a.md": titled("A", "aliases: [Countess]"),
        "b.md": titled("B", "aliases: [Countess]"),
        "c.md": "",
    },
    "logseq: pages with one alias may use it, days have names, years are enough": {
        "logseq/config.edn": "{}",
        "pages/a.md": "alias:: [[Ebb]]\ndate-created:: 2026-06-28 Sun\npublished:: 1985\n\n- [[Ebb]] [[ebb.md]]\n",
        "pages/b.md": "alias:: [[Ebb.md]]\nissued:: [[b]]\n\n- [[Ebb]]\n",
    },
    "logseq: tags and links between dashes": {
        "logseq/config.edn": "{}",
        "pages/a.md": "---\ntitle: 'A: one'\ntags: [[b]], #c, d \nissued: [[2016-05-02]] \n---\n\n- [[a: one]]\n",
        "pages/b.md": "- #c [[d]]\n",
        "pages/c.md": "- x\n",
        "pages/d.md": "- x\n",
    },
    "a time before its date": {
        "a.md": titled("A", "date: 16:24 2023/3/23", "updated: 10:01 AM Sunday, 16 November 2025"),
    },
    "a date with the name of its zone": {
        "a.md": titled("A", "date: Tue Dec 8 19:01:14 EST 2015", "updated: 2018-09-19 16:03 CEST"),
        "b.md": titled("B", "date: 2022-01-12 周三 21:40"),
    },
    "obsidian: a comma of Chinese in a tag": {
        ".obsidian/app.json": "{}",
        "a.md": titled("A", "tags:", "  - 编程/构造、析构"),
        "b.md": titled("B", "tags: [编程/构造、析构, x]"),
    },
    "obsidian: lines of a form that are text, to the tool": {
        ".obsidian/app.json": "{}", "a.md": "Date: 3 May 2024\nCourse: [[b]]\n#physics\n\nText.\n",
        "b.md": "Date: 3 May 2024\nno field\n\nText, see [[a]].\n",
    },
    "a title with quotation marks the wrong way round": {"a.md": titled("”司机的知识“不是真知识")},
    "a command of an editor is no field": {
        f"{number}.md": f"# Insert {number}\n\nType: :reg a ---> a register\n" for number in range(3)
    },
    "marks of direction in Arabic": {"a.md": titled("تنبيه\u202b Skype")},
    "nikola: a date in UTC, and a number of hours": {"a.md": titled("A", "date: 2017-05-22 06:31:05 UTC-07:00")},
    "a sentence is no date": {"a.md": titled("A", "date: |", "  What computers know of days.")},
    "a date as computers of old write it": {"a.md": titled("A", "date: Fri Nov 22 17:19:29 +0000 2024")},
    "a site's own keys of languages": {
        "_config.yml": "plugins: []\n",
        **{f"{name}/a.md": titled("A", f"lang: {name}") for name in ("zh_cn", "zh_tw", "en")},
    },
    "eleventy: a tag of two words; keywords of HTML": {
        "eleventy.config.js": "", "a.md": titled("A", "tags: another tag", "keywords: one, two words"),
    },
    "authors with two names each": {"next.config.js": "", "a.md": titled("A", "author: Ada Vale, Bo Lee")},
    "hugo: an alias of a page and of its translation": {
        "hugo.toml": 'defaultContentLanguage = "en"\n',
        "en/new.md": titled("A", "aliases: [/docs/old/]"),
        "ja/new.md": titled("B", "aliases: [/docs/old/]"),
        "en/b.md": titled("C", body="[old](/docs/old/)"),
        "ja/b.md": titled("D", body="[old](/docs/old)"),
    },
    "links with words, and what is said about a source": {
        "a.md": titled("A", "projects:", "  - text: Tides", "    link: https://x.example", "    about: some words",
                       "resource:", "  url: https://x.example/v", "  about: 'Note: it is long'"),
    },
    "what git ignores is made later": {
        "mkdocs.yml": "", ".gitignore": "# made\nsite/made/docs\n/site/out\n*.log\n!site/kept/x\n",
        "site/a.md": "[a](made/docs/a.md) [b](./out/b.md#c)\n",
    },
    "versions of one page": {
        "docusaurus.config.js": "",
        "docs/a.md": titled("A", body=PROSE),
        **{f"website/versioned_docs/version-{n}/a.md": titled("A", body=PROSE) for n in ("1.0", "2.0", "stable")},
        **{f"more/{name}.md": titled(name, body=PROSE.replace("text", "book")) for name in ("v3/tasks/b", "v4/old/c")},
        **{f"more/{name}.md": titled("D", body=PROSE.replace("text", "page")) for name in ("d", "d.cn")},
    },
    "hexo: categories within categories": {
        "_config.yml": "new_post_name: x\n",
        "source/_posts/a.md": titled("A", "categories:", "- [Sea, Tides]", "- [Land]"),
    },
    "a page that is still to be written": {"_config.yml": "new_post_name: x\n", "source/_posts/a.md": "\n"},
    "lists of lists, and placeholders": {"a.md": titled("A", body="[[A, B], [C, D]] and [[<expression>]]")},
    "methods": {f"{n}.md": titled(f"T{n}", "verb: " + ("get method" if n else "put method")) for n in range(30)},
    "a rule below blank lines": {"a.md": "\n\n---\nBack: [[b]]\n\nWords.\n", "b.md": titled("B")},
    "aliases that are no addresses": {
        "_config.yml": "new_post_name: x\n",
        **{f"source/_posts/{name}.md": titled(name, "aliases: [Add]") for name in "ab"},
    },
    "hexo: posts without a first fence, and nothing else of a site": {
        f"{name}.md": f"title: {name}\ndate: 2024-01-02\ntags: [x]\n---\n\nWords.\n" for name in "abc"
    },
    "hexo: words after the name of a post, and a link elsewhere": {
        "_config.yml": "new_post_name: x\n",
        "source/_posts/a.md": titled(
            "A", body="<a href=\"{% post_path b 'the words' %}#c\">b</a> {% link b https://b.example %}"
        ),
        "source/_posts/b.md": titled("B"),
    },
    "eleventy: a date that is filled in": {"eleventy.config.js": "", "a.md": titled("A", "date: git Last Modified")},
    "a time without zeros": {"a.md": titled("A", "date: 2019-10-09 0:0:0")},
    "words that are booleans in other versions of YAML": {
        "docusaurus.config.js": "", "a.md": titled("A", "keywords: [off, no]"),
    },
    "logseq: a comma at the end, a tag of two words, a date to fill in": {
        "logseq/config.edn": "{}",
        "pages/a.md": "tags:: [[a]],\n\n- x\n",
        "pages/b.md": "tags:: #[[c d]]\n\n- created:: <%today%>\n",
        "pages/c d.md": "- x\n",
    },
    "addresses that programs open, names of things, words with a colon": {
        **{f"{n}.md": titled(n, f"source: '{text}'") for n, text in zip(
            "abc", ("evernote:///view/1/s2", "doi:10.1000/182", "The Press: a history"), strict=True)},
    },
    "mkdocs: pages that are made later": {
        "mkdocs.yml": "nav:\n  - index.md\n  - lists/new.md # soon\n  - A:\n      - 'All': lists/all.md\ntheme: x\n",
        "site/a.md": "[all](lists/all.md) [new](lists/new.md)\n",
    },
    "eleventy: a list of data": {"eleventy.config.js": "", "a/a.json": "[]", "a/a.md": titled("A")},
    "pelican: fields without a blank, which a heading ends": {
        "pelicanconf.py": "",
        "a.md": "Title: A\nTags: x\nshare_post:true\nimage:images/x.png\n# Words\nSituation: more words\n",
    },
    "hugo: ref takes any ending": {
        "hugo.toml": "", "a.md": titled("A", body='[b]({{< ref "/part/b.rst" >}})'), "part/b.md": titled("B"),
    },
    "an address within an expression": {
        "eleventy.config.js": "", "a.md": titled("A", body='[x]({{ "https://x.example/y.md" | url }})'),
    },
    "names by the singular of their field": {"a.md": titled("A", "tags:", "- tag: sea", "- tag: moon")},
    "one name in two fields": {"a.md": titled("A", "tags: [typora]", "categories: [Typora]", "keywords: [TYPORA]")},
    "what stands in the place of a date": {
        f"{n}.md": titled(str(n), f"date: {text}") for n, text in enumerate(("$year$-$month$", "\\\\today", "${now}"))
    },
    "months of other languages": {
        f"{n}.md": titled(str(n), f"date: {text}") for n, text in enumerate(("15 Ocak 2024", "3 października 2024"))
    },
    "logseq: text below a title": {
        "logseq/config.edn": "{}", "pages/a.md": "title:: A\n> Words: more\n1. https://a.example\n\n- b\n",
    },
    "quartz: tags with commas": {"quartz.config.ts": "", "a.md": titled("A", "tags: one, two", "aliases: x")},
    "values turned into comments": {"a.md": titled("A", 'next: #"b.md"', "prev: #c.md", "list: #[a, b]")},
    "a number after a date": {"a.md": titled("A", 'date: "2022/12/21 01"')},
    "pages that a template fills": {
        **{f"class/{n}.md": titled(f"Class {n}", body=f"# {{{{ $frontmatter.title }}}}\n\n{PROSE}") for n in range(2)},
    },
    "years of old, and a full stop": {"a.md": titled("A", "published: 1895", "updated: March 28, 2013.")},
    "quarto: a path from the root of the project": {
        "_quarto.yml": "", "site/a.qmd": titled("A", body="[b](/site/b.qmd)"), "site/b.qmd": titled("B"),
    },
    "zola: fences with blanks before them": {"zola.toml": "", "site/a.md": "  +++\n  title = 'A'\n  +++\n\nWords.\n"},
    "rules and headings below blank lines": {"a.md": "\n\n---\n\n## One\n\nIn short:\n\nWords.\n\n---\n\nMore.\n"},
    "an empty note of a vault below": {"vault/.obsidian/app.json": "{}", "vault/a.md": "", "b.md": titled("B")},
    "languages and lists of names are no near misses": {
        f"{n}.md": titled(f"T{n}", "lang: " + ("zh_cn" if n == 1 else "zh-CN"),
                          "tags: '" + ("#one #twofold'" if n else "#one #twofolds'"))
        for n in range(30) if n != 1
    },
    "logseq: an empty page made for an alias": {
        "logseq/config.edn": "{}",
        "pages/a.md": "alias:: Ebb\n\n- x\n",
        "pages/Ebb.md": "-\n",
        "pages/b.md": "- [[Ebb]]\n",
    },
    "an address that is encoded as a whole": {"a.md": "[x](https%3A%2F%2Fx.example%2Fa.md)\n"},
    "translations of docusaurus that are still to be made, in what is no code of a language": {
        "docusaurus.config.js": "",
        **{f"{folder}{name}.md": titled(name, "tags: [x]", body=PROSE.replace("Line", name))
           for folder in ("docs/", "i18n/jp/docusaurus-plugin-content-docs/current/") for name in "abcdef"},
    },
    "addresses of translations": {
        f"blog_{code}/{name}.md": titled(f"{code} {name}", f"slug: {name}", body=body)
        for code in ("en", "ja") for name, body in (("one", "[two](/two)"), ("two", "Words."))
    },
}  # fmt: skip


@pytest.mark.parametrize("case", QUIET)
def test_nothing_is_said_where_nobody_would_act(case: str, tmp_path: Path) -> None:
    from kg import checks

    result = read(tmp_path, QUIET[case])
    content = tmp_path / "site" if (tmp_path / "site").is_dir() else tmp_path
    found = checks.run(content, result.posts, result.knowledge_graph, result.diagnostics, result.config)
    assert [d for d in found if d.code != "KG414" and (d.code, d.severity) != ("KG004", "note")] == []


NOTED = {
    "KG114": {"a.md": titled("A", "author: Ada Lovelace, Grace")},
    "KG114 ": {"a.md": titled("A", "categories: Valaxy Theme Hairy")},
    "KG103": {".obsidian/app.json": "{}", "a.md": "Date : Jan 2021 - April 2021\n\nText.\n"},
    "KG302 ": {
        "a.md": titled("A", body="[x](/x/)"),
        "b/x.md": titled("B"),
        "c/x.md": titled("C"),
    },
    "KG101": {"pelicanconf.py": "", "a.md": titled("A: a beginning")},
    "KG101 ": {"eleventy.config.js": "", "a.md": titled("A", "tags:", "\t- sea")},
    "KG111": {"a.md": titled("A", "marp: true", "color: #fff")},
    "KG006 ": {"hugo.toml": "", ".hidden.md": "Words.\n", "content/a.md": titled("A")},
    "KG006  ": {"hugo.toml": "", "content/a.md": titled("A"), "content/b.md": titled('"{{title}}"')},
    "KG112": {"a.md": titled("A", "lang: pt_BR"), "b.md": titled("B", "lang: en_US.UTF-8")},
    "KG122 ": {"a.md": titled("A", "created: 1771506225", "updated: 0")},
    "KG302": {"a.md": titled("A", body="[[Book Notes]]"), "x/book-notes.md": "X.\n", "y/book-notes.md": "Y.\n"},
    "KG301  ": {"hugo.toml": "", "b/_content.gotmpl": "", "a.md": titled("A", body='[b]({{< ref "b/x" >}})')},
    "KG003": {"a.md": "One\rtwo\nthree\nfour\n"},
    "KG006": {".md": "", "a.md": "A.\n"},
    "KG110": {"a.md": titled('"Soft\\u00ADly"', 'about: "no\\u200Bthing"')},
    "KG113": {"a.md": titled("“they said so”")},
    "KG117": {"eleventy.config.js": "", "a.md": "---js\n{title: 'A'}\n---\n"},
    "KG122": {"a.md": titled("A", "date: 2018"), "b.md": titled("B", "date: April 2025")},
    "KG202": {"a.md": titled("A", "keywords: [CSS, css]")},
    "KG301": {"mkdocs.yml": "plugins:\n  - gen-files\n", "site/a.md": "[x](api/x.md)\n"},
    "KG301 ": {"root.schema.yml": "version: 1\n", "root.md": titled("Root", body="[x](a.b.md)")},
    "KG303": {
        "hugo.toml": "",
        "site/a.md": titled("A", body="[x](/three/part/x/)"),
        "site/one/part/x.md": titled("X"),
        "site/two/part/x.md": titled("Y"),
    },
}


@pytest.mark.parametrize("code", NOTED)
def test_what_only_some_would_mend_is_a_note(code: str, tmp_path: Path) -> None:
    assert {(d.code, d.severity) for d in read(tmp_path, NOTED[code]).diagnostics} == {(code.strip(), "note")}


@pytest.mark.parametrize("text", ["There are two: one", "**Note**: see [[b]]", "# Heading: x", "A `value`: y"])
def test_text_between_two_rules_below_a_blank_line_is_text(text: str, tmp_path: Path) -> None:
    result = read(tmp_path, {"a.md": f"\n---\n{text}\nSee [[b]] #sea\n\n---\n\nMore.\n", "b.md": "# B\n"})
    assert edges(result) == {("a", "b")}
    assert names(result, "a.md") == {("tag", "sea")}
    assert codes(result) == []
    result = read(tmp_path, {"a.md": "\n---\ntags:\n- sea\n---\n"})
    assert names(result, "a.md") == {("tag", "sea")}


def test_what_slips_look_like_is_a_warning_all_the_same(tmp_path: Path) -> None:
    files = {
        "a.md": titled("“open"),
        "b.md": titled('"Con\\u0001trol"'),
        "c.md": titled("C", "source: htp://c.example/"),
        "d.md": titled("D", "tags: [CSS, css]"),
        "e.md": "title: E\ndate: 2024-01-02\n---\n\nWords.\n",
        ".f.md": "Words.\n",
        "g.md": titled("G", "lang: zh_cn"),
        "h.md": titled(
            "H", body="[h](www.h.example/x) [h](/https://h.example) [h](h.example/a.md) [h](h.com.example) [h](h.com)"
        ),
        "i.md": titled("I", body="[[j]]"),
        "1/j.md": "One.\n",
        "2/j.md": "Two.\n",
    }
    assert {(d.path, d.code, d.severity) for d in read(tmp_path, files).diagnostics} == {
        ("a.md", "KG113", "warning"),
        ("b.md", "KG110", "warning"),
        ("c.md", "KG109", "warning"),
        ("d.md", "KG202", "warning"),
        ("e.md", "KG121", "error"),
        (".f.md", "KG006", "warning"),
        ("g.md", "KG112", "warning"),
        ("h.md", "KG301", "warning"),
        ("i.md", "KG302", "warning"),
    }


def test_one_fault_in_a_line_is_enough(tmp_path: Path) -> None:
    assert codes(read(tmp_path, {"a.md": titled("A", "date: %b %-d, %Y")})) == ["a.md:3 KG101"]


def test_a_form_that_is_not_filled_in_is_no_copy(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}.md").write_text(titled("Day", body=PROSE), "utf-8")
    assert any("warning[KG413]" in line for line in checked(tmp_path))
    (tmp_path / "1.md").write_text(titled("Another day", body=PROSE), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG413")} == {"note"}


def test_below_two_names_in_dendron_are_two_folders(tmp_path: Path) -> None:
    for name in ("course.long.end", "course.short.end"):
        (tmp_path / f"{name}.md").write_text(titled("End", body=PROSE), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG413")} == {"note"}


def test_one_talk_at_two_events_is_no_copy(tmp_path: Path) -> None:
    for day, place in (("2023-01-25", "Oslo"), ("2024-02-03", "Rome")):
        text = titled("A talk", f"date: {day}", f"event: At {place}", f"location: {place}", body=PROSE)
        (tmp_path / f"{place}.md").write_text(text, "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG413")} == {"note"}


def test_what_most_posts_do_is_a_habit(tmp_path: Path) -> None:
    for number in range(12):
        tags = "tags: one, two" if number < 6 else "tags: [one, two]"
        (tmp_path / f"{number}.md").write_text(titled(str(number), tags, body="[[Other]]"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"note"}
    for number in range(1, 6):
        (tmp_path / f"{number}.md").write_text(titled(str(number), "tags: [one, two]"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"warning"}


def test_other_dates_of_the_folder_tell_which_number_is_the_day(tmp_path: Path) -> None:
    files = {f"{day}.md": titled(str(day), f"date: {day}-02-2024") for day in (13, 14, 28)}
    files["x.md"] = titled("X", "date: 03-02-2024")
    assert {post.date for post in read(tmp_path, files).posts if post.path == "x.md"} == {"2024-02-03"}
    result = read(tmp_path, {"28.md": titled("28", "date: 02-28-2024")})
    assert [d.code for d in result.diagnostics if d.path == "x.md"] == ["KG103"], "both orders"


def test_a_folder_that_is_a_copy_is_one_finding(tmp_path: Path) -> None:
    for number in range(6):
        for folder in ("docs", "packages/x/docs"):
            path = tmp_path / folder / f"part/{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{PROSE}\nAnd line {number}, which is long enough as well.\n{number * PROSE}", "utf-8")
    (tmp_path / "other.md").write_text("# Book\n\n" + PROSE.replace("text", "book"), "utf-8")
    (tmp_path / "twin.md").write_text("# Book\n\n" + PROSE.replace("text", "book"), "utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/other.md").write_text("# Book\n\n" + PROSE.replace("text", "book"), "utf-8")
    first, second = (line for line in checked(tmp_path, "--only", "KG413") if "warning" in line)
    assert ", and so 5 more in packages/x/docs/part; leave one of the two folders out" in first
    assert second.endswith("the body is the same as that of other.md")
    for number in range(3):
        (tmp_path / f"packages/x/docs/part/own{number}.md").write_text(f"Only here, {number}.\n", "utf-8")
    (common,) = (line for line in checked(tmp_path, "--only", "KG413") if "packages" in line)
    assert "note" in common, "sections may have pages in common"
    assert common.endswith(", and so 5 more in packages/x/docs/part")


def test_two_files_whose_names_look_the_same_are_told_apart(tmp_path: Path) -> None:
    for name in ("caf\u00e9.md", "cafe\u0301.md"):
        (tmp_path / name).write_text(PROSE, "utf-8")
    (line,) = (line for line in checked(tmp_path, "--only", "KG413") if "warning" in line)
    assert line.endswith("whose name only has its accents apart (Unicode NFC and NFD); leave one of the two out")


def test_what_stays_a_finding_beside_what_is_silent(tmp_path: Path) -> None:
    """A page claims what another of its language claims; a month is no day; a path leads where it says."""
    files = {
        "hugo.toml": "",
        "en/a.md": titled("A", "aliases: [old]", "date: 2024-05"),
        "en/b.md": titled("B", "aliases: [old]", body="[x](./chapter.md)"),
        "one/chapter.md": "x\n",
        "two/chapter.md": "x\n",
    }
    assert codes(read(tmp_path, files)) == ["en/a.md:3 KG201", "en/a.md:4 KG122", "en/b.md:3 KG201", "en/b.md:5 KG301"]
