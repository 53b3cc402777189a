"""The baseline: known findings that do not count, so that a check can be strict about new ones.

A text file that people review, with one line per finding: count, code, path and message. Line numbers and whatever
depends on other posts are left out, so neither a line added above a known finding nor another post makes it new.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from kg.diagnostics import CODES
from kg.errors import ConfigError, os_errors
from kg.machine.files import replace_file
from kg.model import Diagnostic

_HEAD = "# Known findings of kg check; `kg check --update-baseline` writes this file anew.\n"
Key = tuple[str, str, str]
_COUNTS = {
    "KG401": re.compile(r", which [\d,]+ posts? ha(?:s|ve)\Z"),
    "KG402": re.compile(r" \([\d,]+ posts?\)(?=, not of )"),
}
"""Code → the part of its message that counts other posts."""
_OF_OTHERS = frozenset({"KG411", "KG412", "KG413", "KG415"})
"""Codes whose messages only name another post, or an amount."""


def load(path: Path) -> Counter[Key]:
    """How often each finding is forgiven.

    Raises:
        ConfigError: the file cannot be read or is not a baseline.
    """
    known: Counter[Key] = Counter()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as a baseline: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 4 or not (parts[0].isdecimal() and len(parts[0]) < 10):
            raise ConfigError(f"{path}:{number}: not a baseline line; regenerate the file with --update-baseline")
        known[_key(*parts[1:])] += int(parts[0])
    return known


def save(path: Path, found: Iterable[Diagnostic]) -> int:
    """Write all findings as known; returns how many there are.

    Raises:
        ConfigError: the file cannot be written.
    """
    counts = Counter(_key(d.code, d.path, d.message) for d in found)
    lines = [f"{count}\t{code}\t{where}\t{message}\n" for (code, where, message), count in sorted(counts.items())]
    with os_errors(ConfigError, f"{path}: cannot be written"):
        replace_file(path, (_HEAD + "".join(lines)).encode(), typed=True)
    return counts.total()


def new(found: Iterable[Diagnostic], known: Counter[Key]) -> list[Diagnostic]:
    """The findings that are not known; of several equal ones the last are new."""
    left = known.copy()
    result = []
    for diagnostic in found:
        key = _key(diagnostic.code, diagnostic.path, diagnostic.message)
        if left[key] > 0:
            left[key] -= 1
        else:
            result.append(diagnostic)
    return result


def _key(code: str, path: str, message: str) -> Key:
    """The key by which a finding is recognised; a key, as read from a file, is its own key."""
    if code in _OF_OTHERS:
        message = CODES[code].title
    elif code in _COUNTS:
        message = _COUNTS[code].sub("", message)
    return (code, _plain(path), _plain(message))


def _plain(text: str) -> str:
    """A text without characters that end a line or a column: `str.splitlines` knows more line ends than editors do."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
