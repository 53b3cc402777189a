"""The page in Firefox: what is clicked on is selected there, too."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.conftest import absent, program
from tests.page.test_scripts import tools

__all__ = ["tools"]
MOST = 8
"""Things that are clicked on at each zoom."""


def test_clicks_a_set_and_a_path_in_firefox(tools: Path, repo: Path, content_page: Path) -> None:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox") or absent("Firefox (Debian: firefox-esr)")
    script = Path(__file__).with_name("firefox.js")
    command = [program("node"), script, firefox, str(MOST), content_page.as_uri()]
    ended = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
