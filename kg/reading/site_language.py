"""The language that a site declares in the settings of its tool, for posts that declare none.

Hugo `languageCode` and `defaultContentLanguage`, Jekyll `lang` and `locale`, Hexo and Sphinx `language`, Pelican
`DEFAULT_LANG`, MkDocs `theme.language`, Docusaurus and Astro `defaultLocale`, Zola
`default_language`, VitePress `lang`.
Settings are searched, not parsed: some are programs, and only one word is needed.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

from kg.machine.files import is_file_below, open_plain
from kg.text.languages import language_tag

_SETTINGS = (
    *(f"{folder}{name}.{suffix}"
      for folder in ("", "config/_default/") for name in ("hugo", "config")
      for suffix in ("toml", "yaml", "yml", "json")),
    "zola.toml", "_config.yml", "_config.yaml", "pelicanconf.py", "mkdocs.yml", "mkdocs.yaml", "quartz.config.ts",
    "docusaurus.config.js", "docusaurus.config.ts", "conf.py", "book.toml", "_quarto.yml", "myst.yml",
    ".vitepress/config.js", ".vitepress/config.ts", ".vitepress/config.mjs", ".vitepress/config.mts",
    ".vuepress/config.js", ".vuepress/config.ts",
    "astro.config.mjs", "astro.config.ts", "astro.config.js", "next.config.js", "next.config.mjs", "gatsby-config.js",
)  # fmt: skip
"""In order of precedence; the first that names a language counts."""
_DECLARATION = re.compile(
    r"^[ \t{,\"']*+(?P<key>languageCode|defaultContentLanguage|default_language|DEFAULT_LANG|defaultLocale|language"
    r"|lang|locale)[\"']?[ \t]*+[=:][ \t\r\n\[-]*+[\"']?(?P<tag>[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*+)(?![\w-])",
    re.MULTILINE | re.IGNORECASE,
)
_DEFAULTS = ("defaultcontentlanguage", "default_language", "default_lang", "defaultlocale")
"""Keys that take precedence: a site in several languages repeats the other keys for each language."""
_MOST = 1 << 20
"""Bytes of a settings file that are searched."""


class Declared(NamedTuple):
    """The languages that a site declares."""

    language: str = ""
    """A BCP 47 tag, "" if there is none."""
    files: tuple[Path, ...] = ()
    """The files that were searched."""


def declared(content: Path) -> Declared:
    """The language of the site, by settings in the folder of posts or up to two folders above."""
    folder = content.resolve()
    files: list[Path] = []
    for place in (folder, *list(folder.parents)[:2]):
        for name in _SETTINGS:
            if is_file_below(place, name):
                files.append(place / name)
                if language := _language_in(place / name):
                    return Declared(language, tuple(files))
    return Declared("", tuple(files))


def _language_in(path: Path) -> str:
    try:
        with open_plain(path) as file:
            text = file.read(min(os.fstat(file.fileno()).st_size, _MOST)).decode("utf-8", "replace")
    except OSError:
        return ""
    found = [(match["key"].lower(), language_tag(match["tag"])) for match in _DECLARATION.finditer(text)]
    default = next((tag for key, tag in found if key in _DEFAULTS), "")
    if not default:
        return next((tag for _key, tag in found), "")
    # `languageCode: pt-BR` refines `defaultContentLanguage: pt`.
    primary = default.partition("-")[0]
    return max(
        (tag for _key, tag in found if tag.partition("-")[0] == primary), key=lambda tag: ("-" in tag, tag == default)
    )
