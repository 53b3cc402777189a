"""Faulty YAML: the fields that can be read when each is read on its own, or before and after the one fault."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec.structs import replace

from kg.config import Limits
from kg.reading.braces import is_member, members
from kg.reading.field_lines import HeadKeys, glued
from kg.reading.scanning import Places, blank, left_out, moved
from kg.reading.values import Mapping, Problem, Scalar, Value
from kg.reading.yaml import lines
from kg.reading.yaml.faults import HINTS, NO_ANCHOR, NO_BLANK, TIGHT, Refused, no_key, problem_of
from kg.reading.yaml.field_spans import DOCUMENT, GLUED, INDENTED, FieldSpan, field_spans, without
from kg.reading.yaml.loading import by_either
from kg.reading.yaml.tree import Tree, read_whole

_ONE_LINE = re.compile(
    r"(?P<key>[^\s#\-:,\]}\[{\"'?&*!|>%@`][^:\n]*):[ \t]+"
    r"(?P<value>(?:[^\s\[{|>&*!#]|\[\[[^\[\]\n]+\]\]"
    r"|\[[^\[\],\n]+\][ \t]*[^\s\],#]|\*[^\s*][^*\n]*\*|\{[#@%/])[^\n]*)\Z"
)
_TABS, _BLANKS = re.compile(r"^\t+", re.MULTILINE), re.compile(r"^\t* [ \t]*[^\s#]", re.MULTILINE)
"""Lines that begin with tabs alone, and those that begin with a blank."""
_LINKS = "YAML has no links; read as typed: write a YAML list of links in quotes"
_NO_BREAK = "a line break is missing before '{}:'"
_NOT_FIRST = "blanks or a tab stand before the key; begin it in column 1, as the fields above and below"
_SECOND_COLON = "mapping values are not allowed in this context"
_KEYS = re.compile(r"^([\w-]+):", re.MULTILINE)
_RESERVED = re.compile(
    r"^(?P<head>[ \t]*(?:- )*(?:-[ \t]+|[^\s#:\[\]{}\"'\-][^:\n]*:[ \t]+))(?P<value>[@`%](?:(?![ \t]#)[^\n])*?)[ \t]*$",
    re.MULTILINE,
)
_IN_BRACKETS = re.compile(r"[^\s:][^:\n]*:[ \t]+(?P<open>[\[{])[ \t]*[^\s\[\]{}][^\n]*\Z")
_BLOCK_SIGN = re.compile(r"(?<=:)([ \t]+)[|>][-+]?(?=[ \t]+[^\s#])")
_TOKENS = re.compile(
    r"(?P<string>\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+')|(?P<torn>[\"'])"
    r"|(?:(?<=\s)|^)#[^\n\[\]{}]*(?P<opened>[\[\]{}])?[^\n]*"
    r"|(?P<sign>[\[\]{},]|:(?=[\s,\[\]{}]|\Z)|(?<=[\"']):)|[?&!][^\s,\[\]{}]*(?=\s)"
    r"|(?P<word>-(?=\s)|#)|(?P<text>(?:[^\s,\[\]{}:]|:(?![\s,\[\]{}]|\Z))"
    r"(?:[^\s,\[\]{}:#]|:(?![\s,\[\]{}]|\Z)|(?<=\S)#|[ \t]+(?=[^\s,\[\]{}:#]|:(?![\s,\[\]{}]|\Z)))*+)",
    re.DOTALL | re.MULTILINE,
)
_COMMENTED_OUT = re.compile(r"\s(?P<sign>#)[^\n]*,\s+[\w-]+:\s[^\n]*\Z")
_COMMENT_OF_FIELDS = "'#' begins a comment here, and the fields in it are lost"
_LINE_END = re.compile(r"[ \t,]*(?:#[^\n]*)?\n")
_CONFLICT = re.compile(r"[<>]{7}\s|={7}\s*$", re.MULTILINE)
_RESOLVE = "a merge conflict was left here; keep one side, and delete the lines with <<<<<<<, ======= and >>>>>>>"
_TIGHT_DASH = re.compile(r"-[^\s-]")
_TIGHT_COLON = re.compile(r"[A-Za-z][\w-]*:(?=[^ \t\n])")


def recovered(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> tuple[Mapping, str]:
    """The fields that are YAML when read one by one, and the source without the others."""
    place = Places(source, first_line)
    anchors: set[str] = set()
    faulty: list[FieldSpan] = []
    typed: list[tuple[Scalar, Value]] = []
    keys = HeadKeys.of(_KEYS.findall(source))
    for chunk in field_spans(source):
        text = source[chunk.start : chunk.end]
        line, _column = place(chunk.start)
        fault = None if lines.read(text, line, limits) else _fault(text, line, limits, len(source), anchors)
        if fault:
            faulty.append(chunk)
            split = list(_glued(text, line, limits))
            ways = (_as_typed(text, line), *_rewritten(text, line, limits))
            kept = split or next(filter(None, map(list, ways)), [])
            if split:
                fault = Problem(line, split[1][0].column, "KG116", _NO_BREAK.format(split[1][0].text))
            elif kept and isinstance(kept[0][1], Scalar) and kept[0][1].text.startswith("[["):
                fault = replace(fault, code="KG128", message=_LINKS)
            elif fault.message == HINTS[_SECOND_COLON]:
                fault = _two_fields(source, place, fault, keys)
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


def _two_fields(source: str, place: Places, fault: Problem, keys: HeadKeys) -> Problem:
    """What is said of a second colon in a value, where another field may begin with the word before it."""
    row = source[place.offset(fault.line - place(0)[0] + 1, 1) :].partition("\n")[0]
    found = glued(row, keys, row.find(":"))
    if not found:
        return fault
    message = f"{_NO_BREAK.format(found['key'])}; if it is text, quote the whole value"
    return replace(fault, column=found.start("key") + 1, code="KG116", message=message)


def recovered_flow(source: str, first_line: int, limits: Limits, problems: list[Problem]) -> Mapping | None:
    """The members that are YAML when read one by one, of a map in braces; None if there are none."""

    def fault_of(text: str, line: int, anchors: set[str]) -> Problem | None:
        fault = _fault("{" + text + "}", line, limits, len(source), anchors)
        if not fault and not is_member(text, source, _TOKENS):
            fault = Problem(line, 2, "KG101", "no 'key: value' stands here")
        return fault

    place = Places(source, first_line)
    anchors: set[str] = set()
    kept = [blank(source[: source.index("{")]), "{"]
    done = len(kept[0]) + 1
    faults: list[Problem] = []
    for start, end in members(source, _TOKENS, lambda text: fault_of(f"{text}\n", 1, set()) is not None):
        line, column = place(start)
        if fault := fault_of(source[start:end] + "\n" * bool(_LINE_END.match(source, end)), line, anchors):
            if fault.line == line:  # behind a brace that is not there
                fault = replace(fault, column=max(1, fault.column + column - 2))
            faults.append(left_out(fault, line, place(end - 1)[0]))
            continue
        if hidden := _COMMENTED_OUT.search(source, start, end):
            faults.append(Problem(*place(hidden.start("sign")), "KG111", _COMMENT_OF_FIELDS))
        gap = blank(source[done:start])
        if len(kept) > 2:  # with a comma, which may have been lost
            gap = gap[:-1] + "," if gap and gap[-1] != "\n" else gap + ","
        kept += gap, source[start:end]
        done = end
    if len(kept) < 3:
        return None
    try:
        fields = read_whole("".join((*kept, "\n}")), first_line, limits, problems)
    except (yaml.YAMLError, Refused):  # a member is an alias for what stands in a faulty one
        return None
    problems += faults
    return fields


def _fault(text: str, line: int, limits: Limits, size: int, anchors: set[str]) -> Problem | None:
    """What keeps a part of the source from being fields; the anchors that it sets are added where nothing does.

    Args:
        text: the part.
        line: the line of the file it begins in.
        limits: how deep values may nest.
        size: of the whole source, in characters.
        anchors: those of the parts above.
    """
    if _CONFLICT.match(text):
        return Problem(line, 1, "KG101", _RESOLVE)
    if text.startswith("<!--"):
        return Problem(line, 1, "KG116", no_key(text))
    if INDENTED.match(text):
        return Problem(line, 1, "KG101", _NOT_FIRST)
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
    if not nodes or not isinstance(nodes[0], yaml.MappingStartEvent) or nodes[0].flow_style != text.startswith("{"):
        tight = _TIGHT_COLON.match(text)
        message = "a blank must follow the ':'" if tight else "front matter must be 'key: value' lines"
        if _TIGHT_DASH.match(text):
            message = "a blank must follow the '-' of an item"
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


def _glued(chunk: str, line: int, limits: Limits) -> Iterator[tuple[Scalar, Value]]:
    """Two fields that stand in one line."""
    match = GLUED.match(chunk)
    if match is None:
        return
    first, second = chunk[: match.end()], chunk[match.end() :]
    if not any(_fault(part, line, limits, len(part), set()) for part in (first, second)):
        yield from read_whole(first, line, limits, []).entries
        yield from moved(read_whole(second, line, limits, []), line, match.end()).entries


def _rewritten(chunk: str, line: int, limits: Limits) -> Iterator[Iterator[tuple[Scalar, Value]]]:
    """A field that is YAML once it is written otherwise: as typed, and at the same places."""
    # Values that begin with a reserved sign, `- @name`, in quotes.
    yield _if_yaml(
        _RESERVED.sub(lambda match: match["head"] + "'" + match["value"].replace("'", "''") + "'", chunk),
        chunk,
        line,
        limits,
    )
    if not _BLANKS.search(chunk):  # how many of them a tab stands for, is not known
        yield _if_yaml(_TABS.sub(lambda match: " " * len(match[0]), chunk), chunk, line, limits)
    if match := _IN_BRACKETS.match(chunk.rstrip()):  # in one line, with a bracket less or more at its end
        closing = "]" if match["open"] == "[" else "}"
        yield _if_yaml(match[0] + closing, chunk, line, limits)
        yield _if_yaml(match[0].removesuffix(closing), chunk, line, limits)
    # A text that begins in the line of its `|` or `>`, instead of in the next one.
    text = _BLOCK_SIGN.sub(lambda match: " " * len(match[0]), chunk, count=1)
    if text != chunk:
        yield _as_typed(text, line)
        yield _if_yaml(text, chunk, line, limits)


def _if_yaml(text: str, typed: str, line: int, limits: Limits) -> Iterator[tuple[Scalar, Value]]:
    if text != typed and not _fault(text, line, limits, len(text), set()):
        yield from read_whole(text, line, limits, []).entries
