"""Settings: the defaults, and `kg.toml` on top of them.

`kg.toml` is looked for in CONTENT and then in the folder above it, unless `--config` names one. Unknown entries are
errors: a misspelt setting must not be silently ignored.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_type_hints

import msgspec

from kg.diagnostics import CODES
from kg.errors import ConfigError
from kg.iris import is_iri
from kg.model import IRI

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "kg.toml"
DEFAULT_BASE = IRI("https://kg.example/")


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all parts of the settings."""


Positive = Annotated[int, msgspec.Meta(gt=0, le=1 << 53)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Depth = Annotated[int, msgspec.Meta(gt=0, le=100)]
"""Whatever reads nested values calls itself for each level, and Python bounds that."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class FieldEntry(Section, frozen=True):
    """`[fields]`: what one front matter field means. Either `kind` (names) or `datatype` (a literal), or neither."""

    kind: str = ""
    """Of the things it names: one of the kinds, or one of your own with its `class`."""
    predicate: str = ""
    """A prefixed name such as `schema:mentions`, or a full IRI."""
    rdf_class: str = msgspec.field(default="", name="class")
    """For a kind of your own: its class, `schema:Place`."""
    datatype: str = ""
    """`xsd:integer`, `xsd:decimal`, `xsd:date`, `xsd:boolean`, `xsd:anyURI`, or `text`."""
    required: bool = False
    """`kg check` asks for it in every post."""
    values: tuple[str, ...] = ()
    """The only values that are right; `kg check` points at any other."""


class Limits(Section, frozen=True):
    """`[limits]`: beyond these a file is reported and not read, so that no post can harm the rest."""

    file_bytes: Positive = 32 << 20
    """Of one file."""
    front_matter_bytes: Positive = 1 << 20
    """Of one file's front matter."""
    depth: Depth = 32
    """Of nested lists and maps in front matter."""
    values: Positive = 100_000
    """In one front matter, after aliases are followed."""


class Resolution(Section, frozen=True):
    """`[resolution]`: how names are brought together."""

    infer: bool = True
    """Apply strong evidence (glosses, pinyin …) and not only the folding rules."""
    accept_above: Share = 0.9
    """Inferred merges of at least this confidence are applied; the rest wait for `kg resolve`."""
    propose_above: Share = 0.5
    """Candidates below this confidence are not even listed."""
    ledger: str = "kg-ledger.txt"
    """The identity ledger, a path within CONTENT to which no link leads."""


class Glossary(Section, frozen=True):
    """`[glossary]`: which terms defined in bodies become nodes of the graph."""

    enabled: bool = True
    """Whether any do; `kg glossary` works either way."""
    min_posts: Positive = 2
    """A term enters the graph when at least this many posts define or use it; every term is in `kg glossary`."""
    max_concepts: Count = 5_000
    """The best-attested ones, at most."""


class Config(Section, frozen=True):
    """All settings."""

    base: str = DEFAULT_BASE
    """Where IRIs begin; an absolute http(s) or urn IRI that ends in `/`, `#` or `:`."""
    title: str = ""
    """What the graph is called, in its own description (VoID) and on the page."""
    license: str = ""
    """The IRI of a licence, for the graph's own description."""
    language: str = ""
    """Language of posts that do not say and whose script does not tell, such as `de`."""
    latin: str = "en"
    """Language of names in Latin letters where nothing else is known."""
    prefer: str = ""
    """Language whose name is shown first; "" shows the most frequent name."""
    drafts: bool = True
    """Whether posts that say `draft: true` are in the graph."""
    exclude: tuple[str, ...] = ()
    """What is not read: patterns as in .gitignore, names at any depth (`drafts`) or paths from CONTENT (`blog/old`)."""
    include: tuple[str, ...] = ()
    """Hidden folders and files, and those of tools, that are read all the same: patterns as for `exclude` (`.docs`)."""
    formats: tuple[str, ...] = ("ttl", "graphml", "html")
    """What `kg build` writes."""
    inline_tags: bool = True
    """Whether `#tag` in a body counts."""
    infer_mentions: bool = False
    """Whether what a body names and its metadata does not list becomes an edge, marked as inferred (`kg suggest`)."""
    fields: dict[str, FieldEntry] = {}
    """What front matter fields mean, over the defaults: one `[fields]` line for each."""
    severity: dict[str, Literal["error", "warning", "note", "off"]] = {}
    """How much a diagnostic counts: `KG201 = "off"`."""
    limits: Limits = Limits()
    resolution: Resolution = Resolution()
    glossary: Glossary = Glossary()

    @property
    def mines_glosses(self) -> bool:
        """Whether bodies are searched for names written twice; nothing is mined that nobody will use."""
        return self.resolution.infer or self.glossary.enabled

    @property
    def mines_definitions(self) -> bool:
        """Whether bodies are searched for terms and their explanations."""
        return self.glossary.enabled

    def with_changes(self, **changes: Any) -> Config:
        """A copy with some settings replaced; `None` leaves a setting alone.

        Raises:
            ConfigError: as `checked`.
        """
        return checked(msgspec.structs.replace(self, **{k: v for k, v in changes.items() if v is not None}))


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
"""A well-formed language tag (https://www.rfc-editor.org/rfc/rfc5646#section-2.1); no language is of over 3 letters."""


def checked(config: Config) -> Config:
    """The settings, if they make sense.

    Raises:
        ConfigError: `base` is not how an IRI can begin, a language is no language tag, or a code is no diagnostic's.
    """
    if not config.base.startswith(("http://", "https://", "urn:")) or not config.base.endswith(("/", "#", ":")):
        raise ConfigError(f"base: {config.base!r} must be an http, https or urn IRI that ends in '/', '#' or ':'")
    if config.base != DEFAULT_BASE and not is_iri(f"{config.base}post/x"):
        raise ConfigError(f"base: {config.base!r} is not how an IRI can begin (RFC 3987); write something simpler")
    for name in ("language", "latin", "prefer"):
        tag = getattr(config, name)
        if tag and not _TAG.fullmatch(tag):
            raise ConfigError(f"{name}: {tag!r} is no language tag (BCP 47), such as 'en', 'zh' or 'zh-Hant'")
    if "\0" in config.resolution.ledger:
        raise ConfigError("resolution.ledger: no path holds a NUL character; write the name of a file in CONTENT")
    for code in config.severity:
        if code not in CODES:
            meant = f"did you mean {code.upper()!r}?" if code.upper() in CODES else "kg explain lists them"
            raise ConfigError(f"severity.{code}: no diagnostic has this code; {meant}")
    return config


def load(path: Path) -> Config:
    """Read one kg.toml.

    Raises:
        ConfigError: it cannot be read, is no TOML, or holds an entry that is unknown, of the wrong type or wrong.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8") from error
    except ValueError as error:
        raise ConfigError(f"{str(path)!r}: {error}") from error  # a NUL
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: a number has thousands of digits; no setting needs one") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: lists or tables are nested too deep") from error
    try:
        return checked(msgspec.convert(data, Config))
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_told(str(error), data)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _told(message: str, data: dict[str, Any]) -> str:
    """What msgspec says of settings, with the name of the setting first, and the one that may be meant."""
    what, _at, place = message.partition(" - at `$")
    setting = place.strip("`.")
    table = setting.partition("[...]")[0]
    if table != setting:  # msgspec does not say which key of the table
        key = next((key for key, value in data[table].items() if _is_wrong({table: {key: value}})), "...")
        setting = setting.replace("[...]", f".{key}", 1)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        sections: dict[str, type[Section]] = {
            "fields": FieldEntry,
            "limits": Limits,
            "resolution": Resolution,
            "glossary": Glossary,
        }
        known = [field.encode_name for field in msgspec.structs.fields(sections.get(table, Config))]
        name = f"{setting}.{unknown[1]}".lstrip(".")
        return f"{name}: there is no such setting{_nearest(unknown[1], known)}"
    if wrong := re.fullmatch(r"Invalid enum value '(.*)'", what):
        levels = get_args(get_args(get_type_hints(Config)["severity"])[1])
        return f"{setting}: {wrong[1]!r} is none of {', '.join(levels)}{_nearest(wrong[1], levels)}"
    return f"{setting}: {what}" if setting else what


def _is_wrong(data: dict[str, Any]) -> bool:
    try:
        msgspec.convert(data, Config)
    except msgspec.ValidationError:
        return True
    return False


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def find(content: Path) -> Path | None:
    """The kg.toml that belongs to a content folder: in it, or in the folder above.

    Raises:
        ConfigError: it is a link; whoever put it there does not choose which file is read.
    """
    for path in places(content):
        if path.is_symlink():
            raise ConfigError(f"{path}: is a symbolic link, which is not followed; name the file itself with --config")
        if path.is_file():
            return path
    return None


def places(content: Path) -> tuple[Path, ...]:
    """Where the kg.toml of a content folder can be; the first that is there counts."""
    return tuple(folder / FILE_NAME for folder in (content, content.resolve().parent))
