"""What people install: the wheel in an environment of its own, and the files that run `kg serve` as a service."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from kg.commands import serve
from tests.conftest import REPO, program


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "-w",
            folder,
            REPO,
        ],
        check=True,
    )
    (file,) = folder.iterdir()
    return file


@pytest.mark.slow
def test_a_wheel_holds_everything(wheel: Path) -> None:
    assert re.fullmatch(r"markdown_kg-\d+\.\d+\.\d+-py3-none-any\.whl", wheel.name)
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("kg/")}
    paths = [path for path in (REPO / "kg").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert held == {path.relative_to(REPO).as_posix() for path in paths}


@pytest.mark.slow
def test_a_wheel_runs_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    """With the libraries of this environment, so that nothing has to be fetched."""
    venv.create(tmp_path / "venv", with_pip=False)
    python, kg = (tmp_path / "venv" / "bin" / name for name in ("python", "kg"))
    if not python.exists():
        pytest.skip("an environment looks different here")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert Path(run(python, "-c", "import kg; print(kg.__file__)").strip()).is_relative_to(site)
    version = run(python, "-c", "from importlib.metadata import version; print(version('markdown-kg'))")
    assert run(kg, "--version") == f"kg {version}"
    run(kg, "build", REPO / "content", "--format", "ttl,html,shapes,ontology,pyvis")
    assert "Ada Lovelace" in run(kg, "query", "--run", "most-mentioned")
    assert "KG103" in run(kg, "explain", "KG103")
    run(kg, "init", REPO / "content", "--preset", "hugo", "-o", "-")


def test_the_service_of_systemd_is_well_formed(tmp_path: Path) -> None:
    unit = (REPO / "deploy" / "kg.service").read_text("utf-8")
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    _parses(shlex.split(command)[1:])
    copy = tmp_path / "kg.service"
    copy.write_text(unit.replace("/opt/kg/bin/kg", sys.executable), "utf-8")
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "kg.service" in line]) == (0, [])


def test_the_image_serves(repo: Path) -> None:
    text = (repo / "deploy" / "Dockerfile").read_text("utf-8")
    start, arguments = (json.loads(line) for line in re.findall(r"^(?:ENTRYPOINT|CMD) (.*)$", text, re.MULTILINE))
    _parses([*start, *arguments][1:])
    copied = " ".join(re.findall(r"^COPY (?!--)(.*) \S+$", text, re.MULTILINE)).split()
    assert all((repo / name).exists() for name in copied)


def _parses(arguments: list[str]) -> None:
    name, *rest = arguments
    assert name == "serve"
    serve.command.make_context("serve", rest, resilient_parsing=False).close()
