"""Full-text search: titles, abstracts, definitions, names in all spellings and, on request, bodies.

The index is SQLite's FTS5 (https://www.sqlite.org/fts5.html), the order its BM25 (Robertson and Zaragoza 2009,
https://doi.org/10.1561/1500000019): a word counts the more, the rarer it is and the shorter the text; in a name it
counts ten times, in an abstract three times as much as in a body. What is called just so comes before everything else.

What counts as a word is decided here. Case, width, accents, and traditional or simplified characters make no
difference. Chinese, Japanese and Korean have no blanks between words, so of each run every two letters side by side are
a token, and the last letter by itself: `知识图谱` is `知识 识图 图谱 谱`. A word of a query is a phrase of such tokens,
which is found where the word stands and nowhere else; a single letter is the beginning of a token. Chinese names are
found by their pinyin too.
"""

import json
import re
import sqlite3
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from kg.graph.lookup import path_of, similar
from kg.graph.model import KnowledgeGraph
from kg.insight.incidence import day_of
from kg.insight.terms import check_kind
from kg.machine.files import make_folder, open_plain, read_plain, refuse_link, replacing, warn
from kg.model import Node
from kg.namespaces import SCHEMA
from kg.reading.bodies import body_of, file_of
from kg.resolution.forms import converted, is_wide
from kg.resolution.readings import sound
from kg.state import SEARCH, SEARCH_BODIES, Miss, Reason, State, reason_of
from kg.state.keys import program
from kg.text.folding import caseless
from kg.text.languages import HAN
from kg.text.scripts import WIDE

ABSTRACTS = frozenset({SCHEMA + "abstract", SCHEMA + "description"})
HEADLINE = SCHEMA + "headline"
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
_QUESTION = """
SELECT iri, label, kind, path, line, texts, -bm25(words, 10, 5, 3, 1) AS score,
  documents.id IN (SELECT document FROM called WHERE name = :name) AS exact,
  CASE WHEN documents.id IN (SELECT document FROM called WHERE name = :name)
    THEN (SELECT count(*) FROM named WHERE document = documents.id) END AS days
FROM words JOIN documents ON documents.id = words.rowid
WHERE words MATCH :match AND (:kind = '' OR instr(kinds, ' ' || :kind || ' '))
  AND (:since || :until = '' OR EXISTS (
    SELECT 1 FROM named WHERE document = documents.id AND day >= :since
      AND (:until = '' OR substr(day, 1, length(:until)) <= :until)))
ORDER BY exact DESC, days DESC, round(score, 6) DESC, iri LIMIT :limit
"""
_ALL_WIDE = WIDE + HAN
_TOKEN = re.compile(rf"[{_ALL_WIDE}]+|[^\W_{_ALL_WIDE}]+[+#]*")
_HAN_RUN = re.compile(f"[{HAN}]{{2,8}}")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_BREAKS = str.maketrans("\n\r\t", "   ")
_WINDOW = 120
"""Characters of a snippet, about."""


class Question(NamedTuple):
    """A search query."""

    words: str
    """Any text; nothing in it is an operator."""
    bodies: bool = False
    kind: str = ""
    limit: int = 10
    """0 for all."""
    since: str = ""
    """The first day, or a beginning of one; things count where a post of these days names them."""
    until: str = ""


class Hit(NamedTuple):
    """A node that was found."""

    iri: str
    label: str
    kind: str
    score: float
    """BM25: comparable within one answer only."""
    path: str
    """The post of the snippet; for a thing, the first post that names it; "" if none does."""
    line: int
    snippet: str


class SearchResult(NamedTuple):
    """An answer."""

    hits: list[Hit]
    how: str
    """`words` where all words were found as they stand, `beginnings` of words, `any` where only some were found."""
    near: tuple[str, ...]
    """Where nothing was found: names that are much like what was looked for."""


def search(
    question: Question, graph: Callable[[], KnowledgeGraph], content: Path, state: State, token: bytes = b""
) -> SearchResult:
    """Look something up, in the index that was kept if it was made from the same posts, else in a fresh one.

    Args:
        question: what is looked for.
        graph: gives the graph, if the index has to be made.
        content: the folder of posts, for their bodies.
        state: where the index is kept.
        token: stands for everything that the graph was made from; where it is empty, nothing is kept.

    Raises:
        ConfigError: the graph has no such kind.
    """
    name = SEARCH_BODIES if question.bodies else SEARCH
    saved = _saved_index(state, name, token) if token else Miss(Reason.ABSENT)
    if not isinstance(saved, Miss):
        with closing(saved):
            try:
                return ask(saved, question, content)
            except (sqlite3.DatabaseError, ValueError):
                state.miss(name, Reason.DAMAGED)
    whole = graph()
    made = _renewed(state, name, whole, content, question, token) if token else None
    made = made or make(whole, content, bodies=question.bodies, token=token)
    with closing(made):
        if token:
            _keep(made, state, name)
        return ask(made, question, content)


def _renewed(
    state: State, name: str, graph: KnowledgeGraph, content: Path, question: Question, token: bytes
) -> sqlite3.Connection | None:
    """The index that was kept for other posts, in memory and brought into step; None where there is none to be used."""
    saved = _opened(state, name)
    if isinstance(saved, Miss):
        return None
    index = sqlite3.connect(":memory:")
    try:
        with closing(saved):
            if saved.execute("SELECT program FROM made").fetchone() == (program(),):
                saved.backup(index)
                if index.execute("PRAGMA quick_check").fetchone() == ("ok",):
                    _bring_into_step(index, graph, content, bodies=question.bodies, token=token)
                    return index
    except (sqlite3.Error, ValueError, zlib.error):
        state.miss(name, Reason.DAMAGED)
    index.close()
    return None


def _saved_index(state: State, name: str, token: bytes) -> sqlite3.Connection | Miss:
    """The index that was kept for these posts, opened for reading only."""
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
    """The index that was kept, opened for reading only."""
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


def _keep(index: sqlite3.Connection, state: State, name: str) -> None:
    """Keep an index for the next run; where that fails, one line says so, and the run goes on."""
    if state.folder is None or not state.writes:
        return
    try:
        make_folder(state.folder)
        with replacing(state.folder / name) as file, closing(sqlite3.connect(file.name)) as copy:
            index.backup(copy)
    except (OSError, sqlite3.Error) as error:
        warn(f"{state.folder / name}: {error}; nothing is kept there, and the next search takes longer")


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
    """Index what the graph holds and remove the rest; unchanged documents are left alone."""
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
        number, digest = earlier.pop(_valid(iri), (free, None))
        free += number == free
        numbers[iri] = number
        own = path_of(node)
        path, line = (own, 1) if own else first.get(iri, ("", 0))
        texts = _texts(node, path, line)
        file = _bytes_of(content, own) if own and bodies else b""
        row = [*map(_valid, (iri, node.label, node.kind, path)), line]
        row += [_valid(json.dumps([*texts[0], *texts[1]])), f" {' '.join(node.kinds)} "]
        now = blake2b(json.dumps([row, len(texts[0])]).encode() + file, digest_size=16).digest()
        if now == digest:
            continue
        if digest is not None:
            _forget(index, number)
        names = [text for text, _path, _line in texts[0]]
        indexed = (
            *(_indexed(text for text, _path, _line in part) for part in texts),
            "" if own else _pinyin(names),
            _body(body_of(content, own)[0]) if own and bodies else "",
        )
        called = dict.fromkeys(_valid(normal(text).strip()) for text in names)
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
    """Take a document out of the index."""
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
    lines = {attribute.value: attribute.line for attribute in node.attributes if attribute.predicate == HEADLINE}
    names = [(text, path, lines.get(text) or line) for text in node.names]
    abstracts = [(a.value, path, a.line or line) for a in node.attributes if a.predicate in ABSTRACTS]
    abstracts += [(d.text, place, d.line) for place, d in node.definitions if d.text]
    return names, abstracts


def _valid(text: str) -> str:
    """A text without halves of characters, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()


def normal(text: str) -> str:
    r"""A text without the differences that make no difference; line breaks are blanks.

    >>> normal("ＡＩ\nCafé 圖譜")
    'ai cafe 图谱'
    """
    return _all_normal([text.translate(_BREAKS)])[0]


def _all_normal(lines: Sequence[str]) -> list[str]:
    """The same of many texts without line breaks, with one call of the converter."""
    plain = [_without_accents(caseless(line)) for line in lines]
    return converted(plain) if any(map(is_wide, plain)) else plain


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", text)))


def tokens(text: str) -> Iterator[str]:
    """What is indexed of a normal text.

    >>> list(tokens("c++ 知识图谱 ai"))
    ['c++', '知识', '识图', '图谱', '谱', 'ai']
    """
    for run in _TOKEN.findall(text):
        if _is_wide_run(run):
            yield from (run[place : place + 2] for place in range(len(run)))
        else:
            yield run


_is_wide_run = re.compile(f"[{_ALL_WIDE}]").match


def _indexed(texts: Iterator[str]) -> str:
    return _valid(" ".join(tokens(normal(" | ".join(texts)))))


def _body(body: str) -> str:
    return _valid(" ".join(tokens("\n".join(_all_normal(body.split("\n")))))) if body else ""


def _pinyin(names: Sequence[str]) -> str:
    """What Chinese names sound like: each syllable, and the name from its beginning, and to its end, as one word.

    >>> _pinyin(["习近平"])
    'xi jin ping xijin jinping xijinping'
    """
    result: dict[str, None] = {}
    for run in _HAN_RUN.findall(" ".join(names)):
        syllables = [sound(character) for character in run]
        cuts = range(2, len(run))
        result |= dict.fromkeys(syllables)
        result |= dict.fromkeys("".join(part) for cut in cuts for part in (syllables[:cut], syllables[-cut:]))
        result["".join(syllables)] = None
    return " ".join(result)


def phrase(word: str, *, beginning: bool = False) -> str:
    """A word of a query for FTS5, in quotes; "" where it holds no letter and no digit.

    >>> phrase("知识图"), phrase("谱"), phrase('or"'), phrase("nvid", beginning=True)
    ('"知识 识图"', '"谱" *', '"or"', '"nvid" *')
    """
    found = list(tokens(word))
    if found and len(found[-1]) == 1 and _is_wide_run(found[-1]):
        beginning = len(found) == 1 or found[-2][-1] != found[-1] or not _is_wide_run(found[-2])
        found = found if beginning else found[:-1]
    return f'"{" ".join(found)}"' + " *" * beginning if found else ""


def ask(index: sqlite3.Connection, question: Question, content: Path) -> SearchResult:
    """Look something up in an index: all words; if there is nothing, words that begin so; if nothing, any of them.

    Raises:
        ConfigError: the graph has no such kind.
        sqlite3.DatabaseError: the index is damaged.
    """
    check_kind(question.kind, json.loads(index.execute("SELECT kinds FROM made").fetchone()[0]))
    words = [_valid(word) for word in normal(question.words).split() if phrase(word)]
    whole, beginnings = ([phrase(word, beginning=b) for word in words] for b in (False, True))
    more = question._asdict() | {"name": " ".join(normal(question.words).split()), "limit": question.limit or -1}
    ways = (("words", " AND ".join(whole)), ("beginnings", " AND ".join(beginnings)), ("any", " OR ".join(beginnings)))
    for how, match in ways:
        rows = index.execute(_QUESTION, more | {"match": match}).fetchall() if words else []
        if rows:
            return SearchResult([_hit(row, words, content, bodies=question.bodies) for row in rows], how, ())
    return SearchResult([], "", _near(index, question.words))


def _hit(row: tuple[Any, ...], words: Sequence[str], content: Path, *, bodies: bool) -> Hit:
    iri, label, kind, path, line, texts, score, _exact, _days = row
    best = (0, path, line, label)
    candidates = ((text, place, number) for text, place, number in json.loads(texts))
    for text, place, number in (*candidates, *(_lines(content, path) if bodies and kind == "post" else ())):
        plain = normal(text)
        places = [at for word in words if (at := plain.find(word)) >= 0]
        if len(places) > best[0]:
            best = (len(places), place, number, _window(text, min(places) if len(plain) == len(text) else 0))
    return Hit(iri, label, kind, score, *best[1:])


def _lines(content: Path, path: str) -> Iterator[tuple[str, str, int]]:
    body, first = body_of(content, path)
    return ((line, path, first + number) for number, line in enumerate(body.split("\n")) if line.strip())


def _window(text: str, at: int) -> str:
    """The text around a place."""
    text = text.translate(_BREAKS)
    start = max(0, at - _WINDOW // 3)
    if start:
        start = max(text.rfind(" ", start - 20, start) + 1, start)
    end = start + _WINDOW
    return "…" * (start > 0) + text[start:end].strip() + "…" * (end < len(text))


def _near(index: sqlite3.Connection, words: str) -> tuple[str, ...]:
    """Names that are much like a text, the most similar first."""
    rows = index.execute("SELECT name, document FROM called ORDER BY name, document").fetchall()
    names, documents = [name for name, _document in rows], [document for _name, document in rows]
    close = similar(names, normal(words), 5)[:5]
    label = "SELECT label FROM documents WHERE id = ?"
    found = [index.execute(label, (documents[place],)).fetchone()[0] for place, _score in close]
    return tuple(dict.fromkeys(found))
