"""Settings: the defaults, overridden by `kg.toml`.

`kg.toml` is looked for in CONTENT, then in its parent folder, unless `--config` names a file. Unknown settings are
errors, so that a misspelt one is not silently ignored.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec

from kg.diagnostics import CODES
from kg.errors import ConfigError, os_errors
from kg.iris import is_iri
from kg.model import IRI, DateOrder

FILE_NAME = "kg.toml"
DEFAULT_BASE = IRI("https://kg.example/")


class SettingsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all tables of the settings."""


Positive = Annotated[int, msgspec.Meta(gt=0, le=1 << 53)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Depth = Annotated[int, msgspec.Meta(gt=0, le=100)]
"""Nested values are read recursively, and Python limits recursion."""
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]


class FieldEntry(SettingsTable, frozen=True):
    """`[fields]`: the meaning of a front matter field; it has a `kind` (names), a `datatype` (a literal) or neither."""

    kind: str = ""
    """Kind of the entities it names: a known kind, or one of your own with its `class`."""
    predicate: str = ""
    """A prefixed name such as `schema:mentions`, or a full IRI."""
    rdf_class: str = msgspec.field(default="", name="class")
    """Class of a kind of your own, such as `schema:Place`."""
    datatype: str = ""
    """`xsd:integer`, `xsd:decimal`, `xsd:date`, `xsd:boolean`, `xsd:anyURI`, or `text`."""
    required: bool = False
    """Whether `kg check` reports posts without it."""
    values: tuple[str, ...] = ()
    """The allowed values; `kg check` reports any other."""


class Limits(SettingsTable, frozen=True):
    """`[limits]`: a file that exceeds them is reported and not read, so that no post can harm the rest."""

    file_bytes: Positive = 32 << 20
    """Size of a file."""
    front_matter_bytes: Positive = 1 << 20
    """Size of the front matter of a file."""
    depth: Depth = 32
    """Nesting depth of lists and maps in front matter."""
    values: Positive = 100_000
    """Number of values in a front matter, with YAML aliases expanded."""


class ResolutionSettings(SettingsTable, frozen=True):
    """`[resolution]`: how names are resolved to entities."""

    infer: bool = True
    """Whether to join names by evidence (glosses, pinyin …), not only by the folding rules."""
    across_kinds: bool = True
    """Whether one name under several kinds (an organization, a product, a tag …) may be one thing."""
    accept_above: Share = 0.9
    """Confidence from which candidate pairs are merged; weaker ones wait for `kg resolve`."""
    propose_above: Share = 0.5
    """Confidence from which candidate pairs are listed."""
    ledger: str = "kg-ledger.txt"
    """Path of the identity ledger in CONTENT; must not contain symbolic links."""


class GlossarySettings(SettingsTable, frozen=True):
    """`[glossary]`: which terms defined in bodies become concepts of the graph."""

    enabled: bool = True
    """Whether any do; `kg glossary` works in any case."""
    min_posts: Positive = 2
    """Posts that must define or use a term for it to enter the graph; `kg glossary` lists all terms."""
    max_concepts: Count = 5_000
    """Maximum number of concepts; those in the most posts are chosen."""


class Config(SettingsTable, frozen=True):
    """All settings."""

    base: str = DEFAULT_BASE
    """Prefix of all IRIs; an absolute http(s) or urn IRI that ends in `/`, `#` or `:`."""
    title: str = ""
    """Title of the graph, in its description (VoID) and on the page."""
    license: str = ""
    """IRI of a licence, for the description of the graph."""
    language: str = ""
    """Language of posts that do not state one, such as `de`, where their script fits; "" for the one of their site."""
    latin: str = ""
    """Language of text in Latin letters where none is declared that is written in them, such as `en`; "" for none."""
    prefer: str = ""
    """Preferred language of labels; "" for the most frequent name."""
    drafts: bool = True
    """Whether posts with `draft: true` are in the graph."""
    exclude: tuple[str, ...] = ()
    """What not to read: patterns as in .gitignore, names at any depth (`drafts`) or paths from CONTENT (`blog/old`)."""
    include: tuple[str, ...] = ()
    """Hidden files and folders, and those of tools, to read all the same: patterns as for `exclude` (`.docs`)."""
    formats: tuple[str, ...] = ("ttl", "graphml", "html")
    """Formats that `kg build` writes."""
    inline_tags: bool | None = None
    """Whether `#tag` in a body is a tag of the post; unset, it is one except where a generator of sites is found."""
    dates: DateOrder = ""
    """Order of day and month in dates such as `01/02/2024`; "" for an error, or for what the tool of the site says."""
    folders: Literal["", "category", "area", "tag"] = ""
    """What the name of a post's folder is, where the post names none of that kind itself; "" for nothing."""
    infer_mentions: bool = False
    """Whether entities named only in a body, not in its metadata, get an inferred edge (see `kg suggest`)."""
    fields: dict[str, FieldEntry] = {}
    """Field → its meaning, overriding the default."""
    severity: dict[str, Literal["error", "warning", "note", "off"]] = {}
    """Code of a diagnostic → its severity: `KG201 = "off"`."""
    regions: dict[str, str] = {}
    """Names for regions of the map: `"tag/ai" = "Artificial intelligence"`. The page shows the id of a region."""
    limits: Limits = Limits()
    resolution: ResolutionSettings = ResolutionSettings()
    glossary: GlossarySettings = GlossarySettings()

    @property
    def mines_glosses(self) -> bool:
        """Whether bodies are mined for glosses, which resolution and glossary use."""
        return self.resolution.infer or self.glossary.enabled

    @property
    def mines_definitions(self) -> bool:
        """Whether bodies are mined for definitions."""
        return self.glossary.enabled

    def with_changes(self, **changes: Any) -> "Config":
        """A copy with some settings replaced; `None` keeps the current value.

        Raises:
            ConfigError: as `checked`.
        """
        return checked(msgspec.structs.replace(self, **{k: v for k, v in changes.items() if v is not None}))


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
"""A well-formed language tag (https://www.rfc-editor.org/rfc/rfc5646#section-2.1); codes have 2 or 3 letters."""


def checked(config: Config) -> Config:
    """Return the settings if they are valid.

    Raises:
        ConfigError: `base` cannot begin an IRI, a language tag or the ledger path is invalid, or a code is unknown.
    """
    if not config.base.startswith(("http://", "https://", "urn:")) or not config.base.endswith(("/", "#", ":")):
        raise ConfigError(f"base: {config.base!r} must be an http, https or urn IRI that ends in '/', '#' or ':'")
    if config.base != DEFAULT_BASE and not is_iri(f"{config.base}post/x"):
        raise ConfigError(f"base: {config.base!r} cannot be the beginning of an IRI (RFC 3987)")
    for name in ("language", "latin", "prefer"):
        tag = getattr(config, name)
        if tag and not _TAG.fullmatch(tag):
            raise ConfigError(f"{name}: {tag!r} is not a language tag (BCP 47), such as 'en', 'zh' or 'zh-Hant'")
    if "\0" in config.resolution.ledger:
        raise ConfigError(
            "resolution.ledger: a path cannot contain a NUL character; write the name of a file in CONTENT"
        )
    for code in config.severity:
        if code not in CODES:
            hint = f"did you mean {code.upper()!r}?" if code.upper() in CODES else "kg explain lists all codes"
            raise ConfigError(f"severity.{code}: no diagnostic has this code; {hint}")
    return config


def load(path: Path) -> Config:
    """Read a kg.toml.

    Raises:
        ConfigError: the file cannot be read or is not TOML, or a setting is unknown or invalid.
    """
    try:
        with os_errors(ConfigError, f"{path}"):
            text = path.read_text("utf-8")
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
        raise ConfigError(f"{path}: lists or tables are nested too deeply") from error
    try:
        return checked(msgspec.convert(data, Config))
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_message(str(error), data)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _message(error: str, data: dict[str, Any]) -> str:
    """A validation error of msgspec as ours: the setting first, and a similar name if it is unknown."""
    what, _at, place = error.partition(" - at `$")
    setting = place.strip("`.")
    table = setting.partition("[...]")[0]
    if table != setting:  # msgspec does not name the key of the table
        key = next((key for key, value in data[table].items() if _is_wrong({table: {key: value}})), "...")
        setting = setting.replace("[...]", f".{key}", 1)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        tables: dict[str, type[SettingsTable]] = {
            "fields": FieldEntry,
            "limits": Limits,
            "resolution": ResolutionSettings,
            "glossary": GlossarySettings,
        }
        known = [field.encode_name for field in msgspec.structs.fields(tables.get(table, Config))]
        name = f"{setting}.{unknown[1]}".lstrip(".")
        return f"{name}: unknown setting{_nearest(unknown[1], known)}"
    if wrong := re.fullmatch(r"Invalid enum value '(.*)'", what):
        levels = get_args(get_args(get_type_hints(Config)["severity"])[1])
        return f"{setting}: {wrong[1]!r} is not one of {', '.join(levels)}{_nearest(wrong[1], levels)}"
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
    """The kg.toml of a content folder, or None.

    Raises:
        ConfigError: it is a symbolic link, which is not followed, so that no one else chooses the file.
    """
    for path in places(content):
        if path.is_symlink():
            raise ConfigError(f"{path}: is a symbolic link, which is not followed; name the file itself with --config")
        if path.is_file():
            return path
    return None


def places(content: Path) -> tuple[Path, ...]:
    """Possible paths of the kg.toml of a content folder; the first that exists is used."""
    return tuple(folder / FILE_NAME for folder in (content, content.resolve().parent))
