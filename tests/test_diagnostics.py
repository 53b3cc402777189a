"""Every code has an example: what is wrong gives that code at that place, what is right gives nothing.

Examples lie in `kg/diagnostics/examples/CODE.md`, where `kg explain` and docs/diagnostics.md take them from. A block
whose fence names a file is that file; `x-{01..30}.md` is thirty of them. After the name may stand `latin-1`, the
encoding it is written in, or `unreadable`. The block without a name holds what `kg check` says of the wrong files.
`--update-golden` writes it anew. That a post stands alone (KG414) is no fault of a small example.
"""

from __future__ import annotations

import builtins
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import kg
from kg import checks
from kg.diagnostics import CODES, diagnose, render
from kg.pipeline.build import configure

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(kg.__file__).parent / "diagnostics" / "examples"
_BLOCK = re.compile(r"^~~~\w+(?: (?P<name>\S+)(?: (?P<how>\S+))?)?\n(?P<text>.*?)^~~~$", re.MULTILINE | re.DOTALL)
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")


class File(NamedTuple):
    name: str
    text: str
    how: str


def files(part: str) -> Iterator[File]:
    for block in _BLOCK.finditer(part):
        if not (name := block["name"]):
            continue
        numbers = _RANGE.search(name)
        if numbers:
            first, last = numbers.groups()
            for number in range(int(first), int(last) + 1):
                yield File(_RANGE.sub(f"{number:0{len(first)}}", name), block["text"], "")
        else:
            yield File(name, block["text"], block["how"] or "")


def findings(folder: Path, part: str, code: str) -> list[str]:
    """What `kg check` prints of these files."""
    unreadable = []
    for file in files(part):
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.text.encode(file.how if file.how == "latin-1" else "utf-8"))
        if file.how == "unreadable":
            unreadable.append(file.name)
    real_open = open

    def refuse(path: Any, *arguments: Any, **more: Any) -> Any:  # for root may read everything
        if str(path).endswith(tuple(unreadable)):
            raise PermissionError(13, "Permission denied", path)
        return real_open(path, *arguments, **more)

    settings = configure(folder, None)
    with pytest.MonkeyPatch.context() as patch:
        if unreadable:
            patch.setattr(builtins, "open", refuse)
        result = kg.build(folder, config=settings, jobs=1)
        found = checks.run(folder, result.posts, result.knowledge_graph, result.diagnostics, settings)
    return [render(one) for one in found if one.code != "KG414" or code == "KG414"]


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code(code: str, tmp_path: Path, update_golden: bool) -> None:
    example = EXAMPLES / f"{code}.md"
    text = example.read_text("utf-8")
    wrong, right = text.split("\nRight:\n")
    (expected,) = [block["text"].splitlines() for block in _BLOCK.finditer(wrong) if not block["name"]]
    (tmp_path / "wrong").mkdir()
    (tmp_path / "right").mkdir()
    found = findings(tmp_path / "wrong", wrong, code)
    if update_golden and found != expected:
        printed = "".join(f"{line}\n" for line in found)
        before, after = wrong.split("~~~text\n")[0], text.split("\nRight:\n")[1]
        example.write_text(f"{before}~~~text\n{printed}~~~\n\nRight:\n{after}", "utf-8")
    assert found == expected
    assert found
    assert {re.findall(r"\[(KG\d+)\]: ", line)[0] for line in found} == {code}
    assert findings(tmp_path / "right", right, code) == []


def test_no_example_of_a_code_that_is_none() -> None:
    assert {path.stem for path in EXAMPLES.iterdir()} == set(CODES)


def test_a_finding_about_a_very_long_value_is_one_line_that_can_be_read() -> None:
    long = diagnose("a.md", 1, 1, "KG112", f"lang: '{'en-' * 9999}' is not a language tag; write zh, en-GB …").message
    assert long.startswith("lang: 'en-en-")
    assert long.endswith("is not a language tag; write zh, en-GB …")
    assert len(long) < 1000
