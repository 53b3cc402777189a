"""Finding posts and decoding them: names of every sort, links, pipes, encodings."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from time import process_time

import pytest

import kg
from kg.config import Config
from kg.errors import ConfigError
from kg.pipeline.build import update
from kg.reading.encodings import likely_encoding
from kg.reading.files import decode
from kg.reading.finding import TOOL_FOLDERS, Walk, walk
from kg.text.filenames import portable

NAMES = (
    "plain.md", "UPPER.MD", "long.markdown", "page.mdx", "with space.md", "#hash.md", "what?.md", "%2e%2e.md",
    "per%cent.md",
    "quote\".md", "apos'.md", "new\nline.md", "tab\t.md", "back\\slash.md", "semi;colon.md", "<angle>.md", "{brace}.md",
    "中文名.md", "العربية.md", "e\u0301.md", "😀.md", "-dash.md", "a" * 247 + ".md", "…….md", "two.md.md", "a.MD.md",
    "=formula.md", "\u202eevil.md", "con.md", "~.md",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = tmp_path / "content"
    content.mkdir()
    return content


def write(path: Path, text: str = "---\ntitle: x\n---\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such names")
def test_every_name_becomes_a_post_of_its_own(folder: Path, tmp_path: Path) -> None:
    for name in NAMES:
        write(folder / name)
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe/\xe9t\xe9.md"))
    write(odd, "---\ntitle: bytes\n---\n")
    result = kg.build(folder, tmp_path / "out", formats=["ttl", "nt", "graphml"])
    paths = {post.path for post in result.posts}
    assert paths == {*NAMES, "%FF%FE/%E9t%E9.md"}
    iris = [iri for iri, node in result.knowledge_graph.nodes.items() if node.kind == "post"]
    assert len(iris) == len(paths)
    for name in sorted(paths):
        assert any(a.value == name for n in result.knowledge_graph.nodes.values() for a in n.attributes), name


def test_walk_is_sorted_by_code_point_and_leaves_out_what_is_no_post(folder: Path) -> None:
    for name in ("b.md", "B.md", "a/z.md", "a.md", "é.md", "note.txt", "README", ".git/x.md", "x.md/inside.md",
                 "node_modules/p/README.md", ".obsidian/y.md"):  # fmt: skip
        write(folder / name)
    write(folder / ".hidden.md")
    found = walk(folder)
    assert found.paths == ["B.md", "a.md", "a/z.md", "b.md", "x.md/inside.md", "é.md"]
    assert [(d.path, d.code) for d in found.diagnostics] == [(".hidden.md", "KG006")]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("drafts", ["a.md", "blog/a.md", "blog/x.tmp.md"]),
        ("/drafts", ["a.md", "blog/a.md", "blog/drafts/b.md", "blog/x.tmp.md"]),
        ("blog/drafts", ["a.md", "blog/a.md", "blog/x.tmp.md", "drafts/a.md", "drafts/deep/c.md"]),
        ("*.tmp.md", ["a.md", "blog/a.md", "blog/drafts/b.md", "drafts/a.md", "drafts/deep/c.md"]),
        ("drafts/**", ["a.md", "blog/a.md", "blog/drafts/b.md", "blog/x.tmp.md"]),
        ("**/drafts", ["a.md", "blog/a.md", "blog/x.tmp.md"]),
        ("blog/?.md", ["a.md", "blog/drafts/b.md", "blog/x.tmp.md", "drafts/a.md", "drafts/deep/c.md"]),
        ("[ab].md", ["blog/x.tmp.md", "drafts/deep/c.md"]),
        ("[!a].md", ["a.md", "blog/a.md", "blog/x.tmp.md", "drafts/a.md"]),
        ("blog/", ["a.md", "drafts/a.md", "drafts/deep/c.md"]),
    ],
)
def test_exclude(folder: Path, pattern: str, left: list[str]) -> None:
    for name in ("a.md", "drafts/a.md", "drafts/deep/c.md", "blog/a.md", "blog/drafts/b.md", "blog/x.tmp.md"):
        write(folder / name)
    assert walk(folder, [pattern]).paths == left


def reported(found: Walk) -> list[tuple[str, str, str]]:
    return [(d.path, d.code, d.message) for d in found.diagnostics]


def test_a_hidden_folder_with_posts_is_reported_once(folder: Path) -> None:
    for name in ("a.md", ".docs/b.md", ".docs/deep/c.mdx", ".docs/picture.png", ".docs/.inner/d.md", "x/.one/e.md",
                 ".empty/f.txt", ".drafts/g.md"):  # fmt: skip
        write(folder / name)
    assert reported(walk(folder, [".drafts"])) == [
        (".docs", "KG006", "a hidden folder with 2 posts, which are not read; "
                           'add include = [".docs"] to kg.toml to have it read'),
        ("x/.one", "KG006", "a hidden folder with 1 post, which is not read; "
                            'add include = ["x/.one"] to kg.toml to have it read'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("include", "paths", "told"),
    [
        ([".docs"], [".docs/b.md", "a.md"], [".docs/.inner"]),
        ([".docs", ".docs/.inner"], [".docs/.inner/d.md", ".docs/b.md", "a.md"], []),
        ([".*"], [".docs/.inner/d.md", ".docs/b.md", ".git/e.md", ".hidden.md", "a.md"], []),
        (["node_modules"], ["a.md", "node_modules/README.md"], [".docs"]),
    ],
)
def test_include(folder: Path, include: list[str], paths: list[str], told: list[str]) -> None:
    for name in ("a.md", ".docs/b.md", ".docs/.inner/d.md", ".git/e.md", "node_modules/README.md"):
        write(folder / name)
    write(folder / ".hidden.md")
    found = walk(folder, include=include)
    assert found.paths == paths
    assert [d.path for d in found.diagnostics if d.path != ".hidden.md"] == told
    assert walk(folder, exclude=[".*"], include=include).diagnostics == [], "what is excluded is not even looked at"


HEXO = ("_config.yml", "scaffolds/post.md", "themes/next/_config.yml")
MANUAL = ("quartz.config.ts", "quartz/x.ts", "content/own.md", "docs/hosting.md", "docs/philosophy.md")


@pytest.mark.parametrize(
    ("others", "path", "what"),
    [
        (HEXO, "themes/next/docs/ru/x.md", "themes of others for Hexo with 1 post, which is not read"),
        (
            ("site/hugo.toml", "site/themes/a/theme.toml"),
            "site/themes/a/exampleSite/content/x.md",
            "themes of others for Hugo",
        ),
        (("zola.toml", "themes/a/templates/x.html"), "themes/a/README.md", "themes of others for Zola"),
        (("pelicanconf.py", "themes/a/templates/x.html"), "themes/a/README.md", "themes of others for Pelican"),
        (("pelicanconf.py",), "plugins/a/README.md", "plugins of Pelican"),
        (("hugo.toml", "_vendor/modules.txt"), "_vendor/a/x.md", "packages of others"),
        (("vendor/bundle/ruby/x",), "vendor/bundle/ruby/x.md", "packages of others"),
        (("bower_components/x",), "bower_components/x.md", "packages of others"),
        (MANUAL, "docs/features/x.md", "the manual of Quartz"),
        (("dendron.yml", "docs/data/notes/1.html"), "docs/data/notes/x.md", "what Dendron has published"),
        (("dendron.yml", "docs/a.md"), "docs/x.md", ""),
        (("hugo.toml",), "themes/a/x.md", ""),
        (
            ("hugo.toml", "themes/a/theme.toml", "themes/a/content/y"),
            "themes/a/content/x.md",
            "themes of others for Hugo",
        ),
        ((*HEXO, "themes/love.md"), "themes/next/x.md", ""),
        (("themes/a/theme.toml",), "themes/a/x.md", ""),
        (("hugo.toml", "content/themes/a/static/x"), "content/themes/a/x.md", ""),
        (("vendor/a.txt",), "vendor/x.md", ""),
        (("plugins/a.txt",), "plugins/x.md", ""),
        (("pelicanconf.py", "plugins/a.txt"), "content/plugins/x.md", ""),
        (("quartz.config.ts", "quartz/x.ts", "docs/hosting.md"), "docs/features/x.md", ""),
        (("docs/hosting.md", "docs/philosophy.md", "content/own.md"), "docs/features/x.md", ""),
    ],
)
def test_what_others_have_written_is_not_read(folder: Path, others: tuple[str, ...], path: str, what: str) -> None:
    write(folder / "content/own.md")
    for name in others:
        write(folder / name, 'PATH = "content"\n' if name.endswith(".py") else "")
    write(folder / path)
    found = walk(folder)
    assert (path in found.paths) == (not what)
    told = [each.message for each in found.diagnostics if re.search("makes no pages|others|published", each.message)]
    assert len(told) == bool(what)
    assert all(each.startswith(what) and "add include = [" in each for each in told)
    assert {each.severity for each in found.diagnostics} <= {"note"}
    place = next((each.path for each in found.diagnostics if each.message in told), "none")
    assert path in walk(folder, include=[f"/{place}"]).paths


@pytest.mark.parametrize("own", [1, 2])
def test_a_folder_that_is_copied_is_read_where_most_posts_lie(folder: Path, own: int) -> None:
    write(folder / "next.config.js")
    for path in ("public/a/index.md", "public/b/index.md", *(f"{number}.md" for number in range(own))):
        write(folder / path)
    assert ("public/a/index.md" in walk(folder).paths) == (own < 2)
    assert len(walk(folder).diagnostics) == (own >= 2)


def test_folders_of_tools_are_never_looked_into(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in sorted(TOOL_FOLDERS):
        write(folder / name / "x.md")
    write(folder / "a.md")
    opened: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr("os.scandir", lambda path: opened.append(path) or scandir(path))
    assert walk(folder)[:3] == (["a.md"], [], [])
    assert len(opened) == 1


def test_looking_into_hidden_folders_ends_early(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.reading.finding._LOOKED_AT", 30)
    for number in range(50):
        write(folder / f".big/{number}.md")
        write(folder / f".late/{number}.md")
    write(folder / ".a/first.md")
    assert [message for _path, _code, message in reported(walk(folder))] == [
        'a hidden folder with 1 post, which is not read; add include = [".a"] to kg.toml to have it read',
        "a hidden folder with at least 29 posts, which are not read; "
        'add include = [".big"] to kg.toml to have it read',
    ]  # fmt: skip


def test_a_folder_whose_posts_are_all_hidden_says_so(folder: Path) -> None:
    write(folder / ".docs/a.md")
    with pytest.raises(ConfigError, match=r"holds no post.*\.docs: a hidden folder with 1 post.*include"):
        kg.build(folder)


def test_what_is_included_is_part_of_the_build(folder: Path, tmp_path: Path) -> None:
    write(folder / "a.md")
    write(folder / ".docs/b.md")
    for include in ((), (".docs",), ()):
        settings = Config(formats=("nt",), include=include)
        update(folder, tmp_path / "out", config=settings)
        assert (b'".docs/b.md"' in (tmp_path / "out/graph.nt").read_bytes()) == bool(include)


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_are_reported_and_not_followed(folder: Path) -> None:
    write(folder / "real.md")
    write(folder / "sub/inside.md")
    outside = write(folder.parent / "outside/secret.md", "---\ntitle: SECRET\n---\n")
    (folder / "loop").symlink_to(folder)
    (folder / "self.md").symlink_to("self.md")
    (folder / "out").symlink_to(outside.parent)
    (folder / "out.md").symlink_to(outside)
    (folder / "in.md").symlink_to("real.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "picture.png").symlink_to("nowhere.png")
    found = walk(folder)
    assert found.paths == ["real.md", "sub/inside.md"]
    assert {d.path for d in found.diagnostics} == {"loop", "self.md", "out", "out.md", "in.md", "dangling.md"}
    assert {d.code for d in found.diagnostics} == {"KG006"}
    result = kg.build(folder)
    assert not any("SECRET" in node.label for node in result.knowledge_graph.nodes.values())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_never_opened(folder: Path) -> None:
    write(folder / "a.md")
    os.mkfifo(folder / "pipe.md")
    result = kg.build(folder)  # would wait for ever
    assert [(d.path, d.code) for d in result.diagnostics] == [("pipe.md", "KG006")]


def test_content_may_itself_be_a_link(folder: Path) -> None:
    write(folder / "a.md")
    (folder.parent / "link").symlink_to(folder)
    assert walk(folder.parent / "link").paths == ["a.md"]


def test_what_cannot_be_read_is_one_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "good.md")
    write(folder / "bad.md")
    write(folder / "locked/x.md")
    scandir, real_open = os.scandir, open

    def refuse(path: str, *args: object, **kwargs: object) -> object:
        if str(path).endswith(("bad.md", "locked/")):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *args, **kwargs) if args else scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    monkeypatch.setattr("builtins.open", refuse)
    result = kg.build(folder, config=Config(), jobs=1)
    assert [post.path for post in result.posts] == ["good.md"]
    assert [(d.path, d.code, d.severity) for d in result.diagnostics] == [
        ("bad.md", "KG001", "error"), ("locked", "KG001", "error"),
    ]  # fmt: skip


def test_too_large_a_file_is_not_read(folder: Path) -> None:
    write(folder / "big.md", "---\ntitle: x\n---\n" + "x" * 5000)
    write(folder / "small.md")
    settings = Config().with_changes(limits=kg.config.Limits(file_bytes=4000))
    result = kg.build(folder, config=settings)
    assert [(d.path, d.code) for d in result.diagnostics] == [("big.md", "KG005")]
    assert [post.path for post in result.posts] == ["small.md"]


@pytest.mark.parametrize(
    ("encoding", "text", "likely"),
    [
        ("gbk", "知识图谱是一种数据结构", "GBK"),
        ("gb18030", "标题：中文乱码的测试", "GBK"),
        ("big5", "知識圖譜是一種資料結構", "Big5"),
        ("shift_jis", "これは日本語の文章です", "Shift_JIS"),
        ("euc-jp", "これは日本語の文章です", "EUC-JP"),
        ("euc-kr", "이것은 한국어 문장입니다 그래서", "EUC-KR"),
        ("cp1251", "Это русский текст", "Windows-1251"),
        ("koi8-r", "Это русский текст", "KOI8-R"),
        ("latin-1", "Café crème déjà vu", "Windows-1252 (Latin-1)"),
        ("cp1252", "It’s “fine” – naïve", "Windows-1252 (Latin-1)"),
        ("utf-16-le", "plain text", "UTF-16 without its mark"),
        ("ascii", "plain", ""),
    ],
)
def test_likely_encoding(encoding: str, text: str, likely: str) -> None:
    assert likely_encoding(f"title: {text}\n".encode(encoding)) == likely


def codes(data: bytes) -> list[tuple[str, int, int]]:
    return [(d.code, d.line, d.column) for d in decode(data, "x.md")[1]]


def test_decode() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc", "x") == ("a\nb\nc", decode(b"\xef\xbb\xbfa\r\nb\rc", "x")[1])
    assert codes(b"a\r\nb\rc") == [("KG003", 2, 2)]
    assert codes(b"plain\nfine \xc3\xa9") == []
    assert codes("---\ntitle: é\n---\n".encode("latin-1")) == [("KG002", 2, 8)]
    assert codes("---\ntitle: x\n---\n\nok é ".encode() + b"\xff") == [("KG003", 5, 6)]
    assert codes(b"---\r\ntitle: x\r\n---\r\n\r\n\xff") == [("KG003", 5, 1)]
    text, found = decode(b"a" * 300 + b"\n\0", "x")
    assert text is not None
    assert text.endswith("\n\ufffd")
    assert [(d.code, d.line) for d in found] == [("KG003", 2)]


def test_portable() -> None:
    assert portable("a/b.md") == "a/b.md"
    assert portable(os.fsdecode(b"\xff/\xe9.md")) == "%FF/%E9.md"


@pytest.mark.slow
def test_many_small_posts_take_linear_time(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        content = tmp_path / str(count)
        for number in range(count):
            text = f"---\ntags: [t{number % 97}]\n---\n[[{(number * 7) % count}]]\n"
            write(content / f"{number % 50}/{number}.md", text)
        begun = process_time()
        result = kg.build(content, jobs=1)
        assert len(result.posts) == count
        return process_time() - begun

    seconds(100)
    small, large = seconds(1000), seconds(4000)
    assert large < small * 4 * 3
