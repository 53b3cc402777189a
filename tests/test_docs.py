"""The documentation says what the code does: every command shown is run here, every table is what the code would write.

The transcripts (`tests.transcripts`) of one page run one after another in a folder that holds content/ and no kg.toml.
`--update-golden` writes the output of commands that print something else anew.
"""

from __future__ import annotations

import ast
import doctest
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from kg import config as settings
from kg.cli import app
from kg.commands import __path__ as commands_path
from kg.diagnostics import CODES
from kg.exporters import names as format_names
from kg.fields import FIELDS
from tests import running, transcripts
from tests.conftest import REPO, absent, program

if TYPE_CHECKING:
    from types import ModuleType

PAGES = [REPO / "README.md", *sorted((REPO / "docs").glob("*.md")), REPO / "CONTRIBUTING.md", REPO / "ARCHITECTURE.md"]
PAGES = [page for page in PAGES if page.is_file()]
_CODE_SPAN = re.compile(r"`[^`\n]+`")
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


EXAMPLES = [
    ".".join(path.relative_to(REPO).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((REPO / "kg").rglob("*.py"))
    if ">>> " in path.read_text("utf-8")
]
"""Modules with examples in their docstrings."""


def page_id(page: Path) -> str:
    return page.relative_to(REPO).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    return transcripts.blocks(page.read_text("utf-8"), language)


@pytest.mark.parametrize("module", EXAMPLES)
def test_examples_in_docstrings(module: str, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def command_names() -> list[str]:
    return app.list_commands(None)  # type: ignore[arg-type]


# Commands and what they print.


@pytest.mark.slow
@pytest.mark.parametrize("document", [page for page in PAGES if blocks(page, "console")], ids=page_id)
def test_commands_print_what_is_shown(document: Path, tmp_path: Path, update_golden: bool) -> None:
    for block in blocks(document, "console"):
        if "$ curl " in block:
            program("curl")
    shutil.copytree(REPO / "content", tmp_path / "content")
    page = document.read_text("utf-8")
    renewed, wrong = transcripts.replay(page, tmp_path)
    if update_golden and wrong:
        document.write_text(renewed, "utf-8")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("document", [page for page in PAGES if blocks(page, "pycon")], ids=page_id)
def test_python_prints_what_is_shown(document: Path, tmp_path: Path) -> None:
    shutil.copytree(REPO / "content", tmp_path / "content")
    assert running.kg("build", "-q", "--format", "graphml", cwd=tmp_path).returncode == 0
    source = "\n".join(blocks(document, "pycon"))
    script = (
        "import doctest, sys\n"
        "test = doctest.DocTestParser().get_doctest(sys.stdin.read(), {}, 'page', None, 0)\n"
        "sys.exit(doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=source.replace("…", "..."), cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONUTF8": "1"}, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def sparql_blocks() -> list[str]:
    return [block for page in PAGES for block in blocks(page, "sparql")]


@pytest.mark.slow
@pytest.mark.parametrize("query", sparql_blocks(), ids=lambda query: query.split()[1])
def test_queries_shown_have_answers(query: str) -> None:
    import kg
    from kg.stores import embedded

    graph = embedded.of_graph(kg.build(REPO / "content").knowledge_graph)
    assert list(graph.ask(query))  # type: ignore[arg-type]


@pytest.mark.parametrize("document", [page for page in PAGES if blocks(page, "toml")], ids=page_id)
def test_settings_shown_are_settings(document: Path, tmp_path: Path) -> None:
    for block in blocks(document, "toml"):
        (tmp_path / "kg.toml").write_text(block, "utf-8")
        settings.load(tmp_path / "kg.toml")


# The two commands a newcomer runs.


def first_block() -> list[str]:
    match = _FENCE.search((REPO / "README.md").read_text("utf-8"))
    assert match
    return match["text"].splitlines()


def test_the_first_block_holds_two_commands() -> None:
    build, test = first_block()
    assert "kg build" in build
    assert "pytest" in test


@pytest.mark.slow
def test_the_first_command_builds_the_graph_of_a_fresh_clone(tmp_path: Path) -> None:
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this Python has no pip, so the command cannot be followed to the letter")
    clone = tmp_path / "kg"
    tracked = (
        subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, check=True).stdout.decode().split("\0")
    )
    for name in filter(None, tracked):
        if (REPO / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPO / name, clone / name)
    done = subprocess.run(
        ["bash", "-c", first_block()[0]], cwd=clone, capture_output=True, text=True, timeout=600, check=False,
        env={**os.environ, "PIP_NO_COMPILE": "1"},  # compiling what is never imported takes half of the time
    )  # fmt: skip
    if "Could not find a version" in done.stderr or "NewConnectionError" in done.stderr:
        absent("a network that has the packages")
    assert done.returncode == 0, done.stderr
    for name in ("graph.ttl", "graph.graphml", "graph.html"):
        assert (clone / "output" / name).stat().st_size > 10_000


# Tables and lists.


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", REPO / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("document", sorted((REPO / "docs").glob("*.md")), ids=page_id)
def test_tables_are_what_the_code_writes(document: Path, generator: Any, update_golden: bool) -> None:
    text = document.read_text("utf-8")
    if update_golden:
        document.write_text(generator.renewed(text), "utf-8")
    assert generator.renewed(text) == text, "run `python docs/generate.py`"


def test_every_table_has_its_page(generator: Any) -> None:
    text = "".join(page.read_text("utf-8") for page in (REPO / "docs").glob("*.md"))
    assert [name for name in generator.TABLES if f"<!-- table: {name} -->" not in text] == []


def documentation(name: str) -> str:
    return (REPO / "docs" / name).read_text("utf-8")


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_documented(name: str) -> None:
    assert f"## `kg {name}`" in documentation("commands.md")
    assert f"kg {name}" in (REPO / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", format_names())
def test_every_format_is_documented(name: str) -> None:
    assert f"| `{name}` |" in documentation("formats.md")


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_documented(code: str) -> None:
    assert f"### {code}\n" in documentation("diagnostics.md")


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_documented(field: str) -> None:
    assert f"`{field}`" in documentation("fields.md")


def setting_names() -> list[str]:
    sections = [settings.Config, *(t for t in vars(settings).values() if _is_section(t) and t is not settings.Config)]
    return [
        f"{s.__name__}.{f.encode_name}" for s in sections for f in msgspec.structs.fields(s) if not _is_section(f.type)
    ]


def _is_section(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, settings.SettingsTable) and value is not settings.SettingsTable


@pytest.mark.parametrize("name", setting_names())
def test_every_setting_is_documented(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| .+? \| .+? \| (.*) \|$", documentation("settings.md"), re.MULTILINE)
    told = [meaning for setting, meaning in rows if setting == name.partition(".")[2]]
    assert told
    assert all(told), "give it a docstring in kg/config.py"


def test_links_between_pages_lead_somewhere() -> None:
    lost = [
        f"{page_id(page)}: {target}"
        for page in PAGES
        for target in re.findall(
            r"\]\(([^)\s#]+)[^)]*\)", _CODE_SPAN.sub("", transcripts.without_blocks(page.read_text("utf-8")))
        )
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not lost


# What CONTRIBUTING promises.


def named_blocks(page: str) -> dict[str, str]:
    """Blocks that begin with a comment that names their file."""
    found = {}
    for match in _FENCE.finditer((REPO / page).read_text("utf-8")):
        first = match["text"].partition("\n")[0]
        if name := re.fullmatch(r"# ([\w./-]+\.\w+)", first):
            found[name[1]] = match["text"].partition("\n")[2]
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, where it may be changed."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(REPO / "kg", folder / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPO / "content", folder / "content")
    return folder


def run_copy(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_new_format_is_one_new_file(copy: Path) -> None:
    files = {name: text for name, text in named_blocks("CONTRIBUTING.md").items() if name.startswith("kg/exporters/")}
    ((name, text),) = files.items()
    ast.parse(text)
    (copy / name).write_text(text, "utf-8")
    made = run_copy(copy, "export", Path(name).stem, "-o", "-")
    assert "Ada Lovelace" in made
    assert Path(name).stem in run_copy(copy, "export", "--list")


@pytest.mark.slow
def test_a_new_field_is_one_line_of_settings(copy: Path) -> None:
    text = named_blocks("CONTRIBUTING.md")["kg.toml"]
    fields = tomllib.loads(text)["fields"]
    assert len(fields) == 1
    assert len(text.strip().splitlines()) == 2  # its header, and the one line
    key = next(iter(fields))
    assert key not in FIELDS
    (copy / "content" / "kg.toml").write_text(text, "utf-8")
    (copy / "content" / "visit.md").write_text(f"---\ntitle: A visit\n{key}: [Mons, Brussels]\n---\n", "utf-8")
    turtle = run_copy(copy, "export", "ttl", "-o", "-")
    assert f"{fields[key]['kind']}:mons a {fields[key]['class']}" in turtle
    assert fields[key]["predicate"] in turtle


# Version and history.


def test_the_map_of_modules_is_complete() -> None:
    text = (REPO / "ARCHITECTURE.md").read_text("utf-8")
    modules = [p.stem for p in (REPO / "kg").iterdir() if p.name[0] != "_" and (p.is_dir() or p.suffix == ".py")]
    assert [name for name in modules if f"kg/{name}" not in text] == []


def test_commands_are_modules() -> None:
    assert command_names() == sorted(p.stem for p in Path(commands_path[0]).glob("[!_]*.py"))
