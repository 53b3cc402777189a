"""The findings of `kg check` for people and for machines: text, JSON, SARIF, GitHub's annotations."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from kg.diagnostics import CODES, render
from kg.machine.terminal import safe
from kg.model import Diagnostic
from kg.text.table import aligned
from kg.text.wording import counted

_LEVELS = ("error", "warning", "note")
"""The worst first; SARIF has the same."""
_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_DEAD_LINKS = frozenset({"KG301", "KG303"})
_OFTEN = 5
"""The number of equal findings from which one line stands for all."""


def write(found: Sequence[Diagnostic], form: str, *, root: str, version: str, each: bool = True) -> str:
    """All findings in one format.

    Args:
        found: in the order in which they are to be shown.
        form: `text`, `json`, `sarif` or `github`.
        root: the prefix of all paths, which makes them relative to the current folder: `content/` or "".
        version: of kg.
        each: whether text has a line for each finding, rather than one for all equal findings.
    """
    if form == "json":
        return json.dumps(_json(found, root), ensure_ascii=False, indent=2)
    if form == "sarif":
        return json.dumps(_sarif(found, root, version), ensure_ascii=False, indent=2)
    if form == "github":
        return "\n".join(_github(diagnostic, root) for diagnostic in found)
    return "\n".join(render(diagnostic, root=root) for diagnostic in (found if each else _at_once(found)))


def _at_once(found: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings; many equal ones become one at the first place, and so do the dead links of one file."""
    grouped: dict[tuple[str, ...], list[Diagnostic]] = {}
    for d in found:
        grouped.setdefault((d.severity, d.code, d.message), []).append(d)
    often = {key for key, same in grouped.items() if len(same) >= _OFTEN}
    for d in found:
        if d.code in _DEAD_LINKS and (d.severity, d.code, d.message) not in often:
            grouped.setdefault((d.path, d.code), []).append(d)
    for d in found:
        key: tuple[str, ...] = (d.severity, d.code, d.message)
        if key not in often:
            key = (d.path, d.code)
        same = grouped.get(key, [])
        if len(same) < _OFTEN:
            yield d
        elif d is same[0]:
            files = counted(len({other.path for other in same}), "file")
            times = f"{len(same):,} times, in {files}" if key in often else f"{len(same):,} such links in this file"
            yield replace(d, message=f"{d.message} ({times}; --only {d.code} shows each)")


def summary(found: Sequence[Diagnostic]) -> str:
    """How often each code was found, the worst first."""
    counts = Counter((_LEVELS.index(d.severity), d.code) for d in found)
    files = {code: len({d.path for d in found if d.code == code}) for _severity, code in counts}
    rows = []
    for (severity, code), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1])):
        where = f"{CODES[code].title}  (in {counted(files[code], 'file')})"
        rows.append([f"{count:,}", _LEVELS[severity], code, where])
    return "\n".join(aligned(rows, ">", indent="  "))


def _json(found: Sequence[Diagnostic], root: str) -> dict[str, Any]:
    shown = ("line", "column", "code", "severity", "message")
    return {
        "diagnostics": [{"path": root + d.path} | {name: getattr(d, name) for name in shown} for d in found],
        "counts": dict(sorted(Counter(d.code for d in found).items())),
    }


def _sarif(found: Sequence[Diagnostic], root: str, version: str) -> dict[str, Any]:
    """SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""
    from urllib.parse import quote

    codes = sorted({d.code for d in found})
    base = (
        "file://" if root.startswith("/") else ""
    )  # 3.4.3: a path from the root of a disk is not a relative reference
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title},
            "help": {"text": CODES[code].remedy},
            "defaultConfiguration": {"level": CODES[code].severity},
        }
        for code in codes
    ]

    def result(d: Diagnostic) -> dict[str, Any]:
        # A finding about a whole file stands at its beginning: GitHub shows none without.
        region = {"startLine": d.line or 1, "startColumn": d.column or 1}
        place = {"artifactLocation": {"uri": f"{base}{quote(os.fsencode(root + d.path))}"}, "region": region}
        return {
            "ruleId": d.code,
            "ruleIndex": codes.index(d.code),
            "level": d.severity,
            "message": {"text": d.message},
            "locations": [{"physicalLocation": place}],
        }

    driver = {"name": "kg", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [result(d) for d in found]}
    return {"$schema": _SARIF, "version": "2.1.0", "runs": [run]}


def _github(d: Diagnostic, root: str) -> str:
    """A workflow command (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    level = "notice" if d.severity == "note" else d.severity
    place = f"file={_property(root + d.path)}" + (f",line={d.line},col={d.column}" if d.line else "")
    return safe(f"::{level} {place},title={d.code}::{_data(d.message)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
