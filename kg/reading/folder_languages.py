"""Folders that hold pages in one language: `fr/` beside `en/`, or `fr/guide.md` beside `guide.md`, or `i18n/fr/`.

`it/` or `no/` alone may as well be a topic, and so may `hr/` beside `it/`, or `GA/` beside `GU/`.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from kg.text.filenames import INDEX_NAMES, SUFFIX, names_language
from kg.text.languages import language_tag


def languages_of_folders(content: Path, paths: Sequence[str], language: str = "") -> dict[str, str]:
    """Each such folder, as a path from CONTENT ("" for CONTENT itself) → its language, a BCP 47 tag.

    Args:
        content: the folder.
        paths: of all posts below it.
        language: that the site declares, or "".
    """
    found = {"": language_tag(content.resolve().name)} if _is_one_of_several(content, language) else {}
    beside: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for folder in {path.rpartition("/")[0] for path in paths}:
        parts = folder.split("/")
        for level, name in enumerate(parts):
            if names_language(name):
                beside["/".join(parts[:level])][name] = set()
    for parent, pages in beside.items():
        above = f"{parent}/" if parent else ""
        for path in paths:
            name, _slash, page = path[len(above) :].partition("/")
            if name in pages and path.startswith(above) and page:
                pages[name].add(page)
    known = frozenset(paths) if beside else frozenset()
    for parent, pages in beside.items():
        above = f"{parent}/" if parent else ""
        certain = parent.endswith("i18n") or _are_certain(pages, language)
        for name, own in pages.items():
            original = (page for page in own if above + page in known)
            translated = {page for other in pages if _is_usual(name) and _differ(name, other) for page in pages[other]}
            if certain or _are_translated(own, original) or _are_translated(own, own & translated):
                found[above + name] = language_tag(name)
    return found


def _are_certain(names: Collection[str], language: str) -> bool:
    """Whether several names beside each other can be nothing but languages.

    One is English or the site's own, or has a region as it should be written.
    """
    main = {"en", language.partition("-")[0].lower()}
    return len(names) > 1 and any(
        name[:2].lower() in main or (_is_usual(name) and name == language_tag(name) != name[:2]) for name in names
    )


def _are_translated(pages: Collection[str], known: Iterable[str]) -> bool:
    """Whether at least half of the pages are known in another language; each folder may have an index."""
    named = sum(map(_is_no_index, pages))
    return 0 < named <= 2 * sum(map(_is_no_index, known))


def _is_no_index(page: str) -> bool:
    return SUFFIX.sub("", page).rpartition("/")[2].lower() not in INDEX_NAMES


def _is_usual(name: str) -> bool:
    return name[:2].islower()


def _differ(name: str, other: str) -> bool:
    return _is_usual(other) and name[:2] != other[:2]


def main_folder(paths: Sequence[str], folders: dict[str, str]) -> str:
    """What the folders of the language are called that more posts are in than in any other; "" if there is none.

    As many posts may lie beside these folders, in none of them: then these are what others translate; and in `i18n` lie
    translations alone.

    >>> main_folder(["en/a.md", "en/b.md", "fr/a.md", "readme.md"], {"en": "en", "fr": "fr"})
    'en'
    >>> main_folder(["a.md", "b.md", "fr/a.md"], {"fr": "fr"})
    ''
    >>> main_folder(["docs/a.md", "i18n/fr/a.md"], {"i18n/fr": "fr"})
    ''

    Args:
        paths: of all posts.
        folders: what `languages_of_folders` gives.
    """
    parted = {folder: folder.rpartition("/") for folder in folders if folder}
    names = [name for above, _slash, name in parted.values() if not above.endswith("i18n")]
    counts = Counter({name: sum(f"/{name}/" in f"/{path}" for path in paths) for name in names})
    first, second, *_ = (*counts.most_common(2), ("", 0), ("", 0))
    inner, around = (
        tuple(f"{folder}/" for folder in parted),
        tuple({above + slash for above, slash, _name in parted.values()}),
    )
    beside = sum(path.startswith(around) and not path.startswith(inner) for path in paths) if names else 0
    return first[0] if first[1] > max(second[1], beside) else ""


def language_of(path: str, folders: dict[str, str]) -> str:
    """The language of the innermost folder of a post that has one, or ""."""
    while folders and path:
        path = path.rpartition("/")[0]
        if path in folders:
            return folders[path]
    return ""


def _is_one_of_several(content: Path, language: str) -> bool:
    folder = content.resolve()
    if not names_language(folder.name):
        return False
    try:
        beside = {entry.name for entry in os.scandir(folder.parent) if entry.is_dir() and names_language(entry.name)}
        return _are_certain({*beside, folder.name}, language) or any(
            _is_usual(folder.name) and _differ(folder.name, name) and _share_pages(folder, folder.parent / name)
            for name in beside
        )
    except OSError:
        return False


def _share_pages(folder: Path, other: Path) -> bool:
    pages = {name for name in os.listdir(folder) if SUFFIX.search(name)}  # noqa: PTH208  a third of the cost
    return _are_translated(pages, pages.intersection(os.listdir(other)))  # noqa: PTH208
