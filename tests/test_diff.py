"""`kg diff`: two builds, two commits; and `kg check` of single files, by hand, from a hook and in CI."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner

import kg
from kg.cli import app
from kg.errors import ConfigError
from kg.insight.difference import Side, difference, rows
from kg.iris import entity_iri
from kg.model import Diagnostic, Node, Text
from tests.conftest import BASE, REPO, make_graph, program, write_posts

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph

POST = "---\ntitle: {}\ndate: 2026-0{}-28\npeople: [{}]\n---\n"


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False, standalone_mode=False)
    return done.return_value, done.stdout, done.stderr


def thing(name: str, *former: str) -> Node:
    iris = tuple(entity_iri(BASE, "person", one) for one in former)
    return Node(entity_iri(BASE, "person", name), "person", name, (Text(name),), former=iris)


def names(found: list[tuple[Node, list[Node]]]) -> list[tuple[str, list[str]]]:
    return [(node.label, [part.label for part in parts]) for node, parts in found]


def test_merges_splits_and_renames_are_told_apart() -> None:
    apart = make_graph([thing("Ada"), thing("A. Lovelace"), thing("Grace")], [])
    one = make_graph([thing("Ada", "A. Lovelace"), thing("Grace Hopper", "Grace"), thing("Alan")], [])
    found = difference(Side(apart), Side(one))
    assert names(found.merged) == [("Ada", ["A. Lovelace", "Ada"])]
    assert ([n.label for n in found.added], found.lost, found.split) == (["Alan"], [], [])
    back = difference(Side(one), Side(apart))
    assert names(back.split) == [("Ada", ["A. Lovelace", "Ada"])]
    assert ([n.label for n in back.lost], back.added, back.merged) == (["Alan"], [], [])
    assert difference(Side(one), Side(one)).is_empty


def test_a_link_that_moved_is_not_broken_anew() -> None:
    def fault(path: str, line: int) -> Diagnostic:
        return Diagnostic(path, line, 1, "KG301", "warning", "'x.md' leads to no post")

    nothing: KnowledgeGraph = make_graph([], [])
    found = difference(Side(nothing, (fault("a.md", 3),)), Side(nothing, (fault("a.md", 9), fault("b.md", 1))))
    assert [d.path for d in found.broken] == ["b.md"]
    assert found.mended == []


def test_a_trend_that_turns_is_told(tmp_path: Path) -> None:
    def graph(months: list[int]) -> Side:
        posts = {
            f"{m}-{n}.md": POST.format(n, m, "Ada" if m in months else "Bob") for m in range(1, 8) for n in range(5)
        }
        return Side(kg.build(write_posts(tmp_path, posts)).knowledge_graph)

    found = difference(graph([4, 5, 6]), graph([1, 2, 3]))
    assert [(row["label"], row["before"], row["now"]) for row in rows(found)["trends"]] == [
        ("Ada", "rises", "fades"),
        ("Bob", "fades", "rises"),
    ]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two commits: `one.md` goes, `two.md` comes with a dead link and a hostile title."""
    git = [program("git"), "-c", "user.name=a", "-c", "user.email=a@example.org"]

    def commit(text: str) -> None:
        subprocess.run([*git, "add", "-A"], cwd=tmp_path, check=True)
        subprocess.run([*git, "commit", "-qm", text], cwd=tmp_path, check=True)
        subprocess.run([*git, "tag", f"v{text}"], cwd=tmp_path, check=True)

    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitattributes").write_text("*.md export-ignore filter=none\n")
    write_posts(
        tmp_path / "content", {"one.md": POST.format("One", 1, "Ada"), "kept.md": POST.format("Kept", 2, "Bob")}
    )
    commit("1")
    (tmp_path / "content" / "one.md").unlink()
    write_posts(tmp_path / "content", {"two.md": POST.format("'@all <b>'", 3, "Grace") + "[x](gone.md)\n"})
    commit("2")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_two_commits_two_builds_and_two_files_say_the_same(repository: Path) -> None:
    for commit in ("v1", "v2"):
        subprocess.run(["git", "checkout", "-q", commit], cwd=repository, check=True)
        assert run("build", "content", "-o", f"out-{commit}", "-q", "--format", "ttl")[0] == 0
    found = json.loads(run("diff", "HEAD~1", "HEAD", "--format", "json")[1])
    assert found["counts"] == {
        "added": 2, "lost": 2, "merged": 0, "split": 0, "broken": 1, "mended": 0, "trends": 0
    }  # fmt: skip
    assert found["broken"] == [{"path": "two.md", "line": 6, "message": "'gone.md' leads to no post"}]
    assert [one["proof"] for one in found["lost"]] == [["one.md:4"], ["one.md:1"]]
    assert json.loads(run("diff", "out-v1", "out-v2", "--format", "json")[1]) == found
    assert json.loads(run("diff", "v1", "--format", "json")[1]) == found, "the posts as they are"
    by_file = json.loads(run("diff", "out-v1/graph.ttl", "out-v2/graph.ttl", "--format", "json")[1])
    assert [n["iri"] for n in by_file["added"]] == [n["iri"] for n in found["added"]]
    text = run("diff", "HEAD~1", "HEAD", "--format", "markdown")[1]
    assert "- &#64;all &#60;b&#62; (post)  two.md:1" in text
    assert "@" not in text
    assert run("diff", "HEAD", "HEAD")[1] == "nothing has changed\n"
    subprocess.run(["git", "checkout", "-q", "--orphan", "new"], cwd=repository, check=True)
    assert "posts 0 → 2" in run("diff", "HEAD")[1], "a hook runs before the first commit, too"


@pytest.mark.parametrize("name", ["nope", "--help~1", "HEAD:content", "HEAD~9"])
def test_what_is_neither_folder_file_nor_commit_is_one_line(repository: Path, name: str) -> None:
    done = CliRunner().invoke(app, ["diff", "--", name])
    assert "neither a folder of results, nor an RDF file, nor a commit" in str(done.exception)


def test_a_repository_that_lost_a_post_says_which(repository: Path) -> None:
    asked = ["git", "rev-parse", "v1:content/one.md"]
    name = subprocess.run(asked, cwd=repository, capture_output=True, text=True, check=True).stdout.strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(ConfigError, match=r"one\.md: not in the repository any more"):
        run("diff", "v1", "v2")


def test_single_files_are_checked_among_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "---\ndate: 2026-13-01\n---\n"
    posts = {"posts/kg.toml": "[severity]\nKG301 = 'error'\n", "posts/a/one.md": "[two](../b/two.md) [x](gone.md)\n"}
    write_posts(tmp_path, {**posts, "posts/b/two.md": bad, "README.md": "# Not a post\n"})
    monkeypatch.chdir(tmp_path)
    for files in (("posts/a/one.md",), (tmp_path / "posts/a/one.md",), ("posts", "posts/a/one.md")):
        status, text, _ = run("check", *files)
        assert status == 1
        assert [line.partition(": ")[2] for line in text.splitlines()] == ["error[KG301]: 'gone.md' leads to no post"]
    assert run("check", "posts/b/two.md", "posts/a/one.md", "-q")[1].count("\n") == 2
    for wrong in (("posts/a/one.md", "README.md"), ("posts/a/one.md", "posts/a/gone.md")):
        done = CliRunner().invoke(app, ["check", *wrong])
        assert "name CONTENT first" in str(done.exception) or "no such file" in str(done.exception)


def test_the_hook_and_the_action_call_what_there_is() -> None:
    hooks = yaml.safe_load((REPO / ".pre-commit-hooks.yaml").read_text("utf-8"))
    action = yaml.safe_load((REPO / "action.yml").read_text("utf-8"))
    lines = [hook["entry"] for hook in hooks]
    script = "\n".join(step.get("run", "") for step in action["runs"]["steps"])
    lines += [line.strip() for line in script.splitlines() if line.strip().startswith("kg ")]
    assert len(lines) == 4
    for line in lines:
        _kg, name, *words = line.partition(">")[0].split()
        known = {option for parameter in app.get_command(None, name).params for option in parameter.opts}  # type: ignore[arg-type, union-attr]
        assert {word for word in words if word.startswith("--")} <= known, line
    assert "${{" not in script, "what a pull request is called must not become a script"
