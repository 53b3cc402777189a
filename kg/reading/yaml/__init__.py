"""YAML front matter: values as typed, with their places; a faulty field never affects the others."""

import re
from collections.abc import Iterator
from textwrap import dedent

import yaml
from msgspec.structs import replace

from kg.config import Limits
from kg.fields import known
from kg.reading.dialect import TEARING, Block, Dialect, Parsed
from kg.reading.scanning import WIDE, Places, moved, without_twins
from kg.reading.values import Mapping, Problem, Scalar, Sequence, Value
from kg.reading.yaml import lines
from kg.reading.yaml.faults import Refused, problem_of, report_comments
from kg.reading.yaml.field_spans import field_spans
from kg.reading.yaml.recovery import recovered, recovered_flow
from kg.reading.yaml.tree import read_whole

_OPEN = re.compile(r"\A(?:[ \t]*\n)*(?:%[A-Z]+[ \t][^\n]*\n)*(-{3,})[ \t]*\n")
"""Directives such as `%YAML 1.2` may stand before it (https://yaml.org/spec/1.2.2/#68-directives)."""
_CLOSE = re.compile(r"\n(?:-{3,}|\.\.\.)[ \t]*$", re.MULTILINE)
_CHINESE_KEYS = "标题|標題|题目|标签|標籤|作者|日期|分类|分類|类别|類別|摘要|关键词|關鍵詞"
_KEY_LINE = re.compile(
    rf"^(?:[A-Za-z][\w-]*|{_CHINESE_KEYS})："
    r"|^(?:[^\s#\-:\[{\"'][^:\n]*|\"[^\"\n]*\"[ \t]*|'[^'\n]*'[ \t]*|-[^:\n]*|\{.*):(?:\s|$)|^[{?]",
    re.MULTILINE,
)
_INDENTED = re.compile(r"(?P<indent> +)[A-Za-z][\w-]*:(?:\s[^\n]*)?\n(?:(?P=indent)[^\n]*\n|[ \t]*\n)*\Z")
"""Fields that are all indented."""
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
"""Line breaks in YAML 1.1, but ordinary characters in YAML 1.2 and in every editor."""
_STAND_INS = {0x85: 0xFDD0, 0x2028: 0xFDD1, 0x2029: 0xFDD2}
"""Noncharacters of Unicode, which are never exchanged but which parsers accept."""
_STOOD_FOR = {stand_in: char for char, stand_in in _STAND_INS.items()}
_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
r"""`"\ud83d\ude00"`: JSON's way to write one character; programs that write YAML as JSON use it."""
_FIELD = re.compile(r"[\"']?(?P<key>[^\W\d][\w.-]*)[\"']?[ \t]*[:：](?:\s|\Z|(?<=：))")
"""A line that is a field for certain."""
_WIDE_COLON = re.compile(r"([^\W\d][\w-]{0,39})：[ \t\u3000]*")
_TABS_ALONE = re.compile(r"^ *+\t[ \t]*+$", re.MULTILINE)
"""Empty lines to YAML (https://yaml.org/spec/1.2.2/#64-empty-lines and 6.7), which the parsers do not always allow."""


class Yaml(Dialect):
    """`---` … `---` or `...`, after blank lines, with trailing spaces."""

    name = "yaml"

    def locate(self, text: str) -> Block | None:
        """The fences, unless what stands between two rules is prose: then the post begins with a rule."""
        opening = _OPEN.match(text)
        if not opening:
            return None
        start = opening.end()
        closing = _CLOSE.search(text, start - 1)
        if closing is None:
            return None
        end = closing.start() + 1
        source = text[start:end]
        if (
            not _KEY_LINE.search(source)
            and not _INDENTED.match(source)
            and any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())
        ):
            return None
        dashes = opening[1]
        if (text[: opening.start(1)].isspace() or dashes != "---") and not _holds_fields(source):
            return None  # a rule
        fault = None
        if dashes != "---":
            line = text.count("\n", 0, opening.start(1)) + 1
            message = f"the fence is '{dashes}'; other tools see no front matter here: write '---'"
            fault = Problem(line, 1, "KG121", message)
        return Block(start, end, min(closing.end() + 1, len(text)), fault)

    def parse(self, source: str, first_line: int, limits: Limits) -> Parsed:
        """All fields that can be read; if the whole cannot be, those that are certainly separate fields."""
        problems: list[Problem] = []
        simple = lines.read(source, first_line, limits)
        if simple is not None:
            return Parsed(without_twins(simple, problems), tuple(problems))
        if _OTHER_BREAKS.search(source):
            parsed = self.parse(source.translate(_STAND_INS), first_line, limits)
            fields = replace(parsed.fields, entries=tuple(_with_breaks(parsed.fields)))
            return parsed._replace(fields=fields)
        flow = source.lstrip().startswith("{")
        try:
            fields = read_whole(source, first_line, limits, problems)
        except yaml.YAMLError as error:
            escapes = "escape code" in str(error)
            mended = _PAIR.sub(_joined, source) if escapes else _TABS_ALONE.sub("", source)
            if mended != source:
                return self.parse(mended, first_line, limits)
            whole = problem_of(error, source, first_line)
        except Refused as signal:
            whole = signal.problem
        else:
            slips = (
                "：" in key.text and _WIDE_COLON.match(key.text) for key, _value in fields.entries if not key.quoted
            )
            lost = flow and (not fields.entries or any(problem.code == "KG116" for problem in problems))
            if not any(slips) and not (problems and lost):
                report_comments(fields, source, first_line, problems)
                return Parsed(without_twins(fields, problems), tuple(problems))
            whole = (problems or [Problem(first_line, 1, "KG126", WIDE)])[0]
        if colons := [match for span in field_spans(source) if (match := _WIDE_COLON.match(source, span.start))]:
            place = Places(source, first_line)
            wide = [Problem(*place(colon.end(1)), "KG126", WIDE) for colon in colons]
            ends = [0, *(colon.end() for colon in colons)]
            narrow = "".join(f"{source[end : colon.end(1)]}: " for end, colon in zip(ends, colons, strict=False))
            parsed = self.parse(narrow + source[ends[-1] :], first_line, limits)
            return parsed._replace(problems=(*wide, *parsed.problems))
        if by := _margin(source):  # all fields are indented alike
            parsed = self.parse(dedent(source), first_line, limits)
            faults = tuple(replace(problem, column=problem.column + by) for problem in parsed.problems)
            return Parsed(moved(parsed.fields, 0, by), faults)
        problems.clear()
        if flow and (found := recovered_flow(source, first_line, limits, problems)):
            fields = found
        else:
            fields, source = recovered(source, first_line, limits, problems)
        if not any(problem.code in TEARING for problem in problems):
            problems.insert(0, whole)
        report_comments(fields, source, first_line, problems)
        return Parsed(without_twins(fields, problems), tuple(problems))


def _holds_fields(source: str) -> bool:
    """Whether fields stand between two rules: all lines are such, or more are fields that posts have than are none."""
    lines = [line for line in source.splitlines() if line.strip()]
    keys = [match and match["key"] for match in map(_FIELD.match, lines)]
    others = sum(key is None and line[0] not in " \t-#]}" for key, line in zip(keys, lines, strict=True))
    told = sum(key is not None and known(key) is not None for key in keys)
    return bool(keys and keys[0]) and (not others or told > others)


def _with_breaks(fields: Mapping) -> Iterator[tuple[Scalar, Value]]:
    """The entries of a map with the characters that others stood for."""

    def original(value: Value) -> Value:
        if isinstance(value, Scalar):
            return replace(value, text=value.text.translate(_STOOD_FOR))
        if isinstance(value, Sequence):
            return replace(value, items=tuple(map(original, value.items)))
        return replace(value, entries=tuple(_with_breaks(value)))

    for key, value in fields.entries:
        yield replace(key, text=key.text.translate(_STOOD_FOR)), original(value)


def _margin(source: str) -> int:
    """How far all lines are indented that are not blank."""
    return min((len(line) - len(line.lstrip(" ")) for line in source.split("\n") if line.strip()), default=0)


def _joined(pair: re.Match[str]) -> str:
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
