"""Finding the posts of a folder: which files are read, which are left out, and the notes about those."""

import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kg.config import Limits
from kg.diagnostics import diagnose, note_of
from kg.machine.files import read_plain
from kg.model import Diagnostic
from kg.reading import foreign
from kg.reading.ecosystems import KEEP_PARTIALS, home, is_logseq, recognise
from kg.reading.globs import asked_for, matcher
from kg.reading.jekyll_defaults import excluded
from kg.reading.okf import RESERVED, is_bundle
from kg.reading.templates import keeps_templates, of_vault
from kg.text.filenames import CONTENT_ADAPTER, PAGE_SUFFIXES, POST_SUFFIXES, portable
from kg.text.wording import counted

TOOL_FOLDERS = frozenset({
    "node_modules", ".git", ".hg", ".svn", ".github", ".gitlab", ".gitea", ".forgejo", ".circleci", ".husky",
    ".changeset", ".devcontainer", ".vscode", ".vs", ".idea", ".history", ".ipynb_checkpoints", ".Rproj.user",
    ".obsidian", ".trash", ".logseq", ".foam", ".makemd", ".smart-env", ".kg", ".venv", ".env", ".tox", ".nox",
    ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", ".jekyll-cache", ".sass-cache",
    ".parcel-cache", ".bundle", ".gem", ".npm", ".yarn", ".pnpm-store", ".gradle", ".cargo", ".terraform",
    ".docusaurus", ".next", ".nuxt", ".astro", ".svelte-kit", ".vitepress", ".vuepress", ".contentlayer", ".quarto",
    ".deploy_git", ".storybook", ".turbo", ".nx", ".vercel", ".netlify", ".wrangler", ".firebase", ".Trash",
    ".Trashes", ".Spotlight-V100", ".fseventsd", ".TemporaryItems", ".stfolder", ".stversions", ".dropbox.cache",
    "__tests__", "__fixtures__", "__snapshots__",
})  # fmt: skip
"""Folders that tools keep for themselves: other people's Markdown, old versions, caches, material of tests; left out
silently."""
_LOGSEQ = "logseq"
"""What Logseq keeps beside its pages: settings, and in `bak` and `.recycle` old versions of them."""
_COPIED = {
    **dict.fromkeys(("docusaurus", "gatsby", "hugo", "zola"), "static"),
    **dict.fromkeys(("astro", "nextjs", "nuxt", "starlight", "vitepress"), "public"),
    "logseq": "assets",
}
"""Folders at the top of sites with files that are no pages, by tool."""
_JEKYLL = "_config.yml"
_OF_JEKYLL = frozenset({"_posts", "_drafts"})
"""Folders of posts that `_config.yml` need not name."""
_UNREAD = 1_000
"""Files that are not read of which the names are kept."""
_LOOKED_AT = 10_000
"""Names within other hidden folders that are looked at, all together, to tell whether posts are there."""
_NEARLY_POST = re.compile(r"(?P<name>[^.].*\.(?:md|markdown|mdx))\.txt\Z", re.IGNORECASE)
"""What an editor made of a post that was to be called `x.md`."""
_RENDERED = re.compile(r"\.(?:rmd|rmarkdown|qmd)\Z", re.IGNORECASE)


class Walk(NamedTuple):
    """The posts below a folder."""

    paths: list[str]
    """Relative to CONTENT, with forward slashes, in the order of their code points."""
    diagnostics: list[Diagnostic]
    """Files that look like posts but are not read, and why."""
    data: list[str] = []  # noqa: RUF012  a record's default, which nobody changes
    """Files of JSON beside them, which may hold fields of theirs, in the same order."""
    pages: list[str] = []  # noqa: RUF012
    """Folders, which end in a slash, and files of other kinds of which generators of sites make pages."""
    unread: list[str] = []  # noqa: RUF012
    """The first files that are called like posts, in folders that are not entered, and templates."""
    tool: str = ""
    """The tool that the folder belongs to, a key of `kg.reading.ecosystems.ECOSYSTEMS`; "" if none is recognised."""


def walk(content: Path, exclude: Sequence[str] = (), include: Sequence[str] = ()) -> Walk:
    """Find every Markdown file below a folder, at any depth: by `POST_SUFFIXES`, in any case.

    Symbolic links are not followed: what they lead to within CONTENT is read under its own path, and what lies outside
    is none of this folder's posts. Named pipes and devices are never opened. Hidden folders are not entered, but one
    with posts is reported. Names that are not UTF-8 come as `os.fsdecode` gives them; `portable` makes them writable.

    Args:
        content: the folder; may itself be a symbolic link.
        exclude: patterns as in `.gitignore`: `drafts`, `*.tmp.md` (a name at any depth), `blog/old`, `/notes`,
            `private/**` (paths from CONTENT); `*` and `?` stop at a slash.
        include: patterns of the same kind, for files that are read although they are hidden or a tool's own.

    Raises:
        ConfigError: a pattern is not valid.
    """
    search = _Search(os.fspath(content), matcher("exclude", exclude), matcher("include", include))
    search.below("")
    search.open_copied()
    search.diagnostics += search.say_what_is_hidden()
    search.paths.sort()
    paths, twins = _apart(search.paths)
    paths, sources = _rendered(paths)
    search.diagnostics += twins + sources
    if search.tool:  # which leaves out the same, or its owner has chosen
        search.diagnostics = [note_of(found) if found.code == "KG006" else found for found in search.diagnostics]
    search.diagnostics.sort(key=lambda diagnostic: diagnostic.path)
    return Walk(
        paths,
        search.diagnostics,
        sorted(search.data),
        sorted(search.pages),
        sorted(search.unread)[:_UNREAD],
        search.tool,
    )


def _apart(paths: list[str]) -> tuple[list[str], list[Diagnostic]]:
    """The paths without those that, written as text, are another one: the bytes FF FE and the letters `%FF%FE`."""
    odd = [path for path in paths if not _is_text(path)]
    if not odd:
        return paths, []
    taken = set(paths).difference(odd)
    twins = {}
    for path in odd:
        if portable(path) in taken:
            twins[path] = _left_out(
                path, "another file has this name, letter by letter; this one's is no UTF-8: rename it"
            )
        taken.add(portable(path))
    return [path for path in paths if path not in twins], list(twins.values())


def _rendered(paths: list[str]) -> tuple[list[str], list[Diagnostic]]:
    """The paths without those whose output lies beside them: `x.md` is what R makes of `x.Rmd`."""
    known = set(paths)
    outputs = {
        path: output
        for path in paths
        if _RENDERED.search(path)
        for output in (_RENDERED.sub(".markdown", path), _RENDERED.sub(".md", path))
        if output in known
    }
    if not outputs:
        return paths, []
    notes = [
        note_of(_left_out(path, f"the source of {posixpath.basename(portable(output))} beside it, which is read"))
        for path, output in outputs.items()
    ]
    return sorted(known.difference(outputs)), notes


def _is_text(path: str) -> bool:
    return path.isascii() or not any("\udc80" <= c <= "\udcff" for c in path)


class _Search:
    """One search and its findings."""

    def __init__(
        self,
        root: str,
        excluded: re.Pattern[str] | None,
        included: re.Pattern[str] | None,
        most: int | None = None,
        within: "_Search | None" = None,
    ) -> None:
        self._root = root
        self._excluded = excluded
        self._included = included
        self._hidden: list[str] = []
        """Folders that may hold posts, but were not entered because of their names."""
        self._foreign: dict[str, str] = {}
        """What those of others among them are, or those that settings leave out."""
        self._excludes: dict[str, re.Pattern[str]] = {}
        """What `_config.yml` of Jekyll leaves out, by the folder it lies in."""
        self.left = most
        """Names that may still be looked at; None for all there are."""
        self.paths: list[str] = []
        self.data: list[str] = []
        self.pages: list[str] = []
        self.unread: list[str] = []
        self.diagnostics: list[Diagnostic] = []
        self.tool: str = within.tool if within else getattr(recognise(Path(root)), "name", "")
        self._copied: str = within._copied if within else _copied(Path(root), self.tool)
        self._is_bundle: bool = within._is_bundle if within else is_bundle(Path(root))
        self._templates: set[str] = set(within._templates) if within else _templates_above(root)
        """Paths that the settings of vaults name, in CONTENT or around it."""

    def _reads_all(self) -> bool:
        """Whether every file is read that is called like a post, unless it is hidden."""
        asked = self._excluded or self._included or self._templates or self._excludes
        return not (asked or self._is_bundle or self.tool in KEEP_PARTIALS)

    def _is_excluded(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        if (self.tool in KEEP_PARTIALS and name[0] == "_") or (self._is_bundle and name in RESERVED):
            left_out = not (self._included and self._included.match(path))
            self.unread += [path] * (left_out and name in RESERVED)
            return left_out
        return bool(self._excluded and self._excluded.match(path))

    def _tool_of_templates(self, folder: str, name: str) -> str:
        if self._templates and ({folder + name, f"{folder}{os.path.splitext(name)[0]}"} & self._templates):  # noqa: PTH122
            return "Obsidian"
        return keeps_templates(Path(self._root, folder), name) if name in ("scaffolds", "archetypes") else ""

    def _unrendered(self, folder: str) -> Callable[[str], bool] | None:
        """Tells names with `_` that `_config.yml` beside them does not hold: of no collection, and not included.

        What these settings exclude is kept.
        """
        if self.tool != "jekyll":
            return None
        try:
            text = read_plain(Path(self._root, folder, _JEKYLL)).decode("utf-8", "replace")
        except OSError:
            return None
        if "exclude" in text:
            from kg.reading.yaml import Yaml

            if found := excluded(Yaml().parse(text, 1, Limits()).fields):
                self._excludes[folder] = found
        named = frozenset(re.findall(r"[\w.-]+", text))
        return lambda name: name[0] == "_" and name not in _OF_JEKYLL and not {name, name[1:]} & named

    def _excludes_path(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Whether the settings of Jekyll leave a file or a folder out, and kg.toml does not ask for it."""
        end = "/" if entry.is_dir(follow_symlinks=False) else ""
        named = any(
            found.match(inner := path.removeprefix(folder)) or found.match(inner + end)
            for folder, found in self._excludes.items()
            if path.startswith(folder)
        )
        return named and not asked_for(path, self._included)

    def _is_foreign(self, folder: str, entry: os.DirEntry[str]) -> bool:
        """Whether a folder is its tool's own, or holds what others have written; or the site's settings exclude it."""
        if self._excludes and self._excludes_path(folder + entry.name, entry):
            self._foreign[folder + entry.name] = "what 'exclude' in _config.yml leaves out,"
            return True
        if entry.name == _LOGSEQ:
            return is_logseq(Path(self._root, folder))
        if entry.name not in foreign.NAMES or not entry.is_dir(follow_symlinks=False):
            return False
        if what := foreign.foreign(Path(self._root, folder), entry.name):
            self._foreign[folder + entry.name] = what
        return bool(what)

    def below(self, start: str) -> None:
        """Search a folder: "", or a path that ends in a slash."""
        folders = [start]
        while folders and self.left != 0:
            folder = folders.pop()
            try:
                with os.scandir(f"{self._root}/{folder}") as listed:
                    entries = list(islice(listed, self.left))
            except OSError as error:
                self.diagnostics.append(_unreadable(folder.rstrip("/"), error))
                continue
            if self.left is not None:
                self.left -= len(entries)
            if any(entry.name == ".obsidian" for entry in entries):
                self._templates |= {folder + path for path in of_vault(Path(self._root, folder))}
            unrendered = self._unrendered(folder) if any(entry.name == _JEKYLL for entry in entries) else None
            reads_all = self._reads_all()
            for entry in entries:
                path = folder + entry.name
                if reads_all and path.endswith(".md") and entry.name[0] != "." and entry.is_file(follow_symlinks=False):
                    self.paths.append(path)  # as below, for nearly all entries
                    continue
                if self._is_excluded(path):
                    continue
                closed = entry.name[0] == "." or entry.name in TOOL_FOLDERS
                closed = closed or bool(unrendered and unrendered(entry.name) and entry.is_dir(follow_symlinks=False))
                closed = closed or path == self._copied
                templates = self._tool_of_templates(folder, entry.name)
                closed = closed or bool(templates)
                closed = closed or self._is_foreign(folder, entry)
                if closed and self._included and self._included.match(path):
                    closed = False
                if templates and closed and (entry.is_dir(follow_symlinks=False) or _is_post(entry.name)):
                    what = f"{templates}'s templates of posts; {how_to_include(path)}"
                    self.diagnostics.append(note_of(_left_out(path, what)))
                    self.unread += [path] if _is_post(entry.name) else self._inside(path).paths
                elif not entry.is_dir(follow_symlinks=False):
                    self._take(entry, path, closed)
                elif not closed:
                    folders.append(path + "/")
                    self.pages.append(path + "/")
                elif entry.name not in TOOL_FOLDERS:
                    self._hidden.append(path)

    def _take(self, entry: os.DirEntry[str], path: str, closed: bool) -> None:
        is_post = _is_post(entry.name)
        if entry.is_symlink():
            if not closed:
                self.diagnostics += _link(self._root, path, is_post)
        elif not is_post:
            if not closed and (named := _NEARLY_POST.match(entry.name)):
                what = f"no ending of Markdown; call it '{named['name']}' to have it read"
                self.diagnostics.append(note_of(_left_out(path, what)))
            self.data += [path] * _is_data(entry)
            self.pages += [path] * entry.name.lower().endswith((*PAGE_SUFFIXES, CONTENT_ADAPTER))
        elif path in self._foreign:
            what = f"{self._foreign[path]} which is not read; {how_to_include(path)}"
            self.diagnostics.append(note_of(_left_out(path, what)))
            self.unread.append(path)
        elif closed:
            hidden = _left_out(path, "hidden files are not posts; rename it to have it read")
            self.diagnostics.append(hidden if entry.stat(follow_symlinks=False).st_size else note_of(hidden))
        elif not entry.is_file(follow_symlinks=False):
            self.diagnostics.append(_left_out(path, "no regular file (a pipe, socket or device)"))
        else:
            self.paths.append(path)

    def open_copied(self) -> None:
        """Search the folder that is copied as it is, too, if most posts lie there: a program of the site reads them."""
        folder = self._copied
        if folder in self._hidden and len(self._inside(folder).paths) > len(self.paths):
            self._hidden.remove(folder)
            self.below(f"{folder}/")

    def _inside(self, folder: str, most: int = _LOOKED_AT) -> "_Search":
        """What a folder that was not entered holds, as far as looking is cheap."""
        inside = _Search(self._root, self._excluded, self._included, most, within=self)
        inside.below(f"{folder}/")
        return inside

    def say_what_is_hidden(self) -> Iterator[Diagnostic]:
        """Add one line for each hidden folder that holds posts, as far as looking for them is cheap."""
        left = _LOOKED_AT
        for folder in sorted(self._hidden):
            inside = self._inside(folder, left)
            left = inside.left or 0
            self.unread += inside.paths
            if inside.paths:
                posts = ("" if left else "at least ") + counted(len(inside.paths), "post")
                verb = "is" if len(inside.paths) == 1 else "are"
                name = folder.rpartition("/")[2]
                kind = "a hidden folder" if name[0] == "." else "a folder that is no collection of Jekyll,"
                kind = "a folder that is copied as it is," if folder == self._copied else kind
                kind = "Logseq's own folder" if name == _LOGSEQ else kind
                kind = self._foreign.get(folder, kind)
                what = f"{kind} with {posts}, which {verb} not read"
                yield note_of(_left_out(folder, f"{what}; {how_to_include(folder)}"))


def _copied(content: Path, tool: str) -> str:
    """The folder of a site that is copied as it is, or ""."""
    return home(content, tool) + _COPIED[tool] if tool in _COPIED else ""


def _templates_above(root: str) -> set[str]:
    """The templates in a folder that the settings of the surrounding vault name."""
    content = Path(root).resolve()
    found: set[str] = set()
    for vault in list(content.parents)[:2]:
        if os.path.isdir(vault / ".obsidian"):  # noqa: PTH112
            own = content.relative_to(vault).as_posix() + "/"
            found |= {path[len(own) :] for path in of_vault(vault) if path.startswith(own)}
    return found


def _is_post(name: str) -> bool:
    return name.lower().endswith(POST_SUFFIXES)


def _is_data(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith((".json", ".meta")) and entry.name[0] != "." and entry.is_file(follow_symlinks=False)


def _left_out(path: str, why: str) -> Diagnostic:
    return diagnose(portable(path), 0, 0, "KG006", why)


def how_to_include(path: str) -> str:
    """The setting that has a path read, for a message."""
    return f"add include = [{json.dumps(portable(path), ensure_ascii=False)}] to kg.toml to have it read"


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return diagnose(portable(path) or ".", 0, 0, "KG001", f"cannot be read: {error.strerror}")


def _link(root: str, path: str, is_post: bool) -> list[Diagnostic]:
    """Diagnostics of a symbolic link: none, unless it leads to a post or a folder."""
    try:
        target = os.path.realpath(f"{root}/{path}", strict=True)
    except OSError as error:
        # A loop or a dangling link; of no interest unless it is called like a post.
        return [_left_out(path, f"a symbolic link that leads nowhere: {error.strerror}")] if is_post else []
    if not is_post and not os.path.isdir(target):  # noqa: PTH112  paths stay text here, for speed
        return []
    home = os.path.realpath(root)
    if target == home or target.startswith(home + os.sep):
        inside = os.path.relpath(target, home).replace(os.sep, "/")
        return [note_of(_left_out(path, f"a symbolic link to '{portable(inside)}', which is read under its own path"))]
    return [_left_out(path, "a symbolic link that leads out of the folder; what lies there is not read")]
