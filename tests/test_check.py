"""`kg check`, `kg explain` and `kg init`: what they find, how they say it, what they mend and what they leave alone."""

from __future__ import annotations

import errno
import json
import os
import re
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from kg import checks, config
from kg.checks import bodies, mending, reports, survey
from kg.cli import app
from kg.commands._options import Options
from kg.config import Config
from kg.diagnostics import CODES
from kg.errors import ExportError
from kg.model import Diagnostic
from kg.reading.folder import read_posts
from kg.state.stamps import NO_FILE
from tests.conftest import write_posts
from tests.folders import put

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "\n\n".join(f"Paragraph {n} says something that no other paragraph of this folder says." for n in range(8))


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(a) for a in arguments], standalone_mode=False)
    if result.exception:
        raise result.exception
    return result


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (tmp_path / "mkdocs.yml").touch()  # a site, where a link to nowhere is a fault

    def write(name: str, front: str, body: str) -> None:
        (folder / name).write_text(f"---\n{front}\n---\n\n{body}\n", "utf-8")

    write("a.md", "title: One\nsource: https://x.example/1\ntags: [t]\nstatus: open", f"See [[b]].\n\n{PROSE}")
    front = "title: One\nsource: https://x.example/1/\ntags: [t]\nstatus: closed"
    write("b.md", front, f"{PROSE}\n\nOne more line here.")
    write("c.md", "title: Alone\ndate: 2024-13-01", "See [[nowhere]] and [x](/no/such/).")
    write("d.md", "title: Same body\ntags: [t]", PROSE)
    return folder


def found(result: Result) -> list[tuple[str, str, int]]:
    pattern = re.compile(r"^(?:.*/)?([^/:]+)(?::(\d+):\d+)?: \w+\[(KG\d+)\]: ", re.MULTILINE)
    return [(m[3], m[1], int(m[2] or 0)) for m in pattern.finditer(result.stdout)]


def test_what_only_all_posts_together_show(content: Path) -> None:
    result = run("check", content)
    assert set(found(result)) == {
        ("KG103", "c.md", 3),
        ("KG301", "c.md", 6),
        ("KG303", "c.md", 6),
        ("KG411", "b.md", 3),
        ("KG412", "b.md", 2),
        ("KG413", "b.md", 0),
        ("KG413", "d.md", 0),
        ("KG414", "c.md", 0),
    }
    assert result.return_value == 1
    assert "KG411  two posts with the same source" in result.stderr


def test_a_page_in_another_language_is_no_copy(tmp_path: Path) -> None:
    put(tmp_path, {"index.md": PROSE, "index_de.md": PROSE})
    assert run("check", tmp_path, "--only", "KG413").stdout == ""
    put(tmp_path, {"index_zz.md": PROSE})
    assert "KG413" in run("check", tmp_path, "--only", "KG413").stdout


@pytest.mark.parametrize(
    ("menu", "severity"), [("SUMMARY.md", "note"), ("_sidebar.md", "note"), ("Notes.md", "warning")]
)
def test_a_menu_is_no_copy_of_the_page_that_shows_it(tmp_path: Path, menu: str, severity: str) -> None:
    body = "# Contents\n\n" + "".join(f"- Part {n} of the long story of the harbour\n" for n in range(20))
    for name in ("README.md", menu):
        (tmp_path / name).write_text(body, "utf-8")
    shown = json.loads(run("check", tmp_path, "--format", "json").stdout)["diagnostics"]
    assert [d["severity"] for d in shown if d["code"] == "KG413"] == [severity]


def test_bodies_are_read_once_and_again_where_a_file_has_changed(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "output" / ".kg").mkdir(parents=True)
    for path in content.iterdir():
        os.utime(path, (10**9, 10**9))
    later = time.time_ns() + 10**10  # stamps of the last two seconds are not trusted
    monkeypatch.setattr(bodies, "time_ns", lambda: later)
    read: list[str] = []
    body_of = bodies.body_of
    monkeypatch.setattr(bodies, "body_of", lambda folder, path: (read.append(path), body_of(folder, path))[1])
    first = run("check", content)
    assert read == ["a.md", "b.md", "c.md", "d.md"]
    assert run("check", content).stdout == first.stdout
    assert len(read) == 4
    (content / "d.md").write_text("Nothing like it.\u200b\n", "utf-8")
    assert {("KG413", "d.md", 0), ("KG415", "d.md", 1)} & set(found(run("check", content))) == {("KG415", "d.md", 1)}
    assert read[4:] == ["d.md"]


def test_what_was_found_is_said_again_while_nothing_changes(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    later = time.time_ns() + 10**10  # stamps of the last two seconds are not trusted
    monkeypatch.setattr("kg.reading.folder.time_ns", lambda: later)
    run("build", content, "-q")
    first = run("check", content)
    looked: list[int] = []
    look = checks.run
    monkeypatch.setattr(checks, "run", lambda *given: (looked.append(1), look(*given))[1])
    again = run("check", content)
    assert (again.stdout, again.stderr, again.return_value) == (first.stdout, first.stderr, first.return_value)
    assert not looked
    assert {code for code, _file, _line in found(run("check", content, "--only", "KG413"))} == {"KG413"}
    (tmp_path / "kg.toml").write_text('[severity]\nKG412 = "off"\n', "utf-8")
    assert "KG412" not in run("check", content, "--config", tmp_path / "kg.toml").stdout
    (content / "d.md").write_text("Nothing like it.\u200b\n", "utf-8")
    assert ("KG415", "d.md", 1) in found(run("check", content))
    assert len(looked) == 2


def test_after_a_build_elsewhere_nothing_is_resolved_again(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    later = time.time_ns() + 10**10  # stamps of the last two seconds are not trusted
    monkeypatch.setattr("kg.reading.folder.time_ns", lambda: later)
    cold = run("check", content)
    assert not (tmp_path / "output").exists()
    run("build", content, "-q", "-o", tmp_path / "there")
    built: list[int] = []
    again = Options.built
    monkeypatch.setattr(Options, "built", lambda *given: (built.append(1), again(*given))[1])
    assert run("check", content, "-o", tmp_path / "there").stdout == cold.stdout
    assert not built
    (content / "d.md").write_text("Nothing like it.\u200b\n", "utf-8")
    for _ in range(2):  # the second time, as it was found the first time: a build in between is not needed
        assert ("KG415", "d.md", 1) in found(run("check", content, "-o", tmp_path / "there"))
        assert len(built) == 1


def test_a_post_is_not_its_own_twin_and_no_company_for_itself(tmp_path: Path) -> None:
    sources = "source: [https://x.example/1, https://x.example/1/]"
    (tmp_path / "a.md").write_text(f"---\ntitle: A\n{sources}\nauthor: Bob\npeople: [Bob]\n---\n", "utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: B\nauthor: Ann\n---\n", "utf-8")
    (tmp_path / "c.md").write_text("---\ntitle: C\npeople: [Ann]\n---\n", "utf-8")
    assert found(run("check", tmp_path, "--only", "KG411,KG414")) == [("KG414", "a.md", 0)]
    (tmp_path / "b.md").write_text(f"---\ntitle: B\n{sources}\nauthor: Ann\n---\n", "utf-8")
    assert found(run("check", tmp_path, "--only", "KG411")) == [("KG411", "b.md", 3), ("KG411", "b.md", 3)]


def test_required_and_allowed_values(content: Path, tmp_path: Path) -> None:
    settings = tmp_path / "my.toml"
    settings.write_text(
        '[fields.status]\ndatatype = "xsd:string"\nvalues = ["open"]\n[fields.summary]\nrequired = true\n'
        '[severity]\nKG410 = "warning"\nKG103 = "note"\nKG412 = "off"\n',
        "utf-8",
    )
    result = run("check", content, "--config", settings)
    assert {code for code, _file, _line in found(result)} >= {"KG403", "KG410"}
    assert [line for code, file, line in found(result) if code == "KG403"] == [5]
    assert "KG412" not in result.stdout
    assert "warning[KG410]: summary" in result.stdout
    assert result.return_value == 0


def test_each_character_that_cannot_be_seen_is_found_and_no_other() -> None:
    hidden = {
        *range(9),
        11,
        12,
        *range(14, 32),
        *range(127, 160),
        0x200B,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x206A),
    }
    for point in (*range(0x3100), *range(0xF000, 0x10100)):
        record = bodies._looked_at(NO_FILE, "a.md", f"x{chr(point)}y", 1)
        assert bool(record.unseen) == (point in hidden or point == 0xFEFF), hex(point)


def test_characters_of_a_body_that_cannot_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: x\n---\n\nfine\nzero\u200bwidth \u202eoverride\n", "utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: y\n---\n\n👨\u200d👩 می\u200cخواهم\n", "utf-8")
    result = run("check", tmp_path, "--only", "KG415")
    assert found(result) == [("KG415", "a.md", 6)]
    assert "U+200B stands here and cannot be seen; 2 in all" in result.stdout


@pytest.mark.parametrize("number", [2, 20, 21, 40])
def test_any_number_of_bodies_that_are_nearly_the_same(number: int, tmp_path: Path) -> None:
    for own in range(number):
        (tmp_path / f"{own:02}.md").write_text(f"{PROSE}\n\nThe one line that number {own} has for itself.\n", "utf-8")
    result = run("check", tmp_path, "--only", "KG413")
    assert len(found(result)) == number - 1


def test_one_copy_beside_a_post_is_a_slip_and_several_are_forms(tmp_path: Path) -> None:
    def severities() -> set[str]:
        return set(re.findall(r"(\w+)\[KG413\]", run("check", tmp_path, "--only", "KG413").stdout))

    (tmp_path / "b").mkdir()
    for name in ("a", "a 1"):
        (tmp_path / f"{name}.md").write_text(f"# A\n\n{PROSE}\n", "utf-8")
    assert severities() == {"warning"}
    (tmp_path / "a 1.md").rename(tmp_path / "b" / "c.md")
    assert severities() == {"note"}
    (tmp_path / "b" / "c.md").rename(tmp_path / "c.md")
    (tmp_path / "d.md").write_text(f"# A\n\n{PROSE}\n", "utf-8")
    assert severities() == {"note"}
    (tmp_path / "d.md").unlink()
    for name, day in (("a", "2026-07-29"), ("c", "2026-08-09")):
        (tmp_path / f"{name}.md").rename(tmp_path / f"out-{day}.md")
    assert severities() == {"note"}, "what a program writes every day may come out the same"


def test_bodies_begin_below_the_front_matter_however_it_ends(tmp_path: Path) -> None:
    for name, own in (("a", "one"), ("b", "two")):
        lines = "".join(f"{own}{number}: a value of {own} that fills a line of its own\n" for number in range(9))
        text = f"---\ntitle: {own}\n{lines}...\nzero\u200bwidth\n\n{PROSE}\n"
        (tmp_path / f"{name}.md").write_text(text, "utf-8")
    (tmp_path / "c.md").write_text("---\n\nA rule, and zero\u200bwidth.\n\n---\n\nThe end.\n", "utf-8")
    result = run("check", tmp_path, "--only", "KG413,KG415")
    assert found(result) == [("KG415", "a.md", 13), ("KG413", "b.md", 0), ("KG415", "b.md", 13), ("KG415", "c.md", 3)]


def test_posts_whose_names_are_not_utf8_are_looked_at_and_mended(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.md")
    path.write_text("---\nlang: zh_cn\n---\n\nzero\u200bwidth\n", "utf-8")
    (tmp_path / "%FE.md").write_text("zero\u200bwidth\n", "utf-8")
    result = run("check", tmp_path, "--fix", "--ignore", "KG414")
    assert found(result) == [("KG415", "%FE.md", 1), ("KG415", "%FF.md", 5)]
    assert "lang: zh-CN\n" in path.read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 2


def test_codes_can_be_chosen(content: Path) -> None:
    assert {c for c, *_ in found(run("check", content, "--only", "KG3"))} == {"KG301", "KG303"}
    assert not {c for c, *_ in found(run("check", content, "--ignore", "KG3,kg103"))} & {"KG301", "KG303", "KG103"}
    with pytest.raises(Exception, match="no code begins with 'KG9'"):
        run("check", content, "--only", "KG9")
    assert run("check", content, "--ignore", "KG103", "--fail-on", "error").return_value == 0
    (content / "quotes.md").write_text("---\ntitle: “open\n---\n", "utf-8")
    assert run("check", content, "--ignore", "KG103", "--fail-on", "warning").return_value == 1
    assert run("check", content, "--fail-on", "never").return_value == 0
    assert found(run("check", content, "-q")) == [("KG103", "c.md", 3)]


def test_json(content: Path) -> None:
    data = json.loads(run("check", content, "--format", "json").stdout)
    first = next(d for d in data["diagnostics"] if d["code"] == "KG103")
    assert first["path"].endswith("content/c.md")
    assert (first["line"], first["column"], first["severity"]) == (3, 7, "error")
    assert data["counts"]["KG413"] == 2


def test_sarif(content: Path) -> None:
    (content / "sp ace %é.md").write_text("---\ndate: nope\n---\n", "utf-8")
    data = json.loads(run("check", content, "--format", "sarif").stdout)
    (one,) = data["runs"]
    assert data["version"] == "2.1.0"
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    for result in one["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        place = result["locations"][0]["physicalLocation"]
        # An absolute path is an absolute URI, for one that begins with a slash is neither this nor relative.
        assert re.fullmatch(r"file:///[A-Za-z0-9/._~%-]+", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    assert any("sp%20ace%20%25%C3%A9.md" in json.dumps(result) for result in one["results"])


def test_sarif_from_where_the_command_is_run() -> None:
    one = Diagnostic("a b.md", 0, 0, "KG413", "warning", "x")
    (result,) = json.loads(reports.write([one], "sarif", root="content/", version="0"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "content/a%20b.md"}, "region": {"startLine": 1, "startColumn": 1}}


def test_github_annotations_cannot_be_broken_out_of() -> None:
    evil = Diagnostic("a,b:c\n%.md", 3, 7, "KG103", "error", "x\n::error::y%")
    line = reports.write([evil], "github", root="content/", version="0")
    assert line == "::error file=content/a%2Cb%3Ac%0A%25.md,line=3,col=7,title=KG103::x%0A::error::y%25"
    note = Diagnostic("a.md", 0, 0, "KG414", "note", "alone")
    assert reports.write([note], "github", root="", version="0") == "::notice file=a.md,title=KG414::alone"


def test_baseline_forgives_old_sins_and_no_new_ones(content: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    assert run("check", content, "--baseline", known, "--update-baseline").return_value == 0
    result = run("check", content, "--baseline", known)
    assert (result.return_value, found(result)) == (0, [])
    assert "8 known findings not shown" in result.stderr
    old = (content / "c.md").read_text("utf-8")
    (content / "c.md").write_text(old.replace("title:", "# a comment\ntitle:") + "\n[[new]] [[nowhere]]\n", "utf-8")
    result = run("check", content, "--baseline", known)
    assert found(result) == [("KG301", "c.md", 9), ("KG301", "c.md", 9)], "the new link, and the old one once more"
    known.write_text("nonsense\n", "utf-8")
    with pytest.raises(Exception, match="not a baseline line"):
        run("check", content, "--baseline", known)
    with pytest.raises(Exception, match="needs --baseline"):
        run("check", content, "--update-baseline")


def test_other_posts_do_not_make_old_sins_new(content: Path, tmp_path: Path) -> None:
    for number in range(30):
        text = f"---\ntitle: p{number}\nstatus: evergreen\nlevel: advanced\n---\n\n[[p{number + 1}]]\n"
        (content / f"p{number}.md").write_text(text, "utf-8")
    slips = "---\ntitle: slips\nstatus: evengreen\nlevel: evergreen\n---\n\n[[p1]] zero\u200bwidth\n"
    (content / "slips.md").write_text(slips, "utf-8")
    known = tmp_path / "known.txt"
    run("check", content, "--baseline", known, "--update-baseline")
    codes = {line.split("\t")[1] for line in known.read_text("utf-8").splitlines()[1:]}
    assert codes >= {"KG401", "KG402", "KG411", "KG412", "KG413", "KG415"}
    for number in (30, 31):
        text = f"---\ntitle: p{number}\nstatus: evergreen\nlevel: advanced\n---\n\n[[p{number - 1}]]\n"
        (content / f"p{number}.md").write_text(text, "utf-8")
    # The first of the twins is another post now, and more or less of each body is as in that.
    (content / "a.md").rename(content / "_a.md")
    (content / "b.md").write_text((content / "b.md").read_text("utf-8") + "\nAnd this one.\n", "utf-8")
    (content / "slips.md").write_text(slips + "more\u200b\n", "utf-8")
    result = run("check", content, "--baseline", known)
    assert found(result) == []
    (content / "slips.md").write_text(slips.replace("evengreen", "everqreen"), "utf-8")
    result = run("check", content, "--baseline", known)
    assert found(result) == [("KG401", "slips.md", 3)], "another slip is new"
    full = "1\tKG402\tslips.md\tlevel: 'evergreen' is a value of status (30 posts), not of level\n"
    known.write_text(full, "utf-8")
    assert found(run("check", content, "--baseline", known, "--only", "KG402")) == [], "older files hold counts"


MENDABLE = {
    "tags: [0123, yes, a, 1.10] # keep me": 'tags: ["0123", "yes", a, "1.10"] # keep me',
    "tags:\n  - 12:30   # half past\n  - b": 'tags:\n  - "12:30"   # half past\n  - b',
    "title: Part 1: the start": 'title: "Part 1: the start"',
    'title: He said: "so"': "title: 'He said: \"so\"'",
    "title: @handle": 'title: "@handle"',
    "aliases:\n- @one\n- two": 'aliases:\n- "@one"\n- two',
    "lang: zh_cn": "lang: zh-CN",
    "lang:   'en_us' # English": "lang:   'en-US' # English",
    "lang: en_US.UTF-8": "lang: en-US",
    "{title: Abc, lang: zh_cn, tags: [0123]}": '{title: Abc, lang: zh-CN, tags: ["0123"]}',
    "{lang: zh_cn, title: 'a: b_c'}": "{lang: zh-CN, title: 'a: b_c'}",
    'tags: ["know\u200bledge"]': 'tags: ["knowledge"]',
    "tags: [Cafe\u0301]": "tags: [Café]",
    "people: '[]' # nobody\ntags: \"[]\"": "people: [] # nobody\ntags: []",
    "title：测试\ntags：[a, b]\nempty：": "title: 测试\ntags: [a, b]\nempty:",
    "标题：测试\n标签：[a, b]": "标题: 测试\n标签: [a, b]",
    'title: "一\n注意：二"\n标签：a': 'title: "一\n注意：二"\n标签: a',
    "title: x\nslug:'a: b'\nnote:\xa0y": "title: x\nslug: 'a: b'\nnote: y",
    "2024: a year\ntitle: x": '"2024": a year\ntitle: x',
}


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), MENDABLE.items())
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_fix_changes_how_and_not_what(before: str, after: str, end: str, tmp_path: Path) -> None:
    status = "" if before.startswith("{") else "status:   'odd  formatting'\n"
    head, tail = f"---\n# a comment\n{status}", "\n---\n\nBody  with trailing blanks  \n\n"
    path = tmp_path / "x.md"
    path.write_bytes((head + before + tail).replace("\n", end).encode())
    path.chmod(0o640)
    was = [m.name for m in read_posts(tmp_path, Config()).posts[0].mentions]
    assert run("check", tmp_path, "--diff").return_value is not None
    assert path.read_bytes() == (head + before + tail).replace("\n", end).encode(), "--diff writes nothing"
    run("check", tmp_path, "--fix")
    assert path.read_bytes().decode() == (head + after + tail).replace("\n", end)
    assert path.stat().st_mode & 0o777 == 0o640
    fresh = read_posts(tmp_path, Config()).posts[0]
    assert not [d for d in fresh.diagnostics if d.code in mending.codes()]
    assert [m.name.replace("\u200b", "") for m in fresh.mentions] == [
        name.replace("\u200b", "").replace("e\u0301", "é") for name in was
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["x.md"], "nothing is left behind"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [a\ntitle: x\n---\n",
        "---\ntitle: a: b # or a comment?\n---\n",
        '---\ntitle: "quoted" and on\n---\n',
        "---\ndate: 2024-13-01\n---\n",
        "+++\ntags = [0x1D]\n+++\n",
        "---\ntitle: {{title}}\n---\n",
        "---\ntags: '[a, \"b, c\"]'\ntitle: '[]'\nrating: '[]'\n---\n",
    ],
)
def test_fix_leaves_alone_what_it_cannot_be_sure_of(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(text, "utf-8")
    run("check", tmp_path, "--fix")
    assert (tmp_path / "x.md").read_text("utf-8") == text


def test_fix_makes_a_field_readable_that_names_somebody(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\ntitle: x\nauthor:Ada\n---\n", "utf-8")
    run("check", tmp_path, "--fix")
    assert (tmp_path / "x.md").read_text("utf-8") == "---\ntitle: x\nauthor: Ada\n---\n"


def test_a_mend_that_changes_a_value_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "---\ntitle: Abc\nlang: zh_cn\ntags: [A_b]\n---\n"
    (tmp_path / "x.md").write_text(text, "utf-8")
    for old, new in (("title: Abc", "title: abc"), ("A_b", "A-b"), ("A_b", "a_b"), ("tags", "categories")):
        after = text.replace("zh_cn", "zh-CN").replace(old, new).encode()
        monkeypatch.setattr(mending, "_mended", lambda *_arguments, after=after: after)
        run("check", tmp_path, "--fix")
        assert (tmp_path / "x.md").read_text("utf-8") == text, new


def test_a_file_that_cannot_be_mended_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_fresh: Path, _path: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("kg.machine.files.put_in_place", refuse)
    path = tmp_path / "post.md"
    path.write_text("---\nlang: zh_cn\n---\n", "utf-8")
    with pytest.raises(ExportError, match=r"cannot change .*post\.md: Read-only file system"):
        run("check", tmp_path, "--fix")
    assert path.read_text("utf-8") == "---\nlang: zh_cn\n---\n"


def test_fix_saves_odd_files_as_utf8(tmp_path: Path) -> None:
    (tmp_path / "cr.md").write_bytes(b"---\rtitle: Old\r---\rText.\r")
    (tmp_path / "wide.md").write_bytes("\ufeff---\ntitle: Breit\n---\n".encode("utf-16"))
    (tmp_path / "one-bad.md").write_bytes(b"---\ntitle: x\n---\n\n\xff\n")
    (tmp_path / "four.md").write_bytes(b"----\ntitle: Four\n----\n\n----\n")
    run("check", tmp_path, "--fix")
    assert (tmp_path / "cr.md").read_bytes() == b"---\ntitle: Old\n---\nText.\n"
    assert (tmp_path / "wide.md").read_bytes() == b"---\ntitle: Breit\n---\n"
    assert (tmp_path / "one-bad.md").read_bytes().endswith(b"\xff\n"), "only its author knows what the byte was"
    assert (tmp_path / "four.md").read_bytes() == b"---\ntitle: Four\n---\n\n----\n"


def test_explain_knows_every_code() -> None:
    listed = run("explain").stdout
    for code in CODES.values():
        assert code.code in listed
        text = run("explain", code.code).stdout
        assert code.title in text
        assert f'{code.code} = "error"' in text
    assert run("explain", "kg103", "104").stdout.count("In kg.toml") == 2
    with pytest.raises(Exception, match="no code 'KG999'"):
        run("explain", "KG999")


def test_init_writes_settings_that_load_and_map(content: Path, tmp_path: Path) -> None:
    for number in range(4):
        front = f"rating: {number}\nscore: {number / 2:g}\nTopics: [x, y]\nreviewed: 2024-05-0{number + 1}\ncity: Paris"
        front += "\ndirector: Ada Lovelace"
        (content / f"n{number}.md").write_text(f"---\n{front}\nweird key: 'v\x85{number}'\n---\n", "utf-8")
    target = tmp_path / "kg.toml"
    result = run("init", content, "-o", target)
    assert "rating" in result.stderr
    assert "KG103" in result.stderr
    settings = config.load(target)
    assert settings.fields["rating"].datatype == "xsd:integer"
    assert settings.fields["score"].datatype == "xsd:decimal", "a whole number is one, too"
    assert settings.fields["reviewed"].datatype == "xsd:date"
    assert (settings.fields["Topics"].kind, settings.fields["Topics"].predicate) == ("tag", "schema:keywords")
    assert settings.fields["city"].rdf_class == "schema:Place"
    post = read_posts(content, settings).posts[-1]
    assert {(m.kind, m.name) for m in post.mentions} == {
        ("tag", "x"),
        ("tag", "y"),
        ("place", "Paris"),
        ("person", "Ada Lovelace"),
    }
    with pytest.raises(Exception, match="--force"):
        run("init", content, "-o", target)
    assert run("init", content, "-o", target, "--force", "--preset", "hugo").return_value == 0
    assert target.read_text("utf-8").startswith("# Settings of kg for a Hugo site")
    with pytest.raises(Exception, match="no preset 'nanoc'"):
        run("init", content, "--preset", "nanoc")


@pytest.mark.parametrize(
    ("values", "meaning"),
    [
        (("2024-05-01", "2024-05-02T10:00:00", "updatedAt"), "date, schema:datePublished"),
        (("true", "false", "2024-05-01"), "boolean, kg:draft"),
    ],
)
def test_init_says_what_the_values_of_published_mean(tmp_path: Path, values: tuple[str, ...], meaning: str) -> None:
    for number, value in enumerate(values):
        (tmp_path / f"{number}.md").write_text(f"---\npublished: {value}\n---\n", "utf-8")
    assert meaning in run("init", tmp_path, "--dry-run").stderr


def test_init_says_what_fields_mean_to_the_site(tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text("[taxonomies]\nthema = 'themen'\n", "utf-8")
    (tmp_path / "a.md").write_text("---\nthemen: [Wind]\n---\n", "utf-8")
    assert re.search(
        r"^themen +1 +names \(tag\), schema:keywords$", run("init", tmp_path, "--dry-run").stderr, re.MULTILINE
    )


def test_init_writes_beside_content_or_into_it(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("init", "content")
    assert (tmp_path / "kg.toml").exists()
    monkeypatch.chdir("/")
    run("init", content)
    assert (content / "kg.toml").exists()
    assert not run("init", content, "-o", "-").stdout.startswith("written")
    assert run("init", content, "--dry-run").stdout == ""


def test_init_names_a_folder_that_is_not_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"not\xff")
    folder.mkdir()
    (folder / "a.md").write_text("A\n")
    target = tmp_path / "kg.toml"
    run("init", folder, "-o", target)
    assert config.load(target).title == "not%FF"


def test_init_is_not_fooled_by_hostile_posts(tmp_path: Path) -> None:
    front = '"a\\"]\\n[severity]\\nKG103": "x\\n\\u001b[31m"\n"\\u001b[31m": red\n"": e\n"k\\u202e": "\'\'\'"\n'
    (tmp_path / "x.md").write_text(f"---\n{front}---\n", "utf-8")
    found_here = survey.survey(read_posts(tmp_path, Config()).posts, ())
    text = survey.settings(found_here, 'a"\\\n]', inline_tags=True)
    target = tmp_path / "kg.toml"
    target.write_text(text, "utf-8")
    assert config.load(target).title == 'a"\\\n]'
    assert config.load(target).severity == {}
    described = survey.describe(found_here, None)
    assert all(line.isprintable() for line in described.split("\n"))
    assert len(described.split("\n")) == 4 + len(found_here.fields)


# --- what other commands print of it


def test_many_warnings_are_grouped_by_kind(tmp_path: Path) -> None:
    links = "".join(f"[x](no-{number}.md)\n" for number in range(7))
    posts = write_posts(tmp_path / "my posts", {"a.md": f"---\ntitle: A\ndraft: false\npublish: no\n---\n{links}"})
    arguments = ["build", str(posts), "-o", str(tmp_path / "out"), "--format", "nt"]
    lines = CliRunner().invoke(app, arguments).stderr.splitlines()
    kinds = [code for line in lines for code in ("KG301", "KG127") if code in line]
    assert kinds == ["KG301"] * 4 + ["KG127"], "the most frequent first"
    assert lines[3] == f"  … and 4 more warnings of this kind, link leads nowhere: kg check '{posts}' --only KG301"
    listed = CliRunner().invoke(app, ["check", str(posts), "--only", "KG301"])
    assert listed.output.count("warning[KG301]") == 7
    assert [line.partition(":")[0] for line in lines[-2:]] == ["to look at it", "to make it yours"]
    (posts / "a.md").write_text("---\ntitle: B\n---\n", "utf-8")
    assert "to look at it" not in CliRunner().invoke(app, arguments).stderr, "only the first time"


@pytest.mark.parametrize("command", [["build"], ["stats"], ["export", "ttl"]])
def test_every_command_calls_the_same_an_error(command: list[str], tmp_path: Path) -> None:
    posts = put(tmp_path / "posts", {f"{n}.md": f"---\ntitle: A: {n}\n---\n" for n in range(12)})
    told = CliRunner().invoke(app, [*command, str(posts), "-o", str(tmp_path / "output")]).stderr
    assert told.count("error[KG101]") == 1, "the first of a habit"
