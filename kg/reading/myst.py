"""The extensions of MyST to Markdown (https://mystmd.org/guide): roles, directives, targets, comments.

Roles (`{doc}`b``, `{ref}`label``) and entries of `{toctree}` lead to pages; `(label)=` names a place on one. The
content of most directives is Markdown, and that of the others is code. Every character stays in its place.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_DIRECTIVES = (
    "admonition|note|warning|tip|important|caution|attention|danger|error|hint|seealso|todo|dropdown|card|grid|tab|sidebar"
    "|margin|aside|figure|table|list-table|epigraph|pull-quote|topic|div|container|exercise|solution|prf:|proof"
    "|versionadded|versionchanged|deprecated|toctree|tableofcontents|include"
)
"""What the names of those begin with whose content is Markdown, or names pages."""
_SIGN = re.compile(
    rf"\{{(?:doc|ref|numref|any|term|cite:?\w*)\}}`|^[ \t]*[`:~]{{3,}}[ \t]*\{{(?:{_DIRECTIVES})"
    r"|^\([\w:./ -]+\)=[ \t]*$|\]\(project:|<project:",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"(?<!`)\{(?P<role>doc|ref|numref|any|download|eq)\}`(?:[^`<>\n]*<(?P<inner>[^`<>\n]+)>|(?P<plain>[^`<>\n]+))`"
)
_ADDRESS = re.compile(r"(?:(?<=\]\()|(?<=<))(?P<scheme>project:)?(?P<place>#[\w:.-]+|(?(scheme)[^\s()<>#]+))")
SIGNS = ("{", ")=", "(project:")
"""A text without any of these is not written in MyST."""
_TARGET = re.compile(r"\((?P<label>[^()\n]{1,200})\)=[ \t]*\Z")
_OPENING = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?:\{(?P<name>[\w:.+-]+)\})?(?P<rest>.*)\Z")
_NAMED = re.compile(r"[ \t]*:(?:name|label):[ \t]*(?P<label>\S.*?)[ \t]*\Z")
_ENTRY = re.compile(r"[ \t]*(?:[^<>\n]*<(?P<inner>[^<>\s]+)>|(?P<plain>[^\s:<>][^<>\n]*?))[ \t]*\Z")
_LISTS = ("toctree", "tableofcontents")
_OF_MARKDOWN = re.compile(_DIRECTIVES)


class RewrittenBody(NamedTuple):
    """A body in plain Markdown, and the links and labels that its own dialect has."""

    text: str
    """The body, with comments and the fences of directives blanked out."""
    links: tuple[tuple[str, str, int, int], ...] = ()
    """Target and style, as in `kg.model.Link`; the line from 0, the column from 1."""
    labels: tuple[str, ...] = ()
    """Names of places, as `key_of` writes them."""


def key_of(label: str) -> str:
    """A label as a name that no page has."""
    return f"({label.strip().lower()})="


def read(body: str, *, certain: bool = False) -> RewrittenBody:
    """Read a body; one without a sign of MyST comes back as it is, unless it is `certain` that it is written in it."""
    if not (certain or (any(sign in body for sign in SIGNS) and _SIGN.search(body))):
        return RewrittenBody(body)
    lines = body.split("\n")
    links: list[tuple[str, str, int, int]] = []
    labels: list[str] = []
    fences: list[tuple[str, str]] = [("", "note")]
    """What is open: the fence, and the name of its directive, "" for code."""
    for number, line in enumerate(lines):
        inside = fences[-1][1]
        opening = _OPENING.match(line)
        if opening and len(fences) > 1 and _closes(opening, fences[-1][0]):
            name, _fence = inside, fences.pop()
        elif opening and inside:
            name = (opening["name"] or ("note" if opening["fence"][0] == ":" else "")).lower()
            name = name if _OF_MARKDOWN.match(name) else ""
            fences.append((opening["fence"], name))
            if name == "include" and opening["rest"].strip():
                links.append((opening["rest"].strip(), "markdown", number, opening.start("rest") + 2))
        else:
            if named := _NAMED.match(line) or (_TARGET.match(line) if inside else None):
                labels.append(key_of(named["label"]))
            name = inside if inside in _LISTS or line.startswith("%") else ""
            if inside in _LISTS:
                links += _entry(line, number)
            elif inside and not name:
                links += _links(line, number)
        if name:
            lines[number] = " " * len(line)
    return RewrittenBody("\n".join(lines), tuple(links), tuple(labels))


def _entry(line: str, number: int) -> Iterator[tuple[str, str, int, int]]:
    """A page in a table of contents."""
    if (entry := _ENTRY.match(line)) and (place := entry["inner"] or entry["plain"]) and place != "self":
        yield place, "name", number, line.index(place) + 1


def _links(line: str, number: int) -> Iterator[tuple[str, str, int, int]]:
    """Roles, and addresses of labels and of the project."""
    for role in _ROLE.finditer(line):
        target = (role["inner"] or role["plain"]).strip()
        place = target if role["role"] in ("doc", "download") else key_of(target)
        yield place, "markdown" if role["role"] == "download" else "name", number, role.start() + 1
    for match in _ADDRESS.finditer(line):
        place, column = match["place"], match.start() + 1
        if place:
            yield (
                (key_of(place[1:]), "name", number, column) if place[0] == "#" else (place, "markdown", number, column)
            )


def _closes(opening: re.Match[str], fence: str) -> bool:
    return opening["fence"].startswith(fence) and not (opening["name"] or opening["rest"].strip())
