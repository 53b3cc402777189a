"""The files of a build: written in chunks, by any number of processes, and copied from the last ones where possible."""

from __future__ import annotations

import errno
import io
import os
import pickle
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import kg
from kg import exporters
from kg.config import Config
from kg.exporters import Chunked
from kg.graph import chunks
from kg.graph.model import Derived
from kg.machine import processes
from kg.machine.files import copy_part
from kg.machine.processes import Partner
from kg.pipeline import build as pipeline
from kg.pipeline import writing as results
from kg.pipeline.writing import tasks
from kg.rdf import statements
from tests import running
from tests.conftest import write_posts

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph.model import KnowledgeGraph

CHUNKED = [name for name in exporters.names() if isinstance(exporters.get(name).write, Chunked)]


def text(name: str, graph: KnowledgeGraph) -> bytes:
    stream = io.BytesIO()
    exporters.get(name).write(replace(graph), stream)
    return stream.getvalue()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A hundred posts about things with names of their own, and one that all of them name."""
    return write_posts(
        tmp_path / "content",
        {
            f"{number:03}.md": f"---\ntitle: Post {number}\ntags: [shared, tag {number}]\n---\n"
            f"**术语{number % 7}**（Term {number % 7}: 同样的话）\n"
            for number in range(100)
        },
    )


def built(content: Path, output: Path, *formats: str) -> dict[str, bytes]:
    pipeline.update(content, output, config=Config(formats=formats))
    return {path.name: path.read_bytes() for path in output.iterdir() if path.is_file()}


def test_the_formats_that_matter_most_are_written_in_chunks() -> None:
    assert {"ttl", "nt", "graphml"} <= set(CHUNKED)


@pytest.mark.parametrize("name", CHUNKED)
def test_where_a_graph_is_cut_makes_no_difference(name: str, content: Path, monkeypatch) -> None:
    graph = kg.build(content).knowledge_graph
    whole = text(name, graph)
    for size in (1, 3, 10**9):
        monkeypatch.setattr(chunks, "MEAN_SIZE", size)
        assert text(name, graph) == whole


def test_chunks_hold_every_node_and_edge_once(content: Path, monkeypatch) -> None:
    monkeypatch.setattr(chunks, "MEAN_SIZE", 4)
    graph = kg.build(content).knowledge_graph
    found = chunks.chunks(graph)
    assert len(found) > 10
    assert [entry.node for chunk in found for entry in chunk.entries] == list(graph.nodes.values())
    assert [edge for chunk in found for entry in chunk.entries for edge in entry.edges] == list(graph.edges)
    for chunk in found:
        assert {entry.node.kind == "post" for entry in chunk.entries} == {chunk.of_posts}


def test_another_post_changes_few_chunks(content: Path, monkeypatch) -> None:
    monkeypatch.setattr(chunks, "MEAN_SIZE", 4)
    before = Counter(chunk.digest for chunk in chunks.chunks(kg.build(content).knowledge_graph))
    write_posts(content, {"050a.md": "---\ntitle: Between\ntags: [shared]\n---\n"})
    after = Counter(chunk.digest for chunk in chunks.chunks(kg.build(content).knowledge_graph))
    assert 0 < (after - before).total() <= 2


def test_what_is_derived_from_a_graph_is_kept_with_that_graph_alone(content: Path) -> None:
    computed = []

    @Derived
    def count(graph: KnowledgeGraph) -> int:
        computed.append(graph)
        return len(graph.nodes)

    graph = kg.build(content).knowledge_graph
    assert count(graph) == count(graph) == len(graph.nodes)
    assert len(computed) == 1
    assert count(replace(graph, nodes={}, edges=())) == 0
    assert count(graph) == len(graph.nodes)
    assert len(computed) == 2
    again = pickle.loads(pickle.dumps(graph))
    assert again == graph
    assert not again.derived


def test_definitions_are_repeated_where_an_earlier_post_has_the_same_words(tmp_path: Path) -> None:
    words = {"b": "同样的话", "a": "同样的话", "c": "别的话"}
    posts = {f"{name}.md": f"# {name}\n\n**术语**（Term: {text}）\n" for name, text in words.items()}
    graph = kg.build(write_posts(tmp_path, posts)).knowledge_graph
    said = [entry.definitions for chunk in chunks.chunks(graph) for entry in chunk.entries]
    assert [[one.repeated for one in own] for own in said if own] == [[False], [True], [False]]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.parametrize("formats", [("ttl", "graphml"), ("graphml", "csv", "html", "ttl"), ("json",)])
def test_any_number_of_processes_writes_the_same(
    formats: tuple[str, ...], content: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(chunks, "MEAN_SIZE", 4)
    started = []

    class Counted(Partner):
        def __init__(self, work: Callable[..., bytes]) -> None:
            super().__init__(work)
            started.append(work)

    alone = built(content, tmp_path / "alone", *formats)
    monkeypatch.setattr(processes, "Partner", Counted)
    monkeypatch.setattr(results, "_helpers", lambda _graph, _jobs: 3)
    assert built(content, tmp_path / "together", *formats) == alone
    assert len(started) == (0 if formats == ("json",) else 3)  # nothing to share in one format that is a whole


def test_only_what_changed_is_written_again(content: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(chunks, "MEAN_SIZE", 4)
    asked: list[int] = []
    of_chunk = statements.of_chunk

    def counted(graph: KnowledgeGraph, chunk: chunks.Chunk):
        asked.append(len(chunk))
        return of_chunk(graph, chunk)

    monkeypatch.setattr(statements, "of_chunk", counted)
    first = built(content, tmp_path / "warm", "ttl")
    everything = len(asked)
    write_posts(content, {"050.md": "---\ntitle: Post 50, edited\ntags: [shared, tag 50]\n---\n"})
    asked.clear()
    second = built(content, tmp_path / "warm", "ttl")
    assert 0 < len(asked) <= 4 < everything
    assert second != first
    assert second == built(content, tmp_path / "cold", "ttl")


@pytest.mark.parametrize("change", ["overwritten", "swapped", "gone"])
def test_a_file_that_is_not_what_was_written_is_not_copied_from(change: str, content: Path, tmp_path: Path) -> None:
    output = tmp_path / "warm"
    built(content, output, "ttl")
    file = output / "graph.ttl"
    if change == "overwritten":
        file.write_bytes(b"#" * file.stat().st_size)
    elif change == "swapped":
        (tmp_path / "other").write_bytes(b"#" * file.stat().st_size)
        (tmp_path / "other").replace(file)
    else:
        file.unlink()
    write_posts(content, {"050.md": "---\ntitle: Post 50, edited\n---\n"})
    assert built(content, output, "ttl") == built(content, tmp_path / "cold", "ttl")


def test_a_file_that_another_build_replaced_at_once_is_not_believed(content: Path, tmp_path: Path, monkeypatch) -> None:
    output = tmp_path / "out"
    put = Path.replace

    def overtaken(fresh: Path, target: Path) -> Path:
        size = fresh.stat().st_size
        put(fresh, target)
        if Path(target).name == "graph.ttl":
            (tmp_path / "theirs").write_bytes(b"#" * size)
            put(tmp_path / "theirs", target)
        return target

    monkeypatch.setattr(Path, "replace", overtaken)
    built(content, output, "ttl")
    monkeypatch.undo()
    assert built(content, output, "ttl") == built(content, tmp_path / "cold", "ttl")


def test_what_killed_builds_left_is_removed_after_a_day(content: Path, tmp_path: Path) -> None:
    state = tmp_path / "out" / ".kg"
    for age in ("old", "young"):
        (state / f"new-{age}").mkdir(parents=True)
        (state / f"new-{age}" / "graph.ttl").touch()
        (state / f".last-build.{age}.new").touch()
        (state / f".names.{age}.new").touch()
    for path in state.glob("*old*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    built(content, tmp_path / "out", "ttl")
    assert {path.name for path in state.iterdir()} == {
        "new-young", ".last-build.young.new", ".names.young.new",
        "graph", "last-build", "names", "terms", "posts.cache",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_what_a_killed_process_took_is_written_by_another(content: Path, tmp_path: Path, monkeypatch) -> None:
    class Killed(Partner):
        def answer(self) -> bytes:
            self._process.kill()
            return super().answer()

    alone = built(content, tmp_path / "alone", "ttl", "graphml")
    monkeypatch.setattr(results, "_helpers", lambda _graph, _jobs: 2)
    for partner in (
        Killed,
        lambda _work: Killed(lambda receive, _send: receive()),
    ):  # at some time, and before it did anything
        monkeypatch.setattr(processes, "Partner", partner)
        assert built(content, tmp_path / partner.__name__, "ttl", "graphml") == alone


def test_a_file_that_is_written_into_meanwhile_is_not_copied_from(content: Path, tmp_path: Path, monkeypatch) -> None:
    output = tmp_path / "warm"
    built(content, output, "ttl")

    def overwritten(*part: Any) -> None:
        with (output / "graph.ttl").open("r+b") as stream:
            stream.write(b"#" * (output / "graph.ttl").stat().st_size)
        copy_part(*part)

    monkeypatch.setattr(tasks, "copy_part", overwritten)
    write_posts(content, {"050.md": "---\ntitle: Post 50, edited\n---\n"})
    assert built(content, output, "ttl") == built(content, tmp_path / "cold", "ttl")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_in_the_place_of_a_file_is_replaced(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    built(content, output, "ttl")
    (output / "graph.ttl").unlink()
    os.mkfifo(output / "graph.ttl")
    write_posts(content, {"050.md": "---\ntitle: Post 50, edited\n---\n"})
    assert running.kg("build", content, "-o", output, "--format", "ttl", "--quiet").returncode == 0
    assert (output / "graph.ttl").read_bytes() == built(content, tmp_path / "cold", "ttl")["graph.ttl"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_modes_are_kept_and_links_become_files(content: Path, tmp_path: Path, elsewhere: bool, monkeypatch) -> None:
    output, target = tmp_path / "out", tmp_path / "target" / "graph.ttl"
    first = built(content, output, "ttl", "nt")
    target.parent.mkdir()
    (output / "graph.ttl").replace(target)
    (output / "graph.ttl").symlink_to(target)
    (output / "graph.nt").chmod(0o600)
    put = Path.replace

    def on_one_file_system(source: Path, place: Path) -> Path:
        if elsewhere and ".kg" in source.parts and ".kg" not in place.parts:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return put(source, place)

    monkeypatch.setattr(Path, "replace", on_one_file_system)
    write_posts(content, {"050.md": "---\ntitle: Post 50, edited\n---\n"})
    second = built(content, output, "ttl", "nt")
    assert not (output / "graph.ttl").is_symlink()
    assert second["graph.ttl"] != first["graph.ttl"] == target.read_bytes()
    assert (output / "graph.nt").stat().st_mode & 0o777 == 0o600
