"""What is kept between two runs: why it is not used, how often Git is asked, and who says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kg.config import Config, Limits
from kg.machine.processes import Partner
from kg.machine.steps import noted
from kg.model import Post
from kg.pipeline import build as pipeline
from kg.reading.history import _REPOSITORY
from kg.state import BUILD, MAP, NAMES, POSTS, Keys, Miss, Reason, State
from tests import running
from tests.conftest import write_posts

if TYPE_CHECKING:
    from pathlib import Path

KEYS = Keys(program=b"p", settings=b"s")


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / ".kg")
    state.save(NAMES, {"one": 1}, KEYS)
    return state


def test_what_is_kept_comes_back(state: State) -> None:
    assert state.load(NAMES, dict[str, int], KEYS) == {"one": 1}


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (Keys(program=b"x", settings=b"s"), Reason.PROGRAM),
        (Keys(program=b"p", settings=b"x"), Reason.SETTINGS),
        (Keys(program=b"p", settings=b"s", ledger=b"x"), Reason.LEDGER),
        (Keys(program=b"p"), Reason.SETTINGS),
    ],
)
def test_what_was_made_from_something_else_is_not_used(state: State, keys: Keys, reason: Reason) -> None:
    with noted() as notes:
        assert state.load(NAMES, dict[str, int], keys) == Miss(reason)
    assert notes == [f"names: resolved again, because {reason.value}"]


def test_each_part_of_a_key_is_a_reason() -> None:
    for part in Keys.__struct_fields__:
        assert Reason[part.upper()].value


def test_every_damage_is_found(state: State) -> None:
    assert state.folder
    path = state.folder / NAMES
    data = path.read_bytes()
    for number in range(len(data)):
        path.write_bytes(data[:number])
        assert isinstance(state.load(NAMES, dict[str, int], KEYS), Miss)
        path.write_bytes(data[:number] + bytes([data[number] ^ 1]) + data[number + 1 :])
        assert isinstance(state.load(NAMES, dict[str, int], KEYS), Miss)
    path.write_bytes(data)
    assert state.load(NAMES, Post, KEYS) == Miss(Reason.DAMAGED), "whole, and not what was asked for"
    path.write_bytes(b"kg-state\xff\xff" + data[10:])
    assert state.load(NAMES, dict[str, int], KEYS) == Miss(Reason.FORMAT)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs symbolic links and named pipes")
def test_nothing_but_a_plain_file_is_read(state: State, tmp_path: Path) -> None:
    assert state.folder
    path = state.folder / NAMES
    assert state.load(MAP, dict[str, int]) == Miss(Reason.ABSENT)
    path.rename(tmp_path / "kept")
    for make in (lambda: path.symlink_to(tmp_path / "kept"), lambda: os.mkfifo(path), path.mkdir):
        make()
        assert state.load(NAMES, dict[str, int], KEYS) == Miss(Reason.NOT_PLAIN)
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    state.folder.rmdir()
    state.folder.symlink_to(tmp_path)
    (tmp_path / "kept").rename(tmp_path / NAMES)
    assert state.load(NAMES, dict[str, int], KEYS) == Miss(Reason.NOT_PLAIN)


def test_a_state_that_is_only_read_is_not_written(tmp_path: Path) -> None:
    for state in (State(), State(tmp_path / ".kg", writes=False)):
        state.save(NAMES, {})
        assert isinstance(state.load(NAMES, dict), Miss)
    assert list(tmp_path.iterdir()) == []


def test_a_build_says_what_it_does_anew_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_posts(tmp_path / "content", {"a.md": "---\ntags: [one]\n---\n", "b.md": "# B\n"})
    config = Config(formats=("ttl",))

    def notes() -> set[str]:
        with noted() as lines:
            pipeline.update(content, tmp_path / "out", config=config)
        return set(lines)

    assert notes() == {
        "posts: read again, because nothing was saved yet",
        "files: built again, because nothing was saved yet",
        "names: resolved again, because nothing was saved yet",
        "terms: resolved again, because nothing was saved yet",
    }
    assert notes() == set()
    (content / "b.md").write_text("# C\n")
    assert notes() == {"files: built again, because posts have changed"}
    (content / "a.md").write_text("---\ntags: [two]\n---\n")
    assert notes() == {
        "files: built again, because posts have changed",
        "names: resolved again, because posts have other names",
    }
    (tmp_path / "out" / "graph.ttl").write_text("")
    assert notes() == {"files: built again, because files in OUTPUT have changed"}
    config = config.with_changes(formats=("nt",))
    assert notes() == {"files: built again, because other formats were requested"}
    config = config.with_changes(limits=Limits(file_bytes=10**6))
    assert notes() == {
        "posts: read again, because the settings of reading have changed",
        "files: built again, because the settings of reading have changed",
        "names: resolved again, because settings have changed",
        "terms: resolved again, because settings have changed",
    }
    (tmp_path / "out" / ".kg" / POSTS).write_bytes(b"kg-state")
    (tmp_path / "out" / ".kg" / BUILD).unlink()
    assert notes() == {
        "posts: read again, because what was saved is damaged",
        "files: built again, because nothing was saved yet",
    }
    monkeypatch.setattr("kg.reading.folder.libraries", lambda: b"others")
    assert {line.partition(", because ")[2] for line in notes()} == {"Python or a library has another version"}


@pytest.mark.slow
def test_profile_prints_the_reasons(tmp_path: Path) -> None:
    content = write_posts(tmp_path / "content", {"a.md": "# A\n"})
    command = ["build", content, "-o", tmp_path / "out", "--format", "nt"]
    for option, told in (("--quiet", False), ("--profile", True)):
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        ended = running.kg(*command, option)
        assert ("names: resolved again, because nothing was saved yet\n" in ended.stderr) == told


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_a_helper_process_that_dies_is_noted() -> None:
    with noted() as notes:
        assert Partner(lambda _receive, _send: b"answer").answer() == b"answer"
        assert notes == []
        assert Partner(lambda _receive, _send: os.kill(os.getpid(), 9)).answer() == b""
        assert Partner(lambda _receive, _send: os._exit(3)).answer() == b""
    assert notes == [
        "a helper process was killed by signal 9; its work was done again",
        "a helper process failed with exit status 3; its work was done again",
    ]


@pytest.mark.skipif(shutil.which("git") is None or sys.platform == "win32", reason="needs Git and a shell")
def test_git_is_started_four_times_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git, log = shutil.which("git"), tmp_path / "log"
    content = write_posts(tmp_path / "site" / "content", {"a.md": "# A\n"})
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "first"]):
        subprocess.run([git, *arguments], cwd=content, check=True)
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho x >> {log}\nexec {git} "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")

    def started() -> int:
        log.write_text("")
        pipeline.update(content, tmp_path / "out", config=Config(formats=("nt",)))
        return len(log.read_text().splitlines())

    assert 1 <= started() <= 4
    (content / "a.md").write_text("# Other\n")
    assert 1 <= started() <= 4


@pytest.mark.skipif(shutil.which("git") is None, reason="needs Git")
def test_no_variable_that_names_a_repository_reaches_git() -> None:
    listed = subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True)
    assert set(listed.stdout.split()) - {"GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"} <= _REPOSITORY
