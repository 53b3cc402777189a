"""Patterns of paths, as `exclude` and `include` in kg.toml have them: those of `.gitignore`."""

import re
from collections.abc import Sequence

from kg.errors import ConfigError


def matcher(setting: str, patterns: Sequence[str]) -> re.Pattern[str] | None:
    """One regular expression for all patterns; a folder that matches is not entered.

    Raises:
        ConfigError: one of them is not valid.
    """
    parts = []
    for pattern in patterns:
        plain = pattern.strip().removeprefix("./").rstrip("/")
        if plain:
            start = "" if "/" in plain else "(?:.*/)?"
            parts.append(start + _translated(plain.lstrip("/")) + r"\Z")
            try:
                re.compile(parts[-1], re.DOTALL)
            except re.error as error:
                raise ConfigError(f"{setting}: {pattern!r} is not a valid pattern: {error.msg}") from error
    return re.compile("|".join(parts), re.DOTALL) if parts else None


_GLOB = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|.", re.DOTALL)
_SPECIAL, _ESCAPED = re.compile(r"[\[\]\\^&~|]|(?<=-)-"), r"\\\g<0>"
"""What means something between the brackets of Python's expressions, and nothing between those of a pattern."""


def _translated(pattern: str) -> str:
    return "".join(map(_translated_part, _GLOB.findall(pattern)))


def _translated_part(part: str) -> str:
    known = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if part in known:
        return known[part]
    if len(part) > 2 and part[0] == "[":
        negated = part[1] in "!^" and len(part) > 3
        inner = part[2:-1] if negated else part[1:-1]
        return f"[{'^' if negated else ''}{_SPECIAL.sub(_ESCAPED, inner)}]"
    return re.escape(part)


def asked_for(path: str, included: re.Pattern[str] | None) -> bool:
    """Whether `include` names a path or a folder that it lies in."""
    ends = [match.start() for match in re.finditer("/", path)] + [len(path)]
    return included is not None and any(included.match(path[:end]) for end in ends)
