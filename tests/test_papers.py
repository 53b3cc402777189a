"""Working papers beside the posts of a site: what is doubtful in them is a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.config import Config
from kg.reading.folder import look
from tests.folders import checked, put, titled

if TYPE_CHECKING:
    from pathlib import Path

POSTS = {f"posts/{n}.md": titled(str(n)) for n in range(9)}
LOST = "[x](../logs/lost.md)\n"


def severities(folder: Path) -> set[str]:
    return {line.split("[")[0].split()[-1] for line in checked(folder, "--only", "KG301")}


def test_a_folder_without_front_matter_holds_no_posts(tmp_path: Path) -> None:
    put(tmp_path, POSTS | {"plans/a.md": LOST, "plans/old/b.md": "B.\n", "README.md": "Read me.\n"})
    assert look(tmp_path, Config()).site.papers == ("plans",)
    assert severities(tmp_path) == {"note"}


@pytest.mark.parametrize(
    "files",
    [
        {"plans/b.md": titled("B")},  # it holds a post
        {f"more/{n}.md": "Without.\n" for n in range(9)},  # as half of the posts
        {".obsidian/app.json": "{}"},
    ],
)
def test_other_folders_hold_posts(files: dict[str, str], tmp_path: Path) -> None:
    put(tmp_path, POSTS | {"plans/a.md": LOST} | files)
    assert look(tmp_path, Config()).site.papers == ()
