"""Folders that hold pages in one language: `fr/` beside `de/`, or `fr/guide.md` beside `guide.md`, or `i18n/fr/`.

`it/` or `no/` alone may as well be a topic.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from kg.text.filenames import names_language
from kg.text.languages import language_tag


def languages_of_folders(content: Path, paths: Sequence[str]) -> dict[str, str]:
    """Each such folder, as a path from CONTENT ("" for CONTENT itself) → its language, a BCP 47 tag.

    Args:
        content: the folder.
        paths: of all posts below it.
    """
    found = {"": language_tag(content.resolve().name)} if _is_one_of_several(content) else {}
    beside: dict[str, set[str]] = defaultdict(set)
    for folder in {path.rpartition("/")[0] for path in paths}:
        parts = folder.split("/")
        for level, name in enumerate(parts):
            if names_language(name):
                beside["/".join(parts[:level])].add(name)
    known = frozenset(paths) if beside else frozenset()
    for parent, names in beside.items():
        above = f"{parent}/" if parent else ""
        for name in names:
            own = f"{above}{name}/"
            several = len(names) > 1 or parent.endswith("i18n")
            if several or any(above + path[len(own) :] in known for path in paths if path.startswith(own)):
                found[own[:-1]] = language_tag(name)
    return found


def main_folder(paths: Sequence[str], folders: dict[str, str]) -> str:
    """What the folders of the language are called that more posts are in than in any other; "" if there is none.

    Args:
        paths: of all posts.
        folders: what `languages_of_folders` gives.
    """
    names = [folder.rpartition("/")[2] for folder in folders if folder]
    counts = Counter({name: sum(f"/{name}/" in f"/{path}" for path in paths) for name in names})
    first, second, *_ = (*counts.most_common(2), ("", 0), ("", 0))
    return first[0] if first[1] > second[1] else ""


def language_of(path: str, folders: dict[str, str]) -> str:
    """The language of the innermost folder of a post that has one, or ""."""
    while folders and path:
        path = path.rpartition("/")[0]
        if path in folders:
            return folders[path]
    return ""


def _is_one_of_several(content: Path) -> bool:
    folder = content.resolve()
    if not names_language(folder.name):
        return False
    try:
        beside = [entry.name for entry in os.scandir(folder.parent) if entry.is_dir()]
    except OSError:
        return False
    return any(name != folder.name and names_language(name) for name in beside)
