"""Proposals: which names prove something, and patches that change nothing but the list."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import app
from kg.config import Config, Limits
from kg.machine.processes import Pool
from kg.model import IRI
from kg.reading.editing import Rewrite
from kg.reading.posts import Reader
from kg.resolution import resolve
from kg.suggest import Suggestion, bodies, inferred_edges, most_helpful, suggest
from kg.suggest.bodies import _sentence
from kg.suggest.evidence import Attestation, Finder, is_doubtful, proves
from kg.suggest.patches import UneditableError, add_names
from tests import running
from tests.conftest import program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Post

LIMITS = Limits()


def parse(data: bytes) -> Post:
    """The post that a file with these bytes is."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.md").write_bytes(data)
        post = Reader(Path(folder), Config()).read("a.md").post
    assert post is not None
    return post


def finds(body: str, *names: str) -> list[str]:
    return list(Finder(names, names).find(body))


@pytest.mark.parametrize(
    ("body", "names", "found"),
    [
        ("The S&P 500 fell.", ["S&P", "S&P 500"], ["S&P 500"]),
        ("用GPT-4o写的", ["GPT-4", "GPT-4o"], ["GPT-4o"]),
        ("用GPT-4o写的", ["GPT-4"], []),
        ("用GPT-4.5写的", ["GPT-4"], []),
        ("用GPT-4写的。", ["GPT-4"], ["GPT-4"]),
        ("Block Island is small", ["Block"], []),
        ("**Block**（一家公司）", ["Block"], ["Block"]),
        ("the Delaware Supreme Court", ["Supreme Court"], []),
        ("And The Supreme Court said", ["Supreme Court"], ["Supreme Court"]),
        ("Gemini 3 Flash 发布", ["Gemini 3"], []),
        ("Metadata and Meta.", ["Meta"], ["Meta"]),
        ("看 https://example.org/?q=Nvidia 吧", ["Nvidia"], []),
        ("x@Nvidia.com and nvidia.Nvidia", ["Nvidia"], []),
        ("`Nvidia` and <a title='Nvidia'>", ["Nvidia"], []),
        ("```\nNvidia\n```\n", ["Nvidia"], []),
        ("~~~\ncode\n~~~\nNvidia", ["Nvidia"], ["Nvidia"]),
        ("保罗·沃尔克说", ["保罗"], []),
        ("teams of AI", ["teams", "AI", "的"], []),
    ],
)
def test_whole_names_in_prose(body: str, names: list[str], found: list[str]) -> None:
    assert finds(body, *names) == found


def test_the_first_place_and_the_number_of_times() -> None:
    assert Finder(["Nvidia"], ["Nvidia"]).find("买 Nvidia，卖 Nvidia。") == {"Nvidia": (2, 2)}


def test_only_places_in_prose_are_counted() -> None:
    body = "苹果。`苹果`，<a title='苹果'>，https://example.org/苹果 苹果\n"
    body += "```\n苹果 苹果\n```\n~~~\n苹果\n~~~\n苹果\n```\n苹果"
    assert Finder(["苹果"], ["苹果"]).find(body) == {"苹果": (0, 3)}
    assert Finder(["苹果"], ["苹果"]).find("`苹果` 苹果") == {"苹果": (5, 1)}


@pytest.mark.parametrize(
    "hostile",
    [
        "```\nNvidia\n```\n" * 16_000,
        "Nvidia\n" + "`" * 200_000,
        "Nvidia\n" + "~" * 200_000,
        "".join("`" * n + "\n" for n in range(900, 3, -1)) + "Nvidia",
        "`Nvidia` " * 30_000,
        "<a Nvidia " * 30_000,
        "://Nvidia" * 30_000,
    ],
)
def test_hostile_bodies_take_linear_time(hostile: str) -> None:
    begun = process_time()
    Finder(["Nvidia"], ["Nvidia"]).find(hostile)
    assert process_time() - begun < 2  # ten times what it takes


def test_what_proves_something() -> None:
    assert proves("Nvidia", "organization", Attestation(10, 8))
    assert not proves("Teams", "product", Attestation(50, 1))
    assert not proves("Ray", "person", Attestation(20, 6))
    assert proves("Paul Graham", "person", Attestation(10, 3))
    assert is_doubtful("苹果", 1, Attestation(300, 130))
    assert not is_doubtful("苹果", 3, Attestation(300, 130))
    assert not proves("Saudi Arabia", "organization", Attestation(29, 2))


def write(content: Path, posts: dict[str, str]) -> tuple[tuple[Post, ...], Config]:
    for name, text in posts.items():
        (content / name).write_bytes(text.encode())
    config = Config()
    reader = Reader(content, config)
    read = [reader.read(name).post for name in sorted(posts)]
    return tuple(post for post in read if post), config


def listing(*companies: str, people: str = "[]", body: str = "") -> str:
    return f"---\ntitle: t\ncompanies_orgs: [{', '.join(companies)}]\npeople: {people}\n---\n{body}\n"


def propose(content: Path, posts: dict[str, str], only: Iterable[str] | None = None) -> list[Suggestion]:
    read, config = write(content, posts)
    return suggest(content, read, resolve(read, config), config, only=only and frozenset(only))


POSTS = {
    "a.md": listing("Nvidia", "Teams", body="Nvidia 涨了，两个 Teams 在开会。"),
    "b.md": listing("Nvidia", people='["Ada Lovelace"]', body="Nvidia 又涨了。Ada Lovelace 说话。"),
    "c.md": listing("Acme", body="第一句。\n\n我们看 Nvidia 的财报，Nvidia 很好！还有 Ada Lovelace。"),
    "d.md": listing("Nvidia Corp", body="Nvidia 也在。"),
    "e.md": listing("Acme", body="Teams 开会。Acme 也在。"),
    "f.md": listing("Acme", body="Teams 又开会。"),
    "g.md": listing("Acme", people="[Bob Bobson]", body="Teams 还开会。"),
}


def test_proposals_have_their_sentence_and_place(tmp_path: Path) -> None:
    found = [one for one in propose(tmp_path, POSTS) if one.path == "c.md"]
    assert [(one.field, one.name, one.found, one.times, one.line, one.column) for one in found] == [
        ("companies_orgs", "Nvidia", "Nvidia", 2, 8, 5),
        ("people", "Ada Lovelace", "Ada Lovelace", 1, 8, 29),
    ]
    assert found[0].sentence == "我们看 Nvidia 的财报，Nvidia 很好！"
    assert 0 < found[0].confidence < 1


def test_what_is_not_proposed(tmp_path: Path) -> None:
    found = {(one.path, one.name) for one in propose(tmp_path, POSTS)}
    assert not any(name == "Teams" for _path, name in found), "a common word: one post of five that write it lists it"
    assert ("a.md", "Nvidia") not in found, "listed already"
    assert ("d.md", "Nvidia") not in found, "listed under a longer name"


@pytest.mark.parametrize(
    ("listed", "proposed"),
    [
        ("AI", True),  # stands in OpenAI as letters only
        ("Open", True),
        ("OpenAI Inc", False),
        ("the OpenAI-Fund", False),
        ("OpenAIs", False),
        ("与OpenAI有关", False),
        ("MyOpenAI OpenAI", False),
    ],
)
def test_what_is_listed_in_part(tmp_path: Path, listed: str, proposed: bool) -> None:
    posts = {f"{n}.md": listing("OpenAI", body="OpenAI 涨了。") for n in range(4)}
    posts["x.md"] = listing(listed, body="OpenAI 也在。")
    assert ("OpenAI" in {one.name for one in propose(tmp_path, posts) if one.path == "x.md"}) == proposed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("We use Nvidia", "We use Nvidia"),
        ("Hi. We use Nvidia\nand more", "Hi. We use Nvidia"),
        ("用 Nvidia" + "很" * 200, "用 Nvidia" + "很" * 60 + "…"),
        ("很" * 200 + " Nvidia", "…" + "很" * 59 + " Nvidia"),
    ],
)
def test_a_sentence_is_marked_where_it_is_cut(text: str, sentence: str) -> None:
    at = text.index("Nvidia")
    assert _sentence(text, at, at + len("Nvidia")) == sentence


def test_what_helps_most_comes_first() -> None:
    base = Suggestion("a.md", "people", "Ada", IRI("a:a"), IRI("a:p"), 0.5, "Ada", 1, 3, 1, "")
    often, sure = base._replace(times=15), base._replace(confidence=0.9, path="b.md")
    assert most_helpful([base, sure, often]) == [often, sure, base]


def test_only_some_posts(tmp_path: Path) -> None:
    assert {one.path for one in propose(tmp_path, POSTS, only=["c.md"])} == {"c.md"}


def test_inferred_edges_say_how_sure_they_are(tmp_path: Path) -> None:
    edges = inferred_edges(propose(tmp_path, POSTS, only=["c.md"]), Config())
    assert [(edge.source, edge.target, edge.field, edge.line) for edge in edges] == [
        ("https://kg.example/post/c", "https://kg.example/organization/nvidia", "body", 8),
        ("https://kg.example/post/c", "https://kg.example/person/ada_lovelace", "body", 8),
    ]
    assert all(0 < edge.confidence < 1 for edge in edges)


NEW = ["Ada Lovelace", "《群山》: 一"]
STYLES = {
    "block": (
        "people:\n- Bob\n# note\ntags: []\n",
        "people:\n- Bob\n- Ada Lovelace\n- '《群山》: 一'\n# note\ntags: []\n",
    ),
    "indented block": (
        'people:\n    - "Bob"   # who\n\ntags:\n  - x\n',
        'people:\n    - "Bob"   # who\n    - "Ada Lovelace"\n    - "《群山》: 一"\n\ntags:\n  - x\n',
    ),
    "single quotes": ("people:\n  - 'Bob'\n", "people:\n  - 'Bob'\n  - 'Ada Lovelace'\n  - '《群山》: 一'\n"),
    "item on two lines": (
        "people:\n- Bob\n  Bobson\ntags: []\n",
        "people:\n- Bob\n  Bobson\n- Ada Lovelace\n- '《群山》: 一'\ntags: []\n",
    ),
    "flow": ("people: [Bob]  # who\n", "people: [Bob, Ada Lovelace, '《群山》: 一']  # who\n"),
    "quoted flow": ('people: [ "B, ]", "C" ]\n', 'people: [ "B, ]", "C", "Ada Lovelace", "《群山》: 一" ]\n'),
    "flow on lines": (
        "people: [\n  Bob, # one\n  Cid  # two\n]\ntags: []\n",
        "people: [\n  Bob, # one\n  Cid,  # two\n  Ada Lovelace,\n  '《群山》: 一'\n]\ntags: []\n",
    ),
    "flow with a last comma": (
        "people: [\n  Bob,\n  ]\n",
        "people: [\n  Bob,\n  Ada Lovelace,\n  '《群山》: 一',\n  ]\n",
    ),
    "empty flow": ("people: []  # none\nx: 1\n", "people:  # none\n  - Ada Lovelace\n  - '《群山》: 一'\nx: 1\n"),
    "empty, others are flow": ("people: []\ntags: [a, b]\n", "people: [Ada Lovelace, '《群山》: 一']\ntags: [a, b]\n"),
    "empty, others are flush": ("people:\ntags:\n- a\n", "people:\n- Ada Lovelace\n- '《群山》: 一'\ntags:\n- a\n"),
    "null": ("'people': null\n", "'people':\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
    "empty text": ("people: ''\n", "people:\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
    "brackets in quotes": ("people: '[]'\n", "people:\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
    "one name": ("people: Bob  # who\n", "people:  # who\n  - Bob\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
    "missing": ("title: |\n  a\n\n# end\n", "title: |\n  a\n\n# end\npeople:\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
    "other case": ("People:\n- Bob\n", "People:\n- Bob\n- Ada Lovelace\n- '《群山》: 一'\n"),
    "nothing at all": ("", "people:\n  - Ada Lovelace\n  - '《群山》: 一'\n"),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_edits_keep_the_style(style: str, end: str) -> None:
    before, after = (f"---\n{text}---\nbody\n".replace("\n", end) for text in STYLES[style])
    assert add_names(before.encode(), {"people": NEW}, LIMITS).decode() == after


TOML = {
    "list": ("people = ['Bob'] # who\n", 'people = [\'Bob\', "Ada Lovelace", "《群山》: 一"] # who\n'),
    "list on lines": (
        'people = [\n  "Bob",\n  "Cid", # two\n]\nx = 1\n',
        'people = [\n  "Bob",\n  "Cid", # two\n  "Ada Lovelace",\n  "《群山》: 一",\n]\nx = 1\n',
    ),
    "empty": ("people = [ ]  # none\n", 'people = ["Ada Lovelace", "《群山》: 一"]  # none\n'),
    "missing": ('title = "x"\n', 'title = "x"\npeople = ["Ada Lovelace", "《群山》: 一"]\n'),
    "missing, with a table": (
        "title = 'x'\n\n[params]\npeople = ['no']\n",
        "title = 'x'\npeople = [\"Ada Lovelace\", \"《群山》: 一\"]\n\n[params]\npeople = ['no']\n",
    ),
}


@pytest.mark.parametrize("style", TOML)
def test_edits_keep_the_style_of_toml(style: str) -> None:
    before, after = (f"+++\n{text}+++\nbody\n" for text in TOML[style])
    assert add_names(before.encode(), {"people": NEW}, LIMITS).decode() == after


def test_a_byte_order_mark_and_a_missing_last_line_end_stay() -> None:
    before = b"\xef\xbb\xbf---\npeople: []\n---\nbody"
    assert add_names(before, {"people": ["Ada"]}, LIMITS) == b"\xef\xbb\xbf---\npeople:\n  - Ada\n---\nbody"


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("people: &a [Bob]\n", "people|anchor"),
        ("x: &a [Bob]\npeople: *a\n", "people|anchor"),
        ("people: !!seq [Bob]\n", "people|tag"),
        ("people: [{name: Bob}]\n", "not a plain list"),
        ("people:\n  name: Bob\n", "not a plain list"),
        ("people: |\n  Bob\n", "not a list"),
        ("people: Bob, Cid\n", "not a list"),
        ("people: [Bob]\npeople: [Cid]\n", "twice"),
        ("{people: [Bob]}\n", "braces"),
        ("people: [Bob\n", "faulty"),
    ],
)
def test_what_is_better_edited_by_hand_is_left_alone(front: str, why: str) -> None:
    with pytest.raises(UneditableError, match=why):
        add_names(f"---\n{front}---\n".encode(), {"people": ["Ada"]}, LIMITS)


@pytest.mark.parametrize(
    "line",
    [
        f"people: a{' ' * 64_000}b",
        f"people{' ' * 64_000}: a",
        f"people{' ' * 64_000}: 'a' b",
        f"people: {'a ' * 32_000}#b",
        f"people: {'a #' * 20_000}",
    ],
)
def test_a_long_line_is_edited_in_linear_time(line: str) -> None:
    begun = process_time()
    with suppress(UneditableError):
        add_names(f"---\n{line}\n---\n".encode(), {"people": ["Ada"]}, LIMITS)
    assert process_time() - begun < 2


@pytest.mark.parametrize(
    "data",
    [b"no front matter\n", b"---\npeople: [\xff]\n---\n", b'+++\npeople = "Bob"\n+++\n', b'{\n"people": []\n}\n'],
)
def test_other_files_are_left_alone(data: bytes) -> None:
    with pytest.raises(UneditableError):
        add_names(data, {"people": ["Ada"]}, LIMITS)


TRICKY = (
    'yes|null|~|1.5|2024-01-01|a: b|a #b|#a|- a|[x]|a, b|it\'s|say "x"|@x|%x|*x|&x|!x|C++|A/B|《三体》|“引”|a\\b|12:30'
    "|0x1F|=|<<|?|é|\u00a0x|x:|😀|\u202ex"
)


@pytest.mark.slow
@settings(max_examples=150)
@given(
    names=st.lists(st.sampled_from(TRICKY.split("|")) | st.text(min_size=1, max_size=12), min_size=1, max_size=4),
    front=st.sampled_from([before for before, _after in STYLES.values()]),
)
def test_any_name_is_added_and_nothing_else_changes(names: list[str], front: str) -> None:
    names = [name for name in names if name.strip() and not any("\ud800" <= c <= "\udfff" for c in name)]
    data = f"---\n{front}---\nbody\n".encode()
    before = parse(data)
    try:
        edited = add_names(data, {"people": names}, LIMITS)
    except UneditableError:
        return  # allowed, as long as nothing is written
    after = parse(edited)
    added = [mention.name for mention in after.mentions if mention.field.lower() == "people"]
    held = [m.name for m in before.mentions if m.field.lower() == "people" and m.name != "[]"]
    assert added[: len(held)] == held
    fields = yaml.safe_load(edited.decode().split("---\n")[1])
    (listed,) = (value for key, value in fields.items() if key.lower() == "people")
    written = {" ".join(name.split()) for name in (listed if isinstance(listed, list) else [listed])}
    assert {" ".join(name.split()) for name in names} <= written
    others = [[(m.field, m.name) for m in post.mentions if m.field.lower() != "people"] for post in (before, after)]
    assert others[0] == others[1]
    assert after.title == before.title


NAMES = ["a.md", "with space.md", "文章.md", "deep/er/x.md"]


@pytest.mark.parametrize(
    ("tool", "name"),
    [(tool, name) for tool in ("git", "patch") for name in NAMES] + [("git", 'q"uote.md')],
)
def test_patches_are_taken_by_real_tools(tmp_path: Path, tool: str, name: str) -> None:
    before = "---\ntitle: x\npeople: []  # none\n---\nbody without a last line end".replace(
        "\n", "\r\n" if name == "a.md" else "\n"
    )
    after = add_names(before.encode(), {"people": ["Ada Lovelace"]}, LIMITS)
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before.encode())
    command = [program("git"), "apply"] if tool == "git" else [program("patch"), "-p1", "--binary", "--batch"]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        input=Rewrite(Path(name), before.encode(), after).diff(f"a/{name}", f"b/{name}"),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode() + run.stdout.decode()
    assert file.read_bytes() == after


@pytest.mark.slow
def test_command(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    write(content, POSTS)

    kg = partial(running.kg, "suggest", cwd=tmp_path)

    text = kg("content", "content/c.md")
    assert text.returncode == 0, text.stderr
    assert text.stdout.splitlines()[:3] == [
        "c.md",
        "  companies_orgs: Nvidia  0.60, 2 times",
        "      8:5: 我们看 Nvidia 的财报，Nvidia 很好！",
    ]
    assert [one["name"] for one in json.loads(kg("content", "c.md", "--format", "json").stdout)] == [
        "Nvidia",
        "Ada Lovelace",
    ]
    patch = kg("content", "c.md", "--field", "people", "--format", "patch", "-q")
    assert "--- a/content/c.md\n+++ b/content/c.md\n" in patch.stdout
    assert "Nvidia" not in "".join(line for line in patch.stdout.splitlines() if line.startswith("+"))
    untouched = {path.name: path.read_bytes() for path in content.iterdir()}
    written = kg("content", "--write", "-q")
    assert written.returncode == 0, written.stderr
    changed = {path.name for path in content.iterdir() if path.read_bytes() != untouched[path.name]}
    assert changed == {"c.md"}
    assert b"companies_orgs: [Acme, Nvidia]\npeople: [Ada Lovelace]\n" in (content / "c.md").read_bytes()
    assert kg("content").stdout == ""
    assert kg("content", "nowhere.md").returncode == 2


def test_posts_whose_names_are_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, {**POSTS, "c.md": ""})
    path = tmp_path / os.fsdecode(b"\xff.md")
    path.write_text(POSTS["c.md"], "utf-8")
    result = CliRunner().invoke(app, ["suggest", str(tmp_path), "--write", "-q"])
    assert result.exit_code == 0, result.stderr
    assert "companies_orgs: [Acme, Nvidia]\n" in path.read_text("utf-8")


def test_no_more_processes_are_started_than_there_is_work_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(bodies, "Pool", lambda jobs, *rest: started.append(jobs) or Pool(jobs, *rest))
    posts, config = write(tmp_path, {f"{number:02}.md": POSTS["c.md"] for number in range(40)} | POSTS)
    resolution = resolve(posts, config)
    together = suggest(tmp_path, posts, resolution, config, jobs=99)
    assert together
    assert together == suggest(tmp_path, posts, resolution, config, jobs=1)
    assert started == [2]


def test_nothing_to_propose_is_said_beside_the_results(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "---\ntitle: A\n---\nwords\n"})
    for arguments, told in (((), "nothing to propose\n"), (("-q",), ""), (("--format", "json"), "")):
        result = CliRunner().invoke(app, ["suggest", str(tmp_path), *arguments])
        assert (result.exit_code, result.stderr) == (0, told)
        assert result.stdout == ("[]\n" if "json" in arguments else "")


def test_real_posts_can_all_be_edited(shared: Path) -> None:
    """Every real front matter takes new names in every field, and says what it said before, and them."""
    fields = {
        "people": ["Ada Lovelace"],
        "companies_orgs": ["甲乙丙公司"],
        "products_models": ["X: 1"],
        "media_books": ["《群山》"],
    }
    files = sorted((shared / "corpus").glob("*/*.md"))[::25]
    assert len(files) > 50
    for file in files:
        data = file.read_bytes()
        before, after = parse(data), parse(add_names(data, fields, LIMITS))
        old = [(mention.name, mention.field) for mention in before.mentions]
        new = [(mention.name, mention.field) for mention in after.mentions]
        assert sorted(new) == sorted(old + [(name, field) for field, (name,) in fields.items()])
        # `companies: '[]'` names nobody; the string is kept, until names take its place.
        said, says = ([(a.predicate, a.value) for a in p.attributes if a.value != "[]"] for p in (before, after))
        assert says == said
        assert data.partition(b"\n---\n")[2] in add_names(data, fields, LIMITS)


def test_a_field_for_which_nothing_is_proposed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\npeople: [Ada]\n---\n", encoding="utf-8")
    done = running.kg("suggest", tmp_path, "--field", "title")
    assert done.returncode == 2
    assert "nothing is proposed for a field 'title'; there are attendee," in done.stderr
