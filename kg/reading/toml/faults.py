"""What makes a text no TOML: tomli tells, but for keys of too many parts, which it is not shown, and long integers."""

import re

import tomli

from kg.reading.scanning import Places
from kg.reading.values import Problem

TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*(?:"{3,5})?'
    r"|'''(?:[^']|'(?!''))*(?:'{3,5})?"
    r'|"(?:[^"\\\n]|\\[^\n])*"?'
    r"|'[^'\n]*'?"
    r"|#[^\n]*|[\[\]{}]",
    re.DOTALL,
)
"""Strings end somewhere even if nobody closed them, so that no text takes long to read."""
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
GLUED = "a line break is missing before this"
_HINTS = {
    "Expected newline or end of document after a statement": GLUED,
    "Invalid value": "not a TOML value; quote the text",
    "Unclosed array": "the list is not closed with ']'",
    "Cannot overwrite a value": "this key is already defined above",
}
_LONG_NUMBER = re.compile(r"(?<![\w.+-])[+-]?(?:0[xob])?[0-9a-fA-F_]{1000,}(?![\w.+-])")


def fault_of(source: str, place: Places, shift: int, limit: int) -> Problem | None:
    """What makes a text no TOML; integers may have any number of digits, for they are kept as text."""
    dotted = _too_dotted(source, place(shift)[0], limit)
    if dotted:
        return dotted
    try:
        try:
            tomli.loads(source)
        except tomli.TOMLDecodeError:
            raise
        except ValueError:  # Python reads no integer of thousands of digits, but any float; places stay what they are
            tomli.loads(_LONG_NUMBER.sub(lambda number: "1." + "0" * (len(number[0]) - 2), source))
    except tomli.TOMLDecodeError as error:
        return _problem(error, source, place, shift)
    except ValueError:  # a long number in what is no TOML all the same
        number = re.search(r"[0-9a-fA-F_]{1000}", source)
        return Problem(*place(shift + (number.start() if number else 0)), "KG101", "not a TOML value; quote the text")
    return None


def _too_dotted(source: str, first_line: int, limit: int) -> Problem | None:
    """Whether a key such as `a.b.c` has more parts than maps may nest; told before tomli reads it."""

    def bare(match: re.Match[str]) -> str:
        return match[0] if match[0] in "[]{}" else "s" + "\n" * match[0].count("\n")

    skeleton = TOKENS.sub(bare, source)
    dots = [0]
    depth = 0
    for match in re.finditer(r"[\[{\]}.,\n]", skeleton):
        if match[0] in "[{":
            dots.append(0)
            depth += 1
        elif match[0] in "]}" and len(dots) > 1:
            depth -= dots.pop() + 1
        elif match[0] == ".":
            dots[-1] += 1
            depth += 1
        elif match[0] in ",\n":
            depth -= dots[-1]
            dots[-1] = 0
        if dots[-1] >= limit or depth > 2 * limit:
            line = first_line + skeleton.count("\n", 0, match.start())
            return Problem(line, 1, "KG104", f"a key of more than {limit} parts (limits.depth in kg.toml)")
    return None


def _problem(error: tomli.TOMLDecodeError, source: str, place: Places, shift: int) -> Problem:
    message = str(error)
    found = _PLACE.search(message)
    # "at end of document" says nothing about where to look; the end of what was written does.
    offset = Places(source, 1).offset(int(found[1]), int(found[2])) if found and found[1] else len(source.rstrip())
    what = _PLACE.sub("", message).strip()
    return Problem(*place(shift + offset), "KG101", _HINTS.get(what) or f"not valid TOML: {what[:1].lower()}{what[1:]}")
