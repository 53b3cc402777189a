"""The parts of a Markdown body that enter the graph: its main heading, links, inline tags, Dataview fields.

Parsed by pulldown-cmark through pyromark (CommonMark, https://spec.commonmark.org, with tables, footnotes, maths and
wikilinks), so that nothing inside code, maths or comments counts, and of HTML nothing but its links. What is no
Markdown (templates, Obsidian's comments) is blanked out before that. Most posts hold none of it: cheap tests on the
text come first.

Positions: pulldown-cmark counts UTF-8 bytes, we count lines and code points; `_Places` goes from one to the other.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

import pyromark
from msgspec.structs import replace

from kg.model import Link
from kg.reading import myst, rewriting
from kg.reading.comments import without_comments
from kg.reading.markup import anchors, may_hold_anchors
from kg.reading.program_addresses import opened_by
from kg.reading.shortcodes import HERE, PLACEHOLDER, PROGRAM, QUERY, blanked, without_templates
from kg.reading.values import Scalar
from kg.text.filenames import FILE, SHOWN, SUFFIX, without_query

_OPTIONS = (
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
    if "{{query" in body:
        body = QUERY.sub(lambda match: "\xa0" * len(match[0]), body)  # no space: see `without_comments`
    text, shortcodes = without_templates(PROGRAM.sub(blanked, body) if mdx else body)
    text, body = without_comments(text, body)
    text, deep = _shallow(text) if text.count("[[") > DEEPEST else (text, -1)
    tags = list(_tags(text)) if inline_tags and "#" in text else []
    colons = inline_fields and "::" in text
    fields = list(_FIELD.finditer(text)) if colons else []
    linked = ("[" in text and ("[[" in text or "](" in text or "]:" in text)) or may_hold_anchors(text)
    linked = linked or bool(own and own.search(text))
    if not (tags or fields or linked or "id:: " in text or ("(" in text and "((" in text and _BLOCK.search(text))):
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


# --- Inline tags, by the rules of Obsidian (https://help.obsidian.md/tags) ---

_TAG = re.compile(
    r"#(?<![^\s*_~|>]#)(?P<name>[^\s!-,.:-@\[-^`{-~\xa0-\xbf\u2000-\u200b\u200e-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030"
    r"\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+)"
)
_NO_TAGS = re.compile(
    # Attribute lists of kramdown, Pandoc and Python-Markdown: `{: #id}`, `{ #id .class key="x" }`.
    r"""(?:#[\w-]++)?+\{(?::|(?=\s*+(?:[#.]|[\w:.-]++=)))\s*+(?:(?:[#.]?[\w:.-]++(?:=(?:"[^"\n]{0,200}+"|'[^'\n]{0,200}+'|[^\s"'{}]++))?+)\s*+){1,20}+\}"""
    # CSS: a line with selectors, up to its brace.
    r"|^[^\n{}]*+\{[ \t]*+(?=[\r\n]|[a-z-]++[ \t]*+:[^\n{}]*+[;}])",
    re.MULTILINE,
)
"""Where `#x` names a part of a page, or is code."""


def _tags(text: str) -> Iterator[re.Match[str]]:
    return filter(_is_tag, _TAG.finditer(_NO_TAGS.sub(blanked, text) if "{" in text else text))


_CODE_ELEMENT = re.compile(rb"<(?P<closes>/?)(?P<name>code|kbd|pre|samp|script|style|textarea|tt|var)\b", re.IGNORECASE)
"""Inline HTML whose content is text to CommonMark, but code to a reader."""
_DIRECTIVES = frozenset({"include", "define", "undef", "if", "ifdef", "ifndef", "else", "elif", "endif", "pragma"})
_COLOUR = re.compile(r"[0-9A-Fa-f]+\Z")
_PLACEHOLDERS = re.compile(r"(?:AA)?RRGGBB(?:AA)?\Z")


def _is_tag(match: re.Match[str]) -> bool:
    """Not `#123`, `#NNN` (issues), `#include` (C) nor `#fff`, `#1e90ff`, `#RRGGBB` (colours)."""
    name = _tag_name(match)
    if not name or name in _DIRECTIVES or not any(c.isalpha() or c > "\u203b" for c in name):
        return False
    if (
        _PLACEHOLDERS.match(name)
        or (len(name) > 2 and len(set(name)) == 1)
        or match.string.startswith("=", match.end())
    ):  # `#page=8`
        return False
    if len(name) in (3, 4, 6, 8) and _COLOUR.match(name):
        # `#b2b` and `#decade` are words; `#fff`, `#eef` are not, nor is anything as long with a digit.
        doubled = len(set(name.lower())) == 1 or "ff" in name.lower()
        return not (doubled or (len(name) > 3 and any(c.isdigit() for c in name)))
    return True


def _tag_name(match: re.Match[str]) -> str:
    return match["name"].strip("/").rstrip("-_")


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
_BLOCK_ID = re.compile(rf"^[ \t>*-]*+id::[ \t]+(?P<id>{_UUID})[ \t]*$", re.MULTILINE)
"""Deep in a list it may look like code to Markdown."""


def _blocks(text: str) -> tuple[str, ...]:
    return tuple(f"(({match['id']}))" for match in _BLOCK_ID.finditer(text)) if "id:: " in text else ()


# --- Links ---

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|mailto:|//")
_EXTERNAL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|\\\\|https?%3[Aa]%2[Ff]")
_NO_POST = re.compile(r"[{|](?!filename[}|])\w+[}|]")
"""Pelican's `{static}`, `{attach}`, `{tag}` …, which lead to files and lists; `{filename}` leads to a post."""
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


def leads_to_post(target: str) -> bool:
    """Whether the target of a Markdown link could be a post."""
    if not target or target[0] in "#?" or _EXTERNAL.match(target) or "{{" in target or "{%" in target:
        return False  # what a template makes of it, nobody can tell
    path = without_query(target)
    return not FILE.search(path) and not _NO_POST.match(path)


def names_attachment(target: str) -> bool:
    """Whether double brackets name a picture or another file rather than a page."""
    return bool(SHOWN.search(target.partition("#")[0]))


_STEP = 1 << 10
_CONTINUED = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that continue a character."""


class _Places:
    """From offsets in UTF-8 to lines and columns."""

    def __init__(self, text: str, first_line: int) -> None:
        self.data = text.encode()
        self._first_line = first_line
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", self.data))]
        steps = [] if text.isascii() else range(0, len(self.data), _STEP)
        lengths = (_characters(self.data[at : at + _STEP]) for at in steps)
        self._before = list(accumulate(lengths, initial=0))
        """The number of code points before each step of so many bytes; empty if every character is one byte."""

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte."""
        index = bisect_right(self._starts, offset) - 1
        return self._first_line + index, self._count(offset) - self._count(self._starts[index]) + 1

    def _count(self, offset: int) -> int:
        """The code points before a byte."""
        if len(self._before) == 1:
            return offset
        step = offset // _STEP
        return self._before[step] + _characters(self.data[step * _STEP : offset])


def _characters(data: bytes) -> int:
    """The code points that begin in some bytes of UTF-8."""
    return len(data.translate(None, _CONTINUED))


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
        self._places = _Places(text, first_line)
        self._shortcodes = shortcodes
        self._references: dict[str, str] = {}
        if "[[" in text and "]:" in text:
            found = pyromark.reference_definitions(text, options=_OPTIONS)
            self._references = {" ".join(k.split()).casefold(): v["dest"] for k, v in found.items()}
        self._prose: list[int] = []
        """Starts and ends, alternating, of the stretches of plain prose: outside code and links."""
        self._links: list[Link] = []
        self._tags: list[tuple[str, int, int]] = []

    def run(self, tags: list[re.Match[str]], fields: list[re.Match[str]]) -> Body:
        self._read_events()
        self._tags += ((_tag_name(m), *self._places.place(at)) for m, at in self._in_prose(tags, "name"))
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
        events: Iterator[tuple[Any, Any]] = pyromark.events_with_range(self._text, options=_OPTIONS)
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


_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "…")


def main_heading(body: str, *, mdx: bool = False, any_level: bool = False) -> str:
    """The words of the first heading of level 1, "" if there is none; other headings name parts of a post.

    A heading below a paragraph that ends like a sentence also names a part: a title comes before the text.

    Args:
        body: the text below the front matter.
        mdx: as for `scan`.
        any_level: whether the first of any level counts.
    """
    text, *_ = without_comments(without_templates(PROGRAM.sub(blanked, body) if mdx else body)[0])
    words: list[str] | None = None
    last = ""
    events: Iterator[Any] = pyromark.events(text, options=_OPTIONS)
    for event in events:
        if type(event) is str:
            continue
        ((name, value),) = event.items()
        if name == "Start":
            if type(value) is dict and "Heading" in value and (any_level or value["Heading"]["level"] == "H1"):
                words = []
        elif name == "End" and value == "Paragraph" and not any_level and last.rstrip().endswith(_SENTENCE_ENDS):
            return ""
        elif words is None:
            last = value if name == "Text" else last
        elif name in ("Text", "Code"):
            words.append(value)
        elif name == "End" and type(value) is dict and "Heading" in value:  # of one that counts
            heading = " ".join("".join(words).split())
            if heading:
                return heading
            words = None
    return ""


__all__ = ["Body", "leads_to_post", "main_heading", "names_attachment", "scan"]
