"""One line of the ledger: the decision in it, and a decision as such a line."""

import re
import sys
from collections import deque
from dataclasses import dataclass
from itertools import repeat

from kg.errors import LedgerError
from kg.resolution.names import Key, key_of
from kg.text.characters import SURROGATE

_TOKEN = re.compile(
    r'\s*(?:(?P<comment>#.*)|"(?P<text>(?:[^"\\]|\\.)*)"|<(?P<iri>[^<>\s"]*)>|(?P<word>[^\s"#<>]+)|(?P<bad>\S))'
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
"""Surrogates are refused: JSON's `\\ud83d\\ude00` is written `\\U0001f600` here."""
WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
_VERBS = ("same", "not", "forget", "rename", "pin", "split", "whole", "sameas", "homepage")


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the ledger."""

    verb: str
    kind: str
    names: tuple[str, ...]
    """The names it applies to; for `rename` and `split`, the last is the new name."""
    target: str = ""
    """An IRI, for `pin`, `sameas` and `homepage`."""
    posts: tuple[str, ...] = ()
    """Paths of posts, for `split`."""
    line: int = 0
    kinds: tuple[str, ...] = ()
    """The kind of each name, if they differ."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of the names."""
        return tuple(map(key_of, self.kinds or repeat(self.kind), self.names))


def line_of(decision: Decision, comment: str = "") -> str:
    """A decision as a line of the file.

    Raises:
        LedgerError: it holds half of a character, which no post does, so that the line could not be read again.
    """
    for part in (*decision.names, *decision.posts, comment):
        if SURROGATE.search(part):
            raise LedgerError(f"{quoted(part)} holds half of a character, which the ledger cannot; leave it out")
    first, *rest = (quoted(name) for name in decision.names)
    if decision.kinds:
        rest = [f"{kind} {name}" for kind, name in zip(decision.kinds[1:], rest, strict=True)]
    head = f"{decision.verb} {decision.kind} {first}"
    if decision.verb == "split":
        body = f"{head} in {' '.join(map(quoted, decision.posts))} as {rest[0]}"
    elif decision.verb == "rename":
        body = f"{head} to {rest[0]}"
    elif decision.target:
        body = f"{head} {'to' if decision.verb == 'pin' else '='} <{decision.target}>"
    else:
        body = " = ".join((head, *rest))
    comment = " ".join(comment.split())
    return f"{body}  # {comment}" if comment else body


def quoted(name: str) -> str:
    """A name as written in the ledger; quotation marks and non-printable characters are escaped."""
    return '"' + "".join(map(_escape, name)) + '"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 1 << 16 else f"\\U{code:08x}"


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if len(code) == 1:
        return code
    number = int(code[1:], 16)
    return chr(number) if number <= sys.maxunicode else code


def line_error(path: str, line: int, column: int, message: str) -> LedgerError:
    """What is wrong at a place of the file."""
    return LedgerError(f"{path}:{line}:{column}: {message}")


class _Line:
    """A line as a queue of tokens."""

    def __init__(self, text: str, number: int, path: str) -> None:
        self.number, self.path, self.end = number, path, len(text.rstrip()) + 1
        self.tokens: deque[tuple[str, str, int]] = deque()
        at = 0
        while match := _TOKEN.match(text, at):
            at = match.end()
            group = match.lastgroup or "bad"
            column = match.start(group) + (0 if group in ("iri", "text") else 1)
            if group == "comment":
                break
            if group == "bad":
                bad = match["bad"]
                message = "missing closing quotation mark" if bad == '"' else f"unexpected {bad!r}"
                raise line_error(path, number, column, message)
            value = _ESCAPE.sub(_unescape, match["text"]) if group == "text" else match[group]
            if SURROGATE.search(value):
                raise line_error(path, number, column, "an escape in this token is not a valid character")
            self.tokens.append((group, value, column))

    def fail(self, message: str) -> LedgerError:
        column = self.tokens[0][2] if self.tokens else self.end
        return line_error(self.path, self.number, column, message)

    def take(self, group: str, what: str, *values: str) -> str:
        if not self.tokens or self.tokens[0][0] not in group.split("|") or (values and self.tokens[0][1] not in values):
            raise self.fail(f"expected {what}")
        return self.tokens.popleft()[1]

    def peek(self, value: str) -> bool:
        return bool(self.tokens) and self.tokens[0][:2] == ("word", value)

    def name(self) -> str:
        column = self.tokens[0][2] if self.tokens else self.end
        name = self.take("text", 'a name in quotation marks: "…"').strip()
        if not name:
            raise line_error(self.path, self.number, column, "the name is empty")
        return name

    def iri(self, pattern: re.Pattern[str], what: str) -> str:
        column = self.tokens[0][2] if self.tokens else self.end
        value = self.take("iri|word|text", what)
        if not pattern.match(value):
            raise line_error(self.path, self.number, column, f"{value!r} is not {what}")
        return value


def parse_line(text: str, number: int, path: str) -> Decision | None:
    """The decision in a line; None if it holds none.

    Raises:
        LedgerError: it is no valid line.
    """
    line = _Line(text, number, path)
    if not line.tokens:
        return None
    verb = line.take("word", "one of " + ", ".join(_VERBS), *_VERBS)
    kind = line.take("word", "a kind, such as person or organization")
    names = [line.name()]
    target = ""
    posts: list[str] = []
    kinds = [kind]
    match verb:
        case "whole":
            pass
        case "same" | "not" | "forget":
            while len(names) < 2 - (verb == "forget") or line.tokens:
                line.take("word", "= and another name", "=")
                kinds.append(line.tokens.popleft()[1] if line.tokens and line.tokens[0][0] == "word" else kind)
                names.append(line.name())
        case "rename":
            line.take("word", "`to` and the name to show", "to")
            names.append(line.name())
        case "pin":
            line.take("word", "`to` and an IRI", "to")
            target = line.iri(_ABSOLUTE, "an absolute IRI")
        case "split":
            line.take("word", "`in` and the paths of posts", "in")
            while line.tokens and not line.peek("as"):
                posts.append(line.take("text|word", "the path of a post, relative to CONTENT"))
            if not posts:
                raise line.fail("expected the path of a post, relative to CONTENT")
            line.take("word", "`as` and the name to use there", "as")
            names.append(line.name())
        case _:
            line.take("word", "= and a web address", "=")
            target = line.iri(WEB, "a web address that begins with http:// or https://")
    if line.tokens:
        raise line.fail(f"unexpected {line.tokens[0][1]!r}; a comment begins with #")
    several = tuple(kinds) if len(set(kinds)) > 1 else ()
    decision = Decision(verb, kind, tuple(names), target, tuple(posts), number, several)
    if verb in ("same", "not") and len(set(decision.keys)) < len(names):
        why = "one already" if verb == "same" else "always one; use `split` to tell posts apart"
        both = " and ".join(map(quoted, dict.fromkeys(names)))
        what = f"{both} are {why}: they differ in case or blanks only" if len(set(names)) > 1 else f"{both} is {why}"
        raise line_error(path, number, 1, what)
    return decision
