"""Fuzzing that coverage guides: no input makes the reader fail, hang, or eat the memory.

The seed is fixed and so is the number of runs: what passed once passes again, until the reader or the inputs change.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.fuzz.strategies import TRAPS

TARGET = Path(__file__).with_name("fuzz_reader.py")
RUNS = 8_000
SECONDS = 60
"""At most; a slow machine does not come to the end of the runs."""


@pytest.fixture
def inputs(repo: Path, tmp_path: Path) -> Path:
    """Posts of the project to begin with, each behind the byte that chooses its path."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    posts = [path for place in ("content", "tests/ecosystems") for path in (repo / place).rglob("*.md*")]
    for number, path in enumerate(sorted(posts)):
        (folder / f"{number:03}").write_bytes(bytes([number % 5]) + path.read_bytes()[:4000])
    return folder


def test_coverage_finds_no_input_that_breaks_the_reader(repo: Path, inputs: Path, tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        absent("atheris")
    words = tmp_path / "words"
    traps = ["".join(f"\\x{byte:02x}" for byte in trap.encode()) for trap in TRAPS if trap]
    words.write_text("".join(f'"{trap}"\n' for trap in traps))
    command = [
        sys.executable, str(TARGET), f"-runs={RUNS}", f"-max_total_time={SECONDS}", "-seed=6", "-max_len=4096",
        "-timeout=30", "-rss_limit_mb=2048", f"-dict={words}", f"-artifact_prefix={tmp_path}/", str(inputs),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(repo), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, errors="replace", env=environment, timeout=600
    )
    said = done.stderr + done.stdout
    broken = [path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(("crash-", "timeout-", "oom-"))]
    assert not broken, f"{broken[0]!r}\n{said[-3000:]}"
    assert done.returncode == 0, said[-3000:]
    assert "Done " in said, said[-3000:]
