"""The project's own habits, checked by the tools that know them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import kg

TOOLS = {
    "ruff finds nothing": ["ruff", "check", "."],
    "everything is formatted": ["ruff", "format", "--check", "."],
    "types are strict": ["mypy", "kg"],
    "imports go downward": ["lint-imports"],
}


@pytest.mark.slow
@pytest.mark.parametrize("command", TOOLS.values(), ids=TOOLS.keys())
def test_tool(command: list[str], repo: Path) -> None:
    program, *arguments = command
    found = Path(sys.executable).with_name(program)
    ended = subprocess.run([found, *arguments], cwd=repo, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]


def tracked(repo: Path) -> list[Path]:
    """The files of the project: those Git knows, or all of them in an unpacked archive."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=repo,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return [path for folder in ("kg", "content", "tests", "benchmarks") for path in (repo / folder).rglob("*")]
    return [repo / name for name in listed.stdout.decode().split("\0") if name and (repo / name).is_file()]


def test_no_absolute_path_and_no_registry_host(repo: Path) -> None:
    wrong = re.compile(
        r"(?<![\w./~-])/(?:w[o]rk|r[o]ot|h[o]me/\w+|Us[e]rs/\w+)/|pypi\.[o]rg|files\.pyth[o]nhosted|registry\.npmj[s]|deb\.debi[a]n"
    )
    found = []
    for path in tracked(repo):
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        found += [f"{path.relative_to(repo)}: {match[0]}" for match in wrong.finditer(text)]
    assert not found


def test_no_two_classes_share_a_name(repo: Path) -> None:
    names = Counter(
        name
        for path in (repo / "kg").rglob("*.py")
        for name in re.findall(r"^ *class (\w+)", path.read_text("utf-8"), re.MULTILINE)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_version_is_the_newest_of_the_changelog(repo: Path) -> None:
    newest = re.search(r"^## \[?(\d+\.\d+\.\d+)", (repo / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == kg.__version__


def test_what_users_install_is_permissive(repo: Path) -> None:
    """No GPL among the packages that `pip install markdown-kg` brings, with any of its extras."""
    from importlib.metadata import PackageNotFoundError, distribution

    def names(requirements: list[str] | None) -> set[str]:
        return {re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements or () if "extra ==" not in line}

    todo, seen = set(), set()
    project = tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {name: lines for name, lines in project["optional-dependencies"].items() if name != "dev"}
    for lines in (project["dependencies"], *extras.values()):
        todo |= names(lines)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform
        # A field of many lines is the text of a licence, with those of bundled run-time libraries, and not its name.
        licence = " ".join(
            [line for key in ("License-Expression", "License") if "\n" not in (line := found.metadata.get(key) or "")]
            + [line for line in found.metadata.get_all("Classifier") or () if line.startswith("License")]
        )
        assert not re.search(r"(?<!L)GPL|GNU General Public", licence), f"{name}: {licence[:200]}"
        todo |= names(found.requires)
    assert {"networkx", "pyarrow"} <= seen


def test_no_major_release_of_a_dependency_comes_unasked(repo: Path) -> None:
    project = tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {name: lines for name, lines in project["optional-dependencies"].items() if name != "dev"}
    lines = [line for some in (project["dependencies"], *extras.values()) for line in some]
    by_calendar = ("dask", "fsspec", "s3fs")  # whose releases are numbered by year and month
    assert [line for line in lines if "<" not in line and not line.startswith(by_calendar)] == []
