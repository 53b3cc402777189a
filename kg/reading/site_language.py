"""The language that a site declares in the settings of its tool, for posts that declare none.

Settings are searched, not parsed: some are programs, and only one word is needed. A key counts where its tool has it:
`lang` may be anything's elsewhere, as the language of a program that is to be highlighted.
"""

import re
from pathlib import Path
from typing import NamedTuple

from kg.machine.files import is_file_below
from kg.reading.ecosystems import settings_below
from kg.reading.settings import HUGO, beginning
from kg.text.languages import language_tag


class _Declarer(NamedTuple):
    """Files of one tool, and where they declare a language."""

    names: tuple[str, ...]
    keys: str
    """The keys, with `|` between them; those in `_DEFAULTS` take precedence over others."""
    within: str = ""
    """The key of the top level, or the table of TOML, that holds them; "" if they stand at the top level themselves,
    "*" anywhere, as in programs and for keys that have one meaning."""


def _files(stem: str, endings: str) -> tuple[str, ...]:
    return tuple(f"{stem}.{end}" for end in endings.split())


_PROGRAM = "js ts mjs mts cjs"
_MKDOCS = _files("mkdocs", "yml yaml")
_SETTINGS = (
    _Declarer(
        (*HUGO, "zola.toml"), "languageCode|locale|defaultContentLanguage|default_language", "*"),
    _Declarer(_files("_config", "yml yaml"), "lang|locale|language|default_lang"),  # Jekyll, Hexo
    _Declarer(_files("_config", "yml yaml"), "language", "sphinx"),  # Jupyter Book
    _Declarer(("pelicanconf.py",), "DEFAULT_LANG"),
    _Declarer(_MKDOCS, "language|locale", "theme"),
    _Declarer(_MKDOCS, "default_language", "plugins"),
    _Declarer(("quartz.config.ts",), "locale", "*"),
    _Declarer(tuple(name for folder in ("", "website/") for name in _files(f"{folder}docusaurus.config", _PROGRAM)),
              "defaultLocale", "*"),
    _Declarer(("conf.py",), "language"),  # Sphinx
    _Declarer(("book.toml",), "language", "book"),
    _Declarer(("_quarto.yml", "_quarto.yaml"), "lang"),
    _Declarer(("myst.yml",), "language", "project"),
    _Declarer(
        tuple(name for tool in ("vite", "vue") for name in _files(f".{tool}press/config", _PROGRAM)), "lang", "*"),
    _Declarer(_files("astro.config", _PROGRAM), "defaultLocale|lang", "*"),
    _Declarer(_files("next.config", _PROGRAM), "defaultLocale", "*"),
    _Declarer(_files("gatsby-config", _PROGRAM), "lang|language|locale", "siteMetadata"),
)  # fmt: skip
"""In order of precedence; the first that names a language counts."""
_TAG = r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*+(?![\w-])"
_DEFAULTS = ("defaultcontentlanguage", "default_language", "default_lang", "defaultlocale")
"""Keys that take precedence: a site in several languages repeats the other keys for each language."""


class Declared(NamedTuple):
    """The languages that a site declares."""

    language: str = ""
    """A BCP 47 tag, "" if there is none."""
    files: tuple[Path, ...] = ()
    """The files that were searched."""


def declared(content: Path, tool: str) -> Declared:
    """The language of the site, by settings in the folder of posts, up to two folders above, or below.

    Args:
        content: the folder.
        tool: that it was written for, a key of `kg.reading.ecosystems.ECOSYSTEMS`, or "".
    """
    folder = content.resolve()
    files: list[Path] = []
    around = (folder, *list(folder.parents)[:2])
    for place in (*around, *map(folder.joinpath, settings_below(folder, tool))):
        for settings in _SETTINGS:
            for name in settings.names:
                if is_file_below(place, name):
                    files.append(place / name)
                    if language := _language_in(place / name, settings):
                        return Declared(language, tuple(dict.fromkeys(files)))
    return Declared("", tuple(dict.fromkeys(files)))


def _language_in(path: Path, settings: _Declarer) -> str:
    text = beginning(path).decode("utf-8", "replace")
    indent = r"(?:^|[{,])[ \t{,\"']*+" if settings.within else r"^[\"']?"
    declaration = re.compile(
        rf"{indent}(?P<key>{settings.keys})[\"']?[ \t]*+[=:][ \t\r\n\[-]*+(?:u?[\"'])?(?P<tag>{_TAG})",
        re.MULTILINE | re.IGNORECASE,
    )
    part = _part(text, settings.within)
    found = [(match["key"].lower(), language_tag(match["tag"])) for match in declaration.finditer(part)]
    default = next((tag for key, tag in found if key in _DEFAULTS), "")
    if not default:
        return next((tag for _key, tag in found), "")
    # `languageCode: pt-BR` refines `defaultContentLanguage: pt`.
    primary = default.partition("-")[0]
    return max(
        (tag for _key, tag in found if tag.partition("-")[0] == primary), key=lambda tag: ("-" in tag, tag == default)
    )


def _part(text: str, within: str) -> str:
    """What stands below a key of the top level, by its indentation, or in a table of TOML."""
    if within in ("", "*"):
        return text
    below = re.search(
        rf"^(?P<indent>[ \t]*)[\"']?{within}[\"']?[ \t]*[:=]"
        r"(?P<part>[^\n]*(?:\n(?:(?P=indent)[ \t#-][^\n]*|[ \t\r]*))*)"
        rf"|^\[{within}\](?P<table>[^\n]*(?:\n(?!\[)[^\n]*)*)",
        text,
        re.MULTILINE,
    )
    return (below["part"] or below["table"] or "") if below else ""
