"""Every fault and doubt `kg` can report: one row per code, stable for ever, explained by `kg explain CODE`.

    KG0xx  files       KG1xx  front matter and values     KG2xx  identity
    KG3xx  links       KG4xx  habits and vocabularies

A code's severity is a default; `[severity]` in kg.toml changes it. Errors make the exit status 1. Each has an example,
`examples/CODE.md`, which the tests run.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.machine.terminal import printable
from kg.model import Diagnostic


class Code(NamedTuple):
    """One kind of fault."""

    code: str
    severity: str
    title: str
    """What is wrong, in a few words."""
    remedy: str
    """Why it matters and what to write instead."""


CODES: dict[str, Code] = {
    code.code: code
    for code in (
        Code(
            "KG001",
            "error",
            "file cannot be read",
            "The operating system refused; check the permissions or exclude the path in kg.toml.",
        ),
        Code(
            "KG002",
            "error",
            "file is not UTF-8",
            "Save the file as UTF-8. The message names the first wrong byte and the encoding it is likely to be.",
        ),
        Code(
            "KG003",
            "warning",
            "odd bytes or line ends",
            "A byte in the body is not UTF-8, or lines end in a lone carriage return. The post is read; save it as UTF-8. A few "
            "carriage returns among other line ends are a note.",
        ),
        Code(
            "KG004",
            "warning",
            "file is empty",
            "The file holds only white space and becomes a post named after the file. In the site or vault of a known tool, and "
            "where several are empty or few posts have front matter, that is a note: it is still to be written.",
        ),
        Code(
            "KG005",
            "error",
            "file is too large",
            "The file is larger than `limits.file_bytes` in kg.toml; raise the limit or exclude the path.",
        ),
        Code(
            "KG006",
            "warning",
            "path left out",
            "A hidden file, a hidden folder with posts, a link, or something that is not a regular file; it is not read. Nor is a "
            "folder of Jekyll that is no collection, or one that a tool copies as it is. `include` in kg.toml has them read, "
            "`exclude` leaves them out without a word. In the folder of a known tool, which reads none of them, a note.",
        ),
        Code(
            "KG101",
            "error",
            "front matter cannot be parsed",
            "The field at this place is not valid; the other fields of the post are kept. Quote values that hold ': ' or "
            "begin with one of @ ` % & * ! | > [ { #.",
        ),
        Code(
            "KG102",
            "warning",
            "key written twice",
            "The same key is in the front matter twice; the last one counts. Merge the two.",
        ),
        Code(
            "KG103",
            "error",
            "not a date",
            "The text is kept as typed but cannot be a date; write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+hh:mm.",
        ),
        Code(
            "KG104",
            "error",
            "front matter too deep or too large",
            "Nested deeper, with more values, or with more aliases than `[limits]` in kg.toml allows.",
        ),
        Code(
            "KG105",
            "error",
            "value that is not data",
            "A tag such as !!python/object, or an alias that contains itself. Nothing in a post is ever executed.",
        ),
        Code(
            "KG106",
            "warning",
            "list within a list",
            "The field expects one flat list; the names are taken out of the inner list.",
        ),
        Code(
            "KG107",
            "warning",
            "unquoted scalar that YAML would change",
            "YAML reads this as a number, a date or a boolean; kg keeps the text as typed. Quote it for other tools. Words such as "
            "`no` are words to tools that read YAML 1.2.",
        ),
        Code("KG108", "error", "not a boolean", "Write true or false. The text is kept as typed."),
        Code(
            "KG109",
            "warning",
            "address that is not a web address",
            "Only http and https addresses become links; the text is kept as typed. Addresses that open a program (`evernote://`) "
            "and names of things (`doi:`) are meant as they are.",
        ),
        Code(
            "KG110",
            "warning",
            "characters that are invisible, or cannot be written in every format",
            "Control, zero-width or bidirectional characters. They are kept where the format can hold them and shown as "
            "U+FFFD where it cannot. Spaces and hyphens that cannot be seen are a note in titles and other prose.",
        ),
        Code(
            "KG111", "warning", "value is empty because of a comment", "'#' starts a comment in YAML; quote the value."
        ),
        Code(
            "KG112",
            "warning",
            "language tag corrected",
            "Language tags follow BCP 47: zh-CN, not zh_cn. A note where it is spelled as operating systems do: zh_CN.",
        ),
        Code(
            "KG113",
            "warning",
            "typographic quotes are part of the value",
            "YAML knows only ' and \" as quotes; “red, green” is read as two values with quotes in them. A title in quotes may be "
            "a quotation: that is a note.",
        ),
        Code("KG114", "warning", "list written as one string", "Several names are in one string; write a YAML list."),
        Code(
            "KG115",
            "error",
            "front matter is never closed",
            "The opening fence has no closing one. What is certainly a field is read, and the rest as body; if nothing is, the whole "
            "file is.",
        ),
        Code("KG116", "error", "front matter is not a set of fields", "Front matter must be `key: value` lines."),
        Code(
            "KG117",
            "error",
            "front matter in a language kg does not run",
            "`---js` and the like are programs; kg never executes a post. A note in a site of a tool that runs them.",
        ),
        Code("KG118", "warning", "key is not text", "Keys are read as text, as typed."),
        Code("KG119", "error", "not a number", "kg.toml says that this field is a number. The text is kept as typed."),
        Code(
            "KG120",
            "warning",
            "value is very long",
            "Kept whole in the data; its IRI and its label on the page are shortened.",
        ),
        Code(
            "KG121",
            "error",
            "fence is not '---'",
            "Other tools see no front matter here; a fence is exactly three dashes at the beginning of a line. With more "
            "dashes it is read, with anything else it is body.",
        ),
        Code(
            "KG122",
            "warning",
            "date that is incomplete, or not set yet",
            "What is certain is read and the text is kept: the day of a date with a strange time, or nothing of 0000-00-00. A year "
            "or a month without a day is a note, and so is a number, as programs write it.",
        ),
        Code(
            "KG124",
            "warning",
            "letters and accents apart",
            "The name is in Unicode's decomposed form; it is the same name as the composed one, but other tools see two.",
        ),
        Code(
            "KG125",
            "warning",
            "map where names are expected",
            "The field expects names, a list of names, or objects with a `name`. A map without one is kept as text; where "
            "all its values are empty, its keys are the names.",
        ),
        Code(
            "KG126",
            "error",
            "full-width colon after a key",
            "A key must end in `:` and a space; the line is read as if it did, but other tools read no field here.",
        ),
        Code(
            "KG127",
            "warning",
            "draft and not a draft",
            "Two fields contradict each other, such as `draft: false` and `publish: no`. The post is a draft.",
        ),
        Code(
            "KG128",
            "warning",
            "`key:: value` between fences",
            "Logseq and Dataview of Obsidian write `key:: value` in the text of a page, YAML `key: value` between fences of `---`. This is neither.",
        ),
        Code(
            "KG129",
            "warning",
            "line break missing before a field",
            "A field that posts have, and this one has not, stands within the value of another. The value is kept whole; begin a "
            "new line before the key. In YAML, where it is an error (KG116), quote the value if the whole is text.",
        ),
        Code(
            "KG201",
            "warning",
            "two posts claim one name",
            "Two files have the same slug, permalink or alias, and are kept apart by their paths. In notes and in "
            "translations, several posts may share an alias; in Logseq's, that is a note.",
        ),
        Code(
            "KG202",
            "warning",
            "names differ in case only",
            "They are one node, under both spellings; make the spelling uniform, or split them in the ledger. A note in "
            "`keywords`, which are spelled as people search for them.",
        ),
        Code(
            "KG203",
            "warning",
            "ledger line about a name that is not there",
            "No post mentions the name with that kind; the line has no effect. Correct it, or keep it for later posts.",
        ),
        Code(
            "KG301",
            "warning",
            "link leads nowhere",
            "No post matches this link; it is not drawn. A note in vaults, where pages are named before they are written, and on "
            "sites whose programs make pages; but a file of that name elsewhere was probably moved, and the message names it.",
        ),
        Code(
            "KG302",
            "warning",
            "link could mean several posts",
            "Several posts match this link; write more of the path. A note where the link is a name, `[[x]]`, and the tool of "
            "the folder opens one of them all the same, or no file is called so. A folder that was copied is one finding.",
        ),
        Code(
            "KG303",
            "note",
            "address that matches no post",
            "It may be a page of the site that is not a post. If it should be a post, give the post this permalink.",
        ),
        Code(
            "KG304",
            "note",
            "page that is not written yet",
            "In a vault a link may name a page before it is written. The name is a thing of the graph, marked as unwritten; "
            "`kg check` lists those that most pages name. Of days nothing is said.",
        ),
        Code(
            "KG401",
            "warning",
            "value near a frequent one",
            "In a field whose values are few, a rare value looks like a frequent one: likely a slip. A note where names differ in "
            "case alone: they are one node; and where more than one key, or the end of a word, is another.",
        ),
        Code(
            "KG402",
            "note",
            "value of another field",
            "In this field the value is rare, in another one it is frequent; it may have slipped into the wrong line.",
        ),
        Code(
            "KG403",
            "warning",
            "value that is not allowed",
            "`values` of this field in kg.toml lists the only right ones.",
        ),
        Code(
            "KG404",
            "warning",
            "field near a frequent one",
            "A few posts have a field that is one key away from a field that many posts have, and not that one: likely a slip. "
            "If it is meant, a row of `[fields]` in kg.toml says so.",
        ),
        Code(
            "KG410",
            "error",
            "required field missing",
            "kg.toml says `required = true` for this field; give it a value.",
        ),
        Code(
            "KG411",
            "note",
            "two posts with the same source",
            "Posts in one folder name the same `source`. Merge them, or delete one.",
        ),
        Code(
            "KG412",
            "note",
            "two posts with the same title",
            "Readers cannot tell them apart, and a link by title is ambiguous. Posts are identified by their paths.",
        ),
        Code(
            "KG413",
            "warning",
            "two posts with nearly the same body",
            "At least four fifths of their lines are the same. Delete one, or merge them. If a folder is a copy of another, "
            "leave it out (`exclude` in kg.toml). A note where their titles differ, or several are the same: they may be forms "
            "to be filled in; and where they lie in different folders.",
        ),
        Code(
            "KG414",
            "note",
            "post stands alone",
            "No link leads to it or from it, and it shares no person, tag or other name with another post.",
        ),
        Code(
            "KG415",
            "note",
            "characters in the body that cannot be seen",
            "Zero-width spaces and controls break search; bidirectional overrides make text look different from what it is.",
        ),
    )
}


def example(code: str) -> str:
    """Markdown: posts that have this fault, what `kg check` says of them, and how they are right.

    Every block is fenced by `~~~`. After its language stands the name of the file that it is; the one without a name is
    what `kg check` prints.
    """
    return (Path(__file__).parent / "examples" / f"{code}.md").read_text("utf-8")


_LONGEST = 900
"""Characters of a message."""


def diagnose(path: str, line: int, column: int, code: str, message: str) -> Diagnostic:
    """A diagnostic of a known code, with the code's default severity. `message` is made one line that can be read."""
    words = " ".join(message.split())
    if (
        len(words) > _LONGEST
    ):  # what a post says may be of any length; how it is told begins and ends with our own words
        words = f"{words[: _LONGEST * 2 // 3]} … {words[-_LONGEST // 3 :]}"
    return Diagnostic(path, line, column, code, CODES[code].severity, words)


def note_of(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic as a note: about something that need not be mended."""
    return msgspec.structs.replace(diagnostic, severity="note")


def render(diagnostic: Diagnostic, *, root: str = "") -> str:
    """`content/x.md:3:7: error[KG103]: date: '2024-13-01' is not a date; write YYYY-MM-DD`."""
    place = f"{root}{diagnostic.path}"
    if diagnostic.line:
        place += f":{diagnostic.line}:{diagnostic.column}"
    return f"{printable(place)}: {diagnostic.severity}[{diagnostic.code}]: {printable(diagnostic.message)}"


def weigh(diagnostics: Iterable[Diagnostic], severity: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Apply the severities that a user chose, and put everything in file and line order."""
    weighed = (msgspec.structs.replace(d, severity=severity[d.code]) if d.code in severity else d for d in diagnostics)
    return tuple(in_order(d for d in weighed if d.severity != "off"))


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """By file and line."""
    return sorted(diagnostics, key=lambda d: (d.path, d.line, d.column, d.code, d.message))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them makes the exit status 1."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)
