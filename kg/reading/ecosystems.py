"""The tools that people write posts for: how a folder of each is recognised, and the settings that suit it.

None has to be chosen: the reader knows the habits of all of them. A preset spells them out in a kg.toml, leaves out the
folders that hold no posts, and is a beginning to edit.
"""

import fnmatch
import os
import re
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kg.errors import ConfigError
from kg.machine.files import open_plain, read_plain
from kg.reading.okf import is_bundle

_LARGEST = 1 << 20
"""Bytes of a file of settings that are looked at."""


_MOST = 20
"""Files that a pattern may name."""
_SEVERAL = 3
"""Of these files, a number that no slip explains."""
_LOOKED_AT = 1_000
"""Names in CONTENT among which a vault is looked for."""
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
    """Paths that only its folders hold, in CONTENT or up to three folders above. Any one will do; `a+b` means both, and
    `a~key` a file with a line that begins with one of some keys, `|` between them. `*` and `[0-9]` are as in a shell,
    and count in CONTENT alone."""


ECOSYSTEMS: dict[str, Ecosystem] = {
    ecosystem.name: ecosystem
    for ecosystem in (
        Ecosystem("quartz", "Quartz", "https://quartz.jzhao.xyz",
                  ("quartz.config.ts", "quartz.config.yaml", "quartz.layout.ts")),
        Ecosystem("mkdocs", "MkDocs", "https://www.mkdocs.org", ("mkdocs.yml", "mkdocs.yaml")),
        Ecosystem("vitepress", "VitePress", "https://vitepress.dev",
                  tuple(f"{folder}.{name}press" for folder in ("", "docs/", "src/") for name in ("vite", "vue"))),
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
        Ecosystem("joplin", "Joplin", "https://joplinapp.org/help/apps/import_export", (f"{_ID}.md",)),
        Ecosystem("logseq", "Logseq", "https://logseq.com", ("logseq/config.edn",)),
        Ecosystem("foam", "Foam", "https://foambubble.github.io", (".foam", ".vscode/foam.json")),
        Ecosystem("obsidian", "Obsidian", "https://obsidian.md", (".obsidian", "publish.css")),
        Ecosystem("zola", "Zola", "https://www.getzola.org",
                  ("sass+templates+config.toml", "zola.toml", "config.toml~base_url")),
        Ecosystem("hugo", "Hugo", "https://gohugo.io",
                  ("hugo.toml", "hugo.yaml", "hugo.json", "config/_default", "archetypes",
                   "layouts+config.toml", "config.toml~baseurl", "config.yaml~baseurl", "config.yml~baseurl")),
        Ecosystem("hexo", "Hexo", "https://hexo.io",
                  ("scaffolds+_config.yml", "source/_posts+scaffolds", "source/_posts+package.json",
                   "_config.yml~new_post_name|skip_render")),
        Ecosystem("jekyll", "Jekyll", "https://jekyllrb.com",
                  ("_posts", "_layouts+_config.yml", "Gemfile+_config.yml",
                   "_config.yml~baseurl|collections|defaults|kramdown|permalink|plugins|remote_theme|theme")),
        Ecosystem("nikola", "Nikola", "https://getnikola.com", ("conf.py~BLOG_TITLE|NAVIGATION_LINKS",)),
        Ecosystem("cobalt", "Cobalt", "https://cobalt-org.github.io", ("_cobalt.yml",)),
        Ecosystem("gatsby", "Gatsby", "https://www.gatsbyjs.com",
                  ("gatsby-config.js", "gatsby-config.ts", "gatsby-config.mjs")),
        Ecosystem("nuxt", "Nuxt Content", "https://content.nuxt.com", ("nuxt.config.ts", "nuxt.config.js")),
        Ecosystem("nextjs", "Next.js", "https://nextjs.org", ("next.config.js", "next.config.mjs", "next.config.ts")),
        Ecosystem("middleman", "Middleman", "https://middlemanapp.com", ("config.rb",)),
        Ecosystem("docsify", "Docsify", "https://docsify.js.org", ("_sidebar.md", "_navbar.md", "_coverpage.md")),
        Ecosystem("bear", "Bear", "https://bear.app/faq/export-your-notes/",
                  ("*.md~#[^\\s#][^#\\n]* [^#\\n]*#(?:\\s.*)?",)),
        Ecosystem("okf", "Open Knowledge Format",
                  "https://github.com/GoogleCloudPlatform/knowledge-catalog/blob/main/okf/SPEC.md", ()),
    )
}  # fmt: skip
"""In the order in which they are tried: Quartz folders are Obsidian vaults, too."""

VAULTS = frozenset({"bear", "dendron", "foam", "logseq", "obsidian", "quartz"})
"""Tools whose users write tags and fields into bodies, and link to pages that they have not written yet."""
KEEP_PARTIALS = frozenset({"docusaurus", "quarto"})
"""Tools that make no page of files or folders whose names begin with `_` (https://docusaurus.io/docs/create-doc,
https://quarto.org/docs/projects/quarto-projects.html#render-targets)."""
_GENERATORS = (
    "_config.yml", "_config.toml", "config.toml", "mkdocs.yml", "pelicanconf.py", "conf.py", "antora.yml",
    "lektorproject", "nanoc.yaml", "svelte.config.js", "metalsmith.json", "gridsome.config.js", "mint.json",
    "docs.json", "zensical.toml", "properdocs.yml", "config.neon", "cobalt.yml", "SUMMARY.md",
)  # fmt: skip
"""Files of other site generators; in none of them does `#word` in a body make a tag."""


def recognise(content: Path) -> Ecosystem | None:
    """The tool that a folder of posts belongs to, recognised by the files around it; None if there is none."""
    if in_hexo(content):
        return ECOSYSTEMS["hexo"]
    if is_bundle(content):
        return ECOSYSTEMS["okf"]
    if content.resolve().name == "_posts":
        return ECOSYSTEMS["jekyll"]
    if any(_is_site(ECOSYSTEMS["quartz"], place) for place in _around(content)):
        return ECOSYSTEMS["quartz"]  # whose `content` is often a vault of Obsidian as well
    for level, place in enumerate(_around(content)):
        for ecosystem in ECOSYSTEMS.values():
            if _is_site(ecosystem, place, named=not level):
                return ecosystem
    return ECOSYSTEMS["obsidian"] if _holds_vault(content) else None


def _holds_vault(content: Path) -> bool:
    """Whether a vault of Obsidian lies in a folder of CONTENT."""
    try:
        with os.scandir(content) as entries:
            return any(os.path.isdir(f"{entry.path}/.obsidian") for entry in islice(entries, _LOOKED_AT))  # noqa: PTH112
    except OSError:
        return False


def in_hexo(content: Path) -> bool:
    """Whether a folder of posts belongs to Hexo; its `source/_posts` would pass for Jekyll's."""
    return any(map(is_hexo, _around(content))) or _opens_no_fences(content)


def _opens_no_fences(content: Path) -> bool:
    """Whether several posts of a folder have a closing fence alone: Hexo reads them, and no other tool."""
    names = [name for name in _names(os.fspath(content)) if name.endswith(".md") and name[0] != "."][:_MOST]
    heads = [head for name in names if (head := _beginning(content / name)).startswith(("title:", "date:", "layout:"))]
    if len(heads) < _SEVERAL:
        return False
    from kg.reading.tagged import Unopened

    return sum(map(Unopened().detect, heads)) >= _SEVERAL


def _beginning(path: Path) -> str:
    try:
        with open_plain(path) as file:
            return file.read(_HEAD).decode("utf-8", "replace")
    except OSError:
        return ""


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
        if found or _holds(place, _GENERATORS):
            return False
    return not _opens_no_fences(content)


def is_logseq(place: Path) -> bool:
    """Whether a folder that holds `logseq/` is a graph of Logseq: it keeps its pages in `pages` or `journals`."""
    return any(os.path.isdir(place / name) for name in ("pages", "journals"))  # noqa: PTH112


def _around(content: Path) -> list[Path]:
    folder = content.resolve()
    return [folder, *list(folder.parents)[:3]]


def _is_site(ecosystem: Ecosystem, place: Path, *, named: bool = False) -> bool:
    """Whether a tool's markers lie in a folder; with `named`, also by the names it gives to exported pages."""
    return _holds(place, ecosystem.markers, named=named)


def _holds(place: Path, markers: tuple[str, ...], *, named: bool = False) -> bool:
    folder = os.fspath(place)
    for marker in markers:
        if (named or not _is_pattern(marker)) and all(_has(folder, part) for part in marker.split("+")):
            return True
    return False


def _is_pattern(marker: str) -> bool:
    return "*" in marker or "[" in marker


def _has(folder: str, marker: str) -> bool:
    pattern, _tilde, keys = marker.partition("~")
    if _is_pattern(pattern):
        return any(_says(f"{folder}/{name}", keys) for name in fnmatch.filter(_names(folder), pattern)[:_MOST])
    return _says(f"{folder}/{pattern}", keys)


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  a third of the cost
    except OSError:
        return []


def _says(path: str, keys: str) -> bool:
    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises where a link leads to what we may not look at
        return False
    if not keys:
        return True
    try:
        text = read_plain(Path(path))[:_LARGEST]
    except OSError:
        return False
    return bool(re.search(rf"^\s*[\"']?(?:{keys})(?:[\"']?\s*[:=]|$)".encode(), text, re.IGNORECASE | re.MULTILINE))


def preset(name: str) -> str:
    """The commented settings for one tool, as the text of a kg.toml.

    Raises:
        ConfigError: there is no preset of that name.
    """
    if name not in ECOSYSTEMS:
        raise ConfigError(f"there is no preset {name!r}; there are {', '.join(sorted(ECOSYSTEMS))}")
    return resources.files("kg.reading").joinpath("presets", f"{name}.toml").read_text("utf-8")
