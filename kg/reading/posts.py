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
from kg.fields import BOOLEAN, DRAFT, IDENTIFIER, PUBLISHED, TITLE, known
from kg.model import IRI, Attribute, Diagnostic, Link, Mention, Post
from kg.namespaces import SCHEMA, XSD
from kg.reading import body as markdown
from kg.reading import comments, exports, rewriting
from kg.reading.cache import FileRead
from kg.reading.dialect import Parsed
from kg.reading.dialects import find
from kg.reading.ecosystems import VAULTS, in_hexo, in_logseq
from kg.reading.files import decode
from kg.reading.finding import asked_for, how_to_include, matcher
from kg.reading.folder_languages import language_of as language_of_folder
from kg.reading.inherited import Inherited
from kg.reading.meaning.interpretation import Habits, Interpretation
from kg.reading.meaning.interpreter import Interpreter
from kg.reading.meaning.one_string import SPACED
from kg.reading.mining import code, definitions, glosses
from kg.reading.properties import glued, lines_of_blocks, torn_properties
from kg.reading.renaming import as_typed
from kg.reading.site import Site, site_of
from kg.reading.site_language import declared
from kg.reading.slips import slips
from kg.reading.tagged import Unopened
from kg.reading.templates import placeholder
from kg.reading.values import Mapping, Problem
from kg.state.stamps import NO_FILE, Stamp
from kg.text.filenames import INDEX_NAMES, SUFFIX, FileName, portable
from kg.text.languages import language_of
from kg.text.signs import finder

KEYWORDS = IRI(SCHEMA + "keywords")
_OF_PELICAN = ("multimarkdown", "restructuredtext")
_ONE_AUTHOR = frozenset({"astro", "docusaurus", "eleventy", "hugo", "jekyll", "pelican", "quarto", "zola"})
"""Tools for which `author: Lovelace, Ada` is one author."""
_MONTH_FIRST = frozenset({"astro", "docusaurus", "quarto"})
"""Tools that read `1/5/2023` as JavaScript does, or say so (https://quarto.org/docs/reference/dates.html)."""
_LISTED = frozenset({"logseq", "middleman", "nikola", "pelican", "quartz", "wikijs"})
"""Tools whose lists are strings with commas."""
_NO_YAML = frozenset({"pelican", "wikijs"})
"""Tools that take the rest of a line for a value between fences as well
(https://python-markdown.github.io/extensions/meta_data/)."""
_UNQUOTED = (
    "an unquoted value holds ': '; quote",
    "a value that begins with",
    "a value cannot begin",
    "no '---' opens this front matter",
    "a line break is missing",
)
"""What is said of such values."""
_YAML_1_2 = frozenset({
    "astro", "dendron", "docusaurus", "eleventy", "foam", "gatsby", "hexo", "hugo", "nextjs", "nuxt", "obsidian",
    "quartz", "starlight", "vitepress", "vuepress", "zola",
})  # fmt: skip
"""Tools to which `no` is a word (https://yaml.org/spec/1.2.2/#10212-boolean)."""
_CALLED_AFTER_FILES = frozenset({"obsidian", "quartz"})
"""Tools that show the name of a file where it has no `title`."""
_MAY_SPLIT = VAULTS | {"jekyll"}
"""Tools that split tags at blanks, always or in some of their versions."""
_NESTING = frozenset({"bear", "foam", "obsidian", "quartz"})
"""Tools to which `a/b` is a tag within `a` (https://help.obsidian.md/tags#Nested+tags)."""
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


class Reader:
    """Reads files of one content folder under one set of settings."""

    def __init__(
        self, content: Path, config: Config, inherited: Inherited | None = None, site: Site | None = None
    ) -> None:
        self._inherited = inherited if inherited and inherited.digest else None
        self._content = os.fspath(content)
        self._folder = content.resolve().name
        self._hexo = in_hexo(content)
        self._logseq = in_logseq(content)
        self._included = matcher("include", config.include)
        self._site = site or site_of(content, config)
        self._inline_tags = self._site.tagged if config.inline_tags is None else config.inline_tags
        self._doubtful_tags = config.inline_tags is None and not self._site.tool
        self._own = self._site.own()
        self._labels: dict[str, dict[str, str]] = {}
        """Folder → key → label of its tags."""
        for folder, key, label in self._site.tags:
            self._labels.setdefault(folder, {})[key] = label
        self._config = config
        self._interpreter = Interpreter(config, declared(content, self._site.tool).language, self._site.taxonomies)

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

    def _is_called_after_file(self, path: str, name: FileName) -> bool:
        """Whether the tool shows the name of the file, whatever the headings are, and it says more than a number."""
        if self._logseq:
            return True
        stem = SUFFIX.sub("", path.rpartition("/")[2]).lower()
        says = stem not in INDEX_NAMES and any(map(str.isalpha, name.title))
        return says and self._site.tool in _CALLED_AFTER_FILES

    def parse(self, path: str, data: bytes) -> tuple[Post | None, tuple[Diagnostic, ...]]:
        """The post that the bytes of a file hold, or None, and the diagnostics."""
        text, diagnostics = decode(data, path)
        if text is None:
            return None, tuple(diagnostics)
        if text.strip() in ("", "-" * self._logseq):
            empty = diagnose(path, 0, 0, "KG004", "only white space; the post is named after its file")
            diagnostics.append(note_of(empty) if self._site.tool else empty)
        dialect, parsed, body_start = self._front_matter(text)
        body_end = len(text)
        if dialect == "none" and (export := exports.read(path, text)):
            if not export.is_page:
                return None, tuple(diagnostics)
            dialect, parsed = export.dialect, export.parsed
            body_start, body_end = export.start, export.end
        signs = _Signs.of(text.encode() if diagnostics else data)
        named = _TEMPLATES.search(path)
        shown = placeholder(text[:body_start], text[body_start:], named=bool(named)) if signs.templates else 0
        if shown and not asked_for(path, self._included):
            what = f"a template: a placeholder stands where a value belongs; {how_to_include(path)}"
            note = diagnose(path, shown, 1, "KG006", what)
            return None, (
                *diagnostics,
                note_of(note) if self._site.tool or (named and named[0].endswith("/")) else note,
            )
        fields = parsed.fields
        if self._inherited:
            fields = replace(fields, entries=fields.entries + self._inherited.of(path, fields.entries))
        body = text[body_start:body_end]
        first_line = text.count("\n", 0, body_start) + 1
        mdx = path.lower().endswith(".mdx")
        found = markdown.scan(
            body,
            first_line,
            inline_tags=self._inline_tags,
            inline_fields=self._site.has_fields,
            mdx=mdx,
            own=self._own,
            tool=self._site.tool,
            marked=signs.links,
        )
        tool = self._site.tool
        name = FileName.of(path, self._folder, suffixed=tool not in VAULTS)
        result = self._interpreter.interpret(
            fields,
            body[:_SAMPLE],
            in_body=found.fields,
            of_blocks=lines_of_blocks(body, first_line) if self._logseq and found.fields else (),
            language=name.language or (language_of_folder(path, self._inherited.languages) if self._inherited else ""),
            draft=name.draft,
            habits=Habits(
                one_author=dialect in _OF_PELICAN or tool in _ONE_AUTHOR or (name.jekyll and not self._hexo),
                spaced=self._spaced(path, name),
                listed=tool in _LISTED or dialect in ("notion", *_OF_PELICAN),
                whole=bool(tool) and tool not in _MAY_SPLIT,
                nested=self._hexo,
                dates=self._config.dates or self._site.dates or ("month-first" if tool in _MONTH_FIRST else ""),
                today=tool == "quarto",
                words=tool in _YAML_1_2,
            ),
            dialect=dialect,
        )
        title = result.title
        if not title and not self._is_called_after_file(path, name):
            # Fields above `---` that are body for a slip are a heading of level 2 there: what they say is not lost.
            slipped = dialect == "none" and bool(parsed.problems)
            title = markdown.main_heading(body, mdx=mdx, any_level=slipped)
        title = title or name.title
        problems = (*_all_problems(parsed, result), *self._torn(body, first_line, found))
        if mdx and dialect == "none":
            problems += _exported(text)
        if found.too_deep:
            what = f"more than {markdown.DEEPEST} '[[' are open here; from the next on, they are read as text"
            diagnostics.append(replace(diagnose(path, *found.too_deep, "KG104", what), severity="warning"))
        mentions = self._mentions(path, result, found)
        links = _links(result.links, found.links)
        if tool == "dendron":
            links += rewriting.above(path)
        if tool == "logseq":  # where `#x` and `tags:: x` are ways to write `[[x]]`
            links = tuple(_links_of_tags(mentions, links))
            mentions = tuple(m for m in mentions if m.kind != "tag")
        seen = comments.shown(body) if signs.comments else body
        post = Post(
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
            glosses=glosses.mine(seen, first_line, coded=signs.code) if self._config.mines_glosses else (),
            definitions=definitions.mine(seen, first_line, listed=signs.lists, coded=signs.code)
            if self._config.mines_definitions
            else (),
            diagnostics=(*diagnostics, *(self._diagnosed(path, dialect, problem) for problem in problems)),
        )
        return post, ()

    def _is_text(self, dialect: str) -> bool:
        """Whether the tool takes lines of `Key: value` above a body for text, of which faults are none."""
        return dialect == _OF_PELICAN[0] and self._site.tool in VAULTS

    def _torn(self, body: str, first_line: int, found: markdown.Body) -> Iterator[Problem]:
        """The lines of a body that are no fields for a slip, where the tool has fields in bodies."""
        if self._logseq or found.colons:
            read = {key.line for key, _value in found.fields}
            yield from torn_properties(body, first_line, read, logseq=self._logseq)
            yield from glued(found.fields)

    def _diagnosed(self, path: str, dialect: str, problem: Problem) -> Diagnostic:
        found = diagnose(path, problem.line, problem.column, problem.code, problem.message)
        tool = self._site.tool  # which has its own way to write metadata, or titles
        usual = bool(tool) if problem.code == "KG117" else tool in _NO_YAML and problem.message.startswith(_UNQUOTED)
        return note_of(found) if problem.note or usual or self._is_text(dialect) else found

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
        if self._site.tool in _NESTING:
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

    def _spaced(self, path: str, name: FileName) -> frozenset[str]:
        """See `Habits.spaced`; posts of Jekyll lie in collections, too (https://jekyllrb.com/docs/collections/)."""
        if self._site.tool == "foam":
            return frozenset({"tags"})
        collected = self._site.tool == "jekyll" and any(folder.startswith("_") for folder in path.split("/")[:-1])
        return SPACED if (name.jekyll or collected) and not self._hexo else frozenset()

    def _front_matter(self, text: str) -> tuple[str, Parsed, int]:
        """The name of the dialect, the front matter, and where the body begins."""
        found = find(text)
        if found is None and self._hexo and (block := Unopened().of_one(text)):
            found = Unopened(), block
        if found is None:
            told = () if self._logseq and "::" in text.partition("\n")[0] else slips(text)
            return "none", Parsed(Mapping((), 1, 1), told), 0
        dialect, block = found
        first_line = text.count("\n", 0, block.start) + 1
        limit = self._config.limits.front_matter_bytes
        if block.end - block.start > limit:
            problem = Problem(first_line, 1, "KG104", f"longer than {limit} characters (limits.front_matter_bytes)")
            return dialect.name, Parsed(Mapping((), first_line, 1), (problem,)), block.body
        source = text[block.start : block.end]
        if dialect.name == "yaml" and (self._logseq or self._hexo):
            source = rewriting.properties(source) if self._logseq else rewriting.indents(source)
        parsed = dialect.parse(source, first_line, self._config.limits)
        if dialect.name == "yaml" and (late := _LATE_FENCE.match(text, block.body)) and known(late["key"]):
            line = text.count("\n", 0, block.body) + 1
            message = "the fence above ends the front matter; these lines are read as body: take it away"
            parsed = parsed._replace(problems=(*parsed.problems, Problem(line, 1, "KG116", message)))
        if self._is_text(dialect.name) and (block.fault or parsed.problems):
            return "none", Parsed(Mapping((), 1, 1)), 0
        if block.fault and not (self._hexo and block.fault.code == "KG121"):  # any number of dashes, and none above
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
