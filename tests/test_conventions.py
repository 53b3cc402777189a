"""What tools have agreed with their users, without a word of it in the posts: one small folder each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config, ResolutionSettings
from kg.pipeline.build import build
from kg.reading.folder import look

if TYPE_CHECKING:
    from pathlib import Path

    from kg.pipeline.build import Result


def read(folder: Path, files: dict[str, str], **settings: object) -> Result:
    """Build the graph of a few files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return build(folder / "site" if (folder / "site").is_dir() else folder, config=Config().with_changes(**settings))


def edges(result: Result) -> set[tuple[str, str]]:
    """The links between posts, without the base of their IRIs."""
    base = f"{result.config.base}post/"
    graph = result.knowledge_graph
    both = ((edge.source, edge.target) for edge in graph.edges if edge.source in graph.nodes)
    return {(a.removeprefix(base), b.removeprefix(base)) for a, b in both if b.startswith(base)}


def codes(result: Result) -> list[str]:
    """What is said about the posts."""
    return [f"{d.path}:{d.line} {d.code}" for d in result.diagnostics]


def titled(title: str, *fields: str, body: str = "") -> str:
    return "\n".join(["---", f"title: {title}", *fields, "---", body, ""])


ID = "01234567-89ab-cdef-0123-456789abcdef"
LINKS = {
    "the page in the language of a page, told by the ending": (
        {
            "hugo.toml": "",
            "content/a.md": "[b](/b/)\n",
            "content/a.de.md": '[b]({{< ref "b" >}}) [c](./c.md#x)\n',
            "content/b.md": "B.\n",
            "content/b.de.md": "[a](/de/a/)\n",
            "content/c.md": "C.\n",
            "content/c.de.md": "C.\n",
        },
        {
            ("content/a", "content/b"),
            ("content/a.de", "content/b.de"),
            ("content/a.de", "content/c.de"),
            ("content/b.de", "content/a.de"),
        },
    ),
    "the site's own language in the ending of files": (
        {
            "hugo.toml": 'defaultContentLanguage = "en"\n',
            "content/a.en.md": '[b](/b/) [r]({{< ref "/b.md" >}})\n',
            "content/b/index.en.md": "B.\n",
            "content/c.fr.md": "[a](/fr/a/) [b](./b/)\n",
        },
        {(one, "content/b/index.en") for one in ("content/a.en", "content/c.fr")} | {("content/c.fr", "content/a.en")},
    ),
    "translations of MkDocs by ending": (
        {
            "mkdocs.yml": "plugins:\n  - i18n:\n      languages:\n        - locale: en\n          default: true\n",
            "docs/a.fr.md": "[b](sub/b.md)\n",
            "docs/sub/b.en.md": "B.\n",
        },
        {("docs/a.fr", "docs/sub/b.en")},
    ),
    "GitBook's references": (
        {"README.md": '{% page-ref page="a/b.md" %} {% content-ref url="a/" %}\n', "a/README.md": "A.\n",
         "a/b.md": "[up](./) [in](../README.md)\n"},
        {("README", "a/b"), ("README", "a/README"), ("a/b", "a/README"), ("a/b", "README")},
    ),
    "a wiki of GitHub names the page last": (
        {"Home.md": "[[Text|Page-Three]] [[Page Two]]\n", "Page-Two.md": "2.\n", "Page-Three.md": "3.\n"},
        {("Home", "Page-Three"), ("Home", "Page-Two")},
    ),
    "Liquid around addresses": (
        {
            "_config.yml": "baseurl: /blog\ntheme: x\n",
            "_posts/2020-01-02-a.md": "[b]({% link b.md %}) [c]({{ '/c/' | relative_url }}) [d]({{site.baseurl}}/d)\n",
            **{f"{name}.md": f"{name}.\n" for name in "bcd"},
        },
        {("_posts/2020-01-02-a", name) for name in "bcd"},
    ),
    "pages of MkDocs, by folder, file and whole address": (
        {
            "mkdocs.yml": "site_url: https://e.example/docs/\n",
            "docs/a.md": "[b](../b/) [c](s/c.md#x) [s](s/) [b](https://e.example/docs/b/)\n",
            "docs/b.md": "B.\n",
            "docs/s/c.md": "C.\n",
            "docs/s/index.md": "S.\n",
        },
        {("docs/a", "docs/b"), ("docs/a", "docs/s/c"), ("docs/a", "docs/s/index")},
    ),
    "zola: @/ begins in content, `path` is an address": (
        {
            "config.toml": 'base_url = "https://z.example"\n',
            "content/one.md": '+++\npath = "2025/06/26/one-1.88.0"\n+++\n[two](@/two.md#part)\n',
            "content/two.md": "[one](/2025/06/26/one-1.88.0/)\n",
        },
        {("content/one", "content/two"), ("content/two", "content/one")},
    ),
    "a whole address that fits one file": (
        {
            "app/docs/en/guides/deep/forms.md": "[forms](/en/guides/forms/)\n",
            "app/docs/en/guides/forms.md": "Plain.\n",
            "app/docs/de/guides/forms.md": "Schlicht.\n",
        },
        {("app/docs/en/guides/deep/forms", "app/docs/en/guides/forms")},
    ),
    "a translation that is not there is the page of the site's language": (
        {
            "astro.config.mjs": 'export default {i18n: {defaultLocale: "en"}}\n',
            "src/content/docs/en/guides/forms.md": "Plain.\n",
            "src/content/docs/fr/guides/forms.md": "Simple.\n",
            "src/content/docs/it/pages.md": "[moduli](/it/guides/forms/) [moduli](/guides/forms)\n",
        },
        {("src/content/docs/it/pages", "src/content/docs/en/guides/forms")},
    ),
    "what lies beside folders of translations is what they translate": (
        {
            "home.md": "H.\n",
            "parts/screw.md": "S.\n",
            "parts/nut.md": "N.\n",
            "fr/home.md": "H.\n",
            "fr/parts/screw.md": "S.\n",
            "de/home.md": "[Schraube](/de/parts/screw) [Mutter](/de/parts/nut)\n",
        },
        {("de/home", "parts/screw"), ("de/home", "parts/nut")},
    ),
    "the page's own language goes before others": (
        {
            "en/get/index.md": "Get.\n",
            "fr/get/index.md": "Prendre.\n",
            "fr/about/age.md": "[prendre](/get)\n",
        },
        {("fr/about/age", "fr/get/index")},
    ),
    "an exact path goes before its last part": (
        {
            "content/en/verbs/_index.md": "Verbs.\n",
            "content/en/short/verbs.md": "Verbs in short.\n",
            "content/en/short/nouns.md": "[verbs](/verbs/)\n",
        },
        {("content/en/short/nouns", "content/en/verbs/_index")},
    ),
    "a path goes before a date": (
        {
            "entry/2019/12/31/year.md": titled("2019", "date: 2019-12-30"),
            "entry/2022/12/31/year.md": titled("2022", "date: 2019-12-31", body="[2019](/entry/2019/12/31/year/)"),
        },
        {("entry/2022/12/31/year", "entry/2019/12/31/year")},
    ),
    "jekyll: posts below other folders, and with blanks": (
        {
            "_posts/2019-02-04-hello.md": "x\n",
            "films/_posts/2019-02-05-hello.md": "x\n",
            "_posts/Salt and Oil/2019-02-06-salad.md": "x\n",
            "_soups/beet.md": "[leek](/soups/leek)\n",
            "_soups/leek.md": "x\n",
            "index.md": "[a]({% post_url films/2019-02-05-hello %}) [b]({% post_url Salt and Oil/2019-02-06-salad %})",
        },
        {
            ("index", "films/_posts/2019-02-05-hello"),
            ("index", "_posts/Salt%20and%20Oil/2019-02-06-salad"),
            ("_soups/beet", "_soups/leek"),
        },
    ),
    "docusaurus: `id` and slugs count within their folder": (
        {
            "docusaurus.config.js": "module.exports = {};\n",
            "docs/intro.md": titled("Intro", "id: welcome", body="[tray](/docs/api/tray)"),
            "docs/api/icons.md": titled("Icons", "slug: tray", body="[welcome](/docs/welcome)"),
            "docs/guide/icons.md": titled("Icons, a guide", "slug: tray"),
        },
        {("docs/intro", "docs/api/icons"), ("docs/api/icons", "docs/intro")},
    ),
    "`/` is no README": ({"README.md": "Read me.\n", "notes.md": "[home](/)\n"}, set()),
    "`/` is the index": ({"index.md": "Home.\n", "README.md": "x\n", "notes.md": "[home](/)\n"}, {("notes", "index")}),
    "a link without its slash": (
        {"deep/down/a.md": "[b](far/b) [c](./far/b)\n", "far/b.md": "x\n"},
        {("deep/down/a", "far/b")},
    ),
    "another site's address in a template": (
        {
            "a.md": "[b]({{ site.repository }}/b) [c]({{ site.url }}{{ site.baseurl }}/c)\n",
            "b.md": "x\n",
            "c.md": "x\n",
        },
        {("a", "c")},
    ),
    "the site's own address, and the path it begins with": (
        {
            "hugo.toml": 'baseURL = "https://me.example/blog/"\n',
            "site/a.md": "[b](https://me.example/blog/b/?x#y) <http://ME.example/blog/c> [d](https://me.example/other/d)\n",
            "site/b.md": "[c](/blog/c) [a](https://me.example.org/blog/a)\n",
            "site/c.md": '<a href="https://me.example/blog/b">b</a>\n',
            "site/d.md": "x\n",
        },
        {("a", "b"), ("a", "c"), ("b", "c"), ("c", "b")},
    ),
    "zola: @/ begins in the content of its own site": (
        {"blog/content/deep/a.md": "[b](@/deep/b.md)\n", "blog/content/deep/b.md": "x\n", "deep/b.md": "x\n"},
        {("blog/content/deep/a", "blog/content/deep/b")},
    ),
    "a version of docs leads to its own pages": (
        {
            "docs/view.md": "x\n",
            "website/versioned_docs/version-1.0/view.md": "x\n",
            "website/versioned_docs/version-1.0/old/move.md": "[a](view.md) [b](/old/run.mdx)\n",
            "website/versioned_docs/version-1.0/old/run.mdx": "x\n",
            "website/versioned_docs/version-2.0/view.md": "x\n",
            "website/versioned_docs/version-2.0/old/run.mdx": "x\n",
        },
        {
            ("website/versioned_docs/version-1.0/old/move", f"website/versioned_docs/version-1.0/{name}")
            for name in ("view", "old/run.mdx")
        },
    ),
    "dendron: what ends like a suffix is part of a name": (
        {
            "dendron.yml": "",
            "pod.md": "[[words|pod.markdown]] [[pod.html]]\n",
            **{f"pod.{name}.md": "[[pod]]\n" for name in ("html", "markdown")},
        },
        {("pod.html", "pod"), ("pod.markdown.md", "pod"), ("pod", "pod.html"), ("pod", "pod.markdown.md")},
    ),
    "what a link is called is no link": (
        {
            "a.md": titled("A", "next:", "  text: C", "  link: /b"),
            "b.md": titled("B", "related:", "  - title: A", "  - title: C"),
            "c.md": titled("C", "related:", "  - {title: A, url: /b/}"),
            "d.md": titled("D", "related:", "  - {title: A, url: 'https://x.example/a/'}"),
        },
        {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("d", "a")},
    ),
    "logseq: a tag with a path is the page of that path": (
        {
            "logseq/config.edn": "{}",
            "pages/a.md": "tags:: [[Tide/Ebb]]\n\n- x\n",
            "pages/Ebb.md": "- x\n",
            "pages/Tide___Ebb.md": "- x\n",
        },
        {("pages/a", "pages/Tide___Ebb")},
    ),
    "hexo: short addresses of a plugin": (
        {
            "_config.yml": "permalink: posts/:abbrlink.html\npost_asset_folder: true\n",
            "source/_posts/a.md": titled("A", "abbrlink: 4a17b156", body="[b](/posts/66666.html)"),
            "source/_posts/b.md": titled("B", "abbrlink: 66666", body="[a](/posts/4a17b156/)"),
        },
        {("source/_posts/a", "source/_posts/b"), ("source/_posts/b", "source/_posts/a")},
    ),
    "gatsby: `path` is an address": (
        {
            "gatsby-config.js": "",
            "content/a.md": titled("A", "path: /log/first-post", body="[b](/log/second)"),
            "content/b.md": titled("B", 'path: "/log/second"', body="[a](/log/first-post/)"),
        },
        {("content/a", "content/b"), ("content/b", "content/a")},
    ),
    "obsidian: addresses that open a note": (
        {
            ".obsidian/app.json": "{}",
            "n/a.md": "[b](obsidian://open?vault=V&file=n%2Fb%20c) [x](obsidian://open?vault=W&file=nowhere)\n",
            "n/b c.md": "[a](obsidian://vault/V/n/a) [s](obsidian://search?query=a)\n",
        },
        {("n/a", "n/b%20c"), ("n/b%20c", "n/a")},
    ),
    "logseq: addresses that open a page": (
        {
            "logseq/config.edn": "{}",
            "pages/a.md": "- [b](logseq://graph/G?page=b)\n",
            "pages/b.md": f"- x\n  id:: {ID}\n",
            "pages/c.md": f"- [b](logseq://graph/G?block-id={ID})\n",
        },
        {("pages/a", "pages/b"), ("pages/c", "pages/b")},
    ),
    "nikola: link://": (
        {
            "conf.py": "BLOG_TITLE = 'x'\n",
            "posts/a.md": "[b](link://slug/bb) [b](link://filename/posts/b.md) [t](link://tag/b)\n",
            "posts/b.md": ".. title: B\n.. slug: bb\n\nx\n",
        },
        {("posts/a", "posts/b")},
    ),
    "a note that is called as a program would be": (
        {
            ".obsidian/app.json": "{}",
            "Node.js.md": "N.\n",
            "a.md": "---\nup: '[[Node.js]]'\n---\n[[main.py]] ![[pic.png]]\n",
            "b.md": "[[Node.js|it]]\n",
        },
        {("a", "Node.js"), ("b", "Node.js")},
    ),
    "dendron: notes with dots": (
        {
            "dendron.yml": "",
            "dev.js.md": "x\n",
            "a.md": "[[it|dev.js]] and [[dev.js#5.6-more]]\n",
            "b.md": "[[it|dendron://v/dev.js]]\n",
        },
        {("a", "dev.js"), ("b", "dev.js")},
    ),
    "logseq: a page within another has not its name": (
        {
            "logseq/config.edn": "{}",
            "pages/Dev.md": "- x\n",
            "pages/Dev%2FDev.md": "- x\n",
            "pages/Ops.md": "- x\n",
            "pages/Ops___Ops.md": "- x\n",
            "journals/2024_05_01.md": "- [[Dev]] and #Dev/Dev\n",
            "journals/2024_05_02.md": "- #Ops and [[Ops/Ops]]\n",
        },
        {
            ("journals/2024_05_01", "pages/Dev"),
            ("journals/2024_05_01", "pages/Dev%252FDev"),
            ("journals/2024_05_02", "pages/Ops"),
            ("journals/2024_05_02", "pages/Ops___Ops"),
        },
    ),
    "docusaurus: translations of a version lead to their own, else to what they translate": (
        {
            "docusaurus.config.js": "",
            "docs/how.md": "x\n",
            "docs/why.md": "x\n",
            "versioned_docs/version-3/how.md": "x\n",
            "versioned_docs/version-3/why.md": "x\n",
            "i18n/uk/docusaurus-plugin-content-docs/version-3/deep/a.md": "[how](/how.md) [why](/why.md)\n",
            "i18n/uk/docusaurus-plugin-content-docs/version-3/how.md": "x\n",
            "i18n/uk/docusaurus-plugin-content-docs/current/how.md": "x\n",
        },
        {
            ("i18n/uk/docusaurus-plugin-content-docs/version-3/deep/a", place)
            for place in ("i18n/uk/docusaurus-plugin-content-docs/version-3/how", "versioned_docs/version-3/why")
        },
    ),
    "docusaurus in a folder beside its docs": (
        {
            "website/docusaurus.config.js": "module.exports = {\n  url: 'https://d.example',\n};\n",
            "website/help/start.md": titled("Start", "id: first"),
            "docs/a.md": "[b](https://d.example/docs/b) [first](/help/first)\n",
            "docs/b.md": "x\n",
        },
        {("docs/a", "docs/b"), ("docs/a", "website/help/start")},
    ),
    "a link in angle brackets beside HTML": (
        {"a.md": '<aside markdown="1">\n\nNote.\n\n</aside>\n\n[b](<my b.md>)\n', "my b.md": "x\n"},
        {("a", "my%20b")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LINKS)
def test_links_follow_the_tool(case: str, tmp_path: Path) -> None:
    files, expected = LINKS[case]
    result = read(tmp_path, files)
    assert edges(result) == expected
    assert not [d for d in result.diagnostics if d.severity != "note"], codes(result)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_config.yml", "url: 'https://me.example' # ours\n"),
        ("_config.yml", "url: https://me.example\nroot: /\n"),
        ("hugo.yaml", "baseURL: https://me.example/\n"),
        ("config/_default/config.toml", 'baseurl = "https://me.example/"\n'),
        ("config.toml", 'base_url = "https://me.example"\n'),
        ("mkdocs.yml", "site_url: https://me.example/\n"),
        ("docusaurus.config.js", "const config = {\n  url: 'https://me.example',\n  baseUrl: '/',\n};\n"),
        ("astro.config.mjs", "export default defineConfig({\n  site: 'https://me.example',\n});\n"),
        ("quartz.config.ts", 'const config = {\n  configuration: {\n    baseUrl: "me.example",\n  },\n};\n'),
        ("pelicanconf.py", "SITEURL = 'https://me.example'\n"),
        ("static/CNAME", "me.example\n"),
    ],
)
def test_the_settings_of_each_tool_tell_the_address(name: str, text: str, tmp_path: Path) -> None:
    posts = {"site/a.md": "[b](https://me.example/b)\n", "site/b.md": "x\n"}
    assert edges(read(tmp_path, {name: text, **posts})) == {("a", "b")}


def test_the_base_of_the_graph_may_be_the_address(tmp_path: Path) -> None:
    files = {"a.md": "[b](https://me.example/b)\n", "b.md": "x\n"}
    assert edges(read(tmp_path, files, base="https://me.example/")) == {("a", "b")}
    assert edges(read(tmp_path, files)) == set()


def test_an_address_that_changes_is_read_again(tmp_path: Path) -> None:
    """What was read before is not believed where the site has moved."""
    read(tmp_path, {"_config.yml": "url: https://old.example\n", "a.md": "[b](https://me.example/b)\n", "b.md": "x\n"})
    assert edges(build(tmp_path, tmp_path.parent / f"{tmp_path.name}-out", formats=["nt"])) == set()
    (tmp_path / "_config.yml").write_text("url: https://me.example\n")
    assert edges(build(tmp_path, tmp_path.parent / f"{tmp_path.name}-out", formats=["nt"])) == {("a", "b")}


def test_what_claims_an_address_and_what_does_not(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        {
            "show/a/1.md": titled("First", 'slug: "1"'),
            "show/b/1.md": titled("One", 'slug: "1"'),
            "show/b/2.md": titled("Two", 'slug: "1"'),
            "x.md": titled("X", "permalink: false"),
            "y.md": titled("Y", "permalink: false"),
            "v.md": titled("V", "permalink: /same/"),
            "w.md": titled("W", "permalink: /same/"),
        },
    )
    assert codes(result) == ["show/b/1.md:3 KG201", "show/b/2.md:3 KG201", "v.md:3 KG201", "w.md:3 KG201"]


def unwritten(result: Result) -> dict[str, set[str]]:
    """Unwritten page → the pages that name it."""
    base, graph = result.config.base, result.knowledge_graph
    return {
        node.label: {edge.source.removeprefix(f"{base}post/") for edge in graph.edges if edge.target == node.iri}
        for node in graph.nodes.values()
        if node.kind == "page"
    }


@pytest.mark.parametrize("marker", [".obsidian/app.json", "logseq/config.edn", ".foam/x.json", "quartz.config.ts"])
def test_an_unwritten_page_of_a_vault_is_one_thing(marker: str, tmp_path: Path) -> None:
    files = {
        marker: "{}",
        "a.md": "[[Emacs]], ![[emacs#Keys|keys]] and [[Ada/Notes]]\n",
        "b.md": "---\nsee: '[[Emacs]]'\n---\n[[b]]\n",
    }
    result = read(tmp_path, files)
    assert unwritten(result) == {"Emacs": {"a", "b"}, "Ada/Notes": {"a"}}
    assert [(d.path, d.line, d.severity, d.message) for d in result.diagnostics] == [
        ("a.md", 1, "note", "'Emacs' is named by 2 pages, and not written"),
        ("a.md", 1, "note", "'Ada/Notes' is named by 1 page, and not written"),
    ]
    (node,) = (node for node in result.knowledge_graph.nodes.values() if node.label == "Emacs")
    assert [(a.predicate, a.value) for a in node.attributes] == [("https://kg.example/ns/unwritten", "true")]
    edges = (edge for edge in result.knowledge_graph.edges if edge.target == node.iri)
    said = {(edge.predicate.rpartition("/")[2], edge.field) for edge in edges}
    assert said == {("mentions", "body"), ("see", "see")}


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


def test_an_unwritten_page_is_the_only_thing_of_its_name(tmp_path: Path) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "a.md": "---\npeople: ['[[Ada Lovelace]]', Mercury]\n---\n[[ada lovelace]] [[maths]]\n",
        "b.md": "---\ncompanies: [Mercury]\ntags: [maths]\nsee: '[[Ada Lovelace]]'\n---\n[[Mercury]] [[Nobody]]\n",
    }
    result = read(tmp_path, files, resolution=ResolutionSettings(across_kinds=False))
    assert unwritten(result) == {"Mercury": {"b"}, "Nobody": {"b"}}, "two things are called Mercury"
    said = {(e.source[-1], e.predicate.rpartition("/")[2], e.field, e.target) for e in result.knowledge_graph.edges}
    ada, maths = (result.resolution.entity_of(*name).iri for name in (("person", "Ada Lovelace"), ("tag", "maths")))
    assert said >= {("a", "mentions", "people", ada), ("a", "mentions", "body", maths), ("b", "see", "see", ada)}
    assert len([edge for edge in said if edge[3] == ada]) == 2


def test_a_link_to_nowhere_outside_a_vault_of_notes_is_a_warning(tmp_path: Path) -> None:
    result = read(tmp_path, {"mkdocs.yml": "", "a.md": "[[Emacs]]\n"})
    assert unwritten(result) == {}
    assert codes(result) == ["a.md:1 KG301"]


def test_check_lists_the_pages_that_are_wanted_most(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    read(tmp_path, {".obsidian/app.json": "{}", "a.md": "[[X]] [[Y]] [[Z]]", "b.md": "[[X]] [[Y]]", "c.md": "[[Y]]"})
    said = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert "most wanted of the pages that are not written: Y (3), X (2)\n" in said.output


def test_a_tag_of_logseq_is_a_page(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        {
            "logseq/config.edn": "{}",
            "pages/Graph.md": "tags:: [[Term]], plain\n- a #Term and a [[Term]]\n",
            "pages/Term.md": "- about #[[two words]]\n",
            "pages/Other.md": "- about [[Two words]]\n",
        },
    )
    assert edges(result) == {("pages/Graph", "pages/Term")}
    assert unwritten(result) == {"plain": {"pages/Graph"}, "Two words": {"pages/Term", "pages/Other"}}
    assert {node.kind for node in result.knowledge_graph.nodes.values()} == {"post", "page"}


@pytest.mark.parametrize(
    ("form", "link"),
    [
        ("", "May 1st, 2024"),
        ("yyyy-MM-dd", "2024-05-01"),
        ("dd-MM-yyyy", "01-05-2024"),
        ("EEEE, do MMM yyyy", "Wednesday, 1st May 2024"),
        ("MM/dd/yy", "05/01/24"),
        ("yyyyMMdd", "20240501"),
    ],
)
def test_journals_are_called_as_the_graph_says(form: str, link: str, tmp_path: Path) -> None:
    setting = f'{{;; :journal/page-title-format "yyyy"\n :journal/page-title-format "{form}"}}' if form else "{}"
    files = {"logseq/config.edn": setting, "journals/2024_05_01.md": "- x\n", "pages/a.md": f"- on [[{link}]]\n"}
    assert edges(read(tmp_path, files)) == {("pages/a", "journals/2024_05_01")}


def test_names_of_pages_in_logseq(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": "{}",
        "pages/Book.md": "alias:: [[Volume]], [[Two Words]]\n\n- x\n",
        "pages/Old%2FStyle.md": "- p\n",
        "pages/A.md": "- [[Volume]] [[Two Words]] [[Old/Style]]\n",
    }
    result = read(tmp_path, files)
    assert edges(result) == {("pages/A", "pages/Book"), ("pages/A", "pages/Old%252FStyle")}
    assert {post.title for post in result.posts} == {"A", "Book", "Old/Style"}
    assert codes(result) == []
    (book,) = (post for post in result.posts if post.title == "Book")
    assert book.aliases == ("Volume", "Two Words")


def test_properties_of_a_block_in_logseq_are_not_those_of_its_page(tmp_path: Path) -> None:
    files = {
        "logseq/config.edn": "{}",
        "pages/Book.md": "alias:: Volume\n\n- a part\n  alias:: First, Second\n  date:: 2020-01-01\n  author:: Ada\n",
        "pages/Shelf.md": "-\n  title:: Rack\n- a board\n  title:: Board\n- alias:: Ledge\n",
    }
    result = read(tmp_path, files)
    assert [(post.title, post.aliases, post.date) for post in result.posts] == [
        ("Book", ("Volume",), ""), ("Rack", ("Ledge",), ""),
    ]  # fmt: skip
    book = result.posts[0]
    assert {(a.field, a.value) for a in book.attributes} >= {("alias", "First, Second"), ("date", "2020-01-01")}
    assert [mention.name for mention in book.mentions] == ["Ada"]


def test_fields_whose_values_answer_to_posts(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: x\n",
        "_posts/2024-01-01-a.md": titled("A", "related_posts:", "- b.html", "- /2024/01/03/c", "- nobody"),
        "_posts/2024-01-02-b.md": titled("B", "parent: [[people]]", "see-also:", "  - [[a]]", "  - C is for cats"),
        "_posts/2024-01-03-c.md": titled("C is for cats", "next: https://elsewhere.example/b"),
        "people.md": titled("People", 'matrix: [["a"]]', "other: b"),
    }
    result = read(tmp_path, files)
    assert edges(result) == {
        ("_posts/2024-01-01-a", "_posts/2024-01-02-b"),
        ("_posts/2024-01-01-a", "_posts/2024-01-03-c"),
        ("_posts/2024-01-02-b", "people"),
        ("_posts/2024-01-02-b", "_posts/2024-01-01-a"),
        ("_posts/2024-01-02-b", "_posts/2024-01-03-c"),
    }
    assert codes(result) == []


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


def checked(folder: Path, *options: str) -> list[str]:
    """The findings of `kg check`."""
    from click.testing import CliRunner

    from kg.cli import app

    return CliRunner().invoke(app, ["check", str(folder), *options]).stdout.splitlines()


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


def names(result: Result, path: str) -> set[tuple[str, str]]:
    """Kind and name of what the metadata of one post names."""
    (post,) = (post for post in result.posts if post.path == path)
    return {(mention.kind, mention.name) for mention in post.mentions}


def test_folders_are_categories_where_the_tool_says_so(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: x\n",
        "docs/work/code/_posts/2008-12-24-a.md": titled("A", "categories: own"),
        "_posts/2015/2015-05-01-b.md": titled("B"),
    }
    result = read(tmp_path / "jekyll", files)
    assert names(result, "docs/work/code/_posts/2008-12-24-a.md") == {
        ("category", "work"), ("category", "code"), ("category", "own"),
    }  # fmt: skip
    assert names(result, "_posts/2015/2015-05-01-b.md") == set()
    files = {
        "pelicanconf.py": "",
        "site/python/deep/b.md": "Title: B\nDate: 2011-01-01\n\nx\n",
        "site/python/c.md": "Title: C\nCategory: Own\n\nx\n",
        "site/pages/d.md": "Title: D\n\nx\n",
    }
    result = read(tmp_path / "pelican", files)
    assert names(result, "python/deep/b.md") == {("category", "deep")}
    assert names(result, "python/c.md") == {("category", "Own")}
    assert names(result, "pages/d.md") == set()


def test_authors_of_mkdocs_material(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "site_name: x\n",
        "docs/blog/.authors.yml": "authors:\n  otto:\n    name: Otto Quill\n    url: https://otto.example/\n",
        "docs/blog/posts/a.md": titled("A", "authors: [otto]"),
    }
    result = read(tmp_path, files)
    assert names(result, "docs/blog/posts/a.md") == {("person", "Otto Quill")}


@pytest.mark.parametrize("folder", ["", "website/"])
def test_labels_and_authors_in_docusaurus(folder: str, tmp_path: Path) -> None:
    files = {
        f"{folder}docusaurus.config.js": "export default {}\n",
        f"{folder}blog/tags.yml": "rel:\n  label: Release\n  permalink: /release\n",
        f"{folder}blog/authors.yml": "ada:\n  name: Ada Vale\n",
        f"{folder}blog/a.md": titled("A", "tags: [rel, other]", "authors: [ada]"),
    }
    result = read(tmp_path, files)
    expected = {("tag", "Release"), ("tag", "other"), ("person", "Ada Vale")}
    assert names(result, f"{folder}blog/a.md") == expected
    assert "rel" in {attribute.value for attribute in result.posts[0].attributes}


def test_translations_of_docusaurus_have_the_addresses_of_their_language(tmp_path: Path) -> None:
    french = "i18n/fr/docusaurus-plugin-content-docs/current/guide/intro.md"
    files = {
        "docusaurus.config.js": "export default {}\n",
        "docs/guide/intro.md": titled("Intro", "id: begin"),
        "docs/guide/next.md": "[a](/fr/docs/guide/begin) [b](/docs/guide/begin)\n",
        french: f"{titled('Début', 'id: begin')}[n](./next)\n",
    }
    result = read(tmp_path, files)
    translation = french.removesuffix(".md")
    assert edges(result) == {
        ("docs/guide/next", translation),
        ("docs/guide/next", "docs/guide/intro"),
        (translation, "docs/guide/next"),
    }
    assert {post.path: post.language for post in result.posts}[french] == "fr"


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ("url: 'https://d.example',\n  baseUrl: '/x/'", "d.example/x"),
        ("url: 'https://d.example',\n  baseUrl: process.env.CI ? '/x/' : '/'", "d.example"),
        ("url: process.env.URL || 'https://d.example'", ""),
    ],
)
def test_an_address_that_a_program_finds_out_is_not_known(settings: str, address: str, tmp_path: Path) -> None:
    (tmp_path / "docusaurus.config.js").write_text(f"export default {{\n  {settings},\n}}\n", "utf-8")
    (tmp_path / "a.md").write_text("A.\n", "utf-8")
    assert look(tmp_path, Config()).site.addresses == ((address,) if address else ())


@pytest.mark.parametrize("folder", ["website/", "manual/", "packages/manual/"])
def test_a_manual_of_docusaurus_below_the_posts_has_a_language_an_address_and_versions(
    folder: str, tmp_path: Path
) -> None:
    settings = "module.exports = {\n  url: 'https://d.example',\n  i18n: {\n    defaultLocale: 'fr',\n  },\n}\n"
    english = f"{folder}i18n/en/docusaurus-plugin-content-docs/current/a.md"
    links = "[b](https://d.example/docs/b) [c](/docs/1.0/c)\n"
    files = {
        f"{folder}docusaurus.config.js": settings,
        f"{folder}docs/a.md": f"{titled('Les données')}{links}",
        f"{folder}docs/b.md": "B.\n",
        f"{folder}docs/c.md": "C.\n",
        f"{folder}versioned_docs/version-1.0/c.md": "C.\n",
        english: f"{titled('The data')}[b](./b) [c](/en/docs/a)\n",
    }
    result = read(tmp_path, files)
    assert edges(result) == {
        (f"{folder}docs/a", f"{folder}docs/b"),
        (f"{folder}docs/a", f"{folder}versioned_docs/version-1.0/c"),
        (english.removesuffix(".md"), f"{folder}docs/b"),
    }
    assert {post.path: post.language for post in result.posts} == {
        path: "en" if path == english else "fr" for path in files if path.endswith(".md")
    }


def test_nested_tags_are_narrower_than_those_above(tmp_path: Path) -> None:
    files = {"n.md": titled("N", "tags: [a/b/c, TCP/IP]"), "m.md": titled("M", "tags: [a]")}
    graph = read(tmp_path, files).knowledge_graph
    base = f"{graph.dataset.base}tag/"
    broader = {
        (node.label, attribute.value.removeprefix(base))
        for node in graph.nodes.values()
        for attribute in node.attributes
        if attribute.predicate.endswith("#broader")
    }
    assert broader == {("a/b/c", "a%2Fb"), ("a/b", "a")}


def test_categories_that_hexo_nests_are_narrower_than_those_above(tmp_path: Path) -> None:
    files = {
        "scaffolds/post.md": "",
        "_config.yml": "new_post_name: x\n",
        "source/_posts/a.md": titled("A", "categories: [[Sports, Tennis], [Diary]]"),
        "source/_posts/b.md": titled("B", "categories: [Sports, Golf]", "tags: [x, y]"),
    }
    graph = read(tmp_path, files).knowledge_graph
    broader = {
        (node.label, attribute.value.rpartition("/")[2])
        for node in graph.nodes.values()
        for attribute in node.attributes
        if attribute.predicate.endswith("#broader")
    }
    assert broader == {("Tennis", "sports"), ("Golf", "sports")}


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        (["host: Netlify"], []),
        (["host: GitHub Pages"], []),
        (["host: fly.io"], []),
        (["host: Digital Ocean"], []),
        (["hosts: [{name: Netlify, url: 'https://netlify.example'}]"], []),
        (["host: Ada Noyce", "podcast_file: a.mp3"], ["Ada Noyce"]),
        (["host: 王小明", "type: podcast"], ["王小明"]),
        (["host: Casey", "episode: 7"], ["Casey"]),
        (["host: '[[Casey]]'"], ["Casey"]),
        (["hosts: [Casey]", "guests: []"], ["Casey"]),
    ],
)
def test_a_host_is_somebody_where_nothing_speaks_for_a_machine(
    tmp_path: Path, fields: list[str], people: list[str]
) -> None:
    result = read(tmp_path, {"a.md": titled("A", *fields)})
    assert [mention.name for mention in result.posts[0].mentions] == people


PROSE = "\n".join(f"Line {number} of a text that is long enough to be compared with others." for number in range(9))
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
    "KG103": {".obsidian/app.json": "{}", "a.md": "Date : Jan 2021 - April 2021\n\nText.\n"},
    "KG302 ": {
        "a.md": titled("A", body="[x](/x/)"),
        "b/x.md": titled("B"),
        "c/x.md": titled("C"),
    },
    "KG101": {"pelicanconf.py": "", "a.md": titled("A: a beginning")},
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


def test_a_page_of_the_site_is_meant_and_no_copy_beside_it(tmp_path: Path) -> None:
    files = {f"{place}/pages/terms.md": titled("Terms") for place in ("content", "old/content")}
    files |= {"zola.toml": "", "content/a.md": titled("A", body="[terms](/terms/)")}
    result = read(tmp_path, files)
    assert edges(result) == {("content/a", "content/pages/terms")}
    assert codes(result) == []


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


def test_folders_that_are_no_collections_of_jekyll_are_left_out(tmp_path: Path) -> None:
    files = {
        "_config.yml": "collections:\n  soups:\ninclude: [_pages]\n",
        "_pages/b.md": titled("B", body="[soup](/soup)"),
        "_posts/2024-01-02-c.md": titled("C", body="[b](/b)"),
        **{f"{folder}/a.md": titled(folder, "permalink: /soup") for folder in ("_soups", "_old soups", "_off")},
    }
    result = read(tmp_path, files)
    assert edges(result) == {("_pages/b", "_soups/a"), ("_posts/2024-01-02-c", "_pages/b")}
    assert {(d.path, d.code, d.severity) for d in result.diagnostics} == {
        (folder, "KG006", "note") for folder in ("_old soups", "_off")
    }


@pytest.mark.parametrize(("marker", "folder"), [("docusaurus.config.js", "static"), ("astro.config.mjs", "public")])
def test_files_that_a_tool_copies_as_they_are_are_no_posts(marker: str, folder: str, tmp_path: Path) -> None:
    result = read(tmp_path, {marker: "", f"{folder}/katex/README.md": "[x](NONE.md)\n", "docs/a.md": titled("A")})
    assert [post.path for post in result.posts] == ["docs/a.md"]
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [(folder, "KG006", "note")]


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


def test_a_file_beside_the_folders_of_docusaurus_is_none_of_its_pages(tmp_path: Path) -> None:
    for path in ("docs/a.md", "blog/b.md", "old.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(titled(path, body="[x](gone.md)"), "utf-8")
    for settings, severity in (("other.js", "warning"), ("docusaurus.config.js", "note")):
        (tmp_path / settings).write_text("", "utf-8")
        said = {line.split(":")[0].rpartition("/")[2]: line for line in checked(tmp_path, "--only", "KG301")}
        assert f"{severity}[KG301]" in said["old.md"]
        assert "warning[KG301]" in said["a.md"]


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


def test_only_posts_with_several_names_show_how_several_are_written(tmp_path: Path) -> None:
    for number in range(40):
        people = "[Bob, Eve]" if number < 30 else "Bob, Eve" if number < 32 else "Bob"
        (tmp_path / f"{number}.md").write_text(titled(str(number), f"authors: {people}"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"warning"}
    for number in range(28):
        (tmp_path / f"{number}.md").write_text(titled(str(number), "authors: Bob"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG114")} == {"note"}


def test_other_dates_of_the_folder_tell_which_number_is_the_day(tmp_path: Path) -> None:
    files = {f"{day}.md": titled(str(day), f"date: {day}-02-2024") for day in (13, 14, 28)}
    files["x.md"] = titled("X", "date: 03-02-2024")
    assert {post.date for post in read(tmp_path, files).posts if post.path == "x.md"} == {"2024-02-03"}
    result = read(tmp_path, {"28.md": titled("28", "date: 02-28-2024")})
    assert [d.code for d in result.diagnostics if d.path == "x.md"] == ["KG103"], "both orders"


def test_links_that_a_program_of_the_site_changes_are_notes(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"part_{number}.md").write_text(titled(str(number), body=f"[x](part/{number}x.md)"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG301")} == {"note"}
    alive = " ".join(f"[{n}](part_{n % 10}.md#{n})" for n in range(48))
    (tmp_path / "index.md").write_text(titled("All", body=alive), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG301")} == {"warning"}


def test_names_that_differ_in_case_alone_are_one(tmp_path: Path) -> None:
    for number in range(30):
        kind, state = ("tools", "done") if number < 2 else ("Tools", "Done")
        text = titled(str(number), f"categories: [{kind}]", f"state: {state}")
        (tmp_path / f"{number}.md").write_text(text, "utf-8")
    found = {line.split(": ")[1] + line.split(": ")[2] for line in checked(tmp_path, "--only", "KG401")}
    assert found == {"note[KG401]categories", "warning[KG401]state"}


def test_an_alias_of_logseq_is_meant_and_not_the_empty_page_of_that_name(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "pages/a.md": "alias:: Ebb\n\n- x\n", "pages/Ebb.md": "-\n"}
    links = {"pages/b.md": "- [[Ebb]]\n"}
    assert edges(read(tmp_path, files | links)) == {("pages/b", "pages/a")}
    assert edges(read(tmp_path, {"pages/Ebb.md": "- words\n"})) == {("pages/b", "pages/Ebb")}


def test_four_names_in_one_string_are_no_single_author(tmp_path: Path) -> None:
    files = {
        "mkdocs.yml": "",
        "site/a.md": "author: Ir1d, Enter-tainer, ksyx, ouuan\n\nWords.\n",
        "site/b.md": "author: Lovelace, Ada, Jr.\n\nWords.\n",
    }
    result = read(tmp_path, files)
    assert names(result, "a.md") == {("person", name) for name in ("Ir1d", "Enter-tainer", "ksyx", "ouuan")}
    assert names(result, "b.md") == {("person", "Lovelace, Ada, Jr.")}
    assert codes(result) == []


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


def test_a_machine_is_no_host_and_a_folder_of_drafts_decides(tmp_path: Path) -> None:
    files = {
        "_config.yml": "theme: x\n",
        "_drafts/a.md": titled("A", "host: localhost", "hosts: [x.example.org, Ada]", "draft: false", "show: X"),
    }
    result = read(tmp_path, files)
    assert names(result, "_drafts/a.md") == {("person", "Ada")}
    assert codes(result) == ["_drafts/a.md:5 KG127"]
    (post,) = result.posts
    assert [a.value for a in post.attributes if a.predicate.endswith("draft") and a.datatype.endswith("boolean")] == [
        "true"
    ]


def test_who_is_joined_with_one_who_is_named_alone_is_somebody_too(tmp_path: Path) -> None:
    files = {
        "a.md": titled("A", "author: Noel Hart and Iris Vale"),
        "b.md": titled("B", "author: Noel Hart"),
        "c.md": titled("C", "author: Iris Vale & Noel Hart"),
        "d.md": titled("D", "author: Simon and Garfunkel"),
        "e.md": titled("E", "authors: ['Noel Hart, Keeper']"),
        "f.md": titled("F", "authors: ['Noel Hart, Keeper and Iris Vale']"),
    }
    people = {node.label for node in read(tmp_path, files).knowledge_graph.nodes.values() if node.kind == "person"}
    joined = {"Simon and Garfunkel", "Noel Hart, Keeper", "Noel Hart, Keeper and Iris Vale"}
    assert people == {"Noel Hart", "Iris Vale", *joined}


def test_who_is_written_as_a_link_is_called_by_its_words(tmp_path: Path) -> None:
    """And where somebody works is no part of a name; folders of languages are no categories."""
    fields = "author: '[Ada Vale](https://ada.example) (Engines, Inc.), [Bo Lee](/bo)'"
    files = {
        "_config.yml": "plugins: []\n",
        "de/news/_posts/2024-01-01-a.md": titled(
            "A", fields, "authors: ['[Cy Hill](https://cy.example), Looms', '[Di Fox](/di) Looms']"
        ),
        "bo.md": titled("Bo Lee"),
    }
    result = read(tmp_path, files)
    path = "de/news/_posts/2024-01-01-a.md"
    assert names(result, path) == {("person", n) for n in ("Ada Vale", "Bo Lee", "Cy Hill", "Di Fox")} | {
        ("category", "news")
    }
    (post,) = (post for post in result.posts if post.path == path)
    assert {m.name: m.homepage for m in post.mentions if m.homepage} == {
        "Ada Vale": "https://ada.example",
        "Cy Hill": "https://cy.example",
    }
    assert fields[9:-1] in {a.value for a in post.attributes}, "what was typed stays"
    assert codes(result) == []


@pytest.mark.parametrize(
    "meta",
    [
        ".. title: T: one\n.. slug: s\n.. date: 2017-07-01 08:00:00 UTC+02:00\n.. tags: tides,two words\n.. link:\n",
        '---\ntitle: "T: one"\nslug: s\ndate: 2017-07-01 08:00:00 UTC+02:00\ntags: [tides, two words]\n---\n',
    ],
)
def test_posts_of_nikola_in_two_files(meta: str, tmp_path: Path) -> None:
    files = {"conf.py": 'BLOG_TITLE = "x"\n', "posts/a.md": "Text.\n", "posts/a.meta": meta, "posts/b.meta": meta}
    result = read(tmp_path, files)
    (post,) = result.posts
    assert (post.title, post.date) == ("T: one", "2017-07-01T08:00:00+02:00")
    assert names(result, "posts/a.md") == {("tag", "tides"), ("tag", "two words")}
    assert codes(result) == []
    (tmp_path / "posts/a.meta").write_text(".. title: Two\n", "utf-8")
    assert read(tmp_path, {}).posts[0].title == "Two"


def test_fields_of_logseq_between_fences_are_read(tmp_path: Path) -> None:
    files = {"logseq/config.edn": "{}", "pages/a.md": "---\nalias:: [[Ebb]]\n---\n- x\n", "pages/b.md": "- [[Ebb]]\n"}
    result = read(tmp_path, files)
    assert edges(result) == {("pages/b", "pages/a")}
    assert codes(result) == ["pages/a.md:2 KG128"]


def test_settings_of_the_site_are_watched(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").touch()
    (tmp_path / "mkdocs.yml").write_text("site_url: https://x.example\n", "utf-8")
    assert [path.resolve() for path in look(tmp_path / "docs", Config()).beside] == [tmp_path / "mkdocs.yml"] * 2


def test_pages_of_logseq_in_org_are_told_and_none_of_them_is_unwritten(tmp_path: Path) -> None:
    block = "((0f3b2c1d-1111-2222-3333-444455556666))"
    files = {
        "logseq/config.edn": "{}",
        "pages/Old%2FLog.org": "* x\n",
        "pages/a.md": f"- [[old/log]] {block} [[New]]\n",
    }
    result = read(tmp_path, files)
    assert unwritten(result) == {"New": {"pages/a"}}
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        (".", "KG006", "note"),
        ("pages/a.md", "KG304", "note"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {
            "_config.yml": "theme: x\n",
            "_posts/2020-01-01-a.md": titled("A", body="[x](../_doc/Manual%20one.md#y)"),
            "_doc/Manual one.md": titled("M"),
        },
        {
            ".obsidian/templates.json": '{"folder": "forms"}',
            "a.md": titled("A", body="[[Daily form]]"),
            "forms/Daily form.md": titled("{{title}}"),
        },
    ],
)
def test_a_file_that_is_there_and_not_read_is_no_dead_link(tmp_path: Path, files: dict[str, str]) -> None:
    result = read(tmp_path, files)
    assert [(d.code, d.severity) for d in result.diagnostics] == [("KG006", "note")]
    assert unwritten(result) == {}
    assert edges(result) == set()


def test_what_is_made_of_a_file_is_read_and_not_its_source(tmp_path: Path) -> None:
    files = dict.fromkeys(("a.Rmd", "a.md", "c.Rmarkdown", "c.markdown"), titled("A", "slug: a"))
    files |= {"b.qmd": titled("B", body="[a](/a/)"), "c.markdown": titled("C")}
    result = read(tmp_path, files)
    assert [post.path for post in result.posts] == ["a.md", "b.qmd", "c.markdown"]
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        ("a.Rmd", "KG006", "note"),
        ("c.Rmarkdown", "KG006", "note"),
    ]
    assert edges(result) == {("b.qmd", "a")}


def test_folders_are_topics_where_that_is_asked_for(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    files = {
        "README.md": "# Learned\n",
        "sea/a.md": "# A\n",
        "wind/b.md": titled("B", "categories: [Own]"),
        "sea/c.md": "# C\n",
    }
    result = read(tmp_path, files, folders="category")
    found = {post.path: names(result, post.path) for post in result.posts}
    assert found == {
        "README.md": set(), "sea/a.md": {("category", "sea")}, "sea/c.md": {("category", "sea")},
        "wind/b.md": {("category", "Own")},
    }  # fmt: skip
    said = CliRunner().invoke(app, ["init", str(tmp_path), "-o", "-"])
    assert 'folders = "category"\n' in said.output
    (tmp_path / "hugo.toml").touch()
    assert "\ninline_tags = false\n" in CliRunner().invoke(app, ["init", str(tmp_path), "-o", "-"]).output


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("#articles", {"articles"}),
        ("#[[long articles]]", {"long articles"}),
        ("[[articles]], #notes", {"articles", "notes"}),
        ("#articles #notes", {"articles", "notes"}),
        ("C#, F#", {"C#, F#"}),
        ("#1 of 2", {"#1 of 2"}),
    ],
)
def test_a_category_that_is_written_as_a_tag_is_called_as_the_tag(value: str, named: set[str], tmp_path: Path) -> None:
    result = read(tmp_path, {"logseq/config.edn": "{}", "pages/a.md": f"category:: {value}\n\n- x\n"})
    assert names(result, "pages/a.md") == {("category", name) for name in named}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("03 - People/Ada Vale.md", ""),
        ("@people/ada-vale.md", ""),
        ("Personen/@Ada Vale.md", ""),
        ("x/Ada Vale.md", "kind: person"),
        ("x/Ada Vale.md", "fileClass: Person"),
        ("x/Ada Vale.md", "tags: [people/colleague]"),
        ("x/Ada Vale.md", "tags: [type/person]"),
    ],
)
def test_a_note_on_a_person_is_about_the_person_whom_others_name(path: str, field: str, tmp_path: Path) -> None:
    files = {path: f"---\n{field}\n---\nShe sails.\n", "b.md": titled("B", "author: Ada Vale"), "x/c.md": "[[Sails]]\n"}
    result = read(tmp_path, files)
    (person,) = (node for node in result.knowledge_graph.nodes.values() if node.kind == "person")
    about = [edge.source for edge in result.knowledge_graph.edges if edge.predicate.endswith("/about")]
    assert person.label == "Ada Vale"
    assert [iri.partition("/post/")[2].replace("%20", " ") for iri in about] == [path.removesuffix(".md")]


def test_a_folder_that_is_only_called_after_people_holds_no_notes_on_them(tmp_path: Path) -> None:
    files = {"People of Rome/Ada Vale.md": "Words.\n", "b.md": titled("B", "author: Ada Vale")}
    assert {edge.predicate.rpartition("/")[2] for edge in read(tmp_path, files).knowledge_graph.edges} == {"author"}


@pytest.mark.parametrize("folder", ["_members", "team", "staff"])
def test_a_page_of_somebody_of_the_house_names_the_author_who_is_given_as_its_file(folder: str, tmp_path: Path) -> None:
    files = {
        "_config.yml": "collections: {members: {output: true}, team: {}, staff: {}}\n",
        f"{folder}/ada-vale.md": "---\nname: Ada Vale\n---\nShe sails.\n",
        "_posts/2024-01-02-a.md": titled("A", "author: ada-vale"),
    }
    assert names(read(tmp_path, files), "_posts/2024-01-02-a.md") == {("person", "Ada Vale")}
