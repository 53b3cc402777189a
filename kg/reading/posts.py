"""Makes a `Post` of a file; here, and only here, faults get their file name and become diagnostics."""

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from kg.config import Config
from kg.diagnostics import diagnose, note_of
from kg.fields import BOOLEAN, DRAFT, IDENTIFIER, KEYWORDS, PUBLISHED, TITLE, known
from kg.model import Attribute, Diagnostic, Link, Mention, Post
from kg.namespaces import XSD
from kg.reading import body as markdown
from kg.reading import comments, exports, rewriting
from kg.reading.cache import FileRead
from kg.reading.customs import Customs
from kg.reading.dialect import Parsed
from kg.reading.dialects import find
from kg.reading.ecosystems import VAULTS
from kg.reading.files import decode
from kg.reading.finding import how_to_include
from kg.reading.folder_languages import language_of as language_of_folder
from kg.reading.globs import asked_for, matcher
from kg.reading.headings import main_heading
from kg.reading.inherited import Inherited
from kg.reading.meaning.interpretation import Interpretation
from kg.reading.meaning.interpreter import Interpreter
from kg.reading.mining import code, definitions, glosses
from kg.reading.properties import glued, lines_of_blocks, torn_properties
from kg.reading.renaming import as_typed
from kg.reading.site import Site
from kg.reading.site_language import declared
from kg.reading.site_settings import site_of
from kg.reading.slips import slips
from kg.reading.tagged import Unopened
from kg.reading.templates import placeholder
from kg.reading.values import Mapping, Problem
from kg.state.stamps import NO_FILE, Stamp
from kg.text.filenames import FileName, portable
from kg.text.languages import language_of
from kg.text.signs import finder

_TEMPLATES = re.compile(r"(?:\A|[/\d\s._-])templates?(?:/|\.[^/]*\Z)", re.IGNORECASE)
_TEMPLATING = ("{{", "<%")
_holds_markup = finder(*markdown.SIGNS, *comments.SIGNS, *definitions.SIGNS, *_TEMPLATING)
"""Most posts hold none: then nothing has to be looked for but tags, names and definitions."""
_FINDERS = [finder(*signs) for signs in (markdown.SIGNS, comments.SIGNS, definitions.SIGNS, _TEMPLATING)]
_holds_code = finder(*code.SIGNS)
_LATE_FENCE = re.compile(
    r"(?:---[ \t]*\n)?(?P<key>[A-Za-z][\w-]*):(?:[ \t][^\n]*)?\n"
    r"(?:(?:[A-Za-z][\w-]*:|[ \t-])[^\n]*\n)*?---[ \t]*(?:\n|\Z)"
)
"""Fields directly below a fence, and another fence."""
_EXPORTED = re.compile(r"^export (?:const|let|var) (?:meta|metadata|frontmatter)\b", re.MULTILINE)
_SAMPLE = 2_000
"""Characters of the body that tell its language."""


class _Signs(NamedTuple):
    """What a post may hold, and what need not be looked for in it."""

    code: bool
    links: bool = False
    comments: bool = False
    lists: bool = False
    templates: bool = False

    @classmethod
    def of(cls, data: bytes) -> "_Signs":
        """Those in a text in UTF-8."""
        return cls(_holds_code(data), *(finds(data) for finds in (_FINDERS if _holds_markup(data) else ())))


class _Source(NamedTuple):
    """A file, taken apart."""

    path: str
    dialect: str
    """How its front matter is written; `none` if it has none."""
    parsed: Parsed
    body: str
    line: int
    """The line that the body begins in."""
    signs: _Signs

    @property
    def is_mdx(self) -> bool:
        """Whether it is written in MDX (https://mdxjs.com)."""
        return self.path.lower().endswith(".mdx")


class Reader:
    """Reads files of one content folder under one set of settings."""

    def __init__(
        self, content: Path, config: Config, inherited: Inherited | None = None, site: Site | None = None
    ) -> None:
        self._inherited = inherited if inherited and inherited.digest else None
        self._content = os.fspath(content)
        self._folder = content.resolve().name
        self._included = matcher("include", config.include)
        self._site = site or site_of(content, config)
        self._customs = Customs(content, self._site, config.dates)
        notation = self._site.notation
        self._inline_tags = notation.tags if config.inline_tags is None else config.inline_tags
        self._doubtful_tags = config.inline_tags is None and not self._site.tool
        self._own = self._site.own()
        self._labels: dict[str, dict[str, str]] = {}
        """Folder → key → label of its tags."""
        for folder, key, label in notation.labels:
            self._labels.setdefault(folder, {})[key] = label
        self._config = config
        self._interpreter = Interpreter(config, declared(content, self._site.tool).language, notation.taxonomies)

    def read(self, path: str, known: str = "") -> FileRead:
        """Read one file.

        Args:
            path: relative to CONTENT, with forward slashes, as the file system gave it.
            known: the digest of the content when it was last read; if it is still the same, the entry that is
                returned holds neither a post nor diagnostics.
        """
        shown = portable(path)
        limit = self._config.limits.file_bytes
        try:
            with open(f"{self._content}/{path}", "rb", 0) as file:  # noqa: PTH123  a third of the cost of Path.open
                stamp = Stamp.of(os.fstat(file.fileno()))
                data = file.read(min(stamp.size, limit) + 1)  # no more room is made than the file needs …
                while len(data) not in (stamp.size, limit + 1) and (more := file.read(limit + 1 - len(data))):
                    data += more  # … unless it grows meanwhile, or comes in parts
        except OSError as error:
            fault = diagnose(shown, 0, 0, "KG001", f"cannot be read: {error.strerror}")
            return FileRead(shown, NO_FILE, "", None, (fault,))
        if len(data) > limit:
            fault = diagnose(shown, 0, 0, "KG005", f"larger than {limit} bytes (limits.file_bytes in kg.toml)")
            return FileRead(shown, stamp, "", None, (fault,))
        digest = sha256(data).hexdigest()
        if digest == known:
            return FileRead(shown, stamp, digest, None)
        post, diagnostics = self.parse(shown, data)
        return FileRead(shown, stamp, digest, post, diagnostics)

    def parse(self, path: str, data: bytes) -> tuple[Post | None, tuple[Diagnostic, ...]]:
        """The post that the bytes of a file hold, or None, and the diagnostics."""
        text, diagnostics = decode(data, path)
        if text is None:
            return None, tuple(diagnostics)
        if text.strip() in ("", "-" * self._customs.logseq):
            empty = diagnose(path, 0, 0, "KG004", "only white space; the post is named after its file")
            diagnostics.append(note_of(empty) if self._site.tool else empty)
        dialect, parsed, start = self._front_matter(text)
        end = len(text)
        if dialect == "none" and (export := exports.read(path, text)):
            if not export.is_page:
                return None, tuple(diagnostics)
            dialect, parsed, start, end = export.dialect, export.parsed, export.start, export.end
        signs = _Signs.of(text.encode() if diagnostics else data)
        if signs.templates and (note := self._of_template(path, text[:start], text[start:])):
            return None, (*diagnostics, note)
        source = _Source(path, dialect, parsed, text[start:end], text.count("\n", 0, start) + 1, signs)
        found = self._scanned(source)
        if found.too_deep:
            what = f"more than {markdown.DEEPEST} '[[' are open here; from the next on, they are read as text"
            diagnostics.append(replace(diagnose(path, *found.too_deep, "KG104", what), severity="warning"))
        return self._post(source, found, diagnostics), ()

    def _of_template(self, path: str, head: str, body: str) -> Diagnostic | None:
        """What is said of a template; None of a post."""
        named = _TEMPLATES.search(path)
        line = placeholder(head, body, named=bool(named))
        if not line or asked_for(path, self._included):
            return None
        what = f"a template: a placeholder stands where a value belongs; {how_to_include(path)}"
        note = diagnose(path, line, 1, "KG006", what)
        return note_of(note) if self._site.tool or (named and named[0].endswith("/")) else note

    def _scanned(self, source: _Source) -> markdown.Body:
        return markdown.scan(
            source.body,
            source.line,
            inline_tags=self._inline_tags,
            inline_fields=self._site.notation.fields,
            mdx=source.is_mdx,
            own=self._own,
            tool=self._site.tool,
            marked=source.signs.links,
        )

    def _post(self, source: _Source, found: markdown.Body, diagnostics: Iterable[Diagnostic]) -> Post:
        path, dialect, parsed, body, line, signs = source
        name = FileName.of(path, self._folder, suffixed=self._site.tool not in VAULTS)
        result = self._interpreted(source, found, name)
        title = result.title
        if not title and not self._customs.is_called_after_file(path, name):
            # Fields above `---` that are body for a slip are a heading of level 2 there: what they say is not lost.
            slipped = dialect == "none" and bool(parsed.problems)
            title = main_heading(body, mdx=source.is_mdx, any_level=slipped)
        title = title or name.title
        problems = (*_all_problems(parsed, result), *self._torn(source, found))
        if source.is_mdx and dialect == "none":
            problems += _exported(body)
        mentions = self._mentions(path, result, found)
        links = _links(result.links, found.links)
        if self._site.tool == "dendron":
            links += rewriting.above(path)
        if self._site.tool == "logseq":  # where `#x` and `tags:: x` are ways to write `[[x]]`
            links = tuple(_links_of_tags(mentions, links))
            mentions = tuple(m for m in mentions if m.kind != "tag")
        seen = comments.shown(body) if signs.comments else body
        return Post(
            path=path,
            title=title,
            language=result.language,
            date=result.date or name.date,
            draft=result.draft,
            dialect=dialect,
            mentions=mentions,
            attributes=self._attributes(path, title, name, result),
            aliases=(*result.aliases, *found.blocks),
            links=links,
            glosses=glosses.mine(seen, line, coded=signs.code) if self._config.mines_glosses else (),
            definitions=definitions.mine(seen, line, listed=signs.lists, coded=signs.code)
            if self._config.mines_definitions
            else (),
            diagnostics=(*diagnostics, *(self._diagnosed(path, dialect, problem) for problem in problems)),
        )

    def _interpreted(self, source: _Source, found: markdown.Body, name: FileName) -> Interpretation:
        """What the fields say, with those in the body and those inherited."""
        fields, language = source.parsed.fields, name.language
        if self._inherited:
            fields = replace(fields, entries=fields.entries + self._inherited.of(source.path, fields.entries))
            language = language or language_of_folder(source.path, self._inherited.languages)
        return self._interpreter.interpret(
            fields,
            source.body[:_SAMPLE],
            in_body=found.fields,
            of_blocks=lines_of_blocks(source.body, source.line) if self._customs.logseq and found.fields else (),
            language=language,
            draft=name.draft,
            habits=self._customs.habits(source.path, name, source.dialect),
            dialect=source.dialect,
        )

    def _torn(self, source: _Source, found: markdown.Body) -> Iterator[Problem]:
        """The lines of a body that are no fields for a slip, where the tool has fields in bodies."""
        if self._customs.logseq or found.colons:
            read = {key.line for key, _value in found.fields}
            yield from torn_properties(source.body, source.line, read, logseq=self._customs.logseq)
            yield from glued(found.fields)

    def _diagnosed(self, path: str, dialect: str, problem: Problem) -> Diagnostic:
        found = diagnose(path, problem.line, problem.column, problem.code, problem.message)
        return note_of(found) if problem.note or self._customs.is_usual(problem, dialect) else found

    def _attributes(self, path: str, title: str, name: FileName, result: Interpretation) -> tuple[Attribute, ...]:
        attributes = [Attribute(IDENTIFIER, path, XSD + "string")]
        attributes += result.attributes
        if name.date and not result.date:
            attributes.append(Attribute(PUBLISHED, name.date, XSD + "date"))
        if result.draft and not any(a.predicate == DRAFT for a in result.attributes):
            attributes.append(Attribute(DRAFT, "true", BOOLEAN))  # told by the folder, or by `status: draft`
        if not result.title:
            language = language_of(title, result.language, latin=self._config.latin)
            attributes.append(Attribute(TITLE, title, language=language))
        return tuple(attributes)

    def _mentions(self, path: str, result: Interpretation, found: markdown.Body) -> tuple[Mention, ...]:
        """What a post names, with tags called by their labels and below those above, as the tool has it."""
        mentions = (*result.mentions, *self._tags(result, found))
        if labels := next((found for folder, found in self._labels.items() if path.startswith(folder)), None):
            result.attributes += (as_typed(m) for m in mentions if m.kind == "tag" and m.name in labels)
            mentions = tuple(replace(m, name=labels.get(m.name, m.name)) if m.kind == "tag" else m for m in mentions)
        if self._customs.nests_tags:
            mentions = tuple(
                replace(m, above=m.name.rpartition("/")[0]) if m.kind == "tag" and "/" in m.name else m
                for m in mentions
            )
        return mentions

    def _tags(self, result: Interpretation, found: markdown.Body) -> Iterator[Mention]:
        """The tags in a body; where no tool tells, none if the front matter has some, unless the body has wikilinks."""
        elsewhere = self._doubtful_tags and any(mention.kind == "tag" for mention in result.mentions)
        if not elsewhere or any(link.style == "wikilink" for link in found.links):
            yield from (Mention(tag, "tag", KEYWORDS, "body", line, column) for tag, line, column in found.tags)

    def _front_matter(self, text: str) -> tuple[str, Parsed, int]:
        """The name of the dialect, the front matter, and where the body begins."""
        found = find(text)
        if found is None and self._customs.hexo and (block := Unopened().of_one(text)):
            found = Unopened(), block
        if found is None:
            told = () if self._customs.logseq and "::" in text.partition("\n")[0] else slips(text)
            return "none", Parsed(Mapping((), 1, 1), told), 0
        dialect, block = found
        first_line = text.count("\n", 0, block.start) + 1
        limit = self._config.limits.front_matter_bytes
        if block.end - block.start > limit:
            problem = Problem(first_line, 1, "KG104", f"longer than {limit} characters (limits.front_matter_bytes)")
            return dialect.name, Parsed(Mapping((), first_line, 1), (problem,)), block.body
        source = text[block.start : block.end]
        if dialect.name == "yaml" and (self._customs.logseq or self._customs.hexo):
            source = rewriting.properties(source) if self._customs.logseq else rewriting.indents(source)
        parsed = dialect.parse(source, first_line, self._config.limits)
        if dialect.name == "yaml" and (late := _LATE_FENCE.match(text, block.body)) and known(late["key"]):
            line = text.count("\n", 0, block.body) + 1
            message = "the fence above ends the front matter; these lines are read as body: take it away"
            parsed = parsed._replace(problems=(*parsed.problems, Problem(line, 1, "KG116", message)))
        if self._customs.is_text(dialect.name) and (block.fault or parsed.problems):
            return "none", Parsed(Mapping((), 1, 1)), 0
        # Hexo takes any number of dashes for a fence, and needs none above.
        if block.fault and not (self._customs.hexo and block.fault.code == "KG121"):
            parsed = parsed._replace(problems=(block.fault, *parsed.problems))
        return dialect.name, parsed, block.body


def _all_problems(parsed: Parsed, result: Interpretation) -> tuple[Problem, ...]:
    """What is wrong with fields and with values: not with what is inherited, and once in a line that cannot be read."""
    apart = {0, *(problem.line for problem in parsed.problems if problem.code in ("KG101", "KG116"))}
    return (*parsed.problems, *(problem for problem in result.problems if problem.line not in apart))


def _exported(text: str) -> tuple[Problem, ...]:
    """Metadata of an MDX file that only running it would reveal."""
    match = _EXPORTED.search(text)
    if not match:
        return ()
    line = text.count("\n", 0, match.start()) + 1
    return (
        Problem(line, 1, "KG117", "metadata exported by a program, which kg does not run; write it as front matter"),
    )


def _links(stated: list[Link], found: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links in fields, and those in the body outside its inline fields."""
    places = {(link.line, link.column) for link in stated}
    return (*stated, *(link for link in found if (link.line, link.column) not in places))


def _links_of_tags(mentions: Iterable[Mention], links: tuple[Link, ...]) -> Iterator[Link]:
    """All links, with one for each tag: to the page that its own link names whole, else to the one called like it."""
    tags = {(m.line, m.column): m.name for m in mentions if m.kind == "tag"}
    for link in links:
        if link.style == "name" and (link.line, link.column) in tags:
            tags[link.line, link.column] = link.target
        else:
            yield link
    yield from (Link(name, "property", "", line, column) for (line, column), name in tags.items())
