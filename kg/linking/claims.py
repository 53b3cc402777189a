"""Addresses and names that two posts claim."""

from collections.abc import Iterator

from kg.diagnostics import diagnose, note_of
from kg.fields import LANGUAGE
from kg.linking.addresses import filled, language_folder, sibling
from kg.linking.doubled import Ambiguity
from kg.linking.index import ALIAS, DECLARED, NO_ADDRESS, PERMALINK, SLUG, Index
from kg.linking.namesakes import CROWD
from kg.model import Attribute, Post
from kg.text.filenames import are_translations

_WITHOUT_PERMALINKS = frozenset(
    {"docsify", "docusaurus", "gitbook", "hugo", "mdbook", "mkdocs", "myst", "quarto", "starlight", "vitepress", "zola"}
)
"""Tools to which `permalink` says nothing: posts have it from another one."""


def contested(post: Post, index: Index) -> Iterator[Ambiguity]:
    """Report slugs, permalinks and aliases of a post that another post claims, too, or has as its title."""
    for attribute in post.attributes:
        if attribute.predicate not in DECLARED or "{{" in attribute.value:
            continue  # the result of a template is unknown
        key = index.name_of(filled(attribute.value, post.path))
        if not key or key in NO_ADDRESS:
            continue
        slug = attribute.predicate == SLUG or (attribute.predicate == PERMALINK and index.site.tool == "hexo")
        if slug and "/" not in attribute.value.strip("/"):
            # It is the last part of an address, which begins with the section.
            claimed = index.claiming(post.path, attribute.value.strip("/"))[:CROWD]
        else:
            claimed = index.lookup("declared", key)[:CROWD]
        if attribute.predicate == ALIAS and not attribute.value.startswith("/"):
            claimed += index.lookup("titles", key)[:CROWD]
        if slug:  # which may stand behind a date in the address
            claimed = [path for path in claimed if not _is_of_another_day(index, path, post)]
        empty = index.lookup_empty(key)
        others = [path for path in dict.fromkeys(claimed) if path not in empty]
        below = tuple(f"{root}/" for root in index.site.roots)
        others = [path for path in others if path.startswith(below) == post.path.startswith(below)]
        others = [path for path in others if _may_contest(index, post.path, path, attribute)]
        if others:
            names = ", ".join(others[:3])
            message = f"{attribute.field}: '{attribute.value[:60]}' is also claimed by {names}; they are kept apart"
            found = diagnose(post.path, attribute.line, attribute.column, "KG201", message)
            is_name = attribute.predicate == ALIAS and not attribute.value.startswith("/")
            idle = attribute.predicate == PERMALINK and index.site.tool in _WITHOUT_PERMALINKS
            noted = (is_name and index.is_vault) or idle
            yield Ambiguity.among(note_of(found) if noted else found, [post.path, *others])


def _may_contest(index: Index, path: str, other: str, name: Attribute) -> bool:
    """Whether a post's claim to a name means that another post cannot have it.

    Translations have addresses of their own. An alias that is no address is one page's in Logseq; in other tools
    several may have it, and links that use it are told. Hugo's are relative to the folder of the page
    (https://gohugo.io/content-management/urls/#aliases).
    """
    if path == other or are_translations(path, other) or language_folder(path) != language_folder(other):
        return False
    if name.predicate == SLUG and _declared_language(index.posts[path]) != _declared_language(index.posts[other]):
        return False  # Pelican's translations have one slug
    if name.predicate != ALIAS or name.value.startswith("/"):
        return True
    if index.site.tool == "hugo":
        return sibling(path, name.value) == sibling(other, name.value)
    return index.site.tool == "logseq" or not (index.site.tool or index.is_vault)


def _is_of_another_day(index: Index, path: str, post: Post) -> bool:
    """Whether the post at a path has a different date than a post that has one."""
    day = index.posts[path].date[:10] if path in index.posts else ""
    return bool(day and post.date) and day != post.date[:10]


def _declared_language(post: Post) -> str:
    return next((each.value for each in post.attributes if each.predicate == LANGUAGE), "")
