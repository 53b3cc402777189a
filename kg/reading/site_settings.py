"""What the settings around a folder of posts say about its site: its tool, its own address, its language.

The settings are searched for a few keys and not parsed: half of them are programs, and none is ever run. An address
counts only where it stands at the top level of its file, as a plain string.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from kg.config import DEFAULT_BASE, Config, Limits
from kg.machine.files import is_file_below
from kg.reading.ecosystems import ECOSYSTEMS, holds_notes, home, pages_below, recognise, settings_below
from kg.reading.settings import ENDINGS, HUGO, text_of
from kg.reading.site import Beside, Notation, Site
from kg.reading.values import Mapping, Scalar, Sequence, Value
from kg.text.filenames import portable

_LEVELS = 4
"""CONTENT and folders above that may hold settings."""
_ABOVE = tuple("../" * level for level in range(_LEVELS))
_GRAPH = "logseq/config.edn"
_TAGS = tuple(f"{folder}tags.yml" for folder in ("website/blog/", "website/docs/", "blog/", "docs/", ""))


class _Settings(NamedTuple):
    """The files with the settings of one tool, and the key of the site's address in them."""

    names: tuple[str, ...]
    address: str
    path: str = ""
    """Key of the path below the address, where that stands by itself."""
    indent: int = 0
    """Spaces that may precede a key of the top level; programs indent it."""


_PROGRAM = (".js", ".mjs", ".py", ".ts")
_SETTINGS = (
    _Settings(("_config.yml", "_config.yaml"), "url", "baseurl|root"),
    _Settings(HUGO, "baseurl|base_url", indent=4),
    _Settings(("zola.toml",), "base_url"),
    _Settings(("mkdocs.yml", "mkdocs.yaml"), "site_url"),
    _Settings(tuple(f"{folder}docusaurus.config.{end}" for folder in ("", "website/")
                    for end in ("js", "ts", "mjs", "cjs")), "url", "baseurl", 4),
    _Settings(tuple(f"astro.config.{end}" for end in ("mjs", "ts", "js")), "site", "base", 4),
    _Settings(("quartz.config.ts",), "baseurl", indent=8),
    _Settings(("publishconf.py", "pelicanconf.py"), "siteurl"),
)  # fmt: skip
_SETTINGS_OF_TAXONOMIES = (*HUGO, "zola.toml")
_OF_TAXONOMIES = tuple(f"config/_default/taxonomies.{end}" for end in ENDINGS)
_GENERATORS = re.compile(
    r"\b(?:gen-files|monorepo|multirepo|mkdoxy|api-autonav|autoapi|plugin-(?:typedoc|openapi-docs|remote-content))\b"
    r"|^hooks:|\bfunction\s+(?:rehype|remark)\w*Link",
    re.MULTILINE,
)
"""Plugins of MkDocs and Docusaurus that make pages, and a site's own programs that may, or that change its links."""
_NAV = re.compile(r"^nav:(?P<pages>(?:\s*\n|[ \t-][^\n]*\n?)*)", re.MULTILINE)
_IGNORED = ".gitignore"
_CNAME = ("CNAME", "static/CNAME", "source/CNAME", "public/CNAME", "docs/CNAME")
"""A file of GitHub Pages that holds the name of the host."""
_HOST = re.compile(
    r"(?:https?://)?(?P<rest>(?!localhost\b)[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/[^\s\"'?#{}]*)?)", re.IGNORECASE
)
_LANGUAGE = re.compile(
    r"\b(?:defaultContentLanguage|defaultLocale|default_language)[\"']?[ \t]*+[:=][ \t]*+[\"'](?P<tag>[\w-]{2,12})[\"']"
    r"|^(?:defaultContentLanguage|default_language|default_lang)[ \t]*+:[ \t]*+(?P<plain>[\w-]{2,12})[ \t]*+$"
    r"|^ *- locale: *(?P<listed>[\w-]{2,12})\n(?: ++(?!- )[^\n]*\n)*? ++default: *true *$",
    re.IGNORECASE | re.MULTILINE,
)
_TITLED = re.compile(r"(?<=[/\"'\s]):(?:slug|title)\b")
"""In `permalinks` of Hugo (https://gohugo.io/configuration/permalinks/#tokens)."""
_JOURNAL = re.compile(r"^[^;\n]*:journal/page-title-format\s+\"(?P<format>[^\"\n]{1,60})\"", re.MULTILINE)


def site_of(content: Path, config: Config, recognised: str | None = None) -> Site:
    """What the nearest settings say about the site of a folder, in CONTENT or up to three folders above.

    Args:
        content: the folder.
        config: the settings.
        recognised: the name of its tool, if anybody has looked already.
    """
    tool = recognise(content) if recognised is None else ECOSYSTEMS.get(recognised)
    addresses: list[str] = []
    made = list(_made(content))
    language, generates, titled = "", False, False
    if config.base != DEFAULT_BASE and (own := _HOST.match(config.base)):
        addresses.append(own["rest"].rstrip("/#"))
    for place in (*settings_below(content, tool.name if tool else ""), *_ABOVE):
        found = [(settings, text) for settings, text in _texts(content, place)]
        for settings, text in found:
            addresses += _addresses(settings, text)
            match = _LANGUAGE.search(text)
            language = language or (next(filter(None, match.groups()), "") if match else "")
            generates = generates or bool(_GENERATORS.search(text))
            titled = titled or bool(_TITLED.search(text))
            made += (f"{folder}{page}" for page in _pages(text) for folder in ("", "docs/"))
        hosts = [host for name in _CNAME if (host := _HOST.fullmatch(text_of(content, place + name).strip()))]
        addresses += (host["rest"].rstrip("/") for host in hosts)
        if found or hosts:
            break
    if tool and tool.name == "notion":
        addresses += ["www.notion.so", "notion.so"]
    name = tool.name if tool else ""
    notes = holds_notes(content)
    journal = _JOURNAL.search(text_of(content, _GRAPH))
    return Site(
        name,
        notes,
        tuple(dict.fromkeys(addresses)),
        language,
        folders=tuple(portable("/".join(content.resolve().parts[-level:])) for level in range(1, _LEVELS)),
        roots=pages_below(content, tool) if tool else (),
        home=home(content, name),
        notation=Notation(
            tags=notes,
            fields=notes,
            journal=journal["format"] if journal else "",
            titled=titled and name == "hugo",
            labels=tuple(_tags(content)) if name == "docusaurus" else (),
            taxonomies=_taxonomies(content, name),
        ),
        beside=Beside(made=tuple(made), generates=generates, org_pages=_org_pages(content) if name == "logseq" else ()),
    )


def files_of(content: Path, tool: str) -> list[Path]:
    """The files around a folder of posts for a tool that `site_of` looks into."""
    settings = (*(name for each in _SETTINGS for name in each.names), *_CNAME, _IGNORED)
    places = (*settings_below(content, tool), *_ABOVE)
    around = [place + name for place in places for name in (*settings, *_OF_TAXONOMIES)]
    return [content / name for name in (*around, _GRAPH, *_TAGS) if is_file_below(content, name)]


def _made(content: Path) -> Iterator[str]:
    """Whole paths in `.gitignore` (https://git-scm.com/docs/gitignore), no patterns, and no names at any depth."""
    inner = ""
    for level, folder in enumerate([content.resolve(), *content.resolve().parents][:_LEVELS]):
        for line in text_of(content, "../" * level + _IGNORED).splitlines():
            path = line.strip()
            if "/" in path[:-1] and path[0] not in "#!" and not set(path) & set("*?[\\"):
                path = path.strip("/")
                if path.startswith(inner) and path != inner:
                    yield path[len(inner) :]
        inner = f"{folder.name}/{inner}"


def _tags(content: Path) -> Iterator[tuple[str, str, str]]:
    """Folder, key and label of each tag (https://docusaurus.io/docs/create-doc#declare-tags)."""
    for name in _TAGS:
        if not (text := text_of(content, name)):
            continue
        from kg.reading.yaml import Yaml

        for key, value in Yaml().parse(text, 1, Limits()).fields.entries:
            parts = (
                {k.text: v.text for k, v in value.entries if isinstance(v, Scalar)}
                if isinstance(value, Mapping)
                else {}
            )
            if label := parts.get("label", "").strip():
                yield name.removesuffix("tags.yml"), key.text, label


def _taxonomies(content: Path, tool: str) -> tuple[str, ...]:
    """The fields of taxonomies, by the nearest settings that name any.

    Hugo has them by singular and plural, and fields are called by the plural
    (https://gohugo.io/configuration/taxonomies/); Zola has a list of names, and Zenn always the same.
    """
    if tool == "zenn":
        return ("topics",)
    if tool not in ("hugo", "zola"):
        return ()
    for place in (*settings_below(content, tool), *_ABOVE):
        for name in (*_OF_TAXONOMIES, *_SETTINGS_OF_TAXONOMIES):
            text = text_of(content, place + name)
            if "taxonomies" not in text and name not in _OF_TAXONOMIES:
                continue
            for value in _values(name, text, "" if name in _OF_TAXONOMIES else "taxonomies"):
                named = [item for _singular, item in value.entries] if isinstance(value, Mapping) else []
                for item in value.items if isinstance(value, Sequence) else ():
                    entries = item.entries if isinstance(item, Mapping) else ()
                    named += [each for key, each in entries if key.text == "name"]
                found = (item.text.strip() for item in named if isinstance(item, Scalar))
                if fields := tuple(filter(None, found)):
                    return fields
    return ()


def _values(name: str, text: str, key: str) -> list[Value]:
    """What a file of settings says under a key of its top level, or all of it."""
    from kg.reading.json import Json
    from kg.reading.toml import Toml
    from kg.reading.yaml import Yaml

    dialect = Toml() if name.endswith("toml") else Json() if name.endswith("json") else Yaml()
    fields = dialect.parse(text, 1, Limits()).fields
    return [value for each, value in fields.entries if each.text == key] if key else [fields]


def _texts(content: Path, folder: str) -> Iterator[tuple[_Settings, str]]:
    for settings in _SETTINGS:
        for name in settings.names:
            if text := text_of(content, folder + name):
                yield settings, text
                break


def _org_pages(content: Path) -> tuple[str, ...]:
    found = (path for folder in ("", "pages", "journals") for path in (content / folder).glob("*.org"))
    return tuple(sorted(unquote(path.stem).replace("___", "/").casefold() for path in found))


def _pages(text: str) -> Iterator[str]:
    """The pages that `nav` of MkDocs names, with titles (`- Home: index.md`) or without."""
    for nav in _NAV.finditer(text):
        for part in re.split(r"[\n\"':]", nav["pages"]):
            page = part.partition(" #")[0].strip().removeprefix("- ").strip()
            if page.endswith(".md"):
                yield page


def _addresses(settings: _Settings, text: str) -> list[str]:
    address = _HOST.match(_value(settings, settings.address, text))
    if not address:
        return []
    path = _value(settings, settings.path, text).strip("/") if settings.path else ""
    return [f"{address['rest'].rstrip('/')}/{path}".rstrip("/")]


def _value(settings: _Settings, key: str, text: str) -> str:
    """The plain string that a key of the top level has, or ""; in a program it is quoted."""
    quote = "[\"']" + "?" * (not settings.names[0].endswith(_PROGRAM))
    found = re.search(
        rf"^[{{ \t]{{0,{settings.indent}}}[\"']?(?:{key})[\"']?[ \t]*+[:=][ \t]*+{quote}(?P<value>[^\s\"',#]*)",
        text,
        re.IGNORECASE | re.MULTILINE,
    )
    return found["value"] if found else ""
