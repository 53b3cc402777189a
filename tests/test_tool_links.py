"""Where links lead, and which addresses posts have, as each tool has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.pipeline.build import build
from kg.reading.folder import look
from tests.folders import checked, codes, edges, read, titled, unwritten

if TYPE_CHECKING:
    from pathlib import Path


ID = "01234567-89ab-cdef-0123-456789abcdef"

LINKS = {
    "an address of Hugo ends in the title, where it is asked for and no slug is given": (
        {
            "hugo.toml": "[permalinks]\n  posts = '/:year/:month/:slug/'\n",
            "content/2024-05-01-gguf.md": titled("GGUF, the long way around", body="[x](/2024/05/b-c/)"),
            "content/2024-05-02-b.md": titled("B", "slug: b-c", body="[x](/2024/05/gguf-the-long-way-around/)"),
        },
        {("content/2024-05-01-gguf", "content/2024-05-02-b"), ("content/2024-05-02-b", "content/2024-05-01-gguf")},
    ),
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


def test_a_link_to_nowhere_outside_a_vault_of_notes_is_a_warning(tmp_path: Path) -> None:
    result = read(tmp_path, {"mkdocs.yml": "", "a.md": "[[Emacs]]\n"})
    assert unwritten(result) == {}
    assert codes(result) == ["a.md:1 KG301"]


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


def test_a_page_of_the_site_is_meant_and_no_copy_beside_it(tmp_path: Path) -> None:
    files = {f"{place}/pages/terms.md": titled("Terms") for place in ("content", "old/content")}
    files |= {"zola.toml": "", "content/a.md": titled("A", body="[terms](/terms/)")}
    result = read(tmp_path, files)
    assert edges(result) == {("content/a", "content/pages/terms")}
    assert codes(result) == []


def test_a_file_beside_the_folders_of_docusaurus_is_none_of_its_pages(tmp_path: Path) -> None:
    for path in ("docs/a.md", "blog/b.md", "old.md"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(titled(path, body="[x](gone.md)"), "utf-8")
    for settings, severity in (("other.js", "warning"), ("docusaurus.config.js", "note")):
        (tmp_path / settings).write_text("", "utf-8")
        said = {line.split(":")[0].rpartition("/")[2]: line for line in checked(tmp_path, "--only", "KG301")}
        assert f"{severity}[KG301]" in said["old.md"]
        assert "warning[KG301]" in said["a.md"]


def test_links_that_a_program_of_the_site_changes_are_notes(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"part_{number}.md").write_text(titled(str(number), body=f"[x](part/{number}x.md)"), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG301")} == {"note"}
    alive = " ".join(f"[{n}](part_{n % 10}.md#{n})" for n in range(48))
    (tmp_path / "index.md").write_text(titled("All", body=alive), "utf-8")
    assert {line.split("[")[0].split()[-1] for line in checked(tmp_path, "--only", "KG301")} == {"warning"}


def test_the_page_in_another_language_is_named_by_its_address(tmp_path: Path) -> None:
    files = {
        "_config.yml": "permalink: /:year/:month/:day/:title\n",
        "en/_posts/2024-06-10-tools.md": "---\naltLangPage: /2024/06/10/outils\n---\n",
        "fr/_posts/2024-06-10-outils.md": "---\naltLangPage: /2024/06/10/none\n---\n",
    }
    result = read(tmp_path, files)
    assert edges(result) == {("en/_posts/2024-06-10-tools", "fr/_posts/2024-06-10-outils")}
    assert codes(result) == []
