"""`kg search`: what is found, by which spelling, where it stands, and that the index is never out of date."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.insight import search, search_index, tokens
from kg.insight.search import Question
from kg.state import SEARCH, SEARCH_BODIES, STATE, State
from tests.folders import put
from tests.test_insight import ask

POSTS = {
    "graph.md": "---\ntitle: 圖譜與知識\ndate: 2026-01-05\npeople: [习近平, Ada Lovelace]\n"
    "summary: Wie man ein Café findet.\n---\n\nFirst line.\n\nThe wombat sleeps here.\n",
    "other.md": "---\ntitle: About C++ and more\ndate: 2026-03-07\npeople: [Ada Lovelace]\n---\n\nNothing to see.\n",
    "third.md": "---\ntitle: Ada's machine\ndate: 2026-03-08\n---\n\nMore.\n",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return put(tmp_path / "content", POSTS)


def find(content: Path, words: str, *more: object) -> list[dict[str, object]]:
    status, text, _ = ask("search", words, content, "-o", content.parent / "output", "--format", "json", *more)
    assert status == 0
    found: list[dict[str, object]] = json.loads(text)
    return found


def labels(content: Path, words: str, *more: object) -> list[object]:
    return [hit["label"] for hit in find(content, words, *more)]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("知识", "圖譜與知識"),  # two letters of a run, in simplified characters
        ("譜", "圖譜與知識"),  # one letter, the last of its run's first word
        ("識", "圖譜與知識"),  # the last one of all
        ("cafe", "圖譜與知識"),
        ("ＣＡＦÉ", "圖譜與知識"),
        ("習近平", "习近平"),
        ("xi jinping", "习近平"),
        ("xijinping", "习近平"),
        ("c++", "About C++ and more"),
        ("lovel", "Ada Lovelace"),  # the beginning of a word
    ],
)
def test_any_spelling_is_found(content: Path, words: str, label: str) -> None:
    assert labels(content, words)[0] == label


@pytest.mark.parametrize("words", ["谱知", "知谱", "wombat", "c#"])
def test_what_does_not_stand_there_is_not_found(content: Path, words: str) -> None:
    assert labels(content, words) == []


def test_what_is_called_so_comes_before_what_holds_the_word(content: Path) -> None:
    found = find(content, "ada lovelace")
    assert [hit["label"] for hit in found] == ["Ada Lovelace"]
    assert (found[0]["kind"], found[0]["path"], found[0]["line"]) == ("person", "graph.md", 4)
    assert labels(content, "ada", "--kind", "post") == ["Ada's machine"]


def test_a_snippet_has_its_line(content: Path) -> None:
    (hit,) = find(content, "cafe")
    assert (hit["path"], hit["line"], hit["snippet"]) == ("graph.md", 5, "Wie man ein Café findet.")
    (hit,) = find(content, "wombat", "--bodies")
    assert (hit["path"], hit["line"], hit["snippet"]) == ("graph.md", 10, "The wombat sleeps here.")


def test_days_bound_what_is_found(content: Path) -> None:
    assert labels(content, "知识", "--since", "2026-02") == []
    assert labels(content, "知识", "--until", "2026-01") == ["圖譜與知識"]
    assert labels(content, "lovelace", "--since", "2026-03") == ["Ada Lovelace"]
    assert labels(content, "lovelace", "--since", "2026-04") == []


def test_forms_of_the_answer(content: Path) -> None:
    _, text, _ = ask("search", "cafe", content, "-o", content.parent / "output")
    assert text.splitlines() == ["圖譜與知識  (post)", f"  {content}/graph.md:5  Wie man ein Café findet."]
    _, text, _ = ask("search", "ada", content, "-o", content.parent / "output", "--format", "csv", "--limit", 1)
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == ["iri", "label", "kind", "score", "path", "line", "snippet"]


def test_an_empty_answer_says_what_to_try(content: Path) -> None:
    out = content.parent / "output"
    assert "did you mean Ada Lovelace?" in ask("search", "Aba Lovelice", content, "-o", out)[1]
    assert "--bodies looks into the bodies" in ask("search", "wombat", content, "-o", out)[1]
    assert "nothing from 2030 holds" in ask("search", "cafe", content, "-o", out, "--since", "2030")[1]
    status, _, error = ask("search", "cafe", content, "-o", out, "--kind", "planet")
    assert (status, "no kind is called 'planet'" in error) == (2, True)
    assert "holds some of them" not in ask("search", "cafe", content, "-o", out)[1]
    assert "what holds some of them" in ask("search", "cafe quokka", content, "-o", out)[1]


def test_the_index_is_kept_in_step(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = content.parent / "output"
    assert labels(content, "machine") == ["Ada's machine"]
    assert (output / STATE / SEARCH).is_file()
    (content / "third.md").write_text(POSTS["third.md"].replace("machine", "engine"), "utf-8")
    assert labels(content, "machine") == []
    assert labels(content, "engine") == ["Ada's engine"]
    assert labels(content, "quokka", "--bodies") == []
    (content / "other.md").write_text(POSTS["other.md"] + "\nA quokka.\n", "utf-8")
    assert labels(content, "quokka", "--bodies") == ["About C++ and more"]


def everything(index: sqlite3.Connection) -> dict[str, list[object]]:
    """What an index holds and answers, without the numbers of its documents."""
    tables = {
        "documents": "SELECT iri, label, kind, path, line, texts, hex(digest) FROM documents",
        "called": "SELECT name, iri FROM called JOIN documents ON id = document",
        "named": "SELECT iri, day FROM named JOIN documents ON id = document",
    }
    found: dict[str, list[object]] = {name: sorted(index.execute(query)) for name, query in tables.items()}
    questions = ("ada", "知识", "wombat", "quokka", "xi jinping", "c++")
    return found | {
        words: list(search.ask(index, Question(words, limit=0), Path("nowhere")).hits) for words in questions
    }


@pytest.mark.parametrize("bodies", [False, True])
def test_an_index_brought_into_step_is_the_one_made_anew(content: Path, tmp_path: Path, bodies: bool) -> None:
    state = State.of(tmp_path / "state")
    edits = [
        {},
        {"third.md": POSTS["third.md"].replace("machine", "quokka"), "graph.md": POSTS["graph.md"].replace("05", "06")},
        {"fourth.md": "---\ntitle: 知识\npeople: [Grace Hopper]\n---\nA wombat.\n", "other.md": None},
        {"graph.md": POSTS["graph.md"].replace("wombat", "quokka")},
    ]
    for number, edit in enumerate(edits):
        for name, text in edit.items():
            (content / name).unlink() if text is None else (content / name).write_text(text, "utf-8")
        graph, token = kg.build(content).knowledge_graph, bytes([number + 1])
        search.search(Question("ada", bodies), lambda graph=graph: graph, content, state, token)
        kept = sqlite3.connect(tmp_path / "state" / STATE / (SEARCH_BODIES if bodies else SEARCH))
        fresh = search_index.make(graph, content, bodies=bodies)
        assert everything(kept) == everything(fresh)
        kept.close()
        fresh.close()


def test_only_what_changed_is_indexed_again(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state, read = State.of(tmp_path / "state"), []
    monkeypatch.setattr(search_index, "body_of", lambda folder, path: (read.append(path), ("", 1))[1])
    for token, path in ((b"1", None), (b"2", "other.md")):
        if path:
            (content / path).write_text(POSTS[path] + "\nMore.\n", "utf-8")
        graph = kg.build(content).knowledge_graph
        search.search(Question("nobody", bodies=True), lambda graph=graph: graph, content, state, token)
    assert read == [*sorted(POSTS), "other.md"]


def test_a_kept_index_is_used_and_a_damaged_one_is_made_anew(content: Path, tmp_path: Path) -> None:
    result = kg.build(content)
    state, made = State.of(tmp_path / "state"), []

    def graph() -> kg.KnowledgeGraph:
        made.append(1)
        return result.knowledge_graph

    def answer(token: bytes = b"1") -> list[str]:
        return [hit.label for hit in search.search(Question("cafe"), graph, content, state, token).hits]

    assert [answer(), answer()] == [["圖譜與知識"]] * 2
    assert len(made) == 1
    answer(b"2")
    assert len(made) == 2
    file = tmp_path / "state" / STATE / SEARCH
    whole = file.read_bytes()
    for damaged in (b"", b"no database", whole[:4096], whole[:5000] + b"\xff" * (len(whole) - 5000)):
        file.write_bytes(damaged)
        assert answer(b"2") == ["圖譜與知識"]
        assert answer(b"2") == ["圖譜與知識"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(elsewhere)
    count = len(made)
    assert answer(b"2") == ["圖譜與知識"]
    assert len(made) == count + 1, "a link is not followed"
    assert not file.is_symlink()
    assert not (tmp_path / "state" / STATE / SEARCH_BODIES).exists()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    folder = tmp_path_factory.mktemp("posts")
    put(folder, POSTS)
    return search_index.make(kg.build(folder).knowledge_graph, folder, bodies=True)


SYNTAX = ['"', "NEAR(", "AND", "*", "^", "names:", "ada", "知", "-", "}"]


@given(st.text(max_size=30) | st.lists(st.sampled_from(SYNTAX)).map(" ".join))
def test_no_text_is_an_operator(index: sqlite3.Connection, words: str) -> None:
    search.ask(index, Question(words, limit=3), Path("nowhere"))


@given(st.text("知识图谱", min_size=1, max_size=8), st.sampled_from(["", "ab ", " ", "图"]), st.data())
def test_every_part_of_a_run_is_found_and_nothing_else(run: str, before: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    table = sqlite3.connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE words USING fts5(names)")
    table.execute("INSERT INTO words VALUES (?)", (" ".join(tokens.tokens(before + run)),))
    for word in (part, part[::-1]):
        found = table.execute("SELECT count(*) FROM words WHERE words MATCH ?", (tokens.phrase(word),)).fetchone()[0]
        assert found == any(word in held for held in (before + run).split())
    table.close()


def test_python_gives_what_the_commands_print(content: Path) -> None:
    result = kg.build(content)
    out = content.parent / "output"

    def printed(*arguments: object) -> object:
        return json.loads(ask(*arguments, "--format", "json")[1])

    assert result.search("ada") == printed("search", "ada", content, "-o", out)
    assert result.search("wombat", bodies=True) == printed("search", "wombat", content, "-o", out, "--bodies")
    assert result.related("习近平") == printed("related", "习近平", content)
    assert result.path("习近平", "other.md") == printed("path", "习近平", "other.md", content)
    assert result.trends("Ada Lovelace") == printed("trends", content, "--name", "Ada Lovelace")
    assert result.trends() == printed("trends", content)
    assert result.central(limit=2, since="2026-02") == printed("central", content, "--limit", 2, "--since", "2026-02")
    assert all([result.search("ada"), result.path("习近平", "other.md"), result.central(since="2026-02")])
    with pytest.raises(kg.KgError, match="did you mean Ada Lovelace"):
        result.related("Ada Lovelacy")
    with pytest.raises(kg.KgError, match="is not a day"):
        result.central(since="soon")
