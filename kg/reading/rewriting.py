"""Dendron's, Bear's, Logseq's and Hexo's own syntax, rewritten as other tools would write it.

Dendron (https://wiki.dendron.so): `[[words|note]]`, `@user`, `#tag.in.tag`, names with dots. Bear
(https://bear.app/faq/how-to-use-tags-in-bear/): `#tag of words#`, `[[note/heading]]`; no character changes its place.
Logseq (https://docs.logseq.com/#/page/properties): `key: [[page]], #tag` between dashes; blocks that are templates.
"""

import re

from kg.model import IRI, Link
from kg.namespaces import FIELD
from kg.reading.myst import RewrittenBody
from kg.text.filenames import SUFFIX

DOT, BLANK = "\ue000", "\ue001"
"""Stand for a dot and a space within a tag, where the rules of other tools end one."""
STOOD_IN = {ord(DOT): ".", ord(BLANK): " "}
_LINK = re.compile(r"\[\[(?P<words>[^\[\]|\n]+)\|(?P<note>[^\[\]|\n]+)\]\]")
_VAULT = re.compile(r"(?<=\[\[)dendron://[^/\]\n]+/")
_NOTE = re.compile(r"(?<!!\[\[)(?<=\[\[)[^\[\]|#\n]+")
_TAG = re.compile(r"(?<=#)\w[\w-]*(?:\.\w[\w-]*)+")
_TAG_OF_WORDS = re.compile(r"(?<!\S)#[^\s#][^#\n]{0,99} [^#\n]{0,99}(?<!\s)#(?!\S)")
_HEADING = re.compile(r"(?<=\[\[)([^\[\]|\n]+?)(?<!\\)/([^\[\]|/\n]+)(?=\]\]|\|)")
_CODE = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t]*(?P=fence)|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_USER = re.compile(r"(?<![^\s(*_])@(?P<name>\w[\w-]*(?:\.\w[\w-]*)*)")
_PROPERTY = re.compile(
    r"^(?P<key>[\w-]+(?: [\w-]+)*:[ \t]+)(?P<value>(?=[^\n]*(?:\[\[|#|:[ \t]))[^\s\"'|>{&*!][^\n]*?)[ \t]*$",
    re.MULTILINE,
)
_BULLET = re.compile(r"(?P<indent>[ \t]*)- ")
_TEMPLATE = re.compile(r"[ \t]*(?:- )?template::[ \t]+\S")
_TABS = re.compile(r"^\t+", re.MULTILINE)


def properties(source: str) -> str:
    """Front matter of Logseq as YAML: values with links, tags or colons, which it takes as they are, in quotes."""
    return _PROPERTY.sub(lambda match: match["key"] + "'" + match["value"].replace("'", "''") + "'", source)


def indents(source: str) -> str:
    """Front matter of Hexo as YAML: two blanks for each tab that indents (https://github.com/hexojs/hexo-front-matter)."""
    return _TABS.sub(lambda match: "  " * len(match[0]), source)


def read(body: str, tool: str) -> RewrittenBody:
    """A body as other tools would write it, and the users that it names."""
    if tool == "bear":
        text = _TAG_OF_WORDS.sub(lambda match: match[0].replace(" ", BLANK), body)
        return RewrittenBody(_HEADING.sub(r"\1#\2", text))
    if tool == "logseq":
        return RewrittenBody(_without_templates(body))
    text = _LINK.sub(lambda match: f"[[{match['note']}|{match['words']}]]", body)
    text = _VAULT.sub(lambda match: " " * len(match[0]), text)
    text = _NOTE.sub(lambda match: match[0].replace(".", DOT), text)  # `dev.sql` is no file
    text = _TAG.sub(lambda match: match[0].replace(".", DOT), text)
    links: list[tuple[str, str, int, int]] = []
    if "@" in body:
        plain = _CODE.sub(lambda match: re.sub(r"[^\n]", "`", match[0]), body)
        for number, line in enumerate(plain.split("\n")):
            links += ((f"user.{match['name']}", "name", number, match.start() + 1) for match in _USER.finditer(line))
    return RewrittenBody(text, tuple(links))


def _without_templates(body: str) -> str:
    """A body without the blocks that Logseq copies into others (https://docs.logseq.com/#/page/templates)."""
    lines = body.split("\n")
    block, indent = len(lines), 0
    """Where the block begins that a line belongs to, and how far it is indented."""
    hidden = -1
    """How far the template is indented that a line belongs to; -1 outside."""
    for number, line in enumerate(lines):
        if bullet := _BULLET.match(line):
            block, indent = number, len(bullet["indent"])
            hidden = -1 if indent <= hidden else hidden
        if hidden >= 0:
            lines[number] = " " * len(line)
        elif _TEMPLATE.match(line) and block <= number:
            lines[block:number] = (" " * len(each) for each in lines[block:number])
            hidden = indent
    return "\n".join(lines)


def above(path: str) -> tuple[Link, ...]:
    """The link of a note to the one above it: from `a.b.c` to `a.b`, or to `a` if there is no such note."""
    stem = SUFFIX.sub("", path).rpartition("/")[2]
    upper = stem.rpartition(".")[0]
    return (Link(upper, "ancestor", "", 0, 0, "parent", IRI(FIELD + "parent")),) if upper else ()
