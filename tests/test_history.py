"""Provenance: which commit a post comes from."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.history import History
from kg.pipeline import update

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    environment = {
        **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": "2024-05-01T10:00:00+02:00", "GIT_COMMITTER_DATE": "2024-05-01T10:00:00+02:00",
    }  # fmt: skip
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    ended = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    content = tmp_path / "site" / "content"
    content.mkdir(parents=True)
    git(tmp_path / "site", "init", "-q")
    (content / "a.md").write_text("one\n")
    (content / "图 b.md").write_text("one\n")
    git(content, "add", ".")
    git(content, "commit", "-qm", "first")
    (content / "a.md").write_text("two\n")
    git(content, "commit", "-qam", "second")
    return content


def test_each_post_knows_its_last_commit(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    first = git(repository, "rev-parse", "HEAD~1")
    commits = History(repository).commits()
    assert {path: commit.name for path, commit in commits.items()} == {"a.md": head, "图 b.md": first}
    assert commits["a.md"].time == "2024-05-01T10:00:00+02:00"


def test_what_was_changed_since_comes_from_no_commit(repository: Path) -> None:
    (repository / "a.md").write_text("three\n")
    (repository / "new.md").write_text("new\n")
    assert set(History(repository).commits()) == {"图 b.md"}


def test_a_post_that_differs_from_its_commit_is_built_again_whatever_it_says(repository: Path, tmp_path: Path) -> None:
    config = Config(formats=("ttl",))
    update(repository, tmp_path / "warm", config=config)
    (repository / "a.md").write_text("two\n\nMore words, and nothing for the graph.\n")
    for built in (True, False):
        _report, result = update(repository, tmp_path / "warm", config=config)
        assert (result is not None) == built
        with (repository / "a.md").open("a") as file:
            file.write("And more.\n")
    update(repository, tmp_path / "cold", config=config)
    assert (tmp_path / "warm" / "graph.ttl").read_bytes() == (tmp_path / "cold" / "graph.ttl").read_bytes()


def test_a_shallow_clone_knows_nothing(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository.parent}", "shallow")
    assert History(tmp_path / "shallow" / "content").commits() == {}


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    assert History(tmp_path).commits() == {}
    git(tmp_path, "init", "-q")
    assert History(tmp_path).commits() == {}


def test_a_repository_cannot_make_us_run_its_programs(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.sshCommand"):
        git(repository, "config", name, str(trap))
    git(repository, "config", "log.showSignature", "true")
    (repository / "a.md").write_text("three\n")
    assert History(repository).commits()
    assert not (tmp_path / "sprung").exists()


def test_the_graph_of_a_post_says_where_it_comes_from(repository: Path) -> None:
    import kg
    from kg.rdf import graphs

    head = git(repository, "rev-parse", "HEAD")
    said = {
        triple.predicate.value.rpartition("/")[2].rpartition("#")[2]: triple.object.value
        for name, triples in graphs(kg.build(repository).knowledge_graph)
        for triple in triples
        if triple.subject.value == name == "https://kg.example/graph/post/a"
    }
    assert said == {"source": "a.md", "commit": head, "generatedAtTime": "2024-05-01T10:00:00+02:00"}
