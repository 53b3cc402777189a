"""The parts of a Markdown body that enter the graph: links, inline tags, Dataview fields.

Parsed by pulldown-cmark through pyromark (CommonMark, https://spec.commonmark.org, with tables, footnotes, maths and
wikilinks), so that nothing inside code, maths or comments counts, and of HTML nothing but its links. What is no
Markdown (templates, Obsidian's comments) is blanked out before that. Most posts hold none of it: cheap tests on the
text come first.

Positions: pulldown-cmark counts UTF-8 bytes, we count lines and code points; `Utf8Places` goes from one to the other.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyromark
from msgspec.structs import replace

from kg.model import Link
from kg.reading import myst, rewriting
from kg.reading.comments import without_comments
from kg.reading.inline_tags import name_of, tags_in
from kg.reading.link_targets import leads_to_post, names_attachment
from kg.reading.markup import anchors, may_hold_anchors
from kg.reading.program_addresses import opened_by
from kg.reading.shortcodes import HERE, PLACEHOLDER, PROGRAM, QUERY, blanked, without_templates
from kg.reading.utf8_places import Utf8Places
from kg.reading.values import Scalar
from kg.text.filenames import SUFFIX

OPTIONS = (
    pyromark.Options.ENABLE_WIKILINKS
    | pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_HEADING_ATTRIBUTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
)
DEEPEST = 100
"""Double brackets within double brackets that may be open at once."""
_DOUBLE = re.compile(r"\[\[|\]\]|\]\([^()\n]*\)\]|\n[ \t]*\n")
"""Also what closes the link in `[[words](address)]`."""
_LONGEST_TEXT = 200
"""Characters of a link's words that are kept."""
SIGNS = (
    "](", "]:",  # a link, or the definition of one
    "[[",  # a wikilink
    "href", "HREF", "to=",  # HTML that links
    "::",  # a field
    "((",  # a reference to a block
    *myst.SIGNS,  # also a template
)  # fmt: skip
"""A body without any of these, and without a tag, says nothing to the graph."""
_REWRITTEN = ("bear", "dendron", "myst")
"""Tools that have a Markdown of their own."""
_TAG_SIGN = re.compile(r"#(?<![^\s*_~|>]#)(?=[^\s#])")


class Body(NamedTuple):
    """The findings in one body."""

    links: tuple[Link, ...] = ()
    """In the order of the text; only those that could lead to another post."""
    tags: tuple[tuple[str, int, int], ...] = ()
    """Name without its `#`, line, column."""
    fields: tuple[tuple[Scalar, Scalar], ...] = ()
    """Dataview and Logseq `key:: value`: key and value, both with their places."""
    blocks: tuple[str, ...] = ()
    """The ids by which Logseq refers to blocks of this body, `((65f0…))`, and MyST's labels, `(label)=`."""
    colons: bool = False
    """Whether `::` stands in it, so that a field with a slip may."""
    too_deep: tuple[int, int] | None = None
    """Line and column of the first `[[` within too many others; it is read as text, and so are all like it."""


def scan(
    body: str,
    first_line: int,
    *,
    inline_tags: bool = True,
    inline_fields: bool = True,
    mdx: bool = False,
    own: re.Pattern[str] | None = None,
    tool: str = "",
    marked: bool = True,
) -> Body:
    """Find links, tags and fields.

    Args:
        body: the text below the front matter.
        first_line: the line of the file that `body` begins in.
        inline_tags: whether `#tag` counts.
        inline_fields: whether `key:: value` counts.
        mdx: whether `import` and `export` blocks are code rather than text, as in MDX (https://mdxjs.com).
        own: what absolute addresses of the site itself begin with.
        tool: that the folder was written for, a key of `kg.reading.ecosystems.ECOSYSTEMS`.
        marked: whether the text may hold any of `SIGNS`.
    """
    marked = marked or tool in _REWRITTEN or bool(own and own.search(body))
    if not marked and not (inline_tags and "#" in body and _TAG_SIGN.search(body)):
        return Body()
    rewritten = tool in ("bear", "dendron") or (tool == "logseq" and "template::" in body)
    of_tool = rewriting.read(body, tool) if rewritten else myst.read(body, certain=tool == "myst")
    found = _scan(of_tool.text, first_line, inline_tags, inline_fields, mdx, own)
    links = [Link(target, style, "", first_line + line, column) for target, style, line, column in of_tool.links]
    if rewriting.DOT in of_tool.text:
        found = found._replace(links=tuple([_as_typed(link) for link in found.links]))
    return Body(
        tuple(sorted([*found.links, *links], key=lambda link: (link.line, link.column))) if links else found.links,
        tuple((name.translate(rewriting.STOOD_IN), line, column) for name, line, column in found.tags),
        found.fields,
        found.blocks + of_tool.labels,
        found.colons,
        found.too_deep,
    )


def _as_typed(link: Link) -> Link:
    """A link without what stands in for dots."""
    return replace(link, target=link.target.translate(rewriting.STOOD_IN), text=link.text.translate(rewriting.STOOD_IN))


def _scan(
    body: str, first_line: int, inline_tags: bool, inline_fields: bool, mdx: bool, own: re.Pattern[str] | None
) -> Body:
    if "{{query" in body or "{{[[" in body or "]]==" in body:
        body = QUERY.sub(lambda match: "\xa0" * len(match[0]), body)  # no space: see `without_comments`
    text, shortcodes = without_templates(PROGRAM.sub(blanked, body) if mdx else body)
    text, body = without_comments(text, body)
    text, deep = _shallow(text) if text.count("[[") > DEEPEST else (text, -1)
    tags = list(tags_in(text)) if inline_tags and "#" in text else []
    colons = inline_fields and "::" in text
    fields = list(_FIELD.finditer(text)) if colons else []
    linked = ("[" in text and ("[[" in text or "](" in text or "]:" in text)) or may_hold_anchors(text)
    linked = linked or bool(own and own.search(text))
    if not (
        tags
        or fields
        or linked
        or "id:: " in text
        or "ID:: " in text
        or ("(" in text and "((" in text and _BLOCK.search(text))
    ):
        return Body(colons=colons)
    found = _Scan(body, text, first_line, shortcodes, inline_tags=inline_tags, own=own).run(tags, fields)
    found = found._replace(colons=colons)
    if deep < 0:
        return found
    line = text.count("\n", 0, deep)
    return found._replace(too_deep=(first_line + line, deep - text.rfind("\n", 0, deep)))


def _shallow(text: str) -> tuple[str, int]:
    """A text without `[[` that stand within too many others of one paragraph; and where the first of them was, or -1.

    The parser takes time that is quadratic in how deep they are nested.
    """
    depth, cut = 0, []
    for match in _DOUBLE.finditer(text):
        if match[0][0] == "]":
            depth = max(depth - 1, 0)
        elif match[0][0] == "\n":
            depth = 0
        elif depth < DEEPEST:
            depth += 1
        else:
            cut.append(match.start())
    if not cut:
        return text, -1
    parts = [text[start:end] for start, end in zip([0, *(at + 2 for at in cut)], [*cut, len(text)], strict=True)]
    return "  ".join(parts), cut[0]


# --- Fields in bodies: Dataview (https://blacksmithgu.github.io/obsidian-dataview/) and Logseq ---

_FIELD = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)]) +(?:\[.\] +)?)?"
    r"(?:[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+ )?(?P<mark>\*{1,3}|_{1,3}|~~|==|)"
    r"(?P<key>[^\W\d_](?:[\w-]*[^\W_])?(?: [\w-]+){0,3})(?P=mark) ?::"
    r"(?:[ \t]+|(?<=[*_~=]::)|(?=\[\[|\d{4}-\d))(?P<value>\S.*)$"
    r"|[\[(](?P<key2>[^\W\d_][\w-]*(?: [\w-]+){0,3}) ?::[ \t]+"
    r"(?P<value2>(?:\[\[[^\[\]\n]{1,300}\]\]|[^\[\]()\n])+)[\])]",
    re.MULTILINE,
)
_MACHINERY = re.compile(r"id|collapsed|heading|background-color|(?:query|card|hl|ls)-[\w-]+")
"""Properties that Logseq adds to blocks for its own use; authors do not write them."""
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BLOCK = re.compile(rf"\(\((?P<id>{_UUID})\)\)")
_BLOCK_ID = re.compile(rf"^[ \t>*-]*+(?:id|ID)::[ \t]+(?P<id>{_UUID})[ \t]*$", re.MULTILINE)
"""Deep in a list it may look like code to Markdown."""


def _blocks(text: str) -> tuple[str, ...]:
    return (
        tuple(f"(({match['id']}))" for match in _BLOCK_ID.finditer(text)) if "id:: " in text or "ID:: " in text else ()
    )


_CODE_ELEMENT = re.compile(rb"<(?P<closes>/?)(?P<name>code|kbd|pre|samp|script|style|textarea|tt|var)\b", re.IGNORECASE)
"""Inline HTML whose content is text to CommonMark, but code to a reader."""


# --- Links ---

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|mailto:|//")
_INDEXING = re.compile(r"""["'$&\\-].*|[\d.,:;\s]+|\w""")
"""`x[[1]]`, `x[["name"]]`: what stands in double brackets in R, Python or shell."""
_TABLE = re.compile(
    rb"\[\[[\w.-]+\]\][ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*+[ \t]*"
    rb"(?:[\w\"'.-]+[ \t]*=(?!=)|\[[\w\"'.-]+\][ \t]*(?:#[^\n]*)?\n)"
)
"""`[[menu.main]]` above `name = "x"`: an array of tables in TOML that no fence shows to be code."""
_DESTINATION = re.compile(rb"\(\s*<?([^\s<>()]*)")


def _begins_line(data: bytes, start: int) -> bool:
    """Whether an offset has only spaces before it on its line."""
    before = data[max(0, start - 40) : start]
    return not before.rpartition(b"\n")[2].strip() and (b"\n" in before or start <= 40)


class _Scan:
    """One pass over the events of one body."""

    def __init__(
        self,
        body: str,
        text: str,
        first_line: int,
        shortcodes: list[tuple[str, str]],
        *,
        inline_tags: bool = True,
        own: re.Pattern[str] | None = None,
    ) -> None:
        self._own = own
        self._inline_tags = inline_tags
        self._body = body
        self._text = text
        self._places = Utf8Places(text, first_line)
        self._shortcodes = shortcodes
        self._references: dict[str, str] = {}
        if "[[" in text and "]:" in text:
            found = pyromark.reference_definitions(text, options=OPTIONS)
            self._references = {" ".join(k.split()).casefold(): v["dest"] for k, v in found.items()}
        self._prose: list[int] = []
        """Starts and ends, alternating, of the stretches of plain prose: outside code and links."""
        self._links: list[Link] = []
        self._tags: list[tuple[str, int, int]] = []

    def run(self, tags: list[re.Match[str]], fields: list[re.Match[str]]) -> Body:
        self._read_events()
        self._tags += ((name_of(m), *self._places.place(at)) for m, at in self._in_prose(tags, "name"))
        if "((" in self._text:
            self._read_block_references()
        stated = tuple(self._fields(fields))
        named = tuple(self._tags) if self._inline_tags else ()
        return Body(tuple(self._links), named, stated, _blocks(self._text))

    def _read_block_references(self) -> None:
        """Logseq's `((id))`, which leads to the post that holds the block."""
        found = [*_BLOCK.finditer(self._text)]
        links = [Link(m[0], "block", "", *self._places.place(at - 2)) for m, at in self._in_prose(found, "id")]
        if links:
            self._links = sorted([*self._links, *links], key=lambda link: (link.line, link.column))

    def _read_events(self) -> None:  # noqa: PLR0912  one branch for each kind of event
        code, element = 0, b""
        words: list[str] = []
        link: tuple[Any, Any, bool] | None = None
        events: Iterator[tuple[Any, Any]] = pyromark.events_with_range(self._text, options=OPTIONS)
        for event, span in events:
            if type(event) is str:
                words.append(" ")
                continue
            ((name, value),) = event.items()
            if name == "Text":
                if code:
                    continue
                words.append(value)
                if link is None and not element:
                    self._add_prose(span["start"], span["end"])
            elif name == "Start":
                ((kind, detail),) = value.items() if type(value) is dict else ((value, None),)
                if kind == "CodeBlock":
                    code += 1
                elif kind == "HtmlBlock":
                    self._add_anchors(span["start"], span["end"])
                elif kind in ("Link", "Image") and link is None:
                    link = (detail, span, kind == "Image")
                    words = []
            elif name == "End":
                kind = value if type(value) is str else next(iter(value))
                if kind == "CodeBlock":
                    code -= 1
                elif kind in ("Paragraph", "Heading", "TableCell"):
                    element = b""  # nothing closed it
                elif kind in ("Link", "Image") and link is not None and link[1] == span:
                    self._add_link(*link, " ".join("".join(words).split()))
                    link = None
            elif name == "Code":
                words.append(value)
            elif name == "InlineHtml":
                self._add_anchors(span["start"], span["end"])
                if tag := _CODE_ELEMENT.match(self._places.data, span["start"]):
                    element = b"" if tag["closes"] else tag["name"]

    def _add_prose(self, start: int, end: int) -> None:
        if self._prose and self._prose[-1] == start:
            self._prose[-1] = end
        else:
            self._prose += (start, end)

    def _add_link(self, detail: dict[str, Any], span: dict[str, int], image: bool, words: str) -> None:
        start, end = span["start"], span["end"]
        if type(detail["link_type"]) is dict:
            found = self._wikilink(detail["dest_url"], start, end, image)
        else:
            found = self._address(detail["dest_url"], image)
        if found:
            self._links.append(Link(*found, words[:_LONGEST_TEXT], *self._places.place(start)))

    def _add_anchors(self, start: int, end: int) -> None:
        for anchor in anchors(self._places.data, start, end):
            found = self._address(anchor.target, image=False)
            if found:
                place = self._places.place(anchor.offset)
                self._links.append(Link(*found, anchor.words[:_LONGEST_TEXT], *place))

    def _wikilink(self, target: str, start: int, end: int, image: bool) -> tuple[str, str] | None:
        """Target and style of what stands in double brackets, or None if it leads to no post."""
        data = self._places.data
        inner = data[start + (3 if image else 2) : end - 2].decode(errors="replace")
        if data[end : end + 1] == b"(":
            if image:
                return None  # `![[x]](y.png)` is a picture called `[x]`
            # `[[1]](address)` is an ordinary link whose words stand in brackets.
            destination = _DESTINATION.match(data, end)
            return self._address(destination[1].decode(errors="replace"), image) if destination else None
        reference = self._references.get(" ".join(inner.split()).casefold())
        if reference is not None:
            return self._address(reference, image)
        target = target.removesuffix("\\").strip()  # `[[x\|y]]` in a table
        before = data[start - 1 : start] if start else b""
        if before == b"#":
            self._tags.append((target, *self._places.place(start - 1)))  # Logseq's tag of several words
            return None
        if before.isascii() and (before.isalnum() or before in (b"_", b")")) and _INDEXING.fullmatch(target):
            return None
        if data[max(0, start - 2) : start] == b'="':
            return None  # `{layout="[[1, 1], [1]]"}`: the value of an attribute
        if _begins_line(data, start) and _TABLE.match(data, start):
            return None
        if not target or target[0] in "#^" or "\n" in inner or _ADDRESS.match(target) or names_attachment(target):
            return None
        return target, "embed" if image else "wikilink"

    def _address(self, target: str, image: bool) -> tuple[str, str] | None:
        """Target and style of a Markdown link, or None if it leads to no post."""
        if image:
            return (target, "markdown") if SUFFIX.search(target.partition("#")[0]) else None
        if target.startswith(HERE):
            target = target[len(HERE) :].lstrip("_")
        if opened := opened_by(target):
            return opened
        if target.startswith(PLACEHOLDER):
            number = re.match(r"\d{1,9}", target[len(PLACEHOLDER) :])
            if number is None or int(number[0]) >= len(self._shortcodes):
                return None  # somebody really wrote kgref:
            target, style = self._shortcodes[int(number[0])]
            if style != "markdown" or not _SCHEME.match(target):
                return target, style
        if self._own and (match := self._own.match(target)):
            target = target[match.end() :] or "/"
        if target.startswith(("[[", "((")):  # Logseq's `[words]([[Page]])` and `[words](((id)))`
            page = re.fullmatch(r"\[\[([^\[\]]+)\]\]", target)
            return (page[1].strip(), "wikilink") if page else (target, "block") if _BLOCK.fullmatch(target) else None
        return (target, "markdown") if leads_to_post(target) else None

    def _in_prose(self, matches: list[re.Match[str]], *groups: str) -> Iterator[tuple[re.Match[str], int]]:
        """Those matches that begin in prose, with the byte they begin at."""
        at, offset = 0, 0
        for match in matches:
            start = min(match.start(group) for group in groups if match.start(group) >= 0)
            if groups == ("name",):
                start -= 1  # the '#'
            offset += len(self._text[at:start].encode())
            at = start
            if bisect_right(self._prose, offset) % 2:
                yield match, offset

    def _fields(self, matches: list[re.Match[str]]) -> Iterator[tuple[Scalar, Scalar]]:
        for match, offset in self._in_prose(matches, "key", "key2"):
            group = "" if match["key"] else "2"
            key, value = match["key" + group].strip(), self._body[slice(*match.span("value" + group))].strip()
            if not value or _MACHINERY.fullmatch(key):
                continue
            line, column = self._places.place(offset)
            shift = match.start("value" + group) - match.start("key" + group)
            yield Scalar(key, line, column), Scalar(value, line, column + shift)
