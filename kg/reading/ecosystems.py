"""The tools that people write posts for: how a folder of each is recognised, and the settings that suit it.

None has to be chosen: the reader knows the habits of all of them. A preset spells them out in a kg.toml, leaves out the
folders that hold no posts, and is a beginning to edit.
"""

import os
import re
from collections.abc import Iterator
from importlib import resources
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from kg.errors import ConfigError
from kg.machine.files import is_file_below
from kg.reading.markers import MOST, has, holds, names_in
from kg.reading.okf import is_bundle
from kg.reading.settings import beginning
from kg.text.filenames import POST_SUFFIXES

_SEVERAL = 3
"""Of these files, a number that no slip explains."""
_LOOKED_AT = 1_000
"""Names in a folder among which others are looked for."""
_LOOKED_INTO = 200
"""Folders below CONTENT in which settings are looked for."""
_SAMPLE = 30
"""Posts that are looked into for signs of a vault."""
_HEAD = 2_000
"""Bytes that hold the front matter of most posts."""
_ID = "[0-9a-f]" * 32


class Ecosystem(NamedTuple):
    """One tool."""

    name: str
    """As `kg init --preset` takes it."""
    title: str
    url: str
    markers: tuple[str, ...]
    """What only its folders hold, in CONTENT or up to three folders above, see `kg.reading.markers`; patterns that name
    pages count in CONTENT alone."""
    strangers: tuple[str, ...] = ()
    """The same for what none of its folders hold."""


_MKDOCS = ("mkdocs.yml", "mkdocs.yaml", "mkdocs[-._]*.yml")
"""Also one for each language or edition, such as `mkdocs-en.yml`."""

ECOSYSTEMS: dict[str, Ecosystem] = {
    ecosystem.name: ecosystem
    for ecosystem in (
        Ecosystem("quartz", "Quartz", "https://quartz.jzhao.xyz",
                  ("quartz.config.ts", "quartz.config.yaml", "quartz.layout.ts")),
        Ecosystem("mkdocs", "MkDocs", "https://www.mkdocs.org", _MKDOCS),
        Ecosystem("vitepress", "VitePress", "https://vitepress.dev",
                  (".vitepress", "docs/.vitepress", "src/.vitepress")),
        Ecosystem("vuepress", "VuePress", "https://vuepress.vuejs.org",
                  (".vuepress", "docs/.vuepress", "src/.vuepress")),
        Ecosystem("mdbook", "mdBook", "https://rust-lang.github.io/mdBook", ("book.toml",)),
        Ecosystem("gitbook", "GitBook", "https://gitbook.com/docs",
                  (".gitbook.yaml", ".gitbook.yml", ".gitbook+SUMMARY.md", "book.json+SUMMARY.md")),
        Ecosystem("pelican", "Pelican", "https://getpelican.com",
                  ("pelicanconf.py", "publishconf.py", "Makefile~PELICAN\\??|PELICANOPTS")),
        Ecosystem("docusaurus", "Docusaurus", "https://docusaurus.io",
                  tuple(f"{folder}docusaurus.config.{end}" for folder in ("", "website/") for end in ("js", "ts"))),
        Ecosystem("starlight", "Starlight", "https://starlight.astro.build",
                  ("astro.config.mjs~import starlight .{1,60}", "astro.config.ts~import starlight .{1,60}")),
        Ecosystem("astro", "Astro", "https://astro.build", ("astro.config.mjs", "astro.config.ts", "astro.config.js")),
        Ecosystem("eleventy", "Eleventy", "https://www.11ty.dev",
                  (".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs")),
        Ecosystem("dendron", "Dendron", "https://wiki.dendron.so", ("dendron.yml", "root.schema.yml+root.md")),
        Ecosystem("quarto", "Quarto", "https://quarto.org", ("_quarto.yml", "_quarto.yaml")),
        Ecosystem("myst", "MyST and Jupyter Book", "https://mystmd.org",
                  ("myst.yml", "_toc.yml", "conf.py~myst_enable_extensions")),
        Ecosystem("notion", "Notion", "https://www.notion.com/help/export-your-content",
                  (f"* {_ID}.md", f"* {_ID}.csv")),
        Ecosystem("joplin", "Joplin", "https://joplinapp.org/help/apps/import_export", (f"{_ID}.md~type_",)),
        Ecosystem("logseq", "Logseq", "https://logseq.com", ("logseq/config.edn",)),
        Ecosystem("zola", "Zola", "https://www.getzola.org",
                  ("sass+templates+config.toml", "zola.toml", "config.toml~base_url")),
        Ecosystem("hugo", "Hugo", "https://gohugo.io",
                  ("hugo.toml", "hugo.yaml", "hugo.json", "config/_default", "archetypes/default.md",
                   "archetypes+content", "layouts+config.toml",
                   *(f"config.{end}~baseurl|languagecode|defaultcontentlanguage" for end in ("toml", "yaml", "yml")))),
        Ecosystem("foam", "Foam", "https://foambubble.github.io", (".foam", ".vscode/foam.json")),
        Ecosystem("hexo", "Hexo", "https://hexo.io",
                  ("scaffolds+_config.yml", "source/_posts+scaffolds", "source/_posts+package.json",
                   "_config.yml~archive_dir|filename_case|new_post_name|post_asset_folder|public_dir|skip_render|tag_dir",
                   "package.json~hexo"),
                  ("_layouts", "Gemfile~gem .(?:jekyll|github-pages).{0,80}",
                   "_config.yml~baseurl|collections|gems|kramdown|remote_theme|- jekyll-.{1,60}")),
        Ecosystem("jekyll", "Jekyll", "https://jekyllrb.com",
                  ("_posts", "_layouts+_config.yml", "Gemfile+_config.yml",
                   "_config.yml~baseurl|collections(?:_dir)?|defaults|kramdown|permalink|plugins|remote_theme|theme"),
                  ("_cobalt.yml", "gatsby-config.[jm]s", "next.config.*")),
        Ecosystem("nikola", "Nikola", "https://getnikola.com", ("conf.py~BLOG_TITLE|NAVIGATION_LINKS",)),
        Ecosystem("cobalt", "Cobalt", "https://cobalt-org.github.io", ("_cobalt.yml",)),
        Ecosystem("gatsby", "Gatsby", "https://www.gatsbyjs.com",
                  ("gatsby-config.js", "gatsby-config.ts", "gatsby-config.mjs")),
        Ecosystem("nuxt", "Nuxt Content", "https://content.nuxt.com", ("nuxt.config.ts", "nuxt.config.js")),
        Ecosystem("nextjs", "Next.js", "https://nextjs.org", ("next.config.js", "next.config.mjs", "next.config.ts")),
        Ecosystem("middleman", "Middleman", "https://middlemanapp.com", ("config.rb",)),
        Ecosystem("docsify", "Docsify", "https://docsify.js.org", ("_sidebar.md", "_navbar.md", "_coverpage.md")),
        Ecosystem("obsidian", "Obsidian", "https://obsidian.md", (".obsidian", "publish.css")),
        Ecosystem("wikijs", "Wiki.js", "https://js.wiki", ("*.md~editor: markdown+*.md~dateCreated: .{1,40}",)),
        Ecosystem("zenn", "Zenn", "https://zenn.dev", tuple(
            "+".join(f"{folder}*.md~{field}" for field in ("emoji", "topics", "type")) for folder in ("articles/", "")
        )),
        Ecosystem("bear", "Bear", "https://bear.app/faq/export-your-notes/",
                  ("*.md~#[^\\s#][^#\\n]* [^#\\n]*#(?:\\s.*)?",)),
        Ecosystem("okf", "Open Knowledge Format",
                  "https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md", ()),
    )
}  # fmt: skip
"""In the order in which they are tried: a site may be a vault, too, in which it is written; Foam's own is Jekyll's."""

VAULTS = frozenset({"bear", "dendron", "foam", "logseq", "obsidian", "quartz"})
"""Tools whose users write tags and fields into bodies, and link to pages that they have not written yet."""
KEEP_PARTIALS = frozenset({"docusaurus", "quarto"})
"""Tools that make no page of files or folders whose names begin with `_` (https://docusaurus.io/docs/create-doc,
https://quarto.org/docs/projects/quarto-projects.html#render-targets)."""
_GENERATORS = (
    "_config.yml", "_config.toml", "config.toml", "mkdocs.yml", "pelicanconf.py", "conf.py", "antora.yml",
    "lektorproject", "nanoc.yaml", "svelte.config.js", "metalsmith.json", "gridsome.config.js", "mint.json",
    "docs.json", "zensical.toml", "properdocs.yml", "config.neon", "cobalt.yml",
)  # fmt: skip
"""Files of other site generators; in none of them does `#word` in a body make a tag."""
_CONTENTS = r"SUMMARY.md~[*-] \[[^]\n]{1,200}\]\([^)\n]{1,200}\.md(?:#[^)\n]{0,200})?\)[ \t\r]*"
"""The table of contents of a book, rather than any summary."""
_FIRST = frozenset(
    part.partition("~")[0].partition("/")[0]
    for name, tool in ECOSYSTEMS.items()
    if name not in VAULTS
    for marker in tool.markers
    for part in marker.split("+")
)
"""What one of these is called, or lies in, in every folder of a site."""
_OF_MANUALS = ("docusaurus", "mkdocs", "vitepress", "vuepress", "mdbook", "starlight", "hugo", "myst")
"""Tools for the manuals of programs, whose settings may lie anywhere in the program's repository."""
_PLAIN = {name: tuple(each for each in ECOSYSTEMS[name].markers if "*" not in each) for name in _OF_MANUALS}
_ELSEWHERE = frozenset(
    {"example", "examples", "fixtures", "node_modules", "template", "templates", "test", "tests", "themes", "vendor"}
)
"""Folders whose settings are those of other sites."""
_DOCS_DIR = re.compile(rb"^docs_dir[ \t]*:[ \t]*[\"']?(?P<place>[^\s\"'#]{1,200})", re.MULTILINE)
_PAGES = {
    "astro": "src", "docusaurus": "blog docs i18n src versioned_docs", "hexo": "source", "hugo": "content",
    "mdbook": "src", "mkdocs": "docs", "nuxt": "content", "pelican": "content", "quartz": "content",
    "starlight": "src", "zenn": "articles books", "zola": "content",
}  # fmt: skip
"""Tools that make pages of the files in some folders of the site's; what else lies there is none of its pages."""
SOURCES = frozenset({"hexo", "hugo", "quartz", "zola"})
"""Of these, those that make nothing else of a folder than pages; the sources of others may be a small part of it."""
_PAGES_SETTING = re.compile(
    rb"(?m:^[ \t]*(?:docs_dir|contentDir|src|PATH)|\binput)[\"']?[ \t]*[:=][ \t]*[\"']?(?P<place>[\w./-]+)"
    rb"[\"']?[ \t]*[,}\r\n]"
)
"""Where settings say it themselves: MkDocs, Hugo, mdBook, Pelican, Eleventy."""
_OF_GATSBY = re.compile(rb"\b(?:path|contentPath):[ \t]*(?:`\$\{__dirname\}/|[\"'`](?:\./)?)(?P<place>\w[\w./-]*)")
"""The same of Gatsby, for each of its sources, some of which hold pictures."""
_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-")
_WIKILINK = re.compile(r"!?\[\[[^\[\]\n]{1,200}\]\]")
_OF_OBSIDIAN = re.compile(
    r"!\[\[|\[\[[^\[\]|\n]{0,200}(?:#|\\\|)|^cssclass(?:es)?:|^```dataview|^> ?\[![a-z]+\]|^> ?\[!\w+\][+-]"
    r"|%%[^%\n]+%%|\bobsidian://",
    re.MULTILINE,
)
"""Embeds, links to headings, foldable callouts and others that a vault has, and another wiki has not."""


def recognise(content: Path) -> Ecosystem | None:
    """The tool that a folder of posts belongs to, recognised by the files around it; None if there is none."""
    if in_hexo(content):
        return ECOSYSTEMS["hexo"]
    if _is_site(ECOSYSTEMS["zenn"], content, named=True):
        return ECOSYSTEMS["zenn"]  # whose articles have a `type`, too
    if is_bundle(content):
        return ECOSYSTEMS["okf"]
    if content.resolve().name == "_posts":
        return ECOSYSTEMS["jekyll"]
    if any(_is_site(ECOSYSTEMS["quartz"], place) for place in _around(content)):
        return ECOSYSTEMS["quartz"]  # whose `content` is often a vault of Obsidian as well
    for level, place in enumerate(_around(content)):
        for ecosystem in ECOSYSTEMS.values():
            if _is_site(ecosystem, place, named=not level):
                return (_of_pages(place) if ecosystem.name in VAULTS else None) or ecosystem
    if name := _inner(content) or _manual(content) or _book(content):
        return ECOSYSTEMS[name]
    return ECOSYSTEMS["obsidian"] if _holds_vault(content) or _looks_like_vault(content) else None


def _of_pages(vault: Path) -> Ecosystem | None:
    """The tool that makes the pages of a site from just the folder that a vault is, or None."""
    made = (tool for tool in ECOSYSTEMS.values() if _is_site(tool, vault.parent))
    return next((tool for tool in made if pages_below(vault.parent, tool) == (vault.name,)), None)


def _inner(content: Path) -> str:
    """The tool of the site that lies in a folder of CONTENT with most of the posts, or ""."""
    tools = {folder: _site_in(folder) for folder in _folders(content) if not _FIRST.isdisjoint(names_in(folder))}
    if not any(tools.values()):
        return ""
    of_all = _posts_below(content)
    return next((tool for folder, tool in tools.items() if tool and 2 * _posts_below(folder) > of_all), "")


def _site_in(folder: str) -> str:
    if is_hexo(Path(folder)):
        return "hexo"
    tools = (tool for name, tool in ECOSYSTEMS.items() if name not in VAULTS)
    return next((tool.name for tool in tools if _is_site(tool, Path(folder), named=True)), "")


def _posts_below(place: Path | str) -> int:
    found = 0
    for _folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name[0] != "." and name.lower() not in _ELSEWHERE]
        found += sum(name.lower().endswith(POST_SUFFIXES) for name in names)
    return found


def _manual(content: Path) -> str:
    """The tool whose settings lie deeper than CONTENT, up to two folders down, or beside it and lead back; or ""."""
    for folder in chain.from_iterable(map(_folders, _around(content)[1:3])):
        settings = f"{folder}/mkdocs.yml"
        leads = os.path.exists(settings) and _DOCS_DIR.search(beginning(Path(settings)))  # noqa: PTH110  a third of the cost
        if leads and Path(folder, os.fsdecode(leads["place"])).resolve() in _around(content):
            return "mkdocs"
    found = {name for folder in _below(content) for name in _OF_MANUALS if holds(folder, _PLAIN[name])}
    return found.pop() if len(found) == 1 else ""


def _below(content: Path) -> Iterator[str]:
    inner = _folders(content)
    return islice(chain(inner, chain.from_iterable(map(_folders, inner))), _LOOKED_INTO)


def settings_below(content: Path, tool: str) -> tuple[str, ...]:
    """The folders below CONTENT that hold the settings of its tool, if none around do: `manual/`."""
    if not tool or tool in VAULTS or any(is_site(place, tool) for place in _around(content)):
        return ()
    if tool in _OF_MANUALS:
        found = [folder for folder in _below(content) if holds(folder, _PLAIN[tool])]
    else:
        found = [folder for folder in _folders(content) if _is_site(ECOSYSTEMS[tool], Path(folder), named=True)]
    return tuple(Path(os.path.relpath(folder, content)).as_posix() + "/" for folder in found)


def _book(content: Path) -> str:
    """The tool of a book that has only its table of contents: in `src` mdBook, else GitBook; or ""."""
    for place in _around(content):
        if has(os.fspath(place), _CONTENTS):
            return "mdbook" if place.name == "src" else "gitbook"
    return ""


def _folders(place: Path | str) -> list[str]:
    """The folders in a folder that may belong to the same site, in order."""
    found = (entry for entry in _entries(place) if entry.is_dir(follow_symlinks=False))
    return sorted(entry.path for entry in found if entry.name.lower() not in _ELSEWHERE)


def _entries(place: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return [entry for entry in islice(entries, _LOOKED_AT) if entry.name[0] != "."]
    except OSError:
        return []


def home(content: Path, tool: str) -> str:
    """The folder of CONTENT in which the whole site lies, as `site/`; "" if it is CONTENT, or lies around it."""
    below = settings_below(content, tool)
    return below[0] if below and all(each.startswith(below[0]) for each in below) and below[0].count("/") == 1 else ""


def pages_below(content: Path, tool: Ecosystem) -> tuple[str, ...]:
    """The folders of CONTENT from which a tool makes all pages, if its settings lie in CONTENT or just below, or ()."""
    if inner := home(content, tool.name):
        return tuple(f"{inner}{each}" for each in pages_below(content / inner, tool)) or (inner.rstrip("/"),)
    marker = next((each for each in tool.markers if holds(content, (each,), named=True)), "")
    if not marker:
        return ()
    settings = beginning(content / marker) if is_file_below(content, marker) else b""
    if tool.name == "gatsby":
        own = [os.fsdecode(place).strip("./") for place in _OF_GATSBY.findall(settings)]
        own = [*own, "src/pages"] if any(any(_sample(content / each)) for each in own) else []
    elif said := _PAGES_SETTING.search(settings):
        own = [os.fsdecode(said["place"]).strip("./")]
    else:
        own = _PAGES.get(tool.name, "").split()
    return tuple(each for each in own if each and os.path.isdir(content / each))  # noqa: PTH112


def _holds_vault(content: Path) -> bool:
    """Whether a vault of Obsidian lies in a folder of CONTENT, or git ignores the settings of one."""
    if b".obsidian" in beginning(content / ".gitignore"):
        return True
    return any(os.path.isdir(f"{folder}/.obsidian") for folder in _folders(content))  # noqa: PTH112


def _looks_like_vault(content: Path) -> bool:
    """Whether posts, a few of which are looked into, are written as notes of Obsidian are."""
    texts = [_beginning(path, 2 * _HEAD) for path in islice(_sample(content), _SAMPLE)]
    linked = sum(bool(_WIKILINK.search(text)) for text in texts)
    return linked >= _SEVERAL and any(map(_OF_OBSIDIAN.search, texts))


def _sample(content: Path) -> Iterator[Path]:
    """The first posts of CONTENT, and of each of its folders."""
    for folder in (os.fspath(content), *_folders(content)):
        paths = sorted(entry.path for entry in _entries(folder) if entry.name.endswith(".md"))
        yield from map(Path, paths[: _SAMPLE // _SEVERAL])


def in_hexo(content: Path) -> bool:
    """Whether a folder of posts belongs to Hexo; its `source/_posts` would pass for Jekyll's."""
    return any(map(is_hexo, _around(content))) or _opens_no_fences(content) or _has_undated_posts(content)


def _opens_no_fences(content: Path) -> bool:
    """Whether several posts of a folder have a closing fence alone: Hexo reads them, and no other tool."""
    names = [name for name in sorted(names_in(os.fspath(content))) if name.endswith(".md") and name[0] != "."][:MOST]
    heads = [head for name in names if (head := _beginning(content / name)).startswith(("title:", "date:", "layout:"))]
    if len(heads) < _SEVERAL:
        return False
    from kg.reading.tagged import Unopened

    return sum(map(Unopened().detect, heads)) >= _SEVERAL


def _has_undated_posts(content: Path) -> bool:
    """Whether nothing but a folder `_posts` tells the tool, and most names in it have no date: Jekyll reads no such."""
    posts = content if content.resolve().name == "_posts" else content / "_posts"
    if not os.path.isdir(posts):  # noqa: PTH112
        return False
    dated = [_DATED.match(path.name) is not None for path in islice(_sample(posts), _SAMPLE)]
    if len(dated) < _SEVERAL or 2 * sum(dated) >= len(dated):
        return False
    site = posts.resolve().parent
    others = (tool.markers for name, tool in ECOSYSTEMS.items() if name != "jekyll")
    return not (holds(site, _GENERATORS) or any(holds(site, markers) for markers in others))


def _beginning(path: Path, size: int = _HEAD) -> str:
    return beginning(path, size).decode("utf-8", "replace")


def in_logseq(content: Path) -> bool:
    """Whether a folder of posts is a graph of Logseq or lies in one: its pages are called after their files."""
    return any(_is_site(ECOSYSTEMS["logseq"], place) for place in _around(content)[:2])


def is_hexo(place: Path) -> bool:
    """Whether a folder is that of a site of Hexo."""
    return is_site(place, "hexo")


def is_site(place: Path, tool: str) -> bool:
    """Whether a folder is that of a site of a tool, a key of `ECOSYSTEMS`."""
    return _is_site(ECOSYSTEMS[tool], place)


def holds_notes(content: Path) -> bool:
    """Whether a folder holds notes: whether no tool is found that makes a site of it.

    In notes, `#tag` and `key:: value` in a body have a meaning, and links may lead to pages that are not written yet.

    A vault takes precedence over the site that is made of it, and the nearer folder before the farther one.
    """
    if content.resolve().name == "_posts":
        return False
    for level, place in enumerate(_around(content)):
        if any(_is_site(ECOSYSTEMS[name], place) for name in VAULTS):
            return True
        found = any(_is_site(tool, place, named=not level) for name, tool in ECOSYSTEMS.items() if name not in VAULTS)
        if found or holds(place, _GENERATORS):
            return False
    return not (_opens_no_fences(content) or _inner(content) or _manual(content) or _book(content))


def is_logseq(place: Path) -> bool:
    """Whether a folder that holds `logseq/` is a graph of Logseq: it keeps its pages in `pages` or `journals`."""
    return any(os.path.isdir(place / name) for name in ("pages", "journals"))  # noqa: PTH112


def _around(content: Path) -> list[Path]:
    folder = content.resolve()
    return [folder, *list(folder.parents)[:3]]


def _is_site(ecosystem: Ecosystem, place: Path, *, named: bool = False) -> bool:
    """Whether a tool's markers lie in a folder; with `named`, also by the names it gives to exported pages."""
    return holds(place, ecosystem.markers, named=named) and not holds(place, ecosystem.strangers)


def preset(name: str) -> str:
    """The commented settings for one tool, as the text of a kg.toml.

    Raises:
        ConfigError: there is no preset of that name.
    """
    if name not in ECOSYSTEMS:
        raise ConfigError(f"there is no preset {name!r}; there are {', '.join(sorted(ECOSYSTEMS))}")
    return resources.files("kg.reading").joinpath("presets", f"{name}.toml").read_text("utf-8")
