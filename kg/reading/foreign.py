"""Folders of others within a site, of which its tool makes no pages: themes, plugins, packages, the tool's own manual.

What is not read is told by what lies in it or by the site's settings, not by its name alone: a vault may have notes on
themes. What is read, and bears such a name in a site, is only not asked about.
"""

import os
import re
from pathlib import Path

from kg.machine.files import is_file_below, read_plain
from kg.reading.ecosystems import ECOSYSTEMS, is_site

_WITH_THEMES = ("hexo", "hugo", "zola", "pelican")
_OF_THEMES = (
    "theme.toml", "theme.yaml", "theme.yml", "theme.json", "_config.yml", "package.json", "layout", "layouts",
    "templates", "static", "source",
)  # fmt: skip
_PLUGINS = frozenset({"plugins", "pelican-plugins", "pelican_plugins"})
_PACKAGES = {
    "vendor": ("modules.txt", "autoload.php", "bundle/ruby"),
    "_vendor": ("modules.txt",),
    "bower_components": ("",),
    "site-packages": ("",),
}
"""Folder → what a manager of packages puts into it: Go, Composer, Bundler, Hugo's modules, Bower, pip."""
_MANUAL = ("docs/features", "docs/philosophy.md", "docs/hosting.md", "content", "quartz")
"""What the folder of a site of Quartz holds that has kept the manual (https://quartz.jzhao.xyz)."""
_ARTICLES = re.compile(rb"^PATH\s*=\s*[\"'](?:\./)?(?P<path>[^\"'\n]+)[\"']", re.MULTILINE)
_OF_OTHERS = ("themes", *sorted(_PLUGINS), *_PACKAGES)
NAMES = frozenset({"docs", *_OF_OTHERS})
"""The names of folders for which `foreign` has to be asked."""
UNASKED = re.compile(
    rf"(?:{'|'.join(_OF_OTHERS)})/|(?:.*/)?(?:_build|_sources|fixtures|testdata)/"
    r"|(?:.*/)?(?:themes|plugins|vendor)/(?:.*/)?(?:CHANGELOG|CONTRIBUTING|LICENSE|README)\.md\Z"
)
"""Paths of a site's files that others or programs wrote, or that a program is tested with, by the names of folders."""


def foreign(place: Path, name: str) -> str:
    """What a folder within another is, for a message; "" if it may be the site's own.

    Args:
        place: the folder it lies in.
        name: one of `NAMES`.
    """
    if name in _PACKAGES:
        return "packages of others" if any(_has(place, f"{name}/{each}") for each in _PACKAGES[name]) else ""
    if name == "docs" and is_site(place, "dendron"):
        return "what Dendron has published, which is made of the notes," if _has(place, "docs/data/notes") else ""
    if name == "docs":
        manual = is_site(place, "quartz") and all(_has(place, each) for each in _MANUAL)
        return "the manual of Quartz, which makes no pages of it," if manual else ""
    if name in _PLUGINS:
        return "plugins of Pelican, which makes no pages of them," if _is_beside_articles(place, name) else ""
    tool = next((tool for tool in _WITH_THEMES if is_site(place, tool)), "") if _holds_themes(place / name) else ""
    publishes = tool == "pelican" and not _is_beside_articles(place, name)
    return f"themes of others for {ECOSYSTEMS[tool].title}" if tool and not publishes else ""


def _holds_themes(folder: Path) -> bool:
    """Whether all that lies in a folder are folders, and one of them a theme."""
    try:
        entries = [entry for entry in os.scandir(folder) if entry.name[0] != "."]
    except OSError:
        return False
    pages = any(entry.is_file() and entry.name.lower() != "readme.md" for entry in entries)
    return not pages and any(_has(Path(entry.path), each) for entry in entries for each in _OF_THEMES)


def _is_beside_articles(place: Path, name: str) -> bool:
    """Whether the settings of Pelican name another folder for articles."""
    try:
        settings = read_plain(place / "pelicanconf.py") if is_file_below(place, "pelicanconf.py") else b""
    except OSError:
        return False
    articles = _ARTICLES.search(settings)
    return articles is not None and articles["path"].partition(b"/")[0] not in (b".", b"", b"..", os.fsencode(name))


def _has(place: Path, path: str) -> bool:
    return os.path.exists(place / path)  # noqa: PTH110  Path.exists raises where we may not look
