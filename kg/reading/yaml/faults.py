"""What is wrong with YAML, in the words of people who write it."""

import re
from functools import cache

import yaml

from kg.fields import known
from kg.reading.values import Mapping, Problem, Scalar, Sequence

_SENTENCE = re.compile(r"(?=.*[,.;!?]\s)(?:\S+\s+){4}\S|[，。；！？].|(?:\S+\s+){6}\S", re.DOTALL)
_LONG_KEY = 100
_OTHER_COMMENT = re.compile(r"<!--|//|/\*|;|--(?=\s)|\{[#%]")
_ODD_START = re.compile(r"(?:[^\w\s]\s+|\s+)(?=\S)")
"""A sign in the place of a blank that indented a line."""
_SHOWN = 40
_BRACE = re.compile(r":[ \t]+(?P<value>\{(?=[@%`])[^{}\n\"]*\}?)")
"""A value that begins like a block of a template: `{@html x}`."""
TAB_BEFORE_ITEM = "a tab stands before '- ', where only blanks may; write blanks"
_TEXT_IN_BRACKETS = re.compile(r":[ \t]+(\[[^\[\]\n]+\][ \t]*[^\s\],#][^\n\"]*)\Z")
"""A text that begins with a word in brackets, `[Lua] Tables`, or with a link of Markdown."""
_COMMENT = re.compile(
    r"(?::|^\s*(?:- *)*-)[ \t]+(?P<value>&\S+|#(?!(?i:todo|fixme|tbd|xxx)\b)"
    r"(?:\d(?:(?![ \t]#)[^\n])*|(?<=title: #)[^\s\"'](?:(?![ \t]#)[^\n])*"
    r"|[^\s#\"'\[,;]+(?:[\s,;]+#[^\s#,;]+)*))[ \t]*(?:#[ \t].*)?\Z"
)
"""`&anchor`, or a colour, a number or tags after `#`; other words are a comment, and so are quotes, lists and files."""
_FILE = re.compile(r"\.mdx?\Z")
_TIGHT_KEY = re.compile(r"[\w-]{1,40}[ \t]*(?P<sign>[:=])(?:[ \t]*[\"'\[{]|[\xa0\u3000])")
"""A key with the beginning of its value: `title:"x"`, where a blank is missing."""
TIGHT = re.compile(r"(?<=[,\[{])#")
"""A `#` that begins a comment only for libyaml: YAML wants a space before it."""
NO_BLANK = "'#' begins a comment here, and what follows is lost; quote the value, or put a blank before a comment"
NO_CHARACTER = "found invalid Unicode character escape code"
NO_ANCHOR = "found undefined alias"
_ESCAPE = "in double quotes '\\' begins an escape; write '\\\\' for the sign itself, or put the value in single quotes"
_TAB = "a tab stands where only blanks may; write blanks"
_TAG = "'!' begins a tag of YAML; quote the value"
_DIRECTIVE = "'%' begins a directive of YAML; quote the key"
_TOO_DEEP = "nested deeper than any parser goes"
HINTS = {
    "exceeded maximum nesting depth": _TOO_DEEP,
    "mapping values are not allowed in this context": "an unquoted value holds ': '; quote the value",
    "could not find expected ':'": "a ':' is missing after the key, or a quote is never closed",
    "did not find expected ',' or ']'": "the list is not closed with ']'",
    "did not find expected ',' or '}'": "the map is not closed with '}'; quote values that begin with '{'",
    "found unexpected end of stream": "a quote is never closed",
    "did not find expected key": "the indentation does not fit, or a quoted value goes on after its closing quote",
    "did not find expected '-' indicator": "the list items are not indented alike",
    "did not find expected node content": "a list or map holds an empty place",
    "block sequence entries are not allowed in this context": "a list must begin on a line of its own",
    "did not find expected comment or line break": "'|' and '>' begin a text in the next line; break the line here",
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found a tab character where an indentation space is expected": _TAB,
    "found a tab character that violates indentation": _TAB,
    "mapping keys are not allowed in this context": "a value cannot begin with '? '; quote it",
    "found an indentation indicator equal to 0": "the number after '|' or '>' is from 1 to 9, or is left out",
    "found undefined tag handle": _TAG,
    "did not find the expected '>'": _TAG,
    "did not find expected tag URI": _TAG,
    "did not find expected whitespace or line break": _TAG,
    "could not find expected directive name": _DIRECTIVE,
    "found unexpected non-alphabetical character": _DIRECTIVE,
    "found unknown directive name": _DIRECTIVE,
    NO_CHARACTER: "this escape stands for no character",
    NO_ANCHOR: "a value that begins with '*' is an alias for '&…', which is not here; quote the value",
    "did not find expected alphabetic or numeric character": "a value cannot begin with '*', '&' or '!'; quote it",
    "did not find expected <document start>": "text goes on after the bracket that closes the map",
    "but found another document": "a second document begins here; one front matter is one document",
    "control characters are not allowed": "a control character stands here; delete it",
}


class Refused(Exception):
    """YAML that libyaml accepts and we do not: too deep, too large, not data, not fields."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def problem_of(error: yaml.YAMLError, source: str, first_line: int) -> Problem:
    """Libyaml's complaint in the user's words, at the place that has to be mended."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem:
        mark = error.problem_mark
        if "flow" in (error.context or "") or "quoted scalar" in (error.context or ""):
            mark = error.context_mark or mark  # where the list or quote opens, not where the file ends
        if error.problem == "could not find expected ':'":
            mark = error.context_mark or mark
        line, column = (mark.line, mark.column + 1) if mark is not None else (0, 1)
        hint = HINTS.get(error.problem) or error.problem
        if mark is not None and "cannot start any token" in error.problem:
            hint = _no_beginning(source, mark)
        if error.problem == "did not find expected key":
            row = source.split("\n")[line].rstrip()
            if text := _TEXT_IN_BRACKETS.search(row):
                hint = f"'[' begins a list; quote the value: \"{text[1]}\""
                return Problem(first_line + line, text.start(1) + 1, "KG101", hint)
            if row[column - 1 :] in ("]", "}"):
                hint = f"'{row[-1]}' stands here once too often; take it away"
            elif row[column - 1 :].startswith("- "):
                hint = HINTS["did not find expected '-' indicator"]
        return Problem(first_line + line, column, "KG104" if hint == _TOO_DEEP else "KG101", hint)
    position = getattr(error, "position", 0)
    # A reader error counts bytes or characters, as the reader saw them; the character itself is what can be found.
    character = getattr(error, "character", None)
    code: int | None = ord(character) if isinstance(character, str) and character else character or None
    if code is not None and chr(code) in source:
        position = source.index(chr(code))
    line = source.count("\n", 0, position)
    column = position - (source.rfind("\n", 0, position) + 1) + 1
    shown = f"U+{code:04X} " if code is not None else ""
    message = f"the character {shown}may not stand in YAML; delete it, or write it as an escape in double quotes"
    return Problem(first_line + line, column, "KG101", message)


def _no_beginning(source: str, mark: yaml.Mark) -> str:
    """What to write instead of a value that begins with a sign that is reserved, or with a tab."""
    row = source.split("\n")[mark.line]
    if (brace := _BRACE.search(row)) and brace.start("value") + 1 == mark.column:
        return f"'{{' begins a map; quote the value: \"{brace['value']}\""
    rest = row[mark.column :]
    value = re.split(r"(?<!\s)\s++#|[,\]}]|\Z", rest, maxsplit=1)[0].strip() if rest else ""
    if not value or rest.startswith("\t"):
        return TAB_BEFORE_ITEM if rest.lstrip().startswith("- ") else _TAB
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    return f'a value cannot begin with {rest[0]!r}; quote it: "{shown}"'


def holds_value(key: Scalar) -> Problem | None:
    """What is wrong with a key that holds the beginning of its value, or None."""
    match = None if key.quoted else _TIGHT_KEY.match(key.text)
    if match is None:
        return None
    what = "'=' does not end a key; write ': '" if match["sign"] == "=" else "a blank must follow the ':'"
    return Problem(key.line, key.column + match.start("sign"), "KG116", f"{what}; left out")


def no_key(text: str) -> str:
    """What is wrong with a line that should begin with a top-level key, or ""."""
    if not text.strip("-:,?"):
        return f"'{text}' is no key"
    if (odd := _ODD_START.match(text)) and not (odd[0].isspace() and len(odd[0]) == 1 and known(text)):
        what = "the blanks" if odd[0].isspace() else repr(odd[0].strip())
        return f"'{text[:60]}' does not begin like a key; take {what} away"
    if comment := _OTHER_COMMENT.match(text):
        return f"'{comment[0]}' begins no comment in YAML; write '#' before each line"
    if len(text) > _LONG_KEY or _SENTENCE.search(text):
        return f"'{text[:60]}' is a sentence, not a key; indent text that goes on, or quote the value"
    return ""


def report_comments(fields: Mapping, source: str, first_line: int, problems: list[Problem]) -> None:
    """Report values and items that are empty because `#` made a comment of them: `tags: #graph`."""
    if " #" not in source and " &" not in source:
        return
    rows = source.split("\n")
    slides = any(key.text == "marp" for key, _value in fields.entries)  # where `color: #fff` is a value

    @cache
    def comment(line: int) -> re.Match[str] | None:
        found = _COMMENT.search(rows[line - first_line]) if line - first_line < len(rows) else None
        return None if found and _FILE.search(found["value"]) else found

    for key, value in fields.entries:
        for item in (value, *value.items) if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar) and not item.text and not item.quoted:
                # libyaml says that an empty item stands where its dash ends.
                line = key.line if item is value else item.line
                if match := comment(line):
                    typed = match["value"].rstrip()
                    what = "'&' names an anchor" if typed[0] == "&" else "'#' begins a comment"
                    message = f'{key.text}: {what}, so there is no value; write "{typed[:_SHOWN]}"'
                    problems.append(Problem(line, match.start("value") + 1, "KG111", message, slides))
