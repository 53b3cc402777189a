"""Provenance: which commit a post comes from."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.pipeline.build import update
from kg.reading.history import History
from kg.state import stamps

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
    commits = History(repository).commits
    assert {path: commit.name for path, commit in commits.items()} == {"a.md": head, "图 b.md": first}
    assert commits["a.md"].time == "2024-05-01T10:00:00+02:00"


def test_what_was_changed_since_comes_from_no_commit(repository: Path) -> None:
    (repository / "a.md").write_text("three\n")
    (repository / "new.md").write_text("new\n")
    assert set(History(repository).commits) == {"图 b.md"}


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


def test_what_git_is_told_counts_though_no_file_changes(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "_GRAIN", -(10**12))  # the test's files are seconds old
    config = Config(formats=("ttl",))
    for told, built in (((), True), ((), False), (("rm", "-q", "--cached", "a.md"), True), (("add", "a.md"), True)):
        if told:
            git(repository, *told)
        _report, result = update(repository, tmp_path / "warm", config=config)
        assert (result is not None) == built
        update(repository, tmp_path / f"cold{told}", config=config)
        assert (tmp_path / "warm" / "graph.ttl").read_bytes() == (tmp_path / f"cold{told}" / "graph.ttl").read_bytes()


def test_a_shallow_clone_knows_nothing(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository.parent}", "shallow")
    assert History(tmp_path / "shallow" / "content").commits == {}


def test_no_repository_and_no_commit(tmp_path: Path) -> None:
    assert History(tmp_path).commits == {}
    git(tmp_path, "init", "-q")
    assert History(tmp_path).commits == {}


def test_a_repository_cannot_make_us_run_its_programs(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.sshCommand"):
        git(repository, "config", name, str(trap))
    git(repository, "config", "log.showSignature", "true")
    (repository / "a.md").write_text("three\n")
    assert History(repository).commits
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("driver", ["clean", "process"])
def test_a_repository_cannot_make_us_run_its_filters(repository: Path, tmp_path: Path, driver: str) -> None:
    for name in ("evil", "e=v.il"):
        git(repository, "config", f"filter.{name}.{driver}", f"touch {tmp_path}/sprung; cat")
        git(repository, "config", f"filter.{name}.required", "true")
    (repository / ".gitattributes").write_text("*.md filter=evil\n图* filter=e=v.il\n")
    for name in ("a.md", "图 b.md"):
        (repository / name).write_text("six\n")
    assert History(repository).changed == ["a.md", "图 b.md"]
    assert not (tmp_path / "sprung").exists()
    with suppress(subprocess.CalledProcessError):
        git(repository, "diff", "HEAD")
    assert (tmp_path / "sprung").exists(), "the trap does work"


def test_a_partial_clone_fetches_nothing(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=tree:0", f"file://{repository.parent}", "partial")
    git(tmp_path / "partial", "config", "remote.origin.uploadpack", f"touch {tmp_path}/sprung; git-upload-pack")
    assert History(tmp_path / "partial").commits == {}
    assert not (tmp_path / "sprung").exists()


def test_whatever_files_are_called(repository: Path) -> None:
    names = [b"\x01\xe4.md", b"\x01dead 2020.md", b"\na.md", b"z\nb.md", b"\nz.md", b"%FF.md", b"\xc3\xa9 \xff.md"]
    for name in names:
        (repository / os.fsdecode(name)).write_text("one\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "third")
    head = git(repository, "rev-parse", "HEAD")
    commits = History(repository).commits
    assert {path for path, commit in commits.items() if commit.name == head} == {
        "\x01%E4.md", "\x01dead 2020.md", "\na.md", "z\nb.md", "\nz.md", "%FF.md", "é %FF.md",
    }  # fmt: skip
    (repository / os.fsdecode(names[0])).write_text("two\n")
    assert History(repository).changed == ["\x01%E4.md"]


def test_a_conflict_was_resolved_by_the_merge(repository: Path) -> None:
    git(repository, "checkout", "-qb", "side")
    (repository / "a.md").write_text("theirs\n")
    (repository / "theirs.md").write_text("theirs\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "theirs")
    theirs = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "-q", "main")
    (repository / "a.md").write_text("ours\n")
    git(repository, "commit", "-qam", "ours")
    git(repository, "merge", "-q", "--no-commit", "-s", "ours", "side")
    (repository / "theirs.md").write_text("theirs\n")
    (repository / "a.md").write_text("both\n")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "merged")
    merged = git(repository, "rev-parse", "HEAD")
    commits = History(repository).commits
    assert (commits["a.md"].name, commits["theirs.md"].name) == (merged, theirs)


def test_neither_environment_nor_settings_hide_commits(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = History(repository).commits
    git(repository, "config", "log.showRoot", "false")
    git(repository, "config", "diff.relative", "true")
    assert History(repository).commits == expected
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "none"))
    assert History(repository).commits == expected


def test_settings_of_the_user_count(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "config", "filter.some.clean", "cat")
    (repository / "a.md").write_bytes(b"two\r\n")
    assert History(repository).changed == ["a.md"]
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.autocrlf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "true")
    assert History(repository).changed == []


def test_the_graph_of_a_post_says_where_it_comes_from(repository: Path) -> None:
    import kg
    from kg.rdf.terms import graphs

    head = git(repository, "rev-parse", "HEAD")
    said = {
        triple.predicate.value.rpartition("/")[2].rpartition("#")[2]: triple.object.value
        for name, triples in graphs(kg.build(repository).knowledge_graph)
        for triple in triples
        if triple.subject.value == name == "https://kg.example/graph/post/a"
    }
    assert said == {"source": "a.md", "commit": head, "generatedAtTime": "2024-05-01T10:00:00+02:00"}
