"""Faults that people reported of other tools in public, and that kg shall not have: one transcript each, in `issues/`.

Each names its report and holds posts of our own of the same shape. `--update-golden` writes what commands print anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import transcripts

ISSUES = sorted((Path(__file__).parent / "issues").glob("*.md"))


@pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.stem)
def test_issue(issue: Path, tmp_path: Path, update_golden: bool) -> None:
    renewed, wrong = transcripts.replay(issue.read_text("utf-8"), tmp_path)
    if update_golden and wrong:
        issue.write_text(renewed, "utf-8")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.stem)
def test_a_transcript_is_opened_by_its_report(issue: Path) -> None:
    first, _blank, report, *_rest = issue.read_text("utf-8").splitlines()
    assert first.startswith("# ")
    _owner, project, number = re.fullmatch(r"<https://github\.com/([\w.-]+)/([\w.-]+)/issues/(\d+)>", report).groups()  # type: ignore[union-attr]
    assert issue.stem == f"{project}-{number}"
