"""Faulty YAML: the fields that can be read when each is read on its own, or before and after the one fault."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml
from msgspec.structs import replace

from kg.config import Limits
from kg.reading.scanning import Places, around, left_out
from kg.reading.values import Mapping, Problem, Scalar, Value
from kg.reading.yaml import lines
from kg.reading.yaml.faults import HINTS, NO_ANCHOR, NO_BLANK, TIGHT, Refused, no_key, problem_of
from kg.reading.yaml.field_spans import DOCUMENT, INDENTED, TOKEN, FieldSpan, field_spans, without
from kg.reading.yaml.loading import by_either
from kg.reading.yaml.tree import Tree, read_whole

_ONE_LINE = re.compile(
    r"(?P<key>[^\s#\-:,\]}\[{\"'?&*!|>%@`][^:\n]*):[ \t]+"
    r"(?P<value>(?:[^\s\[{|>&*!#]|\[\[[^\[\]\n]+\]\]|\[[^\[\]\n]+\]\(|\{[#@%/])[^\n]*)\Z"
)
_LINKS = "YAML has no links, and Logseq no fences; read as typed: write a YAML list of links in quotes"
_RESERVED = re.compile(
    r"^(?P<head>[ \t]*(?:- )*(?:-[ \t]+|[^\s#:\[\]{}\"'\-][^:\n]*:[ \t]+))(?P<value>[@`%](?:(?![ \t]#)[^\n])*?)[ \t]*$",
    re.MULTILINE,
)
_TIGHT_COLON = re.compile(r"[A-Za-z][\w-]*:(?=\S)")


def recovered(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> tuple[Mapping, str]:
    """The fields that are YAML when read one by one, and the source without the others."""
    place = Places(source, first_line)
    anchors: set[str] = set()
    faulty: list[FieldSpan] = []
    typed: list[tuple[Scalar, Value]] = []
    for chunk in field_spans(source):
        text = source[chunk.start : chunk.end]
        line, _column = place(chunk.start)
        fault = None if lines.read(text, line, limits) else _fault(text, line, limits, len(source), anchors)
        if fault:
            faulty.append(chunk)
            kept = list(_as_typed(text, line)) or list(_quoted(text, line, limits))
            if kept and isinstance(kept[0][1], Scalar) and kept[0][1].text.startswith("[["):
                fault = replace(fault, code="KG128", message=_LINKS)
            last = place(chunk.start + len(text.rstrip()))[0]
            if fault.line > last:  # libyaml looked for the end where there is nothing more
                fault = replace(fault, line=line, column=1)
            problems.append(fault if kept else left_out(fault, line, last))
            typed += kept
    rest = without(source, faulty)
    try:
        fields = read_whole(rest, first_line, limits, problems)
    except yaml.YAMLError as error:
        whole = problem_of(error, rest, first_line)
    except Refused as signal:
        whole = signal.problem
    else:
        entries = sorted((*fields.entries, *typed), key=lambda entry: entry[0].line) if typed else fields.entries
        return replace(fields, entries=tuple(entries)), rest
    problems[:] = [left_out(whole, first_line, place(len(source.rstrip()))[0])]
    return Mapping((), first_line, 1), rest


def around_one_fault(
    source: str, first_line: int, limits: Limits, whole: Problem, problems: list[Problem]
) -> Mapping | None:
    """The fields before and after the fault in a map in braces, assuming that there is only one; or None."""

    def read(text: str) -> Mapping | None:
        with suppress(yaml.YAMLError, Refused):
            return read_whole(text, first_line, limits, [])
        return None

    place = Places(source, first_line)
    text = source.rstrip()
    if not text.lstrip().startswith("{"):
        return None
    try:
        read_whole(text, first_line, limits, [])
    except yaml.MarkedYAMLError as error:
        failed = error.problem_mark.index + 1 if error.problem_mark else len(text)
    except (yaml.YAMLError, Refused):
        return None
    found = around(text, failed, TOKEN, lambda part: read(part) is not None)
    if not found:
        return None
    maps, (start, end) = found
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    problems.append(left_out(whole, place(first)[0], place(max(first, len(text[:end].rstrip()) - 1))[0]))
    entries = [entry for part in maps for entry in read_whole(part, first_line, limits, problems).entries]
    return Mapping(tuple(entries), first_line, 1)


def _fault(text: str, line: int, limits: Limits, size: int, anchors: set[str]) -> Problem | None:
    """What keeps a part of the source from being fields; the anchors that it sets are added where nothing does.

    Args:
        text: the part.
        line: the line of the file it begins in.
        limits: how deep values may nest.
        size: of the whole source, in characters.
        anchors: those of the parts above.
    """
    if text.startswith("<!--"):
        return Problem(line, 1, "KG116", no_key(text))
    if INDENTED.match(text):
        return Problem(line, 1, "KG101", HINTS["did not find expected key"])
    if DOCUMENT.match(text):
        return Problem(line, 1, "KG101", HINTS["but found another document"])
    try:
        events = by_either(size, lambda loader: list(Tree(text, line, limits, [], loader).events()))
    except yaml.YAMLError as error:
        flow = isinstance(error, yaml.MarkedYAMLError) and "flow" in (error.context or "")
        if flow and (tight := TIGHT.search(text)):
            return Problem(*Places(text, line)(tight.start()), "KG101", NO_BLANK)
        return problem_of(error, text, line)
    except Refused as signal:
        return signal.problem
    nodes = [event for event in events if isinstance(event, yaml.NodeEvent)]
    if not nodes or not isinstance(nodes[0], yaml.MappingStartEvent) or nodes[0].flow_style:
        tight = _TIGHT_COLON.match(text)
        message = "a blank must follow the ':'" if tight else "front matter must be 'key: value' lines"
        return Problem(line, tight.end() if tight else 1, "KG116", message)
    own: set[str] = set()
    for node in nodes:
        if not isinstance(node, yaml.AliasEvent):
            own.add(node.anchor or "")
        elif node.anchor not in own and node.anchor not in anchors:
            mark: Any = node.start_mark
            return Problem(line + mark.line, mark.column + 1, "KG101", HINTS[NO_ANCHOR])
    anchors |= own
    return None


def _as_typed(chunk: str, line: int) -> Iterator[tuple[Scalar, Value]]:
    """A field of one line that is not YAML, kept as a person would read it (`title: Part 1: the start`)."""
    match = _ONE_LINE.match(chunk.rstrip())
    if match:
        value = Scalar(match["value"], line, match.start("value") + 1, quoted=True)
        yield Scalar(match["key"].strip(), line, 1), value


def _quoted(chunk: str, line: int, limits: Limits) -> Iterator[tuple[Scalar, Value]]:
    """A field that is YAML once values that begin with a reserved sign are in quotes: `- @name`, as typed."""
    text = _RESERVED.sub(lambda match: match["head"] + "'" + match["value"].replace("'", "''") + "'", chunk)
    if text != chunk and not _fault(text, line, limits, len(text), set()):
        yield from read_whole(text, line, limits, []).entries
