"""Small folders of the tools people use: each is read as the tool would, without settings and with its preset."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import pytest

from kg import config
from kg.config import Config
from kg.linking import links
from kg.reading import ecosystems, finding, site_settings
from kg.reading.finding import walk
from kg.reading.folder import look, read_posts
from kg.state import State
from tests.folders import put
from tests.running import kg

if TYPE_CHECKING:
    from kg.model import Post

FOLDERS = Path(__file__).parent / "ecosystems"


@dataclass(frozen=True)
class Expected:
    """What a folder holds, as its tool counts it."""

    content: str
    edges: set[tuple[str, str]]
    names: dict[str, set[tuple[str, str]]]
    dates: dict[str, str] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)
    codes: set[tuple[str, int, str]] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)


_YARD = "Yard 89abcdef0123456789abcdef01234567.md"
_PAINT = "Jobs 0123456789abcdef0123456789abcdef/Paint 00112233445566778899aabbccddeeff.md"
_SPLICES, _BENDS, _ROPE_WORK = (f"{letter * 8}{'0' * 16}{letter * 8}.md" for letter in "abf")
EXPECTED = {
    "dendron": Expected(
        "dendron/vault",
        edges={
            ("boats.md", "boats.keel.md"), ("boats.md", "harbour.md"), ("boats.md", "user.mara.lind.md"),
            ("boats.keel.md", "boats.md"), ("boats.rig.bolt.md", "boats.md"),
        },
        names={"boats.md": {("tag", "wood.oak")}},
        codes={("boats.md", 9, "KG304")},
    ),
    "quarto": Expected(
        "quarto",
        edges={("tides.qmd", "moon.qmd")},
        names={"tides.qmd": {("person", "Ada Lind"), ("category", "sea")}},
        dates={"tides.qmd": "2023-01-05", "moon.qmd": ""},
    ),
    "myst": Expected(
        "myst",
        edges={("index.md", "ropes.md"), ("index.md", "hitches.md")},
        names={"index.md": {("person", "Ada Lind")}},
    ),
    "notion": Expected(
        "notion",
        edges={(_YARD, _PAINT), (_PAINT, _YARD)},
        names={_YARD: {("tag", "wood"), ("tag", "sea")}, _PAINT: set()},
        titles={_YARD: "Yard", _PAINT: "Paint"},
    ),
    "bear": Expected(
        "bear",
        edges={("Knots.md", "Ropes.md")},
        names={"Knots.md": {("tag", "rope work"), ("tag", "sea/harbour"), ("tag", "plain")}},
        codes={("Knots.md", 4, "KG304")},
    ),
    "joplin": Expected(
        "joplin",
        edges={(_SPLICES, _BENDS), (_SPLICES, _ROPE_WORK), (_BENDS, _ROPE_WORK)},
        names={_SPLICES: {("tag", "sea")}, _BENDS: set()},
        titles={_SPLICES: "Splices", _ROPE_WORK: "Rope work"},
    ),
    "hugo": Expected(
        "hugo/content",
        edges={
            ("_index.md", "posts/first-post.md"),
            ("posts/first-post.md", "posts/second.md"),
            ("posts/first-post.md", "posts/bundle/index.md"),
            ("posts/second.md", "posts/first-post.md"),
        },
        names={
            "posts/first-post.md": {
                ("tag", "go"), ("tag", "static sites"), ("category", "Tools"), ("series", "Getting going"),
                ("person", "Ada Lovelace"),
            },
            "posts/bundle/index.md": {("tag", "go"), ("category", "Notes")},
            "posts/second.fr.md": {("tag", "go")},
            "authors/ada/_index.md": {("person", "Ada Lovelace")},
        },
        dates={"posts/first-post.md": "2021-05-06T07:08:09-04:00", "posts/bundle/index.md": "2021-05-08"},
        titles={"posts/second.fr.md": "Deuxième billet"},
    ),
    "jekyll": Expected(
        "jekyll",
        edges={
            ("_posts/2020-01-05-hello-world.md", "_posts/2020-02-01-second.md"),
            ("_posts/2020-02-01-second.md", "_posts/2020-01-05-hello-world.md"),
            ("_posts/ja/2020-02-03-third.md", "_posts/2020-02-01-second.md"),
            ("about.md", "_posts/2020-01-05-hello-world.md"),
        },
        names={
            "_posts/2020-01-05-hello-world.md": {
                ("category", "guide"), ("category", "linux"), ("tag", "shell"), ("tag", "scripts"),
                ("person", "Carl C."),
            },
            "_posts/ja/2020-02-03-third.md": {("category", "a"), ("category", "b"), ("person", "Carl C.")},
            "_drafts/idea.md": {("tag", "half"), ("tag", "baked"), ("person", "nobody")},
        },
        dates={
            "_posts/2020-01-05-hello-world.md": "2020-01-05",
            "_posts/2020-02-01-second.md": "2020-02-01T09:30:00+09:00",
            "_posts/ja/2020-02-03-third.md": "2020-02-03",
        },
        drafts={"_drafts/idea.md", "_posts/2020-02-01-second.md"},
        codes={("_posts/2020-01-05-hello-world.md", 11, "KG303")},
    ),
    "hexo": Expected(
        "hexo",
        edges={
            ("source/_posts/2023-02-03-first.md", "source/_posts/tech/second.md"),
            ("source/_posts/tech/second.md", "source/_posts/2023-02-03-first.md"),
            ("source/about/index.md", "source/_posts/tech/second.md"),
        },
        names={
            "source/_posts/2023-02-03-first.md": {("tag", "knowledge graph"), ("category", "notes")},
            "source/_posts/tech/second.md": {("tag", "hexo"), ("tag", "static sites")},
            "source/_drafts/idea.md": {("tag", "half baked")},
        },
        dates={
            "source/_posts/2023-02-03-first.md": "2023-02-03T10:00:00",
            "source/_posts/tech/second.md": "2023-03-04",
        },
        drafts={"source/_drafts/idea.md"},
        codes={
            ("scaffolds", 0, "KG006"),
            ("source/_posts/tech/second.md", 12, "KG301"),
        },
    ),
    "eleventy": Expected(
        "eleventy",
        edges={
            ("posts/pervaya.md", "posts/vtoraya.md"),
            ("posts/vtoraya.md", "posts/pervaya.md"),
            ("posts/2023/tretya.md", "posts/pervaya.md"),
            ("posts/2023/tretya.md", "posts/vtoraya.md"),
        },
        names={
            "posts/pervaya.md": {("tag", "заметки"), ("tag", "сеть"), ("tag", "посты"), ("person", "Ольга Н.")},
            "posts/2023/tretya.md": {
                ("tag", "сеть"), ("tag", "особое"), ("tag", "архив"), ("tag", "посты"), ("person", "Пётр Б."),
            },
        },
        dates={"posts/pervaya.md": "2022-03-04", "posts/vtoraya.md": ""},
        codes={("posts/program.md", 1, "KG117")},
    ),
    "zola": Expected(
        "zola/content",
        edges={
            ("blog/2023-04-05_first.md", "blog/second/index.md"),
            ("blog/2023-04-05_first.md", "blog/_index.md"),
            ("blog/second/index.md", "blog/2023-04-05_first.md"),
        },
        names={
            "blog/2023-04-05_first.md": {("tag", "rust"), ("tag", "web"), ("category", "notes"), ("person", "Dana D.")},
        },
        dates={"blog/2023-04-05_first.md": "2023-04-05"},
        codes={("blog/second/index.md", 9, "KG301")},
    ),
    "astro": Expected(
        "astro/src/content",
        edges={("blog/one.md", "blog/two.mdx"), ("blog/two.mdx", "blog/one.md")},
        names={"blog/one.md": {("tag", "islands"), ("tag", "html")}},
        dates={"blog/one.md": "2024-02-03", "blog/two.mdx": "2024-02-04"},
        drafts={"blog/two.mdx"},
    ),
    "docusaurus": Expected(
        "docusaurus",
        edges={
            ("blog/2021-08-26-welcome/index.md", "docs/intro.md"),
            ("blog/2021-09-01-second.mdx", "blog/2021-08-26-welcome/index.md"),
            ("blog/2021-09-01-second.mdx", "docs/guide/first-steps.md"),
            ("docs/intro.md", "docs/guide/first-steps.md"),
            ("docs/guide/first-steps.md", "docs/intro.md"),
        },
        names={
            "blog/2021-08-26-welcome/index.md": {("person", "Eve F."), ("tag", "hello"), ("tag", "Release notes")},
            "blog/2021-09-01-second.mdx": {("person", "Guest G.")},
        },
        dates={"blog/2021-08-26-welcome/index.md": "2021-08-26", "blog/2021-09-01-second.mdx": "2021-09-01"},
        titles={"docs/guide/first-steps.md": "First steps"},
    ),
    "obsidian": Expected(
        "obsidian",
        edges={
            ("2024-05-01.md", "People/Ada Lovelace.md"),
            ("B/index.md", "A/index.md"),
            ("Home.md", "2024-05-01.md"),
            ("Home.md", "People/Ada Lovelace.md"),
            ("Home.md", "Projects/Graph.md"),
            ("Home.md", "Projects/Note in folder.md"),
            ("People/Ada Lovelace.md", "Home.md"),
            ("Projects/Graph.md", "Home.md"),
            ("Projects/Graph.md", "People/Ada Lovelace.md"),
        },
        names={
            "Home.md": {("tag", "map"), ("tag", "map/of/content"), ("tag", "y1984")},
            "Projects/Graph.md": {("person", "Ada Lovelace"), ("person", "Bob")},
            "2024-05-01.md": {("tag", "diary")},
        },
        dates={"2024-05-01.md": "2024-05-01"},
        codes={("Home.md", 9, "KG304"), ("Projects/Note in folder.md", 1, "KG302")},
    ),
    "quartz": Expected(
        "quartz/content",
        edges={
            ("index.md", "مقدمة.md"),
            ("index.md", "ملاحظات/الرسم البياني.md"),
            ("مقدمة.md", "index.md"),
            ("ملاحظات/الرسم البياني.md", "مقدمة.md"),
        },
        names={"مقدمة.md": {("tag", "معرفة"), ("tag", "معرفة/رسوم")}},
        drafts={"مقدمة.md"},
    ),
    "logseq": Expected(
        "logseq",
        edges={
            ("journals/2024_05_01.md", "pages/Knowledge graph.md"),
            ("pages/Knowledge graph.md", "journals/2024_05_01.md"),
            ("pages/Knowledge graph.md", "pages/RDF___Turtle.md"),
            ("pages/RDF___Turtle.md", "pages/Knowledge graph.md"),
            ("pages/RDF___Turtle.md", "journals/2024_05_01.md"),
        },
        names={
            "pages/Knowledge graph.md": set(),
        },
        dates={"journals/2024_05_01.md": "2024-05-01"},
        titles={"pages/RDF___Turtle.md": "RDF/Turtle", "pages/Knowledge graph.md": "Knowledge graph"},
        codes={
            ("pages/Knowledge graph.md", 2, "KG304"),
            ("pages/Knowledge graph.md", 4, "KG304"),
            ("pages/RDF___Turtle.md", 1, "KG304"),
            ("pages/RDF___Turtle.md", 7, "KG301"),
        },
    ),
    "foam": Expected(
        "foam",
        edges={
            ("inbox.md", "notes/first-note.md"),
            ("inbox.md", "notes/second-note.md"),
            ("notes/first-note.md", "inbox.md"),
            ("notes/first-note.md", "notes/second-note.md"),
        },
        names={"notes/first-note.md": {("tag", "idea"), ("tag", "todo")}, "notes/second-note.md": {("tag", "done")}},
        codes={("notes/second-note.md", 3, "KG304")},
    ),
    "mkdocs": Expected(
        "mkdocs/docs",
        edges={
            ("index.md", "blog/index.md"),
            ("index.md", "blog/posts/strings.md"),
            ("blog/posts/strings.md", "blog/index.md"),
            ("blog/posts/strings.md", "blog/posts/tails.md"),
        },
        names={},
        dates={"blog/posts/strings.md": "2024-01-31", "blog/posts/tails.md": "2024-03-01"},
    ),
    "vitepress": Expected(
        "vitepress/docs",
        edges={
            ("index.md", "kinds/cirrus.md"),
            ("kinds/cirrus.md", "kinds/cumulus.md"),
            ("kinds/cirrus.md", "kinds/index.md"),
            ("kinds/cumulus.md", "index.md"),
            ("kinds/index.md", "kinds/cirrus.md"),
        },
        names={},
    ),
    "vuepress": Expected(
        "vuepress/docs",
        edges={
            ("README.md", "bread/README.md"),
            ("README.md", "bread/rye.md"),
            ("bread/README.md", "bread/rye.md"),
            ("bread/rye.md", "README.md"),
            ("bread/rye.md", "bread/README.md"),
        },
        names={},
    ),
    "mdbook": Expected(
        "mdbook/src",
        edges={
            ("README.md", "knots/bowline.md"),
            ("SUMMARY.md", "README.md"),
            ("SUMMARY.md", "knots/bowline.md"),
            ("knots/bowline.md", "README.md"),
        },
        names={},
    ),
    "gitbook": Expected(
        "gitbook/docs",
        edges={
            ("README.md", "knots/bowline.md"),
            ("SUMMARY.md", "README.md"),
            ("SUMMARY.md", "knots/bowline.md"),
            ("knots/bowline.md", "README.md"),
        },
        names={},
    ),
    "pelican": Expected(
        "pelican/content",
        edges={("grain/rye.md", "grain/wheat.md"), ("grain/wheat.md", "grain/rye.md")},
        names={},
        dates={"grain/rye.md": "2011-01-01"},
        drafts={"grain/wheat.md"},
    ),
    "nikola": Expected(
        "nikola",
        edges={("posts/tails.md", "posts/bows.md"), ("posts/bows.md", "posts/tails.md")},
        names={
            "posts/tails.md": {("tag", "line"), ("tag", "wind"), ("person", "Mara Lind")},
            "posts/bows.md": {("tag", "wind")},
        },
        dates={"posts/tails.md": "2017-07-01T00:00:00Z", "posts/bows.md": "2018-01-02"},
    ),
    "gatsby": Expected(
        "gatsby/content",
        edges={("blog/reeds/index.md", "blog/horn/index.mdx"), ("blog/horn/index.mdx", "blog/reeds/index.md")},
        names={"blog/horn/index.mdx": {("tag", "brass")}},
        dates={"blog/horn/index.mdx": "2016-05-01"},
    ),
    "nextjs": Expected(
        "nextjs/app",
        edges={
            ("docs/page.mdx", "docs/pans/page.mdx"),
            ("docs/page.mdx", "docs/(coast)/tides/page.mdx"),
            ("docs/pans/page.mdx", "docs/page.mdx"),
            ("docs/pans/page.mdx", "docs/(coast)/tides/page.mdx"),
            ("docs/(coast)/tides/page.mdx", "docs/pans/page.mdx"),
        },
        names={},
        titles={"docs/page.mdx": "Salt"},
    ),
    "nuxt": Expected(
        "nuxt/content",
        edges={
            ("index.md", "1.threads/1.warp.md"),
            ("1.threads/1.warp.md", "1.threads/2.weft.md"),
            ("1.threads/1.warp.md", "index.md"),
            ("1.threads/2.weft.md", "1.threads/1.warp.md"),
        },
        names={},
        drafts={"1.threads/2.weft.md"},
    ),
    "starlight": Expected(
        "starlight/src/content/docs",
        edges={
            ("index.mdx", "fern.md"), ("fern.md", "index.mdx"), ("fern.md", "fr/fern.md"), ("fr/fern.md", "index.mdx"),
        },
        names={},
    ),
    "middleman": Expected(
        "middleman/source",
        edges={
            ("index.html.markdown", "localizable/craft/casting.html.markdown"),
            ("localizable/craft/casting.html.markdown", "index.html.markdown"),
            ("localizable/craft/casting.html.markdown", "localizable/craft/tuning.html.md"),
        },
        names={"localizable/craft/casting.html.markdown": {("tag", "bronze"), ("tag", "clay")}},
        drafts={"localizable/craft/tuning.html.md"},
    ),
    "docsify": Expected(
        "docsify/docs",
        edges={
            ("_sidebar.md", "README.md"), ("_sidebar.md", "yeast.md"), ("README.md", "yeast.md"),
            ("yeast.md", "README.md"),
        },
        names={},
    ),
    "wikijs": Expected(
        "wikijs",
        edges={("home.md", "brewing/mash.md"), ("brewing/mash.md", "home.md")},
        names={"brewing/mash.md": {("tag", "malt"), ("tag", "hot water")}},
        dates={"home.md": "2023-03-08T11:30:15.528Z"},
        titles={"brewing/mash.md": "Mash: how it is made"},
        codes={("brewing/mash.md", 2, "KG101")},
    ),
    "zenn": Expected(
        "zenn",
        edges={
            ("articles/0a1b2c3d4e5f60-kettle.md", "articles/f0e1d2c3b4a596-water.md"),
            ("articles/1111222233334-leaf.md", "articles/0a1b2c3d4e5f60-kettle.md"),
        },
        names={"articles/0a1b2c3d4e5f60-kettle.md": {("tag", "茶"), ("tag", "kettles")}},
        dates={"articles/0a1b2c3d4e5f60-kettle.md": "2022-03-04T08:00:00"},
        drafts={"articles/f0e1d2c3b4a596-water.md"},
    ),
    "cobalt": Expected(
        "cobalt",
        edges={("posts/2016-01-01-tin.md", "posts/zinc.md")},
        names={"posts/2016-01-01-tin.md": {("tag", "metal")}, "posts/zinc.md": {("category", "ore")}},
        dates={"posts/2016-01-01-tin.md": "2016-01-01T21:00:00+01:00"},
        drafts={"posts/zinc.md"},
    ),
    "okf": Expected(
        "okf",
        edges={
            ("tables/orders.md", "tables/customers.md"),
            ("tables/orders.md", "metrics/revenue.md"),
            ("metrics/revenue.md", "tables/orders.md"),
        },
        names={"tables/orders.md": {("tag", "sales"), ("tag", "orders")}},
    ),
}  # fmt: skip


def read(name: str, settings: Config) -> tuple[dict[str, Post], links.Links, set[tuple[str, int, str]]]:
    content = FOLDERS / EXPECTED[name].content
    folder = look(content, settings)
    result = read_posts(content, settings, folder=folder)
    found = links.resolve(result.posts, folder.site)
    codes = {(d.path, d.line, d.code) for d in (*result.diagnostics, *found.diagnostics)}
    return {post.path: post for post in result.posts}, found, codes


@pytest.mark.parametrize("name", EXPECTED)
def test_read_without_settings(name: str) -> None:
    expected = EXPECTED[name]
    posts, found, codes = read(name, Config())
    assert {(source, target) for source, target, _line in found.edges} == expected.edges
    assert codes == expected.codes
    for path, names in expected.names.items():
        assert {(m.kind, m.name) for m in posts[path].mentions} == names, path
    for path, date in expected.dates.items():
        assert posts[path].date == date, path
    for path, title in expected.titles.items():
        assert posts[path].title == title
    assert {path for path, post in posts.items() if post.draft} == expected.drafts


@pytest.mark.parametrize("name", EXPECTED)
def test_read_with_preset(name: str, tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text(ecosystems.preset(name), "utf-8")
    settings = config.load(tmp_path / "kg.toml")
    _posts, found, _codes = read(name, settings)
    assert {(source, target) for source, target, _line in found.edges} >= EXPECTED[name].edges - {
        ("index.md", "tables/orders.md")
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_recognised_by_what_lies_around_it(name: str) -> None:
    ecosystem = ecosystems.recognise(FOLDERS / EXPECTED[name].content)
    assert ecosystem is not None
    assert ecosystem.name == name


def test_every_ecosystem_has_its_preset_and_its_folder() -> None:
    assert set(ecosystems.ECOSYSTEMS) == set(EXPECTED)
    for name in EXPECTED:
        assert ecosystems.preset(name).startswith("# Settings of kg for ")


def test_okf_type_is_kept_and_becomes_a_name_with_the_preset(tmp_path: Path) -> None:
    posts, _links, _codes = read("okf", Config())
    assert any(a.value == "BigQuery Table" for a in posts["tables/orders.md"].attributes)
    assert any(a.value == "finance" for a in posts["metrics/revenue.md"].attributes)
    (tmp_path / "kg.toml").write_text(ecosystems.preset("okf"), "utf-8")
    posts, _links, _codes = read("okf", config.load(tmp_path / "kg.toml"))
    assert ("category", "BigQuery Table") in {(m.kind, m.name) for m in posts["tables/orders.md"].mentions}


NOTE = "See [[Ada]] and [[Bob#Life|Bob]].\n"
CONTENTS = "# Summary\n\n* [Knots](README.md)\n  * [Bowline](bowline.md)\n"
ELSEWHERE = {
    "a book of GitBook": ("gitbook", "", {"README.md": "", "SUMMARY.md": CONTENTS}),
    "a folder of one": ("gitbook", "knots", {"README.md": "", "SUMMARY.md": CONTENTS, "knots/bowline.md": ""}),
    "a book of mdBook": ("mdbook", "src", {"src/SUMMARY.md": CONTENTS.replace("*", "-")}),
    "a summary that is no table of contents": ("", "", {"SUMMARY.md": "# Summary\n\n- All [tests](t.md) pass.\n"}),
    "a manual in a repository": ("docusaurus", "", {"README.md": "", "packages/docs/docusaurus.config.ts": ""}),
    "the site of an example": ("", "", {"README.md": "", "examples/site/docusaurus.config.ts": ""}),
    "two manuals": ("", "", {"a/docusaurus.config.ts": "", "b/mkdocs.yml": ""}),
    "one edition of several": ("mkdocs", "docs", {"mkdocs-en.yml": "", "docs/a.md": ""}),
    "settings that lead back": ("mkdocs", "docs", {"site/mkdocs.yml": "docs_dir: '../docs'\n", "docs/a.md": ""}),
    "settings that lead elsewhere": ("", "docs", {"site/mkdocs.yml": "site_name: x\n", "docs/a.md": ""}),
    "a vault that git does not have": ("obsidian", "", {f"{n}.md": NOTE for n in "abc"}),
    "a wiki": ("", "", {f"{n}.md": "See [[Ada]].\n" for n in "abcd"}),
    "ignored settings": ("obsidian", "", {".gitignore": ".obsidian/workspace\n", "a.md": ""}),
    "Hexo by its package": ("hexo", "source", {"package.json": '{\n  "hexo": "^7"\n}\n', "source/_posts/a.md": ""}),
    "Hexo by its settings": ("hexo", "", {"_config.yml": "theme: next\npost_asset_folder: true\n", "_posts/a.md": ""}),
    **{
        f"Jekyll that has what Hexo has: {path}": (
            "jekyll",
            "",
            {"_posts/a.md": "", "_config.yml": "tag_dir: tags\n"}
            | {path: text, "scaffolds/x": "", "package.json": "{}"},
        )
        for path, text in {
            "Gemfile": "source 'x'\ngem \"jekyll\", '~> 4'\n",
            "_layouts/x.html": "",
            "_config.yml": "tag_dir: tags\nplugins:\n  - jekyll-feed\n",
        }.items()
    },
    "posts of Cobalt": ("cobalt", "", dict.fromkeys(("_posts/2020-01-01-a.md", "_layouts/x", "_cobalt.yml"), "")),
    "posts without dates": ("hexo", "", dict.fromkeys(("_posts/a.md", "_posts/b/c.md", "_posts/d.md"), "")),
    "those alone": ("hexo", "_posts", dict.fromkeys(("_posts/a.md", "_posts/b/c.md", "_posts/2020-01-02-d.md"), "")),
    "posts with dates": ("jekyll", "", dict.fromkeys((f"_posts/x/2020-01-0{n}-a.md" for n in "123"), "")),
    "posts without dates in Jekyll": (
        "jekyll",
        "",
        dict.fromkeys(("_posts/a.md", "_posts/b.md", "_posts/d.md", "_layouts/x", "_config.yml"), ""),
    ),
    "posts without dates in Next.js": (
        "nextjs",
        "",
        dict.fromkeys(("_posts/a.md", "_posts/b.md", "_posts/d.md", "next.config.mjs"), ""),
    ),
    "Jekyll with a post that is called as in Joplin": (
        "jekyll",
        "",
        {"_posts/a.md": "", "_config.yml": "theme: x\n", f"{'0123456789abcdef' * 2}.md": "x\n"},
    ),
    "Hugo by its language": ("hugo", "content", {"config.yaml": "languageCode: vi\n", "content/a.md": ""}),
    "archetypes that are none of Hugo": ("", "docs", {"docs/archetypes/hero.md": ""}),
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_recognised_by_less(case: str, tmp_path: Path) -> None:
    name, content, files = ELSEWHERE[case]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    assert getattr(ecosystems.recognise(tmp_path / content), "name", "") == name
    assert ecosystems.holds_notes(tmp_path / content) == (name in {"", "obsidian"})


@pytest.mark.parametrize(
    ("name", "content", "settings"),
    [
        ("zola", "", "config.toml"),
        ("zola", "content", "config.toml"),
        ("hugo", "content", "hugo.toml"),
        ("zola", "", ".foam/x|config.toml"),
        ("foam", "", ".foam/x|_layouts/x"),
        ("jekyll", "", "_layouts/x"),
        ("obsidian", "notes", "config.toml"),
    ],
)
def test_a_site_that_is_written_as_a_vault_is_that_of_its_tool(
    name: str, content: str, settings: str, tmp_path: Path
) -> None:
    for path in (*settings.split("|"), "content/a.md", f"{content or '.'}/.obsidian/app.json", "_config.yml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("base_url = '/'\n", "utf-8")
    assert getattr(ecosystems.recognise(tmp_path / content), "name", "") == name
    assert ecosystems.holds_notes(tmp_path / content)


@pytest.mark.parametrize("folder", ["", "source", "source/_posts"])
def test_hexo_is_told_from_jekyll_by_the_site_around_the_posts(folder: str) -> None:
    content = FOLDERS / "hexo" / folder
    assert ecosystems.recognise(content) == ecosystems.ECOSYSTEMS["hexo"]
    first = next(post for post in read_posts(content, Config()).posts if post.path.endswith("first.md"))
    assert [mention.name for mention in first.mentions if mention.kind == "tag"] == ["knowledge graph"]


def test_a_site_that_turns_out_to_be_of_hexo_is_read_anew(tmp_path: Path) -> None:
    content, state = tmp_path / "source", State(tmp_path / "cache")
    (content / "_posts").mkdir(parents=True)
    (content / "_posts" / "2024-01-01-a.md").write_text("---\ntags: a b\n---\n", "utf-8")

    def tags() -> list[str]:
        return [mention.name for mention in read_posts(content, Config(), state=state).posts[0].mentions]

    assert tags() == ["a", "b"]
    (tmp_path / "package.json").write_text("{}", "utf-8")
    assert tags() == ["a b"]


def test_scaffolds_are_templates_in_hexo_only(tmp_path: Path) -> None:
    for name in ("site/scaffolds/post.md", "site/source/_posts/a.md", "building/scaffolds/b.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("---\ntitle: x\n---\n", "utf-8")
    found = walk(tmp_path)
    assert found.paths == ["building/scaffolds/b.md", "site/source/_posts/a.md"]
    assert [(d.path, d.code) for d in found.diagnostics] == [("site/scaffolds", "KG006")]
    assert "site/scaffolds/post.md" in walk(tmp_path, include=["site/scaffolds"]).paths
    assert walk(tmp_path, exclude=["scaffolds"]).diagnostics == []


def test_a_heading_names_a_post_only_where_it_is_of_the_first_level(tmp_path: Path) -> None:
    for name, text in (
        ("Part.md", "## Introduction\n"),
        ("whole.md", "## Before\n\nThe whole\n===\n"),
        ("c.md", "# C\n"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "said.md").write_text("---\ntitle: Said\n---\n# Not this\n", "utf-8")
    titles = {post.path: post.title for post in read_posts(tmp_path, Config()).posts}
    assert titles == {"Part.md": "Part", "whole.md": "The whole", "c.md": "C", "said.md": "Said"}


@pytest.mark.parametrize("settings", [".obsidian", "quartz.config.ts", "mkdocs.yml"])
def test_a_note_is_called_after_its_file_where_the_tool_shows_that(tmp_path: Path, settings: str) -> None:
    files = {
        "Neural Network.md": "# Introduction\n",
        "202105011200.md": "# On moss\n",
        "index.md": "# Start\n",
        "b.md": "---\ntitle: Bees\n---\n# Hives\n![x](Neural%20Network.md)\n",
    }
    put(tmp_path, files)
    (tmp_path / settings).mkdir() if settings == ".obsidian" else (tmp_path / settings).write_text("", "utf-8")
    result = read_posts(tmp_path, Config())
    titles = {post.path: post.title for post in result.posts}
    first = "Introduction" if settings == "mkdocs.yml" else "Neural Network"
    assert titles == {"Neural Network.md": first, "202105011200.md": "On moss", "index.md": "Start", "b.md": "Bees"}
    found = links.resolve(result.posts, result.folder.site)
    assert [edge[:2] for edge in found.edges] == [("b.md", "Neural Network.md")]


def test_what_logseq_keeps_for_itself_is_no_post(tmp_path: Path) -> None:
    for name in (
        "graph/pages/a.md", "graph/logseq/bak/pages/a/2024-01-01.md", "graph/logseq/.recycle/b.md", "blog/logseq/c.md",
        "new/journals/2024_05_01.md", "new/logseq/.recycle/b.md",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", "utf-8")
    found = walk(tmp_path)
    assert found.paths == ["blog/logseq/c.md", "graph/pages/a.md", "new/journals/2024_05_01.md"]
    assert [(d.path, d.code) for d in found.diagnostics] == [("graph/logseq", "KG006")]
    assert "Logseq's own folder with 1 post, which is not read" in found.diagnostics[0].message
    assert "graph/logseq/bak/pages/a/2024-01-01.md" in walk(tmp_path, include=["graph/logseq"]).paths


def test_authors_of_pages_and_data_keep_the_slug_that_was_typed() -> None:
    posts, _links, _codes = read("hugo", Config())
    assert ("authors", "ada") in {(a.field, a.value) for a in posts["posts/first-post.md"].attributes}
    posts, _links, _codes = read("docusaurus", Config())
    welcome = posts["blog/2021-08-26-welcome/index.md"]
    assert [m.homepage for m in welcome.mentions if m.name == "Eve F."] == ["https://eve.example"]
    guest = posts["blog/2021-09-01-second.mdx"]
    assert [m.homepage for m in guest.mentions if m.name == "Guest G."] == ["https://guest.example"]
    assert "https://guest.example/me.png" in {a.value for a in guest.attributes}, "every part of an object is kept"


@pytest.mark.parametrize(("post", "roots"), [("content/blog/x/a.md", ("content/blog", "src/pages")), ("b.md", ())])
def test_gatsby_makes_pages_of_the_sources_in_its_settings(post: str, roots: tuple[str, ...], tmp_path: Path) -> None:
    sources = "resolve: `x`, options: {name: `blog`, path: `${__dirname}/content/blog`}},\n{path: './gone'}\n"
    for name, text in {"gatsby-config.js": sources, "src/pages/x.js": "", "content/blog/x.png": "", post: "x"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert ecosystems.pages_below(tmp_path, ecosystems.ECOSYSTEMS["gatsby"]) == roots


def test_authors_in_the_settings_of_jekyll(tmp_path: Path) -> None:
    settings = "title: X\nauthors:\n  eve:\n    name: Eve F.\nadam:\n  name: No Author\n"
    (tmp_path / "_config.yml").write_text(settings, "utf-8")
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2024-01-02-a.md").write_text("---\nauthor: [eve, adam]\n---\n", "utf-8")
    for content in (tmp_path, tmp_path / "_posts"):
        (post,) = read_posts(content, Config()).posts
        assert [m.name for m in post.mentions] == ["Eve F.", "adam"]


def test_logseq_leaves_its_own_properties_out() -> None:
    posts, found, _codes = read("logseq", Config())
    stated = {a.field for a in posts["pages/RDF___Turtle.md"].attributes if a.field}
    assert stated == {"tags", "created-at"}
    lines = [link.line for source, _target, link in found.edges if source == "pages/RDF___Turtle.md"]
    assert lines == [4, 6, 7], "a reference to a block keeps its line"


def test_dataview_fields_are_kept_with_their_places() -> None:
    posts, _links, _codes = read("obsidian", Config())
    stated = {(a.field, a.value, a.line) for a in posts["Projects/Graph.md"].attributes}
    assert ("rating", "5", 12) in stated
    assert ("due", "2024-06-01", 13) in stated


def test_language_is_told_by_the_name_of_a_translation() -> None:
    posts, _links, _codes = read("hugo", Config())
    assert posts["posts/second.fr.md"].language == "fr"
    assert posts["posts/second.md"].language == ""


@pytest.mark.parametrize(
    ("name", "text", "heirs"),
    [
        ("hugo.toml", 'title = "x"\ndefaultContentLanguage = "fr"\n', {"a", "fr"}),
        ("config/_default/hugo.yaml", "DefaultContentLanguage: fr\n", {"a", "fr"}),
        ("config.json", '{"defaultContentLanguage": "fr"}', {"a", "fr"}),
        ("hugo.toml", "title = 'x'\n", {"a", "en"}),
        ("other.toml", "defaultContentLanguage = 'fr'\n", {"a"}),
    ],
)
def test_a_site_of_hugo_has_a_language_that_names_need_not_tell(
    tmp_path: Path, name: str, text: str, heirs: set[str]
) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    (content / "_index.md").write_text("---\ncascade:\n  tags: [x]\n---\n", "utf-8")
    for file in ("a.md", "a.en.md", "a.fr.md"):
        (content / file).write_text("text", "utf-8")
    posts = read_posts(content, Config()).posts
    named = {post.path for post in posts if any(mention.name == "x" for mention in post.mentions)}
    assert named == {"a.md" if heir == "a" else f"a.{heir}.md" for heir in heirs}


def test_a_changed_authors_file_is_noticed(tmp_path: Path) -> None:
    from kg.pipeline.build import update

    content, output = tmp_path / "content", tmp_path / "out"
    content.mkdir()
    (content / "a.md").write_text("---\nauthor: eve\n---\n", "utf-8")
    (content / "authors.yml").write_text("eve: {name: Eve F.}\n", "utf-8")
    settings = Config(formats=("nt",))
    update(content, output, config=settings)
    assert b"Eve F." in (output / "graph.nt").read_bytes()
    (content / "authors.yml").write_text("eve: {name: Eve G.}\n", "utf-8")
    update(content, output, config=settings)
    assert b"Eve G." in (output / "graph.nt").read_bytes()


def test_changed_directory_data_is_noticed_and_its_faults_are_told(tmp_path: Path) -> None:
    from kg.pipeline.build import update

    content, output = tmp_path / "content", tmp_path / "out"
    (content / "posts").mkdir(parents=True)
    (content / "posts" / "a.md").write_text("---\ntitle: A\n---\n", "utf-8")
    data = content / "posts" / "posts.11tydata.json"
    settings = Config(formats=("nt",))
    update(content, output, config=settings)
    for text, expected in (
        ('{"tags": ["inherited-one"]}', b"inherited-one"),
        ('{"tags": ["inherited-two"]}', b"inherited-two"),
    ):
        data.write_text(text, "utf-8")
        update(content, output, config=settings)
        assert expected in (output / "graph.nt").read_bytes()
    data.write_text('{"tags": ["x"],\n "layout" }', "utf-8")
    report, _result = update(content, output, config=settings)
    assert [(d.path, d.line, d.code) for d in report.diagnostics] == [("posts/posts.11tydata.json", 2, "KG101")]
    data.unlink()
    update(content, output, config=settings)
    assert b"inherited" not in (output / "graph.nt").read_bytes()


@pytest.mark.parametrize(
    ("data", "names", "codes"),
    [
        ('{"tags": ' + "[" * 50_000, [], "KG104"),
        ('["a"]', [], "KG116"),
        ("", [], ""),
        ('{"tags": null, "author": {"name": "Ada"}, "permalink": "/{{ x }}/", "__proto__": "x"}', ["Ada"], ""),
        ("\ufeff" + '{"tags": "kept"}', ["kept"], ""),
        ('{"tags": ["kept"],\n "draft": }', ["kept"], "KG101"),
    ],
)
def test_hostile_directory_data(data: str, names: list[str], codes: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("A\n", "utf-8")
    (tmp_path / f"{tmp_path.name}.11tydata.json").write_text(data, "utf-8")
    result = read_posts(tmp_path, Config())
    assert [m.name for m in result.posts[0].mentions] == names
    assert [d.code for d in result.diagnostics] == codes.split()
    assert not result.posts[0].aliases


@pytest.mark.parametrize(
    ("settings", "author"),
    [
        ("x: !!python/object/apply:os.system [id]\ndefaults:\n- scope: {path: ''}\n  values: {author: Ada}\n", "Ada"),
        ("defaults:\n- 1\n- [a]\n- {scope: x, values: y}\n- {values: {author: nobody}}\n- scope:\n", ""),
        ("defaults:\n- scope: {path: '" + "a*" * 2000 + "b'}\n  values: {author: nobody}\n", ""),
        ("a: &a [x, x]\nb: &b [" + "*a, " * 40_000 + "]\nc: [" + "*b, " * 40 + "]\n", ""),
        ("defaults:\n- scope: {path: '*/aaa*'}\n  values: {author: Ada}\n", "Ada"),
    ],
)
def test_hostile_settings_of_a_site(settings: str, author: str, tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / f"{'a' * 200}.md").write_text("A\n", "utf-8")
    (tmp_path / "_config.yml").write_text(settings, "utf-8")
    begun = process_time()
    result = read_posts(tmp_path, Config())
    assert process_time() - begun < 3
    assert [m.name for m in result.posts[0].mentions] == [author] * bool(author)
    assert all(d.path == "_config.yml" for d in result.diagnostics)


def test_the_tool_is_recognised_once_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    for module in (finding, site_settings):
        monkeypatch.setattr(module, "recognise", asked.append)
    for number in range(9):
        (tmp_path / f"{number}.md").write_text("A\n", "utf-8")
        (tmp_path / f"{number}.json").write_text("{}", "utf-8")
    look(tmp_path, Config())
    assert len(asked) == 1


def test_json_beside_posts_of_other_tools_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text("A\n", "utf-8")
    for name in ("posts.json", "a.json"):
        (tmp_path / "posts" / name).write_text('{"tags": ["no"]}', "utf-8")
    assert [post.mentions for post in read_posts(tmp_path, Config()).posts] == [()]


def test_the_site_around_a_folder_of_posts_has_its_defaults(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2024-01-01-a.md").write_text("---\ntags: x\n---\n", "utf-8")
    (tmp_path / "_config.yml").write_text(
        "defaults:\n- scope: {path: '', type: posts}\n  values: {tags: [y], author: Ada, lang: zh_cn}\n", "utf-8"
    )
    result = read_posts(tmp_path / "_posts", Config())
    assert [(m.name, m.line) for m in result.posts[0].mentions] == [("x", 2), ("Ada", 0)]
    assert result.posts[0].language == "zh-CN"
    assert not result.diagnostics, "a doubt about the site's settings is no fault of each post"


@pytest.mark.parametrize(
    ("markers", "counts"),
    [
        ([".obsidian/app.json"], True),
        (["logseq/config.edn"], True),
        ([".foam/x", "package.json"], True),
        (["quartz.config.ts", "package.json"], True),
        ([".obsidian/app.json", "_config.yml"], True),
        (["_config.yml"], False),
        (["source/_posts/x", "scaffolds/post.md"], False),
        (["hugo.toml"], False),
        (["config.toml"], False),
        (["docusaurus.config.js"], False),
        (["mkdocs.yml"], False),
        (["pelicanconf.py"], False),
        (["next.config.mjs"], False),
    ],
)
def test_words_with_a_hash_are_tags_where_a_tool_may_mean_them(
    tmp_path: Path, markers: list[str], counts: bool
) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("---\ntags: [linux]\n---\n#work for the large cpu\n\nowner:: Ada\n", "utf-8")
    for marker in markers:
        (tmp_path / marker).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / marker).write_text("", "utf-8")

    def names(settings: Config) -> tuple[list[str], bool]:
        (post,) = read_posts(tmp_path / "posts", settings).posts
        # In Logseq a tag is a link to a page.
        named = [*(mention.name for mention in post.mentions), *(link.target for link in post.links)]
        return named, any(each.field == "owner" for each in post.attributes)

    asked_for = ["linux", "work"]
    assert names(Config()) == (asked_for if counts else ["linux"], counts)
    assert names(Config(inline_tags=True))[0] == asked_for
    assert names(Config(inline_tags=False))[0] == ["linux"]


def test_where_no_settings_tell_most_pages_are_in_the_language_of_the_site(tmp_path: Path) -> None:
    for name in ("en/team", "en/x", "de/team", "fr/z"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.md").write_text("[x](/team)\n" if name == "fr/z" else "x\n", "utf-8")
    result = read_posts(tmp_path, Config())
    found = links.resolve(result.posts, result.folder.site)
    assert [target for _source, target, _link in found.edges] == ["en/team.md"]
    assert not found.diagnostics


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("---\ntags: [linux]\n---\n#work for the large cpu\n", ["linux"]),
        ("---\ntags: [linux]\n---\n#work with [[Ada]]\n", ["linux", "work"]),
        ("---\ntitle: x\n---\n#work\n", ["work"]),
        ("#work\n", ["work"]),
    ],
)
def test_in_a_folder_of_no_tool_a_post_says_by_its_own_form_whether_it_has_tags_in_its_body(
    tmp_path: Path, text: str, tags: list[str]
) -> None:
    (tmp_path / "a.md").write_text(text, "utf-8")
    (post,) = read_posts(tmp_path, Config()).posts
    assert [mention.name for mention in post.mentions] == tags


@pytest.mark.parametrize(
    ("among", "counts"),
    [
        (["Plain words.\n"] * 20, False),
        (["`#define` x, #fff and #12.\n\n```sh\n#install\nif [[ -f x ]]\n```\n"] * 20, False),
        (["See [[1]], and [[_TOC_]].\n"] * 20, False),
        (["Plain words.\n"] * 18 + ["See [[Ada]].\n"] * 2, True),
        (["Plain words.\n"] * 18 + ["#idea of mine\n"] * 2, True),
        (["Plain words.\n"] * 3, True),
    ],
)
def test_in_a_folder_of_no_tool_tags_in_bodies_are_usual_or_none(
    tmp_path: Path, among: list[str], counts: bool
) -> None:
    for number, text in enumerate(["Restore point #nine\n", *among]):
        (tmp_path / f"{number:02}.md").write_text(text, "utf-8")
    first = read_posts(tmp_path, Config()).posts[0]
    assert [mention.name for mention in first.mentions] == ["nine"] * counts
    assert [m.name for m in read_posts(tmp_path, Config(inline_tags=True)).posts[0].mentions] == ["nine"]
    written = kg("init", tmp_path, "-o", "-").stdout
    assert f"\ninline_tags = {str(counts).lower()}\n" in written


@pytest.mark.parametrize(
    ("among", "counts"),
    [
        (["Plain words.\n"] * 20, False),
        (["```cpp\nx:: y\n```\nUse `std:: vector` and std::vector.\n"] * 20, False),
        (["Plain words.\n"] * 18 + ["rated:: 4\n"] * 2, True),
        (["Plain words.\n"] * 18 + ["- one [rated:: 4] of two\n"] * 2, True),
        (["Plain words.\n"] * 3, True),
    ],
)
def test_in_a_folder_of_no_tool_fields_in_bodies_are_usual_or_none(
    tmp_path: Path, among: list[str], counts: bool
) -> None:
    for number, text in enumerate(["Annotated loops :: shared memory\n", *among]):
        (tmp_path / f"{number:02}.md").write_text(text, "utf-8")
    for asked, found in ((None, counts), (False, counts), (True, True)):
        first = read_posts(tmp_path, Config(inline_tags=asked)).posts[0]
        assert [each.value for each in first.attributes if each.field] == ["shared memory"] * found


def test_a_page_of_logseq_is_called_after_its_file_or_title(tmp_path: Path) -> None:
    for name, text in {
        "logseq/config.edn": "{}",
        "journals/2025_10_29.md": "# [[Reading]]\n\t- a page\n",
        "journals/2026_05_26.md": "# Learned\n- x\n",
        "pages/Tool.md": "- works with [[Reading]], from [[Learned]] and [[Long Name]]\n",
        "pages/short.md": "title:: Long Name\n\n# Heading\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    posts = read_posts(tmp_path, Config()).posts
    assert {post.title for post in posts} == {"2025_10_29", "2026_05_26", "Tool", "Long Name"}
    assert {edge[:2] for edge in links.resolve(posts).edges} == {("pages/Tool.md", "pages/short.md")}


@pytest.mark.parametrize(
    ("slug", "title", "name"),
    [
        ("ada", "Ada Lovelace", "Ada Lovelace"),
        ("ada-lovelace", "Ada Lovelace", "Ada Lovelace"),
        ("countess", "Ada Lovelace", "Ada Lovelace"),
        ("ludwig", "Ludwig van Beethoven", "Ludwig van Beethoven"),
        ("casey", "casey", "casey"),
        ("lin", "林知远", "林知远"),
        ("casey", "About Casey", "casey"),
        ("casey", "Posts written by Casey", "casey"),
        ("casey", "Casey, who sold 10% of a company", "casey"),
        ("casey", "What we know of Casey", "casey"),
        ("casey", "Who Is It?", "casey"),
    ],
)
def test_a_page_about_an_author_is_called_so_only_where_its_title_is_a_name(
    tmp_path: Path, slug: str, title: str, name: str
) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / f"people/{slug}.md").write_text(f'---\ntitle: "{title}"\n---\n', "utf-8")
    assert [post.mentions for post in read_posts(tmp_path, Config()).posts] == [()]
    (tmp_path / "z.md").write_text(f"---\nauthor: {slug}\n---\n", "utf-8")
    posts = read_posts(tmp_path, Config()).posts
    assert [[mention.name for mention in post.mentions] for post in posts] == [[name], [name]]


_SITES = [name for name in EXPECTED if name not in {*ecosystems.VAULTS, "notion", "joplin", "wikijs", "okf"}]


@pytest.mark.parametrize("name", _SITES)
def test_a_site_in_a_folder_of_content_is_read_by_the_rules_of_its_tool(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    folder, _slash, inner = expected.content.partition("/") if name != "docsify" else (expected.content, "", "")
    shutil.copytree(FOLDERS / folder, tmp_path / "web")
    (tmp_path / "README.md").write_text("About this repository.\n")
    assert getattr(ecosystems.recognise(tmp_path), "name", "") == name
    above = f"web/{inner}/".replace("//", "/")
    posts = {post.path: post for post in read_posts(tmp_path, Config()).posts}
    for path, names in expected.names.items():
        assert {(m.kind, m.name) for m in posts[above + path].mentions} == names, path
    for path, date in expected.dates.items():
        assert posts[above + path].date == date, path
    edges = {
        (source, target) for source, target, _line in links.resolve(posts.values(), look(tmp_path, Config()).site).edges
    }
    assert edges >= {(above + source, above + target) for source, target in expected.edges}


def test_a_folder_of_content_that_holds_a_site_is_none_where_most_posts_lie_elsewhere(tmp_path: Path) -> None:
    shutil.copytree(FOLDERS / "jekyll", tmp_path / "web")
    posts = len(read_posts(tmp_path, Config()).posts)
    (tmp_path / "notes").mkdir()
    for number in range(posts):
        (tmp_path / "notes" / f"{number}.md").write_text("A note.\n")
    assert ecosystems.recognise(tmp_path) is None


def test_addresses_in_a_site_begin_in_its_folder_of_content(tmp_path: Path) -> None:
    (tmp_path / "web" / "_posts").mkdir(parents=True)
    (tmp_path / "web" / "_config.yml").write_text("url: https://me.example\npermalink: /:title\n")
    (tmp_path / "web" / "map.html").write_text("")
    (tmp_path / "web" / "_posts" / "2020-01-01-a.md").write_text(
        "[b](https://me.example/b) [map](/map.html) [gone](/gone.html)\n"
    )
    (tmp_path / "web" / "_posts" / "2020-01-02-b.md").write_text("Text.\n")
    folder = look(tmp_path, Config())
    found = links.resolve(read_posts(tmp_path, Config(), folder=folder).posts, folder.site)
    assert [(d.code, "/gone.html" in d.message) for d in found.diagnostics] == [("KG303", True)]
    assert len(found.edges) == 1
