"""Nothing a user or a post can do ends in a traceback: hostile values, broken streams, signals."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest
from click.testing import CliRunner

import kg
from kg import checks, exporters
from kg.checks import reports
from kg.cli import app
from kg.config import Limits
from kg.errors import ConfigError, KgError
from kg.machine.terminal import safe
from kg.reading.dialects import DIALECTS
from kg.reading.json import Json
from kg.reading.names import as_yaml_reads
from kg.reading.posts import Reader
from kg.reading.toml import Toml
from tests import running
from tests.conftest import write_posts

DIGITS = "9" * 6000
DEEP = 4000
NUMBERS = {
    "decimal": DIGITS,
    "negative": f"-{DIGITS}",
    "hexadecimal": "0x" + "f" * 6000,
    "octal": "0" + "7" * 6000,
    "octal of TOML": "0o" + "7" * 6000,
    "binary": "0b" + "1" * 6000,
    "sexagesimal": ":".join(["59"] * 3000),
    "underscores": "1" + "_1" * 4000,
    "fraction": f"{DIGITS}.5",
    "exponent": "1e999",
    "large exponent": "1.0e+999999999",
    "year": "99999999-01-01",
    "no digit": "0b_",
}
NESTED = {
    "lists": "[" * DEEP + "]" * DEEP,
    "open lists": "[" * DEEP,
    "maps": "{a: " * DEEP + "1" + "}" * DEEP,
    "maps of JSON": '{"a": ' * DEEP + "1" + "}" * DEEP,
    "maps of TOML": "{a = " * DEEP + "1" + "}" * DEEP,
    "blocks": "\n  " + "- " * DEEP + "x",
}
WRAPPED = {
    "yaml": "---\ntitle: kept\n{field}: {value}\nlast: kept\n---\nbody\n",
    "toml": "+++\ntitle = 'kept'\n{field} = {value}\nlast = 'kept'\n+++\nbody\n",
    "json": '{{"title": "kept",\n"{field}": {value},\n"last": "kept"\n}}\nbody\n',
    "tagged": "---toml\ntitle = 'kept'\n{field} = {value}\nlast = 'kept'\n---\nbody\n",
    "org": "#+title: kept\n#+{field}: {value}\n#+last: kept\n\nbody\n",
    "multimarkdown": "title: kept\n{field}: {value}\nlast: kept\n\nbody\n",
}
FIELDS = ("tags", "date", "author", "weight", "draft", "lang", "aliases")
SETTINGS = '[fields]\nweight = {datatype = "xsd:integer"}\n'


@pytest.mark.parametrize("dialect", WRAPPED)
def test_a_hostile_value_costs_its_own_field_at_most(tmp_path: Path, dialect: str) -> None:
    values = {**NUMBERS, **NESTED}
    posts = {
        f"{name} {field}.md": WRAPPED[dialect].format(field=field, value=value)
        for name, value in values.items()
        for field in FIELDS
        if not (dialect in ("org", "multimarkdown") and name == "blocks")  # an empty value, and then a body
    }
    content = write_posts(tmp_path / "content", {**posts, "kg.toml": SETTINGS})
    result = kg.build(content, jobs=1)
    assert len(result.posts) == len(posts)
    for post in result.posts:
        said = {(a.predicate.rpartition("/")[2], a.value) for a in post.attributes}
        assert post.title == "kept", post.path
        assert ("last", "kept") in said, post.path
    told = {d.path for d in result.diagnostics if d.line in (2, 3, 4)}
    if dialect in ("yaml", "toml", "json", "tagged"):
        deep = {path for path in posts if any(path.startswith(f"{name} ") for name in NESTED)}
        assert deep <= told


@pytest.mark.parametrize("name", ["decimal", "negative", "hexadecimal", "octal of TOML", "binary", "fraction"])
def test_a_long_number_of_toml_is_text(name: str) -> None:
    parsed = Toml().parse(f"a = 1\nb = [{NUMBERS[name]}, 2]\n", 2, Limits())
    assert not parsed.problems
    (_a, (_key, value)) = parsed.fields.entries
    assert value.items[0].text == NUMBERS[name]  # type: ignore[union-attr]


def test_a_long_number_where_toml_is_wrong_is_told() -> None:
    parsed = Toml().parse(f"a = 1\nb = {DIGITS}-1\nc = 3\n", 2, Limits())
    assert [key.text for key, _value in parsed.fields.entries] == ["a", "c"]
    assert [(p.code, p.line) for p in parsed.problems] == [("KG101", 3)]


def test_a_long_number_of_json_is_text() -> None:
    parsed = Json().parse(f'{{"a": -{DIGITS}, "b": [{DIGITS}, 1e999]}}', 1, Limits())
    assert not parsed.problems
    (first, _second) = parsed.fields.entries
    assert first[1].text == f"-{DIGITS}"  # type: ignore[union-attr]


def test_yaml_readings_of_long_numbers_are_not_computed() -> None:
    assert as_yaml_reads(DIGITS) == "a number of 6,000 characters"
    assert as_yaml_reads("0x_") == as_yaml_reads("0b_") == ""
    assert as_yaml_reads("0b_1") == "1"


@pytest.mark.parametrize(
    ("source", "kept", "problem"),
    [
        ("a = 1\nb = " + "[" * 40 + "]" * 40 + "\nc = 2\n", ["a", "b", "c"], (3, 37)),
        ("a = 1\n" + ".".join("b" * 40) + " = 1\nc = 2\n", ["a", "c"], (3, 1)),
        ("a = 1\n[" + ".".join("b" * 40) + "]\nlost = 1\n[c]\nd = 2\n", ["a", "c"], (3, 1)),
        ("a = 1\nb = " + ("{" + ".".join("b" * 31) + " = ") * 31 + "1" + "}" * 31 + "\nc = 2\n", ["a", "c"], (3, 1)),
    ],
    ids=["lists", "key", "table", "keys in tables"],
)
def test_too_deep_toml_costs_what_is_too_deep(source: str, kept: list[str], problem: tuple[int, int]) -> None:
    parsed = Toml().parse(source, 2, Limits())
    assert [key.text for key, _value in parsed.fields.entries] == kept
    assert [(p.code, p.line, p.column) for p in parsed.problems] == [("KG104", *problem)]


def test_aliases_cannot_nest_lists_without_end(tmp_path: Path) -> None:
    chain = "".join(f"a{n}: &a{n} {'[' * 25}*a{n - 1} {']' * 25}\n" for n in range(1, 60))
    content = write_posts(tmp_path, {"a.md": f"---\ntitle: kept\na0: &a0 x\n{chain}---\n"})
    result = kg.build(content)
    assert result.posts[0].title == "kept"
    first, *others = [d.code for d in result.diagnostics if d.severity == "error"]
    assert first == "KG104"
    assert set(others) == {"KG105"}, "aliases for what is left out are left out, too, and told"


@pytest.mark.parametrize("name", [*NUMBERS, *NESTED])
def test_hostile_files_beside_the_posts(tmp_path: Path, name: str) -> None:
    value = {**NUMBERS, **NESTED}[name]
    files = {
        "authors.yml": f"ada: {value}\n",
        "_data/authors.yml": f"{value}: {{name: {value}}}\n",
        "_config.yml": f"defaults: {value}\n",
        "hugo.toml": f"defaultContentLanguage = {value}\n",
        "content.11tydata.json": f'{{"tags": {value}}}',
        "package.json": value,
        "blog/_index.md": f"+++\ncascade = {value}\n+++\n",
        "a.md": "---\ntitle: kept\nauthor: ada\n---\n",
    }
    result = kg.build(write_posts(tmp_path / "content", files))
    assert "kept" in {post.title for post in result.posts}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('exclude = ["[z-a]"]', "exclude: '[z-a]' is not a valid pattern"),
        ('include = ["a/[9-0]*"]', "include: 'a/[9-0]*' is not a valid pattern"),
        ('[resolution]\nledger = "\\u0000"', "resolution.ledger: a path cannot contain a NUL"),
        (f"title = {DIGITS}", "thousands of digits"),
        ("title = " + "[" * 3000 + "]" * 3000, "nested too deep"),
        ("title = " + "{a = " * 3000, "nested too deep"),
        ("[limits]\nfile_bytes = 0x" + "f" * 6000, "limits.file_bytes"),
        ("[limits]\ndepth = 5000", "limits.depth"),
        ('[resolution]\nledger = "' + "x" * 5000 + '"', "too long"),
    ],
)
def test_wrong_settings_are_one_line(tmp_path: Path, settings: str, told: str) -> None:
    content = write_posts(tmp_path / "content", {"a.md": "x\n", "kg.toml": settings})
    with pytest.raises(KgError, match=re.escape(told)):
        kg.build(content)


@pytest.mark.parametrize("path", ["\0", "a\0b"])
def test_paths_with_a_nul_are_refused(path: str) -> None:
    with pytest.raises(ConfigError):
        kg.build(path)
    with pytest.raises(ConfigError):
        kg.build("content", config=path)


def test_brackets_of_patterns_mean_no_more_than_they_say(tmp_path: Path) -> None:
    content = write_posts(
        tmp_path / "content", {f"{name}.md": "x\n" for name in ("a", "b", "&", "[", "]", "-", "~", "c")}
    )
    write_posts(content, {"kg.toml": 'exclude = ["[&&[].md", "[]].md", "[--].md", "[!a-c~].md"]'})
    assert [post.path for post in kg.build(content).posts] == ["a.md", "b.md", "c.md", "~.md"]


def test_a_results_folder_is_left_out_whatever_its_name(tmp_path: Path) -> None:
    content = write_posts(tmp_path, {"a.md": "x\n", "out[z-a]/b.md": "x\n"})
    assert [post.path for post in kg.build(content, content / "out[z-a]", formats=["ttl"]).posts] == ["a.md"]


def test_mutated_posts_are_read(tmp_path: Path, shared: Path) -> None:
    """Posts of the hostile collections, cut and mixed at random; the seed is fixed."""
    sources = [p.read_bytes()[:4000] for p in sorted((shared / "badinput").rglob("*.md"))]
    dice = random.Random(13)
    bits = [
        value.encode()
        for value in (*NUMBERS.values(), "[" * 50, "{a: " * 50, "&a ", "*a", "\x1b]0;x\x07", "\x00", "---\n", "+++\n")
    ]
    reader = Reader(tmp_path, kg.Config())
    for _time in range(1500):
        data = bytearray(dice.choice(sources))
        for _change in range(dice.randrange(1, 5)):
            at = dice.randrange(len(data) + 1)
            if dice.random() < 0.5:
                data[at:at] = dice.choice(bits)
            else:
                del data[at : at + dice.randrange(1, 30)]
        post, diagnostics = reader.parse("a.md", bytes(data))
        assert post or diagnostics


@pytest.mark.parametrize("folder", ["badinput", "badinput2"])
def test_hostile_posts_in_every_format_and_report(tmp_path: Path, folder: str, shared: Path) -> None:
    content = shared / folder
    result = kg.build(content, tmp_path / "out", formats=exporters.names())
    found = checks.run(content, result.posts, result.knowledge_graph, result.diagnostics, result.config)
    for form in ("text", "github"):
        assert safe(text := reports.write(found, form, root="x/", version="0")) == text


ESC = (
    '---\ntitle: "a\\e]0;pwn\\a"\ntags: ["\\e[31m\\u202e\\x9b2J", "x"\n---\n[[no\x1b[31m]] \u202e\n\n'
    "**Term\x1b]0;pwn\x07** is a thing.\n"
)
COMMANDS = [
    ("build", "CONTENT", "-o", "OUT"), ("build", "CONTENT", "-o", "OUT", "--strict"),
    ("check", "CONTENT"), ("check", "CONTENT", "--format", "github"), ("check", "CONTENT", "--format", "sarif"),
    ("check", "CONTENT", "--format", "json"), ("glossary", "CONTENT"), ("stats", "CONTENT"),
    ("stats", "CONTENT", "--format", "json"), ("show", "a\x1b]0;pwn\x07", "CONTENT"), ("suggest", "CONTENT"),
    ("resolve", "CONTENT", "--list"), ("init", "CONTENT", "-o", "-"), ("explain", "\x1b[31m"),
    ("query", "--content", "CONTENT", "SELECT ?l { ?s rdfs:label|schema:headline|schema:name ?l }"), ("\x1b",),
]  # fmt: skip


def kg_process(*arguments: str | Path, shell: str = "", **options: object) -> subprocess.CompletedProcess[bytes]:
    line = ["bash", "-c", f'"$@" {shell}', "bash", sys.executable, "-m", "kg", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, timeout=60, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_lets_a_post_drive_the_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    files = {"a\x1b[31m.md": ESC, "b.md": "---\ntitle: b\n---\n" + ESC.partition("\n---\n")[2]}
    content = write_posts(tmp_path / "c\x1b]0;x\x07", files)
    places = {"CONTENT": str(content), "OUT": str(tmp_path / "out")}
    ended = running.kg(*(places.get(part, part) for part in command))
    printed = ended.stdout + ended.stderr
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|Traceback", printed), printed


def test_names_that_are_no_utf8_can_be_printed(tmp_path: Path) -> None:
    content = os.fsencode(tmp_path) + b"/c\xff"
    os.mkdir(content)  # noqa: PTH102
    with open(content + b"/\xfe.md", "wb") as file:  # noqa: PTH123
        file.write(b"---\ntags: [x\n---\n")
    for form in ("text", "json", "sarif", "github"):
        ended = kg_process("check", os.fsdecode(content), "--format", form)
        assert ended.returncode == 1
        assert b"Traceback" not in ended.stderr


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_posts(
        tmp_path_factory.mktemp("hostile") / "content",
        {f"p{n}.md": f"---\ntitle: t{n}\ntags: [t{n % 5}]\n---\n**T{n}** is a thing.\n" for n in range(70)},
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    ("shell", "status", "told"),
    [
        (">&-", 1, b"kg: cannot write to standard output: Bad file descriptor\n"),
        (">/dev/full", 1, b"kg: cannot write to standard output: No space left on device\n"),
        ("2>&-", 0, b""),
        ("2>/dev/full", 0, b""),
        (">&- 2>&- <&-", 1, b""),
        ("| head -c0; exit ${PIPESTATUS[0]}", 141, b""),
    ],
)
@pytest.mark.parametrize("command", ["stats", "export", "query"])
def test_standard_streams_that_are_no_use(posts: Path, command: str, shell: str, status: int, told: bytes) -> None:
    arguments = {
        "stats": ("stats", posts),
        "export": ("export", "nt", posts, "-o", "-", "-q"),
        "query": ("query", "--content", posts, "SELECT * { ?s ?p ?o }"),
    }[command]
    ended = kg_process(*arguments, shell=shell)
    assert (ended.returncode, ended.stderr) == (status, told)


def test_a_build_prints_nothing_to_a_closed_output(posts: Path, tmp_path: Path) -> None:
    ended = kg_process("build", posts, "-o", tmp_path / "out", "--format", "nt,csv", shell=">&- 2>&- <&-")
    assert ended.returncode == 0
    kg.build(posts, tmp_path / "other", formats=["nt", "csv"])
    for name in ("graph.nt", "nodes.csv", "edges.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_text_is_safe_where_the_machine_knows_ascii_only(tmp_path: Path) -> None:
    content = write_posts(tmp_path, {"a.md": '---\ntitle: 图\nx: "\\e[31m"\n---\n'})
    ended = kg_process("show", "图", content, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert ended.returncode == 0
    assert "图" in ended.stdout.decode()
    assert b"\x1b" not in ended.stdout


SLOW = """
import os, signal, sys, time
from kg import cli
{patch}
sys.argv = ["kg", "build", {content!r}, "-o", {output!r}, "--format", "nt", "--jobs", "2"]
cli.main()
"""


def test_ctrl_c_while_modules_are_imported(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    ended = kg_process("--help", env={**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"})
    assert (ended.returncode, ended.stderr) == (130, b"kg: stopped\n")


@pytest.mark.parametrize(
    ("patch", "status", "told"),
    [
        # Each process that reads is sent the signal alone, as by `kill -INT`: it is not for them.
        ("from kg.reading.posts import Reader; read = Reader.read\n"
         "Reader.read = lambda *a: (os.kill(os.getpid(), signal.SIGINT), read(*a))[1]", 0, None),
        # The process that the user sees is sent the signal while others read.
        ("from kg.reading.posts import Reader; read = Reader.read; parent = os.getpid()\n"
         "def once(*a):\n    try: os.mkdir(sys.argv[4] + '.sent')\n    except OSError: pass\n"
         "    else: os.kill(parent, signal.SIGINT)\n"
         "    return read(*a)\nReader.read = once", 130, "kg: stopped\n"),
        # In a destructor, where Python can raise nothing.
        ("class A:\n    def __del__(self): os.kill(os.getpid(), signal.SIGINT); time.sleep(0.1)\n"
         "from kg.pipeline import writing; write = writing.write\n"
         "writing.write = lambda *a, **b: (A(), write(*a, **b))[1]", 130, "kg: stopped\n"),
    ],
    ids=["in a worker", "while others work", "in a destructor"],
)  # fmt: skip
def test_ctrl_c(posts: Path, tmp_path: Path, patch: str, status: int, told: str | None) -> None:
    script = SLOW.format(patch=patch, content=str(posts), output=str(tmp_path / "out"))
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.returncode == status
    if told is not None:
        assert ended.stderr.lstrip("\n") == told
        assert not list((tmp_path / "out").rglob("*.new"))


@pytest.mark.parametrize("command", ["build", "serve"])
def test_ctrl_c_ends_what_waits(posts: Path, tmp_path: Path, command: str) -> None:
    line = [sys.executable, "-m", "kg", command, posts, "-o", tmp_path / "out"]
    line += ["--watch"] if command == "build" else ["--port", "0"]
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr
        for said in process.stderr:
            if "Ctrl-C ends" in said:
                break
        sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
        rest = process.stderr.read()
        assert process.wait(20) == (130 if command == "build" else 0)
    assert "Traceback" not in rest


def test_help_lists_every_command() -> None:
    listed = CliRunner().invoke(app, ["--help"])
    assert "build" in listed.output
    assert "glossary" in listed.output


def test_dialects_refuse_nothing_with_an_exception() -> None:
    for dialect in DIALECTS:
        for value in (*NUMBERS.values(), *NESTED.values()):
            dialect.parse(value, 1, Limits())
            dialect.parse(f"a: {value}", 1, Limits())
            dialect.parse(f"a = {value}", 1, Limits())
            dialect.parse(f'{{"a": {value}}}', 1, Limits())
