"""The index of full-text search: made from a graph, saved for the next run, updated when posts change.

It is a database of SQLite's FTS5 (https://www.sqlite.org/fts5.html).
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kg.fields import SUMMARIES, TITLE
from kg.graph.lookup import path_of
from kg.graph.model import KnowledgeGraph
from kg.insight.days import day_of
from kg.insight.tokens import normal_lines, pinyin, tokens_of_all, tokens_of_body, valid
from kg.machine.files import make_folder, open_plain, read_plain, refuse_link, replacing, warn
from kg.model import Node, encode
from kg.reading.bodies import body_of, file_of
from kg.state import Miss, Reason, State, reason_of
from kg.state.keys import program

_SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(names, pinyin, abstract, body, content='', tokenize="ascii tokenchars '+#'");
INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);
CREATE TABLE documents (id INTEGER PRIMARY KEY, iri, label, kind, path, line, texts, kinds, digest, body);
CREATE TABLE called (name, document, PRIMARY KEY (name, document)) WITHOUT ROWID;
CREATE INDEX called_so ON called (document);
CREATE TABLE named (document, day, PRIMARY KEY (document, day)) WITHOUT ROWID;
CREATE TABLE made (token, program, kinds);
"""
"""`texts` are the names of a document and the rest; `body` is what `words` holds of its body, compressed, because FTS5
needs that again to delete the document."""
_Texts = Sequence[Sequence[tuple[str, str, int]]]
"""The names of a document, and its abstracts and definitions, each with path and line."""
_Document = tuple[int, _Texts, tuple[Any, ...], bytes, str]
"""Number, texts, columns of `documents` from `iri` to `kinds`, digest, tokens of the body."""
_AT_ONCE = 1000
"""Documents: the converter of Chinese characters is called once for all of them."""
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
    paths = {iri: path for iri, node in graph.nodes.items() if (path := path_of(node))}
    days = {iri: day_of(graph.nodes[iri]) for iri in paths}
    first: dict[str, tuple[str, int]] = {}
    for edge in graph.edges:
        path = paths.get(edge.source, "")
        if path and (edge.target not in first or (path, edge.line) < first[edge.target]):
            first[edge.target] = path, edge.line
    free = max((number for number, _digest in earlier.values()), default=-1) + 1
    numbers: dict[str, int] = {}
    changed: list[_Document] = []
    for iri, node in graph.nodes.items():
        number, digest = earlier.pop(valid(iri), (free, None))
        free += number == free
        numbers[iri] = number
        own = paths.get(iri, "")
        path, line = (own, 1) if own else first.get(iri, ("", 0))
        texts = _texts(node, path, line)
        file = _bytes_of(content, own) if own and bodies else b""
        row = (*map(valid, (iri, node.label, node.kind, path)), line, json.dumps(texts), f" {' '.join(node.kinds)} ")
        now = blake2b(encode(row) + file, digest_size=16).digest()
        if now == digest:
            continue
        if digest is not None:
            _forget(index, number)
        body = tokens_of_body(body_of(content, own)[0]) if own and bodies else ""
        changed.append((number, texts, row, now, body))
        if len(changed) == _AT_ONCE:
            _insert(index, changed)
            changed.clear()
    _insert(index, changed)
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


def _insert(index: sqlite3.Connection, documents: Sequence[_Document]) -> None:
    """Add documents to the index."""
    named = [(text, number) for number, texts, *_rest in documents for text, _path, _line in texts[0]]
    normal = normal_lines(text for text, _number in named)
    pairs = dict.fromkeys((valid(text.strip()), number) for text, (_text, number) in zip(normal, named, strict=True))
    index.executemany("INSERT INTO called VALUES (?, ?)", list(pairs))
    index.executemany(_INDEX, _indexed([(number, texts, row[2], body) for number, texts, row, _now, body in documents]))
    rows = [(number, *row, now, _pack(body)) for number, _texts, row, now, body in documents]
    index.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _indexed(documents: Sequence[tuple[int, _Texts, str, str]]) -> Iterator[tuple[int, str, str, str, str]]:
    """What `words` holds of documents, given number, texts, kind and the tokens of the body."""
    parts = [[text for text, _path, _line in part] for _number, texts, _kind, _body in documents for part in texts]
    tokens = tokens_of_all(parts)
    for place, (number, _texts, kind, body) in enumerate(documents):
        names = parts[2 * place]
        yield number, tokens[2 * place], tokens[2 * place + 1], "" if kind == "post" else pinyin(names), body


def _forget(index: sqlite3.Connection, number: int) -> None:
    """Remove a document from the index."""
    texts, kind, body = index.execute("SELECT texts, kind, body FROM documents WHERE id = ?", (number,)).fetchone()
    body = zlib.decompress(body).decode() if body else ""
    index.executemany(_FORGET, _indexed([(number, json.loads(texts), kind, body)]))
    index.execute("DELETE FROM documents WHERE id = ?", (number,))
    index.execute("DELETE FROM called WHERE document = ?", (number,))


def _pack(body: str) -> bytes:
    return zlib.compress(body.encode(), 1) if body else b""


def _bytes_of(content: Path, path: str) -> bytes:
    try:
        return read_plain(file_of(content, path))
    except OSError:
        return b""


def _texts(node: Node, path: str, line: int) -> _Texts:
    """The texts of a node."""
    lines = {attribute.value: attribute.line for attribute in node.attributes if attribute.predicate == TITLE}
    names = [(text, path, lines.get(text) or line) for text in node.names]
    abstracts = [(a.value, path, a.line or line) for a in node.attributes if a.predicate in SUMMARIES]
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
