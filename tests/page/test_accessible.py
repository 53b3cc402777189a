"""No state of the page has a fault by WCAG 2.2 AA that axe (https://github.com/dequelabs/axe-core) finds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.page.test_scripts import tools

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open

__all__ = ["tools"]

OPEN_ALL = (
    "document.querySelectorAll('#panel details, #path details, #filters details').forEach((part) => part.open = true)"
)
HUB = "[...kg.graph.byWeight].find((node) => !kg.graph.isPost(node))"
STATES = {
    "the first view": "",
    "search": "kg.search.input.focus(), kg.search.input.value = 'a', kg.search.refresh()",
    "a thing": f"kg.search.close(), document.activeElement.blur(), kg.view.select({HUB}), {OPEN_ALL}",
    "why two things are linked": "document.querySelector('.why').click()",
    "a comparison": "document.querySelector('.compare input')?.focus()",
    "a neighbourhood": "document.activeElement.blur(), document.querySelector('#near').click()",
    "a post": f"kg.view.select([...kg.graph.kind].indexOf(kg.graph.post)), {OPEN_ALL}",
    "a region": f"kg.view.selectRegion(0), {OPEN_ALL}",
    "a set": f"kg.view.chooseSet({{ all: [{HUB}], any: [], none: [] }}), {OPEN_ALL}",
    "an area": "kg.view.chooseArea(kg.view.sight)",
    "a path": f"kg.view.select(-1), kg.paths.show(kg.graph.byWeight[3], kg.graph.byWeight[90]), {OPEN_ALL}",
    "filters": f"kg.paths.close(), kg.facets.toggle(true), {OPEN_ALL}",
    "the menu": "kg.facets.toggle(false), document.querySelector('#open-menu').click()",
    "the table": "document.querySelector('#open-menu').click(), document.querySelector('#open-table').click()",
    "help": "document.querySelector('#table-close').click(), document.querySelector('#open-help').click()",
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAULTS = f"""axe.run(document, {{ runOnly: {json.dumps(RULES)}, resultTypes: ['violations'] }})
  .then(({{ violations }}) => violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes[0].html}}`))"""


@pytest.mark.parametrize("phone", [False, True], ids=["a dark desk", "a phone"])
def test_axe_finds_nothing_in_any_state(tools: Path, content_page: Path, open_page: Open, phone: bool) -> None:
    options: dict[str, Any] = {"color_scheme": "light" if phone else "dark"}
    if phone:
        options |= {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    page = open_page(content_page, **options)
    page.ask((tools.parent / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = {}
    for state, way in STATES.items():
        page.ask(way or "0")
        if faults := page.ask(FAULTS):
            found[state] = faults
    assert found == {}
