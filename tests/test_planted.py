"""Links, pipes and folders that somebody planted where kg reads and writes: nobody else's file is touched.

A repository can hold such a folder of posts, or of results. The places are not listed here: a build, a query and a page
say themselves which files they write, and every file and folder of them is tried.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import kg
from kg.cli import app
from kg.config import Config, ResolutionSettings
from kg.errors import ConfigError, ExportError, KgError, LedgerError
from kg.pipeline import build as pipeline
from kg.reading.bodies import body_of
from kg.server.site import _write_page, page
from kg.state import GRAPHS, State, stamps
from kg.stores import loaded
from tests.conftest import write_posts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs symbolic links and named pipes")

FORMATS = ("ttl", "graphml", "html", "csv")
POSTS = {
    "a.md": "---\ntitle: One\nauthor: ada\ntags: [x, y]\n---\n人工智能（Artificial Intelligence, AI）。[[b]]\n",
    "b.md": "---\ntitle: Two\ntags: [x]\nauthor: ada\n---\nAI（Artificial Intelligence）。\n",
    "authors.yml": "ada: Ada Lovelace\n",
    "kg-ledger.txt": 'same tag "x" = "y"\n',
}

_watched: list[str] = []
_opened: list[str] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    """Note what is opened below the watched folder, by whatever name."""
    if _watched and event == "open" and isinstance(arguments[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if path.startswith(_watched[0]):
            _opened.append(path)


sys.addaudithook(_audit)


@contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Nothing below a folder is opened, changed, added or removed."""

    def state() -> dict[str, tuple[object, ...]]:
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_ino, path.lstat().st_mode)
            for path in (folder, *folder.rglob("*"))
        }

    before = state()
    _opened.clear()
    _watched[:] = [os.path.realpath(folder)]
    try:
        yield
    finally:
        _watched.clear()
    assert not _opened
    assert state() == before


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_posts(tmp_path / "content", POSTS)


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    folder = tmp_path / "victim"
    folder.mkdir()
    (folder / "own.txt").write_text("mine\n")
    return folder


def use(content: Path, output: Path) -> None:
    """Everything that leaves something in OUTPUT."""
    _report, result = pipeline.update(content, output, config=Config(formats=FORMATS), jobs=1)
    made = result or kg.build(content, reuse=output, keep=True, jobs=1)
    loaded.of_output(output)
    _write_page(made.knowledge_graph, output)
    assert page(output)
    kg.build(content, reuse=output, keep=True, jobs=1)
    pipeline.current(content, output, Config(formats=FORMATS))
    State.of(output).save(GRAPHS, {})
    State.of(output).load(GRAPHS, dict)


def link(path: Path, victim: Path) -> None:
    """Put what is there among the victim's own, and a link in its place, so that all would work if it were followed."""
    shutil.move(path, victim / "kept")
    path.symlink_to(victim / "kept")


def dangling(path: Path, victim: Path) -> None:
    remove(path)
    path.symlink_to(victim / "nothing" / "yet")


def circle(path: Path, _victim: Path) -> None:
    remove(path)
    path.symlink_to(path.name)


def pipe(path: Path, _victim: Path) -> None:
    remove(path)
    os.mkfifo(path)


def folder(path: Path, _victim: Path) -> None:
    remove(path)
    path.mkdir()
    (path / "inside").write_text("not ours\n")


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def results(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.iterdir() if path.is_file() and not path.is_symlink()}


def places(output: Path) -> list[str]:
    """Every file and folder below OUTPUT; of a store, the files that have the same name every time."""
    return sorted(path.relative_to(output).as_posix() for path in output.rglob("*") if "LOG.old" not in path.name)


@pytest.mark.parametrize("plant", [link, dangling, circle, pipe, folder])
def test_at_every_place_that_is_written(
    plant: Callable[[Path, Path], None], content: Path, tmp_path: Path, victim: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "_GRAIN", -(10**12))  # the test's files are seconds old
    clean = tmp_path / "clean"
    use(content, clean)
    good = results(clean)
    named = places(clean)
    state = {
        "posts.cache", "last-build", "last-read", "names", "terms", "positions", "graphs", "query",
        "served.html",
    }  # fmt: skip
    assert {".kg", *(f".kg/{name}" for name in state), "graph.ttl", "graph.html", "nodes.csv"} <= set(named)
    for number, place in enumerate(named):
        output, own = tmp_path / f"out{number}", victim / str(number)
        own.mkdir()
        shutil.copytree(clean, output)
        in_store = place.startswith(".kg/query/")
        plant(output / place, own)
        if plant is folder and "/" not in place and (clean / place).is_file():
            with pytest.raises(ExportError, match="folder of that name"):
                use(content, output)
            continue
        with untouched(victim):
            use(content, output)
        assert results(output) == good, place
        left = [path for path in output.rglob("*") if path.is_symlink() or path.is_fifo()]
        assert left == [], place
        if plant is folder and not in_store and (clean / place).is_file():
            assert (output / place / "inside").read_text() == "not ours\n", place


def command(monkeypatch: pytest.MonkeyPatch, where: Path, *arguments: str) -> str:
    """Run kg in a folder; what went wrong, as it would be printed."""
    monkeypatch.chdir(where)
    try:
        app.main([*arguments], standalone_mode=False)
    except (KgError, click.UsageError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["kg-ledger.txt", "sub/ledger.txt", "sub/own.txt"])
def test_a_ledger_is_no_link(
    content: Path, victim: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / "kg-ledger.txt").unlink()
    (content / "kg.toml").write_text(f'resolution.ledger = "{name}"\n')
    if name == "kg-ledger.txt":
        (content / name).symlink_to(victim / "own.txt")
    elif name == "sub/own.txt":
        (content / "sub").symlink_to(victim)
    else:
        (content / "sub").mkdir()
        (content / name).symlink_to(victim / "new.txt")
    with untouched(victim):
        for arguments in (
            ("build", str(content), "-o", "out"),
            ("resolve", str(content), "--reject", "x", "y"),
            ("resolve", str(content), "--undo"),
            ("stats", str(content)),
        ):
            assert "is a symbolic link" in command(monkeypatch, tmp_path, *arguments)


@pytest.mark.parametrize("name", ["../victim/own.txt", "/etc/passwd", "a/../../victim/own.txt", "x" * 5000])
def test_a_ledger_lies_within_content(content: Path, victim: Path, name: str) -> None:
    with untouched(victim), pytest.raises(LedgerError, match="within CONTENT"):
        kg.build(content, config=Config(resolution=ResolutionSettings(ledger=name)))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_ledger_is_a_file(content: Path, make: Callable[[Path], None]) -> None:
    (content / "kg-ledger.txt").unlink()
    make(content / "kg-ledger.txt")
    with pytest.raises(LedgerError, match=r"is not a regular file|is a folder"):
        kg.build(content)


BESIDE = {
    "authors.yml": "ada: SECRET\n",
    "blog/authors.yml": "ada: SECRET\n",
    "_data/authors.yml": "ada: SECRET\n",
    "a.11tydata.json": '{"tags": ["SECRET"]}',
    "content.11tydata.json": '{"tags": ["SECRET"]}',
    "_config.yml": "defaults:\n- scope: {path: ''}\n  values: {tags: [SECRET]}\n",
    "config/_default/hugo.toml": "defaultContentLanguage = 'de'\n",
    "kg.toml": 'title = "SECRET"\n',
    "s/_index.md": "---\ncascade: {tags: [SECRET]}\n---\n",
    "s/p.md": "---\ntitle: SECRET\n---\n",
}


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("whole_folder", [False, True])
def test_what_lies_beside_the_posts_is_no_link(
    content: Path, victim: Path, tmp_path: Path, name: str, whole_folder: bool
) -> None:
    (content / "authors.yml").unlink()
    (content / "_index.md").write_text("---\ncascade: {tags: [z]}\n---\n")  # for Hugo's settings
    write_posts(content, {name: BESIDE[name]})
    read = kg.build(content)
    assert "SECRET" in repr((read.posts, read.config)) or name.endswith("hugo.toml")
    first = name.split("/", maxsplit=1)[0] if whole_folder else name
    shutil.move(content / first, victim / "kept")
    (content / first).symlink_to(victim / "kept")
    with untouched(victim):
        if name == "kg.toml":
            with pytest.raises(ConfigError, match=r"kg\.toml: is a symbolic link.*--config"):
                kg.build(content, tmp_path / "out")
            return
        result = kg.build(content, tmp_path / "out")
    assert "SECRET" not in repr(result.posts)
    if name.endswith(("authors.yml", ".md")):
        assert {d.code for d in result.diagnostics} >= {"KG006"}


def test_beside_the_posts_a_pipe_is_not_waited_for(content: Path, tmp_path: Path) -> None:
    (content / "authors.yml").unlink()
    for name in BESIDE:
        if not name.endswith(".md"):
            (content / name).parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(content / name)
    assert len(kg.build(content, tmp_path / "out").posts) == 2


@pytest.mark.parametrize("planted", ["%FF.md", "%FF"])
def test_what_a_link_is_called_like_a_post(
    content: Path, victim: Path, planted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post of which the name is no UTF-8 has the path that the link has by its name."""
    text = "---\ntitle: Three\ntags: '[]'\n---\nAda Lovelace, One\n"
    (victim / "m.md").write_text(text.replace("Ada", "SECRET"))
    place = os.fsencode(content) + (b"/\xff.md" if planted == "%FF.md" else b"/\xff/m.md")
    Path(os.fsdecode(place)).parent.mkdir(exist_ok=True)
    Path(os.fsdecode(place)).write_text(text)
    (content / planted).symlink_to(victim / "m.md" if planted == "%FF.md" else victim)
    with untouched(victim):
        name = "%FF.md" if planted == "%FF.md" else "%FF/m.md"
        assert "SECRET" not in body_of(content, name)[0]
        for arguments in (("check", str(content), "--fix"), ("suggest", str(content), "--write")):
            assert command(monkeypatch, tmp_path, *arguments) == ""
    assert "'[]'" not in Path(os.fsdecode(place)).read_text()


@pytest.mark.parametrize(
    ("planted", "arguments"),
    [
        ("graph.ttl", ("export", "ttl", "content")),
        ("here/nodes.csv", ("export", "csv", "content", "-o", "here")),
        ("here/graph.nt", ("export", "nt", "content", "-o", "here")),
        ("kg.toml", ("init", "content")),
        ("kg.toml", ("init", "content", "--force")),
        ("output", ("build", "content")),
        ("output", ("resolve", "content", "--list")),
    ],
)
@pytest.mark.parametrize("to", ["own.txt", "nothing.txt", "."])
def test_what_nobody_named_is_not_followed(
    content: Path, victim: Path, planted: str, arguments: tuple[str, ...], to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = content.parent / planted
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(victim / to)
    with untouched(victim):
        said = command(monkeypatch, content.parent, *arguments)
    refused = any(what in said for what in ("is there already", "is a symbolic link", "is a file"))
    assert refused == path.is_symlink()


def test_what_the_user_named_is_followed(content: Path, victim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, arguments in {
        "x.nt": ("export", "nt", "content", "-o", "x.nt"),
        "x.md": ("glossary", "content", "-o", "x.md"),
        "out": ("build", "content", "-o", "out"),
    }.items():
        (content.parent / name).symlink_to(victim / name)
        if name == "out":
            (victim / name).mkdir()
        assert command(monkeypatch, content.parent, *arguments) == ""
        assert (content.parent / name).is_symlink()
        assert (victim / name).is_dir() or (victim / name).read_bytes()
    assert (victim / "out" / "graph.ttl").is_file()


def test_results_are_not_read_through_links(content: Path, victim: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    kg.build(content, output, formats=["ttl", "html"])
    for name in ("graph.ttl", "graph.html"):
        link(output / name, victim)
        shutil.move(victim / "kept", victim / name)
        (output / name).unlink()
        (output / name).symlink_to(victim / name)
    with untouched(victim):
        assert page(output) is None
        with pytest.raises(ConfigError, match="no built graph"):
            loaded.of_output(output)


def test_a_store_of_somebody_else_is_no_place_for_links(content: Path, victim: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    kg.build(content, output, formats=["ttl"])
    folder = loaded.of_output(output).folder
    assert folder
    (folder / "LOG.old.1").symlink_to(victim / "own.txt")
    with untouched(victim):
        assert loaded.of_output(output).folder == folder
    assert not [path for path in folder.iterdir() if path.is_symlink()]


def test_where_a_file_lies_in_the_place_of_the_state(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / ".kg").write_text("mine\n")
    with pytest.raises(ExportError, match=r"\.kg: is a file where kg keeps a folder"):
        kg.build(content, output, formats=["ttl"])
    assert (output / ".kg").read_text() == "mine\n"


def test_state_that_cannot_be_kept_is_told_once(
    content: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "out/.kg/posts.cache").mkdir(parents=True)
    for text in ("one", "two"):
        (content / "a.md").write_text(text)
        kg.build(content, tmp_path / "out", formats=["ttl"])
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1
    assert "posts.cache: Is a directory; nothing is kept there, and the next run takes longer" in told[0]


def test_a_result_of_a_cluster_takes_the_place_of_a_link(victim: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    from kg.cluster.output import SuccessFile, check_place, put_in_place, remove

    output, fresh = tmp_path / "out", tmp_path / "out" / ".kg" / "cluster-1" / "new"
    (victim / "_SUCCESS").write_text("theirs")
    fresh.mkdir(parents=True)
    (output / "graph").symlink_to(victim)
    with untouched(victim):
        check_place(str(output))
        put_in_place(str(fresh), str(output), SuccessFile("", 0, 0, 0, 0, []))
        remove(str(fresh.parent))
    assert not (output / "graph").is_symlink()
    assert (output / "graph" / "_SUCCESS").is_file()
    assert [path.name for path in (output / ".kg").iterdir()] == []
