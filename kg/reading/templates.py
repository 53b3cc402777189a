"""Templates of posts, which are not posts themselves: where tools keep them, and how they are recognised elsewhere.

Hexo's `scaffolds`, Hugo's `archetypes` (https://gohugo.io/content-management/archetypes/), and the folders and files
that the settings of a vault name: for Obsidian's own templates (https://help.obsidian.md/plugins/templates), for daily
notes, and for the plugins Templater, QuickAdd and Periodic Notes.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import normpath

import msgspec

from kg.machine.files import below, open_plain
from kg.reading.ecosystems import is_hexo

_SETTINGS = (
    "templates.json",
    "daily-notes.json",
    "plugins/templater-obsidian/data.json",
    "plugins/periodic-notes/data.json",
    "plugins/quickadd/data.json",
)
_KEYS = frozenset({"folder", "template", "templates_folder", "templateFolderPath", "templatePath", "templateFolder"})
_MOST = 1 << 20
"""Bytes of a file of settings that are read."""
_BESIDE_ARCHETYPES = (
    "hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json", "config/_default", "content",
    "layouts", "theme.toml",
)  # fmt: skip
_PLACEHOLDER = (
    r"\{\{-?[ \t]*(?:title|date|time|name|slug|now|(?:date|time|title|VALUE|DATE|NAME|VDATE|GLOBAL_VAR)[:,][^{}\n]*+"
    r"|VALUE|DATE|\.(?:Name|Date|File|Site|Type|Section|Page)\b[^{}\n]*+"
    r"|[a-z]+[ \t][^{}\n]{0,80}?\.(?:Name|File|TranslationBaseName|BaseFileName)\b[^{}\n]*+)[ \t]*-?\}\}"
)
_TEMPLATER = r"<%[-_]?[ \t]*(?:\*|[+~]?[ \t]*(?:await[ \t]+)?tp\b)"
_FIELD = re.compile(
    rf"^[\w \t-]{{1,60}}+[:=][ \t]*+(?:[\"']?(?:{_PLACEHOLDER})[\"']?[ \t]*+$|[\"']?<%=|[^\n]*?{_TEMPLATER})",
    re.MULTILINE,
)
_TITLE = re.compile(r"[ \t]*(?:title|name|aliase?s?)\b", re.IGNORECASE)
_LONG = 1_000
"""Characters that nobody writes into a template without a place to fill in."""
_HEADING = re.compile(rf"\s*#[ \t]+(?:{_PLACEHOLDER}|{_TEMPLATER})[ \t]*+$|\s*{_TEMPLATER}", re.MULTILINE)


def keeps_templates(folder: Path, name: str) -> str:
    """The tool whose templates lie in a folder of this name within another, or ""."""
    if name == "scaffolds" and is_hexo(folder):
        return "Hexo"
    if name == "archetypes" and any(os.path.exists(folder / marker) for marker in _BESIDE_ARCHETYPES):  # noqa: PTH110
        return "Hugo"
    return ""


def of_vault(vault: Path) -> set[str]:
    """The folders and files of templates that the settings of a vault of Obsidian name, relative to the vault."""
    return {path for name in _SETTINGS for path in _named(_settings(vault, f".obsidian/{name}"), name)}


def placeholder(front_matter: str, body: str, *, named: bool) -> int:
    """The line that shows a file to be a template, or 0: a field that is a placeholder, `{{title}}`, or `<% tp.x %>`.

    A long text in which nothing is to be filled in is a post of which one field never was.

    Args:
        front_matter: its text, "" if there is none; then the first line of the body tells.
        body: the text below.
        named: whether it is called a template, or its folder is.
    """
    if not front_matter:
        return 1 if _HEADING.match(body) else 0
    found = _FIELD.search(front_matter)
    if not found or (not named and _is_written(body) and not _TITLE.match(found[0])):
        return 0
    return front_matter.count("\n", 0, found.start()) + 1


def _is_written(body: str) -> bool:
    return len(body) >= _LONG and "<%" not in body and "{{" not in body


def _settings(vault: Path, name: str) -> object:
    try:
        with open_plain(below(vault, name)) as file:
            return msgspec.json.decode(file.read(_MOST))
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


def _named(settings: object, file: str) -> Iterator[str]:
    if isinstance(settings, dict):
        for key, value in settings.items():
            # The folder of daily notes holds posts.
            if key in _KEYS and isinstance(value, str) and (key != "folder" or file == "templates.json"):
                path = normpath(value.strip().strip("/") or ".")
                if path != "." and not path.startswith(".."):
                    yield path
            elif isinstance(value, dict | list):
                yield from _named(value, file)
    elif isinstance(settings, list):
        for item in settings:
            yield from _named(item, file)
