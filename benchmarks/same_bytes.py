"""Whether another revision writes the same bytes: for changes that must not change any output.

    python -m benchmarks.same_bytes REVISION [CONTENT …] [--format ttl,graphml]

Every CONTENT (content/ if none is given) is built from nothing by both revisions, each from a folder of its own, in all
formats that do not depend on it. What is compared: every file, what is printed, the exit status, and `kg check`.
The exit status is 1 where anything differs.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What one revision made of one folder."""

    files: dict[str, str]
    """Name of a file → SHA-256 of its bytes."""
    said: dict[str, str]
    """Command → its exit status, and what it printed."""


def check_out(revision: str, folder: Path) -> Path:
    """Lay out the tracked files of a revision in a folder."""
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def outcome(program: Path, content: Path, formats: str) -> Outcome:
    """Build and check a folder with one program."""
    with tempfile.TemporaryDirectory() as folder:
        said = {
            "build": _run(program, folder, "build", str(content), "-o", "output", "--format", formats),
            "check": _run(program, folder, "check", str(content)),
        }
        results = sorted(path for path in (Path(folder) / "output").iterdir() if path.is_file())
        return Outcome({path.name: sha256(path.read_bytes()).hexdigest() for path in results}, said)


def _run(program: Path, folder: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(program), "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "kg", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    return f"exit {ran.returncode}\n{ran.stdout}{ran.stderr}"


def differences(old: Outcome, new: Outcome) -> list[str]:
    """What differs, a line each."""
    files = sorted(old.files.keys() | new.files.keys())
    return [
        *(name for name in files if old.files.get(name) != new.files.get(name)),
        *(f"what kg {command} prints" for command in old.said if old.said[command] != new.said[command]),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision")
    parser.add_argument("content", nargs="*", type=Path, default=[ROOT / "content"])
    parser.add_argument("--format", default="ttl,nt,trig,nq,rdfxml,jsonld,graphml,gexf,csv,json,html,ontology,shapes")
    chosen = parser.parse_args()
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        old = check_out(chosen.revision, Path(folder))
        for content in chosen.content:
            before, after = (outcome(program, content.resolve(), chosen.format) for program in (old, ROOT))
            found = differences(before, after)
            print(
                f"{content}: {len(after.files)} files, " + (f"DIFFERENT: {', '.join(found)}" if found else "the same")
            )
            status |= bool(found)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
