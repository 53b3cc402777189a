"""Reads the files that posts inherit from: see `kg.reading.inherited`."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from kg.diagnostics import diagnose
from kg.machine.files import is_file_below, open_plain
from kg.reading.ecosystems import home, is_hexo
from kg.reading.folder_categories import FolderCategories
from kg.reading.folder_languages import languages_of_folders
from kg.reading.inherited import SECTION, Inherited, language_in_name
from kg.reading.jekyll_defaults import Default, defaults_of
from kg.reading.settings import HUGO
from kg.reading.site_language import declared
from kg.reading.values import Fields, Mapping, Scalar, Sequence, Value
from kg.text.filenames import EXPORT_ID, SUFFIX
from kg.text.languages import language_tag

if TYPE_CHECKING:
    from pathlib import Path

    from kg.config import Limits
    from kg.model import Diagnostic
    from kg.reading.dialect import Parsed
    from kg.reading.finding import Walk

_DEFAULT_LANGUAGE = re.compile(
    r"^[{ \t\"']*+defaultContentLanguage[\"']?[ \t]*+[=:][ \t]*+[\"']?(?P<tag>[\w-]+)", re.IGNORECASE | re.MULTILINE
)
_ID = 32
"""Characters of the name of a note of Joplin."""
_PELICAN = "pelicanconf.py"
_ARTICLES = re.compile(r"^PATH\s*=\s*[\"'](?P<path>[^\"'\n]+)[\"']", re.MULTILINE)
_COLLECTIONS = re.compile(r"^collections_dir[ \t]*:[ \t]*[\"']?(?P<path>[\w./-]+)", re.MULTILINE)
_FLAT = re.compile(r"^USE_FOLDER_AS_CATEGORY\s*=\s*(?:False|None|0)\b", re.MULTILINE)
_DATA_SUFFIX = re.compile(r"(?:\.11tydata)?\.json\Z")
_ADDRESSES = frozenset({"permalink", "url", "slug", "aliases", "alias", "redirect_from"})
_UNREAD = ("KG101", "KG104", "KG105", "KG116")
"""Faults that lose values; lesser doubts about a tool's own files are left to the tool."""


def load(content: Path, found: Walk, limits: Limits, kind: str = "") -> Inherited:
    """Read every file that posts below a folder inherit from.

    Args:
        content: the folder.
        found: what was found in it.
        limits: as for posts.
        kind: the kind of thing that a folder is to its posts, "" for none.
    """
    return _Loader(content, found, limits, kind).run()


class _Loader:
    """Reads the files of one folder."""

    def __init__(self, content: Path, found: Walk, limits: Limits, kind: str) -> None:
        self._content = content
        self._found = found
        self._limits = limits
        self._kind = kind
        self._site = found.tool
        self._home = home(content, found.tool)
        self._diagnostics: list[Diagnostic] = []
        self._files: list[Path] = []
        self._digest = blake2b(digest_size=32)

    def run(self) -> Inherited:
        folders, single = self._eleventy()
        language, sections = self._hugo()
        root, defaults = self._jekyll()
        single |= self._joplin() | self._nikola()
        tool = self._site if self._site in ("jekyll", "pelican") else ""
        articles = self._collections() if tool == "jekyll" and not root else ""
        if tool == "pelican":
            root, articles, by_folder = self._pelican()
            tool = tool if by_folder else ""
        self._digest.update(f"{tool} {self._kind} {root} {articles} {self._home}".encode("utf-8", "surrogateescape"))
        languages = languages_of_folders(
            self._content, self._found.paths, declared(self._content, self._found.tool).language
        )
        self._digest.update(repr(sorted(languages.items())).encode("utf-8", "surrogateescape"))
        something = folders or single or sections or defaults or tool or languages or self._kind
        return Inherited(
            folders,
            sections,
            language,
            single,
            defaults,
            FolderCategories(tool, self._kind, root, articles, self._home, languages),
            languages,
            tuple(self._diagnostics),
            tuple(self._files),
            self._digest.digest() if something else b"",
        )

    def _text(self, path: str, needed: bytes = b"") -> str:
        """The text of a file, or "" if it cannot be read or lacks a word."""
        from kg.reading.files import decode  # as all that reads: most folders have nothing of the kind

        try:
            with open_plain(self._content / path) as file:  # in a folder that was found without following links
                data = file.read(min(os.fstat(file.fileno()).st_size, self._limits.file_bytes) + 1)
        except OSError:
            return ""
        if needed not in data or len(data) > self._limits.file_bytes:
            return ""
        text, diagnostics = decode(data, path)
        self._diagnostics += (d for d in diagnostics if text is None and needed != b"cascade")
        self._digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + data)
        return text or ""

    def _checked(self, path: str, parsed: Parsed) -> Mapping:
        for p in parsed.problems:
            if p.code in _UNREAD:
                self._diagnostics.append(diagnose(path, p.line, p.column, p.code, p.message))
        return parsed.fields

    def _eleventy(self) -> tuple[dict[str, tuple[Fields, ...]], dict[str, Fields]]:
        folders: dict[str, list[Fields]] = {}
        single: dict[str, Fields] = {}
        pages = {SUFFIX.sub("", path) for path in self._found.paths} if self._found.data else set()
        for path in self._found.data:
            own = path.endswith(".11tydata.json")
            if path.endswith(".meta"):
                continue
            if not own and self._site != "eleventy":
                continue
            stem = _DATA_SUFFIX.sub("", path)
            folder, _slash, name = stem.rpartition("/")
            of_folder = name == (folder.rpartition("/")[2] or self._content.resolve().name)
            if not (of_folder or stem in pages):
                continue  # data for templates
            from kg.reading.json import Json

            self._files.append(self._content / path)
            text = self._text(path).strip()
            if text.startswith("[") and not own:
                continue  # a list, for templates
            values = _inheritable(self._checked(path, Json().parse(text, 1, self._limits)).entries)
            if of_folder:
                # `posts.11tydata.json` takes precedence over `posts.json`.
                held = folders.setdefault(folder, [])
                held.insert(0 if own else len(held), values)
            else:
                single[stem] = single.get(stem, ()) + values if not own else values + single.get(stem, ())
        return {folder: tuple(fields) for folder, fields in folders.items()}, single

    def _nikola(self) -> dict[str, Fields]:
        """What stands in the second file of posts in two files."""
        files = [path for path in self._found.data if path.endswith(".meta")]
        if not files or self._site != "nikola":
            return {}
        from kg.reading.dialect import Block
        from kg.reading.dialects import find
        from kg.reading.plain import Nikola

        posts = {SUFFIX.sub("", path) for path in self._found.paths}
        single: dict[str, Fields] = {}
        for path in files:
            if (stem := path.removesuffix(".meta")) in posts:
                self._files.append(self._content / path)
                text = self._text(path)
                dialect, block = find(text) or (Nikola(), Block(0, len(text), len(text)))
                parsed = dialect.parse(text[block.start : block.end], 1, self._limits)
                single[stem] = _placeless(self._checked(path, parsed).entries)
        return single

    def _joplin(self) -> dict[str, Fields]:
        """The tags of Joplin's notes, which stand in files of their own."""
        names = ((path, path[path.rfind("/") + 1 :]) for path in self._found.paths)
        files = [path for path, name in names if len(name) > _ID and EXPORT_ID.match(SUFFIX.sub("", name))]
        stems = {(stem := SUFFIX.sub("", path)).rpartition("/")[2]: stem for path in files}
        if not stems:
            return {}
        from kg.reading import exports

        tags = exports.tags_of_notes((path, self._text(path, needed=b"\ntype_: ")) for path in files)
        return {
            stems[note]: ((Scalar("tags", 0, 0), Sequence(tuple(Scalar(name, 0, 0) for name in names), 0, 0)),)
            for note, names in tags.items()
            if note in stems
        }

    def _hugo(self) -> tuple[str, dict[tuple[str, str], Fields]]:
        sections: dict[tuple[str, str], Fields] = {}
        own: str | None = None
        for path in self._found.paths:
            if not path.endswith((".md", ".markdown")) or "_index" not in path or not SECTION.match(path):
                continue
            text = self._text(path, needed=b"cascade")
            if not text:
                continue
            from kg.reading.dialects import find

            if found := find(text):
                dialect, block = found
                fields = dialect.parse(text[block.start : block.end], 1, self._limits).fields
                values = [value for key, value in fields.entries if key.text.lower() == "cascade"]
                own = self._language_of_hugo() if own is None else own
                sections[dirname(path), language_in_name(path, own)] = _inheritable(_untargeted(values))
        return own or "", sections

    def _language_of_hugo(self) -> str:
        """The language of the site: English if its settings do not say; "" if there are no settings."""
        for folder in (self._home, "../", "../../"):
            for name in HUGO:
                path = folder + name
                if is_file_below(self._content, path):
                    self._files.append(self._content / path)
                    match = _DEFAULT_LANGUAGE.search(self._text(path))
                    return language_tag(match["tag"]) if match else "en"
        return ""

    def _jekyll(self) -> tuple[str, tuple[Default, ...]]:
        parents = [self._content.resolve(), *list(self._content.resolve().parents)[:2]]
        for level in range(len(parents)):
            path = ("../" * level or self._home) + "_config.yml"
            if not is_file_below(self._content, path) or is_hexo((self._content / path).parent):
                continue
            text = self._text(path, needed=b"defaults")
            self._files.append(self._content / path)
            root = "".join(f"{parent.name}/" for parent in reversed(parents[:level]))
            if not text:
                return root, ()
            from kg.reading.yaml import Yaml

            fields = self._checked(path, Yaml().parse(text, 1, self._limits))
            return root, tuple(each._replace(values=_inheritable(each.values)) for each in defaults_of(fields))
        return "", ()

    def _collections(self) -> str:
        """The folder that Jekyll has all collections in (https://jekyllrb.com/docs/collections/#setup), or ""."""
        if not is_file_below(self._content, self._home + "_config.yml"):
            return ""
        named = _COLLECTIONS.search(self._text(self._home + "_config.yml", needed=b"collections_dir"))
        folder = named["path"].strip("/") if named else ""
        return f"{folder}/" if folder and os.path.isdir(self._content / self._home / folder) else ""  # noqa: PTH112

    def _pelican(self) -> tuple[str, str, bool]:
        """What leads from its folder of articles to CONTENT, or the other way; and whether folders are categories."""
        parents = [self._content.resolve(), *list(self._content.resolve().parents)[:3]]
        for level, folder in enumerate(parents):
            path = ("../" * level or self._home) + _PELICAN
            if not is_file_below(self._content, path):
                continue
            self._files.append(self._content / path)
            text = self._text(path)
            named = _ARTICLES.search(text)
            below = (normpath(named["path"] if named else "content").strip("/") + "/").removeprefix("./")
            inner = "".join(f"{parent.name}/" for parent in reversed(parents[:level]))
            root = inner.removeprefix(below) if inner.startswith(below) else ""
            is_below = not level and os.path.isdir(folder / self._home / below)  # noqa: PTH112
            return root, below if is_below else "", not _FLAT.search(text)
        return "", "", True


def _untargeted(values: list[Value]) -> Fields:
    """The entries of a cascade that hold for all pages; what it aims at some of them is left out."""
    result: list[tuple[Scalar, Value]] = []
    for value in values:
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Mapping) and not any(k.text.lower() in ("_target", "target") for k, _v in item.entries):
                result += item.entries
    return tuple(result)


def _inheritable(entries: Fields) -> Fields:
    return _placeless(tuple(entry for entry in entries if entry[0].text.lower() not in _ADDRESSES))


def _placeless(entries: Fields) -> Fields:
    return tuple((replace(key, line=0, column=0), _without_place(value)) for key, value in entries)


def _without_place(value: Value) -> Value:
    if isinstance(value, Scalar):
        return replace(value, line=0, column=0)
    if isinstance(value, Sequence):
        return Sequence(tuple(map(_without_place, value.items)), 0, 0)
    return Mapping(_placeless(value.entries), 0, 0)
