"""`kg export site`: what it says, that text of posts stays text, and that generators read it as docs/site.md shows."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import app
from kg.errors import ConfigError
from kg.exporters.folders import _keys, site
from kg.exporters.folders._article import embedded
from kg.exporters.folders._keys import key_of
from kg.pipeline.build import build
from kg.pipeline.writing import write_folder
from tests.conftest import REPO, write_posts

EVIL = '</script><script>alert(1)</script> {{ 7*7 }} & "so on"'
FRONT = "---\ntitle: {}\ndate: 2026-0{}-05\nlayout: post\npeople: [Ada Lovelace, Charles Babbage]\n"
POSTS = {
    "2026-01-05-engine.md": FRONT.format("The engine", 1)
    + "image: /engine.png\nlastmod: 2026-01-09\nauthor: {name: Mira Holt, url: 'https://mira.example/'}\n---\n\n"
    + "It was planned. The notes are in [another post](2026-02-05-notes.md), by Ada! More.\n",
    "2026-02-05-notes.md": FRONT.format("Notes", 2) + "---\n\nWhat **Ada** wrote.\n",
    "2026-03-05-evil.md": FRONT.format(json.dumps(EVIL), 3) + "---\n\nSee <b>[the notes](2026-02-05-notes.md)</b>.\n",
    "2026-04-05-draft.md": FRONT.format("Secret", 4) + "draft: true\n---\n",
}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_posts(tmp_path_factory.mktemp("site"), POSTS)


@pytest.fixture(scope="module")
def files(content: Path) -> dict[str, Any]:
    graph = build(content, drafts=False).knowledge_graph
    made = (*site.files(graph, content), *site.pages(graph, content))
    return {name: json.loads(data) if name.endswith(".json") else data for name, data in made}


def test_a_post_tells_what_is_related_and_who_links_to_it(files: dict[str, Any]) -> None:
    notes = files["posts/2026-02-05-notes.json"]
    engine = next(one for one in notes["related"] if one["title"] == "The engine")
    assert engine["links"] == ["from"]
    assert {one["label"] for one in engine["shared"]} <= {"Ada Lovelace", "Charles Babbage"}
    assert [(one["title"], one["line"], one["sentence"]) for one in notes["backlinks"]] == [
        (EVIL, 8, "See the notes."),
        ("The engine", 11, "The notes are in another post, by Ada!"),
    ]
    assert {one["key"] for one in notes["entities"]} == {"person--ada_lovelace", "person--charles_babbage"}
    ada = files["entities/person--ada_lovelace.json"]
    assert [one["date"] for one in ada["posts"]] == ["2026-03-05", "2026-02-05", "2026-01-05"]
    assert [(one["month"], one["named"]) for one in ada["months"]] == [("2026-01", 1), ("2026-02", 1), ("2026-03", 1)]
    assert files["index.json"]["posts"]["2026-02-05-notes.md"]["key"] == "2026-02-05-notes"
    assert b"Secret" not in files["llms.txt"]


def test_an_article_has_what_search_engines_ask_for(files: dict[str, Any]) -> None:
    article = json.loads(files["posts/2026-01-05-engine.json"]["jsonld"])
    asked = ("@type", "headline", "image", "datePublished", "dateModified", "author")
    assert {name: article[name] for name in asked} == {
        "@type": "BlogPosting",
        "headline": "The engine",
        "image": ["/engine.png"],
        "datePublished": "2026-01-05",
        "dateModified": "2026-01-09",
        "author": [{"@type": "Person", "name": "Mira Holt", "url": "https://mira.example/"}],
    }


class _Scripts(HTMLParser):
    """Counts script elements, and what text is outside of them."""

    def __init__(self) -> None:
        super().__init__()
        self.types: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.types.append(dict(attrs).get("type"))


def scripts(page: str) -> list[str | None]:
    parser = _Scripts()
    parser.feed(page)
    return parser.types


def test_text_of_posts_stays_text(files: dict[str, Any]) -> None:
    assert "<" not in files["posts/2026-03-05-evil.json"]["jsonld"]
    assert json.loads(files["posts/2026-03-05-evil.json"]["jsonld"])["headline"] == EVIL
    page = files["entities/person--ada_lovelace.html"].decode()
    assert scripts(page) == ["application/ld+json"]
    assert html.escape(EVIL, quote=False)[:20] in page
    assert b"\\</script\\>" in files["llms.txt"]


@settings(max_examples=30)
@given(st.text())
def test_no_text_ends_a_script(text: str) -> None:
    assert json.loads(embedded({"headline": text}))["headline"] == text
    assert not set("<>&\u2028\u2029") & set(embedded({"headline": text}))


@given(st.lists(st.text("aA-/_1.é知\ud800", min_size=1), unique=True))
def test_keys_differ_whatever_the_names(names: list[str]) -> None:
    keys = [key_of(name) for name in names]
    assert len(set(keys)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_]+(-{1,2}[a-z0-9_]+)*", key) for key in keys)


@pytest.mark.parametrize("name", ["con", "index", "a" * 300, "a--b", "x-0123456789abcdef0123"])
def test_names_that_mean_something_elsewhere_get_a_digest(name: str) -> None:
    assert re.search(r"-[0-9a-f]{20}\Z", key_of(name))
    assert len(key_of(name)) <= _keys.LONGEST


def test_a_folder_is_kept_in_step(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("mine")
    assert write_folder([("a.json", b"1"), ("b/c.json", b"2")], tmp_path) == (2, 2)
    assert write_folder([("a.json", b"1"), ("b/d.json", b"3")], tmp_path) == (2, 1)
    assert sorted(path.name for path in tmp_path.rglob("*.json")) == ["a.json", "d.json", "mine.json"]


def test_a_folder_harms_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "data"
    (victim / "b").mkdir(parents=True)
    folder.mkdir()
    for path in (victim / "c.json", victim / "b" / "c.json", folder / "edited.json"):
        path.write_text("precious")
    (folder / "b").symlink_to(victim / "b")
    digest = sha256(b"precious").hexdigest()
    stale = ["../victim/c.json", str(victim / "c.json"), "b/c.json", "edited.json"]
    (folder / ".kg-files").write_text(
        "".join(f"{digest}  {name}\n" for name in stale[:3]) + f"{'0' * 64}  {stale[3]}\n"
    )
    write_folder([("b/c.json", b"2")], folder)
    assert (folder / "b" / "c.json").read_bytes() == b"2"
    assert [path.read_text() for path in (victim / "c.json", victim / "b" / "c.json")] == ["precious"] * 2
    assert (folder / "edited.json").read_text() == "precious", "somebody has changed it since"
    with pytest.raises(ConfigError, match="was not written by kg"):
        write_folder([("a.json", b"1"), ("edited.json", b"3")], folder)
    assert (folder / "edited.json").read_text() == "precious"
    assert write_folder([("a.json", b"5")], folder) == (1, 1), "what was written before the refusal is kg's own"


def test_the_command_writes_a_folder(content: Path, tmp_path: Path) -> None:
    arguments = ["export", "site", str(content), "-o", str(tmp_path / "kg"), "--html", str(tmp_path / "public")]
    result = CliRunner().invoke(app, arguments, standalone_mode=False)
    assert "new or changed" in result.stderr
    assert (tmp_path / "public/entities/person--ada_lovelace.html").is_file()
    assert "Secret" not in (tmp_path / "kg/index.json").read_text()


# Generators are not in CI, for each takes some seconds. Debian has hugo and jekyll; KG_GENERATORS names a folder where
# `npm install @11ty/eleventy astro@5` was called.


def examples(generator: str) -> dict[str, str]:
    """Path → text of the files that docs/site.md shows for a generator."""
    text = (REPO / "docs/site.md").read_text("utf-8")
    found = re.findall(r"^\*\*`(\S+?)/(\S+)`\*\*\n\n```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return {path: code for tool, path, code in found if tool == generator}


@pytest.fixture
def project(tmp_path: Path, content: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with the posts, the data and the files of the documentation; parameters: generator, posts, data."""
    generator, posts, data = request.param
    shutil.copytree(content, tmp_path / posts)
    (tmp_path / posts / "2026-04-05-draft.md").unlink()
    write_posts(tmp_path, examples(generator))
    graph = build(tmp_path / posts).knowledge_graph
    write_folder(site.files(graph, tmp_path / posts), tmp_path / data)
    return tmp_path


def generated(project: Path, *command: str) -> dict[str, str]:
    """The title of each page → the page, after a generator has run."""
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [
        path.read_text("utf-8") for name in ("public", "_site", "dist") for path in project.glob(f"{name}/**/*.html")
    ]
    return {found[1]: page for page in pages if (found := re.search("<h1>(.*?)</h1>", page))}


def node_program(project: Path, name: str) -> str:
    """A program of npm; its packages are linked into the project."""
    packages = Path(os.environ.get("KG_GENERATORS", "")) / "node_modules"
    if not (packages / ".bin" / name).exists():
        pytest.skip(f"{name} is looked for in the folder KG_GENERATORS, after npm install @11ty/eleventy astro@5 there")
    (project / "node_modules").symlink_to(packages.resolve())
    return str(packages.resolve() / ".bin" / name)


def found_program(name: str) -> str:
    return shutil.which(name) or pytest.skip(f"{name} is not installed (apt install {name})")


def check_pages(pages: dict[str, str]) -> None:
    assert len(pages) == 3
    notes = pages["Notes"]
    assert re.search(r"<a href=\"[^\"]*engine/?(\.html)?\">\s*The engine\s*</a>", notes), "related posts are linked"
    assert re.search(r"<small>(Ada Lovelace|Charles Babbage)</small>", notes), "and the reason is told"
    assert "The notes are in another post, by Ada!" in notes
    for page in pages.values():
        assert scripts(page) == ["application/ld+json"], "no post brings a script of its own"
        data = re.search(r"<script type=\"application/ld\+json\">(.*?)</script>", page, re.DOTALL)
        assert data
        assert json.loads(data[1])["@type"] == "BlogPosting"


@pytest.mark.slow
@pytest.mark.parametrize("project", [("hugo", "content", "data/kg")], indirect=True)
def test_hugo_reads_it(project: Path) -> None:
    write_posts(project, {"config.toml": 'baseURL = "https://me.example/"\n'})
    check_pages(generated(project, found_program("hugo"), "--quiet"))


@pytest.mark.slow
@pytest.mark.parametrize("project", [("jekyll", "_posts", "_data/kg")], indirect=True)
def test_jekyll_reads_it(project: Path) -> None:
    check_pages(generated(project, found_program("jekyll"), "build", "--quiet"))


@pytest.mark.slow
@pytest.mark.parametrize("project", [("eleventy", "content", "content/_data/kg")], indirect=True)
def test_eleventy_reads_it(project: Path) -> None:
    check_pages(generated(project, node_program(project, "eleventy"), "--input=content", "--quiet"))


@pytest.mark.slow
@pytest.mark.parametrize("project", [("astro", "src/content/blog", "src/kg")], indirect=True)
def test_astro_reads_it(project: Path) -> None:
    program = node_program(project, "astro")
    write_posts(project, {"package.json": '{"type": "module"}', "astro.config.mjs": "export default {};\n"})
    check_pages(generated(project, program, "build"))
