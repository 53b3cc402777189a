"""IRIs of the same things elsewhere (Wikidata, VIAF …), as a table that other tools fill in: `kind,name,IRI`.

The table is CSV by RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180) in UTF-8.
"""

import csv
import io
from pathlib import Path
from typing import NamedTuple

from kg.errors import LedgerError, os_errors
from kg.machine.files import read_plain
from kg.resolution import Resolution, ledger
from kg.resolution.decisions import decide_each
from kg.resolution.ledger_lines import WEB, Decision, line_of
from kg.resolution.names import key_of
from kg.text.cells import guarded, unguarded

HEADER = ("kind", "name", "IRI")


class Imported(NamedTuple):
    """The result of importing a table."""

    lines: list[str]
    """Added to the ledger."""
    faults: list[str]
    """One line for each row that cannot be imported: file, line, what is wrong."""


def table(resolution: Resolution, *, kind: str = "") -> bytes:
    """All things except posts, by kind and label, one row for each IRI elsewhere, or one with an empty IRI.

    Args:
        resolution: of all posts.
        kind: only this kind; "" for all.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for entity in sorted(resolution.entities, key=lambda entity: (entity.kind, entity.label, entity.iri)):
        if not kind or entity.kind == kind:
            writer.writerows((entity.kind, guarded(entity.label), iri) for iri in entity.same_as or ("",))
    return text.getvalue().encode("utf-8", "replace")


def take(path: Path, resolution: Resolution, into: Path) -> Imported:
    """Add the IRIs of a table to the ledger, except those that it already has.

    Args:
        path: the table; rows without an IRI are skipped.
        resolution: of all posts.
        into: the ledger.

    Raises:
        LedgerError: the table or the ledger cannot be read or written.
    """
    with os_errors(LedgerError, f"{path}"):
        data = read_plain(path)
    try:
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        header = next(rows, [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise LedgerError(f"{path}: not CSV in UTF-8: {error}") from None
    if tuple(map(str.lower, header[:3])) != tuple(map(str.lower, HEADER)):
        raise LedgerError(f"{path}:1: the first line must be {','.join(HEADER)}, with commas")
    known = {(one.keys[0], one.target) for one in ledger.read(into).with_verb("sameas")}
    faults: list[str] = []
    wanted: dict[str, tuple[int, Decision]] = {}
    try:
        for row in rows:
            if len(row) < 3 or not row[2].strip():
                continue
            kind, name, iri = (unguarded(part.strip()) for part in row[:3])
            if key_of(kind, name) not in resolution.by_key:
                faults.append(f"{path}:{rows.line_num}: no post mentions {name!r} as {kind}")
            elif not WEB.match(iri):
                faults.append(f"{path}:{rows.line_num}: {iri!r} is not a web address; write http:// or https://")
            elif (key_of(kind, name), iri) not in known:
                decision = Decision("sameas", kind, (name,), iri)
                wanted[line_of(decision)] = rows.line_num, decision
    except csv.Error as error:
        faults.append(f"{path}:{rows.line_num}: {error}")
    lines = decide_each(into, (([decision], "") for _number, decision in wanted.values()))
    against = "it contradicts the ledger, which keeps apart what one IRI would join"
    faults += (f"{path}:{number}: {against}" for line, (number, _decision) in wanted.items() if line not in lines)
    return Imported(lines, sorted(faults, key=lambda fault: int(fault.removeprefix(f"{path}:").partition(":")[0])))
