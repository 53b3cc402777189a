"""The index of full-text search: made from a graph, saved for the next run, updated when posts change.

It is a database of SQLite's FTS5 (https://www.sqlite.org/fts5.html).
"""

import json
import sqlite3
import zlib
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph
from kg.insight.incidence import day_of
from kg.insight.tokens import normal, pinyin, tokens_of_body, tokens_of_texts, valid
from kg.machine.files import make_folder, open_plain, read_plain, refuse_link, replacing, warn
from kg.model import Node
from kg.namespaces import SCHEMA
from kg.reading.bodies import body_of, file_of
from kg.state import Miss, Reason, State, reason_of
from kg.state.keys import program

_ABSTRACTS = frozenset({SCHEMA + "abstract", SCHEMA + "description"})
_HEADLINE = SCHEMA + "headline"
_SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(names, pinyin, abstract, body, content='', prefix='1',
  tokenize="ascii tokenchars '+#'");
CREATE TABLE documents (id INTEGER PRIMARY KEY, iri, label, kind, path, line, texts, kinds, digest, indexed);
CREATE TABLE called (name, document, PRIMARY KEY (name, document)) WITHOUT ROWID;
CREATE INDEX called_so ON called (document);
CREATE TABLE named (document, day, PRIMARY KEY (document, day)) WITHOUT ROWID;
CREATE TABLE made (token, program, kinds);
"""
"""`indexed` is what `words` holds of a document, compressed: FTS5 needs it again to delete the document."""
_INDEX = "INSERT INTO words (rowid, names, abstract, pinyin, body) VALUES (?, ?, ?, ?, ?)"
_FORGET = "INSERT INTO words (words, rowid, names, abstract, pinyin, body) VALUES ('delete', ?, ?, ?, ?, ?)"
"""https://www.sqlite.org/fts5.html#the_delete_command"""


def make(graph: KnowledgeGraph, content: Path, *, bodies: bool = False, token: bytes = b"") -> sqlite3.Connection:
    """The index of a graph, in memory.

    Args:
        graph: what is indexed.
        content: the folder of posts.
        bodies: whether their bodies are, too.
        token: what the index is kept under.
    """
    index = sqlite3.connect(":memory:")
    index.execute("PRAGMA temp_store = MEMORY")
    index.executescript(_SCHEMA)
    _bring_into_step(index, graph, content, bodies=bodies, token=token)
    return index


def _bring_into_step(
    index: sqlite3.Connection, graph: KnowledgeGraph, content: Path, *, bodies: bool, token: bytes
) -> None:
    """Update the index to what the graph holds; unchanged documents are left alone."""
    earlier = {iri: (number, digest) for number, iri, digest in index.execute("SELECT id, iri, digest FROM documents")}
    days = {iri: day_of(node) for iri, node in graph.nodes.items() if node.kind == "post"}
    first: dict[str, tuple[str, int]] = {}
    for edge in graph.edges:
        path = path_of(graph.nodes[edge.source])
        if path and (path, edge.line) < first.get(edge.target, ("\U0010ffff", 0)):
            first[edge.target] = (path, edge.line)
    free = max((number for number, _digest in earlier.values()), default=-1) + 1
    numbers: dict[str, int] = {}
    for iri, node in graph.nodes.items():
        number, digest = earlier.pop(valid(iri), (free, None))
        free += number == free
        numbers[iri] = number
        own = path_of(node)
        path, line = (own, 1) if own else first.get(iri, ("", 0))
        texts = _texts(node, path, line)
        file = _bytes_of(content, own) if own and bodies else b""
        row = [*map(valid, (iri, node.label, node.kind, path)), line]
        row += [valid(json.dumps([*texts[0], *texts[1]])), f" {' '.join(node.kinds)} "]
        now = blake2b(json.dumps([row, len(texts[0])]).encode() + file, digest_size=16).digest()
        if now == digest:
            continue
        if digest is not None:
            _forget(index, number)
        names = [text for text, _path, _line in texts[0]]
        indexed = (
            *(tokens_of_texts(text for text, _path, _line in part) for part in texts),
            "" if own else pinyin(names),
            tokens_of_body(body_of(content, own)[0]) if own and bodies else "",
        )
        called = dict.fromkeys(valid(normal(text).strip()) for text in names)
        index.executemany("INSERT INTO called VALUES (?, ?)", [(name, number) for name in called])
        index.execute(_INDEX, (number, *indexed))
        packed = zlib.compress(json.dumps(indexed).encode(), 1)
        index.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *row, now, packed))
    for number, _digest in earlier.values():
        _forget(index, number)
    named = {(numbers[iri], day) for iri, day in days.items() if day}
    named |= {(numbers[edge.target], day) for edge in graph.edges if (day := days.get(edge.source))}
    before = set(index.execute("SELECT document, day FROM named"))
    index.executemany("DELETE FROM named WHERE document = ? AND day = ?", sorted(before - named))
    index.executemany("INSERT INTO named VALUES (?, ?)", sorted(named - before))
    index.execute("DELETE FROM made")
    index.execute(
        "INSERT INTO made VALUES (?, ?, ?)", (token, program() if token else b"", json.dumps(list(graph.kinds)))
    )
    index.commit()


def _forget(index: sqlite3.Connection, number: int) -> None:
    """Remove a document from the index."""
    (packed,) = index.execute("SELECT indexed FROM documents WHERE id = ?", (number,)).fetchone()
    indexed = json.loads(zlib.decompress(packed))
    index.execute(_FORGET, (number, *indexed))
    index.execute("DELETE FROM documents WHERE id = ?", (number,))
    index.execute("DELETE FROM called WHERE document = ?", (number,))


def _bytes_of(content: Path, path: str) -> bytes:
    try:
        return read_plain(file_of(content, path))
    except OSError:
        return b""


def _texts(node: Node, path: str, line: int) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, int]]]:
    """(names, abstracts and definitions) of a node, each with path and line."""
    lines = {attribute.value: attribute.line for attribute in node.attributes if attribute.predicate == _HEADLINE}
    names = [(text, path, lines.get(text) or line) for text in node.names]
    abstracts = [(a.value, path, a.line or line) for a in node.attributes if a.predicate in _ABSTRACTS]
    abstracts += [(d.text, place, d.line) for place, d in node.definitions if d.text]
    return names, abstracts


def renewed(
    state: State, name: str, graph: KnowledgeGraph, content: Path, *, bodies: bool, token: bytes
) -> sqlite3.Connection | None:
    """The index that was kept for other posts, brought into step in memory; None if there is none that can be used."""
    saved = _opened(state, name)
    if isinstance(saved, Miss):
        return None
    index = sqlite3.connect(":memory:")
    try:
        with closing(saved):
            if saved.execute("SELECT program FROM made").fetchone() == (program(),):
                saved.backup(index)
                if index.execute("PRAGMA quick_check").fetchone() == ("ok",):
                    _bring_into_step(index, graph, content, bodies=bodies, token=token)
                    return index
    except (sqlite3.Error, ValueError, zlib.error):
        state.miss(name, Reason.DAMAGED)
    index.close()
    return None


def saved_index(state: State, name: str, token: bytes) -> sqlite3.Connection | Miss:
    """The index that was kept for these posts, opened for reading only, or why there is none."""
    index = _opened(state, name)
    if isinstance(index, Miss):
        return index
    try:
        if index.execute("SELECT token FROM made").fetchone() == (token,):
            return index
        reason = Reason.POSTS
    except sqlite3.Error:
        reason = Reason.DAMAGED
    index.close()
    return state.miss(name, reason)


def _opened(state: State, name: str) -> sqlite3.Connection | Miss:
    """The index that was kept for any posts, opened for reading only, or why there is none."""
    if state.folder is None:
        return Miss(Reason.ABSENT)
    path = state.folder / name
    try:
        refuse_link(state.folder)
        open_plain(path).close()
    except OSError as error:
        return state.miss(name, reason_of(error))
    try:
        index = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        return state.miss(name, Reason.DAMAGED)
    index.execute("PRAGMA trusted_schema = OFF")  # does not look at the file yet
    return index


def keep(index: sqlite3.Connection, state: State, name: str) -> None:
    """Keep an index for the next run; if that fails, one line says so, and the run goes on."""
    if state.folder is None or not state.writes:
        return
    try:
        make_folder(state.folder)
        with replacing(state.folder / name) as file, closing(sqlite3.connect(file.name)) as copy:
            index.backup(copy)
    except (OSError, sqlite3.Error) as error:
        warn(f"{state.folder / name}: {error}; nothing is kept there, and the next search takes longer")
