"""Links in bodies: what counts as one, where it stands, and which post it leads to."""

from __future__ import annotations

import gc
from time import process_time
from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.linking import index, links
from kg.model import Link, Mention, Post
from kg.namespaces import SCHEMA
from kg.reading.body import scan
from kg.reading.folder import read_posts
from kg.reading.headings import main_heading

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = "01234567-89ab-cdef-0123-456789abcdef"


def found(body: str, **options: bool) -> list[tuple[str, str, str]]:
    return [(link.target, link.style, link.text) for link in scan(body, 1, **options).links]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[[Note]]", [("Note", "wikilink", "Note")]),
        ("[[Note|words]]", [("Note", "wikilink", "words")]),
        ("[[Note#Part one|words]]", [("Note#Part one", "wikilink", "words")]),
        ("[[Note#^block]]", [("Note#^block", "wikilink", "Note#^block")]),
        ("![[Note]]", [("Note", "embed", "Note")]),
        ("参见[[页面|别名]]。", [("页面", "wikilink", "别名")]),
        ("[[A]][[B]]", [("A", "wikilink", "A"), ("B", "wikilink", "B")]),
        ("| a |\n|---|\n| [[x\\|y]] |\n", [("x", "wikilink", "y")]),
        ("[a **b** `c`](x.md)", [("x.md", "markdown", "a b c")]),
        ("[a](<with space.md>)", [("with space.md", "markdown", "a")]),
        ("[![pic](p.png)](x.md)", [("x.md", "markdown", "pic")]),
        ("[a][r] [r] [r][]\n\n[r]: ../b.md 'T'\n", [("../b.md", "markdown", t) for t in ("a", "r", "r")]),
        ("[[1]](notes.md)", [("notes.md", "markdown", "1")]),
        ("[[Feature #9]]\n\n[Feature #9]: https://bugs.example/9\n", []),
        ("[[gone]]\n\n[gone]: there.md\n", [("there.md", "markdown", "gone")]),
        ("[[Book: The Title]]", [("Book: The Title", "wikilink", "Book: The Title")]),
        ('{{< ref "b.md#x" >}} [b]({{% relref `c` %}})', [("c", "shortcode", "b")]),
        ("[b]({% post_url 2020-01-01-x %})", [("2020-01-01-x", "shortcode", "b")]),
        ("a {% post_link x %} b", [("x", "shortcode", "x")]),
        (
            "{%post_link x%}{% post_link a/b-c A *good* [title] 5% of it %}",
            [("x", "shortcode", "x"), ("a/b-c", "shortcode", "A good title 5% of it")],
        ),
        ("{% post_link 'x y' \"A <title>\" false %} `{% post_link no %}`", [("x y", "shortcode", "A title")]),
        ("[b]({% post_path x %})", [("x", "shortcode", "b")]),
        ("[b]({{ site.baseurl }}{% post_url x %})", [("x", "shortcode", "b")]),
        ("[b]({{ site.url }}/about/) {{ site.title }}", [("/about/", "markdown", "b")]),
        ("[b]({{ '/about/' | relative_url }})", [("/about/", "markdown", "b")]),
        ('[b]({{ "/x/" | url }}) [c](kgref:9) [d](kgref:x)', [("/x/", "markdown", "b")]),
        ('[b]({{ "https://x.example/y" | url }}) [c]({{ "mailto:x@x.example" | url }}) [d]({{ "kgref:0" | url }})', []),
        ('<a href="b.md">b <i>c</i></a>', [("b.md", "markdown", "b c")]),
        ("<p>\n<A class=x\n HREF='./b.md#c'>b</A></p>", [("./b.md#c", "markdown", "b")]),
        ("<a title=\"href='x.md'\" href=b.md>b", [("b.md", "markdown", "")]),
        ("<a href='&#46;./b&amp;c.md'>b</a>", [("../b&c.md", "markdown", "b")]),
        ("<a href='{{ site.baseurl }}/about/'>b</a>", [("/about/", "markdown", "b")]),
        ("<a href='{% post_url 2024-01-01-x %}'>b</a>", [("2024-01-01-x", "shortcode", "b")]),
        ("<LinkCard title='x' href='/b/' />", [("/b/", "markdown", "")]),
        ("<details>\n\n[[b]] <Link to='/c'>c</Link>\n\n</details>", [("b", "wikilink", "b"), ("/c", "markdown", "")]),
        (
            '<aside markdown="1">\n <img src="x.png">\n A [b](b.md).\n  <p markdown="1">— [c](c.md)\n  </p>\n</aside>',
            [("b.md", "markdown", "b"), ("c.md", "markdown", "c")],
        ),
        ('<div markdown="1">\n<pre><code>[[x]]</code></pre>\n</div>', []),
        ("[b]([[C d]]) {{embed [[e]]}}", [("C d", "wikilink", "C d"), ("e", "wikilink", "e")]),
        ("{{query [[a]] #t}} [[b]] {{query {{embed [[c]]}}", [("b", "wikilink", "b"), ("c", "wikilink", "c")]),
        ("{{[[slider]] [[b]]}} {{[[c]] [[#red]]==x [[d]]== [[e]]=f", [(x, "wikilink", x) for x in "bcde"]),
        (f"(({BLOCK})) [b]((({BLOCK})))", [(f"(({BLOCK}))", "block", ""), (f"(({BLOCK}))", "block", "b")]),
        ("{% raw %}[[never closed]]", [("never closed", "wikilink", "never closed")]),
        ("[a]({filename}/b.md#c)", [("{filename}/b.md#c", "markdown", "a")]),
        ("[a](/2024/05/slug/?q=1#f)", [("/2024/05/slug/?q=1#f", "markdown", "a")]),
    ],
)
def test_links_are_found(body: str, expected: list[tuple[str, str, str]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "`[[code]]` and ``[a](b.md)``",
        "```\n[[code]] [a](b.md)\n```",
        "    [[code]]",
        "$[[1, 2], [3, 4]]$",
        "<div>[[html]]</div>",
        "<!-- [[comment]] -->",
        "%% [[a]] %% text %%[b](b.md)%%",
        "%%\n[[a]]\n\n```\n%%\n```\n  %% \n",
        "%%\n~~~\n\n%%\n~~~\n\n%%\n~~~\n\n%%\n[[a]]\n~~~\n%%",
        "{% highlight c %}\n[[x]]\n{% endhighlight %}",
        "{% raw %}[[x]]{% endraw %}",
        "{{< highlight go >}}\n[[x]]\n{{< /highlight >}}",
        'x[[1]] y[[i]] z[["name"]]',
        "[[]] [[#Here]] ![[picture.png]] [[paper.pdf#page=2]]",
        "[a](https://x.example) [b](mailto:a@b) [c](//x.example) [d](javascript:alert(1)) [e](#here) [f]()",
        "[a](data.csv) ![b](pic.svg) <https://x.example/y.md>",
        "\\[[not]] \\[a](b.md)",
        "`<a href='b.md'>` <!-- <a href='b.md'> --> <a name='b.md'> <link href='b.md'> <a data-href='b.md'>",
        "<script>\nx = '<a href=\"b.md\">';\n</script>\n\n<style>\n<a href='b.md'>\n</style>",
        "<a href='https://x.example/b.md'>b</a> <a href='#b'>b</a> <a href=''>b</a> <a href='b.png'>b</a> <a href>",
        "<a href='{{ page.url }}'>b</a> [b]({{page.url}})",
        "[[server.headers]]\nfor = '/x'\n  [[server.headers.values]]\n  a = 'b'",
        "#+BEGIN_SRC r\nx [[y]] ((01234567-89ab-cdef-0123-456789abcdef))\n#+END_SRC",
        "- {{query (and [[a]] [[b]] [c](d.md)) {:x 1}}}\n- {{query [[a]]}}",
        "((no)) `((01234567-89ab-cdef-0123-456789abcdef))` [[over\nlines]]",
        "[a]({static}/b) [a]({attach}b.md) [a](|static|/b.md) [a]({tag}b) [a]({index}) [a]({filename}/b.png)",
        "plain text",
    ],
)
def test_what_is_no_link_to_a_post(body: str) -> None:
    assert found(body) == []


def test_places_count_lines_and_code_points() -> None:
    body = "# 标题\n\n一二三 [[页]] 😀 [b](b.md)\n- [[c]]\n"
    assert [(link.target, link.line, link.column) for link in scan(body, 10).links] == [
        ("页", 12, 5), ("b.md", 12, 13), ("c", 13, 3),
    ]  # fmt: skip


def test_a_link_of_hexo_moves_nothing() -> None:
    body = "{%post_link a%} " * 12_000 + "{% post_link b c %} [[d]]\n[[e]]\n"
    *before, b, d, e = scan(body, 1).links
    assert [(link.target, link.line, link.column) for link in (b, d, e)] == [
        ("b", 1, 192_001), ("d", 1, 192_021), ("e", 2, 1),
    ]  # fmt: skip
    assert {link.target for link in before} == {"a"}
    assert len(before) == 12_000


def tags(body: str) -> list[str]:
    return [name for name, _line, _column in scan(body, 1).tags]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("#graph/rdf #知识 #ünï-co_de", ["graph/rdf", "知识", "ünï-co_de"]),
        ("**#bold** text", ["bold"]),
        ("(#no) C# issue#5 x#y #123 #1/2 #! # #", []),
        ("\\#escaped &#39; [a](b#c) https://x.example/#frag", []),
        ("`#code`\n\n```\n#code\n```\n\n    #code\n", []),
        ("#include <x.h> #define X #ifdef", []),
        ("#fff #FFFFFF #1e90ff #ffee00cc #ABABDC", []),
        ("#b2b #cafe #decade #a11y", ["b2b", "cafe", "decade", "a11y"]),
        ("# Heading #tag\n\n## {#id}\n", ["tag"]),
        ("#标签，后面 #नमस्ते #नमस्ते", ["标签", "नमस्ते", "नमस्ते"]),
        ("#[[two words]] #one", ["two words", "one"]),
        ("#tag, #tag. #tag/ #tag-", ["tag", "tag", "tag", "tag"]),
        ("## Setup\n{: #setup}\n\nText\n{: .wide #text lang=de}\n\nword{: #word .x} #yes", ["yes"]),
        (
            '### Setup { #setup }\n\n![a](b.png){ #picture .w }\n[c]{ #c }\n\n::: {.note #first title="a #b"}\n#yes',
            ["yes"],
        ),
        (":::note[Words]{ #id .c }\n\n{: #a .b} {see #yes}", ["yes"]),
        ("<code>#a</code> <KBD class=x>#b</KBD> <style> #c </style> #yes\n\n<code> #d\n\n#yes", ["yes", "yes"]),
        ("<style>\n#a { x: y }\n\n#b { x: y }\n</style>\n\n<p>\n#c\n</p>\n\n#yes", ["yes"]),
        ("#menu li:hover, #x > a {\n  color: #a1b2\n}\n\n#foot {margin: 0; top: 1px}\n\n#yes {said he}", ["yes"]),
        ("#RRGGBB #AARRGGBB #ffff #if #else #beef", ["beef"]),
    ],
)
def test_inline_tags(body: str, expected: list[str]) -> None:
    assert sorted(tags(body)) == sorted(expected)


def test_a_query_is_no_part_of_a_field() -> None:
    assert [(v.text, v.column) for _k, v in scan("a:: b {{query [[c]]}}\n", 1).fields] == [("b", 5)]


def test_comments_of_obsidian_say_nothing() -> None:
    body = "%% [[a]] #a %% #b%%c%% [[c]]\n%%\nd:: e\n#f [[g]]\n%%\nh:: i, %% j %% k %% l\n[m:: n]\n\n    %%o%%\n"
    found = scan(body, 1)
    assert found.tags == (("b", 1, 16),)
    assert [(link.target, link.line, link.column) for link in found.links] == [("c", 1, 24)]
    assert [(k.text, v.text.split(), v.line, v.column) for k, v in found.fields] == [
        ("h", ["i,", "k", "%%", "l"], 6, 5), ("m", ["n"], 7, 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "%% [[a]]",
        "%%\n[[a]]",
        "%% b\n[[a]] %%",
        "%%%% [[a]] %%%%",
        "\\%% [[a]] %%",
        "`%%` [[a]] `%%`",
        "``%%` `` [[a]] %%",
        "x <!-- %% --> [[a]] <!-- %% -->",
        "```\n%%\n```\n[[a]]\n~~~ x\n%%\n~~~",
        "%%\n[[a]]\n```\n%%\n```",
        "    %%\n\n[[a]]\n\n    %%",
        "%%b%% [[a]]",
    ],
)
def test_what_is_no_comment_of_obsidian(body: str) -> None:
    assert [target for target, _style, _words in found(body)] == ["a"]


def test_what_names_a_scope_is_no_field() -> None:
    body = "Raised (Errors::Missing), see [std::string] and (Foo::Bar, a::b). [rated:: 5] (on:: 2024)"
    assert [key.text for key, _value in scan(body, 1).fields] == ["rated", "on"]
    assert scan(body, 1, inline_fields=False).fields == ()


def test_inline_tags_can_be_turned_off() -> None:
    assert scan("#a #[[b c]] [[d]]", 1, inline_tags=False).tags == ()


def test_main_heading() -> None:
    assert main_heading("text\n\n```\n# no\n```\n\nReal *one*\n===\n\n# Two") == "Real one"
    assert main_heading("# A [[link|shown]] `code` {#id}\n") == "A shown code"
    assert (
        main_heading("#\n\n## Part\n\nPart\n---\n\n# Second is the first with words")
        == "Second is the first with words"
    )
    assert main_heading("## Introduction\n\nPart\n---\n\n### And so on") == ""
    assert main_heading("Rust is a language.\n\n# Goals\n") == "", "what stands below text names a part of it"
    assert main_heading("![a](b.png)\n\n#tag [home](x.md)\n\n# Rust\n") == "Rust"
    assert main_heading("no heading") == ""
    assert main_heading("%%\n# No\n%%\n\n# Yes %% or no %%\n") == "Yes"


def test_fields_in_bodies() -> None:
    body = (
        "key:: value [[Note]]\n- [ ] task:: do it\nAbout [rating:: 5] and (due:: [[2024-01-01]]).\n"
        "std::vector a::b\n`no:: code`\n"
    )
    assert [(k.text, v.text, v.line, v.column) for k, v in scan(body, 5).fields] == [
        ("key", "value [[Note]]", 5, 7),
        ("task", "do it", 6, 14),
        ("rating", "5", 7, 17),
        ("due", "[[2024-01-01]]", 7, 31),
    ]


def test_programs_in_mdx_are_no_text() -> None:
    body = "import X from './x'\n\nexport const a = [[1]]\n\n[[Note]] #tag\n"
    assert found(body, mdx=True) == [("Note", "wikilink", "Note")]
    assert [link.line for link in scan(body, 1, mdx=True).links] == [5]
    assert found("a {/* [[b]]\n[c](c.md) */} [[d]] {/* [[e]]", mdx=True) == [("d", "wikilink", "d")]


# --- Where links lead ---


def make(path: str, *targets: str, style: str = "wikilink", title: str = "", aliases: tuple[str, ...] = (),
         date: str = "", categories: tuple[str, ...] = ()) -> Post:  # fmt: skip
    return Post(
        path, title or path, "", date, False, "yaml",
        mentions=tuple(Mention(c, "category", SCHEMA + "about", "categories", 1, 1) for c in categories),
        aliases=aliases,
        links=tuple(Link(target, style, "", number, 1) for number, target in enumerate(targets, start=1)),
    )  # fmt: skip


def lead(target: str, *others: Post, source: str = "here.md", style: str = "wikilink") -> str | list[str]:
    """The path a link leads to, or the codes of what is reported."""
    result = links.resolve([make(source, target, style=style), *others])
    return result.edges[0][1] if result.edges else [d.code for d in result.diagnostics]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("note", "a/note.md"),
        ("NOTE", "a/note.md"),
        ("note.md", "a/note.md"),
        ("a/note", "a/note.md"),
        ("note#part", "a/note.md"),
        ("./a/note", "a/note.md"),
        ("/a/note", "a/note.md"),
        ("twice", ["KG302"]),
        ("b/twice", "b/twice.md"),
        ("deep/er/twice", ["KG301"]),
        ("Nick", "a/note.md"),
        ("The Title", "b/titled.md"),
        ("the-title", "b/titled.md"),
        ("folder", "folder/index.md"),
        ("Café", "b/cafe\u0301.md"),
        ("C#", "c-sharp.md"),
        ("nothing", ["KG301"]),
        ("Feature #123", []),
        ("20240501", "z/20240501 Zettel.md"),
        ("May 1st, 2024", "journals/2024_05_01.md"),
        ("2024-05-01", "journals/2024_05_01.md"),
        ("2024-05-02", []),
        ("ruby-core:123", []),
        ("2024", []),
        ("$x == 1", []),
    ],
)
def test_wikilinks_lead(target: str, expected: str | list[str]) -> None:
    posts = (
        make("a/note.md", aliases=("Nick",)),
        make("a/twice.md"),
        make("b/twice.md"),
        make("b/titled.md", title="The Title"),
        make("folder/index.md"),
        make("b/cafe\u0301.md"),
        make("c-sharp.md", title="C#"),
        make("z/20240501 Zettel.md"),
        make("journals/2024_05_01.md"),
    )
    assert lead(target, *posts) == expected


def test_the_note_in_the_same_folder_is_meant() -> None:
    posts = make("a/same.md"), make("b/same.md")
    assert lead("same", *posts, source="b/here.md") == "b/same.md"
    assert lead("same", *posts, source="here.md") == ["KG302"]


def test_an_address_that_several_sites_in_the_folder_have_is_that_of_the_own_site(tmp_path: Path) -> None:
    for site in ("docs", "test"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "works.md").write_text("---\npermalink: /portfolio/\n---\n", "utf-8")
    for path in ("docs/a.md", "b.md"):
        (tmp_path / path).write_text("[a](/portfolio/)\n", "utf-8")
    found = links.resolve(read_posts(tmp_path, Config()).posts)
    assert [edge[:2] for edge in found.edges] == [("docs/a.md", "docs/works.md")]
    assert [(d.path, d.code) for d in found.diagnostics if d.code == "KG302"] == [("b.md", "KG302")]


def test_a_note_goes_before_the_index_of_a_folder_of_its_name() -> None:
    posts = make("x/projects.md"), make("x/projects/index.md"), make("x/projects/readme.md")
    assert lead("projects", *posts) == "x/projects.md"
    assert lead("projects", *posts[1:]) == "x/projects/index.md"


def test_exact_spelling_decides_between_names_that_differ_in_case() -> None:
    posts = make("x/Graph.md"), make("x/graph.md")
    assert lead("Graph", *posts) == "x/Graph.md"
    assert lead("graph", *posts) == "x/graph.md"
    assert lead("GRAPH", *posts) == ["KG302"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("other.md", "posts/other.md"),
        ("other", "posts/other.md"),
        ("./other.md#part", "posts/other.md"),
        ("../pages/about.md", "pages/about.md"),
        ("../../outside.md", []),
        ("../other/", "posts/other.md"),
        ("with%20space.md", "posts/with space.md"),
        ("/posts/other", "posts/other.md"),
        ("/posts/other.html", "posts/other.md"),
        ("/posts/bundle/", "posts/bundle/index.md"),
        ("/perma/link/", "pages/about.md"),
        ("/2024/05/01/dated.html", "posts/2024-05-01-dated.md"),
        ("/2023/05/01/dated.html", ["KG303"]),
        ("/guide/2024/05/dated/", "posts/2024-05-01-dated.md"),
        ("@/pages/about.md", "pages/about.md"),
        ("@/pages/none.md", ["KG301"]),
        ("@site/pages/about.md", "pages/about.md"),
        ("{filename}/pages/about.md", "pages/about.md"),
        ("|filename|/pages/about.md", "pages/about.md"),
        ("{filename}../pages/about.md#part", "pages/about.md"),
        ("%7Bfilename%7Dother.md", "posts/other.md"),
        ("{filename}/pages/none.md", ["KG301"]),
        ("{filename}x/filename}other.md", ["KG301"]),
        ("/content/pages/about.md", "pages/about.md"),
        ("/content/elsewhere/about.md", ["KG301"]),
        ("missing.md", ["KG301"]),
        ("/tags/x/", []),
        ("/en/categories/x", []),
        ("about.md", "pages/about.md"),
        ("/", []),
    ],
)
def test_markdown_links_lead(target: str, expected: str | list[str]) -> None:
    posts = (
        make("posts/other.md"),
        make("posts/with space.md"),
        make("posts/bundle/index.md"),
        make("pages/about.md", aliases=("/perma/link/",)),
        make("posts/2024-05-01-dated.md", date="2024-05-01", categories=("guide",)),
    )
    assert lead(target, *posts, source="posts/here.md", style="markdown") == expected


def test_an_address_leads_to_the_translation_it_names() -> None:
    posts = [make(f"{tag}/news/_posts/2004-12-26-released.md") for tag in ("de", "en", "ja")]
    assert lead("/en/news/2004/12/26/released/", *posts, style="markdown") == "en/news/_posts/2004-12-26-released.md"
    assert lead("/news/2004/12/26/released/", *posts, style="markdown") == ["KG303"], "translations of nothing"
    assert lead("/en/news/2004/12/27/released/", *posts, style="markdown") == ["KG303"]


NUMBERED = (
    "01-app/index.mdx",
    "01-app/03-api-reference/02-components/image.mdx",
    "01-app/03-api-reference/02-components/03. font.mdx",
    "02-pages/02_api-reference/02-components/image.mdx",
    "02-pages/04 - only here.mdx",
    "blog/2021-11-foo.mdx",
    "7.0-changes/x.mdx",
    "03-docs/one.mdx",
    "03-docs/01-one.mdx",
    "01-twice.mdx",
    "02-twice.mdx",
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/docs/app/api-reference/components/image", "01-app/03-api-reference/02-components/image.mdx"),
        ("/docs/App/api-reference/components/image/#props", "01-app/03-api-reference/02-components/image.mdx"),
        ("/docs/pages/api-reference/components/image", "02-pages/02_api-reference/02-components/image.mdx"),
        ("/app/api-reference/components/font", "01-app/03-api-reference/02-components/03. font.mdx"),
        ("/docs/pages/only%20here", "02-pages/04 - only here.mdx"),
        ("/docs/app", "01-app/index.mdx"),
        ("../components/image", "01-app/03-api-reference/02-components/image.mdx"),
        ("image", "01-app/03-api-reference/02-components/image.mdx"),
        ("../../../pages/only here", "02-pages/04 - only here.mdx"),
        ("/docs/components/image", ["KG302"]),
        ("/docs/twice", ["KG302"]),
        ("/font", ["KG303"]),
        ("/site/components/font", "01-app/03-api-reference/02-components/03. font.mdx"),
        ("/docs/one", "03-docs/one.mdx"),
        ("/docs/app/components/image", ["KG303"]),
        ("/blog/foo", ["KG303"]),
        ("/docs/changes/x", ["KG303"]),
        ("../02-components/font.mdx", ["KG301"]),
    ],
)
def test_addresses_lack_the_numbers_that_files_have_for_their_order(target: str, expected: str | list[str]) -> None:
    source = "01-app/03-api-reference/02-components/01-here.mdx"
    assert lead(target, *map(make, NUMBERED), source=source, style="markdown") == expected


def test_a_cluster_asks_for_numbered_files_under_a_name_that_they_have() -> None:
    post = make("01-app/03-api-reference/02-components/01-here.mdx", "/docs/app", "font", style="markdown")
    asked = links.names_asked(post)
    for path in ("01-app/index.mdx", "01-app/03-api-reference/02-components/03. font.mdx"):
        assert asked & index.names_of_post(make(path))


def test_links_to_numbered_files_of_one_name_take_linear_time() -> None:
    def seconds(count: int) -> float:
        posts = [make(f"{n}-f{n}/overview.md", f"/docs/f{n // 2}/overview", style="markdown") for n in range(count)]
        gc.disable()  # it looks at whatever the tests before have left
        begun = process_time()
        assert len(links.resolve(posts).edges) == count - 1, "the first links to itself"
        taken = process_time() - begun
        gc.enable()
        return taken

    seconds(100)
    assert seconds(4000) < seconds(1000) * 4 * 3


def test_an_address_may_begin_with_where_the_site_lives() -> None:
    posts = make("web/fetch/index.md", aliases=("Web/API/Fetch",)), make("other/fetch.md", aliases=("fetch",))
    assert lead("/en-US/docs/Web/API/Fetch#x", *posts, style="markdown") == "web/fetch/index.md"
    assert lead("/x/y/Other/API/Fetch", *posts, style="markdown") == ["KG303"], "more than its last part must fit"


def test_a_path_of_hugo_may_begin_in_the_folder_of_a_language() -> None:
    posts = make("en/guide/start.md"), make("de/guide/start.md")
    assert lead("/guide/start", *posts, style="shortcode", source="de/here.md") == "de/guide/start.md"


def test_a_link_to_itself_says_nothing() -> None:
    result = links.resolve([make("a.md", "a", "a.md", "#part", title="A")])
    assert (result.edges, result.unwritten, result.diagnostics) == ((), (), ())


def test_edges_keep_the_line_and_the_order() -> None:
    result = links.resolve([make("a.md", "b", "c", "b"), make("b.md"), make("c.md", "a")])
    edges = tuple((source, target, link.line) for source, target, link in result.edges)
    assert edges == (("a.md", "b.md", 1), ("a.md", "c.md", 2), ("a.md", "b.md", 3), ("c.md", "a.md", 1))


def test_names_that_two_posts_claim_are_reported() -> None:
    from kg.model import IRI, Attribute
    from kg.namespaces import KG

    def named(path: str, slug: str, line: int) -> Post:
        import msgspec

        stated = Attribute(IRI(KG + "slug"), slug, field="slug", line=line, column=7)
        return msgspec.structs.replace(make(path, aliases=(slug,)), attributes=(stated,))

    found = links.resolve([named("a.md", "same", 3), named("b.md", "same", 4), named("c.md", "own", 3)]).diagnostics
    assert [(d.path, d.line, d.code) for d in found] == [("a.md", 3, "KG201"), ("b.md", 4, "KG201")]
    assert "b.md" in found[0].message


def test_a_slug_is_the_address_rather_than_the_name_of_a_file_that_has_another(tmp_path: Path) -> None:
    for day, slug in ((1, ""), (17, "slug: moss-17\n"), (23, "slug: moss\n")):
        (tmp_path / f"2023-08-{day:02}-moss.md").write_text(f"---\ntitle: {day}\n{slug}---\n", "utf-8")
    (tmp_path / "news.md").write_text("[a](/moss/) [b](/moss-17#x)\n", "utf-8")
    found = links.resolve(read_posts(tmp_path, Config()).posts)
    assert [edge[1] for edge in found.edges] == ["2023-08-23-moss.md", "2023-08-17-moss.md"]
    assert found.diagnostics == ()


def test_a_folder_may_have_a_date_that_its_address_has_not(tmp_path: Path) -> None:
    (tmp_path / "posts" / "2016-02-19-moss").mkdir(parents=True)
    (tmp_path / "posts" / "2016-02-19-moss" / "index.md").write_text("# Moss\n", "utf-8")
    (tmp_path / "a.md").write_text("[a](/moss/) [b](/posts/moss/)\n", "utf-8")
    found = links.resolve(read_posts(tmp_path, Config()).posts)
    assert [edge[1] for edge in found.edges] == ["posts/2016-02-19-moss/index.md"] * 2


def test_placeholders_in_addresses_stand_for_the_name_of_the_file(tmp_path: Path) -> None:
    for name in ("moss", "fern"):
        for folder, address in (("news", "/press/:title/"), ("old", "/:year/:title/")):
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / f"{name}.md").write_text(f"---\npermalink: {address}\n---\n", "utf-8")
    (tmp_path / "a.md").write_text("[a](/press/fern/)\n", "utf-8")
    found = links.resolve(read_posts(tmp_path, Config()).posts)
    assert [edge[:2] for edge in found.edges] == [("a.md", "news/fern.md")]
    assert found.diagnostics == ()


def test_name_fields_need_not_lead_anywhere() -> None:
    assert lead("Ada", make("b.md"), style="name") == []
    assert lead("Ada", make("Ada.md"), style="name") == "Ada.md"
    assert lead("Ada", make("b.md"), style="property") == ["KG301"]


CROWD = [
    *(make(f"blog/{day // 28 + 2000}-01-{day % 28 + 1:02}-links.md") for day in range(300)),
    *(make(f"docs/part{number}/links.md") for number in range(150)),
]
"""More posts of one name than are looked at one by one."""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/2003/01/05/links.html", "blog/2003-01-05-links.md"),
        ("/2003/links", ["KG302"]),
        ("/blog/1999/01/05/links", ["KG303"]),
        ("/docs/part7/links", "docs/part7/links.md"),
        ("/site/part7/links", "docs/part7/links.md"),
        ("/part7/links", "docs/part7/links.md"),
        ("/part7/part8/links", ["KG303"]),
        ("/elsewhere/no/links", ["KG303"]),
        ("/elsewhere/links", ["KG303"]),
    ],
)
def test_posts_of_one_name_are_told_apart_however_many_they_are(target: str, expected: str | list[str]) -> None:
    assert lead(target, *CROWD, style="markdown") == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/2021/07/09/2021/x/", "source/_posts/2021/x.md"),
        ("/2022/07/09/2022/x/", "source/_posts/2022/x.md"),
        ("/2022/2022/x/", "source/_posts/2022/x.md"),
        ("/blog/2021/07/09/2021/x/", "source/_posts/2021/x.md"),
        ("/2021/07/09/2022/x/", ["KG303"]),
        ("/2021/07/09/7/x/", ["KG303"]),
        ("/2020/12/31/2021/part/y/", "source/_posts/2021/part/y.md"),
        ("/2020/12/31/part/y/", "source/_posts/2021/part/y.md"),
    ],
)
def test_folders_of_hexo_may_be_numbers_behind_the_date(target: str, expected: str | list[str]) -> None:
    posts = (
        make("source/_posts/2021/x.md", date="2021-07-09T08:00:00"),
        make("source/_posts/2022/x.md", date="2022-07-09"),
        make("source/_posts/2021/part/y.md", date="2020-12-31"),
        make("source/_posts/y.md", date="2019-12-31"),
    )
    assert lead(target, *posts, style="markdown") == expected


def test_a_path_of_any_length_is_found_by_each_of_its_ends() -> None:
    parts = [f"folder {number}" for number in range(40)]
    path = "/".join([*parts, "note.md"])
    for start in range(len(parts)):
        assert lead("/".join([*parts[start:], "note"]), make(path), make("note.md")) == path
        assert lead("/".join(["other", *parts[start + 1 :], "note"]), make(path)) == ["KG301"]


def test_a_cluster_asks_for_long_paths_under_a_name_that_they_have() -> None:
    path = "/".join(["a folder of some length"] * 20)
    post = make("here.md", f"{path}/x")
    assert links.names_asked(post) & index.names_of_post(make(f"top/{path}/x.md"))


def test_links_whose_words_begin_with_a_bracket_are_not_nested() -> None:
    assert scan("* [[`abc`](https://example.org/1)] - x\n" * 200, 1).too_deep is None


def test_brackets_nested_too_deep_take_no_time_and_are_told() -> None:
    found = scan("x\n[[a]]\n\n" + "![[" * 150 + "]]" * 150 + "\n\n[[b]]\n", 1)
    assert [link.target for link in found.links if "[" not in link.target] == ["a", "b"]
    assert found.too_deep == (4, 302)


@pytest.mark.parametrize(
    ("target", "mend"),
    [
        ("www.a.example/?u=http://b.example", "begin it with 'https://'"),
        ("https//a.example", "write its beginning as 'https://'"),
        ("https.a.com/b", "write its beginning as 'https://'"),
        ("*https://a.example", "take away what stands before 'http'"),
        ("[https://a.example", "take away what stands before 'http'"),
        ("`https://a.example`", "take away what stands before 'http'"),
    ],
)
def test_how_to_mend_an_address_depends_on_what_is_wrong(target: str, mend: str) -> None:
    post = make("a.md", target, style="markdown")
    (told,) = links.resolve([post]).diagnostics
    assert (told.code, told.message) == ("KG301", f"'{target}' is not a web address; {mend}")
